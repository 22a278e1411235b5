/* Operands of commands in RUN steps. */
#ifndef UNIT_OPERAND_H
#define UNIT_OPERAND_H

#include "dockerfile/stage.h"

/* A literal, or one with variables that ENV sets; false when it cannot be told. */
bool operand_path(struct stage *s, const struct stage_step *step, const struct shell_word *w,
                  struct str *out);

/* "$Q/x" when a command in front of `e` in the same script says Q=/queue. */
bool operand_assigned(struct arena *a, const struct run_effects *run, const struct run_effect *e,
                      struct str word, struct str *out);

#endif
