/* Where a RUN step uses npm, npx, yarn or pnpm, and for what. */
#ifndef UNIT_NPM_CALL_H
#define UNIT_NPM_CALL_H

#include "unit/unit.h"

struct npm_call {
    struct stage *stage;
    struct stage_step *step;
    const struct run_effect *effect;
    struct stage_path dir; /* of package.json */
    struct str verb;       /* the first word that is no option; "" when there is none */
    bool global;           /* about programs of the system, not about a package */
};

typedef void npm_call_fn(void *ctx, const struct npm_call *call);

/* Calls `fn` for each use in the step, in their order; nothing for what is no RUN. */
void npm_call_each(struct unit *u, struct stage *s, struct stage_step *step, npm_call_fn *fn,
                   void *ctx);

/* Does the command have one of the words? `list` ends with NULL. */
bool npm_call_has(const struct npm_call *call, const char *const *list);

#endif
