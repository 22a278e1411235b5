/* The built-in files of images to build on instead: each can be read, and its tags are sound. */
#include "tests/support/unit.h"

#include "dockerfile/image.h"
#include "knowledge/base.h"
#include "knowledge/facts.h"
#include "knowledge/templates.h"

static struct arena arena;

static int teardown(void **state)
{
    (void)state;
    arena_release(&arena);
    return 0;
}

static bool is_date(struct str s)
{
    bool good = s.n == 10 && s.p[4] == '-' && s.p[7] == '-';
    for (size_t i = 0; good && i < s.n; i++)
        good = i == 4 || i == 7 || (s.p[i] >= '0' && s.p[i] <= '9');
    return good;
}

/* Facts of the other image must say the same user, or a rewritten file would not be stable. */
static void check_facts(const struct base *b, struct facts_db *db)
{
    VEC_EACH (tag, &b->tags) {
        struct str text = str_fmt(&arena, "%.*s:%.*s", STR_ARG(b->to), STR_ARG(*tag));
        struct image_ref image;
        struct facts f = {0};
        if (!image_parse(&arena, text, &image) || !facts_find(db, &arena, &image, &f))
            fail_msg("%s: nothing is known of it", text.p);
        EQ_STR(f.user, b->user, text.p);
    }
}

static void test_every_file(void **state)
{
    (void)state;
    struct template_names names = templates_exact_names("bases");
    struct facts_db *db = facts_db_new();
    assert_true(names.n > 0);
    for (size_t i = 0; i < names.n; i++) {
        struct base b;
        assert_true(base_find(&arena, str_of(names.v[i].name), &b));
        assert_true(is_date(b.checked));
        assert_true(b.source.n && b.tags.n);
        check_facts(&b, db);
        for (size_t k = 0; k < b.tags.n; k++)
            for (size_t m = k + 1; m < b.tags.n; m++)
                assert_false(str_eq(b.tags.v[k], b.tags.v[m]));
    }
    facts_db_free(db);
}

static void test_nginx(void **state)
{
    (void)state;
    struct base b;
    assert_true(base_find(&arena, STR("nginx"), &b));
    EQ(b.to, "nginxinc/nginx-unprivileged");
    assert_true(base_has_tag(&b, STR("latest")));
    assert_true(base_has_tag(&b, STR("1.27-alpine")));
    assert_true(base_has_tag(&b, STR("1.27")));
    assert_false(base_has_tag(&b, STR("1.14")));
    assert_false(base_has_tag(&b, STR("1.27-bookworm")));
    assert_false(base_has_tag(&b, STR("")));
    assert_false(base_find(&arena, STR("acme/nginx"), &b));
    assert_false(base_find(&arena, STR("nginxinc/nginx-unprivileged"), &b));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_every_file),
        cmocka_unit_test(test_nginx),
    };
    return cmocka_run_group_tests(tests, NULL, teardown);
}
