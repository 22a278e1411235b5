/* The grammar of a Caddyfile: words; line ends and braces that stand alone mean something. */
#ifndef SERVER_CADDY_LEX_H
#define SERVER_CADDY_LEX_H

#include "server/note.h"

struct caddy_token {
    struct server_word word; /* with the defaults of {$NAME:default} in their places */
    char quote;              /* '"', '`', '<' for a heredoc, or 0 */
    bool first;              /* begins a line */
    bool variable;           /* has {$NAME} in it */
};

typedef VEC(struct caddy_token) caddy_tokens;

/* The whole text. False when the grammar is broken; the note says so then. */
bool caddy_lex(struct note *n, caddy_tokens *out);

/* An unquoted brace. */
bool caddy_is_open(const struct caddy_token *t);
bool caddy_is_close(const struct caddy_token *t);

#endif
