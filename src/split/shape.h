/*
 * A shape: one kind of program of which it can be proven what it needs to run, so that it can be
 * shipped without a shell: a Go binary, a Java archive, a Node project.
 *
 * HOW A SHAPE IS ADDED: two files and no list.
 *
 *   src/split/shape_NAME.c      defines `const struct shape shape_NAME`. The Makefile writes the
 *                               registry from the folder; shapes are asked in the order of their
 *                               names, and the first that claims what starts has it.
 *   templates/distroless/NAME.yaml   its data (docs/distroless.md): images by release, variant and
 *                               version; lists of programs, packages and libraries. A new release
 *                               or version is a line there.
 *
 * split.c reads what starts (sp->words), loads the data into sp->data, asks claims() and calls
 * plan(). That proves, and says what to do, with the calls of split.h only:
 *
 *   - split_image(sp, variant, version): what is shipped builds on that image of the data;
 *   - split_copy(), split_copy_from(): what has to be there, at which path;
 *   - split_own(): a directory that the program must be able to write to;
 *   - split_start(): ENTRYPOINT and CMD, where they are not to stay what they are;
 *   - split_stage_line(): instructions of further stages, between the author's and the last one;
 *   - split_rebase(): another image for the author's stage (a Debian one in place of Alpine);
 *   - split_env(): a variable of the last stage;
 *   - sp->picks = true: of a folder that is copied from the build context the last stage gets what
 *     is not in the `sources` of the data;
 *   - sp->may_write = false: its code is known to write no files; sp->no_children = true: it is
 *     known to start no other programs;
 *   - split_refuse(), split_review(): it can't be proven; it rests on that.
 *
 * Everything else is common: steps.c looks at every COPY, ADD and RUN of the author's stage, and
 * refuses what makes files that are neither copied nor harmless; carry.c takes over ENV, LABEL,
 * EXPOSE, WORKDIR, VOLUME, STOPSIGNAL, HEALTHCHECK and the ARGs that they use; write.c appends the
 * last stage, or changes the base image in place where nothing is built in the author's stage.
 *
 * Golden cases go to golden/distroless-split/NAME-…, reason codes to templates/reasons.
 */
#ifndef SPLIT_SHAPE_H
#define SPLIT_SHAPE_H

#include "split/split.h"

struct shape {
    const char *name; /* of the data, and in messages */
    /* Is what starts such a program? Looks only. */
    bool (*claims)(struct split *sp);
    void (*plan)(struct split *sp);
    /* Has plan() seen to what a COPY or ADD of stage `s` brings? What it has not seen to is copied
     * to the last stage. May be NULL: to nothing. */
    bool (*sees_to)(struct split *sp, struct stage *s, const struct stage_step *step);
    /* The same for one thing that a RUN step does, if its program is neither a builder of the data
     * nor known to everybody. May be NULL. */
    bool (*does)(struct split *sp, struct stage *s, const struct stage_step *step,
                 const struct run_effect *e);
};

/* Sorted by name. Generated. */
extern const struct shape *const shape_registry[];
extern const size_t shape_count;

#endif
