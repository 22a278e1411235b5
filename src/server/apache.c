/*
 * One pass over the lines with a stack of the sections that are open. Nothing decides whether a
 * module is loaded or a name defined: what stands under such a condition is taken down as
 * conditional.
 */
#include "server/apache.h"

#include "server/apache_reader.h"

bool apache_is_conditional(const struct apache_reader *r)
{
    for (size_t i = 1; i <= r->depth; i++)
        if (r->level[i].section == APACHE_CONDITION || r->level[i].section == APACHE_STRANGE)
            return true;
    return false;
}

static enum apache_section section_of(struct str name)
{
    static const struct {
        const char *name;
        enum apache_section section;
    } sections[] = {
        {"virtualhost", APACHE_VHOST},
        {"ifmodule", APACHE_CONDITION},
        {"ifdefine", APACHE_CONDITION},
        {"ifversion", APACHE_CONDITION},
        {"iffile", APACHE_CONDITION},
        {"ifdirective", APACHE_CONDITION},
        {"ifsection", APACHE_CONDITION},
        {"if", APACHE_REQUEST},
        {"elseif", APACHE_REQUEST},
        {"else", APACHE_REQUEST},
        {"directory", APACHE_PLAIN},
        {"directorymatch", APACHE_PLAIN},
        {"files", APACHE_PLAIN},
        {"filesmatch", APACHE_PLAIN},
        {"location", APACHE_PLAIN},
        {"locationmatch", APACHE_PLAIN},
        {"limit", APACHE_PLAIN},
        {"limitexcept", APACHE_PLAIN},
        {"proxy", APACHE_PLAIN},
        {"proxymatch", APACHE_PLAIN},
        {"requireall", APACHE_PLAIN},
        {"requireany", APACHE_PLAIN},
        {"requirenone", APACHE_PLAIN},
        {"authnprovideralias", APACHE_PLAIN},
        {"authzprovideralias", APACHE_PLAIN},
    };
    for (size_t i = 0; i < sizeof sections / sizeof *sections; i++)
        if (str_is(name, sections[i].name))
            return sections[i].section;
    return APACHE_STRANGE;
}

/* Takes "<NAME ARGUMENTS>" apart into r->name and the arguments, still one word. */
static bool read_opening(struct apache_reader *r, struct server_word *rest)
{
    struct str s = r->line.value;
    ptrdiff_t close = str_rchr(s, '>');
    size_t end = 1;
    while (end < s.n && !str_is_blank(s.p[end]) && s.p[end] != '>')
        end++;
    if (close < 0)
        return false;
    r->name = str_sub(s, 1, end);
    *rest = r->line;
    rest->value = str_sub(s, 0, (size_t)close < end ? end : (size_t)close);
    return true;
}

static void split(struct apache_reader *r, const struct server_word *line, size_t at)
{
    struct server_word w;
    r->args.n = 0;
    while (apache_word(r->note.arena, line, &at, &w))
        *vec_push(r->note.arena, &r->args) = w;
}

static void open_section(struct apache_reader *r)
{
    struct server_word rest;
    if (!read_opening(r, &rest)) {
        note_broken(&r->note, r->line.raw.from, "a section's '<' is not closed");
        return;
    }
    r->lower = str_lower(r->note.arena, r->name);
    split(r, &rest, r->name.n + 1);
    struct apache_level in = {.section = section_of(r->lower),
                              .name = r->name,
                              .ports = r->note.c->ports.n,
                              .at = r->line.raw};
    if (in.section == APACHE_STRANGE)
        note_unknown(&r->note, in.at.from, "the section <%s> is not known",
                     note_quote(&r->note, r->name));
    if (in.section == APACHE_VHOST)
        apache_hosts(r);
    else
        apache_directive(r);
    if (r->depth + 1 == SERVER_DEPTH_MAX)
        note_broken(&r->note, in.at.from, "sections are nested too deeply");
    else
        r->level[++r->depth] = in;
}

static void pop(struct apache_reader *r)
{
    struct apache_level *l = &r->level[r->depth--];
    struct server_config *c = r->note.c;
    if (l->section != APACHE_VHOST) { /* SSLEngine in a condition within a host */
        r->level[r->depth].tls |= l->tls;
        r->level[r->depth].named |= l->named;
        return;
    }
    /* Without a name of its own a host takes the port of its address for its own, too. */
    c->redirects_show_port |= !l->named && c->ports.n > l->ports;
    for (size_t i = l->ports; l->tls && i < c->ports.n; i++) {
        unsigned port = c->ports.v[i].port;
        c->ports.v[i].tls = true;
        r->tls_ports[port >> 3] |= (unsigned char)(1u << (port & 7));
    }
}

static void close_section(struct apache_reader *r)
{
    struct str s = r->line.value;
    struct str name = str_sub(s, 2, s.n - 1);
    if (!r->depth || !str_ends(s, STR(">")) || !str_eq_nocase(name, r->level[r->depth].name)) {
        note_broken(&r->note, r->line.raw.from, "'%s' closes nothing", note_quote(&r->note, s));
        return;
    }
    pop(r);
}

static void read_directive(struct apache_reader *r)
{
    struct server_word name = {0};
    size_t at = 0;
    apache_word(r->note.arena, &r->line, &at, &name);
    r->name = name.value;
    r->lower = str_lower(r->note.arena, r->name);
    split(r, &r->line, at);
    apache_directive(r);
}

/* What a virtual host says of a port holds for the Listen of that port. */
static void spread_tls(struct apache_reader *r)
{
    VEC_EACH (p, &r->note.c->ports)
        if (p->listens && (r->main_tls || r->tls_ports[p->port >> 3] >> (p->port & 7) & 1))
            p->tls = true;
}

struct server_config apache_read(struct arena *a, struct str text)
{
    struct server_config c;
    struct apache_reader *r = arena_new(a, struct apache_reader);
    if (!note_begin(&r->note, a, SERVER_APACHE, text, &c))
        return c;
    r->lex = (struct apache_lexer){.arena = a, .text = text};
    r->tls_ports = arena_alloc(a, 65536 / 8);
    while (!c.broken && apache_next(&r->lex)) {
        r->line = apache_resolve(r, &r->lex.line);
        if (str_starts(r->line.value, STR("</")))
            close_section(r);
        else if (str_starts(r->line.value, STR("<")))
            open_section(r);
        else if (r->line.value.n)
            read_directive(r);
    }
    if (r->depth && !c.broken)
        note_broken(&r->note, r->level[r->depth].at.from, "a section is not closed");
    while (r->depth)
        pop(r);
    r->main_tls |= r->level[0].tls;
    spread_tls(r);
    return c;
}
