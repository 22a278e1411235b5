/*
 * Which stage builds on which, and what is in force where: users, directories, variables,
 * processes, ports, volumes. An image named "known" is known to the lookup, all others are not.
 */
#include "tests/support/unit.h"

#include "base/buf.h"
#include "dockerfile/check.h"
#include "dockerfile/stage.h"

static struct arena arena;
static struct stage_graph *g;

static int teardown(void **state)
{
    (void)state;
    arena_release(&arena);
    return 0;
}

static struct strs words(const char *text)
{
    struct strs out = {0};
    struct str rest = str_of(text), word;
    while (str_split(&rest, ' ', &word))
        *vec_push(&arena, &out) = word;
    return out;
}

static bool look_up(void *ctx, struct arena *a, const struct image_ref *image,
                    struct stage_config *out)
{
    assert_string_equal(ctx, "ctx");
    if (!str_is(image->text, "known"))
        return false;
    out->user = STR("app");
    out->workdir = STR("/home/app");
    out->entrypoint = words("/ep");
    out->cmd = words("c d");
    out->volumes = words("/vol");
    out->env = words("E envvalue PATH /bin");
    *vec_push(a, &out->ports) = 80;
    return true;
}

static struct stage_graph *graph(const char *source)
{
    struct df_list *list;
    struct df_error error;
    if (!df_parse(&arena, str_of(source), &list, &error) || !df_check(list, &error))
        fail_msg("%s\n%s", source, error.message);
    return g = stage_graph_new(&arena, list, NULL, look_up, (char *)"ctx");
}

static struct stage *last(const char *source)
{
    graph(source);
    return g->stages.v[g->stages.n - 1];
}

static void user_is(const char *source, const char *user, bool known)
{
    struct stage *s = last(source);
    EQ_STR(s->user, str_of(user), source);
    if (s->user_known != known)
        fail_msg("%s: the user is %s", source, known ? "unknown" : "known");
}

static void workdir_is(const char *source, const char *path)
{
    struct stage *s = last(source);
    EQ_STR(s->workdir.known ? s->workdir.path : STR("?"), str_of(path), source);
}

/* ---- stages --------------------------------------------------------------------------------- */

static void test_bases(void **state)
{
    (void)state;
    graph("ARG V=12\nFROM debian:$V AS Base\nFROM base AS two\nFROM scratch\nFROM known\nFROM "
          "$NOPE\nFROM x${V:-1}\n"
          "FROM UPPER\nFROM $TARGETARCH/x\n");
    assert_int_equal(g->stages.n, 8);
    struct stage **s = g->stages.v;
    assert_int_equal(s[0]->base_kind, STAGE_ON_IMAGE);
    EQ(s[0]->image.tag, "12");
    EQ(s[0]->name, "base");
    assert_true(s[0]->base.argument);
    assert_int_equal(s[1]->base_kind, STAGE_ON_STAGE);
    assert_ptr_equal(s[1]->parent, s[0]);
    assert_ptr_equal(stage_root(s[1]), s[0]);
    assert_ptr_equal(s[0]->end, s[1]->from);
    assert_int_equal(s[2]->base_kind, STAGE_ON_SCRATCH);
    assert_true(s[2]->config.known);
    assert_true(s[3]->config.known);
    assert_false(s[0]->config.known);
    assert_int_equal(s[4]->base_kind, STAGE_ON_UNKNOWN);
    assert_int_equal(s[5]->base_kind, STAGE_ON_IMAGE);
    assert_int_equal(s[6]->base_kind, STAGE_ON_UNKNOWN); /* image names are lower case */
    assert_int_equal(s[7]->base_kind, STAGE_ON_UNKNOWN); /* set, but not to what we know */
    assert_true(s[7]->base.unknown && !s[7]->base.unset);
    assert_null(s[7]->end);
    assert_int_equal(s[7]->index, 7);
}

static void test_variables_of_buildkit(void **state)
{
    (void)state;
    static const char *const set[] = {
        "BUILDPLATFORM",  "BUILDOS",  "BUILDOSVERSION", "BUILDARCH",     "BUILDVARIANT",
        "TARGETPLATFORM", "TARGETOS", "TARGETARCH",     "TARGETVARIANT", "TARGETSTAGE"};
    static const char *const unset[] = {"BUILD",      "TARGET",   "TARGETPLATFORMS",
                                        "BUILDSTAGE", "PLATFORM", "targetarch"};
    for (size_t i = 0; i < COUNT(set); i++)
        if (!last(str_fmt(&arena, "FROM x:$%s\n", set[i]).p)->base.unknown)
            fail_msg("%s is not set", set[i]);
    for (size_t i = 0; i < COUNT(unset); i++)
        if (!last(str_fmt(&arena, "FROM x:$%s\n", unset[i]).p)->base.unset)
            fail_msg("%s is set", unset[i]);
    assert_true(last("FROM --platform=windows/amd64 x\n")->config.windows);
    assert_false(last("FROM --platform=linux/amd64 x\n")->config.windows);
    assert_true(last("ARG P=windows/amd64\nFROM --platform=$P x AS a\nFROM a\n")->config.windows);
    assert_true(last("FROM known AS a\nFROM a\n")->config.known);
}

static void test_names(void **state)
{
    (void)state;
    graph("FROM a AS x\nFROM b AS X\nFROM x\nFROM X\nFROM later\nFROM c AS later\n");
    struct stage **s = g->stages.v;
    assert_ptr_equal(s[2]->parent, s[1]); /* the last definition above wins */
    assert_int_equal(s[3]->base_kind,
                     STAGE_ON_UNKNOWN); /* names of stages are compared exactly here */
    assert_int_equal(s[4]->base_kind, STAGE_ON_IMAGE); /* a stage below is none */
    assert_ptr_equal(stage_named(g, STR("LATER")), s[5]);
    assert_ptr_equal(stage_named(g, STR("x")), s[1]);
    assert_null(stage_named(g, STR("")));
    assert_null(stage_named(g, STR("nope")));
}

/* ---- users ---------------------------------------------------------------------------------- */

static void test_users(void **state)
{
    (void)state;
    user_is("FROM other\n", "", false);
    user_is("FROM known\n", "app", true);
    user_is("FROM scratch\n", "", true);
    user_is("FROM other\nUSER 1000:1000\n", "1000:1000", true);
    user_is("FROM known\nUSER root\nFROM known\n", "app", true); /* each FROM begins anew */
    user_is("FROM known AS a\nUSER x\nFROM a\n", "x", true);
    user_is("FROM other\nUSER a\nUSER b\n", "b", true);
    user_is("FROM other\nUSER 1000 # c\n", "1000 # c", true);
    user_is("FROM other\nUSER \"a\":'b'\n", "a:b", true);
    struct stage *s = last("FROM other AS a\nUSER x\nFROM a\nRUN y\n");
    assert_ptr_equal(s->user_stage, g->stages.v[0]);
    assert_ptr_equal(s->user_item, df_next(df_first(g->list)));
    EQ(s->steps.v[0].user, "x");
}

static void test_users_from_variables(void **state)
{
    (void)state;
    user_is("FROM other\nARG U=1001\nUSER ${U}:0\n", "1001:0", true);
    assert_true(last("FROM other\nARG U=1001\nUSER $U\n")->user_argument);
    assert_true(last("FROM other AS a\nARG U=1001\nUSER $U\nFROM a\n")->user_argument);
    assert_true(last("FROM other\nARG U=1\nENV V=$U\nUSER $V\n")->user_argument);
    assert_false(last("FROM other\nENV U=1001\nUSER $U\n")->user_argument);
    assert_false(last("FROM known\nUSER $E\n")->user_argument);
    assert_false(last("FROM known\nARG U\nUSER $U\n")->user_known &&
                 last("FROM known\nARG U\nUSER $U\n")->user.n);
    user_is("FROM known\nUSER $NOPE\n", "", true);  /* unset: root */
    user_is("FROM other\nUSER $NOPE\n", "", false); /* an unknown image may set it */
    user_is("FROM known\nUSER $E\n", "envvalue", true);
    user_is("FROM known\nUSER ${NOPE:-u}\n", "u", true);
    user_is("ARG U=5\nFROM known\nUSER $U\n", "", true); /* global ARGs are not seen */
    user_is("ARG U=5\nFROM known\nARG U\nUSER $U\n", "5", true);
    user_is("FROM known\nENV U=1\nENV U=2 W=$U\nUSER $W\n", "1", true); /* the environment before */
    user_is("FROM known\nARG A=1 B=$A\nUSER $B\n", "1", true);          /* ARGs see each other */
    user_is("FROM known AS a\nENV U=7\nFROM a\nUSER $U\n", "7", true);
    user_is("FROM known\nENV A=x\nARG A=y\nUSER $A\n", "y", true);
    user_is("FROM known\nUSER $TARGETARCH\n", "", true); /* not without ARG */
    assert_false(last("FROM known\nARG TARGETARCH\nUSER $TARGETARCH\n")->user_known);
    assert_false(last("FROM known\nUSER ${E^^}\n")->user_known); /* an error */
}

/* ---- paths ---------------------------------------------------------------------------------- */

static void test_workdirs(void **state)
{
    (void)state;
    workdir_is("FROM other\n", "?");
    workdir_is("FROM known\n", "/home/app");
    workdir_is("FROM scratch\n", "/");
    workdir_is("FROM other\nWORKDIR /a\nWORKDIR b/../c/.\n", "/a/c");
    workdir_is("FROM other\nWORKDIR a\n", "?");
    workdir_is("FROM known\nWORKDIR ../x\n", "/home/x");
    workdir_is("FROM known\nWORKDIR $E\n", "/home/app/envvalue");
    workdir_is("FROM other\nWORKDIR /a/$X\n", "?");
    workdir_is("FROM known\nWORKDIR /a/$X/b\n", "?"); /* unset: too odd to rely on */
    workdir_is("FROM other\nWORKDIR \"/a b\"//c/\n", "/a b/c");
    workdir_is("FROM other\nWORKDIR C:\\\\app\n", "?");
    workdir_is("FROM known AS a\nWORKDIR /x\nFROM a\nWORKDIR y\n", "/x/y");
}

static void test_join(void **state)
{
    (void)state;
    EQ(stage_join(&arena, STR("/a"), STR("b")), "/a/b");
    EQ(stage_join(&arena, STR("/a"), STR("/b/./c//d/")), "/b/c/d");
    EQ(stage_join(&arena, STR("/a"), STR("../../..")), "/");
    EQ(stage_join(&arena, STR("/"), STR("")), "/");
    EQ(stage_join(&arena, STR("/a/b"), STR("..")), "/a");
    EQ(stage_join(&arena, STR("/a/b"), STR(".../x")), "/a/b/.../x");
    assert_true(stage_inside(STR("/a/b"), STR("/a")));
    assert_true(stage_inside(STR("/a"), STR("/a")));
    assert_false(stage_inside(STR("/ab"), STR("/a")));
    assert_false(stage_inside(STR("/a"), STR("/a/b")));
    assert_true(stage_inside(STR("/a"), STR("/")));
}

static void test_copies(void **state)
{
    (void)state;
    struct stage *s = last(
        "FROM known AS b\nFROM known\nCOPY x y/\nCOPY --chown=$E:1 a b c\nCOPY --from=B /o /p\n"
        "COPY --from=0 /o $E\nCOPY --from=img /o /p/.\nADD u /v\nCOPY [\"s 1\", \"t 2\"]\n");
    struct stage_step *v = s->steps.v;
    EQ(v[0].dest.path, "/home/app/y");
    assert_true(v[0].dest_is_dir && v[0].from_context && !v[0].has_chown);
    assert_true(v[1].dest_is_dir && v[1].has_chown);
    EQ(v[1].chown.text, "envvalue:1");
    assert_int_equal(v[1].sources.n, 2);
    EQ(v[1].sources.v[1], "b");
    assert_ptr_equal(v[2].from, g->stages.v[0]);
    assert_false(v[2].from_context || v[2].dest_is_dir);
    assert_ptr_equal(v[3].from, g->stages.v[0]);
    EQ(v[3].dest.path, "/home/app/envvalue");
    assert_null(v[4].from);
    assert_true(v[4].dest_is_dir && !v[4].from_context);
    EQ(v[5].dest.path, "/v");
    EQ(v[6].sources.v[0], "s 1");
    EQ(v[6].dest.path, "/home/app/t 2");
}

static void test_what_buildkit_refuses(void **state)
{
    (void)state;
    last("FROM a AS x\nCOPY --from=x a b\nFROM a\nCOPY --from=9 a b\n");
    assert_int_equal(g->wrong->line, 2); /* the first is kept */
    assert_string_equal(
        g->message,
        "cannot copy from stage \"x\", it needs to be defined before the stage that copies");
    last("FROM a\nCOPY --from=later a b\nFROM a AS later\n");
    assert_int_equal(g->wrong->line, 2);
    last("FROM a\nCOPY --from=1 a b\n");
    assert_string_equal(g->message, "invalid stage index 1");
    last("FROM a AS x\nFROM a\nCOPY --from=0 a b\nCOPY --from=X a b\nCOPY --from=other a b\n");
    assert_null(g->wrong);
}

/* ---- processes, ports, volumes -------------------------------------------------------------- */

static void test_processes(void **state)
{
    (void)state;
    struct stage *s = last("FROM known\n");
    assert_true(s->entrypoint.set && !s->entrypoint.item && s->cmd.set && !s->cmd.item);
    assert_true(s->entrypoint.json && s->cmd.json);
    EQ(s->cmd.args.v[1], "d");
    s = last("FROM known\nCMD [\"x\"]\n"); /* keeps the image's entrypoint */
    assert_true(s->entrypoint.set && !s->entrypoint.item);
    assert_true(s->cmd.json && s->cmd.item);
    s = last("FROM known\nENTRYPOINT [\"x\"]\n"); /* clears the image's CMD */
    assert_true(s->entrypoint.item && !s->cmd.set);
    s = last("FROM known\nCMD y\nENTRYPOINT x\n"); /* but not one of this stage */
    assert_true(s->cmd.set && s->cmd.item && !s->cmd.json);
    EQ(s->cmd.args.v[0], "y");
    s = last("FROM known AS a\nCMD y\nENTRYPOINT z\nFROM a\n"); /* inherited */
    assert_true(s->cmd.item && s->entrypoint.item);
    s = last("FROM known AS a\nCMD y\nFROM a\nENTRYPOINT x\n");
    assert_false(s->cmd.set);
    s = last("FROM known\nENTRYPOINT []\nCMD []\n");
    assert_false(s->entrypoint.set || s->cmd.set);
    s = last("FROM known\nCMD\n"); /* shell form, empty: sh -c '' */
    assert_true(s->cmd.set);
    s = last("FROM known AS a\nSHELL [\"bash\", \"-c\"]\nHEALTHCHECK NONE\nFROM a\n");
    EQ(s->shell.v[0], "bash");
    assert_non_null(s->healthcheck);
    assert_int_equal(last("FROM known\n")->shell.n, 0);
    assert_true(last("FROM known\nONBUILD RUN x\n")->onbuild);
}

static void port_is(const char *text, unsigned from, unsigned to, bool udp)
{
    struct stage *s = last(str_fmt(&arena, "FROM scratch\nENV P=53\nEXPOSE %s\n", text).p);
    if (s->ports.n != 1 || s->ports.v[0].from != from || s->ports.v[0].to != to ||
        s->ports.v[0].udp != udp)
        fail_msg("%s: %zu ports, %u to %u", text, s->ports.n, s->ports.n ? s->ports.v[0].from : 0,
                 s->ports.n ? s->ports.v[0].to : 0);
}

static void test_ports(void **state)
{
    (void)state;
    port_is("80", 80, 80, false);
    port_is("8000-8010/tcp", 8000, 8010, false);
    port_is("$P/UDP", 53, 53, true);
    port_is("1.2.3.4:80:8080", 8080, 8080, false);
    port_is("\"81\"", 81, 81, false);
    assert_int_equal(last("FROM known\nEXPOSE 1 2\n")->ports.n, 3); /* and the image's */
    assert_int_equal(last("FROM scratch\nENV P=\"1 2\"\nEXPOSE $P\n")->ports.n, 2);
    assert_int_equal(last("FROM scratch\nEXPOSE x 70000 9-8 -1\n")->ports.n, 0);
    assert_int_equal(last("FROM scratch AS a\nEXPOSE 1\nFROM a\nEXPOSE 2\n")->ports.n, 2);
}

static void test_volumes(void **state)
{
    (void)state;
    struct stage *s =
        last("FROM known\nWORKDIR /w\nVOLUME /a $NOPE\nVOLUME [\"/b c\"]\nVOLUME d $OTHER/x\n");
    assert_int_equal(s->volumes.n, 6);
    EQ(s->volumes.v[0].path, "/vol");
    assert_null(s->volumes.v[0].item);
    EQ(s->volumes.v[1].path, "/a");
    EQ(s->volumes.v[2].path, ""); /* not known */
    EQ(s->volumes.v[3].path, "/b c");
    EQ(s->volumes.v[4].path, "/w/d");
    EQ(s->volumes.v[5].path, "");
}

/* ---- steps ---------------------------------------------------------------------------------- */

static void test_steps_see_what_is_above_them(void **state)
{
    (void)state;
    struct stage *s = last("FROM known\nENV A=1\nRUN x\nENV A=2\nUSER u\nWORKDIR /w\nRUN y\n");
    struct stage_step *v = s->steps.v;
    assert_int_equal(s->steps.n, 6);
    EQ(v[1].user, "app");
    EQ(v[1].workdir.path, "/home/app");
    EQ(v[5].user, "u");
    EQ(v[5].workdir.path, "/w");
    EQ(stage_expand(s, &v[1], STR("$A")).text, "1");
    EQ(stage_expand(s, &v[5], STR("$A")).text, "2");
    EQ(stage_expand(s, &v[0], STR("[$A]")).text, "[]");
    EQ(stage_expand(s, &v[5], STR("$A")).text, "2"); /* nothing was forgotten */
    assert_null(stage_run(g, &v[0]));
    const struct run_effects *run = stage_run(g, &v[1]);
    assert_ptr_equal(stage_run(g, &v[1]), run);
    assert_true(run->complete);
}

static void script_is(const char *lines, const char *want)
{
    struct stage *s = last(str_fmt(&arena, "FROM a\n%s", lines).p);
    EQ_STR(stage_script(&arena, &s->steps.v[0].item->node), str_of(want), lines);
}

static void test_scripts(void **state)
{
    (void)state;
    script_is("RUN a \\\n && b\n", "a  && b");
    script_is("RUN --mount=x <<E\na\nb\nE\n", "a\nb\n");
    script_is("RUN <<-E\n\ta\n\t\tb\n\tE\n", "a\nb\n");
    script_is("RUN <<E\n#!/bin/bash -e\na\nE\n", "#!/bin/bash -e\na\n");
    script_is("RUN <<E\n#!/usr/bin/python3\na\nE\n", "/dev/pipes/script");
    script_is("RUN cat <<E > /x\na\nE\n", "cat <<E > /x\na\nE\n");
    script_is("RUN <<E cat\na\nE\n", "<<E cat\na\nE\n");
    script_is("RUN <<-E\n\tE x\nb\t\t\n\tE\n", "E x\nb\t\t\n");
    script_is("RUN <<A <<B\n1\nA\n2\nB\n", "<<A <<B\n1\nA\n2\nB\n");
}

/* ---- hostile files -------------------------------------------------------------------------- */

static void test_too_many_stages(void **state)
{
    (void)state;
    struct buf b = buf_in(&arena);
    for (int i = 0; i < STAGE_MAX + 1; i++)
        buf_addf(&b, "FROM s%d AS s%d\n", i - 1, i);
    assert_true(graph(buf_str(&b).p)->too_large);
    struct buf c = buf_in(&arena);
    for (int i = 0; i < STAGE_MAX; i++)
        buf_addf(&c, "FROM s%d AS s%d\n", i - 1, i);
    assert_false(graph(buf_str(&c).p)->too_large);
}

static void test_too_many_effects(void **state)
{
    (void)state;
    struct buf b = buf_in(&arena);
    buf_addz(&b, "FROM scratch\nRUN true");
    for (int i = 0; i < STAGE_EFFECTS_MAX + 10; i++)
        buf_addf(&b, "%s touch /x", i % 1000 ? ";" : "\nRUN");
    struct stage *s = last(buf_str(&b).p);
    size_t n = 0;
    bool complete = true;
    VEC_EACH (step, &s->steps) {
        const struct run_effects *run = stage_run(g, step);
        n += run->effects.n;
        complete &= run->complete;
    }
    assert_int_equal(n, STAGE_EFFECTS_MAX);
    assert_false(complete);
}

static void test_quadratic_variables(void **state)
{
    (void)state;
    struct buf b = buf_in(&arena);
    buf_addz(&b, "FROM scratch\n");
    for (int i = 0; i < 8000; i++)
        buf_addf(&b, "ENV v%d=1\n", i);
    for (int i = 0; i < 8000; i++)
        buf_addz(&b, "USER $w\n");
    assert_true(graph(buf_str(&b).p)->too_large);
    assert_true(g->work < 2u * STAGE_WORK_MAX);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_bases),
        cmocka_unit_test(test_variables_of_buildkit),
        cmocka_unit_test(test_names),
        cmocka_unit_test(test_users),
        cmocka_unit_test(test_users_from_variables),
        cmocka_unit_test(test_workdirs),
        cmocka_unit_test(test_join),
        cmocka_unit_test(test_copies),
        cmocka_unit_test(test_what_buildkit_refuses),
        cmocka_unit_test(test_processes),
        cmocka_unit_test(test_ports),
        cmocka_unit_test(test_volumes),
        cmocka_unit_test(test_steps_see_what_is_above_them),
        cmocka_unit_test(test_scripts),
        cmocka_unit_test(test_too_many_stages),
        cmocka_unit_test(test_too_many_effects),
        cmocka_unit_test(test_quadratic_variables),
    };
    return cmocka_run_group_tests(tests, NULL, teardown);
}
