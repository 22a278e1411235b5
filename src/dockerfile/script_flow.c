/*
 * The walk. Each part of the script is entered with who may come there and left with who may go on
 * behind it; the functions are named after the parts. A part that is a process of its own ($( ),
 * ( ), a pipe, &) may be left early, but whoever waits for it goes on all the same.
 *
 * "Certain" is kept by subtraction: behind an if it is who was certain before, less those who may
 * have left in it; in a branch, less those who may have taken another.
 */
#include "dockerfile/script_flow.h"

enum { STEPS_FACTOR = 64, STEPS_MORE = 4096 };

/* ---- states and outcomes -------------------------------------------------------------------- */

/* Nobody came. */
struct script_outcome script_nothing(void)
{
    return script_outcome(SCRIPT_NOBODY, SCRIPT_NOBODY, UINT64_MAX);
}

/* Those who went away in `other` went away in all of it. */
void script_gone(struct script_outcome *o, struct script_outcome other)
{
    o->left |= other.left;
    o->failed |= other.failed;
    o->back |= other.back;
}

/* What holds whichever of two ways was taken. */
void script_join(struct script_outcome *o, struct script_outcome other)
{
    o->yes |= other.yes;
    o->no |= other.no;
    script_gone(o, other);
    o->known_yes &= other.known_yes;
    o->known_no &= other.known_no;
}

uint64_t script_known_behind(struct script_outcome o)
{
    return !o.yes ? o.known_no : !o.no ? o.known_yes : o.known_yes & o.known_no;
}

/* Those of `s` who are `possible` now; `away`: who may be somewhere else. */
struct script_state script_narrow(struct script_state s, unsigned possible, unsigned away,
                                  uint64_t known)
{
    s.possible = possible;
    s.certain &= possible & ~away;
    s.sure &= possible & ~away;
    s.known = known;
    return s;
}

/* The same behind a condition, which may be what parts root from others. */
static struct script_state part(const struct script_reader *r, struct script_state s,
                                unsigned possible, unsigned away, uint64_t known)
{
    bool root = s.possible & SCRIPT_ROOT;
    s = script_narrow(s, possible, away, known);
    if (root && possible == SCRIPT_USER) {
        s.guard = r->last_test;
        s.sure = SCRIPT_USER;
    }
    return s;
}

struct script_state script_when_true(const struct script_reader *r, struct script_state s,
                                     struct script_outcome o)
{
    return part(r, s, o.yes, o.no | o.left | o.back, o.known_yes);
}

struct script_state script_when_false(const struct script_reader *r, struct script_state s,
                                      struct script_outcome o)
{
    return part(r, s, o.no, o.yes | o.left | o.back, o.known_no);
}

static struct script_state behind(struct script_state s, struct script_outcome o)
{
    return script_narrow(s, o.yes | o.no, o.left | o.back, script_known_behind(o));
}

static void record(struct script_reader *r, size_t command, struct script_state s)
{
    struct script_fact *f = &r->facts[command];
    bool fatal = r->care == SCRIPT_FATAL || (r->care == SCRIPT_PLAIN && r->errexit);
    f->possible |= s.possible;
    f->certain |= s.certain;
    f->own |= r->own;
    f->fatal |= fatal && (s.possible & SCRIPT_USER);
}

/* ---- processes ------------------------------------------------------------------------------ */

/* What a process of its own can't change outside. */
struct settings {
    enum script_care care;
    bool errexit, pipefail;
};

static struct settings process_begin(struct script_reader *r, enum script_care care)
{
    struct settings saved = {r->care, r->errexit, r->pipefail};
    r->care = care;
    r->process++;
    return saved;
}

static void process_end(struct script_reader *r, struct settings saved)
{
    r->process--;
    r->care = saved.care;
    r->errexit = saved.errexit;
    r->pipefail = saved.pipefail;
}

/* A part in a process of its own. */
static struct script_outcome process(struct script_reader *r, size_t node, struct script_state s,
                                     enum script_care care)
{
    struct settings saved = process_begin(r, care);
    struct script_outcome o = script_eval(r, node, s);
    process_end(r, saved);
    unsigned ended = o.left | o.back;
    return script_outcome(o.yes | ended, o.no | ended | o.failed, s.known & script_known_behind(o));
}

/* ( ), which leaves variables as they were. */
static struct script_outcome in_subshell(struct script_reader *r, size_t list,
                                         struct script_state s)
{
    struct script_outcome o = process(r, list, s, r->care);
    o.known_yes = o.known_no = s.known;
    return o;
}

static void substitution(struct script_reader *r, size_t node, struct script_state s,
                         enum script_care care)
{
    const struct shell_node *n = script_node(r, node);
    if (n->background || n->optional)
        s.certain = s.sure = SCRIPT_NOBODY;
    if (node + 1 < n->end)
        process(r, node + 1, s, n->background ? SCRIPT_CHECKED : care);
}

/* The substitutions that are parts of a node. True when there are any. */
bool script_substitutions(struct script_reader *r, size_t node, struct script_state s,
                          enum script_care care)
{
    bool any = false;
    for (size_t i = node + 1; i < script_node(r, node)->end; i = script_node(r, i)->end)
        if (script_node(r, i)->kind == SHELL_NODE_SUBSTITUTION) {
            substitution(r, i, s, care);
            any = true;
        }
    return any;
}

static struct script_outcome eval_command(struct script_reader *r, size_t node,
                                          struct script_state s)
{
    const struct shell_node *n = script_node(r, node);
    const struct shell_command *c = &r->shell->commands.v[n->first];
    bool plain = !script_substitutions(r, node, s, c->words.n ? SCRIPT_CHECKED : r->care);
    struct script_state maybe = s;
    maybe.certain = maybe.sure = SCRIPT_NOBODY;
    for (size_t b = r->body_of ? r->body_of[n->first] : 0; b; b = r->body_next[b])
        script_substitutions(r, b, maybe, SCRIPT_CHECKED);
    record(r, n->first, s);
    return script_command(r, n->first, plain, s);
}

/* The redirections behind a block, which are made before it is entered. Whether one can fail: then
 * the block is skipped. */
static bool tail(struct script_reader *r, size_t node, struct script_state s)
{
    bool fails = false;
    for (size_t i = node + 1; i < script_node(r, node)->end; i = script_node(r, i)->end) {
        const struct shell_command *c = &r->shell->commands.v[script_node(r, i)->first];
        if (script_node(r, i)->kind != SHELL_NODE_COMMAND || c->link != SHELL_BLOCK)
            continue;
        eval_command(r, i, s);
        fails |= script_opens(c);
    }
    return fails;
}

/* The next part of `node` from `i` on of that kind; node's end when there is none. */
size_t script_next(const struct script_reader *r, size_t node, size_t i, enum shell_node_kind kind)
{
    while (i < script_node(r, node)->end && script_node(r, i)->kind != kind)
        i = script_node(r, i)->end;
    return i;
}

/* ---- lists ---------------------------------------------------------------------------------- */

static struct script_outcome eval_pipeline(struct script_reader *r, size_t node,
                                           struct script_state s)
{
    const struct shell_node *n = script_node(r, node);
    enum script_care care = r->care;
    struct script_outcome o = script_nothing();
    size_t parts = 0, last = node;
    for (size_t i = node + 1; i < n->end; i = script_node(r, i)->end)
        if (script_node(r, i)->kind != SHELL_NODE_BODY) {
            last = i;
            parts++;
        }
    if (n->negated && r->care == SCRIPT_PLAIN)
        r->care = SCRIPT_CHECKED;
    if (parts == 1)
        o = script_eval(r, last, s);
    for (size_t i = node + 1; parts > 1 && i < n->end; i = script_node(r, i)->end)
        if (script_node(r, i)->kind != SHELL_NODE_BODY)
            o = process(r, i, s, i == last || r->pipefail ? r->care : SCRIPT_CHECKED);
    r->care = care;
    if (parts > 1) {
        s.known &= o.known_no; /* some shells run the last one themselves */
        return script_either(s);
    }
    if (!n->negated)
        return o;
    struct script_outcome negated = o;
    negated.yes = o.no;
    negated.no = o.yes;
    negated.known_yes = o.known_no;
    negated.known_no = o.known_yes;
    return negated;
}

/* What follows when pipeline `i` of the chain fails, behind which the next || is at `other`. */
static enum script_care care_for(const struct script_reader *r, size_t chain, size_t i,
                                 size_t other)
{
    size_t end = script_node(r, chain)->end, to = script_node(r, chain)->last;
    if (other < end) {
        size_t from = script_node(r, other)->first;
        return script_does(r, SCRIPT_EXITS, from, to)   ? SCRIPT_FATAL
               : script_does(r, SCRIPT_FAILS, from, to) ? r->care
                                                        : SCRIPT_CHECKED;
    }
    if (script_next(r, chain, script_node(r, i)->end, SHELL_NODE_PIPELINE) >= end)
        return r->care;
    bool idle =
        r->care == SCRIPT_CHECKED && !script_does(r, SCRIPT_RUNS, script_node(r, i)->last, to);
    return idle ? SCRIPT_CHECKED : SCRIPT_FATAL;
}

/* The first pipeline from `i` on that stands behind ||. */
static size_t next_or(const struct script_reader *r, size_t chain, size_t i)
{
    i = script_next(r, chain, i, SHELL_NODE_PIPELINE);
    while (i < script_node(r, chain)->end && script_node(r, i)->link != SHELL_OR)
        i = script_next(r, chain, script_node(r, i)->end, SHELL_NODE_PIPELINE);
    return i;
}

/* Who comes to pipeline `i`, `o` being what those before it make of `s`. */
static struct script_state state_at(const struct script_reader *r, size_t i, struct script_state s,
                                    struct script_outcome o)
{
    const struct shell_node *n = script_node(r, i);
    if (n->link == SHELL_OR)
        return script_when_false(r, s, o);
    struct script_state in = script_when_true(r, s, o);
    /* Where a failure ends the script there is no other way than this one. */
    bool only = !r->process && n->first < n->last && !r->shell->commands.v[n->first].conditional;
    if (only) {
        in.certain |= s.certain & o.yes & ~(o.left | o.back);
        in.sure |= s.sure & o.yes & ~(o.left | o.back);
    }
    return in;
}

/* The pipelines of a chain. Each gets those who were let through by what stands before it. */
static struct script_outcome eval_pipelines(struct script_reader *r, size_t node,
                                            struct script_state s)
{
    size_t i = script_next(r, node, node + 1, SHELL_NODE_PIPELINE), other = 0;
    enum script_care care = r->care;
    struct script_outcome o = script_nothing();
    for (bool first = true; i < script_node(r, node)->end; first = false) {
        const struct shell_node *n = script_node(r, i);
        if (other <= i)
            other = next_or(r, node, n->end);
        struct script_state in = first ? s : state_at(r, i, s, o);
        r->care = care_for(r, node, i, other);
        struct script_outcome part = script_eval(r, i, in);
        r->care = care;
        if (n->link == SHELL_OR) {
            o.no = SCRIPT_NOBODY;
            o.known_no = UINT64_MAX;
        } else {
            o.yes = SCRIPT_NOBODY;
            o.known_yes = UINT64_MAX;
        }
        script_join(&o, part);
        i = script_next(r, node, n->end, SHELL_NODE_PIPELINE);
    }
    return o;
}

static struct script_outcome eval_chain(struct script_reader *r, size_t node, struct script_state s)
{
    if (!script_node(r, node)->background)
        return eval_pipelines(r, node, s);
    struct settings saved = process_begin(r, SCRIPT_CHECKED);
    eval_pipelines(r, node, s);
    process_end(r, saved);
    return script_outcome(s.possible, SCRIPT_NOBODY, s.known);
}

static struct script_outcome eval_list(struct script_reader *r, size_t node, struct script_state s)
{
    size_t end = script_node(r, node)->end, i = script_next(r, node, node + 1, SHELL_NODE_CHAIN);
    enum script_care care = r->care;
    struct script_outcome all = script_nothing(), o = script_nothing();
    while (i < end) {
        size_t following = script_next(r, node, script_node(r, i)->end, SHELL_NODE_CHAIN);
        bool last = following >= end;
        r->care = !last && care == SCRIPT_FATAL ? SCRIPT_CHECKED : care;
        o = script_eval(r, i, s);
        script_gone(&all, o);
        s = behind(s, o);
        i = following;
    }
    r->care = care;
    script_gone(&o, all);
    return o;
}

/* ---- all of it ------------------------------------------------------------------------------ */

static struct script_outcome eval_inside(struct script_reader *r, size_t node,
                                         struct script_state s)
{
    switch (script_node(r, node)->kind) {
    case SHELL_NODE_COMMAND:
        return eval_command(r, node, s);
    case SHELL_NODE_IF:
        return script_eval_if(r, node, s);
    case SHELL_NODE_WHILE:
    case SHELL_NODE_FOR:
        return script_eval_loop(r, node, s);
    case SHELL_NODE_CASE:
        return script_eval_case(r, node, s);
    case SHELL_NODE_SUBSHELL:
        return in_subshell(r, node + 1, s);
    case SHELL_NODE_FUNCTION:
        script_define(r, node);
        return script_outcome(s.possible, SCRIPT_NOBODY, s.known);
    case SHELL_NODE_GROUP:
        return script_eval(r, node + 1, s);
    default:
        r->lost = true;
        return script_either(s);
    }
}

static struct script_outcome eval_block(struct script_reader *r, size_t node, struct script_state s)
{
    bool fails = tail(r, node, s);
    struct script_state in = s;
    if (fails)
        in.certain = in.sure = SCRIPT_NOBODY;
    struct script_outcome o = eval_inside(r, node, in);
    if (fails) {
        o.no |= s.possible;
        o.known_no &= s.known;
    }
    return o;
}

struct script_outcome script_eval(struct script_reader *r, size_t node, struct script_state s)
{
    if (!r->steps_left)
        r->lost = true;
    if (!s.possible || r->lost)
        return script_nothing();
    r->steps_left--;
    switch (script_node(r, node)->kind) {
    case SHELL_NODE_LIST:
        return eval_list(r, node, s);
    case SHELL_NODE_CHAIN:
        return eval_chain(r, node, s);
    case SHELL_NODE_PIPELINE:
        return eval_pipeline(r, node, s);
    default:
        return eval_block(r, node, s);
    }
}

/* Functions that something unknown may have called are walked as if it had. That may in turn reach
 * something unknown for more people. */
static void walk_dynamic(struct script_reader *r)
{
    for (unsigned done = SCRIPT_NOBODY; r->dynamic & ~done;) {
        done = r->dynamic;
        struct script_state s = {.possible = done, .guard = SIZE_MAX};
        r->errexit = r->errexit_ever;
        VEC_EACH (f, &r->functions)
            script_call(r, f, s, false);
    }
}

void script_walk(struct script_reader *r)
{
    struct script_state s = {.possible = SCRIPT_BOTH, .certain = SCRIPT_BOTH, .guard = SIZE_MAX};
    r->own = true;
    r->care = SCRIPT_PLAIN;
    r->last_test = SIZE_MAX;
    r->steps_left = r->shell->nodes.n * STEPS_FACTOR + STEPS_MORE;
    script_eval(r, 0, s);
    walk_dynamic(r);
}
