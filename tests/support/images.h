/*
 * What tests say of images: a line each, a name and then words.
 *
 *     web:1 user=1000:1000 uid=1000 gid=1000 source=web/Dockerfile write=/var/cache/web fill=/app
 *     api move=80:8080 whole rests=on something, to the end of the line
 *     moved namespace/app=web,tier=front 80:8080       (in another file)
 */
#ifndef TESTS_IMAGES_H
#define TESTS_IMAGES_H

#include "base/str.h"
#include "unroot.h"

/* NULL, or what is wrong. */
const char *image_lines_read(struct arena *a, struct str text, struct ur_images **out);

#endif
