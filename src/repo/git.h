/*
 * git: runs the user's git without letting the repository run anything.
 *
 * No shell, no pager, no prompt, no hook, no file-system monitor, no network protocol (but one that
 * is asked for), no lock that is not needed; variables that point git to another repository are not
 * handed on. The language of messages is fixed.
 */
#ifndef REPO_GIT_H
#define REPO_GIT_H

#include "base/str.h"
#include "repo/child.h"

/* Gets the standard output as it comes. False: enough, end the program. */
typedef bool git_sink(void *ctx, struct str bytes);

struct git_end {
    bool ran;           /* git could be started and ended by itself */
    bool late;          /* it was ended because the time was up */
    int code;           /* its exit code, when it ran */
    struct str message; /* its standard error, cut and safe to print, without line ends at the end;
                           or why it did not run */
};

/* One call of git. Lists end with a NULL; those that are NULL are empty. */
struct git_call {
    const char *dir;                /* where it runs; NULL: where we are */
    const char *git_dir;            /* the repository, for git not to search one */
    const char *const *settings;    /* "name=value", stronger than any configuration */
    const char *const *args;        /* without "git" */
    const char *const *environment; /* "NAME=value" */
    int in;                         /* its standard input; 0: none */
    bool network;      /* it may talk to others by the protocol that `settings` allows, with the
                          user's means to log in but without asking, and ends when we end */
    uint64_t deadline; /* by child_now(); 0: none */
};

/* Runs it. `sink` may be NULL. */
struct git_end git_call(struct arena *a, const struct git_call *call, git_sink *sink, void *ctx);
/* Starts it with pipes for its input and output; its messages go nowhere. False: it can't. */
bool git_talk(struct arena *a, const struct git_call *call, struct child *out);

/* Runs `git -C dir ARGS…` (args: NULL-terminated, without "git"). `sink` may be NULL. */
struct git_end git_run(struct arena *a, const char *dir, const char *const *args, git_sink *sink,
                       void *ctx);

/* The nearest directory upward from the absolute path `dir`, itself included, that has a ".git":
 * a folder, a file (work trees, submodules) or a link. NULL when there is none. */
const char *git_root(struct arena *a, const char *dir);

/* What to tell the user when git refuses a repository: one line that starts with "git". */
const char *git_refusal(struct arena *a, const struct git_end *end);

#endif
