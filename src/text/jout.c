/* Text is copied in runs; only what must not stand in a JSON string ends one. */
#include "text/jout.h"

#include "base/utf8.h"

static void put_quoted(struct buf *b, struct str s)
{
    static const char short_of[] = "btn\0fr"; /* from \b on */
    size_t len, done = 0;
    buf_addc(b, '"');
    for (size_t i = 0; i < s.n; i += len) {
        uint32_t cp = utf8_at(s, i, &len);
        bool bad = cp == UTF8_BAD && len == 1;
        if (cp >= 0x20 && cp != '"' && cp != '\\' && cp != '<' && cp != 0x7F && !bad)
            continue;
        buf_add(b, str_sub(s, done, i));
        done = i + len;
        if (bad)
            buf_addz(b, "\xEF\xBF\xBD");
        else if (cp == '"' || cp == '\\')
            buf_addf(b, "\\%c", (char)cp);
        else if (cp >= '\b' && cp <= '\r' && short_of[cp - '\b'])
            buf_addf(b, "\\%c", short_of[cp - '\b']);
        else
            buf_addf(b, "\\u%04x", (unsigned)cp);
    }
    buf_add(b, str_from(s, done));
    buf_addc(b, '"');
}

static void begin(struct jout *j, const char *key)
{
    if (j->comma)
        buf_addc(j->out, ',');
    j->comma = true;
    if (!key)
        return;
    put_quoted(j->out, str_of(key));
    buf_addc(j->out, ':');
}

void jout_open(struct jout *j, const char *key, char bracket)
{
    begin(j, key);
    buf_addc(j->out, bracket);
    j->comma = false;
}

void jout_close(struct jout *j, char bracket)
{
    buf_addc(j->out, bracket);
    j->comma = true;
}

void jout_text(struct jout *j, const char *key, struct str text)
{
    begin(j, key);
    put_quoted(j->out, text);
}

void jout_textz(struct jout *j, const char *key, const char *text)
{
    jout_text(j, key, str_of(text ? text : ""));
}

void jout_number(struct jout *j, const char *key, size_t n)
{
    begin(j, key);
    buf_addf(j->out, "%zu", n);
}

void jout_bool(struct jout *j, const char *key, bool yes)
{
    begin(j, key);
    buf_addz(j->out, yes ? "true" : "false");
}
