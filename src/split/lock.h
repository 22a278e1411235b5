/*
 * What npm, yarn and pnpm install, by their lock files: package-lock.json, npm-shrinkwrap.json,
 * yarn.lock, pnpm-lock.yaml.
 */
#ifndef SPLIT_LOCK_H
#define SPLIT_LOCK_H

#include "unit/unit.h"

struct lock_package {
    struct str name;
    bool development; /* nothing but development needs it */
    bool script;      /* runs something when it is installed: it compiles, or fetches */
    bool platform;    /* made for one system: has compiled code in it */
    bool linked;      /* a folder of the project itself */
};

struct lock {
    bool seen;              /* one was read to its end: `packages` is all that is installed */
    bool tells_scripts;     /* it says which of them run something */
    bool tells_development; /* it says which are needed for development only */
    VEC(struct lock_package) packages;
};

/* The one in folder `dir` (absolute) of the stage, if it is there when `step` installs with `tool`
 * ("npm"). */
struct lock lock_read(struct unit *u, struct stage *s, const struct stage_step *step,
                      struct str dir, struct str tool);

/* The same from a text; `name` is the file's name. For tests. */
struct lock lock_parse(struct arena *a, struct str name, struct str text);

#endif
