/* Caddyfiles: words, addresses, what Caddy adds by itself, snippets, options, files. The
 * expectations about ports were checked against Caddy 2.6 and its own test cases. */
#include "tests/support/unit.h"

#include "server/caddy.h"
#include "tests/support/servers.h"

static struct arena arena;

static int teardown(void **state)
{
    (void)state;
    arena_release(&arena);
    return 0;
}

struct row {
    const char *text, *want;
};

#define ADMIN "2019 local fixed \"\"\n"
#define HTTP "80 fixed \"\"\n"
#define OFF "{\n admin off\n}\n"

static void all_show(const char *what, const struct row *rows, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        struct str text = str_of(rows[i].text);
        struct server_config c = caddy_read(&arena, text);
        EQ_STR(servers_show(&arena, text, &c, what), str_of(rows[i].want), rows[i].text);
        const char *wrong = servers_check(SERVER_CADDY, text);
        if (wrong)
            fail_msg("%s\n%s", rows[i].text, wrong);
    }
}

static void test_addresses(void **state)
{
    (void)state;
    static const struct row rows[] = {
        {":80\n", "80 \"80\"\n" ADMIN},
        {":8080 {\n}\n", "8080 \"8080\"\n" ADMIN},
        {"http://example.com {\n}\n", "80 fixed \"\"\n" ADMIN},
        {"http://example.com:81 {\n}\n", "81 \"81\"\n" ADMIN},
        {"http://:81\n", "81 \"81\"\n" ADMIN},
        {"127.0.0.1:80, [::1]:80\n", "80 \"80\"\n80 \"80\"\n" ADMIN},
        {"example.com:80\n", "80 \"80\"\n" ADMIN},
        {"a.com:80/path\n", "80 \"80\"\n" ADMIN},
        /* HTTPS by itself, and a port that redirects to it */
        {"example.com\n", "443 tls fixed \"\"\n" HTTP ADMIN},
        {"https://a.com:8443\n", "8443 tls \"8443\"\n" HTTP ADMIN},
        {"a.com:8443\n", "8443 tls \"8443\"\n" HTTP ADMIN},
        {":443\n", "443 tls \"443\"\n" HTTP ADMIN},
        {"a.com\n:80 {\n}\n", "unknown line 2: the directive ':80' is not known\n"
                              "443 tls fixed \"\"\n" HTTP ADMIN},
        {"a.com {\n}\n:80 {\n}\n", "443 tls fixed \"\"\n80 \"80\"\n" ADMIN},
        {":8443 {\n tls internal\n}\n", "8443 tls \"8443\"\n80 conditional fixed \"\"\n" ADMIN},
        {"a.com:81 {\n}\n:81 {\n}\n", "81 tls \"81\"\n81 tls \"81\"\n" HTTP ADMIN},
        {"[2001:db8::1]\n", "443 tls fixed \"\"\n" HTTP ADMIN},
        {"a.com,\nb.com:81 \"c.com:82\" {\n}\n",
         "443 tls fixed \"\"\n81 tls \"81\"\n82 tls \"82\"\n" HTTP ADMIN},
        {"", ""},
        {"# nothing\n", ""},
        /* none */
        {"ftp://a\n", "unknown line 1: 'ftp://a' is no address of a site\n" ADMIN},
        {"a.com:x\n", "unknown line 1: 'a.com:x' is no address of a site\n" ADMIN},
        {"a.com:65536\n", "unknown line 1: 'a.com:65536' is no address of a site\n" ADMIN},
        {":80-82\n", "unknown line 1: ':80-82' is no address of a site\n" ADMIN},
        {"handle\n", "unknown line 1: 'handle' is no address of a site\n" ADMIN},
        {"a.com,b.com\n", "unknown line 1: an address with a comma in it\n" ADMIN},
        {"http://a.com:443\n",
         "unknown line 1: scheme and port of 'http://a.com:443' contradict each other\n"
         "443 \"443\"\n" ADMIN},
        {"a.com,\n", "broken line 2: an address is missing behind a comma\n"},
        {"{\"apps\": {}}\n", "broken line 1: it is JSON and no Caddyfile\n"},
        {"{}\n", "broken line 1: it is JSON and no Caddyfile\n"},
    };
    all_show("p", rows, COUNT(rows));
}

static void test_options(void **state)
{
    (void)state;
    static const struct row rows[] = {
        {"{\n http_port 8080\n}\na.com\n", "443 tls fixed \"\"\n8080 \"8080\"\n" ADMIN},
        {"{\n http_port 81\n https_port 82\n}\na.com {\n}\nhttp://b.com {\n}\n",
         "82 tls \"82\"\n81 \"81\"\n" ADMIN},
        {"{\n http_port 81\n}\na.com:81\n", "81 \"81\"\n" ADMIN},
        {"{\n auto_https off\n}\na.com\n", "443 tls fixed \"\"\n" ADMIN},
        {"{\n auto_https off\n}\n:443\n", "443 \"443\"\n" ADMIN},
        {"{\n auto_https disable_redirects\n}\na.com\n", "443 tls fixed \"\"\n" ADMIN},
        {OFF ":80\n", "80 \"80\"\n"},
        {"{\n admin :3000\n}\n:80\n", "3000 \"3000\"\n80 \"80\"\n"},
        {"{\n admin localhost:3000 {\n  origins a\n }\n}\n:80\n",
         "3000 local \"3000\"\n80 \"80\"\n"},
        {"{\n admin 0.0.0.0\n}\n:80\n", "2019 fixed \"\"\n80 \"80\"\n"},
        {"{\n admin unix//run/a.sock\n}\n:80\n", "80 \"80\"\n"},
        {"{\n default_bind 127.0.0.1\n}\n:80\n", "80 local \"80\"\n" ADMIN},
        {"{\n}\n:80\n", "80 \"80\"\n" ADMIN},
        {"{\n servers {\n  protocols h1 h2\n }\n email a@b\n}\n:80\n", "80 \"80\"\n" ADMIN},
        {"{\n layer4 {\n  :5432\n }\n}\n:80\n",
         "unknown line 2: the option 'layer4' is not known\n80 \"80\"\n" ADMIN},
        {"{\n http_port x\n}\n:80\n", "unknown line 2: the option says no port\n80 \"80\"\n" ADMIN},
        {"{\n import a\n}\n:80\n", "unknown line 2: options are imported\n80 \"80\"\n" ADMIN},
        {":80 {\n}\n{\n}\n",
         "broken line 3: options must stand in front of everything else\n80 \"80\"\n" ADMIN},
    };
    all_show("p", rows, COUNT(rows));
}

static void test_sockets(void **state)
{
    (void)state;
    static const struct row rows[] = {
        {OFF ":80 {\n bind 127.0.0.1 [::1]\n}\n", "80 local \"80\"\n"},
        {OFF ":80 {\n bind 127.0.0.1 10.0.0.1\n}\n", "80 \"80\"\n"},
        {OFF ":80 {\n bind unix//run/a.sock|0660\n}\n", "socket bind /run/a.sock\n"},
        {OFF ":80 {\n bind unix//run/a.sock tcp/127.0.0.1\n}\n",
         "80 local \"80\"\nsocket bind /run/a.sock\n"},
        {OFF ":80 {\n bind fd/3\n}\n", "unknown line 5: a socket comes from outside\n80 \"80\"\n"},
        {OFF "(s) {\n bind 127.0.0.1\n tls internal\n}\n:81 {\n import s\n}\n:82 {\n}\n",
         "81 tls local \"81\"\n82 \"82\"\n80 conditional fixed \"\"\n"},
        {OFF "(s) {\n bind 127.0.0.1\n}\n(t) {\n import s\n}\n:81 {\n import t x y\n}\n",
         "81 local \"81\"\n"},
        {OFF ":81 {\n import other\n}\n", "81 conditional \"81\"\n"},
        {OFF "(s) {\n}\nimport s\n:81\n",
         "unknown line 6: a snippet stands where sites do\n81 \"81\"\n"},
        {OFF "import sites/*\n:81\n", "81 \"81\"\n"},
        {OFF "&(r) {\n respond a\n}\n:81 {\n invoke r\n}\n", "81 \"81\"\n"},
    };
    all_show("pf", rows, COUNT(rows));
}

static void test_variables(void **state)
{
    (void)state;
    static const struct row rows[] = {
        {OFF ":{$PORT:80}\n", "80 variable \"80\"\nvariable PORT=80 \"{$PORT:80}\"\n"},
        {OFF ":{$PORT}\n", "0 variable fixed \"{$PORT}\"\nvariable PORT \"{$PORT}\"\n"},
        {OFF "{$SITE::80}\n", "80 variable \"80\"\nvariable SITE=:80 \"{$SITE::80}\"\n"},
        {OFF "{$SITE:localhost}\n", "443 tls variable fixed \"\"\n80 conditional fixed \"\"\n"
                                    "variable SITE=localhost \"{$SITE:localhost}\"\n"},
        {OFF "{$SITE}\n", "0 variable fixed \"{$SITE}\"\n80 conditional fixed \"\"\n"
                          "variable SITE \"{$SITE}\"\n"},
        {OFF "http://{$HOST:a.com}:81\n", "81 \"81\"\nvariable HOST=a.com \"{$HOST:a.com}\"\n"},
        {"{\n admin off\n http_port {$P:81}\n}\nhttp://\n",
         "81 variable \"81\"\nvariable P=81 \"{$P:81}\"\n"},
        {OFF ":81 {\n respond {env.NAME}\n}\n", "81 \"81\"\nvariable NAME \"{env.NAME}\"\n"},
        {OFF ":81 {\n {$EXTRA}\n}\n",
         "unknown line 5: a variable stands for whole lines\n81 \"81\"\n"
         "variable EXTRA \"{$EXTRA}\"\n"},
        {OFF ":81 {\n respond {$A:b c}\n}\n",
         "unknown line 5: '{$A:b c' is no plain variable\n81 \"81\"\n"
         "variable A=b c \"{$A:b c}\"\n"},
        {OFF ":81\nrespond {$A\n", "81 \"81\"\n"},
    };
    all_show("pv", rows, COUNT(rows));
}

static void test_words(void **state)
{
    (void)state;
    static const struct row rows[] = {
        {OFF ":81 {\n respond \"a\\\"b {\" # } {\n}\n", "81 \"81\"\n"},
        {OFF ":81 {\n respond `a \\` \"}\"\n}\n", "81 \"81\"\n"},
        {OFF ":81 {\n respond <<END\n }\n { \"\n END\n respond \\\n x\n}\n", "81 \"81\"\n"},
        {OFF ":81 {\n respond \"a\nb\" 200\n}\n", "81 \"81\"\n"},
        {OFF ":81 {\n header {\n  A b\n } \n @m path /a{b\n}\n", "81 \"81\"\n"},
        {OFF ":81 {\r\n respond x\r\n}\r\n", "81 \"81\"\n"},
        {"\xEF\xBB\xBF:81 {\n}\n", "81 \"81\"\n" ADMIN},
        {":81 {\n handle {\n  respond a }\n}\n", "81 \"81\"\n" ADMIN},
        {":81{\n}\n", "broken line 1: this is no address of a site\n"},
        {":81\n{\n}\n", "81 \"81\"\n" ADMIN},
        {":81 {\n {\n }\n}\n", "broken line 2: a block has no name\n81 \"81\"\n" ADMIN},
        {":81 {\n respond x\n", "broken line 3: a block is not closed\n81 \"81\"\n" ADMIN},
        {":81 {\n}\n}\n", "broken line 3: this is no address of a site\n81 \"81\"\n" ADMIN},
        {":81 { respond x }\n", "broken line 1: something stands behind a '{'\n81 \"81\"\n" ADMIN},
        {":81 {\n respond x }\n", "broken line 2: a '}' closes nothing\n81 \"81\"\n" ADMIN},
        {":81 {\n respond {}\n}\n", "broken line 2: a '{}' is no block\n81 \"81\"\n" ADMIN},
        {":81 {\n respond <<END\n x\n}\n", "broken line 2: a heredoc is not closed\n"},
        {":81 {\n frob x\n}\n",
         "unknown line 2: the directive 'frob' is not known\n81 \"81\"\n" ADMIN},
    };
    all_show("p", rows, COUNT(rows));
}

static void test_files(void **state)
{
    (void)state;
    static const struct row rows[] = {
        {"{\n log {\n  output file /l {\n   roll_size 1\n  }\n }\n storage file_system /s\n}\n",
         "log output /l\nwrite storage /s\n"},
        {"{\n storage file_system {\n  root /s\n }\n}\n", "write root /s\n"},
        {"{\n storage redis\n}\n", "writes line 2: this kind of storage is not known\n"},
        {":80 {\n log a {\n  output file /l/{$A}\n  format json\n }\n log {\n  output stdout\n }\n}\n",
         "log output /l/{$A} variable\n"},
        {":80 {\n log {\n  output loki\n }\n}\n", "writes line 3: this kind of log is not known\n"},
        {":80 {\n root * /srv\n root /a /b\n root /c\n file_server {\n  root /d\n }\n}\n",
         "read root /srv\nread root /b\nread root /c\nread root /d\n"},
        {":80 {\n tls /c.pem /k.pem {\n  load /certs\n }\n}\n",
         "read tls /c.pem\nkey tls /k.pem\nkey load /certs\n"},
        {":80 {\n php_fastcgi unix//run/php.sock {\n  root /srv\n }\n"
         " reverse_proxy /x unix//run/a.sock {\n  to unix//run/b.sock\n }\n}\n",
         "peer php_fastcgi /run/php.sock\nread root /srv\npeer reverse_proxy /run/a.sock\n"
         "peer to /run/b.sock\n"},
        {":80 {\n handle /a {\n  route {\n   root * /r\n  }\n }\n}\n", "read root /r\n"},
        {"(s) {\n log {\n  output file /l\n }\n}\n", "log output /l\n"},
        {"{\n admin unix//run/a.sock\n}\n", "socket admin /run/a.sock\n"},
        {":80 {\n import a/* x\n import b\n}\nimport c\n",
         "include a/* optional\ninclude b\ninclude c\n"},
    };
    all_show("fi", rows, COUNT(rows));
}

static void test_mentions(void **state)
{
    (void)state;
    static const struct row rows[] = {
        {":80 {\n reverse_proxy localhost:9000 app:80 :8081\n}\n",
         "self 9000 \"9000\" in \"localhost:9000\"\npublic 80 \"80\" in \"app:80\"\n"
         "self 8081 \"8081\" in \":8081\"\n\n"},
        {":80 {\n reverse_proxy @m localhost {\n  to http://127.0.0.1\n }\n}\n",
         "self 80 \"\" in \"localhost\"\nself 80 \"\" in \"http://127.0.0.1\"\n\n"},
        {":80 {\n redir https://{host}:443{uri}\n}\n",
         "public 443 \"443\" in \"https://{host}:443{uri}\"\n\n"},
        {":80 {\n header X {http.request.local.port}\n}\n", "tells \n"},
        {"a.com:8443\n", "redirects \n"},
        {"a.com\n", "\n"},
    };
    all_show("ms", rows, COUNT(rows));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_addresses), cmocka_unit_test(test_options),
        cmocka_unit_test(test_sockets),   cmocka_unit_test(test_variables),
        cmocka_unit_test(test_words),     cmocka_unit_test(test_files),
        cmocka_unit_test(test_mentions),
    };
    return cmocka_run_group_tests(tests, NULL, teardown);
}
