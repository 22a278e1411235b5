/*
 * Builds on the image that is made to run as another user, where there is one with the same tag and
 * the stage's configuration is seen and works there. Whether that is so was decided with the user
 * (nonroot-user); here it is written.
 */
#include "pass/pass.h"
#include "unit/swap.h"

static void run(struct unit *u)
{
    VEC_EACH (it, &u->graph->stages) {
        struct plan *plan = &u->plans[(*it)->index];
        const struct swap *swap = plan->swap;
        if (!swap || plan->answer != UR_REVIEW)
            continue;
        struct ur_finding *f = unit_find(u, UR_WARNING, (*it)->from,
                                         "%.*s is the same as %.*s, made for a user that "
                                         "is not root",
                                         STR_ARG(swap->image), STR_ARG(swap->from));
        f->fixed = u->settings->unsafe_fixes;
        if (u->settings->unsafe_fixes)
            swap_write(u, *it, swap);
    }
}

const struct pass pass_unprivileged_base = {
    .id = "unprivileged-base",
    .summary = "build on the variant of an image that is made for a user that is not root",
    .why =
        "nginx has a sister, nginxinc/nginx-unprivileged, with the same tags: its user is 101, "
        "its site listens on 8080, its pid and temporary files are in /tmp, so that it also runs "
        "with a read-only root. FROM is changed where the tag is known to exist there and every "
        "configuration that the file copies is seen and works there, with its ports moved. Steps "
        "that were written for root run between USER root and USER 101. Other images are "
        "never replaced.",
    .refs = "",
    .phase = PASS_OWNERS,
    .run = run,
};
