/*
 * A report format: what became of the inputs as text for a machine or a person. One file each in
 * this folder, format_<name>.c, which defines `const struct report report_<name>`; the Makefile
 * writes the registry. What drives them is writer.h.
 *
 * A document is begin, then the text of each input in order, then end. input() sees nothing but its
 * outcome, so it may run in any thread and its text be kept for later; begin() and end() know the
 * sums.
 */
#ifndef REPORT_REPORT_H
#define REPORT_REPORT_H

#include "base/buf.h"
#include "unit/outcome.h"

struct report_sums {
    size_t files; /* that could be handled */
    size_t changed, errors, skipped, findings;
    size_t repos;
    size_t answers[UR_REFUSED + 1];
    size_t before[OUTCOME_USERS], after[OUTCOME_USERS];
    size_t left_out; /* inputs whose text went over the format's limit */
};

/* How often a reason was given. */
struct report_reason {
    struct str code;
    size_t n;
};

/* What begin() and end() are told. */
struct report_run {
    struct report_sums sums;
    VEC(struct report_reason) reasons; /* in the order in which they came up */
};

struct report {
    const char *name;       /* --format NAME */
    const char *summary;    /* one line, for --help */
    const char *endings;    /* of the names of its files, blank-separated; the longest one counts */
    const char *between;    /* the texts of two inputs; NULL: nothing */
    const char *page_break; /* in its place, when `page` bytes came since the last one */
    size_t page;
    bool sums_first; /* begin() needs the sums: what comes behind it waits until they are known */
    size_t limit;    /* bytes of all texts of inputs; 0: none */
    /* All but input() may be NULL. They add to `out` and take memory from its arena. */
    void (*begin)(const struct report_run *run, struct buf *out);
    void (*input)(const struct outcome *o, struct buf *out);
    void (*end)(const struct report_run *run, struct buf *out);
};

extern const struct report *const report_registry[];
extern const size_t report_count;

/* By the ending of a file's name; NULL when none has it. */
const struct report *report_of_file(struct str name);
/* A whole document about one input. */
void report_one(const struct report *r, const struct outcome *o, struct buf *out);

#endif
