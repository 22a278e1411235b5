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

static bool exits(const struct script_reader *r, const struct shell_command *c)
{
    struct script_function *f;
    struct str program = program_of(c);
    if (str_is(program, "exit") || str_is(program, "return"))
        return true;
    size_t n = script_functions(r, program, &f);
    while (n--)
        if (f[n].exits)
            return true;
    return false;
}

/* Files and texts that are not seen here. */
static bool reads_more(const struct shell_command *c)
{
    static const char *const names[] = {"eval", ".", "source", NULL};
    return is_one_of(program_of(c), names);
}

static bool forgets(const struct script_reader *r, const struct shell_command *c)
{
    struct script_function *f;
    if (c->substitution)
        return false;
    size_t n = script_functions(r, program_of(c), &f);
    if (n)
        return n > 1 || !f->top || f->forgets || r->reads_more;
    return reads_more(c) || (c->words.n && !c->words.v[0].literal) ||
           script_id_assign(r, c, UINT64_MAX) != UINT64_MAX;
}

static bool runs(const struct script_reader *r, const struct shell_command *c)
{
    struct script_function *f;
    size_t at;
    if (c->words.n && !c->words.v[0].literal && !str_starts(c->words.v[0].value, STR("((")))
        return true;
    bool exec = str_is(program_of(c), "exec") && script_exec_program(c) < c->words.n;
    return exec || script_functions(r, program_of(c), &f) ||
           script_arguments(r, c, &at) != SCRIPT_ARGUMENTS_NONE;
}

static bool fails(const struct script_reader *r, const struct shell_command *c)
{
    static const char *const names[] = {"true", ":", "echo", "printf", NULL};
    struct script_function *f;
    if (c->negated || script_opens(c) || !c->words.n)
        return c->negated || script_opens(c);
    size_t n = script_functions(r, program_of(c), &f);
    return n ? n > 1 || f->fails : !is_one_of(program_of(c), names);
}

static void count(struct script_reader *r)
{
    for (size_t i = 0; i < r->shell->commands.n; i++) {
        const struct shell_command *c = &r->shell->commands.v[i];
        r->counts[i + 1].fails = r->counts[i].fails + fails(r, c);
        r->counts[i + 1].runs = r->counts[i].runs + runs(r, c);
        r->counts[i + 1].exits = r->counts[i].exits + exits(r, c);
        r->counts[i + 1].forgets = r->counts[i].forgets + forgets(r, c);
    }
}

bool script_exits(const struct script_reader *r, size_t from, size_t to)
{
    return r->counts[to].exits > r->counts[from].exits;
}

bool script_forgets(const struct script_reader *r, size_t from, size_t to)
{
    return r->counts[to].forgets > r->counts[from].forgets;
}

bool script_fails(const struct script_reader *r, size_t from, size_t to)
{
    return r->counts[to].fails > r->counts[from].fails;
}

bool script_runs(const struct script_reader *r, size_t from, size_t to)
{
    return r->counts[to].runs > r->counts[from].runs;
}

/* A function does what those do that it calls. Where that goes on too long, all of them do. */
static void count_calls(struct script_reader *r)
{
    bool more = true;
    for (unsigned round = 0; more; round++) {
        more = false;
        count(r);
        VEC_EACH (f, &r->functions) {
            const struct shell_node *n = node_at(r, f->node);
            bool all = round >= ROUNDS_MAX, exit = all || script_exits(r, n->first, n->last),
                 forget = all || script_forgets(r, n->first, n->last),
                 fail = all || script_fails(r, n->first, n->last);
            more |= (exit && !f->exits) || (forget && !f->forgets) || (fail && !f->fails);
            f->exits |= exit;
            f->forgets |= forget;
            f->fails |= fail;
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
