/*
 * Which commands are certain to run.
 *
 * A step whose script fails is no step at all, so a command that is skipped only when the script
 * then fails is certain. In `a && b` this holds for b as long as the failure of a reaches the end:
 * no || behind it, no further list behind it, no ! or pipe around it. While a list is being read
 * that is still open, so its commands are marked weak; when something follows that swallows the
 * failure, the weak ones become conditional. Every mark goes over the commands of one list or
 * block, so the work is bounded by the length times the depth.
 */
#include "dockerfile/shell_reader.h"

void shell_mark_conditional(struct shell_reader *r, size_t from)
{
    for (size_t i = from; i < r->script->commands.n; i++)
        r->script->commands.v[i].conditional = true;
}

void shell_mark_weak(struct shell_reader *r, size_t from)
{
    for (size_t i = from; i < r->script->commands.n; i++)
        r->weak.v[i] = true;
}

void shell_mark_unchecked(struct shell_reader *r, size_t from, size_t to)
{
    for (size_t i = from; i < to; i++) {
        r->script->commands.v[i].tolerated = true;
        if (r->weak.v[i])
            r->script->commands.v[i].conditional = true;
    }
}

void shell_mark_background(struct shell_reader *r, size_t from)
{
    for (size_t i = from; i < r->script->commands.n; i++) {
        r->script->commands.v[i].background = true;
        r->script->commands.v[i].subshell = true;
    }
    shell_mark_unchecked(r, from, r->script->commands.n);
}

static bool is_one_of(struct str s, const char *const *list)
{
    for (; *list; list++)
        if (str_is(s, *list))
            return true;
    return false;
}

bool shell_is_test(const struct shell_command *c)
{
    static const char *const tests[] = {"test", "[", "[[", NULL};
    if (c->negated)
        return true;
    if (!c->words.n)
        return false;
    struct str program = c->words.v[0].value;
    return is_one_of(program, tests) || str_starts(program, STR("(("));
}

/* exit and return with a number that is not 0 fail; with anything else the rest is skipped and the
 * script may well succeed. */
static bool may_leave(const struct shell_command *c, bool function)
{
    struct str program = c->words.v[0].value;
    if (str_is(program, "exec"))
        return c->words.n > 1;
    if (!str_is(program, "exit") && (function || !str_is(program, "return")))
        return false;
    uint64_t status;
    return c->words.n < 2 || !c->words.v[1].literal ||
           !str_to_u64(c->words.v[1].value, 255, &status) || status == 0;
}

/* set -e, set -eux, set -o errexit, set +e. Going on counts only if it is sure to happen. */
static void note_set(struct shell_reader *r, const struct shell_command *c)
{
    bool sure = !c->conditional && (c->link == SHELL_FIRST || c->link == SHELL_SEQ);
    for (size_t i = 1; i < c->words.n; i++) {
        struct str w = c->words.v[i].value;
        bool named = str_is(w, "errexit") && i > 1;
        if (named)
            w = c->words.v[i - 1].value;
        bool letter = w.n > 1 && w.p[1] != '-' && str_chr(w, 'e') > 0;
        if ((named || letter) && w.n && (w.p[0] == '-' || w.p[0] == '+'))
            r->errexit = w.p[0] == '-' && (sure || r->errexit);
    }
}

void shell_note_builtin(struct shell_reader *r, const struct shell_command *c)
{
    if (!c->words.n || !c->words.v[0].literal)
        return;
    if (may_leave(c, r->in.function))
        r->in.left = true;
    if (str_is(c->words.v[0].value, "set"))
        note_set(r, c);
}

/* What only a shell can do, as far as no program of that name exists on most images. */
static const char *const builtins[] = {
    ".",      ":",       "alias",  "bg",    "builtin", "cd",       "command", "declare",
    "disown", "eval",    "exec",   "exit",  "export",  "fg",       "hash",    "jobs",
    "let",    "local",   "popd",   "pushd", "read",    "readonly", "return",  "set",
    "shift",  "shopt",   "source", "times", "trap",    "type",     "typeset", "ulimit",
    "umask",  "unalias", "unset",  "wait",  NULL};

bool shell_needs_shell(const struct shell_script *s)
{
    if (!s->complete || s->commands.n != 1 || s->comments.n || s->others.n)
        return true;
    const struct shell_command *c = &s->commands.v[0];
    if (c->depth || c->assigns.n || c->redirects.n || c->negated || c->background || !c->words.n)
        return true;
    VEC_EACH (w, &c->words)
        if (!w->literal)
            return true;
    return is_one_of(c->words.v[0].value, builtins);
}
