/*
 * Go. A program without cgo stands by itself (static); with it, it is linked with the C library of
 * its builder (base; cc where C++ is in it). That it needs nothing else is proven by its code, as
 * far as the build context shows it.
 */
#include "split/go.h"
#include "split/libc.h"
#include "split/shape.h"

/* ---- is it one ------------------------------------------------------------------------------ */

/* Where a bare name is found. */
static bool find_program(struct split *sp, struct str word, struct go_build *b, struct str *path)
{
    static const char *const dirs[] = {"/usr/local/sbin", "/usr/local/bin", "/go/bin", "/usr/sbin",
                                       "/usr/bin",        "/sbin",          "/bin",    NULL};
    if (str_chr(word, '/') >= 0) {
        *path = split_path(sp, word);
        return go_find_build(sp, sp->s, *path, b);
    }
    for (const char *const *d = dirs; *d; d++) {
        *path = stage_join(sp->u->arena, str_of(*d), word);
        if (go_find_build(sp, sp->s, *path, b))
            return true;
    }
    return false;
}

static bool claims(struct split *sp)
{
    struct go_build b;
    struct str path;
    return find_program(sp, sp->words.v[0], &b, &path);
}

/* ---- what it is linked with ----------------------------------------------------------------- */

/* apk add gcc, build-base: without a compiler go builds without cgo (since 1.20). */
static bool has_compiler(struct split *sp, struct stage *s)
{
    static const char *const packages[] = {"gcc",        "g++",      "build-base", "clang",
                                           "alpine-sdk", "musl-dev", "libc-dev",   "tcc",
                                           "zig",        NULL};
    for (const char *const *p = packages; *p; p++)
        if (unit_run_says(sp->u, s, str_of(*p)))
            return true;
    return false;
}

/* "1.22-alpine": at least this minor version of Go 1? */
static bool is_go_since(const struct stage *root, uint64_t minor)
{
    struct str tag = root->image.tag, part;
    uint64_t major, have;
    if (!str_is(root->image.repository, "golang"))
        return false;
    if (!tag.n || str_is(tag, "alpine") || str_is(tag, "latest") || str_is(tag, "1-alpine"))
        return true;
    if (!str_split(&tag, '.', &part) || !str_to_u64(part, 9, &major) || major != 1)
        return false;
    size_t n = 0;
    while (n < tag.n && tag.p[n] >= '0' && tag.p[n] <= '9')
        n++;
    return str_to_u64(str_sub(tag, 0, n), 999, &have) && have >= minor;
}

static bool has_native_packages(struct split *sp, struct stage *s, struct str *which)
{
    for (; s; s = s->parent)
        VEC_EACH (step, &s->steps) {
            const struct run_effects *run = stage_run(sp->u->graph, step);
            for (size_t i = 0; run && i < run->effects.n; i++) {
                const struct run_effect *e = &run->effects.v[i];
                VEC_EACH (w, &e->operands)
                    if (e->kind == RUN_PACKAGES && str_starts(w->value, STR("lib")) &&
                        str_has(w->value, "-dev") && !str_starts(w->value, STR("libc6-dev"))) {
                        *which = w->value;
                        return true;
                    }
            }
        }
    return false;
}

/* Linked with glibc: everything that is not in the image has to be known not to be used. */
static void plan_dynamic(struct split *sp, const struct go_build *b, const struct go_code *code)
{
    struct str name = sp->words.v[0], library = STR("");
    if (!libc_fits(sp, b->s, name))
        return;
    if (code->c_library.n || has_native_packages(sp, b->s, &library))
        split_refuse(sp, "native-library", b->step->item,
                     "is linked with a library that is not in the image ('%s')",
                     split_text(sp, code->c_library.n ? code->c_library : library));
    bool cxx = code->cxx || !code->seen || code->stranger.n;
    split_image(sp, cxx ? "cc" : "base", STR(""));
}

static bool is_scratch(const struct split *sp)
{
    return stage_root(sp->s)->base_kind == STAGE_ON_SCRATCH;
}

static void plan_image(struct split *sp, const struct go_build *b, const struct go_code *code)
{
    bool off = b->cgo == GO_CGO_OFF && !b->race;
    bool pure = code->seen && !code->c && !code->network && !code->stranger.n && !b->race;
    bool musl = libc_of(sp, b->s).kind == LIBC_MUSL;
    bool bare = musl && b->cgo == GO_CGO_DEFAULT && !b->race && is_go_since(stage_root(b->s), 20) &&
                !has_compiler(sp, b->s);
    if (off || pure || bare || is_scratch(sp))
        split_image(sp, "static", STR(""));
    else
        plan_dynamic(sp, b, code);
}

/* ---- what it does --------------------------------------------------------------------------- */

/* From scratch there is nothing that it could have used. */
static void judge_code(struct split *sp, const struct go_build *b, const struct go_code *code)
{
    struct arena *a = sp->u->arena;
    const struct df_item *at = b->step->item;
    sp->no_children =
        is_scratch(sp) || (code->seen && !code->exec && !code->stranger.n && !code->refused.n);
    sp->knows_code = code->seen && !code->stranger.n && !code->refused.n;
    sp->reads_nothing = code->seen && !code->reads && !code->stranger.n && !code->refused.n;
    sp->may_write = !(code->seen && !code->writes && !code->stranger.n && !code->refused.n);
    if (is_scratch(sp))
        return;
    if (code->exec)
        split_refuse(sp, "program-needed", at,
                     "starts other programs (%s), and there are none in the image",
                     split_text(sp, code->exec_at));
    else if (code->refused.n)
        split_refuse(sp, "program-needed", at,
                     "uses '%s', which starts other programs or needs files of the system",
                     split_text(sp, code->refused));
    else if (!code->seen)
        split_review(sp, "code-not-seen", at,
                     str_fmt(a,
                             "'%s' starts no other programs, and needs no files but those that "
                             "are copied",
                             split_text(sp, sp->words.v[0])),
                     "is built from code that was not read: %s", code->unseen);
    else if (code->stranger.n)
        split_review(sp, "code-not-seen", at,
                     str_fmt(a,
                             "'%s' and what it uses start no other programs and need no files "
                             "of the system",
                             split_text(sp, code->stranger)),
                     "uses '%s', of which nothing is known", split_text(sp, code->stranger));
    if (code->seen && code->system.n)
        split_review(sp, "code-not-seen", at,
                     str_fmt(a, "it does without '%s'", split_text(sp, code->system)),
                     "names the path '%s', which may not be in the image",
                     split_text(sp, code->system));
}

/* ---- all of it ------------------------------------------------------------------------------ */

/* The directories of PATH in the image. */
static bool is_in_path(struct str path)
{
    static const char *const dirs[] = {"/usr/local/sbin", "/usr/local/bin", "/usr/sbin", "/usr/bin",
                                       "/sbin",           "/bin",           NULL};
    ptrdiff_t slash = str_rchr(path, '/');
    for (const char *const *d = dirs; *d; d++)
        if (str_is(str_sub(path, 0, (size_t)slash), *d))
            return true;
    return false;
}

/* A bare name that is not found there is written as a path. */
static void plan_start(struct split *sp, struct str path)
{
    struct strs *first = sp->entrypoint.n ? &sp->entrypoint : &sp->cmd;
    if (str_chr(first->v[0], '/') >= 0 || is_in_path(path))
        return;
    first->v[0] = path;
    sp->reformed = true;
}

static void plan(struct split *sp)
{
    struct go_build b;
    struct go_code code;
    struct str path;
    if (!find_program(sp, sp->words.v[0], &b, &path))
        return;
    sp->compiled = true;
    if (b.foreign)
        split_refuse(sp, "unknown-shape", b.step->item,
                     "is built for another system, or as a library");
    go_read_code(sp, &b, &code);
    plan_image(sp, &b, &code);
    judge_code(sp, &b, &code);
    plan_start(sp, path);
    split_copy(sp, path, false);
    sp->picks = true;
}

/* go run and go generate run anything, and that may make files which the program reads. */
static bool does(struct split *sp, struct stage *s, const struct stage_step *step,
                 const struct run_effect *e)
{
    static const char *const verbs[] = {"build", "install", "get",  "mod", "vet",
                                        "test",  "version", "env",  "fmt", "list",
                                        "clean", "work",    "tool", "doc", NULL};
    (void)s;
    (void)step;
    if (!str_is(e->program, "go") || !e->operands.n)
        return false;
    for (const char *const *v = verbs; *v; v++)
        if (str_is(e->operands.v[0].value, *v))
            return true;
    return sp->reads_nothing;
}

const struct shape shape_go = {
    .name = "go",
    .claims = claims,
    .plan = plan,
    .does = does,
};
