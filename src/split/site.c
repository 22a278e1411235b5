/*
 * A site that nginx serves needs nginx, and no image of it is without a shell. What is offered is
 * the honest next best: the variant that is made to run without root, on a port above 1024, with
 * its temporary files in /tmp. unprivileged-base and move-port write it, as without --split.
 */
#include "split/site.h"

#include "knowledge/base.h"

bool site_tell(struct split *sp)
{
    const struct stage *root = stage_root(sp->s);
    struct base base;
    if (!sp->o.base_program || root->base_kind != STAGE_ON_IMAGE ||
        !base_find(sp->u->arena, root->image.repository, &base))
        return false;
    split_refuse(sp, "site-keeps-shell", sp->s->from,
                 "is served by %s, of which there is no image without a shell; %.*s, which runs "
                 "without root, is offered where the configuration fits it",
                 split_text(sp, root->image.repository), STR_ARG(base.to));
    return true;
}
