/* Running through a stage's instructions. Internal to src/dockerfile. */
#ifndef DOCKERFILE_EVAL_H
#define DOCKERFILE_EVAL_H

#include "dockerfile/stage.h"

/* Fills in steps and end state of a stage whose parent has been evaluated. */
void eval_stage(struct stage_graph *g, struct stage *s);
/* NAME or NAME=default of an ARG; the default is expanded with `env`. */
struct stage_var eval_arg(struct stage_graph *g, struct str word, struct expand_env env);
/* The lookup of the global scope; ctx is the graph. */
bool eval_global(void *ctx, struct str name, struct expand_value *out);

/* Counts one look; true (and the graph is marked) when there were too many. */
bool eval_overworked(struct stage_graph *g);

#endif
