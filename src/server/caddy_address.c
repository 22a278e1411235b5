/*
 * Addresses of sites and what Caddy makes of them: [SCHEME://][HOST][:PORT]. A name without a port
 * means HTTPS, and HTTP besides, which redirects to it; whether a port speaks TLS depends on the
 * scheme, the port, the host and the directives of the block.
 */
#include "server/caddy_reader.h"

enum { HTTP = 80, HTTPS = 443, ADMIN = 2019, VARIABLE_MAX = 256 };

struct address {
    struct str scheme, host;
    size_t port, end; /* the bytes of the port in the word; none when equal */
};

static struct address split(struct str s)
{
    struct address a = {.scheme = STR("")};
    ptrdiff_t colons = str_find(s, STR("://"));
    size_t from = 0, colon, end, depth = 0;
    if (colons >= 0) {
        a.scheme = str_sub(s, 0, (size_t)colons);
        from = (size_t)colons + 3;
    }
    for (end = from; end < s.n && (depth || s.p[end] != '/'); end++) {
        depth += s.p[end] == '{';
        depth -= s.p[end] == '}' && depth;
    }
    colon = end;
    for (size_t i = end; i > from && s.p[i - 1] != ']'; i--) {
        depth += s.p[i - 1] == '}';
        depth -= s.p[i - 1] == '{' && depth;
        if (s.p[i - 1] != ':' || depth)
            continue;
        if (colon < end) { /* an IPv6 address without brackets */
            colon = end;
            break;
        }
        colon = i - 1;
    }
    a.host = str_sub(s, from, colon);
    a.port = colon < end ? colon + 1 : end;
    a.end = end;
    return a;
}

/* Whether the bytes stand in a {$NAME:default}. */
static bool in_variable(const struct caddy_reader *r, struct span at)
{
    size_t least = at.from > VARIABLE_MAX ? at.from - VARIABLE_MAX : 0;
    for (size_t i = at.from; i > least; i--) {
        char c = r->note.text.p[i - 1];
        if (c == '}' || c == '\n')
            return false;
        if (c == '$' && i >= 2 && r->note.text.p[i - 2] == '{')
            return true;
    }
    return false;
}

/* A number with a placeholder in it is not known. */
static bool read_number(struct caddy_reader *r, const struct server_word *w, size_t from, size_t to,
                        struct server_port *p)
{
    struct str s = str_sub(w->value, from, to);
    if (str_chr(s, '{') >= 0) {
        note_span(w, from, to, &p->number);
        p->variable = true;
        p->fixed = "the port is set by a variable";
        return true;
    }
    if (str_chr(s, '$') >= 0 || !note_port_number(w, from, to, p) || p->last != p->port)
        return false;
    p->variable = in_variable(r, p->number);
    return true;
}

/* ---- options */

void caddy_option_port(struct caddy_reader *r, struct caddy_option *o)
{
    const struct server_word *w = r->line.n > 1 ? &r->line.v[1].word : NULL;
    struct server_port p = {0};
    if (!w || !read_number(r, w, 0, w->value.n, &p)) {
        note_unknown(&r->note, r->line.v[0].word.raw.from, "the option says no port");
        return;
    }
    o->port = p;
    o->written = true;
}

/* The port as an option or Caddy itself sets it. */
static struct server_port implied(const struct caddy_option *o, unsigned usual, struct span at)
{
    struct server_port p = o->port;
    if (!o->written) {
        p = (struct server_port){.port = usual, .number = span_make(at.to, at.to)};
        p.fixed = "no port is written here";
    }
    p.at = at;
    return p;
}

static unsigned number_of(const struct caddy_option *o, unsigned usual)
{
    return o->written ? o->port.port : usual;
}

static bool is_unix(struct str s)
{
    return str_starts(s, STR("unix/")) || str_starts(s, STR("unix+"));
}

/* Behind "tcp/" or "udp/". */
static size_t behind_network(struct str s)
{
    ptrdiff_t slash = str_chr(s, '/');
    return slash < 0 ? 0 : (size_t)slash + 1;
}

/* Takes down the socket of `unix//path|0222`. */
static void note_socket(struct caddy_reader *r, const struct server_word *w)
{
    ptrdiff_t bar = str_chr(w->value, '|');
    note_path(&r->note, SERVER_SOCKET, r->line.v[0].word.value, w, behind_network(w->value),
              bar < 0 ? w->value.n : (size_t)bar);
}

void caddy_admin(struct caddy_reader *r)
{
    const struct server_word *w = r->line.n > 1 ? &r->line.v[1].word : NULL;
    if (!w)
        return;
    r->admin = true;
    if (str_is(w->value, "off"))
        return;
    if (is_unix(w->value)) {
        note_socket(r, w);
        return;
    }
    size_t from = behind_network(w->value);
    struct address a = split(str_from(w->value, from));
    struct server_port p = {.port = ADMIN, .number = span_make(w->raw.to, w->raw.to)};
    p.fixed = "no port is written here";
    if (a.port < a.end) {
        p = (struct server_port){0};
        if (!read_number(r, w, from + a.port, from + a.end, &p)) {
            note_unknown(&r->note, w->raw.from, "'%s' is no address",
                         note_quote(&r->note, w->value));
            return;
        }
    } else if (r->line.v[1].variable) {
        p.variable = true;
        p.port = str_has(w->value, "{$") ? 0 : ADMIN;
    }
    p.at = w->raw;
    p.listens = true;
    p.local = note_is_local(a.host);
    note_port(&r->note, p);
}

void caddy_bind(struct caddy_reader *r, struct caddy_sockets *says)
{
    for (size_t i = 1; i < r->line.n; i++) {
        const struct server_word *w = &r->line.v[i].word;
        struct str host = str_from(w->value, behind_network(w->value));
        bool first = !says->bound;
        says->bound = true;
        if (str_starts(w->value, STR("fd/")) || str_starts(w->value, STR("fdgram/")))
            note_unknown(&r->note, w->raw.from, "a socket comes from outside");
        if (is_unix(w->value)) {
            note_socket(r, w);
            says->sockets_only = first || says->sockets_only;
            continue;
        }
        says->sockets_only = false;
        says->public = says->public || !note_is_local(host);
    }
}

/* ---- sites */

/* Whether Caddy would speak TLS there. */
static bool speaks_tls(const struct caddy_reader *r, const struct address *a, unsigned port,
                       bool has_tls)
{
    bool http = str_eq_nocase(a->scheme, STR("http"));
    if (str_eq_nocase(a->scheme, STR("https")))
        return true;
    if (http || port == number_of(&r->http, HTTP))
        return false;
    return has_tls || a->host.n || (!r->no_https && port == number_of(&r->https, HTTPS));
}

static bool is_host(struct str s)
{
    for (size_t i = 0; i < s.n; i++)
        if (str_is_blank(s.p[i]) || strchr("~()|\\+?!\"'`<>,;=&%#", s.p[i]))
            return false;
    return true;
}

/* What follows for other ports from the TLS of this one. `sure`: a port without a name that has
 * only the directive `tls` to say so is plain HTTP in older versions. */
static void note_tls(struct caddy_reader *r, const struct server_port *p, bool written, bool sure)
{
    bool open = !p->port && !written;
    if (p->tls && p->port) {
        r->tls_ports[p->port >> 3] |= (unsigned char)(1u << (p->port & 7));
        r->note.c->redirects_show_port |= written && !r->no_https && !r->no_redirects;
    }
    if ((p->tls || open) && !r->redirects) {
        r->redirects = true;
        r->redirects_for = p->at;
    }
    r->redirects_sure |= p->tls && sure && !p->variable && !p->conditional;
}

static void site_address(struct caddy_reader *r, const struct caddy_token *t,
                         const struct caddy_sockets *says)
{
    const struct server_word *w = &t->word;
    struct server_word key = *w;
    if (str_ends(key.value, STR(",")))
        key.value.n--;
    struct address a = split(key.value);
    bool http = str_eq_nocase(a.scheme, STR("http")), https = str_eq_nocase(a.scheme, STR("https"));
    struct server_port p = {0};
    bool written = a.port < a.end;
    bool open = !written && !http && !https && str_starts(a.host, STR("{$")); /* may be anything */
    if (!key.value.n)
        return;
    if ((a.scheme.n && !http && !https) || !is_host(a.host) || caddy_is_directive(key.value) ||
        (written && !read_number(r, &key, a.port, a.end, &p))) {
        note_unknown(&r->note, w->raw.from, "'%s' is no address of a site",
                     note_quote(&r->note, key.value));
        return;
    }
    if (open)
        p = (struct server_port){
            .number = w->raw, .variable = true, .fixed = "the address is set by a variable"};
    else if (!written)
        p = implied(http ? &r->http : &r->https, http ? HTTP : HTTPS, w->raw);
    if (!written && t->variable)
        p.variable = true;
    p.at = w->raw;
    p.listens = true;
    p.local = says->bound ? !says->public : r->all.bound && !r->all.public;
    p.conditional = says->imports || p.conditional;
    p.tls = !open && speaks_tls(r, &a, p.port, says->tls);
    if (p.port && ((http && p.port == number_of(&r->https, HTTPS)) ||
                   (https && p.port == number_of(&r->http, HTTP))))
        note_unknown(&r->note, w->raw.from, "scheme and port of '%s' contradict each other",
                     note_quote(&r->note, key.value));
    note_tls(r, &p, written, https || a.host.n || p.port == number_of(&r->https, HTTPS));
    note_port(&r->note, p);
}

void caddy_site(struct caddy_reader *r, const caddy_tokens *keys, const struct caddy_sockets *says)
{
    if (says->bound ? says->sockets_only : r->all.sockets_only)
        return;
    VEC_EACH (t, keys)
        site_address(r, t, says);
}

static bool listens_on(const struct server_config *c, unsigned port)
{
    VEC_EACH (p, &c->ports)
        if (p->listens && p->port == port)
            return true;
    return false;
}

void caddy_finish(struct caddy_reader *r)
{
    struct server_config *c = r->note.c;
    unsigned http = number_of(&r->http, HTTP);
    VEC_EACH (p, &c->ports)
        if (r->tls_ports[p->port >> 3] >> (p->port & 7) & 1)
            p->tls = true;
    if (r->redirects && !r->no_https && !r->no_redirects && !listens_on(c, http)) {
        struct server_port p = implied(&r->http, HTTP, r->redirects_for);
        p.listens = true;
        p.conditional = !r->redirects_sure;
        if (!r->http.written)
            p.fixed = "Caddy redirects from HTTP to HTTPS there";
        note_port(&r->note, p);
    }
    if (!r->admin && r->sites)
        note_port(&r->note, (struct server_port){.port = ADMIN,
                                                 .listens = true,
                                                 .local = true,
                                                 .fixed = "Caddy is administered there"});
}
