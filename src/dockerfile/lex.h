/*
 * Physical lines of a Dockerfile, and the logical line that is joined from them.
 *
 * Internal to src/dockerfile: what a line is, which line is a comment, what continues it
 * (BuildKit: frontend/dockerfile/parser/parser.go).
 */
#ifndef DOCKERFILE_LEX_H
#define DOCKERFILE_LEX_H

#include "base/str.h"
#include "base/vec.h"
#include "dockerfile/list.h"

/* bufio.Scanner's buffer: the longest physical line with its LF; without one it is one less. */
enum { LEX_LINE_MAX = 65536 };

struct lex {
    struct str source;
    size_t at;     /* where the next physical line begins */
    unsigned line; /* how many lines were read */
    bool too_long; /* reading ended at a line over LEX_LINE_MAX */
};

struct lex_line {
    size_t from, to; /* with its line end */
    struct str text; /* without CR and LF at the end */
};

/* The next physical line; false at the end or at a line that is too long. */
bool lex_next(struct lex *lex, struct lex_line *out);

/* Without leading Unicode white space. */
struct str lex_trim_left(struct str s);
/* Go's strings.TrimSpace. */
struct str lex_trim(struct str s);
bool lex_is_comment(struct str line);
/* Takes the continuation (escape, blanks) off the end; false when the line is not continued. */
bool lex_continued(struct str *line, char escape);

/* Where the pieces of a logical line stand in the source. */
struct lex_logical {
    struct str text;
    VEC(struct df_piece) pieces;
};

/* The place in the source of an offset in the logical text. An offset at the seam of two lines is
 * the beginning of the second, unless `end` is set. */
size_t lex_raw(const struct lex_logical *l, size_t logical, bool end);

#endif
