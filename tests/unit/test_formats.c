/* Every format over outcomes that are not a Dockerfile's, and over all examples: what is JSON can
 * be read, and nothing that strangers wrote gets out of its place. */
#include "tests/support/unit.h"

#include <jansson.h>

#include "engine/registry.h"
#include "engine/result.h"
#include "knowledge/templates.h"
#include "report/report.h"
#include "report/ruleset.h"

#define HOSTILE                                                                                    \
    "</script><!-- \"'`|\\ \n::error::x\r @team #1 http://z ]]> \xFF \xE2\x80\xA8 %0A </details>"

static struct arena arena;

static int teardown(void **state)
{
    (void)state;
    arena_release(&arena);
    return 0;
}

static struct str print(const char *format, const struct outcome *o)
{
    struct buf b = buf_in(&arena);
    report_one(report_find(str_of(format)), o, &b);
    return buf_str(&b);
}

static json_t *json_of(struct str text, const char *about)
{
    json_error_t error;
    json_t *v = json_loadb(text.p, text.n, 0, &error);
    if (!v) {
        unit_show("text", text);
        fail_msg("%s: %s", about, error.text);
    }
    return v;
}

/* Something like a manifest of Kubernetes in a repository: no unit, two images, one change. */
static struct outcome foreign(void)
{
    static const struct ur_finding finding = {.rule = "no-such-rule",
                                              .level = UR_WARNING,
                                              .line = 2,
                                              .column = 3,
                                              .end_line = 2,
                                              .message = "it " HOSTILE,
                                              .assumption = HOSTILE,
                                              .reason = "unproven-uid",
                                              .refs = "KSV-1",
                                              .fixed = 1};
    static const struct patch_edit edit = {{9, 9}, {"  user: 1\n", 10}};
    static struct str images[] = {{"a", 1}, {HOSTILE, sizeof HOSTILE - 1}};
    static struct outcome_change change = {
        {HOSTILE, sizeof HOSTILE - 1}, {"spec:\n  x\n", 10}, &edit, 1};
    return (struct outcome){.path = STR(HOSTILE),
                            .repo = STR("team/app"),
                            .kind = "kubernetes",
                            .error = "",
                            .complaint = "",
                            .answer = UR_REVIEW,
                            .reason = "unproven-uid",
                            .changed = true,
                            .before = OUTCOME_USER_ROOT,
                            .after = OUTCOME_USER_NUMERIC,
                            .images = {images, 2, 2},
                            .source = STR("spec:\n  x\n"),
                            .patch = STR("--- a/x\n+++ b/x\n@@ -1 +1 @@\n-````\n+" HOSTILE "\n"),
                            .changes = &change,
                            .change_count = 1,
                            .findings = &finding,
                            .finding_count = 1};
}

static void test_foreign_json(void **state)
{
    (void)state;
    struct outcome o = foreign();
    json_t *v = json_of(print("json", &o), "json");
    assert_string_equal(json_string_value(json_object_get(v, "repo")), "team/app");
    assert_string_equal(json_string_value(json_object_get(v, "kind")), "kubernetes");
    assert_int_equal(json_array_size(json_object_get(v, "stages")), 0);
    json_decref(v);
    v = json_of(print("gitlab", &o), "gitlab");
    assert_int_equal(json_array_size(v), 1);
    json_decref(v);
}

static void test_foreign_sarif(void **state)
{
    (void)state;
    struct outcome o = foreign();
    struct str text = print("sarif", &o);
    json_t *v = json_of(text, "sarif");
    json_t *run = json_array_get(json_object_get(v, "runs"), 0);
    json_t *result = json_array_get(json_object_get(run, "results"), 0);
    assert_non_null(result);
    assert_null(json_object_get(result, "ruleIndex")); /* no pass has this rule */
    assert_int_equal(json_array_size(json_object_get(result, "fixes")), 1);
    assert_true(str_has(text, "\"uri\":\"team/app/%3C/script%3E"));
    assert_true(str_has(text, "\"repository\":\"team/app\""));
    json_decref(v);
}

static size_t lines_that_start(struct str text, const char *start)
{
    size_t n = 0;
    struct str line;
    while (str_split(&text, '\n', &line))
        n += str_starts(line, str_of(start));
    return n;
}

static void test_foreign_text(void **state)
{
    (void)state;
    struct outcome o = foreign();
    struct str github = print("github", &o);
    assert_int_equal(lines_that_start(github, "::"), 1);
    assert_int_equal(lines_that_start(github, ""), 2); /* one, and what is behind its end */
    assert_true(str_chr(github, '\r') < 0);
    struct str markdown = print("markdown", &o);
    assert_int_equal(lines_that_start(markdown, "</details>"), 1);
    assert_int_equal(lines_that_start(markdown, "`````"),
                     2); /* the fence is longer than what is in it */
    assert_true(str_has(markdown, "<summary><code>team/app/&lt;/script&gt;"));
    assert_true(str_has(markdown, "in 1 repository: 1 changes."));
    struct str html = print("html", &o);
    assert_int_equal(lines_that_start(html, "[\"\\u003c/script>"), 1);
    assert_true(str_has(html, "\"team/app\""));
    ptrdiff_t data = str_find(html, STR("class=\"data\">"));
    struct str behind = str_from(html, (size_t)data);
    behind = str_sub(behind, 0, (size_t)str_find(behind, STR("\n</script>")));
    assert_true(str_chr(behind, '<') < 0);
}

/* A repository that could not be worked on at all: there is no path. */
static void test_without_a_path(void **state)
{
    (void)state;
    struct outcome o = {.repo = STR("team/app"),
                        .kind = "repository",
                        .status = UR_EIO,
                        .error = "cannot clone",
                        .complaint = "cannot clone",
                        .answer = UR_REFUSED,
                        .reason = "unhandled-input"};
    for (size_t i = 0; i < report_count; i++) {
        struct str text = print(report_registry[i]->name, &o);
        if (!str_has(text, "cannot clone"))
            fail_msg("%s: says nothing", report_registry[i]->name);
    }
    json_decref(json_of(print("sarif", &o), "sarif"));
    json_decref(json_of(print("gitlab", &o), "gitlab"));
}

static void check_json(struct ur_result *r, const char *path)
{
    static const char *const formats[] = {"json", "sarif", "gitlab"};
    size_t size;
    for (size_t i = 0; i < COUNT(formats); i++) {
        const char *text = ur_result_report(r, formats[i], &size);
        json_error_t error;
        json_t *v = json_loadb(text, size, 0, &error);
        if (!v)
            fail_msg("%s of %s: %s", formats[i], path, error.text);
        json_decref(v);
    }
    for (size_t i = 0; i < report_count; i++)
        if (!ur_result_report(r, report_registry[i]->name, &size))
            fail_msg("%s of %s: nothing", report_registry[i]->name, path);
}

static void test_examples(void **state)
{
    (void)state;
    size_t n = 0;
    struct templates files = templates_each(STR("golden/"));
    struct ur_options *o = ur_options_new();
    assert_int_equal(ur_options_set(o, "unsafe-fixes", "true"), UR_OK);
    assert_int_equal(ur_options_seal(o), UR_OK);
    VEC_EACH (t, &files) {
        bool manifest = str_ends(str_of(t->path), STR("/manifest.yaml"));
        if (!manifest && !str_ends(str_of(t->path), STR("/Dockerfile")))
            continue;
        struct ur_result *r = manifest ? ur_harden_manifest(o, NULL, t->path, t->bytes, t->size)
                                       : ur_rewrite(o, t->path, t->bytes, t->size);
        const struct outcome *made = result_outcome(r);
        if (made->changed != (made->change_count > 0) || made->changed != (made->patch.n > 0))
            fail_msg("%s: a change and no edits, or the other way round", t->path);
        for (size_t i = 0; i < made->finding_count; i++)
            if (ruleset_index(&arena, str_of(made->findings[i].rule)) < 0)
                fail_msg("%s: the rule %s is in no list", t->path, made->findings[i].rule);
        if (!manifest && ur_result_answer(r) == UR_SAFE && made->changed &&
            made->after != OUTCOME_USER_NUMERIC)
            fail_msg("%s: safe, and not a number after", t->path);
        check_json(r, t->path);
        ur_result_free(r);
        n++;
    }
    ur_options_free(o);
    assert_true(n > 200);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_foreign_json), cmocka_unit_test(test_foreign_sarif),
        cmocka_unit_test(test_foreign_text), cmocka_unit_test(test_without_a_path),
        cmocka_unit_test(test_examples),
    };
    return cmocka_run_group_tests(tests, NULL, teardown);
}
