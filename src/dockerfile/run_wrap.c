/*
 * Programs that run another one: as somebody else, in another environment, for each file, or as the
 * text of a script. What they run is looked at as if it stood there by itself. It is not certain if
 * it runs as another user than the step, or only for what is found.
 */
#include "dockerfile/run_reader.h"

enum { FIND_ROOTS_MAX = 32 };

static bool is_root(struct str user)
{
    return !user.n || str_is(user, "root") || str_is(user, "0") || str_is(user, "#0");
}

/* Recognises what stands behind the wrapper, certain only if `sure`. */
static void run_behind(struct run_reader *r, struct run_words w, bool sure)
{
    bool certain = r->certain;
    r->certain = certain && sure;
    run_program(r, w);
    r->certain = certain;
}

/* NAME=value words in front of a program. */
static struct run_words skip_assigns(struct run_words w)
{
    while (w.n && str_chr(w.v[0].value, '=') > 0)
        w = run_words_from(w, 1);
    return w;
}

static void set_user(struct run_effect *e, struct str user)
{
    struct str name, group;
    if (!run_split(user, ':', &name, &group)) {
        name = user;
        group = STR_NULL;
    }
    e->name = name;
    e->group = group;
    e->id = run_number((struct shell_word){.value = name, .literal = true});
    e->gid = run_number((struct shell_word){.value = group, .literal = true});
}

static const struct run_long sudo_longs[] = {
    {"user", 'u', true},       {"group", 'g', true},           {"host", 'h', true},
    {"prompt", 'p', true},     {"chdir", 'D', true},           {"chroot", 'R', true},
    {"close-from", 'C', true}, {"other-user", 'U', true},      {"role", 'x', true},
    {"type", 'x', true},       {"command-timeout", 'T', true}, {NULL, 0, false},
};

void run_sudo(struct run_reader *r, struct run_words w)
{
    struct str user = STR_NULL, group = STR_NULL;
    struct run_options o =
        run_options_of(w, "AbC:D:Eeg:Hh:iKklnPp:R:r:SsT:t:U:u:Vva:L", sudo_longs);
    struct run_words rest = {0};
    for (int c; !rest.n && (c = run_option_next(&o)) != RUN_END;) {
        if (c == 'u')
            user = o.word.value;
        else if (c == 'g')
            group = o.word.value;
        else if (c == RUN_OPERAND)
            rest = skip_assigns(run_options_rest(&o));
    }
    struct run_effect *e = run_add(r, RUN_SUDO, w);
    set_user(e, user);
    if (group.n)
        e->group = group;
    run_operands(r, e, rest);
    run_behind(r, rest, is_root(user));
}

/* The words from the first operand on. */
static struct run_words after_options(struct run_words w, const char *shorts,
                                      const struct run_long *longs)
{
    struct run_options o = run_options_of(w, shorts, longs);
    for (int c; (c = run_option_next(&o)) != RUN_END;)
        if (c == RUN_OPERAND)
            return run_options_rest(&o);
    return (struct run_words){0};
}

/* A wrapper without a program behind it is a program like any other. */
static void run_behind_or_other(struct run_reader *r, struct run_words all, struct run_words w)
{
    if (w.n)
        run_behind(r, w, true);
    else
        run_other(r, all);
}

static const struct run_long env_longs[] = {
    {"unset", 'u', true}, {"chdir", 'C', true}, {"split-string", 'S', true}, {NULL, 0, false}};

void run_env(struct run_reader *r, struct run_words w)
{
    struct run_options o = run_options_of(w, "i0vu:C:S:", env_longs);
    struct run_words rest = {0};
    for (int c; !rest.n && (c = run_option_next(&o)) != RUN_END;) {
        if (c == 'S')
            break;
        if (c == RUN_OPERAND && !str_is(o.word.value, "-"))
            rest = skip_assigns(run_options_rest(&o));
    }
    run_behind_or_other(r, w, rest);
}

/* exec, nohup, setsid …: options without arguments, but exec -a NAME. */
void run_exec(struct run_reader *r, struct run_words w)
{
    const char *shorts = str_is(run_basename(w.v[0]), "exec") ? "cla:" : "cfwn";
    run_behind_or_other(r, w, after_options(w, shorts, NULL));
}

/* command -v only asks. */
void run_command(struct run_reader *r, struct run_words w)
{
    struct run_options o = run_options_of(w, "pvV", NULL);
    int c = run_option_next(&o);
    while (c == 'p')
        c = run_option_next(&o);
    run_behind_or_other(r, w, c == RUN_OPERAND ? run_options_rest(&o) : (struct run_words){0});
}

static const struct run_long time_longs[] = {
    {"format", 'f', true}, {"output", 'o', true}, {NULL, 0, false}};

void run_time(struct run_reader *r, struct run_words w)
{
    run_behind_or_other(r, w, after_options(w, "apvqf:o:", time_longs));
}

static const struct run_long nice_longs[] = {
    {"adjustment", 'n', true}, {"class", 'c', true},  {"classdata", 'n', true}, {"pid", 'p', true},
    {"input", 'i', true},      {"output", 'o', true}, {"error", 'e', true},     {NULL, 0, false}};

/* nice, ionice and stdbuf, whose letters do not collide. */
void run_nice(struct run_reader *r, struct run_words w)
{
    run_behind_or_other(r, w, after_options(w, "n:c:p:ti:o:e:", nice_longs));
}

static const struct run_long timeout_longs[] = {
    {"kill-after", 'k', true}, {"signal", 's', true}, {NULL, 0, false}};

void run_timeout(struct run_reader *r, struct run_words w)
{
    struct run_words rest = after_options(w, "k:s:v", timeout_longs);
    run_behind_or_other(r, w, run_words_from(rest, 1));
}

void run_busybox(struct run_reader *r, struct run_words w)
{
    bool applet = w.n > 1 && w.v[1].value.n && w.v[1].value.p[0] != '-';
    run_behind_or_other(r, w, applet ? run_words_from(w, 1) : (struct run_words){0});
}

/* A heredoc that is the shell's script: known if nothing in it is expanded before. */
static bool heredoc_script(const struct shell_command *c, struct str *text)
{
    VEC_EACH (d, &c->redirects) {
        if (!str_starts(d->op, STR("<<")) || str_is(d->op, "<<<"))
            continue;
        bool expanded = d->target.value.n == d->target.raw.to - d->target.raw.from &&
                        (str_has(d->body, "$") || str_has(d->body, "`") || str_has(d->body, "\\"));
        *text = d->body;
        return !expanded && d->body_raw.to > d->body_raw.from;
    }
    return false;
}

/* -c 'script', -ec 'script', -o errexit -c 'script'. False when it runs no script given here. */
static bool shell_script_word(struct run_words w, struct shell_word *script)
{
    bool wanted = false;
    for (size_t i = 1; i < w.n; i++) {
        struct str s = w.v[i].value;
        if (!s.n || (s.p[0] != '-' && s.p[0] != '+')) {
            *script = w.v[i];
            return wanted;
        }
        if (str_is(s, "--rcfile") || str_is(s, "--init-file"))
            i++;
        if (s.n > 1 && s.p[1] == '-')
            continue;
        wanted |= s.p[0] == '-' && str_chr(s, 'c') > 0;
        i += str_ends(s, STR("o")) || str_ends(s, STR("O"));
    }
    return false;
}

static bool has_operand(struct run_words w)
{
    for (size_t i = 1; i < w.n; i++)
        if (w.v[i].value.n && w.v[i].value.p[0] != '-' && w.v[i].value.p[0] != '+')
            return true;
    return false;
}

/* "… $X …" comes to the same whether the outer or the inner shell puts in what ARG and ENV say, but
 * what another command says may be any text. */
static bool is_readable(const struct shell_word *script)
{
    return script->literal || (!str_has(script->value, "$(") && str_chr(script->value, '`') < 0 &&
                               !str_starts(script->value, STR("$")));
}

void run_shell(struct run_reader *r, struct run_words w)
{
    struct shell_word script;
    struct str text, name = run_basename(w.v[0]);
    bool braces = str_is(name, "bash") || str_is(name, "zsh");
    bool given = shell_script_word(w, &script);
    if (given && is_readable(&script))
        run_inner(r, script.value, braces);
    else if (!given && !has_operand(w) && r->current && heredoc_script(r->current, &text))
        run_inner(r, text, braces);
    else
        run_other(r, w);
    if (given && !is_readable(&script))
        r->out->complete = false;
}

void run_eval(struct run_reader *r, struct run_words w)
{
    if (w.n == 2 && w.v[1].literal)
        run_inner(r, w.v[1].value, r->braces);
    else
        run_other(r, w);
}

static const struct run_long xargs_longs[] = {
    {"max-args", 'n', true}, {"max-procs", 'P', true}, {"delimiter", 'd', true},
    {"arg-file", 'a', true}, {"max-chars", 's', true}, {"process-slot-var", 'x', true},
    {NULL, 0, false},
};

void run_xargs(struct run_reader *r, struct run_words w)
{
    run_other(r, w);
    run_behind(r, after_options(w, "0rtpxon:P:I:L:d:a:E:s:i?l?e?", xargs_longs), false);
}

/* The paths that find starts at. */
static struct run_words find_roots(struct run_words w)
{
    size_t from = 1, to;
    while (from < w.n && w.v[from].value.n == 2 && w.v[from].value.p[0] == '-' &&
           strchr("HLP", w.v[from].value.p[1]))
        from++;
    for (to = from; to < w.n; to++) {
        struct str s = w.v[to].value;
        if (s.n && (s.p[0] == '-' || str_is(s, "(") || str_is(s, "!")))
            break;
    }
    return (struct run_words){w.v + from, to - from};
}

/* The command behind -exec, with the roots in place of the first {}. */
static void run_found(struct run_reader *r, struct run_words command, struct run_words roots)
{
    VEC(struct shell_word) words = {0};
    size_t before = r->out->effects.n;
    if (roots.n > FIND_ROOTS_MAX)
        roots.n = 0;
    for (size_t i = 0; i < command.n; i++) {
        bool place = str_is(command.v[i].value, "{}");
        if (!place)
            *vec_push(r->arena, &words) = command.v[i];
        for (size_t k = 0; place && k < roots.n; k++)
            *vec_push(r->arena, &words) = roots.v[k];
        if (place)
            roots.n = 0;
    }
    run_behind(r, (struct run_words){words.v, words.n}, false);
    for (size_t i = before; i < r->out->effects.n; i++)
        r->out->effects.v[i].recursive = true;
}

static bool starts_exec(struct str s)
{
    return str_is(s, "-exec") || str_is(s, "-execdir") || str_is(s, "-ok") || str_is(s, "-okdir");
}

static size_t exec_end(struct run_words w, size_t from)
{
    size_t i = from;
    while (i < w.n && !str_is(w.v[i].value, ";") &&
           !(str_is(w.v[i].value, "+") && str_is(w.v[i - 1].value, "{}")))
        i++;
    return i;
}

void run_find(struct run_reader *r, struct run_words w)
{
    const struct shell_word rm[] = {{.value = STR("rm"), .literal = true}, {.value = STR("{}")}};
    struct run_words roots = find_roots(w);
    run_other(r, w);
    for (size_t i = 1; i < w.n; i++) {
        if (str_is(w.v[i].value, "-delete"))
            run_found(r, (struct run_words){rm, 2}, roots);
        if (!starts_exec(w.v[i].value))
            continue;
        size_t end = exec_end(w, i + 1);
        run_found(r, (struct run_words){w.v + i + 1, end - i - 1}, roots);
        i = end;
    }
}

/* Drops to `user` and runs what comes behind. */
static void run_as(struct run_reader *r, struct run_words w, struct str user, struct run_words rest)
{
    struct run_effect *e = run_add(r, RUN_DROP, w);
    set_user(e, user);
    run_operands(r, e, rest);
    run_behind(r, rest, false);
}

/* gosu USER program …, and those like it. */
void run_gosu(struct run_reader *r, struct run_words w)
{
    struct run_words rest = after_options(w, "", NULL);
    run_as(r, w, rest.n ? rest.v[0].value : STR_NULL, run_words_from(rest, 1));
}

static const struct run_long setpriv_longs[] = {
    {"reuid", 'u', true},
    {"ruid", 'u', true},
    {"euid", 'u', true},
    {"regid", 'g', true},
    {"rgid", 'g', true},
    {"egid", 'g', true},
    {"groups", 'x', true},
    {"inh-caps", 'x', true},
    {"ambient-caps", 'x', true},
    {"bounding-set", 'x', true},
    {"securebits", 'x', true},
    {"pdeathsig", 'x', true},
    {"selinux-label", 'x', true},
    {"apparmor-profile", 'x', true},
    {NULL, 0, false},
};

void run_setpriv(struct run_reader *r, struct run_words w)
{
    struct run_options o = run_options_of(w, "d", setpriv_longs);
    struct shell_word user = {0}, group = {0};
    struct run_words rest = {0};
    for (int c; !rest.n && (c = run_option_next(&o)) != RUN_END;) {
        if (c == 'u')
            user = o.word;
        else if (c == 'g')
            group = o.word;
        else if (c == RUN_OPERAND)
            rest = run_options_rest(&o);
    }
    size_t at = r->out->effects.n;
    run_as(r, w, user.value, rest);
    r->out->effects.v[at].group = group.value;
    r->out->effects.v[at].gid = run_number(group);
}

static const struct run_long su_longs[] = {
    {"command", 'c', true},
    {"session-command", 'c', true},
    {"shell", 's', true},
    {"group", 'g', true},
    {"supp-group", 'G', true},
    {"user", 'u', true},
    {"whitelist-environment", 'w', true},
    {"login", 'l', false},
    {NULL, 0, false},
};

/* su [-] [user] [-c script], and runuser, which also knows -u user program. */
void run_su(struct run_reader *r, struct run_words w)
{
    struct run_options o = run_options_of(w, "c:s:g:G:u:w:lmpfP", su_longs);
    struct shell_word script = {0};
    struct str user = STR_NULL;
    struct run_words rest = {0};
    bool named = false;
    for (int c; !rest.n && (c = run_option_next(&o)) != RUN_END;) {
        named |= c == 'u';
        if (c == 'c')
            script = o.word;
        else if (c == 'u')
            user = o.word.value;
        else if (c == RUN_OPERAND && named)
            rest = run_options_rest(&o);
        else if (c == RUN_OPERAND && !user.n && !str_is(o.word.value, "-"))
            user = o.word.value;
    }
    run_as(r, w, user, rest);
    if (!script.literal)
        return;
    bool certain = r->certain;
    r->certain = false;
    run_inner(r, script.value, false);
    r->certain = certain;
}

void run_chpst(struct run_reader *r, struct run_words w)
{
    struct run_options o = run_options_of(w, "u:U:b:e:/:C:n:l:L:m:d:o:p:f:c:r:t:vP012", NULL);
    struct str user = STR_NULL;
    struct run_words rest = {0};
    for (int c; !rest.n && (c = run_option_next(&o)) != RUN_END;) {
        if (c == 'u')
            user = o.word.value;
        else if (c == RUN_OPERAND)
            rest = run_options_rest(&o);
    }
    if (user.n)
        run_as(r, w, user, rest);
    else
        run_behind_or_other(r, w, rest);
}

static const struct run_long ssd_longs[] = {
    {"start", 'S', false},  {"stop", 'K', false},  {"status", 'T', false}, {"chuid", 'c', true},
    {"user", 'u', true},    {"exec", 'a', true},   {"startas", 'a', true}, {"name", 'n', true},
    {"pidfile", 'p', true}, {"signal", 's', true}, {"chdir", 'd', true},   {"group", 'g', true},
    {NULL, 0, false},
};

void run_start_stop_daemon(struct run_reader *r, struct run_words w)
{
    struct run_options o = run_options_of(w, "c:u:x:a:n:p:s:d:g:r:R:k:N:SKTobmvqtC", ssd_longs);
    for (int c; (c = run_option_next(&o)) != RUN_END;) {
        if (c != 'c')
            continue;
        struct run_effect *e = run_add(r, RUN_DROP, w);
        set_user(e, o.word.value);
    }
    run_other(r, w);
}
