/*
 * Runs every shipped stage as a numeric non-root user, or says why not.
 *
 * The switch is written as late as possible, behind the last step that needs root or makes files,
 * so that building stays what it was. One RUN step in front of it makes the account where none is
 * there, and gives the user the directories that it must be able to write to.
 */
#include "base/buf.h"
#include "base/utf8.h"
#include "pass/pass.h"
#include "unit/bare.h"
#include "unit/caches.h"
#include "unit/children.h"
#include "unit/choose.h"
#include "unit/needs.h"
#include "unit/owned.h"
#include "unit/path.h"
#include "unit/place.h"
#include "unit/port.h"
#include "unit/ship.h"
#include "unit/suppress.h"
#include "unit/swap.h"
#include "unit/tree.h"
#include "unit/webconf.h"

struct job {
    struct unit *u;
    struct stage *s;
    struct plan *plan;
    struct accounts accounts;
    struct obstacles obstacles;
    struct choice choice;
    struct owned owned;
    struct bare bare;
    struct strs framework;             /* what the frameworks found write to */
    const struct df_item *given_whole; /* the step because of which the whole tree is given away */
    const char *given_why;
};

static void answer(struct job *j, enum ur_answer what, const char *reason)
{
    j->plan->answer = what;
    j->plan->reason = reason;
    j->plan->decided = true;
}

/* ---- what ----------------------------------------------------------------------------------- */

static void push(struct job *j, struct strs *list, struct str s)
{
    *vec_push(j->u->arena, list) = s;
}

static struct str run_step(struct job *j, const struct strs *commands)
{
    return str_cat(j->u->arena, STR("RUN "), unit_join_commands(j->u, commands));
}

static const struct stage_step *step_of(const struct stage *s, const struct df_item *item)
{
    VEC_EACH (step, &s->steps)
        if (step->item == item)
            return step;
    return NULL;
}

/* Volumes that cannot be made ready before their VOLUME line are made ready with the rest. */
static void place_volumes(struct job *j)
{
    VEC_EACH (d, &j->owned.dirs) {
        const struct stage_step *step = d->before ? step_of(j->s, d->before) : NULL;
        if (!step || !account_is_root(step->user))
            d->before = NULL;
    }
}

static void write_volume_steps(struct job *j)
{
    VEC_EACH (d, &j->owned.dirs) {
        struct strs commands = {0};
        bool first = d->before != NULL;
        for (struct owned_dir *e = j->owned.dirs.v; first && e < d; e++)
            first = e->before != d->before;
        if (!first)
            continue;
        owned_commands(j->u, &j->owned, &j->choice.user, d->before, &commands);
        unit_insert_before(j->u, d->before,
                           unit_comment(j->u, STR(""), "the volume belongs to the user that runs"),
                           run_step(j, &commands));
    }
}

static void write_switch(struct job *j)
{
    struct unit *u = j->u;
    const struct identity *id = &j->choice.user;
    if (port_moves(j->plan->ports))
        port_write_front(u, j->s, j->plan->ports, true);
    struct place place = place_find(j->s);
    struct str user = unit_identity(j->u, &j->choice.user);
    struct strs commands = {0};
    if (j->choice.how == CHOICE_PIN)
        choose_pin(u, &j->choice);
    write_volume_steps(j);
    if (j->choice.can_run) {
        choose_commands(u, &j->choice, &commands);
        owned_commands(u, &j->owned, &j->choice.user, NULL, &commands);
    }
    bare_write(u, j->s, &j->bare, user);
    const struct stage_step *line = place.change ? step_of(j->s, place.change) : NULL;
    if (commands.n && line && !account_is_root(line->user))
        place.change = NULL; /* in front of that USER line the step would not run as root */
    if (commands.n)
        place_insert(u, &place,
                     unit_comment(u, STR(""), "the user, and what it must be able to write"),
                     run_step(j, &commands));
    place_user(u, &place, unit_comment(u, id->name, "do not run as root"), user);
    children_stay_root(&j->obstacles);
    VEC_EACH (cut, &j->obstacles.cuts)
        unit_file_edit(u, cut->path, cut->span, STR(""));
    j->plan->written = true;
}

/* ---- whether -------------------------------------------------------------------------------- */

static const char *user_text(struct job *j)
{
    if (!j->s->user_known)
        return "a user that is not known";
    return j->s->user.n ? utf8_safe(j->u->arena, j->s->user, 60).p : "root";
}

static struct str all_assumptions(struct job *j)
{
    struct buf b = buf_in(j->u->arena);
    VEC_EACH (o, &j->obstacles.v)
        if (!o->refuse && o->assumption)
            buf_addf(&b, "%s%s", b.n ? "; " : "", o->assumption);
    return buf_str(&b);
}

static void refuse(struct job *j, const struct obstacle *why)
{
    answer(j, UR_REFUSED, why->reason);
    VEC_EACH (o, &j->obstacles.v) {
        if (!o->refuse)
            continue;
        bool root = j->s->user_known && !str_is(str_of(o->reason), "windows");
        struct ur_finding *f =
            unit_find(j->u, UR_WARNING, o->at ? o->at : j->s->from, "%s: %s",
                      root ? "runs as root and is left alone" : "is left alone", o->message);
        f->reason = o->reason;
    }
}

static const char *how_text(struct job *j)
{
    const struct identity *id = &j->choice.user;
    struct arena *a = j->u->arena;
    if (j->plan->swap)
        return str_fmt(a, "as the user of %.*s", STR_ARG(j->plan->swap->image)).p;
    switch (j->choice.how) {
    case CHOICE_REUSE:
        return str_fmt(a, "as its user '%.*s'", STR_ARG(id->name)).p;
    case CHOICE_PIN:
        return str_fmt(a, "as the user '%.*s' that it makes, with its number written down there",
                       STR_ARG(id->name))
            .p;
    case CHOICE_CREATE:
        return str_fmt(a, "as a new user '%.*s'", STR_ARG(id->name)).p;
    case CHOICE_NUMBER:
        break;
    }
    return "by number, without an account";
}

static bool is_pushed(const struct strs *list, struct str s)
{
    for (size_t i = 0; i < list->n; i++)
        if (str_eq(list->v[i], s))
            return true;
    return false;
}

static void harden(struct job *j)
{
    const struct obstacle *why = obstacle_deciding(&j->obstacles);
    if (why && why->refuse) {
        refuse(j, why);
        return;
    }
    bool write = (!why || j->u->settings->unsafe_fixes) && !j->u->silent;
    answer(j, why ? UR_REVIEW : UR_SAFE, why ? why->reason : NULL);
    j->plan->user = j->choice.user;
    j->plan->user_after =
        j->plan->swap ? j->plan->swap->user : unit_identity(j->u, &j->choice.user);
    VEC_EACH (d, &j->owned.dirs) {
        push(j, &j->plan->writable, d->path);
        if (!j->plan->swap && owned_is_given_whole(d))
            push(j, &j->plan->given_whole, d->path);
    }
    for (size_t i = 0; i < j->framework.n; i++)
        if (!is_pushed(&j->plan->writable, j->framework.v[i]))
            push(j, &j->plan->writable, j->framework.v[i]);
    VEC_EACH (dir, &j->bare.dirs)
        push(j, &j->plan->writable, *dir);
    struct ur_finding *f =
        unit_find(j->u, why ? UR_WARNING : UR_ERROR, why && why->at ? why->at : j->s->from,
                  "runs as %s; can run as %.*s, %s%s%s", user_text(j), STR_ARG(j->plan->user_after),
                  how_text(j), why ? ", but it " : "", why ? why->message : "");
    if (why) {
        f->reason = why->reason;
        f->assumption = all_assumptions(j).p;
    }
    f->fixed = write;
    needs_migration(&j->obstacles, unit_identity(j->u, &j->choice.user), j->choice.user.gid);
    if (j->given_whole)
        unit_find(j->u, UR_NOTE, j->given_whole,
                  "%s; the finished tree is given to the user, which stores it a second time",
                  j->given_why);
    if (write && j->plan->swap)
        j->plan->written = true; /* by unprivileged-base */
    else if (write)
        write_switch(j);
}

static enum tree_use tree_use(const struct obstacles *o)
{
    return o->stateless ? TREE_READ : o->compiled ? TREE_COMPILED : TREE_CHANGED;
}

/* Files that RUN steps make as root: the finished tree is given away in one go, where it can be
 * told which that is. */
static void check_tree(struct job *j)
{
    const char *why;
    const struct stage_step *step = tree_made_by_root(j->u, j->s, tree_use(&j->obstacles), &why);
    struct str dir = j->s->workdir.path;
    if (!step)
        return;
    if (tree_is_archive(step))
        dir = step->dest.path;
    bool elsewhere = step->item->node.cmd == DF_RUN && dir.n &&
                     !(step->workdir.known && stage_inside(step->workdir.path, dir)) &&
                     !(step->run && str_find(step->run->script.text, dir) >= 0);
    if (!elsewhere && j->choice.can_run && j->s->workdir.known && path_is_workdir(dir) &&
        j->u->settings->profile != PROFILE_STRICT) {
        owned_whole(j->u, &j->owned, dir);
        if (needs_link(&j->obstacles, dir)) /* without the slash, chown -R stops at the link */
            VEC_EACH (d, &j->owned.dirs)
                if (str_eq(d->path, dir))
                    d->path = str_cat(j->u->arena, dir, STR("/"));
        j->given_whole = step->item;
        j->given_why = why;
        return;
    }
    obstacle_review(&j->obstacles, "files-made-by-run", step->item,
                    STR("the program does not change files that RUN steps have made as root"), "%s",
                    why);
}

/* Without a shell nothing can be given to anybody. */
static void check_means(struct job *j)
{
    if (j->owned.too_many)
        obstacle_refuse(&j->obstacles, "too-large", NULL, "makes more than %d directories",
                        OWNED_MAX);
    if (j->choice.can_run)
        return;
    bare_take(j->u, j->s, &j->choice.user, &j->owned, &j->bare);
    VEC_EACH (d, &j->owned.dirs) {
        if (d->before)
            obstacle_refuse(&j->obstacles, "data-volume", d->before,
                            "has a volume, and no shell to give it to the user with");
        else if (!d->file)
            obstacle_review(&j->obstacles, "shell-needed", NULL,
                            str_fmt(j->u->arena, "it makes no files in '%.*s'", STR_ARG(d->path)),
                            "works in '%s', and has no POSIX shell to give that to the user with",
                            obstacle_text(&j->obstacles, d->path));
    }
    j->owned.dirs.n = 0;
}

/* An image that is made for another user than root, where it does for the stage. */
static void check_swap(struct job *j)
{
    struct owned owned = j->owned;
    if (!j->plan->ports || !settings_selected(j->u->settings, "unprivileged-base"))
        return;
    struct swap *swap = swap_find(j->u, j->s, &j->obstacles, j->plan->ports);
    if (!swap)
        return;
    owned.dirs.v = arena_alloc(j->u->arena, owned.dirs.n * sizeof *owned.dirs.v);
    for (size_t i = 0; i < owned.dirs.n; i++)
        owned.dirs.v[i] = j->owned.dirs.v[i];
    if (!swap_owned(j->u, j->s, &owned))
        return;
    j->owned = owned;
    owned_commands(j->u, &j->owned, &j->choice.user, NULL, &swap->commands);
    j->plan->swap = swap;
    VEC_EACH (o, &j->obstacles.v)
        if (!o->refuse && str_is(str_of(o->reason), "privileged-port"))
            o->assumption = str_fmt(j->u->arena, "%s; %.*s is as good a base to you as %.*s",
                                    o->assumption, STR_ARG(swap->image), STR_ARG(swap->from))
                                .p;
}

static void root_stage(struct job *j)
{
    unsigned line;
    size_t silent_root = j->u->findings.n;
    bool empty = j->s->user_item && !j->s->user.n && j->s->user_known;
    if (empty)
        unit_find(j->u, UR_ERROR, j->s->user_item,
                  "this USER expands to nothing, which silently means root");
    if (suppress_has(j->u, &line)) {
        answer(j, UR_REFUSED, "suppressed");
        unit_find(j->u, UR_NOTE, j->s->from,
                  "runs as root, and a comment in line %u says to leave it so", line)
            ->reason = "suppressed";
        return;
    }
    j->obstacles = obstacle_survey(j->u, j->s);
    VEC_EACH (step, &j->s->steps)
        if (step->has_chown && !step->chown.unknown && !step->chown.error) {
            ptrdiff_t colon = str_chr(step->chown.text, ':');
            struct str name =
                colon < 0 ? step->chown.text : str_sub(step->chown.text, 0, (size_t)colon);
            if (name.n && !account_is_root(name) && !account_is_missing(j->u, j->s, step, name))
                *vec_push(j->u->arena, &j->obstacles.owners) =
                    (struct obstacle_owner){name, step->item};
        }
    j->choice = choose_user(j->u, j->s, &j->accounts, &j->obstacles);
    j->owned = owned_dirs(j->u, j->s, j->obstacles.base_program, &j->choice.user);
    needs_own(&j->obstacles, &j->owned, &j->framework);
    bool tools = j->choice.tools == FACTS_TOOLS_SHADOW || j->choice.tools == FACTS_TOOLS_BUSYBOX;
    if (j->choice.how == CHOICE_CREATE && !tools)
        *vec_push(j->u->arena, &j->owned.dirs) = (struct owned_dir){.path = j->choice.user.home};
    if (j->obstacles.base_program && webconf_has_templates(webconf_read(j->u, j->s)))
        *vec_push(j->u->arena, &j->owned.dirs) =
            (struct owned_dir){.path = STR("/etc/nginx/conf.d"), .exists = true, .whole = true};
    check_tree(j);
    if (j->choice.can_run)
        caches_add(&j->obstacles, &j->owned);
    place_volumes(j);
    check_means(j);
    if (!j->u->settings->keep_ports && settings_selected(j->u->settings, "move-port") &&
        port_is_asked(&j->obstacles))
        j->plan->ports = port_survey(j->u, j->s);
    port_explain(&j->obstacles, j->plan->ports);
    check_swap(j);
    harden(j);
    if (empty)
        j->u->findings.v[silent_root].fixed = j->plan->written;
}

/* ---- stages --------------------------------------------------------------------------------- */

static void named_stage(struct job *j, const struct whom *w)
{
    const struct facts *f = unit_facts(j->u, j->s);
    bool all_seen = f && !j->accounts.opaque && !j->accounts.packages;
    if (w->account && w->account->from_file && !w->uid_known) {
        answer(j, UR_REFUSED,
               "unproven-uid"); /* numeric-user looks closer, and says what it found */
        return;
    }
    if (w->uid_known) {
        answer(j, UR_SAFE, NULL); /* numeric-user does it */
        j->plan->user = account_identity(w);
        return;
    }
    bool missing = !w->account && all_seen && j->s->user_item; /* the image's own user is there */
    answer(j, UR_REFUSED, missing ? "unknown-user" : "unproven-uid");
    struct ur_finding *finding = unit_find(
        j->u, UR_WARNING, j->s->user_item ? j->s->user_item : j->s->from,
        missing && str_has(w->user, " #")
            ? "runs as '%s': there are no comments behind an instruction, all of it is the name"
        : missing ? "runs as '%s', which no step makes: the container will not start"
                  : "runs as '%s', whose number is not known here: Kubernetes' runAsNonRoot "
                    "refuses names",
        utf8_safe(j->u->arena, w->user, 60).p);
    finding->reason = j->plan->reason;
}

static void decide(struct unit *u, struct stage *s)
{
    struct job j = {.u = u, .s = s, .plan = &u->plans[s->index]};
    j.plan->user_before = s->user;
    j.plan->user_before_known = s->user_known;
    j.accounts = account_all(u, s);
    bool windows = s->config.windows || (u->list->escape == '`' && !unit_facts(u, s));
    struct whom w = account_resolve(&j.accounts, s->user, s->user_known);
    if (windows || w.who == WHO_ROOT || (w.who == WHO_UNKNOWN && !s->user_item)) {
        root_stage(&j);
    } else if (w.who == WHO_NUMBER) {
        answer(&j, UR_ALREADY, NULL);
        j.plan->user = account_identity(&w);
    } else if (w.who == WHO_NAME) {
        named_stage(&j, &w);
    } else {
        answer(&j, UR_REFUSED, "variable-user");
        unit_find(
            u, UR_WARNING, s->user_item,
            "runs as a user that is only known when it is built, or as root if it is not set then")
            ->reason = "variable-user";
    }
}

static void run(struct unit *u)
{
    ship_choose(u);
    for (size_t i = 0; i < u->graph->stages.n; i++)
        if (u->plans[i].shipped && !u->plans[i].split)
            decide(u, u->graph->stages.v[i]);
}

const struct pass pass_nonroot_user = {
    .id = "nonroot-user",
    .summary = "run the shipped stage as a numeric non-root user",
    .why = "A process that runs as root in a container is root on the host the moment it gets out, "
           "and may "
           "change every file of its image until then. Kubernetes refuses root, and names, under "
           "runAsNonRoot: it never reads /etc/passwd, so the user must be a number. The account is "
           "reused where the file or the image has one for the purpose, else made; the directories "
           "that "
           "the program must be able to write to are given to it.",
    .refs = "CIS-4.1 DL3002 CKV_DOCKER_3 CKV_DOCKER_8 DS-0002 DS002 AVD-DS-0002 missing-user "
            "missing-user-entrypoint last-user-is-root CIS-DI-0001",
    .phase = PASS_IDENTITY,
    .run = run,
};
