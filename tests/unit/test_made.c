/* What is known of the image that a rewrite makes: ur_result_image(). */
#include "tests/support/unit.h"

#include "base/buf.h"
#include "unroot.h"

static struct arena arena;
static struct ur_options *safe, *unsafe;

static struct ur_options *options(const char *unsafe_fixes)
{
    struct ur_options *o = ur_options_new();
    assert_int_equal(ur_options_set(o, "unsafe-fixes", unsafe_fixes), UR_OK);
    assert_int_equal(ur_options_seal(o), UR_OK);
    return o;
}

static int setup(void **state)
{
    (void)state;
    safe = options("false");
    unsafe = options("true");
    return 0;
}

static int teardown(void **state)
{
    (void)state;
    ur_options_free(safe);
    ur_options_free(unsafe);
    arena_release(&arena);
    return 0;
}

/* A context with these files, all empty. */
struct context {
    const char *const *files;
};

static enum ur_entry look(void *ctx, const char *path, unsigned *mode, size_t *size)
{
    struct context *c = ctx;
    struct str p = str_of(path);
    *mode = 0644;
    *size = 0;
    for (const char *const *f = c->files; *f; f++) {
        if (str_is(p, *f))
            return UR_ENTRY_FILE;
        struct str name = str_of(*f);
        if (!p.n || (str_starts(name, p) && name.n > p.n && name.p[p.n] == '/'))
            return UR_ENTRY_FOLDER;
    }
    return UR_ENTRY_NONE;
}

static int read_file(void *ctx, const char *path, size_t cap, const char **bytes, size_t *size)
{
    unsigned mode;
    (void)cap;
    *bytes = "";
    return look(ctx, path, &mode, size) == UR_ENTRY_FILE ? 0 : -1;
}

static int list(void *ctx, const char *path, void (*each)(void *, const char *), void *each_ctx)
{
    struct context *c = ctx;
    struct str p = str_of(path), last = STR("");
    for (const char *const *f = c->files; *f; f++) {
        struct str rest = str_of(*f), name;
        if (p.n && !(str_starts(rest, p) && rest.n > p.n && rest.p[p.n] == '/'))
            continue;
        rest = str_from(rest, p.n ? p.n + 1 : 0);
        str_split(&rest, '/', &name);
        if (!str_eq(name, last))
            each(each_ctx, str_z(&arena, name));
        last = name;
    }
    return 0;
}

static struct str show(const struct ur_image *i)
{
    struct buf b = buf_in(&arena);
    if (!i)
        return STR("none");
    buf_addf(&b, "user=%s", i->user ? i->user : "?");
    if (i->uid > 0)
        buf_addf(&b, " uid=%ld", i->uid);
    if (i->gid >= 0 && i->uid > 0)
        buf_addf(&b, " gid=%ld", i->gid);
    for (size_t k = 0; k < i->writable_count; k++)
        buf_addf(&b, " %s%s%s", i->writable[k].path, i->writable[k].filled ? "!" : "",
                 i->writable[k].volume ? "v" : "");
    for (size_t k = 0; k < i->move_count; k++)
        buf_addf(&b, " %u>%u", i->moves[k].from, i->moves[k].to);
    if (!i->writable_whole)
        buf_addz(&b, " …");
    return buf_str(&b);
}

static void stage(const struct ur_options *o, const char *target, const char *text,
                  const char *const *files, const char *want)
{
    struct context own = {files};
    struct ur_context c = {&own, "", look, read_file, list};
    struct ur_build build = {.contexts = &c, .context_count = files ? 1 : 0, .images = 1};
    struct ur_result *r = ur_rewrite_in(o, &build, "Dockerfile", text, strlen(text));
    assert_int_equal(ur_result_status(r), UR_OK);
    EQ_STR(show(ur_result_image(r, target)), str_of(want), text);
    ur_result_free(r);
}

static void bare(const char *text, const char *want)
{
    stage(safe, "", text, NULL, want);
}

static void who_it_runs_as(void **state)
{
    (void)state;
    bare("FROM node:24\nWORKDIR /app\nCOPY . .\nCMD [\"node\", \"x.js\"]\n",
         "user=1000:1000 uid=1000 gid=1000 …");
    bare("FROM node:24\nUSER node\nCMD [\"node\", \"x.js\"]\n", "user=1000 uid=1000 gid=1000 …");
    bare("FROM node:24\nUSER 1000:1000\nCMD [\"node\", \"x.js\"]\n",
         "user=1000:1000 uid=1000 gid=1000 …");
    bare("FROM node:24\nUSER 4711\nCMD [\"node\", \"x.js\"]\n", "user=4711 uid=4711 …");
    bare("FROM nginxinc/nginx-unprivileged:1.27\n", "user=101 uid=101 gid=101");
    bare("FROM acme/base\n", "user=? …");
    bare("FROM acme/base\nUSER 1000\n", "user=1000 uid=1000 …");
    bare("FROM postgres:17\n", "user= /var/lib/postgresql/datav /var/run/postgresql");
    bare("ARG U=1000\nFROM node:24\nARG U\nUSER $U\n", "user=? …");
}

static void stages(void **state)
{
    (void)state;
    static const char text[] =
        "FROM node:24 AS build\nRUN x\nFROM node:24 AS run\nUSER 1000:1000\n";
    stage(safe, "", text, NULL, "user=1000:1000 uid=1000 gid=1000 …");
    stage(safe, "run", text, NULL, "user=1000:1000 uid=1000 gid=1000 …");
    stage(safe, "build", text, NULL, "none");
    stage(safe, "nosuch", text, NULL, "none");
}

static void where_it_writes(void **state)
{
    (void)state;
    static const char *const code[] = {"data/seed.db", "server.js", NULL};
    static const char *const kept[] = {"data/.gitkeep", "server.js", NULL};
    static const char text[] = "FROM node:24\nWORKDIR /app\nCOPY . .\nRUN mkdir -p /app/data\n"
                               "VOLUME /cache\nCMD [\"node\", \"server.js\"]\n";
    stage(unsafe, "", text, code, "user=1000:1000 uid=1000 gid=1000 /app/data! /cachev …");
    stage(unsafe, "", text, kept, "user=1000:1000 uid=1000 gid=1000 /app/data /cachev …");
    bare("FROM node:24\nWORKDIR /app\nCOPY x.js .\nRUN mkdir /data && chown 1000:1000 /data\n"
         "USER 1000:1000\nCMD [\"node\", \"x.js\"]\n",
         "user=1000:1000 uid=1000 gid=1000 /data …");
    bare("FROM node:24\nRUN mkdir /data && ./fill /data && chown 1000:1000 /data\n"
         "USER 1000:1000\nCMD [\"node\", \"x.js\"]\n",
         "user=1000:1000 uid=1000 gid=1000 /data! …");
}

static void moved_ports(void **state)
{
    (void)state;
    static const char *const none[] = {"index.html", NULL};
    static const char text[] = "FROM nginx:1.27\nCOPY index.html /usr/share/nginx/html/\n";
    stage(safe, "", text, none, "user= /run /var/cache/nginx");
    stage(unsafe, "", text, none, "user=101 uid=101 gid=101 80>8080");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(who_it_runs_as),
        cmocka_unit_test(stages),
        cmocka_unit_test(where_it_writes),
        cmocka_unit_test(moved_ports),
    };
    return cmocka_run_group_tests(tests, setup, teardown);
}
