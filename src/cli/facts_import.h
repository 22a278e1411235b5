/* facts_import: facts out of the JSON that container tools print about an image. */
#ifndef CLI_FACTS_IMPORT_H
#define CLI_FACTS_IMPORT_H

#include "base/vec.h"
#include "knowledge/facts.h"

struct facts_import {
    VEC(struct str) images; /* repositories */
    struct facts facts;
};

/*
 * Reads `docker image inspect` (podman, buildah inspect, skopeo inspect --config, an OCI image
 * configuration). `as` names the image when the JSON does not (may be NULL); it goes before the
 * JSON's own names. NULL, or what is wrong.
 */
const char *facts_import(struct arena *a, struct str json, const char *as,
                         struct facts_import *out);

#endif
