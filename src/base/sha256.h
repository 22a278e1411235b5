/* SHA-256 (FIPS 180-4), for fingerprints that must not change from one version to the next. */
#ifndef BASE_SHA256_H
#define BASE_SHA256_H

#include "base/str.h"

enum { SHA256_SIZE = 32 };

struct sha256 {
    uint32_t state[8];
    uint64_t n; /* bytes so far */
    unsigned char block[64];
};

void sha256_init(struct sha256 *h);
void sha256_add(struct sha256 *h, struct str bytes);
void sha256_finish(struct sha256 *h, unsigned char out[SHA256_SIZE]);
/* The first `bytes` bytes of it in lower-case hexadecimal digits. */
struct str sha256_hex(struct arena *a, const unsigned char digest[SHA256_SIZE], size_t bytes);
/* All of it in base64, as a Content-Security-Policy has it. */
struct str sha256_base64(struct arena *a, const unsigned char digest[SHA256_SIZE]);

#endif
