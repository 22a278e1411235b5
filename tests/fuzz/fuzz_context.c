/*
 * The engine over a build context whose files are any bytes: the same text is the start script, the
 * package.json and the .dockerignore. All properties must hold, changed files included.
 */
#include <stdio.h>
#include <stdlib.h>

#include "tests/support/properties.h"
#include "tests/support/tree.h"

int LLVMFuzzerTestOneInput(const unsigned char *data, size_t size);

static const char *const dockerfiles[] = {
    "FROM node:24\nWORKDIR /app\nCOPY . .\nENTRYPOINT [\"/app/start.sh\"]\nCMD [\"node\", \"x.js\"]\n",
    "FROM debian:12\nRUN useradd app\nCOPY start.sh /usr/local/bin/\nCMD start.sh\n",
    "FROM node:24-alpine\nWORKDIR /app\nCOPY package*.json ./\nCMD [\"npm\", \"start\"]\n",
    "FROM nginx\nCOPY start.sh /etc/nginx/conf.d/default.conf\n",
};

int LLVMFuzzerTestOneInput(const unsigned char *data, size_t size)
{
    static struct ur_options *options;
    char *text = malloc(size + 1);
    if (!options) {
        options = ur_options_new();
        if (ur_options_set(options, "unsafe-fixes", "true") || ur_options_seal(options))
            abort();
    }
    if (!text)
        abort();
    memcpy(text, data, size);
    text[size] = 0;
    struct tree_file files[] = {
        {"package.json", text, 0, 0},
        {"start.sh", text, 0755, 0},
        {NULL, NULL, 0, 0},
        {NULL, NULL, 0, 0},
    };
    struct ur_context context = tree_context(files);
    for (size_t i = 0; i < sizeof dockerfiles / sizeof *dockerfiles; i++) {
        /* the last of them is also the ignore file */
        if (i == 3)
            files[2] = (struct tree_file){".dockerignore", text, 0, 0};
        const char *wrong = properties_check_in(options, &context, 1, "Dockerfile", dockerfiles[i],
                                                strlen(dockerfiles[i]));
        if (wrong) {
            fprintf(stderr, "Dockerfile %zu: %s\n", i, wrong);
            abort();
        }
    }
    free(text);
    return 0;
}
