/*
 * Everything is one loop around poll(): the three pipes, the signals of `stop`, and the clock. A
 * child that has to go is asked first (SIGTERM), then killed with its whole group; its pipes are
 * read all the while, or it might never get to its end.
 */
#include "verify/spawn.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <spawn.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/vec.h"
#include "verify/family.h"

extern char **environ;

enum {
    CHUNK = 64 << 10,
    ERR_KEEP = 64 << 10,
    TICK_MS = 50,
    CLOSED_TICK_MS = 2,
    GRACE_MS = 10000,
    DRAIN_MS = 2000
};

struct stream {
    struct arena *arena;
    int fd; /* -1: closed */
    char *p;
    size_t n, cap, keep;
    bool tail;
};

struct run {
    const struct spawn_job *job;
    struct stop *stop;
    pid_t pid;
    struct stream out, err;
    int in;         /* -1: nothing more to write */
    size_t written; /* of the input */
    bool exited;
    int status;
    enum spawn_why why;
    int64_t until;   /* when the next thing happens: it is ended, killed, or given up */
    bool terminated; /* it was asked to end */
    bool gently;     /* its children were ended, it was not asked itself */
    bool killed;
};

static int64_t now(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (int64_t)t.tv_sec * 1000 + t.tv_nsec / 1000000;
}

/* ---- starting ------------------------------------------------------------------------------- */

/* Is there an added variable of this name? */
static bool is_replaced(const char *entry, const char *const *added)
{
    struct str rest = str_of(entry), name, other;
    str_split(&rest, '=', &name);
    for (; added && *added; added++) {
        rest = str_of(*added);
        str_split(&rest, '=', &other);
        if (str_eq(name, other))
            return true;
    }
    return false;
}

static char **make_environment(struct arena *a, const char *const *added)
{
    VEC(char *) env = {0};
    for (char **e = environ; e && *e; e++)
        if (!is_replaced(*e, added))
            *vec_push(a, &env) = *e;
    for (; added && *added; added++)
        *vec_push(a, &env) = (char *)*added;
    *vec_push(a, &env) = NULL;
    return env.v;
}

/* in[0], out[1], err[1] become the child's 0, 1 and 2. */
static int start(struct arena *a, struct run *r, int in, int out, int err)
{
    posix_spawn_file_actions_t files;
    posix_spawnattr_t attr;
    sigset_t none, defaults;
    sigemptyset(&none);
    sigemptyset(&defaults);
    sigaddset(&defaults, SIGPIPE);
    posix_spawn_file_actions_init(&files);
    if (in >= 0)
        posix_spawn_file_actions_adddup2(&files, in, 0);
    else
        posix_spawn_file_actions_addopen(&files, 0, "/dev/null", O_RDONLY, 0);
    posix_spawn_file_actions_adddup2(&files, out, 1);
    posix_spawn_file_actions_adddup2(&files, err, 2);
    posix_spawnattr_init(&attr);
    posix_spawnattr_setsigmask(&attr, &none);
    posix_spawnattr_setsigdefault(&attr, &defaults);
    posix_spawnattr_setpgroup(&attr, 0);
    posix_spawnattr_setflags(&attr, POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF |
                                        POSIX_SPAWN_SETPGROUP);
    int error = posix_spawn(&r->pid, r->job->program, &files, &attr, (char **)r->job->argv,
                            make_environment(a, r->job->added));
    posix_spawnattr_destroy(&attr);
    posix_spawn_file_actions_destroy(&files);
    return error;
}

static void close_pipe(int pipe[2])
{
    for (int i = 0; i < 2; i++) {
        if (pipe[i] >= 0)
            close(pipe[i]);
        pipe[i] = -1;
    }
}

/* 0 or an errno. Our ends of the pipes are in the run then. */
static int start_with_pipes(struct arena *a, struct run *r)
{
    int in[2] = {-1, -1}, out[2] = {-1, -1}, err[2] = {-1, -1};
    const struct spawn_job *job = r->job;
    int error = 0;
    if ((job->input.n && pipe2(in, O_CLOEXEC)) || pipe2(out, O_CLOEXEC) ||
        (!job->merged && pipe2(err, O_CLOEXEC)))
        error = errno;
    if (!error)
        error = start(a, r, in[0], out[1], job->merged ? out[1] : err[1]);
    if (error) {
        close_pipe(in), close_pipe(out), close_pipe(err);
        return error;
    }
    if (in[0] >= 0) {
        close(in[0]);
        fcntl(in[1], F_SETFL, O_NONBLOCK);
    }
    close(out[1]);
    if (err[1] >= 0)
        close(err[1]);
    r->in = in[1];
    r->out.fd = out[0];
    r->err.fd = err[0];
    return 0;
}

/* ---- reading and writing -------------------------------------------------------------------- */

static void make_room(struct stream *s, size_t more, size_t most)
{
    size_t cap = s->cap ? s->cap : 1024;
    while (cap < s->n + more)
        cap *= 2;
    if (cap > most)
        cap = most;
    if (cap <= s->cap)
        return;
    s->p = arena_grow(s->arena, s->p, s->cap, cap);
    s->cap = cap;
}

/* Of a stream whose end is wanted the last `keep` bytes are in the buffer, and up to as many. */
static void take(struct stream *s, const char *p, size_t n)
{
    size_t room = s->tail ? 2 * s->keep : s->keep;
    while (n) {
        if (s->n == room && !s->tail)
            return;
        if (s->n == room) {
            memmove(s->p, s->p + s->keep, s->keep);
            s->n = s->keep;
        }
        size_t part = n < room - s->n ? n : room - s->n;
        make_room(s, part, room);
        memcpy(s->p + s->n, p, part);
        s->n += part;
        p += part;
        n -= part;
    }
}

static void read_some(struct stream *s)
{
    char block[CHUNK];
    ssize_t n = read(s->fd, block, sizeof block);
    if (n < 0 && (errno == EINTR || errno == EAGAIN))
        return;
    if (n <= 0) {
        close(s->fd);
        s->fd = -1;
        return;
    }
    take(s, block, (size_t)n);
}

static void write_some(struct run *r)
{
    struct str rest = str_from(r->job->input, r->written);
    ssize_t n = write(r->in, rest.p, rest.n);
    if (n < 0 && (errno == EINTR || errno == EAGAIN))
        return;
    if (n > 0)
        r->written += (size_t)n;
    if (n <= 0 || r->written == r->job->input.n) {
        close(r->in);
        r->in = -1;
    }
}

/* The part that was asked for. */
static struct str text_of(const struct stream *s)
{
    size_t from = s->tail && s->n > s->keep ? s->n - s->keep : 0;
    return str_sub(str_make(s->p, s->n), from, s->n);
}

/* ---- the loop ------------------------------------------------------------------------------- */

/* The first that happens is what is told. */
static void end_it(struct run *r, enum spawn_why why)
{
    if (r->terminated)
        return;
    r->why = why;
    r->terminated = true;
    r->gently = r->job->gentle && family_kill(r->pid, SIGKILL);
    if (!r->gently)
        kill(-r->pid, SIGTERM);
    r->until = now() + GRACE_MS;
}

static void look_at_the_clock(struct run *r)
{
    if (now() < r->until)
        return;
    if (r->exited) { /* somebody else holds the pipes */
        r->killed = true;
    } else if (!r->terminated) {
        end_it(r, SPAWN_TOO_LONG);
    } else if (r->gently) {
        r->gently = false;
        kill(-r->pid, SIGTERM);
        r->until = now() + GRACE_MS;
    } else {
        kill(-r->pid, SIGKILL);
        r->killed = true;
        r->until = now() + DRAIN_MS;
    }
}

static void look_at_the_child(struct run *r)
{
    if (r->exited || waitpid(r->pid, &r->status, WNOHANG) != r->pid)
        return;
    r->exited = true;
    r->until = now() + DRAIN_MS;
}

static void wait_for_something(struct run *r)
{
    struct pollfd fds[4] = {{.fd = r->out.fd, .events = POLLIN},
                            {.fd = r->err.fd, .events = POLLIN},
                            {.fd = r->in, .events = POLLOUT},
                            {.fd = r->stop ? r->stop->fd : -1, .events = POLLIN}};
    if (r->stop && r->stop->signal)
        fds[3].fd = -1;
    /* who has closed its outputs is about to end */
    bool closed = r->out.fd < 0 && r->err.fd < 0;
    if (poll(fds, 4, closed ? CLOSED_TICK_MS : TICK_MS) <= 0)
        return;
    if (fds[0].revents)
        read_some(&r->out);
    if (fds[1].revents)
        read_some(&r->err);
    if (fds[2].revents)
        write_some(r);
}

static void follow(struct run *r)
{
    while (!(r->exited && (r->killed || (r->out.fd < 0 && r->err.fd < 0)))) {
        wait_for_something(r);
        look_at_the_child(r);
        look_at_the_clock(r);
        if (r->stop && stop_asked(r->stop) && !r->exited)
            end_it(r, SPAWN_STOPPED);
    }
    if (r->terminated) /* what it started itself, if there is any left */
        kill(-r->pid, SIGKILL);
    int *const open[] = {&r->out.fd, &r->err.fd, &r->in};
    for (size_t i = 0; i < sizeof open / sizeof *open; i++)
        if (*open[i] >= 0)
            close(*open[i]);
}

static struct spawn_end tell(struct arena *a, const struct run *r)
{
    struct spawn_end end = {
        .why = r->why, .code = -1, .out = text_of(&r->out), .err = text_of(&r->err)};
    if (r->why == SPAWN_TOO_LONG)
        end.message = str_fmt(a, "not done after %u s", r->job->seconds).p;
    else if (r->why == SPAWN_STOPPED)
        end.message = "interrupted";
    else if (WIFEXITED(r->status))
        end.code = WEXITSTATUS(r->status);
    if (!end.message && end.code < 0) {
        end.why = SPAWN_KILLED;
        end.message = str_fmt(a, "ended by signal %d", WTERMSIG(r->status)).p;
    }
    return end;
}

struct spawn_end spawn_run(struct arena *a, struct stop *stop, const struct spawn_job *job)
{
    struct run r = {.job = job,
                    .stop = stop,
                    .in = -1,
                    .out = {.arena = a, .fd = -1, .keep = job->keep, .tail = job->tail},
                    .err = {.arena = a, .fd = -1, .keep = ERR_KEEP, .tail = true}};
    if (stop && stop_asked(stop))
        return (struct spawn_end){.why = SPAWN_STOPPED, .code = -1, .message = "interrupted"};
    int error = start_with_pipes(a, &r);
    if (error)
        return (struct spawn_end){
            .why = SPAWN_NOT_STARTED,
            .code = -1,
            .message = str_fmt(a, "cannot run '%s': %s", job->program, strerror(error)).p};
    r.until = now() + (int64_t)job->seconds * 1000;
    follow(&r);
    return tell(a, &r);
}
