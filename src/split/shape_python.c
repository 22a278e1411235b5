/*
 * Python: a file, a module, or a program that a package brings and that is a module, too. The
 * image's interpreter is another file than the author's, of the same version; packages are put
 * where it looks for them.
 */
#include "base/buf.h"
#include "split/code.h"
#include "split/pip.h"
#include "split/rebase.h"
#include "split/runtime.h"
#include "split/shape.h"
#include "unit/account.h"
#include "unit/locate.h"
#include "unit/path.h"

/* clang-format off */
static const struct code_mark marks[] = {
    {"subprocess", NULL, "starts other programs"},
    {"os.system", NULL, "starts a shell"},
    {"os.popen", NULL, "starts a shell"},
    {"os.exec", NULL, "starts other programs"},
    {"os.spawn", NULL, "starts other programs"},
    {"posix_spawn", NULL, "starts other programs"},
    {"pty.spawn", NULL, "starts other programs"},
    {"pexpect", NULL, "starts other programs"},
    {"shutil.which", NULL, "looks for other programs"},
    {"find_library", NULL, "looks for libraries of the system"},
    {"tkinter", NULL, "uses tkinter, which is not in the image"},
    {"dbm.gnu", NULL, "uses dbm.gnu, which is not in the image"},
    {"ensurepip", NULL, "installs packages"},
    {"import pip", NULL, "installs packages"},
    {"/bin/sh", NULL, "starts a shell"},
    {"/bin/bash", NULL, "starts a shell"},
    {"PYTHON_VERSION", NULL, "asks for a variable that the image of python sets"},
    {NULL, NULL, NULL},
};
/* clang-format on */

static const char *const endings[] = {".py", ".pyx", NULL};

struct python {
    struct split *sp;
    struct str version; /* "3.13" */
    struct pip pip;
    struct str venv;   /* the one that is used; "": none */
    struct strs sites; /* where its packages are */
    struct str from;   /* the stage that they are copied from */
};

/* ---- what starts ---------------------------------------------------------------------------- */

static bool is_digits(struct str s)
{
    for (size_t i = 0; i < s.n; i++)
        if ((s.p[i] < '0' || s.p[i] > '9') && s.p[i] != '.')
            return false;
    return true;
}

/* python, python3, python3.13 */
static bool is_python(struct str word)
{
    struct str name = str_basename(word);
    return str_starts(name, STR("python")) && is_digits(str_from(name, strlen("python")));
}

static bool is_python_image(const struct split *sp)
{
    const struct stage *root = stage_root(sp->s);
    return root->base_kind == STAGE_ON_IMAGE && str_is(root->image.repository, "python");
}

/* A program that pip has put on PATH, on an image of python. */
static bool claims(struct split *sp)
{
    return is_python(sp->words.v[0]) || is_python_image(sp);
}

/* "waitress" for "waitress-serve" by "waitress-serve=waitress" in the data. */
static struct str module_of(const struct split *sp, struct str program)
{
    VEC_EACH (it, &sp->data.programs) {
        ptrdiff_t eq = str_chr(*it, '=');
        struct str name = eq < 0 ? *it : str_sub(*it, 0, (size_t)eq);
        if (str_eq(name, program))
            return eq < 0 ? *it : str_from(*it, (size_t)eq + 1);
    }
    return STR("");
}

/* With -m, the working directory comes first: a file there may stand for the package. */
static bool is_shadowed(struct python *p, struct str module)
{
    struct split *sp = p->sp;
    struct arena *a = sp->u->arena;
    struct str file = split_path(sp, str_cat(a, module, STR(".py")));
    struct str folder = split_path(sp, str_cat(a, module, STR("/__init__.py")));
    return sp->u->context && (locate_file(sp->u, sp->s, file).kind != LOCATED_NOWHERE ||
                              locate_file(sp->u, sp->s, folder).kind != LOCATED_NOWHERE);
}

/* ./app.py, whose first line says that python runs it */
static bool is_script(struct python *p, struct str word)
{
    static const char *const lines[] = {"#!/usr/bin/env python\n",
                                        "#!/usr/bin/env python3\n",
                                        "#!/usr/local/bin/python\n",
                                        "#!/usr/local/bin/python3\n",
                                        "#!/usr/bin/env python\r\n",
                                        "#!/usr/bin/env -S python3 -u\n",
                                        NULL};
    struct split *sp = p->sp;
    if (!str_ends(word, STR(".py")) || str_chr(word, '/') < 0)
        return false;
    struct located file = locate_file(sp->u, sp->s, split_path(sp, word));
    for (const char *const *l = lines; file.text.p && *l; l++)
        if (str_starts(file.text, str_of(*l)))
            return true;
    return false;
}

static void push(struct python *p, struct strs *list, struct str s)
{
    *vec_push(p->sp->u->arena, list) = s;
}

static bool refuse_start(struct python *p)
{
    split_refuse(p->sp, "start-not-plain", p->sp->at,
                 "starts '%s', which is not known to be a file or a module of Python",
                 split_text(p->sp, p->sp->words.v[0]));
    return false;
}

/* What stands behind the interpreter. */
static bool read_start(struct python *p, struct strs *out)
{
    const struct strs *words = &p->sp->words;
    struct str first = words->v[0], name = str_basename(first);
    struct str module = module_of(p->sp, name);
    size_t rest = 1;
    if (is_python(first)) {
        struct str number = str_from(name, strlen("python"));
        bool other = str_chr(number, '.') >= 0 && !str_eq(number, p->version);
        if (words->n < 2 || other || str_starts(first, STR("/usr/bin/")))
            return refuse_start(p);
    } else if (module.n) {
        if (is_shadowed(p, module))
            return refuse_start(p);
        push(p, out, STR("-m"));
        push(p, out, module);
    } else if (is_script(p, first)) {
        rest = 0;
    } else {
        return refuse_start(p);
    }
    for (size_t i = rest; i < words->n; i++)
        push(p, out, words->v[i]);
    return true;
}

/* The file among these; "" where it is a module, or text. */
static struct str file_of(const struct strs *start)
{
    static const char *const valued[] = {"-W", "-X", "--check-hash-based-pycs", NULL};
    for (size_t i = 0; i < start->n; i++) {
        struct str v = start->v[i];
        bool value = false;
        for (const char *const *o = valued; *o; o++)
            value |= str_is(v, *o);
        if (!str_starts(v, STR("-")))
            return v;
        if (str_is(v, "-m") || str_is(v, "-c"))
            break;
        i += value;
    }
    return STR("");
}

/* ---- where packages are --------------------------------------------------------------------- */

/* Does an ENV PATH of the chain begin with the folder, as written or as $VIRTUAL_ENV? */
static bool is_on_path(struct python *p, struct str bin)
{
    struct arena *a = p->sp->u->arena;
    for (struct stage *s = p->sp->s; s; s = s->parent)
        VEC_EACH (step, &s->steps) {
            const struct df_node *node = &step->item->node;
            for (size_t i = 0; node->cmd == DF_ENV && i + 2 < node->args.n; i += 3) {
                struct str value = node->args.v[i + 1];
                ptrdiff_t colon = str_chr(value, ':');
                if (!str_is(node->args.v[i], "PATH"))
                    continue;
                value = colon < 0 ? value : str_sub(value, 0, (size_t)colon);
                while (value.n && strchr("\"'", value.p[0]))
                    value = str_from(value, 1);
                struct expanded e = stage_expand(s, step, value);
                if (!e.unknown && !e.error && str_eq(stage_join(a, STR("/"), e.text), bin))
                    return true;
            }
        }
    return false;
}

static void find_venv(struct python *p)
{
    struct str program = p->sp->words.v[0];
    for (size_t i = 0; i < p->pip.venvs.n; i++) {
        struct str dir = p->pip.venvs.v[i];
        struct str bin = stage_join(p->sp->u->arena, dir, STR("bin"));
        bool named = str_chr(program, '/') >= 0 && stage_inside(split_path(p->sp, program), bin);
        if (named || is_on_path(p, bin))
            p->venv = dir;
    }
}

/* A path in front of the interpreter, or of a package's program, is that of the environment whose
 * packages come along. */
static bool is_known_place(struct python *p)
{
    struct arena *a = p->sp->u->arena;
    struct str program = p->sp->words.v[0];
    if (str_chr(program, '/') < 0 || is_script(p, program))
        return true;
    struct str dir = stage_join(a, split_path(p->sp, program), STR(".."));
    struct str bin = p->venv.n ? stage_join(a, p->venv, STR("bin")) : STR("/usr/local/bin");
    return str_eq(dir, bin) || (!p->venv.n && p->pip.home && str_is(dir, "/root/.local/bin"));
}

static struct str below(struct python *p, struct str dir, const char *rest)
{
    return str_fmt(p->sp->u->arena, "%.*s/lib/python%.*s/%s", STR_ARG(dir), STR_ARG(p->version),
                   rest);
}

static void add_site(struct python *p, struct str dir)
{
    *vec_push(p->sp->u->arena, &p->sites) = below(p, dir, "site-packages");
}

static bool copies_into(const struct split *sp, struct str dir)
{
    for (const struct stage *s = sp->s; s; s = s->parent)
        VEC_EACH (step, &s->steps)
            if ((step->item->node.cmd == DF_COPY || step->item->node.cmd == DF_ADD) &&
                step->dest.known && stage_inside(step->dest.path, dir))
                return true;
    return false;
}

/* Does anything but the packages in ~/.local lie in root's home? */
static bool uses_root_home(const struct split *sp)
{
    for (size_t i = 0; i < sp->words.n; i++)
        if (str_has(sp->words.v[i], "/root"))
            return true;
    VEC_EACH (v, &sp->s->vars)
        if (v->env && !str_is(v->name, "PATH") && str_has(v->value.text, "/root"))
            return true;
    for (const struct stage *s = sp->s; s; s = s->parent)
        VEC_EACH (step, &s->steps)
            if ((step->item->node.cmd == DF_COPY || step->item->node.cmd == DF_ADD) &&
                (!step->dest.known || (stage_inside(step->dest.path, STR("/root")) &&
                                       !stage_inside(step->dest.path, STR("/root/.local")))))
                return true;
    return sp->s->workdir.known && stage_inside(sp->s->workdir.path, STR("/root"));
}

static void find_packages(struct python *p)
{
    struct split *sp = p->sp;
    for (size_t i = 0; i < p->pip.targets.n; i++)
        split_copy(sp, p->pip.targets.v[i], false);
    if (p->venv.n) {
        add_site(p, p->venv);
        return;
    }
    if (p->pip.system || copies_into(sp, STR("/usr/local")))
        add_site(p, STR("/usr/local"));
    if (p->pip.home || copies_into(sp, STR("/root/.local"))) {
        add_site(p, STR("/root/.local"));
        if (!uses_root_home(sp))
            split_forgive(sp, "root-home");
    }
}

/* pip is a package, too, and the only one that nothing needs when it runs. */
static void drop_pip(struct python *p)
{
    struct split *sp = p->sp;
    struct buf b = buf_in(sp->u->arena);
    if (!p->sites.n)
        return;
    p->from = write_free_name(sp, "packages");
    buf_addz(&b, "RUN rm -rf");
    for (size_t i = 0; i < p->sites.n; i++)
        buf_addf(&b, " %.*s/pip %.*s/pip-*.dist-info", STR_ARG(p->sites.v[i]),
                 STR_ARG(p->sites.v[i]));
    split_stage_line(
        sp, str_fmt(sp->u->arena, "FROM %.*s AS %.*s", STR_ARG(sp->name), STR_ARG(p->from)));
    if (!sp->s->user_known || !account_is_root(sp->s->user))
        split_stage_line(sp, STR("USER root"));
    split_stage_line(sp, buf_str(&b));
}

/* Packages go to where Debian's interpreter looks for those that it did not bring, and reads .pth
 * files; the working directory as it is, with what steps have made there. */
static void copy_all(struct python *p)
{
    struct split *sp = p->sp;
    struct str workdir = sp->s->workdir.path;
    struct split_copy own = {.source = workdir, .dest = workdir};
    for (size_t i = 0; i < p->sites.n; i++) {
        split_copy_from(sp, (struct split_copy){
                                .from = p->from,
                                .source = p->sites.v[i],
                                .dest = below(p, STR("/usr/local"), "dist-packages"),
                            });
        if (stage_inside(p->sites.v[i], workdir) && runtime_has_own_folder(sp))
            own.from = p->from;
    }
    if (path_is_workdir(workdir))
        split_copy_from(sp, own);
}

/* Packages are copied from where they lie; what lies beside them, scripts and headers, is not
 * used. */
static bool sees_to(struct split *sp, struct stage *s, const struct stage_step *step)
{
    struct str dest = step->dest.path;
    (void)s;
    bool ours = false;
    VEC_EACH (c, &sp->copies)
        ours |= stage_inside(dest, stage_join(sp->u->arena, c->source, STR("../../..")));
    return step->from && ours &&
           (str_is(dest, "/usr/local") || stage_inside(dest, STR("/usr/local/lib")) ||
            stage_inside(dest, STR("/usr/local/bin")) || stage_inside(dest, STR("/root/.local")) ||
            !stage_inside(dest, STR("/usr")));
}

/* ---- all of it ------------------------------------------------------------------------------ */

/* One of a package, which sees to signals itself. */
static bool is_server(const struct split *sp)
{
    return module_of(sp, str_basename(sp->words.v[0])).n > 0;
}

static void judge_code(struct python *p)
{
    struct split *sp = p->sp;
    bool clean = code_is_clean(sp, endings, marks);
    sp->no_children = clean && p->pip.known;
    runtime_stops(sp, is_server(sp) || code_says(sp, endings, "SIGTERM"));
    if (!clean)
        split_review(sp, "code-not-seen", sp->at,
                     STR("its code starts no other programs, a shell above all"),
                     "has code that is not seen");
}

static void plan(struct split *sp)
{
    struct python p = {.sp = sp, .version = split_version(sp)};
    struct strs start = {0};
    struct stage_path *workdir = &sp->s->workdir;
    if (!p.version.n) {
        split_refuse(sp, "runtime-version", stage_root(sp->s)->from,
                     "which version of Python it has is not known");
        return;
    }
    if (!split_image(sp, "", p.version) || !read_start(&p, &start))
        return;
    if (!workdir->known) {
        split_refuse(sp, "no-workdir", sp->s->from,
                     "runs in a directory that is only known when it is built");
        return;
    }
    p.pip = pip_read(sp);
    find_venv(&p);
    if (!is_known_place(&p)) {
        refuse_start(&p);
        return;
    }
    find_packages(&p);
    drop_pip(&p);
    copy_all(&p);
    rebase_for_libc(sp, !p.pip.installs);
    judge_code(&p);
    struct str file = file_of(&start);
    if (file.n)
        runtime_file(sp, file, endings);
    runtime_start(sp, &start);
    runtime_environment(sp);
}

/* ---- steps ---------------------------------------------------------------------------------- */

static struct str operand(const struct run_effect *e, size_t i)
{
    return i < e->operands.n ? e->operands.v[i].value : STR("");
}

static bool in_list(struct str s, const char *const *list)
{
    for (; *list; list++)
        if (str_is(s, *list))
            return true;
    return false;
}

/* What the interpreter runs may make files anywhere, a model in somebody's home; of these it is
 * known that they don't. */
static bool does(struct split *sp, struct stage *s, const struct stage_step *step,
                 const struct run_effect *e)
{
    static const char *const modules[] = {"pip", "venv", "compileall", NULL};
    static const char *const verbs[] = {"collectstatic", "compilemessages", "check", NULL};
    static const char *const setups[] = {"install", "develop", "build", "build_ext", NULL};
    struct str first = operand(e, 0), second = operand(e, 1), file = str_basename(first);
    (void)sp;
    (void)s;
    (void)step;
    if (str_is(e->program, "django-admin"))
        return in_list(first, verbs);
    if (!is_python(e->program))
        return false;
    if (str_is(first, "-m"))
        return in_list(second, modules);
    return (str_is(file, "manage.py") && in_list(second, verbs)) ||
           (str_is(file, "setup.py") && in_list(second, setups));
}

const struct shape shape_python = {
    .name = "python", .claims = claims, .plan = plan, .sees_to = sees_to, .does = does};
