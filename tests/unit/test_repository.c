/* What is named: paths and URLs, the commit that is read, branches. */
#include "git_fixture.h"

#include "migrate/repository.h"

static void protocols(void **state)
{
    struct fixture *f = *state;
    static const char *const table[][2] = {
        {"https://host/x.git", "https"},
        {"ssh://me@host/x", "ssh"},
        {"file:///x", "file"},
        {"git@host:me/x.git", "ssh"},
        {"host:x", "ssh"},
        {"ext::sh -c x", "ext"},
        {"a/b:c", NULL},
        {"/srv/x.git", NULL},
        {"./a:b", NULL},
        {"plain", NULL},
        {"", NULL},
        {"://x", NULL},
        {":x", NULL},
        {"HTTPS://x", "ssh"},
    };
    for (size_t i = 0; i < sizeof table / sizeof *table; i++) {
        const char *p = repository_protocol(&f->arena, str_of(table[i][0]));
        if (table[i][1])
            assert_string_equal(p, table[i][1]);
        else
            assert_null(p);
    }
    assert_false(repository_is_protocol(STR("ext")));
    assert_true(repository_is_protocol(STR("https")));
}

static void no_secret_is_shown(void **state)
{
    struct fixture *f = *state;
    static const char *const table[][2] = {
        {"https://me:secret@host/x", "https://host/x"},
        {"https://host/a@b", "https://host/a@b"},
        {"https://a@b:c@host", "https://host"},
        {"git@host:x", "git@host:x"},
    };
    for (size_t i = 0; i < sizeof table / sizeof *table; i++) {
        struct str s = repository_public(&f->arena, str_of(table[i][0]));
        assert_string_equal(str_z(&f->arena, s), table[i][1]);
    }
}

static void names_of_branches(void **state)
{
    static const char *const good[] = {"main", "unroot/harden", "a.b", "ü", "a-b/c_d"};
    static const char *const bad[] = {
        "",   "-x",   "/x",   "x/",   "a..b",  "a b",  "a~1",          "a^",      "a:b",
        "a?", "a*",   "a[",   "a\\b", "a@{1}", ".x",   "a/.b",         "x.",      "a.lock",
        "@",  "HEAD", "a//b", "a\nb", "a\x7f", "\xff", "refs/heads/x", "a.lock/b"};
    (void)state;
    for (size_t i = 0; i < sizeof good / sizeof *good; i++)
        assert_true(repository_is_branch(str_of(good[i])));
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
        if (repository_is_branch(str_of(bad[i])))
            fail_msg("'%s' was taken", bad[i]);
}

static void make_repo(const char *name)
{
    char line[256];
    snprintf(line, sizeof line,
             "git init -q -b main '%s' && cd '%s' && echo x >a && git add . && "
             "git commit -qm one",
             name, name);
    sh(line);
}

static void kinds(void **state)
{
    struct fixture *f = *state;
    struct repository r;
    make_repo("a");
    sh("git clone -q --bare a b.git && git -C a worktree add -q ../c && mkdir d e && touch file && "
       "echo 'gitdir: nowhere' >e/.git && ln -s a link");
    assert_null(repository_find(&f->arena, "./a//", &r));
    assert_int_equal(r.kind, REPOSITORY_WORK_TREE);
    assert_string_equal(r.name, "a");
    assert_null(repository_find(&f->arena, "b.git", &r));
    assert_int_equal(r.kind, REPOSITORY_BARE);
    assert_null(repository_find(&f->arena, "link", &r));
    assert_null(repository_find(&f->arena, "c", &r));
    assert_int_equal(r.kind, REPOSITORY_WORK_TREE);
    assert_string_not_equal(r.own_dir, r.common_dir);
    assert_null(repository_find(&f->arena, "https://me:pass@host/x.git", &r));
    assert_int_equal(r.kind, REPOSITORY_URL);
    assert_string_equal(r.name, "https://host/x.git");
    static const char *const bad[] = {"",       "d",           "file",   "nosuch",
                                      "ext::x", "https://a b", "foo://x"};
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
        assert_non_null(repository_find(&f->arena, bad[i], &r));
}

/* What is read; "" when there is none, and what is wrong begins with '!'. */
static const char *base_of(struct fixture *f, const char *name, const char *branch)
{
    struct repository r;
    struct repository_base b;
    assert_null(repository_find(&f->arena, name, &r));
    struct odb o = odb_of(&f->arena, r.git_dir, 0);
    const char *wrong = repository_base(&f->arena, &r, &o, branch, &b);
    odb_close(&o);
    if (wrong)
        return str_fmt(&f->arena, "!%s", wrong).p;
    if (b.empty)
        return "empty";
    assert_string_equal(b.date.p, "1700000001 +0130");
    return str_fmt(&f->arena, "%.*s %.*s", STR_ARG(b.branch), STR_ARG(b.ref)).p;
}

static void which_commit(void **state)
{
    struct fixture *f = *state;
    make_repo("up");
    sh("git clone -q up a && git -C a checkout -q -b topic");
    assert_string_equal(base_of(f, "up", NULL), "main refs/heads/main");
    assert_string_equal(base_of(f, "a", NULL), "main refs/heads/main");
    assert_string_equal(base_of(f, "a", "HEAD"), "topic refs/heads/topic");
    assert_string_equal(base_of(f, "a", "topic"), "topic refs/heads/topic");
    assert_string_equal(base_of(f, "a", "nosuch"), "!there is no branch 'nosuch'");
    sh("git -C a branch -q -D main");
    assert_string_equal(base_of(f, "a", NULL), "main refs/remotes/origin/main");
    sh("git -C up checkout -q --detach");
    assert_string_equal(base_of(f, "up", NULL), " HEAD");
    sh("git -C up symbolic-ref HEAD refs/heads/nosuch");
    assert_non_null(strstr(base_of(f, "up", NULL), "names the branch 'nosuch'"));
    sh("git init -q -b main none");
    assert_string_equal(base_of(f, "none", NULL), "empty");
    sh("git init -q --bare bad && echo nonsense >bad/HEAD");
    assert_int_equal(base_of(f, "bad", NULL)[0], '!');
    sh("git init -q --bare future && git -C future config core.repositoryformatversion 99");
    assert_non_null(strstr(base_of(f, "future", NULL), "git refuses it"));
}

static void in_use(void **state)
{
    struct fixture *f = *state;
    struct repository r;
    make_repo("a");
    sh("git clone -q --bare a b.git && git -C a branch x && git -C a worktree add -q ../c x");
    assert_null(repository_find(&f->arena, "a", &r));
    assert_true(repository_is_in_use(&f->arena, &r, "main"));
    assert_true(repository_is_in_use(&f->arena, &r, "x"));
    assert_false(repository_is_in_use(&f->arena, &r, "y"));
    assert_null(repository_find(&f->arena, "c", &r));
    assert_true(repository_is_in_use(&f->arena, &r, "main"));
    assert_null(repository_find(&f->arena, "b.git", &r));
    assert_false(repository_is_in_use(&f->arena, &r, "main"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {TEST(protocols),         TEST(no_secret_is_shown),
                                       TEST(names_of_branches), TEST(kinds),
                                       TEST(which_commit),      TEST(in_use)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
