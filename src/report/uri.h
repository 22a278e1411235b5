/* uri: a path as a URI reference (RFC 3986), for reports that have to name files so. */
#ifndef REPORT_URI_H
#define REPORT_URI_H

#include "base/str.h"

/* A relative path gives a relative reference, an absolute one file:///…; every byte that is not
 * plain is percent-encoded, so a colon can't make a scheme. */
struct str uri_of_path(struct arena *a, struct str path);

#endif
