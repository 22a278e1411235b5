/* What is the number of a port in words, variables and health checks, and where it stands. */
#include "tests/support/unit.h"

#include "unit/port_text.h"

static struct arena arena;

static int teardown(void **state)
{
    (void)state;
    arena_release(&arena);
    return 0;
}

/* ---- numbers ---- */

static size_t count(struct str s)
{
    struct span number;
    uint32_t value;
    size_t n = 0;
    for (size_t at = 0; port_next_number(s, &at, &number, &value);)
        n++;
    return n;
}

static void test_numbers(void **state)
{
    (void)state;
    assert_int_equal(count(STR("80")), 1);
    assert_int_equal(count(STR("80/tcp 443")), 2);
    assert_int_equal(count(STR(":80, =81; -82 (83) \"84\"")), 5);
    assert_int_equal(count(STR("listen 80.")), 1);
    assert_int_equal(count(STR("x80 80px 1.80 80.1 8_0 080 0 65536 99999999999999999999")), 0);
    assert_int_equal(count(STR("")), 0);
    assert_true(port_occurs(STR("a:80"), 80));
    assert_false(port_occurs(STR("a:8080"), 80));
}

/* ---- words ---- */

static port_words words_of(const struct port_text *t)
{
    port_words w = {0};
    port_exec_words(&arena, t, 0, &w);
    return w;
}

/* The text of the number in the exec form, by its place there; "" when none is found. */
static struct str in_exec(struct str text)
{
    struct port_text t = {.text = text};
    port_words w = words_of(&t);
    for (size_t i = 0; i < w.n; i++) {
        struct span number;
        uint32_t port;
        if (!port_in_word(&w, i, &number, &port))
            continue;
        ptrdiff_t at = port_word_place(&w.v[i], number.from);
        if (at < 0)
            return STR("nowhere");
        return str_sub(text, (size_t)at, (size_t)at + (number.to - number.from));
    }
    return STR("");
}

static void test_words(void **state)
{
    (void)state;
    EQ(in_exec(STR("[\"python\", \"-m\", \"http.server\", \"80\"]")), "80");
    EQ(in_exec(STR("[\"x\",\"--port=81\"]")), "81");
    EQ(in_exec(STR("[\"x\",\"run\",\"-b\",\"0.0.0.0:82\"]")), "82");
    EQ(in_exec(STR("[\"x\",\":83\"]")), "83");
    EQ(in_exec(STR("[\"java\",\"-Dserver.port=84\",\"-jar\",\"x.jar\"]")), "84");
    EQ(in_exec(STR("[\"dotnet\",\"x.dll\",\"--urls\",\"http://+:85\"]")), "85");
    EQ(in_exec(STR("[\"a\\\"b\",\"-p\",\"86\"]")), "86");
    EQ(in_exec(STR("[\"x\",\"\\u002dp\",\"\\u0038\\u0037\"]")), "nowhere");
    EQ(in_exec(STR("[\"x\",\"80\"]")), "");
    EQ(in_exec(STR("[\"x\",\"--workers\",\"80\"]")), "");
    EQ(in_exec(STR("[\"x\",\"--db\",\"postgres:80\"]")), "");
    EQ(in_exec(STR("[\"x\",\"-p\",\"80:90\"]")), "90");
    EQ(in_exec(STR("not json")), "");
    EQ(in_exec(STR("[\"x\", 80]")), "");
}

static port_commands commands_of(const struct port_text *t, bool *complete)
{
    port_commands c = {0};
    *complete = port_shell_commands(&arena, t, 0, &c);
    return c;
}

/* Every word's first byte is found again where the word says. */
static void check_places(struct str text)
{
    struct port_text t = {.text = text};
    bool complete;
    port_commands c = commands_of(&t, &complete);
    VEC_EACH (one, &c)
        VEC_EACH (w, &one->words)
            for (size_t i = 0; i < w->value.n; i++) {
                ptrdiff_t at = port_word_place(w, i);
                if (at >= 0)
                    assert_int_equal(text.p[at], w->value.p[i]);
            }
}

static void test_places(void **state)
{
    (void)state;
    check_places(STR("PORT=80 exec node server.js --x \"a b\" 'c\"d' e\\ f"));
    check_places(STR("sh -c 'exec gunicorn -b 0.0.0.0:80 \"app:app\"' && x --y=\"1\"2'3'"));
    check_places(STR("sh -c \"sh -c 'sh -c \\\"x -p 80\\\"'\""));
    check_places(STR("if a; then b -p ${PORT:-80}; fi"));
}

static void test_nested(void **state)
{
    (void)state;
    struct str text = STR("bash -lc 'exec uvicorn app --port 80'");
    struct port_text t = {.text = text};
    bool complete, found = false;
    port_commands c = commands_of(&t, &complete);
    assert_true(complete);
    VEC_EACH (one, &c)
        for (size_t i = 0; i < one->words.n; i++) {
            struct span number;
            uint32_t port;
            if (!port_in_word(&one->words, i, &number, &port))
                continue;
            assert_int_equal(port, 80);
            assert_int_equal(port_word_place(&one->words.v[i], number.from), text.n - 3);
            found = true;
        }
    assert_true(found);
    struct port_text broken = {.text = STR("if x; then 'y")};
    commands_of(&broken, &complete);
    assert_false(complete);
}

/* ---- variables ---- */

static uint32_t in_variable(const char *name, const char *value)
{
    struct span number;
    uint32_t port;
    size_t at = 0;
    return port_in_variable(str_of(name), str_of(value), &at, &number, &port) ? port : 0;
}

static void test_variables(void **state)
{
    (void)state;
    assert_int_equal(in_variable("PORT", "80"), 80);
    assert_int_equal(in_variable("HTTP_PORT", "8080"), 8080);
    assert_int_equal(in_variable("ASPNETCORE_URLS", "http://+:80;https://+:443"), 80);
    assert_int_equal(in_variable("LISTEN_ADDR", ":81"), 81);
    assert_int_equal(in_variable("PORT", "80 81"), 0);
    assert_int_equal(in_variable("PORT", "tcp://10.0.0.1:80"), 0);
    assert_int_equal(in_variable("PORT", ""), 0);
    assert_int_equal(in_variable("DB_PORT", "80"), 0);
    assert_int_equal(in_variable("SMTP_PORT", "25"), 0);
    assert_int_equal(in_variable("WORKERS", "80"), 0);
    assert_int_equal(in_variable("API_URLS", "http://api"), 0);
}

/* ---- this machine ---- */

/* The text with ":1" in place of each port of this machine. */
static struct str self(struct str s)
{
    struct str out = STR("");
    struct span number;
    uint32_t port;
    size_t done = 0;
    for (size_t at = 0; port_next_self(s, &at, &number, &port);) {
        out = str_fmt(&arena, "%.*s%.*s<%u>", STR_ARG(out), STR_ARG(str_sub(s, done, number.from)),
                      port);
        done = number.to;
    }
    return str_cat(&arena, out, str_from(s, done));
}

static void test_self(void **state)
{
    (void)state;
    EQ(self(STR("curl -f http://localhost/ || exit 1")), "curl -f http://localhost<80>/ || exit 1");
    EQ(self(STR("curl -f http://localhost:81/x")), "curl -f http://localhost:<81>/x");
    EQ(self(STR("curl -k https://127.0.0.1")), "curl -k https://127.0.0.1<443>");
    EQ(self(STR("nc -z localhost 82")), "nc -z localhost <82>");
    EQ(self(STR("curl http://localhost:$PORT/")), "curl http://localhost:$PORT/");
    EQ(self(STR("curl http://localhost.example/ http://mylocalhost/ 127.0.0.10")),
       "curl http://localhost.example/ http://mylocalhost/ 127.0.0.10");
    EQ(self(STR("wget 'http://[::1]:83/' localhost")), "wget 'http://[::1]:<83>/' localhost<80>");
    EQ(self(STR("")), "");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_numbers),   cmocka_unit_test(test_words),
        cmocka_unit_test(test_places),    cmocka_unit_test(test_nested),
        cmocka_unit_test(test_variables), cmocka_unit_test(test_self),
    };
    return cmocka_run_group_tests(tests, NULL, teardown);
}
