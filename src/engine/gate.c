/*
 * Walks both lists side by side. Between two old instructions the new file may have the
 * instructions declared for that place and nothing else; an old instruction has the same bytes, or
 * differs in just the way that was declared for it, or is gone if just that was declared; comment
 * lines are the old ones plus the declared ones.
 */
#include "engine/gate.h"

#include "dockerfile/check.h"
#include "dockerfile/lex.h"

struct gate {
    struct arena *arena;
    const struct delta *deltas;
    size_t n;
    const struct df_list *was, *now;
    const char *wrong;
};

static bool wrong(struct gate *g, const struct df_item *at, const char *what)
{
    if (!g->wrong)
        g->wrong = str_fmt(g->arena, "line %u: %s", at ? at->line : 0, what).p;
    return false;
}

/* ---- one instruction ------------------------------------------------------------------------ */

static bool same_heredocs(const struct df_node *x, const struct df_node *y)
{
    if (x->heredocs.n != y->heredocs.n)
        return false;
    for (size_t i = 0; i < x->heredocs.n; i++)
        if (!str_eq(x->heredocs.v[i].name, y->heredocs.v[i].name) ||
            !str_eq(x->heredocs.v[i].content, y->heredocs.v[i].content))
            return false;
    return true;
}

static bool is_port(struct str s)
{
    uint64_t port;
    return s.n && s.p[0] != '0' && str_to_u64(s, 65535, &port);
}

static bool is_digit_at(struct str s, size_t at)
{
    return at < s.n && s.p[at] >= '0' && s.p[at] <= '9';
}

/* One number in place of another one, and not in place of a part of it; or one where none was. */
static bool replaces_port(struct str rest, const struct delta *d)
{
    if (d->at > rest.n)
        return false;
    if (!d->old.n)
        return d->text.n && d->text.p[0] == ':' && is_port(str_from(d->text, 1)) &&
               !is_digit_at(rest, d->at) && (d->at == rest.n || rest.p[d->at] != ':');
    return is_port(d->old) && is_port(d->text) && str_starts(str_from(rest, d->at), d->old) &&
           !is_digit_at(rest, d->at + d->old.n) && !(d->at && is_digit_at(rest, d->at - 1));
}

/* What the logical text behind keyword and flags must be after the declared changes. */
static struct str expected_rest(struct gate *g, const struct df_item *old)
{
    struct str rest = old->node.rest;
    for (size_t i = 0; i < g->n; i++) {
        const struct delta *d = &g->deltas[i];
        if (d->ordinal != (long)old->ordinal)
            continue;
        if (d->kind == DELTA_ARGS)
            rest = d->text;
        else if (d->kind == DELTA_WORD)
            rest = str_cat(g->arena, str_cat(g->arena, str_sub(rest, 0, d->at), d->text),
                           str_from(rest, d->at));
        else if (d->kind == DELTA_PORT && !replaces_port(rest, d))
            return STR_NULL; /* the instruction has arguments, so this is none of them */
        else if (d->kind == DELTA_PORT)
            rest = str_cat(g->arena, str_cat(g->arena, str_sub(rest, 0, d->at), d->text),
                           str_from(rest, d->at + d->old.n));
    }
    return rest;
}

static const struct delta *flag_delta(const struct gate *g, const struct df_item *old,
                                      struct str name)
{
    const struct delta *found = NULL;
    for (size_t i = 0; i < g->n; i++)
        if (g->deltas[i].kind == DELTA_FLAG && g->deltas[i].ordinal == (long)old->ordinal &&
            str_is(name, g->deltas[i].name))
            found = &g->deltas[i];
    return found;
}

static struct str flag_name(struct str text)
{
    ptrdiff_t eq = str_chr(text, '=');
    return str_sub(text, 2, eq < 0 ? text.n : (size_t)eq);
}

static bool has_flag(const struct df_node *node, struct str name)
{
    VEC_EACH (f, &node->flags)
        if (str_eq(flag_name(f->text), name))
            return true;
    return false;
}

/* Every old flag is there, or declared to be another; every new one is old or declared. */
static bool same_flags(struct gate *g, const struct df_item *old, const struct df_item *now)
{
    size_t i = 0;
    VEC_EACH (f, &now->node.flags) {
        struct str name = flag_name(f->text);
        const struct delta *d = flag_delta(g, old, name);
        bool was = i < old->node.flags.n && str_eq(flag_name(old->node.flags.v[i].text), name);
        if (d) {
            struct str want = str_fmt(g->arena, "--%s=%.*s", d->name, STR_ARG(d->text));
            if (!str_eq(f->text, want) || (!was && has_flag(&old->node, name)))
                return false;
        } else if (!was || !str_eq(old->node.flags.v[i].text, f->text)) {
            return false;
        }
        i += was;
    }
    for (size_t d = 0; d < g->n; d++)
        if (g->deltas[d].kind == DELTA_FLAG && g->deltas[d].ordinal == (long)old->ordinal &&
            !has_flag(&now->node, str_of(g->deltas[d].name)))
            return false;
    return i == old->node.flags.n;
}

/* Declared to be gone, and nothing else. */
static bool is_removed(const struct gate *g, const struct df_item *old)
{
    bool removed = false, changed = false;
    for (size_t i = 0; i < g->n; i++) {
        const struct delta *d = &g->deltas[i];
        bool here = d->kind != DELTA_INSERT && d->ordinal == (long)old->ordinal;
        removed |= here && d->kind == DELTA_REMOVE;
        changed |= here && d->kind != DELTA_REMOVE;
    }
    return removed && !changed;
}

static bool is_declared(const struct gate *g, const struct df_item *old)
{
    for (size_t i = 0; i < g->n; i++)
        if (g->deltas[i].kind != DELTA_INSERT && g->deltas[i].ordinal == (long)old->ordinal)
            return true;
    return false;
}

/* The same bytes; a last line may have got a line end, or lost it to what was written behind it. */
static bool same_bytes(struct str x, struct str y)
{
    while (x.n && (x.p[x.n - 1] == '\n' || x.p[x.n - 1] == '\r'))
        x.n--;
    while (y.n && (y.p[y.n - 1] == '\n' || y.p[y.n - 1] == '\r'))
        y.n--;
    return str_eq(x, y);
}

static bool same_instruction(struct gate *g, const struct df_item *old, const struct df_item *now)
{
    if (!is_declared(g, old)) {
        bool last = !old->next;
        bool same = last ? same_bytes(old->bytes, now->bytes) : str_eq(old->bytes, now->bytes);
        return same || wrong(g, now, "an instruction changed that was not declared");
    }
    const struct df_node *x = &old->node, *y = &now->node;
    if (x->cmd != y->cmd || !str_eq(x->keyword, y->keyword) || x->json != y->json ||
        !same_heredocs(x, y))
        return wrong(g, now, "a declared change made another instruction of it");
    if (!same_flags(g, old, now))
        return wrong(g, now, "flags are not those that were declared");
    if (!str_eq(expected_rest(g, old), y->rest))
        return wrong(g, now, "arguments are not those that were declared");
    return true;
}

/* The declared instruction in the style of the file: keyword case, joined lines. */
static bool is_inserted(struct gate *g, const struct delta *d, const struct df_item *now)
{
    struct df_list *list;
    struct df_error error;
    struct str text = d->text;
    if (g->was->escape == '`') /* the declared text continues its lines as the file does */
        text = str_cat(g->arena, STR("# escape=`\n"), text);
    if (!df_parse(g->arena, text, &list, &error) || list->instructions != 1)
        return wrong(g, now, "a declared instruction does not parse");
    const struct df_node *want = &df_first(list)->node, *have = &now->node;
    bool same = want->cmd == have->cmd && have->flags.n == want->flags.n &&
                str_eq(want->rest, have->rest) && same_heredocs(want, have);
    for (size_t i = 0; same && i < want->flags.n; i++)
        same = str_eq(want->flags.v[i].text, have->flags.v[i].text);
    if (!same)
        return wrong(g, now, "an inserted instruction is not the declared one");
    return true;
}

/* ---- comments ------------------------------------------------------------------------------- */

typedef VEC(struct str) lines_vec;

/* Lines of the gaps between two instructions that are not blank. */
static void gap_lines(struct gate *g, const struct df_item *from, const struct df_item *to,
                      lines_vec *out)
{
    for (const struct df_item *it = from; it && it != to; it = it->next) {
        struct str rest = it->bytes, line;
        if (it->kind != DF_GAP)
            continue;
        while (str_split(&rest, '\n', &line))
            if (lex_trim(line).n)
                *vec_push(g->arena, out) = lex_trim(line);
    }
}

static bool is_declared_comment(const struct gate *g, struct str line, long ordinal)
{
    for (size_t i = 0; i < g->n; i++) {
        const struct delta *d = &g->deltas[i];
        bool here = d->kind == DELTA_INSERT ? d->ordinal == ordinal : d->ordinal == ordinal + 1;
        if (here && d->comment.n && str_starts(line, STR("# ")) &&
            str_eq(str_from(line, 2), d->comment))
            return true;
    }
    return false;
}

/* The comment lines that are declared to go with a removed instruction stand directly above it. */
static bool drop_comment(struct gate *g, const struct df_item *old, lines_vec *was)
{
    struct str text = STR(""), line;
    lines_vec gone = {0};
    for (size_t i = 0; i < g->n; i++)
        if (g->deltas[i].kind == DELTA_REMOVE && g->deltas[i].ordinal == (long)old->ordinal)
            text = g->deltas[i].text;
    while (str_split(&text, '\n', &line))
        if (lex_trim(line).n)
            *vec_push(g->arena, &gone) = lex_trim(line);
    for (size_t i = 0; i < gone.n; i++)
        if (gone.n > was->n || !str_eq(was->v[was->n - gone.n + i], gone.v[i]) ||
            !str_starts(gone.v[i], STR("#")))
            return wrong(g, old, "a comment is not where it was declared to go");
    was->n -= gone.n;
    return true;
}

/* The comments behind old instruction `ordinal` are still there, in their order. */
static bool same_comments(struct gate *g, const lines_vec *was, const lines_vec *now, long ordinal)
{
    size_t i = 0;
    VEC_EACH (line, now) {
        if (i < was->n && str_eq(was->v[i], *line))
            i++;
        else if (!is_declared_comment(g, *line, ordinal))
            return wrong(g, NULL, "a comment appeared that was not declared");
    }
    return i == was->n || wrong(g, NULL, "a comment was lost");
}

/* ---- the whole ------------------------------------------------------------------------------ */

static bool compare(struct gate *g)
{
    const struct df_item *old = df_first(g->was), *now = df_first(g->now);
    const struct df_item *old_from = g->was->first, *now_from = g->now->first;
    lines_vec was_lines = {0};
    for (long ordinal = -1;; ordinal++) {
        for (size_t i = 0; i < g->n; i++) {
            if (g->deltas[i].kind != DELTA_INSERT || g->deltas[i].ordinal != ordinal)
                continue;
            if (!now)
                return wrong(g, NULL, "a declared instruction is missing");
            if (!is_inserted(g, &g->deltas[i], now))
                return false;
            now = df_next(now);
        }
        lines_vec now_lines = {0};
        gap_lines(g, old_from, old, &was_lines);
        if (old && is_removed(g, old)) { /* what is around it is compared as one gap */
            if (!drop_comment(g, old, &was_lines))
                return false;
            old_from = old->next;
            old = df_next(old);
            continue;
        }
        gap_lines(g, now_from, now, &now_lines);
        if (!same_comments(g, &was_lines, &now_lines, ordinal))
            return false;
        was_lines.n = 0;
        if (!old || !now)
            return old == NULL && now == NULL
                       ? true
                       : wrong(g, now, "there is one instruction too many or too few");
        if (!same_instruction(g, old, now))
            return false;
        old_from = old->next;
        now_from = now->next;
        old = df_next(old);
        now = df_next(now);
    }
}

const char *gate_check(struct arena *a, const struct df_list *old, struct str bytes,
                       const struct delta *deltas, size_t n)
{
    struct gate g = {.arena = a, .deltas = deltas, .n = n, .was = old};
    struct df_list *now;
    struct df_error error;
    const char *rule;
    if (!df_parse(a, bytes, &now, &error) || !df_check(now, &error))
        return str_fmt(a, "line %u: %s", error.line, error.message).p;
    g.now = now;
    if (now->escape != old->escape || now->directives.n != old->directives.n)
        return "parser directives changed";
    if (!compare(&g))
        return g.wrong ? g.wrong : "it is not the old file with the declared changes";
    struct df_lint before = df_lint(old), after = df_lint(now);
    if (df_lint_worse(&before, &after, &rule))
        return str_fmt(a, "it would trip the build check %s", rule).p;
    return NULL;
}
