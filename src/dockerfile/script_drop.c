/*
 * Programs that change the user and then run the words behind them: gosu and its relatives. Without
 * the program, its options and the user the same command runs as whoever runs the script. That is
 * only done where nothing but the user, its groups and its capabilities would be different.
 */
#include "base/buf.h"
#include "dockerfile/script_reader.h"

/* What an option is about. */
enum what {
    NOT_KNOWN,
    IS_USER,     /* the user; takes a value */
    IS_VALUE,    /* groups and the like; takes a value */
    IS_FLAG,     /* the same without */
    OTHER_VALUE, /* something that would be lost; takes a value */
    OTHER_FLAG,  /* the same without */
    KEEPS,       /* nothing is lost any more */
};

struct option {
    const char *name;
    enum what what;
};

struct tool {
    const char *name;
    const struct option *options; /* NULL: the user is the first word */
    unsigned operands;            /* words between the options and the command */
    bool text;                    /* the user is an operand, and a shell gets the command as text */
    const char *why;              /* it can't be cut, unless an option KEEPS */
};

static const struct option setpriv[] = {
    {"--reuid", IS_USER},
    {"--ruid", IS_USER},
    {"--euid", IS_USER},
    {"--regid", IS_VALUE},
    {"--rgid", IS_VALUE},
    {"--egid", IS_VALUE},
    {"--groups", IS_VALUE},
    {"--init-groups", IS_FLAG},
    {"--clear-groups", IS_FLAG},
    {"--keep-groups", IS_FLAG},
    {"--inh-caps", IS_VALUE},
    {"--ambient-caps", IS_VALUE},
    {"--bounding-set", IS_VALUE},
    {"--securebits", OTHER_VALUE},
    {"--pdeathsig", OTHER_VALUE},
    {"--selinux-label", OTHER_VALUE},
    {"--apparmor-profile", OTHER_VALUE},
    {NULL, NOT_KNOWN},
};
static const struct option runuser[] = {
    {"-u", IS_USER},
    {"--user", IS_USER},
    {"-g", IS_VALUE},
    {"--group", IS_VALUE},
    {"-G", IS_VALUE},
    {"--supp-group", IS_VALUE},
    {"-c", OTHER_VALUE},
    {"--command", OTHER_VALUE},
    {"--session-command", OTHER_VALUE},
    {"-s", OTHER_VALUE},
    {"--shell", OTHER_VALUE},
    {"-w", OTHER_VALUE},
    {"--whitelist-environment", OTHER_VALUE},
    {NULL, NOT_KNOWN},
};
static const struct option chroot[] = {
    {"--userspec", IS_USER}, {"--groups", IS_VALUE}, {"--skip-chdir", KEEPS}, {NULL, NOT_KNOWN}};
static const struct option chpst[] = {
    {"-u", IS_USER},     {"-U", OTHER_VALUE}, {"-b", OTHER_VALUE}, {"-e", OTHER_VALUE},
    {"-/", OTHER_VALUE}, {"-C", OTHER_VALUE}, {"-n", OTHER_VALUE}, {"-l", OTHER_VALUE},
    {"-L", OTHER_VALUE}, {"-m", OTHER_VALUE}, {"-d", OTHER_VALUE}, {"-o", OTHER_VALUE},
    {"-p", OTHER_VALUE}, {"-f", OTHER_VALUE}, {"-c", OTHER_VALUE}, {"-r", OTHER_VALUE},
    {"-t", OTHER_VALUE}, {NULL, NOT_KNOWN},
};
static const struct option applyuidgid[] = {
    {"-u", IS_USER}, {"-g", IS_VALUE}, {"-G", IS_VALUE}, {"-z", OTHER_FLAG}, {NULL, NOT_KNOWN}};
static const struct option sudo[] = {
    {"-u", IS_USER},     {"--user", IS_USER}, {"-g", IS_VALUE},    {"--group", IS_VALUE},
    {"-E", KEEPS},       {"-n", IS_FLAG},     {"-S", IS_FLAG},     {"--non-interactive", IS_FLAG},
    {"-C", OTHER_VALUE}, {"-D", OTHER_VALUE}, {"-h", OTHER_VALUE}, {"-p", OTHER_VALUE},
    {"-r", OTHER_VALUE}, {"-t", OTHER_VALUE}, {NULL, NOT_KNOWN},
};
static const struct option doas[] = {
    {"-u", IS_USER}, {"-n", IS_FLAG}, {"-C", OTHER_VALUE}, {NULL, NOT_KNOWN}};

static const char text_why[] = "hands its command to a shell as text";
static const char environment_why[] = "makes a new environment";
static const char other_why[] = "does more than change the user";

static const struct tool tools[] = {
    {.name = "gosu"},
    {.name = "su-exec"},
    {.name = "s6-setuidgid"},
    {.name = "setuidgid"},
    {.name = "setuser"},
    {.name = "setpriv", .options = setpriv},
    {.name = "runuser", .options = runuser, .text = true},
    {.name = "su", .options = runuser, .text = true},
    {.name = "chroot", .options = chroot, .operands = 1, .why = "changes the working directory"},
    {.name = "chpst", .options = chpst},
    {.name = "s6-applyuidgid", .options = applyuidgid},
    {.name = "sudo", .options = sudo, .why = environment_why},
    {.name = "doas", .options = doas, .why = environment_why},
};

static const struct tool *find(const struct shell_word *w)
{
    if (!w->literal)
        return NULL;
    struct str name = str_basename(w->value);
    for (size_t i = 0; i < sizeof tools / sizeof *tools; i++)
        if (str_is(name, tools[i].name))
            return &tools[i];
    return NULL;
}

/* The option that `word` is, with the value that is in the same word. */
static enum what look_up(const struct tool *t, struct str word, struct str *value)
{
    *value = STR_NULL;
    for (const struct option *o = t->options; o->name; o++) {
        struct str name = str_of(o->name);
        if (str_eq(word, name))
            return o->what;
        bool attached = name.n > 2 ? word.n > name.n && word.p[name.n] == '=' : word.n > 2;
        bool takes = o->what == IS_USER || o->what == IS_VALUE || o->what == OTHER_VALUE;
        if (!takes || !attached || !str_starts(word, name))
            continue;
        *value = str_from(word, name.n + (name.n > 2));
        return o->what;
    }
    return NOT_KNOWN;
}

/* Reads options from words[at] on. Returns the first word behind them. */
static size_t read_options(const struct tool *t, const struct shell_word *words, size_t n,
                           size_t at, struct script_privilege *p)
{
    bool keeps = false;
    struct str value;
    for (; at < n; at++) {
        struct str s = words[at].value;
        if (s.n < 2 || s.p[0] != '-')
            break;
        if (str_is(s, "--")) {
            at++;
            break;
        }
        enum what what = look_up(t, s, &value);
        bool more = !value.n && (what == IS_USER || what == IS_VALUE || what == OTHER_VALUE);
        at += more;
        if (what == IS_USER && at < n && !p->user) {
            p->user = at;
            p->name = more ? words[at].value : value;
        }
        keeps |= what == KEEPS;
        if (what == NOT_KNOWN || what == OTHER_VALUE || what == OTHER_FLAG)
            p->why = other_why;
    }
    if (t->why && !keeps)
        p->why = t->why;
    return at;
}

/* su [-] USER …, and runuser without -u. */
static bool drops_by_text(const struct shell_word *words, size_t n, size_t at,
                          struct script_privilege *p)
{
    while (at < n && str_is(words[at].value, "-"))
        at++;
    if (at < n) {
        p->user = at;
        p->name = words[at].value;
    }
    p->command = 0;
    p->why = text_why;
    return true;
}

bool script_drops(const struct shell_word *words, size_t n, size_t at, struct script_privilege *p)
{
    const struct tool *t = find(&words[at]);
    *p = (struct script_privilege){.user = 0};
    if (!t)
        return false;
    if (!t->options) {
        if (at + 1 >= n || str_starts(words[at + 1].value, STR("-")))
            return false;
        p->user = at + 1;
        p->name = words[at + 1].value;
        p->command = at + 2 < n ? at + 2 : 0;
        return true;
    }
    size_t rest = read_options(t, words, n, at + 1, p);
    if (t->text && (!p->user || str_is(str_basename(words[at].value), "su")))
        return drops_by_text(words, n, rest, p);
    if (t->operands && rest < n && !str_is(words[rest].value, "/"))
        p->why = "changes the root directory";
    rest += t->operands;
    p->command = rest < n ? rest : 0;
    return p->user > 0;
}

/* ---- what can be cut ------------------------------------------------------------------------ */

static bool is_self(const struct shell_word *w)
{
    return !w->literal && (str_has(w->value, "$0") || str_has(w->value, "${0}") ||
                           str_has(w->value, "BASH_SOURCE"));
}

static bool overlaps(struct span a, struct span b)
{
    return a.from < b.to && b.from < a.to;
}

/* What would begin something else than a program if it stood first. */
static bool is_keyword(const struct script_reader *r, const struct shell_word *w)
{
    static const char *const words[] = {"if",   "then", "else",  "elif",   "fi",       "case",
                                        "esac", "for",  "while", "until",  "do",       "done",
                                        "in",   "{",    "}",     "!",      "[[",       "time",
                                        "[",    "test", "exec",  "select", "function", "coproc"};
    struct script_function *f;
    for (size_t i = 0; i < sizeof words / sizeof *words; i++)
        if (str_is(w->value, words[i]))
            return true;
    return script_functions(r, w->value, &f) > 0;
}

/* Why the words from `from` to `to` must stay; NULL when they may go. */
static const char *must_stay(const struct script_reader *r, const struct shell_command *c,
                             size_t from, size_t to, struct span cut)
{
    const struct shell_word *w = &c->words.v[to];
    if (cut.from >= cut.to || cut.to > r->shell->text.n)
        return "can't be told where it stands";
    VEC_EACH (d, &c->redirects)
        if (overlaps(d->raw, cut))
            return "has a redirection before its command";
    if (str_starts(w->value, STR("-")) || (w->literal && str_chr(w->value, '=') >= 0))
        return "has a command that would be read as an option";
    if (!from && is_keyword(r, w))
        return "has a command that would be one of the shell or the script";
    return NULL;
}

static void add_drop(struct script_reader *r, struct script *s, size_t step, size_t at,
                     const struct script_privilege *p)
{
    const struct shell_command *c = s->steps.v[step].command;
    enum script_reach reach = s->steps.v[step].reach;
    struct script_drop *d = vec_push(r->arena, &s->drops);
    *d = (struct script_drop){
        .step = step,
        .program = str_basename(c->words.v[at].value),
        .user = p->name,
        .program_at = at,
        .command_at = p->command,
        .reached = reach != SCRIPT_NEVER && reach != SCRIPT_ROOT_ONLY,
        .why = p->why,
    };
    if (!p->command) {
        d->why = d->why ? d->why : "has no command";
        return;
    }
    for (size_t i = p->command; i < c->words.n && i < p->command + 2; i++)
        d->restarts |= is_self(&c->words.v[i]);
    d->cut = span_make(c->words.v[at].raw.from, c->words.v[p->command].raw.from);
    if (!d->why && c->substitution)
        d->why = "stands inside of a word";
    if (!d->why && !s->complete)
        d->why = "stands in a script that was not understood";
    if (!d->why)
        d->why = must_stay(r, c, at, p->command, d->cut);
    if (!d->why && d->restarts)
        d->why = "starts the script again";
    if (!d->why)
        d->cuttable = true;
}

void script_find_drops(struct script_reader *r, struct script *s)
{
    struct script_privilege p;
    for (size_t i = 0; i < s->steps.n; i++) {
        const struct shell_command *c = s->steps.v[i].command;
        size_t n = c->words.n, at = script_skip_wrappers(c->words.v, n, 0);
        while (at < n && script_drops(c->words.v, n, at, &p)) {
            add_drop(r, s, i, at, &p);
            if (!p.command)
                break;
            at = script_skip_wrappers(c->words.v, n, p.command);
        }
    }
}

/* ---- the cut -------------------------------------------------------------------------------- */

static bool same_word(const struct shell_word *a, const struct shell_word *b)
{
    return str_eq(a->value, b->value) && a->literal == b->literal && a->quoted == b->quoted;
}

/* The words of `b` are those of `a` without [from, to). */
static bool same_words(const struct shell_command *a, const struct shell_command *b, size_t from,
                       size_t to)
{
    if (a->words.n != b->words.n + (to - from))
        return false;
    for (size_t i = 0; i < b->words.n; i++)
        if (!same_word(&a->words.v[i < from ? i : i + (to - from)], &b->words.v[i]))
            return false;
    return true;
}

static bool same_rest(const struct shell_command *a, const struct shell_command *b)
{
    if (a->assigns.n != b->assigns.n || a->redirects.n != b->redirects.n || a->link != b->link ||
        a->depth != b->depth || a->background != b->background || a->negated != b->negated ||
        a->subshell != b->subshell)
        return false;
    for (size_t i = 0; i < a->assigns.n; i++)
        if (!str_eq(a->assigns.v[i].name, b->assigns.v[i].name) ||
            !same_word(&a->assigns.v[i].value, &b->assigns.v[i].value))
            return false;
    for (size_t i = 0; i < a->redirects.n; i++) {
        const struct shell_redirect *d = &a->redirects.v[i], *e = &b->redirects.v[i];
        if (d->fd != e->fd || !str_eq(d->op, e->op) || !same_word(&d->target, &e->target) ||
            !str_eq(d->body, e->body))
            return false;
    }
    return true;
}

static bool same_nodes(const struct shell_script *a, const struct shell_script *b)
{
    if (a->nodes.n != b->nodes.n || a->others.n != b->others.n || a->comments.n != b->comments.n)
        return false;
    for (size_t i = 0; i < a->nodes.n; i++) {
        const struct shell_node *n = &a->nodes.v[i], *m = &b->nodes.v[i];
        if (n->kind != m->kind || n->link != m->link || n->end != m->end || n->first != m->first ||
            n->last != m->last || n->negated != m->negated || n->background != m->background)
            return false;
    }
    for (size_t i = 0; i < a->others.n; i++)
        if (!same_word(&a->others.v[i], &b->others.v[i]))
            return false;
    return true;
}

struct str script_cut_drop(struct arena *a, const struct script *s, const struct script_drop *drop)
{
    if (!drop->cuttable)
        return STR_NULL;
    struct str text = s->shell.text;
    struct str out = str_cat(a, str_sub(text, 0, drop->cut.from), str_from(text, drop->cut.to));
    struct shell_script cut = shell_read(a, out);
    if (!cut.complete || !same_nodes(&s->shell, &cut) || cut.commands.n != s->shell.commands.n)
        return STR_NULL;
    for (size_t i = 0; i < cut.commands.n; i++) {
        const struct shell_command *c = &s->shell.commands.v[i], *d = &cut.commands.v[i];
        bool here = i == drop->step;
        if (!same_rest(c, d) ||
            !same_words(c, d, here ? drop->program_at : 0, here ? drop->command_at : 0))
            return STR_NULL;
    }
    return out;
}
