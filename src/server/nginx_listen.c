/*
 * The address of `listen`, as ngx_parse_url() reads it: a port, a range of ports, HOST, HOST:PORT,
 * [IPV6]:PORT or unix:PATH. Where nginx takes no variable, a template may have one.
 */
#include "server/nginx_reader.h"

/* Where the host ends and ":PORT" begins, or the length. "${A:-1}" is one piece. */
static size_t host_end(struct str s)
{
    size_t i = 0;
    if (s.n && s.p[0] == '[') {
        ptrdiff_t close = str_chr(s, ']');
        i = close < 0 ? s.n : (size_t)close + 1;
    }
    for (bool inside = false; i < s.n; i++) {
        if (s.p[i] == '{')
            inside = true;
        else if (s.p[i] == '}')
            inside = false;
        else if (s.p[i] == ':' && !inside)
            return i;
    }
    return s.n;
}

static bool is_ports(struct str s)
{
    for (size_t i = 0; i < s.n; i++)
        if ((s.p[i] < '0' || s.p[i] > '9') && s.p[i] != '-')
            return false;
    return s.n > 0;
}

static bool is_host(struct str s)
{
    for (size_t i = 0; i < s.n; i++) {
        char c = s.p[i];
        bool alnum = (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
        if (!alnum && !strchr("*.-_:[]", c))
            return false;
    }
    return s.n > 0;
}

/* False: nginx would not take it either. */
static bool read_address(struct nginx_reader *r, const struct server_word *w, struct server_port *p)
{
    struct str s = w->value;
    size_t end = host_end(s);
    struct str host = str_sub(s, 0, end);
    if (end < s.n) {
        p->local = note_is_local(host);
        return host.n && note_port_number(w, end + 1, s.n, p);
    }
    if (is_ports(s) || str_chr(s, '$') >= 0)
        return note_port_number(w, 0, s.n, p);
    const struct nginx_level *l = &r->level[r->depth];
    bool http = l->block != NGINX_SERVER || l->family == NGINX_HTTP || l->family == NGINX_TOP;
    p->port = 80;
    p->local = note_is_local(host);
    p->number = span_make(w->raw.to, w->raw.to);
    p->fixed = "no port is written here";
    return http && is_host(host);
}

void nginx_listen(struct nginx_reader *r)
{
    const struct server_word *w = &r->lex.words.v[1];
    struct server_port p = {.at = w->raw, .listens = true};
    r->level[r->depth].listens = true;
    if (str_eq_nocase(str_sub(w->value, 0, 5), STR("unix:"))) {
        note_path(&r->note, SERVER_SOCKET, r->lex.words.v[0].value, w, 5, w->value.n);
        return;
    }
    for (size_t i = 2; i < r->lex.words.n; i++) {
        struct str option = r->lex.words.v[i].value;
        bool quic = str_is(option, "quic");
        p.tls = p.tls || quic || str_is(option, "ssl");
        p.udp = p.udp || quic || str_is(option, "udp");
    }
    if (read_address(r, w, &p))
        note_port(&r->note, p);
    else
        note_unknown(&r->note, w->raw.from, "listen '%s' is no address",
                     note_quote(&r->note, w->value));
}
