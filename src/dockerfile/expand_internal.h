/* What the files of expand share. Internal to expand*.c. */
#ifndef DOCKERFILE_EXPAND_INTERNAL_H
#define DOCKERFILE_EXPAND_INTERNAL_H

#include "base/buf.h"
#include "dockerfile/expand.h"

enum { EXPAND_END = -1 }; /* what expand_peek() and expand_next() give at the end */

struct expand_marks {
    bool unknown, argument, unset;
};

/* One run of the lexer over one text. */
struct expand_lexer {
    struct arena *arena;
    struct expand_env env;
    struct str src; /* valid UTF-8 */
    size_t at;
    char escape;
    bool raw_quotes;   /* RawQuotes: quotes stay */
    bool raw_escapes;  /* RawEscapes: escapes stay */
    bool plain_quotes; /* SkipProcessQuotes: quotes mean nothing */
    unsigned depth;    /* of ${} around `at` */
    struct buf out;
    struct expand_marks marks;
    const char *error;
    bool over_limit; /* `error` is about a limit of ours */
    size_t out_max;  /* bytes */
    size_t work; /* what values and patterns may still cost: bytes written, code points compared */
    struct expand_words *words; /* not NULL: split */
    struct buf pending;         /* the word being collected */
};

/* ---- expand.c ---- */

/* Fails with a message in the arena or the program; the first one stays. Always false. */
bool expand_fail(struct expand_lexer *l, const char *message);
/* The same for a limit of ours, which no caller may reword. */
bool expand_over_limit(struct expand_lexer *l, const char *what);
/* Takes `cost` off what is left; fails when it is not enough. */
bool expand_spend(struct expand_lexer *l, size_t cost);
/* Appends what does not stand in the source: it counts against the limits. */
bool expand_put(struct expand_lexer *l, struct str s);
/* The code point at the reading position. _next moves past it. */
int32_t expand_peek(const struct expand_lexer *l);
int32_t expand_next(struct expand_lexer *l);
/* What has been appended since the output was `mark` long; valid until the next addition. */
struct str expand_since(const struct expand_lexer *l, size_t mark);
/* Appends what is read up to `stop` (0: the end), which is consumed. False without an error of its
 * own when the text ends before `stop`. */
bool expand_until(struct expand_lexer *l, char stop);

/* ---- expand_dollar.c ---- */

/* Reads from a '$' and appends what it stands for. */
bool expand_dollar(struct expand_lexer *l);

/* ---- expand_pattern.c ---- */

/* Both append what becomes of `value`, or fail with BuildKit's message for a bad pattern. */
/* ${v#p} ${v##p} ${v%p} ${v%%p}; `op` is '#' or '%'. */
bool expand_trim(struct expand_lexer *l, struct str value, struct str pattern, char op);
/* ${v/p/r} ${v//p/r} */
bool expand_replace(struct expand_lexer *l, struct str value, struct str pattern,
                    struct str replacement, bool all);
/* Does BuildKit accept the pattern? Else fails as the two above do. */
bool expand_pattern_check(struct expand_lexer *l, struct str pattern, char op);

/* ---- expand_letter.c ---- */

/* Go's unicode.IsLetter and unicode.IsDigit. */
bool expand_is_letter(uint32_t cp);
bool expand_is_digit(uint32_t cp);

#endif
