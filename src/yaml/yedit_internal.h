/* What the parts of yedit share: yedit.c, yedit_text.c, yedit_remove.c, yedit_proof.c. */
#ifndef YAML_YEDIT_INTERNAL_H
#define YAML_YEDIT_INTERNAL_H

#include "yaml/yedit.h"

/* A place that somebody looked at; NULL when nobody did. */
struct yplace *yedit_known(const struct yplace *up, struct str key, size_t index);

/* Remembers the first reason, drops the edits. Always false. */
bool yedit_refuse(struct yedit *e, unsigned line, const char *why);
/* The same because of what an anchor or merge key shares. */
bool yedit_refuse_shared(struct yedit *e, unsigned line, const char *why);

/* Changes → edits. */
bool yedit_write(struct yedit *e);
/* Source and edits → the new document is the old one with the changes, and nothing else. */
bool yedit_prove(struct yedit *e);

#endif
