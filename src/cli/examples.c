/*
 * golden/RULE/CASE/ is built into the program. What a case comes to is not read from its want.*
 * files but made by the engine on the spot; that they agree is what the tests are for.
 */
#include "cli/examples.h"

#include <stdlib.h>

#include "base/vec.h"
#include "knowledge/templates.h"
#include "unroot.h"

enum { SHOWN = 3 };

struct example {
    struct str folder; /* "golden/nonroot-user/node/" */
    struct str input;
    bool special; /* it has options or facts of its own */
};

struct examples {
    struct arena *arena;
    VEC(struct example) list;
};

static struct str file_of(struct arena *a, const struct example *e, const char *name)
{
    const struct template *t = templates_find(str_cat(a, e->folder, str_of(name)));
    return t ? str_make(t->bytes, t->size) : STR("");
}

static int by_size(const void *x, const void *y)
{
    const struct example *a = x, *b = y;
    if (a->special != b->special)
        return a->special - b->special;
    if (a->input.n != b->input.n)
        return a->input.n < b->input.n ? -1 : 1;
    return str_cmp(a->folder, b->folder);
}

/* The cases whose path begins so; plain ones first, then the shortest. */
static struct examples find(struct arena *a, struct str prefix)
{
    struct examples es = {.arena = a};
    struct templates files = templates_each(prefix);
    struct str name = STR("Dockerfile");
    VEC_EACH (t, &files) {
        struct str path = str_of(t->path);
        if (!str_ends(path, STR("/Dockerfile")))
            continue;
        *vec_push(a, &es.list) =
            (struct example){str_sub(path, 0, path.n - name.n), str_make(t->bytes, t->size), false};
    }
    VEC_EACH (e, &es.list)
        e->special = file_of(a, e, "options").n > 0;
    if (es.list.n)
        qsort(es.list.v, es.list.n, sizeof *es.list.v, by_size);
    return es;
}

/* NULL when the case has options that can't be set here, as facts of its own. */
static struct ur_options *options_of(struct arena *a, const struct example *e)
{
    struct ur_options *o = ur_options_new();
    struct str rest = file_of(a, e, "options"), line, name;
    bool good = true;
    while (good && str_split(&rest, '\n', &line)) {
        if (!line.n)
            continue;
        str_split(&line, '=', &name);
        good = ur_options_set(o, str_z(a, name), str_z(a, line)) == UR_OK;
    }
    if (good && ur_options_seal(o) == UR_OK)
        return o;
    ur_options_free(o);
    return NULL;
}

static void add_indented(struct buf *b, struct str text)
{
    struct str line;
    if (str_ends(text, STR("\n")))
        text.n--;
    while (str_split(&text, '\n', &line))
        buf_addf(b, "    %.*s\n", STR_ARG(line));
}

static void add_title(struct buf *b, const struct example *e)
{
    struct str about = file_of(b->arena, e, "about"), title = STR("");
    str_split(&about, '\n', &title);
    buf_addf(b, "\nExample: %.*s.\n\n", STR_ARG(title));
}

/* Shows one if it is of the kind that is wanted: one that changes, or one with this reason. */
static bool add_one(struct buf *b, const struct example *e, struct str reason)
{
    struct ur_options *o = options_of(b->arena, e);
    if (!o)
        return false;
    struct ur_result *r = ur_rewrite(o, "Dockerfile", e->input.p, e->input.n);
    const char *code = ur_result_reason(r);
    size_t size;
    bool wanted = reason.n ? code && str_is(reason, code) && ur_result_status(r) == UR_OK
                           : ur_result_changed(r);
    if (wanted) {
        add_title(b, e);
        const char *text =
            reason.n ? ur_result_report(r, "text", &size) : ur_result_patch(r, &size);
        if (reason.n) {
            add_indented(b, e->input);
            buf_addz(b, "\n");
        }
        add_indented(b, str_make(text, size));
    }
    ur_result_free(r);
    ur_options_free(o);
    return wanted;
}

static void add_examples(struct buf *b, struct str prefix, struct str reason)
{
    struct examples es = find(b->arena, prefix);
    size_t shown = 0;
    for (size_t i = 0; i < es.list.n && shown < SHOWN; i++)
        shown += add_one(b, &es.list.v[i], reason);
}

void examples_of_rule(struct buf *b, const char *id)
{
    add_examples(b, str_fmt(b->arena, "golden/%s/", id), STR(""));
}

void examples_of_reason(struct buf *b, struct str code)
{
    add_examples(b, STR("golden/"), code);
}
