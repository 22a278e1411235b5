/*
 * RUN steps of a stage that only collects files, and whether they can be left out when its base
 * image is another one: what they install is there already or not needed, and the directories that
 * they make are made otherwise.
 */
#include "split/steps.h"
#include "unit/operand.h"

/* chmod +x of what a compiler has made, which is that already. */
static bool is_own_program(const struct split *sp, struct stage *s, const struct stage_step *step,
                           const struct run_effect *e)
{
    struct str path, program = split_path(sp, sp->words.v[0]);
    if (e->recursive || !sp->compiled)
        return false;
    VEC_EACH (w, &e->operands)
        if (!operand_path(s, step, w, &path) ||
            !str_eq(stage_join(sp->u->arena, step->workdir.path, path), program))
            return false;
    return step->workdir.known;
}

static bool leaves_nothing(struct split *sp, struct stage *s, const struct stage_step *step,
                           const struct run_effect *e)
{
    static const char *const quiet[] = {"apt-get", "apt",  "apk",  "yum", "dnf", "microdnf",
                                        "set",     "echo", "true", "ls",  NULL};
    switch (e->kind) {
    case RUN_PACKAGES:
    case RUN_USER_ADD:
    case RUN_GROUP_ADD:
    case RUN_GROUP_JOIN:
    case RUN_MKDIR:
    case RUN_CHOWN:
    case RUN_REMOVE:
        return !str_is(e->program, "mv");
    case RUN_CHMOD:
        return is_own_program(sp, s, step, e);
    case RUN_OTHER:
        for (const char *const *q = quiet; *q; q++)
            if (str_is(e->program, *q))
                return true;
        return str_is(e->program, "update-ca-certificates") && !steps_brings_certificates(sp);
    case RUN_LINK:
    case RUN_WRITE:
        VEC_EACH (w, &e->operands)
            if (!steps_is_time_zone(sp, w->value) && !str_starts(w->value, STR("/dev/null")) &&
                !str_starts(w->value, STR("/usr/share/zoneinfo")))
                return false;
        return true;
    default:
        return false;
    }
}

bool steps_can_go(struct split *sp, struct stage *s, struct stage_step *step)
{
    const struct run_effects *run = stage_run(sp->u->graph, step);
    if (!run || !run->complete)
        return false;
    VEC_EACH (e, &run->effects)
        if (!leaves_nothing(sp, s, step, e))
            return false;
    return true;
}
