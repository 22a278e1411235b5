/*
 * The rows of script_rows.h, run by a real shell as a user that is not root: no program that the
 * reader says such a run never comes to may have been started, with and without arguments.
 *
 * Every program is a stand-in that writes its name down. Needs root, to stop being it.
 */
#include "tests/support/unit.h"

#include <dirent.h>
#include <fcntl.h>
#include <grp.h>
#include <signal.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "dockerfile/script.h"
#include "tests/support/script_rows.h"

enum { SOMEBODY = 65534, SECONDS_MAX = 10 };

static struct arena arena;
static char dir[] = "/tmp/unroot-script-XXXXXX";

static const char *path_to(const char *name)
{
    return str_fmt(&arena, "%s/%s", dir, name).p;
}

static void write_file(const char *path, struct str text, mode_t mode)
{
    int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, mode);
    assert_true(fd >= 0);
    assert_int_equal(write(fd, text.p, text.n), text.n);
    assert_int_equal(fchmod(fd, mode), 0);
    close(fd);
}

static const char *find_shell(const char *name)
{
    const char *path = str_fmt(&arena, "/bin/%s", name).p;
    return access(path, X_OK) == 0 ? path : NULL;
}

/* ---- stand-ins ------------------------------------------------------------------------------ */

/* A word that may be the name of a program which is not itself here. */
static bool is_name(struct str s)
{
    static const char *const names[] = {"id", "whoami", "cat", "tr", "log", "script"};
    for (size_t i = 0; i < COUNT(names); i++)
        if (str_is(s, names[i]))
            return false;
    for (size_t i = 0; i < s.n; i++)
        if ((s.p[i] < 'a' || s.p[i] > 'z') && s.p[i] != '_' && (s.p[i] != '-' || !i))
            return false;
    return s.n && s.n < 32;
}

static void make_stand_ins(const struct script *s)
{
    VEC_EACH (c, &s->shell.commands)
        VEC_EACH (w, &c->words)
            if (w->literal && is_name(w->value))
                (void)!symlink("stand-in", path_to(str_z(&arena, w->value)));
}

static void link_real(const char *name)
{
    static const char *const places[] = {"/usr/bin", "/bin"};
    for (size_t i = 0; i < COUNT(places); i++) {
        const char *path = str_fmt(&arena, "%s/%s", places[i], name).p;
        if (access(path, X_OK) == 0 && symlink(path, path_to(name)) == 0)
            return;
    }
}

static int setup(void **state)
{
    (void)state;
    if (!mkdtemp(dir) || chmod(dir, 0755) != 0)
        return -1;
    write_file(path_to("stand-in"), STR("#!/bin/sh\necho \"${0##*/}\" >>\"$LOG\"\n"), 0755);
    link_real("id");
    link_real("whoami");
    link_real("cat");
    link_real("tr");
    return 0;
}

static int teardown(void **state)
{
    (void)state;
    DIR *d = opendir(dir);
    for (struct dirent *e; d && (e = readdir(d));)
        if (e->d_name[0] != '.')
            unlinkat(dirfd(d), e->d_name, 0);
    if (d)
        closedir(d);
    rmdir(dir);
    arena_release(&arena);
    return 0;
}

/* ---- a run ---------------------------------------------------------------------------------- */

/* In the child: gives root away and becomes the shell. */
static void become_shell(const char *shell, bool arguments)
{
    int null = open("/dev/null", O_RDWR);
    const char *env[] = {str_fmt(&arena, "PATH=%s", dir).p,
                         str_fmt(&arena, "LOG=%s", path_to("log")).p, NULL};
    const char *args[] = {shell, path_to("script"), arguments ? "x" : NULL, "x", NULL};
    if (null < 0 || dup2(null, 0) < 0 || dup2(null, 1) < 0 || dup2(null, 2) < 0 ||
        chdir("/") != 0 || setgroups(0, NULL) != 0 || setgid(SOMEBODY) != 0 ||
        setuid(SOMEBODY) != 0 || setuid(0) == 0)
        _exit(126);
    setpgid(0, 0);
    alarm(SECONDS_MAX);
    execve(shell, (char *const *)args, (char *const *)env);
    _exit(127);
}

/* What was started, one name a line. */
static struct str run(const char *shell, bool arguments)
{
    static char log[1 << 16];
    int status;
    write_file(path_to("log"), STR(""), 0666);
    pid_t pid = fork();
    assert_true(pid >= 0);
    if (pid == 0)
        become_shell(shell, arguments);
    assert_int_equal(waitpid(pid, &status, 0), pid);
    if (WIFEXITED(status) && WEXITSTATUS(status) == 126)
        fail_msg("can't become another user");
    usleep(1000); /* for what was put in the background */
    kill(-pid, SIGKILL);
    int fd = open(path_to("log"), O_RDONLY | O_CLOEXEC);
    ssize_t n = read(fd, log, sizeof log);
    close(fd);
    assert_true(n >= 0);
    return str_make(log, (size_t)n);
}

static bool may_run(const struct script *s, struct str name, bool arguments)
{
    if (arguments && str_is(name, "x")) /* the arguments themselves */
        return true;
    VEC_EACH (step, &s->steps) {
        enum script_reach reach = arguments ? step->reach : step->reach_bare;
        if (reach == SCRIPT_NEVER || reach == SCRIPT_ROOT_ONLY)
            continue;
        VEC_EACH (w, &step->command->words)
            if (str_eq(w->value, name))
                return true;
    }
    return false;
}

static void check_run(const struct script *s, const char *shell, const char *text, bool arguments)
{
    struct str log = run(shell, arguments), name;
    while (log.n && str_split(&log, '\n', &name))
        if (name.n && !may_run(s, name, arguments))
            fail_msg("%s, %s arguments, started %.*s:\n%s", shell, arguments ? "with" : "without",
                     STR_ARG(name), text);
}

static void test_runs(void **state)
{
    (void)state;
    size_t runs = 0;
    const char *shells[] = {find_shell("sh"), find_shell("dash"), find_shell("bash")};
    if (geteuid() != 0)
        skip();
    for (size_t i = 0; i < COUNT(script_rows); i++) {
        const char *text = script_rows[i].text;
        bool bash = strncmp(text, "bash:", 5) == 0;
        struct str body = str_of(bash ? text + 5 : text);
        struct script s = script_read_by(&arena, body, bash ? STR("bash") : STR("sh"));
        make_stand_ins(&s);
        write_file(path_to("script"), body, 0755);
        /* What holds for sh holds for whatever sh is; bash is one of those. */
        for (size_t k = bash ? 2 : 1; k < COUNT(shells); k++) {
            if (!shells[k])
                continue;
            check_run(&s, shells[k], text, true);
            check_run(&s, shells[k], text, false);
            runs += 2;
        }
    }
    if (!runs)
        skip();
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_runs)};
    return cmocka_run_group_tests(tests, setup, teardown);
}
