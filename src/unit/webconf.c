/*
 * Which files are in force follows from the main file on: the image's own one has known includes,
 * one that COPY brings is read. A RUN step that does more to the folder than take a file away ends
 * the search.
 */
#include "unit/webconf.h"

#include "base/glob.h"
#include "base/utf8.h"

struct kind {
    enum webconf_image image;
    const char *facts; /* where the facts of the image come from: it is that one and no other */
    const char *program, *folder, *main;
    enum server_program reader;
};

static const struct kind kinds[] = {
    {WEBCONF_NGINX, "templates/images/nginx.yaml", "nginx", "/etc/nginx", "/etc/nginx/nginx.conf",
     SERVER_NGINX},
    {WEBCONF_HTTPD, "templates/images/httpd.yaml", "httpd-foreground", "/usr/local/apache2/conf",
     "/usr/local/apache2/conf/httpd.conf", SERVER_APACHE},
    {WEBCONF_PHP, "templates/images/php.yaml", "apache2-foreground", "/etc/apache2",
     "/etc/apache2/apache2.conf", SERVER_APACHE},
    {WEBCONF_PHP, "templates/images/drupal.yaml", "apache2-foreground", "/etc/apache2",
     "/etc/apache2/apache2.conf", SERVER_APACHE}, /* these two build on php */
    {WEBCONF_PHP, "templates/images/wordpress.yaml", "apache2-foreground", "/etc/apache2",
     "/etc/apache2/apache2.conf", SERVER_APACHE},
    {WEBCONF_CADDY, "templates/images/caddy.yaml", "caddy", "/etc/caddy", "/etc/caddy/Caddyfile",
     SERVER_CADDY},
};

static const struct kind *kind_of(const struct unit *u, const struct stage *s)
{
    const struct facts *f = unit_facts(u, s);
    struct str first = !f ? STR("") : f->cmd.n ? f->cmd.v[0] : STR("");
    for (size_t i = 0; f && i < sizeof kinds / sizeof *kinds; i++)
        if (str_is(f->origin, kinds[i].facts) && str_is(first, kinds[i].program) &&
            f->start_as == FACTS_AS_ANY)
            return &kinds[i];
    return NULL;
}

static const struct kind *kind_with(enum webconf_image image)
{
    for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++)
        if (kinds[i].image == image)
            return &kinds[i];
    return NULL;
}

bool webconf_is_program(const struct webconf *w, struct str name)
{
    const struct kind *k = kind_with(w->image);
    return k &&
           (str_is(name, k->program) ||
            (w->image == WEBCONF_HTTPD && (str_is(name, "httpd") || str_is(name, "apachectl"))) ||
            (w->image == WEBCONF_NGINX && str_is(name, "nginx-debug")));
}

static void wrong(struct webconf *w, const struct df_item *at, const char *fmt, struct str what)
    __attribute__((format(printf, 3, 0)));
static void wrong(struct webconf *w, const struct df_item *at, const char *fmt, struct str what)
{
    if (w->wrong)
        return;
    w->wrong = str_fmt(w->unit->arena, fmt, utf8_safe(w->unit->arena, what, 120).p).p;
    w->at = at;
}

/* ---- files ---------------------------------------------------------------------------------- */

static bool is_config(const struct webconf *w, struct str path)
{
    if (str_eq(path, w->main) || str_ends(path, STR(".conf")))
        return true;
    if (w->image == WEBCONF_CADDY)
        return str_has(str_basename(path), "Caddyfile") || str_ends(path, STR(".caddy"));
    return str_has(path, "/sites-enabled/") || str_has(path, "/sites-available/") ||
           (w->image == WEBCONF_NGINX && str_ends(path, STR(".template")) &&
            str_has(path, "/templates/"));
}

/* Folders of the image: what is copied to them lands in them. */
static bool is_folder(struct str path)
{
    return str_ends(path, STR("/conf.d")) || str_ends(path, STR("/sites-enabled")) ||
           str_ends(path, STR("/sites-available")) || str_ends(path, STR("/conf-enabled")) ||
           str_ends(path, STR("/conf-available"));
}

static void read_file(struct webconf *w, const struct kind *k, struct str path)
{
    struct webconf_file f = {.path = path, .where = locate_file(w->unit, w->stage, path)};
    if (f.where.kind == LOCATED_NOWHERE || is_folder(path))
        return;
    if (f.where.kind == LOCATED_UNKNOWN || !f.where.text.p) {
        wrong(w, f.where.item, "'%s' is not seen here", path);
        return;
    }
    if (f.where.edited) {
        wrong(w, f.where.item, "'%s' is changed by a RUN step", path);
        return;
    }
    f.template = str_ends(path, STR(".template"));
    f.c = server_read(w->unit->arena, k->reader, f.where.text);
    *vec_push(w->unit->arena, &w->files) = f;
    w->own_main |= str_eq(path, w->main);
}

static void read_files(struct webconf *w, const struct kind *k)
{
    struct strs paths = {0};
    const struct df_item *at;
    if (!locate_below(w->unit, w->stage, w->folder, &paths, &at))
        wrong(w, at, "what this puts into '%s' is not seen here", w->folder);
    for (size_t i = 0; i < paths.n && !w->wrong; i++)
        if (is_config(w, paths.v[i]))
            read_file(w, k, paths.v[i]);
}

/* ---- what is in force ----------------------------------------------------------------------- */

/* "conf.d/a.conf" of "/etc/nginx/conf.d/a.conf"; templates land in conf.d. */
static struct str place_of(const struct webconf *w, const struct webconf_file *f)
{
    struct str rest = str_from(f->path, w->folder.n + 1);
    if (!f->template)
        return rest;
    rest = str_from(rest, strlen("templates/"));
    return str_cat(w->unit->arena, STR("conf.d/"), str_sub(rest, 0, rest.n - strlen(".template")));
}

/* Files that the image has besides, and that listen nowhere. */
static bool is_known(struct str name)
{
    static const char *const names[] = {
        "mime.types", "fastcgi_params", "fastcgi.conf", "uwsgi_params", "scgi_params",
        "koi-utf",    "koi-win",        "win-utf",      "proxy_params", NULL};
    for (const char *const *n = names; *n; n++)
        if (str_is(name, *n))
            return true;
    return str_starts(name, STR("modules")) || str_starts(name, STR("mods-enabled/")) ||
           str_starts(name, STR("/usr/share/nginx/modules/"));
}

static bool matches(struct str pattern, struct str path)
{
    return !glob_check(pattern) && glob_match(pattern, path);
}

static void include(struct webconf *w, const struct server_include *in)
{
    struct str pattern = in->pattern;
    bool found = false;
    if (str_starts(pattern, w->folder) && pattern.n > w->folder.n)
        pattern = str_from(pattern, w->folder.n + 1);
    while (str_starts(pattern, STR("./")))
        pattern = str_from(pattern, 2);
    if (in->data)
        return;
    if (in->variable) {
        wrong(w, NULL, "the configuration includes '%s'", in->pattern);
        return;
    }
    struct str rooted = str_cat(w->unit->arena, STR("/"), pattern); /* from the top */
    VEC_EACH (f, &w->files)
        if (matches(rooted, place_of(w, f)))
            f->reached = found = true;
    if (w->image == WEBCONF_NGINX && !w->removed_site &&
        matches(rooted, STR("conf.d/default.conf")))
        w->default_site = found = true;
    if (!found && !in->optional && str_chr(pattern, '*') < 0 && !is_known(pattern))
        wrong(w, NULL, "the configuration includes '%s', which is not seen here", in->pattern);
    else if (!found && pattern.n && pattern.p[0] == '/' && !is_known(pattern))
        wrong(w, NULL, "the configuration includes '%s', which is not seen here", in->pattern);
}

/* The image's own main file. */
static void main_of_image(struct webconf *w)
{
    VEC_EACH (f, &w->files)
        f->reached = w->image == WEBCONF_PHP ||
                     (w->image == WEBCONF_NGINX && str_starts(place_of(w, f), STR("conf.d/")) &&
                      str_ends(place_of(w, f), STR(".conf")));
    w->default_site = !w->removed_site;
    w->default_host = w->default_site;
}

static bool has_file(const struct webconf *w, const char *place)
{
    VEC_EACH (f, &w->files)
        if (str_is(place_of(w, f), place))
            return true;
    return false;
}

static void follow(struct webconf *w)
{
    if (!w->own_main)
        main_of_image(w);
    VEC_EACH (f, &w->files)
        f->reached |= str_eq(f->path, w->main);
    for (size_t round = 0, done = 0; round < SERVER_DEPTH_MAX; round++, done = 0) {
        VEC_EACH (f, &w->files) {
            size_t before = 0, after = 0;
            VEC_EACH (g, &w->files)
                before += g->reached;
            for (size_t i = 0; f->reached && i < f->c.includes.n; i++)
                include(w, &f->c.includes.v[i]);
            VEC_EACH (g, &w->files)
                after += g->reached;
            done += after - before;
        }
        if (!done)
            break;
    }
    if (w->image == WEBCONF_NGINX && has_file(w, "conf.d/default.conf"))
        w->default_site = false;
    if (w->image == WEBCONF_PHP) {
        if (w->own_main)
            wrong(w, NULL, "'%s' is replaced", w->main);
        w->default_site &= !has_file(w, "ports.conf");
        w->default_host &= !has_file(w, "sites-enabled/000-default.conf") &&
                           !has_file(w, "sites-available/000-default.conf");
    }
    VEC_EACH (f, &w->files)
        if (f->reached && !f->c.ports_known)
            wrong(w, f->where.item, "%s could not be read to its end",
                  str_fmt(w->unit->arena, "'%.*s' (line %u: %s)", STR_ARG(f->path), f->c.wrong_line,
                          f->c.wrong));
}

struct webconf *webconf_read(struct unit *u, struct stage *s)
{
    struct plan *plan = &u->plans[s->index];
    if (plan->webconf)
        return plan->webconf;
    struct webconf *w = arena_new(u->arena, struct webconf);
    const struct kind *k = kind_of(u, s);
    plan->webconf = w;
    *w = (struct webconf){.unit = u, .stage = s};
    if (!k)
        return w;
    w->image = k->image;
    w->folder = str_of(k->folder);
    w->main = str_of(k->main);
    webconf_runs(w);
    read_files(w, k);
    if (w->removed_main && !w->own_main)
        wrong(w, NULL, "'%s' is taken away", w->main);
    follow(w);
    return w;
}

bool webconf_has_templates(const struct webconf *w)
{
    VEC_EACH (f, &w->files)
        if (f->template && f->reached)
            return true;
    return false;
}

/* ---- what it writes ------------------------------------------------------------------------- */

static bool is_one_of(struct str s, const char *const *list)
{
    for (; *list; list++)
        if (str_is(s, *list))
            return true;
    return false;
}

static bool inside_one_of(struct str s, const char *const *list)
{
    for (; *list; list++)
        if (stage_inside(s, str_of(*list)))
            return true;
    return false;
}

static bool is_stream(struct str s)
{
    return str_starts(s, STR("/dev/std")) || str_starts(s, STR("/proc/self/fd/")) ||
           str_is(s, "stderr") || str_is(s, "stdout") || str_is(s, "off") ||
           str_is(s, "/dev/null") || str_starts(s, STR("syslog:"));
}

static bool may_write(const struct webconf *w, const struct server_path *p, bool unprivileged)
{
    static const char *const pids[] = {"/run/nginx.pid", "/var/run/nginx.pid", NULL};
    static const char *const logs[] = {"/var/log/nginx/access.log", "/var/log/nginx/error.log",
                                       NULL};
    static const char *const dirs[] = {"/tmp", "/var/cache/nginx", NULL};
    static const char *const httpd[] = {"/tmp", "/usr/local/apache2/logs", NULL};
    static const char *const debian[] = {"/tmp",
                                         "/var/log/apache2",
                                         "/var/run/apache2",
                                         "/run/apache2",
                                         "/var/lock/apache2",
                                         "/run/lock/apache2",
                                         NULL};
    static const char *const caddy[] = {"/tmp", "/data", "/config", NULL};
    struct str s = p->path;
    if (is_stream(s))
        return true;
    switch (w->image) {
    case WEBCONF_NGINX:
        return !p->variable && (is_one_of(s, logs) || inside_one_of(s, dirs) ||
                                (!unprivileged && p->kind == SERVER_PID && is_one_of(s, pids)));
    case WEBCONF_HTTPD:
        return !p->variable && !str_has(s, "..") &&
               (str_starts(s, STR("logs/")) || inside_one_of(s, httpd));
    case WEBCONF_PHP:
        return !str_has(s, "..") && (str_starts(s, STR("${APACHE_LOG_DIR}")) ||
                                     str_starts(s, STR("${APACHE_RUN_DIR}")) ||
                                     str_starts(s, STR("${APACHE_PID_FILE}")) ||
                                     (!p->variable && inside_one_of(s, debian)));
    case WEBCONF_CADDY:
        return !p->variable && inside_one_of(s, caddy);
    case WEBCONF_NONE:
        break;
    }
    return false;
}

static bool is_written(enum server_path_kind kind)
{
    return kind != SERVER_PEER && kind != SERVER_ROOT && kind != SERVER_KEY &&
           kind != SERVER_INCLUDE;
}

const char *webconf_unwritable(const struct webconf *w, bool unprivileged)
{
    bool pid = !w->own_main;
    if (w->wrong)
        return w->wrong;
    VEC_EACH (f, &w->files) {
        if (!f->reached)
            continue;
        if (!f->c.complete)
            return str_fmt(w->unit->arena, "'%.*s' line %u: %s", STR_ARG(f->path), f->c.wrong_line,
                           f->c.wrong)
                .p;
        VEC_EACH (p, &f->c.paths) {
            pid |= p->kind == SERVER_PID;
            if (is_written(p->kind) && !may_write(w, p, unprivileged))
                return str_fmt(w->unit->arena, "'%s' in '%.*s'",
                               utf8_safe(w->unit->arena, p->path, 80).p, STR_ARG(f->path))
                    .p;
        }
    }
    if (unprivileged && !pid)
        return "the pid file, which its nginx.conf leaves in /run";
    return NULL;
}
