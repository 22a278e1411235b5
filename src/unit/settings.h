/* What the user asked for, in the form that passes read. Made by engine/options.c, read-only then.
 */
#ifndef UNIT_SETTINGS_H
#define UNIT_SETTINGS_H

#include "base/str.h"
#include "dockerfile/stage.h"
#include "knowledge/facts.h"
#include "kubernetes/pss.h"

/* Which manifests and Compose files count. */
enum settings_deploys { DEPLOYS_AUTO, DEPLOYS_ON, DEPLOYS_OFF };

enum settings_profile { PROFILE_DEFAULT, PROFILE_STRICT };

struct settings {
    bool unsafe_fixes; /* write rewrites that rest on an assumption, too */
    bool create_user;  /* always create, never reuse */
    bool id_names;     /* --chown by name where the name is proven to exist */
    bool comments;     /* a why-comment above each change */
    bool keep_ports;   /* ports below 1024 stay */
    bool user_set, uid_set, gid_set;
    enum settings_profile profile;
    struct str user;    /* "appuser" */
    uint32_t uid, gid;  /* 10001 */
    struct strs select; /* pass ids; empty: all */
    struct strs ignore;
    enum settings_deploys deploys;
    struct strs images;  /* NAME=DOCKERFILE */
    struct strs targets; /* stage names to ship; empty: the last stage */
    struct facts_db *facts;
    struct program_db *programs;
    struct runtime_db *runtimes;

    /* of manifests */
    enum pss_level pss;  /* what pods are to satisfy */
    bool writable_root;  /* readOnlyRootFilesystem is not asked for */
    bool no_token;       /* automountServiceAccountToken: false */
    const char *labels;  /* the level that namespaces get as labels; NULL: none */
    const char *version; /* of the standards in these: "latest" */
    VEC(struct workload_path) pod_paths;
};

/* Above 10000, so that no uid of the host or of a distribution is met by chance. */
enum { SETTINGS_UID = 10001 };

/* Is the pass wanted? */
bool settings_selected(const struct settings *s, const char *pass);

#endif
