/*
 * Programs whose business is to run the words behind them: exec, env, tini. What stands behind
 * them is what is run, in the same way. `set --` is here too: it makes those words the arguments,
 * which are run later.
 */
#include "dockerfile/script_reader.h"

struct wrapper {
    const char *name;
    const char *values;   /* letters of options that take the next word */
    const char *longs[4]; /* long options that do */
    unsigned operands;    /* words between the options and the command */
    bool assigns;         /* NAME=value may stand before the command */
};

static const struct wrapper wrappers[] = {
    {.name = "builtin"},
    {.name = "catatonit"},
    {.name = "command"},
    {.name = "docker-init", .values = "pe"},
    {.name = "dumb-init", .values = "r", .longs = {"--rewrite"}},
    {.name = "env", .values = "uC", .longs = {"--unset", "--chdir"}, .assigns = true},
    {.name = "exec", .values = "a"},
    {.name = "ionice", .values = "cnp", .longs = {"--class", "--classdata"}},
    {.name = "nice", .values = "n", .longs = {"--adjustment"}},
    {.name = "nohup"},
    {.name = "setsid"},
    {.name = "stdbuf", .values = "ioe", .longs = {"--input", "--output", "--error"}},
    {.name = "time", .values = "fo"},
    {.name = "timeout", .values = "ks", .longs = {"--kill-after", "--signal"}, .operands = 1},
    {.name = "tini", .values = "pe"},
    {.name = "tini-static", .values = "pe"},
    {.name = "with-contenv"},
};

static const struct wrapper *find(const struct shell_word *w)
{
    if (!w->literal)
        return NULL;
    struct str name = str_basename(w->value);
    for (size_t i = 0; i < sizeof wrappers / sizeof *wrappers; i++)
        if (str_is(name, wrappers[i].name))
            return &wrappers[i];
    return NULL;
}

static bool takes_value(const struct wrapper *w, struct str option)
{
    if (option.n > 2 && option.p[1] == '-') {
        for (size_t i = 0; i < sizeof w->longs / sizeof *w->longs && w->longs[i]; i++)
            if (str_is(option, w->longs[i]))
                return true;
        return false;
    }
    return w->values && strchr(w->values, option.p[option.n - 1]);
}

/* Behind the wrapper at `at`. */
static size_t skip(const struct wrapper *w, const struct shell_word *words, size_t n, size_t at)
{
    for (at++; at < n; at++) {
        struct str s = words[at].value;
        if (!words[at].literal || s.n < 2 || s.p[0] != '-')
            break;
        if (str_is(s, "--")) {
            at++;
            break;
        }
        at += takes_value(w, s);
    }
    while (w->assigns && at < n && str_chr(words[at].value, '=') > 0)
        at++;
    return at + w->operands < n ? at + w->operands : n;
}

size_t script_skip_wrappers(const struct shell_word *words, size_t n, size_t at)
{
    while (at < n) {
        const struct wrapper *w = find(&words[at]);
        if (w)
            at = skip(w, words, n, at);
        else if (str_is(words[at].value, "set") && at + 1 < n && str_is(words[at + 1].value, "--"))
            at += 2;
        else
            break;
    }
    return at < n ? at : n;
}

bool script_is_arguments(const struct script_reader *r, const struct shell_word *w)
{
    static const char *const forms[] = {"\"$@\"", "$@", "\"${@}\"", "${@}",
                                        "\"$*\"", "$*", "\"${*}\"", "${*}"};
    for (size_t i = 0; i < sizeof forms / sizeof *forms; i++)
        if (str_is(script_text(r, w->raw), forms[i]))
            return true;
    return false;
}

static bool mentions_arguments(const struct shell_word *w)
{
    static const char *const forms[] = {"$@", "$*", "${@", "${*"};
    for (size_t i = 0; i < sizeof forms / sizeof *forms; i++)
        if (!w->literal && str_has(w->value, forms[i]))
            return true;
    return false;
}

enum script_arguments script_arguments(const struct script_reader *r, const struct shell_command *c,
                                       size_t *at)
{
    const struct shell_word *words = c->words.v;
    size_t n = c->words.n, program = 0;
    struct script_privilege p;
    for (*at = 0; *at < n && !mentions_arguments(&words[*at]); ++*at)
        continue;
    if (*at == n) {
        *at = 0;
        return SCRIPT_ARGUMENTS_NONE;
    }
    if (str_is(words[0].value, "set") || str_is(words[0].value, "shift"))
        return SCRIPT_ARGUMENTS_SET;
    for (;;) {
        program = script_skip_wrappers(words, n, program);
        if (program >= n || !script_drops(words, n, program, &p) || !p.command)
            break;
        program = p.command;
    }
    bool run = program == *at && script_is_arguments(r, &words[*at]);
    return run ? SCRIPT_ARGUMENTS_RUN : SCRIPT_ARGUMENTS_GIVEN;
}
