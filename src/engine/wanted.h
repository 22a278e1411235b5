/* Which rules for manifests are wanted: by the options, and by comments of the file itself. */
#ifndef ENGINE_WANTED_H
#define ENGINE_WANTED_H

#include "engine/result.h"

/* What harden*.c and compose*.c are given, for the source of this result. */
struct harden_options *wanted_options(struct ur_result *r);

#endif
