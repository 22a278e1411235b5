#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdio.h>

#include "verify/smell.h"

static void path_is(const char *line, enum smell_kind kind, const char *path)
{
    struct arena a = {0};
    struct smells s;
    smell_find(&a, str_of(line), &s);
    if (s.n != 1 || s.v[0].kind != kind || !str_is(s.v[0].path, path))
        fail_msg("'%s': %zu, kind %d, path '%.*s'", line, s.n, s.n ? (int)s.v[0].kind : -1,
                 s.n ? (int)s.v[0].path.n : 0, s.n ? s.v[0].path.p : "");
    arena_release(&a);
}

static void the_path_of_a_complaint(void **state)
{
    (void)state;
    path_is("Error: EACCES: permission denied, open '/app/a b.log'", SMELL_DENIED, "/app/a b.log");
    path_is("OSError: [Errno 30] Read-only file system: '/app/x.db'", SMELL_READ_ONLY, "/app/x.db");
    path_is("touch: cannot touch '/data/x': Permission denied", SMELL_DENIED, "/data/x");
    path_is("touch: /data/x: Read-only file system", SMELL_READ_ONLY, "/data/x");
    path_is("/entry.sh: line 3: /srv/run/pid: Permission denied", SMELL_DENIED, "/srv/run/pid");
    path_is("nginx: [emerg] open() \"/run/nginx.pid\" failed (30: Read-only file system)",
            SMELL_READ_ONLY, "/run/nginx.pid");
    path_is("java.io.FileNotFoundException: /var/log/a.log (Permission denied)", SMELL_DENIED,
            "/var/log/a.log");
    path_is("java.nio.file.AccessDeniedException: /data", SMELL_DENIED, "/data");
    path_is("chown: changing ownership of '/data/': Operation not permitted", SMELL_NOT_PERMITTED,
            "/data");
    path_is("code: 'EROFS',", SMELL_READ_ONLY, "");
    path_is("http://host/a//b: Permission denied", SMELL_DENIED, "");
    path_is("open /: permission denied", SMELL_DENIED, "");
    path_is("PERMISSION DENIED", SMELL_DENIED, "");
    path_is("open '/unclosed: permission denied", SMELL_DENIED, "/unclosed: permission denied");
}

static size_t count(const char *log)
{
    struct arena a = {0};
    struct smells s;
    smell_find(&a, str_of(log), &s);
    arena_release(&a);
    return s.all;
}

static void what_does_not_smell(void **state)
{
    (void)state;
    assert_int_equal(count(""), 0);
    assert_int_equal(count("started\nlistening on 3000\n"), 0);
    assert_int_equal(count("superperms eperms eacceso\n"), 0);
    assert_int_equal(count("permission granted"), 0);
}

static void each_line_counts_once(void **state)
{
    (void)state;
    assert_int_equal(count("10:00:01 EPERM\n10:00:02 EPERM\r\n\n[7] EPERM"), 2);
    struct arena a = {0};
    struct smells s;
    char log[9000];
    size_t n = 0;
    for (char x = 'a'; x <= 'z'; x++)
        for (char y = 'a'; y <= 'd'; y++)
            n += (size_t)snprintf(log + n, sizeof log - n, "%c%c: permission denied\n", x, y);
    smell_find(&a, str_make(log, n), &s);
    assert_int_equal(s.n, SMELL_MAX);
    assert_true(s.all > SMELL_MAX);
    arena_release(&a);
}

static void information_is_mild(void **state)
{
    (void)state;
    struct arena a = {0};
    struct smells s;
    smell_find(&a, STR("x.sh: info: can not modify /etc/a (read-only file system?)\nEROFS"), &s);
    assert_int_equal(s.n, 2);
    assert_true(s.v[0].mild);
    assert_false(s.v[1].mild);
    arena_release(&a);
}

static void bytes_of_any_kind(void **state)
{
    (void)state;
    struct arena a = {0};
    struct smells s;
    smell_find(&a, str_make("\033[31mEPERM\033[0m \xff\xfe '/a\001b'\0x", 26), &s);
    assert_int_equal(s.n, 1);
    assert_null(memchr(s.v[0].line.p, 033, s.v[0].line.n));
    arena_release(&a);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_path_of_a_complaint), cmocka_unit_test(what_does_not_smell),
        cmocka_unit_test(each_line_counts_once),   cmocka_unit_test(information_is_mild),
        cmocka_unit_test(bytes_of_any_kind),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
