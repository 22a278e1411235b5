/* BuildKit's second layer, in its words; and the lint rules that a rewrite could trip. */
#include "tests/support/unit.h"

#include "base/buf.h"
#include "dockerfile/check.h"

static struct arena arena;

static int teardown(void **state)
{
    (void)state;
    arena_release(&arena);
    return 0;
}

static struct df_list *parse(const char *source)
{
    struct df_list *list;
    struct df_error error;
    if (!df_parse(&arena, str_of(source), &list, &error))
        fail_msg("%s\n%s", source, error.message);
    return list;
}

static void accepted(const char *source)
{
    struct df_error error;
    if (!df_check(parse(source), &error))
        fail_msg("%s\nrefused: %u: %s", source, error.line, error.message);
}

static void refused(const char *source, unsigned line, const char *message)
{
    struct df_error error = {0};
    if (df_check(parse(source), &error))
        fail_msg("accepted: %s", source);
    EQ_STR(str_of(error.message), str_of(message), source);
    assert_int_equal(error.line, line);
    assert_true(error.column > 0);
}

/* Instructions behind FROM, in line 2. */
static void good(const char *line)
{
    accepted(str_fmt(&arena, "FROM a\n%s\n", line).p);
}

static void bad(const char *line, const char *message)
{
    refused(str_fmt(&arena, "FROM a\n%s\n", line).p, 2, message);
}

static void test_stages(void **state)
{
    (void)state;
    accepted("ARG A\nARG B=1\nFROM a\n");
    accepted("FROM a AS b\nFROM b as c1.x-y_z\nFROM --platform=$X c1\n");
    refused("ARG A\n", 1, "dockerfile contains no stages to build");
    refused("ARG A\nRUN x\nFROM a\n", 2, "no build stage in current context");
    refused("FROM a b\n", 1, "FROM requires either one or three arguments");
    refused("FROM a IS b\n", 1, "FROM requires either one or three arguments");
    refused("FROM a AS b c\n", 1, "FROM requires either one or three arguments");
    refused("FROM\n", 1, "FROM requires either one or three arguments");
    refused(
        "FROM a AS 1b\n", 1,
        "invalid name for build stage: \"1b\", name can't start with a number or contain symbols");
    refused(
        "FROM a AS a@b\n", 1,
        "invalid name for build stage: \"a@b\", name can't start with a number or contain symbols");
    refused(
        "FROM a AS a[b\n", 1,
        "invalid name for build stage: \"a[b\", name can't start with a number or contain symbols");
    accepted("FROM a AS aZ9.-_\n");
}

static void test_unknown_instructions(void **state)
{
    (void)state;
    bad("RUNS x", "unknown instruction: RUNS");
    bad("\xC2\xA0\\", "unknown instruction: ");
    refused("FROM a\n\n\nEOF\n", 4, "unknown instruction: EOF");
    refused("FROM a\nRUN\xE2\x80\xAEx y\n", 2,
            "unknown instruction: RUN?x"); /* nothing to turn a terminal */
}

static void test_flags(void **state)
{
    (void)state;
    good("RUN --mount=a --mount=b --network=host --security=insecure --device=x y");
    good("COPY --from=a --chown=b --chmod=c --link --parents=TRUE --exclude=x --exclude=y d e");
    good("ADD --checksum=x --keep-git-dir=false --unpack --link=true a b");
    good("HEALTHCHECK --interval=1s --timeout=1s --start-period=1s --start-interval=1s --retries=3 "
         "CMD x");
    bad("RUN --mounts=x y", "unknown flag: --mounts");
    bad("RUN --Mount=x y", "unknown flag: --Mount");
    bad("COPY --chown a b", "missing a value on flag: --chown");
    bad("COPY --link= a b", "missing a value on flag: --link");
    bad("COPY --link=yes a b", "expecting boolean value for flag --link, not: yes");
    bad("COPY --chown=a --chown=b c d", "duplicate flag specified: --chown");
    bad("COPY --link --link c d", "duplicate flag specified: --link");
    bad("COPY --from=x --link --chown=a --link c d", "duplicate flag specified: --link");
    bad("HEALTHCHECK --retries=1 --timeout=1s --retries=2 CMD x",
        "duplicate flag specified: --retries");
    bad("COPY --unpack a b", "unknown flag: --unpack");
    bad("CMD --help", "unknown flag: --help");
    bad("USER --x a", "unknown flag: --x");
    bad("RUN --network=x y", "invalid network mode \"x\"");
    bad("RUN --security=x y", "security \"x\" is not valid");
    good("ARG --x a"); /* never looked at */
    good("STOPSIGNAL --x 9");
    good("HEALTHCHECK --x NONE");
    good("COPY --chown= a b"); /* a value, an empty one */
}

static void test_counts(void **state)
{
    (void)state;
    bad("COPY a", "COPY requires at least two arguments, but only one was provided. Destination "
                  "could not be determined");
    bad("ADD", "ADD requires at least two arguments, but only one was provided. Destination could "
               "not be determined");
    bad("COPY a <<E\nE", "COPY cannot accept a heredoc as a destination");
    bad("USER", "USER requires exactly one argument");
    bad("WORKDIR", "WORKDIR requires exactly one argument");
    bad("STOPSIGNAL", "STOPSIGNAL requires exactly one argument");
    bad("MAINTAINER", "MAINTAINER requires exactly one argument");
    bad("EXPOSE", "EXPOSE requires at least one argument");
    bad("ENV", "ENV requires at least one argument");
    bad("LABEL", "LABEL requires at least one argument");
    bad("ENV =x", "ENV names can not be blank");
    bad("ENV a=b =x", "ENV names can not be blank");
    bad("ARG", "ARG requires at least one argument");
    bad("ARG a =b", "ARG names can not be blank");
    bad("VOLUME", "VOLUME requires at least one argument");
    bad("VOLUME [\"/a\", \" \"]", "VOLUME specified can not be an empty string");
    bad("VOLUME []", "VOLUME requires at least one argument");
    bad("SHELL", "SHELL requires at least one argument");
    bad("SHELL /bin/sh", "SHELL requires the arguments to be in JSON form");
    good("SHELL [\"/bin/bash\", \"-c\"]");
    good("CMD");
    good("ENTRYPOINT []");
    good("VOLUME /a /b");
    good("VOLUME [\"/a\", \"/b\"]");
    good("MAINTAINER x");
    good("WORKDIR /a b");
    good("ENV a=b c=");
    good("LABEL a b");
    good("ARG a b=c");
    good("EXPOSE 80");
    good("STOPSIGNAL 9");
    good("USER a b c");
    good("RUN");
}

static void test_healthcheck_and_onbuild(void **state)
{
    (void)state;
    bad("HEALTHCHECK", "HEALTHCHECK requires at least one argument");
    bad("HEALTHCHECK none x", "HEALTHCHECK NONE takes no arguments");
    bad("HEALTHCHECK CMD", "Missing command after HEALTHCHECK CMD");
    bad("HEALTHCHECK RUN x", "Unknown type \"RUN\" in HEALTHCHECK (try CMD)");
    good("HEALTHCHECK cmd x");
    bad("ONBUILD", "ONBUILD requires at least one argument");
    bad("ONBUILD ONBUILD RUN x", "Chaining ONBUILD via `ONBUILD ONBUILD` isn't allowed");
    bad("ONBUILD FROM x", "FROM isn't allowed as an ONBUILD trigger");
    bad("ONBUILD maintainer x", "MAINTAINER isn't allowed as an ONBUILD trigger");
    good("ONBUILD USER app");
    good("ONBUILD NOSUCH x"); /* fails when it is triggered */
}

/* ---- lint ----------------------------------------------------------------------------------- */

/* The rule that `now` trips and `before` does not; "" when there is none. */
static const char *worse(const char *before, const char *now)
{
    struct df_lint was = df_lint(parse(before)), is = df_lint(parse(now));
    const char *rule = "";
    bool yes = df_lint_worse(&was, &is, &rule);
    assert_int_equal(yes, *rule != '\0');
    return rule;
}

static void test_lint_rules(void **state)
{
    (void)state;
    static const struct {
        const char *now, *rule;
    } rows[] = {
        {"FROM a\nrun b\nRUN c\n", "ConsistentInstructionCasing"},
        {"FROM a\nRun b\n", "ConsistentInstructionCasing"},
        {"FROM a\nRUN b \\\n\n c\n", "NoEmptyContinuation"},
        {"FROM a\nCMD b\n", "JSONArgsRecommended"},
        {"FROM a\nENTRYPOINT b\n", "JSONArgsRecommended"},
        {"FROM a\nMAINTAINER b\n", "MaintainerDeprecated"},
        {"FROM a\nWORKDIR b\n", "WorkdirRelativePath"},
        {"FROM a\nCMD [\"b\"]\nCMD [\"c\"]\n", "MultipleInstructionsDisallowed"},
        {"FROM a\nHEALTHCHECK NONE\nHEALTHCHECK NONE\n", "MultipleInstructionsDisallowed"},
        {"FROM a\nENTRYPOINT [\"b\"]\nENTRYPOINT [\"b\"]\n", "MultipleInstructionsDisallowed"},
        {"FROM a\nENV b c\n", "LegacyKeyValueFormat"},
        {"FROM a\nLABEL b c\n", "LegacyKeyValueFormat"},
        {"FROM a AS B\n", "StageNameCasing"},
        {"FROM a as b\n", "FromAsCasing"},
        {"from a AS b\n", "FromAsCasing"},
        {"FROM a\nRUN b\nCMD [\"c\"]\nWORKDIR /d\nENV e=f\nUSER 1:1\nENTRYPOINT []\nWORKDIR $X\n",
         ""},
        {"from a as b\nrun c\n", ""},
        {"FROM a AS b\nCMD [\"c\"]\nFROM b\nCMD [\"c\"]\n", ""}, /* once a stage */
    };
    for (size_t i = 0; i < COUNT(rows); i++)
        EQ_STR(str_of(worse("FROM a\n", rows[i].now)), str_of(rows[i].rule), rows[i].now);
}

static void test_lint_counts(void **state)
{
    (void)state;
    struct df_lint l = df_lint(parse(
        "FROM a AS B\nrun b\nRun c\nRUN d \\\n\n e\nRUN d \\\n\n e\nMAINTAINER f\nMAINTAINER g\n"
        "CMD h\nCMD i\nCMD j\nENTRYPOINT k\nENTRYPOINT l\nHEALTHCHECK NONE\nHEALTHCHECK NONE\n"
        "ENV m n\nLABEL o p\nWORKDIR q\nWORKDIR r\nFROM s as T\nFROM u as v\n"));
    assert_int_equal(l.instruction_casing, 2);
    assert_int_equal(l.empty_continuation, 2);
    assert_int_equal(l.json_args, 5);
    assert_int_equal(l.maintainer, 2);
    assert_int_equal(l.workdir_relative, 2);
    assert_int_equal(l.multiple_instructions, 4);
    assert_int_equal(l.legacy_key_value, 2);
    assert_int_equal(l.stage_name_casing, 2);
    assert_int_equal(l.from_as_casing, 2);
    l = df_lint(parse("FROM a\nrun b\n")); /* a tie: one of them is wrong */
    assert_int_equal(l.instruction_casing, 1);
    /* what was there before is no reason to refuse */
    EQ_STR(str_of(worse("FROM a\nCMD b\n", "FROM a\nUSER 1\nCMD b\n")), STR(""),
           "as many as before");
    EQ_STR(str_of(worse("FROM a\nCMD b\n", "FROM a\nCMD b\nCMD c\n")), STR("JSONArgsRecommended"),
           "one more");
    EQ_STR(str_of(worse("FROM a\nCMD b\nMAINTAINER c\n", "FROM a\n")), STR(""), "fewer");
    EQ_STR(str_of(worse("from a\nrun b\n", "from a\nUSER 1\nrun b\n")),
           STR("ConsistentInstructionCasing"), "the minority");
    EQ_STR(str_of(worse("from a\nrun b\n", "from a\nuser 1\nrun b\n")), STR(""), "the majority");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_stages),
        cmocka_unit_test(test_unknown_instructions),
        cmocka_unit_test(test_flags),
        cmocka_unit_test(test_counts),
        cmocka_unit_test(test_healthcheck_and_onbuild),
        cmocka_unit_test(test_lint_rules),
        cmocka_unit_test(test_lint_counts),
    };
    return cmocka_run_group_tests(tests, NULL, teardown);
}
