/* Which .unroot.yaml holds for a file, and what may stand in it. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/buf.h"
#include "cli/config.h"

struct fixture {
    struct arena arena;
    char dir[64];
    char back[4096];
    struct options options;
    struct cli cli;
    struct configs configs;
    struct walk walk;
    bool begun;
};

static int setup(void **state)
{
    struct fixture *f = calloc(1, sizeof *f);
    strcpy(f->dir, "/tmp/unroot-config-XXXXXX");
    if (!getcwd(f->back, sizeof f->back) || !mkdtemp(f->dir) || chdir(f->dir))
        return -1;
    f->cli = (struct cli){.arena = &f->arena, .options = &f->options};
    *state = f;
    return 0;
}

static int teardown(void **state)
{
    struct fixture *f = *state;
    char command[128];
    if (f->begun)
        configs_release(&f->configs);
    snprintf(command, sizeof command, "rm -rf %s", f->dir);
    int failed = chdir(f->back) || system(command);
    arena_release(&f->arena);
    free(f);
    return failed;
}

/* Makes the file and the folders above it. */
static void put(const char *path, const char *text)
{
    char copy[512];
    snprintf(copy, sizeof copy, "%s", path);
    for (char *slash = copy + 1; (slash = strchr(slash, '/')); slash++) {
        *slash = 0;
        mkdir(copy, 0777);
        *slash = '/';
    }
    FILE *file = fopen(path, "w");
    assert_non_null(file);
    fputs(text, file);
    fclose(file);
}

/* Starts with the options that are set, and walks one path. */
static void begin(struct fixture *f, const char *path)
{
    if (f->begun)
        configs_release(&f->configs);
    f->begun = true;
    assert_null(configs_init(&f->configs, &f->cli));
    f->walk = (struct walk){.arena = &f->arena};
    walk_add(&f->walk, path);
    walk_finish(&f->walk);
}

static struct config *config_of(struct fixture *f, const char *input)
{
    VEC_EACH (in, &f->walk.inputs)
        if (strcmp(in->path, input) == 0)
            return configs_find(&f->configs, in);
    fail_msg("no '%s'", input);
    return NULL;
}

static void assert_config(struct fixture *f, const char *input, const char *want)
{
    struct config *c = config_of(f, input);
    if (c->error)
        fail_msg("%s: %s", input, c->error);
    assert_string_equal(c->path ? c->path : "", want);
    assert_non_null(c->options);
}

/* The error of a configuration with this text. */
static void assert_error(struct fixture *f, const char *yaml, const char *want)
{
    put(".unroot.yaml", yaml);
    put("Dockerfile", "FROM x\n");
    begin(f, "Dockerfile");
    struct config *c = config_of(f, "Dockerfile");
    if (!c->error)
        fail_msg("taken: %s", yaml);
    assert_string_equal(c->error, want);
    assert_null(c->options);
}

static void assert_taken(struct fixture *f, const char *yaml)
{
    put(".unroot.yaml", yaml);
    put("Dockerfile", "FROM x\n");
    begin(f, "Dockerfile");
    assert_config(f, "Dockerfile", ".unroot.yaml");
}

static void nearest_upward(void **state)
{
    struct fixture *f = *state;
    put("a/.git/HEAD", "");
    put("a/.unroot.yaml", "uid: 1000\n");
    put("a/Dockerfile", "");
    put("a/b/Dockerfile", "");
    put("a/b/c/.unroot.yaml", "");
    put("a/b/c/Dockerfile", "");
    put("a/b/c/d/Dockerfile", "");
    put("a/b/e/Dockerfile", "");
    put("z/Dockerfile", "");
    begin(f, ".");
    assert_config(f, "a/Dockerfile", "a/.unroot.yaml");
    assert_config(f, "a/b/Dockerfile", "a/.unroot.yaml");
    assert_config(f, "a/b/c/Dockerfile", "a/b/c/.unroot.yaml");
    assert_config(f, "a/b/c/d/Dockerfile", "a/b/c/.unroot.yaml");
    assert_config(f, "a/b/e/Dockerfile", "a/.unroot.yaml");
    assert_config(f, "z/Dockerfile", "");
    assert_ptr_equal(config_of(f, "a/Dockerfile"), config_of(f, "a/b/e/Dockerfile"));
}

static void ends_at_the_repository(void **state)
{
    struct fixture *f = *state;
    put(".unroot.yaml", "");
    put("repo/.git/HEAD", "");
    put("repo/x/Dockerfile", "");
    put("plain/x/Dockerfile", "");
    begin(f, ".");
    assert_config(f, "repo/x/Dockerfile", "");
    assert_config(f, "plain/x/Dockerfile", ".unroot.yaml");
}

/* Somebody's file in a folder above, as /tmp, has no say. */
static void ends_at_the_working_directory(void **state)
{
    struct fixture *f = *state;
    put(".unroot.yaml", "");
    put("w/x/Dockerfile", "");
    put("v/x/Dockerfile", "");
    assert_int_equal(chdir("w"), 0);
    begin(f, "x");
    assert_config(f, "x/Dockerfile", "");
    begin(f, "x/Dockerfile");
    assert_config(f, "x/Dockerfile", "");
    begin(f, "../v");
    assert_config(f, "../v/x/Dockerfile", "");
    put("../v/.unroot.yaml", "");
    begin(f, "../v");
    assert_non_null(config_of(f, "../v/x/Dockerfile")->path);
    begin(f, "../v/x");
    assert_config(f, "../v/x/Dockerfile", "");
    begin(f, "-");
    assert_config(f, "-", "");
    put(".unroot.yaml", "");
    begin(f, "-");
    assert_config(f, "-", ".unroot.yaml");
}

static void found_above_the_working_directory(void **state)
{
    struct fixture *f = *state;
    put("r/.git/HEAD", "");
    put("r/.unroot.yaml", "ignore: [x/y]\n");
    put("r/x/y/Dockerfile", "");
    put("r/x/z/Dockerfile", "");
    assert_int_equal(chdir("r/x"), 0);
    begin(f, ".");
    assert_config(f, "y/Dockerfile", "../.unroot.yaml");
    struct config *c = config_of(f, "y/Dockerfile");
    assert_true(config_ignores(&f->configs, c, &f->walk.inputs.v[0]));
    assert_false(config_ignores(&f->configs, c, &f->walk.inputs.v[1]));
    begin(f, "y/Dockerfile");
    assert_false(config_ignores(&f->configs, c, &f->walk.inputs.v[0]));
}

static void what_may_stand_there(void **state)
{
    struct fixture *f = *state;
    assert_taken(f, "");
    assert_taken(f, "# nothing\n");
    assert_taken(f, "unsafe-fixes: true\nprofile: strict\nuser: app\nuid: 20000\ngid: 20000\n"
                    "create-user: false\nid-style: name\ncomments: true\ntarget: [a, b]\n"
                    "ignore: ['**/legacy/**', '*.old']\nignore-rules: copy-chown\n"
                    "select: [nonroot-user, numeric-user]\n");
    assert_taken(f, "ignore: legacy\n");
}

static void errors_have_a_place(void **state)
{
    struct fixture *f = *state;
    assert_error(f, "uid: 5\nunsafe_fixes: true\n",
                 ".unroot.yaml:2:1: unknown key 'unsafe_fixes' (did you mean 'unsafe-fixes'?)");
    assert_error(f, "color: never\n",
                 ".unroot.yaml:1:1: 'color' is an option of the command line only");
    assert_error(f, "nosuch: 1\n", ".unroot.yaml:1:1: unknown key 'nosuch'");
    assert_error(f, "ignore: ['ok', '!x']\n",
                 ".unroot.yaml:1:16: a pattern can't be negated: '!x'");
    assert_error(f, "facts: ../x\n",
                 ".unroot.yaml:1:8: facts are files or folders below the folder of this file");
    assert_error(f, "facts: /etc\n",
                 ".unroot.yaml:1:8: facts are files or folders below the folder of this file");
    assert_error(f, "facts: [a/../../x]\n",
                 ".unroot.yaml:1:9: facts are files or folders below the folder of this file");
    assert_error(f, "facts: nosuch.yaml\n",
                 "cannot read 'nosuch.yaml': No such file or directory (named in '.unroot.yaml')");
}

static bool has_place(const char *error, const char *place)
{
    return strncmp(error, place, strlen(place)) == 0;
}

static void errors_of_others_have_a_place(void **state)
{
    struct fixture *f = *state;
    static const char *const cases[][2] = {
        {"- a\n", ".unroot.yaml:1:1: "},
        {"uid: 1\nuid: 2\n", ".unroot.yaml:2:1: "},
        {"x: &a 1\n", ".unroot.yaml:1:"},
        {"uid: many\n", ".unroot.yaml:1:6: "},
        {"\ncomments: 'x'\n", ".unroot.yaml:2:11: "},
        {"profile: lax\n", ".unroot.yaml:1:10: "},
        {"user: [a]\n", ".unroot.yaml:1:7: "},
        {"ignore: {a: b}\n", ".unroot.yaml:1:9: "},
        {"a: [\n", ".unroot.yaml:"},
        {"select: nosuch\n", ".unroot.yaml:1:9: "},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        put(".unroot.yaml", cases[i][0]);
        put("Dockerfile", "FROM x\n");
        begin(f, "Dockerfile");
        struct config *c = config_of(f, "Dockerfile");
        if (!c->error || !has_place(c->error, cases[i][1]))
            fail_msg("%s: %s", cases[i][0], c->error ? c->error : "taken");
    }
}

static void only_a_plain_file(void **state)
{
    struct fixture *f = *state;
    put("real.yaml", "");
    put("Dockerfile", "");
    assert_int_equal(symlink("real.yaml", ".unroot.yaml"), 0);
    begin(f, "Dockerfile");
    assert_string_equal(
        config_of(f, "Dockerfile")->error,
        "cannot read '.unroot.yaml': is a symbolic link, and links are not followed");
    assert_int_equal(unlink(".unroot.yaml"), 0);
    assert_int_equal(mkfifo(".unroot.yaml", 0666), 0);
    begin(f, "Dockerfile");
    assert_non_null(config_of(f, "Dockerfile")->error);
}

/* What the file has and the command line has, too, is not even looked at for the engine. */
static void the_command_line_wins(void **state)
{
    struct fixture *f = *state;
    put(".unroot.yaml", "uid: 1234567890123\n");
    put("Dockerfile", "");
    *vec_push(&f->arena, &f->options.engine) =
        (struct option_given){options_find(STR("uid")), "20000"};
    begin(f, "Dockerfile");
    assert_config(f, "Dockerfile", ".unroot.yaml");
}

static void facts_come_in_order(void **state)
{
    struct fixture *f = *state;
    put("facts/b.yaml", "images: [acme/b]\n");
    put("facts/a.yaml", "images: [acme/a]\n");
    put("facts/readme.md", "x: [\n");
    put("own.yaml", "images: [acme/c]\nuser: app\n");
    put(".unroot.yaml", "facts: [facts, own.yaml]\n");
    put("Dockerfile", "");
    begin(f, "Dockerfile");
    assert_config(f, "Dockerfile", ".unroot.yaml");
    struct config *c = config_of(f, "Dockerfile");
    assert_int_equal(c->own_facts.files.n, 3);
    assert_string_equal(c->own_facts.files.v[0].label, "facts/a.yaml");
    assert_string_equal(c->own_facts.files.v[1].label, "facts/b.yaml");
    assert_string_equal(c->own_facts.files.v[2].label, "own.yaml");
}

static void facts_that_lead_out(void **state)
{
    struct fixture *f = *state;
    put("out/x.yaml", "images: [acme/x]\n");
    put("r/.git/HEAD", "");
    put("r/.unroot.yaml", "facts: link/x.yaml\n");
    put("r/Dockerfile", "");
    assert_int_equal(symlink("../out", "r/link"), 0);
    begin(f, "r");
    const char *error = configs_find(&f->configs, &(struct walk_input){.path = "r/Dockerfile",
                                                                       .place = f->walk.last})
                            ->error;
    assert_non_null(error);
    assert_non_null(strstr(error, "r/link/x.yaml"));
}

static void bad_command_lines(void **state)
{
    struct fixture *f = *state;
    struct configs cs;
    mkdir("empty", 0777);
    *vec_push(&f->arena, &f->options.facts) = "empty";
    const char *error = configs_init(&cs, &f->cli);
    configs_release(&cs);
    assert_string_equal(error, "cannot read 'empty/': no *.yaml in it");
    f->options.facts.v[0] = "nosuch";
    error = configs_init(&cs, &f->cli);
    configs_release(&cs);
    assert_string_equal(error, "cannot read 'nosuch': No such file or directory");
    put("bad.yaml", "images: [x\n");
    f->options.facts.v[0] = "bad.yaml";
    error = configs_init(&cs, &f->cli);
    configs_release(&cs);
    assert_true(has_place(error, "bad.yaml:"));
}

int main(void)
{
#define TEST(f) cmocka_unit_test_setup_teardown(f, setup, teardown)
    const struct CMUnitTest tests[] = {
        TEST(nearest_upward),
        TEST(ends_at_the_repository),
        TEST(ends_at_the_working_directory),
        TEST(found_above_the_working_directory),
        TEST(what_may_stand_there),
        TEST(errors_have_a_place),
        TEST(errors_of_others_have_a_place),
        TEST(only_a_plain_file),
        TEST(the_command_line_wins),
        TEST(facts_come_in_order),
        TEST(facts_that_lead_out),
        TEST(bad_command_lines),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
