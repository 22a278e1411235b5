/*
 * A root file system that is read-only, with a tmpfs for each folder that the program is known to
 * write to. Docker's tmpfs can be written to by everybody, and no two mounts may be at one place:
 * when what is mounted can't be told, nothing is done.
 */
#include "kubernetes/compose.h"

#include "base/utf8.h"

static const char rule[] = "compose-read-only";

struct mounts {
    VEC(struct str) paths;
    bool whole; /* these are all */
};

static bool is_in(struct str path, struct str folder)
{
    return str_starts(path, folder) && (path.n == folder.n || path.p[folder.n] == '/');
}

static struct str clean(struct str path)
{
    while (path.n > 1 && path.p[path.n - 1] == '/')
        path.n--;
    return path;
}

/* "source:/target:ro", "/target" */
static struct str short_target(struct str text)
{
    struct str rest = text, part, found = STR("");
    size_t n = 0;
    while (str_split(&rest, ':', &part) && n < 2) {
        if (part.n && part.p[0] == '/' && (n || !rest.p))
            found = part;
        n++;
    }
    return found;
}

static void add_mounts(struct arena *a, struct mounts *m, struct yplace *list, bool tmpfs)
{
    struct yplace_walk w = yplace_walk(list);
    struct str text;
    for (struct yplace *p; (p = yplace_next(&w));) {
        struct str target = STR("");
        if (yplace_is_map(p))
            compose_text(yplace_get(p, "target"), &target);
        else if (compose_text(p, &text) && tmpfs)
            target = str_sub(text, 0, str_chr(text, ':') < 0 ? text.n : (size_t)str_chr(text, ':'));
        else if (compose_text(p, &text))
            target = short_target(text);
        if (!target.n || target.p[0] != '/' || str_chr(target, '$') >= 0)
            m->whole = false;
        else
            *vec_push(a, &m->paths) = clean(target);
    }
}

static struct mounts mounts_of(struct compose_service *s)
{
    struct arena *a = s->compose->arena;
    struct mounts m = {.whole = !yplace_get(s->place, "volumes_from")};
    struct yplace *volumes = yplace_get(s->place, "volumes"),
                  *tmpfs = yplace_get(s->place, "tmpfs");
    struct str one;
    if (volumes && !yplace_is_list(volumes))
        m.whole = false;
    add_mounts(a, &m, volumes, false);
    add_mounts(a, &m, yplace_get(s->place, "configs"), false);
    add_mounts(a, &m, tmpfs, true);
    if (compose_text(tmpfs, &one))
        m.whole = false; /* a scalar, which nothing can be added to */
    return m;
}

static bool is_covered(const struct mounts *m, struct str path)
{
    VEC_EACH (p, &m->paths)
        if (is_in(path, *p))
            return true;
    return false;
}

/* False after saying why. */
static bool need(struct compose_service *s, struct mounts *m, struct yvalue *list,
                 const struct ur_image_path *path)
{
    struct arena *a = s->compose->arena;
    struct str text = clean(str_of(path->path));
    if (text.n < 2 || is_covered(m, text) || path->volume)
        return true;
    if (path->filled) {
        compose_cannot(s->compose, rule, s->place, "filled-folder",
                       str_fmt(a,
                               "service '%s' writes to %.*s, where the image has files that an "
                               "empty volume would hide",
                               utf8_safe(a, s->name, 60).p, STR_ARG(text)));
        return false;
    }
    yvalue_add(list, yvalue_text(a, text));
    *vec_push(a, &m->paths) = text;
    return true;
}

static const char *assumption(const struct compose_service *s)
{
    if (s->assumption)
        return s->assumption;
    if (s->replaces)
        return "the command that is given here writes where the image's own does, and nowhere else";
    return s->image.writable_whole ? NULL : "it writes nowhere else";
}

void compose_writes(struct compose_service *s)
{
    static const struct ur_image_path tmp = {.path = "/tmp"};
    struct arena *a = s->compose->arena;
    struct yvalue *list = yvalue_list(a);
    struct mounts m = mounts_of(s);
    struct yplace *tmpfs = yplace_get(s->place, "tmpfs");
    if (s->image.writable_unknown || yplace_get(s->place, "read_only") || !m.whole ||
        (tmpfs && tmpfs->shared) || !need(s, &m, list, &tmp))
        return;
    for (size_t i = 0; i < s->image.writable_count; i++)
        if (!need(s, &m, list, &s->image.writable[i]))
            return;
    if (!compose_may(s, rule, s->place, assumption(s), "writes-unknown",
                     str_fmt(a, "the root file system of service '%s' can be written to",
                             utf8_safe(a, s->name, 60).p)))
        return;
    yplace_put(s->place, "read_only", yvalue_bool(a, true));
    struct yplace *to = list->first ? yplace_list(s->place, "tmpfs") : NULL;
    for (struct yvalue *v = list->first, *next; to && v; v = next) {
        next = v->next;
        yplace_add(to, yvalue_text(a, v->text));
    }
}
