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
    "FROM golang:1.22\nWORKDIR /app\nCOPY . .\nRUN go build -o a .\nCMD [\"./a\"]\n",
    "FROM rust:1.80\nWORKDIR /app\nCOPY . .\nRUN cargo build\nCMD [\"target/debug/a\"]\n",
    "FROM maven:3-eclipse-temurin-21\nWORKDIR /app\nCOPY . .\nRUN mvn package\n"
    "CMD [\"java\", \"-jar\", \"target/a.jar\"]\n",
    "FROM python:3.13\nWORKDIR /app\nCOPY . .\nRUN pip install -r requirements.txt\n"
    "CMD [\"python\", \"start.sh\"]\n",
};

/* What a project of each language is known by; all have the same text. */
static const char *const sources[] = {
    "main.go",      "src/main.rs",      "Cargo.lock",        "Cargo.toml", "pom.xml", "A.java",
    "build.gradle", "requirements.txt", "package-lock.json", "server.js",  "main.py"};

int LLVMFuzzerTestOneInput(const unsigned char *data, size_t size)
{
    static struct ur_options *options;
    char *text = malloc(size + 1);
    if (!options) {
        options = ur_options_new();
        if (ur_options_set(options, "unsafe-fixes", "true") ||
            ur_options_set(options, "split", "true") || ur_options_seal(options))
            abort();
    }
    if (!text)
        abort();
    memcpy(text, data, size);
    text[size] = 0;
    struct tree_file files[20] = {
        {"package.json", text, 0, 0},
        {"start.sh", text, 0755, 0},
        {"go.mod", "module m\n", 0, 0},
    };
    size_t count = 3;
    for (size_t i = 0; i < sizeof sources / sizeof *sources; i++)
        files[count++] = (struct tree_file){sources[i], text, 0, 0};
    struct ur_context context = tree_context(files);
    for (size_t i = 0; i < sizeof dockerfiles / sizeof *dockerfiles; i++) {
        if (i >= 4 && i != 4 + size % 4)
            continue; /* one of those for --split is enough */
        /* one of them is also the ignore file */
        files[count] = (struct tree_file){i == 3 ? ".dockerignore" : NULL, text, 0, 0};
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
