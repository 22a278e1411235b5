/*
 * Rust. A program for a musl target stands by itself (static); one for the builder's own system is
 * linked with its glibc and libgcc (cc). Which C libraries else, Cargo.lock says.
 */
#include "split/crates.h"
#include "split/libc.h"
#include "split/shape.h"
#include "split/trace.h"

/* The `cargo build` or `cargo install` that makes the program. */
struct cargo {
    struct trace_at at;
    struct str target; /* of --target; "": the builder's own */
    bool target_known;
    struct str path; /* where it was made */
};

/* ---- which file ----------------------------------------------------------------------------- */

static bool option(const struct run_effect *e, size_t *i, const char *name, struct str *value)
{
    struct str w = e->operands.v[*i].value, n = str_of(name);
    if (str_eq(w, n) && *i + 1 < e->operands.n) {
        *value = e->operands.v[++*i].value;
        return true;
    }
    if (!str_starts(w, n) || w.n <= n.n || w.p[n.n] != '=')
        return false;
    *value = str_from(w, n.n + 1);
    return true;
}

/* cwd/target/[TRIPLE/]release/NAME */
static bool is_in_target(struct split *sp, const struct trace_at *at, struct str path,
                         struct str triple)
{
    struct arena *a = sp->u->arena;
    struct str dir, target;
    if (!at->cwd.n && !trace_variable(at, "CARGO_TARGET_DIR", &dir))
        return false;
    if (trace_variable(at, "CARGO_TARGET_DIR", &target))
        dir = stage_join(a, at->cwd.n ? at->cwd : STR("/"), target);
    else
        dir = stage_join(a, at->cwd, STR("target"));
    if (triple.n)
        dir = stage_join(a, dir, triple);
    struct str rest = stage_inside(path, dir) && path.n > dir.n ? str_from(path, dir.n + 1) : dir;
    ptrdiff_t slash = str_chr(rest, '/');
    return slash > 0 && str_chr(str_from(rest, (size_t)slash + 1), '/') < 0;
}

/* --root DIR, else CARGO_HOME */
static bool is_installed(struct split *sp, const struct trace_at *at, struct str path,
                         struct str root)
{
    struct str home;
    if (!root.n)
        root = trace_variable(at, "CARGO_HOME", &home) ? home : STR("/usr/local/cargo");
    struct str dir = stage_join(sp->u->arena, at->cwd.n ? at->cwd : STR("/"), root);
    dir = stage_join(sp->u->arena, dir, STR("bin"));
    return str_eq(stage_join(sp->u->arena, dir, str_basename(path)), path);
}

static bool read_cargo(struct split *sp, const struct trace_at *at, struct str path,
                       struct cargo *out)
{
    const struct run_effect *e = at->effect;
    struct str root = STR(""), value;
    *out = (struct cargo){.at = *at, .target = STR(""), .path = path};
    if (!str_is(e->program, "cargo") || !e->operands.n)
        return false;
    size_t first = str_starts(e->operands.v[0].value, STR("+")); /* cargo +nightly */
    if (first >= e->operands.n)
        return false;
    struct str verb = e->operands.v[first].value;
    bool local = true, install = str_is(verb, "install");
    if (!install && !str_is(verb, "build") && !str_is(verb, "b") && !str_is(verb, "rustc") &&
        !str_is(verb, "zigbuild"))
        return false;
    if (trace_variable(at, "CARGO_BUILD_TARGET", &value))
        out->target = value;
    for (size_t i = first + 1; i < e->operands.n; i++)
        if (option(e, &i, "--target", &value))
            out->target = value;
        else if (option(e, &i, "--root", &value))
            root = value;
        else if (option(e, &i, "--target-dir", &value) || option(e, &i, "--manifest-path", &value))
            local = false;
    if (str_chr(out->target, '$') >= 0 || !local)
        return false;
    return install ? is_installed(sp, at, path, root) : is_in_target(sp, at, path, out->target);
}

static bool is_made(void *ctx, const struct trace_at *at, struct str path)
{
    struct cargo c;
    return read_cargo(ctx, at, path, &c);
}

static bool find_program(struct split *sp, struct str word, struct cargo *out, struct str *path)
{
    static const char *const dirs[] = {"/usr/local/sbin",
                                       "/usr/local/bin",
                                       "/usr/local/cargo/bin",
                                       "/usr/sbin",
                                       "/usr/bin",
                                       "/bin",
                                       NULL};
    struct trace_at at;
    bool found = false;
    if (str_chr(word, '/') >= 0) {
        *path = split_path(sp, word);
        found = trace_find(sp, sp->s, *path, is_made, sp, &at);
    }
    for (const char *const *d = dirs; str_chr(word, '/') < 0 && *d && !found; d++) {
        *path = stage_join(sp->u->arena, str_of(*d), word);
        found = trace_find(sp, sp->s, *path, is_made, sp, &at);
    }
    if (found)
        read_cargo(sp, &at, at.path, out);
    return found;
}

static bool claims(struct split *sp)
{
    struct cargo c;
    struct str path;
    return find_program(sp, sp->words.v[0], &c, &path);
}

/* ---- what it is linked with ----------------------------------------------------------------- */

/* Targets of musl are linked statically, unless somebody says otherwise. */
static bool is_static(struct split *sp, const struct cargo *c)
{
    bool musl =
        str_has(c->target, "musl") || (!c->target.n && libc_of(sp, c->at.s).kind == LIBC_MUSL);
    LIST_EACH (it, sp->u->list)
        if (str_find(it->bytes, STR("-crt-static")) >= 0)
            musl = false;
    return musl || stage_root(sp->s)->base_kind == STAGE_ON_SCRATCH;
}

static void plan_image(struct split *sp, const struct cargo *c, const struct crates *code)
{
    struct libc libc = libc_of(sp, c->at.s);
    if (is_static(sp, c)) {
        split_image(sp, "static", STR(""));
        return;
    }
    if (!libc_fits(sp, c->at.s, sp->words.v[0]))
        return;
    if (code->native.n)
        split_refuse(sp, "native-library", c->at.step->item,
                     "uses the crate '%s', which may be linked with a library that is not there",
                     split_text(sp, code->native));
    if (code->openssl && libc.minor < 36) /* OpenSSL 3 came with bookworm */
        split_refuse(sp, "native-library", c->at.step->item,
                     "is linked with an OpenSSL that is older than that of the image");
    split_image(sp, "cc", STR(""));
}

/* ---- what it does --------------------------------------------------------------------------- */

static void judge_code(struct split *sp, const struct cargo *c, const struct crates *code)
{
    struct arena *a = sp->u->arena;
    const struct df_item *at = c->at.step->item;
    bool scratch = stage_root(sp->s)->base_kind == STAGE_ON_SCRATCH;
    bool known = code->seen && !code->stranger.n && !code->refused.n && !code->unknown.n;
    sp->no_children = scratch || (known && !code->exec);
    sp->knows_code = known;
    sp->may_write = !(known && !code->writes);
    if (scratch)
        return;
    if (code->exec || code->refused.n)
        split_refuse(sp, "program-needed", at,
                     "starts other programs ('%s'), and there are none in the image",
                     split_text(sp, code->exec ? code->exec_at : code->refused));
    else if (!known)
        split_review(sp, "code-not-seen", at,
                     str_fmt(a,
                             "'%s' starts no other programs, and needs no libraries and files but "
                             "those that are copied",
                             split_text(sp, code->stranger.n  ? code->stranger
                                            : code->unknown.n ? code->unknown
                                                              : sp->words.v[0])),
                     "is built from code that was not read: %s",
                     !code->seen ? code->unseen : "a crate of which nothing is known");
    if (code->system.n)
        split_review(sp, "code-not-seen", at,
                     str_fmt(a, "it does without '%s'", split_text(sp, code->system)),
                     "names the path '%s', which may not be in the image",
                     split_text(sp, code->system));
}

/* A bare name that is found in the home of cargo only. */
static void plan_start(struct split *sp, struct str path)
{
    struct strs *first = sp->entrypoint.n ? &sp->entrypoint : &sp->cmd;
    if (str_chr(first->v[0], '/') >= 0 || !str_has(path, "/cargo/"))
        return;
    first->v[0] = path;
    sp->reformed = true;
}

static void plan(struct split *sp)
{
    struct cargo c;
    struct crates code;
    struct str path;
    if (!find_program(sp, sp->words.v[0], &c, &path))
        return;
    sp->compiled = sp->picks = true;
    crates_read(sp, &code);
    plan_image(sp, &c, &code);
    judge_code(sp, &c, &code);
    plan_start(sp, path);
    split_copy(sp, path, false);
}

const struct shape shape_rust = {
    .name = "rust",
    .claims = claims,
    .plan = plan,
};
