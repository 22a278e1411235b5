/*
 * What is known of a script before it is walked: its functions, which commands leave it, whose
 * heredoc a body is, and whether the words that the walk trusts (exit, exec, test, id) still mean
 * what they always do.
 */
#include <stdlib.h>

#include "dockerfile/script_reader.h"

enum { ROUNDS_MAX = 16, SAME_NAME_MAX = 16 };

static const struct shell_node *node_at(const struct script_reader *r, size_t i)
{
    return &r->shell->nodes.v[i];
}

/* ---- functions ------------------------------------------------------------------------------ */

static int by_name(const void *a, const void *b)
{
    const struct script_function *f = a, *g = b;
    int order = str_cmp(f->name, g->name);
    return order ? order : f->node < g->node ? -1 : 1;
}

size_t script_functions(const struct script_reader *r, struct str name,
                        struct script_function **first)
{
    size_t low = 0, high = name.n ? r->functions.n : 0, n = 0;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (str_cmp(r->functions.v[middle].name, name) < 0)
            low = middle + 1;
        else
            high = middle;
    }
    while (low + n < r->functions.n && str_eq(r->functions.v[low + n].name, name))
        n++;
    *first = n ? r->functions.v + low : NULL;
    return n;
}

/* The functions whose definitions stand alone in the outermost list. */
static bool is_top(const struct script_reader *r, size_t node)
{
    const struct shell_node *v = r->shell->nodes.v;
    return node > 2 && v[node - 1].kind == SHELL_NODE_PIPELINE &&
           v[node - 2].kind == SHELL_NODE_CHAIN && v[node - 2].end == v[node].end &&
           !v[node - 2].background && !v[node - 1].negated;
}

/* False when one name has so many that looking at all of them would take too long. */
static bool find_functions(struct script_reader *r)
{
    size_t outermost = 1; /* the chain of the outermost list that the node is in, or the next */
    for (size_t i = 1; i < r->shell->nodes.n; i++) {
        const struct shell_node *n = node_at(r, i);
        while (outermost < r->shell->nodes.n && node_at(r, outermost)->end <= i)
            outermost = node_at(r, outermost)->end;
        if (n->kind != SHELL_NODE_FUNCTION)
            continue;
        *vec_push(r->arena, &r->functions) = (struct script_function){
            .name = r->shell->others.v[n->words_end - 1].value,
            .node = (uint32_t)i,
            .top = outermost + 2 == i && is_top(r, i),
        };
        for (size_t c = n->first; c < n->last; c++)
            r->function_of[c] = (uint32_t)i;
    }
    if (r->functions.n)
        qsort(r->functions.v, r->functions.n, sizeof *r->functions.v, by_name);
    for (size_t i = SAME_NAME_MAX; i < r->functions.n; i++)
        if (str_eq(r->functions.v[i].name, r->functions.v[i - SAME_NAME_MAX].name))
            return false;
    return true;
}

/* ---- commands ------------------------------------------------------------------------------- */

static struct str program_of(const struct shell_command *c)
{
    return c->words.n && c->words.v[0].literal ? c->words.v[0].value : STR_NULL;
}

static bool is_one_of(struct str s, const char *const *list)
{
    for (; *list; list++)
        if (str_is(s, *list))
            return true;
    return false;
}

/* Files and texts that are not seen here. */
static bool reads_more(const struct shell_command *c)
{
    static const char *const names[] = {"eval", ".", "source", NULL};
    return is_one_of(program_of(c), names);
}

static bool runs(const struct script_reader *r, const struct shell_command *c)
{
    size_t at;
    if (c->words.n && !c->words.v[0].literal && !str_starts(c->words.v[0].value, STR("((")))
        return true;
    bool exec = str_is(program_of(c), "exec") && script_exec_program(c) < c->words.n;
    return exec || script_arguments(r, c, &at) != SCRIPT_ARGUMENTS_NONE;
}

static bool fails(const struct shell_command *c)
{
    static const char *const names[] = {"true", ":", "echo", "printf", NULL};
    return c->negated || script_opens(c) || (c->words.n && !is_one_of(program_of(c), names));
}

static bool switches(const struct shell_command *c)
{
    struct script_switches w = script_switches(c);
    return str_is(program_of(c), "set") && (w.errexit > 0 || w.pipefail > 0 || w.unknown);
}

static unsigned bit(enum script_trait trait, bool set)
{
    return set ? 1U << trait : 0;
}

/* What a command that calls no function of the script does. */
static unsigned own_traits(const struct script_reader *r, const struct shell_command *c)
{
    struct str program = program_of(c);
    bool any = c->words.n && !c->words.v[0].literal;
    bool sets = any || reads_more(c) || script_id_assign(r, c, UINT64_MAX) != UINT64_MAX;
    return bit(SCRIPT_EXITS, str_is(program, "exit") || str_is(program, "return")) |
           bit(SCRIPT_FORGETS, sets) | bit(SCRIPT_FAILS, fails(c)) | bit(SCRIPT_RUNS, runs(r, c)) |
           bit(SCRIPT_REDEFINES, reads_more(c) || str_is(program, "unset")) |
           bit(SCRIPT_SWITCHES, switches(c));
}

static unsigned traits_of(const struct script_reader *r, const struct shell_command *c)
{
    struct script_function *f;
    size_t n = script_functions(r, program_of(c), &f);
    unsigned traits = n ? bit(SCRIPT_RUNS, true) : own_traits(r, c);
    if (n)
        traits |= bit(SCRIPT_FORGETS, n > 1 || !f->top || r->reads_more) |
                  bit(SCRIPT_FAILS, n > 1 || c->negated || script_opens(c));
    while (n--)
        traits |= f[n].traits;
    /* What a process of its own does to variables and functions is its own affair. */
    if (c->substitution)
        traits &= ~(bit(SCRIPT_FORGETS, true) | bit(SCRIPT_REDEFINES, true));
    return traits;
}

static void count(struct script_reader *r)
{
    for (size_t i = 0; i < r->shell->commands.n; i++) {
        unsigned traits = traits_of(r, &r->shell->commands.v[i]);
        for (unsigned t = 0; t < SCRIPT_TRAITS; t++)
            r->counts[i + 1].n[t] = r->counts[i].n[t] + (traits >> t & 1);
    }
}

bool script_does(const struct script_reader *r, enum script_trait trait, size_t from, size_t to)
{
    return r->counts[to].n[trait] > r->counts[from].n[trait];
}

/* A function does what those do that it calls. Where that goes on too long, all of them do all. */
static void count_calls(struct script_reader *r)
{
    bool more = true;
    for (unsigned round = 0; more; round++) {
        more = false;
        count(r);
        VEC_EACH (f, &r->functions) {
            const struct shell_node *n = node_at(r, f->node);
            unsigned traits = 0;
            for (enum script_trait t = 0; t < SCRIPT_TRAITS; t++)
                traits |= bit(t, round >= ROUNDS_MAX || script_does(r, t, n->first, n->last));
            more |= traits & ~f->traits;
            f->traits |= traits;
        }
    }
}

static void find_bodies(struct script_reader *r)
{
    size_t nodes = r->shell->nodes.n;
    for (size_t i = nodes; i-- > 0;) {
        const struct shell_node *n = node_at(r, i);
        if (n->kind != SHELL_NODE_BODY)
            continue;
        if (!r->body_of) {
            r->body_of = arena_alloc(r->arena, (r->shell->commands.n + 1) * sizeof *r->body_of);
            r->body_next = arena_alloc(r->arena, nodes * sizeof *r->body_next);
        }
        r->body_next[i] = r->body_of[n->owner];
        r->body_of[n->owner] = (uint32_t)i;
    }
}

/* What the walk relies on. */
static const char *const trusted[] = {
    ".",    ":",      "[",      "[[",    "alias", "builtin", "command",  "declare", "eval",
    "exec", "exit",   "export", "false", "id",    "local",   "readonly", "return",  "set",
    "sh",   "source", "test",   "time",  "trap",  "true",    "typeset",  "whoami",  NULL};

/* alias NAME=…, which the shell puts in the place of NAME. */
static bool is_harmless_alias(const struct shell_command *c)
{
    for (size_t i = 1; i < c->words.n; i++) {
        ptrdiff_t equals = str_chr(c->words.v[i].value, '=');
        struct str name = str_sub(c->words.v[i].value, 0, equals < 0 ? 0 : (size_t)equals);
        if (!c->words.v[i].literal || is_one_of(name, trusted) || str_is(name, "if"))
            return false;
    }
    return true;
}

static void note_settings(struct script_reader *r, size_t i)
{
    const struct shell_command *c = &r->shell->commands.v[i];
    struct str program = program_of(c);
    for (size_t k = 0; !c->words.n && k < c->assigns.n; k++)
        r->split |= str_is(c->assigns.v[k].name, "IFS");
    for (size_t k = 1; k < c->words.n; k++) {
        r->execfail |= str_is(program, "shopt") && !str_is(c->words.v[k].value, "-u") &&
                       (!c->words.v[k].literal || str_is(c->words.v[k].value, "execfail"));
        r->split |= script_declares(c) && str_starts(c->words.v[k].value, STR("IFS"));
    }
    if (str_is(program, "set") && r->function_of[i])
        r->lowers = false;
}

bool script_scan(struct script_reader *r)
{
    size_t n = r->shell->commands.n;
    r->counts = arena_alloc(r->arena, (n + 1) * sizeof *r->counts);
    r->function_of = arena_alloc(r->arena, (n + 1) * sizeof *r->function_of);
    r->lowers = true;
    if (!find_functions(r)) {
        r->functions.n = 0;
        return false;
    }
    script_id_scan(r);
    VEC_EACH (c, &r->shell->commands)
        r->reads_more |= reads_more(c);
    count_calls(r);
    find_bodies(r);
    VEC_EACH (f, &r->functions)
        if (is_one_of(f->name, trusted))
            return false;
    for (size_t i = 0; i < n; i++) {
        const struct shell_command *c = &r->shell->commands.v[i];
        struct str program = program_of(c);
        note_settings(r, i);
        if (str_is(program, "enable") || (str_is(program, "alias") && !is_harmless_alias(c)))
            return false;
    }
    return true;
}
