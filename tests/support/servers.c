#include "tests/support/servers.h"

#include "base/buf.h"

/* ---- showing */

static const char *const kinds[] = {
    [SERVER_PID] = "pid",           [SERVER_LOG] = "log",       [SERVER_TEMP] = "temp",
    [SERVER_CACHE] = "cache",       [SERVER_SOCKET] = "socket", [SERVER_PEER] = "peer",
    [SERVER_ROOT] = "read",         [SERVER_KEY] = "key",       [SERVER_INCLUDE] = "include",
    [SERVER_OTHER_WRITE] = "write",
};

static struct str in(struct str text, struct span s)
{
    return str_sub(text, s.from, s.to);
}

static void show_ports(struct buf *b, struct str text, const struct server_config *c)
{
    VEC_EACH (p, &c->ports) {
        buf_addf(b, "%u", p->port);
        if (p->last != p->port)
            buf_addf(b, "-%u", p->last);
        buf_addf(b, "%s%s%s%s%s%s%s \"%.*s\"\n", p->tls ? " tls" : "", p->udp ? " udp" : "",
                 p->local ? " local" : "", p->listens ? "" : " names",
                 p->variable ? " variable" : "", p->conditional ? " conditional" : "",
                 p->fixed ? " fixed" : "", STR_ARG(in(text, p->number)));
    }
}

static void show_files(struct buf *b, const struct server_config *c)
{
    VEC_EACH (p, &c->paths)
        buf_addf(b, "%s %.*s %.*s%s\n", kinds[p->kind], STR_ARG(p->directive), STR_ARG(p->path),
                 p->variable ? " variable" : "");
}

static void show_names(struct buf *b, struct str text, const struct server_config *c,
                       const char *what)
{
    if (strchr(what, 'i'))
        VEC_EACH (p, &c->includes)
            buf_addf(b, "include %.*s%s%s%s\n", STR_ARG(p->pattern), p->optional ? " optional" : "",
                     p->data ? " data" : "", p->variable ? " variable" : "");
    if (strchr(what, 'v'))
        VEC_EACH (p, &c->variables)
            buf_addf(b, "variable %.*s%s%.*s \"%.*s\"\n", STR_ARG(p->name),
                     p->has_fallback ? "=" : "", STR_ARG(p->fallback), STR_ARG(in(text, p->at)));
    if (strchr(what, 'u'))
        VEC_EACH (p, &c->users)
            buf_addf(b, "user %.*s:%.*s \"%.*s\"\n", STR_ARG(p->user), STR_ARG(p->group),
                     STR_ARG(in(text, p->at)));
}

static void show_mentions(struct buf *b, struct str text, const struct server_config *c)
{
    static const char *const names[] = {"self", "compare", "public"};
    VEC_EACH (p, &c->mentions)
        buf_addf(b, "%s %u \"%.*s\" in \"%.*s\"\n", names[p->kind], p->port,
                 STR_ARG(in(text, p->number)), STR_ARG(in(text, p->at)));
}

struct str servers_show(struct arena *a, struct str text, const struct server_config *c,
                        const char *what)
{
    struct buf b = buf_in(a);
    if (!c->complete)
        buf_addf(&b, "%s line %u: %s\n",
                 c->broken        ? "broken"
                 : c->ports_known ? "writes"
                                  : "unknown",
                 c->wrong_line, c->wrong);
    if (strchr(what, 'p'))
        show_ports(&b, text, c);
    if (strchr(what, 'f'))
        show_files(&b, c);
    show_names(&b, text, c, what);
    if (strchr(what, 'm'))
        show_mentions(&b, text, c);
    if (strchr(what, 's'))
        buf_addf(&b, "%s%s%s\n", c->daemon_off ? "daemon-off " : "",
                 c->redirects_show_port ? "redirects " : "", c->tells_port ? "tells " : "");
    return buf_str(&b);
}

/* ---- properties */

#define MUST(holds)                                                                                \
    do {                                                                                           \
        if (!(holds))                                                                              \
            return "does not hold: " #holds;                                                       \
    } while (0)

static bool inside(struct span s, struct str text)
{
    return s.from <= s.to && s.to <= text.n;
}

static const char *check_spans(struct str text, const struct server_config *c)
{
    VEC_EACH (p, &c->ports) {
        uint64_t number;
        MUST(inside(p->number, text) && inside(p->at, text));
        MUST(p->port <= 65535 && p->last >= p->port && p->last <= 65535);
        MUST(p->port || p->variable);
        MUST(p->fixed || (str_to_u64(in(text, p->number), 65535, &number) && number == p->port));
    }
    VEC_EACH (p, &c->paths)
        MUST(inside(p->at, text) && p->path.n && p->directive.n);
    VEC_EACH (p, &c->includes)
        MUST(inside(p->at, text));
    VEC_EACH (p, &c->variables)
        MUST(inside(p->at, text) && p->name.n);
    VEC_EACH (p, &c->users)
        MUST(inside(p->at, text));
    VEC_EACH (p, &c->mentions) {
        uint64_t number;
        MUST(inside(p->at, text) && inside(p->number, text));
        MUST(p->number.from == p->number.to ||
             (str_to_u64(in(text, p->number), 65535, &number) && number == p->port));
    }
    return NULL;
}

static const char *check_state(const struct server_config *c)
{
    MUST(c->complete == !c->wrong);
    MUST(!c->complete || c->ports_known);
    MUST(!c->broken || !c->ports_known);
    MUST(c->complete || c->wrong_line);
    return NULL;
}

/* The text with the edits made by hand: nothing else may have changed. */
static const char *check_edits(struct arena *a, struct str text, const struct server_moved *m)
{
    struct buf b = buf_in(a);
    size_t at = 0;
    for (size_t i = 0; i < m->edits.n; i++) {
        const struct patch_edit *e = &m->edits.v[i];
        MUST(inside(e->old, text) && e->old.from >= at && e->old.to > e->old.from);
        buf_add(&b, str_sub(text, at, e->old.from));
        buf_add(&b, e->with);
        at = e->old.to;
    }
    buf_add(&b, str_from(text, at));
    MUST(str_eq(buf_str(&b), m->text));
    return NULL;
}

static unsigned free_port(const struct server_config *c)
{
    for (unsigned port = 18080;; port++) {
        bool used = false;
        VEC_EACH (p, &c->ports)
            used = used || (port >= p->port && port <= p->last);
        VEC_EACH (p, &c->mentions)
            used = used || port == p->port;
        if (!used)
            return port;
    }
}

static const char *check_move(struct arena *a, struct str text, const struct server_config *c,
                              unsigned from)
{
    unsigned to = free_port(c);
    struct server_moved m = server_move(a, text, c, from, to);
    if (!m.text.p) {
        MUST(m.why && *m.why && !m.edits.n);
        return NULL;
    }
    MUST(c->ports_known && m.edits.n);
    const char *wrong = check_edits(a, text, &m);
    if (wrong)
        return wrong;
    struct server_config there = server_read(a, c->program, m.text);
    MUST(server_same_but(c, &there, from, to));
    VEC_EACH (p, &there.ports)
        MUST(p->port != from);
    struct server_moved back = server_move(a, m.text, &there, to, from);
    MUST(back.text.p);
    struct server_config again = server_read(a, c->program, back.text);
    MUST(server_same_but(c, &again, from, from));
    return NULL;
}

const char *servers_check(enum server_program program, struct str text)
{
    enum { MOVES_MAX = 8 };
    struct arena a = {0};
    struct server_config c = server_read(&a, program, text);
    const char *wrong = check_spans(text, &c);
    if (!wrong)
        wrong = check_state(&c);
    for (size_t i = 0; !wrong && i < c.ports.n && i < MOVES_MAX; i++)
        if (c.ports.v[i].port)
            wrong = check_move(&a, text, &c, c.ports.v[i].port);
    arena_release(&a);
    return wrong;
}
