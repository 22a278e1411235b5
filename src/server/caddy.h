#ifndef SERVER_CADDY_H
#define SERVER_CADDY_H

#include "server/server.h"

struct server_config caddy_read(struct arena *a, struct str text);

#endif
