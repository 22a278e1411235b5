/*
 * Accounts: what is proven of their numbers and what is not, and who a USER line means. What is
 * known of the image acme/base is given here.
 */
#include "tests/support/units.h"

#include "base/buf.h"
#include "unit/account.h"

static struct arena arena;
static struct ur_options *options;

static const char facts[] =
    "images: [acme/base]\n"
    "source: none\n"
    "checked: 2026-01-01\n"
    "family: debian\n"
    "users:\n"
    "  - {name: www-data, uid: 33, gid: 33, purpose: app}\n"
    "  - {name: node, uid: 1000, gid: 1000, home: /home/node, purpose: app}\n";

static int setup(void **state)
{
    (void)state;
    options = ur_options_new();
    if (ur_options_add_facts(options, "test", facts, sizeof facts - 1) != UR_OK)
        print_error("%s\n", ur_options_error(options));
    return ur_options_seal(options) == UR_OK ? 0 : -1;
}

static int teardown(void **state)
{
    (void)state;
    ur_options_free(options);
    arena_release(&arena);
    return 0;
}

static struct accounts accounts_on(const char *image, const char *lines)
{
    struct unit *u = units_new(&arena, options, str_fmt(&arena, "FROM %s\n%s", image, lines).p);
    return account_all(u, units_last_stage(u));
}

static struct accounts accounts(const char *lines)
{
    return accounts_on("acme/base", lines);
}

/* "name uid:gid marks"; "?" for a number that is not known. */
static struct str show(const struct account *acc)
{
    struct buf b = buf_in(&arena);
    if (!acc)
        return STR("none");
    buf_addf(&b, "%.*s ", STR_ARG(acc->name));
    if (acc->uid_known)
        buf_addf(&b, "%u:", acc->uid);
    else
        buf_addz(&b, "?:");
    if (acc->gid_known)
        buf_addf(&b, "%u", acc->gid);
    else
        buf_addz(&b, "?");
    buf_addf(&b, "%s%s%s%s", acc->certain ? "" : " uncertain", acc->predicted ? " predicted" : "",
             acc->system ? " system" : "", acc->argument ? " argument" : "");
    return buf_str(&b);
}

/* The account that the lines make last. */
static void makes_on(const char *image, const char *lines, const char *want)
{
    struct accounts all = accounts_on(image, lines);
    EQ_STR(show(all.v.n ? &all.v.v[all.v.n - 1] : NULL), str_of(want), lines);
}

static void makes(const char *lines, const char *want)
{
    makes_on("acme/base", lines, want);
}

static void test_numbers_that_are_written(void **state)
{
    (void)state;
    makes("", "node 1000:1000");
    makes("RUN useradd -u 5 app", "app 5:5");
    makes("RUN useradd --uid=5 --gid 7 app", "app 5:7");
    makes("RUN groupadd -g 9 grp && useradd -u 5 -g grp app", "app 5:9");
    makes("RUN addgroup --gid 9 grp\nRUN adduser --uid 5 --ingroup grp app", "app 5:9");
    makes("RUN useradd -u 5 -g www-data app", "app 5:33");
    makes("RUN useradd -u 5 -g root app", "app 5:0");
    makes("RUN useradd -u 5 -g nosuch app", "app 5:?");
    makes("RUN useradd -r -u 5 app",
          "app 5:? system"); /* a system group gets a number of its own */
    makes("RUN useradd -u 2147483648 app", "app ?:?");
    makes("RUN useradd -u 0 -o app", "app 0:0");
    makes("RUN useradd -u 5 -g 0 app", "app 5:0");
    makes("RUN groupadd x\nRUN groupadd -g 9 grp\nRUN groupadd y\nRUN useradd -u 5 -g grp app",
          "app 5:9");
    makes("RUN groupadd -g 9 grp\nRUN groupadd -g 8 grp\nRUN useradd -u 5 -g grp app", "app 5:8");
    struct accounts all = accounts("RUN groupadd -g 9 a && groupadd b && groupadd -g $NOPE c");
    assert_true(account_group_named(&all, STR("a"))->numbered &&
                account_group_named(&all, STR("a"))->gid_known);
    assert_false(account_group_named(&all, STR("b"))->numbered ||
                 account_group_named(&all, STR("b"))->gid_known);
    assert_true(account_group_named(&all, STR("c"))->numbered &&
                !account_group_named(&all, STR("c"))->gid_known);
    assert_null(account_group_named(&all, STR("www-data")));
}

static void test_numbers_that_are_predicted(void **state)
{
    (void)state;
    makes("RUN useradd app", "app 1001:1001 predicted"); /* 1000 is node's */
    makes("RUN useradd a\nRUN useradd b", "b 1002:1002 predicted");
    makes("RUN useradd -u 1500 a\nRUN useradd b", "b 1501:1501 predicted"); /* behind the highest */
    makes("RUN useradd -u 59999 a\nRUN useradd b", "b 60000:60000 predicted");
    makes("RUN useradd -u 60000 a\nRUN useradd b",
          "b 1001:1001 predicted"); /* above UID_MAX does not count */
    makes("RUN useradd -r app", "app ?:? system");
    makes("RUN userdel node\nRUN useradd app", "app ?:?");
    makes("RUN ./make-users.sh && sed -i s/a/b/ /etc/passwd\nRUN useradd app", "app ?:?");
    makes("RUN groupadd g\nRUN useradd app", "app 1001:? predicted");
}

static void test_gaps(void **state)
{
    (void)state;
    makes("RUN adduser app", "app 1001:1001 predicted");
    makes("RUN adduser -u 1500 a\nRUN adduser b", "b ?:?"); /* 1001, or useradd's 1501 */
    makes("RUN addgroup -g 1001 g\nRUN adduser b", "b ?:?");
    makes("RUN addgroup -g 1001 g\nRUN adduser -G g b", "b 1001:1001 predicted");
    makes("RUN addgroup g\nRUN adduser b", "b ?:?");
}

static void test_system_accounts(void **state)
{
    (void)state;
    makes_on("debian:12", "RUN useradd -r app", "app 999:? predicted system");
    makes_on("debian:12", "RUN useradd -r a\nRUN useradd -r b", "b 998:? predicted system");
    makes_on("debian:12", "RUN useradd -u 999 a\nRUN useradd -r b", "b 998:? predicted system");
    makes_on("debian:12", "RUN useradd -u 500 a\nRUN useradd -r b", "b ?:? system"); /* 499 */
    makes_on("debian:12", "RUN useradd -u 100 a\nRUN useradd -r b", "b 999:? predicted system");
    makes_on("debian:12", "RUN adduser --system app", "app ?:? system"); /* another program */
    makes_on("debian:12", "RUN apt-get install -y git=1:2 python3-dev\nRUN useradd -r app",
             "app 999:? predicted system");
    makes_on("debian:12", "RUN apt-get install -y dbus\nRUN useradd -r app", "app ?:? system");
    makes_on("debian:12", "RUN apt-get install -y $P\nRUN useradd -r app", "app ?:? system");
    makes_on("debian:12", "RUN ./install.sh && useradd -r app", "app ?:? system");
    makes_on("debian:12", "RUN curl -s x | bash && useradd -r app", "app ?:? system");
    makes_on("debian:12", "RUN useradd -r app && apt-get install -y dbus",
             "app 999:? predicted system");
    makes_on("alpine:3", "RUN adduser -S app", "app 100:? predicted system");
    makes_on("alpine:3", "RUN adduser -S a\nRUN adduser -S b", "b 101:? predicted system");
    makes_on("alpine:3", "RUN adduser -u 123 a\nRUN adduser -S b", "b 100:? predicted system");
    makes_on("alpine:3", "RUN apk add shadow && useradd -r app", "app ?:? system");
    makes_on("node:20-alpine", "RUN adduser -S app", "app 100:? predicted system");
    makes_on("node:7.1", "RUN useradd -r app", "app ?:? system"); /* has one of its own */
    makes_on("postgres:16", "RUN useradd -r app", "app ?:? system");
    makes_on("openjdk:17", "RUN useradd -r app", "app ?:? system"); /* Oracle Linux */
}

static void test_usermod_of_an_unseen_account(void **state)
{
    (void)state;
    makes("RUN usermod -u 1500 odoo", "odoo 1500:?");
    makes("RUN usermod -u $U odoo", "node 1000:1000");
    makes("RUN usermod -u 1500 odoo || true", "node 1000:1000");
    assert_true(accounts("RUN usermod -u 1500 odoo").opaque);
}

static void test_what_is_not_certain(void **state)
{
    (void)state;
    makes("RUN if [ -x /a ]; then useradd -u 5 app; fi", "app 5:5 uncertain");
    makes("RUN useradd -u 5 app || true", "app 5:5 uncertain");
    makes("RUN false && useradd -u 5 app", "app 5:5"); /* && fails the build otherwise */
    makes("RUN useradd -u 5 app\nRUN userdel app", "app ?:? uncertain");
    makes("RUN useradd -u 5 app\nRUN usermod -u 7 app", "app 7:5");
    makes("RUN useradd app\nRUN usermod -u 7 app", "app 7:1001");
    makes("RUN useradd -u 5 app\nRUN groupmod -g 8 app", "app 5:8");
    makes("RUN useradd -u 5 app\nRUN usermod -l other app", "app ?:? uncertain");
    makes("RUN useradd -u 5 app\nRUN echo app:x | chpasswd", "app 5:5");
}

static void test_variables(void **state)
{
    (void)state;
    makes("ARG U=5\nRUN useradd -u $U app", "app 5:5 argument");
    makes("ENV U=5 N=app\nRUN useradd -u ${U} ${N}", "app 5:5");
    makes("RUN useradd -u $NOPE app", "app ?:?");
    makes("RUN U=5; useradd -u $U app", "app 5:5"); /* a variable of the shell */
    makes("ENV U=4\nRUN export U=5 V=6 && useradd -u ${U} app", "app 5:5");
    makes("ENV U=4\nRUN U=5 true && useradd -u $U app", "app 4:4");
    makes("ENV U=4\nRUN read U && useradd -u $U app", "app ?:?");
    makes("RUN U=$(id -u) && useradd -u $U app", "app ?:?");
    makes("RUN U=5 && U=6 && useradd -u $U app", "app 6:6");
    makes("RUN if [ -x /a ]; then U=5; fi; useradd -u $U app", "app ?:?");
    makes("RUN (U=5) && useradd -u $U app", "app ?:?");
    makes("RUN for U in 5 6; do true; done; useradd -u $U app", "app ?:?");
    makes("RUN U=5 && useradd -u $U$U app", "app ?:?");
    makes("RUN U=5\nRUN useradd -u $U app", "app ?:?");
    assert_true(accounts("RUN useradd $NOPE").opaque); /* what name that is, nobody knows */
    makes("ENV N=app\nRUN useradd -u 5 \"$N\"\nENV N=other", "app 5:5");
}

static void test_opaque(void **state)
{
    (void)state;
    assert_false(accounts("RUN useradd -u 5 app").opaque);
    assert_true(accounts("RUN useradd -u 5 'a b'").opaque);
    assert_true(accounts("RUN useradd -u 5 \"a\001b\"").opaque);
    assert_true(accounts("RUN useradd '-'").opaque);
    assert_true(accounts("RUN useradd 1app").opaque);
    static const char *const names[] = {"a", "_a", "aZ09-._$", "z", "A"};
    for (size_t i = 0; i < COUNT(names); i++)
        if (accounts(str_fmt(&arena, "RUN useradd '%s'", names[i]).p).opaque)
            fail_msg("'%s' is no name", names[i]);
    assert_true(accounts("RUN useradd x").v.v[2].from_file);
    assert_false(accounts("").v.v[0].from_file);
    assert_true(accounts("RUN userdel nosuch").opaque);
    assert_true(accounts("RUN echo x >> /etc/passwd").opaque);
    assert_true(accounts("RUN echo 'never closed").opaque);
    assert_true(accounts("RUN apt-get install -y x").packages);
    assert_false(accounts("RUN useradd x").packages);
}

static void test_parents(void **state)
{
    (void)state;
    struct unit *u = units_new(
        &arena, options,
        "FROM acme/base AS a\nRUN useradd -u 5 one\nFROM acme/base AS b\nRUN useradd -u 6 two\n"
        "FROM a\nRUN useradd -u 7 three\nUSER one\nRUN useradd -u 8 four\n");
    struct stage *s = units_last_stage(u);
    struct accounts all = account_all(u, s);
    assert_non_null(account_named(&all, STR("one")));
    assert_null(account_named(&all, STR("two")));
    assert_int_equal(account_with_uid(&all, 7)->uid, 7);
    struct accounts before = account_before(u, s, &s->steps.v[1]);
    assert_non_null(account_named(&before, STR("three")));
    assert_null(account_named(&before, STR("four")));
    assert_null(account_with_uid(&before, 99));
}

static bool missing(const char *lines, const char *name)
{
    struct unit *u =
        units_new(&arena, options, str_fmt(&arena, "FROM acme/base\n%s\nCMD x\n", lines).p);
    struct stage *s = units_last_stage(u);
    return account_is_missing(u, s, &s->steps.v[s->steps.n - 1], str_of(name));
}

static void test_missing(void **state)
{
    (void)state;
    assert_true(missing("RUN x", "app"));
    assert_false(missing("RUN useradd app", "app"));
    assert_false(missing("RUN x", "node"));
    assert_false(missing("RUN x", "root"));
    assert_false(missing("RUN x", ""));
    assert_false(missing("RUN x", "1234"));
    assert_false(missing("RUN x", "nobody"));                 /* every distribution has it */
    assert_false(missing("RUN apt-get install -y x", "app")); /* packages bring users */
    assert_false(missing("RUN echo y >> /etc/passwd", "app"));
    struct unit *u = units_new(&arena, options, "FROM nosuch.example/x\nCMD y\n");
    assert_false(account_is_missing(u, units_last_stage(u), NULL, STR("app")));
    u = units_new(&arena, options, "FROM scratch\nCMD y\n");
    assert_true(account_is_missing(u, units_last_stage(u), NULL, STR("nobody")));
    u = units_new(&arena, options, "FROM gcr.io/distroless/static-debian12\nCMD y\n");
    assert_true(account_is_missing(u, units_last_stage(u), NULL, STR("daemon")));
    assert_false(account_is_missing(u, units_last_stage(u), NULL, STR("nonroot")));
}

/* ---- who a USER line means ------------------------------------------------------------------ */

static const char *const kinds[] = {"root", "number", "name", "unknown"};

static void means(const char *user, const char *want)
{
    struct accounts all =
        accounts("RUN useradd -u 5 -g 7 app && useradd -r sys && useradd -o -u 0 toor");
    struct whom w = account_resolve(&all, str_of(user), true);
    struct buf b = buf_in(&arena);
    buf_addz(&b, kinds[w.who]);
    if (w.uid_known)
        buf_addf(&b, " %u", w.uid);
    if (w.has_group)
        buf_addf(&b, w.gid_known ? " group %u" : " group ?", w.gid);
    if (w.account)
        buf_addf(&b, " (%.*s)", STR_ARG(w.account->name));
    EQ_STR(buf_str(&b), str_of(want), user);
}

static void test_resolve(void **state)
{
    (void)state;
    means("", "root 0");
    means("root", "root 0");
    means("0", "root 0 (toor)");
    means("00:5", "root 0 group 5 (toor)");
    means("+0", "root 0 (toor)");
    means(":5", "root 0 group 5");
    means("toor", "root 0 (toor)");
    means("1234", "number 1234");
    means("1234:", "number 1234");
    means("5:www-data", "number 5 group 33 (app)");
    means("+5", "number 5 (app)");
    means("app", "name 5 (app)");
    means("app:root", "name 5 group 0 (app)");
    means("app:nosuch", "name 5 group ? (app)");
    means("sys", "name (sys)");
    means("nosuch", "name");
    means("App", "name");
    means("2147483647", "number 2147483647");
    means("2147483648", "name"); /* docker takes it for a name, which fails */
    means("1000 # c", "name");
    means("-1", "name");
    struct accounts all = accounts("");
    assert_int_equal(account_resolve(&all, STR("root"), false).who, WHO_UNKNOWN);
}

static void test_identity(void **state)
{
    (void)state;
    struct accounts all = accounts("RUN useradd -u 5 -g 7 -d /srv/app app");
    struct whom w = account_resolve(&all, STR("app"), true);
    struct identity id = account_identity(&w);
    EQ(id.name, "app");
    EQ(id.home, "/srv/app");
    assert_true(id.uid == 5 && id.gid == 7 && id.gid_known);
    w = account_resolve(&all, STR("app:9"), true);
    id = account_identity(&w);
    assert_true(id.gid == 9 && id.gid_known);
    w = account_resolve(&all, STR("4711"), true);
    id = account_identity(&w);
    assert_true(id.uid == 4711 && !id.gid_known && !id.name.n);
}

static void test_texts(void **state)
{
    (void)state;
    static const struct {
        const char *user;
        bool numeric, root;
    } rows[] = {
        {"1", true, false},           {"1:0", true, false},
        {"65534:root", true, false},  {"2147483647", true, false},
        {"2147483648", false, false}, {"0", false, true},
        {"0:1", false, true},         {"", false, true},
        {"root", false, true},        {"root:x", false, true},
        {"app", false, false},        {"rooty", false, false},
        {"1a", false, false},         {"1 # c", false, false},
        {"-1", false, false},         {"000", false, false},
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        if (account_is_numeric_nonroot(str_of(rows[i].user)) != rows[i].numeric)
            fail_msg("account_is_numeric_nonroot(\"%s\")", rows[i].user);
        if (account_is_root(str_of(rows[i].user)) != rows[i].root)
            fail_msg("account_is_root(\"%s\")", rows[i].user);
    }
}

static void test_many_accounts(void **state)
{
    (void)state;
    struct buf b = buf_in(&arena);
    buf_addz(&b, "RUN true");
    for (int i = 0; i < 1000; i++)
        buf_addf(&b, " && useradd -u %d u%d", i + 1, i);
    struct accounts all = accounts(buf_str(&b).p);
    assert_true(all.opaque && all.v.n < 1000); /* capped, and said so */
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_numbers_that_are_written),
        cmocka_unit_test(test_numbers_that_are_predicted),
        cmocka_unit_test(test_gaps),
        cmocka_unit_test(test_system_accounts),
        cmocka_unit_test(test_usermod_of_an_unseen_account),
        cmocka_unit_test(test_what_is_not_certain),
        cmocka_unit_test(test_variables),
        cmocka_unit_test(test_opaque),
        cmocka_unit_test(test_parents),
        cmocka_unit_test(test_missing),
        cmocka_unit_test(test_resolve),
        cmocka_unit_test(test_identity),
        cmocka_unit_test(test_texts),
        cmocka_unit_test(test_many_accounts),
    };
    return cmocka_run_group_tests(tests, setup, teardown);
}
