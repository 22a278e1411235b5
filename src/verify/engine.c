/*
 * Names are random, so that two runs at a time do not meet and nobody can prepare one for us. What
 * a builder leaves in its cache stays there, as after every build: it can't be told from the
 * user's.
 */
#include "verify/engine.h"

#include <poll.h>
#include <stdlib.h>
#include <sys/random.h>

#include "base/buf.h"
#include "base/utf8.h"
#include "base/which.h"

enum { ASK_SECONDS = 60, BUILD_KEEP = 256 << 10, LATE_MS = 500 };

static const char *const environment[] = {
    "LC_ALL=C",   "BUILDKIT_PROGRESS=plain", "BUILDX_NO_DEFAULT_ATTESTATIONS=1",
    "NO_COLOR=1", "DOCKER_CLI_HINTS=false",  NULL,
};

static const char *const names[] = {"docker", "podman", "buildah"};

/* ---- calling -------------------------------------------------------------------------------- */

static struct spawn_end call(struct engine *e, const char *program, struct args *words,
                             struct spawn_job job)
{
    struct args all = args_in(e->arena);
    args_add(&all, program, NULL);
    args_all(&all, words->list.v, words->list.n);
    job.program = program;
    job.argv = args_done(&all);
    job.added = environment;
    return spawn_run(e->arena, e->stop, &job);
}

struct spawn_end engine_call(struct engine *e, struct args *words, unsigned seconds,
                             struct str input, bool merged)
{
    return call(e, e->program, words,
                (struct spawn_job){
                    .input = input, .seconds = seconds, .keep = ENGINE_OUTPUT, .merged = merged});
}

struct str engine_ask(struct engine *e, struct args *words)
{
    struct spawn_end end = engine_call(e, words, ASK_SECONDS, STR(""), false);
    return spawn_ok(&end) ? str_trim(end.out) : STR("");
}

const char *engine_complaint(struct arena *a, const struct spawn_end *end)
{
    struct str rest = end->err.n ? end->err : end->out, line, last = STR("");
    if (end->message)
        return end->message;
    while (str_split(&rest, '\n', &line)) {
        line = str_trim(line);
        if (line.n && !str_starts(line, STR("See '")) && !str_starts(line, STR("Run '")))
            last = line;
    }
    if (!last.n)
        return str_fmt(a, "exit status %d", end->code).p;
    return utf8_safe(a, last, 300).p;
}

/* ---- finding -------------------------------------------------------------------------------- */

static bool works(struct engine *e, const char **why)
{
    struct args words = args_in(e->arena);
    args_add(&words, "version", NULL);
    struct spawn_end end = engine_call(e, &words, ASK_SECONDS, STR(""), false);
    *why = spawn_ok(&end) ? NULL : engine_complaint(e->arena, &end);
    return !*why;
}

/* DOCKER_BUILDKIT=0 asks for the classic builder, as it does with docker itself. */
static bool has_buildx(struct engine *e)
{
    const char *chosen = getenv("DOCKER_BUILDKIT");
    struct args words = args_in(e->arena);
    if (chosen && strcmp(chosen, "0") == 0)
        return false;
    args_add(&words, "buildx", "version", NULL);
    struct spawn_end end = engine_call(e, &words, ASK_SECONDS, STR(""), false);
    return spawn_ok(&end);
}

/* NULL, or why this kind does not do. */
static const char *try_kind(struct engine *e, enum engine_kind kind)
{
    const char *why;
    const char *runner = kind == ENGINE_BUILDAH ? "podman" : names[kind];
    e->kind = kind;
    e->name = names[kind];
    e->program = which_find(e->arena, runner);
    e->builder = kind == ENGINE_BUILDAH ? which_find(e->arena, "buildah") : e->program;
    if (!e->program || !e->builder)
        return str_fmt(e->arena, "%s is not on PATH", e->program ? e->name : runner).p;
    if (!works(e, &why))
        return str_fmt(e->arena, "%s does not work: %s", runner, why).p;
    e->buildx = kind == ENGINE_DOCKER && has_buildx(e);
    return NULL;
}

static const char *find_any(struct engine *e)
{
    struct buf why = buf_in(e->arena);
    for (int kind = ENGINE_DOCKER; kind <= ENGINE_PODMAN; kind++) {
        const char *wrong = try_kind(e, (enum engine_kind)kind);
        if (!wrong)
            return NULL;
        buf_addf(&why, "%s%s", why.n ? "; " : "", wrong);
    }
    return str_fmt(e->arena, "no container engine: %s", buf_str(&why).p).p;
}

static const char *find_named(struct engine *e, const char *wanted)
{
    for (int kind = ENGINE_DOCKER; kind <= ENGINE_BUILDAH; kind++)
        if (strcmp(names[kind], wanted) == 0)
            return try_kind(e, (enum engine_kind)kind);
    return str_fmt(e->arena, "no engine is called '%s'", wanted).p;
}

const char *engine_find(struct engine *e, struct arena *a, struct stop *stop, const char *wanted)
{
    uint64_t r;
    *e = (struct engine){.arena = a, .stop = stop};
    if (getrandom(&r, sizeof r, 0) != sizeof r)
        return "no random numbers can be had";
    e->tag = str_fmt(a, "unroot-verify-%016llx", (unsigned long long)r).p;
    return wanted ? find_named(e, wanted) : find_any(e);
}

const char *engine_label(const struct engine *e)
{
    switch (e->kind) {
    case ENGINE_DOCKER:
        return e->buildx ? "docker (BuildKit)" : "docker (classic builder)";
    case ENGINE_PODMAN:
        return "podman";
    default:
        return "buildah and podman";
    }
}

/* ---- names ---------------------------------------------------------------------------------- */

const char *engine_image(struct engine *e, const char *what)
{
    const char *name = str_fmt(e->arena, "%s:%s", e->tag, what).p;
    VEC_EACH (known, &e->images)
        if (strcmp(*known, name) == 0)
            return name;
    *vec_push(e->arena, &e->images) = name;
    return name;
}

const char *engine_container(struct engine *e, const char *what)
{
    const char *name = str_fmt(e->arena, "%s-%s-%zu", e->tag, what, e->containers.n).p;
    *vec_push(e->arena, &e->containers) = name;
    return name;
}

void engine_tag(struct engine *e, const char *image, const char *name)
{
    struct args words = args_in(e->arena);
    args_add(&words, "tag", image, name, NULL);
    engine_ask(e, &words);
}

static bool remove_one(struct engine *e, const char *container)
{
    struct args words = args_in(e->arena);
    args_add(&words, "rm", "-f", "-v", container, NULL);
    struct spawn_end end = engine_call(e, &words, ASK_SECONDS, STR(""), false);
    return spawn_ok(&end);
}

void engine_forget(struct engine *e, const char *container)
{
    for (size_t i = 0; i < e->containers.n; i++)
        if (e->containers.v[i] == container)
            e->containers.v[i] = NULL;
}

void engine_remove(struct engine *e, const char *container)
{
    if (remove_one(e, container)) /* else engine_release() tries again */
        engine_forget(e, container);
}

/* ---- building ------------------------------------------------------------------------------- */

static void build_words(struct engine *e, const struct engine_build *b, struct args *w)
{
    if (e->kind == ENGINE_DOCKER && e->buildx)
        args_add(w, "buildx", "build", "--load", NULL);
    else if (e->kind == ENGINE_DOCKER)
        args_add(w, "build", "--force-rm", "--memory", b->memory, NULL);
    else
        args_add(w, "build", "--force-rm", "--layers=false", "--format", "docker", "--memory",
                 b->memory, NULL);
    args_add(w, "-t", b->image, "-f", b->dockerfile, NULL);
    if (*b->target)
        args_add(w, "--target", b->target, NULL);
    args_all(w, b->options, b->option_count);
    args_add(w, b->context, NULL);
}

/* The classic builder says " ---> ID" for each step. Those of FROM and of its cache are not ours.
 */
static void note_steps(struct engine *e, struct str log)
{
    struct str line;
    bool ours = false;
    while (str_split(&log, '\n', &line)) {
        line = str_trim(line);
        if (str_starts(line, STR("Step ")))
            ours = !str_has(line, " : FROM ");
        else if (str_is(line, "---> Using cache"))
            ours = false;
        else if (ours && str_starts(line, STR("---> ")) && line.n == 5 + 12)
            *vec_push(e->arena, &e->steps) = str_z(e->arena, str_from(line, 5));
    }
}

struct spawn_end engine_build(struct engine *e, const struct engine_build *b)
{
    struct args words = args_in(e->arena);
    build_words(e, b, &words);
    struct spawn_end end = call(e, e->builder, &words,
                                (struct spawn_job){.seconds = b->seconds,
                                                   .keep = BUILD_KEEP,
                                                   .merged = true,
                                                   .tail = true,
                                                   .gentle = e->kind == ENGINE_PODMAN});
    if (e->kind == ENGINE_DOCKER && !e->buildx)
        note_steps(e, end.out);
    return end;
}

/* ---- the end -------------------------------------------------------------------------------- */

static struct spawn_end inspect(struct engine *e, const char *kind, const char *name,
                                const char *format)
{
    struct args words = args_in(e->arena);
    args_add(&words, kind, "inspect", "--format", format, name, NULL);
    return engine_call(e, &words, ASK_SECONDS, STR(""), false);
}

/* What can't be told may be there. */
static bool exists(struct engine *e, const char *kind, const char *name)
{
    if (e->kind == ENGINE_DOCKER) {
        struct spawn_end end = inspect(e, kind, name, "{{.Id}}");
        return end.why != SPAWN_ENDED || end.code == 0 || !str_has(end.err, "o such ");
    }
    struct args words = args_in(e->arena);
    args_add(&words, kind, "exists", name, NULL);
    struct spawn_end end = engine_call(e, &words, ASK_SECONDS, STR(""), false);
    return end.why != SPAWN_ENDED || end.code != 1;
}

static void remove_image(struct engine *e, const char *image)
{
    struct args words = args_in(e->arena);
    args_add(&words, "rmi", "-f", image, NULL);
    engine_call(e, &words, ASK_SECONDS, STR(""), false);
}

/* Each goes when nothing is built on it any more and nobody has given it a name. */
static void remove_steps(struct engine *e)
{
    for (size_t i = e->steps.n; i-- > 0;) {
        struct spawn_end end = inspect(e, "image", e->steps.v[i], "{{len .RepoTags}}");
        if (!spawn_ok(&end) || !str_is(str_trim(end.out), "0"))
            continue;
        struct args words = args_in(e->arena);
        args_add(&words, "rmi", e->steps.v[i], NULL);
        engine_call(e, &words, ASK_SECONDS, STR(""), false);
    }
}

static void note_left(struct buf *left, const char *name)
{
    buf_addf(left, "%s%s", left->n ? ", " : "", name);
}

static void remove_containers(struct engine *e, struct buf *left)
{
    VEC_EACH (name, &e->containers) {
        if (!*name)
            continue;
        if (!remove_one(e, *name) && exists(e, "container", *name))
            note_left(left, *name);
    }
    e->containers.n = 0;
}

/* An order that was broken off may be carried out a moment later: what has our name goes, too. */
static void sweep(struct engine *e)
{
    struct args words = args_in(e->arena);
    struct str id;
    poll(NULL, 0, LATE_MS);
    args_add(&words, "ps", "-a", "-q", "--filter", str_fmt(e->arena, "name=%s", e->tag).p, NULL);
    struct str rest = engine_ask(e, &words);
    while (str_split(&rest, '\n', &id))
        if (str_trim(id).n)
            remove_one(e, str_z(e->arena, str_trim(id)));
}

const char *engine_release(struct engine *e)
{
    struct buf left = buf_in(e->arena);
    if (!e->containers.n && !e->images.n)
        return NULL;
    e->stop->ignored = true;
    remove_containers(e, &left);
    if (e->stop->signal)
        sweep(e);
    VEC_EACH (name, &e->images) {
        remove_image(e, *name);
        if (exists(e, "image", *name))
            note_left(&left, *name);
    }
    e->images.n = 0;
    remove_steps(e);
    e->stop->ignored = false;
    return left.n ? str_fmt(e->arena, "could not be removed: %s", buf_str(&left).p).p : NULL;
}
