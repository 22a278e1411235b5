/*
 * Where a file that the container starts comes from: the last instruction of the stage's chain that
 * could have put it there decides.
 */
#include "unit/origin.h"

/* Would this COPY put a file at `path`? */
static bool copies_to(const struct stage_step *step, struct str path)
{
    if (!step->dest.known)
        return false;
    if (!step->dest_is_dir && str_eq(step->dest.path, path))
        return true;
    if (!stage_inside(path, step->dest.path) || str_eq(step->dest.path, path))
        return false;
    struct str below = str_from(path, step->dest.path.n + !str_is(step->dest.path, "/"));
    for (size_t i = 0; i < step->sources.n; i++) {
        struct str name = str_basename(step->sources.v[i]);
        bool glob = str_chr(name, '*') >= 0 || str_chr(name, '?') >= 0;
        bool folder = str_is(name, ".") || str_is(name, "/") || str_is(name, "..") || !name.n;
        /* a directory's contents land below dest; its name does not show what they are */
        if (folder || glob || str_eq(name, below) || str_chr(below, '/') >= 0 ||
            str_chr(name, '.') < 0)
            return true;
    }
    return false;
}

static bool heredoc_source(const struct stage_step *step, struct source *out)
{
    const struct df_node *node = &step->item->node;
    if (node->heredocs.n != 1 || node->args.n != 2)
        return false;
    out->origin = ORIGIN_HEREDOC;
    out->script = node->heredocs.v[0].content;
    return true;
}

bool origin_is_url(struct str s)
{
    return str_has(s, "://") || str_starts(s, STR("git@"));
}

/* $AGENT_URL, ${URL}/x.jar: what an ARG holds is only known when it is built. */
static bool is_url_variable(struct str word)
{
    return str_starts(word, STR("$")) && (str_has(word, "URL") || str_has(word, "URI"));
}

bool origin_is_download(const struct stage_step *step)
{
    const struct df_node *node = &step->item->node;
    if (node->cmd != DF_ADD)
        return false;
    for (size_t i = 0; !step->sources_known && i + 1 < node->args.n; i++)
        if (is_url_variable(node->args.v[i]))
            return true;
    VEC_EACH (src, &step->sources)
        if (str_has(*src, "://") && !str_ends(*src, STR(".git")) && !str_has(*src, ".git#"))
            return true;
    return false;
}

/* Compilers of languages whose programs stand by themselves, and those of C, whose programs usually
 * come with a tree of paths from `make install`. */
static bool builds_programs(const struct run_effects *run, bool c_too)
{
    static const char *const own[] = {
        "go",  "cargo",  "rustc",  "ghc",     "stack",  "cabal",        "swift",
        "dub", "nim",    "nimble", "crystal", "shards", "zig",          "javac",
        "mix", "dotnet", "swiftc", "msbuild", "xbuild", "native-image", NULL};
    static const char *const c[] = {"gcc",  "g++",   "cc",    "c++",   "clang",
                                    "make", "cmake", "ninja", "meson", NULL};
    VEC_EACH (e, &run->effects)
        for (const char *const *t = c_too ? c : own; *t; t++)
            if (str_is(e->program, *t))
                return true;
    return false;
}

/* Is the code that a stage compiles the author's own, from the build context? Somebody else's
 * programs have paths of their own that they write to. */
static bool has_own_code(const struct stage *s)
{
    for (; s; s = s->parent)
        VEC_EACH (step, &s->steps)
            if ((step->item->node.cmd == DF_COPY || step->item->node.cmd == DF_ADD) &&
                step->from_context && step->sources.n && !origin_is_url(step->sources.v[0]))
                return true;
    return false;
}

static struct source copy_source(const struct stage_step *step)
{
    struct source out = {.item = step->item, .origin = ORIGIN_CONTEXT};
    if (heredoc_source(step, &out))
        return out;
    if (!step->from_context)
        out.origin = step->from && has_own_code(step->from) ? ORIGIN_STAGE : ORIGIN_UNKNOWN;
    else if (step->sources.n && origin_is_url(step->sources.v[0]))
        out.origin = ORIGIN_REMOTE;
    return out;
}

/* The last instruction of the chain that could have put a file there. */
struct source origin_find(struct unit *u, struct stage *stage, struct str workdir, struct str path)
{
    struct source out = {0};
    bool built = false, in_place = stage_inside(path, workdir) && !str_is(workdir, "/");
    for (struct stage *s = stage; s; s = s->parent) {
        for (size_t i = s->steps.n; i-- > 0;) {
            struct stage_step *step = &s->steps.v[i];
            bool copy = step->item->node.cmd == DF_COPY || step->item->node.cmd == DF_ADD;
            if (copy && path.n && copies_to(step, path)) {
                out = copy_source(step);
                if (out.origin == ORIGIN_CONTEXT && built && !str_eq(step->dest.path, path))
                    out.origin = ORIGIN_BUILT;
                return out;
            }
            const struct run_effects *run = stage_run(u->graph, step);
            built |=
                run && (builds_programs(run, false) || (in_place && builds_programs(run, true)));
        }
    }
    out.origin = built && has_own_code(stage) ? ORIGIN_BUILT : ORIGIN_UNKNOWN;
    return out;
}

/* Could a step have put the program where PATH finds it? By naming it, or with a compiler's own
 * `install`, which takes the name of the folder or the project. */
static bool may_install(struct unit *u, struct stage *stage, struct str workdir, struct str name)
{
    static const char *const installs[] = {"go install",     "go get",         "go-wrapper",
                                           "cargo install",  "stack install",  "cabal install",
                                           "nimble install", "shards install", NULL};
    bool own = str_eq(str_basename(workdir), name) || unit_run_says(u, stage, name);
    for (const char *const *i = installs; *i && !own; i++)
        own = unit_run_says(u, stage, str_of(*i));
    return own;
}

/* A bare name is looked for where a shell would. */
struct source origin_find_in_path(struct unit *u, struct stage *stage, struct str workdir,
                                  struct str name)
{
    static const char *const dirs[] = {"/usr/local/sbin", "/usr/local/bin", "/usr/sbin", "/usr/bin",
                                       "/sbin",           "/bin",           "/go/bin",   NULL};
    for (const char *const *d = dirs; *d; d++) {
        struct source src = origin_find(u, stage, workdir, stage_join(u->arena, str_of(*d), name));
        if (src.item)
            return src;
    }
    struct source src = origin_find(u, stage, workdir, STR(""));
    if (src.origin == ORIGIN_BUILT && !may_install(u, stage, workdir, name))
        src.origin = ORIGIN_UNKNOWN;
    return src;
}
