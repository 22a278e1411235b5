/* What the parts of nginx's reader share. */
#ifndef SERVER_NGINX_READER_H
#define SERVER_NGINX_READER_H

#include "server/nginx_lex.h"

enum nginx_block {
    NGINX_TOP, /* of a file, which may be a main one or a piece of anything */
    NGINX_PLAIN,
    NGINX_HTTP,
    NGINX_STREAM,
    NGINX_MAIL,
    NGINX_SERVER,
    NGINX_UPSTREAM,
    NGINX_LOCATION,
    NGINX_DATA,   /* no directives but `include` */
    NGINX_STRANGE /* unknown: what is in it may be anything, but looks like directives */
};

enum nginx_flag { NGINX_UNSET, NGINX_OFF, NGINX_ON };

/* A block that is open. */
struct nginx_level {
    enum nginx_block block;
    enum nginx_block family; /* of a server: where it stands */
    bool compares;           /* a map of the port the server listens on */
    bool listens, includes, ssl;
    size_t ports;        /* how many were known when it opened */
    struct span at;      /* its opening */
    unsigned char bare;  /* enum nginx_flag of port_in_redirect */
    unsigned char whole; /* and of absolute_redirect */
    uint16_t redirects;  /* bit bare * 3 + whole: such a server or location stands in it */
};

struct nginx_reader {
    struct note note;
    struct nginx_lexer lex;
    struct nginx_level level[SERVER_DEPTH_MAX];
    size_t depth; /* index of the innermost one */
};

/* Does what the directive in r->lex says; it has been ended by ";". */
void nginx_directive(struct nginx_reader *r);
/* `listen …;` */
void nginx_listen(struct nginx_reader *r);

/* Whether the directive neither listens nor writes, nor runs code. Sorted by name. */
bool nginx_is_harmless(struct str name);
/* Whether it belongs to a module that runs programs of the user's: Lua, Perl, njs, Passenger. */
bool nginx_is_code(struct str name);

#endif
