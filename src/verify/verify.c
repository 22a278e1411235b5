/*
 * What can't be seen is told and not guessed: a note says so, and nothing is taken for equal
 * because of it. A body that differs is looked at once more: pages with a time or a random number
 * in them differ from run to run of the same image.
 */
#include "verify/verify.h"

#include <stdarg.h>
#include <stdio.h>

#include "base/utf8.h"
#include "verify/sources.h"

/* As OpenShift does it: a number that no image knows, in group 0. */
#define ARBITRARY_USER "1000650000:0"

enum {
    QUIET_WAIT = 10, /* seconds to watch what has no port, when the original had none */
    LOW_PORTS = 1024,
    MORE = 3, /* runs with ever more paths that may be written to */
};

struct job {
    struct engine *e;
    const struct verify_plan *plan;
    struct verify_report *report;
    verify_say *say;
    void *ctx;
    struct workdir work;
    bool tried;     /* the last attempt to find what is missing led to a run */
    bool no_limits; /* the engine can't limit memory and processes */
};

static void say(struct job *j, const char *text)
{
    if (j->say)
        j->say(j->ctx, text);
}

static void note(struct job *j, const char *text)
{
    VEC_EACH (known, &j->report->notes)
        if (strcmp(*known, text) == 0)
            return;
    *vec_push(j->e->arena, &j->report->notes) = text;
}

static bool stopped(struct job *j)
{
    if (!stop_asked(j->e->stop))
        return false;
    j->report->verdict = VERIFY_INTERRUPTED;
    j->report->problem = "interrupted";
    return true;
}

/* ---- building ------------------------------------------------------------------------------- */

/* False: it can't be built. What the builder said is in the report then. */
static bool build(struct job *j, const char *what, const struct source *source, struct side *side)
{
    const struct verify_plan *p = j->plan;
    const char *image = engine_image(j->e, what);
    struct engine_build b = {.image = image,
                             .dockerfile = source->dockerfile,
                             .context = *source->context ? source->context : ".",
                             .target = p->target,
                             .options = p->build_options.v,
                             .option_count = p->build_options.n,
                             .memory = p->memory,
                             .seconds = p->timeout};
    struct spawn_end end = engine_build(j->e, &b);
    side->built = spawn_ok(&end);
    if (side->built) {
        side->image = image_inspect(j->e, image);
        return true;
    }
    j->report->build_log = end.out;
    j->report->problem = str_fmt(j->e->arena, "the %s does not build: %s",
                                 side == &j->report->before ? "original" : "rewrite",
                                 engine_complaint(j->e->arena, &end))
                             .p;
    return false;
}

/* ---- looking into images -------------------------------------------------------------------- */

static void look_once(struct job *j, const char *what, struct side *side)
{
    struct mounts *m = &j->report->mounts;
    struct str *folders = arena_alloc(j->e->arena, (m->list.n + 1) * sizeof *folders);
    for (size_t i = 0; i < m->list.n; i++)
        folders[i] = m->list.v[i].path;
    side->still = probe_still(j->e, engine_image(j->e, what), folders, m->list.n);
    if (side->still.problem || !side->still.whole)
        note(j, str_fmt(j->e->arena, "the images could not be looked into (%s)",
                        side->still.problem ? side->still.problem : "the probe was ended")
                    .p);
}

static void look_into(struct job *j, const char *what, struct side *side)
{
    look_once(j, what, side);
    if (side == &j->report->after && policy_fill(&j->report->mounts, &side->still)) {
        look_once(j, what, side);
        policy_fill(&j->report->mounts, &side->still);
    }
}

/* ---- running -------------------------------------------------------------------------------- */

static bool has_own_network(const struct verify_plan *p)
{
    return strcmp(p->network, "host") != 0 && strncmp(p->network, "container:", 10) != 0;
}

static struct args run_options(struct job *j, const struct side *side)
{
    const struct verify_plan *p = j->plan;
    struct args w = args_in(j->e->arena);
    args_add(&w, "--network", p->network, NULL);
    if (!j->no_limits) {
        args_add(&w, "--memory", p->memory, NULL);
        args_number(&w, "--pids-limit=", p->pids);
    }
    if (has_own_network(p))
        args_add(&w, "--hostname", "unroot-verify", NULL);
    if (side->image.health)
        args_add(&w, "--health-interval", "2s", NULL);
    args_all(&w, p->run_options.v, p->run_options.n);
    return w;
}

static void want_ports(struct job *j, const struct trial *model, const struct compare_plan *moves,
                       struct probe_question *q)
{
    if (!model || !model->probe.whole)
        return;
    VEC_EACH (port, &model->probe.ports)
        if (!port->udp && !compare_is_random(NULL, port) &&
            q->port_count < sizeof q->ports / sizeof *q->ports)
            q->ports[q->port_count++] = compare_moved(moves, port->number);
    bool quiet = model->end == TRIAL_RUNNING && !q->port_count;
    if (quiet && j->plan->wait > QUIET_WAIT)
        q->seconds = QUIET_WAIT;
}

/* `model` is the run that this one is compared with: the same ports are waited for. */
static struct trial run(struct job *j, const char *what, const char *image, const struct side *side,
                        const struct args *options, const struct trial *model,
                        const struct compare_plan *moves)
{
    struct trial_plan t = {.what = what,
                           .image = engine_image(j->e, image),
                           .options = options->list.v,
                           .option_count = options->list.n,
                           .question = {.seconds = j->plan->wait, .path = j->plan->http_path},
                           .health = side->image.health,
                           .keep = j->plan->restricted && strcmp(what, "rewrite") == 0};
    want_ports(j, model, moves, &t.question);
    struct trial trial = trial_run(j->e, &t);
    if (trial.end == TRIAL_RUNNING && (trial.probe.problem || !trial.probe.whole))
        note(j, str_fmt(j->e->arena,
                        "the %s container could not be looked at (%s): its "
                        "processes, ports and answers were not compared",
                        what, trial.probe.problem ? trial.probe.problem : "the probe was ended")
                    .p);
    return trial;
}

static void find_self(struct job *j, const char *image, const char *user, struct trial *t)
{
    if (!t->probe.processes.n && t->end != TRIAL_UNKNOWN && !stop_asked(j->e->stop)) {
        struct probe self = probe_self(j->e, engine_image(j->e, image), user);
        t->probe.self_known = self.self_known;
        t->probe.self = self.self;
    }
}

/* Rootless engines on older systems can't limit anything: they say so when they refuse to start. */
static bool refuses_limits(const struct trial *t)
{
    return t->refused &&
           (str_has(t->error, "cgroup") || str_has(t->error, "emory") || str_has(t->error, "pids"));
}

static void run_plain(struct job *j, const char *what, const char *image, struct side *side,
                      const struct trial *model, const struct compare_plan *moves)
{
    struct args options = run_options(j, side);
    side->trial = run(j, what, image, side, &options, model, moves);
    if (refuses_limits(&side->trial) && !j->no_limits) {
        note(j, str_fmt(j->e->arena, "the engine can't limit memory and processes: %.*s",
                        STR_ARG(side->trial.error))
                    .p);
        j->no_limits = true;
        options = run_options(j, side);
        side->trial = run(j, what, image, side, &options, model, moves);
    }
    find_self(j, image, NULL, &side->trial);
}

/* ---- comparing ------------------------------------------------------------------------------ */

static bool any_body(const struct differences *d)
{
    VEC_EACH (one, &d->list)
        if (one->body)
            return true;
    return false;
}

/* Does the original answer in the same way when it is run again? */
static void check_bodies(struct job *j)
{
    struct verify_report *r = j->report;
    struct differences again = {.arena = j->e->arena};
    struct compare_plan same = {.soft_log = true};
    say(j, "running the original once more: an answer differs");
    struct args options = run_options(j, &r->before);
    struct trial second = run(j, "again", "before", &r->before, &options, &r->before.trial, &same);
    compare_trials(&again, &same, &r->before.trial, &second);
    if (!any_body(&again))
        return;
    r->compare.bodies_vary = true;
    note(j, "the original's answers differ from run to run: bodies were not compared");
}

static void compare(struct job *j)
{
    struct verify_report *r = j->report;
    r->differences.list.n = 0;
    if (!j->plan->unchanged)
        compare_trials(&r->differences, &r->compare, &r->before.trial, &r->after.trial);
    if (any_body(&r->differences) && !r->compare.bodies_vary) {
        check_bodies(j);
        if (r->compare.bodies_vary) {
            compare(j);
            return;
        }
    }
    compare_images(&r->differences, &r->before, &r->after);
    compare_root(&r->differences, &r->after.image, &r->after.trial);
}

/* ---- the restricted policy ------------------------------------------------------------------ */

static void first_mounts(struct job *j)
{
    struct mounts *m = &j->report->mounts;
    m->arena = j->e->arena;
    policy_add(m, STR("/tmp"), MOUNT_ALWAYS);
    VEC_EACH (path, &j->plan->reported)
        policy_add(m, *path, MOUNT_REPORTED);
    VEC_EACH (path, &j->plan->writable)
        policy_add(m, str_of(*path), MOUNT_GIVEN);
}

/* A volume of the image's own is writable anyway. */
static void drop_volumes(struct job *j)
{
    struct mounts *m = &j->report->mounts;
    size_t kept = 0;
    for (size_t i = 0; i < m->list.n; i++) {
        bool own = false;
        VEC_EACH (volume, &j->report->after.image.volumes)
            own |= str_eq(policy_clean(m->arena, *volume), m->list.v[i].path);
        if (!own)
            m->list.v[kept++] = m->list.v[i];
    }
    m->list.n = kept;
}

static bool try_restricted(struct job *j)
{
    struct verify_report *r = j->report;
    struct compare_plan same = {.bodies_vary = r->compare.bodies_vary};
    struct policy policy = {.user = r->restricted_user,
                            .low_ports_close = has_own_network(j->plan) &&
                                               !j->plan->low_ports_open && !r->needs_low_ports};
    struct args options = run_options(j, &r->after);
    policy_options(&options, j->e->kind, &policy, &r->mounts);
    r->restricted_trial =
        run(j, "restricted", "after", &r->after, &options, &r->after.trial, &same);
    find_self(j, "after", r->restricted_user, &r->restricted_trial);
    r->restricted_differences = (struct differences){.arena = j->e->arena};
    compare_trials(&r->restricted_differences, &same, &r->after.trial, &r->restricted_trial);
    return !r->restricted_differences.list.n;
}

/* Adds what was missing, and tries again; what was found stays only when it helps. */
static bool try_with_more(struct job *j)
{
    struct verify_report *r = j->report;
    if (!r->after.trial.changes.n)
        trial_find_changes(j->e, &r->after.trial);
    j->tried = policy_missing(&r->mounts, &r->after.trial, &r->restricted_trial, false) ||
               policy_missing(&r->mounts, &r->after.trial, &r->restricted_trial, true);
    if (!j->tried)
        return false;
    drop_volumes(j);
    say(j, "running it once more with the paths that were missing");
    look_into(j, "after", &r->after);
    return try_restricted(j);
}

static bool uses_low_ports(struct job *j)
{
    bool low = false;
    VEC_EACH (p, &j->report->after.trial.probe.ports)
        low |= p->number < LOW_PORTS;
    return low && !j->plan->low_ports_open && has_own_network(j->plan);
}

static bool try_with_ports(struct job *j, bool open)
{
    say(j, open ? "running it once more with the ports below 1024 open"
                : "running it once more with the ports below 1024 closed");
    j->report->needs_low_ports = open;
    return try_restricted(j);
}

static bool only_log(const struct differences *d)
{
    VEC_EACH (one, &d->list)
        if (strcmp(one->what, "log") != 0)
            return false;
    return true;
}

/* First the ports, which not every runtime closes; then the paths; then whether it was the paths
 * alone. */
static enum verify_restricted find_needs(struct job *j, bool log_counts)
{
    const struct differences *d = &j->report->restricted_differences;
    bool low = uses_low_ports(j), works = low && try_with_ports(j, true);
    for (int i = 0; i < MORE && !works && !stopped(j); i++) {
        works = try_with_more(j) || (!log_counts && j->tried && only_log(d));
        if (works && low && !try_with_ports(j, false))
            works = try_with_ports(j, true);
    }
    return works ? RESTRICTED_NEEDS : RESTRICTED_FAILS;
}

/* A complaint in the log is a reason to look for what is missing: a page may be answered, and what
 * it should have written be lost. When nothing silences it, it is shown and no more. */
static void run_restricted(struct job *j)
{
    struct verify_report *r = j->report;
    r->restricted_user = j->plan->arbitrary_user ? ARBITRARY_USER : NULL;
    if (!has_own_network(j->plan))
        note(j, "ports below 1024 are not closed: the network is not the container's own");
    say(j, "running the rewrite under the restricted policy");
    drop_volumes(j);
    r->restricted = try_restricted(j) ? RESTRICTED_OK : RESTRICTED_FAILS;
    if (r->restricted == RESTRICTED_OK || stopped(j))
        return;
    struct verify_report first = *r;
    first.mounts.list.v = NULL;
    first.mounts.list.n = first.mounts.list.cap = 0;
    VEC_EACH (m, &r->mounts.list)
        *vec_push(j->e->arena, &first.mounts.list) = *m;
    r->restricted = find_needs(j, only_log(&first.restricted_differences));
    if (r->restricted == RESTRICTED_NEEDS || !only_log(&first.restricted_differences) || stopped(j))
        return;
    r->restricted = RESTRICTED_OK;
    r->mounts = first.mounts;
    r->restricted_trial = first.restricted_trial;
    r->needs_low_ports = false;
}

/* What does not behave without the policy proves nothing under it. That it is root does not matter
 * here. */
static bool behaves(const struct verify_report *r)
{
    VEC_EACH (d, &r->differences.list)
        if (strcmp(d->what, "user") != 0 && strcmp(d->what, "log") != 0 &&
            strcmp(d->what, "setuid") != 0)
            return false;
    return true;
}

/* ---- the whole ------------------------------------------------------------------------------ */

static void run_original(struct job *j)
{
    struct verify_report *r = j->report;
    say(j, "running the original");
    look_into(j, "before", &r->before);
    run_plain(j, "original", "before", &r->before, NULL, NULL);
    if (r->before.trial.refused) {
        r->verdict = VERIFY_NO_ANSWER;
        r->problem = str_fmt(j->e->arena, "the engine does not run the original: %.*s",
                             STR_ARG(r->before.trial.error))
                         .p;
    } else if (r->before.trial.end == TRIAL_RUNNING && !r->before.trial.probe.whole) {
        r->verdict = VERIFY_NO_ANSWER;
        r->problem = "what runs in the original could not be seen";
    } else if (r->before.trial.end == TRIAL_NOT_STARTED ||
               (r->before.trial.end == TRIAL_EXITED && r->before.trial.state.exit_code)) {
        note(j, "the original does not work here by itself: what comes after its failure was not "
                "compared");
    }
}

/* The side of the rewrite: a build and a run of its own, or the original's when it is the same. */
static bool run_rewrite(struct job *j)
{
    struct verify_report *r = j->report;
    struct source source;
    if (j->plan->unchanged) {
        struct args options = run_options(j, &r->before);
        r->after = r->before;
        engine_tag(j->e, engine_image(j->e, "before"), engine_image(j->e, "after"));
        say(j, "running it once more");
        look_into(j, "after", &r->after);
        r->after.trial =
            run(j, "rewrite", "after", &r->after, &options, &r->before.trial, &r->compare);
        find_self(j, "after", NULL, &r->after.trial);
        return true;
    }
    say(j, "building the rewrite");
    r->problem = workdir_make(&j->work, j->e->arena);
    if (!r->problem)
        r->problem = sources_make(&j->work, j->plan, &source);
    r->verdict = r->problem ? VERIFY_NO_ANSWER : VERIFY_DIFFERS;
    if (r->problem || !build(j, "after", &source, &r->after))
        return false;
    r->verdict = VERIFY_SAME;
    say(j, "running the rewrite");
    look_into(j, "after", &r->after);
    run_plain(j, "rewrite", "after", &r->after, &r->before.trial, &r->compare);
    return true;
}

static void work(struct job *j)
{
    struct verify_report *r = j->report;
    struct source original = {j->plan->dockerfile, j->plan->context};
    r->verdict = VERIFY_NO_ANSWER;
    say(j, "building the original");
    if (!build(j, "before", &original, &r->before) || stopped(j))
        return;
    r->verdict = VERIFY_SAME;
    run_original(j);
    if (r->verdict != VERIFY_SAME || stopped(j))
        return;
    if (!run_rewrite(j) || stopped(j))
        return;
    compare(j);
    if (j->plan->restricted && behaves(r) && !stopped(j))
        run_restricted(j);
    else if (j->plan->restricted)
        note(j, "the restricted policy was not tried: the rewrite does not behave without it");
    if (r->differences.list.n || r->restricted > RESTRICTED_OK)
        r->verdict = VERIFY_DIFFERS;
}

void verify_run(struct engine *e, const struct verify_plan *plan, verify_say *to, void *ctx,
                struct verify_report *report)
{
    struct job j = {.e = e, .plan = plan, .report = report, .say = to, .ctx = ctx};
    *report = (struct verify_report){.plan = plan, .engine = engine_label(e)};
    report->differences.arena = e->arena;
    report->compare = (struct compare_plan){.moves = plan->moves.v, .move_count = plan->moves.n};
    first_mounts(&j);
    work(&j);
    stopped(&j);
    const char *left = workdir_remove(&j.work);
    if (left)
        note(&j, left);
}
