/* The journal: what is put comes back, in another run, too; two runs don't share one. */
#include "git_fixture.h"

#include <signal.h>
#include <sys/wait.h>

#include "migrate/journal.h"

static struct journal *must_open(struct fixture *f, const char *path)
{
    const char *error;
    struct journal *j = journal_open(&f->arena, path, &error);
    if (!j)
        fail_msg("%s", error);
    return j;
}

static struct journal_row row(struct str name, enum journal_state state, const char *record)
{
    return (struct journal_row){.name = name,
                                .version = STR("1"),
                                .options = STR("a=b\n"),
                                .base = STR("base"),
                                .tip = STR("tip"),
                                .state = state,
                                .time = INT64_C(5000000000),
                                .record = str_of(record)};
}

static void put_and_get(void **state)
{
    struct fixture *f = *state;
    struct journal *j = must_open(f, "s");
    struct str odd = str_make("a\0\xff\n'", 5);
    assert_int_equal(journal_get(j, &f->arena, odd).state, JOURNAL_NONE);
    struct journal_row r = row(odd, JOURNAL_BEGUN, "");
    journal_put(j, &r);
    r = row(odd, JOURNAL_DONE, "{}");
    journal_put(j, &r);
    journal_close(j);
    j = must_open(f, "s");
    r = journal_get(j, &f->arena, odd);
    assert_int_equal(r.state, JOURNAL_DONE);
    assert_int_equal(r.time, INT64_C(5000000000));
    assert_true(str_eq(r.name, odd));
    assert_true(str_is(r.options, "a=b\n"));
    assert_true(str_is(r.record, "{}"));
    assert_null(journal_error(j));
    journal_close(j);
}

static void add_row(void *ctx, const struct journal_row *r)
{
    buf_addf(ctx, "%.*s ", STR_ARG(r->name));
}

static void rows_by_name(void **state)
{
    struct fixture *f = *state;
    static const char *const names[] = {"b", "a", "B", "ab", "", "a/b"};
    struct journal *j = must_open(f, NULL);
    struct buf b = buf_in(&f->arena);
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        struct journal_row r = row(str_of(names[i]), JOURNAL_DONE, "");
        journal_put(j, &r);
    }
    journal_each(j, add_row, &b);
    assert_string_equal(buf_str(&b).p, " B a a/b ab b ");
    journal_close(j);
}

static void parts(void **state)
{
    struct fixture *f = *state;
    struct journal *j = must_open(f, "s");
    struct str part;
    assert_false(journal_get_part(j, &f->arena, STR("a"), "html", &part));
    journal_put_part(j, STR("a"), "html", STR(""));
    assert_true(journal_get_part(j, &f->arena, STR("a"), "html", &part));
    assert_int_equal(part.n, 0);
    journal_put_part(j, STR("a"), "html", str_make("x\0y", 3));
    assert_true(journal_get_part(j, &f->arena, STR("a"), "html", &part));
    assert_int_equal(part.n, 3);
    assert_false(journal_get_part(j, &f->arena, STR("a"), "sarif", &part));
    journal_close(j);
}

static void other_files(void **state)
{
    struct fixture *f = *state;
    const char *error;
    sh("echo text >text && mkdir dir");
    assert_null(journal_open(&f->arena, "text", &error));
    assert_non_null(strstr(error, "the journal 'text' can't be used"));
    assert_null(journal_open(&f->arena, "dir", &error));
    assert_null(journal_open(&f->arena, "nosuch/s", &error));
    assert_string_equal(sh_text(&f->arena, "cat text"), "text");
    assert_true(journal_is(STR("SQLite format 3")));
    assert_false(journal_is(STR("{\"repository\"")));
}

/* A second process is told, and what a killed one has put is there. */
static void two_at_a_time_and_kill(void **state)
{
    struct fixture *f = *state;
    const char *error;
    int ready[2];
    char c;
    assert_int_equal(pipe(ready), 0);
    pid_t pid = fork();
    if (pid == 0) {
        struct journal *j = journal_open(&f->arena, "s", &error);
        struct journal_row r = row(STR("a"), JOURNAL_BEGUN, "");
        journal_put(j, &r);
        ssize_t n = write(ready[1], "x", 1);
        (void)n;
        for (;;)
            pause();
    }
    assert_int_equal(read(ready[0], &c, 1), 1);
    assert_null(journal_open(&f->arena, "s", &error));
    assert_non_null(strstr(error, "another run is using it"));
    kill(pid, SIGKILL);
    waitpid(pid, NULL, 0);
    struct journal *j = must_open(f, "s");
    assert_int_equal(journal_get(j, &f->arena, STR("a")).state, JOURNAL_BEGUN);
    journal_close(j);
    close(ready[0]), close(ready[1]);
}

int main(void)
{
    const struct CMUnitTest tests[] = {TEST(put_and_get), TEST(rows_by_name), TEST(parts),
                                       TEST(other_files), TEST(two_at_a_time_and_kill)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
