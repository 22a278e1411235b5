/*
 * The parser and what reads its list, on any bytes: every byte belongs to an item, printing gives
 * the file back, spans lie inside, and what parsed parses again, also after edits. Check, lint,
 * stages, run effects and shell words must come back.
 */
#include <stdio.h>
#include <stdlib.h>

#include "base/pool.h"
#include "dockerfile/check.h"
#include "dockerfile/lex.h"
#include "dockerfile/stage.h"

int LLVMFuzzerTestOneInput(const unsigned char *data, size_t size);

#define MUST(holds)                                                                                \
    do {                                                                                           \
        if (!(holds)) {                                                                            \
            fprintf(stderr, "%s:%d: does not hold: %s\n", __FILE__, __LINE__, #holds);             \
            abort();                                                                               \
        }                                                                                          \
    } while (0)

static void check_spans(const struct df_item *it)
{
    const struct df_node *node = &it->node;
    MUST(node->keyword_raw.from <= node->keyword_raw.to && node->keyword_raw.to <= it->bytes.n);
    MUST(node->rest_raw.from <= node->rest_raw.to && node->rest_raw.to <= it->bytes.n);
    VEC_EACH (f, &node->flags)
        MUST(f->raw.from < f->raw.to && f->raw.to <= it->bytes.n);
    for (size_t at = 0; at <= node->rest.n && at < 64; at++)
        MUST(df_rest_raw(it, at) <= it->bytes.n);
}

static void check_items(const struct df_list *list)
{
    size_t at = 0, instructions = 0;
    unsigned line = 1;
    const struct df_item *prev = NULL;
    LIST_EACH (it, list) {
        MUST(it->source.from == at && it->source.to - at == it->bytes.n && it->bytes.n);
        MUST(it->prev == prev && it->line >= line && it->end_line >= it->line);
        if (it->kind == DF_INSTRUCTION) {
            MUST(it->ordinal == instructions++);
            check_spans(it);
        }
        at = it->source.to;
        line = it->line;
        prev = it;
    }
    MUST(at == list->source.n && list->last == prev && list->instructions == instructions);
}

static void check_stages(struct arena *a, struct df_list *list)
{
    struct stage_graph *g = stage_graph_new(a, list, NULL, NULL, NULL);
    VEC_EACH (s, &g->stages)
        VEC_EACH (step, &(*s)->steps)
            stage_run(g, step);
}

/* An edit in an accepted file leaves a file that is accepted, with the rest as it was. */
static void check_edits(struct arena *a, struct str source, unsigned seed)
{
    struct df_list *list, *again;
    struct df_error error;
    MUST(df_parse(a, source, &list, &error));
    size_t n = list->instructions;
    struct df_item *at = df_first(list);
    for (unsigned i = seed % n; i-- > 0;)
        at = df_next(at);
    for (struct df_item *it = at; it; it = df_next(it))
        if (it->open)
            return; /* the engine refuses to write behind such a line */
    df_insert_after(list, at, seed & 64 ? STR("why") : STR(""), STR("LABEL a=b"));
    df_insert_before(list, at, seed & 128 ? STR("why") : STR(""), STR("ARG C=d"));
    MUST(!list->broken);
    struct str now = df_print(list, a);
    MUST(df_parse(a, now, &again, &error));
    MUST(again->instructions == n + 2);
}

int LLVMFuzzerTestOneInput(const unsigned char *data, size_t size)
{
    struct arena a = {0};
    struct df_list *list;
    struct df_error error;
    struct str source = str_make((const char *)data, size);
    if (df_parse(&a, source, &list, &error)) {
        MUST(str_eq(df_print(list, &a), source));
        check_items(list);
        df_lint(list);
        if (df_check(list, &error)) {
            check_stages(&a, list);
            check_edits(&a, source, (unsigned)(size * 31 + data[size / 2]));
        } else {
            MUST(error.line && error.message && *error.message);
        }
    } else {
        MUST(error.line && error.message && *error.message);
    }
    arena_release(&a);
    return 0;
}
