/* Back from a file of the image to the RUN step that makes it. */
#ifndef SPLIT_TRACE_H
#define SPLIT_TRACE_H

#include "split/split.h"

/* One command of a RUN step. */
struct trace_at {
    struct stage *s;
    struct stage_step *step;
    const struct run_effects *run;
    const struct run_effect *effect;
    struct str cwd;  /* where it runs; "" when not known */
    struct str path; /* of trace_find: what it makes, there */
};

/* Does the command make the file at this absolute path? The path may have a '*' in its last part.
 */
typedef bool trace_fn(void *ctx, const struct trace_at *at, struct str path);

/*
 * Follows the path backwards: COPY --from to the other stage, cp and mv to where it was before. The
 * last command that makes it is left in *out. False when none is seen to, or something else may
 * lie at the path.
 */
bool trace_find(struct split *sp, struct stage *s, struct str path, trace_fn *fn, void *ctx,
                struct trace_at *out);

/* The value that an environment variable has for the command: by ENV, export, in front of it.
 * False when it is not set, or not known. */
bool trace_variable(const struct trace_at *at, const char *name, struct str *value);

/* What an operand comes to, as an absolute path; "" when it can't be told. */
struct str trace_path(struct split *sp, const struct trace_at *at, const struct shell_word *w);

#endif
