/* The cursor that reads HCL, and what its parts share. For hcl_*.c only. */
#ifndef REPO_HCL_READER_H
#define REPO_HCL_READER_H

#include "repo/hcl.h"

struct hcl_reader {
    struct arena *arena;
    struct hcl_file *file;
    struct str s;
    size_t at;
    unsigned line;
    size_t line_start;
    unsigned depth;
    size_t nodes;
    bool json;
};

/* What ends an expression besides a closing bracket and the end of the file. */
enum hcl_ends { HCL_AT_COMMA = 1, HCL_AT_LINE_END = 2 };

static inline char hcl_peek(const struct hcl_reader *r, size_t ahead)
{
    return r->at + ahead < r->s.n ? r->s.p[r->at + ahead] : '\0';
}

static inline bool hcl_at_end(const struct hcl_reader *r)
{
    return r->at >= r->s.n;
}

static inline bool hcl_looking_at(const struct hcl_reader *r, const char *z)
{
    return str_starts(str_from(r->s, r->at), str_of(z));
}

static inline bool hcl_is_letter(char c)
{
    return ((c | 32) >= 'a' && (c | 32) <= 'z') || c == '_' || (c & 0x80);
}

static inline bool hcl_is_digit(char c)
{
    return c >= '0' && c <= '9';
}

/* Records the first error, here. Always false. */
bool hcl_fail(struct hcl_reader *r, const char *message);
void hcl_forward(struct hcl_reader *r, size_t n);
/* Blanks and comments; line ends only when `lines`. A comment to the end of the line leaves that.
 */
void hcl_skip_blank(struct hcl_reader *r, bool lines);
/* "" when there is none. */
struct str hcl_identifier(struct hcl_reader *r);
struct hcl_expr *hcl_expr_new(struct hcl_reader *r, enum hcl_kind kind);
void hcl_append(struct hcl_expr *to, struct hcl_expr **last, struct hcl_expr *e);

/* From behind ${ or %{ to behind its '}'. */
bool hcl_skip_interpolation(struct hcl_reader *r);
bool hcl_ends_here(const struct hcl_reader *r, unsigned ends);
/* To the end of an expression. */
void hcl_skip_rest(struct hcl_reader *r, unsigned ends);

/* From the opening quote to behind the closing one. NULL on an error. */
struct hcl_expr *hcl_read_string(struct hcl_reader *r);
/* Stops at what ends it. NULL on an error. */
struct hcl_expr *hcl_read_expr(struct hcl_reader *r, unsigned ends);

#endif
