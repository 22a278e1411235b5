/*
 * --chown with a user that the image does not have: BuildKit takes it without a word and leaves the
 * files to root, the classic builder and buildah fail. Where the stage runs as a proven non-root
 * user, that is who the author meant.
 */
#include "base/utf8.h"
#include "pass/pass.h"
#include "unit/account.h"
#include "unit/suppress.h"

/* The user part, when it is a name that is certainly not there when this step runs. */
static bool is_missing(struct unit *u, struct stage *s, const struct stage_step *step,
                       struct str *name)
{
    if (step->chown.unknown || step->chown.error || !step->chown.text.n)
        return false;
    ptrdiff_t colon = str_chr(step->chown.text, ':');
    *name = colon < 0 ? step->chown.text : str_sub(step->chown.text, 0, (size_t)colon);
    return account_is_missing(u, s, step, *name);
}

static void look(struct unit *u, struct stage *s, struct stage_step *step, const struct plan *plan)
{
    struct str name;
    if (!step->has_chown || !is_missing(u, s, step, &name))
        return;
    bool fix = plan->shipped && plan->decided && plan->user.uid && plan->answer != UR_REFUSED &&
               (plan->answer != UR_REVIEW || plan->written);
    struct ur_finding *f =
        unit_find(u, UR_ERROR, step->item,
                  "no step in front of it makes the user '%s' of this --chown: BuildKit leaves the "
                  "files to root%s",
                  utf8_safe(u->arena, name, 60).p, fix ? "" : ", other builders fail");
    f->fixed = fix;
    if (fix)
        unit_flag_set(u, step->item, "chown",
                      str_fmt(u->arena, "%u:%u", plan->user.uid, plan->user.gid));
}

static void run(struct unit *u)
{
    unsigned line;
    if (suppress_has(u, &line))
        return;
    VEC_EACH (s, &u->graph->stages)
        VEC_EACH (step, &(*s)->steps)
            look(u, *s, step, &u->plans[(*s)->index]);
}

const struct pass pass_chown_unknown_user = {
    .id = "chown-unknown-user",
    .summary = "correct a --chown whose user does not exist",
    .why = "BuildKit looks the name up in the image's /etc/passwd and, when it is not there, says "
           "nothing and "
           "leaves the files to root; the classic builder and buildah stop with an error. A name "
           "that is "
           "misspelt, or that only a later RUN makes, is found when the program cannot write its "
           "files.",
    .refs = "named-identity-in-passwdless-stage",
    .phase = PASS_OWNERS,
    .run = run,
};
