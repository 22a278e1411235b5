/*
 * spool: bytes that have to wait until others were written. The first MiB stays in memory; all that
 * comes behind it goes to a file without a name in TMPDIR, so memory does not grow with a run.
 */
#ifndef BASE_SPOOL_H
#define BASE_SPOOL_H

#include "base/str.h"

struct spool;

/* The arena outlives it. */
struct spool *spool_new(struct arena *a);
void spool_add(struct spool *s, struct str bytes);
/* Hands all of it to `write`, in order. 0, or the errno of what went wrong, here or before: then
 * not all was handed on. */
int spool_replay(struct spool *s, void (*write)(void *ctx, struct str bytes), void *ctx);
void spool_free(struct spool *s);

#endif
