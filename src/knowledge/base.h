/* Images that are made to run as another user than root, in place of others that are not: the files
 * of templates/bases. */
#ifndef KNOWLEDGE_BASE_H
#define KNOWLEDGE_BASE_H

#include "base/str.h"
#include "base/vec.h"

struct base {
    struct str to;   /* the repository to take instead */
    struct str user; /* as in that image's config */
    struct str source, checked;
    VEC(struct str) tags; /* that both have, for the same content */
};

/* By repository; false when there is none. Strings live as long as the arena. */
bool base_find(struct arena *a, struct str repository, struct base *out);

bool base_has_tag(const struct base *b, struct str tag);

#endif
