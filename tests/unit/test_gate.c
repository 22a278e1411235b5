/*
 * The gate by itself: old bytes, new bytes, declared changes, built by hand. Whatever was not
 * declared is refused, whatever was declared and not made is refused, too.
 */
#include "tests/support/unit.h"

#include "engine/gate.h"

static struct arena arena;

static int teardown(void **state)
{
    (void)state;
    arena_release(&arena);
    return 0;
}

static const char *gate(struct str was, struct str now, const struct delta *deltas, size_t n)
{
    struct df_list *list;
    struct df_error error;
    if (!df_parse(&arena, was, &list, &error))
        fail_msg("%s", error.message);
    return gate_check(&arena, list, now, deltas, n);
}

static void passes_at(struct str was, struct str now, const struct delta *deltas, size_t n,
                      int line)
{
    const char *wrong = gate(was, now, deltas, n);
    if (wrong)
        fail_msg("line %d is refused: %s", line, wrong);
}

static void refused_at(struct str was, struct str now, const struct delta *deltas, size_t n,
                       const char *why, int line)
{
    const char *wrong = gate(was, now, deltas, n);
    if (!wrong)
        fail_msg("line %d is let through", line);
    if (!str_has(str_of(wrong), why))
        fail_msg("line %d: '%s' has no '%s'", line, wrong, why);
}

#define DELTAS(...)                                                                                \
    ((const struct delta[]){__VA_ARGS__}),                                                         \
        sizeof((const struct delta[]){__VA_ARGS__}) / sizeof(struct delta)
#define NONE NULL, 0
#define PASSES(was, now, ...) passes_at(STR(was), STR(now), __VA_ARGS__, __LINE__)
#define REFUSED(was, now, why, ...) refused_at(STR(was), STR(now), __VA_ARGS__, why, __LINE__)

#define INSERT(after, words)                                                                       \
    {                                                                                              \
        .kind = DELTA_INSERT, .ordinal = (after), .text = STR(words)                               \
    }
#define NOTED(after, words, note)                                                                  \
    {                                                                                              \
        .kind = DELTA_INSERT, .ordinal = (after), .text = STR(words), .comment = STR(note)         \
    }
#define FLAG(which, flag, value)                                                                   \
    {                                                                                              \
        .kind = DELTA_FLAG, .ordinal = (which), .name = (flag), .text = STR(value)                 \
    }
#define ARGS(which, words)                                                                         \
    {                                                                                              \
        .kind = DELTA_ARGS, .ordinal = (which), .text = STR(words)                                 \
    }
#define ARGS_NOTED(which, words, note)                                                             \
    {                                                                                              \
        .kind = DELTA_ARGS, .ordinal = (which), .text = STR(words), .comment = STR(note)           \
    }
#define WORD(which, place, words)                                                                  \
    {                                                                                              \
        .kind = DELTA_WORD, .ordinal = (which), .at = (place), .text = STR(words)                  \
    }

#define PORT(which, place, was, now)                                                               \
    {                                                                                              \
        .kind = DELTA_PORT, .ordinal = (which), .at = (place), .old = STR(was), .text = STR(now)   \
    }

static void test_ports(void **state)
{
    (void)state;
    PASSES("FROM a\nEXPOSE 80 443\n", "FROM a\nEXPOSE 8080 8443\n",
           DELTAS(PORT(1, 3, "443", "8443"), PORT(1, 0, "80", "8080")));
    PASSES("FROM a\nEXPOSE \\\n  80\n", "FROM a\nEXPOSE \\\n  8080\n",
           DELTAS(PORT(1, 0, "80", "8080")));
    PASSES("FROM a\nCMD [\"x\", \":80\"]\n", "FROM a\nCMD [\"x\", \":8080\"]\n",
           DELTAS(PORT(1, 8, "80", "8080")));
    PASSES("FROM a\nHEALTHCHECK CMD curl localhost\n",
           "FROM a\nHEALTHCHECK CMD curl localhost:8080\n", DELTAS(PORT(1, 18, "", ":8080")));
    REFUSED("FROM a\nEXPOSE 80\n", "FROM a\nEXPOSE 8080\n", "changed", NONE);
    REFUSED("FROM a\nEXPOSE 80\n", "FROM a\nEXPOSE 8081\n", "arguments",
            DELTAS(PORT(1, 0, "80", "8080")));
    REFUSED("FROM a\nEXPOSE 80\n", "FROM a\nEXPOSE 80\n", "arguments",
            DELTAS(PORT(1, 0, "80", "8080")));
}

/* A port is a number, all of it, and becomes a number. */
static void test_no_ports(void **state)
{
    (void)state;
    REFUSED("FROM a\nCMD x\n", "FROM a\nCMD y\n", "arguments", DELTAS(PORT(1, 0, "x", "y")));
    REFUSED("FROM a\nEXPOSE 180\n", "FROM a\nEXPOSE 18080\n", "arguments",
            DELTAS(PORT(1, 1, "80", "8080")));
    REFUSED("FROM a\nEXPOSE 801\n", "FROM a\nEXPOSE 80801\n", "arguments",
            DELTAS(PORT(1, 0, "80", "8080")));
    REFUSED("FROM a\nEXPOSE 80\n", "FROM a\nEXPOSE 80800\n", "arguments",
            DELTAS(PORT(1, 0, "80", "80800")));
    REFUSED("FROM a\nEXPOSE 80\n", "FROM a\nEXPOSE 8080;rm\n", "arguments",
            DELTAS(PORT(1, 0, "80", "8080;rm")));
    REFUSED("FROM a\nEXPOSE 81\n", "FROM a\nEXPOSE 8080\n", "arguments",
            DELTAS(PORT(1, 0, "80", "8080")));
    REFUSED("FROM a\nCMD curl host\n", "FROM a\nCMD curl host8080\n", "arguments",
            DELTAS(PORT(1, 9, "", "8080")));
    REFUSED("FROM a\nCMD curl host:1\n", "FROM a\nCMD curl host:8080:1\n", "arguments",
            DELTAS(PORT(1, 9, "", ":8080")));
    REFUSED("FROM a\nCMD x\n", "FROM a\nCMD x:80\n", "arguments", DELTAS(PORT(1, 99, "", ":80")));
}

static void test_what_was_declared_passes(void **state)
{
    (void)state;
    PASSES("FROM a\nCMD b\n", "FROM a\nCMD b\n", NONE);
    PASSES("FROM a\nCMD b\n", "FROM a\nUSER 1\nCMD b\n", DELTAS(INSERT(0, "USER 1")));
    PASSES("FROM a\nCMD b\n", "FROM a\n# app\nUSER 1\n\nCMD b\n",
           DELTAS(NOTED(0, "USER 1", "app")));
    PASSES("from a\ncmd b\n", "from a\nuser 1\ncmd b\n", DELTAS(INSERT(0, "USER 1")));
    PASSES("FROM a\nCMD b\n", "ARG X\nFROM a\nCMD b\nUSER 1\n",
           DELTAS(INSERT(-1, "ARG X"), INSERT(1, "USER 1")));
    PASSES("FROM a\nCMD b\n", "FROM a\nRUN x \\\n    && y\nUSER 1\nCMD b\n",
           DELTAS(INSERT(0, "RUN x \\\n    && y"), INSERT(0, "USER 1")));
    PASSES("FROM a\nCOPY b c\n", "FROM a\nCOPY --chown=1:1 b c\n", DELTAS(FLAG(1, "chown", "1:1")));
    PASSES("FROM a\nCOPY --chown=x --link b c\n", "FROM a\nCOPY --chown=1:1 --link b c\n",
           DELTAS(FLAG(1, "chown", "1:1")));
    PASSES("FROM a\nUSER app\n", "FROM a\n# app\nUSER 1\n", DELTAS(ARGS_NOTED(1, "1", "app")));
    PASSES("FROM a\nRUN useradd app\n", "FROM a\nRUN useradd --uid 5 app\n",
           DELTAS(WORD(1, 7, " --uid 5")));
    PASSES("FROM a\nRUN useradd \\\n app\n", "FROM a\nRUN useradd --uid 5 \\\n app\n",
           DELTAS(WORD(1, 7, " --uid 5")));
    PASSES("# escape=`\nFROM a\nRUN x\n", "# escape=`\nFROM a\nRUN x\nRUN y `\n  z\n",
           DELTAS(INSERT(1, "RUN y `\n  z")));
}

static void test_line_ends(void **state)
{
    (void)state;
    PASSES("FROM a\r\nCMD b\r\n", "FROM a\r\nUSER 1\r\nCMD b\r\n", DELTAS(INSERT(0, "USER 1")));
    PASSES("FROM a", "FROM a\nUSER 1", DELTAS(INSERT(0, "USER 1")));
    PASSES("FROM a\nRUN b", "FROM a\nRUN b\nUSER 1\n", DELTAS(INSERT(1, "USER 1")));
    REFUSED("FROM a\r\nRUN b\r\nCMD c\r\n", "FROM a\r\nRUN b\nCMD c\r\n", "changed", NONE);
    REFUSED("FROM a\nRUN b\n\nCMD c\n", "FROM a\r\nRUN b\n\nCMD c\n", "changed", NONE);
    PASSES("\xEF\xBB\xBF"
           "FROM a\n",
           "\xEF\xBB\xBF"
           "FROM a\nUSER 1\n",
           DELTAS(INSERT(0, "USER 1")));
    REFUSED("\xEF\xBB\xBF"
            "FROM a\n",
            "FROM a\n", "", NONE);
}

static void test_undeclared_instructions(void **state)
{
    (void)state;
    REFUSED("FROM a\nCMD b\n", "FROM a\nUSER 1\nCMD b\n", "changed", NONE);
    REFUSED("FROM a\nCMD b\n", "FROM a\nCMD b\nUSER 1\n", "too many or too few", NONE);
    REFUSED("FROM a\nRUN x\nCMD b\n", "FROM a\nCMD b\n", "changed", NONE);
    REFUSED("FROM a\nCMD b\n", "FROM a\n", "too many or too few", NONE);
    REFUSED("FROM a\nRUN b\nRUN c\n", "FROM a\nRUN c\nRUN b\n", "changed", NONE);
    REFUSED("FROM a\nCMD b\n", "FROM a\nUSER 1\nUSER 2\nCMD b\n", "changed",
            DELTAS(INSERT(0, "USER 1")));
    REFUSED("FROM a\nCMD b\n", "FROM a\nUSER 1\nUSER 1\nCMD b\n", "changed",
            DELTAS(INSERT(0, "USER 1")));
}

static void test_declared_and_not_made(void **state)
{
    (void)state;
    REFUSED("FROM a\nCMD b\n", "FROM a\nCMD b\n", "not the declared one",
            DELTAS(INSERT(0, "USER 1")));
    REFUSED("FROM a\nCMD b\n", "FROM a\nCMD b\n", "missing", DELTAS(INSERT(1, "USER 1")));
    REFUSED("FROM a\nCMD b\n", "FROM a\nCMD b\nUSER 1\n", "", DELTAS(INSERT(0, "USER 1")));
    REFUSED("FROM a\nCMD b\n", "FROM a\nUSER 1\nRUN x\nCMD b\n", "not the declared one",
            DELTAS(INSERT(0, "RUN x"), INSERT(0, "USER 1")));
    REFUSED("FROM a\nUSER app\n", "FROM a\nUSER app\n", "arguments", DELTAS(ARGS(1, "1")));
    REFUSED("FROM a\nRUN x y\n", "FROM a\nRUN x y\n", "arguments", DELTAS(WORD(1, 1, " z")));
    REFUSED("FROM a\nCOPY --chown=x b c\n", "FROM a\nCOPY --chown=x b c\n", "flags",
            DELTAS(FLAG(1, "chown", "1")));
    REFUSED("FROM a\nCOPY --chown=x b c\n", "FROM a\nCOPY b c\n", "flags",
            DELTAS(FLAG(1, "chown", "1")));
    REFUSED("FROM a\nCOPY b c\n", "FROM a\nCOPY b c\n", "flags", DELTAS(FLAG(1, "chown", "1")));
}

static void test_changes_beside_the_declared_one(void **state)
{
    (void)state;
    REFUSED("FROM a\nCOPY b c\n", "FROM a\nCOPY --chown=1 b d\n", "arguments",
            DELTAS(FLAG(1, "chown", "1")));
    REFUSED("FROM a\nCOPY b c\n", "FROM a\nCOPY --chown=1 --link b c\n", "flags",
            DELTAS(FLAG(1, "chown", "1")));
    REFUSED("FROM a\nCOPY --link b c\n", "FROM a\nCOPY --chown=1 b c\n", "flags",
            DELTAS(FLAG(1, "chown", "1")));
    REFUSED("FROM a\nCOPY b c\n", "FROM a\nCOPY --chown=1 --chmod=777 b c\n", "flags",
            DELTAS(FLAG(1, "chown", "1")));
    REFUSED("FROM a\nCOPY b c\n", "FROM a\nCOPY --chown=2 b c\n", "flags",
            DELTAS(FLAG(1, "chown", "1")));
    REFUSED("FROM a\nCOPY b c\n", "FROM a\nADD --chown=1 b c\n", "another instruction",
            DELTAS(FLAG(1, "chown", "1")));
    REFUSED("FROM a\nCOPY b c\n", "FROM a\ncopy --chown=1 b c\n", "another instruction",
            DELTAS(FLAG(1, "chown", "1")));
    REFUSED("FROM a\nUSER app\n", "FROM a\nUSER 2\n", "arguments", DELTAS(ARGS(1, "1")));
    REFUSED("FROM a\nCMD [\"b\"]\n", "FROM a\nCMD [\"b\"]x\n", "another instruction",
            DELTAS(ARGS(1, "[\"b\"]x")));
    REFUSED("FROM a\nRUN x y\n", "FROM a\nRUN x z y\n", "arguments", DELTAS(WORD(1, 3, " z")));
    REFUSED("FROM a\nRUN b\nUSER app\n", "FROM a\nRUN c\nUSER 1\n", "changed",
            DELTAS(ARGS(2, "1")));
    REFUSED("FROM a\nCOPY <<E /x\na\nE\n", "FROM a\nCOPY --chown=1 <<E /x\nb\nE\n",
            "another instruction", DELTAS(FLAG(1, "chown", "1")));
    REFUSED("FROM a\nCOPY <<E /x\nE\n", "FROM a\nCOPY --chown=1 <<F /x\nF\n", "another instruction",
            DELTAS(FLAG(1, "chown", "1")));
}

static void test_the_inserted_instruction_is_the_declared_one(void **state)
{
    (void)state;
    REFUSED("FROM a\nCMD b\n", "FROM a\nUSER 2\nCMD b\n", "not the declared one",
            DELTAS(INSERT(0, "USER 1")));
    REFUSED("FROM a\nCMD b\n", "FROM a\nWORKDIR 1\nCMD b\n", "not the declared one",
            DELTAS(INSERT(0, "USER 1")));
    REFUSED("FROM a\nCMD b\n", "FROM a\nCOPY --chown=1 x y\nCMD b\n", "not the declared one",
            DELTAS(INSERT(0, "COPY x y")));
    REFUSED("FROM a\nCMD b\n", "FROM a\nCOPY --chown=2 x y\nCMD b\n", "not the declared one",
            DELTAS(INSERT(0, "COPY --chown=1 x y")));
    REFUSED("FROM a\nCMD b\n", "FROM a\nRUN <<E\nrm -rf /\nE\nCMD b\n", "not the declared one",
            DELTAS(INSERT(0, "RUN <<E\ntrue\nE")));
    REFUSED("FROM a\nCMD b\n", "FROM a\nRUN x\nCMD b\n", "does not parse",
            DELTAS(INSERT(0, "RUN x\nRUN y")));
    REFUSED("FROM a\nCMD b\n", "FROM a\nRUN x\nCMD b\n", "does not parse", DELTAS(INSERT(0, "")));
}

static void test_comments(void **state)
{
    (void)state;
    REFUSED("FROM a\nCMD b\n", "FROM a\n# x\nCMD b\n", "appeared", NONE);
    REFUSED("FROM a\n# x\nCMD b\n", "FROM a\nCMD b\n", "lost", NONE);
    REFUSED("FROM a\n# x\n# y\nCMD b\n", "FROM a\n# y\n# x\nCMD b\n", "", NONE);
    REFUSED("FROM a\n# x\nCMD b\n", "FROM a\n# z\nCMD b\n", "", NONE);
    REFUSED("# x\nFROM a\nCMD b\n", "FROM a\n# x\nCMD b\n", "", NONE);
    REFUSED("FROM a\nCMD b\n# end\n", "FROM a\nCMD b\n", "lost", NONE);
    REFUSED("FROM a\nCMD b\n", "FROM a\nCMD b\n# end\n", "appeared", NONE);
    REFUSED("FROM a\nCMD b\n", "FROM a\n# other\nUSER 1\nCMD b\n", "appeared",
            DELTAS(NOTED(0, "USER 1", "app")));
    REFUSED("FROM a\nRUN c\nCMD b\n", "FROM a\n# app\nRUN c\nUSER 1\nCMD b\n", "appeared",
            DELTAS(NOTED(1, "USER 1", "app")));
    REFUSED("FROM a\nCMD b\n", "FROM a\n#  app\nUSER 1\nCMD b\n", "appeared",
            DELTAS(NOTED(0, "USER 1", "app")));
    /* a comment inside an instruction is part of its bytes */
    REFUSED("FROM a\nRUN b \\\n # x\n c\n", "FROM a\nRUN b \\\n c\n", "changed", NONE);
}

static void test_the_whole_is_valid(void **state)
{
    (void)state;
    REFUSED("FROM a\nCMD b\n", "FROM a\nNOSUCH\nCMD b\n", "unknown instruction",
            DELTAS(INSERT(0, "NOSUCH")));
    REFUSED("FROM a\nCMD b\n", "FROM a\nUSER\nCMD b\n", "exactly one argument",
            DELTAS(INSERT(0, "USER")));
    REFUSED("FROM a\nCMD b\n", "", "no instructions", NONE);
    REFUSED("FROM a\nCMD b\n", "FROM a\nRUN <<E\nCMD b\n", "unterminated",
            DELTAS(INSERT(0, "RUN x")));
    REFUSED("# escape=`\nFROM a\n", "# escape=\\\nFROM a\n", "directives", NONE);
    REFUSED("# check=skip=x\nFROM a\n", "FROM a\n", "directives", NONE);
    REFUSED("# check=skip=x\nFROM a\n", "# check=skip=y\nFROM a\n", "", NONE);
    REFUSED("# syntax=x\nFROM a\n", "\n# syntax=x\nFROM a\n", "directives", NONE);
}

#define REMOVE(which, lines)                                                                       \
    {                                                                                              \
        .kind = DELTA_REMOVE, .ordinal = (which), .text = STR(lines)                               \
    }

static void test_removed_instructions(void **state)
{
    (void)state;
    PASSES("FROM a\nRUN b\nCMD c\n", "FROM a\nCMD c\n", DELTAS(REMOVE(1, "")));
    PASSES("FROM a\n# x\nRUN b\nRUN c\n# y\nCMD d\n", "FROM a\n# x\n# y\nCMD d\n",
           DELTAS(REMOVE(1, ""), REMOVE(2, "")));
    PASSES("FROM a\n\n# x\n# y\nRUN b\nCMD c\n", "FROM a\n\n# x\nCMD c\n",
           DELTAS(REMOVE(1, "# y\n")));
    PASSES("FROM a\nRUN b\nCMD c\n", "FROM a\nUSER 1\nCMD c\n",
           DELTAS(INSERT(0, "USER 1"), REMOVE(1, "")));
    PASSES("FROM a\nRUN b", "FROM a\n", DELTAS(REMOVE(1, "")));
    REFUSED("FROM a\nRUN b\nCMD c\n", "FROM a\nRUN b\nCMD c\n", "not declared",
            DELTAS(REMOVE(1, "")));
    REFUSED("FROM a\nRUN b\nCMD c\n", "FROM a\n", "one instruction too many or too few",
            DELTAS(REMOVE(1, "")));
    REFUSED("FROM a\nRUN b\nRUN c\n", "FROM a\nRUN b\n", "not declared", DELTAS(REMOVE(1, "")));
    REFUSED("FROM a\n# x\nRUN b\nCMD c\n", "FROM a\nCMD c\n", "a comment was lost",
            DELTAS(REMOVE(1, "")));
    REFUSED("FROM a\n# x\n# y\nRUN b\nCMD c\n", "FROM a\n# y\nCMD c\n", "declared to go",
            DELTAS(REMOVE(1, "# x\n")));
    REFUSED("FROM a\n# x\nRUN b\nCMD c\n", "FROM a\nCMD c\n", "declared to go",
            DELTAS(REMOVE(1, "# x\n# z\n")));
    REFUSED("FROM a\nRUN b\nCMD c\n", "FROM a\nCMD c\n", "",
            DELTAS(REMOVE(1, ""), {.kind = DELTA_ARGS, .ordinal = 1, .text = STR("x")}));
}

static void test_new_lint_warnings(void **state)
{
    (void)state;
    REFUSED("from a\nrun b\n", "from a\nUSER 1\nrun b\n", "ConsistentInstructionCasing",
            DELTAS(INSERT(0, "USER 1")));
    REFUSED("FROM a\nCMD [\"b\"]\n", "FROM a\nCMD [\"b\"]\nCMD [\"c\"]\n", "MultipleInstructions",
            DELTAS(INSERT(1, "CMD [\"c\"]")));
    REFUSED("FROM a\nRUN x\n", "FROM a\nWORKDIR y\nRUN x\n", "WorkdirRelativePath",
            DELTAS(INSERT(0, "WORKDIR y")));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_what_was_declared_passes),
        cmocka_unit_test(test_ports),
        cmocka_unit_test(test_no_ports),
        cmocka_unit_test(test_line_ends),
        cmocka_unit_test(test_undeclared_instructions),
        cmocka_unit_test(test_declared_and_not_made),
        cmocka_unit_test(test_changes_beside_the_declared_one),
        cmocka_unit_test(test_the_inserted_instruction_is_the_declared_one),
        cmocka_unit_test(test_comments),
        cmocka_unit_test(test_the_whole_is_valid),
        cmocka_unit_test(test_removed_instructions),
        cmocka_unit_test(test_new_lint_warnings),
    };
    return cmocka_run_group_tests(tests, NULL, teardown);
}
