/* Configurations of servers for tests: shown as text, and the properties each must have. */
#ifndef TESTS_SERVERS_H
#define TESTS_SERVERS_H

#include "server/server.h"

/*
 * What was found, a line each. Of the letters in `what`: p ports, f files, i includes, v variables,
 * u users, m mentions, s switches; what was not understood is always there.
 *
 *     80 "80"                           a port and its digits
 *     443 tls names conditional "443"   `names`: does not listen; `fixed`: cannot be replaced
 *     log access_log /var/log/a.log
 */
struct str servers_show(struct arena *a, struct str text, const struct server_config *c,
                        const char *what);

/* Reads the bytes and moves each port there and back. NULL, or what does not hold. */
const char *servers_check(enum server_program program, struct str text);

#endif
