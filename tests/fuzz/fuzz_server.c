/*
 * The readers of server configurations, on any bytes: what they take down lies in the text, and a
 * port that is moved changes nothing else.
 */
#include <stdio.h>
#include <stdlib.h>

#include "tests/support/servers.h"

int LLVMFuzzerTestOneInput(const unsigned char *data, size_t size);

int LLVMFuzzerTestOneInput(const unsigned char *data, size_t size)
{
    static const enum server_program programs[] = {SERVER_NGINX, SERVER_APACHE, SERVER_CADDY};
    for (int i = 0; i < 3; i++) {
        const char *wrong = servers_check(programs[i], str_make((const char *)data, size));
        if (wrong) {
            fprintf(stderr, "program %d: %s\n", i, wrong);
            abort();
        }
    }
    return 0;
}
