/* Which version of the runtime an image has, by the patterns of the data. */
#include "base/bug.h"
#include "base/rx.h"
#include "split/split.h"

/* The first group of the pattern in the tag; "" when it does not match. */
static struct str match(struct split *sp, struct str pattern, struct str tag)
{
    char err[200];
    struct rx_match m;
    struct rx *rx = rx_compile(pattern.p, pattern.n, RX_SHORT, err, sizeof err);
    if (!rx)
        BUG("%.*s: %s", STR_ARG(pattern), err);
    bool found = rx_match(rx, tag, &m) == RX_YES && m.n > 1 && m.group[1].p;
    struct str version = found ? str_dup(sp->u->arena, m.group[1]) : STR("");
    rx_free(rx);
    return version;
}

struct str split_version(struct split *sp)
{
    const struct stage *root = stage_root(sp->s);
    if (root->base_kind != STAGE_ON_IMAGE)
        return STR("");
    VEC_EACH (origin, &sp->data.origins)
        VEC_EACH (name, &origin->images) {
            if (!str_eq(*name, root->image.repository))
                continue;
            if (!root->image.tag.n)
                return root->image.digest.n ? STR("") : origin->latest;
            struct str version = match(sp, origin->version, root->image.tag);
            if (version.n)
                return version;
        }
    return STR("");
}
