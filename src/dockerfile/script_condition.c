/*
 * Conditions: [ ], test, [[ ]] and (( )). Each is read as an expression whose parts answer for two
 * runs at once, who may find it true and who may find it false. Only a comparison of the user's id
 * with a constant tells them apart; all else may come out either way.
 *
 * A test that is in error is false, whatever it says. So where an operand may be missing or no
 * number the answer "false" stays open, and where unquoted words could turn into operators so does
 * everything.
 */
#include "dockerfile/script_reader.h"

enum { TEST_DEPTH_MAX = 32 };

struct test {
    const struct script_reader *r;
    const struct shell_word *words;
    size_t n, at;
    uint64_t known;
    bool brackets; /* [[ ]] */
    bool doubt;    /* it may be in error */
    bool blind;    /* it may be anything */
    unsigned depth;
};

static struct script_outcome verdict(unsigned yes, unsigned no)
{
    return (struct script_outcome){.yes = yes, .no = no};
}

static const struct script_outcome unknown = {.yes = SCRIPT_BOTH, .no = SCRIPT_BOTH};

static struct script_outcome negate(struct script_outcome v)
{
    return verdict(v.no, v.yes);
}

/* ---- comparisons ---------------------------------------------------------------------------- */

enum order { ORDER_EQ, ORDER_NE, ORDER_LT, ORDER_LE, ORDER_GT, ORDER_GE, ORDER_NONE };

/* The uid, 0 for root and anything else for others, against a constant. */
static struct script_outcome compare(enum order order, uint64_t k)
{
    const unsigned root = SCRIPT_ROOT, user = SCRIPT_USER;
    switch (order) {
    case ORDER_EQ:
        return verdict(k ? user : root, k ? root | user : user);
    case ORDER_NE:
        return negate(compare(ORDER_EQ, k));
    case ORDER_LT:
        return verdict((k > 0 ? root : 0) | (k > 1 ? user : 0), (k > 0 ? 0 : root) | user);
    case ORDER_LE:
        return verdict(root | (k > 0 ? user : 0), user);
    case ORDER_GT:
        return negate(compare(ORDER_LE, k));
    case ORDER_GE:
        return negate(compare(ORDER_LT, k));
    default:
        return unknown;
    }
}

static enum order reverse(enum order o)
{
    static const enum order other[] = {
        [ORDER_EQ] = ORDER_EQ,    [ORDER_NE] = ORDER_NE, [ORDER_LT] = ORDER_GT,
        [ORDER_LE] = ORDER_GE,    [ORDER_GT] = ORDER_LT, [ORDER_GE] = ORDER_LE,
        [ORDER_NONE] = ORDER_NONE};
    return other[o];
}

static struct script_outcome equal_text(enum script_id_kind kind, struct str s)
{
    uint64_t k;
    if (kind == SCRIPT_ID_NAME)
        return str_is(s, "root") ? verdict(SCRIPT_ROOT, SCRIPT_USER)
                                 : verdict(SCRIPT_USER, SCRIPT_BOTH);
    bool number = str_to_u64(s, UINT32_MAX, &k) && (s.p[0] != '0' || s.n == 1);
    return number ? compare(ORDER_EQ, k) : verdict(SCRIPT_NOBODY, SCRIPT_BOTH);
}

struct script_outcome script_match(enum script_id_kind kind, const struct shell_word *pattern)
{
    if (pattern->literal)
        return kind == SCRIPT_ID_NONE ? unknown : equal_text(kind, pattern->value);
    bool any = str_is(pattern->value, "*") && !pattern->quoted;
    return any ? verdict(SCRIPT_BOTH, SCRIPT_NOBODY) : unknown;
}

static enum order number_operator(struct str op)
{
    static const char *const names[] = {[ORDER_EQ] = "-eq", [ORDER_NE] = "-ne", [ORDER_LT] = "-lt",
                                        [ORDER_LE] = "-le", [ORDER_GT] = "-gt", [ORDER_GE] = "-ge"};
    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        if (str_is(op, names[i]))
            return (enum order)i;
    return ORDER_NONE;
}

static bool is_operator(const struct test *t, const struct shell_word *w, const char *name)
{
    return w->literal && !(t->brackets && w->quoted) && str_is(w->value, name);
}

static bool is_binary(const struct test *t, const struct shell_word *w)
{
    static const char *const names[] = {"=", "==", "!=", "<", ">", "=~", "-nt", "-ot", "-ef"};
    if (!w->literal || (t->brackets && w->quoted))
        return false;
    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        if (str_is(w->value, names[i]))
            return true;
    return number_operator(w->value) != ORDER_NONE;
}

static struct script_id word_id(const struct test *t, const struct shell_word *w)
{
    return script_id(t->r, script_text(t->r, w->raw), t->known);
}

static struct script_outcome compare_numbers(struct test *t, enum order order,
                                             const struct shell_word *a, const struct shell_word *b)
{
    uint64_t k = 0, other = 0;
    bool swap = a->literal;
    enum script_id_kind kind = word_id(t, swap ? b : a).kind;
    bool constant = (swap ? a : b)->literal && str_to_u64((swap ? a : b)->value, UINT32_MAX, &k);
    if (kind == SCRIPT_ID_NUMBER && constant)
        return compare(swap ? reverse(order) : order, k);
    t->doubt |= !(constant && (swap ? b : a)->literal &&
                  str_to_u64((swap ? b : a)->value, UINT32_MAX, &other));
    return unknown;
}

/* Whether the script was started or is read by another: it was started. */
static bool compare_source(const struct shell_word *a, const struct shell_word *b,
                           struct script_outcome *v)
{
    static const char *const names[] = {"$BASH_SOURCE", "${BASH_SOURCE}", "${BASH_SOURCE[0]}"};
    if (a->literal)
        return false;
    if (str_is(a->value, "${FUNCNAME[1]}") && b->literal && str_is(b->value, "source")) {
        *v = verdict(SCRIPT_NOBODY, SCRIPT_BOTH);
        return true;
    }
    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        if (str_is(a->value, names[i]) && !b->literal &&
            (str_is(b->value, "$0") || str_is(b->value, "${0}"))) {
            *v = verdict(SCRIPT_BOTH, SCRIPT_NOBODY);
            return true;
        }
    return false;
}

static struct script_outcome binary(struct test *t, const struct shell_word *a,
                                    const struct shell_word *op, const struct shell_word *b)
{
    enum order order = number_operator(op->value);
    if (order != ORDER_NONE)
        return compare_numbers(t, order, a, b);
    bool same = str_is(op->value, "=") || str_is(op->value, "==");
    if (!same && !str_is(op->value, "!=")) {
        t->doubt = true; /* not every shell has them */
        return unknown;
    }
    t->doubt |= op->value.n == 2 && same && !t->r->bash;
    bool swap = a->literal;
    enum script_id_kind kind = word_id(t, swap ? b : a).kind;
    struct script_outcome v = unknown;
    if (kind != SCRIPT_ID_NONE && (swap ? a : b)->literal)
        v = equal_text(kind, (swap ? a : b)->value);
    else if (t->r->bash && !compare_source(a, b, &v))
        compare_source(b, a, &v);
    return same ? v : negate(v);
}

/* ---- expressions ---------------------------------------------------------------------------- */

static struct script_outcome read_or(struct test *t);

static bool at_operator(const struct test *t, const char *name)
{
    return t->at < t->n && is_operator(t, &t->words[t->at], name);
}

static bool accept(struct test *t, const char *name)
{
    bool there = at_operator(t, name);
    t->at += there;
    return there;
}

static bool is_unary(struct test *t, const struct shell_word *w)
{
    if (!w->literal || (t->brackets && w->quoted) || w->value.n != 2 || w->value.p[0] != '-')
        return false;
    t->doubt |= !strchr("bcdefghLnprSsuwxz", w->value.p[1]);
    return true;
}

static struct script_outcome read_primary(struct test *t)
{
    const struct shell_word *w = t->words + t->at;
    size_t left = t->n - t->at;
    if (left >= 3 && is_binary(t, w + 1)) {
        t->at += 3;
        return binary(t, w, w + 1, w + 2);
    }
    if (accept(t, "(")) {
        struct script_outcome v = read_or(t);
        t->blind |= !accept(t, ")");
        return v;
    }
    size_t words = left >= 2 && is_unary(t, w) ? 2 : 1;
    t->blind |= left < words;
    t->at += words;
    return unknown;
}

static struct script_outcome read_not(struct test *t)
{
    bool negated = false;
    while (at_operator(t, "!") && !(t->n - t->at >= 3 && is_binary(t, &t->words[t->at + 1]))) {
        negated = !negated;
        t->at++;
    }
    if (t->at >= t->n || t->depth >= TEST_DEPTH_MAX) {
        t->blind = true;
        t->at = t->n;
        return unknown;
    }
    t->depth++;
    struct script_outcome v = read_primary(t);
    t->depth--;
    return negated ? negate(v) : v;
}

static struct script_outcome read_and(struct test *t)
{
    struct script_outcome v = read_not(t);
    while (accept(t, t->brackets ? "&&" : "-a")) {
        struct script_outcome w = read_not(t);
        v = verdict(v.yes & w.yes, v.no | w.no);
    }
    return v;
}

static struct script_outcome read_or(struct test *t)
{
    struct script_outcome v = read_and(t);
    while (accept(t, t->brackets ? "||" : "-o")) {
        struct script_outcome w = read_and(t);
        v = verdict(v.yes | w.yes, v.no & w.no);
    }
    return v;
}

/* Stays one word, and the same in every shell. */
static bool is_solid(const struct test *t, const struct shell_word *w)
{
    struct str raw = script_text(t->r, w->raw);
    if (w->literal)
        return true;
    bool quoted = raw.n >= 2 && raw.p[0] == '"' &&
                  str_chr(str_from(raw, 1), '"') == (ptrdiff_t)raw.n - 2 && str_chr(raw, '@') < 0;
    return quoted || word_id(t, w).solid;
}

/* Unquoted words of [ ]. A single comparison with a name that came out empty is an error; with
 * more around it nobody knows what it means. */
static void look_at_splitting(struct test *t)
{
    size_t single = t->n && at_operator(t, "!") ? 4 : 3;
    for (size_t i = 0; i < t->n; i++) {
        if (is_solid(t, &t->words[i]))
            continue;
        bool name = word_id(t, &t->words[i]).kind != SCRIPT_ID_NONE && !t->r->split;
        if (name && t->n == single)
            t->doubt = true;
        else
            t->blind = true;
    }
}

static struct script_outcome test_words(struct test *t)
{
    if (!t->brackets)
        look_at_splitting(t);
    else
        t->doubt |= !t->r->bash;
    struct script_outcome v = t->n ? read_or(t) : verdict(SCRIPT_NOBODY, SCRIPT_BOTH);
    if (t->blind || t->at != t->n)
        return unknown;
    if (t->doubt)
        v.no = SCRIPT_BOTH;
    return v;
}

/* ---- (( )) ---------------------------------------------------------------------------------- */

static enum script_id_kind arithmetic_id(const struct script_reader *r, struct str s,
                                         uint64_t known)
{
    if (s.n && (s.p[0] == '$' || s.p[0] == '`'))
        return script_id(r, s, known).kind;
    return script_id_variable(r, s, known);
}

/* The first comparison in it, with what stands on both sides. */
static enum order split_comparison(struct str s, struct str *a, struct str *b)
{
    static const struct {
        const char *name;
        enum order order;
    } operators[] = {{"==", ORDER_EQ}, {"!=", ORDER_NE}, {"<=", ORDER_LE},
                     {">=", ORDER_GE}, {"<", ORDER_LT},  {">", ORDER_GT}};
    for (size_t i = 0; i < s.n; i++)
        for (size_t k = 0; k < sizeof operators / sizeof *operators; k++) {
            struct str name = str_of(operators[k].name);
            if (!str_starts(str_from(s, i), name))
                continue;
            *a = str_trim(str_sub(s, 0, i));
            *b = str_trim(str_from(s, i + name.n));
            return operators[k].order;
        }
    return ORDER_NONE;
}

static struct script_outcome test_arithmetic(const struct script_reader *r, struct str s,
                                             uint64_t known)
{
    struct str a, b;
    uint64_t k;
    if (!r->bash || s.n < 4 || !str_ends(s, STR("))")))
        return unknown;
    s = str_trim(str_sub(s, 2, s.n - 2));
    enum order order = split_comparison(s, &a, &b);
    if (order == ORDER_NONE) {
        bool not = str_starts(s, STR("!"));
        struct str name = not ? str_trim(str_from(s, 1)) : s;
        if (arithmetic_id(r, name, known) != SCRIPT_ID_NUMBER)
            return unknown;
        return compare(not ? ORDER_EQ : ORDER_NE, 0);
    }
    bool swap = str_to_u64(a, UINT32_MAX, &k);
    if ((!swap && !str_to_u64(b, UINT32_MAX, &k)) ||
        arithmetic_id(r, swap ? b : a, known) != SCRIPT_ID_NUMBER)
        return unknown;
    return compare(swap ? reverse(order) : order, k);
}

struct script_outcome script_test(const struct script_reader *r, const struct shell_command *c,
                                  struct script_state s)
{
    struct test t = {.r = r, .words = c->words.v + 1, .n = c->words.n - 1, .known = s.known};
    struct script_outcome v = unknown;
    struct str program = c->words.v[0].value;
    t.brackets = str_is(program, "[[");
    bool closed = t.n && is_operator(&t, &t.words[t.n - 1], t.brackets ? "]]" : "]");
    if (str_starts(program, STR("((")))
        v = test_arithmetic(r, script_text(r, c->words.v[0].raw), s.known);
    else if (str_is(program, "test") || closed) {
        t.n -= closed && !str_is(program, "test");
        v = test_words(&t);
    }
    if (c->redirects.n)
        v.no = SCRIPT_BOTH; /* what can't be opened */
    return script_outcome(v.yes & s.possible, v.no & s.possible, s.known);
}
