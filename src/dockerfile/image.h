/* Image references: [host[:port]/]path[:tag][@digest] (github.com/distribution/reference). */
#ifndef DOCKERFILE_IMAGE_H
#define DOCKERFILE_IMAGE_H

#include "base/str.h"

/* All are slices of the text. */
struct image_ref {
    struct str text;       /* as written */
    struct str repository; /* normalised: Docker Hub and its mirrors without host and "library/":
                              "node", "bitnami/redis", "gcr.io/distroless/static" */
    struct str tag;        /* "" when none is written */
    struct str digest;     /* "sha256:…" or "" */
};

/*
 * Parses and normalises. False when it is not a valid reference (upper case, bad characters, an
 * image's id, a digest that is too short); *out is of no use then. "scratch" is a name like any
 * other.
 */
bool image_parse(struct arena *a, struct str text, struct image_ref *out);

#endif
