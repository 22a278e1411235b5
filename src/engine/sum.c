/* From stages to the file: of several that are shipped, the one that is worst off speaks for it. */
#include "engine/sum.h"

#include <stdlib.h>

void sum_answer(struct outcome *o, const struct unit *u)
{
    o->answer = UR_ALREADY;
    bool any = false;
    for (size_t i = 0; i < u->graph->stages.n; i++) {
        const struct plan *p = &u->plans[i];
        if (!p->shipped || (any && p->answer <= o->answer))
            continue;
        any = true;
        o->answer = p->answer;
        o->reason = p->reason;
    }
    if (!any) {
        o->answer = UR_REFUSED;
        o->reason = "no-such-target";
    }
}

/* ---- who it runs as ---- */

static bool all_digits(struct str s, bool *zero)
{
    *zero = true;
    for (size_t i = 0; i < s.n; i++) {
        if (s.p[i] < '0' || s.p[i] > '9')
            return false;
        *zero &= s.p[i] == '0';
    }
    return s.n > 0;
}

static enum outcome_user user_of(const struct plan *p)
{
    struct str rest = p->user_before, user = STR("");
    bool zero;
    if (p->answer == UR_ALREADY)
        return OUTCOME_USER_NUMERIC;
    if (!p->user_before_known)
        return OUTCOME_USER_UNKNOWN;
    str_split(&rest, ':', &user);
    if (!user.n || str_is(user, "root"))
        return OUTCOME_USER_ROOT;
    if (!all_digits(user, &zero))
        return OUTCOME_USER_NAMED;
    return zero ? OUTCOME_USER_ROOT : OUTCOME_USER_NUMERIC;
}

enum outcome_user sum_user(const struct unit *u)
{
    static const enum outcome_user worst_first[] = {OUTCOME_USER_ROOT, OUTCOME_USER_UNKNOWN,
                                                    OUTCOME_USER_NAMED, OUTCOME_USER_NUMERIC};
    bool seen[OUTCOME_USERS] = {false};
    for (size_t i = 0; i < u->graph->stages.n; i++)
        if (u->plans[i].shipped)
            seen[user_of(&u->plans[i])] = true;
    for (size_t i = 0; i < sizeof worst_first / sizeof *worst_first; i++)
        if (seen[worst_first[i]])
            return worst_first[i];
    return OUTCOME_USER_UNKNOWN;
}

/* ---- images ---- */

static struct str image_of(const struct stage *s)
{
    while (s->parent)
        s = s->parent;
    if (s->base_kind != STAGE_ON_IMAGE)
        return s->base.text;
    struct str name = s->image.repository;
    return name.n ? name : s->base.text;
}

struct strs sum_images(struct arena *a, const struct unit *u)
{
    struct strs out = {0};
    for (size_t i = 0; i < u->graph->stages.n; i++) {
        struct str image = image_of(u->graph->stages.v[i]);
        bool known = !u->plans[i].shipped || !image.n;
        for (size_t j = 0; j < out.n; j++)
            known |= str_eq(out.v[j], image);
        if (!known)
            *vec_push(a, &out) = image;
    }
    return out;
}

/* ---- findings ---- */

static int compare_findings(const void *x, const void *y)
{
    const struct ur_finding *a = x, *b = y;
    if (a->line != b->line)
        return a->line < b->line ? -1 : 1;
    if (a->column != b->column)
        return a->column < b->column ? -1 : 1;
    int c = strcmp(a->rule, b->rule);
    return c ? c : strcmp(a->message, b->message);
}

/* Two stages may have the same to say of a common parent. */
void sum_findings(struct unit *u)
{
    size_t kept = 0;
    if (!u->findings.n)
        return;
    qsort(u->findings.v, u->findings.n, sizeof *u->findings.v, compare_findings);
    for (size_t i = 0; i < u->findings.n; i++)
        if (!kept || compare_findings(&u->findings.v[kept - 1], &u->findings.v[i]) != 0)
            u->findings.v[kept++] = u->findings.v[i];
    u->findings.n = kept;
}
