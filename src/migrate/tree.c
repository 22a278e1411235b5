/*
 * A tree object is "MODE NAME\0ID" again and again. Folders that the engine looks into stay in
 * memory, sorted by name. The walk over all of them keeps only those above the one it is in.
 */
#include "migrate/tree.h"

#include <stdlib.h>

#include "base/buf.h"
#include "base/utf8.h"

enum {
    DEPTH_MAX = 128,
    OBJECT_BYTES_MAX = 64 << 20, /* of one folder */
    ENTRIES_MAX = 500000,        /* in memory */
    WALK_MAX = 20 << 20,         /* seen by the walk */
    PATH_BYTES_MAX = 4096,
    NAME_BYTES_MAX = 255,
    LFS_BYTES_MAX = 1024
};

struct tree_folder {
    struct tree_entry *v;
    size_t n;
    bool known;
};

struct tree tree_of(struct arena *a, struct odb *o, struct str id)
{
    return (struct tree){.arena = a, .objects = o, .root = {.mode = S_IFDIR, .id = str_dup(a, id)}};
}

/* ---- entries ---- */

static bool is_name(struct str s)
{
    return s.n && s.n <= NAME_BYTES_MAX && !memchr(s.p, '/', s.n) && !str_is(s, ".") &&
           !str_is(s, "..") && !str_eq_nocase(s, STR(".git"));
}

static struct str hexadecimal(struct arena *a, struct str raw)
{
    static const char digits[] = "0123456789abcdef";
    char *p = arena_bytes(a, 2 * raw.n + 1);
    for (size_t i = 0; i < raw.n; i++) {
        p[2 * i] = digits[(unsigned char)raw.p[i] >> 4];
        p[2 * i + 1] = digits[raw.p[i] & 15];
    }
    p[2 * raw.n] = 0;
    return str_make(p, 2 * raw.n);
}

static bool read_mode(struct str s, unsigned *mode)
{
    unsigned n = 0;
    for (size_t i = 0; i < s.n; i++) {
        if (s.p[i] < '0' || s.p[i] > '7')
            return false;
        n = n << 3 | (unsigned)(s.p[i] - '0');
    }
    /* as git reads them: of a file only whether it can be run */
    *mode = (n & S_IFMT) == S_IFREG ? (n & 0100 ? TREE_PROGRAM : TREE_FILE) : n & S_IFMT;
    return s.n && s.n <= 6;
}

/* Takes one off the front; its id is still raw. False at the end, and at what is no entry. */
static bool next_entry(struct str *bytes, size_t raw, struct tree_entry *e)
{
    ptrdiff_t blank = str_chr(*bytes, ' '), end = str_chr(*bytes, 0);
    if (blank < 0 || end < blank || bytes->n - (size_t)end - 1 < raw)
        return false;
    *e = (struct tree_entry){.name = str_sub(*bytes, (size_t)blank + 1, (size_t)end),
                             .id = str_sub(*bytes, (size_t)end + 1, (size_t)end + 1 + raw)};
    if (!read_mode(str_sub(*bytes, 0, (size_t)blank), &e->mode))
        return false;
    *bytes = str_from(*bytes, (size_t)end + 1 + raw);
    return true;
}

static bool read_object(struct tree *t, struct arena *a, struct str id, struct str *bytes)
{
    struct odb_object o;
    if (!odb_read(t->objects, a, str_z(a, id), OBJECT_BYTES_MAX, &o))
        t->wrong = t->objects->late ? "the time limit was reached" : "git does not answer";
    else if (o.kind == ODB_MISSING)
        t->wrong = "a folder of it is not in the repository (a partial clone, or damaged)";
    else if (o.kind != ODB_TREE)
        t->wrong = "a folder of it is no folder";
    else if (!o.bytes.p)
        t->wrong = "a folder of it is too large";
    else {
        *bytes = o.bytes;
        return true;
    }
    return false;
}

/* ---- the walk ---- */

struct walking {
    struct tree *tree;
    void (*found)(void *ctx, struct str path, const struct tree_entry *entry);
    void *ctx;
    struct buf path;
    struct arena levels[DEPTH_MAX];
    size_t seen;
};

static bool walk_folder(struct walking *w, struct str id, unsigned depth);

static bool walk_entry(struct walking *w, const struct tree_entry *e, unsigned depth)
{
    size_t before = w->path.n;
    bool ok = true;
    if (!is_name(e->name))
        return true;
    if (before)
        buf_addc(&w->path, '/');
    buf_add(&w->path, e->name);
    if (w->path.n <= PATH_BYTES_MAX && e->mode == S_IFDIR)
        ok = walk_folder(w, e->id, depth + 1);
    else if (w->path.n <= PATH_BYTES_MAX)
        w->found(w->ctx, buf_str(&w->path), e);
    w->path.n = before;
    return ok;
}

static bool walk_folder(struct walking *w, struct str id, unsigned depth)
{
    struct tree_entry e;
    struct str bytes;
    if (depth >= DEPTH_MAX)
        return true; /* as where a folder on the disk is searched */
    struct arena *a = &w->levels[depth];
    arena_reset(a);
    if (!read_object(w->tree, a, id, &bytes))
        return false;
    while (next_entry(&bytes, id.n / 2, &e)) {
        if (++w->seen > WALK_MAX) {
            w->tree->wrong = "it has too many files";
            return false;
        }
        bool folder = e.mode == S_IFDIR;
        if (folder)
            e.id = hexadecimal(a, e.id);
        if (!walk_entry(w, &e, depth))
            return false;
    }
    return true;
}

bool tree_walk(struct tree *t,
               void (*found)(void *ctx, struct str path, const struct tree_entry *entry), void *ctx)
{
    struct walking *w = arena_new(t->arena, struct walking);
    w->tree = t, w->found = found, w->ctx = ctx;
    w->path = buf_in(t->arena);
    bool ok = walk_folder(w, t->root.id, 0);
    for (size_t i = 0; i < DEPTH_MAX; i++)
        arena_release(&w->levels[i]);
    return ok;
}

/* ---- folders in memory ---- */

static int compare(const void *x, const void *y)
{
    return str_cmp(((const struct tree_entry *)x)->name, ((const struct tree_entry *)y)->name);
}

static struct tree_folder *open_folder(struct tree *t, struct tree_entry *e)
{
    VEC(struct tree_entry) list = {0};
    struct tree_entry one;
    struct str bytes;
    if (e->folder)
        return e->folder;
    struct tree_folder *f = e->folder = arena_new(t->arena, struct tree_folder);
    if (!read_object(t, t->arena, e->id, &bytes))
        return f;
    f->known = true;
    while (next_entry(&bytes, e->id.n / 2, &one)) {
        if (t->entries++ >= ENTRIES_MAX) {
            f->known = false;
            break;
        }
        one.id = hexadecimal(t->arena, one.id);
        if (is_name(one.name))
            *vec_push(t->arena, &list) = one;
    }
    f->v = list.v, f->n = list.n;
    if (f->n)
        qsort(f->v, f->n, sizeof *f->v, compare);
    return f;
}

/* NULL when it is not there; *known is false when that can't be told. */
static struct tree_entry *find_in(struct tree *t, struct tree_entry *e, struct str name,
                                  bool *known)
{
    struct tree_folder *f = open_folder(t, e);
    struct tree_entry key = {.name = name};
    *known = f->known;
    return f->n ? bsearch(&key, f->v, f->n, sizeof *f->v, compare) : NULL;
}

enum ur_entry tree_look(struct tree *t, struct str path, const struct tree_entry **entry)
{
    struct tree_entry *e = &t->root;
    struct str part;
    unsigned depth = 0;
    bool known, first = true;
    *entry = NULL;
    while (str_split(&path, '/', &part)) {
        if (!part.n)
            continue;
        if (first && str_is(part, ".git"))
            return path.n ? UR_ENTRY_UNKNOWN : UR_ENTRY_FOLDER;
        first = false;
        if (e->mode != S_IFDIR || depth++ > DEPTH_MAX) /* a file or link in the middle */
            return UR_ENTRY_UNKNOWN;
        e = find_in(t, e, part, &known);
        if (!e)
            return known ? UR_ENTRY_NONE : UR_ENTRY_UNKNOWN;
    }
    *entry = e;
    switch (e->mode) {
    case TREE_FILE:
    case TREE_PROGRAM:
        return UR_ENTRY_FILE;
    case TREE_LINK:
        return UR_ENTRY_LINK;
    default: /* of a submodule, too */
        return UR_ENTRY_FOLDER;
    }
}

static bool is_lfs_pointer(struct str bytes)
{
    return bytes.n < LFS_BYTES_MAX &&
           str_starts(bytes, STR("version https://git-lfs.github.com/spec/"));
}

const char *tree_read(struct tree *t, struct arena *a, struct str path, size_t cap,
                      struct str *bytes)
{
    const struct tree_entry *e;
    struct odb_object o;
    if (tree_look(t, path, &e) != UR_ENTRY_FILE)
        return "there is no such file";
    if (!odb_read(t->objects, a, str_z(a, e->id), cap, &o))
        return t->objects->late ? "the time limit was reached" : "git does not answer";
    if (o.kind == ODB_MISSING)
        return "its content is not in the repository (a partial clone, or damaged): fetch it first";
    if (o.kind != ODB_BLOB)
        return "it is no file";
    if (!o.bytes.p)
        return "it is too large";
    if (is_lfs_pointer(o.bytes))
        return TREE_ELSEWHERE;
    *bytes = o.bytes;
    return NULL;
}

/* ---- a folder as a build context ---- */

struct view {
    struct tree *tree;
    const char *prefix;
};

static struct str whole(struct view *v, const char *path)
{
    return str_fmt(&v->tree->scratch, "%s%s", v->prefix, path);
}

static enum ur_entry look(void *ctx, const char *path, unsigned *mode, size_t *size)
{
    struct view *v = ctx;
    const struct tree_entry *e;
    arena_reset(&v->tree->scratch);
    enum ur_entry kind = tree_look(v->tree, whole(v, path), &e);
    *mode = e && e->mode == TREE_FILE ? 0644 : 0755;
    *size = 0; /* that shows when it is read */
    return kind;
}

static int read_file(void *ctx, const char *path, size_t cap, const char **bytes, size_t *size)
{
    struct view *v = ctx;
    struct str text;
    arena_reset(&v->tree->scratch);
    if (tree_read(v->tree, &v->tree->scratch, whole(v, path), cap, &text))
        return -1;
    *bytes = text.p;
    *size = text.n;
    return 0;
}

static int list(void *ctx, const char *path, void (*each)(void *each_ctx, const char *name),
                void *each_ctx)
{
    struct view *v = ctx;
    const struct tree_entry *e;
    arena_reset(&v->tree->scratch);
    struct str dir = whole(v, path);
    if (tree_look(v->tree, dir, &e) != UR_ENTRY_FOLDER || !e || e->mode != S_IFDIR)
        return -1;
    struct tree_folder *f = open_folder(v->tree, (struct tree_entry *)e);
    for (size_t i = 0; i < f->n; i++)
        each(each_ctx, str_z(&v->tree->scratch, f->v[i].name));
    if (e == &v->tree->root)
        each(each_ctx, ".git");
    return f->known ? 0 : -1;
}

struct ur_context tree_context(struct tree *t, struct arena *a, const char *prefix)
{
    struct view *v = arena_new(a, struct view);
    *v = (struct view){t, prefix};
    return (struct ur_context){
        .ctx = v, .prefix = prefix, .look = look, .read = read_file, .list = list};
}

void tree_release(struct tree *t)
{
    arena_release(&t->scratch);
}
