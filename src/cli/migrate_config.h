/*
 * migrate_config: what holds for a file of a tree in the object database: the command line, and the
 * .unroot.yaml nearest upward from it, as config does for files on the disk.
 */
#ifndef CLI_MIGRATE_CONFIG_H
#define CLI_MIGRATE_CONFIG_H

#include "cli/migrate.h"

enum { MIGRATE_RULES_MAX = 32 };

struct migrate_config {
    struct config config;
    struct str yaml; /* p is NULL when there is no file */
    struct ur_options
        *less[MIGRATE_RULES_MAX]; /* the same without some rules, when it was needed */
};

struct migrate_configs {
    struct configs base; /* of the command line, with the repository's arena */
    struct cli *cli;
    struct tree *tree;
    struct str folder; /* of the last file */
    struct migrate_config *last;
    struct migrate_config plain; /* without a file */
    VEC(struct migrate_config *) all;
};

void migrate_configs_init(struct migrate_configs *cs, struct migrate_repository *m);
/* What holds for a path. Never NULL; config.options is NULL when config.error is set. */
struct migrate_config *migrate_configs_find(struct migrate_configs *cs, struct str path);
/* It says that this file is to be left alone. */
bool migrate_config_ignores(const struct migrate_config *c, struct str path);
/* The same options with these rules ignored, too; kept under the number. NULL: that can't be. */
struct ur_options *migrate_config_less(struct migrate_configs *cs, struct migrate_config *c,
                                       size_t number, const char *rules);
void migrate_configs_release(struct migrate_configs *cs);

#endif
