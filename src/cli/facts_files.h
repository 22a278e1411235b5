/* facts_files: reads the YAML files that --facts and the `facts:` of a configuration name. */
#ifndef CLI_FACTS_FILES_H
#define CLI_FACTS_FILES_H

#include "base/io.h"
#include "base/vec.h"

struct facts_file {
    const char *label; /* its path, for messages */
    struct str yaml;
};

struct facts_files {
    VEC(struct facts_file) files;
};

/* Adds a file, or the *.yaml of a folder by name. NULL, or what is wrong, ready to print. */
const char *facts_files_add(struct facts_files *f, struct arena *a, struct io_path path);

#endif
