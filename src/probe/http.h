/* One GET of HTTP/1.0 on a port of this machine. */
#ifndef PROBE_HTTP_H
#define PROBE_HTTP_H

#include "probe/sha256.h"

struct http_answer {
    unsigned status; /* 0: it answers, but not in HTTP */
    uint64_t size;   /* of the body */
    uint32_t sum[8]; /* SHA-256 of the body */
};

/* 0, or -1 when there is no answer. */
int http_get(unsigned port, int v6, const char *path, unsigned wait_ms, struct http_answer *out);
/* Milliseconds of a clock that never goes back. */
uint64_t http_now(void);

#endif
