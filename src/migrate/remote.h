/*
 * remote: URLs: cloned into a cache, fetched again by the next run, pushed to.
 *
 * A clone has the newest commit of one branch only, and no file that is larger than what the engine
 * reads. The cache belongs to us: nothing of the repository decides how git works in it.
 */
#ifndef MIGRATE_REMOTE_H
#define MIGRATE_REMOTE_H

#include <pthread.h>

#include "migrate/repository.h"

struct remotes {
    const char *dir; /* of the cache */
    unsigned rate;   /* clones and fetches a minute; 0: any number */
    uint64_t next;   /* when the next may begin, by child_now() */
    pthread_mutex_t mutex;
};

void remotes_init(struct remotes *c, const char *dir, unsigned rate);
void remotes_release(struct remotes *c);

/* Brings the repository of a URL here: fills in its folders. `written` is the branch that we write,
 * which is fetched, too. NULL, or what is wrong. */
const char *remote_fetch(struct arena *a, struct remotes *c, struct repository *r,
                         const char *branch, const char *written, uint64_t deadline);

/* Where `remote` leads to: a URL stays, a name is looked up in the repository, "origin" of a URL is
 * that URL. NULL and *error when it leads nowhere that we go. */
const char *remote_url(struct arena *a, const struct repository *r, const char *remote,
                       const char **error);
/* Pushes the commit to a branch there, never by force. NULL, or what is wrong. */
const char *remote_push(struct arena *a, struct remotes *c, const struct repository *r,
                        const char *url, const char *branch, struct str tip, uint64_t deadline);

#endif
