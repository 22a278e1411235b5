/* SHA-256, as in FIPS 180-4. */
#ifndef PROBE_SHA256_H
#define PROBE_SHA256_H

#include <stddef.h>
#include <stdint.h>

struct sha256 {
    uint32_t state[8];
    unsigned char block[64];
    uint64_t n; /* bytes so far */
};

void sha256_begin(struct sha256 *s);
void sha256_add(struct sha256 *s, const void *bytes, size_t n);
/* The eight words of the sum; nothing may be added afterwards. */
void sha256_end(struct sha256 *s);

#endif
