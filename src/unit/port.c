/*
 * What listens below 1024 is found first, then everything that names such a port; only when all of
 * that can be replaced does anything move.
 */
#include "unit/port.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/utf8.h"
#include "unit/account.h"
#include "unit/port_find.h"

enum { LOW = 1024, SSH = 22, STEP = 10000, TRIES = 4 };

void port_stays(struct finder *f, const struct df_item *at, const char *fmt, ...)
{
    char text[400];
    va_list ap;
    if (f->out->stays)
        return;
    va_start(ap, fmt);
    vsnprintf(text, sizeof text, fmt, ap);
    va_end(ap);
    f->out->stays = utf8_safe(f->u->arena, str_of(text), 0).p;
    f->out->at = at;
}

void port_add_site(struct finder *f, enum port_role role, uint32_t port, const struct port_text *in,
                   ptrdiff_t at, size_t n)
{
    struct port_site s = {.role = role, .port = port, .in = in, .fixed = in->fixed};
    if (at < 0)
        s.fixed = "the number is broken up by quotes";
    else {
        s.at = (size_t)at;
        s.digits = str_sub(in->text, s.at, s.at + n);
    }
    VEC_EACH (old, &f->sites)
        if (old->in && at >= 0 && old->at == s.at && old->in->item == in->item &&
            str_eq(old->in->path, in->path)) {
            if (role < old->role)
                old->role = role;
            return;
        }
    if (f->sites.n >= PORT_SITES_MAX)
        port_stays(f, in->item, "there are more than %d places with ports", PORT_SITES_MAX);
    else
        *vec_push(f->u->arena, &f->sites) = s;
}

/* ---- is everything understood --------------------------------------------------------------- */

static bool listens(const struct finder *f, uint32_t port)
{
    VEC_EACH (s, &f->sites)
        if (s->role == PORT_LISTENS && s->port == port)
            return true;
    return false;
}

static bool is_low(uint32_t port)
{
    return port && port < LOW && port != SSH;
}

static bool is_known(const struct finder *f, const struct port_text *t, size_t at)
{
    VEC_EACH (s, &f->sites)
        if (s->in && s->in->item == t->item && str_eq(s->in->path, t->path) && s->at == at)
            return true;
    return false;
}

/* The number occurs where it may be the port, or something else. */
static void check_texts(struct finder *f, uint32_t port)
{
    VEC_EACH (t, &f->texts) {
        struct span number;
        uint32_t value;
        for (size_t at = 0; port_next_number((*t)->text, &at, &number, &value);)
            if (value == port && !is_known(f, *t, number.from))
                port_stays(f, (*t)->item, "a number %u%s is not known to be the port", port,
                           (*t)->item ? "" : " in a start script");
    }
}

/* A program's own text. A line that takes the number from a variable which says it is fine. */
static void check_sources(struct finder *f, uint32_t port)
{
    VEC_EACH (src, &f->sources) {
        struct str rest = src->text, line;
        while (str_split(&rest, '\n', &line)) {
            bool fine = !port_occurs(line, port);
            for (size_t i = 0; i < f->listeners.n; i++)
                fine |= str_find(line, f->listeners.v[i]) >= 0;
            if (!fine)
                port_stays(f, src->item, "'%s' has the number %u in it",
                           utf8_safe(f->u->arena, src->path, 80).p, port);
        }
    }
}

static bool is_listener(const struct finder *f, struct str name)
{
    for (size_t i = 0; i < f->listeners.n; i++)
        if (str_eq(f->listeners.v[i], name))
            return true;
    return false;
}

/* Another variable that names the port of this machine: who reads it is not known. */
static void check_variables(struct finder *f, uint32_t from)
{
    for (size_t i = 0; i < f->s->vars.n; i++) {
        const struct stage_var *v = &f->s->vars.v[i];
        struct span number;
        uint32_t port;
        for (size_t at = 0; port_next_self(v->value.text, &at, &number, &port);)
            if (port == from && number.from < number.to && !is_listener(f, v->name))
                port_stays(f, NULL, "'%s' names port %u of this machine, too",
                           utf8_safe(f->u->arena, v->name, 40).p, from);
    }
}

/* Kestrel listens where this says and nowhere else, whatever EXPOSE says. */
static bool is_all(const struct finder *f)
{
    for (size_t i = 0; i < f->listeners.n; i++)
        if (str_is(f->listeners.v[i], "ASPNETCORE_URLS"))
            return true;
    return f->conf != NULL;
}

static void check_exposed(struct finder *f)
{
    if (is_all(f))
        return;
    VEC_EACH (s, &f->sites)
        if (s->role == PORT_EXPOSED && is_low(s->port) && !listens(f, s->port))
            port_stays(f, s->in->item, "what listens on port %u is not seen here", s->port);
}

/* ---- where to ------------------------------------------------------------------------------- */

static bool is_used(const struct finder *f, uint32_t port)
{
    VEC_EACH (s, &f->sites)
        if (s->port == port)
            return true;
    VEC_EACH (t, &f->texts)
        if (port_occurs((*t)->text, port))
            return true;
    VEC_EACH (src, &f->sources)
        if (port_occurs(src->text, port))
            return true;
    VEC_EACH (m, &f->out->moves)
        if (m->to == port)
            return true;
    for (size_t i = 0; i < f->s->vars.n; i++)
        if (port_occurs(f->s->vars.v[i].value.text, port))
            return true;
    return port_server_uses(f, port);
}

static uint32_t target(const struct finder *f, uint32_t from)
{
    uint32_t to = from == 80 ? 8080 : from == 443 ? 8443 : from + 8000;
    for (int i = 0; i < TRIES; i++, to += STEP)
        if (!is_used(f, to))
            return to;
    return 0;
}

/* ---- edits ---------------------------------------------------------------------------------- */

static bool is_in_one_piece(const struct port_site *s)
{
    size_t from = df_rest_raw(s->in->item, s->at);
    return df_rest_raw(s->in->item, s->at + s->digits.n - 1) - from == s->digits.n - 1;
}

static void move_site(struct finder *f, const struct port_site *s, uint32_t to)
{
    struct arena *a = f->u->arena;
    struct str number = str_fmt(a, s->digits.n ? "%u" : ":%u", to);
    if (s->in && s->in->item && s->digits.n && !is_in_one_piece(s)) {
        port_stays(f, s->in->item, "the number is broken up by the end of a line");
    } else if (s->fixed) {
        port_stays(f, s->in ? s->in->item : NULL, "port %u: %s", s->port, s->fixed);
    } else if (s->name.n) {
        *vec_push(a, &f->out->variables) =
            str_fmt(a, "%.*s=%.*s%.*s%.*s", STR_ARG(s->name), STR_ARG(str_sub(s->value, 0, s->at)),
                    STR_ARG(number), STR_ARG(str_from(s->value, s->at + s->digits.n)));
    } else if (s->in) {
        *vec_push(a, &f->out->edits) = (struct port_edit){.item = s->in->item,
                                                          .path = s->in->path,
                                                          .at = s->at,
                                                          .old = s->digits,
                                                          .with = number};
    }
}

static void move(struct finder *f, uint32_t from)
{
    uint32_t to = target(f, from);
    if (!to) {
        port_stays(f, NULL, "the ports that it could move to are in use");
        return;
    }
    check_texts(f, from);
    check_sources(f, from);
    check_variables(f, from);
    *vec_push(f->u->arena, &f->out->moves) = (struct port_move){from, to};
    VEC_EACH (s, &f->sites)
        if (s->port == from)
            move_site(f, s, to);
    port_move_server(f, from, to);
}

static int by_port(const void *x, const void *y)
{
    const struct port_move *a = x, *b = y;
    return (a->from > b->from) - (a->from < b->from);
}

static void move_all(struct finder *f)
{
    VEC(uint32_t) low = {0};
    VEC_EACH (s, &f->sites) {
        bool seen = false;
        VEC_EACH (p, &low)
            seen |= *p == s->port;
        if (!seen && s->role == PORT_LISTENS && is_low(s->port))
            *vec_push(f->u->arena, &low) = s->port;
    }
    f->out->none_low = !low.n && f->conf;
    if (f->out->none_low)
        port_stays(f, NULL, "nothing listens below 1024");
    else if (!low.n)
        port_stays(f, NULL, "nothing is seen that listens below 1024");
    if (low.n > PORT_LISTENERS_MAX)
        port_stays(f, NULL, "it listens on more than %d ports", PORT_LISTENERS_MAX);
    VEC_EACH (p, &low)
        if (!f->out->stays)
            move(f, *p);
    if (f->out->moves.n)
        qsort(f->out->moves.v, f->out->moves.n, sizeof *f->out->moves.v, by_port);
}

struct ports *port_survey(struct unit *u, struct stage *s)
{
    struct ports *out = arena_new(u->arena, struct ports);
    struct finder f = {.u = u, .s = s, .out = out};
    *out = (struct ports){0};
    port_find_commands(&f);
    port_find_server(&f);
    if (!f.conf)
        port_find_variables(&f);
    if (!f.conf)
        port_find_spring(&f);
    port_find_exposed(&f);
    port_find_health(&f);
    port_find_labels(&f);
    check_exposed(&f);
    if (!out->stays)
        move_all(&f);
    if (out->commands.n && s->parent &&
        !(s->parent->user_known && account_is_root(s->parent->user)))
        port_stays(&f, s->from, "the stage it builds on does not end as root");
    if (out->moves.n && f.listeners.n && !f.conf)
        out->variable = f.listeners.v[0];
    if (out->stays) {
        out->moves.n = out->edits.n = 0;
        out->commands.n = out->variables.n = 0;
    }
    return out;
}

bool port_moves(const struct ports *p)
{
    return p && p->moves.n;
}

/* ---- writing -------------------------------------------------------------------------------- */

void port_write_front(struct unit *u, struct stage *s, const struct ports *p, bool commands)
{
    struct df_item *at = s->from;
    if (p->directories.n)
        at = unit_insert_after(u, at, unit_comment(u, STR(""), "where every user may write"),
                               str_cat(u->arena, STR("ENV "), p->directories));
    for (size_t i = 0; i < p->variables.n; i++)
        at = unit_insert_after(u, at, unit_comment(u, STR(""), "a port that any user may open"),
                               str_cat(u->arena, STR("ENV "), p->variables.v[i]));
    if (commands && p->commands.n)
        unit_insert_after(u, at, unit_comment(u, STR(""), "a port that any user may open"),
                          str_cat(u->arena, STR("RUN "), unit_join_commands(u, &p->commands)));
}

/* Behind all others of its instruction? */
static bool is_last(const struct ports *p, const struct port_edit *e, const bool *done)
{
    for (size_t i = 0; i < p->edits.n; i++)
        if (!done[i] && p->edits.v[i].item == e->item && p->edits.v[i].at > e->at)
            return false;
    return true;
}

void port_write(struct unit *u, const struct ports *p)
{
    bool *done = arena_alloc(u->arena, p->edits.n * sizeof *done);
    for (size_t left = p->edits.n; left;)
        for (size_t i = 0; i < p->edits.n; i++) {
            const struct port_edit *e = &p->edits.v[i];
            if (done[i] || (e->item && !is_last(p, e, done)))
                continue;
            done[i] = true;
            left--;
            if (!e->item)
                unit_file_edit(u, e->path, span_make(e->at, e->at + e->old.n), e->with);
            else
                unit_port_set(u, e->item, e->at, e->old, e->with);
        }
}
