/*
 * replay PATH…: gives every file under the paths to a fuzz target, once, without libFuzzer. Files
 * are given whole; whatever a fuzzer once found is kept in tests/fuzz/cases and stays found.
 */
#include <stdio.h>
#include <stdlib.h>

#include "tests/support/files.h"

int LLVMFuzzerTestOneInput(const unsigned char *data, size_t size);

static size_t replayed;

static void replay(struct arena *a, const char *path)
{
    struct strs names = {0};
    struct str bytes;
    if (files_is_dir(path) && files_list(a, path, &names)) {
        for (size_t i = 0; i < names.n; i++)
            replay(a, files_path(a, path, names.v[i].p));
    } else if (files_read(a, path, &bytes)) {
        fprintf(stderr, "%s\n", path); /* the last one is the one that crashed */
        /* A copy that ends where the input ends, so that a sanitizer sees a read behind it. */
        unsigned char *copy = malloc(bytes.n ? bytes.n : 1);
        if (!copy)
            abort();
        memcpy(copy, bytes.p, bytes.n);
        LLVMFuzzerTestOneInput(copy, bytes.n);
        free(copy);
        replayed++;
    }
}

int main(int argc, char **argv)
{
    struct arena a = {0};
    for (int i = 1; i < argc; i++)
        replay(&a, argv[i]);
    arena_release(&a);
    printf("%zu inputs\n", replayed);
    return replayed == 0;
}
