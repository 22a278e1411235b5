/*
 * Whether the fields of a pod that are read and written here are of the right kind: a mapping where
 * one belongs, a sequence of mappings where one belongs. No cluster takes a pod in which they are
 * not, and nothing could be put into it.
 */
#include "kubernetes/workload.h"

enum shape { SHAPE_SCALAR, SHAPE_MAP, SHAPE_LIST, SHAPE_MAPS };

struct field {
    const char *key;
    enum shape shape;
};

static const struct field of_pod[] = {
    {"securityContext", SHAPE_MAP},
    {"volumes", SHAPE_MAPS},
    {"containers", SHAPE_MAPS},
    {"initContainers", SHAPE_MAPS},
    {"ephemeralContainers", SHAPE_MAPS},
    {"hostNetwork", SHAPE_SCALAR},
    {"hostPID", SHAPE_SCALAR},
    {"hostIPC", SHAPE_SCALAR},
    {"hostUsers", SHAPE_SCALAR},
    {"automountServiceAccountToken", SHAPE_SCALAR},
    {NULL, SHAPE_SCALAR},
};

static const struct field of_container[] = {
    {"securityContext", SHAPE_MAP},
    {"ports", SHAPE_MAPS},
    {"volumeMounts", SHAPE_MAPS},
    {NULL, SHAPE_SCALAR},
};

static const struct field of_security[] = {
    {"capabilities", SHAPE_MAP},
    {"seccompProfile", SHAPE_MAP},
    {"appArmorProfile", SHAPE_MAP},
    {"seLinuxOptions", SHAPE_MAP},
    {"windowsOptions", SHAPE_MAP},
    {"sysctls", SHAPE_MAPS},
    {"privileged", SHAPE_SCALAR},
    {"allowPrivilegeEscalation", SHAPE_SCALAR},
    {"readOnlyRootFilesystem", SHAPE_SCALAR},
    {"runAsNonRoot", SHAPE_SCALAR},
    {"runAsUser", SHAPE_SCALAR},
    {"runAsGroup", SHAPE_SCALAR},
    {"fsGroup", SHAPE_SCALAR},
    {"procMount", SHAPE_SCALAR},
    {NULL, SHAPE_SCALAR},
};

static const struct field of_capabilities[] = {
    {"add", SHAPE_LIST},
    {"drop", SHAPE_LIST},
    {NULL, SHAPE_SCALAR},
};

static const struct field of_profile[] = {{"type", SHAPE_SCALAR}, {NULL, SHAPE_SCALAR}};
static const struct field of_options[] = {{"type", SHAPE_SCALAR},
                                          {"user", SHAPE_SCALAR},
                                          {"role", SHAPE_SCALAR},
                                          {"hostProcess", SHAPE_SCALAR},
                                          {NULL, SHAPE_SCALAR}};

static bool fits(struct yplace *p, enum shape shape)
{
    switch (shape) {
    case SHAPE_SCALAR:
        return p->node->kind == YTREE_SCALAR && p->node->style != YTREE_LITERAL &&
               p->node->style != YTREE_FOLDED;
    case SHAPE_MAP:
        return yplace_is_map(p);
    default:
        return yplace_is_list(p);
    }
}

static struct yplace *no_map_in(struct yplace *list)
{
    struct yplace_walk w = yplace_walk(list);
    for (struct yplace *p; (p = yplace_next(&w));)
        if (!yplace_is_map(p))
            return p;
    return NULL;
}

/* The first field of a mapping that is of the wrong kind. */
static struct yplace *odd_in(struct yplace *map, const struct field *fields)
{
    for (const struct field *f = fields; map && f->key; f++) {
        struct yplace *p = yplace_get(map, f->key);
        if (!p)
            continue;
        if (!fits(p, f->shape))
            return p;
        struct yplace *odd = f->shape == SHAPE_MAPS ? no_map_in(p) : NULL;
        if (odd)
            return odd;
    }
    return NULL;
}

static struct yplace *odd_security(struct yplace *p)
{
    struct yplace *security = yplace_get(p, "securityContext");
    struct yplace *odd = odd_in(security, of_security);
    if (!odd)
        odd = odd_in(yplace_get(security, "capabilities"), of_capabilities);
    if (!odd)
        odd = odd_in(yplace_get(security, "seccompProfile"), of_profile);
    if (!odd)
        odd = odd_in(yplace_get(security, "appArmorProfile"), of_profile);
    if (!odd)
        odd = odd_in(yplace_get(security, "seLinuxOptions"), of_options);
    return odd ? odd : odd_in(yplace_get(security, "windowsOptions"), of_options);
}

const struct yplace *pod_odd_field(const struct pod *pod)
{
    struct yplace *odd = odd_in(pod->spec, of_pod);
    if (!odd)
        odd = odd_security(pod->spec);
    VEC_EACH (c, &pod->containers) {
        if (!odd)
            odd = odd_in(c->place, of_container);
        if (!odd)
            odd = odd_security(c->place);
    }
    return odd;
}
