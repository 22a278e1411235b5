/* For the program's own reports: a result as an outcome. */
#ifndef ENGINE_RESULT_H
#define ENGINE_RESULT_H

#include "unit/outcome.h"

/* Lives as long as the result. A copy may be given another path and a repository's name. */
const struct outcome *result_outcome(const struct ur_result *r);

#endif
