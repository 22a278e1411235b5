/* bytes → documents → edits → gate → bytes, for Kubernetes manifests. Implements
 * ur_harden_manifest(). */
#include "engine/manifest.h"

#include <stdlib.h>

#include "base/utf8.h"
#include "engine/options.h"
#include "engine/result.h"
#include "engine/wanted.h"
#include "kubernetes/rule.h"

/* ---- the result ----------------------------------------------------------------------------- */

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

static void give_findings(struct ur_result *r, const struct manifest *m)
{
    struct ur_finding *list = arena_alloc(&r->arena, (m->findings.n + 1) * sizeof *list);
    size_t n = 0;
    VEC_EACH (f, &m->findings) {
        const struct rule *rule = rule_find(str_of(f->rule));
        list[n++] = (struct ur_finding){.rule = f->rule,
                                        .level = f->level,
                                        .line = f->line,
                                        .column = f->column,
                                        .end_line = f->line,
                                        .message = str_z(&r->arena, f->message),
                                        .assumption = f->assumption,
                                        .reason = f->reason,
                                        .refs = rule->refs,
                                        .fixed = f->fixed};
    }
    if (n)
        qsort(list, n, sizeof *list, compare);
    size_t kept = 0;
    for (size_t i = 0; i < n; i++)
        if (!kept || compare(&list[kept - 1], &list[i]) != 0)
            list[kept++] = list[i];
    r->outcome.findings = list;
    r->outcome.finding_count = kept;
}

/* The worst of its objects. */
static void sum_up(struct ur_result *r, const struct manifest *m)
{
    struct outcome *o = &r->outcome;
    o->answer = m->left ? UR_REFUSED : UR_ALREADY;
    o->reason = m->left;
    VEC_EACH (doc, &m->docs) {
        if (doc->left && strcmp(doc->left, "not-kubernetes") != 0 && o->answer != UR_REFUSED) {
            o->answer = UR_REFUSED;
            o->reason = doc->left;
        }
        VEC_EACH (object, &doc->list)
            if (object->answer > o->answer) {
                o->answer = object->answer;
                o->reason = object->reason;
            }
    }
}

static struct str patch_path(struct str path)
{
    while (str_starts(path, STR("/")))
        path = str_from(path, 1);
    return str_is(path, "-") || !path.n ? STR("manifest.yaml") : path;
}

/* The line of the document that a hunk belongs to that tells its kind. */
static struct str heading(void *ctx, size_t offset)
{
    const struct manifest *m = ctx;
    const struct object *found = NULL;
    VEC_EACH (doc, &m->docs) {
        if (m->tree.docs.v[doc - m->docs.v].span.from > offset)
            break;
        VEC_EACH (o, &doc->objects.list)
            if (o->place->written->span.from <= offset)
                found = o;
    }
    return found ? utf8_safe(m->arena, object_title(m->arena, found), 72) : STR("");
}

static void refuse_by_gate(struct ur_result *r, struct manifest *m, const char *why)
{
    VEC_EACH (f, &m->findings)
        f->fixed = false;
    give_findings(r, m);
    result_fail(r, UR_EGATE, "gate-refused", 0, 0,
                str_fmt(&r->arena,
                        "the change did not pass the gate and was thrown away: %s (please report "
                        "this)",
                        why)
                    .p);
}

/* Would the edited file be more than is taken? */
static bool outgrows(struct ur_result *r, struct str now)
{
    struct ytree t;
    return !ytree_parse(&t, &r->arena, now) && t.error.limit;
}

static void harden(struct ur_result *r, struct manifest *m)
{
    struct str now = r->source;
    manifest_harden(m);
    if (m->edits.n) {
        now = patch_apply(&r->arena, r->source, m->edits.v, m->edits.n);
        if (outgrows(r, now)) {
            result_fail(r, UR_ETOOBIG, "too-large", 0, 0,
                        "with the changes it would be more than is read as a manifest");
            return;
        }
        const char *why = manifest_gate(m, now);
        if (why) {
            refuse_by_gate(r, m, why);
            return;
        }
    }
    give_findings(r, m);
    sum_up(r, m);
    r->moved = m->moved.v;
    r->moved_count = m->moved.n;
    r->outcome.changed = !str_eq(now, r->source);
    r->bytes = now;
    struct patch p = {patch_path(r->outcome.path), r->source, m->edits.v, m->edits.n, heading, m};
    r->patch = patch_print(&r->arena, &p);
}

static void read(struct ur_result *r, const struct ur_images *images)
{
    struct manifest *m = arena_new(&r->arena, struct manifest);
    const struct settings *s = r->settings;
    struct workload_paths paths = {s->pod_paths.v, s->pod_paths.n};
    r->outcome.manifest = m;
    if (!manifest_read(m, &r->arena, r->source, wanted_options(r), images, paths)) {
        const struct ytree_error *e = &m->tree.error;
        result_fail(r, UR_EINPUT, "invalid-yaml", e->line, e->col,
                    utf8_safe(&r->arena, str_of(e->message), 400).p);
        return;
    }
    harden(r, m);
}

struct ur_result *ur_harden_manifest(const struct ur_options *options,
                                     const struct ur_images *images, const char *path,
                                     const void *bytes, size_t size)
{
    struct ur_result *r = result_new(options, path, bytes, size);
    r->outcome.kind = OUTCOME_MANIFEST;
    if (size > YTREE_SIZE_MAX)
        result_fail(r, UR_ETOOBIG, "too-large", 0, 0, "larger than 4 MiB: not read as a manifest");
    else
        read(r, images);
    return r;
}
