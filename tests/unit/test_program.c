/* The built-in files of programs: each one can be read, says what it must, and is found by its
 * names. */
#include "tests/support/unit.h"

#include <pthread.h>

#include "knowledge/program.h"
#include "knowledge/reason.h"
#include "knowledge/templates.h"

static struct arena arena;
static struct program_db *db;

static int setup(void **state)
{
    (void)state;
    db = program_db_new();
    return 0;
}

static int teardown(void **state)
{
    (void)state;
    program_db_free(db);
    program_db_free(NULL);
    arena_release(&arena);
    return 0;
}

static const struct program *find(const char *name)
{
    const struct program *p = program_find(db, str_of(name));
    if (!p)
        fail_msg("%s is not known", name);
    return p;
}

static void check_one(const char *name, const struct program *p)
{
    bool judged = p->kind == PROGRAM_REVIEW || p->kind == PROGRAM_REFUSE;
    struct reason reason;
    if (judged != (p->reason.n > 0) || judged != (p->message.n > 0))
        fail_msg("%s: reason and message belong to review and refuse", name);
    if (judged && !reason_find(&arena, p->reason, &reason))
        fail_msg("%s: there is no reason '%.*s'", name, STR_ARG(p->reason));
    if (p->kind == PROGRAM_REVIEW && !p->assumption.n)
        fail_msg("%s: a review rests on an assumption", name);
    if (p->kind != PROGRAM_REVIEW && p->assumption.n && p->kind != PROGRAM_DIRECT)
        fail_msg("%s: an assumption of what is no review", name);
    if (p->kind != PROGRAM_WRAPPER && (p->options_with_value.n || p->subcommands.n))
        fail_msg("%s: options and subcommands are those of a wrapper", name);
    VEC_EACH (dir, &p->writes)
        if (!dir->n || dir->p[0] == '/' || str_has(*dir, ".."))
            fail_msg("%s: '%.*s' is no path below the working directory", name, STR_ARG(*dir));
    if (p->stateless && p->kind != PROGRAM_DIRECT)
        fail_msg("%s: only what runs by itself is stateless", name);
    if (judged &&
        (str_ends(p->message, STR(".")) || (p->message.p[0] >= 'A' && p->message.p[0] <= 'Z')))
        fail_msg("%s: the message goes on behind the program's name", name);
}

static void test_every_name_is_found(void **state)
{
    (void)state;
    struct template_names names = templates_exact_names("programs");
    assert_true(names.n > 100);
    VEC_EACH (n, &names) {
        assert_ptr_equal(&templates_table[n->template],
                         templates_named("programs", str_of(n->name)));
        check_one(n->name, find(n->name));
    }
    names = templates_prefix_names("programs");
    VEC_EACH (n, &names)
        check_one(n->name, find(str_fmt(&arena, "%sxyz", n->name).p));
}

static void test_known_ones(void **state)
{
    (void)state;
    static const struct {
        const char *name;
        enum program_kind kind;
    } rows[] = {
        {"node", PROGRAM_DIRECT},     {"java", PROGRAM_DIRECT},        {"cd", PROGRAM_IGNORE},
        {"env", PROGRAM_WRAPPER},     {"tini", PROGRAM_WRAPPER},       {"sh", PROGRAM_SHELL},
        {"bash", PROGRAM_SHELL},      {"nginx", PROGRAM_REVIEW},       {"gosu", PROGRAM_REFUSE},
        {"iptables", PROGRAM_REFUSE}, {"supervisord", PROGRAM_REFUSE}, {"sshd", PROGRAM_REFUSE},
    };
    for (size_t i = 0; i < COUNT(rows); i++)
        if (find(rows[i].name)->kind != rows[i].kind)
            fail_msg("%s has kind %d", rows[i].name, find(rows[i].name)->kind);
    EQ(find("gosu")->reason, "drops-privileges");
    EQ(find("iptables")->reason, "needs-capability");
    assert_true(find("apache2-foreground")->port == 80);
}

static void test_unknown_ones(void **state)
{
    (void)state;
    assert_null(program_find(db, STR("no-such-program")));
    assert_null(program_find(db, STR("")));
    assert_null(program_find(db, STR_NULL));
    assert_null(program_find(db, STR("Node")));
    assert_null(program_find(db, STR("node\0")));
    assert_null(program_find(db, STR("/usr/bin/node"))); /* the caller takes the basename */
}

static void test_kept(void **state)
{
    (void)state;
    assert_ptr_equal(find("node"), find("node"));
    assert_ptr_equal(find("bash"), find("sh"));
}

static void *look_up_all(void *ctx)
{
    struct program_db *shared = ctx;
    struct template_names names = templates_exact_names("programs");
    size_t found = 0;
    VEC_EACH (n, &names)
        found += program_find(shared, str_of(n->name)) != NULL;
    return (void *)found;
}

static void test_many_threads(void **state)
{
    (void)state;
    struct program_db *shared = program_db_new();
    pthread_t threads[4];
    void *found;
    for (size_t i = 0; i < COUNT(threads); i++)
        assert_int_equal(pthread_create(&threads[i], NULL, look_up_all, shared), 0);
    for (size_t i = 0; i < COUNT(threads); i++) {
        assert_int_equal(pthread_join(threads[i], &found), 0);
        assert_int_equal((size_t)found, templates_exact_names("programs").n);
    }
    program_db_free(shared);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_every_name_is_found), cmocka_unit_test(test_known_ones),
        cmocka_unit_test(test_unknown_ones),        cmocka_unit_test(test_kept),
        cmocka_unit_test(test_many_threads),
    };
    return cmocka_run_group_tests(tests, setup, teardown);
}
