/*
 * Files that RUN steps make belong to root. That is right for what is only read: packages, compiled
 * code. It breaks a program that wants to change them: a database that a migration step has made, the
 * logs and caches of a framework's build command, a whole tree that was cloned rather than copied.
 */
#include "unit/obstacle.h"
#include "unit/owned.h"

/* Commands that run the project's own code and leave state behind. */
static bool leaves_state(struct str text)
{
    static const char *const marks[] = {
        "manage.py migrate", "manage.py syncdb", "manage.py loaddata", "manage.py createsuperuser",
        "manage.py makemigrations", "manage.py createcachetable", "flask db", "flask init", "alembic upgrade",
        "artisan ", "rake ", "rails ", "bin/setup", "db:migrate", "db:create", "db:setup", "db:seed",
        "sqlite3 ", "init_db", "initdb", "init-db", "create_db", "createdb", "prisma migrate", "prisma db",
        "sequelize", "typeorm ", "knex migrate", "ecto.", "console cache:", "bin/console", NULL};
    for (const char *const *m = marks; *m; m++)
        if (str_has(text, *m))
            return true;
    return false;
}

/* Does the step fetch a tree that lies where the program works? */
static bool fetches_tree(const struct run_effects *run)
{
    bool fetch = false;
    VEC_EACH(e, &run->effects)
        fetch |= (str_is(e->program, "git") && str_has(run->script.text, "clone")) ||
                 str_is(e->program, "svn") || str_is(e->program, "hg") || str_is(e->program, "tar") ||
                 str_is(e->program, "unzip") || str_is(e->program, "bsdtar");
    return fetch;
}

/* Does any COPY bring code to where the program works? */
static bool code_is_copied(const struct stage *s)
{
    for (const struct stage *p = s; p; p = p->parent)
        VEC_EACH(step, &p->steps)
            if ((step->item->node.cmd == DF_COPY || step->item->node.cmd == DF_ADD) && step->dest.known &&
                (owned_is_app_path(step->dest.path) || (s->workdir.known && stage_inside(step->dest.path, s->workdir.path))))
                return true;
    return false;
}

static bool has_own_process(const struct stage *s)
{
    return (s->entrypoint.set && s->entrypoint.item) || (s->cmd.set && s->cmd.item);
}

void made_survey(struct obstacles *o)
{
    bool copied = code_is_copied(o->stage);
    if (!has_own_process(o->stage))
        return;
    for (struct stage *p = o->stage; p; p = p->parent) {
        VEC_EACH(step, &p->steps) {
            const struct run_effects *run = stage_run(o->unit->graph, step);
            if (!run)
                continue;
            if (leaves_state(run->script.text))
                obstacle_review(o, "files-made-by-run", step->item,
                                STR("the program does not change files that RUN steps have made as root"),
                                "runs its own code in a RUN step, which leaves files of root behind");
            else if (!copied && fetches_tree(run))
                obstacle_review(o, "files-made-by-run", step->item,
                                STR("the program does not change files that RUN steps have made as root"),
                                "fetches its code in a RUN step, so that all of it belongs to root");
        }
    }
}
