/*
 * Which commands are certain to run.
 *
 * A step whose script fails is no step at all, so a command that is skipped only when the script
 * then fails is certain. In `a && b` this holds for b as long as the failure of a reaches the end:
 * no || behind it, no further list behind it, no ! or pipe around it. While a list is being read
 * that is still open, so its commands are marked weak; when something follows that swallows the
 * failure, the weak ones become conditional. The same holds for what stands behind an exit 1 or
 * under set -e in a subshell: only the subshell ends there. Every mark goes over the commands of
 * one list or block, so the work is bounded by the length times the depth.
 *
 * The script is taken to start without set -e. Whether a || or a later list swallows a failure is
 * what matters, not whether programs are likely to fail.
 */
#include "dockerfile/shell_reader.h"

void shell_mark_conditional(struct shell_reader *r, size_t from)
{
    for (size_t i = from; i < r->script->commands.n; i++)
        r->script->commands.v[i].conditional = true;
}

void shell_mark(struct shell_reader *r, size_t from, enum shell_mark mark)
{
    for (size_t i = from; i < r->script->commands.n; i++)
        r->marks.v[i] |= mark;
}

void shell_mark_unchecked(struct shell_reader *r, size_t from, size_t to)
{
    for (size_t i = from; i < to; i++) {
        r->script->commands.v[i].tolerated = true;
        if (r->marks.v[i] & (SHELL_WEAK | SHELL_PROCESS))
            r->script->commands.v[i].conditional = true;
    }
}

void shell_mark_processes(struct shell_reader *r, size_t from)
{
    for (size_t i = from; i < r->script->commands.n; i++)
        if (r->marks.v[i] & SHELL_EXITED)
            r->marks.v[i] = SHELL_PROCESS | (r->marks.v[i] & SHELL_WEAK);
}

void shell_mark_background(struct shell_reader *r, size_t from)
{
    for (size_t i = from; i < r->script->commands.n; i++) {
        r->script->commands.v[i].background = true;
        r->script->commands.v[i].subshell = true;
    }
    shell_mark_processes(r, from);
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
static void note_exit(struct shell_reader *r, const struct shell_command *c)
{
    struct str program = c->words.v[0].value;
    uint64_t status = 0;
    if (str_is(program, "exec")
            ? c->words.n < 2
            : !str_is(program, "exit") && (r->in.function || !str_is(program, "return")))
        return;
    if (c->words.n > 1 && c->words.v[1].literal)
        str_to_u64(c->words.v[1].value, 255, &status);
    if (status)
        r->in.exited = true;
    else
        r->in.left = true;
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
        if ((!named && !letter) || !w.n || (w.p[0] != '-' && w.p[0] != '+'))
            continue;
        r->errexit = w.p[0] == '-' && (sure || r->errexit);
        r->errexit_seen |= w.p[0] == '-';
    }
}

void shell_note_builtin(struct shell_reader *r, const struct shell_command *c)
{
    if (!c->words.n || !c->words.v[0].literal)
        return;
    note_exit(r, c);
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
