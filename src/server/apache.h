#ifndef SERVER_APACHE_H
#define SERVER_APACHE_H

#include "server/server.h"

struct server_config apache_read(struct arena *a, struct str text);

#endif
