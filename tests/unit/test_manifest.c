/*
 * ur_harden_manifest() from outside: what callers get, what they are asked, and that no file takes
 * long or too much.
 */
#include "tests/support/unit.h"

#include <time.h>

#include "base/buf.h"
#include "tests/support/images.h"
#include "unroot.h"

static struct arena arena;

static int teardown(void **state)
{
    (void)state;
    arena_release(&arena);
    return 0;
}

static struct ur_options *options_of(const char *name, const char *value)
{
    struct ur_options *o = ur_options_new();
    if (name && ur_options_set(o, name, value) != UR_OK)
        fail_msg("%s", ur_options_error(o));
    assert_int_equal(ur_options_seal(o), UR_OK);
    return o;
}

static struct ur_images *images_of(const char *text)
{
    struct ur_images *images;
    const char *bad = image_lines_read(&arena, str_of(text), &images);
    if (bad)
        fail_msg("%s", bad);
    return images;
}

static struct ur_result *run(struct str yaml, const char *images)
{
    struct ur_options *o = options_of(NULL, NULL);
    struct ur_result *r =
        ur_harden_manifest(o, images ? images_of(images) : NULL, "a/pod.yaml", yaml.p, yaml.n);
    ur_options_free(o); /* a result does not need them any more to be asked */
    return r;
}

#define POD                                                                                        \
    "apiVersion: v1\nkind: Pod\nmetadata:\n  name: p\n  labels: {app: web}\nspec:\n"               \
    "  containers:\n  - name: c\n    image: web:1\n    ports:\n    - containerPort: 80\n"

static void gives_a_patch(void **state)
{
    (void)state;
    size_t n;
    struct ur_result *r =
        run(STR(POD), "web:1 user=1000 uid=1000 gid=1000 source=Dockerfile move=80:8080");
    assert_int_equal(ur_result_status(r), UR_OK);
    assert_int_equal(ur_result_answer(r), UR_SAFE);
    assert_true(ur_result_changed(r));
    const char *patch = ur_result_patch(r, &n);
    assert_true(str_starts(str_make(patch, n), STR("--- a/a/pod.yaml\n+++ b/a/pod.yaml\n@@ ")));
    assert_true(str_has(str_make(patch, n), "@@ Pod p\n"));
    assert_true(str_has(str_make(patch, n), "+    runAsUser: 1000\n"));
    assert_int_equal(ur_result_file_count(r), 0);
    assert_non_null(ur_result_report(r, "json", &n));
    assert_non_null(ur_result_report(r, "text", &n));
    ur_result_free(r);
}

static void tells_what_moved(void **state)
{
    (void)state;
    struct ur_result *r = run(STR(POD), "web:1 user=1000 uid=1000 gid=1000 move=80:8080");
    assert_int_equal(ur_result_moved_count(r), 1);
    const struct ur_moved *m = ur_result_moved(r, 0);
    assert_int_equal(m->from, 80);
    assert_int_equal(m->to, 8080);
    assert_int_equal(m->label_count, 1);
    assert_string_equal(m->labels[0], "app");
    assert_string_equal(m->labels[1], "web");
    assert_string_equal(m->space, "");
    assert_null(ur_result_moved(r, 1));
    ur_result_free(r);
}

/* A document that can't be edited keeps its port, and so do the Services in the others. */
static void moves_all_or_none(void **state)
{
    (void)state;
    struct str yaml = STR(POD "x: 1\nx: 2\nmetadata: {name: q, labels: {app: web}}\n---\n"
                              "apiVersion: v1\nkind: Service\nmetadata: {name: s}\nspec:\n"
                              "  selector: {app: web}\n  ports:\n  - port: 80\n");
    struct str odd = STR("apiVersion: v1\nkind: Pod\nmetadata: {labels: {app: web}}\nspec:\n"
                         "  containers:\n  - name: c\n    image: web:1\n    image: web:1\n"
                         "    ports:\n    - containerPort: 80\n---\n"
                         "apiVersion: v1\nkind: Service\nmetadata: {name: s}\nspec:\n"
                         "  selector: {app: web}\n  ports:\n  - port: 80\n");
    size_t n;
    struct ur_result *r = run(yaml, "web:1 user=1000 uid=1000 gid=1000 move=80:8080");
    assert_int_equal(ur_result_status(r), UR_OK);
    ur_result_free(r);
    r = run(odd, "web:1 user=1000 uid=1000 gid=1000 move=80:8080");
    const char *bytes = ur_result_bytes(r, &n);
    assert_false(str_has(str_make(bytes, n), "8080"));
    assert_int_equal(ur_result_moved_count(r), 0);
    assert_int_equal(ur_result_answer(r), UR_REVIEW);
    bool said = false;
    for (size_t i = 0; i < ur_result_finding_count(r); i++)
        said |= strcmp(ur_result_finding(r, i)->rule, "pod-ports") == 0 &&
                ur_result_finding(r, i)->line == 6;
    assert_true(said);
    ur_result_free(r);
}

static void refuses(struct str yaml, enum ur_status status, const char *error)
{
    clock_t from = clock();
    struct ur_result *r = run(yaml, NULL);
    assert_int_equal(ur_result_status(r), status);
    EQ_STR(str_of(ur_result_error(r)), str_of(error), "");
    assert_int_equal(ur_result_answer(r), UR_REFUSED);
    assert_false(ur_result_changed(r));
    ur_result_free(r);
    assert_true(clock() - from < CLOCKS_PER_SEC);
}

static struct str repeated(const char *text, size_t n)
{
    struct buf b = buf_in(&arena);
    while (n--)
        buf_addz(&b, text);
    return buf_str(&b);
}

/* 1,000 deep in each way, and 100 MB: refused in less than a second. */
static void refuses_what_is_too_much(void **state)
{
    (void)state;
    struct buf b = buf_in(&arena);
    for (int i = 0; i < 1000; i++)
        buf_addf(&b, "%*sa:\n", i, "");
    refuses(buf_str(&b), UR_EINPUT, "a/pod.yaml:129:129: nested too deeply");
    refuses(repeated("[", 1000), UR_EINPUT, "a/pod.yaml:1:129: nested too deeply");
    refuses(repeated("{a: ", 1000), UR_EINPUT, "a/pod.yaml:1:513: nested too deeply");
    refuses(repeated("- ", 1000), UR_EINPUT, "a/pod.yaml:1:257: nested too deeply");
    refuses(repeated("? ", 1000), UR_EINPUT, "a/pod.yaml:1:257: nested too deeply");
    refuses(repeated("a: b\n", 20 << 20), UR_ETOOBIG,
            "a/pod.yaml: larger than 4 MiB: not read as a manifest");
    refuses(STR("a: [\n"), UR_EINPUT, "a/pod.yaml:2:1: did not find expected node content");
    refuses(STR("a: \xff\n"), UR_EINPUT, "a/pod.yaml:1:4: invalid leading UTF-8 octet");
}

static void ends_in_time(struct str yaml, const char *images)
{
    clock_t from = clock();
    struct ur_result *r = run(yaml, images);
    if (ur_result_status(r) == UR_EGATE)
        fail_msg("%s", ur_result_error(r));
    ur_result_free(r);
    double seconds = (double)(clock() - from) / CLOCKS_PER_SEC;
    if (seconds > 10)
        fail_msg("%.1f s for %.*s", seconds, STR_ARG(str_sub(yaml, 0, 200)));
}

/* Whatever there are many of, time grows with it and not with its square. */
static void many_of_everything(void **state)
{
    (void)state;
    const char *known = "i user=1000 uid=1000 gid=1000 write=/a whole move=80:8080";
    struct str pod = STR("apiVersion: v1\nkind: Pod\nmetadata: {name: a}\nspec:\n  containers:\n");
    struct str one = STR("  - name: c\n    image: i\n");
    struct str with = str_cat(&arena, pod, one);
    ends_in_time(str_cat(&arena, pod, repeated("  - name: c\n    image: i\n", 1999)), known);
    ends_in_time(str_cat(&arena, pod, repeated("  - name: c\n    image: i\n", 30000)), known);
    ends_in_time(repeated(str_cat(&arena, with, STR("---\n")).p, 8000), known);
    ends_in_time(str_cat(&arena, with,
                         str_cat(&arena, STR("  volumes:\n"),
                                 repeated("  - name: v\n    hostPath: {path: /}\n", 20000))),
                 known);
    ends_in_time(str_cat(&arena, with,
                         str_cat(&arena,
                                 STR("    securityContext:\n      capabilities:\n"
                                     "        add:\n"),
                                 repeated("        - X\n", 100000))),
                 known);
    ends_in_time(str_cat(&arena, with, repeated("  # ignore\n", 300000)), known);
    ends_in_time(str_cat(&arena, pod,
                         str_cat(&arena, STR("  - &c\n    name: c\n    image: i\n"),
                                 repeated("  - *c\n", 1900))),
                 known);
}

static void options_of_manifests(void **state)
{
    (void)state;
    const struct {
        const char *name, *value, *error;
    } rows[] = {
        {"pss", "baseline", NULL},
        {"pss", "privileged", "--pss takes baseline or restricted, not 'privileged'"},
        {"pss-version", "v1.31", NULL},
        {"pss-version", "1.31", "--pss-version takes latest or v1.N, not '1.31'"},
        {"pod-path", "Rollout=spec.template.spec", NULL},
        {"pod-path", "Rollout", "--pod-path takes KIND=path.to.spec, not 'Rollout'"},
        {"pod-path", "=spec", "--pod-path takes KIND=path.to.spec, not '=spec'"},
        {"pod-path", "A=spec..x", "--pod-path takes KIND=path.to.spec, not 'A=spec..x'"},
        {"read-only-root", "maybe", "--read-only-root takes true or false, not 'maybe'"},
        {"namespace-labels", "restricted", NULL},
        {"no-service-account-token", "true", NULL},
        {"select", "pod-seccomp,nonroot-user", NULL},
        {"ignore", "pod-secomp", "--ignore: there is no rule 'pod-secomp' (see `unroot explain`)"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct ur_options *o = ur_options_new();
        enum ur_status status = ur_options_set(o, rows[i].name, rows[i].value);
        assert_int_equal(status, rows[i].error ? UR_EUSAGE : UR_OK);
        if (rows[i].error)
            assert_string_equal(ur_options_error(o), rows[i].error);
        ur_options_free(o);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(gives_a_patch),      cmocka_unit_test(tells_what_moved),
        cmocka_unit_test(moves_all_or_none),  cmocka_unit_test(refuses_what_is_too_much),
        cmocka_unit_test(many_of_everything), cmocka_unit_test(options_of_manifests),
    };
    return cmocka_run_group_tests(tests, NULL, teardown);
}
