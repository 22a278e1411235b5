/*
 * Variables that a RUN step sets for itself: `export uid=1000 gid=1000 && …`.
 */
#ifndef UNIT_VARIABLE_H
#define UNIT_VARIABLE_H

#include "dockerfile/run.h"

enum variable_state {
    VARIABLE_UNSET,   /* the step does not set it */
    VARIABLE_UNKNOWN, /* it does, but to what cannot be told */
    VARIABLE_KNOWN,
};

/* If `word` is "$NAME" or "${NAME}": what the commands in front of number `before` set NAME to. */
enum variable_state variable_find(const struct shell_script *script, size_t before, struct str word,
                                  struct str *value);

#endif
