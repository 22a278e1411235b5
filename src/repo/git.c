/*
 * git is started with posix_spawn and its two outputs are read with poll, so that neither can block
 * the other. It is searched in the absolute folders of PATH only (see base/which.h).
 */
#include "repo/git.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/utf8.h"
#include "base/vec.h"
#include "base/which.h"

extern char **environ;

enum { ERR_MAX = 4096, CHUNK = 64 << 10 };

/* In front of every command. */
static const char *const guard[] = {
    "--no-pager", "--no-optional-locks",      "-c", "core.fsmonitor=false",
    "-c",         "core.hooksPath=/dev/null", "-c", "core.untrackedCache=false",
    "-c",         "protocol.allow=never",     "-c", "color.ui=false",
};

static const char *const added_environment[] = {
    "LC_ALL=C",         "GIT_TERMINAL_PROMPT=0", "GIT_OPTIONAL_LOCKS=0", "GIT_NO_LAZY_FETCH=1",
    "GIT_ASKPASS=true", "SSH_ASKPASS=true",
};

/* GIT_DIR and its like are for the repository that called us (as a hook does), not for the one we
 * look at. The user's own choice of configuration stays. */
static bool keep_variable(const char *entry)
{
    struct str e = str_of(entry), name;
    str_split(&e, '=', &name);
    if (str_is(name, "LC_ALL") || str_is(name, "SSH_ASKPASS"))
        return false;
    if (!str_starts(name, STR("GIT_")))
        return true;
    return str_starts(name, STR("GIT_CONFIG_")) && !str_is(name, "GIT_CONFIG_PARAMETERS");
}

static char **make_environment(struct arena *a)
{
    VEC(char *) env = {0};
    for (char **e = environ; e && *e; e++)
        if (keep_variable(*e))
            *vec_push(a, &env) = *e;
    for (size_t i = 0; i < sizeof added_environment / sizeof *added_environment; i++)
        *vec_push(a, &env) = (char *)added_environment[i];
    *vec_push(a, &env) = NULL;
    return env.v;
}

static char **make_arguments(struct arena *a, const char *dir, const char *const *args)
{
    VEC(const char *) argv = {0};
    *vec_push(a, &argv) = "git";
    *vec_push(a, &argv) = "-C";
    *vec_push(a, &argv) = dir;
    for (size_t i = 0; i < sizeof guard / sizeof *guard; i++)
        *vec_push(a, &argv) = guard[i];
    while (*args)
        *vec_push(a, &argv) = *args++;
    *vec_push(a, &argv) = NULL;
    return (char **)argv.v;
}

struct child {
    pid_t pid;
    int out, err;
};

static int spawn(struct child *c, const char *program, char **argv, char **env, int out, int err)
{
    posix_spawn_file_actions_t files;
    posix_spawnattr_t attr;
    sigset_t none, defaults;
    sigemptyset(&none);
    sigemptyset(&defaults);
    sigaddset(&defaults, SIGPIPE);
    posix_spawn_file_actions_init(&files);
    posix_spawn_file_actions_addopen(&files, 0, "/dev/null", O_RDONLY, 0);
    posix_spawn_file_actions_adddup2(&files, out, 1);
    posix_spawn_file_actions_adddup2(&files, err, 2);
    posix_spawnattr_init(&attr);
    posix_spawnattr_setsigmask(&attr, &none);
    posix_spawnattr_setsigdefault(&attr, &defaults);
    posix_spawnattr_setflags(&attr, POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF);
    int error = posix_spawn(&c->pid, program, &files, &attr, argv, env);
    posix_spawnattr_destroy(&attr);
    posix_spawn_file_actions_destroy(&files);
    return error;
}

/* 0 or an errno. */
static int start(struct child *c, const char *program, char **argv, char **env)
{
    int out[2], err[2];
    if (pipe2(out, O_CLOEXEC))
        return errno;
    if (pipe2(err, O_CLOEXEC)) {
        int error = errno;
        close(out[0]), close(out[1]);
        return error;
    }
    int error = spawn(c, program, argv, env, out[1], err[1]);
    close(out[1]), close(err[1]);
    c->out = out[0], c->err = err[0];
    if (error)
        close(out[0]), close(err[0]);
    return error;
}

struct reader {
    git_sink *sink;
    void *ctx;
    struct buf err;
    char *block;
    bool stopped; /* the sink wanted no more */
};

/* Reads what is there. False at the end, or when no more is wanted. */
static bool read_some(struct reader *r, int fd, bool is_err)
{
    ssize_t n = read(fd, r->block, CHUNK);
    if (n < 0 && errno == EINTR)
        return true;
    if (n <= 0)
        return false;
    struct str got = str_make(r->block, (size_t)n);
    if (is_err)
        buf_add(&r->err, str_sub(got, 0, ERR_MAX - r->err.n));
    else if (r->sink && !r->sink(r->ctx, got))
        r->stopped = true;
    return !r->stopped;
}

static void read_outputs(struct reader *r, const struct child *c)
{
    struct pollfd fds[2] = {{.fd = c->out, .events = POLLIN}, {.fd = c->err, .events = POLLIN}};
    while (!r->stopped && (fds[0].fd >= 0 || fds[1].fd >= 0)) {
        if (poll(fds, 2, -1) < 0) {
            if (errno == EINTR)
                continue;
            break;
        }
        for (int i = 0; i < 2; i++)
            if (fds[i].revents && !r->stopped && !read_some(r, fds[i].fd, i == 1))
                fds[i].fd = -1;
    }
}

static struct git_end not_run(struct arena *a, const char *why)
{
    return (struct git_end){.message = str_fmt(a, "git can't be run: %s", why)};
}

static struct git_end wait_for(struct arena *a, const struct child *c, struct reader *r)
{
    int status;
    /* After a closed pipe git ends by itself, unless it has nothing more to write. */
    if (r->stopped)
        kill(c->pid, SIGTERM);
    while (waitpid(c->pid, &status, 0) < 0)
        if (errno != EINTR)
            return not_run(a, strerror(errno));
    struct git_end end = {.message = utf8_safe(a, str_trim(buf_str(&r->err)), 0)};
    end.ran = WIFEXITED(status);
    end.code = end.ran ? WEXITSTATUS(status) : -1;
    if (!end.ran && !r->stopped)
        end.message = STR("git was ended by a signal");
    return end;
}

struct git_end git_run(struct arena *a, const char *dir, const char *const *args, git_sink *sink,
                       void *ctx)
{
    const char *program = which_find(a, "git");
    struct child c;
    if (!program)
        return not_run(a, "it is not installed");
    int error = start(&c, program, make_arguments(a, dir, args), make_environment(a));
    if (error)
        return not_run(a, strerror(error));
    struct reader r = {.sink = sink, .ctx = ctx, .err = buf_in(a), .block = arena_bytes(a, CHUNK)};
    read_outputs(&r, &c);
    close(c.out);
    close(c.err);
    return wait_for(a, &c, &r);
}

const char *git_root(struct arena *a, const char *dir)
{
    struct str at = str_of(dir);
    struct stat st;
    for (;;) {
        const char *git = str_fmt(a, "%.*s/.git", STR_ARG(at)).p;
        if (lstat(git, &st) == 0)
            return at.n ? str_z(a, at) : "/";
        ptrdiff_t slash = str_rchr(at, '/');
        if (slash < 0 || !at.n)
            return NULL;
        at = str_sub(at, 0, (size_t)slash);
    }
}

const char *git_refusal(struct arena *a, const struct git_end *end)
{
    if (!end->ran)
        return str_z(a, end->message);
    if (str_has(end->message, "dubious ownership"))
        return "git refuses it: its owner is somebody else (git's safe.directory allows it)";
    struct str line = end->message, first = STR_NULL;
    str_split(&line, '\n', &first);
    return str_fmt(a, "git refuses it: %.*s", STR_ARG(first)).p;
}
