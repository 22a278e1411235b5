#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/buf.h"
#include "verify/compare.h"

/* A running container whose process 1 has this number, and what it listens on. */
static struct trial running(struct arena *a, unsigned uid, const char *listens)
{
    struct trial t = {.done = true, .end = TRIAL_RUNNING};
    struct str text = str_fmt(a,
                              "unroot-probe 1\nprocess 1 uid %u %u %u %u gid 5 5 5 5 groups caps 0 "
                              "bounding 0 nnp 0 name app\n%sdone\n",
                              uid, uid, uid, uid, listens);
    t.probe = probe_read(a, text);
    t.state.running = true;
    return t;
}

/* The sentences, one a line. */
static const char *sentences(struct arena *a, const struct differences *d)
{
    struct buf b = buf_in(a);
    VEC_EACH (one, &d->list)
        buf_addf(&b, "%s: %.*s\n", one->what, STR_ARG(one->text));
    return buf_str(&b).p;
}

static const char *compared(struct arena *a, const struct compare_plan *plan,
                            const struct trial *was, const struct trial *now)
{
    struct differences d = {.arena = a};
    compare_trials(&d, plan, was, now);
    return sentences(a, &d);
}

#define WEB(port, status, size, sum)                                                               \
    "listen tcp " port " any\nhttp " port " " status " " size " " sum " " status " " size " " sum  \
    "\n"

static void nothing_differs(void **state)
{
    (void)state;
    struct arena a = {0};
    struct compare_plan plan = {0};
    struct trial was = running(&a, 0, WEB("80", "200", "5", "aa"));
    struct trial now = running(&a, 7, WEB("80", "200", "5", "aa"));
    assert_string_equal(compared(&a, &plan, &was, &now), "");
    arena_release(&a);
}

static void ports_move_as_announced(void **state)
{
    (void)state;
    struct arena a = {0};
    const struct port_move moves[] = {{80, 8080}};
    struct compare_plan plan = {.moves = moves, .move_count = 1};
    struct trial was = running(&a, 0, WEB("80", "200", "5", "aa") "listen udp 80 any\n");
    struct trial now = running(&a, 7, WEB("8080", "200", "5", "aa") "listen udp 80 any\n");
    assert_string_equal(compared(&a, &plan, &was, &now), "");
    now = running(&a, 7, WEB("80", "200", "5", "aa") "listen udp 80 any\n");
    assert_string_equal(compared(&a, &plan, &was, &now),
                        "ports: nothing listens on port 8080 any more\n"
                        "ports: it listens on port 80, which it did not before\n");
    arena_release(&a);
}

static void ports_by_chance_say_nothing(void **state)
{
    (void)state;
    struct arena a = {0};
    struct compare_plan plan = {0};
    struct trial was = running(&a, 0, "listen tcp 80 any\nlisten tcp 40001 any\n");
    struct trial now = running(&a, 7, "listen tcp 80 any\nlisten udp 50002 any\n");
    assert_string_equal(compared(&a, &plan, &was, &now), "");
    struct image image = {.exposed = {40001}, .exposed_count = 1};
    assert_false(compare_is_random(&image, &was.probe.ports.v[1]));
    assert_true(compare_is_random(NULL, &was.probe.ports.v[1]));
    arena_release(&a);
}

static void loopback_is_not_the_same(void **state)
{
    (void)state;
    struct arena a = {0};
    struct compare_plan plan = {0};
    struct trial was = running(&a, 0, "listen tcp 80 any\n");
    struct trial now = running(&a, 7, "listen tcp 80 loopback\n");
    assert_string_equal(compared(&a, &plan, &was, &now),
                        "ports: port 80 can only be reached from inside\n");
    assert_string_equal(compared(&a, &plan, &now, &was), "");
    arena_release(&a);
}

static void answers(void **state)
{
    (void)state;
    struct arena a = {0};
    struct compare_plan plan = {0}, vary = {.bodies_vary = true};
    struct trial was = running(&a, 0, WEB("80", "200", "5", "aa"));
    struct trial other = running(&a, 7, WEB("80", "200", "6", "bb"));
    struct trial broken = running(&a, 7, WEB("80", "500", "5", "aa"));
    struct trial mute = running(&a, 7, WEB("80", "0", "0", "aa"));
    struct trial restless = running(&a, 0, "listen tcp 80 any\nhttp 80 200 5 aa 200 5 bb\n");
    assert_string_equal(compared(&a, &plan, &was, &other),
                        "HTTP: port 80 answers with another body (6 bytes, before 5)\n");
    assert_string_equal(compared(&a, &vary, &was, &other), "");
    assert_string_equal(compared(&a, &plan, &restless, &other), "");
    assert_string_equal(compared(&a, &plan, &was, &restless), "");
    assert_string_equal(compared(&a, &vary, &was, &broken),
                        "HTTP: port 80 answers with status 500, before 200\n");
    assert_string_equal(compared(&a, &plan, &was, &mute),
                        "HTTP: port 80 does not answer over HTTP any more, before 200\n");
    arena_release(&a);
}

static void how_it_ends(void **state)
{
    (void)state;
    struct arena a = {0};
    struct compare_plan plan = {0};
    struct trial up = running(&a, 0, "");
    struct trial gone = {.end = TRIAL_EXITED, .state = {.exit_code = 3}};
    struct trial good = {.end = TRIAL_EXITED};
    struct trial never = {.end = TRIAL_NOT_STARTED, .error = STR("no such file")};
    struct trial unknown = {.end = TRIAL_UNKNOWN};
    assert_string_equal(compared(&a, &plan, &up, &gone), "end: running before, exit code 3 now\n");
    assert_string_equal(compared(&a, &plan, &gone, &gone), "");
    assert_string_equal(compared(&a, &plan, &good, &gone),
                        "end: exit code 0 before, exit code 3 now\n");
    assert_string_equal(compared(&a, &plan, &good, &never),
                        "end: exit code 0 before, does not start now: no such file\n");
    /* what is not known is not equal */
    assert_string_equal(compared(&a, &plan, &unknown, &unknown),
                        "end: not known before, not known now\n");
    arena_release(&a);
}

static void health(void **state)
{
    (void)state;
    struct arena a = {0};
    struct compare_plan plan = {0};
    struct trial was = running(&a, 0, ""), now = running(&a, 7, "");
    was.state.health = HEALTH_HEALTHY;
    now.state.health = HEALTH_UNHEALTHY;
    assert_string_equal(compared(&a, &plan, &was, &now),
                        "health: the health check says 'unhealthy', before 'healthy'\n");
    arena_release(&a);
}

static void new_lines_of_the_log(void **state)
{
    (void)state;
    struct arena a = {0};
    struct compare_plan plan = {0}, soft = {.soft_log = true};
    struct trial was = running(&a, 0, ""), now = running(&a, 7, "");
    smell_find(&a, STR("12:00 EPERM 1\n"), &was.smells);
    smell_find(&a, STR("13:30 EPERM 27\ninfo: EROFS\nEACCES here\n"), &now.smells);
    assert_string_equal(compared(&a, &plan, &was, &now), "log: it says: EACCES here\n");
    assert_string_equal(compared(&a, &soft, &was, &now), "");
    arena_release(&a);
}

/* What could not be seen is not taken for equal. */
static void without_the_probe(void **state)
{
    (void)state;
    struct arena a = {0};
    struct compare_plan plan = {0};
    struct trial was = running(&a, 0, "listen tcp 80 any\n");
    struct trial now = {.end = TRIAL_RUNNING, .probe = {.problem = "no"}};
    assert_string_equal(compared(&a, &plan, &was, &now),
                        "ports: what runs and listens in it could not be seen\n");
    arena_release(&a);
}

static void root_in_disguise(void **state)
{
    (void)state;
    struct arena a = {0};
    struct differences d = {.arena = &a};
    struct image image = {.known = true, .user = STR("1000:1000")};
    struct trial good = running(&a, 1000, ""), bad = running(&a, 0, "");
    compare_root(&d, &image, &good);
    assert_int_equal(d.list.n, 0);
    compare_root(&d, &image, &bad);
    assert_string_equal(sentences(&a, &d), "user: process 1 (app) runs as root\n");
    d.list.n = 0;
    image.user = STR("node");
    compare_root(&d, &image, &good);
    assert_string_equal(sentences(&a, &d),
                        "user: the kubelet refuses it: container has runAsNonRoot and image has "
                        "non-numeric user (node), cannot verify user is non-root\n");
    d.list.n = 0;
    good.probe.processes.v[0].uid[2] = 0; /* it could come back */
    image.user = STR("1000");
    compare_root(&d, &image, &good);
    assert_int_equal(d.list.n, 1);
    arena_release(&a);
}

static void new_setuid_files(void **state)
{
    (void)state;
    struct arena a = {0};
    struct differences d = {.arena = &a};
    struct side was = {.still = probe_read(&a, STR("unroot-probe 1\nsetid 4755 0 0 /bin/su\n"
                                                   "setid 2755 0 0 /bin/x\ndone\n"))};
    struct side now = {.still = probe_read(&a, STR("unroot-probe 1\nsetid 4755 0 0 /bin/su\n"
                                                   "setid 4755 0 0 /bin/y\ndone\n"))};
    compare_images(&d, &was, &now);
    assert_string_equal(sentences(&a, &d),
                        "setuid: /bin/y has mode 4755, which it had not before\n");
    arena_release(&a);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(nothing_differs),
        cmocka_unit_test(ports_move_as_announced),
        cmocka_unit_test(ports_by_chance_say_nothing),
        cmocka_unit_test(loopback_is_not_the_same),
        cmocka_unit_test(answers),
        cmocka_unit_test(how_it_ends),
        cmocka_unit_test(health),
        cmocka_unit_test(new_lines_of_the_log),
        cmocka_unit_test(without_the_probe),
        cmocka_unit_test(root_in_disguise),
        cmocka_unit_test(new_setuid_files),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
