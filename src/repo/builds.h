/*
 * builds: which images the build files of a tree build, and how those are run: Compose, Bake,
 * Skaffold. Bytes in, structs out; no file is opened.
 *
 * What a file leaves to somebody else is not known: variables of the environment, remote contexts,
 * expressions, what another file says. What is known is relative to the root of the tree, cleaned,
 * without a leading "./"; a path that climbs out of the tree is not known.
 *
 * Each file is read for itself. One that is laid over another (compose.override.yaml, a second -f)
 * tells what it would mean alone; `line` of a text is 0 for what it does not say itself.
 */
#ifndef REPO_BUILDS_H
#define REPO_BUILDS_H

#include "base/str.h"
#include "base/vec.h"

enum {
    BUILDS_SIZE_MAX = 1 << 20,  /* bytes of a file */
    BUILDS_MAX = 4096,          /* services, targets, artifacts of a file */
    BUILDS_LIST_MAX = 1024,     /* arguments, ports, … of one */
    BUILDS_ITEMS_MAX = 64 << 10 /* of all of them */
};

enum build_format { BUILD_COMPOSE, BUILD_BAKE, BUILD_SKAFFOLD };

struct build_text {
    struct str text; /* "" when it is not known */
    unsigned line;   /* where it is written; 0: nowhere, it is the format's default */
    bool known;
    bool assumed; /* the default of a variable took part: the environment may say otherwise */
};

struct build_pair {
    struct str name;
    struct build_text value;
};

struct build_port {
    unsigned line;
    struct str host_ip;       /* "" when none is written or it is not known */
    uint16_t host, host_to;   /* the first and the last; 0: the engine chooses */
    uint16_t container;       /* 0: not known */
    uint16_t container_to;    /* the last */
    struct str protocol;      /* "tcp", "udp", "sctp" */
    bool host_known, assumed; /* host_known: host, host_to and host_ip are as written */
};

enum build_mount_kind {
    BUILD_MOUNT_UNKNOWN,
    BUILD_MOUNT_ANONYMOUS, /* a new volume for each container */
    BUILD_MOUNT_VOLUME,    /* a volume with a name */
    BUILD_MOUNT_BIND,      /* a file or folder of the host */
    BUILD_MOUNT_TMPFS
};

struct build_mount {
    unsigned line;
    enum build_mount_kind kind;
    struct build_text target; /* in the container, absolute, cleaned */
    struct build_text source; /* of BIND a path from the root, of VOLUME its name */
    bool read_only;
};

typedef VEC(struct build_pair) build_pairs;
typedef VEC(struct build_port) build_ports;
typedef VEC(struct build_mount) build_mounts;

struct build {
    enum build_format format;
    struct str file;    /* the build file, as named by the caller */
    unsigned line;      /* of the service, target or artifact */
    struct str service; /* its name */
    struct str profile; /* the (first) profile that it belongs to; "" when it is always built */

    struct build_text context; /* a folder; "" is the root itself */
    struct build_text dockerfile;
    /* Known where the format looks at a second place when `dockerfile` isn't there (Skaffold). */
    struct build_text dockerfile_or;
    bool dockerfile_inline;   /* its text stands in the build file: there is no Dockerfile */
    struct build_text target; /* the stage; "" (known): the last one */
    build_pairs args;
    bool args_whole;   /* there are no arguments besides these */
    build_pairs named; /* named contexts, which take the place of a stage or image of that name */
    bool named_whole;  /* as args_whole */
    bool partial;      /* it takes more from another file, or from what can't be told: the lists are
                          not whole, and command and entrypoint may be replaced there */
    bool no_image;     /* its result is no image: files, only cache, a list of warnings */
    bool inherited;    /* others inherit it and no group names it: it may be there only for that */

    struct build_text image;  /* the name that the result gets; "" (known) when it gets none */
    struct build_text user;   /* who the container runs as; "" (known): as the image says */
    bool command, entrypoint; /* what the image starts is replaced */
    build_ports ports;
    bool ports_whole;
    build_mounts mounts;
    bool mounts_whole;
};

struct builds {
    VEC(struct build) list; /* in the order of the file */
};

/* compose.yaml, docker-compose.prod.yml, docker-bake.hcl, skaffold.yaml and the like. */
bool builds_is_name(struct str basename);

/*
 * Reads one build file. `path` is relative to the tree's root; its end and what is in it tell the
 * format. NULL, or a message "line:col: …"; then `out` is empty.
 *
 * Paths in it are taken from the file's folder. That is right for Compose. Bake and Skaffold take
 * them from the folder they are called in: what isn't there may be found by another reading with
 * that as `base` ("" for the root).
 */
const char *builds_read(struct arena *a, struct str path, struct str bytes, struct builds *out);
const char *builds_read_from(struct arena *a, struct str path, struct str base, struct str bytes,
                             struct builds *out);

#endif
