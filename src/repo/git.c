/*
 * The two outputs of git are read with poll, so that neither can block the other. It is searched in
 * the absolute folders of PATH only (see base/which.h).
 */
#include "repo/git.h"

#include <errno.h>
#include <poll.h>
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
    "LC_ALL=C",
    "GIT_TERMINAL_PROMPT=0",
    "GIT_OPTIONAL_LOCKS=0",
    "GIT_NO_LAZY_FETCH=1",
    "SSH_ASKPASS_REQUIRE=never",
};

static const char *const no_askpass[] = {"GIT_ASKPASS=true", "SSH_ASKPASS=true", NULL};

static bool is_one_of(struct str name, const char *const *names)
{
    for (; *names; names++)
        if (str_is(name, *names))
            return true;
    return false;
}

/* GIT_DIR and its like are for the repository that called us (as a hook does), not for the one we
 * look at. The user's own choice of configuration stays, and for the network how to get there. */
static bool keep_variable(const char *entry, bool network)
{
    static const char *const secret[] = {"GIT_ASKPASS", "SSH_ASKPASS", NULL};
    static const char *const ways[] = {"GIT_SSH", "GIT_SSH_COMMAND", "GIT_SSH_VARIANT", NULL};
    struct str e = str_of(entry), name;
    str_split(&e, '=', &name);
    if (str_is(name, "LC_ALL") || str_is(name, "GIT_TERMINAL_PROMPT"))
        return false;
    if (is_one_of(name, secret))
        return network;
    if (!str_starts(name, STR("GIT_")))
        return true;
    if (network && (is_one_of(name, ways) || str_starts(name, STR("GIT_SSL_")) ||
                    str_starts(name, STR("GIT_HTTP_"))))
        return true;
    return str_starts(name, STR("GIT_CONFIG_")) && !str_is(name, "GIT_CONFIG_PARAMETERS");
}

static char **make_environment(struct arena *a, const struct git_call *call)
{
    VEC(char *) env = {0};
    for (char **e = environ; e && *e; e++)
        if (keep_variable(*e, call->network))
            *vec_push(a, &env) = *e;
    for (size_t i = 0; i < sizeof added_environment / sizeof *added_environment; i++)
        *vec_push(a, &env) = (char *)added_environment[i];
    for (const char *const *e = call->environment; e && *e; e++)
        *vec_push(a, &env) = (char *)*e;
    for (const char *const *e = no_askpass; !call->network && *e; e++)
        *vec_push(a, &env) = (char *)*e;
    *vec_push(a, &env) = NULL;
    return env.v;
}

static char **make_arguments(struct arena *a, const struct git_call *call)
{
    VEC(const char *) argv = {0};
    *vec_push(a, &argv) = "git";
    if (call->dir) {
        *vec_push(a, &argv) = "-C";
        *vec_push(a, &argv) = call->dir;
    }
    for (size_t i = 0; i < sizeof guard / sizeof *guard; i++)
        *vec_push(a, &argv) = guard[i];
    for (const char *const *s = call->settings; s && *s; s++) {
        *vec_push(a, &argv) = "-c";
        *vec_push(a, &argv) = *s;
    }
    if (call->git_dir)
        *vec_push(a, &argv) = str_fmt(a, "--git-dir=%s", call->git_dir).p;
    for (const char *const *arg = call->args; *arg; arg++)
        *vec_push(a, &argv) = *arg;
    *vec_push(a, &argv) = NULL;
    return (char **)argv.v;
}

struct reader {
    git_sink *sink;
    void *ctx;
    struct buf err;
    char *block;
    bool stopped; /* the sink wanted no more */
    bool late;    /* the time was up */
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

static void read_outputs(struct reader *r, const struct child *c, uint64_t deadline)
{
    struct pollfd fds[2] = {{.fd = c->out, .events = POLLIN}, {.fd = c->err, .events = POLLIN}};
    while (!r->stopped && (fds[0].fd >= 0 || fds[1].fd >= 0)) {
        int ready = poll(fds, 2, child_left(deadline));
        if (ready < 0 && errno != EINTR)
            break;
        if (ready == 0 && deadline && child_now() >= deadline) {
            r->late = true;
            break;
        }
        for (int i = 0; ready > 0 && i < 2; i++)
            if (fds[i].revents && !r->stopped && !read_some(r, fds[i].fd, i == 1))
                fds[i].fd = -1;
    }
}

static struct git_end not_run(struct arena *a, const char *why)
{
    return (struct git_end){.message = str_fmt(a, "git can't be run: %s", why)};
}

static struct git_end wait_for(struct arena *a, struct child *c, struct reader *r)
{
    /* After a closed pipe git ends by itself, unless it has nothing more to write. */
    if (r->stopped || r->late)
        child_kill(c, r->late);
    int status = child_wait(c);
    if (status < 0)
        return not_run(a, strerror(errno));
    struct git_end end = {.message = utf8_safe(a, str_trim(buf_str(&r->err)), 0), .late = r->late};
    end.ran = WIFEXITED(status) && !r->late;
    end.code = end.ran ? WEXITSTATUS(status) : -1;
    if (r->late)
        end.message = STR("git took too long");
    else if (!end.ran && !r->stopped)
        end.message = STR("git was ended by a signal");
    return end;
}

/* NULL, or why it did not start. */
static const char *start(struct arena *a, const struct git_call *call, bool talk, struct child *c)
{
    struct child_plan plan = {.program = which_find(a, "git"),
                              .argv = make_arguments(a, call),
                              .env = make_environment(a, call),
                              .in = call->in > 0 ? call->in : -1,
                              .pipe_in = talk,
                              .mute = talk,
                              .attached = call->network};
    if (!plan.program)
        return "it is not installed";
    int error = child_start(c, &plan);
    return error ? strerror(error) : NULL;
}

struct git_end git_call(struct arena *a, const struct git_call *call, git_sink *sink, void *ctx)
{
    struct child c;
    const char *why = start(a, call, false, &c);
    if (why)
        return not_run(a, why);
    struct reader r = {.sink = sink, .ctx = ctx, .err = buf_in(a), .block = arena_bytes(a, CHUNK)};
    read_outputs(&r, &c, call->deadline);
    return wait_for(a, &c, &r);
}

bool git_talk(struct arena *a, const struct git_call *call, struct child *out)
{
    return !start(a, call, true, out);
}

struct git_end git_run(struct arena *a, const char *dir, const char *const *args, git_sink *sink,
                       void *ctx)
{
    struct git_call call = {.dir = dir, .args = args};
    return git_call(a, &call, sink, ctx);
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
