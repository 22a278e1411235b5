/*
 * The order of the questions is the kubelet's (verifyRunAsNonRoot), what a number is is the
 * container runtime's (getUserFromImage, the same in containerd and CRI-O).
 */
#include "kubernetes/kubelet.h"

#include <inttypes.h>

enum { UID_LAST = 2147483647 }; /* the largest that Kubernetes takes for a user's number */

static struct str user_part(struct str image_user)
{
    struct str rest = image_user, user = image_user;
    str_split(&rest, ':', &user);
    return user;
}

bool kubelet_image_uid(struct str image_user, int64_t *uid)
{
    struct str digits = user_part(image_user);
    bool minus = str_starts(digits, STR("-"));
    uint64_t n;
    *uid = 0;
    if (!digits.n)
        return true;
    if (minus || str_starts(digits, STR("+")))
        digits = str_from(digits, 1);
    while (digits.n > 1 && digits.p[0] == '0') /* however many */
        digits = str_from(digits, 1);
    if (!str_to_u64(digits, (uint64_t)INT64_MAX + minus, &n))
        return false;
    *uid = minus ? (int64_t)(0 - n) : (int64_t)n;
    return true;
}

static struct kubelet_answer refusal(enum kubelet_reason reason, struct str message)
{
    return (struct kubelet_answer){KUBELET_REFUSES, reason, message};
}

static struct kubelet_answer ask_image(struct arena *a, struct str image_user)
{
    int64_t uid;
    if (!kubelet_image_uid(image_user, &uid))
        return refusal(KUBELET_IMAGE_IS_NAME,
                       str_fmt(a,
                               "container has runAsNonRoot and image has non-numeric user (%.*s), "
                               "cannot verify user is non-root",
                               STR_ARG(user_part(image_user))));
    if (uid == 0)
        return refusal(KUBELET_IMAGE_IS_ROOT,
                       STR("container has runAsNonRoot and image will run as root"));
    if (uid < 0 || uid > UID_LAST)
        return refusal(KUBELET_IMAGE_INVALID,
                       str_fmt(a,
                               "container has runAsNonRoot and image has an invalid user id "
                               "(%" PRId64 "). (Must be 1-(%d)): must be between 0 and %d, "
                               "inclusive",
                               uid, UID_LAST, UID_LAST));
    return (struct kubelet_answer){.verdict = KUBELET_STARTS};
}

struct kubelet_answer kubelet_ask(struct arena *a, const struct kubelet_context *context,
                                  const struct str *image_user)
{
    if (!context->run_as_non_root)
        return (struct kubelet_answer){.verdict = KUBELET_STARTS};
    if (context->has_user && context->user == 0)
        return refusal(KUBELET_USER_IS_ROOT, STR("container's runAsUser breaks non-root policy"));
    if (context->has_user)
        return (struct kubelet_answer){.verdict = KUBELET_STARTS};
    if (!image_user)
        return (struct kubelet_answer){.verdict = KUBELET_UNKNOWN};
    return ask_image(a, *image_user);
}
