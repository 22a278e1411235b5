/*
 * Which repositories: sorted by what they are called, so that the report and the parts of a list do
 * not depend on the order in which they are named.
 */
#include <stdlib.h>
#include <sys/stat.h>

#include "base/hash.h"
#include "base/io.h"
#include "cli/migrate.h"
#include "repo/walk.h"

enum { SHARDS_MAX = 1000000 };

/* A path that is there is a path, whatever it looks like. */
static struct str shown(struct arena *a, const char *name)
{
    struct stat st;
    bool url = repository_protocol(a, str_of(name)) && stat(name, &st) != 0;
    return url ? repository_public(a, str_of(name)) : str_of(walk_clean(a, name, NULL));
}

static void add(struct migrate_names *n, struct arena *a, const char *name)
{
    *vec_push(a, &n->list) = (struct migrate_name){name, shown(a, name)};
}

/* ---- the list ---- */

static bool add_list(struct migrate_names *n, const struct cli *c, struct str list)
{
    bool lines = !c->options->null;
    struct str name;
    while (str_split(&list, lines ? '\n' : 0, &name)) {
        if (lines && str_ends(name, STR("\r")))
            name.n--;
        if (!name.n || (lines && name.p[0] == '#'))
            continue;
        if (memchr(name.p, 0, name.n)) {
            cli_error(c, "a name in the list has a NUL in it");
            return false;
        }
        add(n, c->arena, str_z(c->arena, name));
    }
    return true;
}

static bool read_list(struct migrate_names *n, const struct cli *c, const char *from)
{
    struct io_file file = {0};
    struct io_error e;
    if (strcmp(from, "-") == 0)
        e = io_read_fd(c->arena, 0, "-", CLI_LIST_MAX, &file.bytes);
    else
        e = io_read(c->arena, io_path_of(from), CLI_LIST_MAX, &file);
    if (e.message)
        cli_error(c, "%s", e.message);
    return !e.message && add_list(n, c, file.bytes);
}

/* ---- order ---- */

static int compare(const void *x, const void *y)
{
    const struct migrate_name *a = x, *b = y;
    int c = str_cmp(a->shown, b->shown);
    return c ? c : strcmp(a->name, b->name);
}

static void sort(struct migrate_names *n)
{
    size_t kept = 0;
    if (!n->list.n)
        return;
    qsort(n->list.v, n->list.n, sizeof *n->list.v, compare);
    for (size_t i = 0; i < n->list.n; i++)
        if (!kept || !str_eq(n->list.v[kept - 1].shown, n->list.v[i].shown))
            n->list.v[kept++] = n->list.v[i];
    n->list.n = kept;
}

/* ---- a part of it ---- */

/* "K/N", or "N" with K - 1 in JOB_COMPLETION_INDEX. */
static bool read_shard(const struct cli *c, const char *text, uint64_t *k, uint64_t *n)
{
    struct str of = str_of(text), part = STR("");
    const char *index = getenv("JOB_COMPLETION_INDEX");
    bool both = strchr(text, '/') != NULL;
    if (both)
        str_split(&of, '/', &part);
    bool ok = str_to_u64(of, SHARDS_MAX, n) && *n;
    if (ok && both)
        ok = str_to_u64(part, *n, k) && *k;
    if (!ok) {
        cli_error(c, "option '--shard' takes K/N with K from 1 to N, or N, not '%s'",
                  cli_quote(c->arena, text));
        return false;
    }
    if (both)
        return true;
    if (!index || !str_to_u64(str_of(index), *n - 1, k)) {
        cli_error(c, "--shard %s needs JOB_COMPLETION_INDEX, a number below %s", text, text);
        return false;
    }
    ++*k;
    return true;
}

static void keep_part(struct migrate_names *n, uint64_t k, uint64_t of)
{
    size_t kept = 0;
    for (size_t i = 0; i < n->list.n; i++) {
        uint64_t hash = hash_of(n->list.v[i].shown);
        if ((hash ^ hash >> 32) % of == k - 1)
            n->list.v[kept++] = n->list.v[i];
    }
    n->list.n = kept;
}

bool migrate_names_read(struct migrate_names *n, const struct cli *c)
{
    const struct options *o = c->options;
    uint64_t k, of;
    *n = (struct migrate_names){0};
    VEC_EACH (name, &o->operands)
        add(n, c->arena, *name);
    if (o->migrate.repos && !read_list(n, c, o->migrate.repos))
        return false;
    sort(n);
    if (!o->migrate.shard)
        return true;
    if (!read_shard(c, o->migrate.shard, &k, &of))
        return false;
    keep_part(n, k, of);
    return true;
}
