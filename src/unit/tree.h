/*
 * The application's tree as a whole: which copies may be given to the user where they are copied,
 * and whether the finished tree has to be given away in one go, because RUN steps work in it as
 * root.
 */
#ifndef UNIT_TREE_H
#define UNIT_TREE_H

#include "unit/unit.h"

/* Must this COPY stay root's while the image is built? Because a later step may ask git, which
 * refuses to look at a tree that belongs to somebody else; or uses an npm that runs scripts as the
 * owner of their folder. */
enum tree_stay { TREE_GIVEN, TREE_FOR_GIT, TREE_FOR_NPM };

enum tree_stay tree_stays_with_root(struct unit *u, struct stage *s, const struct stage_step *copy);

/* Does ADD unpack an archive, whose members keep the owners that they have in it? */
bool tree_is_archive(const struct stage_step *step);

/* Is the stage a parent of `s` that no other stage builds on? */
bool tree_is_own_parent(const struct stage *parent, const struct stage *s);

/* What starts: something that may change any file of its tree; a program that was built, whose own
 * code does not matter, only what lies where it works; one that makes no files. */
enum tree_use { TREE_CHANGED, TREE_COMPILED, TREE_READ };

/* The step because of which files below the working directory belong to root although the program
 * may want to change them; NULL when there is none. *why says what the step does. */
const struct stage_step *tree_made_by_root(struct unit *u, struct stage *s, enum tree_use use,
                                           const char **why);

#endif
