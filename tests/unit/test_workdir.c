#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "verify/workdir.h"

static void shell(const char *command)
{
    if (system(command) != 0)
        fail_msg("failed: %s", command);
}

/* A tree with everything that a context may hold, and more. */
static const char *make_tree(struct arena *a)
{
    char *top = (char *)str_fmt(a, "/tmp/unroot-tree-XXXXXX").p;
    assert_non_null(mkdtemp(top));
    shell(str_fmt(a,
                  "cd %s && mkdir -p a/b closed .git && echo one >a/one && echo two >a/b/two && "
                  "chmod 640 a/one && chmod 755 a/b/two && ln -s /etc/passwd a/link && ln -s b "
                  "a/folder && mkfifo a/pipe && touch -d 2001-01-01 a/one a/b && echo k >.git/k && "
                  "echo \"odd name\" >\"a/o d d\" && chmod 700 closed",
                  top)
              .p);
    return top;
}

static bool skip_git(void *ctx, const char *path, bool folder)
{
    ++*(size_t *)ctx;
    return folder && strcmp(path, ".git") == 0;
}

static void a_copy_is_the_same(void **state)
{
    (void)state;
    struct arena a = {0};
    struct workdir w;
    size_t asked = 0;
    const char *tree = make_tree(&a);
    assert_null(workdir_make(&w, &a));
    const char *wrong = workdir_copy(&w, tree, strlen(tree), "copy", skip_git, &asked);
    if (wrong)
        fail_msg("%s", wrong);
    assert_true(asked > 5);
    shell(
        str_fmt(
            &a,
            "rm -r %s/.git && rm %s/a/pipe && cd %s && a=$(find . -printf '%%p %%m %%y %%l %%s\\n' | "
            "grep -v '^\\. ' | sort) && cd %s/copy && b=$(find . -printf '%%p %%m %%y %%l %%s\\n' | grep -v "
            "'^\\. ' | sort) && [ \"$a\" = \"$b\" ] && cmp %s/a/one a/one && "
            "[ $(stat -c %%Y a/one) = $(stat -c %%Y %s/a/one) ]",
            tree, tree, tree, w.path, tree, tree)
            .p);
    const char *path = w.path;
    assert_null(workdir_remove(&w));
    assert_int_equal(access(path, F_OK), -1);
    shell(str_fmt(&a, "[ -e /etc/passwd ] && rm -r %s", tree).p);
    arena_release(&a);
}

static void what_is_written(void **state)
{
    (void)state;
    struct arena a = {0};
    struct workdir w;
    struct stat st;
    assert_null(workdir_make(&w, &a));
    assert_int_equal(stat(w.path, &st), 0);
    assert_int_equal(st.st_mode & 0777, 0700);
    assert_null(workdir_write(&w, "a/b/c", STR("old bytes")));
    assert_non_null(workdir_write(&w, "a/b/c", STR("again")));
    shell(str_fmt(&a, "chmod 751 %s/a/b/c", w.path).p);
    assert_null(workdir_replace(&w, "a/b/c", STR("new")));
    shell(str_fmt(&a, "[ \"$(cat %s/a/b/c)\" = new ] && [ $(stat -c %%a %s/a/b/c) = 751 ]", w.path,
                  w.path)
              .p);
    assert_non_null(workdir_replace(&w, "none", STR("x")));
    /* nothing is written through a link */
    shell(
        str_fmt(&a, "cd %s && echo safe >target && ln -s target link && ln -s a/b away", w.path).p);
    assert_non_null(workdir_replace(&w, "link", STR("x")));
    assert_non_null(workdir_replace(&w, "away/c", STR("x")));
    shell(str_fmt(&a, "[ \"$(cat %s/target)\" = safe ]", w.path).p);
    assert_null(workdir_remove(&w));
    assert_null(workdir_remove(&w));
    arena_release(&a);
}

static void what_can_not_be_copied(void **state)
{
    (void)state;
    struct arena a = {0};
    struct workdir w;
    const char *tree = make_tree(&a);
    assert_null(workdir_make(&w, &a));
    assert_non_null(workdir_copy(&w, "/nonexistent/x", 0, "copy", NULL, NULL));
    /* a link in the part of the path that was not named is not followed */
    const char *through = str_fmt(&a, "%s/a/folder", tree).p;
    assert_non_null(workdir_copy(&w, through, strlen(tree) + 1, "copy2", NULL, NULL));
    shell(str_fmt(&a, "cd %s && for i in $(seq 120); do mkdir d && cd d; done", tree).p);
    assert_non_null(workdir_copy(&w, tree, strlen(tree), "deep", NULL, NULL));
    assert_null(workdir_remove(&w));
    shell(str_fmt(&a, "rm -r %s", tree).p);
    arena_release(&a);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_copy_is_the_same),
        cmocka_unit_test(what_is_written),
        cmocka_unit_test(what_can_not_be_copied),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
