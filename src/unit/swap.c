/*
 * nginx and nginx-unprivileged differ in four points: the port of the default site, the `user`
 * line, the pid file and the paths of temporary files, all of them in nginx.conf and default.conf.
 * The rest, the entrypoint too, is the same.
 */
#include "unit/swap.h"

#include "knowledge/base.h"
#include "unit/account.h"
#include "unit/place.h"
#include "unit/webconf.h"

/* Written as it is: no variable, no registry, no digest. */
static bool is_plain(const struct stage *s)
{
    const struct df_node *from = &s->from->node;
    struct str text = s->image.text;
    return from->args.n && str_eq(from->args.v[0], text) && !s->image.digest.n &&
           (str_starts(text, s->image.repository) || str_starts(text, STR("library/")) ||
            str_starts(text, STR("docker.io/")));
}

/* Does the image's own site move to where the other image has it? */
static bool fits(const struct ports *p, const struct webconf *w)
{
    if (!p)
        return false;
    VEC_EACH (m, &p->moves)
        if (m->from == 80 && m->to == 8080)
            return true;
    return !w->default_site && (port_moves(p) || p->none_low);
}

struct swap *swap_find(struct unit *u, struct stage *s, const struct obstacles *o,
                       const struct ports *p)
{
    struct base base;
    if (s->base_kind != STAGE_ON_IMAGE || s->user_item || !o->base_program || !is_plain(s) ||
        !base_find(u->arena, s->image.repository, &base))
        return NULL;
    struct str tag = s->image.tag.n ? s->image.tag : STR("latest");
    const struct webconf *w = webconf_read(u, s);
    if (w->image != WEBCONF_NGINX || !base_has_tag(&base, tag) || !fits(p, w) ||
        webconf_unwritable(w, true))
        return NULL;
    struct swap *swap = arena_new(u->arena, struct swap);
    *swap = (struct swap){.from = s->image.text, .image = base.to, .user = base.user};
    if (s->image.tag.n)
        swap->image = str_fmt(u->arena, "%.*s:%.*s", STR_ARG(base.to), STR_ARG(tag));
    return swap;
}

bool swap_owned(struct unit *u, struct stage *s, struct owned *owned)
{
    const struct facts *f = unit_facts(u, s);
    size_t kept = 0;
    VEC_EACH (d, &owned->dirs) {
        bool given = stage_inside(d->path, STR("/etc/nginx"));
        VEC_EACH (w, &f->writable)
            given |= str_eq(w->path, d->path);
        if (d->before)
            return false;
        if (!given)
            owned->dirs.v[kept++] = *d;
    }
    owned->dirs.n = kept;
    return true;
}

/* ---- writing -------------------------------------------------------------------------------- */

static struct df_item *run_step(const struct stage *s, bool last)
{
    struct df_item *found = NULL;
    for (struct df_item *it = df_next(s->from); it && it != s->end; it = df_next(it))
        if (it->node.cmd == DF_RUN && (last || !found))
            found = it;
    return found;
}

static void write_from(struct unit *u, struct stage *s, const struct swap *swap)
{
    struct str rest = s->from->node.rest;
    unit_args_set(u, s->from,
                  str_cat(u->arena, swap->image, str_from(rest, s->from->node.args.v[0].n)));
}

void swap_write(struct unit *u, struct stage *s, const struct swap *swap)
{
    struct df_item *first = run_step(s, false), *last = run_step(s, true);
    struct str root = STR("USER root"), back = str_cat(u->arena, STR("USER "), swap->user);
    struct str why = unit_comment(u, STR(""), "the steps below are for root");
    struct str own = STR(""), note = unit_comment(u, STR(""), "do not run as root");
    if (swap->commands.n)
        own = str_cat(u->arena, STR("RUN "), unit_join_commands(u, &swap->commands));
    write_from(u, s, swap);
    if (first) {
        unit_insert_before(u, first, why, root);
        if (own.n)
            last = unit_insert_after(u, last, STR(""), own);
        unit_insert_after(u, last, note, back);
    } else if (own.n) {
        struct place place = place_find(s);
        place_insert(u, &place, why, root);
        place_insert(u, &place, STR(""), own);
        place_insert(u, &place, note, back);
    }
}
