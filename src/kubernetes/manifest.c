/*
 * Each document is a thing of its own: read, judged, changed and proven apart, so that one that is
 * refused does not keep the others from being changed. Only ports tie them together: when a
 * document with a part in a move is refused, all is done again without moving any.
 */
#include "kubernetes/manifest.h"

#include <stdlib.h>

#include "base/utf8.h"

/* ---- findings ------------------------------------------------------------------------------- */

static struct manifest_finding *find(struct manifest *m, const char *rule, enum ur_level level,
                                     const struct yplace *at, struct str message)
{
    struct manifest_finding *f = vec_push(m->arena, &m->findings);
    *f = (struct manifest_finding){
        .rule = rule, .level = level, .message = utf8_safe(m->arena, message, 1000), .doc = m->doc};
    f->line = yplace_line(at);
    f->column = yplace_column(at);
    return f;
}

static bool wanted(const struct manifest *m, const char *rule)
{
    return m->options->wanted(m->options->ctx, rule);
}

/* ---- reading -------------------------------------------------------------------------------- */

static bool is_json_patch(const struct ytree_node *root)
{
    return root->kind == YTREE_SEQUENCE && root->first && ytree_get(root->first, "op") &&
           ytree_get(root->first, "path");
}

static void read_doc(struct manifest *m, size_t index)
{
    struct manifest_doc *doc = vec_push(m->arena, &m->docs);
    const struct ytree_node *root = m->tree.docs.v[index].root;
    *doc = (struct manifest_doc){.edit = yedit_begin(m->arena, m->source, &m->tree, index)};
    if (is_json_patch(root)) {
        doc->left = "kustomize-patch";
        return;
    }
    doc->objects = workload_read(doc->edit, m->paths);
    if (doc->objects.too_many || yedit_is_exhausted(doc->edit))
        doc->left = "too-large";
    else if (!doc->objects.kubernetes)
        doc->left = "not-kubernetes";
    else if (template_in_doc(root))
        doc->left = "helm-template";
}

/* Nothing in the file is Kubernetes': the reason is the file's. */
static void sum_up(struct manifest *m)
{
    const char *left = "not-kubernetes";
    VEC_EACH (doc, &m->docs) {
        if (!doc->left)
            return;
        if (strcmp(doc->left, "not-kubernetes") != 0)
            left = doc->left;
    }
    m->left = left;
}

bool manifest_read(struct manifest *m, struct arena *a, struct str source,
                   const struct harden_options *options, const struct ur_images *images,
                   struct workload_paths paths)
{
    *m = (struct manifest){
        .arena = a, .source = source, .options = options, .images = images, .paths = paths};
    if (!ytree_parse(&m->tree, a, source)) {
        if (!template_in_text(source))
            return false;
        m->left = "helm-template";
        return true;
    }
    for (size_t i = 0; i < m->tree.docs.n; i++)
        read_doc(m, i);
    sum_up(m);
    return true;
}

/* ---- judging -------------------------------------------------------------------------------- */

static bool effective_bool(const struct pod *pod, const struct container *c, const char *key)
{
    struct yplace *own = yplace_get(yplace_get(c->place, "securityContext"), key);
    struct yplace *p = own ? own : yplace_get(yplace_get(pod->spec, "securityContext"), key);
    bool value = false;
    yplace_bool(p, &value);
    return value;
}

static bool effective_user(const struct pod *pod, const struct container *c, int64_t *user)
{
    struct yplace *own = yplace_get(yplace_get(c->place, "securityContext"), "runAsUser");
    struct yplace *of_pod = yplace_get(yplace_get(pod->spec, "securityContext"), "runAsUser");
    return yplace_int(own ? own : of_pod, user);
}

static void predict(struct manifest *m, struct manifest_pod *p, const struct container *in)
{
    struct manifest_container *c = vec_push(m->arena, &p->containers);
    struct ur_image image = {0};
    struct kubelet_context context = {.run_as_non_root =
                                          effective_bool(p->pod, in, "runAsNonRoot")};
    *c = (struct manifest_container){.in = in};
    context.has_user = effective_user(p->pod, in, &context.user);
    if (m->images && m->images->find && in->image.n)
        c->image_known = m->images->find(m->images->ctx, str_z(m->arena, in->image), &image) != 0;
    c->user_known = c->image_known && image.user;
    if (c->user_known)
        c->image_user = str_dup(m->arena, str_of(image.user));
    if (!p->pod->windows && !p->pod->windows_node)
        c->kubelet = kubelet_ask(m->arena, &context, c->user_known ? &c->image_user : NULL);
}

static void judge(struct manifest *m, struct manifest_doc *doc, struct manifest_object *o)
{
    o->first_pod = doc->pods.n;
    o->pod_count = o->object->pods.n;
    VEC_EACH (pod, &o->object->pods) {
        struct manifest_pod *p = vec_push(m->arena, &doc->pods);
        *p = (struct manifest_pod){.object = o->object, .pod = pod};
        p->violations = pss_evaluate(m->arena, pod, m->options->level);
        VEC_EACH (c, &pod->containers)
            predict(m, p, c);
    }
}

/* ---- findings of what was judged and noted -------------------------------------------------- */

/* The notes of an object, sorted by their place. */
struct told {
    struct harden_note **v;
    size_t n;
};

static int by_place(const void *x, const void *y)
{
    const struct harden_note *a = *(struct harden_note *const *)x;
    const struct harden_note *b = *(struct harden_note *const *)y;
    if (a->at != b->at)
        return (uintptr_t)a->at < (uintptr_t)b->at ? -1 : 1;
    return (a > b) - (a < b);
}

static struct told sort_notes(struct manifest *m, struct harden *h, size_t from)
{
    struct told t = {arena_alloc(m->arena, (h->notes.n - from + 1) * sizeof *t.v), 0};
    for (size_t i = from; i < h->notes.n; i++)
        t.v[t.n++] = &h->notes.v[i];
    if (t.n)
        qsort(t.v, t.n, sizeof *t.v, by_place);
    return t;
}

static size_t first_at(const struct told *t, const struct yplace *at)
{
    size_t from = 0, to = t->n;
    while (from < to) {
        size_t mid = from + (to - from) / 2;
        if ((uintptr_t)t->v[mid]->at < (uintptr_t)at)
            from = mid + 1;
        else
            to = mid;
    }
    return from;
}

/* Marks the notes of a violation's rule at a place; what can't be comes first. */
static void note_at(const struct told *t, const struct yplace *at, const char *rule,
                    const struct harden_note **found)
{
    for (size_t i = first_at(t, at); i < t->n && t->v[i]->at == at; i++) {
        if (strcmp(t->v[i]->rule, rule) != 0)
            continue;
        t->v[i]->told = true;
        if (!*found || (!t->v[i]->possible && (*found)->possible))
            *found = t->v[i];
    }
}

static void tell_violation(struct manifest *m, const struct told *t, struct pss_violation *v)
{
    const struct harden_note *n = NULL;
    struct manifest_finding *f =
        find(m, v->check->rule, UR_WARNING, v->at,
             str_fmt(m->arena, "%.*s %.*s", STR_ARG(v->field), STR_ARG(v->message)));
    v->finding = m->findings.n;
    note_at(t, v->at, v->check->rule, &n);
    if (v->at->up)
        note_at(t, v->at->up, v->check->rule, &n);
    if (!n)
        return;
    f->assumption = n->assumption;
    f->reason = n->reason;
    if (!n->possible)
        f->message = str_fmt(m->arena, "%.*s; %.*s", STR_ARG(f->message), STR_ARG(n->message));
}

static void tell_kubelet(struct manifest *m, struct manifest_pod *p)
{
    VEC_EACH (c, &p->containers) {
        if (c->kubelet.verdict != KUBELET_REFUSES || !wanted(m, "pod-start"))
            continue;
        find(m, "pod-start", UR_ERROR, c->in->place,
             str_fmt(m->arena,
                     "the kubelet will not start container '%.*s': " KUBELET_WAITING ": %.*s",
                     STR_ARG(c->in->name), STR_ARG(c->kubelet.message)));
        c->finding = m->findings.n;
    }
}

static void tell(struct manifest *m, struct manifest_doc *doc, struct manifest_object *o,
                 struct harden *h, size_t from)
{
    struct told t = sort_notes(m, h, from);
    for (size_t i = 0; i < o->pod_count; i++) {
        struct manifest_pod *p = &doc->pods.v[o->first_pod + i];
        VEC_EACH (v, &p->violations)
            if (wanted(m, v->check->rule))
                tell_violation(m, &t, v);
        tell_kubelet(m, p);
    }
    for (size_t i = from; i < h->notes.n; i++) {
        const struct harden_note *n = &h->notes.v[i];
        if (!n->message.n || n->told)
            continue;
        struct manifest_finding *f = find(m, n->rule, n->level, n->at, n->message);
        f->assumption = n->assumption;
        f->reason = n->reason;
        f->fixed = n->written;
    }
}

/* The read-only root is no check of the standards: what holds it up does not count. */
static void answer(struct manifest_object *o, const struct harden *h, size_t from)
{
    const char *review = NULL, *cannot = NULL;
    bool written = false;
    for (size_t i = from; i < h->notes.n; i++) {
        const struct harden_note *n = &h->notes.v[i];
        bool counts = n->written || strcmp(n->rule, "pod-read-only-root") != 0;
        written |= n->written;
        if (counts && !n->possible && !cannot)
            cannot = n->reason;
        if (counts && n->possible && n->reason && !review)
            review = n->reason;
    }
    o->reason = cannot ? cannot : review;
    if (cannot)
        o->answer = written || review ? UR_REVIEW : UR_REFUSED;
    else if (review)
        o->answer = UR_REVIEW;
    else
        o->answer = written ? UR_SAFE : UR_ALREADY;
}

/* ---- a document ----------------------------------------------------------------------------- */

static void leave(struct manifest *m, struct manifest_object *o, const char *reason,
                  const struct yplace *at, const char *why)
{
    o->answer = UR_REFUSED;
    o->reason = reason;
    find(m, "manifest", UR_NOTE, at,
         str_fmt(m->arena, "%.*s is left alone: %s", STR_ARG(object_title(m->arena, o->object)),
                 why))
        ->reason = reason;
}

static struct manifest_object *add_object(struct manifest *m, struct manifest_doc *doc,
                                          struct object *o)
{
    struct manifest_object *to = vec_push(m->arena, &doc->list);
    *to = (struct manifest_object){.object = o, .line = yplace_line(o->place)};
    to->first_pod = doc->pods.n;
    return to;
}

static void harden_doc(struct manifest *m, struct manifest_doc *doc, struct harden *h)
{
    VEC_EACH (object, &doc->objects.list) {
        struct manifest_object *o = add_object(m, doc, object);
        size_t from = h->notes.n;
        if (object->patch) {
            leave(m, o, "kustomize-patch", object->patch_at, object->patch);
            continue;
        }
        const struct yplace *odd = NULL;
        VEC_EACH (pod, &object->pods)
            odd = odd ? odd : pod_odd_field(pod);
        if (odd) {
            struct str field = yplace_path(m->arena, odd);
            leave(m, o, "invalid-manifest", odd,
                  str_fmt(m->arena, "%.*s is not what belongs there", STR_ARG(field)).p);
            continue;
        }
        judge(m, doc, o);
        harden_object(h, object);
        tell(m, doc, o, h, from);
        answer(o, h, from);
    }
}

static void follow_doc(struct manifest *m, struct manifest_doc *doc, struct harden *h)
{
    VEC_EACH (o, &doc->list) {
        size_t from = h->notes.n;
        if (o->answer == UR_REFUSED)
            continue;
        harden_follow(h, o->object, h->moved.v, h->moved.n);
        if (m->images)
            harden_follow(h, o->object, m->images->moved, m->images->moved_count);
        for (size_t i = from; i < h->notes.n; i++) {
            const struct harden_note *n = &h->notes.v[i];
            find(m, n->rule, n->level, n->at, n->message)->fixed = true;
            if (o->answer == UR_ALREADY)
                o->answer = UR_SAFE;
        }
    }
}

/* A document that can't be changed: nothing in it is fixed. */
static void refuse_doc(struct manifest *m, struct manifest_doc *doc)
{
    struct yedit *e = doc->edit;
    const char *reason = e->wrong_shared ? "shared-anchor" : "odd-yaml";
    VEC_EACH (o, &doc->list)
        if (o->answer != UR_ALREADY) {
            o->answer = UR_REFUSED;
            o->reason = reason;
        }
    struct manifest_finding *f =
        find(m, "manifest", UR_WARNING, e->root, str_fmt(m->arena, "left alone: %s", e->wrong));
    f->line = e->wrong_line;
    f->column = 1;
    f->reason = reason;
}

/* True when all documents could be changed. */
static bool end_all(struct manifest *m)
{
    bool all = true;
    for (m->doc = 0; m->doc < m->docs.n; m->doc++) {
        struct manifest_doc *doc = &m->docs.v[m->doc];
        if (doc->left || yedit_is_empty(doc->edit))
            continue;
        doc->refused = !yedit_end(doc->edit);
        if (doc->refused)
            refuse_doc(m, doc);
        all = all && !doc->refused;
        VEC_EACH (e, &doc->edit->edits)
            *vec_push(m->arena, &m->edits) = *e;
    }
    VEC_EACH (f, &m->findings)
        if (m->docs.v[f->doc].refused)
            f->fixed = false;
    return all;
}

static bool run(struct manifest *m, const struct harden_options *options)
{
    struct harden h = {.arena = m->arena, .options = options, .images = m->images};
    for (m->doc = 0; m->doc < m->docs.n; m->doc++)
        if (!m->docs.v[m->doc].left)
            harden_doc(m, &m->docs.v[m->doc], &h);
    for (m->doc = 0; m->doc < m->docs.n; m->doc++)
        if (!m->docs.v[m->doc].left)
            follow_doc(m, &m->docs.v[m->doc], &h);
    m->moved = h.moved;
    return end_all(m);
}

/* Ports stay, because a document with a part in their move can't be edited. */
static void tell_stay(struct manifest *m, const struct manifest *first)
{
    for (size_t i = 0; i < first->docs.n; i++) {
        const struct manifest_doc *refused = &first->docs.v[i];
        struct manifest_doc *doc = &m->docs.v[i];
        const char *reason = refused->edit->wrong_shared ? "shared-anchor" : "odd-yaml";
        if (!refused->refused || !wanted(m, "pod-ports"))
            continue;
        m->doc = i;
        struct manifest_finding *f =
            find(m, "pod-ports", UR_WARNING, doc->edit->root,
                 str_fmt(m->arena, "ports of the file stay, though they moved in images: %s",
                         refused->edit->wrong));
        f->line = refused->edit->wrong_line;
        f->column = 1;
        f->reason = reason;
        VEC_EACH (o, &doc->list)
            if (o->pod_count && o->answer < UR_REVIEW) {
                o->answer = UR_REVIEW;
                o->reason = reason;
            }
    }
}

void manifest_harden(struct manifest *m)
{
    struct harden_options still = *m->options;
    if (m->left || run(m, m->options) || !m->moved.n)
        return;
    struct manifest again;
    if (!manifest_read(&again, m->arena, m->source, m->options, m->images, m->paths))
        return;
    still.keep_ports = true;
    run(&again, &still);
    tell_stay(&again, m);
    *m = again;
}

/* ---- before and after ----------------------------------------------------------------------- */

static bool is_same(const struct pss_violation *x, const struct pss_violation *y)
{
    return x->check == y->check && str_eq(x->field, y->field);
}

static const char *compare_starts(struct manifest *m, const struct manifest_pod *was,
                                  const struct manifest_pod *now)
{
    if (was->containers.n != now->containers.n)
        return "a container is gone";
    for (size_t i = 0; i < was->containers.n; i++) {
        const struct manifest_container *c = &was->containers.v[i];
        bool refused = now->containers.v[i].kubelet.verdict == KUBELET_REFUSES;
        if (c->kubelet.verdict == KUBELET_STARTS && refused)
            return "the kubelet would refuse a container that it started before";
        if (c->finding && !refused)
            m->findings.v[c->finding - 1].fixed = true;
    }
    return NULL;
}

static const char *compare_pods(struct manifest *m, const struct manifest_pod *was,
                                const struct manifest_pod *now)
{
    size_t at = 0;
    VEC_EACH (v, &was->violations)
        if (at < now->violations.n && is_same(v, &now->violations.v[at]))
            at++;
        else if (v->finding)
            m->findings.v[v->finding - 1].fixed = true;
    if (at < now->violations.n)
        return str_fmt(m->arena, "it would violate %s where it did not before (%.*s)",
                       now->violations.v[at].check->id, STR_ARG(now->violations.v[at].field))
            .p;
    return compare_starts(m, was, now);
}

const char *manifest_compare(struct manifest *m, const struct manifest *after)
{
    if (m->docs.n != after->docs.n)
        return "the number of documents changed";
    for (size_t i = 0; i < m->docs.n; i++) {
        struct manifest_doc *was = &m->docs.v[i], *now = &after->docs.v[i];
        if (was->pods.n != now->pods.n)
            return "the number of pods changed";
        for (size_t j = 0; j < was->pods.n; j++) {
            const char *why = compare_pods(m, &was->pods.v[j], &now->pods.v[j]);
            if (why)
                return why;
        }
    }
    return NULL;
}
