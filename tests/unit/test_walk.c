/* What counts in a folder, with and without git, hostile trees, and how paths are written. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/buf.h"
#include "repo/walk.h"

struct fixture {
    struct arena arena;
    char dir[64];
    char real[4096];
    char back[4096];
    struct walk walk;
};

static int setup(void **state)
{
    struct fixture *f = calloc(1, sizeof *f);
    strcpy(f->dir, "/tmp/unroot-walk-XXXXXX");
    if (!getcwd(f->back, sizeof f->back) || !mkdtemp(f->dir) || chdir(f->dir) ||
        !getcwd(f->real, sizeof f->real))
        return -1;
    setenv("GIT_CONFIG_GLOBAL", "/dev/null", 1);
    setenv("GIT_CONFIG_NOSYSTEM", "1", 1);
    f->walk.arena = &f->arena;
    *state = f;
    return 0;
}

static int teardown(void **state)
{
    struct fixture *f = *state;
    char command[256];
    snprintf(command, sizeof command, "chmod -R u+rwx %s; rm -rf %s", f->dir, f->dir);
    int failed = chdir(f->back) || system(command);
    arena_release(&f->arena);
    free(f);
    return failed;
}

/* Makes the file and the folders above it. */
static void put(const char *path)
{
    char copy[512];
    snprintf(copy, sizeof copy, "%s", path);
    for (char *slash = copy + 1; (slash = strchr(slash, '/')); slash++) {
        *slash = 0;
        mkdir(copy, 0777);
        *slash = '/';
    }
    int fd = open(path, O_WRONLY | O_CREAT, 0666);
    assert_true(fd >= 0);
    close(fd);
}

static void sh(const char *command)
{
    assert_int_equal(system(command), 0);
}

/* Walks the arguments (blank-separated) and compares "path path …". */
static void assert_found(struct fixture *f, const char *args, const char *want)
{
    struct buf got = buf_in(&f->arena);
    struct str rest = str_of(args), arg;
    f->walk = (struct walk){.arena = &f->arena};
    while (str_split(&rest, ' ', &arg))
        walk_add(&f->walk, str_z(&f->arena, arg));
    walk_finish(&f->walk);
    VEC_EACH (in, &f->walk.inputs)
        buf_addf(&got, "%s%s", got.n ? " " : "", in->path);
    assert_string_equal(buf_str(&got).p, want);
}

static void assert_skipped(struct fixture *f, const char *want)
{
    struct buf got = buf_in(&f->arena);
    VEC_EACH (s, &f->walk.skipped)
        buf_addf(&got, "%s%s: %s", got.n ? "; " : "", s->path, s->why);
    assert_string_equal(buf_str(&got).p, want);
}

static void assert_clean(struct fixture *f)
{
    assert_int_equal(f->walk.errors.n, 0);
    assert_int_equal(f->walk.notes.n, 0);
}

static void names_that_count(void **state)
{
    (void)state;
    static const struct {
        const char *name;
        enum walk_name want;
    } cases[] = {
        {"Dockerfile", WALK_DOCKERFILE},
        {"Containerfile", WALK_DOCKERFILE},
        {"Dockerfile.prod", WALK_DOCKERFILE},
        {"api.Dockerfile", WALK_DOCKERFILE},
        {"api.dockerfile", WALK_DOCKERFILE},
        {"api.Containerfile", WALK_DOCKERFILE},
        {".Dockerfile", WALK_DOCKERFILE},
        {"Dockerfile.dockerignore", WALK_OTHER},
        {"api.Dockerfile.dockerignore", WALK_OTHER},
        {".dockerignore", WALK_OTHER},
        {"Dockerfile.j2", WALK_TEMPLATE},
        {"Dockerfile.prod.tmpl", WALK_TEMPLATE},
        {"api.Dockerfile.erb", WALK_TEMPLATE},
        {"Containerfile.tpl", WALK_TEMPLATE},
        {"nginx.conf.j2", WALK_OTHER},
        {".j2", WALK_OTHER},
        {"j2", WALK_OTHER},
        {"dockerfile", WALK_OTHER},
        {"Dockerfile-prod", WALK_OTHER},
        {"MyDockerfile", WALK_OTHER},
        {"Dockerfiles", WALK_OTHER},
        {"Dockerfile~", WALK_OTHER},
        {"dockerfile.c", WALK_OTHER},
        {"", WALK_OTHER},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        if (walk_name_of(str_of(cases[i].name)) != cases[i].want)
            fail_msg("%s", cases[i].name);
}

static void paths_are_cleaned(void **state)
{
    struct fixture *f = *state;
    static const char *const cases[][2] = {
        {".", "."},           {"./", "."},          {"./.", "."},       {"a", "a"},
        {"./a", "a"},         {"././a//b/", "a/b"}, {"a/./b", "a/b"},   {"../a", "../a"},
        {"a/../b", "a/../b"}, {"/", "/"},           {"//a", "/a"},      {"/w/x", "x"},
        {"/w", "."},          {"/w/", "."},         {"/ww/x", "/ww/x"}, {".a", ".a"},
        {"a/..b", "a/..b"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        assert_string_equal(walk_clean(&f->arena, cases[i][0], "/w"), cases[i][1]);
    assert_string_equal(walk_clean(&f->arena, "/w/x", NULL), "/w/x");
    assert_string_equal(walk_clean(&f->arena, "/w/x", "/"), "/w/x");
}

static void plain_folder(void **state)
{
    struct fixture *f = *state;
    put("Dockerfile");
    put("b/Dockerfile");
    put("b/a/x.dockerfile");
    put("a.b/Containerfile");
    put("b/other.txt");
    put("node_modules/x/Dockerfile");
    put("b/vendor/Dockerfile");
    put(".venv/Dockerfile");
    put("b/target/Dockerfile");
    put("a/Dockerfile.j2");
    assert_found(f, ".", "Dockerfile a.b/Containerfile b/Dockerfile b/a/x.dockerfile");
    assert_clean(f);
    assert_skipped(f, "a/Dockerfile.j2: a template");
    assert_found(f, "b", "b/Dockerfile b/a/x.dockerfile");
    assert_found(f, "./b/", "b/Dockerfile b/a/x.dockerfile");
    assert_found(f, "node_modules", "node_modules/x/Dockerfile");
    assert_found(f, "b a.b b", "a.b/Containerfile b/Dockerfile b/a/x.dockerfile");
}

static void absolute_paths_become_relative(void **state)
{
    struct fixture *f = *state;
    put("b/Dockerfile");
    assert_found(f, f->real, "b/Dockerfile");
    assert_found(f, str_fmt(&f->arena, "%s/b", f->real).p, "b/Dockerfile");
    assert_found(f, str_fmt(&f->arena, "%s/b/Dockerfile", f->real).p, "b/Dockerfile");
    assert_int_equal(chdir("b"), 0);
    assert_found(f, "..", "../b/Dockerfile");
    assert_found(f, f->real, str_fmt(&f->arena, "%s/b/Dockerfile", f->real).p);
}

static void named_files_always_count(void **state)
{
    struct fixture *f = *state;
    put("odd.txt");
    put("x/Dockerfile.j2");
    assert_found(f, "odd.txt x/Dockerfile.j2", "odd.txt x/Dockerfile.j2");
    assert_true(f->walk.inputs.v[0].named);
    /* Whether it exists shows when it is read. */
    assert_found(f, "nosuch", "nosuch");
    assert_found(f, "", "");
    assert_string_equal(f->walk.errors.v[0], "cannot read '': an empty path");
}

static void the_same_file_once(void **state)
{
    struct fixture *f = *state;
    put("a/Dockerfile");
    assert_int_equal(symlink("a", "l"), 0);
    assert_int_equal(link("a/Dockerfile", "a/Dockerfile.hard"), 0);
    assert_found(f, "a/Dockerfile ./a//Dockerfile a a/../a/Dockerfile",
                 "a/Dockerfile a/Dockerfile.hard");
    assert_found(f, "l/Dockerfile a/Dockerfile", "l/Dockerfile");
    assert_found(f, "nosuch nosuch other", "nosuch other");
    assert_found(f, "no/such no/such", "no/such");
    assert_found(f, "- - a", "- a/Dockerfile a/Dockerfile.hard");
}

static void links_are_not_followed(void **state)
{
    struct fixture *f = *state;
    put("real/Dockerfile");
    put("top/x/Dockerfile");
    assert_int_equal(symlink("../real", "top/l"), 0);
    assert_int_equal(symlink("../../real/Dockerfile", "top/x/Dockerfile.l"), 0);
    assert_int_equal(symlink("nosuch", "top/Dockerfile"), 0);
    assert_int_equal(symlink("..", "top/x/loop"), 0);
    assert_found(f, "top", "top/x/Dockerfile");
    assert_clean(f);
    assert_skipped(f, "top/Dockerfile: is a symbolic link, and links are not followed; "
                      "top/x/Dockerfile.l: is a symbolic link, and links are not followed");
    /* A link to a folder is refused when it is read, unless a slash says that it is meant. */
    assert_found(f, "top/l", "top/l");
    struct io_file out;
    struct io_error e = io_read(&f->arena, walk_io_path(&f->walk.inputs.v[0]), 100, &out);
    assert_int_equal(e.status, IO_NOT_REGULAR);
    assert_found(f, "top/l/", "top/l/Dockerfile");
    assert_null(io_read(&f->arena, walk_io_path(&f->walk.inputs.v[0]), 100, &out).message);
}

static void odd_files_are_skipped(void **state)
{
    struct fixture *f = *state;
    assert_int_equal(mkfifo("Dockerfile", 0666), 0);
    assert_int_equal(mkdir("Dockerfile.d", 0777), 0);
    put("Dockerfile.d/Dockerfile");
    put("Dockerfile.\xff\x01");
    assert_found(f, ".", "Dockerfile.d/Dockerfile Dockerfile.\xff\x01");
    assert_skipped(f, "Dockerfile: is a named pipe");
}

static void nothing_found_is_noted(void **state)
{
    struct fixture *f = *state;
    assert_int_equal(mkdir("empty", 0777), 0);
    assert_found(f, "empty", "");
    assert_int_equal(f->walk.errors.n, 0);
    assert_string_equal(f->walk.notes.v[0], "no Dockerfile found in 'empty'");
}

static void deep_trees_end(void **state)
{
    struct fixture *f = *state;
    int fd = open(".", O_RDONLY | O_DIRECTORY);
    char name[201];
    memset(name, 'd', 200);
    name[200] = 0;
    for (int i = 0; i < 300; i++) {
        assert_int_equal(mkdirat(fd, name, 0777), 0);
        int next = openat(fd, name, O_RDONLY | O_DIRECTORY);
        close(fd);
        fd = next;
        if (i == 60)
            close(openat(fd, "Dockerfile", O_WRONLY | O_CREAT, 0666));
    }
    close(fd);
    f->walk = (struct walk){.arena = &f->arena};
    walk_add(&f->walk, ".");
    walk_finish(&f->walk);
    /* Longer than any path the system takes at once, and readable all the same. */
    assert_int_equal(f->walk.inputs.n, 1);
    assert_true(strlen(f->walk.inputs.v[0].path) > 12000);
    struct io_file out;
    assert_null(io_read(&f->arena, walk_io_path(&f->walk.inputs.v[0]), 100, &out).message);
    assert_int_equal(f->walk.errors.n, 1);
    assert_non_null(strstr(f->walk.errors.v[0], "nested too deeply"));
}

static void lists(void **state)
{
    struct fixture *f = *state;
    put("a b/Dockerfile");
    put("c");
    put("-");
    walk_add_list(&f->walk, STR("a b\n\nc\n-\n"), '\n');
    walk_finish(&f->walk);
    assert_int_equal(f->walk.inputs.n, 3);
    assert_string_equal(f->walk.inputs.v[0].path, "-");
    assert_false(f->walk.inputs.v[0].standard_input);
    assert_string_equal(f->walk.inputs.v[1].path, "a b/Dockerfile");
    f->walk = (struct walk){.arena = &f->arena};
    walk_add_list(&f->walk, STR("c\0x\ny\0"), 0);
    walk_finish(&f->walk);
    assert_int_equal(f->walk.inputs.n, 2);
    assert_string_equal(f->walk.inputs.v[1].path, "x\ny");
    f->walk = (struct walk){.arena = &f->arena};
    walk_add_list(&f->walk, STR("c\0x\n"), '\n');
    assert_int_equal(f->walk.errors.n, 1);
}

/* ---- git ---- */

static void git_decides_what_counts(void **state)
{
    struct fixture *f = *state;
    put("Dockerfile");
    put("vendor/Dockerfile");
    put("ignored/Dockerfile");
    put("new/Dockerfile");
    put("gone/Dockerfile");
    put("tracked-though-ignored/Dockerfile");
    put("t/Dockerfile.tmpl");
    sh("git init -q . && printf 'ignored/\\ntracked-though-ignored/\\n' >.gitignore && "
       "git add Dockerfile vendor gone && git add -f tracked-though-ignored && rm -r gone && "
       "ln -s Dockerfile Dockerfile.l && git add Dockerfile.l");
    assert_found(f, ".",
                 "Dockerfile new/Dockerfile tracked-though-ignored/Dockerfile vendor/Dockerfile");
    assert_clean(f);
    assert_skipped(f, "Dockerfile.l: is a symbolic link, and links are not followed; "
                      "t/Dockerfile.tmpl: a template");
    assert_found(f, "vendor new", "new/Dockerfile vendor/Dockerfile");
    assert_found(f, "ignored/Dockerfile", "ignored/Dockerfile");
    assert_int_equal(chdir("vendor"), 0);
    assert_found(f, ".", "Dockerfile");
    assert_found(f, "..",
                 "../Dockerfile ../new/Dockerfile "
                 "../tracked-though-ignored/Dockerfile ../vendor/Dockerfile");
}

static void a_tracked_folder_that_became_a_link(void **state)
{
    struct fixture *f = *state;
    put("d/Dockerfile");
    put("e/Dockerfile");
    sh("git init -q . && git add d && mv d x && ln -s e d");
    assert_found(f, ".", "e/Dockerfile x/Dockerfile");
    assert_clean(f);
}

static void conflicts_are_listed_once(void **state)
{
    struct fixture *f = *state;
    sh("git init -q . && git config user.email a@b.c && git config user.name a && "
       "echo 1 >Dockerfile && git add . && git commit -qm 1 && git checkout -qb other && "
       "echo 2 >Dockerfile && git commit -qam 2 && git checkout -q - && "
       "echo 3 >Dockerfile && git commit -qam 3 && ! git merge -q other >/dev/null 2>&1");
    assert_found(f, ".", "Dockerfile");
}

static void submodules_are_left_out(void **state)
{
    struct fixture *f = *state;
    put("sub/Dockerfile");
    put("Dockerfile");
    sh("cd sub && git init -q . && git config user.email a@b.c && git config user.name a && "
       "git add . && git commit -qm 1 && cd .. && git init -q . && "
       "git -c advice.addEmbeddedRepo=false add sub 2>/dev/null");
    assert_found(f, ".", "Dockerfile");
    assert_clean(f);
    assert_found(f, "sub", "sub/Dockerfile");
}

static void a_folder_of_clones(void **state)
{
    struct fixture *f = *state;
    put("one/Dockerfile");
    put("one/ignored/Dockerfile");
    put("two/x/Dockerfile");
    put("plain/vendor/Dockerfile");
    put("plain/Dockerfile");
    sh("git init -q one && echo ignored >one/.gitignore && git init -q two");
    assert_found(f, ".", "one/Dockerfile plain/Dockerfile two/x/Dockerfile");
    assert_clean(f);
}

static void a_broken_repository_is_searched_plainly(void **state)
{
    struct fixture *f = *state;
    put("Dockerfile");
    put("vendor/Dockerfile");
    put(".git/Dockerfile");
    assert_found(f, ".", "Dockerfile");
    assert_int_equal(f->walk.errors.n, 0);
    assert_int_equal(f->walk.notes.n, 1);
    assert_non_null(strstr(f->walk.notes.v[0], "'.': git refuses it: fatal: "));
}

static void a_strangers_repository_is_searched_plainly(void **state)
{
    struct fixture *f = *state;
    if (geteuid() != 0)
        skip();
    put("Dockerfile");
    put("ignored/Dockerfile");
    sh("git init -q . && echo ignored >.gitignore && chown -R 1234:1234 .");
    assert_found(f, ".", "Dockerfile ignored/Dockerfile");
    assert_string_equal(f->walk.notes.v[0],
                        "'.': git refuses it: its owner is somebody else (git's safe.directory "
                        "allows it); searching it without git's ignore rules");
}

static void without_git_the_search_is_plain(void **state)
{
    struct fixture *f = *state;
    put("ignored/Dockerfile");
    put("git");
    sh("git init -q . && echo ignored >.gitignore && chmod +x git");
    const char *path = str_z(&f->arena, str_of(getenv("PATH")));
    /* Neither "." nor the empty folder is searched for git. */
    setenv("PATH", ".::relative", 1);
    assert_found(f, ".", "ignored/Dockerfile");
    setenv("PATH", path, 1);
    assert_string_equal(f->walk.notes.v[0], "'.': git can't be run: it is not installed; "
                                            "searching it without git's ignore rules");
}

/* A hook calls us with GIT_DIR and GIT_INDEX_FILE of its own repository. */
static void foreign_git_variables_are_dropped(void **state)
{
    struct fixture *f = *state;
    put("Dockerfile");
    put("i/Dockerfile");
    sh("git init -q . && echo i >.gitignore");
    setenv("GIT_DIR", "/nonexistent", 1);
    setenv("GIT_INDEX_FILE", "/nonexistent", 1);
    setenv("GIT_WORK_TREE", "/", 1);
    assert_found(f, ".", "Dockerfile");
    unsetenv("GIT_DIR");
    unsetenv("GIT_INDEX_FILE");
    unsetenv("GIT_WORK_TREE");
    assert_clean(f);
}

static void the_repository_runs_nothing(void **state)
{
    struct fixture *f = *state;
    put("Dockerfile");
    sh("git init -q . && git add . && printf '#!/bin/sh\\ntouch ran\\n' >evil && chmod +x evil && "
       "git config core.fsmonitor ./evil && git config core.pager ./evil && "
       "git config core.hooksPath . && cp evil .git/hooks/post-index-change && "
       "git config core.sshCommand ./evil && rm -f ran");
    assert_found(f, ".", "Dockerfile");
    assert_int_equal(access("ran", F_OK), -1);
}

int main(void)
{
#define TEST(f) cmocka_unit_test_setup_teardown(f, setup, teardown)
    const struct CMUnitTest tests[] = {
        TEST(names_that_count),
        TEST(paths_are_cleaned),
        TEST(plain_folder),
        TEST(absolute_paths_become_relative),
        TEST(named_files_always_count),
        TEST(the_same_file_once),
        TEST(links_are_not_followed),
        TEST(odd_files_are_skipped),
        TEST(nothing_found_is_noted),
        TEST(deep_trees_end),
        TEST(lists),
        TEST(git_decides_what_counts),
        TEST(a_tracked_folder_that_became_a_link),
        TEST(conflicts_are_listed_once),
        TEST(submodules_are_left_out),
        TEST(a_folder_of_clones),
        TEST(a_broken_repository_is_searched_plainly),
        TEST(a_strangers_repository_is_searched_plainly),
        TEST(without_git_the_search_is_plain),
        TEST(foreign_git_variables_are_dropped),
        TEST(the_repository_runs_nothing),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
