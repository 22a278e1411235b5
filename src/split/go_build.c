/*
 * Followed backwards from the program's path: COPY --from to the other stage, cp and mv to where it
 * was before, up to the `go build` whose output it is.
 */
#include "split/go.h"
#include "unit/locate.h"
#include "unit/operand.h"

enum { DEPTH_MAX = 8 };

struct finder {
    struct split *sp;
    struct go_build *out;
    unsigned depth;
};

static bool search(struct finder *f, struct stage *s, size_t steps, struct str path);

static struct arena *arena_of(const struct finder *f)
{
    return f->sp->u->arena;
}

/* ---- the command ---------------------------------------------------------------------------- */

static bool takes_value(struct str flag)
{
    static const char *const names[] = {"-o",         "-ldflags",  "-tags",       "-gcflags",
                                        "-asmflags",  "-mod",      "-p",          "-installsuffix",
                                        "-buildmode", "-modfile",  "-overlay",    "-pgo",
                                        "-pkgdir",    "-toolexec", "-gccgoflags", "-compiler",
                                        "-C",         "-exec",     NULL};
    if (str_starts(flag, STR("--")))
        flag = str_from(flag, 1);
    for (const char *const *n = names; *n; n++)
        if (str_is(flag, *n))
            return true;
    return false;
}

struct command {
    const struct shell_word *output; /* of -o FILE */
    struct str output_text;          /* of -o=FILE */
    bool output_literal;
    bool install, moved;
};

/* Operands of the effect: build, flags, packages. False: neither build nor install. */
static bool read_command(struct finder *f, const struct run_effect *e, struct go_build *b,
                         struct command *c)
{
    *c = (struct command){0};
    if (!str_is(e->program, "go") || !e->operands.n)
        return false;
    struct str verb = e->operands.v[0].value;
    c->install = str_is(verb, "install");
    if (!str_is(verb, "build") && !c->install)
        return false;
    for (size_t i = 1; i < e->operands.n; i++) {
        const struct shell_word *w = &e->operands.v[i];
        struct str v = w->value;
        b->race |= str_is(v, "-race") || str_is(v, "-msan") || str_is(v, "-asan");
        b->foreign |= str_starts(v, STR("-buildmode=")) && !str_ends(v, STR("=exe")) &&
                      !str_ends(v, STR("=pie"));
        c->moved |= str_is(v, "-C") || str_starts(v, STR("-C="));
        if (!str_starts(v, STR("-"))) {
            *vec_push(arena_of(f), &b->what) = v;
        } else if (str_starts(v, STR("-o="))) {
            c->output = w;
            c->output_text = str_from(v, 3);
        } else if (takes_value(v) && i + 1 < e->operands.n) {
            i++;
            if (str_is(v, "-o")) {
                c->output = &e->operands.v[i];
                c->output_text = c->output->value;
            }
            b->foreign |= str_is(v, "-buildmode") && !str_is(e->operands.v[i].value, "exe") &&
                          !str_is(e->operands.v[i].value, "pie");
        }
    }
    return true;
}

/* ---- its output ----------------------------------------------------------------------------- */

/* "app" of "module example.test/team/app/v2" */
static struct str module_name(struct str text)
{
    struct str line;
    while (str_split(&text, '\n', &line)) {
        line = str_trim(line);
        if (!str_starts(line, STR("module ")))
            continue;
        line = str_trim(str_from(line, 7));
        if (line.n > 1 && line.p[0] == '"')
            line = str_sub(line, 1, line.n - 1);
        struct str last = str_basename(line);
        bool version = last.n > 1 && last.p[0] == 'v' && last.p[1] >= '0' && last.p[1] <= '9';
        if (version && last.n < line.n)
            last = str_basename(str_sub(line, 0, line.n - last.n - 1));
        return last;
    }
    return STR("");
}

/* How `go build` names the program of a package when nobody does. */
static struct str package_name(struct finder *f, const struct go_build *b)
{
    struct str what = b->what.n ? b->what.v[0] : STR(".");
    if (str_ends(what, STR(".go")))
        return str_sub(str_basename(what), 0, str_basename(what).n - 3);
    ptrdiff_t at = str_chr(what, '@');
    if (at > 0)
        what = str_sub(what, 0, (size_t)at);
    struct str dir = stage_join(arena_of(f), b->cwd, what);
    struct located mod = locate_file(f->sp->u, b->s, stage_join(arena_of(f), dir, STR("go.mod")));
    if (mod.kind == LOCATED_CONTEXT && mod.text.p)
        return module_name(mod.text);
    return str_basename(what.n && what.p[0] != '.' ? what : dir);
}

static struct str install_dir(struct finder *f, const struct go_build *b)
{
    static const char *const words[] = {"${GOBIN}", "${GOPATH}/bin"};
    for (size_t i = 0; i < sizeof words / sizeof *words; i++) {
        struct expanded e = stage_expand(b->s, b->step, str_of(words[i]));
        if (!e.unknown && !e.error && !e.argument && !e.unset && e.text.n)
            return stage_join(arena_of(f), STR("/"), e.text);
    }
    return STR("/go/bin");
}

/* Does the command make the file at `path`? */
static bool makes(struct finder *f, const struct command *c, const struct go_build *b,
                  struct str path)
{
    struct arena *a = arena_of(f);
    if (c->install) {
        struct str dir = install_dir(f, b), name = str_basename(path);
        bool all = b->what.n && str_ends(b->what.v[0], STR("..."));
        return str_eq(stage_join(a, dir, name), path) && (all || str_eq(package_name(f, b), name));
    }
    if (!b->cwd.n)
        return false;
    if (!c->output)
        return str_eq(stage_join(a, b->cwd, package_name(f, b)), path);
    struct shell_word word = *c->output;
    struct str to;
    word.value = c->output_text;
    if (!operand_path(b->s, b->step, &word, &to))
        return false;
    struct str out = stage_join(a, b->cwd, to);
    bool folder = str_ends(to, STR("/")) || str_is(to, ".");
    if (str_eq(out, path) && !folder)
        return true;
    return str_eq(stage_join(a, out, str_basename(path)), path) && stage_inside(path, out) &&
           (b->what.n > 1 || (b->what.n && str_ends(b->what.v[0], STR("..."))) ||
            str_eq(package_name(f, b), str_basename(path)));
}

/* ---- how it is called ----------------------------------------------------------------------- */

static void note_setting(struct go_build *b, struct str name, struct str value)
{
    if (str_is(name, "CGO_ENABLED"))
        b->cgo = str_is(value, "0") ? GO_CGO_OFF : GO_CGO_ON;
    if (str_is(name, "GOOS") && !str_is(value, "linux") && str_chr(value, '$') < 0)
        b->foreign = true;
}

static void note_word(struct go_build *b, struct str word)
{
    ptrdiff_t eq = str_chr(word, '=');
    if (eq > 0)
        note_setting(b, str_sub(word, 0, (size_t)eq), str_from(word, (size_t)eq + 1));
}

/* What ENV, export and the words in front of `go` set. */
static void read_settings(const struct run_effects *run, const struct run_effect *e,
                          struct go_build *b)
{
    static const char *const names[] = {"CGO_ENABLED", "GOOS"};
    for (size_t i = 0; i < 2; i++) {
        struct str word = i ? STR("${GOOS}") : STR("${CGO_ENABLED}");
        struct expanded v = stage_expand(b->s, b->step, word);
        if (!v.unknown && !v.error && !v.unset && v.text.n && !v.argument)
            note_setting(b, str_of(names[i]), v.text);
    }
    for (size_t i = 0; i < e->command; i++) {
        const struct shell_command *c = &run->script.commands.v[i];
        bool export = c->words.n > 1 && str_is(c->words.v[0].value, "export");
        bool stays = !c->conditional && !c->subshell;
        for (size_t k = 1; export && stays && k < c->words.n; k++)
            note_word(b, c->words.v[k].value);
    }
    const struct shell_command *c = &run->script.commands.v[e->command];
    VEC_EACH (set, &c->assigns)
        note_setting(b, set->name, set->value.value);
    VEC_EACH (w, &c->words) {
        if (str_is(str_basename(w->value), "go"))
            break;
        note_word(b, w->value);
    }
}

/* ---- the way back --------------------------------------------------------------------------- */

static struct str place_after(struct finder *f, const struct go_build *b,
                              const struct run_effect *cd, struct str at)
{
    struct str text;
    if (cd->operands.n != 1 || !operand_path(b->s, b->step, &cd->operands.v[0], &text) ||
        (!at.n && text.p[0] != '/'))
        return STR("");
    return stage_join(arena_of(f), at, text);
}

/* cp A B, mv A B: the path in front of the move; "" when it is none of this file. */
static struct str moved_from(struct finder *f, const struct go_build *b,
                             const struct run_effects *run, const struct run_effect *e,
                             struct str path)
{
    bool moves = str_is(e->program, "cp") || str_is(e->program, "mv") || str_is(e->program, "ln") ||
                 str_is(e->program, "install");
    const struct shell_command *c = &run->script.commands.v[e->command];
    const struct shell_word *from = NULL, *to = NULL;
    size_t n = 0;
    for (size_t i = 1; moves && !e->inner && i < c->words.n; i++) {
        if (str_starts(c->words.v[i].value, STR("-")))
            continue;
        n++;
        from = to;
        to = &c->words.v[i];
    }
    struct str source, dest;
    if (n != 2 || !operand_path(b->s, b->step, from, &source) ||
        !operand_path(b->s, b->step, to, &dest) || !b->cwd.n)
        return STR("");
    source = stage_join(arena_of(f), b->cwd, source);
    dest = stage_join(arena_of(f), b->cwd, dest);
    if (str_eq(dest, path) || str_eq(stage_join(arena_of(f), dest, str_basename(source)), path))
        return source;
    return STR("");
}

/* Reads the step forwards, because of cd, and remembers the last command that makes the file. */
static bool from_run(struct finder *f, struct stage *s, struct stage_step *step, struct str *path)
{
    const struct run_effects *run = stage_run(f->sp->u->graph, step);
    struct str cwd = step->workdir.known ? step->workdir.path : STR("");
    bool found = false;
    struct str moved = STR("");
    VEC_EACH (e, &run->effects) {
        struct go_build b = {.s = s, .step = step, .effect = e, .cwd = cwd};
        struct command c;
        if (e->kind == RUN_CD)
            cwd = place_after(f, &b, e, cwd);
        struct str from = moved_from(f, &b, run, e, *path);
        if (from.n)
            moved = from;
        if (!e->inner && read_command(f, e, &b, &c) && !c.moved && makes(f, &c, &b, *path)) {
            read_settings(run, e, &b);
            *f->out = b;
            found = true;
        }
    }
    if (!found && moved.n && f->depth < DEPTH_MAX) {
        *path = moved;
        f->depth++;
        return from_run(f, s, step, path);
    }
    return found;
}

static struct str below(struct str path, struct str dir)
{
    return str_from(path, str_is(dir, "/") ? 1 : dir.n + (path.n > dir.n));
}

/* COPY --from=STAGE: 1 found, 0 not there, -1 something else lies at the path. */
static int from_copy(struct finder *f, struct stage *s, const struct stage_step *step,
                     struct str path)
{
    struct arena *a = arena_of(f);
    struct str dest = step->dest.path;
    (void)s;
    if (!step->dest.known || !step->sources_known)
        return -1;
    if (!stage_inside(path, dest))
        return 0;
    if (step->from_context) {
        struct located there = locate_file(f->sp->u, s, path);
        bool named = str_eq(path, dest) && !step->dest_is_dir;
        for (size_t i = 0; i < step->sources.n; i++)
            named |= str_eq(below(path, dest), str_basename(step->sources.v[i]));
        return named || there.kind == LOCATED_CONTEXT ? -1 : 0;
    }
    for (size_t i = step->sources.n; step->from && i-- > 0;) {
        struct str source = stage_join(a, STR("/"), step->sources.v[i]);
        struct str rest = below(path, dest);
        bool file = str_eq(path, dest) || str_eq(rest, str_basename(source));
        size_t n = step->from->steps.n;
        if (str_chr(source, '*') >= 0)
            source = stage_join(a, source, STR(".."));
        else if (file && search(f, step->from, n, source))
            return 1;
        if (rest.n && search(f, step->from, n, stage_join(a, source, rest)))
            return 1;
    }
    return -1;
}

static bool search(struct finder *f, struct stage *s, size_t steps, struct str path)
{
    if (f->depth >= DEPTH_MAX)
        return false;
    f->depth++;
    for (size_t i = steps; i-- > 0;) {
        struct stage_step *step = &s->steps.v[i];
        enum df_cmd cmd = step->item->node.cmd;
        if (cmd == DF_RUN && from_run(f, s, step, &path))
            return true;
        if (cmd == DF_COPY || cmd == DF_ADD) {
            int found = from_copy(f, s, step, path);
            if (found)
                return found > 0;
        }
    }
    return s->parent && search(f, s->parent, s->parent->steps.n, path);
}

bool go_find_build(struct split *sp, struct stage *s, struct str path, struct go_build *out)
{
    struct finder f = {.sp = sp, .out = out};
    return search(&f, s, s->steps.n, path);
}
