/* Moving ports: what is replaced, what is refused and why; configurations cut at every byte; and
 * what hostile ones cost. */
#include "tests/support/unit.h"

#include <time.h>

#include "base/buf.h"
#include "tests/support/files.h"
#include "tests/support/servers.h"

static struct arena arena;

static int teardown(void **state)
{
    (void)state;
    arena_release(&arena);
    return 0;
}

static const char *const names[] = {"nginx.conf", "httpd.conf", "Caddyfile"};

struct row {
    enum server_program program;
    unsigned from, to;
    const char *text, *want; /* the new text, or why not */
};

static void all_move(const struct row *rows, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        const struct row *r = &rows[i];
        struct str text = str_of(r->text);
        struct server_config c = server_read(&arena, r->program, text);
        struct server_moved m = server_move(&arena, text, &c, r->from, r->to);
        EQ_STR(m.text.p ? m.text : str_of(m.why), str_of(r->want), r->text);
        assert_int_equal(!m.text.p, !m.edits.n);
    }
}

static void test_nginx(void **state)
{
    (void)state;
    static const struct row rows[] = {
        {SERVER_NGINX, 80, 8080, "server { listen 80; listen [::]:80; # 80\n }",
         "server { listen 8080; listen [::]:8080; # 80\n }"},
        {SERVER_NGINX, 80, 8080, "server { listen *:080 default_server; listen 81; }",
         "server { listen *:8080 default_server; listen 81; }"},
        {SERVER_NGINX, 443, 8443, "listen 443 ssl; listen 443 quic; return 301 https://$host:443;",
         "listen 8443 ssl; listen 8443 quic; return 301 https://$host:443;"},
        {SERVER_NGINX, 80, 8080,
         "listen 80; proxy_pass http://127.0.0.1:80; if ($server_port = 80) { }"
         "map $server_port $x { 80 80; }",
         "listen 8080; proxy_pass http://127.0.0.1:8080; if ($server_port = 8080) { }"
         "map $server_port $x { 8080 80; }"},
        {SERVER_NGINX, 80, 8080, "listen 80; proxy_pass http://app:80; server_name a:80;",
         "listen 8080; proxy_pass http://app:80; server_name a:80;"},
        {SERVER_NGINX, 80, 8080, "server { listen 80; content_by_lua_file a; }",
         "line 1: 'content_by_lua_file' runs code that can do anything"},
        {SERVER_NGINX, 80, 8080, "listen 80; dav_methods PUT;", "listen 8080; dav_methods PUT;"},
        {SERVER_NGINX, 80, 8080, "listen 81;", "the port does not occur"},
        {SERVER_NGINX, 80, 8080, "server { listen 80; } server { }",
         "line 1: this server has no listen: it takes port 80 when it is started by root, and 8000 "
         "otherwise"},
        {SERVER_NGINX, 80, 8080, "listen 80; listen 127.0.0.1;", "line 1: no port is written here"},
        {SERVER_NGINX, 80, 8080, "listen 80;\nlisten 79-81;", "line 2: it is a range of ports"},
        {SERVER_NGINX, 80, 8080, "listen 80;\nlisten ${P};", "line 2: a port is set by a variable"},
        {SERVER_NGINX, 80, 8080, "listen 80;\nlisten 8080;", "line 2: the new port is in use here"},
        {SERVER_NGINX, 80, 8080, "listen 80;\nlisten 8000-9000;",
         "line 2: the new port is in use here"},
        {SERVER_NGINX, 80, 8080, "listen 80; proxy_pass http://localhost:8080;",
         "line 1: the new port belongs to something else on this machine"},
        {SERVER_NGINX, 80, 8080, "listen 80; proxy_pass http://localhost;",
         "line 1: the port is implied here"},
        {SERVER_NGINX, 80, 8080, "listen 80; proxy_pass http://app:8080;",
         "listen 8080; proxy_pass http://app:8080;"},
        {SERVER_NGINX, 80, 80, "listen 80;", "that is no move from a port to another one"},
        {SERVER_NGINX, 80, 65536, "listen 80;", "that is no move from a port to another one"},
        {SERVER_NGINX, 0, 8080, "listen ${P};", "that is no move from a port to another one"},
    };
    all_move(rows, COUNT(rows));
}

static void test_apache(void **state)
{
    (void)state;
    static const struct row rows[] = {
        {SERVER_APACHE, 80, 8080,
         "Listen 80\n<VirtualHost *:80 [::]:80>\nServerName a:80\n</VirtualHost>\n",
         "Listen 8080\n<VirtualHost *:8080 [::]:8080>\nServerName a:80\n</VirtualHost>\n"},
        {SERVER_APACHE, 80, 8080, "<VirtualHost *:80>\n</VirtualHost>\n",
         "<VirtualHost *:8080>\n</VirtualHost>\n"}, /* Listen stands in another file */
        {SERVER_APACHE, 80, 8080,
         "Define P 80\nListen ${P}\n<VirtualHost *:${P}>\n</VirtualHost>\n",
         "Define P 8080\nListen ${P}\n<VirtualHost *:${P}>\n</VirtualHost>\n"},
        {SERVER_APACHE, 80, 8080, "<IfDefine !P>\nDefine P 80\n</IfDefine>\nListen ${P}\n",
         "<IfDefine !P>\nDefine P 8080\n</IfDefine>\nListen ${P}\n"},
        /* TLS or not was decided by the number */
        {SERVER_APACHE, 443, 8443, "Listen 443\n<VirtualHost *:443>\n</VirtualHost>\n",
         "Listen 8443 https\n<VirtualHost *:8443>\n</VirtualHost>\n"},
        {SERVER_APACHE, 443, 8443, "Listen 443 https\n", "Listen 8443 https\n"},
        {SERVER_APACHE, 80, 443, "Listen 80\n", "Listen 443 http\n"},
        {SERVER_APACHE, 80, 8080, "Listen \\\n80\n", "Listen \\\n8080\n"},
        {SERVER_APACHE, 80, 8080, "Listen 8\\\n0\n",
         "line 1: the number does not stand in the text in one piece"},
        {SERVER_APACHE, 80, 8080, "Listen 80\nFrob x\n",
         "line 2: the directive 'Frob' is not known"},
        {SERVER_APACHE, 80, 8080, "Listen 80\nProxyPass / http://127.0.0.1:80/\n",
         "Listen 8080\nProxyPass / http://127.0.0.1:8080/\n"},
    };
    all_move(rows, COUNT(rows));
}

static void test_caddy(void **state)
{
    (void)state;
    static const struct row rows[] = {
        {SERVER_CADDY, 80, 8080, ":80 {\n}\n", ":8080 {\n}\n"},
        {SERVER_CADDY, 80, 8080, "http://a.com:80, :80\n", "http://a.com:8080, :8080\n"},
        {SERVER_CADDY, 80, 8080, ":{$PORT:80}\n", ":{$PORT:8080}\n"},
        {SERVER_CADDY, 80, 8080, "{\n http_port 80\n}\na.com:80 {\n}\nhttp://b.com {\n}\n",
         "{\n http_port 8080\n}\na.com:8080 {\n}\nhttp://b.com {\n}\n"},
        {SERVER_CADDY, 443, 8443, "{\n https_port 443\n http_port 81\n}\na.com\n",
         "{\n https_port 8443\n http_port 81\n}\na.com\n"},
        {SERVER_CADDY, 443, 8443, "https://a.com:443\n", "https://a.com:8443\n"},
        /* with another number Caddy would speak TLS, or no more */
        {SERVER_CADDY, 80, 8080, "a.com:80\n",
         "the server would do something else with the other number"},
        {SERVER_CADDY, 443, 8443, ":443\n",
         "the server would do something else with the other number"},
        {SERVER_CADDY, 80, 8080, "a.com {\n}\n:80 {\n}\n",
         "the server would do something else with the other number"},
        {SERVER_CADDY, 80, 8080, "a.com\n", "line 1: Caddy redirects from HTTP to HTTPS there"},
        {SERVER_CADDY, 443, 8443, "a.com\n", "line 1: no port is written here"},
        {SERVER_CADDY, 80, 2019, ":80\n", "line 1: the new port is in use here"},
        {SERVER_CADDY, 80, 8080, ":80 {\n reverse_proxy :8080\n}\n",
         "line 2: the new port belongs to something else on this machine"},
    };
    all_move(rows, COUNT(rows));
}

/* Each prefix in memory of its own, so that a sanitizer sees a read behind it. */
static void test_cut_at_every_byte(void **state)
{
    (void)state;
    for (int program = 0; program < 3; program++) {
        struct str text;
        const char *path = files_path(&arena, "tests/fuzz/cases", names[program]);
        assert_true(files_read(&arena, path, &text));
        for (size_t n = 0; n <= text.n; n++) {
            char *copy = malloc(n ? n : 1);
            assert_non_null(copy);
            memcpy(copy, text.p, n);
            const char *wrong = servers_check((enum server_program)program, str_make(copy, n));
            if (wrong)
                fail_msg("%s cut at %zu: %s", names[program], n, wrong);
            free(copy);
        }
    }
}

static void test_no_text(void **state)
{
    (void)state;
    struct buf b = buf_in(&arena);
    while (b.n <= SERVER_SIZE_MAX)
        buf_add(&b, STR("#\n"));
    for (int program = 0; program < 3; program++) {
        struct server_config c = server_read(&arena, (enum server_program)program, buf_str(&b));
        assert_true(c.broken && !c.complete && !c.ports_known);
        assert_string_equal(c.wrong, "it is longer than 1048576 bytes");
        c = server_read(&arena, (enum server_program)program, STR("# a\n\0\n"));
        assert_true(c.broken);
        assert_string_equal(c.wrong, "there is a NUL byte in it");
        assert_int_equal(c.wrong_line, 2);
    }
}

static void test_depth(void **state)
{
    (void)state;
    static const struct {
        enum server_program program;
        const char *open, *close, *wrong;
    } rows[] = {
        {SERVER_NGINX, "if (a) {\n", "}\n", "blocks are nested too deeply"},
        {SERVER_APACHE, "<IfModule a>\n", "</IfModule>\n", "sections are nested too deeply"},
        {SERVER_CADDY, "route {\n", "}\n", "blocks are nested too deeply"},
    };
    for (size_t i = 0; i < COUNT(rows); i++)
        for (size_t depth = SERVER_DEPTH_MAX - 2; depth < SERVER_DEPTH_MAX + 8; depth += 9) {
            struct buf b = buf_in(&arena);
            buf_addz(&b, rows[i].program == SERVER_CADDY ? ":80 {\n" : "");
            for (size_t k = 0; k < depth; k++)
                buf_addz(&b, rows[i].open);
            for (size_t k = 0; k < depth; k++)
                buf_addz(&b, rows[i].close);
            buf_addz(&b, rows[i].program == SERVER_CADDY ? "}\n" : "");
            struct server_config c = server_read(&arena, rows[i].program, buf_str(&b));
            assert_int_equal(c.complete, depth < SERVER_DEPTH_MAX);
            if (!c.complete)
                assert_string_equal(c.wrong, rows[i].wrong);
        }
}

/* A megabyte of each must be read in time that grows with its length and no faster. */
static void test_cost(void **state)
{
    (void)state;
    static const char *const pieces[] = {
        "listen 80;",
        "server { }",
        "a {",
        "}",
        "\"",
        "\\",
        "$",
        "${",
        "${P}",
        "{$",
        "{$P:1}",
        "{env.",
        ":80",
        "[:80]:80",
        "]:80",
        "a:80]:80 ",
        "a_by_lua_block { [==",
        "a_by_lua_block { }",
        "Listen 80\n",
        "Listen ${P}\n",
        "Define P ${P}${P}\n",
        "<VirtualHost *:80>\n</VirtualHost>\n",
        "<If a>\n",
        "\\\n",
        "ErrorLog |rotatelogs /a \\\n",
        ":80 {\n}\n",
        "(s) {\n import s\n}\n",
        "a.com, ",
        "a.com {\n}\n",
        "<<a\n",
        "<<aaaaaaaaaaaaaaaaaaaaab\naaaaaaaaaaaaaaaaaaaaa",
        "`",
        "map $server_port $x { 80 1; }",
        "proxy_pass http://localhost;",
    };
    for (size_t i = 0; i < COUNT(pieces); i++) {
        struct arena a = {0};
        struct buf b = buf_in(&a);
        while (b.n + strlen(pieces[i]) <= SERVER_SIZE_MAX)
            buf_addz(&b, pieces[i]);
        for (int program = 0; program < 3; program++) {
            clock_t from = clock();
            struct server_config c = server_read(&a, (enum server_program)program, buf_str(&b));
            server_move(&a, buf_str(&b), &c, 80, 8080);
            double took = (double)(clock() - from) / CLOCKS_PER_SEC;
            if (took > 5) /* for sanitizers, too */
                fail_msg("%s: %s took %.1f seconds", names[program], pieces[i], took);
        }
        arena_release(&a);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_nginx),   cmocka_unit_test(test_apache),
        cmocka_unit_test(test_caddy),   cmocka_unit_test(test_cut_at_every_byte),
        cmocka_unit_test(test_no_text), cmocka_unit_test(test_depth),
        cmocka_unit_test(test_cost),
    };
    return cmocka_run_group_tests(tests, NULL, teardown);
}
