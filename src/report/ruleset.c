/* First the passes, then the rules for manifests, as their tables have them; reasons behind them by
 * code. */
#include "report/ruleset.h"

#include "knowledge/reason.h"
#include "kubernetes/rule.h"
#include "pass/pass.h"

static void add(struct arena *a, struct ruleset *out, const char *id, const char *summary,
                const char *why, const char *refs)
{
    *vec_push(a, out) = (struct ruleset_rule){
        .id = str_of(id), .summary = str_of(summary), .why = str_of(why), .refs = str_of(refs)};
}

static void add_inputs(struct arena *a, struct ruleset *out)
{
    const struct str *codes;
    size_t n = reason_codes(a, &codes);
    for (size_t i = 0; i < n; i++) {
        struct reason r;
        if (reason_find(a, codes[i], &r) && r.input)
            *vec_push(a, out) = (struct ruleset_rule){
                .id = r.code, .summary = r.summary, .why = r.why, .todo = r.todo, .input = true};
    }
}

struct ruleset ruleset_all(struct arena *a)
{
    struct ruleset out = {0};
    for (size_t i = 0; i < pass_count; i++) {
        const struct pass *p = pass_registry[i];
        add(a, &out, p->id, p->summary, p->why, p->refs);
    }
    for (size_t i = 0; i < rule_count; i++)
        add(a, &out, rules[i].id, rules[i].summary, rules[i].why, rules[i].refs);
    add_inputs(a, &out);
    return out;
}

ptrdiff_t ruleset_index(struct arena *a, struct str id)
{
    size_t known = pass_count + rule_count;
    for (size_t i = 0; i < pass_count; i++)
        if (str_is(id, pass_registry[i]->id))
            return (ptrdiff_t)i;
    for (size_t i = 0; i < rule_count; i++)
        if (str_is(id, rules[i].id))
            return (ptrdiff_t)(pass_count + i);
    struct ruleset all = ruleset_all(a);
    for (size_t i = known; i < all.n; i++)
        if (str_eq(all.v[i].id, id))
            return (ptrdiff_t)i;
    return -1;
}
