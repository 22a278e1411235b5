/*
 * engine: the container engine that is on PATH, as a set of questions and orders. Everything goes
 * through its command line, so that a daemon on another machine will do.
 *
 * All that is made gets a name that begins with `tag`, which nobody else uses, and is noted before
 * it is made: engine_release() removes it whatever happened meanwhile.
 */
#ifndef VERIFY_ENGINE_H
#define VERIFY_ENGINE_H

#include "verify/args.h"
#include "verify/spawn.h"

enum engine_kind { ENGINE_DOCKER, ENGINE_PODMAN, ENGINE_BUILDAH };

struct engine {
    struct arena *arena;
    enum engine_kind kind;
    const char *name;    /* as --engine has it */
    const char *program; /* runs containers */
    const char *builder; /* builds images; the same, or buildah */
    bool buildx;         /* docker: there is BuildKit */
    const char *tag;
    const char *probe; /* the image of our probe, once it is there (see probe.h) */
    struct stop *stop;
    VEC(const char *) containers; /* that may exist */
    VEC(const char *) images;
    VEC(const char *) steps; /* images without a name that the classic builder has made */
};

enum { ENGINE_OUTPUT = 1 << 20 }; /* bytes kept of an answer */

/* Finds one and asks whether it works. `wanted` is a name, or NULL for the first that does. NULL,
 * or what is wrong. */
const char *engine_find(struct engine *e, struct arena *a, struct stop *stop, const char *wanted);
/* Its name and how it builds, for people. */
const char *engine_label(const struct engine *e);

/* Runs `program` with these words. */
struct spawn_end engine_call(struct engine *e, struct args *words, unsigned seconds,
                             struct str input, bool merged);
/* The output, trimmed; a slice without bytes when it failed. */
struct str engine_ask(struct engine *e, struct args *words);

/* New names, noted. */
const char *engine_image(struct engine *e, const char *what);
const char *engine_container(struct engine *e, const char *what);
/* Gives the image a second name. */
void engine_tag(struct engine *e, const char *image, const char *name);
/* Removes a container with its volumes, now. */
void engine_remove(struct engine *e, const char *container);
/* It is gone already. */
void engine_forget(struct engine *e, const char *container);

struct engine_build {
    const char *image; /* from engine_image() */
    const char *dockerfile, *context;
    const char *target; /* "" for the last stage */
    const char *const *options;
    size_t option_count;
    const char *memory;
    unsigned seconds;
};

/* Its output is the end of what the builder said. */
struct spawn_end engine_build(struct engine *e, const struct engine_build *b);

/* Removes everything. NULL, or what could not be removed. No signal disturbs it. */
const char *engine_release(struct engine *e);

/* The last line of an engine's complaint that says something, printable. */
const char *engine_complaint(struct arena *a, const struct spawn_end *end);

#endif
