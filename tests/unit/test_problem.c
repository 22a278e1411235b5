/* What reports say of a finding: fingerprints that stay, texts, places of edits, uris. */
#include "tests/support/unit.h"

#include "report/edit.h"
#include "report/problem.h"
#include "report/ruleset.h"
#include "report/uri.h"

static struct arena arena;

static int teardown(void **state)
{
    (void)state;
    arena_release(&arena);
    return 0;
}

static struct ur_finding finding(const char *rule, unsigned first, unsigned last)
{
    return (struct ur_finding){
        .rule = rule, .line = first, .column = 1, .end_line = last, .message = "m", .refs = ""};
}

/* The fingerprint of the last of n findings. */
static struct str print_of(const char *source, const struct ur_finding *v, size_t n)
{
    struct outcome o = {.source = str_of(source), .findings = v, .finding_count = n};
    struct problems list = problems_of(&arena, &o);
    return problem_fingerprints(&arena, &o, &list, STR(""))[n - 1];
}

static void same(const char *x, struct ur_finding fx, const char *y, struct ur_finding fy)
{
    EQ_STR(print_of(x, &fx, 1), print_of(y, &fy, 1), y);
}

static void differ(const char *x, struct ur_finding fx, const char *y, struct ur_finding fy)
{
    if (str_eq(print_of(x, &fx, 1), print_of(y, &fy, 1)))
        fail_msg("the same fingerprint: %s", y);
}

static void test_fingerprints_stay(void **state)
{
    (void)state;
    struct ur_finding f = finding("r", 2, 2);
    const char *source = "FROM a\nRUN x y\n";
    same(source, f, "# more\n\nFROM a\nRUN x y\n", finding("r", 4, 4));
    same(source, f, "FROM other\n  RUN\tx   y", finding("r", 2, 2));
    same(source, f, "FROM a\r\nRUN x \\\r\n    y\r\n", finding("r", 2, 3));
    differ(source, f, "FROM a\nRUN x z\n", finding("r", 2, 2));
    differ(source, f, "FROM a\nRUN xy\n", finding("r", 2, 2));
    differ(source, f, source, finding("other", 2, 2));
    differ(source, f, source, finding("r", 0, 0));
    struct ur_finding reason = f;
    reason.reason = "why";
    differ(source, f, source, reason);
}

static void test_equal_findings_are_told_apart(void **state)
{
    (void)state;
    const char *source = "COPY a b\nCOPY a b\nCOPY a b\n";
    struct ur_finding v[3] = {finding("r", 1, 1), finding("r", 2, 2), finding("r", 3, 3)};
    struct str first = print_of(source, v, 1), second = print_of(source, v, 2);
    struct str third = print_of(source, v, 3);
    assert_false(str_eq(first, second));
    assert_false(str_eq(second, third));
    assert_false(str_eq(first, third));
    assert_int_equal(first.n, 32);
    /* What comes behind changes nothing for those in front. */
    struct outcome o = {.source = str_of(source), .findings = v, .finding_count = 3};
    struct problems list = problems_of(&arena, &o);
    const struct str *all = problem_fingerprints(&arena, &o, &list, STR(""));
    EQ_STR(all[0], first, "first");
    EQ_STR(all[1], second, "second");
    assert_false(str_eq(problem_fingerprints(&arena, &o, &list, STR("p"))[0], first));
}

static void test_an_error_is_a_problem(void **state)
{
    (void)state;
    struct ur_finding f = finding("r", 1, 1);
    struct outcome o = {.status = UR_EINPUT,
                        .reason = "invalid-dockerfile",
                        .complaint = "no good",
                        .error_line = 4,
                        .findings = &f,
                        .finding_count = 1};
    struct problems list = problems_of(&arena, &o);
    assert_int_equal(list.n, 2);
    EQ_STR(str_of(list.v[1].rule), STR("invalid-dockerfile"), "rule");
    assert_int_equal(list.v[1].line, 4);
    assert_true(ruleset_index(&arena, str_of(list.v[1].rule)) >= 0);
    f.reason = "invalid-dockerfile"; /* a finding says it already */
    assert_int_equal(problems_of(&arena, &o).n, 1);
    o.status = UR_OK;
    assert_int_equal(problems_of(&arena, &o).n, 1);
}

static void test_texts(void **state)
{
    (void)state;
    struct outcome o = {.changed = true};
    struct ur_finding f = {.rule = "r", .message = "it runs as root", .fixed = 1};
    EQ(problem_text(&arena, &o, &f), "it runs as root. unroot fixes it.");
    f.assumption = "nobody looks";
    EQ(problem_text(&arena, &o, &f),
       "it runs as root. The fix rests on this: nobody looks. unroot fixes it.");
    f.fixed = 0;
    EQ(problem_text(&arena, &o, &f), "it runs as root. A fix would rest on this: nobody looks.");
    f.reason = "no-such-reason";
    f.assumption = "";
    EQ(problem_text(&arena, &o, &f), "it runs as root.");
    f.reason = "invalid-dockerfile";
    assert_true(str_has(problem_text(&arena, &o, &f), "Correct the error"));
}

static void test_paths(void **state)
{
    (void)state;
    struct outcome o = {.path = STR("a/Dockerfile")};
    EQ(problem_path(&arena, &o), "a/Dockerfile");
    o.repo = STR("team/app");
    EQ(problem_path(&arena, &o), "team/app/a/Dockerfile");
    o.path = STR("");
    EQ(problem_path(&arena, &o), "team/app");
}

static void test_uris(void **state)
{
    (void)state;
    EQ(uri_of_path(&arena, STR("a/b-c_d.e~/Dockerfile")), "a/b-c_d.e~/Dockerfile");
    EQ(uri_of_path(&arena, STR("/abs/x")), "file:///abs/x");
    EQ(uri_of_path(&arena, STR("c:/x y")), "c%3A/x%20y");
    EQ(uri_of_path(&arena, STR("100%/#?")), "100%25/%23%3F");
    EQ(uri_of_path(&arena, STR("\xC3\xA9\xFF\n")), "%C3%A9%FF%0A");
    EQ(uri_of_path(&arena, STR("a\0b")), "a%00b");
}

/* ---- edits ---- */

static struct str edit_text(const char *was, size_t from, size_t to, const char *with)
{
    struct patch_edit e = {span_make(from, to), str_of(with)};
    struct outcome_change c = {STR("f"), str_of(was), &e, 1};
    struct edits all = edits_of(&arena, &c);
    if (!all.n)
        return STR("none");
    const struct edit *one = all.v;
    return str_fmt(&arena, "%zu:%zu-%zu:%zu '%.*s'", one->from.line, one->from.column, one->to.line,
                   one->to.column, STR_ARG(one->with));
}

static void test_edits_are_small(void **state)
{
    (void)state;
    EQ(edit_text("COPY . .\n", 0, 9, "COPY --chown=1:1 . .\n"), "1:6-1:6 '--chown=1:1 '");
    EQ(edit_text("a\nb\nc\n", 2, 4, ""), "2:1-3:1 ''");
    EQ(edit_text("a\nb", 3, 3, "\nUSER 1"), "2:2-2:2 '\nUSER 1'");
    EQ(edit_text("a\nb\n", 4, 4, "USER 1\n"), "3:1-3:1 'USER 1\n'");
    EQ(edit_text("same\n", 0, 5, "same\n"), "none");
    EQ(edit_text("aaa", 0, 3, "aa"), "1:3-1:4 ''");
}

static void test_edits_cut_at_characters(void **state)
{
    (void)state;
    /* U+00E9 and U+00EA have their first byte in common, U+00E9 and U+0129 their second. */
    EQ(edit_text("x\xC3\xA9y", 0, 4, "x\xC3\xAAy"), "1:2-1:3 '\xC3\xAA'");
    EQ(edit_text("x\xC3\xA9y", 0, 4, "x\xC4\xA9y"), "1:2-1:3 '\xC4\xA9'");
    EQ(edit_text("a\r\nb", 0, 3, "a\nx\r\n"), "1:2-1:2 '\nx'");
    EQ(edit_text("a\r\n", 0, 3, "a\r"), "1:2-2:1 '\r'");
}

static void test_edits_of_bytes_that_are_no_text(void **state)
{
    (void)state;
    EQ(edit_text("\xFF\nx\n", 2, 4, "y\n"), "none");
    EQ(edit_text("x\n", 0, 2, "\xFF\n"), "none");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_fingerprints_stay),
        cmocka_unit_test(test_equal_findings_are_told_apart),
        cmocka_unit_test(test_an_error_is_a_problem),
        cmocka_unit_test(test_texts),
        cmocka_unit_test(test_paths),
        cmocka_unit_test(test_uris),
        cmocka_unit_test(test_edits_are_small),
        cmocka_unit_test(test_edits_cut_at_characters),
        cmocka_unit_test(test_edits_of_bytes_that_are_no_text),
    };
    return cmocka_run_group_tests(tests, NULL, teardown);
}
