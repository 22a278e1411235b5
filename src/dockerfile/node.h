/* One logical line → one node (BuildKit: newNodeFromLine). Internal to src/dockerfile. */
#ifndef DOCKERFILE_NODE_H
#define DOCKERFILE_NODE_H

#include "dockerfile/list.h"

/*
 * Reads the logical line `text`. All spans in *out are offsets into `text`; the caller maps them.
 * Returns NULL, or BuildKit's message.
 */
const char *node_read(struct arena *a, struct str text, char escape, struct df_node *out);

/* Can this node be followed by heredoc bodies? */
bool node_takes_heredocs(const struct df_node *node);

/* Reads one word as a heredoc redirection: NAME, quoting, <<-. False when it is none. */
bool node_heredoc_word(struct arena *a, struct str word, struct df_heredoc *out);

/* The heredocs that the logical line asks for, in order, without their contents. */
struct node_heredocs {
    VEC(struct df_heredoc) list;
};
struct node_heredocs node_heredocs(struct arena *a, struct str text);

#endif
