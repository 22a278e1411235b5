/* What one input comes to, when its stages were worked on. */
#ifndef ENGINE_SUM_H
#define ENGINE_SUM_H

#include "unit/outcome.h"

/* The file's answer and reason: the worst of its shipped stages. */
void sum_answer(struct outcome *o, const struct unit *u);
/* Who the shipped stages run as, before a rewrite of this unit. */
enum outcome_user sum_user(const struct unit *u);
/* The images at the roots of the shipped stages. */
struct strs sum_images(struct arena *a, const struct unit *u);
/* Findings sorted by place, each once. */
void sum_findings(struct unit *u);

#endif
