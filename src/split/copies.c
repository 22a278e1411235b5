/*
 * COPY and ADD of the author's stage: what they put there is copied on to the last stage, from
 * where it came to lie. A file by its path; a folder as a whole, if it is the application's own.
 */
#include "split/copies.h"

#include "split/pick.h"
#include "split/shape.h"
#include "split/steps.h"
#include "unit/locate.h"
#include "unit/origin.h"
#include "unit/path.h"

bool copies_is(const struct stage_step *step)
{
    return step->item->node.cmd == DF_COPY || step->item->node.cmd == DF_ADD;
}

/* Does --build-arg decide where something goes? */
static bool hangs_on_argument(struct stage *s, const struct stage_step *step)
{
    const struct df_node *node = &step->item->node;
    VEC_EACH (arg, &node->args)
        if (str_chr(*arg, '$') >= 0 && stage_expand(s, step, *arg).argument)
            return true;
    return false;
}

static void not_known(struct split *sp, const struct stage_step *step)
{
    split_refuse(sp, "path-not-known", step->item,
                 "puts files where it is only known when it is built");
}

enum source_kind { SOURCE_FILE, SOURCE_FOLDER, SOURCE_UNKNOWN };

static enum source_kind kind_of(struct split *sp, const struct stage_step *step, struct str source)
{
    struct str clean = context_clean(sp->u->arena, source), name = str_basename(source);
    if (origin_is_url(source) || str_starts(source, STR("<<")) || str_chr(source, '*') >= 0 ||
        str_chr(source, '?') >= 0 || str_chr(source, '[') >= 0)
        return SOURCE_UNKNOWN;
    if (step->from_context && sp->u->context) {
        enum ur_entry kind = context_look(sp->u->context, clean)->kind;
        return kind == UR_ENTRY_FILE     ? SOURCE_FILE
               : kind == UR_ENTRY_FOLDER ? SOURCE_FOLDER
                                         : SOURCE_UNKNOWN;
    }
    if (str_is(name, ".") || str_is(name, "..") || str_ends(source, STR("/")) || !name.n)
        return SOURCE_FOLDER;
    return SOURCE_UNKNOWN;
}

/* The folder as a whole, if it is the application's own; else it holds what is the system's, too.
 */
static void copy_folder(struct split *sp, const struct stage_step *step, struct str path)
{
    if (path_is_application(path))
        split_copy(sp, path, false);
    else
        split_refuse(sp, "files-not-seen", step->item,
                     "puts files into '%s', among those of the system, and it is not known which",
                     split_text(sp, path));
}

static void copy_source(struct split *sp, const struct stage_step *step, struct str source)
{
    struct str dest = step->dest.path;
    enum source_kind kind = kind_of(sp, step, source);
    bool archive = step->item->node.cmd == DF_ADD && !origin_is_url(source);
    bool into = step->dest_is_dir || str_eq(dest, step->workdir.path);
    if (archive && kind != SOURCE_FOLDER) {
        copy_folder(sp, step, dest);
    } else if (into && kind == SOURCE_FILE) {
        struct str path = stage_join(sp->u->arena, dest, str_basename(source));
        if (!steps_is_settled(sp, path))
            split_copy(sp, path, false);
    } else if (!into && kind != SOURCE_FOLDER && step->sources.n == 1) {
        split_copy(sp, dest, false); /* a file or a folder: it keeps its name */
    } else {
        copy_folder(sp, step, dest);
    }
}

/* COPY rootfs/ /, COPY --from=build /lib /lib: among the files of the system, and it is not seen
 * which. In the new image they would meet others. */
static bool is_overlay(struct split *sp, const struct stage_step *step, struct str source)
{
    static const char *const dirs[] = {
        "/",    "/lib",           "/lib64",   "/usr",       "/usr/lib",
        "/bin", "/usr/local/lib", "/usr/bin", "/sbin",      "/usr/sbin",
        "/etc", "/usr/local",     "/var",     "/usr/lib64", NULL};
    bool system = false, folder = false;
    struct str name = str_basename(source);
    for (const char *const *d = dirs; *d; d++) {
        system |= str_is(step->dest.path, *d);
        folder |= str_is(stage_join(sp->u->arena, STR("/"), source), *d);
    }
    if (!system || str_starts(source, STR("<<")))
        return false;
    if (step->item->node.cmd == DF_ADD && (locate_is_archive(source) || origin_is_url(source)))
        return true;
    enum source_kind kind = kind_of(sp, step, source);
    bool like_file = str_chr(name, '.') > 0;
    VEC_EACH (c, &sp->copies) /* the program, by its name */
        like_file |= str_eq(str_basename(c->dest), name);
    return kind == SOURCE_FOLDER || folder || (kind == SOURCE_UNKNOWN && !like_file);
}

void copies_overlay(struct split *sp, const struct stage_step *step)
{
    if (!step->dest.known || !step->sources_known)
        not_known(sp, step);
    for (size_t i = 0; i < step->sources.n; i++)
        if (step->dest.known && is_overlay(sp, step, step->sources.v[i])) {
            split_refuse(sp, "files-not-seen", step->item,
                         "copies '%s' over the files of the system",
                         split_text(sp, step->sources.v[i]));
            return;
        }
}

/* What is copied to /tmp and the like is there for a later step that names it; else it is there to
 * run. */
static bool is_for_steps(struct split *sp, struct stage *s, const struct stage_step *step)
{
    struct str dest = step->dest.path;
    if (!steps_is_scratch(dest) || split_covers(sp, dest))
        return true;
    bool named = unit_run_says(sp->u, s, str_is(dest, "/root") ? STR("~") : dest);
    for (size_t i = 0; i < sp->words.n; i++)
        named &= !stage_inside(split_path(sp, sp->words.v[i]), dest);
    return named;
}

void copies_judge(struct split *sp, struct stage *s, const struct stage_step *step)
{
    if (!step->dest.known || !step->sources_known || hangs_on_argument(s, step)) {
        not_known(sp, step);
        return;
    }
    if ((steps_is_settled(sp, step->dest.path) && is_for_steps(sp, s, step)) ||
        (sp->picks && pick_data(sp, step)) ||
        (sp->shape->sees_to && sp->shape->sees_to(sp, s, step)))
        return;
    for (size_t i = 0; i < step->sources.n; i++)
        copy_source(sp, step, step->sources.v[i]);
}
