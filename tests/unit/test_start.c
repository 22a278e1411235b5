/*
 * What start scripts may write, and where: each row is a script of the context and the answer that
 * it leads to. "data" is a directory that the file makes; everything lies in /app.
 */
#include "tests/support/tree.h"
#include "tests/support/unit.h"

struct row {
    const char *script;
    enum ur_answer answer;
};

static struct ur_options *options_new(const char *profile)
{
    struct ur_options *options = ur_options_new();
    assert_int_equal(ur_options_set(options, "profile", profile), 0);
    assert_int_equal(ur_options_seal(options), 0);
    return options;
}

static enum ur_answer answer_of(const struct ur_options *options, const char *script)
{
    static const char file[] = "FROM python:3.11-slim\nENV CONF=/etc/app OUT=/app/out\n"
                               "RUN mkdir -p /var/lib/data\nWORKDIR /app\nCOPY . .\n"
                               "CMD [\"./bin/start.sh\"]\n";
    const struct tree_file files[] = {
        {.path = "bin/start.sh", .bytes = script, .mode = 0755},
        {.path = "config/application.rb", .bytes = ""},
        {.path = "lib/write.sh", .bytes = "put() { echo \"$1\" > /etc/put; }\n"},
        {.path = "lib/work.sh", .bytes = "work() { mkdir -p run; }\nOUT=/app/work\n"},
        {.path = "web.py", .bytes = ""},
        {NULL},
    };
    struct ur_context context = tree_context(files);
    struct ur_build build = {.contexts = &context, .context_count = 1};
    struct ur_result *result = ur_rewrite_in(options, &build, "Dockerfile", file, sizeof file - 1);
    enum ur_answer answer = ur_result_answer(result);
    ur_result_free(result);
    return answer;
}

static void judge(const char *profile, const struct row *rows, size_t n)
{
    struct ur_options *options = options_new(profile);
    unsigned wrong = 0;
    for (size_t i = 0; i < n; i++) {
        char script[600];
        snprintf(script, sizeof script, "#!/bin/bash\n%s\nexec python web.py\n", rows[i].script);
        enum ur_answer answer = answer_of(options, script);
        if (answer != rows[i].answer)
            print_error("%s: %s\n", ur_answer_name(answer), rows[i].script);
        wrong += answer != rows[i].answer;
    }
    ur_options_free(options);
    assert_int_equal(wrong, 0);
}

#define JUDGE(rows) judge("default", rows, sizeof rows / sizeof *rows)

static void test_redirections(void **state)
{
    (void)state;
    static const struct row rows[] = {
        {"echo a > x", UR_SAFE},
        {"echo a >> /app/x 2>&1", UR_SAFE},
        {"echo a > /tmp/x", UR_SAFE},
        {"echo a > /dev/stderr", UR_SAFE},
        {"echo a >&2", UR_SAFE},
        {"echo a >&$fd", UR_SAFE},
        {"echo a > ~/x", UR_SAFE},
        {"echo a > \"$HOME/x\"", UR_SAFE},
        {"echo a > \"$OUT/x\"", UR_SAFE},
        {"echo a > /var/lib/data/x", UR_SAFE},
        {"cat < /etc/passwd", UR_SAFE},
        {"exec > >(tee log) 2>&1", UR_SAFE},
        {"echo a > \"log/$(date +%F)-$$-$(hostname).log\"", UR_SAFE},
        {"echo a > ../x", UR_REVIEW},
        {"echo a > /etc/x", UR_REVIEW},
        {"echo a >& /etc/x", UR_REVIEW},
        {"echo a > $CONF/x", UR_REVIEW},
        {"echo a > \"$UNSET/x\"", UR_REVIEW},
        {"{ echo a; echo b; } >> /etc/x", UR_REVIEW},
        {"echo a > $(find / -name x)", UR_REVIEW},
    };
    JUDGE(rows);
}

static void test_variables(void **state)
{
    (void)state;
    static const struct row rows[] = {
        {"D=/app/x\nmkdir -p \"$D\"", UR_SAFE},
        {"D=/etc/x\necho a > \"$D\"", UR_REVIEW},
        {"D=/etc/x\nD=x\necho a > $D", UR_SAFE},
        {"export D=/app/x E\necho a > ${D}/y", UR_SAFE},
        {"D=$OUT/x\nE=$D/y\ntouch $E/z", UR_SAFE},
        {"OUT=/etc\ntouch $OUT/z", UR_REVIEW},
        {"[ -n \"$1\" ] && OUT=/etc\necho a > $OUT/z", UR_REVIEW},
        {"[ -n \"$1\" ] && D=x\necho a > $D/z", UR_SAFE},
        {"D=x\nread D\necho a > $D", UR_REVIEW},
        {"(OUT=/etc)\necho a > $OUT/z", UR_REVIEW}, /* too careful */
        {"D=a D=/etc true\necho a > ${D:-x}", UR_SAFE},
        {"echo a > ${OUT:-/etc}/x", UR_SAFE},
        {"echo a > ${D:-/etc}/x", UR_REVIEW},
        {"D=$(dirname \"$OUT/a/b\")\nmkdir -p $D", UR_SAFE},
        {"D=$(dirname \"$CONF\")\necho a > $D/x", UR_REVIEW},
        {"D=\"$(cd \"$(dirname \"$0\")/..\" && pwd)\"\necho a > \"$D/x\"", UR_SAFE},
        {"D=\"$(cd \"$(dirname \"${BASH_SOURCE[0]}\")/../..\" && pwd)\"\necho a > \"$D/x\"",
         UR_REVIEW},
        {"D=\"$(dirname \"$(readlink -f \"$0\")\")\"\necho a > \"$D/x\"", UR_SAFE},
        {"echo a > ${0%/*}/x", UR_SAFE},
        {"echo a > $PWD/x", UR_SAFE},
    };
    JUDGE(rows);
}

static void test_places(void **state)
{
    (void)state;
    static const struct row rows[] = {
        {"cd bin\necho a > x", UR_SAFE},
        {"cd bin && cd .. && touch x", UR_SAFE},
        {"cd ..\ntouch x\ncd app", UR_REVIEW},
        {"cd /etc\ntouch x\ncd /app", UR_REVIEW},
        {"cd /etc\necho a > x\ncd /app", UR_REVIEW},
        {"cd /etc\ncd /app\ntouch x", UR_SAFE},
        {"cd /tmp\ntouch x\ncd /app", UR_SAFE},
        {"cd /var/lib/data && touch x\ncd /app", UR_SAFE},
        {"[ -d /etc/x ] && cd /etc/x\ntouch y", UR_REVIEW},
        {"[ -d bin ] && cd bin\ntouch y", UR_SAFE},
        {"(cd bin; cat x)\ntouch y", UR_SAFE},
        {"(cd /etc; cat x)\ntouch y", UR_REVIEW}, /* what starts there might be the program */
        {"(cd /etc; touch x)\ncat y", UR_REVIEW},
        {"(cd /tmp); (touch x)", UR_SAFE},
        {"cd \"$(dirname \"$0\")\"\ntouch x", UR_SAFE},
        {"cd \"$(dirname \"$0\")/../..\"\ntouch x\ncd /app", UR_REVIEW},
        {"cd \"$UNKNOWN\"", UR_REVIEW},
        {"cd -\ntouch x", UR_REVIEW},
        {"cd\ntouch x\ncd /app", UR_REVIEW},
        {"pushd /etc\ntouch x\npopd\ncd /app", UR_REVIEW},
    };
    JUDGE(rows);
}

static void test_programs(void **state)
{
    (void)state;
    static const struct row rows[] = {
        {"find . -name '*.pyc' -delete", UR_SAFE},
        {"find /usr/lib -name '*.pyc'", UR_SAFE},
        {"find /app -name '*.js' -exec sed -i s/a/b/ {} \\;", UR_SAFE},
        {"find -name '*.js' -exec sed -i s/a/b/ {} +", UR_SAFE},
        {"find /usr/lib/x -exec sed -i s/a/b/ {} +", UR_REFUSED},
        {"find /usr/lib/x -exec grep a {} +", UR_SAFE},
        {"find /usr/lib -delete", UR_REVIEW},
        {"find . -fprint /etc/x", UR_REVIEW},
        {"ls | xargs cat", UR_SAFE},
        {"curl -sf -o /tmp/x http://a.test/x", UR_SAFE},
        {"curl -sf http://a.test/x -o x > /dev/null", UR_SAFE},
        {"curl -o /dev/null http://a.test/x", UR_SAFE},
        {"wget -qO- http://a.test/x", UR_SAFE},
        {"curl -o /etc/x http://a.test/x", UR_REVIEW},
        {"curl --output=$CONF/x http://a.test/x", UR_REVIEW},
        {"wget -O /usr/share/x http://a.test/x", UR_REVIEW},
        {"wget -P /etc http://a.test/x", UR_REVIEW},
        {"ls | xargs -n 1 rm", UR_REVIEW},
        {"perl -pi -e s/a/b/ /etc/x", UR_REVIEW},
        {"perl -Ilib x.pl", UR_SAFE},
        {"rm -f /run/app.pid", UR_SAFE},
        {"rm /run/app.pid", UR_REFUSED},
        {"rm -f /run/app.pid /etc/x", UR_REFUSED},
        {"D=$(mktemp -d)\nreadlink -f x", UR_SAFE},
        {"if (( EUID == 0 )); then chown -R 10001 /app; fi", UR_SAFE},
        {"(( n = 1 + 2 ))", UR_SAFE},
        {"case $1 in shell) exec bash ;; esac", UR_SAFE},
        {"exec bash", UR_REFUSED},
    };
    JUDGE(rows);
}

static void test_sourced(void **state)
{
    (void)state;
    static const struct row rows[] = {
        {". ./lib/work.sh\nwork", UR_SAFE},
        {"source \"$(dirname \"$0\")/../lib/work.sh\"\nwork\necho a > $OUT", UR_SAFE},
        {". /app/lib/write.sh\nput a", UR_REVIEW},
        {"cd lib\n. ./write.sh\nput a", UR_REVIEW},
        {". \"$UNKNOWN/x.sh\"", UR_REVIEW},
        {". ./lib/work.sh\nother", UR_REVIEW},
    };
    JUDGE(rows);
}

/* The working directory is root's; what Rails writes to is not. */
static void test_strict(void **state)
{
    (void)state;
    static const struct row rows[] = {
        {"true", UR_SAFE},
        {"mkdir -p tmp/pids", UR_SAFE},
        {"echo a > log/x", UR_SAFE},
        {"touch /var/lib/data/x", UR_SAFE},
        {"mkdir -p other", UR_REVIEW},
        {"echo a > x", UR_REVIEW},
        {"cd tmp && touch x\ncd ..", UR_SAFE},
    };
    judge("strict", rows, sizeof rows / sizeof *rows);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_redirections), cmocka_unit_test(test_variables),
        cmocka_unit_test(test_places),       cmocka_unit_test(test_programs),
        cmocka_unit_test(test_sourced),      cmocka_unit_test(test_strict),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
