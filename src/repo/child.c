/*
 * vfork in place of posix_spawn, because the latter can't make a child end with us. Between vfork
 * and exec there are system calls only; signals are held back meanwhile, so that no handler of ours
 * runs in the child.
 */
#include "repo/child.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

struct ends {
    int in, out, err; /* the child's */
};

static void close_one(int fd)
{
    if (fd >= 0)
        close(fd);
}

static void close_all(struct child *c, const struct ends *e)
{
    close_one(c->in), close_one(c->out), close_one(c->err);
    close_one(e->in), close_one(e->out), close_one(e->err);
    c->in = c->out = c->err = -1;
}

static bool make_pipe(int *read_end, int *write_end)
{
    int fd[2];
    if (pipe2(fd, O_CLOEXEC))
        return false;
    *read_end = fd[0], *write_end = fd[1];
    return true;
}

static bool make_ends(struct child *c, struct ends *e, const struct child_plan *p)
{
    *e = (struct ends){-1, -1, -1};
    if (p->pipe_in ? !make_pipe(&e->in, &c->in)
                   : (e->in = p->in >= 0 ? fcntl(p->in, F_DUPFD_CLOEXEC, 3)
                                         : open("/dev/null", O_RDONLY | O_CLOEXEC)) < 0)
        return false;
    if (!make_pipe(&c->out, &e->out))
        return false;
    if (p->mute)
        return (e->err = open("/dev/null", O_WRONLY | O_CLOEXEC)) >= 0;
    return make_pipe(&c->err, &e->err);
}

/* In the child, in our memory. */
static void become(const struct child_plan *p, const struct ends *e, pid_t parent)
{
    static const int ours[] = {SIGINT, SIGTERM, SIGHUP};
    struct sigaction had;
    sigset_t none;
    signal(SIGPIPE, SIG_DFL);
    for (size_t i = 0; i < sizeof ours / sizeof *ours; i++)
        if (sigaction(ours[i], NULL, &had) == 0 && had.sa_handler != SIG_IGN)
            signal(ours[i], SIG_DFL);
    if (p->attached) {
        setsid();
        prctl(PR_SET_PDEATHSIG, SIGTERM);
        if (getppid() != parent)
            _exit(127);
    }
    if (dup2(e->in, 0) < 0 || dup2(e->out, 1) < 0 || dup2(e->err, 2) < 0)
        _exit(127);
    sigemptyset(&none);
    sigprocmask(SIG_SETMASK, &none, NULL);
    execve(p->program, p->argv, p->env);
}

int child_start(struct child *c, const struct child_plan *p)
{
    struct ends e;
    sigset_t all, before;
    volatile int error = 0;
    *c = (struct child){.pid = -1, .in = -1, .out = -1, .err = -1, .group = p->attached};
    if (!make_ends(c, &e, p)) {
        error = errno;
        close_all(c, &e);
        return error;
    }
    pid_t parent = getpid();
    sigfillset(&all);
    pthread_sigmask(SIG_BLOCK, &all, &before);
    pid_t pid = vfork();
    if (pid == 0) {
        become(p, &e, parent);
        error = errno;
        _exit(127);
    }
    if (pid < 0)
        error = errno;
    pthread_sigmask(SIG_SETMASK, &before, NULL);
    if (error) {
        close_all(c, &e);
        if (pid > 0)
            waitpid(pid, NULL, 0);
        return error;
    }
    close(e.in), close(e.out), close(e.err);
    c->pid = pid;
    return 0;
}

void child_kill(const struct child *c, bool hard)
{
    int signal = hard ? SIGKILL : SIGTERM;
    if (!c->group || kill(-c->pid, signal))
        kill(c->pid, signal);
}

int child_wait(struct child *c)
{
    int status;
    close_one(c->in), close_one(c->out), close_one(c->err);
    c->in = c->out = c->err = -1;
    while (waitpid(c->pid, &status, 0) < 0)
        if (errno != EINTR)
            return -1;
    c->pid = -1;
    return status;
}

uint64_t child_now(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (uint64_t)t.tv_sec * 1000 + (uint64_t)t.tv_nsec / 1000000;
}

int child_left(uint64_t deadline)
{
    uint64_t now = child_now();
    if (!deadline)
        return -1;
    if (now >= deadline)
        return 0;
    return deadline - now > 3600000 ? 3600000 : (int)(deadline - now);
}
