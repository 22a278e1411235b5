/*
 * One row a instruction: the flags that it takes and how many arguments. Messages are BuildKit's,
 * so that a user finds the same words in both places.
 */
#include "dockerfile/check.h"

#include "base/utf8.h"
#include "dockerfile/node.h"

enum flag_type { FLAG_STRING, FLAG_STRINGS, FLAG_BOOL };

struct flag {
    const char *name;
    enum flag_type type;
};

static const struct flag from_flags[] = {{"platform", FLAG_STRING}, {0}};
static const struct flag run_flags[] = {{"mount", FLAG_STRINGS},
                                        {"network", FLAG_STRING},
                                        {"security", FLAG_STRING},
                                        {"device", FLAG_STRINGS},
                                        {0}};
static const struct flag copy_flags[] = {{"from", FLAG_STRING},
                                         {"chown", FLAG_STRING},
                                         {"chmod", FLAG_STRING},
                                         {"link", FLAG_BOOL},
                                         {"parents", FLAG_BOOL},
                                         {"exclude", FLAG_STRINGS},
                                         {0}};
static const struct flag add_flags[] = {{"chown", FLAG_STRING},    {"chmod", FLAG_STRING},
                                        {"link", FLAG_BOOL},       {"keep-git-dir", FLAG_BOOL},
                                        {"checksum", FLAG_STRING}, {"unpack", FLAG_BOOL},
                                        {"exclude", FLAG_STRINGS}, {0}};
static const struct flag health_flags[] = {
    {"interval", FLAG_STRING},       {"timeout", FLAG_STRING}, {"start-period", FLAG_STRING},
    {"start-interval", FLAG_STRING}, {"retries", FLAG_STRING}, {0}};
static const struct flag no_flags[] = {{0}};

static const char *say(struct arena *a, const char *fmt, struct str s)
{
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wformat-nonliteral"
    s = utf8_safe(a, s, 200);
    return str_fmt(a, fmt, STR_ARG(s)).p;
#pragma GCC diagnostic pop
}

static const struct flag *flags_of(const struct df_node *node)
{
    switch (node->cmd) {
    case DF_FROM:
        return from_flags;
    case DF_RUN:
        return run_flags;
    case DF_COPY:
        return copy_flags;
    case DF_ADD:
        return add_flags;
    case DF_HEALTHCHECK:
        return health_flags;
    default:
        return no_flags;
    }
}

static const char *check_value(struct arena *a, const struct flag *f, struct str name,
                               struct str text)
{
    bool has = name.n < text.n;
    struct str value = str_from(text, name.n + 1);
    if (f->type != FLAG_BOOL)
        return has ? NULL : say(a, "missing a value on flag: %.*s", name);
    if (has && !value.n)
        return say(a, "missing a value on flag: %.*s", name);
    if (!value.n || str_eq_nocase(value, STR("true")) || str_eq_nocase(value, STR("false")))
        return NULL;
    return str_fmt(a, "expecting boolean value for flag %.*s, not: %.*s", STR_ARG(name),
                   STR_ARG(value))
        .p;
}

static struct str flag_name(struct str text)
{
    ptrdiff_t eq = str_chr(text, '=');
    return eq < 0 ? text : str_sub(text, 0, (size_t)eq);
}

static const char *check_flags(struct arena *a, const struct df_node *node)
{
    const struct flag *known = flags_of(node);
    for (size_t i = 0; i < node->flags.n; i++) {
        struct str text = node->flags.v[i].text, name = flag_name(text);
        const struct flag *f = known;
        while (f->name && !str_is(str_from(name, 2), f->name))
            f++;
        if (!f->name)
            return say(a, "unknown flag: %.*s", name);
        for (size_t j = 0; j < i && f->type != FLAG_STRINGS && i < 64; j++)
            if (str_eq(flag_name(node->flags.v[j].text), name))
                return say(a, "duplicate flag specified: %.*s", name);
        const char *error = check_value(a, f, name, text);
        if (error)
            return error;
    }
    return NULL;
}

/* ---- one check an instruction --------------------------------------------------------------- */

static bool valid_stage_name(struct str s)
{
    for (size_t i = 0; i < s.n; i++) {
        char c = s.p[i] | 0x20, raw = s.p[i];
        bool alpha = c >= 'a' && c <= 'z' && raw != '@';
        bool other = (raw >= '0' && raw <= '9') || raw == '-' || raw == '_' || raw == '.';
        if (!(alpha || (i && other)))
            return false;
    }
    return s.n > 0;
}

static const char *check_from(struct arena *a, const struct df_node *node)
{
    if (node->args.n == 3 && str_eq_nocase(node->args.v[1], STR("as"))) {
        if (!valid_stage_name(node->args.v[2]))
            return say(a,
                       "invalid name for build stage: \"%.*s\", name can't start with a number or "
                       "contain symbols",
                       node->args.v[2]);
    } else if (node->args.n != 1) {
        return "FROM requires either one or three arguments";
    }
    return check_flags(a, node);
}

static const char *check_copy(struct arena *a, const struct df_node *node)
{
    struct df_heredoc doc;
    const char *name = df_cmd_name(node->cmd);
    if (node->args.n < 2)
        return str_fmt(a,
                       "%s requires at least two arguments, but only one was provided. "
                       "Destination could not be determined",
                       name)
            .p;
    const char *error = check_flags(a, node);
    if (!error && node_heredoc_word(a, node->args.v[node->args.n - 1], &doc))
        return str_fmt(a, "%s cannot accept a heredoc as a destination", name).p;
    return error;
}

static const char *check_run(struct arena *a, const struct df_node *node)
{
    const char *error = check_flags(a, node);
    struct str v;
    if (error)
        return error;
    if (df_flag_get(node, "network", &v) && !str_is(v, "default") && !str_is(v, "none") &&
        !str_is(v, "host"))
        return say(a, "invalid network mode \"%.*s\"", v);
    if (df_flag_get(node, "security", &v) && !str_is(v, "sandbox") && !str_is(v, "insecure"))
        return say(a, "security \"%.*s\" is not valid", v);
    return NULL;
}

static const char *check_key_values(struct arena *a, const struct df_node *node)
{
    const char *error = check_flags(a, node), *name = df_cmd_name(node->cmd);
    if (error)
        return error;
    if (!node->args.n)
        return str_fmt(a, "%s requires at least one argument", name).p;
    for (size_t i = 0; i < node->args.n; i += 3)
        if (!node->args.v[i].n)
            return str_fmt(a, "%s names can not be blank", name).p;
    return NULL;
}

static const char *check_arg(struct arena *a, const struct df_node *node)
{
    (void)a;
    if (!node->args.n)
        return "ARG requires at least one argument";
    VEC_EACH (arg, &node->args)
        if (arg->n && arg->p[0] == '=')
            return "ARG names can not be blank";
    return NULL;
}

static const char *check_health(struct arena *a, const struct df_node *node)
{
    if (!node->args.n)
        return "HEALTHCHECK requires at least one argument";
    struct str type = node->args.v[0];
    if (str_eq_nocase(type, STR("NONE")))
        return node->args.n > 1 ? "HEALTHCHECK NONE takes no arguments" : NULL;
    const char *error = check_flags(a, node);
    if (error)
        return error;
    if (!str_eq_nocase(type, STR("CMD")))
        return say(a, "Unknown type \"%.*s\" in HEALTHCHECK (try CMD)", type);
    return node->args.n < 2 ? "Missing command after HEALTHCHECK CMD" : NULL;
}

static const char *check_onbuild(struct arena *a, const struct df_node *node)
{
    if (!node->sub)
        return "ONBUILD requires at least one argument";
    const char *error = check_flags(a, node);
    if (error)
        return error;
    if (node->sub->cmd == DF_ONBUILD)
        return "Chaining ONBUILD via `ONBUILD ONBUILD` isn't allowed";
    if (node->sub->cmd == DF_FROM || node->sub->cmd == DF_MAINTAINER)
        return str_fmt(a, "%s isn't allowed as an ONBUILD trigger", df_cmd_name(node->sub->cmd)).p;
    return NULL;
}

static const char *check_volume(struct arena *a, const struct df_node *node)
{
    if (!node->args.n)
        return "VOLUME requires at least one argument";
    const char *error = check_flags(a, node);
    if (error)
        return error;
    VEC_EACH (v, &node->args)
        if (!str_trim(*v).n)
            return "VOLUME specified can not be an empty string";
    return NULL;
}

static const char *check_shell(struct arena *a, const struct df_node *node)
{
    const char *error = check_flags(a, node);
    if (error)
        return error;
    if (!node->args.n)
        return "SHELL requires at least one argument";
    return node->json ? NULL : "SHELL requires the arguments to be in JSON form";
}

static const char *one_argument(struct arena *a, const struct df_node *node)
{
    if (node->args.n != 1)
        return str_fmt(a, "%s requires exactly one argument", df_cmd_name(node->cmd)).p;
    return node->cmd == DF_STOPSIGNAL ? NULL : check_flags(a, node);
}

static const char *check_node(struct arena *a, const struct df_node *node)
{
    switch (node->cmd) {
    case DF_NONE:
        return say(a, "unknown instruction: %.*s", node->keyword);
    case DF_FROM:
        return check_from(a, node);
    case DF_ADD:
    case DF_COPY:
        return check_copy(a, node);
    case DF_RUN:
        return check_run(a, node);
    case DF_ENV:
    case DF_LABEL:
        return check_key_values(a, node);
    case DF_ARG:
        return check_arg(a, node);
    case DF_HEALTHCHECK:
        return check_health(a, node);
    case DF_ONBUILD:
        return check_onbuild(a, node);
    case DF_VOLUME:
        return check_volume(a, node);
    case DF_SHELL:
        return check_shell(a, node);
    case DF_EXPOSE:
        return node->args.n ? check_flags(a, node) : "EXPOSE requires at least one argument";
    case DF_CMD:
    case DF_ENTRYPOINT:
        return check_flags(a, node);
    case DF_USER:
    case DF_WORKDIR:
    case DF_STOPSIGNAL:
    case DF_MAINTAINER:
        return one_argument(a, node);
    }
    return NULL;
}

bool df_check(const struct df_list *list, struct df_error *error)
{
    bool in_stage = false;
    LIST_EACH (it, list) {
        if (it->kind != DF_INSTRUCTION)
            continue;
        const char *message = check_node(list->arena, &it->node);
        if (!message && !in_stage && it->node.cmd != DF_FROM && it->node.cmd != DF_ARG)
            message = "no build stage in current context";
        if (message) {
            *error = (struct df_error){it->line, it->node.keyword_raw.from + 1, message};
            return false;
        }
        in_stage |= it->node.cmd == DF_FROM;
    }
    if (!in_stage)
        *error = (struct df_error){1, 1, "dockerfile contains no stages to build"};
    return in_stage;
}
