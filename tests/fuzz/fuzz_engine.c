/*
 * The whole engine on any bytes, without and with unsafe-fixes: the properties of tests/support
 * must hold, whatever the input is.
 */
#include <stdio.h>
#include <stdlib.h>

#include "tests/support/properties.h"

int LLVMFuzzerTestOneInput(const unsigned char *data, size_t size);

static struct ur_options *new_options(const char *const *set)
{
    struct ur_options *o = ur_options_new();
    for (; *set; set += 2)
        if (ur_options_set(o, set[0], set[1]) != UR_OK)
            abort();
    ur_options_seal(o);
    return o;
}

int LLVMFuzzerTestOneInput(const unsigned char *data, size_t size)
{
    static const char *const plain[] = {NULL};
    static const char *const unsafe[] = {"unsafe-fixes", "true", NULL};
    static const char *const busy[] = {"unsafe-fixes", "true",        "comments",
                                       "true",         "create-user", "true",
                                       "id-style",     "name",        NULL};
    static const char *const split[] = {"unsafe-fixes", "true", "split", "true", NULL};
    static struct ur_options *options[4];
    if (!options[0]) {
        options[0] = new_options(plain);
        options[1] = new_options(unsafe);
        options[2] = new_options(busy);
        options[3] = new_options(split);
    }
    for (int i = 0; i < 4; i++) {
        const char *wrong =
            properties_check(options[i], i > 0, "Dockerfile", (const char *)data, size);
        if (wrong) {
            fprintf(stderr, "option set %d: %s\n", i, wrong);
            abort();
        }
    }
    return 0;
}
