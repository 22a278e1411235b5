/*
 * compose: what the services of a Compose file lack that run without root: the user, capabilities,
 * no-new-privileges, a read-only root file system; and the ports that their images moved.
 *
 * Only a service whose image is known, and known to run as another user than root, is changed. What
 * is not proven is a review. As for pods, nothing is weakened and no number is invented.
 */
#ifndef KUBERNETES_COMPOSE_H
#define KUBERNETES_COMPOSE_H

#include "kubernetes/harden.h"

struct compose {
    struct arena *arena;
    const struct harden_options *options;
    /* A service that is built is asked for by its name with a ':' in front. */
    const struct ur_images *images;
    struct yplace *root;
    bool skip_shared; /* services that have to do with anchors are left alone */
    VEC(struct harden_note) notes;
    struct str skipped; /* the name of one that was */
};

/* Is it one: a mapping with services? */
bool compose_is(const struct ytree_node *root);
void compose_harden(struct compose *c);

/* ---- between its parts */

struct compose_service {
    struct compose *compose;
    struct str name;
    struct yplace *place;
    struct ur_image image;
    bool known;              /* of the image */
    bool user_set, replaces; /* `user:` is there; it replaces what the image starts */
    const char *assumption;  /* why it is not proven that it runs as a non-root user; NULL: it is */
};

struct harden_note *compose_note(struct compose *c, const char *rule, const struct yplace *at,
                                 struct str message);
/* Wanted, and proven or unsafe. */
bool compose_may(struct compose_service *s, const char *rule, const struct yplace *at,
                 const char *assumption, const char *reason, struct str message);
void compose_cannot(struct compose *c, const char *rule, const struct yplace *at,
                    const char *reason, struct str message);

/* A scalar as it is read, whatever YAML takes it for: 1000:1000 is a number to some. */
bool compose_text(const struct yplace *p, struct str *text);
void compose_writes(struct compose_service *s);
/* All services are needed: others send to this one. */
void compose_ports(struct compose_service *s);

/* The text with HOST:FROM made HOST:TO, and, where FROM is 80 or 443, with the port put behind the
 * host of a URL that has none. p is NULL when there is nothing to change. */
struct str compose_move_text(struct arena *a, struct str text, struct str host, unsigned from,
                             unsigned to);

#endif
