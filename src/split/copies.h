/* Files that COPY and ADD bring. Internal to the split. */
#ifndef SPLIT_COPIES_H
#define SPLIT_COPIES_H

#include "split/split.h"

bool copies_is(const struct stage_step *step);
/* Copies what the step brings, or refuses. */
void copies_judge(struct split *sp, struct stage *s, const struct stage_step *step);
/* For a stage that keeps its steps: refuses one that puts files over those of the system. */
void copies_overlay(struct split *sp, const struct stage_step *step);

#endif
