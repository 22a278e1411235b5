#include "verify/stop.h"

#include <stddef.h>
#include <sys/signalfd.h>
#include <unistd.h>

void stop_watch(struct stop *s)
{
    static const int signals[] = {SIGINT, SIGTERM, SIGHUP};
    sigset_t watched;
    sigemptyset(&watched);
    for (size_t i = 0; i < sizeof signals / sizeof *signals; i++) {
        struct sigaction action;
        if (sigaction(signals[i], NULL, &action) == 0 && action.sa_handler != SIG_IGN)
            sigaddset(&watched, signals[i]);
    }
    *s = (struct stop){.fd = -1};
    pthread_sigmask(SIG_BLOCK, &watched, &s->before);
    s->fd = signalfd(-1, &watched, SFD_CLOEXEC | SFD_NONBLOCK);
    if (s->fd < 0) /* then they come as they always do */
        pthread_sigmask(SIG_SETMASK, &s->before, NULL);
}

bool stop_asked(struct stop *s)
{
    struct signalfd_siginfo info;
    while (s->fd >= 0 && read(s->fd, &info, sizeof info) == sizeof info)
        if (!s->signal)
            s->signal = (int)info.ssi_signo;
    return s->signal && !s->ignored;
}

void stop_end(struct stop *s)
{
    stop_asked(s);
    if (s->fd < 0)
        return;
    close(s->fd);
    s->fd = -1;
    pthread_sigmask(SIG_SETMASK, &s->before, NULL);
    if (s->signal)
        raise(s->signal);
}
