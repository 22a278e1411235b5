/*
 * The gate: what the passes made is parsed again and compared with what they declared. It knows
 * nothing of passes and edits; it sees the old bytes, the new bytes and the list of declared
 * changes.
 */
#ifndef ENGINE_GATE_H
#define ENGINE_GATE_H

#include "unit/unit.h"

/*
 * NULL when the new bytes are the old ones with exactly the declared changes, valid for BuildKit,
 * and trip no lint rule that the old ones did not. Else what is wrong. `old` is the list as it was
 * read.
 */
const char *gate_check(struct arena *a, const struct df_list *old, struct str now,
                       const struct delta *deltas, size_t n);

#endif
