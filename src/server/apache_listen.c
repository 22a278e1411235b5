/*
 * Addresses, as apr_parse_addr_port() reads them: the digits at the end are the port when nothing
 * or a colon stands before them.
 */
#include "server/apache_reader.h"

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

/* Where the port begins; the length when there is none. *host gets what stands before it. */
static size_t port_begin(struct str s, struct str *host)
{
    size_t at = s.n;
    while (at && is_digit(s.p[at - 1]))
        at--;
    if (at == s.n && str_ends(s, STR("}"))) /* a variable that is not resolved */
        for (at--; at && s.p[at] != '$'; at--)
            ;
    if (at && at < s.n && s.p[at - 1] != ':')
        at = s.n;
    *host = str_sub(s, 0, at && at < s.n ? at - 1 : at);
    if (at == 0)
        *host = STR("");
    return at;
}

static bool is_on(const struct apache_reader *r, size_t i, const char *z)
{
    return i < r->args.n && str_eq_nocase(r->args.v[i].value, str_of(z));
}

/* A number that comes from a `Define` under a condition is a default. */
static void mark(struct apache_reader *r, struct server_port *p)
{
    p->conditional = apache_is_conditional(r);
    p->variable = p->variable || apache_is_default(r, p->number);
}

void apache_listen(struct apache_reader *r)
{
    struct str host;
    struct server_port p = {.listens = true};
    if (!r->args.n) {
        note_unknown(&r->note, r->line.raw.from, "Listen without an address");
        return;
    }
    const struct server_word *w = &r->args.v[0];
    size_t at = port_begin(w->value, &host);
    if ((at && !host.n) || r->args.n > 3 || !note_port_number(w, at, w->value.n, &p)) {
        note_unknown(&r->note, r->line.raw.from, "Listen '%s' is no address with a port",
                     note_quote(&r->note, w->value));
        return;
    }
    struct str proto = r->args.n > 1 ? r->args.v[1].value : STR("");
    bool silent = !proto.n || str_eq_nocase(str_sub(proto, 0, 8), STR("options="));
    p.at = w->raw;
    p.local = note_is_local(host);
    p.by_number = silent;
    p.tls = is_on(r, 1, "https") || (silent && p.port == 443);
    mark(r, &p);
    note_port(&r->note, p);
}

void apache_hosts(struct apache_reader *r)
{
    VEC_EACH (w, &r->args) {
        struct str host;
        struct server_port p = {.at = w->raw};
        size_t at = port_begin(w->value, &host);
        if (at == w->value.n || str_ends(w->value, STR("*")))
            continue; /* any port */
        if (!at && !str_starts(w->value, STR("${"))) {
            note_unknown(&r->note, r->line.raw.from, "a virtual host needs an address");
            continue;
        }
        if (!note_port_number(w, at, w->value.n, &p)) {
            note_unknown(&r->note, r->line.raw.from, "'%s' is no address of a virtual host",
                         note_quote(&r->note, w->value));
            continue;
        }
        p.local = note_is_local(host);
        mark(r, &p);
        note_port(&r->note, p);
    }
}
