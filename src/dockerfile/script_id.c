/*
 * Words and variables that are the id of the user who runs the script: $(id -u), `whoami`, $EUID,
 * and a variable that is never set to anything else.
 *
 * Which variables hold the id at a place is a matter of the walk (`known`): each command that sets
 * variables adds to them or takes away, and one that could set any variable takes all away. What
 * sets variables out of order, traps and ${A:=x} and (( A = x )), spoils them for good.
 */
#include "dockerfile/script_reader.h"

enum { ID_TEXT_MAX = 80 };

static bool is_name(struct str s)
{
    for (size_t i = 0; i < s.n; i++) {
        char c = s.p[i];
        bool digit = c >= '0' && c <= '9';
        if (!(c == '_' || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (digit && i)))
            return false;
    }
    return s.n > 0;
}

static bool is_basename(struct str program, const char *name)
{
    return str_is(program, name) ||
           (str_starts(program, STR("/")) && str_is(str_basename(program), name));
}

/* id -u, id -un and how else it is spelled; not the id of somebody else. */
static enum script_id_kind id_options(const struct shell_command *c)
{
    bool user = false, name = false;
    for (size_t i = 1; i < c->words.n; i++) {
        struct str w = c->words.v[i].value;
        if (str_is(w, "--user")) {
            user = true;
        } else if (str_is(w, "--name")) {
            name = true;
        } else if (!str_is(w, "--real")) {
            if (w.n < 2 || w.p[0] != '-')
                return SCRIPT_ID_NONE;
            for (size_t k = 1; k < w.n; k++) {
                if (!strchr("unr", w.p[k]))
                    return SCRIPT_ID_NONE;
                user |= w.p[k] == 'u';
                name |= w.p[k] == 'n';
            }
        }
    }
    return !user ? SCRIPT_ID_NONE : name ? SCRIPT_ID_NAME : SCRIPT_ID_NUMBER;
}

/* The inside of $( ) or ` `. */
static enum script_id_kind command_kind(const struct script_reader *r, struct str text)
{
    if (text.n > ID_TEXT_MAX)
        return SCRIPT_ID_NONE;
    struct shell_script s = shell_read(r->arena, text);
    if (!s.complete || s.commands.n != 1)
        return SCRIPT_ID_NONE;
    const struct shell_command *c = &s.commands.v[0];
    if (c->depth || c->negated || c->background || c->assigns.n || !c->words.n)
        return SCRIPT_ID_NONE;
    VEC_EACH (w, &c->words)
        if (!w->literal)
            return SCRIPT_ID_NONE;
    VEC_EACH (d, &c->redirects)
        if (d->fd != 2 || !str_is(d->target.value, "/dev/null") || d->op.p[0] != '>')
            return SCRIPT_ID_NONE;
    if (is_basename(c->words.v[0].value, "whoami"))
        return c->words.n == 1 ? SCRIPT_ID_NAME : SCRIPT_ID_NONE;
    return is_basename(c->words.v[0].value, "id") ? id_options(c) : SCRIPT_ID_NONE;
}

static ptrdiff_t find_variable(const struct script_reader *r, struct str name)
{
    for (size_t i = 0; i < r->variables.n; i++)
        if (str_eq(r->variables.v[i].name, name))
            return (ptrdiff_t)i;
    return -1;
}

static bool is_special(const struct script_reader *r, struct str name)
{
    return r->bash && (str_is(name, "EUID") || str_is(name, "UID"));
}

enum script_id_kind script_id_variable(const struct script_reader *r, struct str name,
                                       uint64_t known)
{
    if (is_special(r, name))
        return SCRIPT_ID_NUMBER;
    ptrdiff_t i = find_variable(r, name);
    if (i < 0 || r->variables.v[i].spoiled || !(known >> i & 1))
        return SCRIPT_ID_NONE;
    return r->variables.v[i].kind;
}

/* The inside of ${ }: a name, or EUID with what would be taken if it were not set. */
static enum script_id_kind parameter_kind(const struct script_reader *r, struct str s,
                                          uint64_t known)
{
    if (is_name(s))
        return script_id_variable(r, s, known);
    ptrdiff_t minus = str_chr(s, '-');
    if (minus < 1 || str_chr(s, '{') >= 0 || str_chr(s, '}') >= 0)
        return SCRIPT_ID_NONE;
    size_t end = (size_t)minus - (s.p[minus - 1] == ':');
    struct str name = str_sub(s, 0, end);
    return is_special(r, name) ? SCRIPT_ID_NUMBER : SCRIPT_ID_NONE;
}

struct script_id script_id(const struct script_reader *r, struct str raw, uint64_t known)
{
    struct script_id id = {.kind = SCRIPT_ID_NONE};
    bool quoted = raw.n > 2 && raw.p[0] == '"' && raw.p[raw.n - 1] == '"';
    struct str s = quoted ? str_sub(raw, 1, raw.n - 1) : raw;
    char last = s.n ? s.p[s.n - 1] : 0;
    if (s.n < 2 || str_chr(s, '"') >= 0 || str_chr(s, '\\') >= 0)
        return id;
    if (s.p[0] == '`' && str_chr(str_from(s, 1), '`') == (ptrdiff_t)s.n - 2)
        id.kind = command_kind(r, str_sub(s, 1, s.n - 1));
    else if (str_starts(s, STR("$(")) && last == ')')
        id.kind = command_kind(r, str_sub(s, 2, s.n - 1));
    else if (str_starts(s, STR("${")) && last == '}')
        id.kind = parameter_kind(r, str_sub(s, 2, s.n - 1), known);
    else if (s.p[0] == '$' && is_name(str_from(s, 1)))
        id.kind = script_id_variable(r, str_from(s, 1), known);
    id.solid = id.kind != SCRIPT_ID_NONE && (quoted || (id.kind == SCRIPT_ID_NUMBER && !r->split));
    return id;
}

/* ---- what sets a variable ------------------------------------------------------------------- */

bool script_declares(const struct shell_command *c)
{
    static const char *const names[] = {"export", "local", "declare", "readonly", "typeset"};
    for (size_t i = 0; c->words.n && i < sizeof names / sizeof *names; i++)
        if (str_is(c->words.v[0].value, names[i]))
            return true;
    return false;
}

/* "NAME=value" as it stands in the text. False for anything else. */
static bool split_assign(struct str raw, struct str *name, struct str *value)
{
    ptrdiff_t equals = str_chr(raw, '=');
    if (equals < 1)
        return false;
    *name = str_sub(raw, 0, (size_t)equals);
    *value = str_from(raw, (size_t)equals + 1);
    return is_name(*name);
}

/* What one assignment does. */
typedef void assign_user(const struct script_reader *r, void *ctx, struct str name,
                         struct str value);

/* Every assignment that an assignment or a declaration makes. One that can't be read, like
 * A[1]=x, A+=x or export $x, comes without name or value. */
static void each_assign(const struct script_reader *r, const struct shell_command *c,
                        assign_user *use, void *ctx)
{
    struct str name, value;
    VEC_EACH (a, &c->assigns) {
        bool plain = split_assign(script_text(r, a->raw), &name, &value);
        use(r, ctx, a->name, plain ? value : STR_NULL);
    }
    for (size_t i = 1; script_declares(c) && i < c->words.n; i++) {
        const struct shell_word *w = &c->words.v[i];
        bool option = w->literal && str_starts(w->value, STR("-"));
        if (split_assign(script_text(r, w->raw), &name, &value))
            use(r, ctx, name, value);
        else if (option ? str_chr(w->value, 'n') > 0 : !w->literal || !is_name(w->value))
            use(r, ctx, STR_NULL, STR_NULL);
    }
}

static void find_candidate(const struct script_reader *r, void *ctx, struct str name,
                           struct str value)
{
    struct script_reader *out = ctx;
    enum script_id_kind kind = script_id(r, value, 0).kind;
    if (kind == SCRIPT_ID_NONE || !name.n || r->variables.n >= SCRIPT_VARIABLES_MAX ||
        find_variable(r, name) >= 0)
        return;
    *vec_push(out->arena, &out->variables) = (struct script_variable){.name = name, .kind = kind};
}

static uint64_t bit_of(const struct script_reader *r, struct str name)
{
    ptrdiff_t i = find_variable(r, name);
    return i < 0 ? 0 : (uint64_t)1 << i;
}

uint64_t script_id_forget(const struct script_reader *r, struct str name, uint64_t known)
{
    return known & ~bit_of(r, name);
}

/* One that lasts only as long as a program must not be taken for more. */
struct assigning {
    uint64_t known;
    bool lasts;
};

static void assign(const struct script_reader *r, void *ctx, struct str name, struct str value)
{
    struct assigning *to = ctx;
    ptrdiff_t i = find_variable(r, name);
    if (!name.n) {
        to->known = 0;
    } else if (i >= 0) {
        to->known &= ~bit_of(r, name);
        if (to->lasts && script_id(r, value, 0).kind == r->variables.v[i].kind)
            to->known |= bit_of(r, name);
    }
}

/* Builtins that set the variables that they are given by name. */
static bool is_setter(const struct shell_command *c)
{
    static const char *const names[] = {"read", "getopts", "mapfile", "readarray",
                                        "let",  "unset",   "wait"};
    struct str program = c->words.n ? c->words.v[0].value : STR_NULL;
    if (str_is(program, "printf"))
        return c->words.n > 1 && str_starts(c->words.v[1].value, STR("-v"));
    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        if (str_is(program, names[i]))
            return true;
    return false;
}

/* Those whose names occur in `s`. */
static uint64_t named_in(const struct script_reader *r, struct str s)
{
    uint64_t bits = 0;
    for (size_t i = 0; i < r->variables.n; i++)
        if (str_find(s, r->variables.v[i].name) >= 0)
            bits |= (uint64_t)1 << i;
    return bits;
}

static uint64_t set_by_builtin(const struct script_reader *r, const struct shell_command *c)
{
    uint64_t bits = 0;
    bool numbers = str_is(c->words.v[0].value, "wait"); /* a variable there is a process */
    for (size_t i = 1; i < c->words.n; i++) {
        if (!c->words.v[i].literal && !numbers)
            return UINT64_MAX;
        bits |= named_in(r, c->words.v[i].value);
    }
    return bits;
}

uint64_t script_id_assign(const struct script_reader *r, const struct shell_command *c,
                          uint64_t known)
{
    if (!r->variables.n)
        return known;
    struct assigning to = {known, !c->words.n || script_declares(c)};
    /* local NAME is a new one; so that local NAME=x is not lost, that comes second */
    bool fresh = script_declares(c) && !str_is(c->words.v[0].value, "export") &&
                 !str_is(c->words.v[0].value, "readonly");
    for (size_t i = 1; fresh && i < c->words.n; i++)
        to.known = script_id_forget(r, c->words.v[i].value, to.known);
    each_assign(r, c, assign, &to);
    if (is_setter(c))
        to.known &= ~set_by_builtin(r, c);
    return to.known;
}

/* ---- what sets one unseen ------------------------------------------------------------------- */

static void spoil(struct script_reader *r, uint64_t bits)
{
    for (size_t i = 0; i < r->variables.n; i++)
        r->variables.v[i].spoiled |= bits >> i & 1;
}

/* Whether an expression inside of (( )) may set a variable. */
static bool sets_in_arithmetic(struct str s)
{
    if (str_has(s, "++") || str_has(s, "--"))
        return true;
    for (size_t i = 0; i < s.n; i++) {
        if (s.p[i] != '=')
            continue;
        if (i + 1 < s.n && s.p[i + 1] == '=')
            i++;
        else if (!i || !strchr("!<>", s.p[i - 1]) || (i > 1 && s.p[i - 1] == s.p[i - 2]))
            return true;
    }
    return false;
}

/* ${NAME=x} and (( NAME = x )), wherever they stand. */
static void spoil_by_expansion(struct script_reader *r)
{
    struct str text = r->shell->text;
    VEC_EACH (v, &r->variables) {
        struct str open = str_cat(r->arena, STR("{"), v->name);
        v->spoiled |= str_find(text, str_cat(r->arena, open, STR("="))) >= 0 ||
                      str_find(text, str_cat(r->arena, open, STR(":="))) >= 0;
    }
    for (ptrdiff_t at; (at = str_find(text, STR("(("))) >= 0;) {
        text = str_from(text, (size_t)at + 2);
        ptrdiff_t end = str_find(text, STR("))"));
        struct str inside = str_sub(text, 0, end < 0 ? text.n : (size_t)end);
        if (sets_in_arithmetic(inside))
            spoil(r, named_in(r, inside));
        text = str_from(text, inside.n);
    }
}

/* A trap's text runs at any time, with all functions that it calls. */
static void spoil_by_trap(struct script_reader *r)
{
    bool any = false;
    VEC_EACH (c, &r->shell->commands)
        any |= c->words.n > 1 && str_is(c->words.v[0].value, "trap") && c->words.v[1].value.n > 1;
    if (!any)
        return;
    VEC_EACH (c, &r->shell->commands) {
        struct assigning to = {UINT64_MAX, true};
        each_assign(r, c, assign, &to);
        spoil(r, ~to.known | (is_setter(c) ? set_by_builtin(r, c) : 0));
        for (size_t i = 1;
             str_is(c->words.n ? c->words.v[0].value : STR_NULL, "trap") && i < c->words.n; i++)
            spoil(r, named_in(r, c->words.v[i].value));
    }
    VEC_EACH (w, &r->shell->others)
        spoil(r, bit_of(r, w->value));
}

/* declare -n X=NAME: from then on X is NAME. */
static void spoil_by_reference(struct script_reader *r)
{
    VEC_EACH (c, &r->shell->commands)
        for (size_t i = 1; script_declares(c) && i < c->words.n; i++) {
            const struct shell_word *w = &c->words.v[i];
            if (str_starts(w->value, STR("-")) && str_chr(w->value, 'n') > 0)
                spoil(r, UINT64_MAX);
        }
}

void script_id_scan(struct script_reader *r)
{
    VEC_EACH (c, &r->shell->commands)
        each_assign(r, c, find_candidate, r);
    if (!r->variables.n)
        return;
    spoil_by_expansion(r);
    spoil_by_trap(r);
    spoil_by_reference(r);
}
