/* What the parts of Caddy's reader share. */
#ifndef SERVER_CADDY_READER_H
#define SERVER_CADDY_READER_H

#include "server/caddy_lex.h"

enum { CADDY_SNIPPETS_MAX = 64 };

enum caddy_block {
    CADDY_GLOBAL,
    CADDY_SITE,    /* directives; also within `handle`, `route` and the like */
    CADDY_SNIPPET, /* directives or options, wherever it is imported */
    CADDY_LOG,
    CADDY_TLS,
    CADDY_PROXY,
    CADDY_FILES,
    CADDY_STORAGE,
    CADDY_DATA, /* nothing in it matters */
    CADDY_STRANGE
};

/* What a site's block or a snippet says of the sockets of its addresses. */
struct caddy_sockets {
    bool tls;          /* a `tls` directive */
    bool bound;        /* a `bind` directive */
    bool public;       /* bound to more than this machine */
    bool sockets_only; /* bound to unix sockets and nothing else */
    bool imports;      /* a file that may say more */
};

struct caddy_snippet {
    struct str name;
    struct caddy_sockets says;
};

/* The number of an option, http_port or https_port. */
struct caddy_option {
    struct server_port port;
    bool written;
};

struct caddy_reader {
    struct note note;
    caddy_tokens tokens;
    size_t at;
    struct caddy_option http, https;
    struct caddy_sockets all;   /* default_bind */
    struct caddy_sockets *says; /* of the site or snippet being read */
    struct caddy_snippet snippet[CADDY_SNIPPETS_MAX];
    size_t snippets;
    bool no_https, no_redirects; /* auto_https */
    bool admin;                  /* the option was given */
    bool sites;                  /* there are some */
    bool redirects;              /* from HTTP to HTTPS, by Caddy itself */
    struct span redirects_for;   /* the first address that makes it do that */
    bool redirects_sure;         /* without conditions */
    unsigned char *tls_ports;    /* a bit for each port */
    /* the line being read */
    caddy_tokens line;
};

/* The ports of the site whose addresses are the tokens, by what its block says. */
void caddy_site(struct caddy_reader *r, const caddy_tokens *keys, const struct caddy_sockets *says);
/* After all sites: what follows from all of them. */
void caddy_finish(struct caddy_reader *r);
/* http_port, https_port and admin. */
void caddy_option_port(struct caddy_reader *r, struct caddy_option *o);
void caddy_admin(struct caddy_reader *r);
/* bind and default_bind. */
void caddy_bind(struct caddy_reader *r, struct caddy_sockets *says);

/* Does what the line says in such a block. The answer is the kind of the block that it opens, if
 * it opens one. */
enum caddy_block caddy_line(struct caddy_reader *r, enum caddy_block in);
/* Caddy takes no address that is the name of a directive. */
bool caddy_is_directive(struct str name);

#endif
