/*
 * What single lines mean. Caddy takes no directive and no option that it does not know, so a name
 * that stands in none of the tables belongs to a plugin, and may do anything.
 */
#include "server/caddy_reader.h"

static const struct server_word *arg(const struct caddy_reader *r, size_t i)
{
    return i < r->line.n ? &r->line.v[i].word : NULL;
}

static bool arg_is(const struct caddy_reader *r, size_t i, const char *z)
{
    return i < r->line.n && str_is(r->line.v[i].word.value, z);
}

static void path(struct caddy_reader *r, enum server_path_kind kind, size_t i)
{
    const struct server_word *w = arg(r, i);
    if (w)
        note_path(&r->note, kind, arg(r, 0)->value, w, 0, w->value.n);
}

/* The number of words with which a matcher is written: none or one. */
static size_t matcher(const struct caddy_reader *r)
{
    const struct server_word *w = arg(r, 1);
    return w && (str_starts(w->value, STR("@")) || str_starts(w->value, STR("/")) ||
                 str_is(w->value, "*"));
}

/* ---- lines */

static void merge(struct caddy_sockets *to, const struct caddy_sockets *from)
{
    to->tls |= from->tls;
    to->imports |= from->imports;
    if (!from->bound)
        return;
    to->sockets_only = from->sockets_only && (to->sockets_only || !to->bound);
    to->bound = true;
    to->public |= from->public;
}

static void import(struct caddy_reader *r)
{
    const struct server_word *w = arg(r, 1);
    if (!w)
        return;
    for (size_t i = 0; i < r->snippets; i++)
        if (str_eq(r->snippet[i].name, w->value)) {
            merge(r->says, &r->snippet[i].says);
            return;
        }
    r->says->imports = true;
    note_include(&r->note, w, str_chr(w->value, '*') >= 0, false);
}

/* Words of reverse_proxy and its like that are addresses. */
static void upstreams(struct caddy_reader *r, size_t from)
{
    for (size_t i = from; i < r->line.n; i++) {
        const struct server_word *w = arg(r, i);
        ptrdiff_t slash = str_chr(w->value, '/');
        if (str_starts(w->value, STR("unix/")) || str_starts(w->value, STR("unix+h2c/")))
            note_path(&r->note, SERVER_PEER, arg(r, 0)->value, w, (size_t)slash + 1, w->value.n);
        else
            note_upstream(&r->note, w, 80);
    }
}

static enum caddy_block proxy(struct caddy_reader *r)
{
    upstreams(r, 1 + matcher(r));
    return CADDY_PROXY;
}

static enum caddy_block tls(struct caddy_reader *r)
{
    r->says->tls = true;
    if (r->line.n == 3) {
        path(r, SERVER_ROOT, 1);
        path(r, SERVER_KEY, 2);
    }
    return CADDY_TLS;
}

static enum caddy_block root(struct caddy_reader *r)
{
    path(r, SERVER_ROOT, r->line.n > 2 ? r->line.n - 1 : 1);
    return CADDY_DATA;
}

static enum caddy_block bind(struct caddy_reader *r)
{
    caddy_bind(r, r->says);
    return CADDY_DATA;
}

static enum caddy_block sites(struct caddy_reader *r)
{
    (void)r;
    return CADDY_SITE;
}

static enum caddy_block data(struct caddy_reader *r)
{
    (void)r;
    return CADDY_DATA;
}

static enum caddy_block log_block(struct caddy_reader *r)
{
    (void)r;
    return CADDY_LOG;
}

static enum caddy_block files(struct caddy_reader *r)
{
    (void)r;
    return CADDY_FILES;
}

/* The block of an import is put in somewhere in what is imported. */
static enum caddy_block import_line(struct caddy_reader *r)
{
    import(r);
    return CADDY_STRANGE;
}

/* ---- options */

static enum caddy_block http_port(struct caddy_reader *r)
{
    caddy_option_port(r, &r->http);
    return CADDY_DATA;
}

static enum caddy_block https_port(struct caddy_reader *r)
{
    caddy_option_port(r, &r->https);
    return CADDY_DATA;
}

static enum caddy_block admin(struct caddy_reader *r)
{
    caddy_admin(r);
    return CADDY_DATA;
}

static enum caddy_block auto_https(struct caddy_reader *r)
{
    for (size_t i = 1; i < r->line.n; i++) {
        r->no_https |= arg_is(r, i, "off");
        r->no_redirects |= arg_is(r, i, "disable_redirects");
        if (r->line.v[i].variable)
            note_unknown(&r->note, arg(r, i)->raw.from, "auto_https is set by a variable");
    }
    return CADDY_DATA;
}

static enum caddy_block default_bind(struct caddy_reader *r)
{
    caddy_bind(r, &r->all);
    return CADDY_DATA;
}

static enum caddy_block storage(struct caddy_reader *r)
{
    if (!arg_is(r, 1, "file_system"))
        note_unknown_write(&r->note, arg(r, 0)->raw.from, "this kind of storage is not known");
    path(r, SERVER_OTHER_WRITE, 2);
    return CADDY_STORAGE;
}

static enum caddy_block option_import(struct caddy_reader *r)
{
    note_unknown(&r->note, arg(r, 0)->raw.from, "options are imported");
    return CADDY_STRANGE;
}

/* ---- tables */

static const struct line {
    const char *name;
    enum caddy_block (*act)(struct caddy_reader *r);
} directives[] = {
    {"abort", data},
    {"acme_server", data},
    {"basic_auth", data},
    {"basicauth", data},
    {"bind", bind},
    {"copy_response", data},
    {"copy_response_headers", data},
    {"encode", data},
    {"error", data},
    {"file_server", files},
    {"forward_auth", proxy},
    {"fs", data},
    {"handle", sites},
    {"handle_errors", sites},
    {"handle_path", sites},
    {"handle_response", sites},
    {"header", data},
    {"import", import_line},
    {"intercept", sites},
    {"invoke", data},
    {"log", log_block},
    {"log_append", data},
    {"log_name", data},
    {"log_skip", data},
    {"map", data},
    {"method", data},
    {"metrics", data},
    {"php", files},
    {"php_fastcgi", proxy},
    {"php_server", files},
    {"push", data},
    {"redir", data},
    {"replace_status", data},
    {"request_body", data},
    {"request_header", data},
    {"respond", data},
    {"reverse_proxy", proxy},
    {"rewrite", data},
    {"root", root},
    {"route", sites},
    {"skip_log", data},
    {"templates", data},
    {"timeouts", data},
    {"tls", tls},
    {"tracing", data},
    {"try_files", data},
    {"uri", data},
    {"vars", data},
    {"vulcain", data},
};

static const struct line options[] = {
    {"acme_ca", data},
    {"acme_ca_root", data},
    {"acme_dns", data},
    {"acme_eab", data},
    {"admin", admin},
    {"auto_https", auto_https},
    {"cert_issuer", data},
    {"cert_lifetime", data},
    {"debug", data},
    {"default_bind", default_bind},
    {"default_sni", data},
    {"dns", data},
    {"ech", data},
    {"email", data},
    {"fallback_sni", data},
    {"frankenphp", data},
    {"grace_period", data},
    {"http_port", http_port},
    {"https_port", https_port},
    {"import", option_import},
    {"key_type", data},
    {"local_certs", data},
    {"log", log_block},
    {"metrics", data},
    {"ocsp_interval", data},
    {"ocsp_stapling", data},
    {"on_demand_tls", data},
    {"order", data},
    {"persist_config", data},
    {"pki", data},
    {"preferred_chains", data},
    {"renew_interval", data},
    {"renewal_window_ratio", data},
    {"servers", data},
    {"shutdown_delay", data},
    {"skip_install_trust", data},
    {"storage", storage},
    {"storage_check", data},
    {"storage_clean_interval", data},
    {"tls_resolvers", data},
};

static const struct line *find(const struct line *table, size_t n, struct str name)
{
    for (size_t i = 0; i < n; i++)
        if (str_is(name, table[i].name))
            return &table[i];
    return NULL;
}

#define FIND(table, name) find(table, sizeof table / sizeof *table, name)

bool caddy_is_directive(struct str name)
{
    return FIND(directives, name);
}

static enum caddy_block not_known(struct caddy_reader *r, const char *what)
{
    const struct server_word *w = arg(r, 0);
    note_unknown(&r->note, w->raw.from, "the %s '%s' is not known", what,
                 note_quote(&r->note, w->value));
    return CADDY_STRANGE;
}

static enum caddy_block directive(struct caddy_reader *r, enum caddy_block in)
{
    struct str name = arg(r, 0)->value;
    const struct line *l = in == CADDY_GLOBAL ? NULL : FIND(directives, name);
    if (in == CADDY_GLOBAL)
        l = FIND(options, name);
    else if (str_starts(name, STR("@")))
        return CADDY_DATA; /* a matcher */
    if (!l && in == CADDY_SNIPPET && FIND(options, name))
        return not_known(r, "option in a snippet");
    return l ? l->act(r) : not_known(r, in == CADDY_GLOBAL ? "option" : "directive");
}

static enum caddy_block log_line(struct caddy_reader *r)
{
    if (arg_is(r, 0, "output") && arg_is(r, 1, "file"))
        path(r, SERVER_LOG, 2);
    else if (arg_is(r, 0, "output") && !arg_is(r, 1, "stdout") && !arg_is(r, 1, "stderr") &&
             !arg_is(r, 1, "discard") && !arg_is(r, 1, "net"))
        note_unknown_write(&r->note, arg(r, 0)->raw.from, "this kind of log is not known");
    return arg_is(r, 0, "import") ? import_line(r) : CADDY_DATA;
}

static enum caddy_block tls_line(struct caddy_reader *r)
{
    if (arg_is(r, 0, "load"))
        for (size_t i = 1; i < r->line.n; i++)
            path(r, SERVER_KEY, i);
    else if (arg_is(r, 0, "ca_root"))
        path(r, SERVER_ROOT, 1);
    else if (arg_is(r, 0, "insecure_secrets_log"))
        path(r, SERVER_LOG, 1);
    return CADDY_DATA;
}

static enum caddy_block proxy_line(struct caddy_reader *r)
{
    if (arg_is(r, 0, "handle_response"))
        return CADDY_SITE;
    if (arg_is(r, 0, "to"))
        upstreams(r, 1);
    else if (arg_is(r, 0, "root"))
        path(r, SERVER_ROOT, 1);
    return CADDY_DATA;
}

/* ---- words of any line */

/* {env.NAME} is taken from the environment too. */
static void environment(struct caddy_reader *r, const struct server_word *w)
{
    struct str s = w->value;
    for (size_t at = 0; at < s.n;) {
        ptrdiff_t begin = str_find(str_from(s, at), STR("{env."));
        if (begin < 0)
            return;
        size_t from = at + (size_t)begin;
        ptrdiff_t close = str_chr(str_from(s, from), '}');
        if (close < 0)
            return;
        at = from + (size_t)close + 1;
        struct server_variable v = {.name = str_sub(s, from + 5, at - 1)};
        note_span(w, from, at, &v.at);
        if (v.name.n)
            *vec_push(r->note.arena, &r->note.c->variables) = v;
    }
}

static void look_at_words(struct caddy_reader *r)
{
    VEC_EACH (t, &r->line) {
        environment(r, &t->word);
        note_mentions(&r->note, &t->word);
        if (str_has(t->word.value, "{http.request.local.port}"))
            r->note.c->tells_port = true;
    }
}

enum caddy_block caddy_line(struct caddy_reader *r, enum caddy_block in)
{
    if (r->line.v[0].variable) {
        note_unknown(&r->note, arg(r, 0)->raw.from, "a variable stands for whole lines");
        return CADDY_STRANGE;
    }
    look_at_words(r);
    switch (in) {
    case CADDY_GLOBAL:
    case CADDY_SITE:
    case CADDY_SNIPPET:
        return directive(r, in);
    case CADDY_LOG:
        return log_line(r);
    case CADDY_TLS:
        return tls_line(r);
    case CADDY_PROXY:
        return proxy_line(r);
    case CADDY_FILES:
    case CADDY_STORAGE:
        if (arg_is(r, 0, "root"))
            path(r, in == CADDY_FILES ? SERVER_ROOT : SERVER_OTHER_WRITE, 1);
        return CADDY_DATA;
    case CADDY_DATA:
        return CADDY_DATA;
    case CADDY_STRANGE:
        return CADDY_STRANGE;
    }
    return CADDY_STRANGE;
}
