/*
 * The labels by which a namespace asks the admission controller for the Pod Security Standards. A
 * level that is there is raised, never lowered; a version that is there stays.
 */
#include "kubernetes/harden.h"

static const char rule[] = "namespace-labels";

static int strictness(struct str level)
{
    return str_is(level, "restricted") ? 2 : str_is(level, "baseline") ? 1 : 0;
}

static void label(struct harden *h, struct yplace *labels, const char *mode)
{
    struct arena *a = h->arena;
    const char *key = str_fmt(a, "pod-security.kubernetes.io/%s", mode).p;
    const char *version = str_fmt(a, "pod-security.kubernetes.io/%s-version", mode).p;
    struct str level = STR(""), want = str_of(h->options->label);
    struct yplace *set = yplace_get(labels, key);
    yplace_string(set, &level);
    if (set && (strictness(level) >= strictness(want) || !harden_is_settable(set)))
        return;
    harden_note(h, rule, UR_WARNING, h->object->place,
                set ? str_fmt(a, "%s: %s is raised to %s", mode, str_z(a, level), h->options->label)
                    : str_fmt(a, "%s: %s is asked for", mode, h->options->label))
        ->written = true;
    if (set)
        yplace_set(set, yvalue_text(a, want));
    else
        yplace_put(labels, key, yvalue_text(a, want));
    if (!yplace_get(labels, version))
        yplace_put(labels, version, yvalue_text(a, str_of(h->options->label_version)));
}

void harden_namespace(struct harden *h)
{
    static const char *const modes[] = {"enforce", "audit", "warn"};
    struct object *o = h->object;
    if (!h->options->label || !str_is(o->kind, "Namespace") || !str_is(o->api, "v1") ||
        !h->options->wanted(h->options->ctx, rule))
        return;
    struct yplace *labels = yplace_map(yplace_map(o->place, "metadata"), "labels");
    for (size_t i = 0; labels && i < sizeof modes / sizeof *modes; i++)
        label(h, labels, modes[i]);
}
