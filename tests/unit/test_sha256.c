/* SHA-256: the examples of the standard, sizes around a block, and pieces of any size. */
#include "tests/support/unit.h"

#include "base/sha256.h"

static struct arena arena;

static int teardown(void **state)
{
    (void)state;
    arena_release(&arena);
    return 0;
}

static struct str hex_of(struct str text)
{
    struct sha256 h;
    unsigned char digest[SHA256_SIZE];
    sha256_init(&h);
    sha256_add(&h, text);
    sha256_finish(&h, digest);
    return sha256_hex(&arena, digest, SHA256_SIZE);
}

static void test_known(void **state)
{
    (void)state;
    EQ(hex_of(STR("")), "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
    EQ(hex_of(STR("abc")), "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
    EQ(hex_of(STR("abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq")),
       "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1");
}

static void test_a_million(void **state)
{
    (void)state;
    struct sha256 h;
    unsigned char digest[SHA256_SIZE];
    sha256_init(&h);
    for (int i = 0; i < 100000; i++)
        sha256_add(&h, STR("aaaaaaaaaa"));
    sha256_finish(&h, digest);
    EQ(sha256_hex(&arena, digest, SHA256_SIZE),
       "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0");
}

/* The same bytes in one piece, in two, and one by one. */
static void test_pieces(void **state)
{
    (void)state;
    char text[200];
    for (size_t i = 0; i < sizeof text; i++)
        text[i] = (char)(i * 7);
    for (size_t n = 0; n <= sizeof text; n++) {
        struct str all = str_make(text, n), want = hex_of(all);
        struct sha256 two, ones;
        unsigned char digest[SHA256_SIZE];
        sha256_init(&two);
        sha256_add(&two, str_sub(all, 0, n / 3));
        sha256_add(&two, str_from(all, n / 3));
        sha256_finish(&two, digest);
        EQ_STR(sha256_hex(&arena, digest, SHA256_SIZE), want, "two pieces");
        sha256_init(&ones);
        for (size_t i = 0; i < n; i++)
            sha256_add(&ones, str_sub(all, i, i + 1));
        sha256_finish(&ones, digest);
        EQ_STR(sha256_hex(&arena, digest, SHA256_SIZE), want, "bytes");
    }
}

static void test_forms(void **state)
{
    (void)state;
    struct sha256 h;
    unsigned char digest[SHA256_SIZE];
    sha256_init(&h);
    sha256_add(&h, STR("abc"));
    sha256_finish(&h, digest);
    EQ(sha256_hex(&arena, digest, 4), "ba7816bf");
    EQ(sha256_base64(&arena, digest), "ungWv48Bz+pBQUDeXa4iI7ADYaOWF3qctBD/YfIAFa0=");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_known),
        cmocka_unit_test(test_a_million),
        cmocka_unit_test(test_pieces),
        cmocka_unit_test(test_forms),
    };
    return cmocka_run_group_tests(tests, NULL, teardown);
}
