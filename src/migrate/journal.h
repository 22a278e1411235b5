/*
 * journal: what was done with which repository, in a SQLite database, so that a run that was ended
 * goes on where it was, and a second one does only what is new.
 *
 * A row says which version and options worked on which commit, and holds the repository's part of
 * the report. It is BEGUN before anything is written to a repository: one that stays so was
 * interrupted, and may have left something behind.
 *
 * All functions may be called by any thread. Errors stay: the first is kept, later calls do
 * nothing.
 */
#ifndef MIGRATE_JOURNAL_H
#define MIGRATE_JOURNAL_H

#include "base/str.h"

enum journal_state { JOURNAL_NONE, JOURNAL_BEGUN, JOURNAL_DONE, JOURNAL_FAILED };

struct journal_row {
    struct str name;
    struct str version, options;
    struct str base; /* the commit that was read */
    struct str tip;  /* the commit that was written; "" for none. While BEGUN: the one before */
    enum journal_state state;
    int64_t time;      /* seconds since 1970 when it was begun */
    struct str record; /* a line of JSON, without the line end; "" while it is begun */
};

struct journal;

/* Opens or makes it; NULL: a private one that nobody sees. NULL and *error when it can't be, for
 * instance because another run has it. */
struct journal *journal_open(struct arena *a, const char *path, const char **error);
/* The row of a repository, copied into the arena; its state is NONE when there is none. */
struct journal_row journal_get(struct journal *j, struct arena *a, struct str name);
void journal_put(struct journal *j, const struct journal_row *row);
/* What a repository adds to a report of this format, whatever it is. */
void journal_put_part(struct journal *j, struct str name, const char *format, struct str part);
/* False when there is none. */
bool journal_get_part(struct journal *j, struct arena *a, struct str name, const char *format,
                      struct str *part);
/* Every row by name, while nothing else is done with the journal. */
void journal_each(struct journal *j, void (*each)(void *ctx, const struct journal_row *row),
                  void *ctx);
void journal_each_part(struct journal *j,
                       void (*each)(void *ctx, struct str name, const char *format,
                                    struct str part),
                       void *ctx);
/* Many rows in one go: they are there when it has ended, or none is. */
void journal_together(struct journal *j, bool begin);
/* NULL, or what went wrong, ready to print. */
const char *journal_error(struct journal *j);
void journal_close(struct journal *j);

/* Do the first bytes of a file say that it is one? */
bool journal_is(struct str bytes);

#endif
