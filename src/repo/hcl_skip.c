/*
 * Stepping over what is not read: strings, comments, heredocs and brackets as a whole, so that what
 * is in them ends nothing.
 */
#include "base/utf8.h"
#include "repo/hcl_reader.h"

bool hcl_fail(struct hcl_reader *r, const char *message)
{
    if (!r->file->message) {
        r->file->message = message;
        r->file->line = r->line;
        r->file->col = (unsigned)utf8_count(str_sub(r->s, r->line_start, r->at)) + 1;
    }
    return false;
}

void hcl_forward(struct hcl_reader *r, size_t n)
{
    for (; n > 0 && !hcl_at_end(r); n--) {
        if (r->s.p[r->at++] == '\n') {
            r->line++;
            r->line_start = r->at;
        }
    }
}

static void forward_to(struct hcl_reader *r, const char *z)
{
    while (!hcl_at_end(r) && !hcl_looking_at(r, z))
        hcl_forward(r, 1);
}

void hcl_skip_blank(struct hcl_reader *r, bool lines)
{
    for (;;) {
        char c = hcl_peek(r, 0);
        if (!hcl_at_end(r) && (c == ' ' || c == '\t' || c == '\r' || (lines && c == '\n'))) {
            hcl_forward(r, 1);
        } else if (c == '#' || hcl_looking_at(r, "//")) {
            forward_to(r, "\n");
        } else if (hcl_looking_at(r, "/*")) {
            hcl_forward(r, 2);
            forward_to(r, "*/");
            hcl_forward(r, 2);
        } else {
            return;
        }
    }
}

struct str hcl_identifier(struct hcl_reader *r)
{
    size_t from = r->at;
    if (!hcl_at_end(r) && hcl_is_letter(hcl_peek(r, 0)))
        while (!hcl_at_end(r) && (hcl_is_letter(hcl_peek(r, 0)) || hcl_is_digit(hcl_peek(r, 0)) ||
                                  hcl_peek(r, 0) == '-'))
            r->at++;
    return str_sub(r->s, from, r->at);
}

struct hcl_expr *hcl_expr_new(struct hcl_reader *r, enum hcl_kind kind)
{
    struct hcl_expr *e = arena_new(r->arena, struct hcl_expr);
    e->kind = kind;
    e->line = r->line;
    e->text = STR("");
    if (++r->nodes > HCL_NODES_MAX)
        hcl_fail(r, "too many values");
    return e;
}

void hcl_append(struct hcl_expr *to, struct hcl_expr **last, struct hcl_expr *e)
{
    *(*last ? &(*last)->next : &to->first) = e;
    *last = e;
    to->n++;
}

/* ---- stepping over what is not read ---- */

static bool skip_string(struct hcl_reader *r);

bool hcl_skip_interpolation(struct hcl_reader *r)
{
    size_t braces = 1;
    if (++r->depth > HCL_DEPTH_MAX)
        return hcl_fail(r, "nested too deeply");
    while (!hcl_at_end(r) && braces) {
        hcl_skip_blank(r, true);
        char c = hcl_peek(r, 0);
        if (c == '"') {
            if (!skip_string(r))
                return false;
            continue;
        }
        braces += c == '{';
        braces -= c == '}';
        hcl_forward(r, 1);
    }
    r->depth--;
    return !braces || hcl_fail(r, "a ${ without }");
}

static bool skip_string(struct hcl_reader *r)
{
    hcl_forward(r, 1);
    while (!hcl_at_end(r) && hcl_peek(r, 0) != '"') {
        if (hcl_peek(r, 0) == '\n')
            return hcl_fail(r, "a string without its closing quote");
        if (hcl_looking_at(r, "$${") || hcl_looking_at(r, "%%{")) {
            hcl_forward(r, 3);
        } else if (hcl_looking_at(r, "${") || hcl_looking_at(r, "%{")) {
            hcl_forward(r, 2);
            if (!hcl_skip_interpolation(r))
                return false;
        } else {
            hcl_forward(r, hcl_peek(r, 0) == '\\' ? 2 : 1);
        }
    }
    if (hcl_at_end(r))
        return hcl_fail(r, "a string without its closing quote");
    hcl_forward(r, 1);
    return true;
}

/* <<EOT or <<-EOT up to the line end behind the last line; false when it is none. */
static bool skip_heredoc(struct hcl_reader *r)
{
    size_t start = 2 + (hcl_peek(r, 2) == '-');
    if (!hcl_looking_at(r, "<<") || !hcl_is_letter(hcl_peek(r, start)))
        return false;
    r->at += start;
    struct str word = hcl_identifier(r);
    forward_to(r, "\n");
    while (!hcl_at_end(r)) {
        hcl_forward(r, 1);
        size_t from = r->at;
        forward_to(r, "\n");
        if (str_eq(str_trim(str_sub(r->s, from, r->at)), word))
            return true;
    }
    hcl_fail(r, "a heredoc without its end");
    return true;
}

bool hcl_ends_here(const struct hcl_reader *r, unsigned ends)
{
    char c = hcl_peek(r, 0);
    return hcl_at_end(r) || c == '}' || c == ']' || c == ')' ||
           (c == ',' && (ends & HCL_AT_COMMA)) || (c == '\n' && (ends & HCL_AT_LINE_END));
}

void hcl_skip_rest(struct hcl_reader *r, unsigned ends)
{
    size_t open = 0;
    while (!r->file->message) {
        hcl_skip_blank(r, open || !(ends & HCL_AT_LINE_END));
        if (hcl_at_end(r) || (!open && hcl_ends_here(r, ends)))
            return;
        char c = hcl_peek(r, 0);
        if (c == '"') {
            skip_string(r);
        } else if (!skip_heredoc(r)) {
            open += c == '(' || c == '[' || c == '{';
            open -= c == ')' || c == ']' || c == '}';
            hcl_forward(r, 1);
        }
    }
}
