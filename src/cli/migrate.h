/*
 * migrate: many repositories, one after the other on several threads. Each is worked on in memory
 * of its own, which ends as one row of the journal; the report is made of these rows at the end.
 *
 * What one repository has to do with another is here: counters, the clock of clones, the journal.
 */
#ifndef CLI_MIGRATE_H
#define CLI_MIGRATE_H

#include <pthread.h>
#include <stdatomic.h>

#include "cli/config.h"
#include "cli/reports.h"
#include "migrate/commit.h"
#include "migrate/journal.h"
#include "migrate/remote.h"
#include "migrate/tree.h"

/* What became of a repository. */
enum migrate_status {
    MIGRATE_HARDENED, /* there is a branch, or would be */
    MIGRATE_REFUSED,  /* nothing could be rewritten */
    MIGRATE_CLEAN,    /* nothing had to be */
    MIGRATE_NONE,     /* no Dockerfile in it */
    MIGRATE_EMPTY,    /* no commit in it */
    MIGRATE_ERROR,
    MIGRATE_STATUSES
};

/* "hardened", … */
const char *migrate_status_name(enum migrate_status s);

struct migrate_name {
    const char *name; /* as given */
    struct str shown; /* what it is called in report and journal */
};

struct migrate_names {
    VEC(struct migrate_name) list; /* sorted, each once */
};

struct migration {
    const struct cli *cli;
    struct configs configs; /* of the command line */
    struct journal *journal;
    struct remotes remotes;
    struct migrate_names names;
    struct str fingerprint; /* of all options that decide about the result */
    const char *branch;     /* that is written */
    struct str author, committer;
    struct str author_date, committer_date; /* "": that of the commit that is read */
    uint64_t timeout;                       /* milliseconds a repository */
    atomic_size_t next, done, kept, files;
    atomic_size_t status[MIGRATE_STATUSES];
    struct migrate_live *live;
};

/* One file that is changed. */
struct migrate_change {
    struct str path;
    bool program;
    struct str was, bytes;
};

/* Why a file is changed. */
struct migrate_why {
    struct str path;
    struct str rule;
    unsigned line;
    struct str message, assumption;
};

struct migrate_rules; /* the same file under fewer rules, for a commit a rule */

/* What the engine made of the files of one commit. */
struct migrate_files {
    size_t files, changed, errors, skipped;
    size_t answers[4];
    VEC(struct migrate_change) changes;
    VEC(struct migrate_why) whys;
    VEC(struct commit_step) steps; /* of --commit-per-rule */
    struct buf patch;              /* as `unroot diff` prints it */
    struct buf json;               /* the files of the report, with commas between */
    struct buf json_skipped;
};

/* One repository. */
struct migrate_repository {
    struct arena arena;
    struct cli cli; /* with this arena */
    struct migration *run;
    uint64_t deadline;
    struct repository place;
    struct odb objects;
    struct tree tree;
    struct repository_base base;
    struct migrate_files made;
    struct str tip;         /* the commit that was written or found written */
    const char *pushed;     /* where to */
    const char *patch_file; /* its name in the folder */
    enum migrate_status status;
    const char *error; /* ready to print */
    struct buf *parts; /* of each report of the run, see migrate_parts */
    struct buf body;   /* those of a pull request's text, with --patch-dir */
};

/* The repositories of the command line, of --repos, and only those of --shard. False after a
 * message. */
bool migrate_names_read(struct migrate_names *n, const struct cli *c);
/* Who the commits are by and when. False after a message. */
bool migrate_people(struct migration *run);

/* Does the repository of that name and puts its row into the journal. */
void migrate_one(struct migration *run, const char *name);

/* Runs the engine over the files of m->tree. NULL, or what is wrong with the repository. */
const char *migrate_files_run(struct migrate_repository *m);
/* Writes the changes into the work tree. `again`: an earlier run may have done a part of it. */
const char *migrate_in_place(struct migrate_repository *m, bool again);

/* The commit messages: what all rules did, or one. A rule is NULL: all. */
struct str migrate_message(struct arena *a, const struct migrate_files *f, const char *rule);
/* Writes the patch to the folder of --patch-dir. NULL, or what is wrong. */
const char *migrate_patch(struct migrate_repository *m);

/* The line of the report about a repository. */
struct str migrate_record(struct migrate_repository *m);

/* Writes a file whole, or not at all. NULL, or what is wrong. */
const char *migrate_write(struct arena *a, const char *path, struct str bytes);

/* ---- the whole run ---- */

/* Says on standard error how far it is, until migrate_live_end(). */
struct migrate_live;
struct migrate_live *migrate_live_start(struct migration *run);
/* "unroot: NAME: TEXT", above the live line. */
void migrate_live_say(struct migrate_live *l, const struct cli *c, const char *name,
                      const char *text);
void migrate_live_end(struct migrate_live *l);

/* Writes the report and adds up its lines. False when it could not be written; that was said. */
struct migrate_reason {
    const char *code;
    size_t n;
};

struct migrate_sums {
    size_t status[MIGRATE_STATUSES];
    size_t answers[4], files, changed, file_errors, skipped;
    VEC(struct migrate_reason) reasons;
};

bool migrate_report(struct migration *run, struct migrate_sums *s);

/* The files of --report. What is wrong with one is said at once, and counts at the end. */
struct migrate_documents;
struct migrate_documents *migrate_documents_open(const struct cli *c);
/* Adds a repository: its record, and what the journal has for other formats. */
void migrate_documents_add(struct migrate_documents *ds, struct journal *j, struct str name,
                           struct str record);
/* False when one could not be written; that was said. */
bool migrate_documents_close(struct migrate_documents *ds, size_t skipped);

/* ---- reports in other formats than that of the journal ---- */

/* Begins the parts of a repository. */
void migrate_parts_init(struct migrate_repository *m);
/* A file of it; the path of what is about the whole repository is "". */
void migrate_parts_add(struct migrate_repository *m, struct arena *scratch,
                       const struct outcome *o);
/* Puts them into the journal. */
void migrate_parts_put(struct migrate_repository *m);
/* Has the journal all parts of a repository that this run needs? */
bool migrate_parts_are_there(struct migrate_repository *m);
/* Adds the parts of a repository to a document. */
void migrate_parts_write(struct str name, struct str parts, struct arena *scratch,
                         struct writer *to);
/* The text of a pull request for this repository alone. */
struct str migrate_parts_body(struct migrate_repository *m);
/* Is this the format of the journal's own lines? */
bool migrate_is_record(const struct option_report *r);

void migrate_sums_add(struct migrate_sums *s, struct arena *a, struct str record);
void migrate_sums_print(struct migrate_sums *s, struct migration *run, uint64_t milliseconds);

#endif
