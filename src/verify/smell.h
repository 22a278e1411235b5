/*
 * smell: lines of a log that smell of missing permissions (EACCES, EPERM, EROFS), and the path that
 * such a line is about.
 */
#ifndef VERIFY_SMELL_H
#define VERIFY_SMELL_H

#include "base/str.h"
#include "base/vec.h"

enum smell_kind { SMELL_DENIED, SMELL_NOT_PERMITTED, SMELL_READ_ONLY };

struct smell {
    enum smell_kind kind;
    struct str line; /* printable, cut */
    struct str path; /* absolute; "" when the line names none */
    bool mild;       /* the program itself takes it for mere information */
};

enum { SMELL_MAX = 40 };

struct smells {
    struct smell v[SMELL_MAX]; /* each line once */
    size_t n;
    size_t all; /* with those that had no room */
};

void smell_find(struct arena *a, struct str log, struct smells *out);
/* Does one of them say the same, numbers aside (times, process ids, addresses)? */
bool smell_has(const struct smells *s, const struct smell *one);

#endif
