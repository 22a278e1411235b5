/* Inside of the walk: what script_flow.c and script_block.c share. */
#ifndef DOCKERFILE_SCRIPT_FLOW_H
#define DOCKERFILE_SCRIPT_FLOW_H

#include "dockerfile/script_reader.h"

static inline const struct shell_node *script_node(const struct script_reader *r, size_t i)
{
    return &r->shell->nodes.v[i];
}

/* The next part of `node` from `i` on of that kind; node's end when there is none. */
size_t script_next(const struct script_reader *r, size_t node, size_t i, enum shell_node_kind kind);

/* Nobody came. */
struct script_outcome script_nothing(void);
/* Those who went away in `other` went away in all of it. */
void script_gone(struct script_outcome *o, struct script_outcome other);
/* What holds whichever of two ways was taken. */
void script_join(struct script_outcome *o, struct script_outcome other);
/* The variables that are known behind it. */
uint64_t script_known_behind(struct script_outcome o);
/* Those of `s` who are `possible` now; `away`: who may be somewhere else. */
struct script_state script_narrow(struct script_state s, unsigned possible, unsigned away,
                                  uint64_t known);
/* Those of `s` for whom the condition was true, or false. */
struct script_state script_when_true(const struct script_reader *r, struct script_state s,
                                     struct script_outcome o);
struct script_state script_when_false(const struct script_reader *r, struct script_state s,
                                      struct script_outcome o);

/* Walks through the substitutions that are parts of a node. True when there are any. */
bool script_substitutions(struct script_reader *r, size_t node, struct script_state s,
                          enum script_care care);

/* script_block.c */
struct script_outcome script_eval_if(struct script_reader *r, size_t node, struct script_state s);
/* while, until, for, select. */
struct script_outcome script_eval_loop(struct script_reader *r, size_t node, struct script_state s);
struct script_outcome script_eval_case(struct script_reader *r, size_t node, struct script_state s);
/* From here on the function is the one that is meant. */
void script_define(struct script_reader *r, size_t node);

#endif
