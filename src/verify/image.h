/* image: what an engine says of an image and of a container (`inspect`). */
#ifndef VERIFY_IMAGE_H
#define VERIFY_IMAGE_H

#include "verify/engine.h"

enum { IMAGE_PORTS = 16 };

struct image {
    bool known;
    struct str user; /* Config.User */
    unsigned exposed[IMAGE_PORTS];
    size_t exposed_count;
    VEC(struct str) volumes; /* paths */
    bool health;             /* it has a health check */
    uint64_t size;
};

enum container_health { HEALTH_NONE, HEALTH_STARTING, HEALTH_HEALTHY, HEALTH_UNHEALTHY };

struct container_state {
    bool known, running, out_of_memory;
    int exit_code;
    struct str error; /* the engine's own, when it could not be started */
    enum container_health health;
};

/* From JSON, for the tests; printable strings in the arena. What makes no sense is not known. */
struct image image_read(struct arena *a, struct str json);
struct container_state image_read_state(struct arena *a, struct str json);

struct image image_inspect(struct engine *e, const char *name);
struct container_state image_state(struct engine *e, const char *container);

/* "", "starting", "healthy", "unhealthy". */
const char *image_health_name(enum container_health health);

#endif
