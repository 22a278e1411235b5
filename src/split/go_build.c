/* Which file a `go build` or `go install` makes, and how it is called. */
#include "split/go.h"
#include "split/trace.h"
#include "unit/locate.h"
#include "unit/operand.h"

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
static bool read_command(struct split *sp, const struct run_effect *e, struct go_build *b,
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
            *vec_push(sp->u->arena, &b->what) = v;
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
        for (size_t n = 0; n < line.n; n++)
            if (str_is_blank(line.p[n])) /* a comment */
                line.n = n;
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
static struct str package_name(struct split *sp, const struct go_build *b)
{
    struct str what = b->what.n ? b->what.v[0] : STR(".");
    if (str_ends(what, STR(".go")))
        return str_sub(str_basename(what), 0, str_basename(what).n - 3);
    ptrdiff_t at = str_chr(what, '@');
    if (at > 0)
        what = str_sub(what, 0, (size_t)at);
    struct str dir = stage_join(sp->u->arena, b->cwd, what);
    struct located mod = locate_file(sp->u, b->s, stage_join(sp->u->arena, dir, STR("go.mod")));
    if (mod.kind == LOCATED_CONTEXT && mod.text.p)
        return module_name(mod.text);
    return str_basename(what.n && what.p[0] != '.' ? what : dir);
}

static struct str install_dir(struct split *sp, const struct go_build *b)
{
    static const char *const words[] = {"${GOBIN}", "${GOPATH}/bin"};
    for (size_t i = 0; i < sizeof words / sizeof *words; i++) {
        struct expanded e = stage_expand(b->s, b->step, str_of(words[i]));
        if (!e.unknown && !e.error && !e.argument && !e.unset && e.text.n)
            return stage_join(sp->u->arena, STR("/"), e.text);
    }
    return STR("/go/bin");
}

/* Does the command make the file at `path`? */
static bool makes(struct split *sp, const struct command *c, const struct go_build *b,
                  struct str path)
{
    struct arena *a = sp->u->arena;
    if (c->install) {
        struct str dir = install_dir(sp, b), name = str_basename(path);
        bool all = b->what.n && str_ends(b->what.v[0], STR("..."));
        return str_eq(stage_join(a, dir, name), path) && (all || str_eq(package_name(sp, b), name));
    }
    if (!b->cwd.n)
        return false;
    if (!c->output)
        return str_eq(stage_join(a, b->cwd, package_name(sp, b)), path);
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
            str_eq(package_name(sp, b), str_basename(path)));
}

/* ---- how it is called ----------------------------------------------------------------------- */

static void read_settings(const struct trace_at *at, struct go_build *b)
{
    struct str value;
    if (trace_variable(at, "CGO_ENABLED", &value))
        b->cgo = str_is(value, "0") ? GO_CGO_OFF : GO_CGO_ON;
    if (trace_variable(at, "GOOS", &value) && !str_is(value, "linux"))
        b->foreign = true;
}

static bool read_build(struct split *sp, const struct trace_at *at, struct go_build *b,
                       struct command *c)
{
    *b = (struct go_build){.s = at->s, .step = at->step, .effect = at->effect, .cwd = at->cwd};
    return read_command(sp, at->effect, b, c) && !c->moved;
}

static bool is_build(void *ctx, const struct trace_at *at, struct str path)
{
    struct go_build b;
    struct command c;
    return read_build(ctx, at, &b, &c) && makes(ctx, &c, &b, path);
}

bool go_find_build(struct split *sp, struct stage *s, struct str path, struct go_build *out)
{
    struct trace_at at;
    struct command c;
    if (!trace_find(sp, s, path, is_build, sp, &at) || !read_build(sp, &at, out, &c))
        return false;
    read_settings(&at, out);
    return true;
}
