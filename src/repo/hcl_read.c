/*
 * Files: bodies of attributes and blocks. A JSON value is an HCL expression, too, but for some
 * escapes; jansson makes sure beforehand that the file is JSON.
 */
#include <jansson.h>

#include "base/buf.h"
#include "repo/hcl_reader.h"

static bool read_body(struct hcl_reader *r, struct hcl_expr *attributes, bool top);

static bool read_block(struct hcl_reader *r, struct str type, unsigned line, bool top)
{
    struct str label = STR(""), one;
    for (size_t n = 0; hcl_peek(r, 0) != '{'; n++) {
        struct hcl_expr *quoted = hcl_peek(r, 0) == '"' ? hcl_read_string(r) : NULL;
        one = quoted ? quoted->text : hcl_identifier(r);
        if (r->file->message || (!quoted && !one.n))
            return hcl_fail(r, "expected '=' or a block");
        if (n == 0)
            label = one;
        hcl_skip_blank(r, false);
    }
    if (++r->depth > HCL_DEPTH_MAX)
        return hcl_fail(r, "nested too deeply");
    struct hcl_expr *body = hcl_expr_new(r, HCL_OBJECT);
    hcl_forward(r, 1);
    if (!read_body(r, body, false))
        return false;
    if (hcl_peek(r, 0) != '}')
        return hcl_fail(r, "a block without its '}'");
    hcl_forward(r, 1);
    r->depth--;
    if (top)
        *vec_push(r->arena, &r->file->blocks) = (struct hcl_block){type, label, line, body};
    return true;
}

static bool read_attribute(struct hcl_reader *r, struct str name, unsigned line,
                           struct hcl_expr *to, struct hcl_expr **last)
{
    hcl_forward(r, 1);
    hcl_skip_blank(r, false);
    struct hcl_expr *e = hcl_read_expr(r, HCL_AT_LINE_END);
    if (!e)
        return false;
    e->key = name;
    e->key_line = line;
    hcl_append(to, last, e);
    return true;
}

/* Attributes and blocks up to a '}' or the end of the file. */
static bool read_body(struct hcl_reader *r, struct hcl_expr *attributes, bool top)
{
    struct hcl_expr *last = NULL;
    for (;;) {
        hcl_skip_blank(r, true);
        if (hcl_at_end(r) || hcl_peek(r, 0) == '}')
            return !r->file->message;
        unsigned line = r->line;
        struct str name = hcl_identifier(r);
        if (!name.n)
            return hcl_fail(r, "expected the name of an attribute or block");
        hcl_skip_blank(r, false);
        bool ok = hcl_peek(r, 0) == '=' ? read_attribute(r, name, line, attributes, &last)
                                        : read_block(r, name, line, top);
        if (!ok || r->file->message)
            return false;
        hcl_skip_blank(r, false);
        if (!hcl_at_end(r) && hcl_peek(r, 0) != '\n' && hcl_peek(r, 0) != '}')
            return hcl_fail(r, "expected the end of the line");
    }
}

static struct hcl_reader start(struct arena *a, struct str bytes, struct hcl_file *file)
{
    struct hcl_reader r = {.arena = a, .file = file, .s = bytes, .line = 1};
    *file = (struct hcl_file){0};
    if (str_starts(bytes, STR("\xEF\xBB\xBF")))
        r.s = str_from(bytes, 3);
    file->attributes = hcl_expr_new(&r, HCL_OBJECT);
    return r;
}

bool hcl_read(struct arena *a, struct str bytes, struct hcl_file *file)
{
    struct hcl_reader r = start(a, bytes, file);
    if (read_body(&r, file->attributes, true) && !hcl_at_end(&r))
        hcl_fail(&r, "a '}' without its '{'");
    return !file->message;
}

/* ---- JSON ---- */

/* "type": {"label": {…}}, and a list where there could be one body. */
static void add_blocks(struct hcl_reader *r, struct str type, const struct hcl_expr *labels)
{
    HCL_EACH (e, labels) {
        if (labels->kind == HCL_LIST)
            add_blocks(r, type, e);
        else if (labels->kind == HCL_OBJECT && e->kind == HCL_OBJECT && !e->key_unknown)
            *vec_push(r->arena, &r->file->blocks) =
                (struct hcl_block){type, e->key, e->key_line, e};
        else if (labels->kind == HCL_OBJECT && e->kind == HCL_LIST && !e->key_unknown)
            HCL_EACH (body, e)
                *vec_push(r->arena, &r->file->blocks) =
                    (struct hcl_block){type, e->key, e->key_line, body};
    }
}

static bool is_json(struct hcl_reader *r)
{
    json_error_t error;
    json_t *json = json_loadb(r->s.p ? r->s.p : "", r->s.n, 0, &error);
    if (!json) {
        r->file->message = str_dup(r->arena, str_of(error.text)).p;
        r->file->line = error.line > 0 ? (unsigned)error.line : 1;
        r->file->col = error.column > 0 ? (unsigned)error.column : 1;
    }
    json_decref(json);
    return json != NULL;
}

static bool is_one_of(struct str s, const char *const *words)
{
    for (; *words; words++)
        if (str_is(s, *words))
            return true;
    return false;
}

bool hcl_read_json(struct arena *a, struct str bytes, const char *const *types,
                   struct hcl_file *file)
{
    struct hcl_reader r = start(a, bytes, file);
    struct hcl_expr *last = NULL, *next;
    r.json = true;
    if (!is_json(&r))
        return false;
    hcl_skip_blank(&r, true);
    struct hcl_expr *root = hcl_read_expr(&r, 0);
    for (struct hcl_expr *e = root && root->kind == HCL_OBJECT ? root->first : NULL; e; e = next) {
        next = e->next;
        e->next = NULL;
        if (is_one_of(e->key, types))
            add_blocks(&r, e->key, e);
        else
            hcl_append(file->attributes, &last, e);
    }
    return !file->message;
}
