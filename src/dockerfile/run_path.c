/*
 * Programs that make, move, remove or hand over files. Operands are given as written: it is for the
 * caller to resolve them against the directory and the variables of that moment.
 */
#include "dockerfile/run_reader.h"

/* The owner and group of chown's first operand. */
static void split_owner(struct run_effect *e, struct shell_word w)
{
    struct shell_word owner = w, group = {.literal = w.literal};
    if (!run_split(w.value, ':', &owner.value, &group.value) &&
        !run_split(w.value, '.', &owner.value, &group.value))
        owner.value = w.value;
    e->text = w.value;
    e->name = owner.value;
    e->group = group.value;
    if (str_starts(owner.value, STR("+")))
        owner.value = str_from(owner.value, 1);
    if (str_starts(group.value, STR("+")))
        group.value = str_from(group.value, 1);
    e->id = run_number(owner);
    e->gid = run_number(group);
}

static const struct run_long chown_longs[] = {
    {"recursive", 'R', false},     {"from", 'x', true},
    {"reference", 'r', true},      {"no-dereference", 'h', false},
    {"dereference", 'D', false},   {"no-preserve-root", 'n', false},
    {"preserve-root", 'p', false}, {NULL, 0, false},
};

/* chown, and chgrp, whose first operand is a group only. */
static void read_owner(struct run_reader *r, struct run_words w, bool group)
{
    struct run_effect *e = run_add(r, RUN_CHOWN, w);
    struct run_options o = run_options_of(w, "RhHLPcfv", chown_longs);
    bool first = true;
    for (int c; (c = run_option_next(&o)) != RUN_END;) {
        if (c == 'R') {
            e->recursive = true;
        } else if (c == 'r') {
            first = false;
        } else if (c == RUN_OPERAND && !first) {
            run_operand(r, e, o.word);
        } else if (c == RUN_OPERAND) {
            first = false;
            if (!group) {
                split_owner(e, o.word);
                continue;
            }
            e->text = e->group = o.word.value;
            e->gid = run_number(o.word);
        }
    }
}

void run_chown(struct run_reader *r, struct run_words w)
{
    read_owner(r, w, false);
}

void run_chgrp(struct run_reader *r, struct run_words w)
{
    read_owner(r, w, true);
}

/* -x and the like, which are modes although they begin with a -. */
static bool is_removing_mode(struct str s)
{
    if (s.n < 2 || s.p[0] != '-')
        return false;
    for (size_t i = 1; i < s.n; i++)
        if (!s.p[i] || !strchr("rwxXstugo,+-=", s.p[i]))
            return false;
    return !str_is(s, "--");
}

void run_chmod(struct run_reader *r, struct run_words w)
{
    struct run_effect *e = run_add(r, RUN_CHMOD, w);
    bool have_mode = false, plain = false;
    for (size_t i = 1; i < w.n; i++) {
        struct str s = w.v[i].value;
        bool option = !plain && s.n > 1 && s.p[0] == '-' && !is_removing_mode(s);
        if (option && s.p[1] != '-') {
            e->recursive |= str_chr(s, 'R') > 0;
        } else if (option) {
            plain = s.n == 2;
            e->recursive |= str_is(s, "--recursive");
            have_mode |= str_starts(s, STR("--reference="));
        } else if (have_mode) {
            run_operand(r, e, w.v[i]);
        } else {
            have_mode = true;
            e->text = s;
        }
    }
}

static const struct run_long mkdir_longs[] = {
    {"mode", 'm', true}, {"parents", 'p', false}, {NULL, 0, false}};

void run_mkdir(struct run_reader *r, struct run_words w)
{
    struct run_effect *e = run_add(r, RUN_MKDIR, w);
    struct run_options o = run_options_of(w, "m:pvZ", mkdir_longs);
    for (int c; (c = run_option_next(&o)) != RUN_END;) {
        if (c == 'p')
            e->recursive = true;
        else if (c == 'm')
            e->text = o.word.value;
        else if (c == RUN_OPERAND)
            run_operand(r, e, o.word);
    }
}

static const struct run_long install_longs[] = {
    {"owner", 'o', true},
    {"group", 'g', true},
    {"mode", 'm', true},
    {"directory", 'd', false},
    {"target-directory", 't', true},
    {"suffix", 'S', true},
    {"strip-program", 'x', true},
    {NULL, 0, false},
};

/* What install does to the paths in `operands`. */
struct install {
    struct shell_word owner, group, mode;
    bool directory;
};

static void add_install(struct run_reader *r, struct run_words w, const struct install *in,
                        struct run_words operands)
{
    if (in->owner.value.n || in->group.value.n) {
        struct run_effect *e = run_add(r, RUN_CHOWN, w);
        e->name = in->owner.value;
        e->group = in->group.value;
        e->id = run_number(in->owner);
        e->gid = run_number(in->group);
        for (size_t i = 0; i < operands.n; i++)
            run_operand(r, e, operands.v[i]);
    }
    if (in->mode.value.n) {
        struct run_effect *e = run_add(r, RUN_CHMOD, w);
        e->text = in->mode.value;
        for (size_t i = 0; i < operands.n; i++)
            run_operand(r, e, operands.v[i]);
    }
}

void run_install(struct run_reader *r, struct run_words w)
{
    struct install in = {0};
    struct shell_word target = {0};
    VEC(struct shell_word) operands = {0};
    struct run_options o = run_options_of(w, "bcCdDg:m:o:psS:t:TvZ", install_longs);
    for (int c; (c = run_option_next(&o)) != RUN_END;) {
        if (c == 'd')
            in.directory = true;
        else if (c == 'o')
            in.owner = o.word;
        else if (c == 'g')
            in.group = o.word;
        else if (c == 'm')
            in.mode = o.word;
        else if (c == 't')
            target = o.word;
        else if (c == RUN_OPERAND)
            *vec_push(r->arena, &operands) = o.word;
    }
    struct run_words paths = {operands.v, operands.n};
    struct run_effect *e = run_add(r, in.directory ? RUN_MKDIR : RUN_OTHER, w);
    e->recursive = in.directory;
    if (in.directory)
        for (size_t i = 0; i < paths.n; i++)
            run_operand(r, e, paths.v[i]);
    else
        run_operands(r, e, run_words_from(w, 1));
    if (target.value.n)
        paths = (struct run_words){&target, 1};
    else if (!in.directory && paths.n > 1)
        paths = run_words_from(paths, paths.n - 1);
    add_install(r, w, &in, paths);
}

static const struct run_long rm_longs[] = {{"recursive", 'r', false}, {NULL, 0, false}};

void run_rm(struct run_reader *r, struct run_words w)
{
    struct run_effect *e = run_add(r, RUN_REMOVE, w);
    struct run_options o = run_options_of(w, "rRfdivIp", rm_longs);
    for (int c; (c = run_option_next(&o)) != RUN_END;) {
        if (c == 'r' || c == 'R')
            e->recursive = true;
        else if (c == RUN_OPERAND)
            run_operand(r, e, o.word);
    }
}

static const struct run_long target_longs[] = {{"target-directory", 't', true},
                                               {"suffix", 'S', true},
                                               {"symbolic", 's', false},
                                               {NULL, 0, false}};

/* mv takes its sources away, and those of a directory with all that is in them. */
void run_mv(struct run_reader *r, struct run_words w)
{
    struct run_effect *e = run_add(r, RUN_REMOVE, w);
    bool target = false;
    e->recursive = true;
    struct run_options o = run_options_of(w, "bfinS:t:TuvZ", target_longs);
    for (int c; (c = run_option_next(&o)) != RUN_END;) {
        if (c == 't')
            target = true;
        else if (c == RUN_OPERAND)
            run_operand(r, e, o.word);
    }
    if (!target && e->operands.n)
        e->operands.n--;
}

void run_ln(struct run_reader *r, struct run_words w)
{
    struct run_effect *e = run_add(r, RUN_LINK, w);
    struct run_options o = run_options_of(w, "bdFfiLnPrsS:t:Tv", target_longs);
    struct shell_word target = {0};
    for (int c; (c = run_option_next(&o)) != RUN_END;) {
        if (c == 's')
            e->text = STR("-s");
        else if (c == 't')
            target = o.word;
        else if (c == RUN_OPERAND)
            run_operand(r, e, o.word);
    }
    if (target.value.n)
        run_operand(r, e, target);
}

static const struct run_long touch_longs[] = {
    {"date", 'd', true}, {"reference", 'r', true}, {"time", 'x', true}, {NULL, 0, false}};

void run_touch(struct run_reader *r, struct run_words w)
{
    struct run_effect *e = run_add(r, RUN_WRITE, w);
    struct run_options o = run_options_of(w, "acd:fhmr:t:", touch_longs);
    for (int c; (c = run_option_next(&o)) != RUN_END;)
        if (c == RUN_OPERAND)
            run_operand(r, e, o.word);
}

/* Places that are no files of the image. */
static bool is_stream(struct str path)
{
    static const char *const streams[] = {"/dev/null", "/dev/stdout", "/dev/stderr", "/dev/tty",
                                          "/dev/console"};
    for (size_t i = 0; i < sizeof streams / sizeof *streams; i++)
        if (str_is(path, streams[i]))
            return true;
    return str_starts(path, STR("/dev/fd/")) || str_starts(path, STR("/proc/self/fd/")) ||
           str_starts(path, STR("/proc/1/fd/")) || str_starts(path, STR(">("));
}

static const struct run_long tee_longs[] = {{"append", 'a', false}, {NULL, 0, false}};

void run_tee(struct run_reader *r, struct run_words w)
{
    size_t at = r->out->effects.n;
    struct run_effect *e = run_add(r, RUN_WRITE, w);
    struct run_options o = run_options_of(w, "aip", tee_longs);
    e->text = STR(">");
    for (int c; (c = run_option_next(&o)) != RUN_END;) {
        if (c == 'a')
            e->text = STR(">>");
        else if (c == RUN_OPERAND && !is_stream(o.word.value))
            run_operand(r, e, o.word);
    }
    size_t n = e->operands.n;
    for (size_t i = 0; i < n; i++) {
        e = &r->out->effects.v[at];
        run_account_file(r, w, e->operands.v[i], e->text.n == 2, STR_NULL);
    }
}

/* popd and cd without a word go to a place that is not known here: no operand. */
void run_cd(struct run_reader *r, struct run_words w)
{
    struct run_effect *e = run_add(r, RUN_CD, w);
    bool known = !str_is(e->program, "popd");
    struct run_options o = run_options_of(w, "LPe@n", NULL);
    for (int c; known && (c = run_option_next(&o)) != RUN_END;)
        if (c == RUN_OPERAND)
            run_operand(r, e, o.word);
}

void run_umask(struct run_reader *r, struct run_words w)
{
    struct run_effect *e = run_add(r, RUN_UMASK, w);
    struct run_options o = run_options_of(w, "Sp", NULL);
    for (int c; (c = run_option_next(&o)) != RUN_END;)
        if (c == RUN_OPERAND)
            e->text = o.word.value;
}

/* >&2 and >&- are no files. */
static bool is_descriptor(struct str s)
{
    for (size_t i = 0; i < s.n; i++)
        if (!(s.p[i] >= '0' && s.p[i] <= '9') && s.p[i] != '-')
            return false;
    return s.n > 0;
}

static bool writes_file(const struct shell_redirect *d)
{
    struct str op = d->op;
    if (op.p[0] == '<' && !str_is(op, "<>"))
        return false;
    bool duplicates = str_is(op, ">&");
    if (duplicates && (is_descriptor(d->target.value) || !d->target.literal))
        return false;
    return !is_stream(d->target.value);
}

static struct str heredoc_of(const struct shell_command *c)
{
    VEC_EACH (d, &c->redirects)
        if (str_starts(d->op, STR("<<")) && !str_is(d->op, "<<<"))
            return d->body;
    return STR_NULL;
}

void run_redirects(struct run_reader *r, struct run_words w)
{
    const struct shell_command *c = r->current;
    VEC_EACH (d, &c->redirects) {
        if (!writes_file(d))
            continue;
        bool append = str_ends(d->op, STR(">>"));
        struct run_effect *e = run_add(r, RUN_WRITE, w);
        e->text = append ? STR(">>") : STR(">");
        *vec_push(r->arena, &e->operands) = d->target;
        run_account_file(r, w, d->target, append, heredoc_of(c));
    }
}
