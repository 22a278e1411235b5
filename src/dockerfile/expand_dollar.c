/*
 * `$name` and `${name...}`. The word of a modifier is always read, as BuildKit does, because an
 * error in it counts even where its text is not used; its marks count only where it is used.
 */
#include "dockerfile/expand_internal.h"

#include "base/utf8.h"

/* BuildKit has no limit, but no honest file comes near this one. */
enum { DEPTH_MAX = 64 };

static const char no_brace[] = "syntax error: missing '}'";
static const char no_slash[] = "syntax error: missing '/' in ${}";

struct variable {
    bool set;
    struct expand_value value;
};

/* A ${name<mod>word} whose word has been read: it lies in the output from `mark` on. */
struct substitution {
    struct str name;
    struct str mod; /* ":-", as written */
    int32_t op;     /* its last character */
    bool colon;
    struct variable var;
    size_t mark;
    struct expand_marks inner; /* the word's */
};

/* ---- variables ------------------------------------------------------------------------------ */

static bool is_special_name(int32_t c)
{
    return c > 0 && c < 0x80 && memchr("@*#?-$!", c, 7);
}

/* All digits of $12, one character of $@, else letters, digits and underscores. */
static struct str read_name(struct expand_lexer *l)
{
    size_t from = l->at;
    int32_t c = expand_peek(l);
    if (is_special_name(c)) {
        l->at++;
        return str_sub(l->src, from, l->at);
    }
    bool number = c != EXPAND_END && expand_is_digit((uint32_t)c);
    while (c != EXPAND_END) {
        uint32_t cp = (uint32_t)c;
        if (!expand_is_digit(cp) && (number || (!expand_is_letter(cp) && cp != '_')))
            break;
        expand_next(l);
        c = expand_peek(l);
    }
    return str_sub(l->src, from, l->at);
}

static struct variable look_up(const struct expand_lexer *l, struct str name)
{
    struct variable v = {0};
    v.set = l->env.lookup && l->env.lookup(l->env.ctx, name, &v.value);
    return v.set ? v : (struct variable){0};
}

static bool is_kept(const struct expand_lexer *l, const struct variable *v)
{
    return l->env.keep_unset && !v->set;
}

static bool is_unknown(const struct variable *v)
{
    return v->set && !v->value.known;
}

static void note(struct expand_lexer *l, const struct variable *v)
{
    l->marks.argument |= v->set && v->value.argument;
    l->marks.unknown |= is_unknown(v);
}

static bool put_variable(struct expand_lexer *l, const struct variable *v)
{
    note(l, v);
    l->marks.unset |= !v->set;
    return !v->set || is_unknown(v) || expand_put(l, v->value.text);
}

/* $name or ${name}, read from `begin` to here. */
static bool plain(struct expand_lexer *l, struct str name, size_t begin)
{
    struct variable v = look_up(l, name);
    if (!is_kept(l, &v))
        return put_variable(l, &v);
    buf_add(&l->out, str_sub(l->src, begin, l->at));
    return true;
}

/* ---- nesting -------------------------------------------------------------------------------- */

static void merge(struct expand_lexer *l, struct expand_marks m)
{
    l->marks.unknown |= m.unknown;
    l->marks.argument |= m.argument;
    l->marks.unset |= m.unset;
}

/*
 * Reads a word up to `stop`. The part of a split word in front of it is lost: BuildKit uses one
 * buffer for both, so that EXPOSE 1${X:-2}3 gives the port 23.
 */
static bool read_word(struct expand_lexer *l, char stop, bool raw_escapes, const char *missing)
{
    bool was_raw = l->raw_escapes;
    if (l->depth == DEPTH_MAX)
        return expand_over_limit(l, "expansion is nested too deeply");
    l->pending.n = 0;
    l->raw_escapes = raw_escapes;
    l->depth++;
    bool ok = expand_until(l, stop);
    l->depth--;
    l->raw_escapes = was_raw;
    if (!ok && !l->over_limit && l->at == l->src.n)
        l->error = missing;
    return ok;
}

/* Reads a word and takes it out of the output again. */
static bool take_word(struct expand_lexer *l, char stop, const char *missing, struct str *word,
                      struct expand_marks *inner)
{
    size_t mark = l->out.n;
    struct expand_marks outer = l->marks;
    l->marks = (struct expand_marks){0};
    bool ok = read_word(l, stop, true, missing) && expand_spend(l, l->out.n - mark);
    *inner = l->marks;
    l->marks = outer;
    if (!ok)
        return false;
    *word = str_dup(l->arena, expand_since(l, mark));
    l->out.n = mark;
    return true;
}

/* ---- modifiers with one word ---------------------------------------------------------------- */

/* `mod` may end at the end of the text, which BuildKit shows as U+FFFD. */
static bool unsupported(struct expand_lexer *l, struct str mod, int32_t op)
{
    struct str end = op == EXPAND_END ? STR("\xEF\xBF\xBD") : STR("");
    struct str message = str_fmt(l->arena, "unsupported modifier (%.*s%.*s) in substitution",
                                 STR_ARG(mod), STR_ARG(end));
    return expand_fail(l, message.p);
}

/* An ARG without a value: unset, unless --build-arg sets it. */
static bool is_bare_argument(const struct variable *v)
{
    return is_unknown(v) && v->value.argument;
}

static bool is_missing(const struct substitution *s)
{
    return !s->var.set || (s->colon && s->var.value.known && !s->var.value.text.n);
}

/* ${v-w} and ${v+w}. An ARG without a value counts as unset here, because the word says what
 * happens then; elsewhere its value is unknown: ${v?} asks for a --build-arg, and there will be
 * one. */
static bool choose(struct expand_lexer *l, const struct substitution *s)
{
    bool bare = is_bare_argument(&s->var), unknown = is_unknown(&s->var) && !bare;
    bool use_word = (bare || is_missing(s)) == (s->op == '-');
    if (bare)
        l->marks.argument = true;
    else
        note(l, &s->var);
    if (unknown || use_word)
        merge(l, s->inner);
    if (use_word && !unknown)
        return true;
    l->out.n = s->mark;
    return unknown || s->op == '+' || expand_put(l, s->var.value.text);
}

/* ${v?message} */
static bool require(struct expand_lexer *l, const struct substitution *s)
{
    struct str why = expand_since(l, s->mark);
    if (!why.n)
        why = s->var.set ? STR("is not allowed to be empty") : STR("is not allowed to be unset");
    if (is_missing(s)) {
        struct str message = str_fmt(l->arena, "%.*s: %.*s", STR_ARG(s->name), STR_ARG(why));
        return expand_fail(l, message.p);
    }
    l->out.n = s->mark;
    return put_variable(l, &s->var);
}

static bool apply(struct expand_lexer *l, const struct substitution *s)
{
    switch (s->op) {
    case '-':
    case '+':
        return choose(l, s);
    case '?':
        return require(l, s);
    default:
        return unsupported(l, s->mod, s->op);
    }
}

/* ${name<mod>word}, unset and kept as written; words in it are expanded all the same. */
static bool keep(struct expand_lexer *l, struct str name, struct str mod, bool raw_escapes)
{
    buf_addz(&l->out, "${");
    buf_add(&l->out, name);
    buf_add(&l->out, mod);
    if (!read_word(l, '}', raw_escapes, no_brace))
        return false;
    buf_addc(&l->out, '}');
    return true;
}

static bool with_word(struct expand_lexer *l, struct substitution *s)
{
    struct expand_marks outer = l->marks;
    s->var = look_up(l, s->name);
    if (is_kept(l, &s->var))
        return keep(l, s->name, s->mod, false);
    s->mark = l->out.n;
    l->marks = (struct expand_marks){0};
    bool ok = read_word(l, '}', false, no_brace);
    s->inner = l->marks;
    l->marks = outer;
    return ok && apply(l, s);
}

/* ---- modifiers with patterns ---------------------------------------------------------------- */

/* Is there a value and a pattern to work with? Notes what takes part. */
static bool can_match(struct expand_lexer *l, const struct variable *v, struct expand_marks inner)
{
    merge(l, inner);
    note(l, v);
    l->marks.unset |= !v->set;
    return !inner.unknown && !is_unknown(v);
}

/* ${v#p} ${v##p} ${v%p} ${v%%p} */
static bool trim(struct expand_lexer *l, const struct substitution *s)
{
    struct variable v = look_up(l, s->name);
    struct expand_marks inner;
    struct str pattern;
    if (is_kept(l, &v))
        return keep(l, s->name, s->mod, true);
    if (!take_word(l, '}', no_brace, &pattern, &inner))
        return false;
    if (can_match(l, &v, inner))
        return expand_trim(l, v.value.text, pattern, (char)s->op);
    return inner.unknown || expand_pattern_check(l, pattern, (char)s->op);
}

/* ${v/p/r} ${v//p/r}, unset and kept as written: BuildKit forgets the second slash. */
static bool keep_replace(struct expand_lexer *l, struct str name)
{
    buf_addz(&l->out, "${");
    buf_add(&l->out, name);
    buf_addc(&l->out, '/');
    if (!read_word(l, '/', true, no_slash))
        return false;
    buf_addc(&l->out, '/');
    if (!read_word(l, '}', true, no_brace))
        return false;
    buf_addc(&l->out, '}');
    return true;
}

static bool replace(struct expand_lexer *l, struct str name)
{
    struct variable v = look_up(l, name);
    struct expand_marks in_pattern, in_replacement;
    struct str pattern, replacement;
    bool all = expand_peek(l) == '/';
    l->at += all;
    if (is_kept(l, &v))
        return keep_replace(l, name);
    if (!take_word(l, '/', no_slash, &pattern, &in_pattern) ||
        !take_word(l, '}', no_brace, &replacement, &in_replacement))
        return false;
    bool known = can_match(l, &v, in_pattern) && !in_replacement.unknown;
    merge(l, in_replacement);
    if (known)
        return expand_replace(l, v.value.text, pattern, replacement, all);
    return in_pattern.unknown || expand_pattern_check(l, pattern, '/');
}

/* ---- entry ---------------------------------------------------------------------------------- */

static bool modified(struct expand_lexer *l, struct str name, size_t from, int32_t op)
{
    struct substitution s = {.name = name, .op = op, .colon = op == ':'};
    if (s.colon)
        s.op = expand_next(l);
    s.mod = str_sub(l->src, from, l->at);
    bool pattern = s.op == '#' || s.op == '%';
    bool word = s.colon || s.op == '-' || s.op == '+' || s.op == '?';
    if (pattern ? s.colon : !word)
        return unsupported(l, s.mod, s.op);
    return pattern ? trim(l, &s) : with_word(l, &s);
}

static bool in_braces(struct expand_lexer *l)
{
    size_t begin = l->at++ - 1;
    int32_t c = expand_peek(l);
    if (c == EXPAND_END)
        return expand_fail(l, no_brace);
    if (c == '{' || c == '}' || c == ':')
        return expand_fail(l, "syntax error: bad substitution");
    struct str name = read_name(l);
    size_t from = l->at;
    c = expand_next(l);
    if (c == '}')
        return plain(l, name, begin);
    return c == '/' ? replace(l, name) : modified(l, name, from, c);
}

bool expand_dollar(struct expand_lexer *l)
{
    size_t begin = l->at++;
    if (expand_peek(l) == '{')
        return in_braces(l);
    struct str name = read_name(l);
    if (name.n)
        return plain(l, name, begin);
    buf_addc(&l->out, '$');
    return true;
}
