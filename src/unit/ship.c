/*
 * A last stage is not always what is shipped: many files end in a stage for tests or for
 * development, and the build files of the tree say which one is meant.
 */
#include "unit/ship.h"

#include "base/utf8.h"

/* "dev", "dev-server", "app_test" */
static bool is_development(struct str name)
{
    static const char *const words[] = {"dev",  "devel", "development", "debug", "test",    "tests",
                                        "lint", "ci",    "e2e",         "local", "testing", NULL};
    for (const char *const *w = words; *w; w++) {
        size_t n = strlen(*w);
        bool ends = str_ends(name, str_of(*w)) &&
                    (name.n == n || strchr("-_", name.p[name.n - n - 1]) != NULL);
        bool starts = str_starts(name, str_of(*w)) && name.n > n && strchr("-_", name.p[n]) != NULL;
        if (ends || starts)
            return true;
    }
    return false;
}

static bool ship(struct unit *u, struct str name)
{
    bool found = false;
    for (size_t i = 0; i < u->graph->stages.n; i++) {
        const struct stage *s = u->graph->stages.v[i];
        if (s->name.n && str_eq_nocase(s->name, name))
            u->plans[i].shipped = found = true;
    }
    return found;
}

/* The targets of build files, but for stages for development. */
static bool ship_targets(struct unit *u)
{
    bool any = false;
    for (size_t i = 0; u->build && i < u->build->target_count; i++) {
        struct str name = str_of(u->build->targets[i]);
        if (name.n && !is_development(str_lower(u->arena, name)))
            any |= ship(u, name);
    }
    return any;
}

static void ship_last(struct unit *u, bool another)
{
    const struct stage *last = u->graph->stages.v[u->graph->stages.n - 1];
    if (!another || !is_development(last->name)) {
        u->plans[last->index].shipped = true;
    } else if (!u->plans[last->index].shipped) {
        const char *name = utf8_safe(u->arena, last->name, 60).p;
        unit_find(u, UR_NOTE, last->from,
                  "the stage '%s' is for development and is left alone: build files of the tree "
                  "build another; --target %s rewrites it",
                  name, name);
    }
}

void ship_choose(struct unit *u)
{
    const struct strs *targets = &u->settings->targets;
    if (u->ship_chosen)
        return;
    u->ship_chosen = true;
    for (size_t i = 0; i < targets->n; i++)
        if (!ship(u, targets->v[i]))
            unit_find(u, UR_WARNING, NULL, "no stage is called '%s'",
                      utf8_safe(u->arena, targets->v[i], 60).p)
                ->reason = "no-such-target";
    if (!targets->n)
        ship_last(u, ship_targets(u));
}
