/*
 * note: what the readers of configurations share: words that know where in the text each of their
 * bytes stands, and the taking down of ports, paths, mentions and gaps.
 */
#ifndef SERVER_NOTE_H
#define SERVER_NOTE_H

#include "server/server.h"

/* A word as the server gets it. */
struct server_word {
    struct str value;      /* without quotes and escapes, with the values of known variables */
    struct span raw;       /* in the text, without the quotes around it */
    const uint32_t *where; /* where each byte of `value` stands in the text, when it is not simply
                              raw.from + i */
    bool quoted;
};

typedef VEC(struct server_word) server_words;

struct note {
    struct arena *arena;
    struct str text;
    struct server_config *c;
};

/* Begins to read: takes down that nothing was missed so far. False when the text is too long or no
 * text at all. */
bool note_begin(struct note *n, struct arena *a, enum server_program program, struct str text,
                struct server_config *c);

/* The bytes [from, to) of the word's value in the text; false when they do not stand there in one
 * piece. */
bool note_span(const struct server_word *w, size_t from, size_t to, struct span *out);

/* Something at the byte `at` was not understood, and could do anything. */
void note_unknown(struct note *n, size_t at, const char *fmt, ...)
    __attribute__((format(printf, 3, 4)));
/* The same; it may write, but does not listen. */
void note_unknown_write(struct note *n, size_t at, const char *fmt, ...)
    __attribute__((format(printf, 3, 4)));
/* The grammar is broken from here on. */
void note_broken(struct note *n, size_t at, const char *fmt, ...)
    __attribute__((format(printf, 3, 4)));

/* A stranger's text for such a message. */
const char *note_quote(struct note *n, struct str s);

/* Reads the bytes [from, to) of the word as a port, a range of ports, or a variable that stands for
 * one, into p->port, last, number, variable and fixed. False when they are nothing of that. */
bool note_port_number(const struct server_word *w, size_t from, size_t to, struct server_port *p);
struct server_port *note_port(struct note *n, struct server_port p);

/* The bytes [from, to) of the word are a path. Nothing is taken down for an empty one. */
void note_path(struct note *n, enum server_path_kind kind, struct str directive,
               const struct server_word *w, size_t from, size_t to);
void note_include(struct note *n, const struct server_word *w, bool optional, bool data);

/* Whether the host is this machine for itself: localhost, 127.0.0.0/8, ::1 and the wildcards. */
bool note_is_self(struct str host);
/* The same without the wildcards: what is bound to it cannot be reached from elsewhere. */
bool note_is_local(struct str host);

/* Takes down each ":80" in the word. */
void note_mentions(struct note *n, const struct server_word *w);
/* Takes down each number in the word that could be a port. */
void note_numbers(struct note *n, const struct server_word *w, enum server_mention_kind kind);
/* Takes the word down if it is a number as a whole. */
void note_value(struct note *n, const struct server_word *w);
/* The word is an address to which the server connects, [SCHEME://]HOST[:PORT][/…]: when it is this
 * machine and no port is written, takes down the one that is implied. */
void note_upstream(struct note *n, const struct server_word *w, unsigned otherwise);

/* Whether some variable stands in it that is not resolved: "$" of nginx, "${" of Apache, "{" of
 * Caddy. */
bool note_has_variable(const struct note *n, struct str s);

#endif
