/*
 * The engine over build contexts in memory: what a Dockerfile alone can't show, and what only a
 * hostile tree has.
 */
#include "tests/support/tree.h"
#include "tests/support/unit.h"

#include "context/context.h"

static struct ur_result *rewrite(const struct tree_file *files, const char *source)
{
    static struct ur_options *options;
    struct ur_context context = tree_context(files);
    struct ur_build build = {.contexts = &context, .context_count = 1};
    if (!options) {
        options = ur_options_new();
        ur_options_seal(options);
    }
    return ur_rewrite_in(options, &build, "Dockerfile", source, strlen(source));
}

static void is_answer(const struct tree_file *files, const char *source, enum ur_answer answer,
                      const char *reason)
{
    struct ur_result *r = rewrite(files, source);
    if (ur_result_answer(r) != answer || !str_eq(str_of(ur_result_reason(r)), str_of(reason)))
        fail_msg("%s\nis %s (%s)", source, ur_answer_name(ur_result_answer(r)),
                 ur_result_reason(r) ? ur_result_reason(r) : "-");
    ur_result_free(r);
}

/* COPY keeps modes: what lands in a system path stays root's, and closed. */
static void test_modes(void **state)
{
    (void)state;
    static const struct tree_file files[] = {
        {"conf/open.ini", "x", 0644, 0},
        {"conf/service.ini", "x", 0600, 0},
        {"main.py", "x", 0600, 0},
        {"open.ini", "x", 0640, 0},
        {"start.sh", "#!/bin/sh\nexec python main.py\n", 0700, 0},
        {NULL, NULL, 0, 0},
    };
    static const char head[] = "FROM python:3.13\nWORKDIR /app\nCOPY main.py .\n";
    static const struct {
        const char *step, *reason;
        enum ur_answer answer;
    } rows[] = {
        {"CMD [\"python\", \"main.py\"]", NULL, UR_SAFE}, /* given to the user */
        {"COPY open.ini /etc/\nCMD [\"python\", \"main.py\"]", "private-files", UR_REVIEW},
        {"COPY open.ini /etc/x.ini\nCMD [\"python\", \"main.py\"]", "private-files", UR_REVIEW},
        {"COPY conf /etc/service\nCMD [\"python\", \"main.py\"]", "private-files", UR_REVIEW},
        {"COPY open.ini /etc/\nRUN chmod 644 /etc/open.ini\nCMD [\"python\", \"main.py\"]", NULL,
         UR_SAFE},
        {"COPY --chmod=644 open.ini /etc/\nCMD [\"python\", \"main.py\"]", NULL, UR_SAFE},
        {"COPY start.sh /usr/local/bin/\nCMD [\"start.sh\"]", "private-files", UR_REVIEW},
        {"COPY start.sh /usr/local/bin/\nRUN chmod 755 /usr/local/bin/start.sh\nCMD [\"start.sh\"]",
         NULL, UR_SAFE},
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        char source[500];
        snprintf(source, sizeof source, "%s%s\n", head, rows[i].step);
        is_answer(files, source, rows[i].answer, rows[i].reason);
    }
}

/* A script that runs itself, scripts that run each other, one that sources itself. */
static void test_circles(void **state)
{
    (void)state;
    static const struct tree_file files[] = {
        {"a.sh", "#!/bin/sh\nexec /b.sh \"$@\"\n", 0755, 0},
        {"b.sh", "#!/bin/sh\nexec /a.sh \"$@\"\n", 0755, 0},
        {"package.json", "{\"scripts\": {\"start\": \"npm start && npm start\"}}", 0, 0},
        {"self.sh", "#!/bin/sh\n. /self.sh\nexec /self.sh\n", 0755, 0},
        {NULL, NULL, 0, 0},
    };
    is_answer(files, "FROM node:24\nCOPY *.sh /\nWORKDIR /app\nCMD [\"/a.sh\", \"x\"]\n",
              UR_REFUSED, "entrypoint-opaque");
    is_answer(files, "FROM node:24\nCOPY *.sh /\nWORKDIR /app\nCMD [\"/self.sh\"]\n", UR_REFUSED,
              "entrypoint-opaque");
    is_answer(files, "FROM node:24\nWORKDIR /app\nCOPY . .\nCMD [\"npm\", \"start\"]\n", UR_REFUSED,
              "entrypoint-opaque");
}

/* Scripts that start themselves over and over, in every line. */
static void test_many(void **state)
{
    (void)state;
    static char script[20000], json[20000];
    struct tree_file files[] = {
        {"again.sh", script, 0755, 0}, {"package.json", json, 0, 0}, {NULL, NULL, 0, 0}};
    int n = snprintf(script, sizeof script, "#!/bin/sh\n"), k;
    while (n < 19000)
        n += snprintf(script + n, sizeof script - (size_t)n, "/again.sh \"$@\"\n");
    for (k = snprintf(json, sizeof json, "{\"scripts\": {\"start\": \""); k < 19000;)
        k += snprintf(json + k, sizeof json - (size_t)k, "npm start & ");
    snprintf(json + k, sizeof json - (size_t)k, "true\"}}");
    is_answer(files, "FROM node:24\nCOPY *.sh /\nWORKDIR /app\nCMD [\"/again.sh\", \"x\"]\n",
              UR_REFUSED, "entrypoint-opaque");
    is_answer(files, "FROM node:24\nWORKDIR /app\nCOPY . .\nCMD [\"npm\", \"start\"]\n", UR_REFUSED,
              "entrypoint-opaque");
}

static enum ur_entry any_look(void *ctx, const char *path, unsigned *mode, size_t *size)
{
    ++*(size_t *)ctx;
    *mode = 0644;
    *size = 10;
    return strchr(path, '.') ? UR_ENTRY_FILE : UR_ENTRY_FOLDER;
}

static int any_read(void *ctx, const char *path, size_t cap, const char **bytes, size_t *size)
{
    static char text[CONTEXT_FILE_MAX];
    (void)path;
    ++*(size_t *)ctx;
    memset(text, 'x', sizeof text);
    *bytes = text;
    *size = cap;
    return 0;
}

static int any_list(void *ctx, const char *path, void (*each)(void *, const char *), void *each_ctx)
{
    char name[20];
    (void)path;
    for (int i = 0; i < 100000; i++) {
        ++*(size_t *)ctx;
        snprintf(name, sizeof name, "f%d", i);
        each(each_ctx, name);
    }
    return 0;
}

/* A tree without an end costs little. */
static void test_endless(void **state)
{
    (void)state;
    size_t calls = 0;
    struct arena a = {0};
    struct ur_context outer = {&calls, "", any_look, any_read, any_list};
    struct context *c = context_new(&a, &outer, STR(""));
    assert_false(context_list(c, STR(""))->complete);
    for (int i = 0; i < 50000; i++)
        context_look(c, str_fmt(&a, "d%d/x.y", i));
    assert_true(calls < 200000);
    assert_int_equal(context_look(c, STR("late.txt"))->kind, UR_ENTRY_UNKNOWN);
    assert_null(context_read(c, STR("late.txt")).p);
    arena_release(&a);
}

/* What was changed is seen by who asks later, and by a second look; not by the first one's owner.
 */
static void test_overlay(void **state)
{
    (void)state;
    static const struct tree_file files[] = {{"a.conf", "listen 80;", 0, 0}, {NULL, NULL, 0, 0}};
    struct arena a = {0};
    struct ur_context outer = tree_context(files);
    struct context *c = context_new(&a, &outer, STR(""));
    EQ(context_read(c, STR("a.conf")), "listen 80;");
    context_write(c, STR("a.conf"), STR("listen 8080;"));
    EQ(context_read(c, STR("a.conf")), "listen 8080;");
    struct context *again = context_again(&a, c);
    EQ(context_read(again, STR("a.conf")), "listen 8080;");
    context_write(again, STR("a.conf"), STR("listen 9;"));
    EQ(context_read(c, STR("a.conf")), "listen 8080;");
    arena_release(&a);
}

static void test_clean(void **state)
{
    (void)state;
    struct arena a = {0};
    EQ(context_clean(&a, STR("a/./b//c/")), "a/b/c");
    EQ(context_clean(&a, STR("/a/../b")), "b");
    EQ(context_clean(&a, STR("../../x")), "x");
    EQ(context_clean(&a, STR(".")), "");
    EQ(context_clean(&a, STR("")), "");
    arena_release(&a);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_modes),   cmocka_unit_test(test_circles),
        cmocka_unit_test(test_many),    cmocka_unit_test(test_endless),
        cmocka_unit_test(test_overlay), cmocka_unit_test(test_clean),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
