/* Programs that a runtime starts: the image's entrypoint is the runtime. */
#ifndef SPLIT_RUNTIME_H
#define SPLIT_RUNTIME_H

#include "split/split.h"

/* The runtime is started with these words. What the author wrote as ENTRYPOINT stays one, so that
 * arguments given to the container still come behind it. */
void runtime_start(struct split *sp, const struct strs *arguments);

/* The file that it runs, as it is written: seen to that it comes along, or refused. */
void runtime_file(struct split *sp, struct str file, const char *const *ends);

/* Is there no COPY of a folder that the working directory is only a part of? */
bool runtime_has_own_folder(const struct split *sp);

/* Variables by which the runtime finds code and libraries: refused where they lead to what does not
 * come along. */
void runtime_environment(struct split *sp);

/* As the first process of the container, the runtime ends on SIGTERM only if its program says so.
 * Where the author has an init program for that, `handles` must be proven, or it is a review. */
void runtime_stops(struct split *sp, bool handles);

/* Makes the first word the runtime of the image, if it names the author's: node, python3. */
bool runtime_replace(struct split *sp, struct strs *words);

#endif
