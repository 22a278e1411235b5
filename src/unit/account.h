/*
 * Accounts: which users a stage has, from the facts of its image and from what its own RUN steps
 * do, and who a USER line means.
 */
#ifndef UNIT_ACCOUNT_H
#define UNIT_ACCOUNT_H

#include "unit/unit.h"

struct account {
    struct str name, group, home;
    bool uid_known, gid_known;
    uint32_t uid, gid;
    bool from_file; /* made by a RUN of this Dockerfile */
    bool certain;   /* it is there whenever the build succeeds */
    bool app;       /* the image ships it to run the application */
    bool argument;  /* an ARG took part in its name or number */
    bool predicted; /* the numbers are those that the tool will choose */
    bool system;
    struct stage_step *step; /* the RUN that makes it */
    const struct run_effect *effect;
};

/* A group that a step of the file has made. */
struct account_group {
    struct str name;
    bool gid_known;
    bool numbered; /* a number is given, known or not */
    uint32_t gid;
    struct stage_step *step; /* the RUN that makes it */
    const struct run_effect *effect;
};

struct accounts {
    VEC(struct account) v;
    VEC(struct account_group) groups;
    bool opaque;    /* a step may have made or changed accounts in a way that we did not see */
    bool packages;  /* a package manager ran before the last account was made */
    bool strangers; /* a package or an installer may have made system accounts */
};

/* The accounts of a finished stage: image, parent stages, own steps, in that order. */
struct accounts account_all(struct unit *u, struct stage *s);

/* The accounts that are there before a step of the stage runs. */
struct accounts account_before(struct unit *u, struct stage *s, const struct stage_step *step);

/* Is the account certainly not there then? False when anything could have made it unseen. */
bool account_is_missing(struct unit *u, struct stage *s, const struct stage_step *step,
                        struct str name);

/* A word of a RUN step with the variables of the step itself, of ARG and of ENV in it; as written
 * when they are not known. Sets *argument when an ARG took part. */
struct str account_word(struct stage *s, const struct stage_step *step,
                        const struct run_effect *effect, struct str word, bool *argument);

/* By name; the last one wins. NULL when there is none. */
const struct account *account_named(const struct accounts *all, struct str name);
const struct account *account_with_uid(const struct accounts *all, uint32_t uid);

/* A group that the file makes; NULL when there is none of that name. */
const struct account_group *account_group_named(const struct accounts *all, struct str name);

/* What a USER text ("", "1000", "app:app", "$X" after expansion) stands for. */
enum who { WHO_ROOT, WHO_NUMBER, WHO_NAME, WHO_UNKNOWN };

struct whom {
    enum who who;
    struct str user, group; /* the parts as written */
    bool has_group;
    bool uid_known; /* the number is proven */
    uint32_t uid;
    bool gid_known; /* of the group part */
    uint32_t gid;
    const struct account *account;
};

struct whom account_resolve(const struct accounts *all, struct str user, bool known);

/* Who that is, as far as it is known. */
struct identity account_identity(const struct whom *w);

/* Is the text a USER that the kubelet takes for non-root: digits, not 0, at most 2^31-1, before
 * ':'? */
bool account_is_numeric_nonroot(struct str user);

/* "", "root", "0", "0:5", "root:root". */
bool account_is_root(struct str user);

#endif
