#ifndef SERVER_NGINX_H
#define SERVER_NGINX_H

#include "server/server.h"

struct server_config nginx_read(struct arena *a, struct str text);

#endif
