/*
 * .dockerignore: which paths of a build context are not sent to the builder.
 * Rules: moby/patternmatcher (ignorefile, MatchesOrParentMatches): the last pattern that matches a
 * path or a folder above it decides; patterns are anchored at the context's root.
 */
#ifndef CONTEXT_IGNORE_H
#define CONTEXT_IGNORE_H

#include "base/str.h"
#include "base/vec.h"

struct ignore_rule {
    struct str pattern; /* with '/' in front */
    bool negated;
};

struct ignore {
    VEC(struct ignore_rule) rules;
    bool complete; /* every line was understood; else ignore_has() may be wrong either way */
};

/* Reads a .dockerignore; rules borrow from the arena. */
struct ignore ignore_read(struct arena *a, struct str text);
/* Is the path (relative, cleaned) left out of the context? */
bool ignore_has(const struct ignore *ig, struct str path);
/* May a '!' rule bring back something below the ignored folder? */
bool ignore_has_children(const struct ignore *ig, struct str path);

#endif
