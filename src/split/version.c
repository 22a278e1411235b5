/*
 * Which version of a runtime the author's stage has: by the tag of its image, or by the package
 * that was installed. Patterns are the data's own, a few of them, used once a stage.
 */
#include "base/bug.h"
#include "base/rx.h"
#include "split/split.h"

/* The first group of the pattern in the subject; "" when it does not match. */
static struct str match(struct split *sp, struct str pattern, struct str subject)
{
    char err[200];
    struct rx_match m;
    struct rx *rx = rx_compile(pattern.p, pattern.n, RX_USER | RX_SHORT, err, sizeof err);
    if (!rx)
        BUG("%.*s: %s", STR_ARG(pattern), err);
    bool found = rx_match(rx, subject, &m) == RX_YES && m.n > 1 && m.group[1].p;
    struct str version = found ? str_dup(sp->u->arena, m.group[1]) : STR("");
    rx_free(rx);
    return version;
}

static struct str of_image(struct split *sp, const struct distroless_origin *origin)
{
    const struct stage *root = stage_root(sp->s);
    struct str tag = root->image.tag, version = STR("");
    VEC_EACH (name, &origin->images) {
        if (!str_eq(*name, root->image.repository))
            continue;
        version = tag.n ? match(sp, origin->version, tag) : STR("");
        if (!version.n && (!tag.n || str_is(tag, "latest")))
            version = root->image.digest.n ? STR("") : origin->latest;
        if (version.n)
            break;
    }
    return version;
}

static struct str of_packages(struct split *sp, const struct distroless_origin *origin)
{
    for (struct stage *s = sp->s; s && origin->packages.n; s = s->parent)
        VEC_EACH (step, &s->steps) {
            const struct run_effects *run = stage_run(sp->u->graph, step);
            for (size_t i = 0; run && i < run->effects.n; i++)
                VEC_EACH (w, &run->effects.v[i].operands)
                    if (run->effects.v[i].kind == RUN_PACKAGES && w->value.n < 100 &&
                        distroless_lists(&origin->packages, w->value))
                        return match(sp, origin->version, w->value);
        }
    return STR("");
}

struct str split_version(struct split *sp)
{
    if (stage_root(sp->s)->base_kind != STAGE_ON_IMAGE)
        return STR("");
    VEC_EACH (origin, &sp->data.origins) {
        struct str version = of_image(sp, origin);
        if (!version.n)
            version = of_packages(sp, origin);
        if (version.n)
            return version;
    }
    return STR("");
}
