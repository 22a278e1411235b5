/*
 * cli: what the program says. Standard output carries the product only (see out.h); all here goes
 * to standard error, one line each.
 */
#ifndef CLI_CLI_H
#define CLI_CLI_H

#include "cli/command.h"

/* "unroot: …". What strangers wrote has to be made safe by the caller: cli_quote(). */
void cli_error(const struct cli *c, const char *fmt, ...) __attribute__((format(printf, 2, 3)));
/* The same, but not with -q. */
void cli_note(const struct cli *c, const char *fmt, ...) __attribute__((format(printf, 2, 3)));
/* The same, but only with -v. */
void cli_detail(const struct cli *c, const char *fmt, ...) __attribute__((format(printf, 2, 3)));
/* Lines as they are, without "unroot: ". */
void cli_raw(struct str lines);

/* A path or other text for a message: printable, in an arena. */
const char *cli_quote(struct arena *a, const char *text);

/* Reads a file that is the command's only operand ("-": standard input). False after a message. */
bool cli_read(const struct cli *c, const char *path, struct str *out);
/* Writes the product of a command to standard output or -o FILE; says what is wrong. */
enum exit_code cli_write(const struct cli *c, struct str product);

enum {
    CLI_FILE_MAX = 16 << 20, /* bytes of one input; the engine may take less */
    CLI_LIST_MAX = 256 << 20 /* bytes of a list of paths */
};

#endif
