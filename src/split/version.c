/*
 * Which version of a runtime the author's stage has: by the tag of its image, or by the package
 * that was installed. Patterns are the data's own, one of a few, used once a stage.
 */
#include "base/bug.h"
#include "base/rx.h"
#include "split/split.h"

static struct str first_group(struct split *sp, struct str pattern, struct str subject)
{
    char why[200];
    struct rx_match m;
    struct str found = STR("");
    struct rx *rx = rx_compile(pattern.p, pattern.n, RX_USER | RX_SHORT, why, sizeof why);
    if (!rx)
        BUG("%.*s: %s", STR_ARG(pattern), why);
    if (rx_match(rx, subject, &m) == RX_YES && m.n > 1 && m.group[1].p)
        found = str_dup(sp->u->arena, m.group[1]);
    rx_free(rx);
    return found;
}

static struct str of_image(struct split *sp, const struct distroless_origin *o)
{
    const struct stage *root = stage_root(sp->s);
    bool same = false;
    VEC_EACH (name, &o->images)
        same |= str_eq(*name, root->image.repository);
    if (!same)
        return STR("");
    struct str tag = root->image.tag;
    struct str found = first_group(sp, o->version, tag.n ? tag : STR("latest"));
    if (!found.n && (!tag.n || str_is(tag, "latest")))
        return o->latest;
    return found;
}

static struct str of_packages(struct split *sp, const struct distroless_origin *o)
{
    for (struct stage *s = sp->s; s; s = s->parent)
        VEC_EACH (step, &s->steps) {
            const struct run_effects *run = stage_run(sp->u->graph, step);
            for (size_t i = 0; run && i < run->effects.n; i++)
                VEC_EACH (w, &run->effects.v[i].operands)
                    if (run->effects.v[i].kind == RUN_PACKAGES && w->value.n < 100 &&
                        distroless_lists(&o->packages, w->value))
                        return first_group(sp, o->version, w->value);
        }
    return STR("");
}

struct str split_version(struct split *sp)
{
    struct str found = STR("");
    VEC_EACH (o, &sp->data.origins) {
        struct str one = o->images.n && !o->packages.n ? of_image(sp, o) : of_packages(sp, o);
        found = one.n ? one : found;
    }
    return found;
}
