/*
 * RUN steps and the folder of the configuration. Taking files away before others are copied there,
 * giving them to somebody, or changing where the documents lie, is followed; anything else is not.
 */
#include "base/utf8.h"
#include "unit/webconf.h"

struct toucher {
    struct webconf *w;
    const struct df_item *at;
    bool copied;           /* a COPY into the folder came before */
    struct strs variables; /* names of those that have the folder in their value */
};

enum { VARIABLES_MAX = 20 };

static void wrong(struct toucher *t)
{
    if (t->w->wrong)
        return;
    t->w->wrong = str_fmt(t->w->unit->arena, "a RUN step changes '%.*s'", STR_ARG(t->w->folder)).p;
    t->w->at = t->at;
}

static bool mentions(const struct toucher *t, struct str s)
{
    return str_find(s, t->w->folder) >= 0;
}

/* Says nothing of ports, hosts and other files. */
static bool is_harmless_text(struct str s)
{
    static const char *const words[] = {"isten",  "irtualHost", "nclude", "80",   "443",
                                        "server", "mport",      "Define", "bind", NULL};
    for (const char *const *w = words; *w; w++)
        if (str_has(s, *w))
            return false;
    return true;
}

/* sed 's!/var/www/html!${APACHE_DOCUMENT_ROOT}!g' and its like */
static bool is_harmless_sed(const struct shell_command *c)
{
    bool known = false;
    for (size_t i = 1; i < c->words.n; i++) {
        struct str v = c->words.v[i].value;
        if (str_starts(v, STR("/")) || str_starts(v, STR("-")))
            continue; /* a file or an option */
        bool about = str_has(v, "/var/www") || str_has(v, "AllowOverride") ||
                     str_has(v, "DOCUMENT_ROOT") || str_has(v, "ServerTokens") ||
                     str_has(v, "ServerSignature") || str_has(v, "Options");
        if (!str_starts(v, STR("s")) || !about || !is_harmless_text(v))
            return false;
        known = true;
    }
    return known;
}

static void removes(struct toucher *t, struct str path)
{
    struct webconf *w = t->w;
    struct arena *a = w->unit->arena;
    static const char *const sites[] = {
        "conf.d/default.conf", "conf.d/*", "conf.d/*.conf", "conf.d", "conf.d/", NULL};
    if (!mentions(t, path))
        return;
    if (t->copied) {
        wrong(t);
        return;
    }
    if (str_eq(path, w->main)) {
        w->removed_main = true;
        return;
    }
    for (const char *const *s = sites; w->image == WEBCONF_NGINX && *s; s++)
        if (str_eq(path, str_fmt(a, "%.*s/%s", STR_ARG(w->folder), *s))) {
            w->removed_site = true;
            return;
        }
    if (!str_ends(path, STR(".default")))
        wrong(t);
}

static bool listed(struct str s, const char *const *list)
{
    for (; *list; list++)
        if (str_is(s, *list))
            return true;
    return false;
}

static void command(struct toucher *t, const struct shell_command *c)
{
    static const char *const harmless[] = {"mkdir", "chown", "chmod",   "chgrp",    "ls",
                                           "cat",   "test",  "[",       "nginx",    "httpd",
                                           "true",  "echo",  "openssl", "htpasswd", NULL};
    struct str name = c->words.n ? str_basename(c->words.v[0].value) : STR("");
    bool about = false, text = true;
    VEC_EACH (r, &c->redirects) {
        if (str_starts(r->op, STR("<")) || !mentions(t, r->target.value))
            continue;
        VEC_EACH (word, &c->words)
            text &= is_harmless_text(word->value);
        if (!str_is(r->op, ">>") || !str_is(name, "echo") || !text)
            wrong(t);
    }
    VEC_EACH (word, &c->words)
        about |= mentions(t, word->value);
    if (!about)
        return;
    if (str_is(name, "rm")) {
        VEC_EACH (word, &c->words)
            removes(t, word->value);
    } else if (!listed(name, harmless) && !(str_is(name, "sed") && is_harmless_sed(c))) {
        wrong(t);
    }
}

/* Debian's a2enmod ssl makes ports.conf listen on 443, a2ensite default-ssl has a site for it. */
static void enabling(struct toucher *t, const struct shell_command *c)
{
    struct str name = c->words.n ? str_basename(c->words.v[0].value) : STR("");
    if (t->w->image != WEBCONF_PHP || !str_starts(name, STR("a2")))
        return;
    for (size_t i = 1; i < c->words.n; i++) {
        struct str v = c->words.v[i].value;
        if (str_is(name, "a2dissite") && str_starts(v, STR("000-default")))
            continue; /* its port goes with it */
        if ((str_is(v, "ssl") || str_has(v, "gnutls") || str_has(v, "default-ssl")) &&
            !t->w->wrong) {
            t->w->wrong = "Apache's module for TLS listens on port 443, too";
            t->w->at = t->at;
        }
    }
}

static void step(struct toucher *t, struct stage_step *s)
{
    const struct run_effects *run = stage_run(t->w->unit->graph, s);
    bool inside = !s->workdir.known || stage_inside(s->workdir.path, t->w->folder);
    t->at = s->item;
    if (!run)
        return;
    if (inside && s->workdir.known)
        wrong(t);
    if (!run->script.complete && mentions(t, run->script.text))
        wrong(t);
    if (t->w->image == WEBCONF_HTTPD && str_has(run->script.text, "httpd.conf") &&
        !mentions(t, run->script.text))
        wrong(t); /* relative to the working directory of the image */
    for (size_t i = 0; i < t->variables.n; i++)
        if (str_find(run->script.text, t->variables.v[i]) >= 0)
            wrong(t);
    VEC_EACH (word, &run->script.others) /* for f in /etc/nginx/… */
        if (mentions(t, word->value))
            wrong(t);
    VEC_EACH (c, &run->script.commands) {
        VEC_EACH (r, &c->redirects)
            if (mentions(t, r->body))
                wrong(t);
        VEC_EACH (set, &c->assigns)
            if (mentions(t, set->value.value))
                wrong(t);
        command(t, c);
        enabling(t, c);
    }
}

static void stages(struct toucher *t, struct stage *s)
{
    if (s->parent)
        stages(t, s->parent);
    VEC_EACH (it, &s->steps) {
        enum df_cmd cmd = it->item->node.cmd;
        if (cmd == DF_RUN)
            step(t, it);
        else if ((cmd == DF_COPY || cmd == DF_ADD) &&
                 (!it->dest.known || stage_inside(it->dest.path, t->w->folder) ||
                  stage_inside(t->w->folder, it->dest.path)))
            t->copied = true;
    }
}

void webconf_runs(struct webconf *w)
{
    struct toucher t = {.w = w};
    VEC_EACH (v, &w->stage->vars)
        if (mentions(&t, v->value.text)) {
            if (t.variables.n >= VARIABLES_MAX)
                wrong(&t);
            else
                *vec_push(w->unit->arena, &t.variables) = v->name;
        }
    stages(&t, w->stage);
}
