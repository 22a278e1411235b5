/*
 * Names of packages are those in the command and in the requirement files that it names, as far as
 * the build context shows them. They say nothing of what these packages need in turn; the list of
 * known ones is of packages of which that is known, too.
 */
#include "split/pip.h"

#include "base/buf.h"
#include "split/closure.h"
#include "unit/locate.h"
#include "unit/operand.h"

enum { NAMED_MAX = 5, FILES_MAX = 50, LINES_MAX = 5000, FOLDERS_MAX = 20 };

struct reading {
    struct split *sp;
    struct pip *out;
    struct stage *s;
    struct stage_step *step;
    struct stage_path at; /* the working directory of the command */
    struct strs doubts;
    size_t more, files;
};

static bool in_list(struct str s, const char *const *list)
{
    for (; *list; list++)
        if (str_is(s, *list))
            return true;
    return false;
}

static void push(struct reading *r, struct strs *list, struct str s)
{
    for (size_t i = 0; i < list->n; i++)
        if (str_eq(list->v[i], s))
            return;
    if (list->n < FOLDERS_MAX)
        *vec_push(r->sp->u->arena, list) = s;
}

/* The author's stage, or one that it builds on. */
static bool is_own(const struct reading *r)
{
    for (const struct stage *s = r->sp->s; s; s = s->parent)
        if (s == r->s)
            return true;
    return false;
}

/* ---- packages ------------------------------------------------------------------------------- */

static bool is_name_char(char c)
{
    return (c >= '0' && c <= '9') || ((c | 0x20) >= 'a' && (c | 0x20) <= 'z') || c == '_' ||
           c == '-' || c == '.';
}

struct str pip_name(struct arena *a, struct str requirement)
{
    struct buf b = buf_in(a);
    struct str text = str_trim(requirement);
    size_t n = 0;
    while (n < text.n && is_name_char(text.p[n]))
        n++;
    struct str rest = str_trim(str_from(text, n));
    if (!n || strchr("-.", text.p[0]) || (rest.n && !strchr("=<>!~[;@#", rest.p[0])) ||
        (rest.n && rest.p[0] == '@'))
        return STR("");
    bool dash = false;
    for (size_t i = 0; i < n; i++) {
        char c = text.p[i];
        bool separator = strchr("-_.", c) != NULL;
        if (separator && !dash)
            buf_addc(&b, '-');
        else if (!separator)
            buf_addc(&b, (char)(c >= 'A' && c <= 'Z' ? c + 32 : c));
        dash = separator;
    }
    return buf_str(&b);
}

static void doubt(struct reading *r, struct str name)
{
    size_t before = r->doubts.n;
    r->out->known = false;
    if (before < NAMED_MAX)
        push(r, &r->doubts, name);
    else
        r->more++;
}

static void judge_name(struct reading *r, struct str name)
{
    struct split *sp = r->sp;
    if (distroless_lists(&sp->data.refused, name))
        split_refuse(sp, "program-needed", r->step->item,
                     "uses the package '%s', which needs programs or libraries of the system",
                     split_text(sp, name));
    else if (!distroless_lists(&sp->data.libraries, name))
        doubt(r, name);
}

/* A wheel's name has the package's, and whether there is compiled code in it. */
static void judge_path(struct reading *r, struct str word)
{
    doubt(r, str_basename(word).n ? str_basename(word) : STR("the project itself"));
}

static void read_requirements(struct reading *r, struct str path, unsigned depth);

static void read_line(struct reading *r, struct str path, struct str line, unsigned depth)
{
    struct arena *a = r->sp->u->arena;
    line = str_trim(line);
    if (!line.n || line.p[0] == '#' || str_starts(line, STR("--hash")))
        return;
    bool more = str_starts(line, STR("-r")) || str_starts(line, STR("--requirement"));
    if (more) {
        ptrdiff_t blank = str_chr(line, ' ');
        struct str name = str_trim(str_from(line, blank < 0 ? 2 : (size_t)blank));
        read_requirements(r, stage_join(a, stage_join(a, path, STR("..")), name), depth + 1);
        return;
    }
    struct str name = pip_name(a, line);
    if (name.n)
        judge_name(r, name);
    else if (line.p[0] != '-' || str_starts(line, STR("-e")))
        judge_path(r, line);
}

/* Does a step of the stage do more with the file than to install what is in it? */
static bool is_changed(struct reading *r, struct str path)
{
    static const char *const readers[] = {"uv", "cat", "cp", "rm", "grep", "test", "[", NULL};
    VEC_EACH (step, &r->s->steps) {
        const struct run_effects *run = stage_run(r->sp->u->graph, step);
        for (size_t i = 0; run && i < run->effects.n; i++) {
            const struct run_effect *e = &run->effects.v[i];
            bool reads = in_list(e->program, readers) || str_starts(e->program, STR("pip")) ||
                         str_starts(e->program, STR("python"));
            VEC_EACH (w, &e->operands)
                if (!reads && str_eq(str_basename(w->value), str_basename(path)))
                    return true;
        }
    }
    return false;
}

static void read_requirements(struct reading *r, struct str path, unsigned depth)
{
    struct located file = locate_file(r->sp->u, r->s, path);
    bool seen = (file.kind == LOCATED_CONTEXT || file.kind == LOCATED_TEXT) && file.text.p &&
                !(file.edited && is_changed(r, path));
    struct str text = file.text, line;
    if (!seen || depth > 4 || r->files++ >= FILES_MAX) {
        doubt(r, str_cat(r->sp->u->arena, STR("those in "), str_basename(path)));
        return;
    }
    for (unsigned n = 0; str_split(&text, '\n', &line); n++) {
        if (n >= LINES_MAX) {
            doubt(r, STR("further ones"));
            return;
        }
        read_line(r, path, line, depth);
    }
}

/* ---- pip install ---------------------------------------------------------------------------- */

static bool takes_value(struct str option)
{
    static const char *const names[] = {"-c",
                                        "--constraint",
                                        "-i",
                                        "--index-url",
                                        "--extra-index-url",
                                        "-f",
                                        "--find-links",
                                        "--trusted-host",
                                        "--cache-dir",
                                        "--timeout",
                                        "--retries",
                                        "--log",
                                        "--progress-bar",
                                        "--root-user-action",
                                        "--python",
                                        "--no-binary",
                                        "--only-binary",
                                        "--platform",
                                        "--python-version",
                                        "--implementation",
                                        "--abi",
                                        "--src",
                                        "--upgrade-strategy",
                                        "--use-feature",
                                        "--proxy",
                                        "-w",
                                        "--wheel-dir",
                                        "--global-option",
                                        "--config-settings",
                                        NULL};
    return in_list(option, names);
}

static struct str folder_of(struct reading *r, const struct shell_word *w)
{
    struct str path;
    if (!operand_path(r->s, r->step, w, &path) || (path.p[0] != '/' && !r->at.known))
        return STR("");
    return stage_join(r->sp->u->arena, r->at.path, path);
}

static void not_known(struct reading *r)
{
    split_refuse(r->sp, "path-not-known", r->step->item,
                 "installs packages in a folder that is not known");
}

/* "--target=x" and "-t x": the word with the value; NULL when it is another option. */
static bool option_value(const struct run_effect *e, size_t *i, const char *const *names,
                         struct shell_word *out)
{
    struct shell_word w = e->operands.v[*i];
    ptrdiff_t eq = str_chr(w.value, '=');
    if (in_list(w.value, names) && *i + 1 < e->operands.n) {
        *out = e->operands.v[++*i];
        return true;
    }
    if (eq <= 0 || !in_list(str_sub(w.value, 0, (size_t)eq), names))
        return false;
    w.value = str_from(w.value, (size_t)eq + 1);
    *out = w;
    return true;
}

struct options {
    bool user, elsewhere;
    struct shell_word target, prefix;
    bool has_target, has_prefix;
};

static void read_words(struct reading *r, const struct run_effect *e, size_t first,
                       struct options *o)
{
    static const char *const targets[] = {"-t", "--target", NULL};
    static const char *const prefixes[] = {"--prefix", NULL};
    static const char *const files[] = {"-r", "--requirement", "--requirements", NULL};
    static const char *const roots[] = {"--root", NULL};
    for (size_t i = first; i < e->operands.n; i++) {
        struct str v = e->operands.v[i].value;
        struct shell_word value;
        if (option_value(e, &i, targets, &o->target)) {
            o->has_target = true;
        } else if (option_value(e, &i, prefixes, &o->prefix)) {
            o->has_prefix = true;
        } else if (option_value(e, &i, roots, &value)) {
            o->elsewhere = true;
        } else if (option_value(e, &i, files, &value)) {
            struct str path = folder_of(r, &value);
            read_requirements(r, path.n ? path : value.value, 0);
        } else if (str_starts(v, STR("-"))) {
            o->user |= str_is(v, "--user");
            if (str_is(v, "-e") || str_is(v, "--editable"))
                judge_path(r, STR(""));
            i += takes_value(v);
        } else if (pip_name(r->sp->u->arena, v).n && str_chr(v, '/') < 0 &&
                   !str_ends(v, STR(".whl"))) {
            judge_name(r, pip_name(r->sp->u->arena, v));
        } else {
            judge_path(r, v);
        }
    }
}

/* Packages that only pip itself is made of. */
static bool is_upgrade(const struct run_effect *e, size_t first)
{
    static const char *const own[] = {"pip", "setuptools", "wheel", "pipenv", "poetry",
                                      "uv",  "virtualenv", "build", NULL};
    size_t names = 0;
    for (size_t i = first; i < e->operands.n; i++) {
        struct str v = e->operands.v[i].value;
        if (str_starts(v, STR("-"))) {
            if (str_starts(v, STR("-r")))
                return false;
            continue;
        }
        size_t n = 0;
        while (n < v.n && !strchr("=<>~!", v.p[n]))
            n++;
        if (!in_list(str_sub(v, 0, n), own))
            return false;
        names++;
    }
    return names > 0;
}

static void install(struct reading *r, const struct run_effect *e, size_t first)
{
    struct options o = {0};
    if (is_upgrade(e, first))
        return;
    r->out->installs = true;
    read_words(r, e, first, &o);
    if (!is_own(r))
        return; /* what of it is used is copied */
    struct str target = o.has_target ? folder_of(r, &o.target) : STR("");
    if (o.elsewhere || (o.has_target && !target.n))
        not_known(r);
    else if (o.has_target)
        push(r, &r->out->targets, target);
    else if (o.has_prefix && !str_is(folder_of(r, &o.prefix), "/usr/local"))
        not_known(r);
    else if (o.user)
        r->out->home = true;
    else
        r->out->system = true;
}

/* ---- the others ----------------------------------------------------------------------------- */

static void make_venv(struct reading *r, const struct run_effect *e, size_t first,
                      const char *usual)
{
    struct shell_word dir = {.value = str_of(usual), .literal = true};
    for (size_t i = first; i < e->operands.n; i++) {
        struct str v = e->operands.v[i].value;
        if (str_starts(v, STR("--system-site-packages")))
            split_refuse(r->sp, "files-not-seen", r->step->item,
                         "makes a virtual environment that uses packages outside of it");
        if (str_is(v, "-p") || str_is(v, "--python") || str_is(v, "--prompt"))
            i++;
        else if (!str_starts(v, STR("-")))
            dir = e->operands.v[i];
    }
    struct str path = dir.value.n ? folder_of(r, &dir) : STR("");
    if (path.n)
        push(r, &r->out->venvs, path);
    else
        not_known(r);
}

static bool says_no_venv(struct reading *r, const struct run_effects *run)
{
    struct expanded e = stage_expand(r->s, r->step, STR("${POETRY_VIRTUALENVS_CREATE}"));
    return str_is(e.text, "false") || str_has(run->script.text, "virtualenvs.create false") ||
           unit_run_says(r->sp->u, r->s, STR("virtualenvs.create false"));
}

static struct str operand(const struct run_effect *e, size_t i)
{
    return i < e->operands.n ? e->operands.v[i].value : STR("");
}

static void manager(struct reading *r, const struct run_effects *run, const struct run_effect *e)
{
    struct str verb = operand(e, 0);
    bool system = false, venv = false;
    if (str_is(e->program, "uv")) {
        venv = str_is(verb, "sync");
        if (str_is(verb, "venv"))
            make_venv(r, e, 1, ".venv");
        if (!venv)
            return;
        struct expanded set = stage_expand(r->s, r->step, STR("${UV_PROJECT_ENVIRONMENT:-.venv}"));
        struct run_effect none = {0};
        make_venv(r, &none, 0, set.unknown ? "" : str_z(r->sp->u->arena, set.text));
    } else if (!str_is(verb, "install") && !str_is(verb, "sync")) {
        return;
    } else if (str_is(e->program, "pipenv")) {
        VEC_EACH (w, &e->operands)
            system |= str_is(w->value, "--system");
    } else {
        system = says_no_venv(r, run);
    }
    r->out->installs = true;
    doubt(r, str_cat(r->sp->u->arena, STR("those of "), e->program));
    if (system && is_own(r))
        r->out->system = true;
    if (!system && !venv)
        not_known(r);
}

static bool is_pip(struct str program)
{
    return str_is(program, "pip") || str_starts(program, STR("pip3")) ||
           str_starts(program, STR("pip2"));
}

static void look_at(struct reading *r, const struct run_effects *run, const struct run_effect *e)
{
    static const char *const managers[] = {"uv", "poetry", "pipenv", NULL};
    bool python = str_starts(e->program, STR("python")) && str_is(operand(e, 0), "-m");
    bool pip = is_pip(e->program) || (python && str_is(operand(e, 1), "pip"));
    bool uv = str_is(e->program, "uv") && str_is(operand(e, 0), "pip");
    size_t verb = is_pip(e->program) ? 0 : uv ? 1 : 2;
    if (pip || uv) {
        while (str_starts(operand(e, verb), STR("-")))
            verb++;
        if (str_is(operand(e, verb), "install") || str_is(operand(e, verb), "sync"))
            install(r, e, verb + 1);
    } else if (str_starts(e->program, STR("python")) &&
               str_is(str_basename(operand(e, 0)), "setup.py")) {
        r->out->installs = true;
        r->out->system |= is_own(r);
        doubt(r, STR("the project itself"));
    } else if (python && str_is(operand(e, 1), "venv")) {
        make_venv(r, e, 2, "");
    } else if (str_is(e->program, "virtualenv")) {
        make_venv(r, e, 0, "");
    } else if (in_list(e->program, managers)) {
        manager(r, run, e);
    }
}

static void follow_cd(struct reading *r, const struct run_effect *e)
{
    struct str path = e->operands.n == 1 ? folder_of(r, &e->operands.v[0]) : STR("");
    r->at = (struct stage_path){path, path.n > 0 && e->certain};
}

static const char *doubts(struct reading *r)
{
    struct buf b = buf_in(r->sp->u->arena);
    for (size_t i = 0; i < r->doubts.n; i++)
        buf_addf(&b, "%s%s", i ? ", " : "", split_text(r->sp, r->doubts.v[i]));
    if (r->more)
        buf_addf(&b, " and %zu more", r->more);
    return buf_str(&b).p;
}

struct pip pip_read(struct split *sp)
{
    struct pip out = {.known = true};
    struct reading r = {.sp = sp, .out = &out};
    struct closure all = closure_of(sp->u, sp->s);
    VEC_EACH (s, &all.stages)
        VEC_EACH (step, &(*s)->steps) {
            const struct run_effects *run = stage_run(sp->u->graph, step);
            r.s = *s;
            r.step = step;
            r.at = step->workdir;
            for (size_t i = 0; run && i < run->effects.n; i++)
                if (run->effects.v[i].kind == RUN_CD)
                    follow_cd(&r, &run->effects.v[i]);
                else
                    look_at(&r, run, &run->effects.v[i]);
        }
    if (r.doubts.n)
        split_review(sp, "code-not-seen", sp->at,
                     str_fmt(sp->u->arena,
                             "its packages start no other programs and need no libraries of the "
                             "system: %s",
                             doubts(&r)),
                     "uses packages of which it is not known what they need (%s)", doubts(&r));
    return out;
}
