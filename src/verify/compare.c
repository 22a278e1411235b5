/* Each question is asked where it makes sense only: of two that run, of ports that both were seen
 * to listen on, of answers that do not change by themselves. */
#include "verify/compare.h"

#include <inttypes.h>

#include "kubernetes/kubelet.h"

enum { RANDOM_FIRST = 32768 }; /* where Linux takes the ports from that nobody asks for */

static void differs(struct differences *d, const char *what, struct str text)
{
    *vec_push(d->arena, &d->list) = (struct difference){.what = what, .text = text};
}

/* ---- how it ends ---------------------------------------------------------------------------- */

struct str compare_end(struct arena *a, const struct trial *t)
{
    switch (t->end) {
    case TRIAL_RUNNING:
        return STR("running");
    case TRIAL_EXITED:
        return str_fmt(a, "exit code %d%s", t->state.exit_code,
                       t->state.out_of_memory ? " (out of memory)" : "");
    case TRIAL_NOT_STARTED:
        return STR("does not start");
    default:
        return STR("not known");
    }
}

static void compare_ends(struct differences *d, const struct trial *was, const struct trial *now)
{
    bool same = was->end == now->end &&
                (was->end != TRIAL_EXITED || was->state.exit_code == now->state.exit_code);
    if (same && now->end != TRIAL_UNKNOWN)
        return;
    struct str text =
        str_fmt(d->arena, "%.*s before, %.*s now", STR_ARG(compare_end(d->arena, was)),
                STR_ARG(compare_end(d->arena, now)));
    if (now->error.n)
        text = str_fmt(d->arena, "%.*s: %.*s", STR_ARG(text), STR_ARG(now->error));
    differs(d, "end", text);
}

static void compare_health(struct differences *d, const struct trial *was, const struct trial *now)
{
    enum container_health old = was->state.health, new = now->state.health;
    if (was->end != TRIAL_RUNNING || now->end != TRIAL_RUNNING || old == new)
        return;
    differs(d, "health",
            str_fmt(d->arena, "the health check says '%s', before '%s'", image_health_name(new),
                    image_health_name(old)));
}

/* ---- ports ---------------------------------------------------------------------------------- */

unsigned compare_moved(const struct compare_plan *plan, unsigned port)
{
    for (size_t i = 0; i < plan->move_count; i++)
        if (plan->moves[i].from == port)
            return plan->moves[i].to;
    return port;
}

bool compare_is_random(const struct image *image, const struct probe_port *port)
{
    for (size_t i = 0; image && i < image->exposed_count; i++)
        if (image->exposed[i] == port->number)
            return false;
    return port->number >= RANDOM_FIRST;
}

static const struct probe_port *find_port(const struct trial *t, unsigned number, bool udp)
{
    VEC_EACH (p, &t->probe.ports)
        if (p->number == number && p->udp == udp)
            return p;
    return NULL;
}

static bool is_steady(const struct probe_port *p)
{
    return p->asked && p->status[0] == p->status[1];
}

static bool has_steady_body(const struct probe_port *p)
{
    return is_steady(p) && p->size[0] == p->size[1] && str_eq(p->sum[0], p->sum[1]);
}

static void compare_http(struct differences *d, const struct compare_plan *plan,
                         const struct probe_port *was, const struct probe_port *now)
{
    if (!is_steady(was) || !now->asked)
        return;
    if (was->status[0] != now->status[0]) {
        differs(d, "HTTP",
                now->status[0]
                    ? str_fmt(d->arena, "port %u answers with status %u, before %u", now->number,
                              now->status[0], was->status[0])
                    : str_fmt(d->arena, "port %u does not answer over HTTP any more, before %u",
                              now->number, was->status[0]));
        return;
    }
    if (plan->bodies_vary || !has_steady_body(was) || !has_steady_body(now) ||
        str_eq(was->sum[0], now->sum[0]))
        return;
    differs(d, "HTTP",
            str_fmt(d->arena,
                    "port %u answers with another body (%" PRIu64 " bytes, before %" PRIu64 ")",
                    now->number, now->size[0], was->size[0]));
    d->list.v[d->list.n - 1].body = true;
}

static void compare_port(struct differences *d, const struct compare_plan *plan,
                         const struct probe_port *was, const struct trial *now)
{
    unsigned number = was->udp ? was->number : compare_moved(plan, was->number);
    const struct probe_port *found = find_port(now, number, was->udp);
    const char *protocol = was->udp ? "UDP port" : "port";
    if (!found && compare_is_random(NULL, was))
        return;
    if (!found)
        differs(d, "ports",
                str_fmt(d->arena, "nothing listens on %s %u any more", protocol, number));
    else if (found->loopback && !was->loopback)
        differs(d, "ports",
                str_fmt(d->arena, "%s %u can only be reached from inside", protocol, number));
    else if (!was->udp)
        compare_http(d, plan, was, found);
}

static bool is_expected(const struct compare_plan *plan, const struct trial *was,
                        const struct probe_port *port)
{
    VEC_EACH (p, &was->probe.ports)
        if (p->udp == port->udp &&
            (p->udp ? p->number : compare_moved(plan, p->number)) == port->number)
            return true;
    return false;
}

static void compare_ports(struct differences *d, const struct compare_plan *plan,
                          const struct trial *was, const struct trial *now)
{
    if (was->end != TRIAL_RUNNING || now->end != TRIAL_RUNNING || !was->probe.whole)
        return;
    if (!now->probe.whole) { /* what was not seen is not equal */
        differs(d, "ports", STR("what runs and listens in it could not be seen"));
        return;
    }
    VEC_EACH (p, &was->probe.ports)
        compare_port(d, plan, p, now);
    VEC_EACH (p, &now->probe.ports)
        if (!is_expected(plan, was, p) && !compare_is_random(NULL, p))
            differs(d, "ports",
                    str_fmt(d->arena, "it listens on %s %u, which it did not before",
                            p->udp ? "UDP port" : "port", p->number));
}

/* ---- the log -------------------------------------------------------------------------------- */

static void compare_log(struct differences *d, const struct trial *was, const struct trial *now)
{
    for (size_t i = 0; i < now->smells.n; i++)
        if (!now->smells.v[i].mild && !smell_has(&was->smells, &now->smells.v[i]))
            differs(d, "log", str_fmt(d->arena, "it says: %.*s", STR_ARG(now->smells.v[i].line)));
}

void compare_trials(struct differences *d, const struct compare_plan *plan, const struct trial *was,
                    const struct trial *now)
{
    compare_ends(d, was, now);
    compare_health(d, was, now);
    compare_ports(d, plan, was, now);
    if (!plan->soft_log)
        compare_log(d, was, now);
}

/* ---- non-root ------------------------------------------------------------------------------- */

static bool is_root(const struct probe_process *p)
{
    for (int i = 0; i < PROBE_IDS; i++)
        if (p->uid[i] == 0)
            return true;
    return false;
}

void compare_root(struct differences *d, const struct image *image, const struct trial *t)
{
    const struct kubelet_context context = {.run_as_non_root = true};
    struct kubelet_answer k = kubelet_ask(d->arena, &context, &image->user);
    if (image->known && k.verdict != KUBELET_STARTS)
        differs(d, "user", str_fmt(d->arena, "the kubelet refuses it: %.*s", STR_ARG(k.message)));
    VEC_EACH (p, &t->probe.processes)
        if (is_root(p))
            differs(d, "user",
                    str_fmt(d->arena, "process %" PRIu64 " (%.*s) runs as root", p->pid,
                            STR_ARG(p->name)));
    if (!t->probe.processes.n && t->probe.self_known && is_root(&t->probe.self))
        differs(d, "user", STR("the engine starts it as root"));
}

/* ---- images --------------------------------------------------------------------------------- */

static bool has_setid(const struct probe *still, const struct probe_setid *one)
{
    VEC_EACH (s, &still->setid)
        if (str_eq(s->path, one->path) && s->mode == one->mode)
            return true;
    return false;
}

void compare_images(struct differences *d, const struct side *was, const struct side *now)
{
    if (!was->still.whole || !now->still.whole)
        return;
    VEC_EACH (s, &now->still.setid)
        if (!has_setid(&was->still, s))
            differs(d, "setuid",
                    str_fmt(d->arena, "%.*s has mode %04o, which it had not before",
                            STR_ARG(s->path), s->mode));
}
