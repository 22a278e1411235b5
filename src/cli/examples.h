/* examples: golden cases as a manual: the same folders that the tests run. */
#ifndef CLI_EXAMPLES_H
#define CLI_EXAMPLES_H

#include "base/buf.h"

/* Appends the shortest cases of a rule, each with the patch it ends in. */
void examples_of_rule(struct buf *b, const char *id);
/* Appends the shortest cases that end with a reason code, each with its Dockerfile and answer. */
void examples_of_reason(struct buf *b, struct str code);

#endif
