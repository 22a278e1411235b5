/* What the steps of the author's stage leave behind. Internal to the split. */
#ifndef SPLIT_STEPS_H
#define SPLIT_STEPS_H

#include "split/split.h"

/* Looks at each; may add copies and refuse. */
void steps_judge(struct split *sp);

/* Can a RUN step be left out, when the base image is another one? It installs what is not needed
 * or there already, makes accounts, or directories that are made otherwise. */
bool steps_can_go(struct split *sp, struct stage *s, struct stage_step *step);

/* Is the path copied, or known to matter to nobody when the container runs? */
bool steps_is_settled(const struct split *sp, struct str path);

/* /tmp and the like: there for building, unless it is what starts. */
bool steps_is_scratch(struct str path);

/* A file that says the time zone, which TZ says, too. */
bool steps_is_time_zone(const struct split *sp, struct str path);

/* A link to a time zone becomes the variable TZ, if none is set. */
void steps_find_zone(struct split *sp);

/* Does the stage add certificates to those that the system trusts? */
bool steps_brings_certificates(const struct split *sp);

#endif
