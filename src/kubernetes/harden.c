/*
 * First it is found out of each container who it runs as and what that rests on; then the parts do
 * theirs, each for one group of rules.
 */
#include "kubernetes/harden.h"

#include "base/utf8.h"

struct yplace *harden_security(struct yplace *p)
{
    return yplace_map(p, "securityContext");
}

bool harden_is_settable(const struct yplace *p)
{
    const struct ytree_node *n = p->written;
    return n && n->kind == YTREE_SCALAR && !n->tag.n && n->style != YTREE_LITERAL &&
           n->style != YTREE_FOLDED;
}

/* ---- notes ---------------------------------------------------------------------------------- */

struct harden_note *harden_note(struct harden *h, const char *rule, enum ur_level level,
                                const struct yplace *at, struct str message)
{
    struct harden_note *n = vec_push(h->arena, &h->notes);
    *n = (struct harden_note){
        .rule = rule, .level = level, .at = at, .message = message, .possible = true};
    return n;
}

bool harden_may(struct harden *h, const char *rule, const struct yplace *at, const char *assumption,
                const char *reason)
{
    if (!h->options->wanted(h->options->ctx, rule))
        return false;
    struct harden_note *n = harden_note(h, rule, UR_WARNING, at, STR(""));
    n->assumption = assumption;
    n->reason = assumption ? reason : NULL;
    n->written = !assumption || h->options->unsafe;
    return n->written;
}

bool harden_may_override(struct harden *h, const char *rule, const struct yplace *at)
{
    if (harden_is_settable(at))
        return harden_may(h, rule, at, "it works without what is set here", "set-on-purpose");
    harden_cannot(h, rule, at, "odd-yaml", STR("written in a way that is not replaced"));
    return false;
}

bool harden_may_remove(struct harden *h, const char *rule, const struct yplace *at)
{
    return harden_may(h, rule, at, "it works without what is set here", "set-on-purpose");
}

void harden_cannot(struct harden *h, const char *rule, const struct yplace *at, const char *reason,
                   struct str message)
{
    if (!h->options->wanted(h->options->ctx, rule))
        return;
    struct harden_note *n = harden_note(h, rule, UR_WARNING, at, message);
    n->reason = reason;
    n->possible = false;
}

/* ---- who a container runs as ---------------------------------------------------------------- */

static bool effective(struct harden *h, struct container *c, const char *key, int64_t *value)
{
    struct yplace *own = yplace_get(yplace_get(c->place, "securityContext"), key);
    struct yplace *p = own ? own : yplace_get(yplace_get(h->pod->spec, "securityContext"), key);
    return yplace_int(p, value);
}

/* What the kubelet says under runAsNonRoot, if no number is put beside it. */
static void ask_kubelet(struct harden *h, struct harden_container *c)
{
    struct kubelet_context context = {true, c->user_set, c->user};
    struct str user = str_of(c->image.user);
    bool numbered = c->image.uid > 0 && h->options->wanted(h->options->ctx, "pod-ids");
    if (h->pod->windows || h->pod->windows_node || (!c->user_set && numbered))
        return;
    struct kubelet_answer answer = kubelet_ask(h->arena, &context, c->image.user ? &user : NULL);
    if (answer.verdict != KUBELET_REFUSES)
        return;
    c->refusal = utf8_safe(h->arena, answer.message, 0).p;
    c->refusal_reason = answer.reason == KUBELET_USER_IS_ROOT    ? "set-on-purpose"
                        : answer.reason == KUBELET_IMAGE_IS_NAME ? "unproven-uid"
                                                                 : "root-image";
    c->assumption = "it works without privileges whoever it runs as";
    c->reason = c->refusal_reason;
}

static void judge(struct harden *h, struct harden_container *c)
{
    struct str name = utf8_safe(h->arena, c->in->image, 200);
    c->user_set = effective(h, c->in, "runAsUser", &c->user);
    c->group_set = effective(h, c->in, "runAsGroup", &c->group);
    if (c->user_set && c->user > 0)
        return; /* whatever the image says */
    c->reason = "unknown-image";
    if (!c->known || (!c->image.user && c->image.uid < 0))
        c->assumption =
            str_fmt(h->arena, "the image %.*s, of which nothing is known, runs as a non-root user",
                    STR_ARG(name))
                .p;
    else if (c->image.assumption)
        c->assumption = c->image.assumption;
    else
        c->reason = NULL;
    ask_kubelet(h, c);
}

static void look(struct harden *h, struct container *in)
{
    struct harden_container *c = vec_push(h->arena, &h->containers);
    *c = (struct harden_container){.in = in};
    if (h->images && h->images->find && in->image.n)
        c->known = h->images->find(h->images->ctx, str_z(h->arena, in->image), &c->image) != 0;
    if (!c->known)
        c->image = (struct ur_image){.uid = -1, .gid = -1};
}

/* ---- pods ----------------------------------------------------------------------------------- */

static void harden_token(struct harden *h)
{
    struct yplace *spec = h->pod->spec;
    if (!h->options->no_token || yplace_get(spec, "automountServiceAccountToken") ||
        !h->options->wanted(h->options->ctx, "pod-token"))
        return;
    harden_note(h, "pod-token", UR_WARNING, spec, STR("it gets a token for the cluster's API"))
        ->written = true;
    yplace_put(spec, "automountServiceAccountToken", yvalue_bool(h->arena, false));
}

/* What Windows does not know, and the API refuses where spec.os says windows. */
static bool has_linux_fields(struct yplace *security)
{
    static const char *const fields[] = {"seLinuxOptions",
                                         "seccompProfile",
                                         "appArmorProfile",
                                         "capabilities",
                                         "readOnlyRootFilesystem",
                                         "privileged",
                                         "allowPrivilegeEscalation",
                                         "procMount",
                                         "runAsUser",
                                         "runAsGroup",
                                         "fsGroup",
                                         "supplementalGroups",
                                         "sysctls",
                                         NULL};
    for (const char *const *f = fields; *f; f++)
        if (yplace_get(security, *f))
            return true;
    return false;
}

static bool is_for_linux(struct harden *h)
{
    struct yplace *spec = h->pod->spec;
    if (has_linux_fields(yplace_get(spec, "securityContext")) || yplace_get(spec, "hostPID") ||
        yplace_get(spec, "hostIPC") || yplace_get(spec, "shareProcessNamespace") ||
        yplace_get(spec, "os"))
        return true;
    VEC_EACH (c, &h->pod->containers)
        if (has_linux_fields(yplace_get(c->place, "securityContext")))
            return true;
    return false;
}

/* Its nodes are Windows', but the API does not know: Linux fields would be demanded of it. */
static bool tell_windows(struct harden *h)
{
    if (is_for_linux(h)) {
        harden_cannot(h, "pod-non-root", h->pod->spec, "windows-pod",
                      STR("its nodes are Windows', but it has fields of Linux: it is left alone"));
        return false;
    }
    if (!harden_may(h, "pod-non-root", h->pod->spec, "all its nodes are Windows'", "windows-pod"))
        return false;
    struct yvalue *os = yvalue_map(h->arena);
    yvalue_put(os, STR("name"), yvalue_text(h->arena, STR("windows")));
    yplace_put(h->pod->spec, "os", os);
    h->pod->windows = true;
    return true;
}

static void harden_pod(struct harden *h, struct pod *pod)
{
    h->pod = pod;
    h->containers = (harden_containers){0};
    h->names = NULL;
    VEC_EACH (c, &pod->containers)
        look(h, c);
    if (pod->windows_node && !tell_windows(h))
        return;
    harden_host(h);
    if (h->options->level == PSS_RESTRICTED && !pod->windows)
        harden_zero(h);
    VEC_EACH (c, &h->containers)
        judge(h, c);
    harden_ports(h);
    if (h->options->level == PSS_RESTRICTED) {
        harden_users(h);
        harden_seccomp(h);
        harden_privileges(h);
    }
    if (!pod->windows && h->options->level == PSS_RESTRICTED) {
        harden_read_only(h);
        harden_fs_group(h);
    }
    harden_token(h);
}

void harden_object(struct harden *h, struct object *o)
{
    h->object = o;
    harden_namespace(h);
    VEC_EACH (pod, &o->pods)
        harden_pod(h, pod);
}
