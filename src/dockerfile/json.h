/* The exec form: a JSON array of strings, exactly as Go's encoding/json reads one. */
#ifndef DOCKERFILE_JSON_H
#define DOCKERFILE_JSON_H

#include "base/str.h"
#include "base/vec.h"

enum json_array {
    JSON_NOT_ARRAY,  /* not one complete valid JSON array: the text is shell form */
    JSON_STRINGS,    /* an array of strings */
    JSON_NOT_STRINGS /* a valid array with other elements: BuildKit refuses the file */
};

typedef VEC(struct str) json_strings;

enum json_array json_read_array(struct arena *a, struct str text, json_strings *out);

/* Writes one string with quotes; only what must be escaped is. */
struct str json_quote(struct arena *a, struct str s);

#endif
