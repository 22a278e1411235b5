/*
 * The commands of ENTRYPOINT, CMD and HEALTHCHECK and of scripts, as words that know where their
 * bytes stand; and what in a word is the number of a port. Internal to port.c and its sisters.
 */
#ifndef UNIT_PORT_TEXT_H
#define UNIT_PORT_TEXT_H

#include "unit/unit.h"

/* A piece of text that can be edited: an instruction's arguments or a file of the context. */
struct port_text {
    struct df_item *item;
    struct str path; /* of a file, when `item` is NULL */
    struct str text;
    const char *fixed; /* why it can't be edited; NULL: it can */
};

struct port_word {
    struct str value;
    bool literal;
    const struct port_text *in;
    struct str raw;                /* as it is written, in the text or in the outer word's value */
    size_t raw_at;                 /* where that stands */
    const struct port_word *outer; /* sh -c 'TEXT': the word TEXT */
};

typedef VEC(struct port_word) port_words;

struct port_command {
    port_words words;         /* those in front of the program, NAME=value, are among them */
    struct str reads, writes; /* < and > with a literal path; else empty */
};

typedef VEC(struct port_command) port_commands;

/* Where the byte `at` of the word's value stands in its text; -1 when that can't be told. */
ptrdiff_t port_word_place(const struct port_word *w, size_t at);

/* Adds the words of an exec form that stands at `from` of the text. */
void port_exec_words(struct arena *a, const struct port_text *in, size_t from, port_words *out);
/* Adds the commands of a shell script at `from`; those of sh -c 'TEXT' too. False when the script
 * was not understood as a whole. */
bool port_shell_commands(struct arena *a, const struct port_text *in, size_t from,
                         port_commands *out);
/* Adds the command, and what it gives to sh -c. */
bool port_add_command(struct arena *a, const struct port_command *c, port_commands *out);

/* The number of a port that the program of these words is told to listen on, in words[i].value. */
bool port_in_word(const port_words *words, size_t i, struct span *number, uint32_t *port);
/* The number below 65536 in a value of a variable with such a name: PORT=80, URLS=http://+:80.
 * `*at` is where to look from, and is left behind the number. */
bool port_in_variable(struct str name, struct str value, size_t *at, struct span *number,
                      uint32_t *port);

/* The next number from `*at` on that stands alone, as a port would: not in 1.80, x80, 80px. */
bool port_next_number(struct str s, size_t *at, struct span *number, uint32_t *value);
/* Does it occur as such a number? */
bool port_occurs(struct str s, uint32_t port);

/* The next place from `*at` on where this machine is named as a host (localhost, 127.0.0.1), with
 * its port: `number` is empty, at the end of the host, where none is written. */
bool port_next_self(struct str s, size_t *at, struct span *number, uint32_t *port);

#endif
