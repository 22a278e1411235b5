/*
 * What steps do to files that would keep another user out: modes, umask, downloads. Collects whom
 * the file gives files to on the way.
 */
#include "unit/account.h"
#include "unit/obstacle.h"
#include "unit/origin.h"
#include "unit/owned.h"
#include "unit/path.h"
#include "unit/tree.h"

/* Does the mode shut out everybody but the owner and the group? */
static bool shuts_out(struct str mode)
{
    uint64_t ignored;
    if (str_to_u64(mode, 99999, &ignored))
        return mode.n && (mode.p[mode.n - 1] == '0' || mode.n < 3);
    return str_has(mode, "go-rwx") || str_has(mode, "o-rwx") || str_has(mode, "go=") ||
           str_is(mode, "go-r") || str_is(mode, "o-r") || str_is(mode, "og-rwx");
}

static bool matters_at_run_time(struct str path)
{
    static const char *const dirs[] = {"/root",         "/tmp",           "/etc/ssh",
                                       "/var/run/sshd", "/etc/sudoers.d", "/etc/sudoers",
                                       "/var/tmp",      "/etc/cron.d",    "/var/run/postgresql",
                                       "/etc/shadow",   "/etc/crontab",   NULL};
    for (const char *const *d = dirs; *d; d++)
        if (path.n && stage_inside(path, str_of(*d)))
            return false;
    return true;
}

static void private_files(struct obstacles *o, const struct stage_step *step,
                          const struct run_effect *e)
{
    VEC_EACH (w, &e->operands)
        if (matters_at_run_time(w->value) && !str_has(w->value, ".ssh"))
            obstacle_review(o, "private-files", step->item,
                            str_fmt(o->unit->arena, "'%s' is not used when the container runs",
                                    obstacle_text(o, w->value)),
                            "lets only root read '%s'", obstacle_text(o, w->value));
}

/* $(id -u) and $(whoami) are root, who runs the step. */
static bool is_whoever_runs(struct str name)
{
    return str_starts(name, STR("$(id ")) || str_starts(name, STR("$(whoami")) ||
           str_starts(name, STR("`id ")) || str_starts(name, STR("`whoami"));
}

/* The author's own idea of who the files belong to; a name that can't be told is somebody, too. */
static void other_owner(struct obstacles *o, struct stage *s, const struct stage_step *step,
                        const struct run_effect *e)
{
    bool argument = false;
    struct str name = account_word(s, step, e, e->name, &argument);
    if (account_is_root(name) || is_whoever_runs(name))
        return;
    *vec_push(o->unit->arena, &o->owners) = (struct obstacle_owner){name, step->item};
}

/* umask 077, 027: nobody else may read what is made then. */
static bool masks_others(struct str text)
{
    uint64_t n;
    return str_to_u64(text, 7777, &n) && text.p[text.n - 1] >= '4';
}

static void private_umask(struct obstacles *o, const struct stage_step *step,
                          const struct run_effect *e)
{
    obstacle_review(o, "private-files", step->item,
                    STR("what this step makes is not used when the container runs"),
                    "makes files that nobody else may read (umask %s)", obstacle_text(o, e->text));
}

/* What the stages did to their files that this one copies from. */
static void survey_sources(struct obstacles *o)
{
    VEC_EACH (copy, &o->stage->steps) {
        for (struct stage *p = copy->from && !copy->has_chown ? copy->from : NULL; p;
             p = p->parent) {
            VEC_EACH (step, &p->steps) {
                const struct run_effects *run = stage_run(o->unit->graph, step);
                for (size_t i = 0; run && i < run->effects.n; i++) {
                    const struct run_effect *e = &run->effects.v[i];
                    if (e->kind == RUN_CHMOD && shuts_out(e->text))
                        private_files(o, step, e);
                    else if (e->kind == RUN_UMASK && masks_others(e->text))
                        private_umask(o, step, e);
                }
            }
        }
    }
}

/* COPY --chmod=600 into a place that stays root's. */
static void survey_copies(struct obstacles *o)
{
    struct str mode;
    VEC_EACH (step, &o->stage->steps) {
        if (!df_flag_get(&step->item->node, "chmod", &mode) || step->has_chown || !shuts_out(mode))
            continue;
        obstacle_review(
            o, "private-files", step->item,
            STR("the copied files are not used when the container runs, or are given to the user"),
            "copies files that only their owner may read (--chmod=%s)", obstacle_text(o, mode));
    }
}

/* Programs whose files only their maker may read. */
static void private_products(struct obstacles *o, const struct stage_step *step,
                             const struct run_effects *run)
{
    static const char *const keys[] = {"genrsa",  "genpkey", "pkcs12", "-keyout",
                                       "ecparam", "gendsa",  NULL};
    bool key = false, temporary = str_has(run->script.text, "mktemp"), moves = false;
    VEC_EACH (e, &run->effects) {
        for (const char *const *k = keys; *k && str_is(e->program, "openssl"); k++)
            key |= str_has(run->script.text, *k);
        key |= str_is(e->program, "ssh-keygen") || str_is(e->program, "certtool");
        moves |= str_is(e->program, "mv") || str_is(e->program, "cp");
        if (e->kind == RUN_CAPABILITY && str_is(e->program, "setcap"))
            obstacle_review(
                o, "needs-capability", step->item,
                STR("the program is not run with all capabilities dropped, or without new privileges"),
                "gives a program capabilities (setcap), which then does not start without them");
    }
    if (key || (temporary && moves))
        obstacle_review(o, "private-files", step->item,
                        STR("what this step makes is not used when the container runs"),
                        "makes %s that only root may read", key ? "a key" : "a temporary file");
}

/* /tmp made anew, or closed: everybody relies on being able to write there. */
static void temporary_folder(struct obstacles *o, const struct stage_step *step,
                             const struct run_effect *e)
{
    bool open = e->kind == RUN_CHMOD && (str_ends(e->text, STR("777")) || str_has(e->text, "w"));
    VEC_EACH (w, &e->operands)
        if ((e->kind == RUN_MKDIR || e->kind == RUN_CHMOD) && !open && str_is(w->value, "/tmp"))
            obstacle_review(o, "private-files", step->item, STR("it makes no files in /tmp"),
                            "makes or changes /tmp, so that only root may write there");
}

static void survey_steps(struct obstacles *o)
{
    for (struct stage *p = o->stage; p; p = p->parent) {
        VEC_EACH (step, &p->steps) {
            const struct run_effects *run = stage_run(o->unit->graph, step);
            if (!run)
                continue;
            private_products(o, step, run);
            VEC_EACH (e, &run->effects) {
                temporary_folder(o, step, e);
                if (e->kind == RUN_CHMOD && shuts_out(e->text))
                    private_files(o, step, e);
                else if (e->kind == RUN_CHOWN)
                    other_owner(o, p, step, e);
                else if (e->kind == RUN_UMASK && masks_others(e->text))
                    private_umask(o, step, e);
            }
        }
    }
}

/* Will copy-chown give the file to the user, or is it there for the build only? */
static bool is_taken_care_of(const struct obstacles *o, const struct stage *s,
                             const struct stage_step *step)
{
    if (!step->dest.known)
        return false;
    if (stage_inside(step->dest.path, STR("/tmp")))
        return true;
    return path_is_application(step->dest.path) && o->unit->settings->profile != PROFILE_STRICT &&
           (s == o->stage || tree_is_own_parent(s, o->stage));
}

/* ADD of a URL makes files of mode 0600. */
static void survey_downloads(struct obstacles *o)
{
    struct str value;
    for (struct stage *s = o->stage; s; s = s->parent)
        VEC_EACH (step, &s->steps)
            if (origin_is_download(step) && !df_flag_get(&step->item->node, "chmod", &value) &&
                !is_taken_care_of(o, s, step))
                obstacle_review(
                    o, "private-files", step->item,
                    STR("a later step makes the downloaded file readable, or nobody reads it when the "
                        "container runs"),
                    "makes a file that only root may read, by ADD of a URL");
}

void modes_survey(struct obstacles *o)
{
    survey_steps(o);
    survey_sources(o);
    survey_copies(o);
    survey_downloads(o);
}
