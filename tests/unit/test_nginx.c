/* nginx's configuration: its grammar, addresses, files, and what is not taken for known. The
 * expectations about ports and about what nginx takes were checked against nginx 1.22. */
#include "tests/support/unit.h"

#include "server/nginx.h"
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

static void all_show(const char *what, const struct row *rows, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        struct str text = str_of(rows[i].text);
        struct server_config c = nginx_read(&arena, text);
        EQ_STR(servers_show(&arena, text, &c, what), str_of(rows[i].want), rows[i].text);
        const char *wrong = servers_check(SERVER_NGINX, text);
        if (wrong)
            fail_msg("%s\n%s", rows[i].text, wrong);
    }
}

static void test_listen(void **state)
{
    (void)state;
    static const struct row rows[] = {
        {"server { listen 80; }", "80 \"80\"\n"},
        {"server { listen *:80; listen [::]:80 ipv6only=on; }", "80 \"80\"\n80 \"80\"\n"},
        {"server { listen 127.0.0.1:80; listen [::1]:81; listen localhost:82; }",
         "80 local \"80\"\n81 local \"81\"\n82 local \"82\"\n"},
        {"server { listen 80 default_server; listen 443 ssl http2; }",
         "80 \"80\"\n443 tls \"443\"\n"},
        {"server { listen 443 quic reuseport; }", "443 tls udp \"443\"\n"},
        {"server { ssl on; listen 443; } server { listen 80; }", "443 tls \"443\"\n80 \"80\"\n"},
        {"server { listen 080; }", "80 \"080\"\n"},
        {"server{listen 81;listen\n82\n;}", "81 \"81\"\n82 \"82\"\n"},
        {"server { listen \"81\"; listen '*:82'; }", "81 \"81\"\n82 \"82\"\n"},
        {"server { listen 8000-8010; listen 127.0.0.1:81-82; }",
         "8000-8010 fixed \"8000-8010\"\n81-82 local fixed \"81-82\"\n"},
        {"listen 80;", "80 \"80\"\n"}, /* a piece of a server */
        {"http { server { listen 80; } }", "80 \"80\"\n"},
        {"stream { server { listen 53 udp; } server { listen 53; } }",
         "53 udp \"53\"\n53 \"53\"\n"},
        {"mail { server { listen 25; } }", "25 \"25\"\n"},
        /* implied */
        {"server { listen 127.0.0.1; }", "80 local fixed \"\"\n"},
        {"server { listen [::]; }", "80 fixed \"\"\n"},
        {"server { listen example.com; }", "80 fixed \"\"\n"},
        {"server { }", "80 fixed \"\"\n"},
        {"http { server { location / { } } }", "80 fixed \"\"\n"},
        {"server { include listen.conf; }", "80 conditional fixed \"\"\n"},
        {"server { location / { include a; } }", "80 fixed \"\"\n"},
        {"stream { server { } }", ""},
        /* no ports */
        {"server { listen unix:/run/a.sock; }", ""},
        {"upstream a { server 10.0.0.1:80; }", ""},
        {"map $a $b { listen 80; }", ""},
        {"# listen 80;", ""},
        {"", ""},
    };
    all_show("p", rows, COUNT(rows));
}

static void test_listen_templates(void **state)
{
    (void)state;
    static const struct row rows[] = {
        {"server { listen ${PORT}; }", "0 variable fixed \"${PORT}\"\nvariable PORT \"${PORT}\"\n"},
        {"server { listen $port default_server; }",
         "0 variable fixed \"$port\"\nvariable port \"$port\"\n"},
        {"server { listen [::]:${PORT} ssl; }",
         "0 tls variable fixed \"${PORT}\"\nvariable PORT \"${PORT}\"\n"},
        {"server { listen ${HOST}:80; }", "80 \"80\"\nvariable HOST \"${HOST}\"\n"},
        {"server { listen 80${N}; }", "0 variable fixed \"80${N}\"\nvariable N \"${N}\"\n"},
        /* nginx's own variables are none of a template */
        {"server { listen 80; root /srv/$host/${APP_DIR}; set $x $1$uri; }",
         "80 \"80\"\nvariable APP_DIR \"${APP_DIR}\"\n"},
        {"server { listen 80; location ~ \\.php$ { } }", "80 \"80\"\n"},
        {"server { listen {{ port }}; }", "broken line 1: the block 'listen' is not known\n"},
    };
    all_show("pv", rows, COUNT(rows));
}

static void test_no_address(void **state)
{
    (void)state;
    static const struct row rows[] = {
        {"listen :80;", "unknown line 1: listen ':80' is no address\n"},
        {"listen 80/x;", "unknown line 1: listen '80/x' is no address\n"},
        {"listen 0;", "unknown line 1: listen '0' is no address\n"},
        {"listen 65536;", "unknown line 1: listen '65536' is no address\n"},
        {"listen 82-81;", "unknown line 1: listen '82-81' is no address\n"},
        {"listen 80\\01;", "unknown line 1: listen '80\\01' is no address\n"},
        {"listen '';", "unknown line 1: listen '' is no address\n"},
        {"listen;", "unknown line 1: 'listen' says nothing\n"},
        {"stream { server { listen 127.0.0.1; } }",
         "unknown line 1: listen '127.0.0.1' is no address\n"},
    };
    all_show("p", rows, COUNT(rows));
}

static void test_grammar(void **state)
{
    (void)state;
    static const struct row rows[] = {
        {"return 200 \"a;b{c}d\"; listen 80;", "80 \"80\"\n"},
        {"location ~ ^/(a|b)x$ { } listen 80;", "80 \"80\"\n"},
        {"location ~ \"^/(a|b){2}$\" { } listen 80;", "80 \"80\"\n"},
        {"set $x \"a\\\"b;\"; listen 80;", "80 \"80\"\n"},
        {"set $x 'a\\'b;'; listen 80;", "80 \"80\"\n"},
        {"set $x a\\;b\\ c; listen 80;", "80 \"80\"\n"},
        {"set $x ${host}b; listen 80;", "80 \"80\"\n"},
        {"set $x \"${host}b{\"; listen 80;", "80 \"80\"\n"},
        {"set $x a#b; listen 80;", "80 \"80\"\n"}, /* no comment within a word */
        {"set $x a}b; listen 80;", "80 \"80\"\n"},
        {"if ($host ~ \"a{2}\") { return 200; } listen 80;", "80 \"80\"\n"},
        {"listen 80; # } ; {\nlisten 81;", "80 \"80\"\n81 \"81\"\n"},
        {"listen 80;\r\nlisten 81;\r\n", "80 \"80\"\n81 \"81\"\n"},
        /* what nginx does not take */
        {"listen 80", "broken line 1: the file ends within a directive\n"},
        {"listen 80;;", "broken line 1: no directive stands before this\n80 \"80\"\n"},
        {"listen 80; }", "broken line 1: a '}' closes nothing\n80 \"80\"\n"},
        {"server { listen 80;", "broken line 1: a block is not closed\n80 \"80\"\n"},
        {"server { listen 80 }", "broken line 1: a directive is not ended\n"},
        {"listen \"80\"x;", "broken line 1: something stands directly behind a quote\n"},
        {"listen \"80;", "broken line 1: a quote is not closed\n"},
        {"\nserver { listen 81\n};\n", "broken line 3: a directive is not ended\n"},
        {"location ~ ^/a{2}$ { }", "broken line 1: the block '2}$' is not known\n"},
        {"map $a $b { x { } }", "broken line 1: a block stands where there is data\n"},
        {"\xEF\xBB\xBFlisten 80;",
         "unknown line 1: the directive '\xEF\xBB\xBFlisten' is not known\n"},
    };
    all_show("p", rows, COUNT(rows));
}

static void test_code(void **state)
{
    (void)state;
    static const struct row rows[] = {
        {"listen 80; content_by_lua_block { local s = \"}\" -- }\n if a then b{ } end }\nlisten 81;",
         "unknown line 1: Lua can do anything\n80 \"80\"\n81 \"81\"\n"},
        {"content_by_lua_block { s = [==[ }]] } ]==] --[[ } ]] x = '\\'}' }\nlisten 81;",
         "unknown line 1: Lua can do anything\n81 \"81\"\n"},
        {"set_by_lua_block $x { return a[b[1]] } listen 81;",
         "unknown line 1: Lua can do anything\n81 \"81\"\n"},
        {"init_by_lua_block { if {", "broken line 1: Lua can do anything\n"},
        {"content_by_lua_file a.lua;",
         "unknown line 1: 'content_by_lua_file' runs code that can do anything\n"},
        {"js_import main.js;", "unknown line 1: 'js_import' runs code that can do anything\n"},
        {"perl_modules perl;", "unknown line 1: 'perl_modules' runs code that can do anything\n"},
        {"listen 80;\nupload_store /a;",
         "unknown line 2: the directive 'upload_store' is not known\n80 \"80\"\n"},
        {"rtmp { server { listen 1935; } }",
         "unknown line 1: the block 'rtmp' is not known\n1935 \"1935\"\n"},
        {"listen 80; location / { dav_methods PUT; }",
         "writes line 1: dav_methods writes files below the root\n80 \"80\"\n"},
        {"proxy_store on;", "writes line 1: 'proxy_store on' writes files below the root\n"},
    };
    all_show("p", rows, COUNT(rows));
}

static void test_files(void **state)
{
    (void)state;
    static const struct row rows[] = {
        {"pid /run/nginx.pid;", "pid pid /run/nginx.pid\n"},
        {"pid \"/run/my nginx.pid\";", "pid pid /run/my nginx.pid\n"},
        {"pid /run/a\\\"b;", "pid pid /run/a\"b\n"},
        {"access_log /var/log/a main buffer=32k if=$x;", "log access_log /var/log/a\n"},
        {"access_log off; access_log syslog:server=1.2.3.4;", ""},
        {"access_log /dev/stdout; access_log logs/$host.log;",
         "log access_log /dev/stdout\nlog access_log logs/$host.log variable\n"},
        {"error_log /dev/stderr warn; error_log stderr; error_log memory:32m debug;",
         "log error_log /dev/stderr\n"},
        {"error_log off;", "log error_log off\n"}, /* a file of that name */
        {"client_body_temp_path /a 1 2; proxy_temp_path /b; fastcgi_temp_path /c;"
         "uwsgi_temp_path /d; scgi_temp_path /e;",
         "temp client_body_temp_path /a\ntemp proxy_temp_path /b\ntemp fastcgi_temp_path /c\n"
         "temp uwsgi_temp_path /d\ntemp scgi_temp_path /e\n"},
        {"proxy_cache_path /c levels=1:2 keys_zone=a:10m; proxy_cache a;",
         "cache proxy_cache_path /c\n"},
        {"ssl_certificate /c.pem; ssl_certificate_key /k.pem; ssl_certificate_key data:$x;",
         "read ssl_certificate /c.pem\nkey ssl_certificate_key /k.pem\n"},
        {"root html; alias /a; auth_basic_user_file /p; load_module modules/a.so;",
         "read root html\nread alias /a\nkey auth_basic_user_file /p\n"
         "include load_module modules/a.so\n"},
        {"listen unix:/run/a.sock;", "socket listen /run/a.sock\n"},
        {"fastcgi_pass unix:/run/php.sock; proxy_pass http://unix:/run/b.sock:/uri;"
         "upstream u { server unix:/run/c.sock weight=2; }",
         "peer fastcgi_pass /run/php.sock\npeer proxy_pass /run/b.sock\n"
         "peer server /run/c.sock\n"},
        {"proxy_pass http://unix.example.com; fastcgi_pass php:9000;", ""},
        {"lock_file /l; proxy_store /s; proxy_store off;",
         "write lock_file /l\nwrite proxy_store /s\n"},
        {"geoip2 /db.mmdb { $a country; }", "read geoip2 /db.mmdb\n"},
    };
    all_show("f", rows, COUNT(rows));
}

static void test_includes_and_users(void **state)
{
    (void)state;
    static const struct row rows[] = {
        {"include mime.types; http { include conf.d/*.conf; }",
         "include mime.types\ninclude conf.d/*.conf optional\n"},
        {"types { include mime.types; text/html html; }", "include mime.types data\n"},
        {"include ${DIR}/a.conf;", "include ${DIR}/a.conf variable\n"},
        {"user nginx;\nuser www www;",
         "user nginx: \"user nginx;\"\nuser www:www \"user www www;\"\n"},
    };
    all_show("iu", rows, COUNT(rows));
}

static void test_mentions(void **state)
{
    (void)state;
    static const struct row rows[] = {
        {"return 301 https://$host:443$request_uri;",
         "public 443 \"443\" in \"https://$host:443$request_uri\"\n"},
        {"add_header Alt-Svc 'h3=\":443\"; ma=1';",
         "public 443 \"443\" in \"h3=\":443\"; ma=1\"\n"},
        {"proxy_pass http://127.0.0.1:80/; proxy_pass http://app:80;",
         "self 80 \"80\" in \"http://127.0.0.1:80/\"\npublic 80 \"80\" in \"http://app:80\"\n"},
        {"proxy_pass http://localhost; proxy_pass https://[::1]/a; proxy_pass http://app;",
         "self 80 \"\" in \"http://localhost\"\nself 443 \"\" in \"https://[::1]/a\"\n"},
        {"upstream u { server localhost; server 127.0.0.1:81; server a; }",
         "self 80 \"\" in \"localhost\"\nself 81 \"81\" in \"127.0.0.1:81\"\n"},
        {"fastcgi_pass 127.0.0.1:9000;", "self 9000 \"9000\" in \"127.0.0.1:9000\"\n"},
        {"fastcgi_param SERVER_PORT 80; proxy_set_header X-Forwarded-Port \"443\";",
         "public 80 \"80\" in \"80\"\npublic 443 \"443\" in \"443\"\n"},
        {"if ($server_port = 80) { }", "compare 80 \"80\" in \"80)\"\n"},
        {"if ($server_port ~ ^(80|81)$) { }",
         "compare 80 \"80\" in \"^(80|81)$)\"\ncompare 81 \"81\" in \"^(80|81)$)\"\n"},
        {"map $server_port $x { 80 81; default 0; }", "compare 80 \"80\" in \"80\"\n"},
        /* no ports */
        {"allow 2001:db8::80; deny fe80::80; set $t 12:30:45x; location ~ (?:80) { }", ""},
        {"worker_connections 80; client_max_body_size 80m;", ""},
        {"listen 80;", ""},
    };
    all_show("m", rows, COUNT(rows));
}

static void test_switches(void **state)
{
    (void)state;
    static const struct row rows[] = {
        {"daemon off;", "daemon-off \n"},
        {"daemon on;", "\n"},
        {"server { listen 80; }", "redirects \n"},
        {"server { listen 80; port_in_redirect off; }", "\n"},
        {"server { listen 80; absolute_redirect off; }", "\n"},
        {"http { server { listen 80; } port_in_redirect off; }", "\n"},
        {"http { server { listen 80; port_in_redirect on; } port_in_redirect off; }",
         "redirects \n"},
        {"server { location / { port_in_redirect on; } port_in_redirect off; }", "redirects \n"},
        {"server { location / { } port_in_redirect off; }", "\n"},
        {"server { port_in_redirect off; } server { }", "redirects \n"},
        {"stream { server { listen 1; } }", "\n"},
        {"listen 80;", "redirects \n"},
        {"listen 80; absolute_redirect off;", "\n"},
        {"http { gzip on; }", "\n"},
        {"proxy_set_header Host $host:$server_port;", "tells \n"},
        {"proxy_set_header Host $host:${server_port};", "tells \n"},
        {"log_format a $server_port; map $server_port $x { 1 2; }", "\n"},
        {"if ($server_port = 1) { }", "redirects \n"}, /* a piece of a server */
    };
    all_show("s", rows, COUNT(rows));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_listen),
        cmocka_unit_test(test_listen_templates),
        cmocka_unit_test(test_no_address),
        cmocka_unit_test(test_grammar),
        cmocka_unit_test(test_code),
        cmocka_unit_test(test_files),
        cmocka_unit_test(test_includes_and_users),
        cmocka_unit_test(test_mentions),
        cmocka_unit_test(test_switches),
    };
    return cmocka_run_group_tests(tests, NULL, teardown);
}
