/* The grammar of Apache's configuration: lines, continued by a backslash, of words. */
#ifndef SERVER_APACHE_LEX_H
#define SERVER_APACHE_LEX_H

#include "server/note.h"

struct apache_lexer {
    struct arena *arena;
    struct str text;
    size_t at;
    struct server_word line; /* the last one, continued lines joined and trimmed; `raw` is all of it
                                in the text */
};

/* Goes on to the next line that is neither empty nor a comment. False at the end. */
bool apache_next(struct apache_lexer *l);

/* Takes the next word off the line from `*at` on. False when there is none. */
bool apache_word(struct arena *a, const struct server_word *line, size_t *at,
                 struct server_word *out);

#endif
