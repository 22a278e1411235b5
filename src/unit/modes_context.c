/*
 * Files of the build context whose mode keeps others out, where COPY puts them into a place that
 * stays root's: COPY keeps modes. What is the application's is given to the user and no matter.
 */
#include "unit/locate.h"
#include "unit/obstacle.h"
#include "unit/path.h"

enum { FILES_MAX = 200, NESTING_MAX = 4 };

struct look {
    struct obstacles *o;
    const struct stage_step *step;
    size_t files;
};

static bool stays_with_root(const struct look *l, struct str path)
{
    const struct stage_path *workdir = &l->o->stage->workdir;
    bool own =
        workdir->known && path_is_workdir(workdir->path) && stage_inside(path, workdir->path);
    return !own && !path_is_application(path) && !path_is_state(path) &&
           !stage_inside(path, STR("/tmp"));
}

static void check_file(struct look *l, struct str source, struct str path)
{
    if (++l->files > FILES_MAX || !stays_with_root(l, path))
        return;
    struct located file = locate_file(l->o->unit, l->o->stage, path);
    if (file.kind != LOCATED_CONTEXT || file.item != l->step->item || !file.mode ||
        (file.mode & 04))
        return;
    obstacle_review(l->o, "private-files", l->step->item,
                    str_fmt(l->o->unit->arena, "'%s' is not used when the container runs",
                            obstacle_text(l->o, path)),
                    "copies '%s', which only its owner may read (mode %03o)",
                    obstacle_text(l->o, source), file.mode);
}

static void check_folder(struct look *l, struct str source, struct str path, unsigned nesting)
{
    struct context *c = l->o->unit->context;
    const struct context_folder *folder = context_list(c, source);
    for (size_t i = 0; i < folder->n && l->files <= FILES_MAX && nesting < NESTING_MAX; i++) {
        struct str name =
            source.n ? str_fmt(c->arena, "%.*s/%.*s", STR_ARG(source), STR_ARG(folder->names[i]))
                     : folder->names[i];
        struct str to = stage_join(c->arena, path, folder->names[i]);
        enum ur_entry kind = context_look(c, name)->kind;
        if (kind == UR_ENTRY_FILE)
            check_file(l, name, to);
        else if (kind == UR_ENTRY_FOLDER)
            check_folder(l, name, to, nesting + 1);
    }
}

static void check_step(struct look *l)
{
    const struct stage_step *step = l->step;
    struct context *c = l->o->unit->context;
    for (size_t i = 0; i < step->sources.n; i++) {
        struct str source = context_clean(c->arena, step->sources.v[i]);
        enum ur_entry kind = context_look(c, source)->kind;
        if (kind == UR_ENTRY_FOLDER)
            check_folder(l, source, step->dest.path, 0);
        else if (kind == UR_ENTRY_FILE) {
            check_file(l, source, step->dest.path);
            check_file(l, source, stage_join(c->arena, step->dest.path, str_basename(source)));
        }
    }
}

void modes_context_survey(struct obstacles *o)
{
    struct str flag;
    struct look l = {.o = o};
    for (struct stage *s = o->stage; s && o->unit->context; s = s->parent)
        VEC_EACH (step, &s->steps) {
            bool copy = step->item->node.cmd == DF_COPY || step->item->node.cmd == DF_ADD;
            l.step = step;
            if (copy && step->from_context && step->dest.known && step->sources_known &&
                !step->item->node.heredocs.n && !df_flag_get(&step->item->node, "chmod", &flag))
                check_step(&l);
        }
}
