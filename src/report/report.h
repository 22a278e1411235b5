/*
 * A report format: one input's outcome as text for a machine or a person. One file each in this
 * folder, which defines `const struct report report_<file>`; the Makefile writes the registry.
 */
#ifndef REPORT_REPORT_H
#define REPORT_REPORT_H

#include "base/buf.h"
#include "kubernetes/manifest.h"
#include "unit/unit.h"

enum outcome_kind { OUTCOME_DOCKERFILE, OUTCOME_MANIFEST, OUTCOME_COMPOSE };

/* What became of one input. `unit` is NULL when it did not parse, and for a manifest. */
struct outcome {
    enum outcome_kind kind;
    struct str path;
    enum ur_status status;
    const char *error; /* "" when the status is UR_OK */
    enum ur_answer answer;
    const char *reason; /* NULL when there is none */
    bool changed;
    const struct ur_file *files; /* of the build context, changed with it */
    size_t file_count;
    const struct unit *unit;
    const struct manifest *manifest;
    const struct ur_finding *findings;
    size_t finding_count;
};

struct report {
    const char *name;    /* --format NAME */
    const char *summary; /* one line, for --help */
    void (*print)(const struct outcome *o, struct arena *a, struct buf *out);
};

extern const struct report *const report_registry[];
extern const size_t report_count;

#endif
