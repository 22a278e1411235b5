/* The command line: what is taken, what is refused, and in which words. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdlib.h>

#include "base/buf.h"
#include "cli/color.h"
#include "cli/help.h"
#include "cli/suggest.h"

enum {
    BATCH = GROUP_INPUT | GROUP_RULES | GROUP_IDENTITY | GROUP_FACTS | GROUP_FORMAT | GROUP_COLOR |
            GROUP_FILE | GROUP_BATCH | GROUP_REPORT
};

struct fixture {
    struct arena arena;
    struct options options;
};

static int setup(void **state)
{
    *state = calloc(1, sizeof(struct fixture));
    return *state ? 0 : -1;
}

static int teardown(void **state)
{
    struct fixture *f = *state;
    arena_release(&f->arena);
    free(f);
    return 0;
}

/* Parses blank-separated words; "_" stands for an empty one. */
static const char *parse_as(struct fixture *f, unsigned groups, const char *line)
{
    VEC(char *) args = {0};
    struct str rest = str_of(line), word;
    while (*line && str_split(&rest, ' ', &word))
        *vec_push(&f->arena, &args) = (char *)str_z(&f->arena, str_is(word, "_") ? STR("") : word);
    *vec_push(&f->arena, &args) = NULL;
    return options_parse(&f->arena, groups, args.v, &f->options);
}

static void assert_good(struct fixture *f, const char *line)
{
    const char *error = parse_as(f, BATCH, line);
    if (error)
        fail_msg("'%s': %s", line, error);
}

static void assert_bad(struct fixture *f, const char *line, const char *want)
{
    const char *error = parse_as(f, BATCH, line);
    if (!error)
        fail_msg("'%s' was taken", line);
    assert_string_equal(error, want);
}

static void assert_operands(struct fixture *f, const char *want)
{
    struct buf b = buf_in(&f->arena);
    VEC_EACH (o, &f->options.operands)
        buf_addf(&b, "%s%s", o == f->options.operands.v ? "" : " ", *o);
    assert_string_equal(buf_str(&b).p, want);
}

static void assert_engine(struct fixture *f, const char *want)
{
    struct buf b = buf_in(&f->arena);
    VEC_EACH (g, &f->options.engine)
        buf_addf(&b, "%s%s=%s", b.n ? " " : "", g->spec->name, g->value);
    assert_string_equal(buf_str(&b).p, want);
}

static void nothing(void **state)
{
    struct fixture *f = *state;
    assert_good(f, "");
    assert_operands(f, "");
    assert_engine(f, "");
    assert_null(f->options.format);
    assert_int_equal(f->options.jobs, 0);
    assert_int_equal(f->options.color, COLOR_AUTO);
    assert_false(f->options.quiet || f->options.verbose || f->options.help || f->options.null);
}

static void values_in_each_form(void **state)
{
    struct fixture *f = *state;
    assert_good(f, "--uid 5 --gid=6 -j3 -o out --color=never --format json");
    assert_engine(f, "uid=5 gid=6");
    assert_int_equal(f->options.jobs, 3);
    assert_string_equal(f->options.output, "out");
    assert_string_equal(f->options.format, "json");
    assert_int_equal(f->options.color, COLOR_NEVER);
    assert_good(f, "-j 256 --output=a=b --color always --format=text");
    assert_int_equal(f->options.jobs, 256);
    assert_string_equal(f->options.output, "a=b");
    assert_null(f->options.format);
    assert_int_equal(f->options.color, COLOR_ALWAYS);
    assert_good(f, "--user= --target --select");
    assert_engine(f, "user= target=--select");
}

static void letters_together(void **state)
{
    struct fixture *f = *state;
    assert_good(f, "-qj4 x");
    assert_true(f->options.quiet);
    assert_int_equal(f->options.jobs, 4);
    assert_operands(f, "x");
    assert_good(f, "-0qo out --files-from=-");
    assert_true(f->options.null && f->options.quiet);
    assert_string_equal(f->options.output, "out");
    assert_string_equal(f->options.files_from, "-");
}

static void operands_keep_their_order(void **state)
{
    struct fixture *f = *state;
    assert_good(f, "b -q a --uid 1 - c");
    assert_operands(f, "b a - c");
    assert_good(f, "a -- -q --nosuch -- b");
    assert_operands(f, "a -q --nosuch -- b");
    assert_false(f->options.quiet);
    assert_good(f, "_ x");
    assert_operands(f, " x");
}

static void flags_of_the_engine(void **state)
{
    struct fixture *f = *state;
    assert_good(f, "--unsafe-fixes --no-comments --create-user --no-create-user");
    assert_engine(f, "unsafe-fixes=true comments=false create-user=true create-user=false");
    assert_true(options_has(&f->options, options_find(STR("comments"))));
    assert_false(options_has(&f->options, options_find(STR("uid"))));
}

static void repeated_ones_add_up(void **state)
{
    struct fixture *f = *state;
    assert_good(f, "--facts a --facts=b --select x --select y,z");
    assert_int_equal(f->options.facts.n, 2);
    assert_string_equal(f->options.facts.v[1], "b");
    assert_engine(f, "select=x select=y,z");
}

static void unknown_ones(void **state)
{
    struct fixture *f = *state;
    assert_bad(f, "--nonsense", "unknown option '--nonsense'");
    assert_bad(f, "--formt json", "unknown option '--formt' (did you mean '--format'?)");
    assert_bad(f, "--selcet=x", "unknown option '--selcet' (did you mean '--select'?)");
    assert_bad(f, "--no-unsafe-fix",
               "unknown option '--no-unsafe-fix' (did you mean "
               "'--no-unsafe-fixes'?)");
    assert_bad(f, "-Z", "unknown option '-Z'");
    assert_bad(f, "-qZ", "unknown option '-Z'");
    assert_bad(f, "--a\x1b[31m", "unknown option '--a?[31m'");
    assert_bad(f, "--=x", "unknown option '--'");
}

/* Or a script breaks on the day when a second option begins like that. */
static void beginnings_are_not_enough(void **state)
{
    struct fixture *f = *state;
    assert_bad(f, "--unsafe", "unknown option '--unsafe' (did you mean '--unsafe-fixes'?)");
    assert_bad(f, "--forma=json", "unknown option '--forma' (did you mean '--format'?)");
    assert_bad(f, "--forma json", "unknown option '--forma' (did you mean '--format'?)");
    assert_bad(f, "--c", "unknown option '--c'");
    assert_bad(f, "--files", "unknown option '--files' (did you mean '--files-from'?)");
    assert_bad(f, "--qui -q", "unknown option '--qui' (did you mean '--quiet'?)");
}

static void values_where_they_belong(void **state)
{
    struct fixture *f = *state;
    assert_bad(f, "--uid", "option '--uid' needs a value");
    assert_bad(f, "-j", "option '-j' needs a value");
    assert_bad(f, "-qj", "option '-j' needs a value");
    assert_bad(f, "--quiet=yes", "option '--quiet' takes no value");
    assert_bad(f, "--no-comments=1", "option '--no-comments' takes no value");
    assert_bad(f, "--format pdf",
               "option '--format' takes text, github, gitlab, html, json, markdown, pull-request "
               "or sarif, not 'pdf'");
    assert_bad(f, "--color=", "option '--color' takes auto, always or never, not ''");
    assert_bad(f, "--id-style both", "option '--id-style' takes number or name, not 'both'");
    assert_bad(f, "--ports stay", "option '--ports' takes move or keep, not 'stay'");
    assert_bad(f, "--profile Strict", "option '--profile' takes default or strict, not 'Strict'");
    assert_bad(f, "-j 0", "option '--jobs' takes a number from 1 to 256, not '0'");
    assert_bad(f, "-j 257", "option '--jobs' takes a number from 1 to 256, not '257'");
    assert_bad(f, "-j -1", "option '--jobs' takes a number from 1 to 256, not '-1'");
    assert_bad(f, "-j 1x", "option '--jobs' takes a number from 1 to 256, not '1x'");
}

static void reports(void **state)
{
    struct fixture *f = *state;
    assert_good(f, "--report a.html --report x --report-format gitlab --report b.sarif");
    assert_int_equal(f->options.reports.n, 3);
    assert_string_equal(f->options.reports.v[0].format, "html");
    assert_string_equal(f->options.reports.v[1].file, "x");
    assert_string_equal(f->options.reports.v[1].format, "gitlab");
    assert_string_equal(f->options.reports.v[2].format, "sarif");
    assert_good(f, "--report a.json --report-format text");
    assert_string_equal(f->options.reports.v[0].format, "text");
    assert_bad(f, "--report a.pdf",
               "the name 'a.pdf' does not tell the format of the report: say it with "
               "--report-format behind it");
    assert_bad(f, "--report-format html", "option '--report-format' belongs behind a --report");
    assert_bad(f, "--report a.md --report a.md", "two reports can't go to 'a.md'");
    assert_bad(f, "--report a.md -o a.md", "'a.md' can't be the output and a report");
    assert_bad(f, "--report -",
               "option '--report' takes the name of a file; --format is for standard output");
    assert_string_equal(parse_as(f, GROUP_PARSE, "--report a.md"), "unknown option '--report'");
}

static void contradictions(void **state)
{
    struct fixture *f = *state;
    assert_bad(f, "-0", "option '-0' belongs to --files-from or --repos");
    assert_bad(f, "-q -v", "options '-q' and '-v' contradict each other");
}

/* A command that does not know an option refuses it. */
static void groups_are_kept_apart(void **state)
{
    struct fixture *f = *state;
    static const char *const later[] = {"--kubernetes", "--branch=x"};
    assert_string_equal(parse_as(f, GROUP_PARSE, "--uid 1"), "unknown option '--uid'");
    assert_string_equal(parse_as(f, GROUP_PARSE, "-q"), "unknown option '-q'");
    assert_null(parse_as(f, GROUP_PARSE, "--print x"));
    assert_string_equal(parse_as(f, BATCH, "--print"), "unknown option '--print'");
    assert_null(parse_as(f, 0, "--help"));
    assert_true(f->options.help);
    for (size_t i = 0; i < sizeof later / sizeof *later; i++)
        assert_non_null(parse_as(f, BATCH, later[i]));
}

static void the_table_is_sound(void **state)
{
    (void)state;
    struct options_table t = options_all();
    VEC_EACH (a, &t) {
        assert_non_null(a->help);
        assert_true(!a->negatable || !a->value);
        assert_true(!a->config || a->id == OPTION_ENGINE);
        VEC_EACH (b, &t) {
            assert_true(a == b || strcmp(a->name, b->name) != 0 || a->group != b->group);
            assert_true(a == b || !a->letter || a->letter != b->letter);
        }
    }
}

static void keys_of_the_configuration(void **state)
{
    (void)state;
    assert_string_equal(options_find_key(STR("select"))->name, "select");
    assert_string_equal(options_find_key(STR("ignore-rules"))->name, "ignore");
    assert_null(options_find_key(STR("ignore")));
    assert_null(options_find_key(STR("color")));
    assert_null(options_find_key(STR("nosuch")));
}

static void nearest_words(void **state)
{
    struct fixture *f = *state;
    static const char *const words[] = {"diff", "fix", "check", "explain"};
    static const char *const cases[][2] = {
        {"dif", "diff"},        {"fxi", "fix"}, {"chekc", "check"}, {"exp", "explain"},
        {"explane", "explain"}, {"src", ""},    {"f", ""},          {"Dockerfile", ""}};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct suggest s = suggest_for(str_of(cases[i][0]));
        for (size_t k = 0; k < sizeof words / sizeof *words; k++)
            suggest_try(&s, words[k]);
        assert_string_equal(s.best ? s.best : "", cases[i][1]);
    }
    struct suggest none = suggest_for(STR("zzzzz"));
    assert_string_equal(suggest_text(&none, &f->arena, "--"), "");
}

static void help_stays_within_the_line(void **state)
{
    struct fixture *f = *state;
    for (size_t i = 0; i <= command_count; i++) {
        struct str text = i < command_count ? help_command(&f->arena, command_registry[i])
                                            : help_program(&f->arena);
        struct str line;
        assert_true(str_ends(text, STR("\n")));
        while (str_split(&text, '\n', &line)) {
            if (line.n > 80)
                fail_msg("%.*s", STR_ARG(line));
            assert_false(str_ends(line, STR(" ")));
        }
    }
}

static void patches_in_colour(void **state)
{
    struct fixture *f = *state;
    struct color on = {.on = true}, off = {0}, safe = {.safe = true};
    struct str patch = STR("--- a/x\n+++ b/x\n@@ -1,3 +1,3 @@ FROM\n a\n--- b\n+++ c\n d\r\n"
                           "\\ No newline at end of file\n");
    assert_ptr_equal(color_patch(&f->arena, off, patch).p, patch.p);
    assert_string_equal(color_patch(&f->arena, on, patch).p,
                        "\x1b[1m--- a/x\x1b[m\n\x1b[1m+++ b/x\x1b[m\n"
                        "\x1b[36m@@ -1,3 +1,3 @@ FROM\x1b[m\n a\n\x1b[31m--- b\x1b[m\n"
                        "\x1b[32m+++ c\x1b[m\n d\r\n\\ No newline at end of file\n");
    assert_string_equal(
        color_patch(&f->arena, safe, STR("@@ -1 +1 @@\n-a\x1b[2J\tb\xff\n+\xc3\xa9\r\n")).p,
        "@@ -1 +1 @@\n-a?[2J\tb?\n+\xc3\xa9\r\n");
}

static void findings_in_colour(void **state)
{
    struct fixture *f = *state;
    struct color on = {.on = true};
    assert_string_equal(color_findings(&f->arena, on, STR("a:1:1: error: x\na: safe\n")).p,
                        "a:1:1: \x1b[31merror\x1b[m: x\na: safe\n");
}

int main(void)
{
#define TEST(f) cmocka_unit_test_setup_teardown(f, setup, teardown)
    const struct CMUnitTest tests[] = {
        TEST(nothing),
        TEST(values_in_each_form),
        TEST(letters_together),
        TEST(operands_keep_their_order),
        TEST(flags_of_the_engine),
        TEST(repeated_ones_add_up),
        TEST(unknown_ones),
        TEST(beginnings_are_not_enough),
        TEST(values_where_they_belong),
        TEST(reports),
        TEST(contradictions),
        TEST(groups_are_kept_apart),
        TEST(the_table_is_sound),
        TEST(keys_of_the_configuration),
        TEST(nearest_words),
        TEST(help_stays_within_the_line),
        TEST(patches_in_colour),
        TEST(findings_in_colour),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
