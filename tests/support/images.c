#include "tests/support/images.h"

#include "base/vec.h"

struct entry {
    const char *name;
    struct ur_image image;
    VEC(struct ur_image_path) paths;
    VEC(struct ur_image_move) moves;
};

struct entries {
    VEC(struct entry *) list;
    VEC(struct ur_moved) moved;
};

static int find(void *ctx, const char *name, struct ur_image *out)
{
    const struct entries *all = ctx;
    VEC_EACH (e, &all->list) {
        if (strcmp((*e)->name, name) != 0)
            continue;
        *out = (*e)->image;
        return 1;
    }
    return 0;
}

static bool value_of(struct str word, const char *key, struct str *value)
{
    struct str prefix = str_of(key);
    if (!str_starts(word, prefix))
        return false;
    *value = str_from(word, prefix.n);
    return true;
}

static bool number(struct str s, long *out)
{
    uint64_t n;
    if (!str_to_u64(s, INT32_MAX, &n))
        return false;
    *out = (long)n;
    return true;
}

static bool ports(struct str s, unsigned *from, unsigned *to)
{
    struct str first;
    long x, y;
    if (!str_split(&s, ':', &first) || !number(first, &x) || !number(s, &y))
        return false;
    *from = (unsigned)x;
    *to = (unsigned)y;
    return true;
}

static bool add_word(struct arena *a, struct entry *e, struct str word)
{
    struct str v;
    struct ur_image_move move;
    if (value_of(word, "user=", &v))
        e->image.user = str_z(a, v);
    else if (value_of(word, "uid=", &v))
        return number(v, &e->image.uid);
    else if (value_of(word, "gid=", &v))
        return number(v, &e->image.gid);
    else if (value_of(word, "source=", &v))
        e->image.source = str_z(a, v);
    else if (value_of(word, "write=", &v) || value_of(word, "fill=", &v) ||
             value_of(word, "volume=", &v))
        *vec_push(a, &e->paths) = (struct ur_image_path){
            .path = str_z(a, v), .filled = word.p[0] == 'f', .volume = word.p[0] == 'v'};
    else if (str_is(word, "whole"))
        e->image.writable_whole = 1;
    else if (value_of(word, "move=", &v) && ports(v, &move.from, &move.to))
        *vec_push(a, &e->moves) = move;
    else
        return false;
    return true;
}

static bool add_image(struct arena *a, struct entries *all, struct str name, struct str rest)
{
    struct entry *e = arena_new(a, struct entry);
    struct str word;
    *e = (struct entry){.name = str_z(a, name), .image = {.uid = -1, .gid = -1, .source = "facts"}};
    while (rest.n) {
        if (str_starts(rest, STR("rests="))) {
            e->image.assumption = str_z(a, str_from(rest, 6));
            break;
        }
        str_split(&rest, ' ', &word);
        if (word.n && !add_word(a, e, word))
            return false;
    }
    e->image.writable = e->paths.v;
    e->image.writable_count = e->paths.n;
    e->image.moves = e->moves.v;
    e->image.move_count = e->moves.n;
    *vec_push(a, &all->list) = e;
    return true;
}

static bool add_moved(struct arena *a, struct entries *all, struct str rest)
{
    struct str space, labels, one, key;
    struct ur_moved m = {0};
    VEC(const char *) list = {0};
    if (!str_split(&rest, ' ', &labels) || !str_split(&labels, '/', &space) ||
        !ports(rest, &m.from, &m.to))
        return false;
    while (labels.n && str_split(&labels, ',', &one)) {
        str_split(&one, '=', &key);
        *vec_push(a, &list) = str_z(a, key);
        *vec_push(a, &list) = str_z(a, one);
    }
    m.space = str_z(a, space);
    m.labels = list.v;
    m.label_count = list.n / 2;
    *vec_push(a, &all->moved) = m;
    return true;
}

const char *image_lines_read(struct arena *a, struct str text, struct ur_images **out)
{
    struct entries *all = arena_new(a, struct entries);
    struct str line, name;
    while (text.n && str_split(&text, '\n', &line)) {
        if (!line.n)
            continue;
        struct str whole = line;
        str_split(&line, ' ', &name);
        if (!(str_is(name, "moved") ? add_moved(a, all, line) : add_image(a, all, name, line)))
            return str_fmt(a, "not understood: %.*s", STR_ARG(whole)).p;
    }
    *out = arena_new(a, struct ur_images);
    **out = (struct ur_images){
        .ctx = all, .find = find, .moved = all->moved.v, .moved_count = all->moved.n};
    return NULL;
}
