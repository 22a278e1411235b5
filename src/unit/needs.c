/*
 * Directories are made where they are not there, and given to the user by themselves: what is in
 * them is given with --chown, or was made by a step that is looked at elsewhere.
 */
#include "unit/needs.h"

#include "base/buf.h"
#include "base/utf8.h"
#include "unit/framework.h"
#include "unit/locate.h"
#include "unit/path.h"

static void take_data(struct obstacles *o, struct owned *owned)
{
    for (size_t i = 0; i < o->data.n; i++)
        if (owned_is_free(o->unit, owned, o->stage, o->data.v[i]))
            owned_add(o->unit, owned, o->data.v[i]);
}

static void take_mounted(struct obstacles *o, struct owned *owned)
{
    for (size_t i = 0; i < o->mounted.n; i++)
        if (path_is_application(o->mounted.v[i]) || path_is_state(o->mounted.v[i]))
            owned_add(o->unit, owned, o->mounted.v[i]);
}

/* What the start script, as root, gave to its user. */
static void take_given(struct obstacles *o, struct owned *owned)
{
    VEC_EACH (given, &o->given) {
        struct str path = given->path;
        if (locate_file(o->unit, o->stage, path).kind == LOCATED_CONTEXT)
            continue; /* a file: copy-chown sees to it */
        if (path_is_application(path) || path_is_state(path)) {
            owned_add(o->unit, owned, path);
            if (given->whole && unit_run_says(o->unit, o->stage, path))
                owned_whole(o->unit, owned, path);
        } else if (!path_is_workdir(path) && !str_is(path, "/tmp")) {
            obstacle_review(
                o, "drops-privileges", NULL,
                str_fmt(o->unit->arena, "the program does not write to '%.*s'", STR_ARG(path)),
                "gives '%s' away in its start script, which is the system's",
                obstacle_text(o, path));
        }
    }
}

void needs_own(struct obstacles *o, struct owned *owned, struct strs *framework)
{
    take_data(o, owned);
    take_mounted(o, owned);
    take_given(o, owned);
    *framework = framework_writable(o->unit, o->stage);
    for (size_t i = 0; i < framework->n; i++)
        if (o->unit->settings->profile == PROFILE_STRICT) {
            owned_add(o->unit, owned, framework->v[i]);
            owned_whole(o->unit, owned, framework->v[i]); /* COPY has put root's files there */
        }
}

bool needs_link(const struct obstacles *o, struct str path)
{
    for (struct stage *s = o->stage; s; s = s->parent) {
        VEC_EACH (step, &s->steps) {
            const struct run_effects *run = stage_run(o->unit->graph, step);
            for (size_t i = 0; run && i < run->effects.n; i++) {
                const struct run_effect *e = &run->effects.v[i];
                if (e->kind == RUN_LINK && e->operands.n &&
                    str_eq(e->operands.v[e->operands.n - 1].value, path))
                    return true;
            }
        }
    }
    return false;
}

void needs_migration(struct obstacles *o, struct str user, uint32_t gid)
{
    struct buf paths = buf_in(o->unit->arena);
    VEC_EACH (v, &o->stage->volumes)
        if (v->item && v->path.n > 1 && !stage_inside(v->path, STR("/tmp")))
            buf_addf(&paths, " %.*s", STR_ARG(v->path));
    for (size_t i = 0; i < o->mounted.n; i++)
        buf_addf(&paths, " %.*s", STR_ARG(o->mounted.v[i]));
    struct str list = buf_str(&paths);
    if (!list.n)
        return;
    unit_find(
        o->unit, UR_NOTE, o->stage->from,
        "data that is there already is given to the user once, with the volumes mounted: "
        "chown -R %.*s%s, as root (docker run --user 0, or an init container); in Kubernetes, "
        "securityContext.fsGroup: %u does it",
        STR_ARG(user), utf8_safe(o->unit->arena, list, 300).p, gid);
}
