/* What the parts of Apache's reader share. */
#ifndef SERVER_APACHE_READER_H
#define SERVER_APACHE_READER_H

#include "server/apache_lex.h"

enum { APACHE_DEFINES_MAX = 64 };

enum apache_section {
    APACHE_TOP,
    APACHE_PLAIN,
    APACHE_CONDITION, /* decided when the server starts */
    APACHE_REQUEST,   /* <If>: decided for each request */
    APACHE_VHOST,
    APACHE_STRANGE
};

/* A section that is open. */
struct apache_level {
    enum apache_section section;
    struct str name; /* as written */
    size_t ports;    /* how many were known when it opened */
    bool tls;
    bool named; /* has a ServerName */
    struct span at;
};

struct apache_define {
    struct str name;
    struct server_word value;
    bool has_value;
    bool conditional; /* it may be set otherwise, or not at all */
};

struct apache_reader {
    struct note note;
    struct apache_lexer lex;
    struct apache_level level[SERVER_DEPTH_MAX];
    size_t depth;
    struct apache_define define[APACHE_DEFINES_MAX];
    size_t defines;
    size_t expanded;          /* bytes that variables' values have added */
    bool main_tls;            /* SSLEngine on outside of virtual hosts */
    unsigned char *tls_ports; /* a bit for each port whose virtual host speaks TLS */
    struct server_word line;  /* with variables resolved */
    struct str name;          /* of the directive, as written */
    struct str lower;         /* the same in small letters */
    server_words args;
};

/* Whether what stands here is only read under a condition. */
bool apache_is_conditional(const struct apache_reader *r);

/* `Define` and `UnDefine`. */
void apache_define(struct apache_reader *r);
/* Replaces ${NAME} in the line as far as the file itself says what it is. */
struct server_word apache_resolve(struct apache_reader *r, const struct server_word *line);
/* Whether the place in the text is a value that may be overridden from outside. */
bool apache_is_default(const struct apache_reader *r, struct span at);

void apache_listen(struct apache_reader *r);
/* The addresses of <VirtualHost …> and NameVirtualHost. */
void apache_hosts(struct apache_reader *r);

/* Does what the directive in r->args says. */
void apache_directive(struct apache_reader *r);

/* By names in small letters: whether a directive neither listens nor writes nor runs code. */
bool apache_is_harmless(struct str name);

#endif
