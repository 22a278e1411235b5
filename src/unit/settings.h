/* What the user asked for, in the form that passes read. Made by engine/options.c, read-only then.
 */
#ifndef UNIT_SETTINGS_H
#define UNIT_SETTINGS_H

#include "base/str.h"
#include "dockerfile/stage.h"
#include "knowledge/facts.h"

enum settings_profile { PROFILE_DEFAULT, PROFILE_STRICT };

struct settings {
    bool unsafe_fixes; /* write rewrites that rest on an assumption, too */
    bool create_user;  /* always create, never reuse */
    bool id_names;     /* --chown by name where the name is proven to exist */
    bool comments;     /* a why-comment above each change */
    bool keep_ports;   /* ports below 1024 stay */
    bool split;        /* ship a distroless image where it is proven that nothing else is needed */
    bool user_set, uid_set, gid_set;
    enum settings_profile profile;
    struct str user;     /* "appuser" */
    struct str release;  /* of the distroless images: "debian13" */
    struct str registry; /* what stands in front of their names: "gcr.io/distroless" */
    uint32_t uid, gid;   /* 10001 */
    struct strs select;  /* pass ids; empty: all */
    struct strs ignore;
    struct strs targets; /* stage names to ship; empty: the last stage */
    struct facts_db *facts;
    struct program_db *programs;
    struct runtime_db *runtimes;
};

/* Above 10000, so that no uid of the host or of a distribution is met by chance. */
enum { SETTINGS_UID = 10001 };

/* Is the pass wanted? */
bool settings_selected(const struct settings *s, const char *pass);

#endif
