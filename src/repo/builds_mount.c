/*
 * Ports and volumes of a Compose service, in their short form (a text with colons) and their long
 * one. The short form is cut at the colons before variables are resolved, so that "${PORT}:80"
 * still tells the port of the container.
 */
#include "repo/builds_reader.h"

enum { PARTS_MAX = 4 };

struct parts {
    struct str v[PARTS_MAX];
    size_t n; /* PARTS_MAX + 1: more */
};

static void add_part(struct parts *p, struct str part)
{
    if (p->n < PARTS_MAX)
        p->v[p->n] = part;
    if (p->n <= PARTS_MAX)
        p->n++;
}

/* ---- ports ---- */

static bool read_range(struct str s, uint16_t *from, uint16_t *to)
{
    uint64_t first, last;
    ptrdiff_t dash = str_chr(s, '-');
    struct str low = dash < 0 ? s : str_sub(s, 0, (size_t)dash);
    struct str high = dash < 0 ? s : str_from(s, (size_t)dash + 1);
    if (!str_to_u64(low, 65535, &first) || !str_to_u64(high, 65535, &last) || first > last)
        return false;
    *from = (uint16_t)first;
    *to = (uint16_t)last;
    return true;
}

static struct str protocol_of(struct str s)
{
    return str_eq_nocase(s, STR("udp"))    ? STR("udp")
           : str_eq_nocase(s, STR("sctp")) ? STR("sctp")
                                           : STR("tcp");
}

static void set_container(struct build_port *port, struct build_text t)
{
    port->assumed |= t.assumed;
    if (!t.known || !read_range(t.text, &port->container, &port->container_to))
        port->container = port->container_to = 0;
}

static void set_host(struct build_port *port, struct build_text t)
{
    port->assumed |= t.assumed;
    port->host_known = t.known && (!t.text.n || read_range(t.text, &port->host, &port->host_to));
}

static void set_host_ip(struct build_port *port, struct build_text t)
{
    port->assumed |= t.assumed;
    port->host_ip = t.text;
    port->host_known &= t.known;
}

/* [[ip:]host:]container[/protocol]; an IPv6 address has colons of its own. */
static void short_port(struct arena *a, struct str raw, struct build_port *port)
{
    struct str rest = raw, part, host = STR(""), container = STR(""), number;
    size_t parts = 0;
    while (builds_dollar_split(&rest, ':', &part)) {
        host = container;
        container = part;
        parts++;
    }
    struct str ip = parts > 2 ? str_make(raw.p, (size_t)(host.p - 1 - raw.p)) : STR("");
    struct str protocol = container;
    builds_dollar_split(&protocol, '/', &number);
    struct build_text p = builds_dollar(a, protocol, port->line);
    port->protocol = protocol_of(p.text);
    set_container(port, p.known ? builds_dollar(a, number, port->line)
                                : (struct build_text){.text = STR("")});
    set_host(port, builds_dollar(a, host, port->line));
    set_host_ip(port, builds_dollar(a, ip, port->line));
}

static struct build_text field(struct arena *a, const struct ytree_node *map, const char *key)
{
    const struct ytree_node *n = ytree_find(map, key);
    if (!n || ytree_is_null(n))
        return (struct build_text){.text = STR(""), .known = true};
    return builds_compose_text(a, n);
}

static void long_port(struct arena *a, const struct ytree_node *n, struct build_port *port)
{
    set_container(port, field(a, n, "target"));
    set_host(port, field(a, n, "published"));
    set_host_ip(port, field(a, n, "host_ip"));
    struct build_text protocol = field(a, n, "protocol");
    port->protocol = protocol_of(protocol.text);
    if (!protocol.known)
        port->container = port->container_to = 0;
}

static bool same_port(const struct build_port *x, const struct build_port *y)
{
    return x->container && x->container == y->container && x->container_to == y->container_to &&
           x->host_known && y->host_known && x->host == y->host && x->host_to == y->host_to &&
           str_eq(x->host_ip, y->host_ip) && str_eq(x->protocol, y->protocol);
}

void builds_add_port(struct builds_reader *r, struct build *b, const struct ytree_node *n)
{
    n = ytree_real(n);
    struct build_port port = {.line = n->line, .host_ip = STR(""), .protocol = STR("tcp")};
    if (n->kind == YTREE_MAPPING) {
        long_port(r->arena, n, &port);
    } else {
        struct str raw;
        bool text = ytree_text(n, &raw);
        if (text && (str_chr(raw, '$') >= 0 || builds_compose_text(r->arena, n).known))
            short_port(r->arena, raw, &port);
    }
    if (!builds_count(r))
        return;
    VEC_EACH (other, &b->ports)
        if (same_port(other, &port))
            return;
    if (builds_room(b->ports.n, &b->ports_whole))
        *vec_push(r->arena, &b->ports) = port;
}

/* ---- volumes ---- */

static bool is_drive(struct str part)
{
    return part.n == 1 && (part.p[0] | 32) >= 'a' && (part.p[0] | 32) <= 'z';
}

/* At colons, but not at the one of "C:\data". */
static struct parts volume_parts(struct str raw)
{
    struct parts parts = {.n = 0};
    struct str rest = raw, part;
    while (builds_dollar_split(&rest, ':', &part)) {
        if (is_drive(part) && rest.p) {
            const char *from = part.p;
            builds_dollar_split(&rest, ':', &part);
            part = str_make(from, (size_t)(part.p + part.n - from));
        }
        add_part(&parts, part);
    }
    return parts;
}

static bool is_host_path(struct str source)
{
    return source.n && (strchr("./~", source.p[0]) || str_starts(source, STR("\\\\")) ||
                        (source.n > 1 && source.p[1] == ':' && is_drive(str_sub(source, 0, 1))));
}

/* "" and not known for what is no absolute path on Linux. */
static void clean_target(struct arena *a, struct build_text *target)
{
    struct str cleaned;
    bool absolute = target->known && str_starts(target->text, STR("/"));
    while (absolute && str_starts(target->text, STR("/")))
        target->text = str_from(target->text, 1);
    target->known = absolute && builds_join(a, STR(""), target->text, &cleaned);
    target->text = target->known ? str_cat(a, STR("/"), cleaned) : STR("");
}

static void bind_source(struct builds_reader *r, struct build_text *source)
{
    if (source->known)
        source->known =
            source->text.n && builds_join(r->arena, r->base, source->text, &source->text);
    if (!source->known)
        source->text = STR("");
}

/* [source:]target[:options] */
static void short_mount(struct builds_reader *r, struct str raw, struct build_mount *m)
{
    struct parts p = volume_parts(raw);
    struct str options = p.n == 3 ? p.v[2] : STR(""), option;
    if (p.n > 3)
        return;
    m->target = builds_dollar(r->arena, p.v[p.n > 1], m->line);
    if (p.n == 1) {
        m->kind = BUILD_MOUNT_ANONYMOUS;
        return;
    }
    m->source = builds_dollar(r->arena, p.v[0], m->line);
    if (m->source.known && m->source.text.n)
        m->kind = is_host_path(m->source.text) ? BUILD_MOUNT_BIND : BUILD_MOUNT_VOLUME;
    while (str_split(&options, ',', &option))
        m->read_only = str_is(option, "ro") || (m->read_only && !str_is(option, "rw"));
}

static void long_mount(struct arena *a, const struct ytree_node *n, struct build_mount *m)
{
    struct build_text type = field(a, n, "type");
    m->target = field(a, n, "target");
    m->source = field(a, n, "source");
    m->read_only = str_is(field(a, n, "read_only").text, "true");
    if (str_is(type.text, "bind"))
        m->kind = BUILD_MOUNT_BIND;
    else if (str_is(type.text, "tmpfs"))
        m->kind = BUILD_MOUNT_TMPFS;
    else if (str_is(type.text, "volume") && m->source.known)
        m->kind = m->source.text.n ? BUILD_MOUNT_VOLUME : BUILD_MOUNT_ANONYMOUS;
}

/* A later one at the same place wins. */
static void add_mount(struct builds_reader *r, struct build *b, struct build_mount m)
{
    if (!builds_count(r))
        return;
    clean_target(r->arena, &m.target);
    if (m.kind == BUILD_MOUNT_ANONYMOUS && !m.target.known)
        m.kind = BUILD_MOUNT_UNKNOWN;
    if (m.kind == BUILD_MOUNT_BIND)
        bind_source(r, &m.source);
    VEC_EACH (other, &b->mounts)
        if (m.target.known && other->target.known && str_eq(other->target.text, m.target.text)) {
            *other = m;
            return;
        }
    if (builds_room(b->mounts.n, &b->mounts_whole))
        *vec_push(r->arena, &b->mounts) = m;
}

static struct build_mount mount_at(const struct ytree_node *n)
{
    struct build_text none = {.text = STR("")};
    return (struct build_mount){.line = n->line, .target = none, .source = none};
}

void builds_add_mount(struct builds_reader *r, struct build *b, const struct ytree_node *n)
{
    struct str raw;
    n = ytree_real(n);
    struct build_mount m = mount_at(n);
    if (n->kind == YTREE_MAPPING)
        long_mount(r->arena, n, &m);
    else if (ytree_text(n, &raw))
        short_mount(r, raw, &m);
    add_mount(r, b, m);
}

void builds_add_tmpfs(struct builds_reader *r, struct build *b, const struct ytree_node *n)
{
    struct str raw, target;
    n = ytree_real(n);
    struct build_mount m = mount_at(n);
    m.kind = BUILD_MOUNT_TMPFS;
    if (ytree_text(n, &raw) && builds_dollar_split(&raw, ':', &target))
        m.target = builds_dollar(r->arena, target, m.line);
    add_mount(r, b, m);
}
