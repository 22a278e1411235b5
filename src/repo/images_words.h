/* Words of a command with what is known of its variables put in. For images*.c only. */
#ifndef REPO_IMAGES_WORDS_H
#define REPO_IMAGES_WORDS_H

#include "base/str.h"

struct images_words {
    struct arena *arena;
    struct str text;
    size_t at;
    char outer; /* the quote that the whole command stands in; 0: none */
    /* The value of a variable; p is NULL when it is not known. */
    struct str (*value)(void *ctx, struct str name);
    void *ctx;
};

/* The next word; false at the end of the command. */
bool images_words_next(struct images_words *w, struct str *word);

#endif
