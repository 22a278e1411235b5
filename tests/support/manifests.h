/* The properties that every manifest must have, whatever it is. */
#ifndef TESTS_MANIFESTS_H
#define TESTS_MANIFESTS_H

#include <stddef.h>

#include "unroot.h"

/* ur_harden_manifest() or ur_harden_compose() */
typedef struct ur_result *manifests_harden(const struct ur_options *, const struct ur_images *,
                                           const char *path, const void *bytes, size_t size);

/*
 * The gate lets it pass; a second run changes nothing; without unsafe-fixes only lines are added,
 * but for ports and labels; with it, every pod satisfies restricted that is not said to be unable
 * to. NULL, or what is wrong (static or malloc'd, never freed: the caller ends).
 */
const char *manifests_check(manifests_harden *harden, const struct ur_options *options,
                            const struct ur_images *images, int unsafe, const char *bytes,
                            size_t size);

#endif
