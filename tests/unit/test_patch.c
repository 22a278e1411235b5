/*
 * Patches: how they look, and that git and patch(1) make of them what the edits say, for many
 * random files and edits.
 */
#include "tests/support/unit.h"

#include <sys/stat.h>
#include <unistd.h>

#include "base/buf.h"
#include "tests/support/files.h"
#include "text/patch.h"

static struct arena arena;

static int teardown(void **state)
{
    (void)state;
    arena_release(&arena);
    return 0;
}

static struct str no_heading(void *ctx, size_t offset)
{
    (void)ctx;
    (void)offset;
    return STR("");
}

/* The patch of one edit. */
static struct str one(const char *path, struct str source, size_t from, size_t to, struct str with)
{
    struct patch_edit e = {span_make(from, to), with};
    struct patch p = {str_of(path), source, &e, 1, no_heading, NULL};
    return patch_print(&arena, &p);
}

/* ---- how they look -------------------------------------------------------------------------- */

static void test_hunks(void **state)
{
    (void)state;
    struct str ten = STR("1\n2\n3\n4\n5\n6\n7\n8\n9\n10\n");
    EQ(one("f", ten, 8, 10, STR("x\ny\n")),
       "--- a/f\n+++ b/f\n@@ -2,7 +2,8 @@\n 2\n 3\n 4\n-5\n+x\n+y\n 6\n 7\n 8\n");
    EQ(one("f", ten, 0, 0, STR("x\n")), "--- a/f\n+++ b/f\n@@ -1,3 +1,4 @@\n+x\n 1\n 2\n 3\n");
    EQ(one("f", ten, 21, 21, STR("x\n")), "--- a/f\n+++ b/f\n@@ -8,3 +8,4 @@\n 8\n 9\n 10\n+x\n");
    EQ(one("f", ten, 4, 6, STR("")), "--- a/f\n+++ b/f\n@@ -1,6 +1,5 @@\n 1\n 2\n-3\n 4\n 5\n 6\n");
    EQ(one("f", STR("a\n"), 0, 2, STR("b\n")), "--- a/f\n+++ b/f\n@@ -1 +1 @@\n-a\n+b\n");
    EQ(one("f", ten, 5, 5, STR("")), "");
    EQ(one("f", ten, 4, 6, STR("3\n")), ""); /* replaced by itself */
}

static void test_part_of_a_line(void **state)
{
    (void)state;
    EQ(one("f", STR("COPY a b\nRUN c\n"), 4, 4, STR(" --x")),
       "--- a/f\n+++ b/f\n@@ -1,2 +1,2 @@\n-COPY a b\n+COPY --x a b\n RUN c\n");
    EQ(one("f", STR("a\nb\nc\n"), 1, 2, STR("")),
       "--- a/f\n+++ b/f\n@@ -1,3 +1,2 @@\n-a\n-b\n+ab\n c\n");
    EQ(one("f", STR("a\nb\n"), 1, 1, STR("\nx")),
       "--- a/f\n+++ b/f\n@@ -1,2 +1,3 @@\n a\n+x\n b\n");
}

static void test_line_ends(void **state)
{
    (void)state;
    EQ(one("f", STR("a\r\nb\r\n"), 3, 3, STR("x\r\n")),
       "--- a/f\n+++ b/f\n@@ -1,2 +1,3 @@\n a\r\n+x\r\n b\r\n");
    EQ(one("f", STR("a"), 1, 1, STR("\nb")),
       "--- a/f\n+++ b/f\n@@ -1 +1,2 @@\n-a\n\\ No newline at end of file\n+a\n+b\n\\ No newline "
       "at end of file\n");
    EQ(one("f", STR("a\nb"), 0, 0, STR("x\n")),
       "--- a/f\n+++ b/f\n@@ -1,2 +1,3 @@\n+x\n a\n b\n\\ No newline at end of file\n");
    EQ(one("f", STR("a\nb"), 3, 3, STR("\n")),
       "--- a/f\n+++ b/f\n@@ -1,2 +1,2 @@\n a\n-b\n\\ No newline at end of file\n+b\n");
}

static void test_several_edits(void **state)
{
    (void)state;
    struct str s = STR("1\n2\n3\n4\n5\n6\n7\n8\n9\n");
    struct patch_edit near[] = {{{0, 0}, STR("a\n")}, {{12, 12}, STR("b\n")}};
    struct patch p = {STR("f"), s, near, 2, NULL, NULL};
    struct str have = patch_print(&arena, &p);
    assert_true(str_has(have, "+a\n 1\n 2\n 3\n") && str_has(have, " 6\n+b\n"));
    struct patch_edit same_line[] = {{{0, 0}, STR("x")}, {{1, 1}, STR("y")}, {{1, 2}, STR("z\n")}};
    struct patch q = {STR("f"), s, same_line, 3, NULL, NULL};
    EQ(patch_print(&arena, &q), "--- a/f\n+++ b/f\n@@ -1,4 +1,4 @@\n-1\n+x1yz\n 2\n 3\n 4\n");
    EQ(patch_apply(&arena, s, same_line, 3), "x1yz\n2\n3\n4\n5\n6\n7\n8\n9\n");
    EQ(patch_apply(&arena, s, NULL, 0), "1\n2\n3\n4\n5\n6\n7\n8\n9\n");
    struct patch none = {STR("f"), s, NULL, 0, NULL, NULL};
    EQ(patch_print(&arena, &none), "");
}

static size_t hunks(struct str patch)
{
    size_t n = 0;
    for (ptrdiff_t at; (at = str_find(patch, STR("\n@@ "))) >= 0; n++)
        patch = str_from(patch, (size_t)at + 1);
    return n;
}

static void test_hunks_that_touch_are_one(void **state)
{
    (void)state;
    struct str s = STR("0\n1\n2\n3\n4\n5\n6\n7\n8\n9\n");
    for (uint32_t between = 0; between < 10; between++) {
        struct patch_edit two[] = {{{0, 2}, STR("x\n")},
                                   {{2 + 2 * between, 2 + 2 * between}, STR("y\n")}};
        struct patch p = {STR("f"), s, two, 2, NULL, NULL};
        assert_int_equal(hunks(patch_print(&arena, &p)), between <= 6 ? 1 : 2); /* as git does */
    }
}

static void test_lines_taken_out_come_first(void **state)
{
    (void)state;
    struct patch_edit e[] = {
        {{0, 0}, STR("x\n")}, {{0, 2}, STR("")}, {{2, 2}, STR("y\n")}, {{2, 4}, STR("z\n")}};
    struct patch p = {STR("f"), STR("1\n2\n3\n"), e, 4, NULL, NULL};
    EQ(patch_print(&arena, &p), "--- a/f\n+++ b/f\n@@ -1,3 +1,4 @@\n-1\n-2\n+x\n+y\n+z\n 3\n");
}

static struct str stage(void *ctx, size_t offset)
{
    (void)ctx;
    return offset < 8 ? STR("") : STR("FROM b AS c");
}

static void test_heading(void **state)
{
    (void)state;
    struct patch_edit far[] = {{{0, 0}, STR("x\n")}, {{22, 22}, STR("y\n")}};
    struct patch p = {STR("f"), STR("0\n1\n2\n3\n4\n5\n6\n7\n8\n9\na\nb\n"), far, 2, stage, NULL};
    EQ(patch_print(&arena, &p), "--- a/f\n+++ b/f\n@@ -1,3 +1,4 @@\n+x\n 0\n 1\n 2\n"
                                "@@ -9,4 +10,5 @@ FROM b AS c\n 8\n 9\n a\n+y\n b\n");
}

static void test_paths(void **state)
{
    (void)state;
    static const struct {
        const char *path, *header;
    } rows[] = {
        {"d/Dockerfile", "--- a/d/Dockerfile\n+++ b/d/Dockerfile\n"},
        {"a b", "--- a/a b\t\n+++ b/a b\t\n"},
        {"q\"\\", "--- \"a/q\\\"\\\\\"\n+++ \"b/q\\\"\\\\\"\n"},
        {"\xC3\xBC", "--- \"a/\\303\\274\"\n+++ \"b/\\303\\274\"\n"},
        {"t\tn\n\x01\x7F", "--- \"a/t\\tn\\n\\001\\177\"\n+++ \"b/t\\tn\\n\\001\\177\"\n"},
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        struct str have = one(rows[i].path, STR("a\n"), 0, 0, STR("b\n"));
        EQ_STR(str_sub(have, 0, strlen(rows[i].header)), str_of(rows[i].header), rows[i].path);
    }
}

/* ---- what git and patch(1) make of them ----------------------------------------------------- */

static unsigned seed = 12345;

static size_t below(size_t n)
{
    seed = seed * 1103515245u + 12345u;
    return n ? (seed >> 16) % n : 0;
}

/* A few kinds of lines, so that many are equal; line ends mixed. */
static void random_lines(struct buf *b, size_t n)
{
    static const char *const lines[] = {"a",  "b",           "RUN x \\",      "",    "  c", "- d",
                                        "+e", "@@ -1 +1 @@", "\\ No newline", "-- f"};
    bool crlf = below(4) == 0;
    for (size_t i = 0; i < n; i++)
        buf_addf(b, "%s%s", lines[below(COUNT(lines))], crlf && below(8) ? "\r\n" : "\n");
}

struct sample {
    struct str path, source, want, patch;
};

static struct sample random_sample(size_t number, const char *odd)
{
    struct buf b = buf_in(&arena);
    VEC(struct patch_edit) edits = {0};
    random_lines(&b, 1 + below(number % 10 ? 30 : 400));
    if (below(4) == 0 && b.n > 2)
        b.n -= 1 + below(2); /* no final newline; perhaps half a CRLF */
    struct str source = buf_str(&b);
    for (size_t at = below(source.n + 1), n = 0; n < 8 && at <= source.n; n++) {
        struct buf with = buf_in(&arena);
        size_t to = below(3) ? at : at + below(20);
        to = to > source.n ? source.n : to;
        random_lines(&with, below(4));
        if (below(2) && with.n)
            with.n--; /* ends within a line */
        *vec_push(&arena, &edits) = (struct patch_edit){span_make(at, to), buf_str(&with)};
        at = to + below(number % 2 ? 12 : 200);
    }
    struct sample s = {.source = source, .path = str_fmt(&arena, "%zu%s", number, odd)};
    struct patch p = {s.path, source, edits.v, edits.n, NULL, NULL};
    s.want = patch_apply(&arena, source, edits.v, edits.n);
    s.patch = patch_print(&arena, &p);
    return s;
}

static void check_patched(const char *dir, const struct sample *v, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        struct str have;
        assert_true(files_read(&arena, files_path(&arena, dir, v[i].path.p), &have));
        if (!str_eq(have, v[i].want)) {
            unit_show("source", v[i].source);
            unit_show("patch", v[i].patch);
            EQ_STR(have, v[i].want, dir);
        }
    }
}

static void apply(const char *dir, const char *command, const struct sample *v, size_t n)
{
    char script[512];
    struct buf all = buf_in(&arena);
    files_mkdir(dir);
    for (size_t i = 0; i < n; i++) {
        files_write(files_path(&arena, dir, v[i].path.p), v[i].source);
        buf_add(&all, v[i].patch);
    }
    const char *patch = str_fmt(&arena, "%s.patch", dir).p;
    files_write(patch, buf_str(&all));
    snprintf(script, sizeof script, "cd '%s' && GIT_CEILING_DIRECTORIES=/ %s '%s'", dir, command,
             patch);
    if (system(script) != 0)
        fail_msg("%s fails", script);
    check_patched(dir, v, n);
}

static void test_random_patches_apply(void **state)
{
    (void)state;
    enum { N = 600 };
    static const char *const odd[] = {"", " b", "\xC3\xBC", "\"q\"", "\\"};
    char temp[] = "/tmp/unroot-patch-XXXXXX";
    assert_non_null(mkdtemp(temp));
    struct sample *v = arena_alloc(&arena, N * sizeof *v);
    size_t n = 0, empty = 0;
    for (size_t i = 0; n < N; i++) {
        v[n] = random_sample(i, odd[i % COUNT(odd)]);
        empty += v[n].patch.n == 0;
        assert_int_equal(v[n].patch.n == 0, str_eq(v[n].source, v[n].want));
        n += v[n].want.n > 0; /* a file that becomes empty is another matter */
    }
    assert_true(empty < N / 5);
    apply(files_path(&arena, temp, "git"), "git apply --whitespace=nowarn", v, N);
    apply(files_path(&arena, temp, "patch"), "patch -s -p1 --binary <", v, N);
    files_remove_tree(temp);
}

/* A minimal-enough patch: what is equal on both sides of a replaced region is context. */
static void test_equal_lines_stay_context(void **state)
{
    (void)state;
    struct str have = one("f", STR("a\nb\nc\nd\n"), 0, 8, STR("a\nB\nc\nd\n"));
    EQ(have, "--- a/f\n+++ b/f\n@@ -1,4 +1,4 @@\n a\n-b\n+B\n c\n d\n");
}

static void test_large_regions(void **state)
{
    (void)state;
    struct buf old = buf_in(&arena), new = buf_in(&arena);
    for (int i = 0; i < 20000; i++) {
        buf_addf(&old, "%d\n", i);
        buf_addf(&new, "%d\n", i / 2);
    }
    struct str have = one("f", buf_str(&old), 0, old.n, buf_str(&new));
    assert_true(have.n > 20000); /* and it came back at once: the table of common lines is capped */
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_hunks),
        cmocka_unit_test(test_part_of_a_line),
        cmocka_unit_test(test_line_ends),
        cmocka_unit_test(test_several_edits),
        cmocka_unit_test(test_hunks_that_touch_are_one),
        cmocka_unit_test(test_lines_taken_out_come_first),
        cmocka_unit_test(test_heading),
        cmocka_unit_test(test_paths),
        cmocka_unit_test(test_random_patches_apply),
        cmocka_unit_test(test_equal_lines_stay_context),
        cmocka_unit_test(test_large_regions),
    };
    return cmocka_run_group_tests(tests, NULL, teardown);
}
