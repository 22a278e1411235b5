/*
 * bytes → list → passes → gate → bytes. Implements ur_rewrite_in(). The passes run a second time
 * over what they made: a rewrite that would be rewritten again is not let through.
 */
#include <stdlib.h>

#include "base/bug.h"
#include "base/utf8.h"
#include "dockerfile/check.h"
#include "engine/gate.h"
#include "engine/export.h"
#include "engine/options.h"
#include "engine/registry.h"
#include "engine/result.h"
#include "text/patch.h"
#include "unit/locate.h"

/* A Dockerfile is a few kilobytes; BuildKit itself stops at 2 MiB over its API for remote contexts.
 */
enum { SIZE_MAX_INPUT = 4 << 20, INSTRUCTIONS_MAX = 3000 };

/* ---- failing -------------------------------------------------------------------------------- */

static void fail_parse(struct ur_result *r, const struct df_error *e)
{
    const char *message = utf8_safe(&r->arena, str_of(e->message), 400).p;
    result_fail(r, UR_EINPUT, "invalid-dockerfile", e->line, e->column ? e->column : 1,
                str_fmt(&r->arena, "%s; BuildKit refuses this file, correct it first", message).p);
}

/* ---- passes --------------------------------------------------------------------------------- */

/* A pass that is not wanted still decides who runs, because answers rest on that; it says and
 * changes nothing. */
static void run_pass(struct unit *u, const struct pass *p)
{
    size_t before = u->findings.n;
    u->rule = p->id;
    u->refs = p->refs;
    u->silent = !settings_selected(u->settings, p->id);
    if (u->silent && p->phase != PASS_IDENTITY)
        return;
    p->run(u);
    if (u->silent)
        u->findings.n = before;
}

static void run_passes(struct unit *u)
{
    for (int phase = 0; phase <= PASS_LAST; phase++)
        for (size_t i = 0; i < pass_count; i++)
            if ((int)pass_registry[i]->phase == phase)
                run_pass(u, pass_registry[i]);
}

static struct unit *parse(struct arena *a, const struct settings *s, struct str path,
                          struct str source, const struct ur_build *build, struct df_error *error)
{
    struct df_list *list;
    if (!df_parse(a, source, &list, error) || !df_check(list, error))
        return NULL;
    if (list->instructions > INSTRUCTIONS_MAX) {
        *error = (struct df_error){0, 0, "more instructions than this program takes"};
        return NULL;
    }
    struct unit *u = unit_new(a, s, path, list, build);
    if (u->graph->wrong) {
        *error = (struct df_error){u->graph->wrong->line, 1, u->graph->message};
        return NULL;
    }
    if (u->graph->too_large) {
        *error = (struct df_error){0, 0, "more stages or variables than this program takes"};
        return NULL;
    }
    return u;
}

/* ---- the gate ------------------------------------------------------------------------------- */

static const char *stable(struct ur_result *r, struct unit *u, struct str now)
{
    struct df_error error;
    struct unit *again = parse(&r->arena, r->settings, r->outcome.path, now, u->build, &error);
    if (!again)
        return error.message;
    if (u->context)
        again->context = context_again(&r->arena, u->context);
    run_passes(again);
    if (again->file_edits.n)
        return str_fmt(&r->arena, "a second run would change '%.*s' again (%s)",
                       STR_ARG(again->file_edits.v[0].path), again->file_edits.v[0].rule)
            .p;
    r->after = again;
    if (again->deltas.n)
        return str_fmt(&r->arena, "a second run would change it again (%s)",
                       again->deltas.v[0].rule)
            .p;
    for (size_t i = 0; i < r->outcome.unit->graph->stages.n; i++) {
        const struct plan *before = &r->outcome.unit->plans[i], *after = &again->plans[i];
        if (before->written && after->answer != UR_ALREADY)
            return "the rewritten stage does not end as a numeric non-root user";
    }
    return NULL;
}

static const char *gate(struct ur_result *r, struct unit *u, struct str now)
{
    struct df_list *old;
    struct df_error error;
    if (u->list->broken)
        return u->list->broken;
    if (!df_parse(&r->arena, r->source, &old, &error))
        BUG("a file that parsed does not parse");
    const char *why = gate_check(&r->arena, old, now, u->deltas.v, u->deltas.n);
    return why ? why : stable(r, u, now);
}

/* ---- the patch ------------------------------------------------------------------------------ */

typedef VEC(struct patch_edit) edits_vec;

static void add_edit(struct unit *u, edits_vec *edits, size_t from, size_t to, struct str with)
{
    *vec_push(u->arena, edits) = (struct patch_edit){span_make(from, to), with};
}

/* What the items say they were and are, as edits of the source. */
static void list_edits(struct unit *u, edits_vec *edits)
{
    size_t at = 0;
    LIST_EACH (it, u->list) {
        if (it->change == DF_INSERTED || it->source.from < at) {
            add_edit(u, edits, at, at, it->bytes);
            continue;
        }
        if (it->source.from > at)
            add_edit(u, edits, at, it->source.from, STR(""));
        if (it->change == DF_EDITED)
            add_edit(u, edits, it->source.from, it->source.to, it->bytes);
        at = it->source.to;
    }
    if (at < u->list->source.n)
        add_edit(u, edits, at, u->list->source.n, STR(""));
}

/* The FROM line that a hunk belongs to. */
static struct str stage_heading(void *ctx, size_t offset)
{
    const struct unit *u = ctx;
    struct str found = STR("");
    VEC_EACH (s, &u->graph->stages)
        if ((*s)->from->source.from < offset)
            found = (*s)->from->node.original;
    struct buf b = buf_in(u->arena);
    for (size_t i = 0; i < found.n && i < 72; i++)
        buf_addc(&b, str_is_blank(found.p[i]) ? ' ' : found.p[i]);
    return utf8_safe(u->arena, buf_str(&b), 0);
}

/* The name in the patch: what `git apply` takes. Standard input has none of its own. */
static struct str patch_path(struct str path)
{
    while (str_starts(path, STR("/")))
        path = str_from(path, 1);
    return str_is(path, "-") || !path.n ? STR("Dockerfile") : path;
}

static void make_patch(struct ur_result *r, struct unit *u)
{
    edits_vec edits = {0};
    list_edits(u, &edits);
    struct patch p = {patch_path(r->outcome.path), r->source, edits.v, edits.n, stage_heading, u};
    r->patch = str_cat(&r->arena, patch_print(&r->arena, &p), changes_patch(&r->arena, &r->files));
}

/* ---- the result ----------------------------------------------------------------------------- */

/* The file's answer is the worst of its shipped stages. */
static void sum_up(struct outcome *o, const struct unit *u)
{
    o->answer = UR_ALREADY;
    bool any = false;
    for (size_t i = 0; i < u->graph->stages.n; i++) {
        const struct plan *p = &u->plans[i];
        if (!p->shipped || (any && p->answer <= o->answer))
            continue;
        any = true;
        o->answer = p->answer;
        o->reason = p->reason;
    }
    if (!any) {
        o->answer = UR_REFUSED;
        o->reason = "no-such-target";
    }
    o->findings = u->findings.v;
    o->finding_count = u->findings.n;
}

static int compare_findings(const void *x, const void *y)
{
    const struct ur_finding *a = x, *b = y;
    if (a->line != b->line)
        return a->line < b->line ? -1 : 1;
    if (a->column != b->column)
        return a->column < b->column ? -1 : 1;
    int c = strcmp(a->rule, b->rule);
    return c ? c : strcmp(a->message, b->message);
}

/* Sorted, each once: two stages may have the same to say of a common parent. */
static void order_findings(struct unit *u)
{
    size_t kept = 0;
    if (!u->findings.n)
        return;
    qsort(u->findings.v, u->findings.n, sizeof *u->findings.v, compare_findings);
    for (size_t i = 0; i < u->findings.n; i++)
        if (!kept || compare_findings(&u->findings.v[kept - 1], &u->findings.v[i]) != 0)
            u->findings.v[kept++] = u->findings.v[i];
    u->findings.n = kept;
}

static void refuse_by_gate(struct ur_result *r, struct unit *u, const char *why)
{
    VEC_EACH (f, &u->findings)
        f->fixed = 0;
    u->rule = "gate-refused";
    u->refs = "";
    unit_find(u, UR_ERROR, NULL, "the rewrite was not let through: %s", why)->reason =
        "gate-refused";
    result_fail(
        r, UR_EGATE, "gate-refused", 0, 0,
        str_fmt(&r->arena,
                "the rewrite did not pass the gate and was thrown away: %s (please report this)",
                why)
            .p);
    r->outcome.findings = u->findings.v;
    r->outcome.finding_count = u->findings.n;
}

/* The first context that has what COPY names. */
static void take_context(struct ur_result *r, struct unit *u)
{
    size_t n = u->build && locate_is_needed(u) ? u->build->context_count : 0;
    for (size_t i = 0; i < n && !u->context; i++) {
        const struct ur_context *contexts = u->build->contexts;
        struct str prefix = str_of(contexts[i].prefix), path = r->outcome.path;
        bool inside = str_starts(path, prefix) && path.n > prefix.n;
        struct context *c =
            context_new(&r->arena, &contexts[i], inside ? str_from(path, prefix.n) : STR(""));
        if (!locate_fits(u, c))
            continue;
        u->context = c;
        r->context = (int)i;
    }
}

static void rewrite(struct ur_result *r, const struct ur_build *build)
{
    struct df_error error;
    struct unit *u = parse(&r->arena, r->settings, r->outcome.path, r->source, build, &error);
    if (!u) {
        if (error.line)
            fail_parse(r, &error);
        else
            result_fail(r, UR_ETOOBIG, "too-large", 0, 0, error.message);
        return;
    }
    r->outcome.unit = u;
    take_context(r, u);
    run_passes(u);
    sum_up(&r->outcome, u);
    if (u->deltas.n || u->file_edits.n) {
        struct str now = df_print(u->list, &r->arena);
        const char *why = changes_make(u, &r->files);
        if (!why)
            why = gate(r, u, now);
        if (why) {
            refuse_by_gate(r, u, why);
            return;
        }
        r->bytes = now;
        r->outcome.files = r->files.v;
        r->outcome.file_count = r->files.n;
        r->outcome.changed = !str_eq(now, r->source) || r->files.n;
        make_patch(r, u);
    }
    order_findings(u);
    r->outcome.findings = u->findings.v;
    r->outcome.finding_count = u->findings.n;
    if (build && build->images)
        export_images(u, r->after ? r->after : u, &r->images);
}

struct ur_result *ur_rewrite(const struct ur_options *options, const char *path, const void *bytes,
                             size_t size)
{
    return ur_rewrite_in(options, NULL, path, bytes, size);
}

struct ur_result *ur_rewrite_in(const struct ur_options *options, const struct ur_build *build,
                                const char *path, const void *bytes, size_t size)
{
    struct ur_result *r = result_new(options, path, bytes, size);
    if (size > SIZE_MAX_INPUT)
        result_fail(r, UR_ETOOBIG, "too-large", 0, 0,
                    "larger than 4 MiB: not read as a Dockerfile");
    else
        rewrite(r, build);
    return r;
}
