/*
 * Moving a port. Each place of it becomes an edit; then the new text is read again, and the move
 * stands only when that gives the same configuration with the other port. That catches what a table
 * of rules would miss: in a Caddyfile "example.com:80" serves plain HTTP, "example.com:8080" does
 * not.
 */
#include "server/server.h"

#include <stdlib.h>

#include "server/apache.h"
#include "server/caddy.h"
#include "server/nginx.h"

enum { PORT_MAX = 65535 };

unsigned server_line(struct str text, size_t at)
{
    unsigned line = 1;
    for (size_t i = 0; i < at && i < text.n; i++)
        line += text.p[i] == '\n';
    return line;
}

struct server_config server_read(struct arena *a, enum server_program program, struct str text)
{
    if (program == SERVER_NGINX)
        return nginx_read(a, text);
    return program == SERVER_APACHE ? apache_read(a, text) : caddy_read(a, text);
}

/* ---- comparing */

struct move {
    struct arena *arena;
    struct str text;
    const struct server_config *c;
    unsigned from, to;
    struct server_moved *out;
};

static unsigned moved(unsigned port, unsigned from, unsigned to)
{
    return port == from ? to : port;
}

static bool same_ports(const struct server_config *x, const struct server_config *y, unsigned from,
                       unsigned to)
{
    if (x->ports.n != y->ports.n)
        return false;
    for (size_t i = 0; i < x->ports.n; i++) {
        const struct server_port *p = &x->ports.v[i], *q = &y->ports.v[i];
        bool range = p->last != p->port;
        unsigned port = range ? p->port : moved(p->port, from, to);
        if (q->port != port || q->last != (range ? p->last : port) || q->listens != p->listens ||
            q->tls != p->tls || q->udp != p->udp || q->local != p->local ||
            q->variable != p->variable || q->conditional != p->conditional)
            return false;
    }
    return true;
}

static bool same_mentions(const struct server_config *x, const struct server_config *y,
                          unsigned from, unsigned to)
{
    if (x->mentions.n != y->mentions.n)
        return false;
    for (size_t i = 0; i < x->mentions.n; i++) {
        const struct server_mention *p = &x->mentions.v[i], *q = &y->mentions.v[i];
        bool moves = p->kind != SERVER_MENTION_PUBLIC;
        if (q->kind != p->kind || q->port != (moves ? moved(p->port, from, to) : p->port))
            return false;
    }
    return true;
}

static bool same_files(const struct server_config *x, const struct server_config *y)
{
    if (x->paths.n != y->paths.n || x->includes.n != y->includes.n)
        return false;
    for (size_t i = 0; i < x->paths.n; i++) {
        const struct server_path *p = &x->paths.v[i], *q = &y->paths.v[i];
        if (p->kind != q->kind || p->variable != q->variable || !str_eq(p->path, q->path) ||
            !str_eq(p->directive, q->directive))
            return false;
    }
    for (size_t i = 0; i < x->includes.n; i++) {
        const struct server_include *p = &x->includes.v[i], *q = &y->includes.v[i];
        if (p->optional != q->optional || p->data != q->data || p->variable != q->variable ||
            !str_eq(p->pattern, q->pattern))
            return false;
    }
    return true;
}

static bool same_names(const struct server_config *x, const struct server_config *y)
{
    if (x->variables.n != y->variables.n || x->users.n != y->users.n)
        return false;
    for (size_t i = 0; i < x->variables.n; i++) {
        const struct server_variable *p = &x->variables.v[i], *q = &y->variables.v[i];
        if (p->has_fallback != q->has_fallback || !str_eq(p->name, q->name))
            return false; /* a fallback may be the port itself */
    }
    for (size_t i = 0; i < x->users.n; i++)
        if (!str_eq(x->users.v[i].user, y->users.v[i].user) ||
            !str_eq(x->users.v[i].group, y->users.v[i].group))
            return false;
    return true;
}

bool server_same_but(const struct server_config *x, const struct server_config *y, unsigned from,
                     unsigned to)
{
    return x->program == y->program && x->complete == y->complete &&
           x->ports_known == y->ports_known && x->broken == y->broken &&
           x->daemon_off == y->daemon_off && x->redirects_show_port == y->redirects_show_port &&
           x->tells_port == y->tells_port && same_ports(x, y, from, to) &&
           same_mentions(x, y, from, to) && same_files(x, y) && same_names(x, y);
}

/* ---- moving */

static bool refuse(struct move *m, const char *why)
{
    m->out->why = why;
    return false;
}

static bool refuse_at(struct move *m, struct span at, const char *why)
{
    m->out->why = str_fmt(m->arena, "line %u: %s", server_line(m->text, at.from), why).p;
    return false;
}

/* What stands in the way before anything is replaced. */
static bool may_move(struct move *m)
{
    if (!m->from || m->from > PORT_MAX || !m->to || m->to > PORT_MAX || m->from == m->to)
        return refuse(m, "that is no move from a port to another one");
    if (!m->c->ports_known)
        return refuse(m, str_fmt(m->arena, "line %u: %s", m->c->wrong_line, m->c->wrong).p);
    bool found = false;
    VEC_EACH (p, &m->c->ports) {
        bool inside = m->from >= p->port && m->from <= p->last;
        found = found || inside;
        if (inside && p->fixed)
            return refuse_at(m, p->at, p->fixed);
        if (!p->port)
            return refuse_at(m, p->at, "a port is set by a variable");
        if (m->to >= p->port && m->to <= p->last)
            return refuse_at(m, p->at, "the new port is in use here");
    }
    VEC_EACH (q, &m->c->mentions) {
        if (q->kind == SERVER_MENTION_PUBLIC)
            continue;
        if (q->port == m->to)
            return refuse_at(m, q->at, "the new port belongs to something else on this machine");
        if (q->port == m->from && q->number.from == q->number.to)
            return refuse_at(m, q->at, "the port is implied here");
    }
    return found || refuse(m, "the port does not occur");
}

static void replace(struct move *m, struct span number, struct str with)
{
    *vec_push(m->arena, &m->out->edits) = (struct patch_edit){.old = number, .with = with};
}

static int by_place(const void *x, const void *y)
{
    const struct patch_edit *a = x, *b = y;
    return (a->old.from > b->old.from) - (a->old.from < b->old.from);
}

/* Ports that come from one place (Define, http_port) give the same edit more than once. */
static void sort_edits(struct move *m)
{
    size_t kept = 0;
    struct patch_edit *v = m->out->edits.v;
    if (!m->out->edits.n)
        return;
    qsort(v, m->out->edits.n, sizeof *v, by_place);
    for (size_t i = 1; i < m->out->edits.n; i++) {
        if (v[i].old.from != v[kept].old.from)
            v[++kept] = v[i];
        else if (v[i].with.n > v[kept].with.n)
            v[kept] = v[i];
    }
    m->out->edits.n = kept + 1;
}

static void collect(struct move *m)
{
    struct str number = str_fmt(m->arena, "%u", m->to);
    VEC_EACH (p, &m->c->ports) {
        struct str with = number;
        if (p->port != m->from)
            continue;
        /* Apache takes 443 for HTTPS and every other number for HTTP, unless it is told. */
        if (p->by_number && (m->from == 443 || m->to == 443))
            with = str_fmt(m->arena, "%u %s", m->to, p->tls ? "https" : "http");
        replace(m, p->number, with);
    }
    VEC_EACH (q, &m->c->mentions)
        if (q->port == m->from && q->kind != SERVER_MENTION_PUBLIC)
            replace(m, q->number, number);
    sort_edits(m);
}

struct server_moved server_move(struct arena *a, struct str text, const struct server_config *c,
                                unsigned from, unsigned to)
{
    struct server_moved out = {0};
    struct move m = {.arena = a, .text = text, .c = c, .from = from, .to = to, .out = &out};
    if (!may_move(&m))
        return out;
    collect(&m);
    struct str fresh = patch_apply(a, text, out.edits.v, out.edits.n);
    struct server_config now = server_read(a, c->program, fresh);
    if (server_same_but(c, &now, from, to))
        out.text = fresh;
    else
        refuse(&m, "the server would do something else with the other number");
    if (!out.text.p)
        out.edits.n = 0;
    return out;
}
