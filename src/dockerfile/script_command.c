/*
 * What one command does to those who come to it: exit, return and exec end their way, a test parts
 * them, a function is walked through, set switches what a failure means. Any other command may
 * succeed or fail.
 */
#include "dockerfile/script_reader.h"

static bool is_one_of(struct str s, const char *const *list)
{
    for (; *list; list++)
        if (str_is(s, *list))
            return true;
    return false;
}

bool script_opens(const struct shell_command *c)
{
    VEC_EACH (d, &c->redirects) {
        bool copy = str_is(d->op, ">&") || str_is(d->op, "<&");
        uint64_t fd;
        if (copy && d->target.literal &&
            (str_is(d->target.value, "-") || str_to_u64(d->target.value, 9, &fd)))
            continue;
        if (str_starts(d->op, STR("<<")) || str_is(d->target.value, "/dev/null"))
            continue;
        return true;
    }
    return false;
}

/* ---- words that may be none ----------------------------------------------------------------- */

/* The length of the expansion that `s` begins with; 0 when it begins with anything else. */
static size_t expansion_length(struct str s)
{
    size_t depth = 0, i = 1;
    if (s.n < 2 || s.p[0] != '$')
        return 0;
    if (s.p[1] != '{' && s.p[1] != '(') {
        while (i < s.n && (s.p[i] == '_' || (s.p[i] >= '0' && s.p[i] <= '9') ||
                           ((s.p[i] | 32) >= 'a' && (s.p[i] | 32) <= 'z')))
            i++;
        return i > 1 ? i : 2;
    }
    for (; i < s.n; i++) {
        depth += s.p[i] == '{' || s.p[i] == '(';
        if ((s.p[i] == '}' || s.p[i] == ')') && !--depth)
            return i + 1;
    }
    return s.n;
}

/* The word may be no word at all once it is expanded: $A, "$@", "${a[@]}", *.sh. */
static bool may_vanish(const struct shell_word *w)
{
    struct str s = w->value;
    if (w->literal || (w->quoted && str_chr(s, '@') < 0))
        return false;
    for (size_t n; (n = expansion_length(s)) > 0;)
        s = str_from(s, n);
    bool pattern = str_chr(s, '*') >= 0 || str_chr(s, '?') >= 0 || str_chr(s, '[') >= 0;
    return !s.n || s.p[0] == '`' || pattern || str_chr(s, '@') >= 0;
}

/* ---- set ------------------------------------------------------------------------------------ */

struct script_switches script_switches(const struct shell_command *c)
{
    struct script_switches out = {.errexit = 0};
    for (size_t i = 1; i < c->words.n; i++) {
        struct str w = c->words.v[i].value;
        out.unknown |= !c->words.v[i].literal;
        if (!c->words.v[i].literal || w.n < 2 || (w.p[0] != '-' && w.p[0] != '+')) {
            out.arguments = true;
            break;
        }
        if (str_is(w, "--")) {
            out.arguments = true;
            break;
        }
        int on = w.p[0] == '-' ? 1 : -1;
        if (str_chr(w, 'e') > 0)
            out.errexit = on;
        if (str_chr(w, 'o') > 0 && i + 1 < c->words.n) {
            struct str name = c->words.v[++i].value;
            if (str_is(name, "errexit"))
                out.errexit = on;
            else if (str_is(name, "pipefail"))
                out.pipefail = on;
            out.unknown |= !c->words.v[i].literal;
        }
    }
    return out;
}

static bool is_sure(const struct script_reader *r, struct script_state s)
{
    return (s.certain & SCRIPT_USER) && r->lowers;
}

/* set -- without a word that is surely there. */
static bool may_empty(const struct script_reader *r, const struct shell_command *c)
{
    for (size_t i = 1; i < c->words.n; i++) {
        const struct shell_word *w = &c->words.v[i];
        bool option = w->literal && w->value.n && strchr("-+", w->value.p[0]);
        if ((!option && !may_vanish(w)) || script_is_arguments(r, w))
            return false;
    }
    return true;
}

static struct script_outcome set(struct script_reader *r, const struct shell_command *c,
                                 struct script_state s)
{
    struct script_switches w = script_switches(c);
    r->shifted |= r->own && w.arguments && may_empty(r, c);
    if (s.possible & SCRIPT_USER) {
        if (w.errexit > 0 || w.unknown)
            r->errexit = r->errexit_ever = true;
        else if (w.errexit < 0 && is_sure(r, s))
            r->errexit = false;
        if (w.pipefail > 0 || w.unknown)
            r->pipefail = true;
        else if (w.pipefail < 0 && is_sure(r, s))
            r->pipefail = false;
        r->errexit_sure |= w.errexit > 0 && (s.certain & SCRIPT_USER) && !r->process;
    }
    return script_either(s);
}

/* ---- what ends a way ------------------------------------------------------------------------ */

/* A failure where only a user comes who is not root. */
static void note_refusal(struct script_reader *r, size_t command, struct script_state s)
{
    enum script_refusal refusal = s.certain & SCRIPT_USER ? SCRIPT_REFUSES_NONROOT
                                  : s.sure & SCRIPT_USER  ? SCRIPT_MAY_REFUSE_NONROOT
                                                          : SCRIPT_TAKES_NONROOT;
    if (r->process || s.possible != SCRIPT_USER || refusal <= r->refusal)
        return;
    r->refusal = refusal;
    r->refusal_at = s.guard == SIZE_MAX ? command : s.guard;
}

/* Gone. If a redirection fails, some shells go on. */
static struct script_outcome leave(const struct shell_command *c, struct script_state s,
                                   bool surely)
{
    struct script_outcome o = script_outcome(0, 0, UINT64_MAX);
    if (!surely || script_opens(c))
        o = script_either(s);
    o.left = s.possible;
    return o;
}

/* With a number that is not 0 the script fails; with anything else it may be done. */
static struct script_outcome exit_script(struct script_reader *r, size_t command,
                                         struct script_state s)
{
    const struct shell_command *c = &r->shell->commands.v[command];
    uint64_t status = 0;
    struct script_outcome o = leave(c, s, true);
    if (c->words.n == 2 && c->words.v[1].literal)
        str_to_u64(c->words.v[1].value, 255, &status);
    if (status) {
        note_refusal(r, command, s);
        o.failed = o.left;
        o.left = SCRIPT_NOBODY;
    }
    return o;
}

static struct script_outcome back(struct script_reader *r, const struct shell_command *c,
                                  struct script_state s)
{
    uint64_t status = 1;
    bool literal =
        c->words.n == 2 && c->words.v[1].literal && str_to_u64(c->words.v[1].value, 255, &status);
    if (!r->calls)
        return leave(c, s, false); /* bash says that it can't, and goes on */
    struct script_outcome o = leave(c, s, true);
    o.back = o.left;
    o.left = SCRIPT_NOBODY;
    if (r->process > r->function_process)
        return o;
    if (!literal || !status)
        r->return_yes |= s.possible;
    if (!literal || status)
        r->return_no |= s.possible;
    r->return_known &= s.known;
    return o;
}

size_t script_exec_program(const struct shell_command *c)
{
    size_t i = 1;
    for (; i < c->words.n; i++) {
        struct str w = c->words.v[i].value;
        if (!c->words.v[i].literal || w.n < 2 || w.p[0] != '-')
            return i;
        if (str_is(w, "--"))
            return i + 1;
        i += w.p[w.n - 1] == 'a';
    }
    return i < c->words.n ? i : c->words.n;
}

/* exec: with a program that is one it does not come back. Of "$@" that is taken for granted, unless
 * this is the walk without arguments. */
static struct script_outcome exec(const struct script_reader *r, const struct shell_command *c,
                                  struct script_state s)
{
    size_t at = script_exec_program(c);
    bool words = false, surely = false;
    for (size_t i = at; i < c->words.n; i++) {
        words = true;
        surely |= !may_vanish(&c->words.v[i]) ||
                  (r->own && !r->bare && !r->shifted && script_is_arguments(r, &c->words.v[i]));
    }
    if (!words)
        return script_either(s);
    return leave(c, s, surely && !r->execfail);
}

/* ---- functions, and what may call one ------------------------------------------------------- */

static bool runs_functions(const struct script_reader *r, struct str text)
{
    struct script_function *f;
    struct shell_script s = shell_read(r->arena, text);
    VEC_EACH (c, &s.commands)
        if (!c->words.n || !c->words.v[0].literal || script_functions(r, c->words.v[0].value, &f))
            return true;
    return !s.complete;
}

static struct script_outcome trap(struct script_reader *r, const struct shell_command *c,
                                  struct script_state s)
{
    struct str handler = c->words.n > 1 ? c->words.v[1].value : STR_NULL;
    if (handler.n && r->functions.n && runs_functions(r, handler))
        r->dynamic |= s.possible;
    for (size_t i = 2; i < c->words.n; i++)
        if (str_is(c->words.v[i].value, "ERR") && (s.possible & SCRIPT_USER))
            r->errexit = r->errexit_ever = true;
    return script_either(s);
}

/* Something runs that may be any function of the script. */
static struct script_outcome any_function(struct script_reader *r, struct script_state s)
{
    r->dynamic |= s.possible;
    if (r->functions.n)
        s.known = 0;
    return script_either(s);
}

void script_lose_functions(struct script_reader *r)
{
    VEC_EACH (f, &r->functions)
        f->defined = false;
    r->lost_functions++;
}

/* Something runs that may define functions and set variables. */
static struct script_outcome unknown_text(struct script_reader *r, struct str program,
                                          struct script_state s)
{
    script_lose_functions(r);
    r->shifted |= str_is(program, "eval");
    s.known = 0;
    return any_function(r, s);
}

/* unset -f NAME, and unset NAME where there is no variable of that name. */
static struct script_outcome unset(struct script_reader *r, const struct shell_command *c,
                                   struct script_state s)
{
    struct script_function *f;
    for (size_t i = 1; i < c->words.n; i++) {
        size_t n = script_functions(r, c->words.v[i].value, &f);
        if (!c->words.v[i].literal && r->functions.n) {
            f = r->functions.v;
            n = r->functions.n;
        }
        r->lost_functions += n > 0;
        while (n--)
            f[n].defined = false;
    }
    return script_either(s);
}

/* Of several functions of one name, or one that may not be there yet, nobody knows what it does. */
static struct script_outcome call(struct script_reader *r, const struct shell_command *c,
                                  struct script_function *f, size_t n, struct script_state s)
{
    bool own = r->own && c->words.n == 2 && script_is_arguments(r, &c->words.v[1]);
    if (n == 1 && f->top && f->defined && !script_opens(c))
        return script_call(r, f, s, own);
    struct script_outcome o = script_either(s);
    struct script_state maybe = s;
    maybe.certain = maybe.sure = SCRIPT_NOBODY;
    o.known_yes = o.known_no = 0;
    while (n--) {
        struct script_outcome one = script_call(r, &f[n], maybe, own);
        o.left |= one.left;
        o.failed |= one.failed;
    }
    return o;
}

static struct script_outcome declare(struct script_reader *r, const struct shell_command *c,
                                     struct script_state s)
{
    for (size_t i = 1; i < c->words.n; i++) {
        struct str w = c->words.v[i].value;
        if (str_starts(w, STR("-")) && str_chr(w, 'f') > 0)
            r->dynamic |= s.possible; /* another shell may get them */
    }
    return script_either(s);
}

/* ---- all of it ------------------------------------------------------------------------------ */

static struct script_outcome test(struct script_reader *r, size_t command, struct script_state s)
{
    struct script_outcome o = script_test(r, &r->shell->commands.v[command], s);
    if (o.yes != o.no)
        r->last_test = command;
    return o;
}

static struct script_outcome no_program(const struct shell_command *c, bool plain,
                                        struct script_state s)
{
    bool fails = !plain || script_opens(c);
    return script_outcome(s.possible, fails ? s.possible : SCRIPT_NOBODY, s.known);
}

static struct script_outcome builtin(struct script_reader *r, size_t command, struct script_state s)
{
    static const char *const tests[] = {"[", "[[", "test", NULL};
    static const char *const texts[] = {".", "source", "eval", NULL};
    static const char *const callers[] = {"alias", "coproc", "time", NULL};
    const struct shell_command *c = &r->shell->commands.v[command];
    struct str program = c->words.v[0].value;
    if (str_is(program, "exit"))
        return exit_script(r, command, s);
    if (str_is(program, "return"))
        return back(r, c, s);
    if (str_is(program, "exec"))
        return exec(r, c, s);
    if (str_is(program, "set"))
        return set(r, c, s);
    if (str_is(program, "trap"))
        return trap(r, c, s);
    if (str_is(program, "unset"))
        return unset(r, c, s);
    if (str_is(program, "shift"))
        r->shifted |= r->own;
    if (script_declares(c))
        return declare(r, c, s);
    if (is_one_of(program, tests))
        return test(r, command, s);
    if (is_one_of(program, texts))
        return unknown_text(r, program, s);
    return is_one_of(program, callers) ? any_function(r, s) : script_either(s);
}

struct script_outcome script_command(struct script_reader *r, size_t command, bool plain,
                                     struct script_state s)
{
    const struct shell_command *c = &r->shell->commands.v[command];
    struct script_function *f;
    s.known = script_id_assign(r, c, s.known);
    if (!c->words.n)
        return no_program(c, plain, s);
    struct str program = c->words.v[0].value;
    if (str_starts(program, STR("((")) && c->words.n == 1)
        return test(r, command, s);
    if (!c->words.v[0].literal)
        return any_function(r, s);
    size_t n = script_functions(r, program, &f);
    if (n)
        return call(r, c, f, n, s);
    bool sure = !script_opens(c);
    if (sure && (str_is(program, "true") || str_is(program, ":")))
        return script_outcome(s.possible, SCRIPT_NOBODY, s.known);
    if (sure && str_is(program, "false"))
        return script_outcome(SCRIPT_NOBODY, s.possible, s.known);
    return builtin(r, command, s);
}
