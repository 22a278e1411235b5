/*
 * migrate_rules: the change of a commit taken apart by rules. The files after the first k rules are
 * what the engine makes of them with the later rules ignored, so each step is a rewrite that has
 * passed the gate; the last one is the whole.
 */
#ifndef CLI_MIGRATE_RULES_H
#define CLI_MIGRATE_RULES_H

#include "cli/migrate_config.h"

/* A Dockerfile that is changed, as it was. */
struct migrate_rule_file {
    struct str path, bytes;
    struct migrate_config *config;
};

struct migrate_rules {
    VEC(struct migrate_rule_file) files;
};

void migrate_rules_note(struct migrate_rules *r, struct arena *a, struct str path, struct str bytes,
                        struct migrate_config *config);

/* Gives the Dockerfile's bytes under these options, and other() the changed files of its build
 * context. */
typedef struct str migrate_reread(void *ctx, const struct migrate_rule_file *f,
                                  struct ur_options *options,
                                  void (*other)(void *to, struct str path, struct str bytes),
                                  void *to);

/* Fills in f->steps from its changes and whys. */
void migrate_rules_steps(struct migrate_rules *r, struct migrate_configs *cs,
                         struct migrate_files *f, migrate_reread *reread, void *ctx);

#endif
