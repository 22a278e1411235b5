/*
 * probe: our own program (src/probe) inside of containers. It comes into an engine as a tar on
 * standard input, once as an image of its own, which then shares the processes and the network of a
 * container, and once into a container of an image that is never started otherwise. So nothing is
 * needed in the image, and nothing of the image is run to look at it.
 */
#ifndef VERIFY_PROBE_H
#define VERIFY_PROBE_H

#include "verify/engine.h"

/* The program. Generated: build/gen/probe_data.c. */
extern const unsigned char probe_bytes[];
extern const size_t probe_size; /* 0: it could not be built */

enum { PROBE_IDS = 4, PROBE_GROUPS = 64 };

struct probe_process {
    uint64_t pid;
    uint64_t uid[PROBE_IDS], gid[PROBE_IDS]; /* real, effective, saved, of the file system */
    struct str groups;                       /* blank-separated */
    uint64_t caps, bounding;
    bool no_new_privileges;
    struct str name; /* printable */
};

struct probe_port {
    unsigned number;
    bool udp, loopback;
    bool asked; /* over HTTP, twice */
    unsigned status[2];
    uint64_t size[2];
    struct str sum[2];
};

struct probe_setid {
    unsigned mode;
    struct str path;
};

enum probe_kind { PROBE_UNKNOWN, PROBE_NONE, PROBE_EMPTY, PROBE_FULL, PROBE_FILE };

struct probe_folder {
    struct str path;
    enum probe_kind kind;
};

/* What it said. `whole` is false when it did not get to its end. */
struct probe {
    bool whole;
    const char *problem; /* why it said nothing at all; NULL else */
    VEC(struct probe_process) processes;
    VEC(struct probe_port) ports;
    VEC(struct probe_setid) setid;
    VEC(struct str) shells;
    VEC(struct probe_folder) folders;
    bool self_known;
    struct probe_process self;
};

/* Reads its output; for the tests, too. Lines that make no sense are left out. */
struct probe probe_read(struct arena *a, struct str output);

struct probe_question {
    unsigned seconds; /* to wait for a port */
    const char *path; /* for HTTP */
    unsigned ports[16];
    size_t port_count;
};

/* Looks at a running container, when what listens there does so. */
struct probe probe_live(struct engine *e, const char *container, const struct probe_question *q);
/* Looks into an image; `folders` are to be told empty or full. */
struct probe probe_still(struct engine *e, const char *image, const struct str *folders, size_t n);
/* Whom the engine makes of the image's user; `user` (--user) may be NULL. */
struct probe probe_self(struct engine *e, const char *image, const char *user);

/* A tar with one file that may be run. */
struct str probe_tar(struct arena *a, const char *name, struct str bytes);

#endif
