/*
 * The web server that the base image is made for. In files of the context its ports are moved by
 * the readers of src/server; in the image's own files by a sed whose pattern is the line that the
 * image is known to have.
 */
#include "base/utf8.h"
#include "unit/port_find.h"

/* Servers have their ports in a configuration; a number elsewhere is not theirs. */
static bool is_server(struct str name)
{
    static const char *const names[] = {
        "nginx",   "nginx-debug", "openresty",          "httpd",    "httpd-foreground",
        "apache2", "apachectl",   "apache2ctl",         "caddy",    "haproxy",
        "traefik", "envoy",       "apache2-foreground", "lighttpd", "varnishd",
        "squid",   NULL};
    for (const char *const *n = names; *n; n++)
        if (str_is(name, *n))
            return true;
    return false;
}

/* nginx -c FILE, httpd -f FILE, caddy run --config FILE: another main file. */
static void check_options(struct finder *f, const struct port_command *c, size_t program)
{
    for (size_t i = program + 1; i < c->words.n; i++) {
        struct str v = c->words.v[i].value, next = STR("");
        if (i + 1 < c->words.n)
            next = c->words.v[i + 1].value;
        bool main = str_is(v, "-c") || str_is(v, "-f") || str_is(v, "--config") ||
                    str_is(v, "-p") || str_is(v, "-d");
        if (main && !str_eq(next, f->conf->main))
            port_stays(f, c->words.v[i].in->item, "the server is told another configuration ('%s')",
                       utf8_safe(f->u->arena, next, 80).p);
        if (f->conf->image == WEBCONF_CADDY && i == program + 1 && !str_is(v, "run"))
            port_stays(f, c->words.v[i].in->item, "'caddy %s' has no configuration file",
                       utf8_safe(f->u->arena, v, 40).p);
        if (f->conf->image == WEBCONF_NGINX && str_is(v, "-g") && str_has(next, "listen"))
            port_stays(f, c->words.v[i].in->item, "the server is told a port by -g");
    }
}

static void found(struct finder *f, const struct port_command *c, size_t program, struct str name)
{
    struct webconf *w = webconf_read(f->u, f->s);
    if (w->image == WEBCONF_NONE || !webconf_is_program(w, name)) {
        port_stays(f, c ? c->words.v[0].in->item : NULL, "the configuration of '%s' is not known",
                   utf8_safe(f->u->arena, name, 40).p);
        return;
    }
    f->conf = w;
    if (c)
        check_options(f, c, program);
}

/* Base process: the image's own command. */
static void of_image(struct finder *f)
{
    const struct facts *facts = unit_facts(f->u, f->s);
    bool own = (f->s->entrypoint.set && f->s->entrypoint.item) || (f->s->cmd.set && f->s->cmd.item);
    if (own || !facts || !f->s->cmd.set || !f->s->cmd.args.n)
        return;
    struct str name = str_basename(f->s->cmd.args.v[0]);
    if (is_server(name))
        found(f, NULL, 0, name);
}

static void listens(struct finder *f, uint32_t port)
{
    VEC_EACH (s, &f->sites)
        if (s->role == PORT_LISTENS && s->port == port && !s->in && !s->name.n)
            return;
    *vec_push(f->u->arena, &f->sites) = (struct port_site){.role = PORT_LISTENS, .port = port};
}

/* `listen ${PORT};` in a template: the number is the variable's. */
static void by_variable(struct finder *f, const struct webconf_file *file,
                        const struct server_port *p)
{
    struct str text = str_sub(file->where.text, p->number.from, p->number.to), name = text;
    const struct stage_var *var = NULL;
    uint64_t port;
    if (str_starts(name, STR("${")))
        name = str_sub(name, 2, name.n - 1);
    else if (str_starts(name, STR("$")))
        name = str_from(name, 1);
    VEC_EACH (v, &f->s->vars)
        if (str_eq(v->name, name))
            var = v;
    if (!file->template || !var || !var->value.known ||
        !str_to_u64(var->value.text, 65535, &port)) {
        port_stays(f, file->where.item, "the port in '%s' is set by a variable ('%s')",
                   utf8_safe(f->u->arena, file->path, 80).p, utf8_safe(f->u->arena, text, 40).p);
        return;
    }
    *vec_push(f->u->arena, &f->listeners) = name;
    if (!port_find_variable(f, name, PORT_LISTENS, (uint32_t)port) && port < 1024)
        port_stays(f, file->where.item, "where '%s' gets its number is not seen",
                   utf8_safe(f->u->arena, name, 40).p);
}

static void in_file(struct finder *f, const struct webconf_file *file)
{
    VEC_EACH (p, &file->c.ports) {
        if (!p->listens)
            continue;
        if (!p->port || p->variable)
            by_variable(f, file, p);
        else if (p->last != p->port && p->port < 1024)
            port_stays(f, file->where.item, "'%s' has a range of ports",
                       utf8_safe(f->u->arena, file->path, 80).p);
        else
            listens(f, p->port);
    }
}

/* Scripts that the image's entrypoint runs before the server. */
static void check_scripts(struct finder *f)
{
    struct strs paths = {0};
    const struct df_item *at;
    if (f->conf->image != WEBCONF_NGINX)
        return;
    if (!locate_below(f->u, f->s, STR("/docker-entrypoint.d"), &paths, &at))
        port_stays(f, at, "what this puts into /docker-entrypoint.d is not seen here");
    for (size_t i = 0; i < paths.n; i++) {
        struct located where = locate_file(f->u, f->s, paths.v[i]);
        if (where.kind == LOCATED_NOWHERE)
            continue;
        bool harmless =
            where.text.p && !str_has(where.text, "/etc/nginx") && !str_has(where.text, "listen");
        if (!harmless)
            port_stays(f, where.item, "'%s' changes the configuration when it starts",
                       utf8_safe(f->u->arena, paths.v[i], 80).p);
    }
}

/* sh -c TEXT: its commands are looked at one by one. */
static bool is_text(const struct port_word *w)
{
    return str_chr(w->value, ' ') >= 0;
}

/* Commands in front of the server may not touch its configuration. */
static void check_commands(struct finder *f)
{
    struct str folder = f->conf->folder;
    VEC_EACH (c, &f->commands) {
        bool touches = str_starts(c->writes, folder), server = false;
        VEC_EACH (word, &c->words) {
            server |= is_server(str_basename(word->value));
            touches |= !server && str_find(word->value, folder) >= 0 && !is_text(word);
        }
        if (touches)
            port_stays(f, c->words.n ? c->words.v[0].in->item : NULL,
                       "the start command changes '%s'", utf8_safe(f->u->arena, folder, 80).p);
    }
}

void port_find_server(struct finder *f)
{
    of_image(f);
    for (size_t i = 0; i < f->commands.n && !f->conf; i++) {
        const struct port_command *c = &f->commands.v[i];
        for (size_t k = 0; k < c->words.n && !f->conf; k++) /* tini -- nginx */
            if (c->words.v[k].literal && is_server(str_basename(c->words.v[k].value)))
                found(f, c, k, str_basename(c->words.v[k].value));
    }
    if (!f->conf)
        return;
    const struct webconf *w = f->conf;
    if (w->wrong)
        port_stays(f, w->at, "%s", w->wrong);
    check_commands(f);
    check_scripts(f);
    VEC_EACH (file, &w->files)
        VEC_EACH (p, &file->c.paths)
            if (file->reached && p->kind == SERVER_KEY && !f->out->key.n)
                f->out->key = p->path;
    VEC_EACH (file, &w->files)
        if (file->reached)
            in_file(f, file);
    if (w->default_site && !(w->image == WEBCONF_HTTPD && w->own_main) &&
        !(w->image == WEBCONF_CADDY && w->own_main))
        listens(f, 80);
}

/* ---- moving --------------------------------------------------------------------------------- */

static bool is_named(const struct server_config *c, uint32_t port)
{
    VEC_EACH (p, &c->ports)
        if (port >= p->port && port <= p->last)
            return true;
    VEC_EACH (m, &c->mentions)
        if (m->port == port && m->kind != SERVER_MENTION_PUBLIC)
            return true;
    return false;
}

bool port_server_uses(const struct finder *f, uint32_t port)
{
    for (size_t i = 0; f->conf && i < f->conf->files.n; i++)
        if (f->conf->files.v[i].reached && is_named(&f->conf->files.v[i].c, port))
            return true;
    return false;
}

static bool move_file(struct finder *f, const struct webconf_file *file, uint32_t from, uint32_t to)
{
    struct arena *a = f->u->arena;
    struct server_moved moved = server_move(a, file->where.text, &file->c, from, to);
    const char *name = utf8_safe(a, file->path, 80).p;
    if (!moved.text.p) {
        port_stays(f, file->where.item, "'%s', %s", name, moved.why);
        return false;
    }
    if (file->where.kind != LOCATED_CONTEXT) {
        port_stays(f, file->where.item, "'%s' stands in a heredoc", name);
        return false;
    }
    VEC_EACH (e, &moved.edits)
        *vec_push(a, &f->out->edits) =
            (struct port_edit){.path = file->where.path,
                               .at = e->old.from,
                               .old = str_sub(file->where.text, e->old.from, e->old.to),
                               .with = e->with};
    return true;
}

/* The lines of the image's own files. */
static void move_default(struct finder *f, uint32_t to)
{
    const struct webconf *w = f->conf;
    struct arena *a = f->u->arena;
    struct strs *out = &f->out->commands;
    if (w->image == WEBCONF_NGINX && w->default_site) {
        *vec_push(a, out) =
            str_fmt(a, "sed -i 's/listen  *80;/listen %u;/' /etc/nginx/conf.d/default.conf", to);
    } else if (w->image == WEBCONF_HTTPD && !w->own_main) {
        *vec_push(a, out) =
            str_fmt(a, "sed -i 's/^Listen 80$/Listen %u/' /usr/local/apache2/conf/httpd.conf", to);
    } else if (w->image == WEBCONF_CADDY && !w->own_main) {
        *vec_push(a, out) = str_fmt(a, "sed -i 's/^:80 {/:%u {/' /etc/caddy/Caddyfile", to);
    } else if (w->image == WEBCONF_PHP && w->default_site) {
        *vec_push(a, out) =
            str_fmt(a, "sed -i 's/^Listen 80$/Listen %u/' /etc/apache2/ports.conf", to);
    }
    if (w->image == WEBCONF_PHP && w->default_host)
        *vec_push(a, out) = str_fmt(a,
                                    "sed -i 's/<VirtualHost \\*:80>/<VirtualHost *:%u>/' "
                                    "/etc/apache2/sites-available/000-default.conf",
                                    to);
}

/* Debian's Apache takes them from its environment. Old start scripts do not make them, so it is a
 * folder that is there. */
static void move_directories(struct finder *f)
{
    VEC_EACH (v, &f->s->vars)
        if (str_is(v->name, "APACHE_RUN_DIR") || str_is(v->name, "APACHE_LOCK_DIR") ||
            str_is(v->name, "APACHE_PID_FILE"))
            return;
    if (!f->out->directories.n)
        f->out->directories = STR("APACHE_RUN_DIR=/tmp APACHE_LOCK_DIR=/tmp "
                                  "APACHE_PID_FILE=/tmp/apache2.pid");
}

bool port_move_server(struct finder *f, uint32_t from, uint32_t to)
{
    if (!f->conf)
        return true;
    VEC_EACH (file, &f->conf->files)
        if (file->reached && is_named(&file->c, from) && !move_file(f, file, from, to))
            return false;
    if (from == 80)
        move_default(f, to);
    if (f->conf->image == WEBCONF_PHP)
        move_directories(f);
    VEC_EACH (file, &f->conf->files)
        f->out->shows_port |= file->reached && file->c.redirects_show_port;
    f->out->shows_port |= f->conf->image == WEBCONF_NGINX && f->conf->default_site;
    return true;
}
