/*
 * What starts in an image that was empty: whoever built it, and however, it needs nothing but what
 * is copied. The static image adds certificates, time zones and an account to that.
 */
#include "split/shape.h"

static bool claims(struct split *sp)
{
    return stage_root(sp->s)->base_kind == STAGE_ON_SCRATCH && str_chr(sp->words.v[0], '/') >= 0;
}

static void plan(struct split *sp)
{
    sp->no_children = sp->compiled = true;
    split_image(sp, "static", STR(""));
    split_copy(sp, split_path(sp, sp->words.v[0]), false);
}

const struct shape shape_static = {
    .name = "static",
    .claims = claims,
    .plan = plan,
};
