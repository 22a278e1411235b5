/*
 * BuildKit's second layer: is every instruction one that exists, with flags that it has and as many
 * arguments as it takes (frontend/dockerfile/instructions)? And its lint rules, so far as a rewrite
 * could trip them.
 */
#ifndef DOCKERFILE_CHECK_H
#define DOCKERFILE_CHECK_H

#include "dockerfile/list.h"

/* True when BuildKit would accept the list; else *error has its message and the line. */
bool df_check(const struct df_list *list, struct df_error *error);

/* How often each lint rule would warn. Build checks can be made errors (# check=error=true), so a
 * rewrite must not raise any of these. */
struct df_lint {
    unsigned instruction_casing, empty_continuation, json_args, maintainer, workdir_relative,
        multiple_instructions, legacy_key_value, stage_name_casing, from_as_casing;
};
struct df_lint df_lint(const struct df_list *list);

/* True when `now` warns more than `before` in any rule; *rule names the first. */
bool df_lint_worse(const struct df_lint *before, const struct df_lint *now, const char **rule);

#endif
