/*
 * jout: writes JSON as it goes, compact, in the order of the calls. Texts become valid UTF-8, and
 * '<' is written as \u003c, so that what is written may stand in an HTML page as it is.
 *
 *     struct jout j = jout_to(&buf);
 *     jout_open(&j, NULL, '{');
 *     jout_text(&j, "path", path);
 *     jout_close(&j, '}');
 */
#ifndef TEXT_JOUT_H
#define TEXT_JOUT_H

#include "base/buf.h"

struct jout {
    struct buf *out;
    bool comma; /* the next value follows another one */
};

static inline struct jout jout_to(struct buf *out)
{
    return (struct jout){.out = out};
}

/* `key` is NULL in a list and at the top. */
void jout_open(struct jout *j, const char *key, char bracket);
void jout_close(struct jout *j, char bracket);
void jout_text(struct jout *j, const char *key, struct str text);
void jout_textz(struct jout *j, const char *key, const char *text);
void jout_number(struct jout *j, const char *key, size_t n);
void jout_bool(struct jout *j, const char *key, bool yes);

#endif
