/* What starts: ENTRYPOINT and CMD, or what the base image has in their place. */
#include "unit/account.h"
#include "unit/locate.h"
#include "unit/walk.h"

static void walk_exec(struct walk *w, const struct strs *first, const struct strs *second)
{
    struct strs all = {0};
    for (size_t i = 0; i < first->n; i++)
        *vec_push(w->o->unit->arena, &all) = first->v[i];
    for (size_t i = 0; second && i < second->n; i++)
        *vec_push(w->o->unit->arena, &all) = second->v[i];
    struct shell_command c = shell_exec_form(w->o->unit->arena, all.v, all.n);
    walk_words(w, c.words.v, c.words.n);
}

static void base_process(struct obstacles *o, const struct facts *f)
{
    if (!f)
        return;
    if (f->start_as == FACTS_AS_ROOT)
        obstacle_refuse(o, "entrypoint-needs-root", NULL,
                        "starts the base image's own entrypoint, which must be root");
    if (f->start_as == FACTS_AS_DROPS)
        obstacle_review(
            o, "drops-privileges", NULL,
            STR("mounted data, and what RUN steps put there, already belongs to that user: the "
                "entrypoint will not chown it any more"),
            "starts the base image's own entrypoint, which begins as root and switches to its user");
}

static bool starts_nothing(const struct facts *f)
{
    return f && (f->starts == FACTS_STARTS_NOTHING || f->starts == FACTS_STARTS_SHELL ||
                 f->starts == FACTS_STARTS_INTERPRETER);
}

/* docker-entrypoint.sh of node, php and their like runs any program that it is given; to the
 * interpreter it hands only options and what is no program. */
static bool runs_commands(const struct facts *f)
{
    for (size_t i = 0; f->starts == FACTS_STARTS_INTERPRETER && i < f->entrypoint.n; i++)
        if (str_has(f->entrypoint.v[i], "entrypoint"))
            return true;
    return false;
}

/* Is CMD just arguments of the image's own program, rather than a program? */
static bool are_arguments(const struct walk *w, const struct facts *f, const struct strs *args)
{
    bool takes = f->starts == FACTS_STARTS_INTERPRETER || f->starts == FACTS_STARTS_TOOL;
    if (!takes || f->start_as != FACTS_AS_ANY || !f->entrypoint.n || !args->n ||
        str_chr(args->v[0], '/') >= 0)
        return false;
    bool verb = str_is(args->v[0], "run") || str_is(args->v[0], "eval") ||
                str_is(args->v[0], "task"); /* of deno and bun */
    if (runs_commands(f) && !verb && !walk_is_option(args->v[0]) &&
        !walk_looks_like_source(args->v[0]))
        return false;
    return !program_find(w->o->unit->settings->programs, args->v[0]);
}

static void walk_arguments(struct walk *w, const struct strs *args)
{
    struct shell_command c = shell_exec_form(w->o->unit->arena, args->v, args->n);
    if (args->n && walk_looks_like_source(args->v[0]))
        walk_code(w, stage_join(w->o->unit->arena, w->workdir, args->v[0]));
    walk_ports(w, c.words.v, c.words.n);
    walk_written_paths(w, c.words.v, c.words.n);
    walk_root_home(w, c.words.v, c.words.n);
}

/* What a shell-form CMD hands to an exec-form ENTRYPOINT. */
static struct strs shell_words(struct walk *w, const struct stage_process *cmd)
{
    struct strs out = {0};
    struct arena *a = w->o->unit->arena;
    if (cmd->json || !cmd->args.n)
        return out;
    *vec_push(a, &out) = STR("/bin/sh");
    *vec_push(a, &out) = STR("-c");
    *vec_push(a, &out) = cmd->args.v[0];
    return out;
}

/* The image's own service, of which the facts say that any user can start it. Its CMD is looked at
 * where it names a program that is listed, for that one's port, or a file that a step has put there
 * instead; else it may be options as well. */
static bool is_vouched_for(struct walk *w, const struct facts *f, const struct stage_process *cmd)
{
    bool user_known = account_is_root(f->user);
    VEC_EACH (user, &f->users)
        user_known |= user->purpose == FACTS_USER_APP;
    if (f->starts != FACTS_STARTS_SERVICE || f->start_as != FACTS_AS_ANY || !user_known)
        return false; /* where its own user's number is not known, another would take its place */
    if (!cmd->args.n)
        return true;
    struct str name = cmd->args.v[0];
    if (program_find(w->o->unit->settings->programs, str_basename(name)))
        return false;
    static const char *const settings[] = {".yml", ".yaml", ".conf", ".json", ".toml", NULL};
    return !str_starts(name, STR("/")) || walk_has_suffix(name, settings) ||
           locate_file(w->o->unit, w->o->stage, name).kind == LOCATED_NOWHERE;
}

static void survey(struct walk *w)
{
    struct obstacles *o = w->o;
    struct stage *s = o->stage;
    const struct facts *f = unit_facts(o->unit, s);
    struct stage_process *ep = &s->entrypoint, *cmd = &s->cmd;
    bool own_ep = ep->set && ep->item, own_cmd = cmd->set && cmd->item;
    w->at = own_ep ? ep->item : own_cmd ? cmd->item : NULL;
    if (ep->set && !ep->item)
        base_process(o, f);
    o->base_process = o->base_program = !own_ep && !own_cmd;
    if (o->base_process) {
        if (!f)
            obstacle_refuse(
                o, "unknown-base-user", s->from,
                "has neither ENTRYPOINT nor CMD, and what the base image starts is not known");
        else if (starts_nothing(f) || !(ep->set || cmd->set))
            obstacle_refuse(
                o, "base-image-for-others", s->from,
                "has neither ENTRYPOINT nor CMD, and the base image starts nothing of its own");
        else if (is_vouched_for(w, f, cmd))
            w->busy++;
        else if (!ep->set || (f->start_as == FACTS_AS_ANY && cmd->set))
            walk_exec(w, &cmd->args, NULL);
    } else if (own_ep && !ep->json) {
        walk_script(w, ep->args.n ? ep->args.v[0] : STR(""));
    } else if (own_ep) {
        struct strs shell = shell_words(w, cmd);
        walk_exec(w, &ep->args, !cmd->set ? NULL : cmd->json ? &cmd->args : &shell);
    } else if (cmd->json && ep->set && f && are_arguments(w, f, &cmd->args)) {
        w->busy++; /* for the program that the image starts, whatever its entrypoint does with them
                    */
        o->compiled |= str_ends(cmd->args.v[0], STR(".jar")) && walk_is_own_jar(w, cmd->args.v[0]);
        walk_arguments(w, &cmd->args);
    } else if (cmd->json) {
        walk_exec(w, &cmd->args, NULL);
    } else {
        walk_script(w, cmd->args.n ? cmd->args.v[0] : STR(""));
    }
}

/* Something else than the service that the image is made for: what of the image does it use? */
static void other_than_service(struct obstacles *o)
{
    const struct facts *f = unit_facts(o->unit, o->stage);
    if (f && f->starts == FACTS_STARTS_SERVICE && !o->base_program)
        obstacle_review(o, "unknown-program", o->stage->from,
                        STR("what it starts does not use the service of the base image as root"),
                        "starts something else than the service that its base image is made for");
}

void process_survey(struct obstacles *o)
{
    struct walk w = {.o = o,
                     .workdir = o->stage->workdir.known ? o->stage->workdir.path : STR("/")};
    w.here = o->stage->workdir.known ? w.workdir : STR("");
    survey(&w);
    other_than_service(o);
    o->stateless = w.busy && w.stateless == w.busy;
    o->compiled |= o->stateless;
    if (w.idle && !w.busy)
        obstacle_review(o, "idle-process", w.at,
                        STR("nothing that is run by hand in this container needs root"),
                        "starts nothing that lasts: what matters is run in it by hand");
}
