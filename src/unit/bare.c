/*
 * The empty directory is one of the base image itself (docs/facts.md, `empty_dir`), named as FROM
 * names it: that needs no other stage, and there is nothing else that it could bring along.
 */
#include "unit/bare.h"

#include "unit/path.h"

enum { DIRS_MAX = 8 };

/* The image's name as it is written, where COPY --from can have it, too. */
static struct str image_of(const struct stage *s)
{
    const struct df_node *from = &s->from->node;
    if (s->base_kind != STAGE_ON_IMAGE || !from->args.n || from->flags.n ||
        str_chr(from->args.v[0], '$') >= 0 || str_chr(from->args.v[0], '"') >= 0 ||
        str_chr(from->args.v[0], '\'') >= 0)
        return STR("");
    return from->args.v[0];
}

static struct df_item *first_that_makes(const struct stage *s)
{
    VEC_EACH (step, &s->steps) {
        enum df_cmd cmd = step->item->node.cmd;
        if (cmd == DF_WORKDIR || cmd == DF_COPY || cmd == DF_ADD || cmd == DF_VOLUME ||
            cmd == DF_RUN)
            return step->item;
    }
    return NULL;
}

static bool is_plain(struct str path)
{
    for (size_t i = 0; i < path.n; i++) {
        unsigned char c = (unsigned char)path.p[i];
        if (!((c >= '0' && c <= '9') || ((c | 0x20) >= 'a' && (c | 0x20) <= 'z')) &&
            !memchr("/._-+@", c, 6))
            return false;
    }
    return path.n > 1;
}

/* Not a directory that the image has, such as that of its own program or a home: its owner would
 * stay. */
static bool can_be_made(const struct facts *f, const struct owned_dir *d)
{
    VEC_EACH (word, &f->entrypoint)
        if (stage_inside(*word, d->path))
            return false;
    VEC_EACH (account, &f->users)
        if (account->home.n && stage_inside(account->home, d->path))
            return false;
    return !stage_inside(f->empty_dir, d->path) && !d->file && !d->whole && is_plain(d->path) &&
           (path_is_application(d->path) || path_is_state(d->path));
}

static bool is_own_home(const struct facts *f, const struct identity *user, struct str path)
{
    const struct facts_user *account = facts_user_with(f, user->uid);
    return account && account->uid && str_eq(account->home, path) && str_eq(f->empty_dir, path);
}

void bare_take(struct unit *u, struct stage *s, const struct identity *user, struct owned *o,
               struct bare *out)
{
    const struct facts *f = unit_facts(u, s);
    size_t kept = 0;
    if (!f || !f->empty_dir.n || f->tag_guessed || !is_plain(f->empty_dir))
        return;
    out->before = image_of(s).n ? first_that_makes(s) : NULL;
    for (size_t i = 0; i < o->dirs.n; i++) {
        const struct owned_dir *d = &o->dirs.v[i];
        if (is_own_home(f, user, d->path))
            continue;
        if (out->before && out->dirs.n < DIRS_MAX && can_be_made(f, d))
            *vec_push(u->arena, &out->dirs) = d->path;
        else
            o->dirs.v[kept++] = *d;
    }
    o->dirs.n = kept;
}

void bare_write(struct unit *u, struct stage *s, const struct bare *b, struct str owner)
{
    const struct facts *f = unit_facts(u, s);
    struct str image = image_of(s);
    VEC_EACH (dir, &b->dirs)
        unit_insert_before(u, b->before,
                           unit_comment(u, STR("an empty directory that is the user's"),
                                        "there is no shell that could give it to anybody"),
                           str_fmt(u->arena, "COPY --from=%.*s --chown=%.*s %.*s %.*s",
                                   STR_ARG(image), STR_ARG(owner), STR_ARG(f->empty_dir),
                                   STR_ARG(*dir)));
}
