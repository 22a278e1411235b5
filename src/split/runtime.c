/*
 * node, python3 and dotnet are the entrypoint of their images: what the author calls by name is
 * there under another path, and its arguments are what is left to say.
 */
#include "split/runtime.h"

#include "unit/path.h"

static void push(struct split *sp, struct strs *list, struct str s)
{
    *vec_push(sp->u->arena, list) = s;
}

/* Do the arguments end in the words of CMD? */
static bool ends_in_cmd(const struct split *sp, const struct strs *arguments)
{
    const struct strs *cmd = &sp->cmd;
    if (cmd->n > arguments->n)
        return false;
    for (size_t i = 0; i < cmd->n; i++)
        if (!str_eq(arguments->v[arguments->n - cmd->n + i], cmd->v[i]))
            return false;
    return true;
}

void runtime_start(struct split *sp, const struct strs *arguments)
{
    struct strs entrypoint = {0}, cmd = {0};
    size_t first = 0;
    if (sp->entrypoint.n && sp->data.entrypoint.n && ends_in_cmd(sp, arguments)) {
        first = arguments->n - sp->cmd.n;
        if (first)
            push(sp, &entrypoint, sp->data.entrypoint.v[0]);
        for (size_t i = 0; i < first; i++)
            push(sp, &entrypoint, arguments->v[i]);
    }
    for (size_t i = first; i < arguments->n; i++)
        push(sp, &cmd, arguments->v[i]);
    split_start(sp, entrypoint, cmd);
}

bool runtime_replace(struct split *sp, struct strs *words)
{
    struct str name = str_basename(words->v[0]);
    if (!sp->data.entrypoint.n || !distroless_lists(&sp->data.interpreters, name))
        return false;
    words->v[0] = sp->data.entrypoint.v[0];
    return true;
}

void runtime_stops(struct split *sp, bool handles)
{
    if (sp->had_init && !handles)
        split_review(sp, "start-needs-init", sp->at,
                     STR("it ends on SIGTERM by itself, or may be killed when its time is up"),
                     "starts an init program first, which sees to it that a signal ends it");
}

static bool ends_in(struct str name, const char *const *ends)
{
    for (; *ends; ends++)
        if (str_ends(name, str_of(*ends)))
            return true;
    return false;
}

void runtime_file(struct split *sp, struct str file, const char *const *ends)
{
    struct str path = split_path(sp, file);
    struct str dir = stage_join(sp->u->arena, path, STR(".."));
    if (split_covers(sp, path))
        return;
    if (path_is_workdir(dir))
        split_copy(sp, dir, false);
    else if (str_is(dir, "/") && ends_in(path, ends))
        split_copy(sp, path, false);
    else
        split_refuse(sp, "files-not-seen", sp->at,
                     "runs '%s', which lies among files that are not its own",
                     split_text(sp, path));
}

static bool leads_away(const struct split *sp, struct str value)
{
    struct str part;
    while (str_split(&value, ':', &part))
        for (ptrdiff_t at; (at = str_chr(part, '/')) >= 0;) {
            size_t end = (size_t)at;
            while (end < part.n && !strchr(" =,\"'", part.p[end]))
                end++;
            struct str path = str_sub(part, (size_t)at, end);
            bool absolute = at == 0 || strchr(" =,\"'", part.p[at - 1]);
            if (absolute && !split_covers(sp, stage_join(sp->u->arena, STR("/"), path)))
                return true;
            part = str_from(part, end);
        }
    return false;
}

void runtime_environment(struct split *sp)
{
    static const char *const names[] = {
        "NODE_PATH",       "NODE_OPTIONS",  "PYTHONHOME",  "PYTHONUSERBASE",       "LD_PRELOAD",
        "LD_LIBRARY_PATH", "PYTHONSTARTUP", "DOTNET_ROOT", "DOTNET_STARTUP_HOOKS", NULL};
    VEC_EACH (v, &sp->s->vars)
        for (const char *const *n = names; *n; n++)
            if (v->env && str_is(v->name, *n) && (!v->value.known || leads_away(sp, v->value.text)))
                split_refuse(sp, "files-not-seen", sp->at,
                             "sets %s to '%s', which does not all come along", *n,
                             split_text(sp, v->value.text));
}

bool runtime_has_own_folder(const struct split *sp)
{
    struct str workdir = sp->s->workdir.path;
    for (const struct stage *s = sp->s; s; s = s->parent)
        VEC_EACH (step, &s->steps) {
            enum df_cmd cmd = step->item->node.cmd;
            if ((cmd == DF_COPY || cmd == DF_ADD) &&
                (!step->dest.known ||
                 (stage_inside(workdir, step->dest.path) && !str_eq(workdir, step->dest.path))))
                return false;
        }
    return true;
}
