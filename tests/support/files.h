/* Files and folders for test programs. What cannot be written ends the program: it is not the
 * test's fault. */
#ifndef TESTS_FILES_H
#define TESTS_FILES_H

#include "dockerfile/stage.h"

/* "dir/rest" */
const char *files_path(struct arena *a, const char *dir, const char *rest);
/* A whole regular file; false and "" when it cannot be read. */
bool files_read(struct arena *a, const char *path, struct str *out);
void files_write(const char *path, struct str bytes);
/* Makes a folder that may be there already. */
void files_mkdir(const char *path);
bool files_is_dir(const char *path);
/* The names in a folder, sorted by bytes, with a NUL behind each; false when it cannot be read. */
bool files_list(struct arena *a, const char *path, struct strs *out);
/* The files below a folder, "a/b", sorted, with a NUL behind each; none when there is no folder. */
void files_tree(struct arena *a, const char *path, struct strs *out);
/* Writes a file whose folders may have to be made. */
void files_write_deep(struct arena *a, const char *path, struct str bytes);
/* Removes a folder and all that is in it. */
void files_remove_tree(const char *path);

#endif
