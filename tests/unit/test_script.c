/* Start scripts: who comes where, what a failure does, what runs the arguments, what is cut. */
#include "tests/support/unit.h"

#include "base/buf.h"
#include "dockerfile/script.h"
#include "tests/support/script_rows.h"

static struct arena arena;

static int teardown(void **state)
{
    (void)state;
    arena_release(&arena);
    return 0;
}

static struct script read_text(const char *text)
{
    return script_read(&arena, str_of(text));
}

/* The script of a row, with its #! line. */
static struct script read_row(const char *text)
{
    bool bash = strncmp(text, "bash:", 5) == 0;
    struct str body = str_of(bash ? text + 5 : text);
    return script_read(&arena,
                       str_cat(&arena, bash ? STR("#!/bin/bash\n") : STR("#!/bin/sh\n"), body));
}

static bool is_shown(const struct shell_command *c)
{
    static const char *const quiet[] = {"[",      "[[",  "test",        "id",
                                        "whoami", "set", "/usr/bin/id", "tr"};
    if (!c->words.n || str_starts(c->words.v[0].value, STR("((")))
        return false;
    for (size_t i = 0; i < COUNT(quiet); i++)
        if (str_is(c->words.v[0].value, quiet[i]))
            return false;
    return true;
}

static char letter(enum script_reach reach)
{
    return "-RMNA"[reach];
}

static struct str flow(const struct script *s)
{
    struct buf b = buf_in(&arena);
    VEC_EACH (step, &s->steps)
        if (is_shown(step->command))
            buf_addf(&b, "%s%.*s %c", b.n ? " " : "", STR_ARG(step->command->words.v[0].value),
                     letter(step->reach));
    return buf_str(&b);
}

static void test_rows(void **state)
{
    (void)state;
    size_t bad = 0;
    for (size_t i = 0; i < COUNT(script_rows); i++) {
        struct script s = read_row(script_rows[i].text);
        struct str have = flow(&s);
        if (str_is(have, script_rows[i].want))
            continue;
        bad++;
        print_error("%s\n  want %s\n  have %.*s\n", script_rows[i].text, script_rows[i].want,
                    STR_ARG(have));
    }
    assert_int_equal(bad, 0);
}

/* ---- without arguments ---------------------------------------------------------------------- */

static void check_bare(const char *text, const char *program, char with, char without)
{
    struct script s = read_row(text);
    VEC_EACH (step, &s.steps) {
        if (!step->command->words.n || !str_is(step->command->words.v[0].value, program))
            continue;
        if (letter(step->reach) != with || letter(step->reach_bare) != without)
            fail_msg("%s: %s is %c/%c", text, program, letter(step->reach),
                     letter(step->reach_bare));
        return;
    }
    fail_msg("%s: no %s", text, program);
}

static void test_bare(void **state)
{
    (void)state;
    check_bare("exec \"$@\"\nafter", "after", '-', 'M');
    check_bare("[ \"$(id -u)\" = 0 ] || exec \"$@\"\nr", "r", 'R', 'M');
    check_bare("[ \"$(id -u)\" = 0 ] || exec $@\nr", "r", 'R', 'M');
    check_bare("[ \"$(id -u)\" = 0 ] || exec tini -- \"$@\"\nr", "r", 'R', 'R');
    check_bare("[ \"$(id -u)\" = 0 ] || exec nginx\nr", "r", 'R', 'R');
    check_bare("one\nexec \"$@\"", "one", 'A', 'A');
}

/* ---- failures ------------------------------------------------------------------------------- */

/* The programs whose failure is tolerated. */
static void check_tolerated(const char *text, const char *want)
{
    struct script s = read_row(text);
    struct buf b = buf_in(&arena);
    VEC_EACH (step, &s.steps)
        if (is_shown(step->command) && step->tolerated)
            buf_addf(&b, "%s%.*s", b.n ? " " : "", STR_ARG(step->command->words.v[0].value));
    EQ_STR(buf_str(&b), str_of(want), text);
}

static void test_tolerated(void **state)
{
    (void)state;
    check_tolerated("one\ntwo", "one two");
    check_tolerated("set -e\none\ntwo", "");
    check_tolerated("set -o errexit\none", "");
    check_tolerated("set -euo pipefail\none", "");
    check_tolerated("set -e\none || true\ntwo", "one");
    check_tolerated("set -e\none || :\ntwo || echo warn", "one two");
    check_tolerated("set -e\none\nset +e\ntwo", "two");
    check_tolerated("for i in 1 2; do one; set -e; done", "");
    check_tolerated("[ -n \"$A\" ] && set -e\none", "");
    check_tolerated("set -e\n[ -n \"$A\" ] && set +e\none", "");
    check_tolerated("(set -e; one)\ntwo", "two");
    check_tolerated("set -e\nif one; then two; fi", "one");
    check_tolerated("set -e\nwhile one; do two; done", "one");
    check_tolerated("set -e\n! one\ntwo", "one");
    check_tolerated("set -e\none | two", "one");
    check_tolerated("bash:set -eo pipefail\none | two", "");
    check_tolerated("set -e\none &\nwait", "one");
    check_tolerated("set -e\necho $(one)\nx=$(two)", "one");
    check_tolerated("set -e\n{ one; two; } || true", "one two");
    check_tolerated("set -e\n( one ) || true", "one");
    /* What ends the script all the same. */
    check_tolerated("one || exit 1", "exit");
    check_tolerated("one || { echo no; exit 1; }", "echo exit");
    check_tolerated("die() { exit 1; }\none || die", "exit die");
    check_tolerated("set -e\nf() { echo; }\none || f", "one");
    check_tolerated("set -e\none || two", "");
    check_tolerated("set -e\none || [ -n \"$A\" ]", "");
    check_tolerated("set -e\none || ! true", "true");
    check_tolerated("if ! one; then exit 1; fi", "exit");
    check_tolerated("one && exec \"$@\"", "exec");
    check_tolerated("one && two", "two");
    check_tolerated("one && two || true", "one two true");
    check_tolerated("if one && two; then :; fi", "one two :");
    check_tolerated("if one && exec x; then :; fi", "exec :");
    check_tolerated("bash:trap 'exit 1' ERR\none", "trap");
    /* Only non-root runs count. */
    check_tolerated("if [ \"$(id -u)\" = 0 ]; then set -e; one; fi\ntwo", "one two");
    check_tolerated("set -e\n[ \"$(id -u)\" = 0 ] && one", "one");
    /* Where a function is called decides. */
    check_tolerated("set -e\nf() { one; }\nf || true", "one f");
    check_tolerated("set -e\nf() { one; }\nf || true\nf", "f");
}

static void test_errexit(void **state)
{
    (void)state;
    assert_true(read_text("#!/bin/sh -e\na").errexit);
    assert_true(read_text("#!/bin/bash -eu\na").errexit);
    assert_true(read_text("#!/bin/bash -o errexit\na").errexit);
    assert_true(read_text("a\nset -ex").errexit);
    assert_false(read_text("[ -n \"$A\" ] && set -e").errexit);
    assert_false(read_text("( set -e )").errexit);
    assert_false(read_text("exec \"$@\"\nset -e").errexit);
    assert_false(read_text("if [ \"$(id -u)\" = 0 ]; then set -e; fi").errexit);
    assert_true(script_read_by(&arena, STR("a"), STR("sh -e")).errexit);
}

/* ---- arguments ------------------------------------------------------------------------------ */

static void check_arguments(const char *text, enum script_arguments want, size_t at)
{
    struct script s = read_row(text);
    assert_int_equal(s.arguments, want);
    VEC_EACH (step, &s.steps)
        if (step->arguments == want) {
            assert_int_equal(step->arguments_at, at);
            return;
        }
    fail_msg("no such step: %s", text);
}

static void test_arguments(void **state)
{
    (void)state;
    check_arguments("exec \"$@\"", SCRIPT_ARGUMENTS_RUN, 1);
    check_arguments("\"$@\"", SCRIPT_ARGUMENTS_RUN, 0);
    check_arguments("exec $@", SCRIPT_ARGUMENTS_RUN, 1);
    check_arguments("exec \"${@}\"", SCRIPT_ARGUMENTS_RUN, 1);
    check_arguments("exec gosu app \"$@\"", SCRIPT_ARGUMENTS_RUN, 3);
    check_arguments("exec tini -g -- \"$@\"", SCRIPT_ARGUMENTS_RUN, 4);
    check_arguments("exec tini -- su-exec app:app \"$@\"", SCRIPT_ARGUMENTS_RUN, 5);
    check_arguments("exec env -u A B=c \"$@\"", SCRIPT_ARGUMENTS_RUN, 5);
    check_arguments("exec setpriv --reuid=app --clear-groups -- \"$@\"", SCRIPT_ARGUMENTS_RUN, 5);
    check_arguments("exec nginx \"$@\"", SCRIPT_ARGUMENTS_GIVEN, 2);
    check_arguments("exec \"$0\" \"$@\"", SCRIPT_ARGUMENTS_GIVEN, 2);
    check_arguments("set -- x \"$@\"", SCRIPT_ARGUMENTS_SET, 3);
    check_arguments("bash -c \"$*\"", SCRIPT_ARGUMENTS_GIVEN, 2);
    check_arguments("bash -c 'exec \"$@\"' -- \"$@\"", SCRIPT_ARGUMENTS_GIVEN, 4);
    check_arguments("main() { exec \"$@\"; }\nmain \"$@\"", SCRIPT_ARGUMENTS_RUN, 1);
    check_arguments("nginx", SCRIPT_ARGUMENTS_NONE, 0);
    check_arguments("die() { echo \"$@\"; }\ndie no", SCRIPT_ARGUMENTS_NONE, 0);
    check_arguments("[ \"$(id -u)\" = 0 ] && exec gosu app \"$@\"\nnginx", SCRIPT_ARGUMENTS_NONE,
                    0);
}

static void test_ends_in_arguments(void **state)
{
    (void)state;
    assert_true(read_text("one\nexec \"$@\"").ends_in_arguments);
    assert_true(
        read_text("[ \"$(id -u)\" = 0 ] && exec gosu app \"$@\"\nexec \"$@\"").ends_in_arguments);
    assert_true(
        read_text("if [ \"$(id -u)\" = 0 ]; then exec gosu app \"$@\"; else exec \"$@\"; fi")
            .ends_in_arguments);
    assert_true(read_text("[ -n \"$A\" ] || exit 1\nexec \"$@\"").ends_in_arguments);
    assert_false(read_text("[ -n \"$A\" ] && exec x\nexec \"$@\"").ends_in_arguments);
    assert_false(read_text("\"$@\"").ends_in_arguments);
    assert_false(read_text("exec \"$@\" | tee log").ends_in_arguments);
    assert_false(read_text("exec nginx \"$@\"").ends_in_arguments);
    assert_false(read_text("[ \"$(id -u)\" = 0 ] && exec \"$@\"\none").ends_in_arguments);
    assert_true(read_text("shift\nexec \"$@\"").changes_arguments);
    assert_true(read_text("set -- a \"$@\"\nexec \"$@\"").changes_arguments);
    assert_false(read_text("set -e\nexec \"$@\"").changes_arguments);
}

static void test_steps(void **state)
{
    (void)state;
    struct script s = read_text("#!/bin/sh\n# c\none\nf() {\n  two \\\n   x\n}\nf; exec a &\n"
                                "exec >log\nexec -a name b\n");
    const struct script_step *v = s.steps.v;
    assert_int_equal(s.steps.n, 6);
    assert_int_equal(v[0].line, 3);
    assert_int_equal(v[1].line, 5);
    assert_true(v[1].in_function);
    assert_true(str_is(v[1].function, "f"));
    assert_false(v[2].in_function);
    assert_int_equal(v[2].line, 8);
    assert_false(v[3].replaces); /* in the background */
    assert_false(v[4].replaces); /* redirections only */
    assert_true(v[5].replaces);
    for (size_t i = 0; i < s.steps.n; i++) {
        assert_int_equal(v[i].index, i);
        assert_ptr_equal(v[i].command, &s.shell.commands.v[i]);
    }
}

/* ---- refusals ------------------------------------------------------------------------------- */

static void check_refusal(const char *text, enum script_refusal want, size_t line)
{
    struct script s = read_text(text);
    if (s.refusal != want || s.refusal_line != line)
        fail_msg("%s: %d at %zu", text, s.refusal, s.refusal_line);
}

static void test_refusals(void **state)
{
    (void)state;
    check_refusal("a\nif [ \"$(id -u)\" -ne 0 ]; then\n echo no\n exit 1\nfi",
                  SCRIPT_REFUSES_NONROOT, 2);
    check_refusal("[ \"$(id -u)\" = 0 ] || exit 3", SCRIPT_REFUSES_NONROOT, 1);
    check_refusal("#!/bin/bash\n(( EUID == 0 )) || { echo no; exit 1; }", SCRIPT_REFUSES_NONROOT,
                  2);
    check_refusal("die() { exit 1; }\n\n[ \"$(id -u)\" = 0 ] || die no", SCRIPT_REFUSES_NONROOT, 3);
    check_refusal("if [ \"$(id -u)\" = 0 ]; then exec gosu a b; fi\necho no\nexit 1",
                  SCRIPT_REFUSES_NONROOT, 3);
    check_refusal("case $(id -u) in 0) ;; *) exit 1;; esac", SCRIPT_REFUSES_NONROOT, 1);
    check_refusal("if [ -n \"$A\" ] && [ \"$(id -u)\" != 0 ]; then exit 1; fi",
                  SCRIPT_MAY_REFUSE_NONROOT, 1);
    check_refusal("if [ -n \"$A\" ]; then\n[ \"$(id -u)\" = 0 ] || exit 1\nfi",
                  SCRIPT_MAY_REFUSE_NONROOT, 2);
    check_refusal("exit 1", SCRIPT_TAKES_NONROOT, 0);
    check_refusal("[ \"$(id -u)\" = 0 ] && exit 1", SCRIPT_TAKES_NONROOT, 0);
    check_refusal("[ \"$(id -u)\" = 0 ] || exit 0", SCRIPT_TAKES_NONROOT, 0);
    check_refusal("( [ \"$(id -u)\" = 0 ] || exit 1 )", SCRIPT_TAKES_NONROOT, 0);
    /* What fails later has nothing to do with the user. */
    check_refusal("[ \"$(id -u)\" = 0 ] && exec gosu a b\n[ -n \"$A\" ] || exit 1",
                  SCRIPT_TAKES_NONROOT, 0);
    check_refusal("if [ \"$(id -u)\" != 0 ]; then [ -n \"$A\" ] || exit 1; fi",
                  SCRIPT_TAKES_NONROOT, 0);
}

/* ---- who changes the user ------------------------------------------------------------------- */

struct drop_row {
    const char *text, *program, *user;
    const char *cut; /* NULL: not cuttable */
    bool reached, restarts;
};

static void check_drop(const struct drop_row *row)
{
    struct script s = read_text(row->text);
    if (!s.drops.n)
        fail_msg("no drop: %s", row->text);
    const struct script_drop *d = &s.drops.v[0];
    EQ_STR(d->program, str_of(row->program), row->text);
    EQ_STR(d->user, str_of(row->user), row->text);
    struct str cut = script_cut_drop(&arena, &s, d);
    if (d->cuttable != (d->why == NULL) || d->cuttable != (cut.p != NULL) ||
        d->cuttable != (row->cut != NULL))
        fail_msg("%s: cuttable %d, why %s", row->text, d->cuttable, d->why);
    if (row->cut)
        EQ_STR(cut, str_of(row->cut), row->text);
    if (d->reached != row->reached || d->restarts != row->restarts)
        fail_msg("%s: reached %d, restarts %d", row->text, d->reached, d->restarts);
}

static void test_drops(void **state)
{
    (void)state;
    static const struct drop_row rows[] = {
        {"exec gosu app \"$@\"", "gosu", "app", "exec \"$@\"", true, false},
        {"set -e\nexec su-exec app:app nginx -g 'x' # y\n", "su-exec", "app:app",
         "set -e\nexec nginx -g 'x' # y\n", true, false},
        {"gosu app cmd &\nwait", "gosu", "app", "cmd &\nwait", true, false},
        {"exec gosu app \\\n    \"$@\"", "gosu", "app", "exec \"$@\"", true, false},
        {"exec /usr/local/bin/gosu \"$U:$G\" a >log 2>&1", "gosu", "$U:$G", "exec a >log 2>&1",
         true, false},
        {"set -- gosu app \"$@\"\nexec \"$@\"", "gosu", "app", "set -- \"$@\"\nexec \"$@\"", true,
         false},
        {"exec tini -- su-exec app a", "su-exec", "app", "exec tini -- a", true, false},
        {"A=b exec env C=d s6-setuidgid app a", "s6-setuidgid", "app", "A=b exec env C=d a", true,
         false},
        {"x=$(gosu app a)", "gosu", "app", NULL, true, false},
        {"exec setpriv --reuid=app --regid app --init-groups a", "setpriv", "app", "exec a", true,
         false},
        {"exec setpriv --reuid 1 --clear-groups --inh-caps=-all -- a", "setpriv", "1", "exec a",
         true, false},
        {"exec runuser -u app -- \"$@\"", "runuser", "app", "exec \"$@\"", true, false},
        {"runuser --user=app -g x a b", "runuser", "app", "a b", true, false},
        {"chroot --userspec=app:app --skip-chdir / a", "chroot", "app:app", "a", true, false},
        {"chpst -u app a", "chpst", "app", "a", true, false},
        {"exec chpst -uapp:x a", "chpst", "app:x", "exec a", true, false},
        {"exec sudo -E -u app a", "sudo", "app", "exec a", true, false},
        {"exec s6-applyuidgid -u 1 -g 2 a", "s6-applyuidgid", "1", "exec a", true, false},
        {"if [ \"$(id -u)\" = 0 ]; then exec gosu app \"$@\"; fi", "gosu", "app",
         "if [ \"$(id -u)\" = 0 ]; then exec \"$@\"; fi", false, false},
        /* not to be cut */
        {"su app -c \"cmd\"", "su", "app", NULL, true, false},
        {"exec su -s /bin/sh - app -c 'exec a'", "su", "app", NULL, true, false},
        {"su - app", "su", "app", NULL, true, false},
        {"runuser app -c a", "runuser", "app", NULL, true, false},
        {"runuser -u app -l a", "runuser", "app", NULL, true, false},
        {"exec gosu app \"$0\" \"$@\"", "gosu", "app", NULL, true, true},
        {"exec gosu app \"${BASH_SOURCE[0]}\" \"$@\"", "gosu", "app", NULL, true, true},
        {"exec gosu app bash \"$0\"", "gosu", "app", NULL, true, true},
        {"gosu app", "gosu", "app", NULL, true, false},
        {"gosu app >log a", "gosu", "app", NULL, true, false},
        {"gosu app A=b c", "gosu", "app", NULL, true, false},
        {"exec gosu app -c", "gosu", "app", NULL, true, false},
        {"gosu app if x", "gosu", "app", NULL, true, false},
        {"a() { :; }\ngosu app a", "gosu", "app", NULL, true, false},
        {"chroot --userspec=app / a", "chroot", "app", NULL, true, false},
        {"chroot --userspec=app --skip-chdir /x a", "chroot", "app", NULL, true, false},
        {"setpriv --reuid=app --pdeathsig TERM a", "setpriv", "app", NULL, true, false},
        {"chpst -u app -m 100 a", "chpst", "app", NULL, true, false},
        {"sudo -u app a", "sudo", "app", NULL, true, false},
        {"doas -u app a", "doas", "app", NULL, true, false},
        {"gosu app a; if", "gosu", "app", NULL, true, false},
    };
    for (size_t i = 0; i < COUNT(rows); i++)
        check_drop(&rows[i]);
}

static void test_no_drops(void **state)
{
    (void)state;
    static const char *const texts[] = {
        "sudo chown a b",  "gosu --version",       "chroot /x a",       "setpriv --dump",
        "echo gosu app a", "\"$gosu\" app a",      "chpst -m 1 a",      "su-exec",
        "# gosu app a",    "apt-get install gosu", "command -v gosu a",
    };
    for (size_t i = 0; i < COUNT(texts); i++)
        if (read_text(texts[i]).drops.n && i != COUNT(texts) - 1)
            fail_msg("a drop: %s", texts[i]);
}

/* ---- the interpreter ------------------------------------------------------------------------ */

static void test_interpreter(void **state)
{
    (void)state;
    static const struct {
        const char *text, *name;
        bool complete;
    } rows[] = {
        {"#!/bin/sh\na", "sh", true},
        {"#! /bin/bash -e\na", "bash", true},
        {"#!/usr/bin/env bash\na", "bash", true},
        {"#!/usr/bin/env -S bash -e\na", "bash", true},
        {"#!/bin/busybox ash\na", "ash", true},
        {"#!/usr/bin/with-contenv bash\na", "bash", true},
        {"#!/usr/bin/dumb-init /bin/sh\na", "sh", true},
        {"a", "sh", true},
        {"", "sh", true},
        {"#!/usr/bin/python3\na", "", false},
        {"#!/usr/bin/env node\na", "", false},
        {"#!/bin/execlineb -P\na", "", false},
        {"#!/bin/sh\r\na", "", false},
        {"\xEF\xBB\xBF#!/bin/bash\na", "sh", false},
        {"#!/bin/sh\nif a", "sh", false},
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        struct script s = read_text(rows[i].text);
        if (strcmp(rows[i].text, "#!/bin/sh\r\na") != 0)
            EQ_STR(s.name, str_of(rows[i].name), rows[i].text);
        assert_int_equal(s.complete, rows[i].complete);
    }
    struct script s = read_text("#! /bin/bash -e\n");
    EQ(s.interpreter, "/bin/bash -e");
    assert_false(script_read(&arena, STR("a\0b")).complete);
    /* What the image says counts more than the file. */
    struct str text = STR("#!/bin/bash\n[ \"$EUID\" = 0 ] && r");
    s = script_read(&arena, text);
    EQ(flow(&s), "r R");
    s = script_read_by(&arena, text, STR("/bin/sh"));
    EQ(flow(&s), "r M");
}

/* Nothing is said about a script that can't be read. */
static void test_incomplete(void **state)
{
    (void)state;
    struct script s = read_text("if [ \"$(id -u)\" = 0 ]; then a; fi\nb\n(");
    assert_false(s.complete);
    EQ(flow(&s), "a M b M");
    VEC_EACH (step, &s.steps)
        assert_false(step->tolerated);
    assert_false(s.ends_in_arguments);
    s = read_text("alias exit=true\n[ \"$(id -u)\" = 0 ] || exit 1\nb");
    assert_false(s.complete);
    EQ(flow(&s), "alias M exit M b M");
    s = read_text("alias ll='ls -l'\n[ \"$(id -u)\" = 0 ] && b");
    EQ(flow(&s), "alias A b R");
}

/* ---- hostile input -------------------------------------------------------------------------- */

static struct str repeat(const char *part, size_t times)
{
    struct buf b = buf_in(&arena);
    for (size_t i = 0; i < times; i++)
        buf_addz(&b, part);
    return buf_str(&b);
}

static void test_pathological(void **state)
{
    (void)state;
    static const char *const parts[] = {
        "a && ",
        "a || ",
        "a\n",
        "f() { f; };",
        "a() { b; }\n",
        "if [ \"$(id -u)\" = 0 ]; then a; fi\n",
        "uid=$(id -u)\n",
        "(( uid = 1 ));",
        "[ a = b -a c = d ] && ",
        "[ ( ",
        "[ ! ",
        "gosu a ",
        "exec ",
        "env a=b ",
        "set -- ",
        "cat <<a\n$(b)\na\n",
        "trap 'f' EXIT;",
        "case x in a) b;; esac;",
        "for i in a; do b; done;",
        "set -e;",
        "if a; then b; el",
        "$(",
        "eval x;",
        "read uid;",
        ". x;",
    };
    for (size_t i = 0; i < COUNT(parts); i++) {
        struct script s = script_read(&arena, repeat(parts[i], 50000));
        assert_int_equal(s.steps.n, s.shell.commands.n);
        arena_release(&arena);
    }
}

/* Chains of functions that call each other twice would double the work at each. */
static void test_many_calls(void **state)
{
    (void)state;
    struct buf b = buf_in(&arena);
    for (int i = 0; i < 14; i++)
        buf_addf(&b, "f%d() { f%d || f%d; [ -n \"$A\" ] && uid=$(id -u); f%d; }\n", i, i + 1, i + 1,
                 i + 1);
    buf_addz(&b, "f14() { r; }\n[ \"$(id -u)\" = 0 ] && f0\n");
    struct script s = script_read(&arena, buf_str(&b));
    assert_true(s.complete);
    VEC_EACH (step, &s.steps)
        if (step->command->words.n && str_is(step->command->words.v[0].value, "r"))
            assert_int_equal(step->reach, SCRIPT_ROOT_ONLY);
    /* Too deep to be followed: anything may be. */
    b = buf_in(&arena);
    for (int i = 0; i < 100; i++)
        buf_addf(&b, "f%d() { f%d; }\n", i, i + 1);
    buf_addz(&b, "f100() { r; }\n[ \"$(id -u)\" = 0 ] && f0\n");
    s = script_read(&arena, buf_str(&b));
    assert_false(s.complete);
    VEC_EACH (step, &s.steps)
        assert_int_equal(step->reach, SCRIPT_MAYBE);
}

/* Cut at any byte it neither crashes nor reads behind the end. */
static void test_truncated(void **state)
{
    (void)state;
    static const char text[] =
        "#!/bin/bash -e\nuid=\"$(id -u)\"; me=`whoami`\nis() { [[ $EUID == 0 && ! ( $uid -ne 0 ) ]]; "
        "}\nif is && (( UID == 0 )); then exec gosu app:x tini -- \"$0\" \"$@\" >l 2>&1; elif [ \"$me\" "
        "!= root -a \"$1\" = x ]; then su - b -c 'c'; fi\ncase $uid in 0|1) set -- a \"$@\";& *) ;; "
        "esac\nwhile read x; do trap is EXIT; done <<E\n$(d ${e:-$(f)})\nE\n! { exit 1; } || exec "
        "setpriv --reuid=1 --regid 2 -- g &\n";
    for (size_t n = 0; n < sizeof text; n++) {
        char *copy = malloc(n + 1); /* so that a sanitizer sees a read behind it */
        memcpy(copy, text, n);
        struct script s = script_read(&arena, str_make(copy, n));
        VEC_EACH (d, &s.drops)
            script_cut_drop(&arena, &s, d);
        assert_true(s.steps.n == s.shell.commands.n);
        free(copy);
    }
    assert_true(read_text(text).complete);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_rows),         cmocka_unit_test(test_bare),
        cmocka_unit_test(test_tolerated),    cmocka_unit_test(test_errexit),
        cmocka_unit_test(test_arguments),    cmocka_unit_test(test_ends_in_arguments),
        cmocka_unit_test(test_steps),        cmocka_unit_test(test_refusals),
        cmocka_unit_test(test_drops),        cmocka_unit_test(test_no_drops),
        cmocka_unit_test(test_interpreter),  cmocka_unit_test(test_incomplete),
        cmocka_unit_test(test_pathological), cmocka_unit_test(test_many_calls),
        cmocka_unit_test(test_truncated),
    };
    return cmocka_run_group_tests(tests, NULL, teardown);
}
