/*
 * The configuration of the web server that a base image is made for, as the stage leaves it: the
 * files that COPY brings, read, and which of the image's own are still in force.
 */
#ifndef UNIT_WEBCONF_H
#define UNIT_WEBCONF_H

#include "server/server.h"
#include "unit/locate.h"

enum webconf_image { WEBCONF_NONE, WEBCONF_NGINX, WEBCONF_HTTPD, WEBCONF_PHP, WEBCONF_CADDY };

struct webconf_file {
    struct str path; /* in the image */
    struct located where;
    struct server_config c;
    bool template; /* variables are replaced when the container starts; lands in conf.d */
    bool reached;  /* the server reads it */
};

struct webconf {
    struct unit *unit;
    struct stage *stage;
    enum webconf_image image;
    struct str folder, main;
    VEC(struct webconf_file) files;
    bool own_main; /* COPY brings the main file */
    bool
        default_site; /* the image's own site is in force: nginx' default.conf, Debian's ports.conf,
                         or the main file itself where the image has the ports in that */
    bool default_host; /* Debian: the image's 000-default.conf */
    bool removed_site, removed_main;
    const char *wrong; /* what keeps the configuration from being known; NULL: it is */
    const struct df_item *at;
};

/* `image` is WEBCONF_NONE when the base image is no web server whose own configuration is known. */
struct webconf *webconf_read(struct unit *u, struct stage *s);

/* Is it the program that the image is made for? */
bool webconf_is_program(const struct webconf *w, struct str name);

/* A path that it writes to and may not, when it runs as another user than root; NULL: none, all is
 * known. `unprivileged`: in nginx-unprivileged, with the files that COPY brings. */
const char *webconf_unwritable(const struct webconf *w, bool unprivileged);

/* Does the image's entrypoint write its templates into the folder when it starts? */
bool webconf_has_templates(const struct webconf *w);

/* What RUN steps did to the folder: fills in removed_* and wrong. */
void webconf_runs(struct webconf *w);

#endif
