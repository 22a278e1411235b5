/*
 * java -jar: the author's own program keeps its files where it is started, or nowhere. A server
 * that was installed or downloaded has a home of its own, and paths of its own that it writes to.
 */
#include "unit/walk.h"

#include "unit/origin.h"

static struct str jar_of(const struct shell_word *words, size_t n)
{
    for (size_t i = 1; i + 1 < n; i++)
        if (str_is(words[i].value, "-jar"))
            return words[i + 1].value;
    return STR("");
}

static bool in_list(struct str s, const char *const *list)
{
    for (; *list; list++)
        if (str_is(s, *list))
            return true;
    return false;
}

/* Does the step compile, or take code that it may compile? */
static bool builds(const struct run_effects *run)
{
    static const char *const tools[] = {"mvn", "mvnw",  "gradle", "gradlew", "ant",
                                        "sbt", "lein",  "mill",   "bazel",   "javac",
                                        "jar", "scala", "git",    NULL};
    VEC_EACH (e, &run->effects)
        if (in_list(e->program, tools))
            return true;
    return false;
}

static bool downloads(const struct run_effects *run)
{
    static const char *const tools[] = {"curl", "wget", "aria2c", "axel", NULL};
    VEC_EACH (e, &run->effects)
        if (in_list(e->program, tools))
            return true;
    return false;
}

/* Does the stage bring anything of the author's: a copy that is no download, a build? */
static bool brings_code(struct unit *u, const struct stage *s)
{
    for (; s; s = s->parent)
        VEC_EACH (step, &s->steps) {
            bool copy = step->item->node.cmd == DF_COPY || step->item->node.cmd == DF_ADD;
            const struct run_effects *run = stage_run(u->graph, step);
            if (copy && !(step->sources.n && origin_is_url(step->sources.v[0])))
                return true;
            if (run && (!run->complete || builds(run)))
                return true;
        }
    return false;
}

/* curl -o /srv/server.jar: a step downloads something, and names the file. */
static bool is_downloaded(struct unit *u, const struct stage *s, struct str name)
{
    for (; s; s = s->parent)
        VEC_EACH (step, &s->steps) {
            const struct run_effects *run = stage_run(u->graph, step);
            if (run && !builds(run) && downloads(run) && str_find(run->script.text, name) >= 0)
                return true;
        }
    return false;
}

bool walk_is_own_jar(struct walk *w, struct str jar)
{
    struct unit *u = w->o->unit;
    struct stage *s = w->o->stage;
    if (str_chr(jar, '$') >= 0)
        return brings_code(u, s);
    struct source src = origin_find(u, s, w->workdir, stage_join(u->arena, w->workdir, jar));
    if (src.item)
        return src.origin != ORIGIN_REMOTE;
    return brings_code(u, s) && !is_downloaded(u, s, str_basename(jar));
}

bool walk_is_own_java(struct walk *w, const struct shell_word *words, size_t n)
{
    struct str jar = jar_of(words, n);
    return !jar.n || walk_is_own_jar(w, jar);
}
