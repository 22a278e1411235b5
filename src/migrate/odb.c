/*
 * One question is one line, its answer a line "ID KIND SIZE" and the bytes. A large object that
 * nobody wants to have is read and dropped, or git is started again, whichever is less.
 */
#include "migrate/odb.h"

#include <errno.h>
#include <poll.h>
#include <unistd.h>

enum { BLOCK = 64 << 10, DROP_MAX = 4 << 20, STARTS_MAX = 200, LINE_MAX_BYTES = 4096 };

struct odb odb_of(struct arena *a, const char *git_dir, uint64_t deadline)
{
    return (struct odb){.arena = a, .git_dir = git_dir, .deadline = deadline};
}

void odb_close(struct odb *o)
{
    if (o->running)
        child_wait(&o->child);
    o->running = false;
}

/* What it says no more matters to anybody. */
static void abandon(struct odb *o)
{
    if (o->running)
        child_kill(&o->child, true);
    odb_close(o);
}

static bool start(struct odb *o)
{
    static const char *const args[] = {"cat-file", "--batch", NULL};
    if (o->running)
        return true;
    if (o->starts++ >= STARTS_MAX)
        return false;
    struct git_call call = {.git_dir = o->git_dir, .args = args};
    if (!o->block)
        o->block = arena_bytes(o->arena, BLOCK);
    o->from = o->to = 0;
    o->running = git_talk(o->arena, &call, &o->child);
    return o->running;
}

/* Waits for the next bytes. False at the end, and when the time is up. */
static bool fill(struct odb *o)
{
    struct pollfd fd = {.fd = o->child.out, .events = POLLIN};
    for (;;) {
        int ready = poll(&fd, 1, child_left(o->deadline));
        if (ready < 0 && errno == EINTR)
            continue;
        if (ready == 0 && o->deadline && child_now() >= o->deadline)
            o->late = true;
        if (ready == 0 && !o->late)
            continue;
        if (ready <= 0)
            return false;
        ssize_t n = read(o->child.out, o->block, BLOCK);
        if (n < 0 && errno == EINTR)
            continue;
        o->from = 0;
        o->to = n > 0 ? (size_t)n : 0;
        return n > 0;
    }
}

static bool read_line(struct odb *o, char *line, size_t max, size_t *n)
{
    for (*n = 0;; o->from++) {
        if (o->from == o->to && !fill(o))
            return false;
        if (o->block[o->from] == '\n')
            break;
        if (*n == max)
            return false;
        line[(*n)++] = o->block[o->from];
    }
    o->from++;
    return true;
}

/* Takes n bytes; `to` NULL: drops them. */
static bool take(struct odb *o, char *to, size_t n)
{
    while (n) {
        if (o->from == o->to && !fill(o))
            return false;
        size_t some = o->to - o->from < n ? o->to - o->from : n;
        if (to) {
            memcpy(to, o->block + o->from, some);
            to += some;
        }
        o->from += some;
        n -= some;
    }
    return true;
}

static bool ask(struct odb *o, struct arena *a, const char *name)
{
    struct str line = str_fmt(a, "%s\n", name);
    while (line.n) {
        ssize_t n = write(o->child.in, line.p, line.n);
        if (n < 0 && errno == EINTR)
            continue;
        if (n < 0)
            return false;
        line = str_from(line, (size_t)n);
    }
    return true;
}

static enum odb_kind kind_of(struct str word)
{
    return str_is(word, "blob")     ? ODB_BLOB
           : str_is(word, "tree")   ? ODB_TREE
           : str_is(word, "commit") ? ODB_COMMIT
                                    : ODB_OTHER;
}

static bool is_id(struct str s)
{
    if (s.n != 40 && s.n != 64)
        return false;
    for (size_t i = 0; i < s.n; i++)
        if (!((s.p[i] >= '0' && s.p[i] <= '9') || (s.p[i] >= 'a' && s.p[i] <= 'f')))
            return false;
    return true;
}

/* "ID KIND SIZE". Anything else says that there is no such object. */
static void read_header(struct arena *a, struct str line, struct odb_object *out)
{
    struct str id = STR_NULL, kind = STR_NULL;
    uint64_t size;
    str_split(&line, ' ', &id);
    str_split(&line, ' ', &kind);
    if (!is_id(id) || !str_to_u64(line, SIZE_MAX / 4, &size))
        return;
    *out = (struct odb_object){.kind = kind_of(kind), .id = str_dup(a, id), .size = (size_t)size};
}

static bool read_bytes(struct odb *o, struct arena *a, size_t cap, struct odb_object *out)
{
    char end;
    if (out->size > cap && out->size > DROP_MAX) {
        abandon(o);
        return true;
    }
    char *to = out->size > cap ? NULL : arena_bytes(a, out->size + 1);
    if (!take(o, to, out->size) || !take(o, &end, 1))
        return false;
    out->bytes = str_make(to, to ? out->size : 0);
    return true;
}

bool odb_read(struct odb *o, struct arena *a, const char *name, size_t cap, struct odb_object *out)
{
    char line[LINE_MAX_BYTES];
    size_t n;
    *out = (struct odb_object){0};
    if (o->late || strchr(name, '\n') || !start(o))
        return false;
    if (ask(o, a, name) && read_line(o, line, sizeof line, &n)) {
        read_header(a, str_make(line, n), out);
        if (out->kind == ODB_MISSING || read_bytes(o, a, cap, out))
            return true;
    }
    abandon(o);
    *out = (struct odb_object){0};
    return !o->late;
}
