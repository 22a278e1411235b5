/* What the paths of an image are for. All are absolute and cleaned. */
#ifndef UNIT_PATH_H
#define UNIT_PATH_H

#include "base/str.h"

/* The application's rather than the system's: /app, /srv/x, /home/x, /usr/src/x, /opt/x yes; /,
 * /etc, /usr, /bin, /root, /tmp and programs under /opt no. */
bool path_is_application(struct str path);
/* The same for a directory that the file itself makes its WORKDIR: also /srv, /opt, /home … */
bool path_is_workdir(struct str path);
/* A directory of its own below one of the system's for data, logs and the like: /var/lib/x, /run/x.
 */
bool path_is_state(struct str path);

#endif
