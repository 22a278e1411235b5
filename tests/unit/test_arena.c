/* Arena, buf and vec: alignment, zeroing, growing in place and elsewhere, nothing overlaps. */
#include "tests/support/unit.h"

#include "base/arena.h"
#include "base/buf.h"
#include "base/vec.h"

static int setup(void **state)
{
    *state = calloc(1, sizeof(struct arena));
    return *state ? 0 : -1;
}

static int teardown(void **state)
{
    arena_release(*state);
    free(*state);
    return 0;
}

static void test_alignment_and_zeros(void **state)
{
    struct arena *a = *state;
    for (size_t i = 0; i < 500; i++) {
        memset(arena_bytes(a, i % 7), 0xAA, i % 7); /* leaves the next place odd */
        unsigned char *p = arena_alloc(a, i);
        assert_int_equal((uintptr_t)p % _Alignof(max_align_t), 0);
        for (size_t j = 0; j < i; j++)
            assert_int_equal(p[j], 0);
        memset(p, 0xFF, i);
    }
}

static void test_zeroed_after_reset(void **state)
{
    struct arena *a = *state;
    for (int round = 0; round < 3; round++) {
        unsigned char *p = arena_alloc(a, 5000);
        for (size_t i = 0; i < 5000; i++)
            assert_int_equal(p[i], 0);
        memset(p, 0x5A, 5000);
        arena_reset(a);
    }
    arena_release(a);
    arena_release(a); /* an empty one can be released, and used again */
    assert_non_null(arena_alloc(a, 1));
}

static void test_reset_of_nothing(void **state)
{
    arena_reset(*state);
    arena_reset(*state);
    assert_non_null(arena_alloc(*state, 0));
}

/* Allocations of all sizes keep what was written into them. */
static void test_nothing_overlaps(void **state)
{
    struct arena *a = *state;
    enum { N = 300 };
    unsigned char *p[N];
    size_t size[N];
    for (size_t i = 0; i < N; i++) {
        size[i] = i % 50 == 49 ? 700 * i : i * 7 % 301;
        p[i] = i % 2 ? arena_alloc(a, size[i]) : (void *)arena_bytes(a, size[i]);
        memset(p[i], (int)(i % 251), size[i]);
    }
    for (size_t i = 0; i < N; i++)
        for (size_t j = 0; j < size[i]; j++)
            assert_int_equal(p[i][j], i % 251);
}

/* A large piece does not end the chunk that is being filled; a reset one is filled again. */
static void test_chunks_are_used_up(void **state)
{
    struct arena *a = *state;
    char *first = arena_bytes(a, 10);
    arena_bytes(a, 5 << 20);
    assert_ptr_equal(arena_bytes(a, 10), first + 10);
    for (int i = 0; i < 100; i++)
        arena_bytes(a, 100 << 10);
    arena_reset(a);
    char *again = arena_bytes(a, 10);
    arena_reset(a);
    assert_ptr_equal(arena_bytes(a, 10), again);
}

static void test_grow(void **state)
{
    struct arena *a = *state;
    char *p = arena_bytes(a, 10);
    memcpy(p, "0123456789", 10);
    assert_ptr_equal(arena_grow(a, p, 10, 20), p); /* the newest: in place */
    char *other = arena_bytes(a, 1);
    *other = 'x';
    char *moved = arena_grow(a, p, 20, 40);
    assert_ptr_not_equal(moved, p);
    assert_memory_equal(moved, "0123456789", 10);
    assert_int_equal(*other, 'x');
    char *big = arena_grow(a, moved, 40, 3 << 20);
    assert_memory_equal(big, "0123456789", 10);
    memset(big, 1, 3 << 20);
    assert_non_null(arena_grow(a, NULL, 0, 8));
}

static void test_buf(void **state)
{
    struct buf b = buf_in(*state), c = buf_in(*state);
    EQ(buf_str(&b), "");
    assert_string_equal(buf_str(&b).p, "");
    size_t n = 0;
    for (int i = 0; i < 2000; i++) { /* two of them in one arena take turns in growing */
        buf_addf(&b, "%d,", i);
        buf_addc(&c, (char)('a' + i % 26));
        n += i < 10 ? 2 : i < 100 ? 3 : i < 1000 ? 4 : 5;
    }
    assert_int_equal(b.n, n);
    assert_int_equal(c.n, 2000);
    assert_true(str_ends(buf_str(&b), STR(",1998,1999,")));
    assert_int_equal(buf_str(&b).p[n], 0);
    for (size_t i = 0; i < 2000; i++)
        assert_int_equal(c.p[i], 'a' + i % 26);
    struct buf d = buf_in(*state);
    buf_add(&d, STR("a\0b"));
    buf_add(&d, STR_NULL);
    buf_addz(&d, "");
    for (int i = 0; i < 10; i++)
        buf_add(&d, buf_str(&d)); /* of itself */
    assert_int_equal(d.n, 3 << 10);
    assert_memory_equal(d.p + (3 << 10) - 3, "a\0b", 3);
}

static void test_vec(void **state)
{
    VEC(uint64_t) v = {0};
    size_t n = 0;
    VEC_EACH (x, &v)
        n += *x;
    assert_int_equal(n, 0);
    for (uint64_t i = 0; i < 10000; i++) {
        *vec_push((struct arena *)*state, &v) = i * i;
        if (i % 100 == 0)
            arena_bytes(*state, 3);
    }
    assert_int_equal(v.n, 10000);
    VEC_EACH (x, &v) {
        assert_int_equal(*x, n * n);
        n++;
    }
    assert_int_equal(n, 10000);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_alignment_and_zeros, setup, teardown),
        cmocka_unit_test_setup_teardown(test_zeroed_after_reset, setup, teardown),
        cmocka_unit_test_setup_teardown(test_reset_of_nothing, setup, teardown),
        cmocka_unit_test_setup_teardown(test_nothing_overlaps, setup, teardown),
        cmocka_unit_test_setup_teardown(test_chunks_are_used_up, setup, teardown),
        cmocka_unit_test_setup_teardown(test_grow, setup, teardown),
        cmocka_unit_test_setup_teardown(test_buf, setup, teardown),
        cmocka_unit_test_setup_teardown(test_vec, setup, teardown),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
