/*
 * bytes → documents → edits → gate → bytes, for Compose files. Implements ur_harden_compose(). A
 * document of which the anchors do not let everything be changed is tried a second time without the
 * services that have to do with them.
 */
#include "kubernetes/compose.h"

#include <stdlib.h>

#include "base/utf8.h"
#include "engine/options.h"
#include "engine/result.h"
#include "engine/wanted.h"
#include "kubernetes/rule.h"

struct work {
    const struct ur_options *all;
    struct ur_result *result;
    const struct harden_options *options;
    const struct ur_images *images;
    struct ytree tree;
    VEC(struct patch_edit) edits;
    VEC(struct ur_finding) findings;
    bool review, written, cannot;
    const char *reason;
};

/* ---- findings ------------------------------------------------------------------------------- */

static struct ur_finding *find(struct work *w, const char *rule, unsigned line, unsigned column,
                               struct str message)
{
    struct ur_finding *f = vec_push(&w->result->arena, &w->findings);
    *f = (struct ur_finding){.rule = rule,
                             .level = UR_WARNING,
                             .line = line,
                             .column = column,
                             .end_line = line,
                             .message = utf8_safe(&w->result->arena, message, 1000).p,
                             .refs = rule_find(str_of(rule))->refs};
    return f;
}

static void take_notes(struct work *w, const struct compose *c, bool made)
{
    VEC_EACH (n, &c->notes) {
        struct ur_finding *f =
            find(w, n->rule, yplace_line(n->at), yplace_column(n->at), n->message);
        f->assumption = n->assumption;
        f->reason = n->written && !made ? "shared-anchor" : n->reason;
        f->fixed = made && n->written;
        w->written |= n->written;
        w->review |= n->possible && n->reason;
        w->cannot |= !n->possible;
        if (n->reason && !w->reason && n->possible)
            w->reason = n->reason;
    }
}

static int compare(const void *x, const void *y)
{
    const struct ur_finding *a = x, *b = y;
    if (a->line != b->line)
        return a->line < b->line ? -1 : 1;
    if (a->column != b->column)
        return a->column < b->column ? -1 : 1;
    int c = strcmp(a->rule, b->rule);
    return c ? c : strcmp(a->message, b->message);
}

/* ---- a document ----------------------------------------------------------------------------- */

static struct compose attempt(struct work *w, size_t doc, bool skip_shared)
{
    struct arena *a = &w->result->arena;
    struct yedit *e = yedit_begin(a, w->result->source, &w->tree, doc);
    struct compose c = {.arena = a,
                        .options = w->options,
                        .images = w->images,
                        .root = yedit_root(e),
                        .skip_shared = skip_shared};
    compose_harden(&c);
    return c;
}

static bool finish(struct work *w, const struct compose *c)
{
    struct yedit *e = c->root->edit;
    if (!yedit_is_empty(e) && !yedit_end(e))
        return false;
    VEC_EACH (edit, &e->edits)
        *vec_push(&w->result->arena, &w->edits) = *edit;
    return true;
}

static void tell_left(struct work *w, const struct yedit *e)
{
    struct arena *a = &w->result->arena;
    find(w, "compose", e->wrong_line ? e->wrong_line : 1, 1,
         str_fmt(a, "services that share values are left alone: %s", e->wrong))
        ->reason = "shared-anchor";
}

static void one_document(struct work *w, size_t doc)
{
    if (!compose_is(w->tree.docs.v[doc].root))
        return;
    struct compose c = attempt(w, doc, false);
    if (finish(w, &c)) {
        take_notes(w, &c, true);
        return;
    }
    struct compose again = attempt(w, doc, true);
    bool made = finish(w, &again);
    tell_left(w, c.root->edit);
    w->cannot = true;
    take_notes(w, &again, made);
}

/* ---- the file ------------------------------------------------------------------------------- */

static void sum_up(struct work *w)
{
    struct outcome *o = &w->result->outcome;
    o->answer = w->review ? UR_REVIEW : w->written ? UR_SAFE : w->cannot ? UR_REVIEW : UR_ALREADY;
    o->reason = w->review ? w->reason : o->answer == UR_REVIEW ? "set-on-purpose" : NULL;
    if (w->findings.n)
        qsort(w->findings.v, w->findings.n, sizeof *w->findings.v, compare);
    o->findings = w->findings.v;
    o->finding_count = w->findings.n;
}

static void edit_all(struct work *w)
{
    w->edits.n = w->findings.n = 0;
    w->review = w->written = w->cannot = false;
    w->reason = NULL;
    for (size_t i = 0; i < w->tree.docs.n; i++)
        one_document(w, i);
}

/* What was written must be read as one again, and be left as it is. */
static const char *gate(struct work *w, struct str now)
{
    struct ur_result *r =
        result_new(w->all, str_z(&w->result->arena, w->result->outcome.path), now.p, now.n);
    struct work again = {.all = w->all, .result = r, .options = w->options, .images = w->images};
    const char *why = NULL;
    if (!ytree_parse(&again.tree, &r->arena, now))
        why = "the edited file could not be read any more";
    else
        edit_all(&again);
    if (!why && again.edits.n)
        why = "a second run would change it again";
    ur_result_free(r);
    return why;
}

static void make_patch(struct work *w, struct str now)
{
    struct ur_result *r = w->result;
    struct str path = r->outcome.path;
    while (str_starts(path, STR("/")))
        path = str_from(path, 1);
    if (str_is(path, "-") || !path.n)
        path = STR("compose.yaml");
    struct patch p = {path, r->source, w->edits.v, w->edits.n, NULL, NULL};
    r->bytes = now;
    r->outcome.changed = !str_eq(now, r->source);
    r->patch = patch_print(&r->arena, &p);
}

static void harden(struct work *w)
{
    struct ur_result *r = w->result;
    edit_all(w);
    if (w->edits.n) {
        struct str now = patch_apply(&r->arena, r->source, w->edits.v, w->edits.n);
        const char *why = gate(w, now);
        if (why) {
            result_fail(r, UR_EGATE, "gate-refused", 0, 0,
                        str_fmt(&r->arena,
                                "the change did not pass the gate and was thrown away: %s (please "
                                "report this)",
                                why)
                            .p);
            return;
        }
        make_patch(w, now);
    }
    sum_up(w);
}

static bool is_compose(const struct ytree *t)
{
    VEC_EACH (doc, &t->docs)
        if (compose_is(doc->root))
            return true;
    return false;
}

struct ur_result *ur_harden_compose(const struct ur_options *options,
                                    const struct ur_images *images, const char *path,
                                    const void *bytes, size_t size)
{
    struct ur_result *r = result_new(options, path, bytes, size);
    struct work w = {.all = options, .result = r, .images = images};
    r->outcome.kind = OUTCOME_COMPOSE;
    if (size > YTREE_SIZE_MAX) {
        result_fail(r, UR_ETOOBIG, "too-large", 0, 0, "larger than 4 MiB: not read as a manifest");
        return r;
    }
    w.options = wanted_options(r);
    if (!ytree_parse(&w.tree, &r->arena, r->source)) {
        const struct ytree_error *e = &w.tree.error;
        result_fail(r, UR_EINPUT, "invalid-yaml", e->line, e->col,
                    utf8_safe(&r->arena, str_of(e->message), 400).p);
    } else if (!is_compose(&w.tree)) {
        r->outcome.answer = UR_REFUSED;
        r->outcome.reason = "not-compose";
    } else {
        harden(&w);
    }
    return r;
}
