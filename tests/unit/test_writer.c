/* Documents: order, separators, sums first, limits, a spool that is larger than memory's share. */
#include "tests/support/unit.h"

#include <stdlib.h>

#include "base/spool.h"
#include "report/writer.h"

static struct arena arena;

static int teardown(void **state)
{
    (void)state;
    arena_release(&arena);
    return 0;
}

static void to_buf(void *ctx, struct str bytes)
{
    buf_add(ctx, bytes);
}

static void begin(const struct report_run *run, struct buf *out)
{
    buf_addf(out, "<%zu/%zu>", run->sums.files, run->sums.errors);
}

static void input(const struct outcome *o, struct buf *out)
{
    buf_add(out, o->path);
}

static void end(const struct report_run *run, struct buf *out)
{
    const struct report_sums *s = &run->sums;
    buf_addf(out, "<%zu files, %zu repos, %zu skipped, %zu left out", s->files, s->repos,
             s->skipped, s->left_out);
    VEC_EACH (r, &run->reasons)
        buf_addf(out, ", %.*s %zu", STR_ARG(r->code), r->n);
    buf_addz(out, ">");
}

/* Paths, one letter each; '-' adds no text. */
static struct str document(const struct report *r, const char *paths, const char *repos)
{
    struct buf out = buf_in(&arena);
    struct writer *w = writer_new(&arena, r, to_buf, &out);
    for (size_t i = 0; paths[i]; i++) {
        struct outcome o = {.path = str_make(paths + i, paths[i] != '-'),
                            .after = OUTCOME_USER_ROOT};
        struct writer_part part;
        if (repos)
            o.repo = str_make(repos + i, 1);
        if (paths[i] == 'E') {
            o.status = UR_EINPUT;
            o.reason = "broken";
        }
        writer_part(r, &o, &arena, &part);
        writer_add(w, &part);
    }
    assert_null(writer_end(w, 7));
    return buf_str(&out);
}

static void test_streamed(void **state)
{
    (void)state;
    const struct report r = {.between = ",", .begin = begin, .input = input, .end = end};
    EQ(document(&r, "", NULL), "<0/0><0 files, 0 repos, 7 skipped, 0 left out>");
    EQ(document(&r, "ab", NULL), "<0/0>a,b<2 files, 0 repos, 7 skipped, 0 left out>");
    EQ(document(&r, "-a-b-", NULL), "<0/0>a,b<5 files, 0 repos, 7 skipped, 0 left out>");
    EQ(document(&r, "EaE", NULL), "<0/0>E,a,E<1 files, 0 repos, 7 skipped, 0 left out, broken 2>");
    EQ(document(&r, "abcd", "xxyy"), "<0/0>a,b,c,d<4 files, 2 repos, 7 skipped, 0 left out>");
}

static void test_sums_first(void **state)
{
    (void)state;
    const struct report r = {.sums_first = true, .begin = begin, .input = input, .end = end};
    EQ(document(&r, "aEb", NULL), "<2/1>aEb<2 files, 0 repos, 7 skipped, 0 left out, broken 1>");
}

static void test_limit(void **state)
{
    (void)state;
    const struct report r = {.limit = 2, .input = input, .end = end};
    EQ(document(&r, "ab", NULL), "ab<2 files, 0 repos, 7 skipped, 0 left out>");
    EQ(document(&r, "abcd", NULL), "ab<4 files, 0 repos, 7 skipped, 2 left out>");
}

static void test_pages(void **state)
{
    (void)state;
    const struct report r = {.between = ",", .page_break = "|", .page = 2, .input = input};
    EQ(document(&r, "", NULL), "");
    EQ(document(&r, "ab", NULL), "a,b");
    EQ(document(&r, "abcde", NULL), "a,b|c,d|e");
    EQ(document(&r, "-a-b-c", NULL), "a,b|c");
}

static void test_only_input(void **state)
{
    (void)state;
    const struct report r = {.input = input};
    EQ(document(&r, "ab", NULL), "ab");
}

static void test_one(void **state)
{
    (void)state;
    const struct report r = {.sums_first = true, .begin = begin, .input = input, .end = end};
    struct outcome o = {.path = STR("p")};
    struct buf out = buf_in(&arena);
    report_one(&r, &o, &out);
    EQ(buf_str(&out), "<1/0>p<1 files, 0 repos, 0 skipped, 0 left out>");
}

/* Three MiB in odd pieces come back as they were, though one at most stays in memory. */
static void test_spool(void **state)
{
    (void)state;
    struct buf want = buf_in(&arena), have = buf_in(&arena);
    struct spool *s = spool_new(&arena);
    for (size_t i = 0; want.n < 3 << 20; i++) {
        struct str piece = str_fmt(&arena, "%zu:%*s\n", i, (int)(i % 5000), "x");
        buf_add(&want, piece);
        spool_add(s, piece);
    }
    assert_int_equal(spool_replay(s, to_buf, &have), 0);
    spool_free(s);
    assert_true(str_eq(buf_str(&want), buf_str(&have)));
}

static void test_spool_without_room(void **state)
{
    (void)state;
    struct buf have = buf_in(&arena);
    struct spool *s = spool_new(&arena);
    char *much = arena_alloc(&arena, 2 << 20);
    setenv("TMPDIR", "/no/such/folder", 1);
    spool_add(s, STR("a"));
    spool_add(s, str_make(much, 2 << 20));
    unsetenv("TMPDIR");
    assert_int_not_equal(spool_replay(s, to_buf, &have), 0);
    spool_free(s);
}

static void test_formats_by_name(void **state)
{
    (void)state;
    static const struct {
        const char *file, *format;
    } rows[] = {
        {"a.sarif", "sarif"},
        {"a.sarif.json", "sarif"},
        {"a.json", "json"},
        {"dir.html/a.jsonl", "json"},
        {"a.md", "markdown"},
        {"a.html", "html"},
        {"gl-code-quality-report.json", "gitlab"},
        {"a.txt", "text"},
        {"a", NULL},
        {"a.pdf", NULL},
        {"html", NULL},
        {"", NULL},
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        const struct report *r = report_of_file(str_of(rows[i].file));
        if (!rows[i].format)
            assert_null(r);
        else
            EQ_STR(str_of(r ? r->name : ""), str_of(rows[i].format), rows[i].file);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_streamed),        cmocka_unit_test(test_sums_first),
        cmocka_unit_test(test_limit),           cmocka_unit_test(test_pages),
        cmocka_unit_test(test_only_input),      cmocka_unit_test(test_one),
        cmocka_unit_test(test_spool),           cmocka_unit_test(test_spool_without_room),
        cmocka_unit_test(test_formats_by_name),
    };
    return cmocka_run_group_tests(tests, NULL, teardown);
}
