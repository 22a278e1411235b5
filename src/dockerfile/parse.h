/* Parsing one instruction by itself, for edits. Internal to src/dockerfile. */
#ifndef DOCKERFILE_PARSE_H
#define DOCKERFILE_PARSE_H

#include "dockerfile/list.h"

/* Reads bytes that hold exactly one instruction (and blank lines) into out->node; spans are
 * relative to `bytes`. False, with *error, when they hold anything else. */
bool parse_fragment(struct arena *a, struct str bytes, char escape, struct df_item *out,
                    struct df_error *error);

#endif
