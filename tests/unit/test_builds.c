/* Build files in general: names, formats, paths, and what is too much. */
#include "tests/unit/builds_show.h"

#include <time.h>

static void names(void **state)
{
    (void)state;
    static const char *const yes[] = {
        "compose.yaml",          "compose.yml",
        "compose.prod.yaml",     "compose.override.yml",
        "docker-compose.yml",    "docker-compose.yaml",
        "docker-compose-ci.yml", "docker-compose.dev.yaml",
        "docker-compose_x.yml",  "prod.docker-compose.yml",
        "podman-compose.yml",    "docker-bake.hcl",
        "docker-bake.json",      "docker-bake.override.hcl",
        "docker-bake-ci.json",   "bake.hcl",
        "skaffold.yaml",         "skaffold.yml",
        "skaffold-dev.yaml",     "skaffold.env.yaml",
    };
    static const char *const no[] = {
        "",
        ".",
        ".yaml",
        "yaml",
        "compose",
        "decompose.yml",
        "composer.yml",
        "docker-compose",
        "bake.yaml",
        "skaffold.json",
        "compose.json",
        "Docker-Compose.YML",
        "baker.hcl",
        "main.hcl",
        "compose.yaml.j2",
        "dockercompose.yml",
    };
    for (size_t i = 0; i < COUNT(yes); i++)
        if (!builds_is_name(str_of(yes[i])))
            fail_msg("%s", yes[i]);
    for (size_t i = 0; i < COUNT(no); i++)
        if (builds_is_name(str_of(no[i])))
            fail_msg("%s", no[i]);
}

static void the_document_tells_the_format(void **state)
{
    (void)state;
    struct builds b;
    const char *both = "services: {a: {build: .}}\n"
                       "---\n"
                       "apiVersion: skaffold/v4beta1\nbuild: {artifacts: [{image: b}]}\n";
    assert_null(builds_read(&arena, STR("x.yaml"), str_of(both), &b));
    assert_int_equal(b.list.n, 2);
    assert_int_equal(b.list.v[0].format, BUILD_COMPOSE);
    assert_int_equal(b.list.v[1].format, BUILD_SKAFFOLD);
    assert_null(builds_read(&arena, STR("x.hcl"), STR("target \"a\" {}"), &b));
    assert_int_equal(b.list.v[0].format, BUILD_BAKE);
    /* Something else has no builds. */
    static const char *const others[] = {
        "", "a: 1\n", "[1]", "text", "kind: X", "services:\n", "services: {}\n", "---\n---\n"};
    for (size_t i = 0; i < COUNT(others); i++)
        EQ(show("compose.yaml", others[i]), "");
    EQ(show("docker-bake.hcl", ""), "");
    EQ(show("docker-bake.json", "{}"), "");
    EQ(show("docker-bake.json", "[]"), "");
}

static void paths_are_seen_from_the_root(void **state)
{
    (void)state;
    static const struct {
        const char *file, *context, *dockerfile, *want;
    } rows[] = {
        {"compose.yaml", ".", NULL, "in= file=Dockerfile"},
        {"compose.yaml", "./", NULL, "in= file=Dockerfile"},
        {"compose.yaml", "./web/", NULL, "in=web file=web/Dockerfile"},
        {"compose.yaml", "web//./a/../b", "docker/x", "in=web/b file=web/b/docker/x"},
        {"a/b/compose.yaml", ".", NULL, "in=a/b file=a/b/Dockerfile"},
        {"a/b/compose.yaml", "..", NULL, "in=a file=a/Dockerfile"},
        {"a/b/compose.yaml", "../..", "a/x", "in= file=a/x"},
        {"a/b/compose.yaml", "../../../x", NULL, "in=? file=?"},
        {"compose.yaml", "..", NULL, "in=? file=?"},
        {"compose.yaml", "../compose", NULL, "in=? file=?"},
        {"compose.yaml", "web", "../x", "in=web file=x"},
        {"compose.yaml", "web", "../../x", "in=web file=?"},
        {"compose.yaml", "/srv/app", NULL, "in=? file=?"},
        {"compose.yaml", ".", "/x/Dockerfile", "in= file=?"},
        {"compose.yaml", "~/app", NULL, "in=? file=?"},
        {"compose.yaml", ".\\web", NULL, "in=? file=?"},
        {"compose.yaml", "web", ".", "in=web file=?"},
        {"compose.yaml", "https://x.example/a.git", NULL, "in=? file=?"},
        {"compose.yaml", "https://x.example/a.git#main:web", "x", "in=? file=?"},
        {"compose.yaml", "git@x.example:a/b.git", NULL, "in=? file=?"},
        {"compose.yaml", "me@x.example:a/b.git", NULL, "in=? file=?"},
        {"compose.yaml", "github.com/a/b", NULL, "in=? file=?"},
        {"compose.yaml", "ssh://x.example/a", NULL, "in=? file=?"},
        {"compose.yaml", "docker-image://alpine", NULL, "in=? file=?"},
        {"compose.yaml", "oci-layout://x", NULL, "in=? file=?"},
        {"compose.yaml", "target:x", NULL, "in=? file=?"},
        {"compose.yaml", "-", NULL, "in=? file=?"},
        {"compose.yaml", "a@b", NULL, "in=a@b file=a@b/Dockerfile"},
        {"compose.yaml", "d/a@b:c", NULL, "in=d/a@b:c file=d/a@b:c/Dockerfile"},
        {"compose.yaml", ".", "https://x.example/Dockerfile", "in= file=?"},
        {"compose.yaml", "a\\nb", NULL, "in=? file=?"},
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        struct buf b = buf_in(&arena);
        struct str context = str_of(rows[i].context);
        bool odd = str_has(context, "\\n");
        buf_addf(&b, "services:\n a:\n  build:\n   context: %s%s%s\n", odd ? "\"" : "'",
                 rows[i].context, odd ? "\"" : "'");
        if (rows[i].dockerfile)
            buf_addf(&b, "   dockerfile: %s\n", rows[i].dockerfile);
        struct str want = str_fmt(&arena, "a@2 %s\n", rows[i].want);
        EQ_STR(show(rows[i].file, buf_str(&b).p), want, rows[i].context);
    }
}

static void another_base_can_be_given(void **state)
{
    (void)state;
    struct str file = STR("target \"a\" { context = \"web\" }");
    EQ(show_from("docker/bake.hcl", NULL, file), "a@1 in=docker/web file=docker/web/Dockerfile\n");
    EQ(show_from("docker/bake.hcl", "", file), "a@1 in=web file=web/Dockerfile\n");
    EQ(show_from("docker/bake.hcl", "x", file), "a@1 in=x/web file=x/web/Dockerfile\n");
}

static void tells_what_is_wrong(void **state)
{
    (void)state;
    EQ(show("compose.yaml", "services:\n  a: [\n"), "! 3:1: did not find expected node content");
    EQ(show("compose.yaml", "services:\n  a: {}\n  a: {}\n"), "! 3:3: the key 'a' is given twice");
    EQ(show("compose.yaml", "services: {a: {build: &x {args: *x}}}"),
       "! 1:33: an alias that stands for what it is in");
    EQ(show("compose.yaml", "services: [a]\n"), "! 1:11: 'services' is no mapping");
    EQ(show("docker-bake.json", "{\"target\": {\"a\": }}"), "! 1:18: unexpected token near '}'");
    EQ(show("docker-bake.hcl", "target \"a\" {\n  context = \n}"), "! 2:13: expected a value");
    EQ(show("compose.yaml", "services: {\"\\e[1m\": 1, \"\\e[1m\": 2}"),
       "! 1:24: the key '?[1m' is given twice");
}

static struct str many(const char *head, const char *format, size_t n)
{
    struct buf b = buf_in(&arena);
    buf_addz(&b, head);
    for (size_t i = 0; i < n; i++)
        buf_addf(&b, format, (unsigned)i, (unsigned)i);
    return buf_str(&b);
}

static void refuses_too_much(void **state)
{
    (void)state;
    EQ(show_from("compose.yaml", NULL, many("", "# 34567%.0u%.0u\n", BUILDS_SIZE_MAX / 8 + 1)),
       "! 1:1: too large");
    EQ(show_from("compose.yaml", NULL, many("services:\n", " s%u: {}\n", BUILDS_MAX + 1)),
       "! 2:2: too many services");
    EQ(show_from("bake.hcl", NULL, many("", "target \"t%u\" {}\n", BUILDS_MAX + 1)),
       "! 4097:1: too many targets");
    EQ(show_from("compose.yaml", NULL,
                 many("x: &x\n  build: {args: [A=1, B=2, C=3, D=4, E=5, F=6, G=7, H=8, I=9, J=1,"
                      " K=1, L=1, M=1, N=1, O=1, P=1, Q=1, R=1]}\nservices:\n",
                      " s%u: *x\n", BUILDS_MAX)),
       "! 1:1: too many arguments, ports and volumes");
    struct builds b;
    struct str args =
        many("services:\n a:\n  build:\n   args:\n", "    A%u: x\n", BUILDS_LIST_MAX + 1);
    assert_null(builds_read(&arena, STR("compose.yaml"), args, &b));
    assert_int_equal(b.list.v[0].args.n, BUILDS_LIST_MAX);
    assert_false(b.list.v[0].args_whole);
}

static void no_file_takes_long(void **state)
{
    (void)state;
    const struct {
        const char *path;
        struct str bytes;
    } files[] = {
        {"compose.yaml", many("x: &x\n", " k%u: 1\n", 30000)},
        {"compose.yaml", many("services:\n s:\n  build: .\n  volumes:\n", "  - /v%u\n", 60000)},
        {"compose.yaml",
         many("services:\n s0: {build: .}\n", " t%u: {extends: t%u, image: x}\n", BUILDS_MAX - 1)},
        {"compose.yaml", many("services:\n s: {build: {context: \"", "${A%u:-", 90000)},
        {"bake.hcl", many("", "target \"t%u\" { inherits = [\"t%u\"] }\n", BUILDS_MAX)},
        {"bake.hcl", many("", "variable \"v%u\" { default = \"${v%u}\" }\n", 20000)},
        {"bake.hcl", many("target \"a\" {\n", "  k%u = [\"${x}\", \"%u\"]\n", 20000)},
        {"bake.hcl", many("a = ", "[", 900000)},
        {"bake.hcl", many("a = \"", "${\"", 300000)},
        {"bake.hcl", many("", "/*", 400000)},
        {"bake.hcl", many("a = ", "<<A%u\n", 90000)},
        {"bake.json", many("{\"a\": ", "[", 900000)},
    };
    for (size_t i = 0; i < COUNT(files); i++) {
        struct builds b;
        clock_t start = clock();
        builds_read(&arena, str_of(files[i].path), files[i].bytes, &b);
        if ((double)(clock() - start) / CLOCKS_PER_SEC > 10)
            fail_msg("file %zu takes long", i);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(names),
        cmocka_unit_test(the_document_tells_the_format),
        cmocka_unit_test(paths_are_seen_from_the_root),
        cmocka_unit_test(another_base_can_be_given),
        cmocka_unit_test(tells_what_is_wrong),
        cmocka_unit_test(refuses_too_much),
        cmocka_unit_test(no_file_takes_long),
    };
    return cmocka_run_group_tests_name("builds", tests, NULL, teardown);
}
