/*
 * Ports that an image moved. In its service they are followed by the container's side of `ports:`,
 * by `expose:`, the health check and what Traefik reads; elsewhere by texts that name the service
 * and the port. What clients outside see, the host's side, stays. All or nothing: a place that
 * can't be changed is said, and then none is.
 */
#include <stdio.h>

#include "base/buf.h"
#include "base/utf8.h"
#include "kubernetes/compose.h"

static const char rule[] = "compose-ports";

struct edit {
    struct yplace *at;
    struct yvalue *value;
};

struct move {
    struct compose_service *s;
    unsigned from, to;
    VEC(struct edit) edits;
    const struct yplace *stuck;
    const char *why;
    size_t nodes; /* left to look at */
};

enum { NODES_MAX = 20000 };

static void stick(struct move *m, const struct yplace *at, const char *why)
{
    if (m->why)
        return;
    m->stuck = at;
    m->why = why;
}

static void set(struct move *m, struct yplace *at, struct yvalue *value)
{
    if (!harden_is_settable(at) || at->shared)
        stick(m, at, "it is shared with others, or written over several lines");
    else
        *vec_push(m->s->compose->arena, &m->edits) = (struct edit){at, value};
}

static void set_text(struct move *m, struct yplace *at, struct str text)
{
    set(m, at, yvalue_text(m->s->compose->arena, text));
}

/* ---- texts ---------------------------------------------------------------------------------- */

static bool is_host_char(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' ||
           c == '_' || c == '.';
}

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

/* What stands behind the host at `end`: the number of bytes that the port takes up with its colon,
 * 0 when it is left out and this one is meant, -1 when it is another one. */
static int port_length(struct str text, size_t end, unsigned from, bool url, bool secure)
{
    char digits[8];
    int n = snprintf(digits, sizeof digits, ":%u", from);
    if (str_starts(str_from(text, end), str_make(digits, (size_t)n)))
        return end + (size_t)n < text.n && is_digit(text.p[end + (size_t)n]) ? -1 : n;
    bool ends = end == text.n || memchr("/?# \"'\t\n,;)", text.p[end], 11);
    return url && ends && from == (secure ? 443u : 80u) ? 0 : -1;
}

struct str compose_move_text(struct arena *a, struct str text, struct str host, unsigned from,
                             unsigned to)
{
    struct buf b = buf_in(a);
    size_t done = 0;
    for (size_t i = 0; host.n && i + host.n <= text.n; i++) {
        size_t end = i + host.n;
        if (text.p[i] != host.p[0] || memcmp(text.p + i, host.p, host.n) != 0 ||
            (i && is_host_char(text.p[i - 1])) || (end < text.n && is_host_char(text.p[end])))
            continue;
        struct str before = str_sub(text, 0, i);
        bool url = str_ends(before, STR("://")) || str_ends(before, STR("@"));
        bool secure = str_ends(before, STR("https://"));
        int n = port_length(text, end, from, url, secure);
        if (n < 0)
            continue;
        buf_add(&b, str_sub(text, done, end));
        buf_addf(&b, ":%u", to);
        done = end + (size_t)n;
        i = done - 1;
    }
    if (!done)
        return STR_NULL;
    buf_add(&b, str_from(text, done));
    return buf_str(&b);
}

/* ---- in the service ------------------------------------------------------------------------- */

/* "[[ip:]host:]container[/protocol]" */
static void short_port(struct move *m, struct yplace *p, struct str text)
{
    struct arena *a = m->s->compose->arena;
    ptrdiff_t slash = str_chr(text, '/');
    struct str number = slash < 0 ? text : str_sub(text, 0, (size_t)slash);
    struct str protocol = slash < 0 ? STR("") : str_from(text, (size_t)slash);
    ptrdiff_t colon = str_rchr(number, ':');
    struct str front = str_sub(number, 0, (size_t)(colon + 1));
    uint64_t low, high;
    number = str_from(number, (size_t)(colon + 1));
    ptrdiff_t dash = str_chr(number, '-');
    if (str_is(protocol, "/udp") || str_is(protocol, "/sctp"))
        return;
    if (dash > 0) {
        if (!str_to_u64(str_sub(number, 0, (size_t)dash), 65535, &low) ||
            !str_to_u64(str_from(number, (size_t)dash + 1), 65535, &high) ||
            (low <= m->from && m->from <= high))
            stick(m, p, "it is a range of ports");
        return;
    }
    if (!str_to_u64(number, 65535, &low)) {
        stick(m, p, "the container's port is not a number");
        return;
    }
    if (low != m->from)
        return;
    struct str now = str_fmt(a, "%.*s%u%.*s", STR_ARG(front), m->to, STR_ARG(protocol));
    set(m, p,
        front.n || protocol.n || p->written->style != YTREE_PLAIN ? yvalue_text(a, now)
                                                                  : yvalue_word(a, now));
}

static void long_port(struct move *m, struct yplace *p)
{
    struct yplace *target = yplace_get(p, "target");
    struct str text = STR(""), protocol = STR("tcp");
    uint64_t n;
    compose_text(yplace_get(p, "protocol"), &protocol);
    compose_text(target, &text);
    if (!str_is(protocol, "tcp") || !target)
        return;
    if (!str_to_u64(text, 65535, &n))
        stick(m, target, "the container's port is not a number");
    else if (n == m->from)
        set(m, target,
            target->written->style == YTREE_PLAIN
                ? yvalue_number(m->s->compose->arena, m->to)
                : yvalue_text(m->s->compose->arena, str_fmt(m->s->compose->arena, "%u", m->to)));
}

static void in_list(struct move *m, struct yplace *list)
{
    struct yplace_walk w = yplace_walk(list);
    struct str text;
    if (list && !yplace_is_list(list))
        stick(m, list, "it is no list");
    for (struct yplace *p; (p = yplace_next(&w));)
        if (yplace_is_map(p))
            long_port(m, p);
        else if (p->node->kind == YTREE_SCALAR && ytree_text(p->node, &text))
            short_port(m, p, text);
}

static void in_text(struct move *m, struct yplace *p, const char *const *hosts)
{
    struct arena *a = m->s->compose->arena;
    struct str text, now, last = STR_NULL;
    if (!p || !ytree_text(p->node, &text))
        return;
    for (; *hosts; hosts++) {
        now = compose_move_text(a, text, str_of(*hosts), m->from, m->to);
        if (now.p)
            text = last = now;
    }
    if (last.p)
        set_text(m, p, last);
}

static void in_health(struct move *m)
{
    static const char *const hosts[] = {"localhost", "127.0.0.1", "0.0.0.0", "[::1]", NULL};
    struct yplace *test = yplace_get(yplace_get(m->s->place, "healthcheck"), "test");
    struct yplace_walk w = yplace_walk(test);
    if (test && test->node->kind == YTREE_SCALAR)
        in_text(m, test, hosts);
    for (struct yplace *p; (p = yplace_next(&w));)
        if (p->node->kind == YTREE_SCALAR)
            in_text(m, p, hosts);
}

/* traefik.http.services.NAME.loadbalancer.server.port */
static void in_labels(struct move *m)
{
    static const char end[] = "loadbalancer.server.port";
    struct arena *a = m->s->compose->arena;
    struct yplace *labels = yplace_get(m->s->place, "labels");
    struct str old = str_fmt(a, "%u", m->from), text;
    struct yplace_walk w = yplace_walk(labels);
    if (yplace_is_map(labels)) {
        ytree_pairs all = ytree_all(a, labels->node);
        VEC_EACH (pair, &all)
            if (str_ends(pair->key->text, str_of(end)) && ytree_text(pair->value, &text) &&
                str_eq(text, old))
                set_text(m, yplace_get(labels, str_z(a, pair->key->text)), str_fmt(a, "%u", m->to));
        return;
    }
    struct str whole = str_fmt(a, "%s=%u", end, m->from);
    for (struct yplace *p; (p = yplace_next(&w));)
        if (p->node->kind == YTREE_SCALAR && ytree_text(p->node, &text) && str_ends(text, whole))
            set_text(m, p, str_fmt(a, "%.*s%u", STR_ARG(str_sub(text, 0, text.n - old.n)), m->to));
}

/* ---- in others ------------------------------------------------------------------------------ */

static const char *const *names_of(struct move *m)
{
    struct arena *a = m->s->compose->arena;
    const char **list = arena_alloc(a, 4 * sizeof *list);
    size_t n = 0;
    struct str text;
    list[n++] = str_z(a, m->s->name);
    if (compose_text(yplace_get(m->s->place, "container_name"), &text) && text.n &&
        !str_eq(text, m->s->name))
        list[n++] = str_z(a, text);
    if (compose_text(yplace_get(m->s->place, "hostname"), &text) && text.n &&
        !str_eq(text, m->s->name))
        list[n++] = str_z(a, text);
    return list;
}

/* Every text of the value. Sharing is looked at where something is to be changed. */
static void in_all(struct move *m, struct yplace *p, const char *const *names)
{
    struct yplace_walk w = yplace_walk(p);
    if (!p || !m->nodes)
        return;
    m->nodes--;
    if (p->node->kind == YTREE_SCALAR)
        in_text(m, p, names);
    for (struct yplace *e; yplace_is_list(p) && (e = yplace_next(&w));)
        in_all(m, e, names);
    if (!yplace_is_map(p))
        return;
    ytree_pairs all = ytree_all(m->s->compose->arena, p->node);
    VEC_EACH (pair, &all)
        in_all(m, yplace_get(p, str_z(m->s->compose->arena, pair->key->text)), names);
}

static void in_others(struct move *m)
{
    static const char *const keys[] = {"environment", "command", "entrypoint", "healthcheck",
                                       "labels"};
    struct arena *a = m->s->compose->arena;
    struct yplace *services = yplace_get(m->s->compose->root, "services");
    ytree_pairs all = ytree_all(a, services->node);
    const char *const *names = names_of(m);
    VEC_EACH (pair, &all) {
        struct yplace *other = yplace_get(services, str_z(a, pair->key->text));
        for (size_t i = 0; yplace_is_map(other) && i < sizeof keys / sizeof *keys; i++)
            if (other != m->s->place || i == 0)
                in_all(m, yplace_get(other, keys[i]), names);
    }
}

/* ---- all ------------------------------------------------------------------------------------ */

static void one_move(struct compose_service *s, const struct ur_image_move *from_to)
{
    struct arena *a = s->compose->arena;
    struct move m = {.s = s, .from = from_to->from, .to = from_to->to, .nodes = NODES_MAX};
    const char *name = utf8_safe(a, s->name, 60).p;
    struct yplace *network = yplace_get(s->place, "network_mode");
    struct str mode = STR("");
    if (compose_text(network, &mode) && str_is(mode, "host"))
        stick(&m, network, "it listens on the host's network");
    if (s->replaces)
        stick(&m, s->place, "the command that is given here may listen elsewhere");
    in_list(&m, yplace_get(s->place, "ports"));
    in_list(&m, yplace_get(s->place, "expose"));
    in_health(&m);
    in_labels(&m);
    in_others(&m);
    if (!m.nodes)
        stick(&m, s->place, "the file is too large to look for those who send to it");
    if (m.why) {
        compose_cannot(s->compose, rule, m.stuck, "port-taken",
                       str_fmt(a, "service '%s': port %u becomes %u in %s, but not here: %s", name,
                               m.from, m.to, s->image.source ? s->image.source : "its image",
                               m.why));
        return;
    }
    struct str message = str_fmt(a, "service '%s': port %u becomes %u, as in %s", name, m.from,
                                 m.to, s->image.source ? s->image.source : "its image");
    if (!m.edits.n ||
        !compose_may(s, rule, s->place, s->image.assumption, "unknown-image", message))
        return;
    VEC_EACH (e, &m.edits)
        if (e->at->change == YPLACE_KEPT)
            yplace_set(e->at, e->value);
}

void compose_ports(struct compose_service *s)
{
    if (s->compose->options->keep_ports)
        return;
    for (size_t i = 0; i < s->image.move_count; i++)
        one_move(s, &s->image.moves[i]);
}
