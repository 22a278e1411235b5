/*
 * Variables: ENV PORT=80, also where the number comes from an ARG or another ENV, and EXPOSE and
 * HEALTHCHECK, which may use them.
 */
#include "dockerfile/json.h"
#include "unit/locate.h"
#include "unit/port_find.h"

enum { FOLLOW_MAX = 4 };

static const struct port_text *text_of(struct finder *f, struct df_item *item)
{
    struct port_text *t = arena_new(f->u->arena, struct port_text);
    *t = (struct port_text){.item = item, .text = item->node.rest};
    return t;
}

/* ---- where a variable is set ---------------------------------------------------------------- */

/* The value of `name` in the arguments of ENV or ARG: NAME=VALUE words, or NAME VALUE. */
static bool value_in(struct str rest, struct str name, bool old_form, struct span *out)
{
    size_t i = 0;
    bool found = false;
    while (i < rest.n) {
        while (i < rest.n && str_is_blank(rest.p[i]))
            i++;
        size_t begin = i;
        char quote = 0;
        for (; i < rest.n && (quote || !str_is_blank(rest.p[i])); i++) {
            char c = rest.p[i];
            if (c == '\\' && quote != '\'')
                i++;
            else if (quote && c == quote)
                quote = 0;
            else if (!quote && (c == '"' || c == '\''))
                quote = c;
        }
        struct str word = str_sub(rest, begin, i);
        ptrdiff_t eq = str_chr(word, '=');
        if (eq > 0 && str_eq(str_sub(word, 0, (size_t)eq), name)) {
            *out = span_make(begin + (size_t)eq + 1, i < rest.n ? i : rest.n);
            found = true;
        } else if (eq < 0 && old_form && !begin && str_eq(word, name)) {
            while (i < rest.n && str_is_blank(rest.p[i]))
                i++;
            *out = span_make(i, rest.n);
            return true;
        }
    }
    return found;
}

struct definition {
    struct df_item *item; /* NULL: none in the file */
    struct stage *stage;
    struct span value;
};

/* The last one in the stage's chain in front of `before`; NULL: of all. */
static struct definition find_definition(struct stage *s, struct str name,
                                         const struct df_item *before)
{
    struct definition d = {0};
    bool behind = before != NULL;
    for (; s; s = s->parent)
        for (size_t i = s->steps.n; i-- > 0;) {
            struct df_item *it = s->steps.v[i].item;
            enum df_cmd cmd = it->node.cmd;
            if (behind) {
                behind = it != before;
                continue;
            }
            if ((cmd == DF_ENV || cmd == DF_ARG) &&
                value_in(it->node.rest, name, cmd == DF_ENV, &d.value)) {
                d.item = it;
                d.stage = s;
                return d;
            }
        }
    return d;
}

static bool is_shared(const struct finder *f, const struct stage *owner)
{
    if (owner == f->s)
        return false;
    VEC_EACH (it, &f->u->graph->stages)
        for (const struct stage *p = (*it)->parent; p && *it != f->s; p = p->parent)
            if (p == owner)
                return true;
    return false;
}

/* The name in "$NAME" and "${NAME…" at the byte `at`. */
static struct str reference(struct str s, size_t at)
{
    size_t from = at + 1 + (at + 1 < s.n && s.p[at + 1] == '{'), to = from;
    while (to < s.n && (s.p[to] == '_' || (s.p[to] >= '0' && s.p[to] <= '9') ||
                        ((s.p[to] | 0x20) >= 'a' && (s.p[to] | 0x20) <= 'z')))
        to++;
    return str_sub(s, from, to);
}

static bool follow(struct finder *f, struct stage *s, struct str name, enum port_role role,
                   uint32_t port, const struct df_item *before, unsigned depth);

/* The number in [from, to) of the item's arguments, or where the variables in it come from. */
static bool find_number(struct finder *f, struct stage *owner, struct df_item *item,
                        struct span where, enum port_role role, uint32_t port, unsigned depth)
{
    struct str rest = str_sub(item->node.rest, 0, where.to);
    struct span number;
    uint32_t value;
    bool found = false;
    for (size_t at = where.from; port_next_number(rest, &at, &number, &value);) {
        if (value != port || number.from < where.from)
            continue;
        const struct port_text *t = text_of(f, item);
        if (is_shared(f, owner))
            ((struct port_text *)t)->fixed = "it stands in a stage that others build on";
        port_add_site(f, role, port, t, (ptrdiff_t)number.from, number.to - number.from);
        found = true;
    }
    for (size_t i = where.from; !found && i < rest.n; i++)
        if (rest.p[i] == '$')
            found = follow(f, owner, reference(rest, i), role, port, item, depth + 1);
    return found;
}

static bool follow(struct finder *f, struct stage *s, struct str name, enum port_role role,
                   uint32_t port, const struct df_item *before, unsigned depth)
{
    struct definition d = find_definition(s, name, before);
    if (!d.item || depth > FOLLOW_MAX)
        return false;
    return find_number(f, d.stage, d.item, d.value, role, port, depth);
}

/* A variable of the base image: it is set anew. */
static bool of_base(struct finder *f, struct str name, enum port_role role, uint32_t port)
{
    const struct facts *facts = unit_facts(f->u, f->s);
    VEC_EACH (e, &facts->env) {
        struct span number;
        uint32_t value;
        size_t at = 0;
        if (!str_eq(e->name, name))
            continue;
        while (port_next_number(e->value, &at, &number, &value)) {
            if (value != port)
                continue;
            *vec_push(f->u->arena, &f->sites) = (struct port_site){
                .role = role,
                .port = port,
                .at = number.from,
                .digits = str_sub(e->value, number.from, number.to),
                .name = e->name,
                .value = e->value,
                .fixed = str_chr(e->value, ' ') < 0 ? NULL : "its value has blanks"};
            return true;
        }
    }
    return false;
}

bool port_find_variable(struct finder *f, struct str name, enum port_role role, uint32_t port)
{
    struct definition d = find_definition(f->s, name, NULL);
    if (!d.item)
        return unit_facts(f->u, f->s) && of_base(f, name, role, port);
    return find_number(f, d.stage, d.item, d.value, role, port, 0);
}

/* Many a variable with such a name is about somebody else's port. Is there more to say that this
 * one is the program's own? */
static bool is_own(const struct finder *f, struct str name, uint32_t port)
{
    bool exposes = false;
    VEC_EACH (p, &f->s->ports) {
        exposes |= p->item != NULL;
        if (p->from == port && p->item)
            return true;
    }
    if (str_is(name, "PORT"))
        return true;
    if (str_starts(name, STR("ASPNETCORE_"))) /* else the program itself has another port */
        return !exposes || find_definition(f->s, name, NULL).item;
    VEC_EACH (t, &f->texts)
        if (str_find((*t)->text, name) >= 0)
            return true;
    VEC_EACH (src, &f->sources)
        if (str_find(src->text, name) >= 0)
            return true;
    return false;
}

void port_find_variables(struct finder *f)
{
    if (f->s->vars.n > PORT_VARIABLES_MAX)
        port_stays(f, NULL, "more than %d variables are set", PORT_VARIABLES_MAX);
    for (size_t i = 0; i < f->s->vars.n && !f->out->stays; i++) {
        const struct stage_var *v = &f->s->vars.v[i];
        struct span number;
        uint32_t port;
        size_t at = 0;
        bool later = false;
        for (size_t k = i + 1; k < f->s->vars.n; k++)
            later |= str_eq(f->s->vars.v[k].name, v->name);
        if (later || !v->value.known)
            continue;
        while (port_in_variable(v->name, v->value.text, &at, &number, &port)) {
            if (!is_own(f, v->name, port))
                continue;
            *vec_push(f->u->arena, &f->listeners) = v->name;
            if (f->listeners.n > PORT_LISTENERS_MAX)
                port_stays(f, NULL, "more than %d variables have ports", PORT_LISTENERS_MAX);
            if (!port_find_variable(f, v->name, PORT_LISTENS, port) && port < 1024)
                port_stays(f, NULL, "where '%.*s' gets its number is not seen", STR_ARG(v->name));
        }
    }
}

/* ---- EXPOSE --------------------------------------------------------------------------------- */

static struct stage *owner_of(const struct finder *f, const struct df_item *item)
{
    for (struct stage *s = f->s; s; s = s->parent)
        for (struct df_item *it = s->from; it && it != s->end; it = it->next)
            if (it == item)
                return s;
    return f->s;
}

void port_find_exposed(struct finder *f)
{
    if (f->s->ports.n > PORT_SITES_MAX) {
        port_stays(f, NULL, "more than %d ports are exposed", PORT_SITES_MAX);
        return;
    }
    VEC_EACH (p, &f->s->ports) {
        if (f->out->stays)
            return;
        struct str rest = p->item ? p->item->node.rest : STR("");
        if (!p->item)
            continue;
        if (p->from != p->to) {
            if (p->from < 1024)
                port_stays(f, p->item, "EXPOSE has a range of ports");
        } else if (!find_number(f, owner_of(f, p->item), p->item, span_make(0, rest.n),
                                PORT_EXPOSED, p->from, 0) &&
                   p->from < 1024) {
            port_stays(f, p->item, "where this EXPOSE gets its number is not seen");
        }
    }
}

/* ---- HEALTHCHECK ---------------------------------------------------------------------------- */

/* Scripts of the health check: they may ask for the port as well. */
static void health_files(struct finder *f, struct df_item *item, struct str text)
{
    struct str word;
    struct str dir = f->s->workdir.known ? f->s->workdir.path : STR("/");
    for (size_t i = 0; i < text.n; i++)
        if (strchr("\"',[]", text.p[i])) {
            char *copy = arena_bytes(f->u->arena, text.n);
            for (size_t k = 0; k < text.n; k++)
                copy[k] = (char)(strchr("\"',[]", text.p[k]) && text.p[k] ? ' ' : text.p[k]);
            text = str_make(copy, text.n);
            break;
        }
    while (str_split(&text, ' ', &word)) {
        bool path =
            word.n > 1 && word.p[0] != '-' && str_chr(word, ':') < 0 &&
            (word.p[0] == '/' || str_starts(word, STR("./")) || str_ends(word, STR(".sh")) ||
             str_ends(word, STR(".js")) || str_ends(word, STR(".py")));
        if (!path || str_starts(word, STR("/dev/")) || str_starts(word, STR("/bin/")) ||
            str_starts(word, STR("/usr/bin/")) || str_starts(word, STR("/tmp/")))
            continue;
        if (f->files++ >= PORT_FILES_MAX) {
            port_stays(f, item, "the health check names more than %d files", PORT_FILES_MAX);
            return;
        }
        struct located where = locate_file(f->u, f->s, stage_join(f->u->arena, dir, word));
        bool seen = (where.kind == LOCATED_CONTEXT || where.kind == LOCATED_TEXT) && where.text.p;
        if (!seen && where.kind != LOCATED_NOWHERE)
            port_stays(f, item, "what the health check starts was not read");
        else if (seen)
            *vec_push(f->u->arena, &f->sources) =
                (struct port_source){where.path, where.text, item};
    }
}

/* `curl localhost` means port 80, `pg_isready -h localhost` does not. */
static bool is_implied(struct str text, struct span number)
{
    struct str before = str_sub(text, 0, number.from);
    ptrdiff_t scheme = str_find(before, STR("://"));
    return number.from != number.to || scheme >= 0 || str_has(text, "curl") ||
           str_has(text, "wget");
}

void port_find_health(struct finder *f)
{
    struct df_item *item = f->s->healthcheck;
    struct span number;
    uint32_t port;
    size_t at = 0;
    if (!item || str_eq_nocase(item->node.rest, STR("NONE")))
        return;
    struct port_text *t = (struct port_text *)text_of(f, item);
    if (is_shared(f, owner_of(f, item)))
        t->fixed = "it stands in a stage that others build on";
    *vec_push(f->u->arena, &f->texts) = t;
    while (port_next_self(t->text, &at, &number, &port))
        if (is_implied(t->text, number))
            port_add_site(f, PORT_NAMED, port, t, (ptrdiff_t)number.from, number.to - number.from);
    health_files(f, item, str_from(t->text, 3));
}

/* ---- LABEL ---------------------------------------------------------------------------------- */

/* LABEL traefik.http.services.shop.loadbalancer.server.port=80 */
void port_find_labels(struct finder *f)
{
    for (struct df_item *it = df_next(f->s->from); it && it != f->s->end; it = df_next(it)) {
        struct span number;
        uint32_t port;
        struct str rest = it->node.rest;
        if (it->node.cmd != DF_LABEL)
            continue;
        for (size_t at = 0; port_next_number(rest, &at, &number, &port);) {
            struct str before = str_sub(rest, 0, number.from);
            while (before.n && strchr("\"'= ", before.p[before.n - 1]))
                before.n--;
            if (str_ends(before, STR("port")) && before.n < number.from)
                port_add_site(f, PORT_NAMED, port, text_of(f, it), (ptrdiff_t)number.from,
                              number.to - number.from);
        }
    }
}
