/*
 * The probe waits inside, so that a short-lived container is not missed between two questions of
 * ours: when the container's first process ends, the probe ends with it, and the engine tells the
 * exit code. Where the probe can't be had, the engine is asked now and then.
 */
#include "verify/trial.h"

#include <poll.h>
#include <stdlib.h>
#include <time.h>

#include "base/buf.h"
#include "base/utf8.h"

enum {
    START_SECONDS = 120,
    ASK_SECONDS = 60,
    ENGINE_FAILED = 125,
    STEP_MS = 300,
    CHANGES = 5000,
    LEAVES = 40, /* paths that are looked at one by one */
};

static int64_t now(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (int64_t)t.tv_sec * 1000 + t.tv_nsec / 1000000;
}

static struct spawn_end start_once(struct engine *e, const struct trial_plan *plan,
                                   const char *name)
{
    struct args words = args_in(e->arena);
    args_add(&words, "run", "-d", "--name", name, NULL);
    args_all(&words, plan->options, plan->option_count);
    args_add(&words, plan->image, NULL);
    return engine_call(e, &words, START_SECONDS, STR(""), false);
}

/* Engines fail to start a container now and then (that is 125; what the image starts is 126 and
 * 127). What does so twice is broken. */
static bool start(struct engine *e, const struct trial_plan *plan, const char *name,
                  struct trial *t)
{
    struct spawn_end end = start_once(e, plan, name);
    if (end.why == SPAWN_ENDED && end.code == ENGINE_FAILED) {
        engine_remove(e, name);
        name = engine_container(e, plan->what);
        end = start_once(e, plan, name);
    }
    t->name = name;
    if (spawn_ok(&end))
        return true;
    t->end = end.why == SPAWN_STOPPED ? TRIAL_UNKNOWN : TRIAL_NOT_STARTED;
    t->error = str_of(engine_complaint(e->arena, &end));
    t->refused = end.why == SPAWN_ENDED && end.code == ENGINE_FAILED;
    smell_find(e->arena, t->error, &t->smells);
    return false;
}

/* Until the condition ends or the time is over. */
static void watch(struct engine *e, const char *name, unsigned seconds, bool for_health,
                  struct container_state *state)
{
    int64_t until = now() + (int64_t)seconds * 1000;
    for (;;) {
        *state = image_state(e, name);
        if (!state->known || !state->running || stop_asked(e->stop) || now() >= until)
            return;
        if (for_health && state->health != HEALTH_STARTING && state->health != HEALTH_NONE)
            return;
        poll(NULL, 0, STEP_MS);
    }
}

static void read_log(struct engine *e, const char *name, struct trial *t)
{
    struct args words = args_in(e->arena);
    args_add(&words, "logs", "--tail", "4000", name, NULL);
    t->log = engine_call(e, &words, ASK_SECONDS, STR(""), true).out;
    smell_find(e->arena, t->log, &t->smells);
}

/* ---- what was written to -------------------------------------------------------------------- */

static int compare_changes(const void *x, const void *y)
{
    const struct trial_change *a = x, *b = y;
    return str_cmp(a->path, b->path);
}

/* Sorted by bytes, what lies in a folder need not follow it at once, but nothing shorter that
 * begins with its name and '/' comes between it and its own. */
static bool holds_another(const struct trial *t, size_t i)
{
    struct str path = t->changes.v[i].path;
    for (size_t j = i + 1; j < t->changes.n; j++) {
        struct str other = t->changes.v[j].path;
        if (!str_starts(other, path))
            return false;
        if (other.n > path.n && other.p[path.n] == '/')
            return true;
    }
    return false;
}

void trial_read_changes(struct arena *a, struct str text, struct trial *t)
{
    struct str line;
    while (t->changes.n < CHANGES && str_split(&text, '\n', &line)) {
        if (line.n > 3 && line.p[1] == ' ' && line.p[2] == '/')
            *vec_push(a, &t->changes) = (struct trial_change){
                .kind = line.p[0], .path = utf8_safe(a, str_from(line, 2), 0)};
    }
    if (t->changes.n)
        qsort(t->changes.v, t->changes.n, sizeof *t->changes.v, compare_changes);
    for (size_t i = 0; i < t->changes.n; i++)
        t->changes.v[i].folder = holds_another(t, i);
    VEC_EACH (c, &t->changes)
        c->leaf = !c->folder;
}

/* The first block of the tar that `cp` makes of a path tells what it is. */
static bool is_folder(struct engine *e, const char *name, struct str path)
{
    enum { TYPE = 156 };
    struct args words = args_in(e->arena);
    args_add(&words, "cp", str_fmt(e->arena, "%s:%.*s", name, STR_ARG(path)).p, "-", NULL);
    struct str tar = engine_call(e, &words, ASK_SECONDS, STR(""), false).out;
    return tar.n > TYPE && tar.p[TYPE] == '5';
}

static void read_changes(struct engine *e, const char *name, struct trial *t)
{
    struct args words = args_in(e->arena);
    size_t looked = 0;
    args_add(&words, "diff", name, NULL);
    trial_read_changes(e->arena, engine_ask(e, &words), t);
    VEC_EACH (c, &t->changes)
        if (c->kind != 'D' && c->leaf && looked++ < LEAVES)
            c->folder = is_folder(e, name, c->path);
}

/* ---- the whole ------------------------------------------------------------------------------ */

static void look(struct engine *e, const struct trial_plan *plan, const char *name, struct trial *t)
{
    t->probe = probe_live(e, name, &plan->question);
    t->state = image_state(e, name);
    if (t->probe.problem && t->state.running && !stop_asked(e->stop))
        watch(e, name, plan->question.seconds, false, &t->state);
    if (plan->health && t->state.running)
        watch(e, name, plan->question.seconds, true, &t->state);
}

static void end(struct engine *e, const char *name)
{
    struct args words = args_in(e->arena);
    args_add(&words, "kill", name, NULL);
    engine_ask(e, &words);
}

struct trial trial_run(struct engine *e, const struct trial_plan *plan)
{
    struct trial t = {.done = true};
    if (start(e, plan, engine_container(e, plan->what), &t)) {
        look(e, plan, t.name, &t);
        read_log(e, t.name, &t);
        t.end = !t.state.known ? TRIAL_UNKNOWN : t.state.running ? TRIAL_RUNNING : TRIAL_EXITED;
        t.error = t.state.error;
    }
    if (plan->keep)
        end(e, t.name);
    else
        engine_remove(e, t.name);
    return t;
}

void trial_find_changes(struct engine *e, struct trial *t)
{
    if (t->end == TRIAL_RUNNING || t->end == TRIAL_EXITED)
        read_changes(e, t->name, t);
    engine_remove(e, t->name);
}

const struct probe_process *trial_first(const struct trial *t)
{
    VEC_EACH (p, &t->probe.processes)
        if (p->pid == 1)
            return p;
    return t->probe.self_known ? &t->probe.self : NULL;
}
