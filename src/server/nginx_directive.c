/*
 * What single directives mean. Each is in one of three tables: those with a meaning for us (here),
 * those that are harmless (nginx_names.c), those that run code. Any other one belongs to a module
 * that is not known, and may do anything.
 */
#include "server/nginx_reader.h"

typedef void action(struct nginx_reader *r, enum server_path_kind kind);

static struct nginx_level *innermost(struct nginx_reader *r)
{
    return &r->level[r->depth];
}

static struct server_word *word(struct nginx_reader *r, size_t i)
{
    return &r->lex.words.v[i];
}

static struct str name_of(struct nginx_reader *r)
{
    return word(r, 0)->value;
}

static bool arg_is(struct nginx_reader *r, size_t i, const char *z)
{
    return i < r->lex.words.n && str_is(word(r, i)->value, z);
}

static bool arg_starts(struct nginx_reader *r, const char *z)
{
    return str_starts(word(r, 1)->value, str_of(z));
}

/* ---- files */

static void path(struct nginx_reader *r, enum server_path_kind kind)
{
    note_path(&r->note, kind, name_of(r), word(r, 1), 0, word(r, 1)->value.n);
}

/* `data:…`, `engine:…` and `store:…` are no files. */
static void certificate(struct nginx_reader *r, enum server_path_kind kind)
{
    if (!arg_starts(r, "data:") && !arg_starts(r, "engine:") && !arg_starts(r, "store:"))
        path(r, kind);
}

/* `error_log off` writes a file of that name. */
static void error_log(struct nginx_reader *r, enum server_path_kind kind)
{
    if (!arg_is(r, 1, "stderr") && !arg_starts(r, "syslog:") && !arg_starts(r, "memory:"))
        path(r, kind);
}

static void access_log(struct nginx_reader *r, enum server_path_kind kind)
{
    if (!arg_is(r, 1, "off") && !arg_starts(r, "syslog:"))
        path(r, kind);
}

static void store(struct nginx_reader *r, enum server_path_kind kind)
{
    if (arg_is(r, 1, "on"))
        note_unknown_write(&r->note, r->lex.whole.from, "'%s on' writes files below the root",
                           note_quote(&r->note, name_of(r)));
    else if (!arg_is(r, 1, "off"))
        path(r, kind);
}

static void dav(struct nginx_reader *r, enum server_path_kind kind)
{
    (void)kind;
    if (!arg_is(r, 1, "off"))
        note_unknown_write(&r->note, r->lex.whole.from, "dav_methods writes files below the root");
}

static void include(struct nginx_reader *r, enum server_path_kind kind)
{
    struct server_word *w = word(r, 1);
    bool glob =
        str_chr(w->value, '*') >= 0 || str_chr(w->value, '?') >= 0 || str_chr(w->value, '[') >= 0;
    (void)kind;
    innermost(r)->includes = true;
    note_include(&r->note, w, glob, innermost(r)->block == NGINX_DATA);
}

/* ---- addresses to connect to */

/* Takes down the socket in `unix:/path` or `http://unix:/path:/uri`. */
static bool socket_of(struct nginx_reader *r, const struct server_word *w)
{
    ptrdiff_t at = str_find(w->value, STR("unix:"));
    if (at != 0 && (at < 3 || !str_ends(str_sub(w->value, 0, (size_t)at), STR("://"))))
        return false;
    size_t from = (size_t)at + 5;
    ptrdiff_t uri = str_chr(str_from(w->value, from), ':');
    note_path(&r->note, SERVER_PEER, name_of(r), w, from,
              uri < 0 ? w->value.n : from + (size_t)uri);
    return true;
}

static void pass(struct nginx_reader *r, enum server_path_kind kind)
{
    (void)kind;
    if (!socket_of(r, word(r, 1)) && str_has(word(r, 1)->value, "://"))
        note_upstream(&r->note, word(r, 1), 80);
}

/* `server HOST;` in an upstream. */
static void server(struct nginx_reader *r, enum server_path_kind kind)
{
    (void)kind;
    if (innermost(r)->block != NGINX_UPSTREAM)
        note_unknown(&r->note, r->lex.whole.from, "a server without a block");
    else if (!socket_of(r, word(r, 1)))
        note_upstream(&r->note, word(r, 1), 80);
}

/* `proxy_set_header X-Forwarded-Port 80;` */
static void value(struct nginx_reader *r, enum server_path_kind kind)
{
    (void)kind;
    for (size_t i = 2; i < r->lex.words.n; i++)
        note_value(&r->note, word(r, i));
}

/* ---- switches */

static void listen(struct nginx_reader *r, enum server_path_kind kind)
{
    (void)kind;
    nginx_listen(r);
}

static void user(struct nginx_reader *r, enum server_path_kind kind)
{
    struct server_user u = {.user = word(r, 1)->value, .at = r->lex.whole};
    (void)kind;
    if (r->lex.words.n > 2)
        u.group = word(r, 2)->value;
    *vec_push(r->note.arena, &r->note.c->users) = u;
}

static void daemon_switch(struct nginx_reader *r, enum server_path_kind kind)
{
    (void)kind;
    r->note.c->daemon_off = arg_is(r, 1, "off");
}

static void ssl(struct nginx_reader *r, enum server_path_kind kind)
{
    (void)kind;
    innermost(r)->ssl = arg_is(r, 1, "on");
}

static void port_in_redirect(struct nginx_reader *r, enum server_path_kind kind)
{
    (void)kind;
    innermost(r)->bare = arg_is(r, 1, "off") ? NGINX_OFF : NGINX_ON;
}

static void absolute_redirect(struct nginx_reader *r, enum server_path_kind kind)
{
    (void)kind;
    innermost(r)->whole = arg_is(r, 1, "off") ? NGINX_OFF : NGINX_ON;
}

static const struct directive {
    const char *name;
    action *act;
    enum server_path_kind kind;
} directives[] = {
    {"absolute_redirect", absolute_redirect, 0},
    {"access_log", access_log, SERVER_LOG},
    {"add_header", value, 0},
    {"alias", path, SERVER_ROOT},
    {"auth_basic_user_file", path, SERVER_KEY},
    {"auth_http", pass, 0},
    {"client_body_temp_path", path, SERVER_TEMP},
    {"daemon", daemon_switch, 0},
    {"dav_methods", dav, 0},
    {"error_log", error_log, SERVER_LOG},
    {"fastcgi_cache_path", path, SERVER_CACHE},
    {"fastcgi_param", value, 0},
    {"fastcgi_pass", pass, 0},
    {"fastcgi_store", store, SERVER_OTHER_WRITE},
    {"fastcgi_temp_path", path, SERVER_TEMP},
    {"geoip_city", path, SERVER_ROOT},
    {"geoip_country", path, SERVER_ROOT},
    {"geoip_org", path, SERVER_ROOT},
    {"google_perftools_profiles", path, SERVER_OTHER_WRITE},
    {"grpc_pass", pass, 0},
    {"grpc_set_header", value, 0},
    {"grpc_ssl_certificate", certificate, SERVER_ROOT},
    {"grpc_ssl_certificate_key", certificate, SERVER_KEY},
    {"grpc_ssl_crl", path, SERVER_ROOT},
    {"grpc_ssl_password_file", path, SERVER_KEY},
    {"grpc_ssl_trusted_certificate", path, SERVER_ROOT},
    {"include", include, 0},
    {"listen", listen, 0},
    {"load_module", path, SERVER_INCLUDE},
    {"lock_file", path, SERVER_OTHER_WRITE},
    {"memcached_pass", pass, 0},
    {"pid", path, SERVER_PID},
    {"port_in_redirect", port_in_redirect, 0},
    {"proxy_cache_path", path, SERVER_CACHE},
    {"proxy_pass", pass, 0},
    {"proxy_set_header", value, 0},
    {"proxy_ssl_certificate", certificate, SERVER_ROOT},
    {"proxy_ssl_certificate_key", certificate, SERVER_KEY},
    {"proxy_ssl_crl", path, SERVER_ROOT},
    {"proxy_ssl_password_file", path, SERVER_KEY},
    {"proxy_ssl_trusted_certificate", path, SERVER_ROOT},
    {"proxy_store", store, SERVER_OTHER_WRITE},
    {"proxy_temp_path", path, SERVER_TEMP},
    {"quic_host_key", path, SERVER_KEY},
    {"root", path, SERVER_ROOT},
    {"scgi_cache_path", path, SERVER_CACHE},
    {"scgi_param", value, 0},
    {"scgi_pass", pass, 0},
    {"scgi_store", store, SERVER_OTHER_WRITE},
    {"scgi_temp_path", path, SERVER_TEMP},
    {"server", server, 0},
    {"set", value, 0},
    {"ssl", ssl, 0},
    {"ssl_certificate", certificate, SERVER_ROOT},
    {"ssl_certificate_key", certificate, SERVER_KEY},
    {"ssl_client_certificate", path, SERVER_ROOT},
    {"ssl_crl", path, SERVER_ROOT},
    {"ssl_dhparam", path, SERVER_ROOT},
    {"ssl_ech_file", path, SERVER_KEY},
    {"ssl_password_file", path, SERVER_KEY},
    {"ssl_session_ticket_key", path, SERVER_KEY},
    {"ssl_stapling_file", path, SERVER_ROOT},
    {"ssl_trusted_certificate", path, SERVER_ROOT},
    {"user", user, 0},
    {"uwsgi_cache_path", path, SERVER_CACHE},
    {"uwsgi_param", value, 0},
    {"uwsgi_pass", pass, 0},
    {"uwsgi_ssl_certificate", certificate, SERVER_ROOT},
    {"uwsgi_ssl_certificate_key", certificate, SERVER_KEY},
    {"uwsgi_ssl_crl", path, SERVER_ROOT},
    {"uwsgi_ssl_password_file", path, SERVER_KEY},
    {"uwsgi_ssl_trusted_certificate", path, SERVER_ROOT},
    {"uwsgi_store", store, SERVER_OTHER_WRITE},
    {"uwsgi_temp_path", path, SERVER_TEMP},
    {"working_directory", path, SERVER_OTHER_WRITE},
    {"xslt_stylesheet", path, SERVER_ROOT},
};

static const struct directive *find(struct str name)
{
    for (size_t i = 0; i < sizeof directives / sizeof *directives; i++)
        if (str_is(name, directives[i].name))
            return &directives[i];
    return NULL;
}

/* Lines of a map or of types are no directives. */
static void data_line(struct nginx_reader *r)
{
    if (arg_is(r, 0, "include") && r->lex.words.n == 2)
        include(r, 0);
    else
        value(r, 0);
}

void nginx_directive(struct nginx_reader *r)
{
    const struct directive *d = find(name_of(r));
    if (innermost(r)->block == NGINX_DATA) {
        data_line(r);
    } else if (d && r->lex.words.n < 2) {
        note_unknown(&r->note, r->lex.whole.from, "'%s' says nothing", d->name);
    } else if (d) {
        d->act(r, d->kind);
    } else if (nginx_is_code(name_of(r))) {
        note_unknown(&r->note, r->lex.whole.from, "'%s' runs code that can do anything",
                     note_quote(&r->note, name_of(r)));
    } else if (!nginx_is_harmless(name_of(r))) {
        note_unknown(&r->note, r->lex.whole.from, "the directive '%s' is not known",
                     note_quote(&r->note, name_of(r)));
    }
}
