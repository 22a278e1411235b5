/*
 * Counts, not messages: the gate only asks whether a rewrite adds a warning (BuildKit:
 * linter/ruleset.go and the places that raise them).
 */
#include "base/utf8.h"
#include "dockerfile/check.h"

struct casing {
    unsigned lower, upper, mixed;
};

static void count_case(struct str k, struct casing *c)
{
    bool low = false, up = false;
    for (size_t i = 0; i < k.n; i++) {
        low |= k.p[i] >= 'a' && k.p[i] <= 'z';
        up |= k.p[i] >= 'A' && k.p[i] <= 'Z';
    }
    if (low && up)
        c->mixed++;
    else if (low)
        c->lower++;
    else
        c->upper++;
}

static bool has_upper(struct str s)
{
    struct casing c = {0};
    count_case(s, &c);
    return c.upper || c.mixed;
}

static void lint_from(const struct df_node *node, struct df_lint *out)
{
    if (node->args.n < 3)
        return;
    struct casing from = {0}, as = {0};
    count_case(node->keyword, &from);
    count_case(node->args.v[1], &as);
    out->stage_name_casing += has_upper(node->args.v[2]);
    out->from_as_casing += (from.lower && !as.lower) || (from.upper && !as.upper);
}

static void lint_node(const struct df_node *node, struct df_lint *out)
{
    switch (node->cmd) {
    case DF_FROM:
        lint_from(node, out);
        break;
    case DF_MAINTAINER:
        out->maintainer++;
        break;
    case DF_CMD:
    case DF_ENTRYPOINT:
        out->json_args += !node->json;
        break;
    case DF_ENV:
    case DF_LABEL:
        out->legacy_key_value += node->args.n == 3 && !node->args.v[2].n;
        break;
    case DF_WORKDIR:
        out->workdir_relative += node->args.n && node->args.v[0].n && node->args.v[0].p[0] != '/' &&
                                 node->args.v[0].p[0] != '$';
        break;
    default:
        break;
    }
}

/* More than one CMD, ENTRYPOINT or HEALTHCHECK in a stage. */
static void lint_repeats(const struct df_list *list, struct df_lint *out)
{
    unsigned cmd = 0, entrypoint = 0, health = 0;
    LIST_EACH (it, list) {
        if (it->kind != DF_INSTRUCTION)
            continue;
        if (it->node.cmd == DF_FROM)
            cmd = entrypoint = health = 0;
        out->multiple_instructions += (it->node.cmd == DF_CMD && cmd++) ||
                                      (it->node.cmd == DF_ENTRYPOINT && entrypoint++) ||
                                      (it->node.cmd == DF_HEALTHCHECK && health++);
    }
}

struct df_lint df_lint(const struct df_list *list)
{
    struct df_lint out = {0};
    struct casing casing = {0};
    LIST_EACH (it, list) {
        if (it->kind != DF_INSTRUCTION)
            continue;
        count_case(it->node.keyword, &casing);
        lint_node(&it->node, &out);
        out.empty_continuation += it->empty_continuation;
    }
    out.instruction_casing =
        casing.mixed + (casing.lower > casing.upper ? casing.upper : casing.lower);
    lint_repeats(list, &out);
    return out;
}

bool df_lint_worse(const struct df_lint *before, const struct df_lint *now, const char **rule)
{
    const struct {
        unsigned before, now;
        const char *name;
    } rules[] = {
        {before->instruction_casing, now->instruction_casing, "ConsistentInstructionCasing"},
        {before->empty_continuation, now->empty_continuation, "NoEmptyContinuation"},
        {before->json_args, now->json_args, "JSONArgsRecommended"},
        {before->maintainer, now->maintainer, "MaintainerDeprecated"},
        {before->workdir_relative, now->workdir_relative, "WorkdirRelativePath"},
        {before->multiple_instructions, now->multiple_instructions,
         "MultipleInstructionsDisallowed"},
        {before->legacy_key_value, now->legacy_key_value, "LegacyKeyValueFormat"},
        {before->stage_name_casing, now->stage_name_casing, "StageNameCasing"},
        {before->from_as_casing, now->from_as_casing, "FromAsCasing"},
    };
    for (size_t i = 0; i < sizeof rules / sizeof *rules; i++) {
        if (rules[i].now > rules[i].before) {
            *rule = rules[i].name;
            return true;
        }
    }
    return false;
}
