/* What port.c works on: all that a stage says of ports. Internal to port.c and its sisters. */
#ifndef UNIT_PORT_FIND_H
#define UNIT_PORT_FIND_H

#include "unit/port.h"
#include "unit/port_text.h"
#include "unit/webconf.h"

/* A hostile file may have any number; more than these are not followed. */
enum {
    PORT_SITES_MAX = 200,
    PORT_VARIABLES_MAX = 500,
    PORT_LISTENERS_MAX = 20,
    PORT_FILES_MAX = 60
};

enum port_role {
    PORT_LISTENS, /* the program is told to listen there */
    PORT_EXPOSED,
    PORT_NAMED, /* this machine is asked there: a health check */
};

struct port_site {
    enum port_role role;
    uint32_t port;
    const struct port_text *in; /* NULL: a variable of the base image */
    size_t at;
    struct str digits;      /* "" when none are written */
    const char *fixed;      /* why they can't be replaced */
    struct str name, value; /* of the base image's variable; `at` is in its value */
};

/* A file that the program is told of, or is: server.js, package.json. */
struct port_source {
    struct str path, text;
    const struct df_item *item;
};

struct finder {
    struct unit *u;
    struct stage *s;
    struct ports *out;
    VEC(struct port_site) sites;
    VEC(const struct port_text *) texts; /* commands: all their numbers must be understood */
    VEC(struct port_source) sources;
    unsigned files;        /* that were looked for */
    struct strs listeners; /* names of variables that say where it listens */
    port_commands commands;
    struct webconf *conf; /* of the server that it starts; NULL: it starts none */
};

/* A place is in the way. Only the first is kept. */
void port_stays(struct finder *f, const struct df_item *at, const char *fmt, ...)
    __attribute__((format(printf, 3, 4)));
void port_add_site(struct finder *f, enum port_role role, uint32_t port, const struct port_text *in,
                   ptrdiff_t at, size_t n);

/* ENTRYPOINT and CMD, and the scripts and files that they name. */
void port_find_commands(struct finder *f);
/* ENV and ARG. */
void port_find_variables(struct finder *f);
/* Where the number in the variable's value is written; false when it can't be told. */
bool port_find_variable(struct finder *f, struct str name, enum port_role role, uint32_t port);
/* server.port in the sources of a Spring Boot application. */
void port_find_spring(struct finder *f);
/* EXPOSE and HEALTHCHECK. */
void port_find_exposed(struct finder *f);
void port_find_health(struct finder *f);
/* Labels that tell somebody else the port. */
void port_find_labels(struct finder *f);

/* Is the base image's web server started? Then f->conf is its configuration, and the ports on which
 * it listens are among the sites: those in files without a place (`in` is NULL, `name` empty). */
void port_find_server(struct finder *f);
/* What moves a port there; false when something is in the way. */
bool port_move_server(struct finder *f, uint32_t from, uint32_t to);
/* Does its configuration use the port for anything? */
bool port_server_uses(const struct finder *f, uint32_t port);

#endif
