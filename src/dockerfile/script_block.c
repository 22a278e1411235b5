/*
 * The walk through blocks: if, loops, case, and functions. A function's body is walked once for
 * each different way to come to it, and the result is kept.
 */
#include "dockerfile/script_flow.h"

enum { CALLS_MAX = 16, MEMOS_MAX = 64 };

/* ---- blocks --------------------------------------------------------------------------------- */

/* The condition of an if or a loop; its failure matters if that can end the script. */
static struct script_outcome condition(struct script_reader *r, size_t list, bool exits,
                                       struct script_state s)
{
    enum script_care care = r->care;
    r->care = exits ? SCRIPT_FATAL : SCRIPT_CHECKED;
    struct script_outcome o = script_eval(r, list, s);
    r->care = care;
    return o;
}

struct script_outcome script_eval_if(struct script_reader *r, size_t node, struct script_state s)
{
    size_t end = script_node(r, node)->end, i = script_next(r, node, node + 1, SHELL_NODE_LIST);
    struct script_outcome all = script_nothing(), o;
    bool exits = i < end &&
                 script_does(r, SCRIPT_EXITS, script_node(r, i)->last, script_node(r, node)->last);
    for (;;) {
        size_t branch =
            i < end ? script_next(r, node, script_node(r, i)->end, SHELL_NODE_LIST) : end;
        if (branch >= end)
            break;
        o = condition(r, i, exits, s);
        script_gone(&all, o);
        script_join(&all, script_eval(r, branch, script_when_true(r, s, o)));
        s = script_when_false(r, s, o);
        i = script_next(r, node, script_node(r, branch)->end, SHELL_NODE_LIST);
    }
    if (i < end)
        o = script_eval(r, i, s);
    else
        o = s.possible ? script_outcome(s.possible, SCRIPT_NOBODY, s.known) : script_nothing();
    script_join(&all, o);
    return all;
}

/* What holds at the beginning of each round, whatever the round before did. */
static uint64_t known_in_loop(struct script_reader *r, const struct shell_node *n, uint64_t known)
{
    if (script_does(r, SCRIPT_SWITCHES, n->first, n->last))
        r->errexit = r->errexit_ever = r->pipefail = true;
    if (script_does(r, SCRIPT_REDEFINES, n->first, n->last))
        script_lose_functions(r);
    for (size_t w = n->word; w < n->words_end; w++)
        known = script_id_forget(r, r->shell->others.v[w].value, known);
    return script_does(r, SCRIPT_FORGETS, n->first, n->last) ? 0 : known;
}

/* while, until, for: the body may run often or never, and what it makes of variables may hold when
 * the condition is asked again. */
struct script_outcome script_eval_loop(struct script_reader *r, size_t node, struct script_state s)
{
    const struct shell_node *n = script_node(r, node);
    size_t i = script_next(r, node, node + 1, SHELL_NODE_LIST);
    struct script_outcome all = script_either(s);
    struct script_state body = s;
    script_substitutions(r, node, s, SCRIPT_CHECKED);
    body.known = known_in_loop(r, n, s.known);
    all.known_yes = all.known_no = body.known;
    if (n->kind != SHELL_NODE_WHILE)
        body.certain = body.sure = SCRIPT_NOBODY;
    if (n->kind == SHELL_NODE_WHILE) {
        struct script_outcome o =
            condition(r, i, script_does(r, SCRIPT_EXITS, n->first, n->last), body);
        script_gone(&all, o);
        body = script_narrow(body, o.yes | o.no, SCRIPT_BOTH, body.known);
        i = script_next(r, node, script_node(r, i)->end, SHELL_NODE_LIST);
    }
    if (i < n->end)
        script_gone(&all, script_eval(r, i, body));
    return all;
}

/* Who may take one clause, and who may go on to the next. `kind`: what the subject is. */
static struct script_outcome match_clause(struct script_reader *r, size_t clause,
                                          enum script_id_kind kind, bool falls,
                                          struct script_state s)
{
    const struct shell_node *n = script_node(r, clause);
    struct script_outcome all = script_outcome(SCRIPT_NOBODY, s.possible, s.known);
    struct script_state maybe = s;
    maybe.certain = maybe.sure = SCRIPT_NOBODY;
    if (script_substitutions(r, clause, maybe, SCRIPT_CHECKED) || falls)
        return script_either(s);
    for (size_t i = n->word; i < n->words_end; i++) {
        struct script_outcome o = script_match(kind, &r->shell->others.v[i]);
        all.yes |= all.no & o.yes;
        all.no &= o.no;
    }
    return all;
}

struct script_outcome script_eval_case(struct script_reader *r, size_t node, struct script_state s)
{
    const struct shell_node *n = script_node(r, node);
    struct str subject = script_text(r, r->shell->others.v[n->words_end - 1].raw);
    enum script_id_kind kind = script_id(r, subject, s.known).kind;
    struct script_outcome all = script_nothing();
    bool falls = false;
    size_t i = script_next(r, node, node + 1, SHELL_NODE_CLAUSE);
    script_substitutions(r, node, s, SCRIPT_CHECKED);
    for (size_t k = i; k < n->end;
         k = script_next(r, node, script_node(r, k)->end, SHELL_NODE_CLAUSE))
        falls |= script_node(r, k)->falls;
    for (; i < n->end; i = script_next(r, node, script_node(r, i)->end, SHELL_NODE_CLAUSE)) {
        struct script_outcome taken = match_clause(r, i, kind, falls, s);
        if (kind != SCRIPT_ID_NONE && taken.yes != taken.no)
            r->last_test = n->first;
        struct script_state in = script_when_true(r, s, taken);
        size_t list = script_next(r, i, i + 1, SHELL_NODE_LIST);
        if (list < script_node(r, i)->end)
            script_join(&all, script_eval(r, list, in));
        else if (in.possible)
            script_join(&all, script_outcome(in.possible, SCRIPT_NOBODY, in.known));
        s = script_when_false(r, s, taken);
    }
    if (s.possible)
        script_join(&all, script_outcome(s.possible, SCRIPT_NOBODY, s.known));
    return all;
}

/* From here on the function is the one that is meant. */
void script_define(struct script_reader *r, size_t node)
{
    struct script_function *f;
    const struct shell_node *n = script_node(r, node);
    size_t count = script_functions(r, r->shell->others.v[n->words_end - 1].value, &f);
    while (count--)
        if (f[count].node == node)
            f[count].defined = true;
}

/* ---- functions ------------------------------------------------------------------------------ */

static bool same_way(const struct script_memo *m, const struct script_memo *n)
{
    return m->from.possible == n->from.possible && m->from.certain == n->from.certain &&
           m->from.sure == n->from.sure && m->from.guard == n->from.guard &&
           m->from.known == n->from.known && m->care == n->care && m->own == n->own &&
           m->errexit == n->errexit && m->pipefail == n->pipefail && m->shifted == n->shifted &&
           m->lost_functions == n->lost_functions;
}

/* A function that is called from within itself: the walk through it is under way. It covers this
 * call if that knows as much and nobody comes who did not come before. */
static struct script_outcome call_again(struct script_reader *r, const struct script_memo *running,
                                        const struct script_memo *now)
{
    struct script_memo m = *now;
    m.from.certain = running->from.certain;
    m.from.sure = running->from.sure;
    m.from.guard = running->from.guard;
    if (!(m.from.possible & ~running->from.possible))
        m.from.possible = running->from.possible;
    if (!same_way(&m, running))
        r->lost = true;
    unsigned who = now->from.possible;
    struct script_outcome o = script_outcome(who, who, 0);
    o.left = who;
    return o;
}

/* Walks through the body. */
static struct script_outcome walk_body(struct script_reader *r, const struct script_function *f,
                                       const struct script_memo *m)
{
    const struct {
        bool own;
        unsigned process, yes, no;
        uint64_t known;
    } saved = {r->own, r->function_process, r->return_yes, r->return_no, r->return_known};
    size_t body = f->node + 1;
    while (body < script_node(r, f->node)->end && script_node(r, body)->kind == SHELL_NODE_BODY)
        body = script_node(r, body)->end;
    r->own = m->own;
    r->calls++;
    r->function_process = r->process;
    r->return_yes = r->return_no = SCRIPT_NOBODY;
    r->return_known = UINT64_MAX;
    struct script_outcome o = script_eval(r, body, m->from);
    o.yes |= r->return_yes;
    o.no |= r->return_no;
    /* What a local variable hides is there again. */
    o.known_yes = o.known_no = m->from.known & r->return_known & script_known_behind(o);
    o.back = SCRIPT_NOBODY;
    r->own = saved.own;
    r->calls--;
    r->function_process = saved.process;
    r->return_yes = saved.yes;
    r->return_no = saved.no;
    r->return_known = saved.known;
    return o;
}

struct script_outcome script_call(struct script_reader *r, struct script_function *f,
                                  struct script_state s, bool own)
{
    struct script_memo now = {.from = s,
                              .care = r->care,
                              .own = own,
                              .errexit = r->errexit,
                              .pipefail = r->pipefail,
                              .shifted = r->shifted,
                              .lost_functions = r->lost_functions};
    if (!s.possible)
        return script_nothing();
    VEC_EACH (m, &f->memos)
        if (same_way(m, &now) && !(f->active && m == f->memos.v + f->memos.n - 1))
            return m->to;
    if (f->active)
        return call_again(r, &f->memos.v[f->memos.n - 1], &now);
    if (r->calls >= CALLS_MAX || f->memos.n >= MEMOS_MAX) {
        r->lost = true;
        return script_either(s);
    }
    *vec_push(r->arena, &f->memos) = now;
    f->active = true;
    struct script_outcome o = walk_body(r, f, &now);
    f->active = false;
    f->memos.v[f->memos.n - 1].to = o;
    return o;
}
