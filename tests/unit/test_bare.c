/*
 * Directories for a user in an image without a shell. acme/bare has an empty directory, which is
 * the home of its user 7, and starts a program of its own; acme/none has no such directory.
 */
#include "tests/support/units.h"

#include "base/buf.h"
#include "unit/bare.h"

static struct arena arena;
static struct ur_options *options;

static const char bare[] =
    "images: [acme/bare]\nsource: none\nchecked: 2026-01-01\nfamily: distroless\n"
    "empty_dir: /home/me\nentrypoint: [/tool/bin/run]\n"
    "users:\n  - {name: me, uid: 7, home: /home/me, purpose: app}\n";
static const char none[] =
    "images: [acme/none]\nsource: none\nchecked: 2026-01-01\nfamily: distroless\n";

static int setup(void **state)
{
    (void)state;
    options = ur_options_new();
    if (ur_options_add_facts(options, "bare", bare, sizeof bare - 1) ||
        ur_options_add_facts(options, "none", none, sizeof none - 1) || ur_options_seal(options))
        print_error("%s\n", ur_options_error(options));
    return 0;
}

static int teardown(void **state)
{
    (void)state;
    ur_options_free(options);
    arena_release(&arena);
    return 0;
}

static void put(struct buf *b, struct str path)
{
    buf_addf(b, "%s%.*s", b->n && b->p[b->n - 1] != ' ' ? " " : "", STR_ARG(path));
}

/* "/made /made before 3; /left": what is made before which line, and what is left over. */
static void makes(const char *source, uint32_t uid, const char *want)
{
    struct unit *u = units_new(&arena, options, source);
    struct stage *s = units_last_stage(u);
    struct identity user = {.uid = uid, .gid = uid, .gid_known = true};
    struct owned o = owned_dirs(u, s, false, &user);
    struct bare out = {0};
    struct buf b = buf_in(&arena);
    bare_take(u, s, &user, &o, &out);
    VEC_EACH (dir, &out.dirs)
        put(&b, *dir);
    if (out.dirs.n)
        buf_addf(&b, " before %u", out.before->line);
    buf_addz(&b, "; ");
    VEC_EACH (d, &o.dirs)
        put(&b, d->path);
    EQ_STR(buf_str(&b), str_of(want), source);
}

static void test_made(void **state)
{
    (void)state;
    makes("FROM acme/bare\nWORKDIR /app\n", 5, "/app before 2; ");
    makes("FROM acme/bare\nENV A=/app\nCOPY x /app/\nWORKDIR $A\n", 5, "/app before 3; ");
    makes("FROM acme/bare\nVOLUME /data /var/lib/x\n", 5, "/data /var/lib/x before 2; ");
    makes("FROM acme/bare\nUSER root\n", 5, "; ");
    makes("FROM acme/bare\nWORKDIR /home/me/x\n", 5, "/home/me/x before 2; ");
}

static void test_left(void **state)
{
    (void)state;
    makes("FROM acme/none\nWORKDIR /app\n", 5, "; /app");
    makes("FROM who/knows\nWORKDIR /app\n", 5, "; /app");
    makes("FROM acme/bare\nWORKDIR /srv\n", 5, "; /srv");
    makes("FROM acme/bare\nWORKDIR /tool\n", 5, "; /tool");
    makes("FROM acme/bare\nWORKDIR \"/a b\"\n", 5, "; /a b");
    makes("FROM --platform=x/y acme/bare\nWORKDIR /app\n", 5, "; /app");
    makes("ARG T=bare\nFROM acme/$T\nWORKDIR /app\n", 5, "; /app");
    makes("FROM acme/bare AS a\nWORKDIR /app\nFROM a\nCOPY x .\n", 5, "; /app");
}

static void test_own_home(void **state)
{
    (void)state;
    makes("FROM acme/bare\nWORKDIR /home/me\n", 7, "; ");
    makes("FROM acme/bare\nWORKDIR /home/me\n", 5,
          "; /home/me"); /* it is there, and not this user's */
}

static void test_many(void **state)
{
    (void)state;
    makes("FROM acme/bare\nVOLUME /d1 /d2 /d3 /d4 /d5 /d6 /d7 /d8 /d9\n", 5,
          "/d1 /d2 /d3 /d4 /d5 /d6 /d7 /d8 before 2; /d9");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_made),
        cmocka_unit_test(test_left),
        cmocka_unit_test(test_own_home),
        cmocka_unit_test(test_many),
    };
    return cmocka_run_group_tests(tests, setup, teardown);
}
