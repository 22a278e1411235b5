/*
 * In the order in which the rules work: without the rule that decides who runs, those behind it
 * have nothing to do. So a commit in the middle may have a user that does not own all yet.
 */
#include "cli/migrate_rules.h"

#include <stdlib.h>

#include "engine/registry.h"

/* The bytes of each changed file at one step, in the order of the changes. */
struct state {
    const struct migrate_files *made;
    struct str *bytes;
};

void migrate_rules_note(struct migrate_rules *r, struct arena *a, struct str path, struct str bytes,
                        struct migrate_config *config)
{
    *vec_push(a, &r->files) = (struct migrate_rule_file){path, str_dup(a, bytes), config};
}

/* ---- which rules ---- */

static int compare(const void *x, const void *y)
{
    const struct pass *a = *(const struct pass *const *)x, *b = *(const struct pass *const *)y;
    return a->phase != b->phase ? (int)a->phase - (int)b->phase : strcmp(a->id, b->id);
}

static bool is_used(const struct migrate_files *f, const char *rule)
{
    VEC_EACH (w, &f->whys)
        if (str_is(w->rule, rule))
            return true;
    return false;
}

static size_t used_rules(const struct migrate_files *f, const struct pass **out)
{
    size_t n = 0;
    for (size_t i = 0; i < pass_count && n < MIGRATE_RULES_MAX; i++)
        if (is_used(f, pass_registry[i]->id))
            out[n++] = pass_registry[i];
    qsort(out, n, sizeof *out, compare);
    return n;
}

static const char *later_rules(struct arena *a, const struct pass **rules, size_t from, size_t n)
{
    struct buf b = buf_in(a);
    for (size_t i = from; i < n; i++)
        buf_addf(&b, "%s%s", i > from ? "," : "", rules[i]->id);
    return buf_str(&b).p;
}

/* ---- steps ---- */

static void put(void *to, struct str path, struct str bytes)
{
    struct state *s = to;
    for (size_t i = 0; i < s->made->changes.n; i++)
        if (str_eq(s->made->changes.v[i].path, path))
            s->bytes[i] = bytes;
}

static struct state state_before(struct arena *a, const struct migrate_files *f)
{
    struct state s = {f, arena_alloc(a, f->changes.n * sizeof *s.bytes)};
    for (size_t i = 0; i < f->changes.n; i++)
        s.bytes[i] = f->changes.v[i].was;
    return s;
}

static struct state state_after(struct arena *a, const struct migrate_files *f)
{
    struct state s = {f, arena_alloc(a, f->changes.n * sizeof *s.bytes)};
    for (size_t i = 0; i < f->changes.n; i++)
        s.bytes[i] = f->changes.v[i].bytes;
    return s;
}

static bool add_step(struct arena *a, struct migrate_files *f, const char *rule,
                     const struct state *old, const struct state *now)
{
    struct commit_step step = {0};
    for (size_t i = 0; i < f->changes.n; i++)
        if (!str_eq(old->bytes[i], now->bytes[i]))
            *vec_push(a, &step.files) =
                (struct commit_file){f->changes.v[i].path, f->changes.v[i].program, now->bytes[i]};
    if (!step.files.n)
        return false;
    step.message = migrate_message(a, f, rule);
    *vec_push(a, &f->steps) = step;
    return true;
}

void migrate_rules_steps(struct migrate_rules *r, struct migrate_configs *cs,
                         struct migrate_files *f, migrate_reread *reread, void *ctx)
{
    struct arena *a = cs->cli->arena;
    const struct pass *rules[MIGRATE_RULES_MAX];
    size_t n = used_rules(f, rules);
    struct state old = state_before(a, f);
    for (size_t k = 1; k < n; k++) {
        struct state now = state_before(a, f);
        const char *ignored = later_rules(a, rules, k, n);
        VEC_EACH (file, &r->files) {
            struct ur_options *o = migrate_config_less(cs, file->config, k, ignored);
            if (o)
                put(&now, file->path, reread(ctx, file, o, put, &now));
        }
        if (add_step(a, f, rules[k - 1]->id, &old, &now))
            old = now;
    }
    struct state last = state_after(a, f);
    add_step(a, f, n ? rules[n - 1]->id : NULL, &old, &last);
}
