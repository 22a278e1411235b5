/* Where the files of an image come from. */
#ifndef UNIT_ORIGIN_H
#define UNIT_ORIGIN_H

#include "unit/unit.h"

/* How a file came to be. */
enum origin {
    ORIGIN_UNKNOWN,
    ORIGIN_STAGE,
    ORIGIN_BUILT,
    ORIGIN_CONTEXT,
    ORIGIN_HEREDOC,
    ORIGIN_REMOTE
};

struct source {
    enum origin origin;
    struct str script; /* of a heredoc */
    const struct df_item *item;
};

/* The file at an absolute path; "" asks whether anything is built at all. */
struct source origin_find(struct unit *u, struct stage *stage, struct str workdir, struct str path);

/* A bare name, looked for in the directories of PATH. */
struct source origin_find_in_path(struct unit *u, struct stage *stage, struct str workdir,
                                  struct str name);

/* https://…, git@… */
bool origin_is_url(struct str s);

/* ADD of a URL, or of a variable that by its name holds one: the file gets mode 0600. */
bool origin_is_download(const struct stage_step *step);

#endif
