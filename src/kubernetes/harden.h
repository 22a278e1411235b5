/*
 * harden: what a pod lacks to satisfy a level of the Pod Security Standards, put into its manifest.
 *
 * Nothing is weakened and no number is invented: who a container runs as is told by the manifest or
 * by what the caller knows of its image. What is not proven is a review: it is written with
 * `unsafe` only, and says what it rests on. Some things are never written; they say why.
 */
#ifndef KUBERNETES_HARDEN_H
#define KUBERNETES_HARDEN_H

#include "kubernetes/kubelet.h"
#include "kubernetes/pss.h"
#include "unroot.h"

struct harden_options {
    enum pss_level level;
    bool unsafe;
    bool keep_root_writable; /* readOnlyRootFilesystem is not asked for */
    bool no_token;           /* automountServiceAccountToken: false */
    bool keep_ports;
    const char *label;         /* what namespaces get as labels: a level, or NULL */
    const char *label_version; /* "latest", "v1.31" */
    bool (*wanted)(void *ctx, const char *rule);
    void *ctx;
};

/* What was done, or would be, or can't be. */
struct harden_note {
    const char *rule;
    enum ur_level level;
    const struct yplace *at;
    struct str message;     /* "" when a violation of the same rule at the same place says it */
    const char *assumption; /* of a review */
    const char *reason;     /* of a review or of what can't be */
    bool written;           /* asked for */
    bool possible;          /* false: never written */
    bool told;              /* a finding tells it */
};

/* What is known of a container before anything is changed. */
struct harden_container {
    struct container *in;
    struct ur_image image;
    bool known;               /* of the image */
    bool user_set, group_set; /* effectively, in the manifest */
    int64_t user, group;
    const char *assumption; /* why it is not proven that it runs as a non-root user; NULL: it is */
    const char *reason;
    const char *refusal; /* what the kubelet says of it under runAsNonRoot, whatever we assume */
    const char *refusal_reason;
};

typedef VEC(struct harden_container) harden_containers;
typedef VEC(struct ur_moved) harden_moves;

struct harden {
    struct arena *arena;
    const struct harden_options *options;
    const struct ur_images *images;
    struct object *object;
    struct pod *pod;
    harden_containers containers; /* of the pod */
    struct harden_names *names;   /* of its volumes; harden_writes.c */
    VEC(struct harden_note) notes;
    harden_moves moved;
};

/* The pods of an object, or a namespace. */
void harden_object(struct harden *h, struct object *o);
/* Services and network policies of pods with ports that moved, in this file or in others. */
void harden_follow(struct harden *h, struct object *o, const struct ur_moved *moved, size_t n);

/* ---- between the parts of it */

/* Wanted, and proven or unsafe: then it is to be written. Notes what it rests on. */
bool harden_may(struct harden *h, const char *rule, const struct yplace *at, const char *assumption,
                const char *reason);
struct harden_note *harden_note(struct harden *h, const char *rule, enum ur_level level,
                                const struct yplace *at, struct str message);
/* Something that is set and would have to be something else: a scalar, or anything. */
bool harden_may_override(struct harden *h, const char *rule, const struct yplace *at);
bool harden_may_remove(struct harden *h, const char *rule, const struct yplace *at);
/* A scalar that can be replaced. */
bool harden_is_settable(const struct yplace *p);
/* Never written: says why. */
void harden_cannot(struct harden *h, const char *rule, const struct yplace *at, const char *reason,
                   struct str message);

void harden_zero(struct harden *h);     /* runAsUser: 0; before it is judged who runs */
void harden_users(struct harden *h);    /* runAsNonRoot, runAsUser, runAsGroup */
void harden_fs_group(struct harden *h); /* when it is known which volumes there are */
void harden_seccomp(struct harden *h);
void harden_privileges(struct harden *h); /* allowPrivilegeEscalation, capabilities */
void harden_host(struct harden *h);       /* what reaches for the host */
void harden_overrides(struct harden *h);  /* profiles and capabilities that are set and too much */
void harden_read_only(struct harden *h);
void harden_ports(struct harden *h);
void harden_namespace(struct harden *h);

/* The mapping securityContext of a pod or container, made when there is none. NULL: it is
 * something else. */
struct yplace *harden_security(struct yplace *p);

#endif
