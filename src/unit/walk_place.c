/*
 * Where a start command is, and what its words come to. A relative path is the user's only where it
 * is proven which directory it lies in; a word with variables only where it is proven what they
 * hold.
 */
#include "base/buf.h"
#include "unit/framework.h"
#include "unit/operand.h"
#include "unit/path.h"
#include "unit/walk.h"

enum { NESTING_MAX = 4, VARIABLES_MAX = 200, WORD_MAX = 400 };

static bool expand(struct walk *w, struct str text, unsigned depth, struct str *out);

/* ---- variables ------------------------------------------------------------------------------ */

static const struct walk_variable *variable(const struct walk *w, struct str name)
{
    for (size_t i = w->variables.n; i-- > 0;)
        if (str_eq(w->variables.v[i].name, name))
            return &w->variables.v[i];
    return NULL;
}

/* Does ENV set it? */
static bool is_set(const struct walk *w, struct str name)
{
    VEC_EACH (v, &w->o->stage->vars)
        if (str_eq(v->name, name))
            return true;
    return false;
}

void walk_set_variable(struct walk *w, struct str name, const struct shell_word *value)
{
    struct walk_variable v = {.name = name};
    const struct walk_variable *old = variable(w, name);
    bool known = value && (value->literal || walk_resolve(w, value, &v.value));
    if (known && value->literal)
        v.value = value->value;
    bool perhaps = (w->maybe || w->in_subshell) &&
                   (old ? !old->known || !str_eq(old->value, v.value) : is_set(w, name));
    v.known = known && !perhaps;
    if (w->variables.n < VARIABLES_MAX)
        *vec_push(w->o->unit->arena, &w->variables) = v;
    else
        w->variables_lost = true;
}

void walk_declare(struct walk *w, const struct shell_word *words, size_t n)
{
    static const char *const programs[] = {"export",  "local", "readonly", "declare",
                                           "typeset", "read",  NULL};
    bool declares = false;
    for (const char *const *p = programs; *p; p++)
        declares |= str_is(words[0].value, *p);
    for (size_t i = 1; declares && i < n; i++) {
        struct str v = words[i].value;
        ptrdiff_t eq = str_chr(v, '=');
        struct shell_word value = words[i];
        if (eq > 0) {
            value.value = str_from(v, (size_t)eq + 1);
            walk_set_variable(w, str_sub(v, 0, (size_t)eq), &value);
        } else if (str_is(words[0].value, "read") && !walk_is_option(v)) {
            walk_set_variable(w, v, NULL);
        }
    }
}

static size_t name_length(struct str s)
{
    size_t n = 0;
    while (n < s.n && (s.p[n] == '_' || (s.p[n] >= '0' && s.p[n] <= '9' && n) ||
                       ((s.p[n] | 32) >= 'a' && (s.p[n] | 32) <= 'z')))
        n++;
    return n;
}

/* ---- $(dirname "$0") and its like ----------------------------------------------------------- */

/* The length of "$(…)" that `s` begins with; 0 when it does not end. */
static size_t substitution_length(struct str s)
{
    size_t depth = 0;
    for (size_t i = 1; i < s.n; i++) {
        depth += s.p[i] == '(';
        if (s.p[i] == ')' && !--depth)
            return i + 1;
    }
    return 0;
}

/* "x" of `"x"`; a text of several words is left as it is, and comes to nothing. */
static struct str unquoted(struct str s)
{
    if (s.n >= 2 && s.p[0] == '"' && s.p[s.n - 1] == '"')
        return str_sub(s, 1, s.n - 1);
    return s;
}

static bool take(struct str *s, const char *start)
{
    if (!str_starts(*s, str_of(start)))
        return false;
    *s = str_from(*s, strlen(start));
    return true;
}

static struct str parent_of(struct walk *w, struct str path)
{
    return stage_join(w->o->unit->arena, path, STR(".."));
}

/* $(date +%F), $(hostname): no path that leads elsewhere. */
static bool is_plain_name(struct str command)
{
    return str_is(command, "hostname") || str_is(command, "date") ||
           (str_starts(command, STR("date ")) && str_chr(command, '.') < 0 &&
            str_chr(command, '$') < 0 && str_chr(command, ';') < 0 && str_chr(command, '|') < 0);
}

/* What the command in $( ) prints, where that is a path. */
static bool printed(struct walk *w, struct str command, unsigned depth, struct str *out)
{
    struct str s = command;
    bool dirname = take(&s, "dirname "),
         same = !dirname && (take(&s, "readlink -f ") || take(&s, "realpath "));
    bool cd = !dirname && !same && take(&s, "cd ");
    if (cd) {
        ptrdiff_t end = str_find(s, STR("&& pwd"));
        if (end < 0)
            return false;
        s = str_sub(s, 0, (size_t)end);
    }
    take(&s, "-- ");
    while (s.n && s.p[s.n - 1] == ' ')
        s = str_sub(s, 0, s.n - 1);
    s = unquoted(s);
    if ((!dirname && !same && !cd) || (!str_starts(s, STR("$(")) && str_chr(s, ' ') >= 0) ||
        !expand(w, s, depth + 1, out) || !out->n)
        return false;
    *out = walk_place(w, *out);
    if (dirname && out->n)
        *out = parent_of(w, *out);
    return out->n > 0;
}

/* ---- words ---------------------------------------------------------------------------------- */

/* "$0", ${BASH_SOURCE[0]}, ${0%…}: the script that is being read, which is where it was when it was
 * started. */
static bool own_name(struct walk *w, struct str *rest, struct buf *out)
{
    static const char *const names[] = {
        "${BASH_SOURCE[0]}", "${BASH_SOURCE}", "$BASH_SOURCE", "${0}", "$0", NULL};
    static const char *const dirs[] = {"${BASH_SOURCE[0]%/*}", "${BASH_SOURCE%/*}", "${0%/*}",
                                       NULL};
    if (!w->script.n || !str_eq(w->here, w->workdir))
        return false;
    for (const char *const *name = names; *name; name++)
        if (take(rest, *name)) {
            buf_add(out, w->script);
            return true;
        }
    for (const char *const *name = dirs; *name; name++)
        if (take(rest, *name)) {
            buf_add(out, parent_of(w, w->script));
            return true;
        }
    return false;
}

/* One thing with a $, off the front of `rest`. What ENV sets is left for operand_path(). */
static bool expand_one(struct walk *w, struct str *rest, unsigned depth, struct buf *out)
{
    struct str s = *rest, value;
    if (own_name(w, rest, out))
        return true;
    if (take(rest, "$$")) {
        buf_add(out, STR("1"));
        return true;
    }
    if (str_starts(s, STR("$("))) {
        size_t n = substitution_length(s);
        *rest = str_from(s, n);
        if (n && is_plain_name(str_sub(s, 2, n - 1)))
            value = STR("x");
        else if (!n || !printed(w, str_sub(s, 2, n - 1), depth, &value))
            return false;
        buf_add(out, value);
        return true;
    }
    bool braces = s.n > 1 && s.p[1] == '{';
    size_t from = braces ? 2 : 1, n = name_length(str_from(s, from));
    struct str name = str_sub(s, from, from + n);
    const struct walk_variable *v = variable(w, name);
    bool plain = !braces || (from + n < s.n && s.p[from + n] == '}');
    if (!n || (v && (!plain || !v->known)))
        return false;
    if (str_is(name, "PWD") && plain && !v) {
        buf_add(out, w->here);
    } else if (v) {
        buf_add(out, v->value);
    } else {
        buf_add(out, str_sub(s, 0, from + n + (braces && plain)));
    }
    *rest = str_from(s, from + n + (braces && plain));
    return !str_is(name, "PWD") || w->here.n;
}

static bool expand(struct walk *w, struct str text, unsigned depth, struct str *out)
{
    struct buf made = buf_in(w->o->unit->arena);
    struct stage_step now = {.vars = w->o->stage->vars.n};
    if (depth > NESTING_MAX || text.n > WORD_MAX || w->variables_lost)
        return false;
    for (ptrdiff_t at; (at = str_chr(text, '$')) >= 0;) {
        buf_add(&made, str_sub(text, 0, (size_t)at));
        text = str_from(text, (size_t)at);
        if (!expand_one(w, &text, depth, &made))
            return false;
    }
    buf_add(&made, text);
    *out = buf_str(&made);
    if (str_chr(*out, '`') >= 0 || str_starts(*out, STR("~")))
        return false;
    struct shell_word word = {.value = *out};
    return str_chr(*out, '$') < 0 ? out->n < WORD_MAX : operand_path(w->o->stage, &now, &word, out);
}

bool walk_resolve(struct walk *w, const struct shell_word *word, struct str *out)
{
    *out = word->value;
    return word->literal ? out->n > 0 : expand(w, word->value, 0, out) && out->n > 0;
}

/* ---- places --------------------------------------------------------------------------------- */

struct str walk_place(struct walk *w, struct str path)
{
    if (!str_starts(path, STR("/")) && !w->here.n)
        return STR("");
    return stage_join(w->o->unit->arena, w->here, path);
}

/* With the strict profile the code stays root's, but for what a framework writes to. */
static bool is_framework(struct walk *w, struct str path)
{
    if (!w->framework_known)
        w->framework = framework_writable(w->o->unit, w->o->stage);
    w->framework_known = true;
    for (size_t i = 0; i < w->framework.n; i++)
        if (stage_inside(path, w->framework.v[i]))
            return true;
    return false;
}

bool walk_is_own(struct walk *w, struct str path)
{
    bool workdir = w->o->unit->settings->profile != PROFILE_STRICT && path_is_workdir(w->workdir);
    return stage_inside(path, STR("/tmp")) || stage_inside(path, STR("/var/tmp")) ||
           (workdir && stage_inside(path, w->workdir)) || walk_is_made(w, path) ||
           is_framework(w, path);
}

/* To be called before each command. Behind a subshell it is where it was in front of it. */
void walk_at_command(struct walk *w, const struct shell_command *c, bool maybe)
{
    w->maybe = maybe;
    if (c->subshell && !w->in_subshell)
        w->outside = w->here;
    if (!c->subshell && w->in_subshell)
        w->here = w->outside;
    w->in_subshell = c->subshell;
    w->in_substitution = c->substitution;
}

/* Goes there, perhaps: then relative paths are known only as far as both places are the user's. */
static void go(struct walk *w, struct str place)
{
    if (!w->maybe && !w->in_subshell)
        w->here = place;
    else if (!place.n || !w->here.n || !walk_is_own(w, place) || !walk_is_own(w, w->here))
        w->here = STR("");
}

void walk_cd(struct walk *w, const struct shell_word *words, size_t n)
{
    size_t i = 1;
    struct str text = STR(""), place = STR("");
    while (i < n && (str_is(words[i].value, "--") || str_is(words[i].value, "-P") ||
                     str_is(words[i].value, "-L")))
        i++;
    if (i < n && !str_is(words[i].value, "-") && walk_resolve(w, &words[i], &text))
        place = walk_place(w, text);
    go(w, place);
    if (w->in_substitution)
        return;
    if (place.n)
        w->o->moved = place;
    else
        w->o->lost = i < n ? words[i].value : words[0].value;
}
