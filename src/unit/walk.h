/* Taking a start command apart. Internal to process.c and walk*.c. */
#ifndef UNIT_WALK_H
#define UNIT_WALK_H

#include "knowledge/program.h"
#include "unit/obstacle.h"
#include "unit/owned.h"

/* Wrappers, scripts and texts in each other; commands, and bytes of files, that are read in all.
 * What goes beyond counts as not read. */
enum { WALK_DEPTH_MAX = 16, WALK_COMMANDS_MAX = 3000, WALK_BYTES_MAX = 4 << 20 };

/* What a start script has set a variable to. */
struct walk_variable {
    struct str name, value;
    bool known;
};

struct walk {
    struct obstacles *o;
    const struct df_item *at;
    struct str workdir;
    struct str here;    /* where cd went; empty: not known */
    struct str outside; /* the same of what is around the subshell */
    bool in_subshell, in_substitution;
    bool maybe;        /* the command need not be run */
    struct str script; /* the script that is being read, absolute; empty: none */
    VEC(struct walk_variable) variables;
    struct strs functions; /* of files that were sourced; their bodies were judged */
    bool sources;          /* the script that is read next is sourced */
    bool variables_lost;   /* too many */
    struct owned owned;    /* what the user will be given, once it was asked for */
    bool owned_known;
    struct strs framework; /* the same of frameworks */
    bool framework_known;
    unsigned depth;
    size_t commands, bytes;             /* so far */
    const struct shell_word *arguments; /* what "$@" of the script being read stands for */
    size_t argument_count;
    unsigned idle, busy; /* programs that do nothing lasting, and all others */
    unsigned code_files; /* files of code that were read */
    unsigned stateless;  /* of the busy ones: those that make no files of their own */
};

/* walk_words.c: one command; all of a shell text. */
void walk_words(struct walk *w, const struct shell_word *words, size_t n);
void walk_script(struct walk *w, struct str text);
void walk_root_home(struct walk *w, const struct shell_word *words, size_t n);
bool walk_is_option(struct str s);

/* The variables that a command sets. */
void walk_assigns(struct walk *w, const struct shell_command *c);

/* walk_find.c: programs that run others on files, or change files on the way. False: another one.
 */
bool walk_find(struct walk *w, const struct shell_word *words, size_t n);
/* sed -i */
bool walk_edits_in_place(const struct shell_word *words, size_t n);

/* walk_file.c: a program that is not listed, by its path or bare name; words[0] is where it is
 * named. `shell` is what reads it (sh FILE), empty when it is started itself. */
void walk_file(struct walk *w, struct str path, struct str shell, const struct shell_word *words,
               size_t n);
void walk_opaque(struct walk *w, struct str path);
void walk_unknown(struct walk *w, struct str path);
/* main.py, server.js */
bool walk_looks_like_source(struct str name);

/* May it go on? Else that is said. */
bool walk_may(struct walk *w);

/* walk_start.c: a start script of the build context, at an absolute path of the image. False when
 * it can't be told what is there; then nothing was done. */
bool walk_start(struct walk *w, struct str path, struct str interpreter);

/* walk_package.c: npm, yarn or pnpm with a script of a package.json that is in the build context.
 * False when that can't be told; then nothing was done. */
bool walk_package_script(struct walk *w, const struct shell_word *words, size_t n);

/* walk_java.c: does java start a program that is the author's, or cannot be told to be another's?
 */
bool walk_is_own_java(struct walk *w, const struct shell_word *words, size_t n);
/* The same of a jar that is started without java in front of it. */
bool walk_is_own_jar(struct walk *w, struct str jar);

/* walk_code.c: the code of what is started, at an absolute path of the image; of a program that a
 * step compiles. */
void walk_code(struct walk *w, struct str path);
void walk_compiled(struct walk *w, struct str name);

/* walk_port.c */
void walk_ports(struct walk *w, const struct shell_word *words, size_t n);
void walk_privileged_port(struct walk *w, struct str what);
/* PORT=80, -Dserver.port=80, ${PORT:-80} */
bool walk_names_low_port(struct str s);

/* walk_place.c: to be called before each command of a script. */
void walk_at_command(struct walk *w, const struct shell_command *c, bool maybe);
/* cd, pushd, popd */
void walk_cd(struct walk *w, const struct shell_word *words, size_t n);
/* NAME=VALUE; NULL: a value that is not known. */
void walk_set_variable(struct walk *w, struct str name, const struct shell_word *value);
/* The same for the words of export, local and their like; anything else is left alone. */
void walk_declare(struct walk *w, const struct shell_word *words, size_t n);
/* What the word comes to, when that is proven; it may have stars in it. */
bool walk_resolve(struct walk *w, const struct shell_word *word, struct str *out);
/* The absolute path of it; empty when it is not known where that is. */
struct str walk_place(struct walk *w, struct str path);
/* May the user write there? */
bool walk_is_own(struct walk *w, struct str path);

/* walk.c */
/* Is it in a directory that the file makes, so that the user is given it? */
bool walk_is_made(struct walk *w, struct str path);
/* A stranger's text for a message. */
const char *walk_text(struct walk *w, struct str s);
/* What a package manager has put into the project under another path: "gulp" for
 * node_modules/gulp/bin/gulp.js, node_modules/.bin/gulp, venv/bin/gulp. Empty for anything else. */
struct str walk_packaged_name(struct str path);
/* Does the name end in one of the list (which a NULL ends)? */
bool walk_has_suffix(struct str name, const char *const *list);

/* Reports paths that the command writes to and that are root's. */
void walk_written_paths(struct walk *w, const struct shell_word *words, size_t n);
/* Collects absolute arguments that look like directories of data: o->data. */
void walk_data_arguments(struct walk *w, const struct shell_word *words, size_t n);
void walk_redirects(struct walk *w, const struct shell_command *c);

/* Judges a server by what is known of the base image. */
void walk_service(struct walk *w, const struct program *p, struct str name);
/* busybox's httpd keeps no log and no pid file. */
bool walk_is_busybox_httpd(const struct walk *w, const struct shell_word *words, size_t n);

/* mkdir, touch, cp and their like. */
bool walk_is_writer(struct str name);
/* All that it writes is the user's; something certainly is not. */
bool walk_writes_own(struct walk *w, const struct shell_word *words, size_t n);
bool walk_writes_elsewhere(struct walk *w, const struct shell_word *words, size_t n);

#endif
