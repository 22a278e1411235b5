/*
 * Files that RUN steps make belong to root. That is right for what is only read: packages, compiled
 * code. It breaks a program that wants to change them: a database that a migration step has made,
 * the logs and caches of a framework's build command, a tree that was cloned rather than copied.
 *
 * A second question is whose the files are while these steps run: git, asked as root about a tree
 * of another user, says "dubious ownership" and fails, and with it builds that stamp a version; npm
 * runs scripts as the owner of their folder (npm.c).
 */
#include "unit/tree.h"

#include "unit/locate.h"
#include "unit/npm.h"
#include "unit/owned.h"
#include "unit/path.h"

static bool in_list(struct str s, const char *const *list)
{
    for (; *list; list++)
        if (str_is(s, *list))
            return true;
    return false;
}

static bool has_any(struct str text, const char *const *marks)
{
    for (; *marks; marks++)
        if (str_has(text, *marks))
            return true;
    return false;
}

/* ---- git ------------------------------------------------------------------------------------ */

/* Is git likely to be in the image when this stage builds? Full language images have it. */
static bool has_git(struct unit *u, struct stage *s)
{
    static const char *const bare[] = {"debian",      "ubuntu", "alpine",          "busybox",
                                       "centos",      "fedora", "rockylinux",      "almalinux",
                                       "amazonlinux", "php",    "eclipse-temurin", "amazoncorretto",
                                       "nginx",       "httpd",  "composer",        NULL};
    const struct stage *root = stage_root(s);
    const struct facts *f = unit_facts(u, s);
    for (struct stage *p = s; p; p = p->parent)
        VEC_EACH (step, &p->steps) {
            const struct run_effects *run = stage_run(u->graph, step);
            for (size_t i = 0; run && i < run->effects.n; i++)
                VEC_EACH (w, &run->effects.v[i].operands)
                    if (run->effects.v[i].kind == RUN_PACKAGES && str_starts(w->value, STR("git")))
                        return true;
        }
    if (!f)
        return true;
    return f->family != FACTS_ALPINE && f->family != FACTS_BUSYBOX &&
           !str_has(root->image.tag, "slim") && !in_list(root->image.repository, bare) &&
           !str_starts(root->image.repository, STR("mcr."));
}

static struct str word_at(const struct run_effects *run, const struct run_effect *e, size_t i)
{
    const struct shell_command *c = &run->script.commands.v[e->command];
    return i < c->words.n ? c->words.v[i].value : STR("");
}

/* pip install . builds the project itself, and asks for its version. */
static bool builds_project(const struct run_effects *run, const struct run_effect *e)
{
    const struct shell_command *c = &run->script.commands.v[e->command];
    VEC_EACH (w, &c->words)
        if (str_starts(w->value, STR(".")) || str_is(w->value, "-e") ||
            str_is(w->value, "--editable"))
            return true;
    return false;
}

/* Programs that never ask git about the tree that they work in; those that install do so only with
 * these first words. */
/* clang-format off */
static const char *const innocent_tools[] = {
    "mkdir", "rm", "cp", "mv", "ln", "chmod", "chown", "chgrp", "touch", "echo", "printf",
    "cat", "ls", "test", "[", "true", "false", "sed", "awk", "grep", "find", "sort", "head",
    "tail", "cut", "tr", "tee", "tar", "unzip", "gzip", "gunzip", "curl", "wget", "install",
    "update-ca-certificates", "ldconfig", "locale-gen", "export", "set", "sleep", "date",
    "which", "id", "apt-key", "add-apt-repository", "gpg", "docker-php-ext-install",
    "docker-php-ext-enable", "docker-php-ext-configure", "docker-php-source", "pecl",
    "a2enmod", "a2ensite", "mvn", "mvnw", "gradle", "gradlew", "dotnet", "apt-cache",
    "pwd", "apt-mark", "dpkg-reconfigure", "update-alternatives", "java", "javac", "jar",
    "", NULL
};
static const char *const installers[] = {
    "npm", "yarn", "pnpm", "bundle", "composer", "bower", "bun", "poetry", "pipenv", "deno",
    "gem", NULL
};
static const char *const plain_installs[] = {
    "ci", "install", "i", "cache", "config", "set", "prune", "check", "clean", "dump-autoload",
    "dumpautoload", "fetch", "add", "", NULL
};
/* clang-format on */

static bool is_innocent(const struct run_effects *run, const struct run_effect *e)
{
    struct str first = word_at(run, e, 1);
    if (e->kind != RUN_OTHER || in_list(e->program, innocent_tools))
        return true;
    if (in_list(e->program, installers))
        return in_list(first, plain_installs) || str_starts(first, STR("-"));
    if (str_starts(e->program, STR("pip")))
        return !builds_project(run, e);
    if (str_starts(e->program, STR("python")))
        return str_is(first, "-m") && str_starts(word_at(run, e, 2), STR("pip")) &&
               !builds_project(run, e);
    return false;
}

static bool may_ask_git(const struct run_effects *run)
{
    if (!run->complete)
        return true;
    VEC_EACH (e, &run->effects)
        if (!is_innocent(run, e))
            return true;
    return false;
}

/* Could the sources be a whole tree, .git and all? */
static bool copies_tree(const struct stage_step *step)
{
    VEC_EACH (src, &step->sources) {
        struct str name = str_basename(*src);
        if (str_is(*src, ".") || str_is(*src, "./") || str_is(*src, "/") || !name.n ||
            str_is(name, ".git") || str_chr(name, '.') < 0)
            return true;
    }
    return false;
}

/* The last step of the stage that may ask git; NULL when there is none. */
static const struct stage_step *last_git(struct unit *u, struct stage *s)
{
    struct plan *plan = &u->plans[s->index];
    if (plan->git_looked)
        return plan->last_git;
    plan->git_looked = true;
    if (!has_git(u, s))
        return NULL;
    VEC_EACH (step, &s->steps) {
        const struct run_effects *run = stage_run(u->graph, step);
        if (run && may_ask_git(run))
            plan->last_git = step;
    }
    return plan->last_git;
}

/* Does a stage that builds on this one ask git? */
static bool git_follows(struct unit *u, struct stage *s)
{
    VEC_EACH (it, &s->graph->stages)
        for (const struct stage *p = (*it)->parent; p; p = p->parent)
            if (p == s && last_git(u, *it))
                return true;
    return false;
}

enum tree_stay tree_stays_with_root(struct unit *u, struct stage *s, const struct stage_step *copy)
{
    bool folders = copies_tree(copy);
    const struct stage_step *last = copy->from_context && folders ? last_git(u, s) : NULL;
    if ((last && copy < last) || (copy->from_context && folders && git_follows(u, s)))
        return TREE_FOR_GIT;
    return npm_follows(u, s, copy, folders) ? TREE_FOR_NPM : TREE_GIVEN;
}

/* ---- what RUN steps leave behind ------------------------------------------------------------ */

bool tree_is_archive(const struct stage_step *step)
{
    if (step->item->node.cmd != DF_ADD)
        return false;
    VEC_EACH (src, &step->sources)
        if (locate_is_archive(*src) && !str_has(*src, "://"))
            return true;
    return false;
}

/* Commands that run the project's own code and leave state behind. */
static bool leaves_state(struct str text)
{
    static const char *const marks[] = {"manage.py migrate",
                                        "manage.py syncdb",
                                        "manage.py loaddata",
                                        "manage.py createsuperuser",
                                        "manage.py createcachetable",
                                        "flask db",
                                        "flask init",
                                        "alembic upgrade",
                                        "artisan ",
                                        "rake ",
                                        "rails ",
                                        "bin/setup",
                                        "db:migrate",
                                        "db:create",
                                        "db:setup",
                                        "db:seed",
                                        "sqlite3 ",
                                        "init_db",
                                        "initdb",
                                        "init-db",
                                        "create_db",
                                        "createdb",
                                        "prisma migrate",
                                        "prisma db",
                                        "sequelize",
                                        "typeorm ",
                                        "knex migrate",
                                        "ecto.",
                                        "console cache:",
                                        "bin/console",
                                        NULL};
    return has_any(text, marks);
}

/* An interpreter with a script of the project, other than what is known to make nothing to change.
 */
static bool runs_own_script(const struct run_effects *run, const struct run_effect *e)
{
    static const char *const interpreters[] = {"python", "python2", "python3", "node",
                                               "ruby",   "php",     "perl",    NULL};
    static const char *const harmless[] = {
        "setup.py", "collectstatic", "compilemessages", "get-pip.py", "composer-setup.php",
        "webpack",  "gulp",          "grunt",           "tsc",        NULL};
    static const char *const ends[] = {".py", ".js", ".rb", ".php", ".pl", NULL};
    const struct shell_command *c = &run->script.commands.v[e->command];
    if (!in_list(e->program, interpreters) || has_any(run->script.text, harmless))
        return false;
    VEC_EACH (w, &c->words)
        for (const char *const *end = ends; *end; end++)
            if (str_ends(w->value, str_of(*end)) && !str_starts(w->value, STR("/tmp")))
                return true;
    return false;
}

/* Does the step fetch a tree? */
static bool fetches_tree(const struct run_effects *run, const struct run_effect *e)
{
    static const char *const tools[] = {"svn", "hg", "tar", "unzip", "bsdtar", NULL};
    return in_list(e->program, tools) ||
           (str_is(e->program, "git") && str_has(run->script.text, "clone"));
}

/* Does any COPY bring code to where the program works? */
static bool code_is_copied(const struct stage *s)
{
    for (const struct stage *p = s; p; p = p->parent)
        VEC_EACH (step, &p->steps)
            if ((step->item->node.cmd == DF_COPY || step->item->node.cmd == DF_ADD) &&
                step->dest.known &&
                (path_is_application(step->dest.path) ||
                 (s->workdir.known && !str_is(s->workdir.path, "/") &&
                  stage_inside(step->dest.path, s->workdir.path))))
                return true;
    return false;
}

/* The path in -C PATH, -d PATH, at this word or the next. */
static struct str target_at(const struct shell_command *c, size_t i)
{
    struct str w = c->words.v[i].value;
    if (str_starts(w, STR("--directory=")))
        return str_from(w, strlen("--directory="));
    if (str_starts(w, STR("-C")) && w.n > 2)
        return str_from(w, 2);
    return i + 1 < c->words.n ? c->words.v[i + 1].value : STR("");
}

/* Unpacks an archive where the program works: no -C and -d to elsewhere, no cd. */
static bool unpacks_here(const struct stage *s, const struct run_effects *run,
                         const struct run_effect *e)
{
    static const char *const tools[] = {"tar",    "unzip", "7z",      "7za", "bsdtar",
                                        "gunzip", "unxz",  "bunzip2", NULL};
    const struct shell_command *c = &run->script.commands.v[e->command];
    if (!in_list(e->program, tools) || str_has(run->script.text, "cd "))
        return false;
    for (size_t i = 0; i < c->words.n; i++) {
        struct str w = c->words.v[i].value;
        if (str_starts(w, STR("-C")) || str_is(w, "-d") || str_starts(w, STR("--directory"))) {
            if (!stage_inside(target_at(c, i), s->workdir.path))
                return false;
        } else if (str_is(w, "c") || str_starts(w, STR("-c")) || str_starts(w, STR("/tmp"))) {
            return false;
        }
    }
    return true;
}

static const char *what_it_leaves(const struct stage *s, const struct run_effects *run, bool copied,
                                  bool in_place)
{
    if (leaves_state(run->script.text))
        return "runs the project's own code, which leaves files of root behind";
    VEC_EACH (e, &run->effects) {
        if (copied && runs_own_script(run, e))
            return "runs a script of the project, which may leave files of root behind";
        if (copied && in_place && unpacks_here(s, run, e))
            return "unpacks an archive as root";
        if (!copied && fetches_tree(run, e))
            return "fetches the code in a RUN step, so that all of it belongs to root";
    }
    return NULL;
}

static bool works_in_place(const struct stage *s, const struct stage_step *step)
{
    return s->workdir.known && step->workdir.known && !str_is(s->workdir.path, "/") &&
           stage_inside(step->workdir.path, s->workdir.path);
}

/* Compiled code does not change its own sources; but where it works it may well write to a folder
 * or a file that came with them. */
static bool meets_workdir(const struct stage *s, struct str path)
{
    const struct stage_path *workdir = &s->workdir;
    return workdir->known && path_is_workdir(workdir->path) &&
           (stage_inside(path, workdir->path) || stage_inside(workdir->path, path));
}

/* Is the parent there for this stage alone? Then what it copies can be given away where it is
 * copied. */
static bool is_only_child(const struct stage_graph *g, const struct stage *parent,
                          const struct stage *child)
{
    VEC_EACH (s, &g->stages)
        if ((*s)->parent == parent && *s != child)
            return false;
    return true;
}

bool tree_is_own_parent(const struct stage *parent, const struct stage *s)
{
    for (; s && s->parent; s = s->parent) {
        if (!is_only_child(s->graph, s->parent, s))
            return false;
        if (s->parent == parent)
            return true;
    }
    return false;
}

static const char *why_it_stays(enum tree_stay stay)
{
    switch (stay) {
    case TREE_FOR_GIT:
        return "brings a tree that later steps may ask git about, so that it stays root's until "
               "they are done";
    case TREE_FOR_NPM:
        return "makes a folder whose scripts npm 7 and 8 run as its owner, so that it stays root's "
               "until they are done";
    case TREE_GIVEN:
        break;
    }
    return NULL;
}

const struct stage_step *tree_made_by_root(struct unit *u, struct stage *s, enum tree_use use,
                                           const char **why)
{
    bool copied = code_is_copied(s), compiled = use != TREE_CHANGED;
    for (struct stage *p = s; p; p = p->parent) {
        VEC_EACH (step, &p->steps) {
            const struct run_effects *run = stage_run(u->graph, step);
            *why =
                run && !compiled ? what_it_leaves(s, run, copied, works_in_place(s, step)) : NULL;
            if (!*why && tree_is_archive(step) && step->dest.known &&
                path_is_application(step->dest.path))
                *why = "unpacks an archive, whose files keep the owners that they have in it";
            bool tree = step->item->node.cmd == DF_COPY || step->item->node.cmd == DF_ADD;
            if (!*why && p != s && tree && !compiled && !tree_is_own_parent(p, s) &&
                !step->has_chown && step->dest.known && path_is_application(step->dest.path))
                *why = "copies files in a stage that this one builds on, where they belong to root";
            if (!*why && tree && step->dest.known && path_is_application(step->dest.path) &&
                (!compiled || (use == TREE_COMPILED && meets_workdir(s, step->dest.path))))
                *why = why_it_stays(tree_stays_with_root(u, p, step));
            if (*why)
                return step;
        }
    }
    return NULL;
}
