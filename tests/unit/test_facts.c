/*
 * The format, the merging of variants, which facts win. The built-in files: test_facts_builtin.c.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include "base/buf.h"
#include "knowledge/facts.h"

static struct arena arena;
static struct facts_db *db;

static int setup(void **state)
{
    (void)state;
    db = facts_db_new();
    return 0;
}

static int teardown(void **state)
{
    (void)state;
    facts_db_free(db);
    arena_release(&arena);
    return 0;
}

static void add(const char *yaml)
{
    const char *error = facts_db_add(db, "test", str_of(yaml));
    if (error)
        fail_msg("%s", error);
}

static void refuse(const char *yaml, const char *error)
{
    const char *got = facts_db_add(db, "f", str_of(yaml));
    if (!got)
        fail_msg("accepted: %s", yaml);
    assert_string_equal(got, error);
}

static bool find(const char *repository, const char *tag, struct facts *f)
{
    struct image_ref ref = {.repository = str_of(repository), .tag = str_of(tag)};
    return facts_find(db, &arena, &ref, f);
}

static struct facts get(const char *repository, const char *tag)
{
    struct facts f;
    if (!find(repository, tag, &f))
        fail_msg("%s:%s is unknown", repository, tag);
    return f;
}

/* ---- the format ---- */

static void reads_every_key(void **state)
{
    (void)state;
    add("images: [acme/all]\n"
        "source: \"a: b\"\n"
        "checked: 2026-11-22\n"
        "family: redhat\n"
        "package_manager: microdnf\n"
        "user_tools: none\n"
        "shell: /bin/bash\n"
        "user: \"101:0\"\n"
        "workdir: /srv\n"
        "empty_dir: /none\n"
        "users:\n"
        "  - {name: app, uid: 101, gid: 0, group: root, home: /srv, purpose: app}\n"
        "  - {name: www-data, uid: 33}\n"
        "  - {name: ann, uid: 1000, purpose: login}\n"
        "env: {GOPATH: /go, EMPTY: \"\"}\n"
        "entrypoint: [/run.sh, \"-x\"]\n"
        "cmd: [a, \"\", b]\n"
        "starts: service\n"
        "start_as: drops\n"
        "ports: [80, 65535]\n"
        "volumes: [/data]\n"
        "writable:\n"
        "  - {path: /var/cache/x, kind: dir}\n"
        "  - {path: /run/x.pid, kind: file}\n"
        "onbuild: true\n"
        "notes: n\n");
    struct facts f = get("acme/all", "");
    assert_true(str_is(f.origin, "test"));
    assert_true(str_is(f.source, "a: b"));
    assert_true(str_is(f.checked, "2026-11-22"));
    assert_int_equal(f.family, FACTS_REDHAT);
    assert_true(str_is(f.package_manager, "microdnf"));
    assert_int_equal(f.user_tools, FACTS_TOOLS_NONE);
    assert_true(str_is(f.shell, "/bin/bash") && f.has_shell);
    assert_true(str_is(f.user, "101:0"));
    assert_true(str_is(f.workdir, "/srv"));
    assert_int_equal(f.users.n, 3);
    assert_true(str_is(f.users.v[0].group, "root") && str_is(f.users.v[0].home, "/srv"));
    assert_int_equal(f.users.v[0].gid, 0);
    assert_int_equal(f.users.v[0].purpose, FACTS_USER_APP);
    assert_true(str_is(f.users.v[1].name, "www-data") && str_is(f.users.v[1].group, "www-data"));
    assert_int_equal(f.users.v[1].uid, 33);
    assert_int_equal(f.users.v[1].gid, 33);
    assert_int_equal(f.users.v[1].purpose, FACTS_USER_SYSTEM);
    assert_int_equal(f.users.v[2].purpose, FACTS_USER_LOGIN);
    assert_int_equal(f.env.n, 2);
    assert_true(str_is(f.env.v[0].name, "GOPATH") && str_is(f.env.v[0].value, "/go"));
    assert_int_equal(f.entrypoint.n, 2);
    assert_int_equal(f.cmd.n, 3);
    assert_int_equal(f.cmd.v[1].n, 0);
    assert_int_equal(f.starts, FACTS_STARTS_SERVICE);
    assert_true(str_is(f.empty_dir, "/none"));
    assert_int_equal(f.start_as, FACTS_AS_DROPS);
    assert_int_equal(f.ports.n, 2);
    assert_int_equal(f.ports.v[1], 65535);
    assert_true(f.volumes.n == 1 && str_is(f.volumes.v[0], "/data"));
    assert_int_equal(f.writable.n, 2);
    assert_false(f.writable.v[0].file);
    assert_true(f.writable.v[1].file);
    assert_true(f.onbuild);
    assert_true(str_is(f.notes, "n"));
    assert_false(f.tag_guessed);
}

static void keys_have_defaults(void **state)
{
    (void)state;
    add("images: [acme/none]\n");
    struct facts f = get("acme/none", "x");
    assert_int_equal(f.family, FACTS_FAMILY_UNKNOWN);
    assert_int_equal(f.user_tools, FACTS_TOOLS_UNKNOWN);
    assert_int_equal(f.package_manager.n, 0);
    assert_true(f.has_shell);
    assert_int_equal(f.user.n, 0);
    assert_true(str_is(f.workdir, "/"));
    assert_int_equal(f.starts, FACTS_STARTS_NOTHING);
    assert_int_equal(f.start_as, FACTS_AS_ANY);
    assert_int_equal(f.users.n + f.env.n + f.cmd.n + f.ports.n + f.writable.n, 0);
    assert_false(f.onbuild);
}

static void what_starts_is_not_guessed(void **state)
{
    (void)state;
    add("images: [a]\ncmd: [x]\n");
    assert_int_equal(get("a", "").starts, FACTS_STARTS_UNKNOWN);
    add("images: [a]\nentrypoint: [x]\n");
    assert_int_equal(get("a", "").starts, FACTS_STARTS_UNKNOWN);
    add("images: [a]\ncmd: [x]\nstarts: shell\n");
    assert_int_equal(get("a", "").starts, FACTS_STARTS_SHELL);
}

static void families_imply_tools(void **state)
{
    (void)state;
    static const struct {
        const char *family, *pm, *shell;
        enum facts_user_tools tools;
    } want[] = {
        {"debian", "apt", "/bin/sh", FACTS_TOOLS_SHADOW},
        {"alpine", "apk", "/bin/sh", FACTS_TOOLS_BUSYBOX},
        {"wolfi", "apk", "/bin/sh", FACTS_TOOLS_BUSYBOX},
        {"redhat", "dnf", "/bin/sh", FACTS_TOOLS_SHADOW},
        {"suse", "zypper", "/bin/sh", FACTS_TOOLS_SHADOW},
        {"arch", "pacman", "/bin/sh", FACTS_TOOLS_SHADOW},
        {"busybox", "none", "/bin/sh", FACTS_TOOLS_BUSYBOX},
        {"distroless", "none", "", FACTS_TOOLS_NONE},
        {"scratch", "none", "", FACTS_TOOLS_NONE},
        {"windows", "none", "", FACTS_TOOLS_NONE},
        {"other", "", "/bin/sh", FACTS_TOOLS_UNKNOWN},
    };
    for (size_t i = 0; i < sizeof want / sizeof *want; i++) {
        add(str_fmt(&arena, "images: [a]\nfamily: %s\n", want[i].family).p);
        struct facts f = get("a", "");
        assert_true(str_is(f.package_manager, want[i].pm));
        assert_true(str_is(f.shell, want[i].shell));
        assert_int_equal(f.has_shell, want[i].shell[0] != 0);
        assert_int_equal(f.user_tools, want[i].tools);
    }
}

static void root_is_written_in_many_ways(void **state)
{
    (void)state;
    static const char *const root[] = {"root",    "\"0\"",     "0",     "\"\"",
                                       "\"0:0\"", "root:root", "0:root"};
    static const char *const other[] = {"node", "1000", "\"0:1000\"", "root:app", "1000:0"};
    for (size_t i = 0; i < sizeof root / sizeof *root; i++) {
        add(str_fmt(&arena, "images: [a]\nuser: %s\n", root[i]).p);
        assert_int_equal(get("a", "").user.n, 0);
    }
    for (size_t i = 0; i < sizeof other / sizeof *other; i++) {
        add(str_fmt(&arena, "images: [a]\nuser: %s\n", other[i]).p);
        assert_int_not_equal(get("a", "").user.n, 0);
    }
}

static void errors_have_a_place(void **state)
{
    (void)state;
    refuse("", "f:1:1: expected a mapping, found an empty document");
    refuse("[]", "f:1:1: expected a mapping, found a list");
    refuse("family: debian\n", "f:1:1: the key 'images' is missing");
    refuse("images: []\n", "f:1:9: 'images' must name at least one repository");
    refuse("images: node\n", "f:1:9: 'images' must be a list, not 'node'");
    refuse("images: [a]\nfamly: x\n", "f:2:1: unknown key 'famly'");
    refuse("images: [a]\nfamily: debain\n",
           "f:2:9: 'family' must be one of unknown, debian, alpine, redhat, suse, arch, wolfi, "
           "busybox, distroless, scratch, windows, other, not 'debain'");
    refuse("images: [a]\nshell: sh\n", "f:2:8: 'sh' is not an absolute path");
    refuse("images: [a]\nuser: [x]\n", "f:2:7: 'user' must be a text, not a list");
    refuse("images: [a]\nuser: a b\n", "f:2:7: 'a b' is not a user (name or uid, maybe :group)");
    refuse("images: [a]\nuser: \"a:b:c\"\n",
           "f:2:7: 'a:b:c' is not a user (name or uid, maybe :group)");
    refuse("images: [a]\nuser: \"a:\"\n", "f:2:7: 'a:' is not a user (name or uid, maybe :group)");
    refuse("images: [a]\nports: [0]\n", "f:2:9: expected a number from 1 to 65535, found '0'");
    refuse("images: [a]\nports: [65536]\n",
           "f:2:9: expected a number from 1 to 65535, found '65536'");
    refuse("images: [a]\nports: [\"80\"]\n",
           "f:2:9: expected a number from 1 to 65535, found '80' in quotes");
    refuse("images: [a]\nonbuild: yes\n", "f:2:10: 'onbuild' must be true or false, not 'yes'");
    refuse("images: [a]\nchecked: 22.11.2026\n", "f:2:10: '22.11.2026' is not a date (YYYY-MM-DD)");
    refuse("images: [a]\nvolumes: [data]\n", "f:2:11: 'data' is not an absolute path");
    refuse("images: [a]\nenv: [A]\n", "f:2:6: 'env' must be a mapping, not a list");
    refuse("images: [a]\nenv: {A-B: c}\n", "f:2:7: 'A-B' is not a variable's name");
    refuse("images: [a]\nenv: {A: }\n",
           "f:2:10: 'A' must be a text (\"\" if it is empty), not nothing");
    refuse("images: [a]\nimages: [b]\n", "f:2:1: key 'images' is given twice, first in line 1");
    refuse("images: [a]\ntag: x\n", "f:2:1: the key 'tag' does not belong outside of a variant");
}

static void errors_of_lists_have_a_place(void **state)
{
    (void)state;
    refuse("images: [a]\nusers: [{uid: 1}]\n", "f:2:9: the key 'name' is missing");
    refuse("images: [a]\nusers: [{name: x}]\n", "f:2:9: the key 'uid' is missing");
    refuse("images: [a]\nusers: [{name: x, uid: -1}]\n",
           "f:2:24: 'uid' must be a number from 0 to 2147483647, not '-1'");
    refuse("images: [a]\nusers: [{name: x, uid: 1, gid: 2147483648}]\n",
           "f:2:32: 'gid' must be a number from 0 to 2147483647, not '2147483648'");
    refuse("images: [a]\nusers: [{name: \"x;id\", uid: 1}]\n",
           "f:2:16: 'x;id' is not a user's or group's name");
    refuse("images: [a]\nusers: [{name: -x, uid: 1}]\n",
           "f:2:16: '-x' is not a user's or group's name");
    refuse("images: [a]\nusers: [{name: x, uid: 1, purpose: admin}]\n",
           "f:2:36: 'purpose' must be one of system, app, login, not 'admin'");
    refuse("images: [a]\nusers: [x]\n", "f:2:9: expected a mapping, found 'x'");
    refuse("images: [a]\nwritable: [{path: /x}]\n", "f:2:12: the key 'kind' is missing");
    refuse("images: [a]\nwritable: [{path: \"/x\\ny\", kind: dir}]\n",
           "f:2:19: '/x?y' is not an absolute path");
    refuse("images: [a]\nvariants: [{family: alpine}]\n", "f:2:12: the key 'tag' is missing");
    refuse("images: [a]\nvariants: [{tag: x}, {tag: \"(\"}]\n",
           "f:2:28: pattern '(': missing closing parenthesis (at byte 1)");
    refuse("images: [a]\nvariants: [{tag: x, images: [b]}]\n",
           "f:2:21: the key 'images' does not belong into a variant");
    refuse("images: [a]\nvariants: [{tag: x, variants: []}]\n",
           "f:2:21: the key 'variants' does not belong into a variant");
}

static void names_are_normal_names(void **state)
{
    (void)state;
    refuse("images: [a, \"A b\"]\n", "f:1:13: 'A b' is not the name of a repository");
    refuse("images: [\"\"]\n", "f:1:10: '' is not the name of a repository");
    refuse("images: [\"a*b\"]\n", "f:1:10: 'a*b' is not the name of a repository");
    refuse("images: [\"a**\"]\n", "f:1:10: 'a**' is not the name of a repository");
    refuse("images: [library/node]\n", "f:1:10: 'library/node' must be written 'node'");
    refuse("images: [\"node:20\"]\n", "f:1:10: 'node:20' must be written 'node'");
    refuse("images: [\"library/no*\"]\n", "f:1:10: 'library/no*' must be written 'no*'");
    add("images: [\"example.test:5000/a/*\", \"b-*\", \"c/d_e.f\"]\n");
}

static void a_refused_file_adds_nothing(void **state)
{
    (void)state;
    struct facts f;
    refuse("images: [acme/x]\nvariants: [{tag: a}]\nbad: 1\n", "f:3:1: unknown key 'bad'");
    assert_false(find("acme/x", "", &f));
}

static void too_many_variants(void **state)
{
    (void)state;
    struct buf b = buf_in(&arena);
    buf_addz(&b, "images: [a]\nvariants:\n");
    for (int i = 0; i < 64; i++)
        buf_addz(&b, "- {tag: x}\n");
    add(buf_str(&b).p);
    buf_addz(&b, "- {tag: x}\n");
    refuse(buf_str(&b).p, "f:3:1: more than 64 variants");
}

/* ---- variants ---- */

static void variants_are_laid_over_in_order(void **state)
{
    (void)state;
    add("images: [a]\nfamily: debian\nports: [1, 2]\nuser: x\ncmd: [c]\n"
        "variants:\n"
        "  - {tag: '-slim', ports: [3], notes: slim}\n"
        "  - {tag: '^2', ports: [4, 5], user: root, cmd: []}\n"
        "  - {tag: latest, workdir: /latest}\n");
    struct facts f = get("a", "1");
    assert_int_equal(f.ports.n, 2);
    assert_true(str_is(f.user, "x"));
    assert_true(str_is(f.workdir, "/"));
    f = get("a", "1-slim");
    assert_true(f.ports.n == 1 && f.ports.v[0] == 3);
    assert_true(str_is(f.user, "x"));
    f = get("a", "2-slim");
    assert_true(f.ports.n == 2 && f.ports.v[0] == 4);
    assert_int_equal(f.user.n, 0);
    assert_int_equal(f.cmd.n, 0);
    assert_true(str_is(f.notes, "slim"));
    assert_int_equal(get("a", "12").cmd.n, 1);
    assert_true(str_is(get("a", "").workdir, "/latest"));
    assert_true(str_is(get("a", "latest").workdir, "/latest"));
    assert_int_equal(get("a", "1").ports.n, 2); /* a lookup leaves no traces */
}

static void another_family_has_other_tools(void **state)
{
    (void)state;
    add("images: [a]\nfamily: debian\npackage_manager: apt\nuser_tools: shadow\nshell: /bin/bash\n"
        "variants:\n"
        "  - {tag: alpine, family: alpine}\n"
        "  - {tag: shadow, family: alpine, user_tools: shadow}\n"
        "  - {tag: same, family: debian}\n"
        "  - {tag: back, family: debian, shell: none}\n");
    struct facts f = get("a", "alpine");
    assert_true(str_is(f.package_manager, "apk"));
    assert_int_equal(f.user_tools, FACTS_TOOLS_BUSYBOX);
    assert_true(str_is(f.shell, "/bin/sh"));
    f = get("a", "shadow");
    assert_true(str_is(f.package_manager, "apk"));
    assert_int_equal(f.user_tools, FACTS_TOOLS_SHADOW);
    assert_true(str_is(get("a", "same").shell, "/bin/bash"));
    f = get("a", "alpine-back");
    assert_true(str_is(f.package_manager, "apt"));
    assert_false(f.has_shell);
}

static void a_digest_does_not_tell_the_tag(void **state)
{
    (void)state;
    struct facts f;
    add("images: [a]\nvariants: [{tag: x, workdir: /x}]\n");
    add("images: [b]\n");
    struct image_ref ref = {.repository = STR("a"), .digest = STR("sha256:0")};
    assert_true(facts_find(db, &arena, &ref, &f) && f.tag_guessed);
    ref.tag = STR("x");
    assert_true(facts_find(db, &arena, &ref, &f) && !f.tag_guessed);
    ref = (struct image_ref){.repository = STR("b"), .digest = STR("sha256:0")};
    assert_true(facts_find(db, &arena, &ref, &f) && !f.tag_guessed);
}

static void a_pattern_that_gives_up_is_not_no_match(void **state)
{
    (void)state;
    struct facts f;
    add("images: [a]\nvariants: [{tag: '(*NO_START_OPT)(x+)+y', user: app}]\n");
    assert_false(find("a", "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx", &f));
    assert_true(find("a", "z", &f));
}

/* ---- which facts win ---- */

static void later_facts_win_and_are_not_mixed(void **state)
{
    (void)state;
    add("images: [acme/w]\nuser: one\nworkdir: /one\n");
    add("images: [acme/w]\nuser: two\n");
    struct facts f = get("acme/w", "");
    assert_true(str_is(f.user, "two"));
    assert_true(str_is(f.workdir, "/"));
}

static void exact_names_beat_prefixes(void **state)
{
    (void)state;
    add("images: [acme/base]\nuser: exact\n");
    add("images: [\"acme/ba*\"]\nuser: longer\n");
    add("images: [\"acme/*\"]\nuser: shorter\n");
    assert_true(str_is(get("acme/base", "").user, "exact"));
    assert_true(str_is(get("acme/bar", "").user, "longer"));
    assert_true(str_is(get("acme/", "").user, "shorter"));
    assert_true(str_is(get("acme/x/y", "").user, "shorter"));
    struct facts f;
    assert_false(find("acme", "", &f));
    assert_false(find("xacme/base", "", &f));
    assert_false(find("", "", &f));
}

static void added_facts_beat_built_in_ones(void **state)
{
    (void)state;
    struct facts f;
    assert_true(find("node", "20", &f));
    assert_true(str_is(f.origin, "templates/images/node.yaml"));
    add("images: [\"nod*\"]\nuser: mine\n");
    assert_true(str_is(get("node", "20").user, "mine"));
}

static void the_bytes_are_copied(void **state)
{
    (void)state;
    char label[] = "label", yaml[] = "images: [a]\nuser: abc\nvariants: [{tag: q, user: x}]\n";
    assert_null(facts_db_add(db, label, str_of(yaml)));
    memset(label, '!', sizeof label);
    memset(yaml, '!', sizeof yaml);
    assert_true(str_is(get("a", "").user, "abc"));
    assert_true(str_is(get("a", "").origin, "label"));
    assert_true(str_is(get("a", "q").user, "x"));
}

static void users_are_found(void **state)
{
    (void)state;
    add("images: [a]\nusers: [{name: app, uid: 7}]\n");
    add("images: [b]\nusers: [{name: toor, uid: 0}, {name: root, uid: 5}]\n");
    add("images: [c]\nfamily: scratch\n");
    struct facts f = get("a", "");
    assert_int_equal(facts_user_named(&f, STR("app"))->uid, 7);
    assert_true(str_is(facts_user_with(&f, 7)->name, "app"));
    assert_null(facts_user_named(&f, STR("ap")));
    assert_null(facts_user_with(&f, 8));
    assert_true(str_is(facts_user_with(&f, 0)->home, "/root"));
    assert_int_equal(facts_user_named(&f, STR("root"))->uid, 0);
    f = get("b", "");
    assert_int_equal(facts_user_named(&f, STR("root"))->uid, 5);
    assert_true(str_is(facts_user_with(&f, 0)->name, "toor"));
    f = get("c", "");
    assert_null(facts_user_named(&f, STR("root")));
    assert_null(facts_user_with(&f, 0));
}

/* What the caller adds to a list stays with the caller. */
static void pushing_to_a_result_is_harmless(void **state)
{
    (void)state;
    add("images: [a]\nusers: [{name: app, uid: 7}]\nports: [1]\ncmd: [x]\n");
    struct facts f = get("a", "");
    *vec_push(&arena, &f.users) = (struct facts_user){.uid = 9};
    *vec_push(&arena, &f.ports) = 9;
    *vec_push(&arena, &f.cmd) = STR("y");
    f.users.v[0].uid = 8;
    f = get("a", "");
    assert_int_equal(f.users.n, 1);
    assert_int_equal(f.users.v[0].uid, 7);
    assert_int_equal(f.ports.n, 1);
}

static void names_are_sorted_and_unique(void **state)
{
    (void)state;
    const struct str *names;
    size_t before = facts_db_names(db, &arena, &names);
    add("images: [node, zzz, \"zz*\"]\n");
    size_t n = facts_db_names(db, &arena, &names);
    assert_int_equal(n, before + 2);
    size_t hits = 0;
    for (size_t i = 0; i < n; i++) {
        if (i)
            assert_true(str_cmp(names[i - 1], names[i]) < 0);
        hits += str_is(names[i], "zz*") || str_is(names[i], "zzz") || str_is(names[i], "node");
    }
    assert_int_equal(hits, 3);
}

/* ---- speed, threads ---- */

static double seconds(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

static void starting_is_quick(void **state)
{
    (void)state;
    double best = 1;
    for (int i = 0; i < 20; i++) {
        double from = seconds();
        struct facts_db *fresh = facts_db_new();
        struct image_ref ref = {.repository = STR("node"), .tag = STR("20-alpine")};
        struct facts f;
        assert_true(facts_find(fresh, &arena, &ref, &f));
        double took = seconds() - from;
        best = took < best ? took : best;
        facts_db_free(fresh);
    }
    assert_true(best < 0.005); /* some 0.1 ms without sanitizers */
}

struct worker {
    size_t start, found;
};

static void *work(void *arg)
{
    struct worker *w = arg;
    struct arena mine = {0};
    const struct str *names;
    size_t n = facts_db_names(db, &mine, &names);
    for (size_t i = 0; i < n; i++) {
        struct facts f;
        struct image_ref ref = {.repository = names[(i + w->start) % n], .tag = STR("1-alpine")};
        w->found += facts_find(db, &mine, &ref, &f) && f.origin.n;
    }
    w->found = w->found == n;
    arena_release(&mine);
    return NULL;
}

static void threads_share_a_database(void **state)
{
    (void)state;
    pthread_t t[4];
    struct worker w[4];
    for (size_t i = 0; i < 4; i++) {
        w[i] = (struct worker){i % 2 * 20, 0};
        assert_int_equal(pthread_create(&t[i], NULL, work, &w[i]), 0);
    }
    for (size_t i = 0; i < 4; i++) {
        pthread_join(t[i], NULL);
        assert_true(w[i].found);
    }
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, setup, teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(reads_every_key),
        TEST(keys_have_defaults),
        TEST(what_starts_is_not_guessed),
        TEST(families_imply_tools),
        TEST(root_is_written_in_many_ways),
        TEST(errors_have_a_place),
        TEST(errors_of_lists_have_a_place),
        TEST(names_are_normal_names),
        TEST(a_refused_file_adds_nothing),
        TEST(too_many_variants),
        TEST(variants_are_laid_over_in_order),
        TEST(another_family_has_other_tools),
        TEST(a_digest_does_not_tell_the_tag),
        TEST(a_pattern_that_gives_up_is_not_no_match),
        TEST(later_facts_win_and_are_not_mixed),
        TEST(exact_names_beat_prefixes),
        TEST(added_facts_beat_built_in_ones),
        TEST(the_bytes_are_copied),
        TEST(users_are_found),
        TEST(pushing_to_a_result_is_harmless),
        TEST(names_are_sorted_and_unique),
        TEST(starting_is_quick),
        TEST(threads_share_a_database),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
