/*
 * The words of the file are read first, then taken apart: options (a block in front without an
 * address), snippets, named routes and sites. Blocks are followed with a stack. A snippet is read
 * where it is defined; what it says of sockets counts where it is imported.
 */
#include "server/caddy.h"

#include "server/caddy_reader.h"

static const struct caddy_token *token(const struct caddy_reader *r)
{
    return r->at < r->tokens.n ? &r->tokens.v[r->at] : NULL;
}

static void broken(struct caddy_reader *r, const char *why)
{
    size_t at = r->at < r->tokens.n ? r->tokens.v[r->at].word.raw.from : r->note.text.n;
    note_broken(&r->note, at, "%s", why);
}

/* Takes the words up to a brace or the end of the line. */
static void take_line(struct caddy_reader *r)
{
    const struct caddy_token *t;
    r->line.n = 0;
    while ((t = token(r)) && !caddy_is_open(t) && !caddy_is_close(t) && (!t->first || !r->line.n)) {
        if (!t->quote && str_is(t->word.value, "{}"))
            broken(r, "a '{}' is no block");
        *vec_push(r->note.arena, &r->line) = *t;
        r->at++;
    }
}

/* At a "{" behind a line: goes behind it. It must be the last word of that line. */
static bool take_open(struct caddy_reader *r)
{
    const struct caddy_token *t = token(r);
    if (!t || !caddy_is_open(t))
        return false;
    if (t->first && r->line.n)
        broken(r, "a '{' stands on a line of its own");
    r->at++;
    if (token(r) && !token(r)->first && !caddy_is_close(token(r)))
        broken(r, "something stands behind a '{'");
    return !r->note.c->broken;
}

/* Reads a block up to its "}", or, without braces, the rest of the file. */
static void read_block(struct caddy_reader *r, enum caddy_block in, bool braces)
{
    enum caddy_block stack[SERVER_DEPTH_MAX];
    size_t depth = 0;
    stack[0] = in;
    while (token(r) && !r->note.c->broken) {
        if (caddy_is_close(token(r))) {
            if (!depth && (!braces || !token(r)->first)) {
                broken(r, "a '}' closes nothing");
                return;
            }
            r->at++;
            if (!depth)
                return;
            depth--;
            continue;
        }
        take_line(r);
        if (!r->line.n) {
            broken(r, "a block has no name");
            return;
        }
        enum caddy_block inside = caddy_line(r, stack[depth]);
        if (!take_open(r))
            continue;
        if (depth + 1 == SERVER_DEPTH_MAX) {
            broken(r, "blocks are nested too deeply");
            return;
        }
        stack[++depth] = inside;
    }
    if (!r->note.c->broken && (depth || braces))
        broken(r, "a block is not closed");
}

/* Addresses up to "{" or the end of a line without a comma. */
static void read_keys(struct caddy_reader *r, caddy_tokens *keys)
{
    bool more = false;
    const struct caddy_token *t;
    while ((t = token(r)) && (more || !t->first || !keys->n)) {
        struct str s = t->word.value;
        if (caddy_is_open(t)) {
            if (more)
                broken(r, "an address is missing behind a comma");
            return;
        }
        if (caddy_is_close(t) || (!t->quote && str_ends(s, STR("{"))) || str_starts(s, STR("@"))) {
            broken(r, "this is no address of a site");
            return;
        }
        more = str_ends(s, STR(","));
        if (str_chr(str_sub(s, 0, s.n - more), ',') >= 0)
            note_unknown(&r->note, t->word.raw.from, "an address with a comma in it");
        *vec_push(r->note.arena, keys) = *t;
        r->at++;
    }
    if (more)
        broken(r, "an address is missing behind a comma");
}

static bool in_parentheses(const struct caddy_token *t, const char *before, struct str *name)
{
    struct str s = t->word.value;
    size_t n = strlen(before);
    if (!str_starts(s, str_of(before)) || !str_ends(s, STR(")")) || s.n <= n)
        return false;
    *name = str_sub(s, n, s.n - 1);
    return true;
}

static void read_snippet(struct caddy_reader *r, struct str name)
{
    struct caddy_sockets says = {0};
    r->says = &says;
    read_block(r, CADDY_SNIPPET, true);
    if (r->snippets == CADDY_SNIPPETS_MAX)
        broken(r, "there are too many snippets");
    else
        r->snippet[r->snippets++] = (struct caddy_snippet){.name = name, .says = says};
}

/* `import` where sites stand. */
static void top_import(struct caddy_reader *r)
{
    take_line(r);
    if (r->line.n < 2 || (token(r) && caddy_is_open(token(r)))) {
        broken(r, "this import is not understood");
        return;
    }
    const struct server_word *w = &r->line.v[1].word;
    for (size_t i = 0; i < r->snippets; i++)
        if (str_eq(r->snippet[i].name, w->value)) {
            note_unknown(&r->note, w->raw.from, "a snippet stands where sites do");
            return;
        }
    note_include(&r->note, w, str_chr(w->value, '*') >= 0, false);
}

static void read_site(struct caddy_reader *r)
{
    caddy_tokens keys = {0};
    struct caddy_sockets says = {0};
    struct str name;
    read_keys(r, &keys);
    if (r->note.c->broken)
        return;
    r->line.n = 0;
    bool braces = take_open(r);
    bool route = keys.n == 1 && in_parentheses(&keys.v[0], "&(", &name);
    if (keys.n == 1 && !route && in_parentheses(&keys.v[0], "(", &name)) {
        if (braces)
            read_snippet(r, name);
        else
            broken(r, "a snippet has no block");
        return;
    }
    r->says = &says;
    read_block(r, CADDY_SITE, braces);
    r->sites |= !route;
    if (!route)
        caddy_site(r, &keys, &says);
}

/* JSON begins with "{" too, but has a quote or nothing in it then. */
static bool is_json(struct str text)
{
    struct str s = str_trim(text);
    if (!str_starts(s, STR("{")))
        return false;
    s = str_trim(str_from(s, 1));
    return str_starts(s, STR("\"")) || str_is(s, "}");
}

static void read_all(struct caddy_reader *r)
{
    if (token(r) && caddy_is_open(token(r))) {
        struct caddy_sockets says = {0};
        r->says = &says;
        if (take_open(r))
            read_block(r, CADDY_GLOBAL, true);
    }
    while (token(r) && !r->note.c->broken) {
        if (caddy_is_open(token(r)))
            broken(r, "options must stand in front of everything else");
        else if (str_is(token(r)->word.value, "import") && token(r)->first)
            top_import(r);
        else
            read_site(r);
    }
}

struct server_config caddy_read(struct arena *a, struct str text)
{
    struct server_config c;
    struct caddy_reader *r = arena_new(a, struct caddy_reader);
    if (!note_begin(&r->note, a, SERVER_CADDY, text, &c))
        return c;
    if (is_json(text)) {
        note_broken(&r->note, 0, "it is JSON and no Caddyfile");
        return c;
    }
    r->tls_ports = arena_alloc(a, 65536 / 8);
    if (caddy_lex(&r->note, &r->tokens))
        read_all(r);
    caddy_finish(r);
    return c;
}
