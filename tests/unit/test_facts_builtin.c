/*
 * Every built-in file of image facts is right, and every name in it leads to it.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/buf.h"
#include "knowledge/facts.h"
#include "knowledge/facts_load.h"
#include "knowledge/templates.h"
#include "yaml/ydoc.h"

static struct arena arena;
static struct facts_db *db;

static int setup(void **state)
{
    (void)state;
    db = facts_db_new();
    return 0;
}

static int teardown(void **state)
{
    (void)state;
    facts_db_free(db);
    arena_release(&arena);
    return 0;
}

static size_t complaints;

static void complain(const char *path, const char *what, struct str about)
{
    print_error("%s: '%.*s' %s\n", path, STR_ARG(about), what);
    complaints++;
}

/* A named user must have its numbers. Where they could not be found out, the notes must say so. */
static void check_user(const char *path, const struct facts *f)
{
    struct str rest = f->user, user = STR("");
    uint64_t id;
    str_split(&rest, ':', &user);
    if (f->family != FACTS_WINDOWS && user.n && !str_to_u64(user, UINT32_MAX, &id) &&
        !facts_user_named(f, user) && str_find(f->notes, user) < 0)
        complain(path, "is 'user' but not in 'users', and 'notes' do not say why", f->user);
}

static void check_facts(const char *path, const struct facts *f)
{
    check_user(path, f);
    VEC_EACH (u, &f->users)
        VEC_EACH (v, &f->users)
            if (u < v && str_eq(u->name, v->name))
                complain(path, "is listed twice in 'users'", u->name);
    if (f->starts == FACTS_STARTS_UNKNOWN)
        complain(path, "is not given, although something is started", STR("starts"));
}

static void check_tag(const struct template *t, const struct facts_layer *file, struct str tag)
{
    struct facts_layer merged = *file;
    VEC_EACH (variant, &file->variants) {
        enum rx_result r = rx_match(variant->tag, tag, NULL);
        if (r == RX_LIMIT)
            complain(t->path, "is a tag that is too hard to match", tag);
        if (r == RX_YES)
            facts_layer_merge(&merged, variant);
    }
    facts_layer_settle(&merged);
    check_facts(str_fmt(&arena, "%s, tag '%.*s'", t->path, STR_ARG(tag)).p, &merged.facts);
}

/* The words of a pattern make tags that it matches, mostly: "-alpine", "6.", "7.0". */
static void check_words(const struct template *t, const struct facts_layer *file,
                        struct str pattern)
{
    struct buf word = buf_in(&arena);
    for (size_t i = 0; i <= pattern.n; i++) {
        char c = i < pattern.n ? pattern.p[i] : '|';
        if (strchr("()|[]?*+{}^$:<!=", c)) {
            if (word.n)
                check_tag(t, file, str_dup(&arena, buf_str(&word)));
            word.n = 0;
        } else if (c == '\\' && i + 1 < pattern.n) {
            c = pattern.p[++i];
            buf_addc(&word, c == 'd' ? '1' : c);
        } else {
            buf_addc(&word, c);
        }
    }
}

static void check_variants(const struct template *t, const struct facts_layer *file)
{
    struct ydoc d;
    check_tag(t, file, STR("latest"));
    check_tag(t, file, STR("1.2.3"));
    if (!ydoc_parse(&d, &arena, t->path, str_make(t->bytes, t->size)))
        return;
    const struct ydoc_node *variants = ydoc_get(d.root, "variants");
    for (const struct ydoc_node *v = variants ? variants->first : NULL; v; v = v->next)
        check_words(t, file, ydoc_get(v, "tag")->text);
}

static void check_file(const struct template *t)
{
    struct facts_layer file;
    const char *error = facts_load(&arena, t->path, str_make(t->bytes, t->size), true, &file);
    if (error)
        complain("built in", "", str_of(error));
    else
        check_variants(t, &file);
    VEC_EACH (name, &file.images) {
        struct str stem = str_sub(*name, 0, name->n - str_ends(*name, STR("*")));
        if (templates_named("images", stem) != t)
            complain(t->path, "leads elsewhere", *name);
    }
    facts_layer_free(&file);
}

static void built_in_files_are_right(void **state)
{
    (void)state;
    struct templates all = templates_each(STR("templates/images/"));
    assert_true(all.n > 0);
    complaints = 0;
    VEC_EACH (t, &all)
        check_file(t);
    assert_int_equal(complaints, 0);
}

/* The index that the generator makes has exactly the names that the files have. */
static void the_index_is_complete(void **state)
{
    (void)state;
    struct templates all = templates_each(STR("templates/images/"));
    size_t names = 0;
    VEC_EACH (t, &all) {
        struct facts_layer file;
        facts_load(&arena, t->path, str_make(t->bytes, t->size), true, &file);
        names += file.images.n;
        facts_layer_free(&file);
    }
    assert_int_equal(names, templates_exact_names("images").n + templates_prefix_names("images").n);
}

static void every_known_name_is_found(void **state)
{
    (void)state;
    const struct str *names;
    size_t n = facts_db_names(db, &arena, &names);
    for (size_t i = 0; i < n; i++) {
        struct facts f;
        struct image_ref ref = {
            .repository = str_sub(names[i], 0, names[i].n - str_ends(names[i], STR("*")))};
        assert_true(facts_find(db, &arena, &ref, &f));
    }
}

static void built_in_files_say_where_they_are_from(void **state)
{
    (void)state;
    static const char *const yaml[] = {
        "images: [a]\nchecked: 2026-01-01\nfamily: debian\n",
        "images: [a]\nsource: x\nfamily: debian\n",
        "images: [a]\nsource: x\nchecked: 2026-01-01\n",
    };
    struct facts_layer file;
    for (size_t i = 0; i < 3; i++) {
        assert_non_null(facts_load(&arena, "f", str_of(yaml[i]), true, &file));
        assert_null(facts_load(&arena, "f", str_of(yaml[i]), false, &file));
    }
}

static struct facts get(const char *repository, const char *tag)
{
    struct facts f;
    struct image_ref ref = {.repository = str_of(repository), .tag = str_of(tag)};
    if (!facts_find(db, &arena, &ref, &f))
        fail_msg("%s:%s is unknown", repository, tag);
    return f;
}

static void some_well_known_images(void **state)
{
    (void)state;
    struct facts f = get("node", "20-alpine3.19");
    assert_int_equal(f.family, FACTS_ALPINE);
    assert_true(str_is(f.package_manager, "apk"));
    assert_int_equal(facts_user_named(&f, STR("node"))->uid, 1000);
    f = get("node", "");
    assert_int_equal(f.family, FACTS_DEBIAN);
    assert_int_equal(f.starts, FACTS_STARTS_INTERPRETER);
    f = get("scratch", "");
    assert_false(f.has_shell);
    assert_null(facts_user_named(&f, STR("root")));
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, setup, teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(built_in_files_are_right),  TEST(the_index_is_complete),
        TEST(every_known_name_is_found), TEST(built_in_files_say_where_they_are_from),
        TEST(some_well_known_images),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
