/*
 * From commands to effects. Each command's program is looked up in a table of recognisers; a
 * wrapper (sudo, env, sh -c …) is a recogniser that hands on the words or the script behind it.
 * What no table knows is RUN_OTHER, so that every program of the script is mentioned.
 */
#include "dockerfile/run.h"

#include "dockerfile/run_reader.h"

enum { NESTING_MAX = 16, BRACES_MAX = 64, BRACE_WORD_MAX = 4096, BRACE_GROUPS_MAX = 6 };

static run_recogniser run_capability, run_ip;

static const struct {
    const char *name;
    run_recogniser *read;
} programs[] = {
    {"addgroup", run_addgroup},
    {"adduser", run_adduser},
    {"apk", run_apk},
    {"apt", run_apt},
    {"apt-get", run_apt},
    {"aptitude", run_apt},
    {"ash", run_shell},
    {"bash", run_shell},
    {"builtin", run_exec},
    {"busybox", run_busybox},
    {"cd", run_cd},
    {"chgrp", run_chgrp},
    {"chmod", run_chmod},
    {"chown", run_chown},
    {"chpasswd", run_passwd},
    {"chpst", run_chpst},
    {"chsh", run_chsh},
    {"command", run_command},
    {"dash", run_shell},
    {"delgroup", run_userdel},
    {"deluser", run_userdel},
    {"dnf", run_yum},
    {"dnf5", run_yum},
    {"doas", run_sudo},
    {"dpkg", run_dpkg},
    {"eatmydata", run_exec},
    {"env", run_env},
    {"eval", run_eval},
    {"exec", run_exec},
    {"fakeroot", run_exec},
    {"find", run_find},
    {"gosu", run_gosu},
    {"gpasswd", run_gpasswd},
    {"groupadd", run_groupadd},
    {"groupdel", run_userdel},
    {"groupmod", run_groupmod},
    {"insmod", run_capability},
    {"install", run_install},
    {"install_packages", run_install_packages},
    {"ionice", run_nice},
    {"ip", run_ip},
    {"ip6tables", run_capability},
    {"ip6tables-restore", run_capability},
    {"ipset", run_capability},
    {"iptables", run_capability},
    {"iptables-restore", run_capability},
    {"ksh", run_shell},
    {"linux32", run_exec},
    {"linux64", run_exec},
    {"ln", run_ln},
    {"losetup", run_capability},
    {"microdnf", run_yum},
    {"mkdir", run_mkdir},
    {"mknod", run_capability},
    {"modprobe", run_capability},
    {"mount", run_capability},
    {"mv", run_mv},
    {"newusers", run_passwd},
    {"nft", run_capability},
    {"nice", run_nice},
    {"nohup", run_exec},
    {"nsenter", run_capability},
    {"pacman", run_pacman},
    {"passwd", run_passwd},
    {"popd", run_cd},
    {"pushd", run_cd},
    {"rm", run_rm},
    {"rmdir", run_rm},
    {"rpm", run_rpm},
    {"runuser", run_su},
    {"s6-setuidgid", run_gosu},
    {"sed", run_sed},
    {"setcap", run_capability},
    {"setpriv", run_setpriv},
    {"setsid", run_exec},
    {"setuidgid", run_gosu},
    {"setuser", run_gosu},
    {"sh", run_shell},
    {"start-stop-daemon", run_start_stop_daemon},
    {"stdbuf", run_nice},
    {"su", run_su},
    {"su-exec", run_gosu},
    {"sudo", run_sudo},
    {"swapon", run_capability},
    {"sysctl", run_capability},
    {"tdnf", run_yum},
    {"tee", run_tee},
    {"time", run_time},
    {"timeout", run_timeout},
    {"touch", run_touch},
    {"toybox", run_busybox},
    {"umask", run_umask},
    {"umount", run_capability},
    {"unlink", run_rm},
    {"unshare", run_capability},
    {"useradd", run_useradd},
    {"userdel", run_userdel},
    {"usermod", run_usermod},
    {"xargs", run_xargs},
    {"yum", run_yum},
    {"zsh", run_shell},
    {"zypper", run_zypper},
};

struct str run_basename(struct shell_word w)
{
    return w.literal && w.value.n ? str_basename(w.value) : w.value;
}

struct run_effect *run_add(struct run_reader *r, enum run_kind kind, struct run_words w)
{
    struct run_effect *e = vec_push(r->arena, &r->out->effects);
    *e = (struct run_effect){
        .kind = kind,
        .certain = r->certain,
        .inner = r->inner,
        .command = r->command,
        .program = w.n ? run_basename(w.v[0]) : STR_NULL,
        .id = -1,
        .gid = -1,
    };
    return e;
}

int64_t run_number(struct shell_word w)
{
    uint64_t n;
    if (!w.literal || !str_to_u64(w.value, UINT32_MAX - 1, &n))
        return -1;
    return (int64_t)n;
}

bool run_split(struct str s, char c, struct str *before, struct str *after)
{
    size_t depth = 0;
    for (size_t i = 0; i < s.n; i++) {
        char x = s.p[i];
        if (x == '$' && i + 1 < s.n && (s.p[i + 1] == '{' || s.p[i + 1] == '(')) {
            depth++;
            i++;
        } else if (depth && (x == '}' || x == ')')) {
            depth--;
        } else if (x == c && !depth) {
            *before = str_sub(s, 0, i);
            *after = str_from(s, i + 1);
            return true;
        }
    }
    return false;
}

/* A { that opens a list a,b up to its }. */
static bool find_braces(struct str s, size_t *open, size_t *close)
{
    size_t depth = 0;
    bool comma = false;
    for (size_t i = 0; i < s.n; i++) {
        char c = s.p[i];
        if (c == '{' && (i == 0 || s.p[i - 1] != '$')) {
            if (!depth++)
                *open = i;
        } else if (c == ',' && depth == 1) {
            comma = true;
        } else if (c == '}' && depth && !--depth && comma) {
            *close = i;
            return true;
        }
    }
    return false;
}

static bool has_expansion(struct str s)
{
    for (size_t i = 0; i < s.n; i++)
        if (strchr("$`*?[{", s.p[i]) || !s.p[i])
            return true;
    return s.n && s.p[0] == '~';
}

/* Adds the words that `s` stands for. False when there would be too many. */
static bool expand_braces(struct run_reader *r, struct run_effect *e, struct shell_word w,
                          unsigned groups)
{
    size_t open, close;
    if (!find_braces(w.value, &open, &close)) {
        w.literal = !has_expansion(w.value);
        *vec_push(r->arena, &e->operands) = w;
        return e->operands.n <= BRACES_MAX;
    }
    struct str head = str_sub(w.value, 0, open), tail = str_from(w.value, close + 1), item;
    struct str list = str_sub(w.value, open + 1, close);
    while (groups && str_split(&list, ',', &item)) {
        w.value = str_cat(r->arena, str_cat(r->arena, head, item), tail);
        if (!expand_braces(r, e, w, groups - 1))
            return false;
    }
    return groups > 0;
}

void run_operand(struct run_reader *r, struct run_effect *e, struct shell_word w)
{
    size_t n = e->operands.n, open, close;
    bool simple = !w.literal && !w.quoted && w.raw.to - w.raw.from == w.value.n &&
                  w.value.n <= BRACE_WORD_MAX && find_braces(w.value, &open, &close) &&
                  str_chr(str_sub(w.value, open + 1, close), '{') < 0;
    if (simple && n < BRACES_MAX && expand_braces(r, e, w, BRACE_GROUPS_MAX)) {
        e->certain &= r->braces;
        return;
    }
    if (simple)
        e->operands.n = n;
    *vec_push(r->arena, &e->operands) = w;
}

void run_operands(struct run_reader *r, struct run_effect *e, struct run_words w)
{
    for (size_t i = 0; i < w.n; i++)
        *vec_push(r->arena, &e->operands) = w.v[i];
}

void run_other(struct run_reader *r, struct run_words w)
{
    run_operands(r, run_add(r, RUN_OTHER, w), run_words_from(w, 1));
}

static void run_capability(struct run_reader *r, struct run_words w)
{
    struct run_effect *e = run_add(r, w.n > 1 ? RUN_CAPABILITY : RUN_OTHER, w);
    run_operands(r, e, run_words_from(w, 1));
}

/* ip changes the network only with some of its verbs. */
static void run_ip(struct run_reader *r, struct run_words w)
{
    static const char *const verbs[] = {"add",     "del",    "delete", "set",
                                        "replace", "change", "flush"};
    bool changes = false;
    for (size_t i = 1; i < w.n; i++)
        for (size_t k = 0; k < sizeof verbs / sizeof *verbs; k++)
            changes |= str_is(w.v[i].value, verbs[k]);
    run_operands(r, run_add(r, changes ? RUN_CAPABILITY : RUN_OTHER, w), run_words_from(w, 1));
}

/* By its bare name or from where systems keep programs: ./install is somebody's script. */
static bool is_system_program(struct shell_word w)
{
    static const char *const places[] = {"/bin/",      "/sbin/",          "/usr/bin/",
                                         "/usr/sbin/", "/usr/local/bin/", "/usr/local/sbin/",
                                         "/busybox/",  "/command/"};
    if (!w.literal)
        return false;
    ptrdiff_t slash = str_rchr(w.value, '/');
    for (size_t i = 0; slash >= 0 && i < sizeof places / sizeof *places; i++)
        if (str_is(str_sub(w.value, 0, (size_t)slash + 1), places[i]))
            return true;
    return slash < 0;
}

void run_program(struct run_reader *r, struct run_words w)
{
    if (!w.n)
        return;
    if (r->nesting >= NESTING_MAX) {
        r->out->complete = false;
        return;
    }
    struct str name = run_basename(w.v[0]);
    run_recogniser *read = run_other;
    bool known = is_system_program(w.v[0]);
    for (size_t i = 0; known && i < sizeof programs / sizeof *programs; i++)
        if (str_is(name, programs[i].name))
            read = programs[i].read;
    r->nesting++;
    read(r, w);
    r->nesting--;
}

static void read_command(struct run_reader *r, const struct shell_command *c, bool certain)
{
    struct run_words w = {c->words.v, c->words.n};
    r->current = c;
    r->certain = certain && !c->conditional && !c->background;
    run_program(r, w);
    r->certain = certain && !c->conditional && !c->background;
    run_redirects(r, w);
}

void run_inner(struct run_reader *r, struct str text, bool braces)
{
    struct shell_script script = shell_read(r->arena, text);
    struct run_reader inner = *r;
    inner.inner = true;
    inner.braces = braces;
    inner.whole = r->whole && script.commands.n == 1;
    r->out->complete &= script.complete;
    VEC_EACH (c, &script.commands)
        read_command(&inner, c, r->certain && r->whole);
}

static struct run_effects read_script(struct arena *a, struct shell_script script)
{
    struct run_effects out = {.script = script, .complete = script.complete};
    struct run_reader r = {.arena = a, .out = &out, .whole = script.commands.n == 1};
    for (size_t i = 0; i < script.commands.n; i++) {
        r.command = i;
        read_command(&r, &script.commands.v[i], script.complete);
    }
    return out;
}

struct run_effects run_read(struct arena *a, struct str text)
{
    return read_script(a, shell_read(a, text));
}

struct run_effects run_read_exec(struct arena *a, const struct str *args, size_t n)
{
    struct shell_script script = {.complete = true};
    *vec_push(a, &script.commands) = shell_exec_form(a, args, n);
    return read_script(a, script);
}
