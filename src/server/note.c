/*
 * Taking down. Spans come from words, which know the place of each of their bytes: what a
 * continued line or a variable's value pulled apart has no span and cannot be replaced.
 */
#include "server/note.h"

#include <stdarg.h>
#include <stdio.h>

#include "base/utf8.h"

enum { PORT_MAX = 65535, HOST_MAX = 255, QUOTE_MAX = 60 };

bool note_begin(struct note *n, struct arena *a, enum server_program program, struct str text,
                struct server_config *c)
{
    *c = (struct server_config){.program = program, .complete = true, .ports_known = true};
    *n = (struct note){.arena = a, .text = text, .c = c};
    if (text.n > SERVER_SIZE_MAX)
        note_broken(n, 0, "it is longer than %d bytes", SERVER_SIZE_MAX);
    else if (str_chr(text, 0) >= 0)
        note_broken(n, (size_t)str_chr(text, 0), "there is a NUL byte in it");
    return !c->broken;
}

bool note_span(const struct server_word *w, size_t from, size_t to, struct span *out)
{
    *out = span_make(w->raw.from, w->raw.from);
    if (from >= to || to > w->value.n)
        return false;
    if (!w->where) {
        *out = span_make(w->raw.from + from, w->raw.from + to);
        return true;
    }
    for (size_t i = from + 1; i < to; i++)
        if (w->where[i] != w->where[i - 1] + 1)
            return false;
    *out = span_make(w->where[from], w->where[to - 1] + 1);
    return true;
}

static void say(struct note *n, size_t at, const char *fmt, va_list ap)
{
    char text[256];
    n->c->complete = false;
    if (n->c->wrong)
        return;
    vsnprintf(text, sizeof text, fmt, ap);
    n->c->wrong = str_z(n->arena, str_of(text));
    n->c->wrong_line = server_line(n->text, at);
}

void note_unknown(struct note *n, size_t at, const char *fmt, ...)
{
    va_list ap;
    va_start(ap, fmt);
    say(n, at, fmt, ap);
    va_end(ap);
    n->c->ports_known = false;
}

void note_unknown_write(struct note *n, size_t at, const char *fmt, ...)
{
    va_list ap;
    va_start(ap, fmt);
    say(n, at, fmt, ap);
    va_end(ap);
}

void note_broken(struct note *n, size_t at, const char *fmt, ...)
{
    va_list ap;
    va_start(ap, fmt);
    say(n, at, fmt, ap);
    va_end(ap);
    n->c->ports_known = false;
    n->c->broken = true;
}

const char *note_quote(struct note *n, struct str s)
{
    return utf8_safe(n->arena, s, QUOTE_MAX).p;
}

bool note_has_variable(const struct note *n, struct str s)
{
    if (n->c->program == SERVER_NGINX)
        return str_chr(s, '$') >= 0;
    return n->c->program == SERVER_APACHE ? str_has(s, "${") : str_chr(s, '{') >= 0;
}

/* ---- ports */

static bool is_port(struct str s, unsigned *port)
{
    uint64_t v;
    if (!str_to_u64(s, PORT_MAX, &v) || !v)
        return false;
    *port = (unsigned)v;
    return true;
}

bool note_port_number(const struct server_word *w, size_t from, size_t to, struct server_port *p)
{
    struct str s = str_sub(w->value, from, to);
    bool whole = note_span(w, from, to, &p->number);
    ptrdiff_t dash = str_chr(s, '-');
    if (!s.n)
        return false;
    if (str_chr(s, '$') >= 0) {
        p->variable = true;
        p->fixed = "the port is set by a variable";
    } else if (dash >= 0) {
        if (!is_port(str_sub(s, 0, (size_t)dash), &p->port) ||
            !is_port(str_from(s, (size_t)dash + 1), &p->last) || p->last < p->port)
            return false;
        p->fixed = "it is a range of ports";
    } else if (is_port(s, &p->port)) {
        p->last = p->port;
        if (!whole)
            p->fixed = "the number does not stand in the text in one piece";
    } else {
        return false;
    }
    return true;
}

struct server_port *note_port(struct note *n, struct server_port p)
{
    struct server_port *slot = vec_push(n->arena, &n->c->ports);
    *slot = p;
    if (!slot->last)
        slot->last = slot->port;
    return slot;
}

/* ---- paths */

void note_path(struct note *n, enum server_path_kind kind, struct str directive,
               const struct server_word *w, size_t from, size_t to)
{
    struct server_path p = {
        .path = str_sub(w->value, from, to), .kind = kind, .directive = directive};
    if (!p.path.n)
        return;
    note_span(w, from, to, &p.at);
    p.variable = note_has_variable(n, p.path);
    *vec_push(n->arena, &n->c->paths) = p;
}

void note_include(struct note *n, const struct server_word *w, bool optional, bool data)
{
    struct server_include in = {
        .pattern = w->value, .at = w->raw, .optional = optional, .data = data};
    in.variable = note_has_variable(n, w->value);
    *vec_push(n->arena, &n->c->includes) = in;
}

/* ---- mentions */

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

static bool is_alnum(char c)
{
    return is_digit(c) || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_';
}

static struct str without_brackets(struct str host)
{
    bool both = host.n >= 2 && host.p[0] == '[' && host.p[host.n - 1] == ']';
    return both ? str_sub(host, 1, host.n - 1) : host;
}

static bool is_dotted(struct str s)
{
    for (size_t i = 0; i < s.n; i++)
        if (!is_digit(s.p[i]) && s.p[i] != '.')
            return false;
    return s.n > 0;
}

bool note_is_local(struct str host)
{
    host = without_brackets(host);
    return str_eq_nocase(host, STR("localhost")) || str_is(host, "::1") ||
           (str_starts(host, STR("127.")) && is_dotted(host));
}

bool note_is_self(struct str host)
{
    return note_is_local(host) || str_is(host, "0.0.0.0") || str_is(without_brackets(host), "::") ||
           str_ends(host, STR(".localhost"));
}

static void mention(struct note *n, const struct server_word *w, size_t from, size_t to,
                    unsigned port, enum server_mention_kind kind)
{
    struct server_mention m = {.port = port, .kind = kind, .at = w->raw};
    note_span(w, from, to, &m.number);
    *vec_push(n->arena, &n->c->mentions) = m;
}

/* Where the host that ends at `end` begins. A colon in front of it can only be a scheme's. */
static size_t host_begin(struct str s, size_t end)
{
    size_t at = end, least = end > HOST_MAX ? end - HOST_MAX : 0;
    bool bracket = at > 0 && s.p[at - 1] == ']';
    while (at > least) {
        char c = s.p[at - 1];
        if (bracket ? c == '['
                    : !is_alnum(c) && c != '.' && c != '-' && c != '$' && c != '{' && c != '}')
            return bracket ? at - 1 : at;
        at--;
    }
    return at;
}

void note_mentions(struct note *n, const struct server_word *w)
{
    struct str s = w->value;
    for (size_t i = 0, end; i < s.n; i = end) {
        unsigned port;
        end = i + 1;
        if (s.p[i] != ':')
            continue;
        while (end < s.n && is_digit(s.p[end]))
            end++;
        char last = i ? s.p[i - 1] : 0, next = end < s.n ? s.p[end] : 0;
        if (!is_port(str_sub(s, i + 1, end), &port) || is_alnum(next) || next == ':' ||
            next == '.' || last == ':' || last == '?')
            continue;
        struct str host = str_sub(s, host_begin(s, i), i);
        bool self = note_is_self(host) || (!i && n->c->program == SERVER_CADDY);
        mention(n, w, i + 1, end, port, self ? SERVER_MENTION_SELF : SERVER_MENTION_PUBLIC);
    }
}

void note_numbers(struct note *n, const struct server_word *w, enum server_mention_kind kind)
{
    struct str s = w->value;
    for (size_t i = 0, end; i < s.n; i = end) {
        unsigned port;
        end = i + 1;
        if (!is_digit(s.p[i]))
            continue;
        while (end < s.n && is_digit(s.p[end]))
            end++;
        if (is_port(str_sub(s, i, end), &port) && (!i || !is_alnum(s.p[i - 1])))
            mention(n, w, i, end, port, kind);
    }
}

void note_value(struct note *n, const struct server_word *w)
{
    unsigned port;
    if (is_port(w->value, &port))
        mention(n, w, 0, w->value.n, port, SERVER_MENTION_PUBLIC);
}

/* The port that a URL of the scheme means; 0: it does not matter here. */
static unsigned scheme_port(struct str scheme)
{
    static const struct {
        const char *name;
        unsigned port;
    } schemes[] = {{"http", 80}, {"https", 443}, {"ws", 80},  {"wss", 443},
                   {"grpc", 80}, {"grpcs", 443}, {"h2c", 80}, {"h2", 443}};
    for (size_t i = 0; i < sizeof schemes / sizeof *schemes; i++)
        if (str_eq_nocase(scheme, str_of(schemes[i].name)))
            return schemes[i].port;
    return 0;
}

void note_upstream(struct note *n, const struct server_word *w, unsigned otherwise)
{
    struct str s = w->value;
    ptrdiff_t scheme = str_find(s, STR("://"));
    size_t at = 0;
    if (scheme >= 0) {
        otherwise = scheme_port(str_sub(s, 0, (size_t)scheme));
        at = (size_t)scheme + 3;
    }
    size_t end = at, depth = 0;
    while (end < s.n && (depth || !strchr(":/?#", s.p[end]))) {
        depth += s.p[end] == '[';
        depth -= s.p[end] == ']' && depth;
        end++;
    }
    if (!otherwise || (end < s.n && s.p[end] == ':') || !note_is_self(str_sub(s, at, end)))
        return;
    mention(n, w, end, end, otherwise, SERVER_MENTION_SELF);
}
