/*
 * Alpine's musl and Debian's glibc do not run each other's code; glibc runs what was made for an
 * older one. The images of node and python have the same tags with -alpine and -slim; without
 * either they are of Debian's stable release of their day.
 */
#include "split/rebase.h"

#include "split/closure.h"
#include "split/libc.h"

static bool has_run(const struct stage *s)
{
    VEC_EACH (step, &s->steps)
        if (step->item->node.cmd == DF_RUN)
            return true;
    return false;
}

/* Anything that is there on Alpine only. */
static bool uses_apk(struct split *sp, struct stage *s)
{
    VEC_EACH (step, &s->steps) {
        const struct run_effects *run = stage_run(sp->u->graph, step);
        if (run && (!run->complete || str_has(run->script.text, "apk ") ||
                    str_has(run->script.text, "/etc/apk")))
            return true;
        for (size_t i = 0; run && i < run->effects.n; i++)
            if (run->effects.v[i].kind == RUN_USER_ADD || run->effects.v[i].kind == RUN_GROUP_ADD)
                return true; /* busybox' adduser has other options */
    }
    return false;
}

static void is_bound(struct split *sp, struct stage *s, const char *why)
{
    split_refuse(sp, "libc-mismatch", s->from,
                 "is made on Alpine, whose compiled code does not run on Debian, and %s", why);
}

/* "24-alpine3.20" becomes "24-slim". */
static void move_to_debian(struct split *sp, struct stage *s)
{
    struct str text = s->image.text, tag = s->image.tag;
    ptrdiff_t at = str_find(tag, STR("-alpine"));
    bool written = s->from->node.args.n && str_eq(s->from->node.args.v[0], text);
    if (s->base_kind != STAGE_ON_IMAGE || at <= 0 || s->image.digest.n || !written ||
        !str_ends(text, tag)) {
        is_bound(sp, s, "which image of Debian is the same is not known");
        return;
    }
    struct str image =
        str_fmt(sp->u->arena, "%.*s%.*s-slim", STR_ARG(str_sub(text, 0, text.n - tag.n)),
                STR_ARG(str_sub(tag, 0, (size_t)at)));
    split_rebase(sp, image);
    split_review(sp, "libc-mismatch", s->from,
                 str_fmt(sp->u->arena, "its steps do the same on %.*s", STR_ARG(image)),
                 "is made on Alpine, whose compiled code does not run on Debian");
}

/* Of a stage whose C library is not known, or newer than that of the image. */
static void judge_glibc(struct split *sp, struct stage *s)
{
    struct str release = sp->u->settings->release;
    if (libc_is_older(sp, s))
        return;
    split_review(sp, "libc-mismatch", stage_root(s)->from,
                 str_fmt(sp->u->arena, "its compiled code runs with the C library of %.*s",
                         STR_ARG(release)),
                 "may be made with a newer C library than that of %.*s", STR_ARG(release));
}

void rebase_for_libc(struct split *sp, bool portable)
{
    struct closure all = closure_of(sp->u, sp->s);
    VEC_EACH (s, &all.stages) {
        if (portable || !has_run(*s))
            continue;
        if (libc_of(sp, *s).kind != LIBC_MUSL)
            judge_glibc(sp, *s);
        else if (*s != sp->s)
            is_bound(sp, *s, "that is not the stage that starts");
        else if (uses_apk(sp, *s))
            is_bound(sp, *s, "it uses what is there on Alpine only");
        else
            move_to_debian(sp, *s);
    }
}
