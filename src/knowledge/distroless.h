/*
 * What a shape of program needs so that it runs in an image without a shell: the files of
 * templates/distroless (docs/distroless.md), one a shape, and `common` for all of them.
 */
#ifndef KNOWLEDGE_DISTROLESS_H
#define KNOWLEDGE_DISTROLESS_H

#include "base/str.h"
#include "base/vec.h"

typedef VEC(struct str) distroless_list;

/* An image of one release. */
struct distroless_image {
    struct str release; /* "debian13"; "" where that is another matter */
    struct str variant; /* "static", "base"; "" where there is one only */
    struct str version; /* of the runtime: "21"; "" where it has none */
    struct str image;   /* behind the registry's prefix; with a slash in it, the whole name */
};

/* Which version of the runtime an image, or a package, brings. */
struct distroless_origin {
    distroless_list images;   /* repositories */
    distroless_list packages; /* or packages */
    struct str version; /* pattern; its first group is the version in the tag or the package */
    struct str latest;  /* the version of an image without a tag; "" when not known */
};

struct distroless {
    struct str source, checked;
    VEC(struct distroless_image) images;
    VEC(struct distroless_origin) origins;
    struct str user;            /* whom it runs as; "65532:65532" where nothing is said */
    distroless_list names;      /* the `distroless:` line */
    distroless_list entrypoint; /* of the images */
    distroless_list programs;   /* the program's own names: [java] */
    distroless_list interpreters; /* names by which it is called in a HEALTHCHECK; the image has it
                                     at `entrypoint` */
    distroless_list builders;   /* programs of RUN steps of which only the files that are copied
                                   matter */
    distroless_list packages;   /* of a package manager: nothing that runs needs them */
    distroless_list there;      /* packages of which the images have what matters */
    distroless_list sources;    /* files that only who builds it reads */
    distroless_list build_env;  /* variables that matter while building only */
    distroless_list libraries;  /* what programs are made of that starts no other programs and
                                   needs no files of the system; a trailing * stands for any rest */
    distroless_list refused;    /* those that do */
};

/* By name; false when there is none. Lives as long as the arena. */
bool distroless_find(struct arena *a, struct str name, struct distroless *out);

/* NULL when the release has none. */
const struct distroless_image *distroless_image(const struct distroless *d, struct str release,
                                                struct str variant, struct str version);

/* Does any shape have an image of this release? */
bool distroless_has_release(struct arena *a, struct str release);

/* Is it in the list, where a * at the end, or at the beginning, stands for anything? */
bool distroless_lists(const distroless_list *list, struct str name);

#endif
