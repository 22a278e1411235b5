/*
 * measure RUNS COMMAND…: runs a command with its output thrown away and prints, of the quickest
 * run, wall seconds, CPU seconds and peak KiB, the means of wall and CPU, and the exit status. In
 * C, because the peak of a child includes what its parent was before it became the command.
 */
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

struct sample {
    double wall, cpu;
    long peak;
    int status;
};

static double now(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

static double seconds(struct timeval t)
{
    return (double)t.tv_sec + (double)t.tv_usec / 1e6;
}

static void become(char **command)
{
    int null = open("/dev/null", O_RDWR);
    dup2(null, 0);
    dup2(null, 1);
    dup2(null, 2);
    execvp(command[0], command);
    _exit(127);
}

static struct sample run(char **command)
{
    struct rusage usage;
    int status;
    double begin = now();
    pid_t pid = fork();
    if (pid == 0)
        become(command);
    if (pid < 0 || wait4(pid, &status, 0, &usage) < 0) {
        perror("measure");
        exit(1);
    }
    return (struct sample){now() - begin, seconds(usage.ru_utime) + seconds(usage.ru_stime),
                           usage.ru_maxrss,
                           WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status)};
}

int main(int argc, char **argv)
{
    struct sample best = {0};
    double wall = 0, cpu = 0;
    long runs = argc > 2 ? strtol(argv[1], NULL, 10) : 0;
    if (runs < 1)
        return 2;
    for (long i = 0; i < runs; i++) {
        struct sample s = run(argv + 2);
        if (i == 0 || s.wall < best.wall)
            best = s;
        wall += s.wall;
        cpu += s.cpu;
    }
    printf("%.6f %.6f %ld %.6f %.6f %d\n", best.wall, best.cpu, best.peak, wall / (double)runs,
           cpu / (double)runs, best.status);
    return 0;
}
