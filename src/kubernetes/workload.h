/*
 * workload: the objects of a manifest's document, and the pods that they make: which kind has its
 * pod spec where, which containers are in it. Nothing is judged here.
 */
#ifndef KUBERNETES_WORKLOAD_H
#define KUBERNETES_WORKLOAD_H

#include "yaml/yedit.h"

enum {
    WORKLOAD_OBJECTS_MAX = 20000,  /* of a document */
    WORKLOAD_CONTAINERS_MAX = 2000 /* of a document */
};

/* Another kind of object with a pod in it: Rollout=spec.template.spec. Segments that end in []
 * stand for each element of a sequence. */
struct workload_path {
    struct str kind, path;
};

struct workload_paths {
    const struct workload_path *v;
    size_t n;
};

enum container_role { CONTAINER_MAIN, CONTAINER_INIT, CONTAINER_EPHEMERAL };

struct container {
    struct yplace *place;
    enum container_role role;
    struct str name, image; /* "" when not given */
};

struct pod {
    struct yplace *meta; /* labels and annotations; NULL when there are none */
    struct yplace *spec;
    VEC(struct container) containers; /* containers, initContainers, ephemeralContainers */
    bool windows;                     /* spec.os.name is windows */
    bool windows_node;                /* only its node selector says so */
};

struct object {
    struct yplace *place;
    struct str api, kind, name, namespace; /* "" when not given */
    VEC(struct pod) pods;
    /* A workload that is not whole, as in an overlay of kustomize; why, or NULL. */
    const char *patch;
    const struct yplace *patch_at;
};

struct objects {
    VEC(struct object) list;
    bool kubernetes; /* the document has an apiVersion and a kind */
    bool too_many;
};

/* All objects of a document; those in a List, too. */
struct objects workload_read(struct yedit *e, struct workload_paths paths);

/* The first field that is of a kind no cluster takes: a text in place of a mapping. NULL: none. */
const struct yplace *pod_odd_field(const struct pod *pod);

/* "Deployment web", for messages. */
struct str object_title(struct arena *a, const struct object *o);

#endif
