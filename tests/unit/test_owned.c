/*
 * Which paths are the application's, and which directories a stage is to give to its user. The
 * facts of acme/base (nothing starts) and acme/server (a service with a cache and a pid file) are
 * given here.
 */
#include "tests/support/units.h"

#include "base/buf.h"
#include "unit/owned.h"
#include "unit/path.h"

static struct arena arena;
static struct ur_options *options, *strict;

static const char base[] =
    "images: [acme/base]\nsource: none\nchecked: 2026-01-01\nfamily: debian\n";
static const char server[] =
    "images: [acme/server]\nsource: none\nchecked: 2026-01-01\nfamily: debian\n"
    "cmd: [served]\nstarts: service\n"
    "writable:\n  - {path: /var/cache/served, kind: dir}\n  - {path: /run/served.pid, kind: file}\n";

static struct ur_options *new_options(const char *profile)
{
    struct ur_options *o = ur_options_new();
    if (ur_options_add_facts(o, "base", base, sizeof base - 1) ||
        ur_options_add_facts(o, "server", server, sizeof server - 1) ||
        ur_options_set(o, "profile", profile) || ur_options_seal(o))
        print_error("%s\n", ur_options_error(o));
    return o;
}

static int setup(void **state)
{
    (void)state;
    options = new_options("default");
    strict = new_options("strict");
    return 0;
}

static int teardown(void **state)
{
    (void)state;
    ur_options_free(options);
    ur_options_free(strict);
    arena_release(&arena);
    return 0;
}

/* "/app, /data before 3, /f file": the directories in order. */
static struct str show(const struct owned *o)
{
    struct buf b = buf_in(&arena);
    VEC_EACH (d, &o->dirs)
        buf_addf(&b, "%s%.*s%s%s%s", b.n ? ", " : "", STR_ARG(d->path), d->exists ? "" : " new",
                 d->file ? " file" : "", d->whole ? " whole" : "");
    return buf_str(&b);
}

static struct owned owned_of(const struct ur_options *o, const char *source, bool base_program,
                             const struct identity *user)
{
    struct unit *u = units_new(&arena, o, source);
    struct stage *s = units_last_stage(u);
    return owned_dirs(u, s, base_program, user);
}

static void are(const char *lines, const char *want)
{
    struct owned o =
        owned_of(options, str_fmt(&arena, "FROM acme/base\n%s\n", lines).p, false, NULL);
    EQ_STR(show(&o), str_of(want), lines);
}

/* ---- paths ---------------------------------------------------------------------------------- */

struct row {
    const char *path;
    bool yes;
};

static void judge(bool (*f)(struct str), const char *name, const struct row *rows, size_t n)
{
    for (size_t i = 0; i < n; i++)
        if (f(str_of(rows[i].path)) != rows[i].yes)
            fail_msg("%s(\"%s\") is %s", name, rows[i].path, rows[i].yes ? "false" : "true");
}

static void test_application_paths(void **state)
{
    (void)state;
    static const struct row rows[] = {
        {"/app", true},
        {"/srv/x", true},
        {"/home/x", true},
        {"/usr/src/app", true},
        {"/usr/src/x/y", true},
        {"/opt/x", true},
        {"/var/www", true},
        {"/var/www/html", true},
        {"/data", true},
        {"/go/src/x", true},
        {"/opt/x/conf", true},
        {"/applib", true},
        {"/binx", true},
        {"/", false},
        {"", false},
        {"app", false},
        {"/usr", false},
        {"/usr/src", false},
        {"/usr/local", false},
        {"/usr/local/bin/x", false},
        {"/etc", false},
        {"/etc/x", false},
        {"/bin", false},
        {"/root", false},
        {"/root/x", false},
        {"/tmp", false},
        {"/tmp/x", false},
        {"/opt", false},
        {"/home", false},
        {"/srv", false},
        {"/opt/x/bin/y", false},
        {"/opt/x/lib", false},
        {"/var/lib/x", false},
        {"/var/log/x", false},
        {"/go", false},
        {"/lib64/x", false},
        {"/dev/shm", false},
        {"/proc/1", false},
        {"/go/bin/x", false},
    };
    judge(path_is_application, "path_is_application", rows, COUNT(rows));
}

static void test_workdir_and_state_paths(void **state)
{
    (void)state;
    static const struct row workdirs[] = {{"/srv", true},   {"/opt", true}, {"/usr/src", true},
                                          {"/app", true},   {"/", false},   {"/usr", false},
                                          {"/root", false}, {"/tmp", false}};
    static const struct row states[] = {
        {"/var/lib/x", true},     {"/var/log/x/y", true},
        {"/run/x", true},         {"/var/cache/x", true},
        {"/var/run/x", true},     {"/var/lib", false},
        {"/var/log", false},      {"/run", false},
        {"/run/sshd", false},     {"/var/lib/apt/lists", false},
        {"/var/lib/dpkg", false}, {"/var/cache/apt", false},
        {"/app", false},          {"/etc/x", false},
        {"/var/lib/aptx", true},
    };
    judge(path_is_workdir, "path_is_workdir", workdirs, COUNT(workdirs));
    judge(path_is_state, "path_is_state", states, COUNT(states));
}

/* ---- directories ---------------------------------------------------------------------------- */

static void test_workdir(void **state)
{
    (void)state;
    are("WORKDIR /app", "/app");
    are("WORKDIR /srv", "/srv");
    are("RUN x", "");
    are("WORKDIR /usr/local/bin", "");
    are("WORKDIR /root", "");
    are("WORKDIR /", "");
    are("WORKDIR /app\nWORKDIR /tmp", "");
    are("WORKDIR $X/y", "");
    struct owned o = owned_of(strict, "FROM acme/base\nWORKDIR /app\n", false, NULL);
    EQ(show(&o), ""); /* code stays root's */
    o = owned_of(options, "FROM acme/base AS a\nWORKDIR /app\nFROM a\nRUN x\n", false, NULL);
    EQ(show(&o), "/app");
    o = owned_of(options, "FROM acme/base AS a\nWORKDIR /app\nFROM acme/base\nRUN x\n", false,
                 NULL);
    EQ(show(&o), "");
}

static void test_mkdir(void **state)
{
    (void)state;
    are("RUN mkdir -p /data/x", "/data/x");
    are("RUN mkdir /var/lib/x /etc/x", "/var/lib/x");
    are("WORKDIR /app\nRUN mkdir -p a/b logs", "/app/a/b, /app/a, /app/logs, /app");
    are("WORKDIR /app\nRUN cd /x && mkdir y", "/x/y, /app");
    are("WORKDIR /app\nRUN cd $X && mkdir y", "/app"); /* relative to where nobody knows */
    are("WORKDIR /app\nRUN (cd /x) && mkdir y", "/app/y, /app");
    are("WORKDIR /app\nRUN (cd /x && mkdir y)", "/x/y new, /app");
    are("RUN cd /x && mkdir /data", "/data");
    are("ENV D=/data\nRUN mkdir $D", "/data");
    are("ARG D=/data\nRUN mkdir $D", ""); /* a --build-arg may change it */
    are("RUN D=/data; mkdir $D", "/data");
    are("RUN mkdir /data || true", "/data new"); /* made or not: it is made in the end */
    are("RUN if x; then mkdir /data; fi", "/data new");
    are("USER 5\nRUN mkdir /data", ""); /* it is that user's already */
    are("RUN mkdir /data\nRUN mkdir /data", "/data");
    are("RUN mkdir /data/* /x?", "");
}

static void test_what_is_gone_or_given(void **state)
{
    (void)state;
    are("RUN mkdir /data /keep\nRUN rm -rf /data", "/keep");
    are("RUN mkdir -p /data/x && rm -r /data", "");
    are("RUN mkdir /data\nRUN chown 5:5 /data", "");
    are("RUN mkdir /data\nRUN rm -rf $X", "/data new"); /* anything may be gone: made again */
    struct identity user = {.name = STR("app"), .uid = 5, .gid = 5, .gid_known = true};
    struct owned o =
        owned_of(options, "FROM acme/base\nWORKDIR /app\nRUN chown app /app\n", false, &user);
    EQ(show(&o), "");
    assert_int_equal(o.settled.n, 1);
    o = owned_of(options, "FROM acme/base\nWORKDIR /app\nRUN chown other /app\n", false, &user);
    EQ(show(&o), "/app");
}

static void test_volumes(void **state)
{
    (void)state;
    struct unit *u = units_new(&arena, options,
                               "FROM acme/base\nRUN mkdir -p /data/x\nVOLUME /data /etc/x $Y\n");
    struct stage *s = units_last_stage(u);
    struct owned o = owned_dirs(u, s, false, NULL);
    EQ(show(&o), "/data/x, /data new");
    assert_ptr_equal(o.dirs.v[0].before,
                     s->steps.v[1].item); /* the classic builder would drop it later */
    assert_ptr_equal(o.dirs.v[1].before, s->steps.v[1].item);
}

static void test_variables_that_name_state(void **state)
{
    (void)state;
    are("ENV DATA_DIR=/data", "/data new");
    are("ENV DATABASE_URL=sqlite:////data/app.db", "/data new");
    are("ENV UPLOADS=relative SQLITE=x:/y", "");
    are("ENV GREETING=/data", "");
    are("ENV DATA_DIR=/etc/x", "");
    are("ARG DATA_DIR=/data", "");
    are("ENV DATA_DIR=/data\nCOPY x /data/", ""); /* something lies there */
    are("ENV DATA_DIR=/data\nRUN chown 5 /data", "");
    are("WORKDIR /app\nENV DATA_DIR=/app/data", "/app"); /* the program makes it itself */
}

static void test_image_facts(void **state)
{
    (void)state;
    struct owned o = owned_of(options, "FROM acme/server\n", true, NULL);
    EQ(show(&o), "/var/cache/served, /run/served.pid file");
    o = owned_of(options, "FROM acme/server\nCMD [\"other\"]\n", false, NULL);
    EQ(show(&o), "");
}

static void test_whole(void **state)
{
    (void)state;
    struct unit *u =
        units_new(&arena, options, "FROM acme/base\nRUN mkdir -p /data/x /data/y /other\n");
    struct owned o = owned_dirs(u, units_last_stage(u), false, NULL);
    EQ(show(&o), "/data/x, /data/y, /other");
    owned_whole(u, &o, STR("/data"));
    EQ(show(&o), "/other, /data whole"); /* what lies in it goes with it */
    owned_add(u, &o, STR("/new"));
    owned_add(u, &o, STR("/other"));
    EQ(show(&o), "/other, /data whole, /new new");
}

static void test_free_paths(void **state)
{
    (void)state;
    struct unit *u = units_new(
        &arena, options,
        "FROM acme/base AS a\nCOPY x /a/b\nFROM a\nRUN touch /run/me\nRUN chown 5 /given\nCOPY y /c/d/\n");
    struct stage *s = units_last_stage(u);
    struct owned o = owned_dirs(u, s, false, NULL);
    static const struct row rows[] = {{"/free", true},     {"/a/b", false},   {"/a", false},
                                      {"/a/b/c", false},   {"/c/d/e", false}, {"/run/me", false},
                                      {"/given/x", false}, {"/cx", true}};
    for (size_t i = 0; i < COUNT(rows); i++)
        if (owned_is_free(u, &o, s, str_of(rows[i].path)) != rows[i].yes)
            fail_msg("%s is %s", rows[i].path, rows[i].yes ? "taken" : "free");
}

static void test_too_many(void **state)
{
    (void)state;
    struct buf b = buf_in(&arena);
    buf_addz(&b, "FROM acme/base\nRUN mkdir");
    for (int i = 0; i < OWNED_MAX + 1; i++)
        buf_addf(&b, " /data/%d", i);
    struct owned o = owned_of(options, buf_str(&b).p, false, NULL);
    assert_true(o.too_many);
    assert_int_equal(o.dirs.n, OWNED_MAX);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_application_paths),
        cmocka_unit_test(test_workdir_and_state_paths),
        cmocka_unit_test(test_workdir),
        cmocka_unit_test(test_mkdir),
        cmocka_unit_test(test_what_is_gone_or_given),
        cmocka_unit_test(test_volumes),
        cmocka_unit_test(test_variables_that_name_state),
        cmocka_unit_test(test_image_facts),
        cmocka_unit_test(test_whole),
        cmocka_unit_test(test_free_paths),
        cmocka_unit_test(test_too_many),
    };
    return cmocka_run_group_tests(tests, setup, teardown);
}
