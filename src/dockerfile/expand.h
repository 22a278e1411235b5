/*
 * Words as BuildKit's shell lexer reads them (frontend/dockerfile/shell/lex.go): quotes, escapes
 * and ${} with every modifier. It is not a shell: no globbing, no command substitution.
 *
 * BuildKit has no limits; here a ${} nests at most 64 deep, values add at most 1 MiB to a result,
 * and one call works off at most 16 Mi bytes and pattern steps. Beyond that there is an error.
 *
 * Results borrow from the text that was read or lie in the arena. Invalid UTF-8 of the text reads
 * as U+FFFD; that of a value stays.
 */
#ifndef DOCKERFILE_EXPAND_H
#define DOCKERFILE_EXPAND_H

#include "base/str.h"
#include "base/vec.h"

/* What is known of one variable. */
struct expand_value {
    struct str text;
    bool known;    /* false: set, but we cannot know to what */
    bool argument; /* comes from an ARG, so that --build-arg may change it */
};

/* Looks `name` up. Returns false when it is unset. */
typedef bool expand_lookup(void *ctx, struct str name, struct expand_value *out);

struct expand_env {
    expand_lookup *lookup; /* may be NULL: nothing is set */
    void *ctx;
    bool keep_unset; /* SkipUnsetEnv: an unset variable stays as it is written */
    /* May be NULL. Else what all calls together may still cost, about a byte of text from values or
     * a step of pattern matching each; counted down. At 0, what needs values is an error. One for
     * each file keeps many cheap lines with one long value from filling the memory. */
    size_t *budget;
};

/*
 * An unknown value leaves nothing in the text. A default counts as unknown too when the variable
 * before it is: ${X:-a} of an unknown X is empty, not "a". But an unknown `argument` is taken for
 * an ARG without a value, which is unset until somebody gives one: there ${X:-a} is "a" and ${X:+a}
 * is
 * "", marked `argument` only.
 */
struct expanded {
    struct str text;
    const char *error; /* NULL, or BuildKit's message (without its 'failed to process "word": ');
                          the text is empty then, and there are no words */
    bool unknown;      /* a value that we do not know took part */
    bool argument;     /* an ARG took part, if only by choosing between value and default */
    bool unset;        /* an unset variable took part without a default */
};

/* One word: quotes removed, escapes processed, variables expanded (ProcessWord). */
struct expanded expand_word(struct arena *a, struct str word, char escape, struct expand_env env);

/* The same, split at white space outside of quotes as ProcessWords does (EXPOSE). What stands
 * directly in front of a ${} with a modifier is missing in the words, as it is in BuildKit's. */
struct expand_words {
    VEC(struct str) words;
    struct expanded whole; /* error and marks; its text is the joined one */
};
struct expand_words expand_words(struct arena *a, struct str word, char escape,
                                 struct expand_env env);

/* For heredoc bodies: variables and escapes, quotes untouched. */
struct expanded expand_heredoc(struct arena *a, struct str body, struct expand_env env);

/*
 * Splits without expanding and without removing quotes and escapes (RawQuotes, RawEscapes,
 * SkipUnsetEnv): how the parser looks for heredocs. False when the text does not lex (unbalanced
 * quote, bad ${); there are no words then.
 */
bool expand_split_raw(struct arena *a, struct str text, char escape, struct expand_words *out);

#endif
