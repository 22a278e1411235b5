/*
 * manifest: one file of Kubernetes objects: what it holds, what violates the standards in it, what
 * is changed. Bytes in, edits and findings out; whether the new bytes are good is for the engine's
 * gate.
 */
#ifndef KUBERNETES_MANIFEST_H
#define KUBERNETES_MANIFEST_H

#include "kubernetes/harden.h"

struct manifest_finding {
    const char *rule;
    enum ur_level level;
    unsigned line, column;
    struct str message;
    const char *assumption, *reason;
    bool fixed;
    size_t doc; /* which document it is about */
};

/* What becomes of a container. */
struct manifest_container {
    const struct container *in;
    bool image_known;
    struct str image_user; /* when its user is known */
    bool user_known;
    struct kubelet_answer kubelet;
    size_t finding; /* about it, from 1 */
};

struct manifest_pod {
    const struct object *object;
    const struct pod *pod;
    pss_violations violations;
    VEC(struct manifest_container) containers;
};

struct manifest_object {
    struct object *object;
    unsigned line;
    enum ur_answer answer;
    const char *reason;
    size_t first_pod, pod_count; /* in the document's */
};

struct manifest_doc {
    struct yedit *edit;
    struct objects objects;
    VEC(struct manifest_object) list; /* workloads, and what else is or would be changed */
    VEC(struct manifest_pod) pods;
    const char *left; /* a reason code: the document is left alone */
    bool refused;     /* it could not be edited */
};

struct manifest {
    struct arena *arena;
    struct str source;
    const struct harden_options *options;
    const struct ur_images *images;
    struct workload_paths paths;
    struct ytree tree;
    VEC(struct manifest_doc) docs;
    VEC(struct manifest_finding) findings;
    VEC(struct patch_edit) edits; /* sorted */
    harden_moves moved;
    size_t doc;       /* the one that is being worked on */
    const char *left; /* the whole file is left alone: a reason code */
    bool too_large;   /* with `left`: more than this program takes */
};

/* Reads; false: it is no YAML, see m->tree.error. */
bool manifest_read(struct manifest *m, struct arena *a, struct str source,
                   const struct harden_options *options, const struct ur_images *images,
                   struct workload_paths paths);
/* Finds what is wrong and makes the edits. */
void manifest_harden(struct manifest *m);
/* The same of the file with the edits made: sets which findings are fixed. NULL, or what is worse
 * than before. */
const char *manifest_compare(struct manifest *m, const struct manifest *after);

/* A template of Helm or the like, as far as the text shows; for files that can't be read. */
bool template_in_text(struct str source);
/* The same of a document that can. */
bool template_in_doc(const struct ytree_node *root);

#endif
