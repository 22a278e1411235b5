/*
 * The gate of manifests: sees the old bytes and the new ones, reads both again, and lets only that
 * pass which is the old file with what its documents declared, satisfies no check less than
 * before, starts what started before and would not be changed again.
 */
#ifndef ENGINE_MANIFEST_H
#define ENGINE_MANIFEST_H

#include "kubernetes/manifest.h"

/* NULL, or what is wrong. Sets which findings are fixed. */
const char *manifest_gate(struct manifest *m, struct str now);

#endif
