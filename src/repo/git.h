/*
 * git: runs the user's git without letting the repository run anything.
 *
 * No shell, no pager, no prompt, no hook, no file-system monitor, no network protocol, no lock that
 * is not needed; variables that point git to another repository are not handed on. The language of
 * messages is fixed.
 */
#ifndef REPO_GIT_H
#define REPO_GIT_H

#include "base/str.h"

/* Gets the standard output as it comes. False: enough, end the program. */
typedef bool git_sink(void *ctx, struct str bytes);

struct git_end {
    bool ran;           /* git could be started and ended by itself */
    int code;           /* its exit code, when it ran */
    struct str message; /* its standard error, cut and safe to print, without line ends at the end;
                           or why it did not run */
};

/* Runs `git -C dir ARGS…` (args: NULL-terminated, without "git"). `sink` may be NULL. */
struct git_end git_run(struct arena *a, const char *dir, const char *const *args, git_sink *sink,
                       void *ctx);

/* The nearest directory upward from the absolute path `dir`, itself included, that has a ".git":
 * a folder, a file (work trees, submodules) or a link. NULL when there is none. */
const char *git_root(struct arena *a, const char *dir);

/* What to tell the user when git refuses a repository: one line that starts with "git". */
const char *git_refusal(struct arena *a, const struct git_end *end);

#endif
