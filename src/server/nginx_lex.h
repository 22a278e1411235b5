/* The grammar of nginx's configuration: directives of words, ended by ";" or opening a block. */
#ifndef SERVER_NGINX_LEX_H
#define SERVER_NGINX_LEX_H

#include "server/note.h"

enum nginx_end {
    NGINX_SIMPLE, /* words and ";" */
    NGINX_OPEN,   /* words and "{" */
    NGINX_CLOSE,  /* "}" */
    NGINX_EOF,
    NGINX_BAD
};

struct nginx_lexer {
    struct arena *arena;
    struct str text;
    size_t at;
    server_words words; /* of the last directive */
    struct span whole;  /* from its first byte to behind its ";" or "{" */
    const char *wrong;  /* after NGINX_BAD; the place is `at` */
};

enum nginx_end nginx_next(struct nginx_lexer *l);

/* Behind the "{" of a block of Lua: goes behind its "}". False when there is none. */
bool nginx_skip_lua(struct nginx_lexer *l);

#endif
