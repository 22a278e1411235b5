/*
 * What a configuration of a web server says: on which ports the server listens, which files it
 * writes and reads, and where in the text each of these stands, so that a port can be moved by
 * replacing its digits and nothing else.
 *
 * A reader takes the text of one file and opens no other. Includes are listed as they are written;
 * a caller that follows them reads each file apart and adds up what it finds. What a reader does
 * not understand it says: `complete` and `ports_known` are false then, and `wrong` tells the first
 * such place. Nothing is ever guessed from the names of files.
 */
#ifndef SERVER_SERVER_H
#define SERVER_SERVER_H

#include "base/str.h"
#include "base/vec.h"
#include "text/patch.h"
#include "text/span.h"

enum {
    SERVER_SIZE_MAX = 1 << 20, /* bytes of a configuration; a longer one is not read */
    SERVER_DEPTH_MAX = 64      /* blocks within each other */
};

enum server_program { SERVER_NGINX, SERVER_APACHE, SERVER_CADDY };

struct server_port {
    unsigned port;      /* 0: not known, a variable without a value */
    unsigned last;      /* the end of a range; else the same as `port` */
    struct span number; /* the digits of the port, or the variable that stands for them; empty when
                           the port is implied (`listen 127.0.0.1;`) and cannot be replaced */
    struct span at;     /* the word that it belongs to; of an implied one, what implies it */
    const char *fixed;  /* why this number cannot be replaced; NULL: it can */
    bool listens;       /* false: only names the port, and must move with it (<VirtualHost *:80>) */
    bool tls;
    bool udp;         /* by UDP instead of TCP */
    bool local;       /* bound to an address of this machine that nobody else reaches */
    bool variable;    /* set from outside; `port` is its default, or 0 */
    bool conditional; /* not in every case: <IfModule>, or an include may say otherwise */
    bool by_number;   /* Apache: TLS or not was never written, it follows from the number 443 */
};

enum server_path_kind {
    SERVER_PID,
    SERVER_LOG,
    SERVER_TEMP,
    SERVER_CACHE,
    SERVER_SOCKET,  /* made by the server */
    SERVER_PEER,    /* a socket of another program, to which the server connects */
    SERVER_ROOT,    /* files it reads */
    SERVER_KEY,     /* the same, but such files are often readable by root alone */
    SERVER_INCLUDE, /* configuration and modules */
    SERVER_OTHER_WRITE
};

struct server_path {
    struct str path; /* without quotes and escapes; may be relative */
    enum server_path_kind kind;
    struct str directive; /* as written: `proxy_temp_path` */
    struct span at;       /* the path in the text, inside of quotes; what stands there may differ
                             from `path` by escapes */
    bool variable;        /* has a variable in it that is not resolved */
};

struct server_include {
    struct str pattern; /* a path, a glob or (Caddy) perhaps a name; relative to what, the program
                           decides */
    struct span at;
    bool optional; /* may match nothing */
    bool data;     /* no directives stand in it: the types or the map of nginx */
    bool variable;
};

/* A name that something replaces before the server reads the text, or that the server takes from
 * its environment. One entry for each place. */
struct server_variable {
    struct str name;
    struct str fallback; /* its value if it is not set, in the text */
    bool has_fallback;
    struct span at; /* `${PORT}` */
};

/* A `user` or `group` directive: pointless, or an error, when the server does not start as root. */
struct server_user {
    struct str user, group; /* one may be missing */
    struct span at;         /* the whole directive, without what separates it from the next */
};

enum server_mention_kind {
    SERVER_MENTION_SELF,    /* an address of this machine: such a request must follow the port */
    SERVER_MENTION_COMPARE, /* compared with the port the server listens on: must follow it too */
    SERVER_MENTION_PUBLIC   /* in a URL, a header, a name: whether it changes depends on what
                               stands in front of the container */
};

/* Another place with the number of a port; most are of no interest until that port moves. */
struct server_mention {
    unsigned port;
    enum server_mention_kind kind;
    struct span number; /* empty: implied, as in `proxy_pass http://localhost;` */
    struct span at;     /* the word */
};

struct server_config {
    enum server_program program;
    VEC(struct server_port) ports;
    VEC(struct server_path) paths;
    VEC(struct server_include) includes;
    VEC(struct server_variable) variables;
    VEC(struct server_user) users;
    VEC(struct server_mention) mentions;
    bool complete;     /* everything was understood: nothing that listens or writes was missed, in
                          this file and by its directives */
    bool ports_known;  /* at least, nothing that listens was missed */
    bool broken;       /* not even the grammar could be followed to the end */
    const char *wrong; /* the first thing that was not understood; NULL when `complete` */
    unsigned wrong_line;
    bool daemon_off;          /* nginx: `daemon off;` */
    bool redirects_show_port; /* redirects that the server makes by itself (a folder without its
                                 slash) carry the port it listens on, unless it is the usual one */
    bool tells_port; /* the port it listens on gets into requests or answers by a variable */
};

/* The text with one port in place of another. */
struct server_moved {
    struct str text;              /* STR_NULL: refused */
    const char *why;              /* then, the reason */
    VEC(struct patch_edit) edits; /* sorted; `text` is the old text with them made */
};

/* Moves each place of the port `from` to `to`: what listens, what only names that port, and
 * mentions that must follow. Refuses when one of them cannot be replaced, when something that is
 * not known might be one, when `to` is in use already, and when the new text would not read as the
 * same configuration with the other port. Public mentions stay. `c` is what the program's reader
 * found in `text`. */
struct server_moved server_move(struct arena *a, struct str text, const struct server_config *c,
                                unsigned from, unsigned to);

/* Whether `y` says the same as `x` but for the port `from`, which is `to` there. Places in the text
 * are not compared. */
bool server_same_but(const struct server_config *x, const struct server_config *y, unsigned from,
                     unsigned to);

/* The reader of a program: nginx_read, apache_read or caddy_read. */
struct server_config server_read(struct arena *a, enum server_program program, struct str text);

/* The line of a byte, from 1. */
unsigned server_line(struct str text, size_t at);

#endif
