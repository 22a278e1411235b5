/* The shell reader: words, structure, what is certain to run, and what hostile input costs. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/buf.h"
#include "dockerfile/shell.h"

static struct arena arena;

static int teardown(void **state)
{
    (void)state;
    arena_release(&arena);
    return 0;
}

static struct shell_script read_text(const char *text)
{
    return shell_read(&arena, str_of(text));
}

/* "<a> ~<$b>": the words of a command, ~ in front of those that are not literal. */
static const char *words_of(const struct shell_command *c)
{
    struct buf b = buf_in(&arena);
    VEC_EACH (w, &c->words)
        buf_addf(&b, "%s%s<%.*s>", b.n ? " " : "", w->literal ? "" : "~", STR_ARG(w->value));
    return buf_str(&b).p;
}

static const char *words(const char *text)
{
    struct shell_script s = read_text(text);
    assert_true(s.complete);
    assert_int_equal(s.commands.n, 1);
    return words_of(&s.commands.v[0]);
}

/* The programs in order, each with marks: ? conditional, ~ tolerated, & background. */
static const char *flow(const char *text)
{
    struct shell_script s = read_text(text);
    struct buf b = buf_in(&arena);
    VEC_EACH (c, &s.commands)
        buf_addf(&b, "%s%.*s%s%s%s", b.n ? " " : "",
                 STR_ARG(c->words.n ? c->words.v[0].value : STR("-")), c->conditional ? "?" : "",
                 c->tolerated ? "~" : "", c->background ? "&" : "");
    if (!s.complete)
        buf_addz(&b, " INCOMPLETE");
    return buf_str(&b).p;
}

static bool complete(const char *text)
{
    return read_text(text).complete;
}

/* ---- words ---------------------------------------------------------------------------------- */

static void test_plain_words(void **state)
{
    (void)state;
    assert_string_equal(words("apt-get install -y  curl\tgit"),
                        "<apt-get> <install> <-y> <curl> <git>");
    assert_string_equal(words("  echo a#b c=d"), "<echo> <a#b> <c=d>");
    assert_string_equal(words("echo } ] [ ! ="), "<echo> <}> <]> <[> <!> <=>");
}

static void test_quotes(void **state)
{
    (void)state;
    assert_string_equal(words("echo 'a b' \"c d\" e\\ f"), "<echo> <a b> <c d> <e f>");
    assert_string_equal(words("echo a'b'\"c\"d '' \"\""), "<echo> <abcd> <> <>");
    assert_string_equal(words("echo '\\n$x`' \"\\n\\\\\\\"\\$\""), "<echo> <\\n$x`> <\\n\\\"$>");
    assert_string_equal(words("echo \"it's\" 'say \"x\"'"), "<echo> <it's> <say \"x\">");
    assert_string_equal(words("echo a\\"), "<echo> <a\\>");
    assert_string_equal(words("echo a\\\nb \"c\\\nd\" \\\n e"), "<echo> <ab> <cd> <e>");
}

static void test_quoted_is_said(void **state)
{
    (void)state;
    struct shell_script s = read_text("a 'b' c\"d\" e $'f'");
    struct shell_word *w = s.commands.v[0].words.v;
    assert_false(w[0].quoted);
    assert_true(w[1].quoted);
    assert_true(w[2].quoted);
    assert_false(w[3].quoted);
    assert_true(w[4].quoted);
}

static void test_expansions_are_kept(void **state)
{
    (void)state;
    assert_string_equal(words("echo $HOME/x \"${A:-b c}d\""), "<echo> ~<$HOME/x> ~<${A:-b c}d>");
    assert_string_equal(words("echo $1$@$?$# $((1 + 2))"), "<echo> ~<$1$@$?$#> ~<$((1 + 2))>");
    assert_string_equal(words("echo 'a'$x'b'"), "<echo> ~<a$xb>");
    assert_string_equal(words("echo $ a$ \"$\" $/ $."), "<echo> <$> <a$> <$> <$/> <$.>");
    assert_string_equal(words("echo ${x#\"}\"} ${x%'}'} \"${x:-it's}\" \"${x#'}'}\""),
                        "<echo> ~<${x#\"}\"}> ~<${x%'}'}> ~<${x:-it's}> ~<${x#'}'}>");
    assert_string_equal(words("echo $'a\\'b' c"), "<echo> ~<$'a\\'b'> <c>");
}

static void test_not_literal(void **state)
{
    (void)state;
    assert_string_equal(words("rm *.c a? [ab] [ a]"), "<rm> ~<*.c> ~<a?> ~<[ab]> <[> <a]>");
    assert_string_equal(words("cd ~ ~/x a~ --p=~/x"), "<cd> ~<~> ~<~/x> <a~> ~<--p=~/x>");
    assert_string_equal(words("mv {a,b} {1..3} {} {a} a,b"),
                        "<mv> ~<{a,b}> ~<{1..3}> <{}> <{a}> <a,b>");
    assert_string_equal(words("echo '*' \"~\" \\* '{a,b}'"), "<echo> <*> <~> <*> <{a,b}>");
    assert_string_equal(words("rm -rf !(a|b) x@(c)"), "<rm> <-rf> ~<!(a|b)> ~<x@(c)>");
}

static void test_spans_are_exact(void **state)
{
    (void)state;
    const char *text = "A=1 echo  'a b'$x >f # c";
    struct shell_script s = read_text(text);
    const struct shell_command *c = &s.commands.v[0];
    assert_int_equal(c->raw.from, 0);
    assert_int_equal(c->raw.to, 20);
    assert_int_equal(c->words.v[1].raw.from, 10);
    assert_int_equal(c->words.v[1].raw.to, 17);
    assert_int_equal(c->assigns.v[0].raw.to, 3);
    assert_int_equal(c->assigns.v[0].value.raw.from, 2);
    assert_int_equal(c->redirects.v[0].raw.from, 18);
    assert_int_equal(s.comments.v[0].from, 21);
    assert_int_equal(s.comments.v[0].to, 24);
}

static void test_assignments(void **state)
{
    (void)state;
    struct shell_script s = read_text("A=1 B+='x y' C[2]=z d=$e f= make G=1");
    const struct shell_command *c = &s.commands.v[0];
    assert_int_equal(c->assigns.n, 5);
    assert_true(str_is(c->assigns.v[1].name, "B"));
    assert_true(str_is(c->assigns.v[1].value.value, "x y"));
    assert_true(str_is(c->assigns.v[2].name, "C"));
    assert_false(c->assigns.v[3].value.literal);
    assert_int_equal(c->assigns.v[4].value.value.n, 0);
    assert_string_equal(words_of(c), "<make> <G=1>");
    s = read_text("a=(b 'c d' \"$(e)\"\n# no\nf) g");
    assert_true(s.complete);
    assert_true(str_starts(s.commands.v[0].assigns.v[0].value.value, STR("(b 'c d'")));
    assert_string_equal(words_of(&s.commands.v[0]), "<g>");
    assert_string_equal(words_of(&s.commands.v[1]), "<e>");
    assert_string_equal(words("declare -A m=([a]=1 [b]=2)"), "<declare> <-A> ~<m=([a]=1 [b]=2)>");
}

static void test_backticks(void **state)
{
    (void)state;
    const char *text = "echo `a \\`b \\\\$c\\` \"d e\"` f";
    struct shell_script s = read_text(text);
    assert_true(s.complete);
    assert_int_equal(s.commands.n, 3);
    assert_string_equal(words_of(&s.commands.v[0]), "<echo> ~<`a \\`b \\\\$c\\` \"d e\"`> <f>");
    assert_string_equal(words_of(&s.commands.v[1]), "<a> ~<`b \\$c`> <d e>");
    assert_true(s.commands.v[1].substitution);
    /* The inner command stands where the escaped text says. */
    const struct shell_word *b = &s.commands.v[2].words.v[0];
    assert_int_equal(b->raw.from, 10);
    assert_int_equal(b->raw.to, 11);
    s = read_text("echo \"`x \\\"y z\\\"`\"");
    assert_true(s.complete);
    assert_string_equal(words_of(&s.commands.v[1]), "<x> <y z>");
}

/* ---- structure ------------------------------------------------------------------------------ */

static void test_links(void **state)
{
    (void)state;
    struct shell_script s = read_text("a && b || c; d | e |& f & g\nh");
    static const enum shell_link want[] = {SHELL_FIRST, SHELL_AND,  SHELL_OR, SHELL_SEQ,
                                           SHELL_PIPE,  SHELL_PIPE, SHELL_BG, SHELL_SEQ};
    assert_true(s.complete);
    assert_int_equal(s.commands.n, 8);
    for (size_t i = 0; i < 8; i++)
        assert_int_equal(s.commands.v[i].link, want[i]);
}

static void test_blocks(void **state)
{
    (void)state;
    struct shell_script s =
        read_text("if a; then b; elif c; then d; else e; fi; for x in 1 $y; do f; done\n"
                  "while g; do h; done; until i\ndo j\ndone; case $k in (l|m) n;; *) o ;& p) esac\n"
                  "{ q; r; } ; ( s; t ); u() { v; }; function w() { x; }; function y { z; }; "
                  "select aa; do bb; "
                  "done; for ((i = 0; i < $(cc); i++)); do dd; done");
    assert_true(s.complete);
    const char *names = "abcdefghijnoqrstvxz";
    for (size_t i = 0; i < strlen(names); i++)
        assert_true(str_eq(s.commands.v[i].words.v[0].value, str_make(names + i, 1)));
    assert_int_equal(s.commands.n, strlen(names) + 3);
    assert_int_equal(s.commands.v[0].depth, 1);
    assert_true(s.commands.v[14].subshell);
    assert_false(s.commands.v[12].subshell);
    assert_true(complete("if (a) then { b; } fi"));
    assert_true(complete("for x\ndo\n# c\na\ndone >f 2>&1 <g | b"));
    assert_true(complete("case a in esac"));
    assert_true(complete("f()\n{ a; }\nf ( ) (b)"));
}

static void test_words_of_no_command(void **state)
{
    (void)state;
    struct shell_script s =
        read_text("for d in /a \"$b\"; do case $d in /x|*) f;; esac; done; g() { h; }");
    static const char *const want[] = {"d", "/a", "$b", "$d", "/x", "*", "g"};
    assert_int_equal(s.others.n, 7);
    for (size_t i = 0; i < 7; i++)
        assert_true(str_is(s.others.v[i].value, want[i]));
}

static void test_tests_and_arithmetic(void **state)
{
    (void)state;
    assert_string_equal(words("[[ -f $a && ! ( b < c ) || $d =~ ^(x|y)[0-9]+;$ ]]"),
                        "<[[> <-f> ~<$a> <&&> <!> <(> <b> <<> <c> <)> <||> ~<$d> <=~> "
                        "~<^(x|y)[0-9]+;$> <]]>");
    assert_string_equal(words("[ -f x ]"), "<[> <-f> <x> <]>");
    assert_string_equal(words("(( i += 1 ))"), "~<(( i += 1 ))>");
    assert_string_equal(words("((i++))"), "~<((i++))>");
    assert_string_equal(words("(( ! i ))"), "~<(( ! i ))>");
    assert_string_equal(words("((!i))"), "~<((!i))>");
    assert_string_equal(flow("(( ! grep x y ))"), "grep~");
    /* Two subshells, as real files have them. */
    assert_string_equal(flow("(( find /usr -name x | xargs rm || true )) && a"),
                        "find~ xargs~ true? a");
    assert_string_equal(flow("((if b; then c; fi) && false)"), "b~ c? false");
    /* $(( that is a command. */
    struct shell_script s = read_text("echo $((a); (b)) $(( 1 + $(c) ))");
    assert_true(s.complete);
    assert_int_equal(s.commands.n, 4);
}

static void test_substitutions_are_listed(void **state)
{
    (void)state;
    struct shell_script s = read_text("a \"$(b | c)\" ${d:-$(e)} <(f) `g` >\"$(h)\" i=$(j)");
    assert_true(s.complete);
    const char *names = "abcefghj";
    assert_int_equal(s.commands.n, strlen(names));
    for (size_t i = 0; i < s.commands.n; i++) {
        assert_true(str_eq(s.commands.v[i].words.v[0].value, str_make(names + i, 1)));
        assert_int_equal(s.commands.v[i].substitution, i > 0);
        assert_int_equal(s.commands.v[i].subshell, i > 0);
    }
    assert_true(s.commands.v[3].conditional);
    assert_true(s.commands.v[4].background);
    assert_false(s.commands.v[5].conditional);
    assert_true(complete("x=$(case $a in b) c;; esac)"));
    assert_true(complete("x=$(# ) comment\na)"));
}

static void check_redirect(const char *text, int fd, const char *op, const char *target)
{
    struct shell_script s = read_text(text);
    assert_true(s.complete);
    const struct shell_redirect *d = &s.commands.v[0].redirects.v[0];
    assert_int_equal(s.commands.v[0].redirects.n, 1);
    assert_int_equal(d->fd, fd);
    assert_true(str_is(d->op, op));
    assert_true(str_is(d->target.value, target));
}

static void test_redirections(void **state)
{
    (void)state;
    check_redirect("a >b", -1, ">", "b");
    check_redirect("a 2>>'b c'", 2, ">>", "b c");
    check_redirect("a 2>&1", 2, ">&", "1");
    check_redirect(">&2 a", -1, ">&", "2");
    check_redirect("a &>b", -1, "&>", "b");
    check_redirect("a &>> b", -1, "&>>", "b");
    check_redirect("a 10<&-", 10, "<&", "-");
    check_redirect("a >| b", -1, ">|", "b");
    check_redirect("a <>b", -1, "<>", "b");
    check_redirect("a <<<\"b c\"", -1, "<<<", "b c");
    check_redirect("a >>b", -1, ">>", "b");
    assert_string_equal(words("echo a2>f b"), "<echo> <a2> <b>");
    assert_false(complete("a >"));
    assert_false(complete("a > ; b"));
}

static void test_redirections_of_blocks(void **state)
{
    (void)state;
    struct shell_script s = read_text("{ a; b; } >f 2>&1 && c");
    assert_true(s.complete);
    assert_int_equal(s.commands.n, 4);
    assert_int_equal(s.commands.v[2].link, SHELL_BLOCK);
    assert_int_equal(s.commands.v[2].words.n, 0);
    assert_int_equal(s.commands.v[2].redirects.n, 2);
    assert_int_equal(s.commands.v[3].link, SHELL_AND);
}

static void test_heredocs(void **state)
{
    (void)state;
    struct shell_script s =
        read_text("a <<A <<-'B' && b\n1 $(c) \" '\nA\n\t2 $(d)\n\tB\ne <<\\C\n`\nC\nf");
    assert_true(s.complete);
    assert_string_equal(flow("a <<A <<-'B' && b\n1 $(c) \" '\nA\n\t2 $(d)\n\tB\ne <<\\C\n`\nC\nf"),
                        "a~ b?~ c~ e~ f");
    const struct shell_redirect *d = s.commands.v[0].redirects.v;
    assert_true(str_is(d[0].body, "1 $(c) \" '\n"));
    assert_true(str_is(d[1].body, "2 $(d)\n"));
    assert_int_equal(d[0].body_raw.from, 18);
    assert_int_equal(d[0].body_raw.to, 31);
    /* The end of the text ends a body that has begun, but one must be there. */
    assert_true(complete("cat <<A\nx"));
    assert_false(complete("cat <<A"));
    assert_false(complete("echo `cat <<A`"));
    s = read_text("x=$(cat <<A\n)\nA\n) && y");
    assert_true(s.complete);
    assert_int_equal(s.commands.n, 3);
}

static void test_comments(void **state)
{
    (void)state;
    struct shell_script s = read_text("#!/bin/sh\n# a 'b\nc # d \" && e\nf;#g\n(h)#i");
    assert_true(s.complete);
    assert_int_equal(s.comments.n, 5);
    assert_int_equal(s.commands.n, 3);
    /* In the joined text of a RUN it goes to the end. */
    s = read_text("a && # b && c");
    assert_false(s.complete);
    assert_string_equal(flow("a # && b"), "a");
}

/* ---- what is certain ------------------------------------------------------------------------ */

static void test_plain_chains_are_certain(void **state)
{
    (void)state;
    assert_string_equal(flow("a && b && c"), "a b c");
    assert_string_equal(flow("a; b\nc"), "a~ b~ c");
    assert_string_equal(flow("a && { b && c; } && (d && e)"), "a b c d e");
    assert_string_equal(flow("if a; then b; fi && c"), "a~ b? c");
}

static void test_swallowed_failures(void **state)
{
    (void)state;
    assert_string_equal(flow("a && b; c"), "a~ b?~ c");
    assert_string_equal(flow("a || b"), "a~ b?");
    assert_string_equal(flow("a && b || true"), "a~ b?~ true?");
    assert_string_equal(flow("a || b && c"), "a~ b? c");
    assert_string_equal(flow("{ a && b; } || c"), "a~ b?~ c?");
    assert_string_equal(flow("! { a && b; }"), "a~ b?~");
    assert_string_equal(flow("(a && b) | c"), "a~ b?~ c");
    assert_string_equal(flow("a && b & c"), "a~& b?~& c");
    assert_string_equal(flow("echo $(a && b)"), "echo a~ b?~");
    /* Who reads a pipe may end before the writer's second command. */
    assert_string_equal(flow("{ a; b; } | c"), "a~ b?~ c");
}

static void test_questions(void **state)
{
    (void)state;
    assert_string_equal(flow("[ -d x ] && a && b"), "[ a? b?");
    assert_string_equal(flow("test x && a"), "test a?");
    assert_string_equal(flow("[[ x ]] && a"), "[[ a?");
    assert_string_equal(flow("! a && b"), "a~ b?");
    assert_string_equal(flow("[ -d x ] || a && b"), "[~ a? b");
    assert_string_equal(flow("a && [ x ] && b"), "a [ b?");
}

static void test_branches(void **state)
{
    (void)state;
    assert_string_equal(flow("if a; then b; elif c; then d; else e; fi"), "a~ b? c?~ d? e?");
    assert_string_equal(flow("for x in y; do a; done; while b; do c; done"), "a?~ b~ c?");
    assert_string_equal(flow("case x in y) a;; esac"), "a?");
    assert_string_equal(flow("f() { a; }; f"), "a?~ f");
}

static void test_exit(void **state)
{
    (void)state;
    assert_string_equal(flow("a || exit 0; b"), "a~ exit?~ b?");
    assert_string_equal(flow("a || exit 1; b"), "a~ exit?~ b");
    assert_string_equal(flow("if a; then exit; fi; b"), "a~ exit?~ b?");
    assert_string_equal(flow("(exit 0); b"), "exit~ b");
    assert_string_equal(flow("exec a; b"), "exec~ b?");
    assert_string_equal(flow("exec 2>&1; b"), "exec~ b");
    assert_string_equal(flow("f() { return 0; }; b"), "return?~ b");
    assert_string_equal(flow("(exit 1; a) || b"), "exit~ a?~ b?");
    assert_string_equal(flow("echo $(exit 1; a)"), "echo exit~ a?~");
    assert_string_equal(flow("{ exit 1; a; } & b"), "exit~& a?~& b");
}

static void test_errexit(void **state)
{
    (void)state;
    assert_string_equal(flow("set -e; a; b"), "set a b");
    assert_string_equal(flow("set -eux; a; b || c; d"), "set a b~ c? d");
    assert_string_equal(flow("set -o errexit; a; set +e; b; c"), "set a set~ b~ c");
    assert_string_equal(flow("(set -e; a); b; c"), "set~ a?~ b~ c");
    assert_string_equal(flow("x && set -e; a; b"), "x~ set?~ a~ b");
    /* Under set -e a subshell can end early. */
    assert_string_equal(flow("set -e; echo $(a; b)"), "set echo a~ b?~");
}

static void test_incomplete_is_never_certain(void **state)
{
    (void)state;
    assert_string_equal(flow("a && b; if c"), "a?~ b?~ c?~ INCOMPLETE");
    struct shell_script s = read_text("a && (b");
    assert_false(s.complete);
    assert_int_equal(s.stopped_at, 7);
}

static void test_what_no_shell_reads(void **state)
{
    (void)state;
    static const char *const bad[] = {
        "echo 'a",
        "echo \"a",
        "echo `a",
        "echo $(a",
        "echo ${a",
        "a &&",
        "a |",
        "&& a",
        "; a",
        "a ;; b",
        "a & ; b",
        "(a",
        "a)",
        "{ a; ",
        "{ a }",
        "()",
        "{ }",
        "if a; fi",
        "if a then b",
        "fi",
        "a && }",
        "for; do a; done",
        "while a; b; done",
        "case x a) b;; esac",
        "case x in a b;; esac",
        "[[ a",
        "f() ",
        "function f a",
        "a (b)",
        "$((1",
        "x=(a",
        "a && then",
        "do",
    };
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
        if (complete(bad[i]))
            fail_msg("accepted: %s", bad[i]);
}

static void test_needs_a_shell(void **state)
{
    (void)state;
    static const char *const plain[] = {"a", "node server.js", "a 'b c' \"d\" e\\ f",
                                        "/bin/a --b=c"};
    static const char *const shell[] = {
        "",
        "a; b",
        "a && b",
        "a $b",
        "a *",
        "a ~",
        "A=1 b",
        "a >b",
        "! a",
        "a &",
        "(a)",
        "cd /a",
        "exec a",
        "a # b",
        "a | b",
        "a {b,c}",
        "a `b`",
        "'a",
        "if a; then b; fi",
        "export A",
    };
    for (size_t i = 0; i < sizeof plain / sizeof *plain; i++)
        if (read_text(plain[i]).uses_features)
            fail_msg("needs no shell: %s", plain[i]);
    for (size_t i = 0; i < sizeof shell / sizeof *shell; i++)
        if (!read_text(shell[i]).uses_features)
            fail_msg("needs a shell: %s", shell[i]);
}

static void test_exec_form(void **state)
{
    (void)state;
    const struct str args[] = {STR("/bin/a"), STR("$b c"), STR("")};
    struct shell_command c = shell_exec_form(&arena, args, 3);
    assert_string_equal(words_of(&c), "</bin/a> <$b c> <>");
    assert_false(c.conditional);
}

/* ---- the tree ------------------------------------------------------------------------------- */

static size_t draw(struct buf *b, const struct shell_script *s, size_t i);

/* All parts of a node. */
static void draw_parts(struct buf *b, const struct shell_script *s, size_t i, const char *between)
{
    bool first = true;
    for (size_t k = i + 1; k < s->nodes.v[i].end; first = false) {
        buf_addz(b, first ? "" : between);
        k = draw(b, s, k);
    }
}

/* Writes a node down so that one can see what it is made of; returns the number of the next. */
static size_t draw(struct buf *b, const struct shell_script *s, size_t i)
{
    static const char *const names[] = {
        [SHELL_NODE_LIST] = "",          [SHELL_NODE_CHAIN] = "",
        [SHELL_NODE_PIPELINE] = "",      [SHELL_NODE_COMMAND] = "",
        [SHELL_NODE_IF] = "if",          [SHELL_NODE_WHILE] = "while",
        [SHELL_NODE_FOR] = "for",        [SHELL_NODE_CASE] = "case",
        [SHELL_NODE_CLAUSE] = "clause",  [SHELL_NODE_GROUP] = "group",
        [SHELL_NODE_SUBSHELL] = "sub",   [SHELL_NODE_FUNCTION] = "function",
        [SHELL_NODE_SUBSTITUTION] = "$", [SHELL_NODE_BODY] = "body",
    };
    const struct shell_node *n = &s->nodes.v[i];
    const char *between = n->kind == SHELL_NODE_LIST       ? "; "
                          : n->kind == SHELL_NODE_CHAIN    ? ""
                          : n->kind == SHELL_NODE_PIPELINE ? " | "
                                                           : ", ";
    bool plain = n->kind == SHELL_NODE_CHAIN || n->kind == SHELL_NODE_PIPELINE;
    if (n->kind == SHELL_NODE_PIPELINE)
        buf_addz(b, n->link == SHELL_AND ? " && " : n->link == SHELL_OR ? " || " : "");
    buf_addz(b, n->negated ? "! " : n->optional ? "?" : "");
    if (n->kind == SHELL_NODE_COMMAND) {
        const struct shell_command *c = &s->commands.v[n->first];
        struct str program = c->words.n ? c->words.v[0].value : STR(">");
        buf_addf(b, "%.*s", STR_ARG(program));
        if (n->end == i + 1)
            return n->end;
    }
    buf_addz(b, names[n->kind]);
    if (n->kind == SHELL_NODE_BODY)
        buf_addf(b, "%u", n->owner);
    for (size_t w = n->word; w < n->words_end; w++)
        buf_addf(b, " %.*s", STR_ARG(s->others.v[w].value));
    buf_addz(b, plain ? "" : "(");
    draw_parts(b, s, i, between);
    buf_addz(b, plain ? "" : ")");
    buf_addz(b, n->falls ? " ;&" : n->background ? " &" : "");
    return n->end;
}

static const char *tree(const char *text)
{
    struct shell_script s = read_text(text);
    struct buf b = buf_in(&arena);
    if (s.nodes.n)
        assert_int_equal(draw(&b, &s, 0), s.nodes.n);
    return buf_str(&b).p;
}

static void test_tree(void **state)
{
    (void)state;
    assert_string_equal(tree("a && b || ! c | d; e & f\ng"), "(a && b || ! c | d; e &; f; g)");
    assert_string_equal(tree("if a; b; then c; elif d; then e; else f; fi >g"),
                        "(if((a; b), (c), (d), (e), (f), >))");
    assert_string_equal(tree("if a; then b; fi"), "(if((a), (b)))");
    assert_string_equal(tree("while a; do b; done; until c; do d; done"),
                        "(while((a), (b)); while((c), (d)))");
    assert_string_equal(tree("for i in x $(a); do b; done"), "(for i x $(a)($((a)), (b)))");
    assert_string_equal(tree("case $x in a|b) c;; d) ;; *) e;& esac"),
                        "(case $x(clause a b((c)), clause d(), clause *((e)) ;&))");
    assert_string_equal(tree("{ a; } && (b) | c"), "(group((a)) && sub((b)) | c)");
    assert_string_equal(
        tree("f() { a; }; function g { b; } >c; h() (d)"),
        "(function f(group((a))); function g(group((b), >)); function h(sub((d))))");
    assert_string_equal(tree("a $(b; c) `d` ${e:-$(f)} <(g) >$(h)"),
                        "(a($((b; c)), $((d)), ?$((f)), $((g)) &, $((h))))");
    assert_string_equal(tree("[[ a || $(b) ]] && ((c))"), "([[($((b))) && ((c)))");
    assert_string_equal(tree("a <<X && b\n$(c)\nX\nd"), "(a && b; body0($((c))); d)");
    assert_string_equal(tree("a <<X && if b; then\n$(c)\nX\nd; fi"),
                        "(a && if((b), (body0($((c))); d)))");
    assert_string_equal(tree("a; if"), "");
    assert_string_equal(tree(""), "()");
}

/* Parts lie inside of what they are parts of, and each command is a node of its own, in order. */
static void check_tree(const struct shell_script *s)
{
    size_t commands = 0;
    for (size_t i = 0; i < s->nodes.n; i++) {
        const struct shell_node *n = &s->nodes.v[i];
        assert_true(n->end > i && n->end <= s->nodes.n && n->first <= n->last);
        for (size_t k = i + 1; k < n->end; k = s->nodes.v[k].end)
            assert_true(s->nodes.v[k].end <= n->end && s->nodes.v[k].first >= n->first &&
                        s->nodes.v[k].last <= n->last);
        if (n->kind == SHELL_NODE_COMMAND)
            assert_int_equal(n->first, commands++);
    }
    if (s->complete)
        assert_int_equal(commands, s->commands.n);
    else
        assert_int_equal(s->nodes.n, 0);
}

/* ---- all of it ------------------------------------------------------------------------------ */

static void cover(char *seen, struct span s, size_t n)
{
    assert_true(s.from <= s.to && s.to <= n);
    memset(seen + s.from, 1, s.to - s.from);
}

/* The length of a keyword at the beginning of `s`. */
static size_t keyword(struct str s)
{
    static const char *const known[] = {"function", "select", "until", "while", "elif", "else",
                                        "esac",     "then",   "done",  "case",  "for",  "do",
                                        "fi",       "if",     "in",    NULL};
    for (size_t i = 0; known[i]; i++)
        if (str_starts(s, str_of(known[i])))
            return strlen(known[i]);
    return 0;
}

/* Between the spans are only blanks, operators and keywords. */
static void check_lossless(struct str text)
{
    struct shell_script s = shell_read(&arena, text);
    char *seen = arena_alloc(&arena, text.n + 1);
    assert_true(s.complete);
    check_tree(&s);
    VEC_EACH (c, &s.commands) {
        VEC_EACH (w, &c->words)
            cover(seen, w->raw, text.n);
        VEC_EACH (w, &c->assigns)
            cover(seen, w->raw, text.n);
        VEC_EACH (d, &c->redirects) {
            cover(seen, d->raw, text.n);
            cover(seen, d->body_raw, text.n);
        }
    }
    VEC_EACH (w, &s.others)
        cover(seen, w->raw, text.n);
    VEC_EACH (c, &s.comments)
        cover(seen, *c, text.n);
    for (size_t i = 0; i < text.n; i++) {
        if (seen[i] || strchr(" \t\n;&|(){}!\\", text.p[i]))
            continue;
        size_t n = keyword(str_from(text, i));
        if (!n)
            fail_msg("lost at %zu: %.*s", i, (int)(text.n - i), text.p + i);
        i += n - 1;
    }
}

static void test_lossless(void **state)
{
    (void)state;
    static const char *const texts[] = {
        "set -eux; \t savedAptMark=\"$(apt-mark showmanual)\"; apt-get update; rm -rf "
        "/var/lib/apt/lists/*;"
        " if [ ! -x \"`command -v gpg`\" ]; then apt-get install -y gpg; fi; "
        "dpkgArch=\"$(dpkg --print-architecture | awk -F- '{ print $NF }')\"; "
        "case \"$dpkgArch\" in amd64|x86_64) a='x';; *) echo >&2 \"error: ${dpkgArch#\"a\"}\"; "
        "exit 1 ;; esac",
        "cat <<-'E' >/x 2>&1 # c\n\ta $(\n\tE\nfor i in a{1,2} $b; do { f \\\n  g; } || ! h & "
        "done; x() (y)",
        "[[ $a == b* && c =~ (d|e) ]] && (( n += 1 )) || for ((i=0; i<3; i++)) { z <(y) >>w; }",
    };
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++)
        check_lossless(str_of(texts[i]));
}

static struct str repeat(const char *part, size_t times)
{
    struct buf b = buf_in(&arena);
    for (size_t i = 0; i < times; i++)
        buf_addz(&b, part);
    return buf_str(&b);
}

/* A hundred thousand of each: neither slow nor deep. Under a sanitizer a quadratic reader takes
 * minutes for one of them. */
static void test_pathological(void **state)
{
    (void)state;
    static const char *const parts[] = {
        "(",
        "$(",
        "\"",
        "`",
        "<<a ",
        "${",
        "$((",
        "((",
        "'",
        "\\",
        "{ ",
        "if ",
        "while ",
        "[[ ",
        "! ",
        "a|",
        "a&&",
        "a||",
        "a;",
        "a&",
        "a\n",
        "#",
        "x=(",
        "<(",
        "\"$(",
        "`\\`",
        "case x in a) ",
        "f()",
        "[",
        "{a,",
        "a=",
        "$[",
        "<<a\n",
        "<<-a\n",
        "\\\n",
        "$'",
        "@(",
        "a[",
        "for x ",
        "\\`",
        "(a) ",
        "`a`",
        "\"$(a)\"",
        "a || b && ",
        "a|b;",
        "! a;",
        "(a);",
        "$((a #((\n)) ",
        "${a:-\"",
        "if a;then b;fi;",
        "a<<b\nb\n",
        "{ exit 1; };",
    };
    for (size_t i = 0; i < sizeof parts / sizeof *parts; i++) {
        struct shell_script s = shell_read(&arena, repeat(parts[i], 100000));
        assert_true(s.complete || s.stopped_at <= s.text.n);
        check_tree(&s);
        arena_release(&arena);
    }
}

static struct str nested(const char *open, const char *inside, const char *close, size_t n)
{
    return str_cat(&arena, str_cat(&arena, repeat(open, n), str_of(inside)), repeat(close, n));
}

static void test_depth_is_capped(void **state)
{
    (void)state;
    static const struct {
        const char *open, *close;
    } pairs[] = {
        {"( ", " )"}, {"$( ", " )"}, {"{ ", "; }"}, {"if ", "; then b; fi"}, {"${a:-", "}"}};
    for (size_t i = 0; i < sizeof pairs / sizeof *pairs; i++) {
        assert_true(shell_read(&arena, nested(pairs[i].open, "a", pairs[i].close, SHELL_MAX_DEPTH))
                        .complete);
        assert_false(
            shell_read(&arena, nested(pairs[i].open, "a", pairs[i].close, SHELL_MAX_DEPTH + 1))
                .complete);
    }
}

/* Cut at any byte it neither crashes nor reads behind the end. */
static void test_truncated(void **state)
{
    (void)state;
    const char *text =
        "a 'b' \"$(c `d \\`e\\``)\" ${f:-\"g\"} <<-H $'i' $((1+(2))) ((3)) <(j) &>k\nl\nH\n"
        "[[ m =~ (n) ]]; for o in p; do case q in r|s) t;; esac; done; u=(v) w() { x; }";
    for (size_t n = 0; n <= strlen(text); n++) {
        char *copy = malloc(n + 1); /* so that a sanitizer sees a read behind it */
        memcpy(copy, text, n);
        struct shell_script s = shell_read(&arena, str_make(copy, n));
        VEC_EACH (c, &s.commands)
            assert_true(c->raw.from <= c->raw.to && c->raw.to <= n);
        check_tree(&s);
        free(copy);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_plain_words),
        cmocka_unit_test(test_quotes),
        cmocka_unit_test(test_quoted_is_said),
        cmocka_unit_test(test_expansions_are_kept),
        cmocka_unit_test(test_not_literal),
        cmocka_unit_test(test_spans_are_exact),
        cmocka_unit_test(test_assignments),
        cmocka_unit_test(test_backticks),
        cmocka_unit_test(test_links),
        cmocka_unit_test(test_blocks),
        cmocka_unit_test(test_words_of_no_command),
        cmocka_unit_test(test_tests_and_arithmetic),
        cmocka_unit_test(test_substitutions_are_listed),
        cmocka_unit_test(test_redirections),
        cmocka_unit_test(test_redirections_of_blocks),
        cmocka_unit_test(test_heredocs),
        cmocka_unit_test(test_comments),
        cmocka_unit_test(test_plain_chains_are_certain),
        cmocka_unit_test(test_swallowed_failures),
        cmocka_unit_test(test_questions),
        cmocka_unit_test(test_branches),
        cmocka_unit_test(test_exit),
        cmocka_unit_test(test_errexit),
        cmocka_unit_test(test_incomplete_is_never_certain),
        cmocka_unit_test(test_what_no_shell_reads),
        cmocka_unit_test(test_needs_a_shell),
        cmocka_unit_test(test_exec_form),
        cmocka_unit_test(test_tree),
        cmocka_unit_test(test_lossless),
        cmocka_unit_test(test_pathological),
        cmocka_unit_test(test_depth_is_capped),
        cmocka_unit_test(test_truncated),
    };
    return cmocka_run_group_tests(tests, NULL, teardown);
}
