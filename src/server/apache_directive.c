/*
 * What single directives mean. Each is in one of two tables: those with a meaning for us (here) and
 * those that are harmless (apache_names.c). Any other one may do anything.
 */
#include "server/apache_reader.h"

typedef void action(struct apache_reader *r, enum server_path_kind kind, size_t arg);

static struct str arg(const struct apache_reader *r, size_t i)
{
    return i < r->args.n ? r->args.v[i].value : STR("");
}

static bool is(struct str s, const char *z)
{
    return str_eq_nocase(s, str_of(z));
}

static bool starts(struct str s, const char *z)
{
    return is(str_sub(s, 0, strlen(z)), z);
}

static void runs_code(struct apache_reader *r)
{
    note_unknown(&r->note, r->line.raw.from, "'%s' runs a program that can do anything",
                 note_quote(&r->note, r->name));
}

static void writes(struct apache_reader *r)
{
    note_unknown_write(&r->note, r->line.raw.from, "what '%s' writes is not known",
                       note_quote(&r->note, r->name));
}

static void code(struct apache_reader *r, enum server_path_kind kind, size_t i)
{
    (void)kind;
    (void)i;
    runs_code(r);
}

static void unknown_write(struct apache_reader *r, enum server_path_kind kind, size_t i)
{
    (void)kind;
    (void)i;
    writes(r);
}

/* ---- files */

static void path(struct apache_reader *r, enum server_path_kind kind, size_t i)
{
    if (i < r->args.n)
        note_path(&r->note, kind, r->name, &r->args.v[i], 0, r->args.v[i].value.n);
    else
        note_unknown(&r->note, r->line.raw.from, "'%s' has too few words",
                     note_quote(&r->note, r->name));
}

static void paths(struct apache_reader *r, enum server_path_kind kind, size_t i)
{
    for (; i < r->args.n; i++)
        path(r, kind, i);
}

/* `shmcb:/run/ssl_scache(512000)`, `file:/run/lock`: a file behind the kind of the thing. */
static void typed(struct apache_reader *r, enum server_path_kind kind, size_t i)
{
    struct str s = arg(r, i);
    ptrdiff_t colon = str_chr(s, ':'), size = str_rchr(s, '(');
    size_t end = size > colon ? (size_t)size : s.n;
    if (colon < 0 || starts(s, "memcache") || starts(s, "redis") || starts(s, "int:"))
        return;
    if (starts(s, "prg:") || starts(s, "exec:") || starts(s, "dc:"))
        runs_code(r);
    else
        note_path(&r->note, kind, r->name, &r->args.v[i], (size_t)colon + 1, end);
}

/* The files of a log that goes through a program, as far as the program is known. */
static void piped(struct apache_reader *r, const struct server_word *w)
{
    struct server_word line = *w, word = {0};
    size_t at = 0;
    while (at < w->value.n && (w->value.p[at] == '|' || w->value.p[at] == '$'))
        at++;
    apache_word(r->note.arena, &line, &at, &word);
    bool rotates = is(str_basename(word.value), "rotatelogs");
    bool known = rotates || is(str_basename(word.value), "cat");
    while (known && apache_word(r->note.arena, &line, &at, &word)) {
        bool plain = word.value.n && word.value.p[0] != '-';
        known = rotates && !is(word.value, "-p") && !str_has(word.value, "&");
        if (known && plain && str_chr(word.value, '/') >= 0)
            note_path(&r->note, SERVER_LOG, r->name, &word, 0, word.value.n);
    }
    if (!known)
        writes(r);
}

static void log_file(struct apache_reader *r, enum server_path_kind kind, size_t i)
{
    struct str s = arg(r, i);
    if (starts(s, "|"))
        piped(r, &r->args.v[i]);
    else if (!is(s, "syslog") && !starts(s, "syslog:") && !is(s, "journald"))
        path(r, kind, i);
}

static void dav(struct apache_reader *r, enum server_path_kind kind, size_t i)
{
    (void)kind;
    if (!is(arg(r, i), "off"))
        writes(r);
}

/* `builtin`, or a program. */
static void dialog(struct apache_reader *r, enum server_path_kind kind, size_t i)
{
    (void)kind;
    if (!is(arg(r, i), "builtin"))
        runs_code(r);
}

static void include(struct apache_reader *r, enum server_path_kind kind, size_t i)
{
    (void)kind;
    if (i < r->args.n)
        note_include(&r->note, &r->args.v[i], is(r->name, "IncludeOptional"), false);
}

static void php(struct apache_reader *r, enum server_path_kind kind, size_t i)
{
    static const char *const names[] = {"session.save_path",  "upload_tmp_dir",
                                        "sys_temp_dir",       "error_log",
                                        "opcache.file_cache", "soap.wsdl_cache_dir"};
    for (size_t k = 0; k < sizeof names / sizeof *names; k++)
        if (is(arg(r, 0), names[k]))
            path(r, kind, i);
}

/* ---- addresses */

/* `unix:/run/php.sock|fcgi://localhost/`, also behind "proxy:". */
static bool socket_of(struct apache_reader *r, const struct server_word *w)
{
    ptrdiff_t at = str_find(w->value, STR("unix:"));
    if (at < 0 || (at > 0 && w->value.p[at - 1] != ':'))
        return false;
    ptrdiff_t bar = str_chr(str_from(w->value, (size_t)at), '|');
    note_path(&r->note, SERVER_PEER, r->name, w, (size_t)at + 5,
              bar < 0 ? w->value.n : (size_t)(at + bar));
    return true;
}

static void upstream(struct apache_reader *r, enum server_path_kind kind, size_t i)
{
    (void)kind;
    for (; i < r->args.n; i++)
        if (!socket_of(r, &r->args.v[i]) && str_has(r->args.v[i].value, "://"))
            note_upstream(&r->note, &r->args.v[i], 80);
}

static void value(struct apache_reader *r, enum server_path_kind kind, size_t i)
{
    (void)kind;
    for (; i < r->args.n; i++)
        note_value(&r->note, &r->args.v[i]);
}

/* ---- switches */

static void listen(struct apache_reader *r, enum server_path_kind kind, size_t i)
{
    (void)kind;
    (void)i;
    apache_listen(r);
}

static void hosts(struct apache_reader *r, enum server_path_kind kind, size_t i)
{
    (void)kind;
    (void)i;
    apache_hosts(r);
}

static void define(struct apache_reader *r, enum server_path_kind kind, size_t i)
{
    (void)kind;
    (void)i;
    apache_define(r);
}

static void user(struct apache_reader *r, enum server_path_kind kind, size_t i)
{
    struct server_user u = {.user = arg(r, i), .at = r->line.raw};
    (void)kind;
    if (is(r->name, "Group"))
        u = (struct server_user){.group = arg(r, i), .at = r->line.raw};
    *vec_push(r->note.arena, &r->note.c->users) = u;
}

static void ssl_engine(struct apache_reader *r, enum server_path_kind kind, size_t i)
{
    (void)kind;
    if (is(arg(r, i), "on"))
        r->level[r->depth].tls = true;
}

static void server_name(struct apache_reader *r, enum server_path_kind kind, size_t i)
{
    (void)kind;
    (void)i;
    r->level[r->depth].named = true;
}

static void physical_port(struct apache_reader *r, enum server_path_kind kind, size_t i)
{
    (void)kind;
    if (is(arg(r, i), "on"))
        r->note.c->redirects_show_port = true;
}

static const struct directive {
    const char *name;
    action *act;
    enum server_path_kind kind;
    size_t arg;
} directives[] = {
    {"alias", path, SERVER_ROOT, 1},
    {"authdbmgroupfile", path, SERVER_KEY, 0},
    {"authdbmuserfile", path, SERVER_KEY, 0},
    {"authgroupfile", path, SERVER_KEY, 0},
    {"authncachesocache", typed, SERVER_OTHER_WRITE, 0},
    {"authuserfile", path, SERVER_KEY, 0},
    {"balancermember", upstream, 0, 0},
    {"cachelockpath", path, SERVER_OTHER_WRITE, 0},
    {"cacheroot", path, SERVER_CACHE, 0},
    {"cachesocache", typed, SERVER_OTHER_WRITE, 0},
    {"chrootdir", code, 0, 0},
    {"cookielog", log_file, SERVER_LOG, 0},
    {"coredumpdirectory", path, SERVER_OTHER_WRITE, 0},
    {"cryptokey", typed, SERVER_KEY, 0},
    {"ctauditstorage", path, SERVER_OTHER_WRITE, 0},
    {"ctsctstorage", path, SERVER_OTHER_WRITE, 0},
    {"customlog", log_file, SERVER_LOG, 0},
    {"dav", dav, 0, 0},
    {"davgenericlockdb", path, SERVER_OTHER_WRITE, 0},
    {"davlockdb", path, SERVER_OTHER_WRITE, 0},
    {"dbdparams", unknown_write, 0, 0}, /* may name a database in a file */
    {"defaultruntimedir", path, SERVER_OTHER_WRITE, 0},
    {"defaultstatedir", path, SERVER_OTHER_WRITE, 0},
    {"define", define, 0, 0},
    {"documentroot", path, SERVER_ROOT, 0},
    {"errorlog", log_file, SERVER_LOG, 0},
    {"extfilterdefine", code, 0, 0},
    {"forensiclog", log_file, SERVER_LOG, 0},
    {"globallog", log_file, SERVER_LOG, 0},
    {"gprofdir", path, SERVER_OTHER_WRITE, 0},
    {"group", user, 0, 0},
    {"header", value, 0, 1},
    {"heartbeatlisten", code, 0, 0},
    {"heartbeatstorage", path, SERVER_OTHER_WRITE, 0},
    {"include", include, 0, 0},
    {"includeoptional", include, 0, 0},
    {"ldapsharedcachefile", path, SERVER_OTHER_WRITE, 0},
    {"listen", listen, 0, 0},
    {"loadfile", paths, SERVER_INCLUDE, 0},
    {"loadmodule", path, SERVER_INCLUDE, 1},
    {"lockfile", path, SERVER_OTHER_WRITE, 0},
    {"mdcertificatefile", path, SERVER_ROOT, 0},
    {"mdcertificatekeyfile", path, SERVER_KEY, 0},
    {"mdchallengedns01", code, 0, 0},
    {"mdomain", unknown_write, 0, 0}, /* keeps certificates that it fetches */
    {"mdmessagecmd", code, 0, 0},
    {"mdnotifycmd", code, 0, 0},
    {"mdstoredir", path, SERVER_OTHER_WRITE, 0},
    {"mimemagicfile", path, SERVER_ROOT, 0},
    {"mmapfile", paths, SERVER_ROOT, 0},
    {"mutex", typed, SERVER_OTHER_WRITE, 0},
    {"namevirtualhost", hosts, 0, 0},
    {"php_admin_value", php, SERVER_OTHER_WRITE, 1},
    {"php_value", php, SERVER_OTHER_WRITE, 1},
    {"phpinidir", path, SERVER_ROOT, 0},
    {"pidfile", path, SERVER_PID, 0},
    {"proxyexpressdbmfile", path, SERVER_ROOT, 0},
    {"proxypass", upstream, 0, 0},
    {"proxypassmatch", upstream, 0, 0},
    {"proxyremote", upstream, 0, 1},
    {"requestheader", value, 0, 1},
    {"rewritelock", path, SERVER_OTHER_WRITE, 0},
    {"rewritelog", log_file, SERVER_LOG, 0},
    {"rewritemap", typed, SERVER_ROOT, 1},
    {"scoreboardfile", path, SERVER_OTHER_WRITE, 0},
    {"scriptalias", path, SERVER_ROOT, 1},
    {"scriptlog", path, SERVER_LOG, 0},
    {"scriptsock", path, SERVER_SOCKET, 0},
    {"securelisten", code, 0, 0},
    {"servername", server_name, 0, 0},
    {"serverroot", path, SERVER_ROOT, 0},
    {"setenv", value, 0, 1},
    {"sethandler", upstream, 0, 0},
    {"sslcacertificatefile", path, SERVER_ROOT, 0},
    {"sslcacertificatepath", path, SERVER_ROOT, 0},
    {"sslcadnrequestfile", path, SERVER_ROOT, 0},
    {"sslcadnrequestpath", path, SERVER_ROOT, 0},
    {"sslcarevocationfile", path, SERVER_ROOT, 0},
    {"sslcarevocationpath", path, SERVER_ROOT, 0},
    {"sslcertificatechainfile", path, SERVER_ROOT, 0},
    {"sslcertificatefile", path, SERVER_ROOT, 0},
    {"sslcertificatekeyfile", path, SERVER_KEY, 0},
    {"sslengine", ssl_engine, 0, 0},
    {"sslmutex", typed, SERVER_OTHER_WRITE, 0},
    {"sslocsprespondercertificatefile", path, SERVER_ROOT, 0},
    {"sslpassphrasedialog", dialog, 0, 0},
    {"sslproxycacertificatefile", path, SERVER_ROOT, 0},
    {"sslproxycacertificatepath", path, SERVER_ROOT, 0},
    {"sslproxycarevocationfile", path, SERVER_ROOT, 0},
    {"sslproxycarevocationpath", path, SERVER_ROOT, 0},
    {"sslproxymachinecertificatechainfile", path, SERVER_ROOT, 0},
    {"sslproxymachinecertificatefile", path, SERVER_KEY, 0},
    {"sslproxymachinecertificatepath", path, SERVER_KEY, 0},
    {"sslrandomseed", typed, SERVER_ROOT, 1},
    {"sslsessioncache", typed, SERVER_OTHER_WRITE, 0},
    {"sslsessionticketkeyfile", path, SERVER_KEY, 0},
    {"sslsrpverifierfile", path, SERVER_KEY, 0},
    {"sslstaplingcache", typed, SERVER_OTHER_WRITE, 0},
    {"suexecusergroup", unknown_write, 0, 0},
    {"transferlog", log_file, SERVER_LOG, 0},
    {"typesconfig", path, SERVER_ROOT, 0},
    {"undefine", define, 0, 0},
    {"use", code, 0, 0},
    {"usecanonicalphysicalport", physical_port, 0, 0},
    {"user", user, 0, 0},
    {"wsgidaemonprocess", unknown_write, 0, 0},
    {"wsgiscriptalias", path, SERVER_ROOT, 1},
    {"wsgisocketprefix", path, SERVER_SOCKET, 0},
};

/* Networks, formats and files: no hosts with ports. */
static bool has_no_mentions(struct str name)
{
    static const char *const names[] = {"listen",
                                        "virtualhost",
                                        "namevirtualhost",
                                        "logformat",
                                        "customlog",
                                        "errorlogformat",
                                        "allow",
                                        "deny",
                                        "require",
                                        "remoteipinternalproxy",
                                        "remoteiptrustedproxy",
                                        "define"};
    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        if (str_is(name, names[i]))
            return true;
    return false;
}

static void look_at_words(struct apache_reader *r)
{
    if (has_no_mentions(r->lower))
        return;
    bool compares = starts(r->name, "RewriteCond") || is(r->name, "If") || is(r->name, "ElseIf");
    bool port = false;
    VEC_EACH (w, &r->args)
        port = port || str_has(w->value, "SERVER_PORT");
    VEC_EACH (w, &r->args)
        if (port && compares)
            note_numbers(&r->note, w, SERVER_MENTION_PUBLIC);
        else
            note_mentions(&r->note, w);
    if (port && !compares)
        r->note.c->tells_port = true;
}

static const struct directive *find(struct str name)
{
    for (size_t i = 0; i < sizeof directives / sizeof *directives; i++)
        if (str_is(name, directives[i].name))
            return &directives[i];
    return NULL;
}

void apache_directive(struct apache_reader *r)
{
    const struct directive *d = find(r->lower);
    bool section = str_starts(r->line.value, STR("<"));
    look_at_words(r);
    if (section)
        return;
    if (d)
        d->act(r, d->kind, d->arg);
    else if (!apache_is_harmless(r->lower))
        note_unknown(&r->note, r->line.raw.from, "the directive '%s' is not known",
                     note_quote(&r->note, r->name));
}
