/*
 * Ports that an image moved. In its pods they are followed by containerPort, probes and hooks, and
 * the annotation that Prometheus reads; outside by Services, by their targetPort, and by network
 * policies. What clients see, a Service's port, stays, and so does what names that: Ingresses.
 */
#include "kubernetes/harden.h"

static const char rule[] = "pod-ports";

static struct yplace *is_number(struct yplace *p, unsigned port)
{
    int64_t n;
    return p && yplace_int(p, &n) && n == port && harden_is_settable(p) ? p : NULL;
}

/* 1 when there is one to be set; `write`: it is. */
static size_t set_number(struct harden *h, struct yplace *p, unsigned port, bool write)
{
    if (!p || p->change != YPLACE_KEPT)
        return 0;
    if (write)
        yplace_set(p, yvalue_number(h->arena, port));
    return 1;
}

static struct harden_note *say(struct harden *h, const struct yplace *at,
                               const struct ur_image_move *m, const char *what)
{
    return harden_note(h, rule, UR_WARNING, at,
                       str_fmt(h->arena, "%s: port %u becomes %u", what, m->from, m->to));
}

/* ---- in the pod ----------------------------------------------------------------------------- */

enum { PORTS = 65536 };

/* Which numbers the containers of the pod give as ports of theirs. */
static const unsigned char *declared(struct harden *h)
{
    unsigned char *all = arena_alloc(h->arena, PORTS / 8);
    VEC_EACH (c, &h->containers) {
        struct yplace_walk w = yplace_walk(yplace_get(c->in->place, "ports"));
        int64_t n;
        for (struct yplace *p; (p = yplace_next(&w));)
            if (yplace_int(yplace_get(p, "containerPort"), &n) && n >= 0 && n < PORTS)
                all[n / 8] |= (unsigned char)(1u << n % 8);
    }
    return all;
}

static bool declares(struct yplace *container, unsigned port)
{
    struct yplace_walk w = yplace_walk(yplace_get(container, "ports"));
    for (struct yplace *p; (p = yplace_next(&w));)
        if (is_number(yplace_get(p, "containerPort"), port))
            return true;
    return false;
}

static size_t move_handler(struct harden *h, struct yplace *p, const struct ur_image_move *m,
                           bool write)
{
    static const char *const actions[] = {"httpGet", "tcpSocket", "grpc"};
    size_t n = 0;
    for (size_t i = 0; p && i < sizeof actions / sizeof *actions; i++) {
        struct yplace *port = yplace_get(yplace_get(p, actions[i]), "port");
        n += set_number(h, is_number(port, m->from), m->to, write);
    }
    return n;
}

static size_t move_annotation(struct harden *h, const struct ur_image_move *m, bool write)
{
    struct yplace *p = yplace_get(yplace_get(h->pod->meta, "annotations"), "prometheus.io/port");
    struct str value, from = str_fmt(h->arena, "%u", m->from);
    if (!yplace_string(p, &value) || !str_eq(value, from) || !harden_is_settable(p) ||
        p->change != YPLACE_KEPT)
        return 0;
    if (write)
        yplace_set(p, yvalue_text(h->arena, str_fmt(h->arena, "%u", m->to)));
    return 1;
}

/* How many places of the pod name the port for this container; `write`: they follow. */
static size_t move_in_pod(struct harden *h, struct yplace *p, const struct ur_image_move *m,
                          bool write)
{
    struct yplace_walk w = yplace_walk(yplace_get(p, "ports"));
    struct yplace *life = yplace_get(p, "lifecycle");
    size_t n = 0;
    for (struct yplace *port; (port = yplace_next(&w));)
        n += set_number(h, is_number(yplace_get(port, "containerPort"), m->from), m->to, write);
    n += move_handler(h, yplace_get(p, "livenessProbe"), m, write);
    n += move_handler(h, yplace_get(p, "readinessProbe"), m, write);
    n += move_handler(h, yplace_get(p, "startupProbe"), m, write);
    n += move_handler(h, yplace_get(life, "postStart"), m, write);
    n += move_handler(h, yplace_get(life, "preStop"), m, write);
    return n + move_annotation(h, m, write);
}

static void remember(struct harden *h, const struct ur_image_move *m)
{
    struct yplace *labels = yplace_get(h->pod->meta, "labels");
    ytree_pairs pairs = ytree_all(h->arena, labels ? labels->node : NULL);
    const char **list = arena_alloc(h->arena, (2 * pairs.n + 1) * sizeof *list);
    size_t n = 0;
    VEC_EACH (pair, &pairs) {
        list[n++] = str_z(h->arena, pair->key->text);
        list[n++] =
            str_z(h->arena, pair->value->kind == YTREE_SCALAR ? pair->value->text : STR(""));
    }
    *vec_push(h->arena, &h->moved) =
        (struct ur_moved){.space = str_z(h->arena, h->object->namespace),
                          .labels = list,
                          .label_count = n / 2,
                          .from = m->from,
                          .to = m->to};
}

/* Says so where the pod itself names the port. */
static bool may_move(struct harden *h, const struct harden_container *c,
                     const struct ur_image_move *m)
{
    const char *rests = c->image.assumption;
    bool write = !rests || h->options->unsafe;
    if (!move_in_pod(h, c->in->place, m, false))
        return write;
    struct harden_note *note =
        say(h, c->in->place, m,
            str_fmt(h->arena, "as in %s", c->image.source ? c->image.source : "its image").p);
    note->assumption = rests;
    note->reason = rests ? "unknown-image" : NULL;
    note->written = write;
    return write;
}

static void move(struct harden *h, struct harden_container *c, const struct ur_image_move *m,
                 const unsigned char *taken)
{
    struct yplace *p = c->in->place;
    bool network = false;
    yplace_bool(yplace_get(h->pod->spec, "hostNetwork"), &network);
    if (!m->from || m->from == m->to || m->from >= PORTS || m->to >= PORTS)
        return;
    if (taken[m->to / 8] >> m->to % 8 & 1) {
        if (declares(p, m->from))
            harden_cannot(h, rule, p, "port-taken",
                          str_fmt(h->arena,
                                  "its image listens on port %u in place of %u, but another port "
                                  "of the pod has this number",
                                  m->to, m->from));
        return;
    }
    if (network && declares(p, m->from)) {
        harden_cannot(h, rule, p, "port-taken",
                      str_fmt(h->arena,
                              "its image listens on port %u in place of %u, but with hostNetwork "
                              "that is a port of the node",
                              m->to, m->from));
        return;
    }
    if (h->options->wanted(h->options->ctx, rule) && may_move(h, c, m)) {
        move_in_pod(h, p, m, true);
        remember(h, m);
    }
}

void harden_ports(struct harden *h)
{
    const unsigned char *taken = NULL;
    if (h->options->keep_ports)
        return;
    VEC_EACH (c, &h->containers)
        for (size_t i = 0; i < c->image.move_count; i++) {
            if (!taken)
                taken = declared(h);
            move(h, c, &c->image.moves[i], taken);
        }
}

/* ---- who sends to it ------------------------------------------------------------------------ */

static bool has_label(const struct ur_moved *m, struct str name, struct str value)
{
    for (size_t i = 0; i < m->label_count; i++)
        if (str_is(name, m->labels[2 * i]) && str_is(value, m->labels[2 * i + 1]))
            return true;
    return false;
}

/* A selector that is not empty, and whose every label the pods have. */
static bool selects(struct harden *h, struct yplace *selector, const struct ur_moved *m)
{
    ytree_pairs pairs = ytree_all(h->arena, yplace_is_map(selector) ? selector->node : NULL);
    struct str space = h->object->namespace;
    if (space.n && *m->space && !str_is(space, m->space))
        return false;
    VEC_EACH (pair, &pairs)
        if (pair->value->kind != YTREE_SCALAR || !has_label(m, pair->key->text, pair->value->text))
            return false;
    return pairs.n > 0;
}

static bool is_tcp(struct yplace *port)
{
    struct str protocol = STR("TCP");
    yplace_string(yplace_get(port, "protocol"), &protocol);
    return str_is(protocol, "TCP");
}

static void follow_port(struct harden *h, struct yplace *port, const struct ur_moved *m)
{
    struct ur_image_move move = {m->from, m->to};
    struct yplace *target = yplace_get(port, "targetPort");
    if (!yplace_is_map(port) || !is_tcp(port))
        return;
    if (target ? !is_number(target, m->from) || target->change != YPLACE_KEPT
               : !is_number(yplace_get(port, "port"), m->from))
        return;
    say(h, port, &move, "the pods that this Service selects")->written = true;
    if (target)
        set_number(h, target, m->to, true);
    else
        yplace_put(port, "targetPort", yvalue_number(h->arena, m->to));
}

static void follow_service(struct harden *h, const struct ur_moved *m)
{
    struct yplace *spec = yplace_get(h->object->place, "spec");
    struct yplace_walk w = yplace_walk(yplace_get(spec, "ports"));
    if (!selects(h, yplace_get(spec, "selector"), m))
        return;
    for (struct yplace *port; (port = yplace_next(&w));)
        follow_port(h, port, m);
}

static void follow_rule(struct harden *h, struct yplace *in, const struct ur_moved *m)
{
    struct ur_image_move move = {m->from, m->to};
    struct yplace_walk w = yplace_walk(yplace_get(in, "ports"));
    for (struct yplace *p; (p = yplace_next(&w));) {
        struct yplace *number = is_number(yplace_get(p, "port"), m->from);
        if (!number || number->change != YPLACE_KEPT || !is_tcp(p))
            continue;
        say(h, p, &move, "the pods that this policy is for")->written = true;
        set_number(h, number, m->to, true);
    }
}

static void follow_policy(struct harden *h, const struct ur_moved *m)
{
    struct yplace *spec = yplace_get(h->object->place, "spec");
    struct yplace *selector = yplace_get(spec, "podSelector");
    struct yplace_walk w = yplace_walk(yplace_get(spec, "ingress"));
    if (yplace_get(selector, "matchExpressions") ||
        !selects(h, yplace_get(selector, "matchLabels"), m))
        return;
    for (struct yplace *in; (in = yplace_next(&w));)
        follow_rule(h, in, m);
}

void harden_follow(struct harden *h, struct object *o, const struct ur_moved *moved, size_t n)
{
    bool service = str_is(o->kind, "Service") && str_is(o->api, "v1");
    bool policy = str_is(o->kind, "NetworkPolicy") && str_starts(o->api, STR("networking.k8s.io/"));
    h->object = o;
    if ((!service && !policy) || h->options->keep_ports ||
        !h->options->wanted(h->options->ctx, rule))
        return;
    for (size_t i = 0; i < n; i++)
        if (service)
            follow_service(h, &moved[i]);
        else
            follow_policy(h, &moved[i]);
}
