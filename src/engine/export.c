/* From what is known of a stage to the plain form of unroot.h. */
#include "engine/export.h"

#include "unit/made.h"
#include "unit/port.h"

static void set_paths(struct arena *a, const struct made *m, struct ur_image *out)
{
    struct ur_image_path *v = arena_alloc(a, (m->paths.n + 1) * sizeof *v);
    for (size_t i = 0; i < m->paths.n; i++)
        v[i] = (struct ur_image_path){.path = str_z(a, m->paths.v[i].path),
                                      .filled = m->paths.v[i].filled,
                                      .volume = m->paths.v[i].volume};
    out->writable = v;
    out->writable_count = m->paths.n;
    out->writable_whole = m->paths_known;
    out->writable_unknown = m->writes_unknown;
}

static void set_image(struct arena *a, const struct made *m, struct ur_image *out)
{
    out->user = m->user_known ? str_z(a, m->user) : NULL;
    out->uid = m->uid_known ? (long)m->uid : -1;
    out->gid = m->gid_known ? (long)m->gid : -1;
    out->assumption = m->assumption;
    set_paths(a, m, out);
}

/* What the pass move-port writes. */
static void set_moves(struct unit *u, const struct plan *p, struct ur_image *out)
{
    bool written = p->ports && port_moves(p->ports) && p->answer == UR_REVIEW &&
                   u->settings->unsafe_fixes && settings_selected(u->settings, "move-port");
    if (!written)
        return;
    size_t n = p->ports->moves.n;
    struct ur_image_move *v = arena_alloc(u->arena, n * sizeof *v);
    for (size_t i = 0; i < n; i++)
        v[i] = (struct ur_image_move){p->ports->moves.v[i].from, p->ports->moves.v[i].to};
    out->moves = v;
    out->move_count = n;
}

void export_images(struct unit *before, struct unit *after, struct exported *out)
{
    struct arena *a = before->arena;
    VEC_EACH (it, &after->graph->stages) {
        struct stage *s = *it;
        const struct plan *plan = &before->plans[s->index];
        struct made m;
        made_image(after, s, before == after ? NULL : plan, &m);
        if (!m.known)
            continue;
        struct exported_image *e = vec_push(a, out);
        *e = (struct exported_image){.stage = s->name,
                                     .last = s->index + 1 == after->graph->stages.n,
                                     .image = {.source = str_z(a, before->path)}};
        set_image(a, &m, &e->image);
        set_moves(before, plan, &e->image);
    }
}

const struct ur_image *export_image(const struct exported *images, struct str target)
{
    VEC_EACH (e, images)
        if (target.n ? e->stage.n && str_eq_nocase(e->stage, target) : e->last)
            return &e->image;
    return NULL;
}

bool export_facts(struct arena *a, const struct ur_options *o, struct str name,
                  struct ur_image *out)
{
    struct image_ref ref;
    struct facts f;
    struct made m;
    if (!image_parse(a, name, &ref) || !facts_find(o->settings.facts, a, &ref, &f))
        return false;
    made_facts(a, &f, &m);
    *out = (struct ur_image){.source = "facts"};
    set_image(a, &m, out);
    return true;
}
