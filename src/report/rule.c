/* Rules of passes come in the order of the registry; the others behind them by code. */
#include "report/rule.h"

#include "knowledge/reason.h"
#include "pass/pass.h"

static void add_inputs(struct arena *a, struct rules *out)
{
    const struct str *codes;
    size_t n = reason_codes(a, &codes);
    for (size_t i = 0; i < n; i++) {
        struct reason r;
        if (reason_find(a, codes[i], &r) && r.input)
            *vec_push(a, out) = (struct rule){r.code, r.summary, r.why, r.todo, STR(""), true};
    }
}

struct rules rules_all(struct arena *a)
{
    struct rules out = {0};
    for (size_t i = 0; i < pass_count; i++) {
        const struct pass *p = pass_registry[i];
        *vec_push(a, &out) = (struct rule){str_of(p->id), str_of(p->summary), str_of(p->why),
                                           STR(""),       str_of(p->refs),    false};
    }
    add_inputs(a, &out);
    return out;
}

ptrdiff_t rules_index(struct arena *a, struct str id)
{
    for (size_t i = 0; i < pass_count; i++)
        if (str_is(id, pass_registry[i]->id))
            return (ptrdiff_t)i;
    struct rules all = rules_all(a);
    for (size_t i = pass_count; i < all.n; i++)
        if (str_eq(all.v[i].id, id))
            return (ptrdiff_t)i;
    return -1;
}
