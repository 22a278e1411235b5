#include "split/closure.h"

static bool has(const struct closure *c, const struct stage *s)
{
    VEC_EACH (it, &c->stages)
        if (*it == s)
            return true;
    return false;
}

static void add(struct unit *u, struct closure *c, struct stage *s)
{
    if (s && !has(c, s))
        *vec_push(u->arena, &c->stages) = s;
}

struct closure closure_of(struct unit *u, struct stage *s)
{
    struct closure c = {0};
    add(u, &c, s);
    for (size_t i = 0; i < c.stages.n; i++) {
        struct stage *at = c.stages.v[i];
        add(u, &c, at->parent);
        VEC_EACH (step, &at->steps) {
            enum df_cmd cmd = step->item->node.cmd;
            bool copies = cmd == DF_COPY || cmd == DF_ADD;
            c.others |= copies && !step->from && !step->from_context;
            add(u, &c, step->from);
        }
    }
    return c;
}
