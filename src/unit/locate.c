/*
 * The last step of a stage's chain that puts a file at the path decides; what RUN steps do to the
 * file behind it is looked at on the way. COPY: BuildKit's dispatchCopy (dockerfile2llb).
 */
#include "unit/locate.h"

#include "base/buf.h"
#include "base/glob.h"
#include "unit/operand.h"
#include "unit/origin.h"

enum { DEPTH_MAX = 8, GLOB_NAMES_MAX = 2000 };

struct search {
    struct unit *u;
    unsigned depth;
    bool edited;
    bool cured;              /* of carriage returns */
    unsigned mode, mode_add; /* what later chmods make of it; mode 0: nothing */
    bool mode_unknown;
};

static struct located search(struct search *q, struct stage *s, size_t steps, struct str path);

/* ---- COPY and ADD --------------------------------------------------------------------------- */

static bool is_glob(struct str s)
{
    return str_chr(s, '*') >= 0 || str_chr(s, '?') >= 0 || str_chr(s, '[') >= 0;
}

/* What of `path` lies below `dir`: "b/c" of "/a/b/c" in "/a". */
static struct str below(struct str path, struct str dir)
{
    return str_from(path, str_is(dir, "/") ? 1 : dir.n + 1);
}

bool locate_is_archive(struct str name)
{
    static const char *const ends[] = {".tar", ".tar.gz", ".tgz", ".tar.bz2", ".tbz2",
                                       ".tbz", ".tar.xz", ".txz", ".tar.zst", NULL};
    for (const char *const *e = ends; *e; e++)
        if (str_ends(name, str_of(*e)))
            return true;
    return false;
}

static struct located unknown(const struct stage_step *step)
{
    return (struct located){.kind = LOCATED_UNKNOWN, .item = step->item};
}

static const struct located nowhere = {.kind = LOCATED_NOWHERE};

static struct located in_context(struct search *q, const struct stage_step *step, struct str path)
{
    const struct context_entry *e = context_look(q->u->context, path);
    if (e->kind == UR_ENTRY_NONE)
        return nowhere;
    if (e->kind != UR_ENTRY_FILE)
        return unknown(step);
    return (struct located){.kind = LOCATED_CONTEXT,
                            .path = e->path,
                            .text = context_read(q->u->context, path),
                            .mode = e->mode,
                            .item = step->item};
}

/* The source is a folder: what is in it lands below dest. A file: it lands in dest, or is dest. */
static struct located from_source(struct search *q, const struct stage_step *step,
                                  struct str source, struct str path)
{
    struct str dest = step->dest.path;
    const struct context_entry *e = context_look(q->u->context, source);
    bool inside = stage_inside(path, dest) && !str_eq(path, dest);
    switch (e->kind) {
    case UR_ENTRY_NONE:
        return nowhere;
    case UR_ENTRY_FOLDER:
        if (!inside)
            return nowhere;
        return in_context(
            q, step,
            context_clean(q->u->arena, str_fmt(q->u->arena, "%.*s/%.*s", STR_ARG(source),
                                               STR_ARG(below(path, dest)))));
    case UR_ENTRY_FILE:
        if (step->item->node.cmd == DF_ADD && locate_is_archive(source))
            return stage_inside(path, dest) ? unknown(step) : nowhere;
        if ((inside && str_eq(below(path, dest), str_basename(source))) ||
            (str_eq(path, dest) && !step->dest_is_dir))
            return in_context(q, step, source);
        return nowhere;
    default:
        return stage_inside(path, dest) ? unknown(step) : nowhere;
    }
}

/* Stars in the last part only; elsewhere it is not known what they match. */
static struct located from_glob(struct search *q, const struct stage_step *step, struct str source,
                                struct str path)
{
    ptrdiff_t slash = str_rchr(source, '/');
    struct str dir = slash < 0 ? STR("") : str_sub(source, 0, (size_t)slash);
    struct str pattern = str_cat(q->u->arena, STR("/"), str_from(source, (size_t)(slash + 1)));
    if (!stage_inside(path, step->dest.path))
        return nowhere;
    const struct context_folder *folder = context_list(q->u->context, dir);
    if (is_glob(dir) || glob_check(pattern) || !folder->complete || folder->n > GLOB_NAMES_MAX)
        return unknown(step);
    for (size_t i = folder->n; i-- > 0;) {
        if (!glob_match(pattern, folder->names[i]))
            continue;
        struct str name =
            dir.n ? str_fmt(q->u->arena, "%.*s/%.*s", STR_ARG(dir), STR_ARG(folder->names[i]))
                  : folder->names[i];
        struct located found = from_source(q, step, name, path);
        if (found.kind != LOCATED_NOWHERE)
            return found;
    }
    return nowhere;
}

static struct located from_heredoc(const struct stage_step *step, struct str source,
                                   struct str path)
{
    struct str dest = step->dest.path;
    VEC_EACH (h, &step->item->node.heredocs) {
        if (!str_has(source, "<<") || !str_ends(source, h->name))
            continue;
        bool in_dir =
            stage_inside(path, dest) && !str_eq(path, dest) && str_eq(below(path, dest), h->name);
        if (in_dir || (str_eq(path, dest) && !step->dest_is_dir))
            return (struct located){
                .kind = h->expand && str_chr(h->content, '$') >= 0 ? LOCATED_UNKNOWN : LOCATED_TEXT,
                .text = h->content,
                .mode = 0644,
                .item = step->item};
    }
    return nowhere;
}

/* --from: the path in the other stage, searched there. */
static struct located from_stage(struct search *q, const struct stage_step *step, struct str source,
                                 struct str path)
{
    struct str dest = step->dest.path, there = stage_join(q->u->arena, STR("/"), source);
    struct located found = nowhere;
    if (!stage_inside(path, dest))
        return nowhere;
    if (!step->from || is_glob(source))
        return unknown(step);
    if (!str_eq(path, dest)) {
        struct str rest = below(path, dest);
        if (str_eq(rest, str_basename(there)))
            found = search(q, step->from, step->from->steps.n, there);
        if (found.kind != LOCATED_CONTEXT && found.kind != LOCATED_TEXT)
            found =
                search(q, step->from, step->from->steps.n, stage_join(q->u->arena, there, rest));
    } else if (!step->dest_is_dir) {
        found = search(q, step->from, step->from->steps.n, there);
    }
    return found;
}

/* "755", "0755" */
static unsigned octal_of(struct str s)
{
    unsigned mode = 0;
    for (size_t i = 0; i < s.n; i++) {
        if (s.p[i] < '0' || s.p[i] > '7' || mode > 07777)
            return 0;
        mode = mode * 8 + (unsigned)(s.p[i] - '0');
    }
    return mode > 07777 ? 0 : mode;
}

static struct located from_copy(struct search *q, const struct stage_step *step, struct str path)
{
    const struct df_node *node = &step->item->node;
    struct str flag;
    if (!step->dest.known || !step->sources_known)
        return unknown(step);
    if (!stage_inside(path, step->dest.path))
        return nowhere;
    if (df_flag_get(node, "parents", &flag) || df_flag_get(node, "exclude", &flag))
        return unknown(step);
    struct located found = nowhere;
    for (size_t i = step->sources.n; i-- > 0 && found.kind == LOCATED_NOWHERE;) {
        struct str source = step->sources.v[i];
        struct str clean = context_clean(q->u->arena, source);
        if (!step->from_context)
            found = from_stage(q, step, source, path);
        else if (str_starts(source, STR("<<")))
            found = from_heredoc(step, source, path);
        else if (origin_is_url(source) || !q->u->context)
            found = unknown(step);
        else if (is_glob(clean))
            found = from_glob(q, step, clean, path);
        else
            found = from_source(q, step, clean, path);
    }
    if (found.kind != LOCATED_NOWHERE && df_flag_get(node, "chmod", &flag) && !q->mode) {
        found.mode = octal_of(flag);
    }
    return found;
}

/* ---- RUN ------------------------------------------------------------------------------------ */

static bool operand_is(struct search *q, struct stage *s, const struct stage_step *step,
                       const struct shell_word *w, struct str path)
{
    struct str text;
    return operand_path(s, step, w, &text) &&
           str_eq(stage_join(q->u->arena, step->workdir.path, text), path);
}

static void note_mode(struct search *q, struct str text)
{
    static const char *const adds[] = {"+x", "a+x", "+rx", "a+rx", "ugo+x", "+xr", "0+x", NULL};
    if (q->mode || q->mode_unknown)
        return;
    for (const char *const *a = adds; *a; a++)
        if (str_is(text, *a)) {
            q->mode_add |= str_has(text, "r") ? 0555 : 0111;
            return;
        }
    if (str_is(text, "u+x")) {
        q->mode_add |= 0100;
        return;
    }
    q->mode = octal_of(text);
    q->mode_unknown = !q->mode;
}

/* sed that takes carriage returns away leaves the script what it is. */
static bool is_harmless_edit(const struct run_effect *e)
{
    bool carriage = false;
    if (str_is(e->program, "dos2unix"))
        return true;
    VEC_EACH (w, &e->operands)
        carriage |= str_starts(w->value, STR("s/\\r")) || str_starts(w->value, STR("s/\r")) ||
                    str_starts(w->value, STR("s/^M"));
    return str_is(e->program, "sed") && carriage;
}

/* cp FILE DEST, cat FILE: what is only read stays what it is. */
static bool only_reads(struct search *q, struct stage *s, const struct stage_step *step,
                       const struct run_effect *e, struct str path)
{
    static const char *const readers[] = {"cat",  "ls",   "test", "[",    "grep",       "head",
                                          "tail", "stat", "file", "diff", "shellcheck", NULL};
    for (const char *const *r = readers; *r; r++)
        if (str_is(e->program, *r))
            return true;
    return (str_is(e->program, "cp") || str_is(e->program, "ln")) && e->operands.n > 1 &&
           !operand_is(q, s, step, &e->operands.v[e->operands.n - 1], path);
}

/* `cp a b`, `mv a b`, `ln -s a b`: what was put at the path was somewhere else before. */
static bool moved_from(struct search *q, struct stage *s, const struct stage_step *step,
                       const struct run_effects *run, const struct run_effect *e, struct str path,
                       struct str *from)
{
    bool copies = str_is(e->program, "cp") || str_is(e->program, "mv") || str_is(e->program, "ln");
    if (!copies || e->inner || e->command >= run->script.commands.n)
        return false;
    const struct shell_command *c = &run->script.commands.v[e->command];
    const struct shell_word *source = NULL, *dest = NULL;
    size_t operands = 0;
    for (size_t i = 1; i < c->words.n; i++) {
        if (str_starts(c->words.v[i].value, STR("-")))
            continue;
        operands++;
        source = dest;
        dest = &c->words.v[i];
    }
    struct str text;
    if (operands != 2 || !operand_path(s, step, source, &text))
        return false;
    struct str to;
    if (!operand_path(s, step, dest, &to))
        return false;
    to = stage_join(q->u->arena, step->workdir.path, to);
    *from = stage_join(q->u->arena, step->workdir.path, text);
    return str_eq(to, path) || str_eq(stage_join(q->u->arena, to, str_basename(*from)), path);
}

/* Where the working directory is not known: does a relative path end in this name? */
static bool names_relative(const struct run_effects *run, struct str name)
{
    VEC_EACH (e, &run->effects)
        VEC_EACH (w, &e->operands)
            if (w->value.n && w->value.p[0] != '/' && str_eq(str_basename(w->value), name))
                return true;
    return false;
}

static struct located from_run(struct search *q, struct stage *s, struct stage_step *step,
                               size_t index, struct str path)
{
    const struct run_effects *run = stage_run(q->u->graph, step);
    struct str name = str_basename(path), from;
    if (!run)
        return nowhere;
    if (!step->workdir.known && names_relative(run, name))
        return unknown(step);
    if (!run->complete && str_find(run->script.text, name) >= 0)
        return unknown(step);
    for (size_t i = run->effects.n; i-- > 0;) {
        const struct run_effect *e = &run->effects.v[i];
        bool about = false;
        VEC_EACH (w, &e->operands)
            about |= operand_is(q, s, step, w, path) ||
                     (e->recursive && w->literal &&
                      stage_inside(path, stage_join(q->u->arena, step->workdir.path, w->value)));
        if (moved_from(q, s, step, run, e, path, &from))
            return search(q, s, index, from);
        if (e->kind == RUN_WRITE && about)
            return unknown(step);
        if (e->kind == RUN_CHMOD && about)
            note_mode(q, e->text);
        if (e->kind == RUN_OTHER && about && !is_harmless_edit(e) &&
            !only_reads(q, s, step, e, path))
            q->edited = true;
        q->cured |= is_harmless_edit(e) && (about || str_find(run->script.text, name) >= 0);
        if (str_is(e->program, "sed") && str_find(run->script.text, name) >= 0 &&
            !is_harmless_edit(e))
            q->edited = true;
    }
    return nowhere;
}

/* ---- the whole ------------------------------------------------------------------------------ */

/* Among the first `steps` steps of the stage, and in the stages that it builds on. */
static struct located search(struct search *q, struct stage *s, size_t steps, struct str path)
{
    struct located found = nowhere;
    if (++q->depth > DEPTH_MAX)
        found.kind = LOCATED_UNKNOWN;
    for (; s && found.kind == LOCATED_NOWHERE && q->depth <= DEPTH_MAX;
         s = s->parent, steps = s ? s->steps.n : 0) {
        for (size_t i = steps; i-- > 0 && found.kind == LOCATED_NOWHERE;) {
            struct stage_step *step = &s->steps.v[i];
            if (step->item->node.cmd == DF_COPY || step->item->node.cmd == DF_ADD)
                found = from_copy(q, step, path);
            else if (step->item->node.cmd == DF_RUN)
                found = from_run(q, s, step, i, path);
        }
    }
    q->depth--;
    return found;
}

static struct str without_returns(struct arena *a, struct str text)
{
    struct buf out = buf_in(a);
    size_t from = 0;
    for (size_t i = 0; i + 1 < text.n; i++)
        if (text.p[i] == '\r' && text.p[i + 1] == '\n') {
            buf_add(&out, str_sub(text, from, i));
            from = i + 1;
        }
    buf_add(&out, str_from(text, from));
    return buf_str(&out);
}

struct located locate_file(struct unit *u, struct stage *s, struct str path)
{
    struct search q = {.u = u};
    struct located found = search(&q, s, s->steps.n, path);
    if (found.kind == LOCATED_NOWHERE || found.kind == LOCATED_UNKNOWN)
        return found;
    found.edited = q.edited;
    if (q.cured && found.text.p)
        found.text = without_returns(u->arena, found.text);
    if (q.mode)
        found.mode = q.mode;
    if (found.mode)
        found.mode |= q.mode_add;
    if (q.mode_unknown)
        found.mode = 0;
    return found;
}

/* ---- is it the context ---------------------------------------------------------------------- */

static bool is_dockerfile_name(struct str name)
{
    return str_has(name, "ockerfile") || str_has(name, "ontainerfile") ||
           str_is(name, ".dockerignore") || str_is(name, ".git") || str_starts(name, STR("README"));
}

/* Is there anything to copy but the Dockerfile? */
static bool has_content(struct context *c, struct str path)
{
    const struct context_folder *folder = context_list(c, path);
    if (!folder->complete)
        return true;
    for (size_t i = 0; i < folder->n; i++)
        if (!is_dockerfile_name(folder->names[i]))
            return true;
    return false;
}

bool locate_is_needed(const struct unit *u)
{
    VEC_EACH (s, &u->graph->stages)
        VEC_EACH (step, &(*s)->steps) {
            enum df_cmd cmd = step->item->node.cmd;
            if ((cmd == DF_COPY || cmd == DF_ADD) && step->from_context)
                return true;
        }
    return false;
}

/* The folder that a pattern is looked for in: "etc" of "etc/[a-z]*.conf". */
static struct str glob_folder(struct str source)
{
    size_t n = 0;
    while (n < source.n && !strchr("*?[\\", source.p[n]))
        n++;
    ptrdiff_t slash = str_rchr(str_sub(source, 0, n), '/');
    return slash > 0 ? str_sub(source, 0, (size_t)slash) : STR("");
}

bool locate_fits(struct unit *u, struct context *c)
{
    VEC_EACH (s, &u->graph->stages)
        VEC_EACH (step, &(*s)->steps) {
            if (!step->from_context || !step->sources_known || step->item->node.heredocs.n)
                continue;
            for (size_t i = 0; i < step->sources.n; i++) {
                struct str source = context_clean(u->arena, step->sources.v[i]);
                bool glob = is_glob(source);
                if (glob)
                    source = glob_folder(source);
                if (origin_is_url(step->sources.v[i]) || (glob && !source.n))
                    continue;
                if (!source.n ? !has_content(c, source)
                              : context_look(c, source)->kind == UR_ENTRY_NONE)
                    return false;
            }
        }
    return true;
}
