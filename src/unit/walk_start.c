/*
 * Start scripts of the build context: what a run that is not root comes to is judged like any other
 * command; what only root comes to (chown, then gosu) shows which user was meant and what it must
 * own.
 */
#include "dockerfile/script.h"
#include "unit/locate.h"
#include "unit/operand.h"
#include "unit/walk.h"

struct start {
    struct walk *w;
    struct script script;
    struct located file;
    bool sourced;
    bool shifted; /* "$@" is not what the container was given any more */
};

/* ---- what only root does -------------------------------------------------------------------- */

static bool is_expected_of_root(struct str name)
{
    static const char *const names[] = {
        "chown",     "chmod", "chgrp",        "mkdir",   "find",  "exec",    "gosu",
        "su-exec",   "su",    "runuser",      "setpriv", "chpst", "usermod", "groupmod",
        "setuidgid", "sudo",  "echo",         "printf",  "test",  "[",       "[[",
        "set",       "id",    "true",         ":",       "local", "export",  "install",
        "xargs",     "stat",  "s6-setuidgid", "",        NULL};
    for (const char *const *n = names; *n; n++)
        if (str_is(name, *n))
            return true;
    return false;
}

static void doubt_root(struct start *t, struct str what)
{
    struct walk *w = t->w;
    obstacle_review(w->o, "drops-privileges", w->at,
                    str_fmt(w->o->unit->arena,
                            "what the start script does as root only ('%s') is not needed, or was "
                            "done before",
                            walk_text(w, what)),
                    "does more as root than to give files away");
}

/* A directory that root makes or gives away before it starts the program as its user. */
static void take_directory(struct start *t, const struct shell_word *word, bool whole)
{
    struct walk *w = t->w;
    struct stage_step now = {.vars = w->o->stage->vars.n};
    struct str path;
    if (!operand_path(w->o->stage, &now, word, &path) || str_has(path, "*")) {
        doubt_root(t, word->value);
        return;
    }
    path = stage_join(w->o->unit->arena, w->workdir, path);
    if (!str_starts(path, STR("/dev/")) && !str_starts(path, STR("/proc/")))
        *vec_push(w->o->unit->arena, &w->o->given) = (struct obstacle_given){path, whole};
}

static void take_effects(struct start *t, struct str text)
{
    struct run_effects run = run_read(t->w->o->unit->arena, text);
    VEC_EACH (e, &run.effects) {
        if (e->command >= t->script.steps.n)
            continue;
        const struct script_step *step = &t->script.steps.v[e->command];
        bool as_root = step->reach == SCRIPT_ROOT_ONLY ||
                       (step->tolerated && step->reach != SCRIPT_NEVER && e->kind == RUN_CHOWN);
        bool gives = e->kind == RUN_CHOWN || e->kind == RUN_CHMOD;
        if (as_root && (gives || e->kind == RUN_MKDIR))
            VEC_EACH (word, &e->operands)
                take_directory(t, word, gives && e->recursive);
        if (as_root && e->kind == RUN_CHOWN && e->name.n && str_chr(e->name, '$') < 0)
            *vec_push(t->w->o->unit->arena, &t->w->o->owners) =
                (struct obstacle_owner){e->name, t->w->at};
    }
}

static void root_step(struct start *t, const struct script_step *step)
{
    struct str name =
        step->command->words.n ? str_basename(step->command->words.v[0].value) : STR("");
    if (!is_expected_of_root(name))
        doubt_root(t, name);
}

/* ---- what everybody does -------------------------------------------------------------------- */

typedef VEC(struct shell_word) words_vec;

static bool is_arguments(struct str v)
{
    return str_is(v, "$@") || str_is(v, "${@}") || str_is(v, "$*") || str_is(v, "${*}");
}

/* The words with what the container was given in place of "$@", from the `first` on. */
static words_vec with_arguments(struct start *t, const struct shell_command *c, size_t first)
{
    struct walk *w = t->w;
    words_vec out = {0};
    for (size_t i = first; i < c->words.n; i++) {
        if (!is_arguments(c->words.v[i].value) || t->shifted) {
            *vec_push(w->o->unit->arena, &out) = c->words.v[i];
            continue;
        }
        for (size_t k = 0; k < w->argument_count; k++)
            *vec_push(w->o->unit->arena, &out) = w->arguments[k];
    }
    return out;
}

static const struct script_drop *drop_of(const struct start *t, const struct script_step *step)
{
    VEC_EACH (d, &t->script.drops)
        if (d->step == step->index)
            return d;
    return NULL;
}

static void walk_rest(struct start *t, const struct script_step *step, size_t first)
{
    words_vec words = with_arguments(t, step->command, first);
    walk_words(t->w, words.v, words.n);
}

/* exec gosu app "$@" without a question who runs it: fails for everybody but root. */
static void walk_drop(struct start *t, const struct script_step *step,
                      const struct script_drop *drop)
{
    struct walk *w = t->w;
    bool cuts = drop->cuttable && !drop->restarts && t->file.kind == LOCATED_CONTEXT &&
                script_cut_drop(w->o->unit->arena, &t->script, drop).p != NULL;
    if (!cuts) {
        obstacle_refuse(w->o, "drops-privileges", w->at,
                        "starts '%s', which begins as root on purpose, to switch to another user",
                        walk_text(w, drop->program));
        return;
    }
    obstacle_review(w->o, "drops-privileges", w->at,
                    STR("the start script is run by this image only, which from now on starts as "
                        "that user"),
                    "switches to '%s' by '%s'; the rewrite takes that out of the script",
                    walk_text(w, drop->user), walk_text(w, drop->program));
    *vec_push(w->o->unit->arena, &w->o->cuts) =
        (struct obstacle_cut){.path = t->file.path, .span = drop->cut};
    walk_rest(t, step, drop->command_at);
}

/* . FILE */
static bool walk_source(struct start *t, const struct shell_command *c)
{
    struct walk *w = t->w;
    struct str name = c->words.n ? c->words.v[0].value : STR("");
    struct str path;
    if (c->words.n < 2 || (!str_is(name, ".") && !str_is(name, "source")) ||
        !walk_resolve(w, &c->words.v[1], &path) || !walk_place(w, path).n)
        return false;
    w->sources = true;
    bool read = walk_start(w, walk_place(w, path), STR("sh"));
    w->sources = false;
    return read;
}

/* The name of a function: its commands are steps of their own. */
static bool is_function(const struct start *t, struct str name)
{
    VEC_EACH (step, &t->script.steps)
        if (step->in_function && str_eq(step->function, name))
            return true;
    for (size_t i = 0; i < t->w->functions.n; i++)
        if (str_eq(t->w->functions.v[i], name))
            return true;
    return false;
}

/* set -- gunicorn "$@": from here on these are the arguments. Where it depends on something, that
 * is nearly always whether the first of them is an option. */
static void set_arguments(struct start *t, const struct script_step *step)
{
    struct walk *w = t->w;
    const struct shell_command *c = step->command;
    bool dashes = c->words.n > 2 && str_is(c->words.v[1].value, "--");
    words_vec words = with_arguments(t, c, dashes ? 2 : 1);
    bool option = w->argument_count && walk_is_option(w->arguments[0].value);
    if (step->reach == SCRIPT_MAYBE && !option) {
        walk_words(w, words.v, words.n); /* perhaps */
        return;
    }
    w->arguments = words.v;
    w->argument_count = words.n;
}

static void walk_step(struct start *t, const struct script_step *step, bool maybe)
{
    struct walk *w = t->w;
    const struct shell_command *c = step->command;
    const struct script_drop *drop = drop_of(t, step);
    struct str name = c->words.n ? str_basename(c->words.v[0].value) : STR("");
    bool owner = str_is(name, "chown") || str_is(name, "chgrp") || str_is(name, "chmod");
    walk_at_command(w, c, maybe);
    walk_assigns(w, c);
    if (step->tolerated && owner)
        return; /* it fails, and nothing comes of that */
    walk_redirects(w, c);
    t->shifted |= str_is(name, "shift");
    if (drop)
        walk_drop(t, step, drop);
    else if (step->arguments == SCRIPT_ARGUMENTS_SET)
        set_arguments(t, step);
    else if (!is_function(t, name) && !walk_source(t, c))
        walk_rest(t, step, 0);
}

/* A function of a sourced file, which whoever sources it may call with whatever arguments. */
static void walk_lent(struct start *t, const struct script_step *step)
{
    bool shifted = t->shifted;
    *vec_push(t->w->o->unit->arena, &t->w->functions) = step->function;
    t->shifted = true;
    walk_step(t, step, true);
    t->shifted = shifted;
}

/* "app" of "app:app" */
static struct str user_of(struct str owner)
{
    ptrdiff_t colon = str_chr(owner, ':');
    return colon < 0 ? owner : str_sub(owner, 0, (size_t)colon);
}

static void walk_steps(struct start *t, struct str name)
{
    struct walk *w = t->w;
    VEC_EACH (step, &t->script.steps) {
        if (!walk_may(w))
            return;
        w->commands++;
        enum script_reach reach = w->argument_count ? step->reach : step->reach_bare;
        w->o->where = str_fmt(w->o->unit->arena, "%s, line %zu", walk_text(w, name), step->line);
        if (t->sourced && step->in_function && reach == SCRIPT_NEVER)
            walk_lent(t, step);
        else if (reach == SCRIPT_ROOT_ONLY)
            root_step(t, step);
        else if (reach != SCRIPT_NEVER)
            walk_step(t, step, reach == SCRIPT_MAYBE);
    }
    VEC_EACH (d, &t->script.drops)
        if (d->user.n && str_chr(d->user, '$') < 0)
            *vec_push(w->o->unit->arena, &w->o->owners) =
                (struct obstacle_owner){user_of(d->user), w->at};
}

static void judge_whole(struct start *t)
{
    struct walk *w = t->w;
    if (!t->script.complete)
        obstacle_refuse(w->o, "entrypoint-opaque", w->at,
                        "starts the script '%s', which could not be read to its end",
                        walk_text(w, t->file.path));
    if (t->script.refusal == SCRIPT_REFUSES_NONROOT)
        obstacle_refuse(w->o, "entrypoint-needs-root", w->at,
                        "starts the script '%s', which ends when it is not root (line %zu)",
                        walk_text(w, t->file.path), t->script.refusal_line);
    else if (t->script.refusal == SCRIPT_MAY_REFUSE_NONROOT)
        obstacle_review(w->o, "entrypoint-needs-root", w->at,
                        STR("the case in which the script wants to be root does not come up"),
                        "starts the script '%s', which may end when it is not root (line %zu)",
                        walk_text(w, t->file.path), t->script.refusal_line);
}

/* A script that only root may read or run. `direct`: by its own path, not as `sh FILE`. */
static void judge_mode(struct start *t, bool direct)
{
    unsigned want = direct ? 05 : 04;
    if (t->file.mode && (t->file.mode & want) != want)
        obstacle_review(t->w->o, "private-files", t->w->at,
                        STR("the start script is made readable and executable for everybody "
                            "(chmod 755 in the build context)"),
                        "starts the script '%s', whose mode %03o keeps others out",
                        walk_text(t->w, t->file.path), t->file.mode);
}

static bool is_shell_script(const struct script *s, struct str name)
{
    return s->name.n || (!s->interpreter.n && str_ends(name, STR(".sh")));
}

bool walk_start(struct walk *w, struct str path, struct str interpreter)
{
    struct start t = {
        .w = w, .sourced = w->sources, .file = locate_file(w->o->unit, w->o->stage, path)};
    struct arena *a = w->o->unit->arena;
    struct str where = w->o->where;
    if ((t.file.kind != LOCATED_CONTEXT && t.file.kind != LOCATED_TEXT) || !t.file.text.p ||
        t.file.edited || memchr(t.file.text.p, 0, t.file.text.n))
        return false;
    if (!walk_may(w))
        return true;
    w->bytes += t.file.text.n;
    t.script =
        interpreter.n ? script_read_by(a, t.file.text, interpreter) : script_read(a, t.file.text);
    bool shebang = str_starts(t.file.text, STR("#!"));
    if (!is_shell_script(&t.script, path) || (!interpreter.n && !shebang))
        return false;
    struct str outer = w->script;
    w->script = t.sourced ? STR("") : path;
    w->sources = false;
    w->depth++;
    judge_mode(&t, !interpreter.n);
    judge_whole(&t);
    take_effects(&t, t.file.text);
    walk_steps(&t, t.file.kind == LOCATED_CONTEXT ? t.file.path : str_basename(path));
    w->script = outer;
    w->o->where = where;
    w->depth--;
    return true;
}
