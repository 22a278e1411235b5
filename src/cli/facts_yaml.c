/*
 * Texts are written plain only when nobody can take them for anything else; all others stand in
 * double quotes. Lists stand on one line, as in the built-in files.
 */
#include "cli/facts_yaml.h"

#include "base/buf.h"
#include "base/utf8.h"

static const char *const families[] = {
    [FACTS_FAMILY_UNKNOWN] = "unknown",
    [FACTS_DEBIAN] = "debian",
    [FACTS_ALPINE] = "alpine",
    [FACTS_REDHAT] = "redhat",
    [FACTS_SUSE] = "suse",
    [FACTS_ARCH] = "arch",
    [FACTS_WOLFI] = "wolfi",
    [FACTS_BUSYBOX] = "busybox",
    [FACTS_DISTROLESS] = "distroless",
    [FACTS_SCRATCH] = "scratch",
    [FACTS_WINDOWS] = "windows",
    [FACTS_OTHER] = "other",
};
static const char *const user_tools[] = {
    [FACTS_TOOLS_UNKNOWN] = "unknown",
    [FACTS_TOOLS_SHADOW] = "shadow",
    [FACTS_TOOLS_BUSYBOX] = "busybox",
    [FACTS_TOOLS_NONE] = "none",
};
static const char *const starts[] = {
    [FACTS_STARTS_UNKNOWN] = "unknown", [FACTS_STARTS_NOTHING] = "nothing",
    [FACTS_STARTS_SHELL] = "shell",     [FACTS_STARTS_INTERPRETER] = "interpreter",
    [FACTS_STARTS_TOOL] = "tool",       [FACTS_STARTS_SERVICE] = "service",
};
static const char *const start_as[] = {
    [FACTS_AS_UNKNOWN] = "unknown",
    [FACTS_AS_ANY] = "any",
    [FACTS_AS_DROPS] = "drops",
    [FACTS_AS_ROOT] = "root",
};
static const char *const purposes[] = {
    [FACTS_USER_SYSTEM] = "system",
    [FACTS_USER_APP] = "app",
    [FACTS_USER_LOGIN] = "login",
};

/* ---- texts ---- */

static bool is_letter(char c)
{
    return (c | 32) >= 'a' && (c | 32) <= 'z';
}

/* YAML 1.1 and 1.2 take these words for something else. */
static bool is_word_with_meaning(struct str s)
{
    static const char *const words[] = {"true", "false", "yes", "no", "on",
                                        "off",  "null",  "y",   "n"};
    for (size_t i = 0; i < sizeof words / sizeof *words; i++)
        if (str_eq_nocase(s, str_of(words[i])))
            return true;
    return false;
}

static bool is_plain(struct str s)
{
    if (!s.n || (!is_letter(s.p[0]) && s.p[0] != '/') || is_word_with_meaning(s))
        return false;
    for (size_t i = 0; i < s.n; i++)
        if (!is_letter(s.p[i]) && !strchr("0123456789/._-", s.p[i]))
            return false;
    return !memchr(s.p, 0, s.n);
}

static void add_character(struct buf *b, struct str s, size_t at, size_t len, uint32_t cp)
{
    if (cp == '"' || cp == '\\')
        buf_addf(b, "\\%c", (char)cp);
    else if (cp == '\n')
        buf_addz(b, "\\n");
    else if (cp == '\t')
        buf_addz(b, "\\t");
    else if (cp < 0x20 || (cp >= 0x7F && cp < 0xA0))
        buf_addf(b, "\\x%02x", (unsigned)cp);
    else if (cp == UTF8_BAD && len == 1)
        buf_addz(b, "\xEF\xBF\xBD");
    else
        buf_add(b, str_sub(s, at, at + len));
}

static void add_text(struct buf *b, struct str s)
{
    size_t len;
    if (is_plain(s)) {
        buf_add(b, s);
        return;
    }
    buf_addc(b, '"');
    for (size_t i = 0; i < s.n; i += len) {
        uint32_t cp = utf8_at(s, i, &len);
        add_character(b, s, i, len, cp);
    }
    buf_addc(b, '"');
}

/* ---- keys ---- */

static void add_key(struct buf *b, const char *key, struct str value)
{
    buf_addf(b, "%s: ", key);
    add_text(b, value);
    buf_addc(b, '\n');
}

static void add_key_unless(struct buf *b, const char *key, struct str value, const char *usual)
{
    if (!str_is(value, usual))
        add_key(b, key, value);
}

static void add_list(struct buf *b, const char *key, const struct str *v, size_t n)
{
    if (!n)
        return;
    buf_addf(b, "%s: [", key);
    for (size_t i = 0; i < n; i++) {
        if (i)
            buf_addz(b, ", ");
        add_text(b, v[i]);
    }
    buf_addz(b, "]\n");
}

static void add_users(struct buf *b, const struct facts *f)
{
    if (f->users.n)
        buf_addz(b, "users:\n");
    VEC_EACH (u, &f->users) {
        buf_addz(b, "  - {name: ");
        add_text(b, u->name);
        buf_addf(b, ", uid: %u, gid: %u", u->uid, u->gid);
        if (u->group.n && !str_eq(u->group, u->name)) {
            buf_addz(b, ", group: ");
            add_text(b, u->group);
        }
        if (u->home.n) {
            buf_addz(b, ", home: ");
            add_text(b, u->home);
        }
        buf_addf(b, ", purpose: %s}\n", purposes[u->purpose]);
    }
}

static void add_env(struct buf *b, const struct facts *f)
{
    if (f->env.n)
        buf_addz(b, "env:\n");
    VEC_EACH (e, &f->env) {
        buf_addz(b, "  ");
        /* A variable may be called "yes". */
        add_text(b, e->name);
        buf_addz(b, ": ");
        add_text(b, e->value);
        buf_addc(b, '\n');
    }
}

static void add_ports(struct buf *b, const struct facts *f)
{
    if (!f->ports.n)
        return;
    buf_addz(b, "ports: [");
    VEC_EACH (port, &f->ports)
        buf_addf(b, "%s%u", port == f->ports.v ? "" : ", ", *port);
    buf_addz(b, "]\n");
}

static void add_writable(struct buf *b, const struct facts *f)
{
    if (f->writable.n)
        buf_addz(b, "writable:\n");
    VEC_EACH (w, &f->writable) {
        buf_addz(b, "  - {path: ");
        add_text(b, w->path);
        buf_addf(b, ", kind: %s}\n", w->file ? "file" : "dir");
    }
}

static void add_process(struct buf *b, const struct facts *f)
{
    add_list(b, "entrypoint", f->entrypoint.v, f->entrypoint.n);
    add_list(b, "cmd", f->cmd.v, f->cmd.n);
    /* What the reader takes it for when nothing is said. */
    bool something = f->entrypoint.n || f->cmd.n;
    if (f->starts != (something ? FACTS_STARTS_UNKNOWN : FACTS_STARTS_NOTHING))
        buf_addf(b, "starts: %s\n", starts[f->starts]);
    if (f->start_as != FACTS_AS_ANY)
        buf_addf(b, "start_as: %s\n", start_as[f->start_as]);
    add_ports(b, f);
    add_list(b, "volumes", f->volumes.v, f->volumes.n);
    add_writable(b, f);
    if (f->writes_known && !f->writes.n)
        buf_addz(b, "writes: []\n");
    add_list(b, "writes", f->writes.v, f->writes.n);
}

struct str facts_yaml(struct arena *a, const struct str *images, size_t n, const struct facts *f)
{
    struct buf b = buf_in(a);
    add_list(&b, "images", images, n);
    add_key_unless(&b, "source", f->source, "");
    add_key_unless(&b, "checked", f->checked, "");
    buf_addf(&b, "family: %s\n", families[f->family]);
    add_key_unless(&b, "package_manager", f->package_manager, "");
    if (f->user_tools != FACTS_TOOLS_UNKNOWN)
        buf_addf(&b, "user_tools: %s\n", user_tools[f->user_tools]);
    if (f->family != FACTS_FAMILY_UNKNOWN || f->shell.n)
        add_key(&b, "shell", f->has_shell ? f->shell : STR("none"));
    add_key(&b, "user", f->user.n ? f->user : STR("root"));
    add_key_unless(&b, "workdir", f->workdir, "/");
    add_users(&b, f);
    add_env(&b, f);
    add_process(&b, f);
    if (f->onbuild)
        buf_addz(&b, "onbuild: true\n");
    add_key_unless(&b, "notes", f->notes, "");
    return buf_str(&b);
}
