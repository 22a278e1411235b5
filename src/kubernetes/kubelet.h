/*
 * kubelet: whether a container starts under runAsNonRoot.
 *
 * Just before it starts a container on Linux, the kubelet looks at three things and no others: the
 * effective runAsNonRoot, the effective runAsUser (of the container, else of the pod) and the user
 * in the image's configuration as the container runtime reports it. It never reads a passwd file,
 * so that a user's name can't be verified whoever it belongs to.
 */
#ifndef KUBERNETES_KUBELET_H
#define KUBERNETES_KUBELET_H

#include "base/str.h"

/* The effective security context: the container's field where it is set, else the pod's. */
struct kubelet_context {
    bool run_as_non_root; /* false: unset, too */
    bool has_user;
    int64_t user; /* runAsUser, when has_user */
};

enum kubelet_verdict {
    KUBELET_STARTS,
    KUBELET_REFUSES, /* the pod shows CreateContainerConfigError with the message */
    KUBELET_UNKNOWN, /* it would ask for the image's user, which is not known */
};

/* Which of its refusals it is. */
enum kubelet_reason {
    KUBELET_NO_REASON,
    KUBELET_USER_IS_ROOT,  /* runAsUser: 0 */
    KUBELET_IMAGE_IS_ROOT, /* no user, or number 0 */
    KUBELET_IMAGE_IS_NAME, /* a name: "root" and "nonroot" alike */
    KUBELET_IMAGE_INVALID, /* a number that no user may have */
};

struct kubelet_answer {
    enum kubelet_verdict verdict;
    enum kubelet_reason reason;
    /* Its words without " (pod: …, container: …)" at the end; empty when it starts. A user's name
     * is in it as the image has it. */
    struct str message;
};

/* What the pod's status says of a container that is refused. */
#define KUBELET_WAITING "CreateContainerConfigError"

/* `image_user` is Config.User of the image; NULL: not known. */
struct kubelet_answer kubelet_ask(struct arena *a, const struct kubelet_context *context,
                                  const struct str *image_user);

/* What the container runtime makes of Config.User: the part in front of the first ':' is a number
 * when Go's ParseInt takes it. None at all is 0. False: it is a name. */
bool kubelet_image_uid(struct str image_user, int64_t *uid);

#endif
