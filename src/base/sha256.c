/* Straight from the standard; block by block, whatever sizes the pieces have. */
#include "base/sha256.h"

#include "base/buf.h"

/* The first 32 bits of the fractional parts of the cube roots of the first 64 primes. */
static const uint32_t K[64] = {
    0x428a2f98, 0x71374491, 0xb5c0fbcf, 0xe9b5dba5, 0x3956c25b, 0x59f111f1, 0x923f82a4, 0xab1c5ed5,
    0xd807aa98, 0x12835b01, 0x243185be, 0x550c7dc3, 0x72be5d74, 0x80deb1fe, 0x9bdc06a7, 0xc19bf174,
    0xe49b69c1, 0xefbe4786, 0x0fc19dc6, 0x240ca1cc, 0x2de92c6f, 0x4a7484aa, 0x5cb0a9dc, 0x76f988da,
    0x983e5152, 0xa831c66d, 0xb00327c8, 0xbf597fc7, 0xc6e00bf3, 0xd5a79147, 0x06ca6351, 0x14292967,
    0x27b70a85, 0x2e1b2138, 0x4d2c6dfc, 0x53380d13, 0x650a7354, 0x766a0abb, 0x81c2c92e, 0x92722c85,
    0xa2bfe8a1, 0xa81a664b, 0xc24b8b70, 0xc76c51a3, 0xd192e819, 0xd6990624, 0xf40e3585, 0x106aa070,
    0x19a4c116, 0x1e376c08, 0x2748774c, 0x34b0bcb5, 0x391c0cb3, 0x4ed8aa4a, 0x5b9cca4f, 0x682e6ff3,
    0x748f82ee, 0x78a5636f, 0x84c87814, 0x8cc70208, 0x90befffa, 0xa4506ceb, 0xbef9a3f7, 0xc67178f2};

static uint32_t turn(uint32_t x, unsigned n)
{
    return x >> n | x << (32 - n);
}

static void expand(uint32_t w[64], const unsigned char *p)
{
    for (int i = 0; i < 16; i++, p += 4)
        w[i] = (uint32_t)p[0] << 24 | (uint32_t)p[1] << 16 | (uint32_t)p[2] << 8 | p[3];
    for (int i = 16; i < 64; i++) {
        uint32_t a = w[i - 15], b = w[i - 2];
        w[i] = w[i - 16] + (turn(a, 7) ^ turn(a, 18) ^ a >> 3) + w[i - 7] +
               (turn(b, 17) ^ turn(b, 19) ^ b >> 10);
    }
}

static void take_block(struct sha256 *h, const unsigned char *p)
{
    uint32_t w[64], v[8];
    expand(w, p);
    memcpy(v, h->state, sizeof v);
    for (int i = 0; i < 64; i++) {
        uint32_t choose = (v[4] & v[5]) ^ (~v[4] & v[6]);
        uint32_t most = (v[0] & v[1]) ^ (v[0] & v[2]) ^ (v[1] & v[2]);
        uint32_t x =
            v[7] + (turn(v[4], 6) ^ turn(v[4], 11) ^ turn(v[4], 25)) + choose + K[i] + w[i];
        uint32_t y = (turn(v[0], 2) ^ turn(v[0], 13) ^ turn(v[0], 22)) + most;
        memmove(v + 1, v, 7 * sizeof *v);
        v[4] += x;
        v[0] = x + y;
    }
    for (int i = 0; i < 8; i++)
        h->state[i] += v[i];
}

void sha256_init(struct sha256 *h)
{
    static const uint32_t start[8] = {0x6a09e667, 0xbb67ae85, 0x3c6ef372, 0xa54ff53a,
                                      0x510e527f, 0x9b05688c, 0x1f83d9ab, 0x5be0cd19};
    memcpy(h->state, start, sizeof start);
    h->n = 0;
}

void sha256_add(struct sha256 *h, struct str bytes)
{
    const unsigned char *p = (const unsigned char *)bytes.p;
    for (size_t left = bytes.n; left;) {
        size_t at = h->n % 64, take = left < 64 - at ? left : 64 - at;
        memcpy(h->block + at, p, take);
        h->n += take;
        p += take;
        left -= take;
        if (at + take == 64)
            take_block(h, h->block);
    }
}

void sha256_finish(struct sha256 *h, unsigned char out[SHA256_SIZE])
{
    static const char end[64] = {(char)0x80};
    char length[8];
    uint64_t bits = h->n * 8;
    size_t at = h->n % 64;
    for (int i = 0; i < 8; i++)
        length[i] = (char)(bits >> (56 - 8 * i));
    sha256_add(h, str_make(end, at < 56 ? 56 - at : 120 - at));
    sha256_add(h, str_make(length, 8));
    for (int i = 0; i < SHA256_SIZE; i++)
        out[i] = (unsigned char)(h->state[i / 4] >> (24 - 8 * (i % 4)));
}

struct str sha256_hex(struct arena *a, const unsigned char digest[SHA256_SIZE], size_t bytes)
{
    struct buf b = buf_in(a);
    for (size_t i = 0; i < bytes && i < SHA256_SIZE; i++)
        buf_addf(&b, "%02x", digest[i]);
    return buf_str(&b);
}

struct str sha256_base64(struct arena *a, const unsigned char digest[SHA256_SIZE])
{
    static const char letters[] =
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    struct buf b = buf_in(a);
    for (size_t i = 0; i < SHA256_SIZE; i += 3) {
        uint32_t x = (uint32_t)digest[i] << 16 | (uint32_t)digest[i + 1] << 8;
        bool whole = i + 2 < SHA256_SIZE;
        if (whole)
            x |= digest[i + 2];
        buf_addc(&b, letters[x >> 18]);
        buf_addc(&b, letters[x >> 12 & 63]);
        buf_addc(&b, letters[x >> 6 & 63]);
        buf_addc(&b, whole ? letters[x & 63] : '=');
    }
    return buf_str(&b);
}
