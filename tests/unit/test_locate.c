/*
 * Which file of the build context lies at a path of the image. Each row is a Dockerfile, a path,
 * and what is found there: "context:PATH", "text", "nowhere", "unknown", with the mode behind it
 * where one is asked for.
 */
#include "tests/support/tree.h"
#include "tests/support/units.h"

#include "unit/locate.h"

static const struct tree_file files[] = {
    {"app/index.js", "index", 0, 0},
    {"app/lib/util.js", "util", 0, 0},
    {"bin/run.sh", "#!/bin/sh\n", 0755, 0},
    {"code.tar.gz", "tar", 0, 0},
    {"key.pem", "key", 0600, 0},
    {"link.sh", NULL, 0, UR_ENTRY_LINK},
    {"package.json", "{}", 0, 0},
    {"start.sh", "#!/bin/sh\n", 0644, 0},
    {NULL, NULL, 0, 0},
};

static const struct {
    const char *source, *path, *want;
} rows[] = {
    {"FROM a\nCOPY start.sh /s.sh", "/s.sh", "context:start.sh"},
    {"FROM a\nCOPY start.sh /s.sh", "/start.sh", "nowhere"},
    {"FROM a\nCOPY start.sh /", "/start.sh", "context:start.sh"},
    {"FROM a\nWORKDIR /w\nCOPY start.sh .", "/w/start.sh", "context:start.sh"},
    {"FROM a\nWORKDIR /w\nCOPY ./bin/run.sh start.sh x/", "/w/x/run.sh", "context:bin/run.sh"},
    {"FROM a\nWORKDIR /w\nCOPY . .", "/w/app/lib/util.js", "context:app/lib/util.js"},
    {"FROM a\nWORKDIR /w\nCOPY app .", "/w/lib/util.js", "context:app/lib/util.js"},
    {"FROM a\nWORKDIR /w\nCOPY app .", "/w/app/index.js", "nowhere"},
    {"FROM a\nCOPY *.json s*.sh /w/", "/w/package.json", "context:package.json"},
    {"FROM a\nCOPY *.sh /w/", "/w/package.json", "unknown"}, /* a link may be one to a folder */
    {"FROM a\nCOPY app/l* /w/", "/w/util.js", "context:app/lib/util.js"},
    {"FROM a\nCOPY */*.js /w/", "/w/index.js", "unknown"},
    {"FROM a\nCOPY ../start.sh /x/", "/x/start.sh", "context:start.sh"},
    {"FROM a\nCOPY link.sh /x/", "/x/link.sh", "unknown"},
    {"FROM a\nADD code.tar.gz /x/", "/x/start.sh", "unknown"},
    {"FROM a\nCOPY code.tar.gz /x/", "/x/start.sh", "nowhere"},
    {"FROM a\nADD https://example.org/start.sh /x/", "/x/start.sh", "unknown"},
    {"FROM a\nCOPY $X /x/", "/x/start.sh", "unknown"},
    {"FROM scratch\nARG X=start.sh\nCOPY $X /x/", "/x/start.sh", "context:start.sh"},
    {"FROM a\nCOPY --exclude=*.js . /x/", "/x/start.sh", "unknown"},
    /* the last one decides */
    {"FROM a\nCOPY start.sh /s\nCOPY bin/run.sh /s", "/s", "context:bin/run.sh"},
    {"FROM a\nCOPY bin/run.sh /x/start.sh\nCOPY . /x", "/x/start.sh", "context:start.sh"},
    /* stages */
    {"FROM a AS b\nCOPY . /b\nFROM a\nCOPY --from=b /b/app /w", "/w/index.js",
     "context:app/index.js"},
    {"FROM a AS b\nCOPY . /b\nFROM a\nCOPY --from=b /b/start.sh /w/", "/w/start.sh",
     "context:start.sh"},
    {"FROM a AS b\nCOPY . /b\nFROM a\nCOPY --from=0 /b/start.sh /s", "/s", "context:start.sh"},
    {"FROM a AS b\nCOPY . /b\nFROM b\nRUN true", "/b/start.sh", "context:start.sh"},
    {"FROM a\nCOPY --from=other/image /b/start.sh /s", "/s", "unknown"},
    /* what RUN does to it */
    {"FROM a\nCOPY start.sh /s.sh\nRUN chmod +x /s.sh", "/s.sh", "context:start.sh 755"},
    {"FROM a\nCOPY start.sh /s.sh\nRUN chmod 700 /s.sh", "/s.sh", "context:start.sh 700"},
    {"FROM a\nCOPY key.pem /k", "/k", "context:key.pem 600"},
    {"FROM a\nCOPY --chmod=755 start.sh /s.sh", "/s.sh", "context:start.sh 755"},
    {"FROM a\nCOPY start.sh /s.sh\nRUN chmod u=rwx /s.sh", "/s.sh", "context:start.sh 0"},
    {"FROM a\nCOPY start.sh /s.sh\nRUN sed -i 's/\\r$//' /s.sh", "/s.sh", "context:start.sh"},
    {"FROM a\nCOPY start.sh /s.sh\nRUN sed -i 's/a/b/' /s.sh", "/s.sh", "context:start.sh edited"},
    {"FROM a\nCOPY start.sh /s.sh\nRUN echo x >> /s.sh", "/s.sh", "unknown"},
    {"FROM a\nCOPY start.sh /s.sh\nRUN ln -s /s.sh /usr/bin/s", "/usr/bin/s", "context:start.sh"},
    {"FROM a\nCOPY bin /t\nRUN mv /t/run.sh /usr/bin/", "/usr/bin/run.sh", "context:bin/run.sh"},
    {"FROM a\nCOPY . /t\nRUN cp /t/start.sh /go.sh", "/go.sh", "context:start.sh"},
    /* heredocs */
    {"FROM a\nCOPY <<EOF /s.sh\ntrue\nEOF\n", "/s.sh", "text"},
    {"FROM a\nCOPY <<'EOF' /s.sh\necho $1\nEOF\n", "/s.sh", "text"},
    {"FROM a\nCOPY <<EOF /s.sh\necho $1\nEOF\n", "/s.sh", "unknown"},
};

static struct str show(struct arena *a, const struct located *f, const char *want)
{
    static const char *const names[] = {"unknown", "nowhere", "context", "text"};
    struct str text = str_of(names[f->kind]);
    if (f->kind == LOCATED_CONTEXT)
        text = str_fmt(a, "context:%.*s", STR_ARG(f->path));
    if (f->edited)
        text = str_fmt(a, "%.*s edited", STR_ARG(text));
    if (strchr(want, ' ') && !f->edited)
        text = str_fmt(a, "%.*s %o", STR_ARG(text), f->mode);
    return text;
}

static void test_rows(void **state)
{
    (void)state;
    struct arena a = {0};
    struct ur_options *options = ur_options_new();
    struct ur_context outer = tree_context(files);
    for (size_t i = 0; i < COUNT(rows); i++) {
        struct unit *u = units_new(&a, options, rows[i].source);
        u->context = context_new(&a, &outer, STR(""));
        struct located f = locate_file(u, units_last_stage(u), str_of(rows[i].path));
        EQ_STR(show(&a, &f, rows[i].want), str_of(rows[i].want), rows[i].source);
    }
    ur_options_free(options);
    arena_release(&a);
}

static bool fits(struct arena *a, const struct ur_options *options, const char *source)
{
    struct ur_context outer = tree_context(files);
    struct unit *u = units_new(a, options, source);
    return locate_fits(u, context_new(a, &outer, STR("")));
}

static void test_fits(void **state)
{
    (void)state;
    struct arena a = {0};
    struct ur_options *options = ur_options_new();
    assert_true(fits(&a, options, "FROM a\nCOPY . /x"));
    assert_true(fits(&a, options, "FROM a\nCOPY start.sh app /x/"));
    assert_true(fits(&a, options, "FROM a\nADD https://example.org/y *.none /x/"));
    assert_false(fits(&a, options, "FROM a\nCOPY stop.sh /x"));
    assert_false(fits(&a, options, "FROM a AS b\nCOPY src /x\nFROM b"));
    assert_true(fits(&a, options, "FROM a AS b\nFROM a\nCOPY --from=b /none /x"));
    ur_options_free(options);
    arena_release(&a);
}

/* A chain of stages that copy from each other must come to an end. */
static void test_depth(void **state)
{
    (void)state;
    struct arena a = {0};
    struct ur_options *options = ur_options_new();
    struct ur_context outer = tree_context(files);
    struct str text = STR("FROM a AS s0\nCOPY . /x\n");
    for (int i = 1; i < 40; i++)
        text = str_fmt(&a, "%.*sFROM a AS s%d\nCOPY --from=s%d /x/start.sh /x/\n", STR_ARG(text), i,
                       i - 1);
    struct unit *u = units_new(&a, options, text.p);
    u->context = context_new(&a, &outer, STR(""));
    assert_int_equal(locate_file(u, units_last_stage(u), STR("/x/start.sh")).kind, LOCATED_UNKNOWN);
    ur_options_free(options);
    arena_release(&a);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_rows),
        cmocka_unit_test(test_fits),
        cmocka_unit_test(test_depth),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
