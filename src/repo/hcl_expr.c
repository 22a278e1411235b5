/*
 * A term is read; when something follows it that is no end of an expression, the whole is more than
 * is understood here, and the rest is stepped over.
 */
#include "base/buf.h"
#include "base/utf8.h"
#include "repo/hcl_reader.h"

static int hex(char c)
{
    return hcl_is_digit(c)                      ? c - '0'
           : (c | 32) >= 'a' && (c | 32) <= 'f' ? (c | 32) - 'a' + 10
                                                : -1;
}

static bool read_hex(struct hcl_reader *r, size_t digits, uint32_t *out)
{
    *out = 0;
    for (size_t i = 0; i < digits; i++) {
        int h = hex(hcl_peek(r, i));
        if (h < 0)
            return false;
        *out = *out << 4 | (uint32_t)h;
    }
    hcl_forward(r, digits);
    return true;
}

static bool is_surrogate(uint32_t cp, uint32_t from)
{
    return cp >= from && cp < from + 0x400;
}

/* Behind "\u" or "\U". */
static bool read_code_point(struct hcl_reader *r, size_t digits, struct buf *text)
{
    uint32_t cp, low;
    char out[4];
    if (!read_hex(r, digits, &cp))
        return false;
    if (is_surrogate(cp, 0xD800) && hcl_looking_at(r, "\\u")) {
        hcl_forward(r, 2);
        if (!read_hex(r, 4, &low) || !is_surrogate(low, 0xDC00))
            return false;
        cp = 0x10000 + ((cp - 0xD800) << 10) + (low - 0xDC00);
    }
    if (cp > 0x10FFFF || is_surrogate(cp, 0xD800) || is_surrogate(cp, 0xDC00))
        return false;
    buf_add(text, str_make(out, utf8_put(cp, out)));
    return true;
}

static bool read_escape(struct hcl_reader *r, struct buf *text)
{
    static const char from[] = "nrt\"\\/bf", to[] = "\n\r\t\"\\/\b\f";
    char c = hcl_peek(r, 1);
    const char *found = c ? strchr(from, c) : NULL;
    hcl_forward(r, 2);
    if (c == 'u' || c == 'U')
        return read_code_point(r, c == 'u' ? 4 : 8, text);
    if (!found || (!r->json && found - from > 4))
        return false;
    buf_addc(text, to[found - from]);
    return true;
}

static void add_text(struct hcl_reader *r, struct hcl_expr *t, struct hcl_expr **last,
                     struct buf *text)
{
    if (!text->n)
        return;
    struct hcl_expr *part = hcl_expr_new(r, HCL_TEXT);
    part->text = buf_str(text);
    hcl_append(t, last, part);
    *text = buf_in(r->arena);
}

/* Behind "${". */
static bool read_interpolation(struct hcl_reader *r, struct hcl_expr *t, struct hcl_expr **last)
{
    hcl_skip_blank(r, true);
    struct hcl_expr *part = hcl_read_expr(r, 0);
    hcl_skip_blank(r, true);
    if (!part || hcl_peek(r, 0) != '}')
        return hcl_fail(r, "a ${ without }");
    hcl_forward(r, 1);
    hcl_append(t, last, part);
    return true;
}

struct hcl_expr *hcl_read_string(struct hcl_reader *r)
{
    struct hcl_expr *t = hcl_expr_new(r, HCL_TEMPLATE), *last = NULL;
    struct buf text = buf_in(r->arena);
    bool other = false;
    hcl_forward(r, 1);
    while (!hcl_at_end(r) && hcl_peek(r, 0) != '"' && !r->file->message) {
        if (hcl_peek(r, 0) == '\n') {
            break;
        } else if (hcl_looking_at(r, "$${") || hcl_looking_at(r, "%%{")) {
            buf_add(&text, str_sub(r->s, r->at + 1, r->at + 3));
            hcl_forward(r, 3);
        } else if (hcl_looking_at(r, "${") && hcl_peek(r, 2) != '~') {
            add_text(r, t, &last, &text);
            hcl_forward(r, 2);
            read_interpolation(r, t, &last);
        } else if (hcl_looking_at(r, "${") || hcl_looking_at(r, "%{")) {
            other = true;
            hcl_forward(r, 2);
            hcl_skip_interpolation(r);
        } else if (hcl_peek(r, 0) == '\\') {
            other |= !read_escape(r, &text);
        } else {
            buf_addc(&text, hcl_peek(r, 0));
            hcl_forward(r, 1);
        }
    }
    if (hcl_peek(r, 0) != '"' || r->file->message) {
        hcl_fail(r, "a string without its closing quote");
        return NULL;
    }
    hcl_forward(r, 1);
    if (other) {
        t->kind = HCL_OTHER;
    } else if (!t->n) {
        t->kind = HCL_TEXT;
        t->text = buf_str(&text);
    } else {
        add_text(r, t, &last, &text);
    }
    return t;
}

static struct hcl_expr *read_list(struct hcl_reader *r)
{
    struct hcl_expr *list = hcl_expr_new(r, HCL_LIST), *last = NULL;
    hcl_forward(r, 1);
    for (;;) {
        hcl_skip_blank(r, true);
        if (hcl_peek(r, 0) == ']') {
            hcl_forward(r, 1);
            return list;
        }
        struct hcl_expr *e = hcl_read_expr(r, HCL_AT_COMMA);
        if (!e)
            return NULL;
        hcl_append(list, &last, e);
        hcl_skip_blank(r, true);
        if (hcl_peek(r, 0) == ',')
            hcl_forward(r, 1);
        else if (hcl_peek(r, 0) != ']') {
            hcl_fail(r, "expected ',' or ']'");
            return NULL;
        }
    }
}

/* The key of an object: a word, a number or a string; anything else is not known. */
static bool read_key(struct hcl_reader *r, struct str *key, bool *unknown)
{
    *key = STR("");
    *unknown = true;
    if (hcl_peek(r, 0) == '(') {
        hcl_forward(r, 1);
        hcl_skip_rest(r, 0);
        hcl_forward(r, 1);
        return !r->file->message;
    }
    size_t from = r->at;
    if (hcl_peek(r, 0) == '"') {
        struct hcl_expr *e = hcl_read_string(r);
        if (e && e->kind == HCL_TEXT) {
            *key = e->text;
            *unknown = false;
        }
        return e != NULL;
    }
    while (hcl_is_letter(hcl_peek(r, 0)) || hcl_is_digit(hcl_peek(r, 0)) || hcl_peek(r, 0) == '-' ||
           hcl_peek(r, 0) == '.')
        hcl_forward(r, 1);
    *key = str_sub(r->s, from, r->at);
    *unknown = str_chr(*key, '.') >= 0;
    return r->at > from;
}

static struct hcl_expr *read_object(struct hcl_reader *r)
{
    struct hcl_expr *object = hcl_expr_new(r, HCL_OBJECT), *last = NULL;
    hcl_forward(r, 1);
    for (;;) {
        struct str key;
        bool unknown;
        hcl_skip_blank(r, true);
        if (hcl_peek(r, 0) == '}') {
            hcl_forward(r, 1);
            return object;
        }
        unsigned line = r->line;
        if (!read_key(r, &key, &unknown))
            break;
        hcl_skip_blank(r, true);
        if ((hcl_peek(r, 0) != '=' && hcl_peek(r, 0) != ':') || hcl_peek(r, 1) == '=')
            break;
        hcl_forward(r, 1);
        hcl_skip_blank(r, true);
        struct hcl_expr *e = hcl_read_expr(r, HCL_AT_COMMA | HCL_AT_LINE_END);
        if (!e)
            return NULL;
        e->key = key;
        e->key_unknown = unknown;
        e->key_line = line;
        hcl_append(object, &last, e);
        hcl_skip_blank(r, r->json);
        if (hcl_peek(r, 0) == ',' || hcl_peek(r, 0) == '\n')
            hcl_forward(r, 1);
    }
    hcl_fail(r, "expected a key with a value, or '}'");
    return NULL;
}

static struct hcl_expr *read_number(struct hcl_reader *r)
{
    struct hcl_expr *e = hcl_expr_new(r, HCL_TEXT);
    size_t from = r->at;
    while (hcl_is_digit(hcl_peek(r, 0)) || hcl_peek(r, 0) == '.' || hcl_is_letter(hcl_peek(r, 0)))
        hcl_forward(r, 1);
    e->text = str_sub(r->s, from, r->at);
    e->bare = true;
    return e;
}

/* A name with attributes, a keyword. */
static struct hcl_expr *read_word(struct hcl_reader *r)
{
    struct hcl_expr *e = hcl_expr_new(r, HCL_NAME);
    size_t from = r->at;
    hcl_identifier(r);
    while (hcl_peek(r, 0) == '.' && hcl_is_letter(hcl_peek(r, 1))) {
        hcl_forward(r, 1);
        hcl_identifier(r);
    }
    e->text = str_sub(r->s, from, r->at);
    e->bare = str_is(e->text, "true") || str_is(e->text, "false");
    if (e->bare)
        e->kind = HCL_TEXT;
    else if (str_is(e->text, "null"))
        e->kind = HCL_NULL;
    return e;
}

/* `[for x in list : …]` */
static bool at_loop(struct hcl_reader *r)
{
    struct hcl_reader ahead = *r;
    hcl_forward(&ahead, 1);
    hcl_skip_blank(&ahead, true);
    return hcl_looking_at(&ahead, "for") && str_is_blank(hcl_peek(&ahead, 3));
}

static struct hcl_expr *read_term(struct hcl_reader *r)
{
    char c = hcl_peek(r, 0);
    if (c == '"')
        return hcl_read_string(r);
    if ((c == '[' || c == '{') && !at_loop(r))
        return c == '[' ? read_list(r) : read_object(r);
    if (hcl_is_digit(c))
        return read_number(r);
    if (hcl_is_letter(c))
        return read_word(r);
    return hcl_expr_new(r, HCL_OTHER);
}

struct hcl_expr *hcl_read_expr(struct hcl_reader *r, unsigned ends)
{
    if (++r->depth > HCL_DEPTH_MAX) {
        hcl_fail(r, "nested too deeply");
        return NULL;
    }
    if (hcl_ends_here(r, ends)) {
        hcl_fail(r, "expected a value");
        return NULL;
    }
    struct hcl_expr *e = read_term(r);
    if (e) {
        hcl_skip_blank(r, !(ends & HCL_AT_LINE_END));
        if (!hcl_ends_here(r, ends)) {
            e->kind = HCL_OTHER;
            hcl_skip_rest(r, ends);
        }
    }
    r->depth--;
    return r->file->message ? NULL : e;
}
