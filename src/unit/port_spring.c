/*
 * Spring Boot's server.port in the sources that the Dockerfile builds: the one file in its usual
 * place, and the one line that says a plain number.
 */
#include "base/utf8.h"
#include "unit/port_find.h"

#define RESOURCES "src/main/resources"

enum { NAMES_MAX = 200 };

static bool starts_java(const struct finder *f)
{
    VEC_EACH (c, &f->commands)
        VEC_EACH (w, &c->words)
            if (str_is(str_basename(w->value), "java"))
                return true;
    return false;
}

/* A jar that lies in the context was built before, from whatever. */
static bool is_built_here(const struct finder *f)
{
    VEC_EACH (s, &f->u->graph->stages)
        VEC_EACH (step, &(*s)->steps) {
            enum df_cmd cmd = step->item->node.cmd;
            struct str text = step->item->node.rest;
            if (cmd == DF_RUN && (str_has(text, "mvn") || str_has(text, "gradle")))
                return true;
        }
    return false;
}

static bool is_configuration(struct str name)
{
    return str_starts(name, STR("application")) &&
           (str_ends(name, STR(".properties")) || str_ends(name, STR(".yml")) ||
            str_ends(name, STR(".yaml")));
}

/* The value behind `key` in a line, where the line begins with it. */
static bool value_behind(struct str line, const char *key, const char *separators, size_t *at)
{
    size_t i = strlen(key);
    if (!str_starts(line, str_of(key)))
        return false;
    while (i < line.n && line.p[i] == ' ')
        i++;
    if (i >= line.n || !strchr(separators, line.p[i]))
        return false;
    for (i++; i < line.n && line.p[i] == ' ';)
        i++;
    *at = i;
    return true;
}

/* Where the value of server.port begins; -1: it is not there, or not in this simple form. */
static ptrdiff_t find_value(struct str text, bool yaml)
{
    struct str rest = text, line;
    bool server = false;
    while (str_split(&rest, '\n', &line)) {
        size_t at;
        if (!yaml && value_behind(line, "server.port", "=:", &at))
            return line.p + at - text.p;
        if (yaml && server &&
            (value_behind(line, "  port", ":", &at) || value_behind(line, "    port", ":", &at)))
            return line.p + at - text.p;
        struct str trimmed = str_trim(line);
        if (yaml && trimmed.n && line.p[0] != ' ' && line.p[0] != '#')
            server = str_is(trimmed, "server:");
    }
    return -1;
}

static void read_file(struct finder *f, struct str path)
{
    struct arena *a = f->u->arena;
    struct str text = context_read(f->u->context, path);
    ptrdiff_t at = text.p ? find_value(text, !str_ends(path, STR(".properties"))) : -1;
    if (at < 0)
        return;
    struct str value = str_from(text, (size_t)at);
    ptrdiff_t end = str_chr(value, '\n');
    uint64_t port;
    value = str_trim(end < 0 ? value : str_sub(value, 0, (size_t)end));
    if (!str_to_u64(value, 65535, &port) || !port) {
        port_stays(f, NULL, "'%s' says server.port: %s", utf8_safe(a, path, 80).p,
                   utf8_safe(a, value, 40).p);
        return;
    }
    struct port_text *t = arena_new(a, struct port_text);
    *t = (struct port_text){.path = path, .text = text};
    port_add_site(f, PORT_LISTENS, (uint32_t)port, t, at, value.n);
}

void port_find_spring(struct finder *f)
{
    struct context *c = f->u->context;
    if (!c || !starts_java(f) || !is_built_here(f))
        return;
    const struct context_folder *folder = context_list(c, STR(RESOURCES));
    for (size_t i = 0; i < folder->n && i < NAMES_MAX; i++)
        if (is_configuration(folder->names[i]))
            read_file(f, str_fmt(f->u->arena, RESOURCES "/%.*s", STR_ARG(folder->names[i])));
}
