/*
 * outcome: what became of one input, as reports see it. Who makes one fills in what there is; what
 * does not apply stays zero. All is borrowed.
 */
#ifndef UNIT_OUTCOME_H
#define UNIT_OUTCOME_H

#include "kubernetes/manifest.h"
#include "text/patch.h"
#include "unit/unit.h"

/* Who something runs as; of several the one that is most in need of a change. */
enum outcome_user {
    OUTCOME_USER_UNKNOWN,
    OUTCOME_USER_ROOT,
    OUTCOME_USER_NAMED,   /* not root, but a name, which runAsNonRoot refuses */
    OUTCOME_USER_NUMERIC, /* a number that is not 0 */
    OUTCOME_USERS
};

/* One file that the rewrite changes: `was`, with these edits made. */
struct outcome_change {
    struct str name; /* its path, as that of the outcome */
    struct str was;
    const struct patch_edit *edits; /* sorted, without overlaps */
    size_t n;
};

struct outcome {
    struct str path;  /* in the repository when there is one, else as the user named it */
    struct str repo;  /* a name for people, "" when the run is not about repositories */
    const char *kind; /* "dockerfile", "manifest", "compose" */
    enum ur_status status;
    const char *error;                 /* with the path in front; "" when the status is UR_OK */
    const char *complaint;             /* the same without the path */
    unsigned error_line, error_column; /* where, 0 when there is no place */
    enum ur_answer answer;
    const char *reason; /* NULL when there is none */
    bool changed;
    enum outcome_user before, after;
    struct strs images; /* that it builds on or runs, each once */
    struct str source;  /* the bytes that were read */
    struct str patch;
    const struct outcome_change *changes; /* the input itself first, if it changes */
    size_t change_count;
    const struct ur_file *files; /* of the build context, changed with it */
    size_t file_count;
    const struct unit *unit;         /* NULL when it did not parse, or is no Dockerfile */
    const struct manifest *manifest; /* NULL when it is none */
    const struct ur_finding *findings;
    size_t finding_count;
};

#endif
