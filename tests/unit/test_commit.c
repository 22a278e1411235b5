/* Commits onto one branch: forward only, the same again, and what an interrupted one leaves. */
#include "git_fixture.h"

#include <time.h>

#include "migrate/commit.h"

static struct commit_plan plan(struct fixture *f, struct repository *r, const char *bytes)
{
    assert_null(repository_find(&f->arena, "r", r));
    struct commit_plan p = {
        .repository = r,
        .branch = "unroot/x",
        .author = STR("A \xc3\x9c <a@b.c>"),
        .committer = STR("C <c@b.c>"),
        .author_date = STR("1700000000 +0000"),
        .committer_date = STR("1700000000 -0330"),
        .base = str_of(sh_text(&f->arena, "git -C r rev-parse main")),
        .base_tree = str_of(sh_text(&f->arena, "git -C r rev-parse 'main^{tree}'")),
    };
    struct commit_step step = {.message = STR("subject\n\nbody\n")};
    *vec_push(&f->arena, &step.files) = (struct commit_file){STR("web/a"), false, str_of(bytes)};
    *vec_push(&f->arena, &p.steps) = step;
    return p;
}

static void make_repo(void)
{
    sh("git init -q -b main r && cd r && mkdir web && echo x >web/a && echo y >other && git add . "
       "&& git commit -qm one");
}

static void a_new_branch_and_again(void **state)
{
    struct fixture *f = *state;
    struct repository r;
    struct str tip, again;
    const char *message;
    make_repo();
    struct commit_plan p = plan(f, &r, "new\n");
    assert_int_equal(commit_write(&f->arena, &p, &tip, &message), COMMIT_DONE);
    assert_int_equal(tip.n, 40);
    assert_string_equal(sh_text(&f->arena, "git -C r rev-parse unroot/x"), str_z(&f->arena, tip));
    assert_string_equal(sh_text(&f->arena, "git -C r show unroot/x:web/a"), "new");
    assert_string_equal(sh_text(&f->arena, "git -C r diff --name-only main unroot/x"), "web/a");
    assert_string_equal(sh_text(&f->arena, "git -C r log -1 --format='%an|%cd|%s' unroot/x"),
                        "A \xc3\x9c|Tue Nov 14 18:43:20 2023 -0330|subject");
    assert_int_equal(commit_write(&f->arena, &p, &again, &message), COMMIT_DONE);
    assert_true(str_eq(tip, again));
    assert_true(commit_contains(&f->arena, &r, tip, p.base));
    assert_false(commit_contains(&f->arena, &r, p.base, tip));
    sh("git -C r fsck --strict 2>&1 | grep -v notice; test -z \"$(git -C r fsck 2>&1)\"");
}

static void somebody_elses_commits_stay(void **state)
{
    struct fixture *f = *state;
    struct repository r;
    struct str tip;
    const char *message;
    make_repo();
    sh("cd r && git checkout -q -b unroot/x && git commit -q --allow-empty -m theirs && git "
       "checkout -q main");
    struct commit_plan p = plan(f, &r, "new\n");
    const char *before = sh_text(&f->arena, "git -C r rev-parse unroot/x");
    assert_int_equal(commit_write(&f->arena, &p, &tip, &message), COMMIT_BEHIND);
    assert_string_equal(sh_text(&f->arena, "git -C r rev-parse unroot/x"), before);
}

/* The files are those of base, whatever the branch had. */
static void joined(void **state)
{
    struct fixture *f = *state;
    struct repository r;
    struct str first, second;
    const char *message;
    make_repo();
    struct commit_plan p = plan(f, &r, "new\n");
    assert_int_equal(commit_write(&f->arena, &p, &first, &message), COMMIT_DONE);
    sh("cd r && git rm -q other && echo z >web/z && git add . && git commit -qm two");
    p = plan(f, &r, "newer\n");
    assert_int_equal(commit_write(&f->arena, &p, &second, &message), COMMIT_BEHIND);
    p.tip = first;
    assert_int_equal(commit_write(&f->arena, &p, &second, &message), COMMIT_DONE);
    assert_string_equal(sh_text(&f->arena, "git -C r diff --name-only main unroot/x"), "web/a");
    assert_true(commit_contains(&f->arena, &r, second, first));
    assert_true(commit_contains(&f->arena, &r, second, p.base));
}

static void odd_paths(void **state)
{
    static const char path[] = "a \"q\" \\ \t\n\xff\xc3\xbc/\x01";
    struct fixture *f = *state;
    struct repository r;
    struct str tip;
    const char *message;
    make_repo();
    struct commit_plan p = plan(f, &r, "new\n");
    p.steps.v[0].files.v[0] = (struct commit_file){str_of(path), true, str_make("nul\0byte", 8)};
    assert_int_equal(commit_write(&f->arena, &p, &tip, &message), COMMIT_DONE);
    const char *listed = sh_text(&f->arena, "git -C r ls-tree -r -z unroot/x | tr '\\0' '|'");
    assert_non_null(strstr(listed, path));
    assert_int_equal(strncmp(listed, "100755", 6), 0);
}

static void what_git_says_is_told(void **state)
{
    struct fixture *f = *state;
    struct repository r;
    struct str tip;
    const char *message;
    make_repo();
    sh("git -C r branch unroot"); /* there can be no unroot/x beside it */
    struct commit_plan p = plan(f, &r, "new\n");
    assert_int_equal(commit_write(&f->arena, &p, &tip, &message), COMMIT_FAILED);
    assert_non_null(strstr(message, "can't be written"));
}

static bool exists(const char *path)
{
    struct stat st;
    return lstat(path, &st) == 0;
}

static void left_overs_go_and_nothing_else(void **state)
{
    struct fixture *f = *state;
    struct repository r;
    int64_t now = (int64_t)time(NULL);
    make_repo();
    assert_null(repository_find(&f->arena, "r", &r));
    sh("cd r/.git && mkdir -p refs/heads/unroot objects/pack && touch refs/heads/unroot/x.lock "
       "refs/heads/unroot/y.lock && cd objects/pack && touch tmp_pack_mine tmp_idx_mine "
       "tmp_pack_open other && touch -d '2 days ago' tmp_pack_old");
    FILE *open = fopen("r/.git/objects/pack/tmp_pack_open", "w");
    commit_clean(&f->arena, &r, "unroot/x", now - 60);
    assert_false(exists("r/.git/refs/heads/unroot/x.lock"));
    assert_true(exists("r/.git/refs/heads/unroot/y.lock"));
    assert_false(exists("r/.git/objects/pack/tmp_pack_mine"));
    assert_false(exists("r/.git/objects/pack/tmp_idx_mine"));
    assert_true(exists("r/.git/objects/pack/tmp_pack_open"));
    assert_true(exists("r/.git/objects/pack/tmp_pack_old"));
    assert_true(exists("r/.git/objects/pack/other"));
    fclose(open);
}

static void people(void **state)
{
    static const char *const good[] = {"A <b>", "A B <a@b.c>", "\xc3\x9c <x@y>"};
    static const char *const bad[] = {
        "",          "A",         "<a@b>",     "A<a@b>",  "A <a@b> ",   "A <>",    "A <a b>",
        "A\n <a@b>", "A <a@b\n>", "A > <a@b>", "A <a<b>", "\xff <a@b>", "A <a@b>>"};
    (void)state;
    for (size_t i = 0; i < sizeof good / sizeof *good; i++)
        assert_true(commit_is_person(str_of(good[i])));
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
        if (commit_is_person(str_of(bad[i])))
            fail_msg("'%s' was taken", bad[i]);
}

int main(void)
{
    const struct CMUnitTest tests[] = {TEST(a_new_branch_and_again),
                                       TEST(somebody_elses_commits_stay),
                                       TEST(joined),
                                       TEST(odd_paths),
                                       TEST(what_git_says_is_told),
                                       TEST(left_overs_go_and_nothing_else),
                                       TEST(people)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
