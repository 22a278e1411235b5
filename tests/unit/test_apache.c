/* Apache's configuration: lines, variables, addresses, conditions, files. The expectations about
 * ports and about what Apache takes were checked against Apache 2.4. */
#include "tests/support/unit.h"

#include "server/apache.h"
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
        struct server_config c = apache_read(&arena, text);
        EQ_STR(servers_show(&arena, text, &c, what), str_of(rows[i].want), rows[i].text);
        const char *wrong = servers_check(SERVER_APACHE, text);
        if (wrong)
            fail_msg("%s\n%s", rows[i].text, wrong);
    }
}

static void test_listen(void **state)
{
    (void)state;
    static const struct row rows[] = {
        {"Listen 80\n", "80 \"80\"\n"},
        {"Listen 80", "80 \"80\"\n"},
        {"LISTEN *:81\nlisten 0.0.0.0:82\n", "81 \"81\"\n82 \"82\"\n"},
        {"Listen 127.0.0.1:80\nListen [::1]:81\nListen [::]:82\n",
         "80 local \"80\"\n81 local \"81\"\n82 \"82\"\n"},
        {"Listen 443\nListen 8443 https\nListen 80 http\n",
         "443 tls \"443\"\n8443 tls \"8443\"\n80 \"80\"\n"},
        {"Listen 443 http\n", "443 \"443\"\n"},
        {"Listen 80 options=reuseport\n", "80 \"80\"\n"},
        {"Listen \"80\"\nListen '*:81'\n", "80 \"80\"\n81 \"81\"\n"},
        {"Listen\n", "unknown line 1: Listen without an address\n"},
        {"Listen :80\n", "unknown line 1: Listen ':80' is no address with a port\n"},
        {"Listen *\n", "unknown line 1: Listen '*' is no address with a port\n"},
        {"Listen 0\n", "unknown line 1: Listen '0' is no address with a port\n"},
        {"Listen 70000\n", "unknown line 1: Listen '70000' is no address with a port\n"},
        {"", ""},
    };
    all_show("p", rows, COUNT(rows));
}

static void test_lines(void **state)
{
    (void)state;
    static const struct row rows[] = {
        {"Listen \\\n80\n", "80 \"80\"\n"},
        {"Lis\\\nten 80\n", "80 \"80\"\n"},
        {"Listen 8\\\n0\n", "80 fixed \"\"\n"}, /* digits on two lines cannot be replaced */
        {"# Listen 80 \\\nListen 81\nListen 82\n", "82 \"82\"\n"},
        {"Listen 80\r\nListen \\\r\n81\r\n", "80 \"80\"\n81 \"81\"\n"},
        {"  \tListen\t80 \v \n", "80 \"80\"\n"},
        {"Listen 80\\", "unknown line 1: Listen '80\\' is no address with a port\n"},
        {"Listen 80\\\n", "80 \"80\"\n"},
        {"SetEnv A \"x\\\"y\"\nSetEnv B 'it\\'s'\nListen 80\n", "80 \"80\"\n"},
        {"SetEnv A x # Listen 81\nListen 80\n", "80 \"80\"\n"},
    };
    all_show("p", rows, COUNT(rows));
}

static void test_variables(void **state)
{
    (void)state;
    static const struct row rows[] = {
        {"Define P 80\nListen ${P}\n", "80 \"80\"\n"},
        {"Define P 80\nListen *:${P}\n", "80 \"80\"\n"},
        {"Define A 8\nListen ${A}0\n", "80 fixed \"\"\n"},
        {"Define P \"80 http\"\nListen ${P}\n", "80 \"80\"\n"},
        {"Define P 80\nDefine P 81\nListen ${P}\n", "81 \"81\"\n"},
        {"Define P 0\nDefine Q 8${P}\nListen ${Q}\n", "80 fixed \"\"\n"},
        {"Listen ${P}\n", "0 variable fixed \"${P}\"\nvariable P \"${P}\"\n"},
        {"Listen 10.0.0.1:${P}\n", "0 variable fixed \"${P}\"\nvariable P \"${P}\"\n"},
        {"Listen ${P}\nDefine P 80\n", "0 variable fixed \"${P}\"\nvariable P \"${P}\"\n"},
        {"Define P 80\nUnDefine P\nListen ${P}\n",
         "0 variable fixed \"${P}\"\nvariable P \"${P}\"\n"},
        /* a default */
        {"<IfDefine !P>\nDefine P 80\n</IfDefine>\nListen ${P}\n",
         "80 variable \"80\"\nvariable P=80 \"${P}\"\n"},
        /* one of two */
        {"Define P 80\n<IfDefine X>\nDefine P 81\n</IfDefine>\nListen ${P}\n",
         "0 variable fixed \"${P}\"\nvariable P \"${P}\"\n"},
        {"Define HOST 127.0.0.1\nListen ${HOST}:80\n", "80 local \"80\"\n"},
        {"RewriteRule (.*) ${map:$1}\nListen 80\n", "80 \"80\"\n"},
        {"SetEnv A ${\nListen 80\n", "80 \"80\"\n"},
    };
    all_show("pv", rows, COUNT(rows));
}

static void test_hosts(void **state)
{
    (void)state;
    static const struct row rows[] = {
        {"<VirtualHost *:80>\n</VirtualHost>\n", "80 names \"80\"\n"},
        {"<VirtualHost 1.2.3.4:80 [::1]:81 _default_:82 a.b:83 \"*:84\" >\n</VirtualHost>\n",
         "80 names \"80\"\n81 local names \"81\"\n82 names \"82\"\n83 names \"83\"\n"
         "84 names \"84\"\n"},
        {"<VirtualHost *>\n</VirtualHost>\n<VirtualHost *:*>\n</VirtualHost>\n", ""},
        {"<VirtualHost 127.0.0.1 [::1]>\n</VirtualHost>\n", ""},
        {"<virtualhost *:80>\n</VIRTUALHOST>\n", "80 names \"80\"\n"},
        {"NameVirtualHost *:80\n", "80 names \"80\"\n"},
        {"Define P 80\n<VirtualHost *:${P}>\n</VirtualHost>\n", "80 names \"80\"\n"},
        {"<VirtualHost *:${P}>\n</VirtualHost>\n", "0 names variable fixed \"${P}\"\n"},
        {"Listen 8443\n<VirtualHost *:8443>\nSSLEngine on\n</VirtualHost>\n",
         "8443 tls \"8443\"\n8443 tls names \"8443\"\n"},
        {"<VirtualHost *:1>\n<IfModule ssl_module>\nSSLEngine On\n</IfModule>\n</VirtualHost>\n"
         "Listen 1\n",
         "1 tls names \"1\"\n1 tls \"1\"\n"},
        {"SSLEngine on\nListen 8443\n", "8443 tls \"8443\"\n"},
        {"<VirtualHost 80>\n</VirtualHost>\n", "unknown line 1: a virtual host needs an address\n"},
        {"<VirtualHost *:80\n</VirtualHost>\n", "broken line 1: a section's '<' is not closed\n"},
        {"<VirtualHost *:80>\n", "broken line 1: a section is not closed\n80 names \"80\"\n"},
        {"Listen 1\n</VirtualHost>\n", "broken line 2: '</VirtualHost>' closes nothing\n1 \"1\"\n"},
        {"<VirtualHost *:80>\n</Directory>\n",
         "broken line 2: '</Directory>' closes nothing\n80 names \"80\"\n"},
    };
    all_show("p", rows, COUNT(rows));
}

static void test_conditions(void **state)
{
    (void)state;
    static const struct row rows[] = {
        {"<IfModule ssl_module>\nListen 443\n</IfModule>\nListen 80\n",
         "443 tls conditional \"443\"\n80 \"80\"\n"},
        {"<IfDefine X>\n<IfModule !a>\nListen 1\n</IfModule>\n</IfDefine>\n",
         "1 conditional \"1\"\n"},
        {"<IfVersion >= 2.4>\nListen 1\n</IfVersion>\n", "1 conditional \"1\"\n"},
        {"<Directory />\nRequire all granted\n</Directory>\n<If \"%{HTTP_HOST} == 'a'\">\n</If>\n",
         ""},
        {"<Macro M $p>\nListen $p\n</Macro>\n",
         "unknown line 1: the section <Macro> is not known\n"},
        {"Use M 80\n", "unknown line 1: 'Use' runs a program that can do anything\n"},
        {"Listen 80\nFrobnicate on\n",
         "unknown line 2: the directive 'Frobnicate' is not known\n80 \"80\"\n"},
    };
    all_show("p", rows, COUNT(rows));
}

static void test_files(void **state)
{
    (void)state;
    static const struct row rows[] = {
        {"PidFile logs/httpd.pid\n", "pid PidFile logs/httpd.pid\n"},
        {"pidfile ${APACHE_PID_FILE}\n", "pid pidfile ${APACHE_PID_FILE} variable\n"},
        {"Define LOGS /var/log\nErrorLog \"${LOGS}/e r\"\n", "log ErrorLog /var/log/e r\n"},
        {"ErrorLog /proc/self/fd/2\nCustomLog /dev/stdout combined\nTransferLog a\n",
         "log ErrorLog /proc/self/fd/2\nlog CustomLog /dev/stdout\nlog TransferLog a\n"},
        {"ErrorLog syslog:local7\nErrorLog syslog\n", ""},
        {"CustomLog \"|/bin/cat\" common\n", ""},
        {"CustomLog \"||$/usr/bin/rotatelogs -l /var/log/a.%Y 86400\" common\n",
         "log CustomLog /var/log/a.%Y\n"},
        {"CustomLog \"|/usr/bin/tee /a\" common\n",
         "writes line 1: what 'CustomLog' writes is not known\n"},
        {"CustomLog \"|/bin/cat > /a\" common\n",
         "writes line 1: what 'CustomLog' writes is not known\n"},
        {"ErrorLog \"|rotatelogs -p /x /a 1\"\n",
         "writes line 1: what 'ErrorLog' writes is not known\n"},
        {"ErrorLog \"|\n", "writes line 1: what 'ErrorLog' writes is not known\n"},
        {"Mutex file:/run/lock default\nMutex sem\n", "write Mutex /run/lock\n"},
        {"SSLSessionCache \"shmcb:/run/cache(512000)\"\nSSLSessionCache none\n",
         "write SSLSessionCache /run/cache\n"},
        {"SSLCertificateFile /c\nSSLCertificateKeyFile /k\n",
         "read SSLCertificateFile /c\nkey SSLCertificateKeyFile /k\n"},
        {"ServerRoot /a\nDocumentRoot \"/b c\"\nAlias /x /y\nLoadModule m modules/m.so\n",
         "read ServerRoot /a\nread DocumentRoot /b c\nread Alias /y\n"
         "include LoadModule modules/m.so\n"},
        {"ScoreBoardFile /s\nDefaultRuntimeDir /r\nScriptSock /c\nCacheRoot /d\n",
         "write ScoreBoardFile /s\nwrite DefaultRuntimeDir /r\nsocket ScriptSock /c\n"
         "cache CacheRoot /d\n"},
        {"SetHandler \"proxy:unix:/run/php.sock|fcgi://localhost\"\n"
         "ProxyPass / unix:/run/a.sock|http://x/\nProxyPass /b http://x/\n",
         "peer SetHandler /run/php.sock\npeer ProxyPass /run/a.sock\n"},
        {"php_admin_value session.save_path /s\nphp_value memory_limit 1M\n",
         "write php_admin_value /s\n"},
        {"RewriteMap a txt:/m\nRewriteMap b int:toupper\n", "read RewriteMap /m\n"},
        {"RewriteMap a prg:/m\n",
         "unknown line 1: 'RewriteMap' runs a program that can do anything\n"},
        {"Dav On\n", "writes line 1: what 'Dav' writes is not known\n"},
        {"SuexecUserGroup a b\n", "writes line 1: what 'SuexecUserGroup' writes is not known\n"},
        {"MDomain a.com\n", "writes line 1: what 'MDomain' writes is not known\n"},
        {"DocumentRoot\n", "unknown line 1: 'DocumentRoot' has too few words\n"},
    };
    all_show("f", rows, COUNT(rows));
}

static void test_others(void **state)
{
    (void)state;
    static const struct row rows[] = {
        {"Include conf/a.conf\nIncludeOptional sites/*.conf\nInclude ${X}/a\n",
         "include conf/a.conf\ninclude sites/*.conf optional\ninclude ${X}/a variable\n"},
        {"User www\nGroup #1000\n", "user www: \"User www\"\nuser :#1000 \"Group #1000\"\n"},
        {"ServerName a:80\nRedirect / https://b:443/\n",
         "public 80 \"80\" in \"a:80\"\npublic 443 \"443\" in \"https://b:443/\"\n"},
        {"ProxyPass / http://127.0.0.1:80/\nProxyPass /a http://localhost/\n"
         "ProxyPassReverse / http://127.0.0.1:80/\n",
         "self 80 \"80\" in \"http://127.0.0.1:80/\"\nself 80 \"\" in \"http://localhost/\"\n"
         "self 80 \"80\" in \"http://127.0.0.1:80/\"\n"},
        {"RewriteCond %{SERVER_PORT} ^80$\n", "public 80 \"80\" in \"^80$\"\n"},
        {"<If \"%{SERVER_PORT} -eq 81\">\n</If>\n",
         "public 81 \"81\" in \"%{SERVER_PORT} -eq 81\"\n"},
        {"RequestHeader set X-Forwarded-Port \"443\"\n", "public 443 \"443\" in \"443\"\n"},
        {"Listen 80\nLogFormat \"%h:80\" a\nAllow from fe80::80\nTimeout 80\n", ""},
    };
    all_show("ium", rows, COUNT(rows));
}

static void test_switches(void **state)
{
    (void)state;
    static const struct row rows[] = {
        {"Listen 80\n", "\n"},
        /* a host without a name takes the port of its address into its redirects */
        {"<VirtualHost *:80>\n</VirtualHost>\n", "redirects \n"},
        {"<VirtualHost *:80>\nServerName a\n</VirtualHost>\n", "\n"},
        {"<VirtualHost *>\n</VirtualHost>\n", "\n"},
        {"UseCanonicalPhysicalPort On\n", "redirects \n"},
        {"RewriteRule / https://%{HTTP_HOST}:%{SERVER_PORT}/\n", "tells \n"},
    };
    all_show("s", rows, COUNT(rows));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_listen),     cmocka_unit_test(test_lines),
        cmocka_unit_test(test_variables),  cmocka_unit_test(test_hosts),
        cmocka_unit_test(test_conditions), cmocka_unit_test(test_files),
        cmocka_unit_test(test_others),     cmocka_unit_test(test_switches),
    };
    return cmocka_run_group_tests(tests, NULL, teardown);
}
