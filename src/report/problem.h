/*
 * problem: what there is to say of an input, in one list for all formats: its findings, and when it
 * could not be handled, that, too, as a finding whose rule is the reason.
 */
#ifndef REPORT_PROBLEM_H
#define REPORT_PROBLEM_H

#include "base/buf.h"
#include "unit/outcome.h"

struct problems {
    const struct ur_finding *v; /* in memory of their own when there is an error among them */
    size_t n;
};

/* For VEC_EACH. */
struct problems problems_of(struct arena *a, const struct outcome *o);
/* "note", "warning", "error". */
const char *problem_level(enum ur_level level);
/* The message, what it rests on, and what a person should do. Sentences. */
struct str problem_text(struct arena *a, const struct outcome *o, const struct ur_finding *f);
/* Where the input is: "repository/path", or what there is of both. */
struct str problem_path(struct arena *a, const struct outcome *o);

/*
 * A fingerprint for each problem, in hexadecimal digits. It is made of rule, reason and the text of
 * the instruction without its layout, so it stays when lines move; equal ones are told apart by
 * their order. `path` is hashed with it, which may be empty.
 */
const struct str *problem_fingerprints(struct arena *a, const struct outcome *o,
                                       const struct problems *list, struct str path);

#endif
