/*
 * The editable instruction list of one Dockerfile.
 *
 * Every byte of the file belongs to exactly one item: an instruction (with its continuation lines,
 * the comments inside them and its heredoc bodies) or a gap (comments, blank lines, parser
 * directives, the byte order mark). Printing the items in order gives the file back, byte for byte,
 * for any bytes that parse. An edit replaces the bytes of one item or inserts one; all other items
 * keep theirs.
 *
 * Fields follow BuildKit's parser (frontend/dockerfile/parser) so that `unroot parse` can be
 * compared with it.
 */
#ifndef DOCKERFILE_LIST_H
#define DOCKERFILE_LIST_H

#include "base/str.h"
#include "base/vec.h"
#include "text/span.h"

enum df_cmd {
    DF_NONE, /* not an instruction that BuildKit knows, or no word at all */
    DF_ADD,
    DF_ARG,
    DF_CMD,
    DF_COPY,
    DF_ENTRYPOINT,
    DF_ENV,
    DF_EXPOSE,
    DF_FROM,
    DF_HEALTHCHECK,
    DF_LABEL,
    DF_MAINTAINER,
    DF_ONBUILD,
    DF_RUN,
    DF_SHELL,
    DF_STOPSIGNAL,
    DF_USER,
    DF_VOLUME,
    DF_WORKDIR,
};

struct df_piece;

/* One heredoc of a RUN, COPY or ADD. */
struct df_heredoc {
    struct str name;    /* the delimiter, quotes removed */
    struct str content; /* the body lines, CRs kept, without the delimiter's line */
    unsigned fd;        /* the number before <<, 0 when none */
    bool expand;        /* no part of the delimiter was quoted */
    bool chomp;         /* <<- */
};

/* A flag as BuildKit reads it: quotes removed, "--name" or "--name=value". */
struct df_flag {
    struct str text;
    struct span raw; /* where it stands in the item's bytes */
};

/* One instruction, in BuildKit's terms a node. `text`, `flags`, `args` borrow from the bytes where
 * they can and from the arena where lines had to be joined. */
struct df_node {
    enum df_cmd cmd;
    struct str keyword;  /* as written */
    struct str original; /* the joined logical line, trimmed */
    VEC(struct df_flag) flags;
    VEC(struct str) args; /* ENV and LABEL: key, value, separator in threes */
    bool json;            /* exec form */
    VEC(struct df_heredoc) heredocs;
    struct df_node *sub;     /* ONBUILD's trigger */
    struct str rest;         /* the logical text behind keyword and flags, trimmed */
    struct span keyword_raw; /* where the keyword stands in the item's bytes */
    struct span rest_raw;    /* the same for `rest`; empty at the end when there is none */
    struct df_piece *pieces; /* where the joined text stands in the item's bytes */
    size_t piece_count;
    size_t rest_at; /* offset of `rest` in the joined text */
};

/* From this offset of the joined text on, it stands at `raw`. */
struct df_piece {
    size_t logical, raw;
};

enum df_kind { DF_GAP, DF_INSTRUCTION };

/* What an edit did to an item; the gate compares it with what is there afterwards. */
enum df_change { DF_KEPT, DF_INSERTED, DF_EDITED };

struct df_item {
    struct df_item *prev, *next;
    enum df_kind kind;
    enum df_change change;
    struct str bytes;        /* what print writes */
    struct span source;      /* where it stood in the input; empty at its place when inserted */
    unsigned line, end_line; /* 1-based, as BuildKit counts; for inserted ones the line before */
    unsigned ordinal; /* 0-based number among the instructions of the input; inserted: of the one
                         before */
    bool open;        /* the file ends inside this continued line */
    bool empty_continuation;  /* BuildKit's NoEmptyContinuation warning */
    VEC(struct str) comments; /* BuildKit's PrevComment */
    struct df_node node;      /* of an instruction */
};

struct df_error {
    unsigned line, column; /* 1-based; the column counts bytes */
    const char *message;
};

struct df_directive {
    struct str name, value;
    unsigned line;
};

struct df_list {
    struct arena *arena;
    struct str source;
    struct df_item *first, *last;
    size_t instructions;
    char escape;    /* '\\' or '`' */
    struct str eol; /* the file's dominant line end, "\n" or "\r\n" */
    VEC(struct df_directive) directives;
    const char *broken; /* an edit made something that does not parse: why */
};

/*
 * Parses a whole file (BuildKit's first layer). On success *out is the list. Otherwise false, and
 * *error says where and why. Bytes and list live as long as the arena and the source.
 */
bool df_parse(struct arena *a, struct str source, struct df_list **out, struct df_error *error);

/* The file as it now is. Unedited: the source itself. */
struct str df_print(const struct df_list *list, struct arena *a);

/* "FROM" for DF_FROM, and back; DF_NONE for an unknown word. Case is ignored. */
const char *df_cmd_name(enum df_cmd cmd);
enum df_cmd df_cmd_find(struct str word);

#define LIST_EACH(it, list) for (struct df_item *it = (list)->first; it; it = it->next)

/* The next/previous instruction, skipping gaps; NULL at the end. `df_first` may be NULL-safe. */
struct df_item *df_first(const struct df_list *list);
struct df_item *df_next(const struct df_item *item);
struct df_item *df_prev(const struct df_item *item);

/* The value of flag --name ("chown"), false when it is not there. A flag without "=" has "". */
bool df_flag_get(const struct df_node *node, const char *name, struct str *value);

/* The offset in the item's bytes of an offset in node.rest. */
size_t df_rest_raw(const struct df_item *item, size_t at);

/* Edits. `text` is one instruction without line end, with "\n" inside for further lines (they
 * become the file's line ends). Keywords are given in upper case and written in the file's case. */

/* Inserts before `at` (NULL: at the end of the file). `comment` is a line to write above it,
 * without "# "; empty for none. Comment lines that belong to `at` stay with it. */
struct df_item *df_insert_before(struct df_list *list, struct df_item *at, struct str comment,
                                 struct str text);
/* The same without blank lines of its own: for one of several lines that belong together. */
struct df_item *df_insert_tight(struct df_list *list, struct df_item *at, struct str comment,
                                struct str text);
/* Inserts behind `at`. */
struct df_item *df_insert_after(struct df_list *list, struct df_item *at, struct str comment,
                                struct str text);
/* Writes a comment line directly above the instruction, in its indentation. */
void df_comment_before(struct df_list *list, struct df_item *at, struct str comment);
/* Takes the instruction out, with its bytes. Comments above it stay. */
void df_remove(struct df_list *list, struct df_item *item);
/* The same with the comment lines directly above it; returns their bytes. */
struct str df_remove_whole(struct df_list *list, struct df_item *item);
/* A blank line in front of `at` (NULL: at the end), unless there is one. */
void df_blank_before(struct df_list *list, struct df_item *at);
/* Are most keywords written in lower case? */
bool df_prefers_lower(const struct df_list *list);
/* Moves an instruction, with the comment lines directly above it, to before `at` (NULL: end). */
void df_move_before(struct df_list *list, struct df_item *item, struct df_item *at);
/* Sets flag --name=value: replaces it where it is, else writes it behind the keyword. */
void df_flag_set(struct df_list *list, struct df_item *item, const char *name, struct str value);
void df_flag_remove(struct df_list *list, struct df_item *item, const char *name);
/* Replaces all behind keyword and flags. */
void df_args_set(struct df_list *list, struct df_item *item, struct str text);
/* Replaces bytes [from, to) of the item's own bytes and parses it again. */
void df_splice(struct df_list *list, struct df_item *item, struct span at, struct str with);

#endif
