/* mkdir, touch and chown for what the user must own. */
#include "base/buf.h"
#include "unit/owned.h"

/* Appends " path" quoted where the shell would split it. */
static void put_path(struct buf *b, struct str path)
{
    bool plain = true;
    for (size_t i = 0; i < path.n; i++) {
        unsigned char c = (unsigned char)path.p[i];
        plain &= (c >= '0' && c <= '9') || ((c | 0x20) >= 'a' && (c | 0x20) <= 'z') ||
                 strchr("/._-+@:,%", c);
    }
    buf_addf(b, plain ? " %.*s" : " '%.*s'", STR_ARG(path));
}

enum which { MISSING, FILES, ALONE, WHOLE };

static bool is_due(const struct owned_dir *d, enum which which)
{
    /* what is there at the end need not be there when the volume is declared */
    bool missing = !d->exists || d->before;
    switch (which) {
    case MISSING:
        return !d->file && missing;
    case FILES:
        return d->file && !d->made && !d->covered;
    case ALONE:
        return !d->whole && (!d->covered || d->before);
    case WHOLE:
        break;
    }
    return d->whole;
}

bool owned_is_given_whole(const struct owned_dir *d)
{
    return d->whole && !d->before;
}

struct job {
    struct arena *arena;
    const struct owned *owned;
    const struct df_item *before;
    struct strs *out;
};

static void over_dirs(const struct job *j, struct str command, enum which which)
{
    struct buf b = buf_in(j->arena);
    buf_add(&b, command);
    VEC_EACH (d, &j->owned->dirs)
        if (d->before == j->before && is_due(d, which))
            put_path(&b, d->path);
    if (b.n > command.n)
        *vec_push(j->arena, j->out) = buf_str(&b);
}

void owned_commands(struct unit *u, const struct owned *o, const struct identity *user,
                    const struct df_item *before, struct strs *out)
{
    struct job j = {u->arena, o, before, out};
    bool by_name = u->settings->id_names && user->name.n;
    struct str owner =
        by_name ? str_fmt(u->arena, "%.*s:%.*s", STR_ARG(user->name), STR_ARG(user->group))
                : unit_identity(u, user);
    over_dirs(&j, STR("mkdir -p"), MISSING);
    over_dirs(&j, STR("touch"), FILES);
    over_dirs(&j, str_cat(u->arena, STR("chown "), owner), ALONE);
    over_dirs(&j, str_cat(u->arena, STR("chown -R "), owner), WHOLE);
}
