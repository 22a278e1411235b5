/*
 * images: which Dockerfile of a tree an image's name in a manifest belongs to. It is told by the
 * command line, by the files that build images (Compose, Bake, Skaffold, Tilt, scripts of a CI), or
 * as a guess by the name of the Dockerfile's folder.
 *
 * Bytes in, structs out; no file is opened. All that is said is collected first, then asked for.
 * Where two tell of different Dockerfiles, none is taken, and `why` says which two.
 */
#ifndef REPO_IMAGES_H
#define REPO_IMAGES_H

#include "base/str.h"
#include "base/vec.h"
#include "repo/builds.h"

enum {
    IMAGES_SIZE_MAX = 1 << 20,    /* bytes of a file */
    IMAGES_CLAIMS_MAX = 64 << 10, /* of a tree */
    IMAGES_MATRIX_MAX = 64,       /* jobs that one step of a CI stands for */
    IMAGES_HOLE = '\x01'          /* in a text: something that is not known */
};

/* Somebody says that the image is built from the Dockerfile. */
struct images_claim {
    struct str name;       /* the repository, normalised; "" in front of it when `open` */
    bool open;             /* what stands in front of the name is not known: "…/name" */
    bool given;            /* on the command line */
    struct str dockerfile; /* as it is shown */
    struct str target;     /* the stage; "" is the last one */
    bool target_known;
    struct str file; /* who says so, as it is shown */
    unsigned line;
    struct str scope; /* the folder that it is said for: "" or ends with '/' */
};

/* An image that gets another name before it is deployed (kustomize). */
struct images_alias {
    struct str name, other; /* repositories */
};

struct images {
    struct arena *arena;
    VEC(struct images_claim) claims;
    VEC(struct images_alias) aliases;
    VEC(struct str) dockerfiles;      /* all there are, as shown */
    VEC(struct images_claim) guesses; /* by folder, made by images_finish() */
    size_t open_from;                 /* where the open claims begin, when all is sorted */
};

enum images_kind {
    IMAGES_OTHER,
    IMAGES_TILT,
    IMAGES_KUSTOMIZE,
    IMAGES_WORKFLOW, /* of GitHub */
    IMAGES_SCRIPT    /* anything with "docker build …" in it */
};

/* What a file of that name is; `folder` is its folder from the root, "" or with '/' at the end. */
enum images_kind images_kind_of(struct str folder, struct str basename);

/* Something of a tree whose root is shown as `root` ("" or with '/' at the end); `path` is seen
 * from that root. What can't be read tells nothing. */
struct images_file {
    enum images_kind kind;
    struct str root, path;
    struct str bytes;
};
void images_read(struct images *im, const struct images_file *f);
/* What builds_read() found in a file; its paths are seen from `root`. */
void images_add_build(struct images *im, struct str root, const struct build *b);
/* --image NAME=DOCKERFILE, seen from a folder. NULL, or what is wrong with it. */
const char *images_give(struct images *im, struct str folder, struct str text);
/* A Dockerfile that there is. */
void images_add_dockerfile(struct images *im, struct str path);
bool images_has(const struct images *im, struct str dockerfile); /* behind images_finish() */
/* When all is said. */
void images_finish(struct images *im);

enum images_how {
    IMAGES_NONE,    /* no join */
    IMAGES_GIVEN,   /* told on the command line */
    IMAGES_SAID,    /* a build file says so */
    IMAGES_GUESSED, /* the end of the name, or a folder's name */
};

struct images_join {
    enum images_how how;
    const struct images_claim *claim; /* NULL for IMAGES_NONE */
    const char *why;   /* of IMAGES_NONE: why none is taken although there are some; else NULL */
    bool guesses;      /* `why` is about guesses only */
    const char *guess; /* of IMAGES_GUESSED: what it rests on */
};

/* `image` as in the manifest at `path`. */
struct images_join images_find(const struct images *im, struct arena *a, struct str image,
                               struct str path);

#endif
