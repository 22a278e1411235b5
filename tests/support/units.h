/* A unit over a Dockerfile's text, as the engine makes one, for tests of what looks at units. */
#ifndef TESTS_UNITS_H
#define TESTS_UNITS_H

#include "tests/support/unit.h"

#include "dockerfile/check.h"
#include "engine/options.h"
#include "unit/unit.h"

/* `options` are sealed by the caller or have the defaults. */
static inline struct unit *units_new(struct arena *a, const struct ur_options *options,
                                     const char *source)
{
    struct df_list *list;
    struct df_error error;
    if (!df_parse(a, str_of(source), &list, &error) || !df_check(list, &error))
        fail_msg("%s\n%u: %s", source, error.line, error.message);
    struct unit *u = unit_new(a, &options->settings, STR("Dockerfile"), list, NULL);
    u->rule = "test-rule";
    u->refs = "";
    return u;
}

static inline struct stage *units_last_stage(const struct unit *u)
{
    return u->graph->stages.v[u->graph->stages.n - 1];
}

#endif
