/* Objects through one git: what is there, what is not, what is too large, and when the time is up.
 */
#include "git_fixture.h"

#include <signal.h>

#include "migrate/odb.h"

static struct odb open_odb(struct fixture *f)
{
    sh("git init -q -b main r && cd r && printf 'some text' >a && git add . && git commit -qm one");
    return odb_of(&f->arena, "r/.git", 0);
}

static void by_name_and_by_id(void **state)
{
    struct fixture *f = *state;
    struct odb o = open_odb(f);
    struct odb_object commit, blob, again;
    assert_true(odb_read(&o, &f->arena, "HEAD^{commit}", 10000, &commit));
    assert_int_equal(commit.kind, ODB_COMMIT);
    assert_int_equal(commit.id.n, 40);
    assert_true(odb_read(&o, &f->arena, "HEAD:a", 9, &blob));
    assert_int_equal(blob.kind, ODB_BLOB);
    assert_int_equal(blob.size, 9);
    assert_true(str_is(blob.bytes, "some text"));
    assert_true(odb_read(&o, &f->arena, str_z(&f->arena, blob.id), 9, &again));
    assert_true(str_is(again.bytes, "some text"));
    assert_true(odb_read(&o, &f->arena, "HEAD^{tree}", 1000, &again));
    assert_int_equal(again.kind, ODB_TREE);
    assert_int_equal(o.starts, 1);
    odb_close(&o);
}

static void what_is_not_there(void **state)
{
    struct fixture *f = *state;
    static const char *const names[] = {"nosuch",
                                        "HEAD:nosuch",
                                        "",
                                        " ",
                                        "0123456789",
                                        "1111111111111111111111111111111111111111",
                                        "HEAD:"
                                        "a b c",
                                        "--help",
                                        "HEAD^{nosuch}"};
    struct odb o = open_odb(f);
    struct odb_object x;
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        assert_true(odb_read(&o, &f->arena, names[i], 100, &x));
        assert_int_equal(x.kind, ODB_MISSING);
    }
    assert_false(odb_read(&o, &f->arena, "HEAD\nHEAD", 100, &x));
    assert_true(odb_read(&o, &f->arena, "HEAD:a", 100, &x));
    assert_true(str_is(x.bytes, "some text"));
    odb_close(&o);
}

/* A little too large is read over, much too large means another git; the next answer is right. */
static void too_large(void **state)
{
    struct fixture *f = *state;
    struct odb o = open_odb(f);
    struct odb_object x;
    sh("cd r && head -c 3000000 /dev/zero >m && head -c 9000000 /dev/zero >l && git add . && "
       "git commit -qm two");
    assert_true(odb_read(&o, &f->arena, "HEAD:m", 1000, &x));
    assert_null(x.bytes.p);
    assert_int_equal(x.size, 3000000);
    assert_int_equal(o.starts, 1);
    assert_true(odb_read(&o, &f->arena, "HEAD:l", 1000, &x));
    assert_null(x.bytes.p);
    assert_int_equal(x.kind, ODB_BLOB);
    assert_true(odb_read(&o, &f->arena, "HEAD:a", 1000, &x));
    assert_true(str_is(x.bytes, "some text"));
    assert_int_equal(o.starts, 2);
    assert_true(odb_read(&o, &f->arena, "HEAD:l", 9000000, &x));
    assert_int_equal(x.bytes.n, 9000000);
    odb_close(&o);
}

static void damaged(void **state)
{
    struct fixture *f = *state;
    struct odb o = open_odb(f);
    struct odb_object x;
    sh("cd r && id=$(git rev-parse HEAD:a) && f=.git/objects/$(echo $id | cut -c1-2)/$(echo $id | "
       "cut -c3-) && chmod u+w $f && echo damaged >$f");
    assert_true(odb_read(&o, &f->arena, "HEAD:a", 1000, &x));
    assert_int_equal(x.kind, ODB_MISSING);
    assert_true(odb_read(&o, &f->arena, "HEAD", 1000, &x));
    assert_int_equal(x.kind, ODB_COMMIT);
    odb_close(&o);
}

static void no_repository(void **state)
{
    struct fixture *f = *state;
    struct odb_object x;
    struct odb o = odb_of(&f->arena, "nosuch/.git", 0);
    assert_true(odb_read(&o, &f->arena, "HEAD", 1000, &x));
    assert_int_equal(x.kind, ODB_MISSING);
    odb_close(&o);
}

/* A git that does not answer. */
static void time_is_up(void **state)
{
    struct fixture *f = *state;
    struct odb_object x;
    char *path = strdup(getenv("PATH"));
    sh("mkdir bin && printf '#!/bin/sh\\nexec sleep 60\\n' >bin/git && chmod +x bin/git");
    setenv("PATH", str_fmt(&f->arena, "%s/bin:%s", f->dir, path).p, 1);
    uint64_t begin = child_now();
    struct odb o = odb_of(&f->arena, "r/.git", begin + 200);
    assert_false(odb_read(&o, &f->arena, "HEAD", 1000, &x));
    assert_true(o.late);
    assert_true(child_now() - begin < 20000);
    assert_false(odb_read(&o, &f->arena, "HEAD", 1000, &x));
    odb_close(&o);
    setenv("PATH", path, 1);
    free(path);
}

int main(void)
{
    const struct CMUnitTest tests[] = {TEST(by_name_and_by_id), TEST(what_is_not_there),
                                       TEST(too_large),         TEST(damaged),
                                       TEST(no_repository),     TEST(time_is_up)};
    signal(SIGPIPE, SIG_IGN);
    return cmocka_run_group_tests(tests, NULL, NULL);
}
