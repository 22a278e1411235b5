/* Skaffold files: artifacts that are made from a Dockerfile. */
#include "tests/unit/builds_show.h"

static void check(const char *yaml, const char *want)
{
    struct str file = str_fmt(&arena, "apiVersion: skaffold/v2beta29\nkind: Config\n%s", yaml);
    EQ_STR(show("deploy/skaffold.yaml", file.p), str_of(want), yaml);
}

static void artifact(const char *flow, const char *want)
{
    struct str yaml = str_fmt(&arena, "build:\n  artifacts:\n  - %s\n", flow);
    struct str line = want[0] ? str_fmt(&arena, "%s\n", want) : STR("");
    check(yaml.p, line.p ? line.p : "");
}

static void artifacts(void **state)
{
    (void)state;
    artifact("{image: a}", "a@5 in=deploy file=deploy/Dockerfile image=a");
    artifact("{image: x.example/a, context: web, docker: {dockerfile: D, target: t}}",
             "x.example/a@5 in=deploy/web file=deploy/web/D or=deploy/D target=t "
             "image=x.example/a");
    artifact("{image: a, context: ../web, docker: {dockerfile: ../x/D}}",
             "a@5 in=web file=x/D image=a");
    artifact("{image: a, docker: {}}", "a@5 in=deploy file=deploy/Dockerfile image=a");
    artifact("{image: a, context: , docker: {dockerfile: '', target: ''}}",
             "a@5 in=deploy file=deploy/Dockerfile target= image=a");
    artifact("{image: a, context: '{{.DIR}}'}", "a@5 in=? file=? image=a");
    artifact("{image: '{{.NAME}}'}", "@5 in=deploy file=deploy/Dockerfile image=?");
    artifact("{image: a, context: /srv}", "a@5 in=? file=? image=a");
    artifact("{image: a, context: ../..}", "a@5 in=? file=? image=a");
    artifact("{imageName: a, workspace: web}",
             "a@5 in=deploy/web file=deploy/web/Dockerfile or=deploy/Dockerfile image=a");
    artifact("{image: a, docker: {target: 1.10}}",
             "a@5 in=deploy file=deploy/Dockerfile target=1.10 image=a");
    artifact("{image: a, context: '$X'}", "a@5 in=deploy/$X file=deploy/$X/Dockerfile "
                                          "or=deploy/Dockerfile image=a");
    artifact("text", "");
}

static void arguments(void **state)
{
    (void)state;
    static const char *const here = "a@5 in=deploy file=deploy/Dockerfile image=a";
    static const struct {
        const char *flow, *want;
    } rows[] = {
        {"docker: {buildArgs: {A: x, B: , C: '{{.X}}', D: 1.10, E: ''}}", "A=x B=? C=? D=1.10 E="},
        {"docker: {buildArgs: [A=x]}", "…"},
        {"docker: {buildArgs: }", ""},
        {"requires: [{image: base, alias: BASE}, {image: other}]", "BASE=? other=?"},
        {"requires: [{image: '{{.X}}'}]", "…"},
        {"docker: {buildArgs: {BASE: x}}, requires: [{image: base, alias: BASE}]", "BASE=?"},
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        struct str flow = str_fmt(&arena, "{image: a, %s}", rows[i].flow);
        struct str want = str_fmt(&arena, "%s%s%s", here, rows[i].want[0] ? " " : "", rows[i].want);
        artifact(flow.p, want.p);
    }
}

static void builders(void **state)
{
    (void)state;
    artifact("{image: a, kaniko: {dockerfile: D, target: t, buildArgs: {A: x}}}",
             "a@5 in=deploy file=deploy/D target=t image=a A=x");
    artifact("{image: a, context: web, kaniko: {contextSubPath: sub}}",
             "a@5 in=deploy/web/sub file=deploy/web/sub/Dockerfile or=deploy/Dockerfile image=a");
    artifact("{image: a, kaniko: {contextSubPath: ../..}}", "a@5 in=? file=? image=a");
    artifact("{image: a, jib: {}}", "");
    artifact("{image: a, jibMaven: {}}", "");
    artifact("{image: a, ko: {}}", "");
    artifact("{image: a, bazel: {target: '//x'}}", "");
    artifact("{image: a, buildpacks: {builder: x}}", "");
    artifact("{image: a, custom: {buildCommand: ./x}}", "");
    artifact("{image: a, custom: {buildCommand: ./x, dependencies: {paths: [x]}}}", "");
    artifact("{image: a, custom: {dependencies: {dockerfile: {path: D, buildArgs: {A: x}}}}}",
             "a@5 in=deploy file=deploy/D target=? image=a A=x … +…");
}

static void profiles(void **state)
{
    (void)state;
    check("build: {artifacts: [{image: a}]}\n"
          "profiles:\n"
          "- name: dev\n"
          "  patches: [{op: replace, path: /build/artifacts/0/image, value: x}]\n"
          "  build: {artifacts: [{image: a, docker: {target: dev}}, {image: b, ko: {}}]}\n"
          "- name: empty\n"
          "- build: {artifacts: [{image: c}]}\n"
          "- text\n",
          "a@3 in=deploy file=deploy/Dockerfile image=a\n"
          "a@7 profile=dev in=deploy file=deploy/Dockerfile target=dev "
          "image=a\n"
          "c@9 in=deploy file=deploy/Dockerfile image=c\n");
}

static void several_configurations(void **state)
{
    (void)state;
    check("build: &b {artifacts: [{image: a}]}\n"
          "---\n"
          "apiVersion: skaffold/v4beta11\nmetadata: {name: x}\nbuild: {artifacts: [{image: b}]}\n",
          "a@3 in=deploy file=deploy/Dockerfile image=a\n"
          "b@7 in=deploy file=deploy/Dockerfile image=b\n");
    check("", "");
    check("build: text\nprofiles: {}\n", "");
    check("build: {artifacts: {image: a}}\n", "");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(artifacts),
        cmocka_unit_test(arguments),
        cmocka_unit_test(builders),
        cmocka_unit_test(profiles),
        cmocka_unit_test(several_configurations),
    };
    return cmocka_run_group_tests_name("builds_skaffold", tests, NULL, teardown);
}
