/*
 * One pass over the directives with a stack of the blocks that are open. A file may be a whole
 * configuration, or a piece that stands in some block of another file: a server at the top is one
 * of http {}, a `listen` at the top belongs to a server around it.
 */
#include "server/nginx.h"

#include "server/nginx_reader.h"

static struct nginx_level *innermost(struct nginx_reader *r)
{
    return &r->level[r->depth];
}

static bool names_server_port(struct str s)
{
    return str_has(s, "$server_port") || str_has(s, "${server_port}");
}

/* ---- words of any directive */

static bool is_name(char c)
{
    return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_';
}

/* nginx's own variables are written in small letters, those of the environment in capitals. */
static bool is_environment(struct str name)
{
    bool capital = false;
    for (size_t i = 0; i < name.n; i++) {
        if (name.p[i] >= 'a' && name.p[i] <= 'z')
            return false;
        capital = capital || (name.p[i] >= 'A' && name.p[i] <= 'Z');
    }
    return capital && (name.p[0] < '0' || name.p[0] > '9');
}

/* Takes down `$NAME` and `${NAME}` in the word; `any`: nginx itself takes no variable here. */
static void note_variables(struct nginx_reader *r, const struct server_word *w, bool any)
{
    struct str s = w->value;
    for (size_t i = 0; i + 1 < s.n; i++) {
        if (s.p[i] != '$')
            continue;
        bool braces = s.p[i + 1] == '{';
        size_t from = i + 1 + braces, to = from;
        while (to < s.n && is_name(s.p[to]))
            to++;
        struct server_variable v = {.name = str_sub(s, from, to)};
        bool closed = !braces || (to < s.n && s.p[to] == '}');
        if (!v.name.n || !closed || (!any && !is_environment(v.name)))
            continue;
        note_span(w, i, to + braces, &v.at);
        *vec_push(r->note.arena, &r->note.c->variables) = v;
    }
}

static bool takes_no_variable(struct str name)
{
    static const char *const names[] = {"listen",  "pid",         "user",      "error_log",
                                        "include", "load_module", "lock_file", "worker_processes"};
    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        if (str_is(name, names[i]))
            return true;
    return str_ends(name, STR("_temp_path")) || str_ends(name, STR("_cache_path"));
}

/* Addresses that are networks, not hosts with ports; and what only goes to a log. */
static bool has_no_mentions(struct str name)
{
    return str_is(name, "listen") || str_is(name, "allow") || str_is(name, "deny") ||
           str_is(name, "set_real_ip_from") || str_is(name, "log_format");
}

static void look_at_words(struct nginx_reader *r)
{
    struct nginx_level *in = innermost(r);
    struct str name = r->lex.words.v[0].value;
    bool data = in->block == NGINX_DATA;
    bool compares = str_is(name, "if") && !data;
    bool any = !data && takes_no_variable(name), skip = !data && has_no_mentions(name);
    bool port = false;
    VEC_EACH (w, &r->lex.words)
        port = port || names_server_port(w->value);
    VEC_EACH (w, &r->lex.words) {
        note_variables(r, w, any);
        if (skip)
            continue;
        if ((compares && port) || (in->compares && w == r->lex.words.v))
            note_numbers(&r->note, w, SERVER_MENTION_COMPARE);
        else
            note_mentions(&r->note, w);
    }
    if (port && !skip && !compares && !str_is(name, "map"))
        r->note.c->tells_port = true;
}

/* ---- blocks */

static const struct {
    const char *name;
    enum nginx_block block;
} blocks[] = {
    {"http", NGINX_HTTP},        {"server", NGINX_SERVER},     {"location", NGINX_LOCATION},
    {"if", NGINX_LOCATION},      {"upstream", NGINX_UPSTREAM}, {"limit_except", NGINX_LOCATION},
    {"map", NGINX_DATA},         {"geo", NGINX_DATA},          {"types", NGINX_DATA},
    {"events", NGINX_PLAIN},     {"stream", NGINX_STREAM},     {"split_clients", NGINX_DATA},
    {"charset_map", NGINX_DATA}, {"mail", NGINX_MAIL},         {"geoip2", NGINX_DATA},
};

static enum nginx_block block_of(struct str name)
{
    for (size_t i = 0; i < sizeof blocks / sizeof *blocks; i++)
        if (str_is(name, blocks[i].name))
            return blocks[i].block;
    return NGINX_STRANGE;
}

static void open_block(struct nginx_reader *r)
{
    struct str name = r->lex.words.v[0].value;
    const struct nginx_level *outer = innermost(r);
    struct nginx_level in = {.block = block_of(name),
                             .family = outer->block,
                             .ports = r->note.c->ports.n,
                             .at = r->lex.whole};
    if (outer->block == NGINX_DATA)
        note_broken(&r->note, in.at.from, "a block stands where there is data");
    else if (in.block == NGINX_STRANGE && outer->block != NGINX_STRANGE)
        note_unknown(&r->note, in.at.from, "the block '%s' is not known",
                     note_quote(&r->note, name));
    if (str_is(name, "map") && r->lex.words.n > 1)
        in.compares = names_server_port(r->lex.words.v[1].value);
    if (str_is(name, "geoip2") && r->lex.words.n > 1)
        note_path(&r->note, SERVER_ROOT, name, &r->lex.words.v[1], 0, r->lex.words.v[1].value.n);
    if (r->depth + 1 == SERVER_DEPTH_MAX) {
        note_broken(&r->note, in.at.from, "blocks are nested too deeply");
        return;
    }
    r->level[++r->depth] = in;
}

static unsigned flags_bit(unsigned bare, unsigned whole)
{
    return 1u << (bare * 3 + whole);
}

/* What stands in the block, with what the block itself says where they say nothing. */
static uint16_t inherit(const struct nginx_level *l, uint16_t redirects)
{
    uint16_t out = 0;
    for (unsigned bare = 0; bare < 3; bare++)
        for (unsigned whole = 0; whole < 3; whole++)
            if (redirects & flags_bit(bare, whole))
                out |= (uint16_t)flags_bit(bare ? bare : l->bare, whole ? whole : l->whole);
    return out;
}

/* A server without `listen` takes port 80. */
static void end_server(struct nginx_reader *r, const struct nginx_level *l)
{
    struct server_config *c = r->note.c;
    for (size_t i = l->ports; l->ssl && i < c->ports.n; i++)
        c->ports.v[i].tls = true;
    if (c->broken || l->listens || (l->family != NGINX_HTTP && l->family != NGINX_TOP))
        return;
    note_port(&r->note, (struct server_port){
                            .port = 80,
                            .at = l->at,
                            .number = span_make(l->at.from, l->at.from),
                            .listens = true,
                            .tls = l->ssl,
                            .conditional = l->includes,
                            .fixed = "this server has no listen: it takes port 80 when it is "
                                     "started by root, and 8000 otherwise",
                        });
}

static void close_block(struct nginx_reader *r)
{
    struct nginx_level *l = innermost(r);
    uint16_t redirects = l->redirects;
    if (l->block == NGINX_SERVER)
        end_server(r, l);
    if (l->block == NGINX_LOCATION || (l->block == NGINX_TOP && l->listens) ||
        (l->block == NGINX_SERVER && l->family != NGINX_STREAM && l->family != NGINX_MAIL))
        redirects |= (uint16_t)flags_bit(NGINX_UNSET, NGINX_UNSET);
    redirects = inherit(l, redirects);
    if (r->depth) {
        r->level[--r->depth].redirects |= redirects;
        return;
    }
    struct nginx_level usual = {.bare = NGINX_ON, .whole = NGINX_ON};
    r->note.c->redirects_show_port = inherit(&usual, redirects) & flags_bit(NGINX_ON, NGINX_ON);
}

static bool is_lua_block(struct str name)
{
    return str_ends(name, STR("_by_lua_block"));
}

/* False when nothing more can be read. */
static bool step(struct nginx_reader *r, enum nginx_end end)
{
    if (end == NGINX_EOF)
        return false;
    if (end == NGINX_BAD) {
        note_broken(&r->note, r->lex.at, "%s", r->lex.wrong);
        return false;
    }
    if (end == NGINX_CLOSE) {
        if (r->depth)
            close_block(r);
        else
            note_broken(&r->note, r->lex.whole.to, "a '}' closes nothing");
        return !r->note.c->broken;
    }
    look_at_words(r);
    if (end == NGINX_OPEN && is_lua_block(r->lex.words.v[0].value)) {
        note_unknown(&r->note, r->lex.whole.from, "Lua can do anything");
        if (!nginx_skip_lua(&r->lex))
            note_broken(&r->note, r->lex.whole.from, "%s", r->lex.wrong);
    } else if (end == NGINX_OPEN) {
        open_block(r);
    } else {
        nginx_directive(r);
    }
    return !r->note.c->broken;
}

struct server_config nginx_read(struct arena *a, struct str text)
{
    struct server_config c;
    struct nginx_reader *r = arena_new(a, struct nginx_reader);
    if (!note_begin(&r->note, a, SERVER_NGINX, text, &c))
        return c;
    r->lex = (struct nginx_lexer){.arena = a, .text = text};
    while (step(r, nginx_next(&r->lex)))
        ;
    if (r->depth && !c.broken)
        note_broken(&r->note, r->level[r->depth].at.from, "a block is not closed");
    while (r->depth)
        close_block(r);
    close_block(r); /* the file as a whole */
    return c;
}
