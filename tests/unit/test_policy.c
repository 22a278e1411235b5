#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/buf.h"
#include "verify/policy.h"

static struct mounts none(struct arena *a)
{
    return (struct mounts){.arena = a};
}

static bool has(const struct mounts *m, const char *path)
{
    VEC_EACH (one, &m->list)
        if (str_is(one->path, path))
            return true;
    return false;
}

static void paths_are_cleaned(void **state)
{
    (void)state;
    struct arena a = {0};
    assert_true(str_is(policy_clean(&a, STR("/a//b/./c/")), "/a/b/c"));
    static const char *const wrong[] = {"", "/", "a", "/a/../b", "/a:b", "/a,b", "//", "."};
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++)
        assert_int_equal(policy_clean(&a, str_of(wrong[i])).n, 0);
    arena_release(&a);
}

static void what_is_covered_is_not_added(void **state)
{
    (void)state;
    struct arena a = {0};
    struct mounts m = none(&a);
    policy_add(&m, STR("/data"), MOUNT_GIVEN);
    policy_add(&m, STR("/data/x"), MOUNT_FOUND);
    policy_add(&m, STR("/database"), MOUNT_FOUND);
    policy_add(&m, STR("/proc/x"), MOUNT_FOUND);
    policy_add(&m, STR("/"), MOUNT_FOUND);
    assert_int_equal(m.list.n, 2);
    assert_true(policy_covers(&m, STR("/data")));
    assert_true(policy_covers(&m, STR("/data/a/b")));
    assert_false(policy_covers(&m, STR("/dat")));
    for (int i = 0; i < 100; i++)
        policy_add(&m, str_fmt(&a, "/many%d", i), MOUNT_FOUND);
    assert_true(m.list.n < 60);
    arena_release(&a);
}

static struct trial changed(struct arena *a, const char *diff)
{
    struct trial t = {0};
    trial_read_changes(a, str_of(diff), &t);
    return t;
}

static void what_a_diff_tells(void **state)
{
    (void)state;
    struct arena a = {0};
    struct mounts m = none(&a);
    struct trial closed = {0};
    struct trial open = changed(&a, "C /app\nA /app/cache\nA /app/cache/a\nA /app/cache/a/b\n"
                                    "C /etc\nC /etc/hosts\nC /run\nA /run/x.pid\nD /srv/old\n"
                                    "A /dev/null2\nnonsense\n\nA relative\n");
    policy_add(&m, STR("/tmp"), MOUNT_ALWAYS);
    assert_true(policy_missing(&m, &open, &closed, true));
    assert_true(has(&m, "/app/cache"));
    assert_true(has(&m, "/run"));
    assert_true(has(&m, "/srv"));
    assert_int_equal(m.list.n, 4);
    assert_false(policy_missing(&m, &open, &closed, true));
    arena_release(&a);
}

/* '-' sorts in front of '/'. */
static void a_folder_is_told_by_what_is_in_it(void **state)
{
    (void)state;
    struct arena a = {0};
    struct trial t = changed(&a, "A /a/b\nA /a/b-c\nA /a/b/d\n");
    assert_int_equal(t.changes.n, 3);
    VEC_EACH (c, &t.changes)
        assert_int_equal(c->folder, str_is(c->path, "/a/b"));
    arena_release(&a);
}

static void what_a_log_tells(void **state)
{
    (void)state;
    struct arena a = {0};
    struct mounts m = none(&a);
    struct trial open = {0}, closed = {0};
    smell_find(&a,
               STR("OSError: [Errno 30] Read-only file system: '/var/lib/x/y.db'\n"
                   "mkdir: cannot create directory '/opt/run': Read-only file system\n"
                   "open /secret/key: permission denied\n"
                   "write failed: Read-only file system\n"),
               &closed.smells);
    assert_true(policy_missing(&m, &open, &closed, true));
    assert_int_equal(m.list.n, 2);
    assert_true(has(&m, "/var/lib/x"));
    assert_true(has(&m, "/opt/run"));
    arena_release(&a);
}

static void what_is_written_over_comes_later(void **state)
{
    (void)state;
    struct arena a = {0};
    struct mounts m = none(&a);
    struct trial closed = {0};
    struct trial open =
        changed(&a, "C /etc/app\nC /etc/app/conf\nC /srv\nA /srv/new\nA /srv/new/x\n");
    assert_true(policy_missing(&m, &open, &closed, false));
    assert_int_equal(m.list.n, 1);
    assert_true(has(&m, "/srv/new"));
    assert_false(policy_missing(&m, &open, &closed, false));
    assert_true(policy_missing(&m, &open, &closed, true));
    assert_true(has(&m, "/etc/app"));
    arena_release(&a);
}

static void siblings_are_one_place(void **state)
{
    (void)state;
    struct arena a = {0};
    struct mounts m = none(&a);
    struct trial closed = {0};
    struct trial open = changed(&a, "A /var/cache/n/a/1\nA /var/cache/n/b/1\nA /var/cache/n/c/1\n"
                                    "A /x/1\nA /y/1\nA /z/1\n");
    assert_true(policy_missing(&m, &open, &closed, true));
    assert_true(has(&m, "/var/cache/n"));
    assert_true(has(&m, "/x") && has(&m, "/y") && has(&m, "/z"));
    assert_int_equal(m.list.n, 4);
    arena_release(&a);
}

static void what_the_image_has_there(void **state)
{
    (void)state;
    struct arena a = {0};
    struct mounts m = none(&a);
    policy_add(&m, STR("/tmp"), MOUNT_ALWAYS);
    policy_add(&m, STR("/full"), MOUNT_REPORTED);
    policy_add(&m, STR("/empty"), MOUNT_REPORTED);
    policy_add(&m, STR("/app/file"), MOUNT_REPORTED);
    struct probe still = probe_read(&a, STR("unroot-probe 1\nfolder full /tmp\nfolder full /full\n"
                                            "folder empty /empty\nfolder file /app/file\ndone\n"));
    assert_true(policy_fill(&m, &still));
    assert_false(has(&m, "/app/file"));
    assert_true(has(&m, "/app"));
    still = probe_read(&a, STR("unroot-probe 1\nfolder full /tmp\nfolder full /full\n"
                               "folder empty /empty\nfolder full /app\ndone\n"));
    assert_false(policy_fill(&m, &still));
    VEC_EACH (one, &m.list)
        assert_int_equal(one->filled, str_is(one->path, "/full") || str_is(one->path, "/app"));
    arena_release(&a);
}

static void options_of_the_policy(void **state)
{
    (void)state;
    struct arena a = {0};
    struct mounts m = none(&a);
    struct args w = args_in(&a);
    struct policy p = {.user = "7:0", .low_ports_close = true};
    policy_add(&m, STR("/tmp"), MOUNT_ALWAYS);
    policy_add(&m, STR("/app"), MOUNT_REPORTED);
    m.list.v[1].filled = true;
    policy_options(&w, ENGINE_DOCKER, &p, &m);
    struct buf b = buf_in(&a);
    for (const char *const *word = args_done(&w); *word; word++)
        buf_addf(&b, " %s", *word);
    assert_string_equal(buf_str(&b).p,
                        " --read-only --cap-drop ALL --security-opt no-new-privileges --sysctl "
                        "net.ipv4.ip_unprivileged_port_start=1024 --user 7:0 --tmpfs "
                        "/tmp:rw,exec,nosuid,nodev,mode=0777,size=512m --volume /app");
    arena_release(&a);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(paths_are_cleaned),
        cmocka_unit_test(what_is_covered_is_not_added),
        cmocka_unit_test(what_a_diff_tells),
        cmocka_unit_test(a_folder_is_told_by_what_is_in_it),
        cmocka_unit_test(what_a_log_tells),
        cmocka_unit_test(what_is_written_over_comes_later),
        cmocka_unit_test(siblings_are_one_place),
        cmocka_unit_test(what_the_image_has_there),
        cmocka_unit_test(options_of_the_policy),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
