/*
 * .NET: `dotnet x.dll` on Microsoft's runtime images, which have variants without a shell of the
 * same tags. Those with "extra" have the same libraries: ICU and time zones, too.
 */
#include "base/buf.h"
#include "split/closure.h"
#include "split/code.h"
#include "split/runtime.h"
#include "split/shape.h"

/* clang-format off */
static const struct code_mark marks[] = {
    {"Process.Start", NULL, "starts other programs"},
    {"ProcessStartInfo", NULL, "starts other programs"},
    {"/bin/sh", NULL, "starts a shell"},
    {"/bin/bash", NULL, "starts a shell"},
    {"System.Drawing", NULL, "draws with libraries of the system"},
    {NULL, NULL, NULL},
};
/* clang-format on */

static const char *const endings[] = {".cs", ".fs", ".vb", ".cshtml", ".razor", NULL};

static bool is_runtime(const struct split *sp)
{
    static const char *const names[] = {"mcr.microsoft.com/dotnet/aspnet",
                                        "mcr.microsoft.com/dotnet/runtime", NULL};
    const struct stage *root = stage_root(sp->s);
    for (const char *const *n = names; root->base_kind == STAGE_ON_IMAGE && *n; n++)
        if (str_is(root->image.repository, *n))
            return true;
    return false;
}

static bool claims(struct split *sp)
{
    return str_is(str_basename(sp->words.v[0]), "dotnet") || is_runtime(sp);
}

/* ---- packages ------------------------------------------------------------------------------- */

struct projects {
    struct split *sp;
    struct strs doubts;
    size_t files, more;
};

enum { NAMED_MAX = 5 };

static void judge_package(struct projects *p, struct str name)
{
    struct split *sp = p->sp;
    if (distroless_lists(&sp->data.refused, name))
        split_refuse(sp, "program-needed", sp->at,
                     "uses the package '%s', which needs programs or libraries of the system",
                     split_text(sp, name));
    else if (!distroless_lists(&sp->data.libraries, name) && p->doubts.n < NAMED_MAX)
        *vec_push(sp->u->arena, &p->doubts) = name;
    else if (!distroless_lists(&sp->data.libraries, name))
        p->more++;
}

/* <PackageReference Include="NAME" */
static void read_project(void *ctx, struct str path, struct str text)
{
    static const struct str mark = {"<PackageReference", 17}, include = {"Include=\"", 9};
    struct projects *p = ctx;
    (void)path;
    p->files++;
    for (ptrdiff_t at; (at = str_find(text, mark)) >= 0;) {
        text = str_from(text, (size_t)at + mark.n);
        ptrdiff_t end = str_chr(text, '>'), name = str_find(text, include);
        if (name < 0 || name > end)
            continue;
        struct str value = str_from(text, (size_t)name + include.n);
        ptrdiff_t quote = str_chr(value, '"');
        if (quote > 0)
            judge_package(p, str_sub(value, 0, (size_t)quote));
    }
}

static bool judge_packages(struct split *sp)
{
    static const char *const projects[] = {
        ".csproj", ".fsproj", ".vbproj", "Directory.Build.props", "packages.config", NULL};
    struct projects p = {.sp = sp};
    struct buf b = buf_in(sp->u->arena);
    bool all = split_sources(sp, projects, read_project, &p) && p.files;
    for (size_t i = 0; i < p.doubts.n; i++)
        buf_addf(&b, "%s%s", i ? ", " : "", split_text(sp, p.doubts.v[i]));
    if (p.more)
        buf_addf(&b, " and %zu more", p.more);
    if (!all)
        buf_addf(&b, "%sthose of projects that are not seen", b.n ? ", " : "");
    if (!b.n)
        return true;
    split_review(sp, "code-not-seen", sp->at,
                 str_fmt(sp->u->arena,
                         "its packages start no other programs and need no libraries of the "
                         "system: %.*s",
                         STR_ARG(buf_str(&b))),
                 "uses packages of which it is not known what they need (%.*s)",
                 STR_ARG(buf_str(&b)));
    return false;
}

/* ---- all of it ------------------------------------------------------------------------------ */

/* dotnet x.dll, dotnet exec x.dll; anything else builds, or is another program. */
static bool is_plain(const struct split *sp)
{
    const struct strs *words = &sp->words;
    size_t i = 1;
    if (!str_is(str_basename(words->v[0]), "dotnet"))
        return false;
    i += i < words->n && str_is(words->v[i], "exec");
    return i < words->n && str_ends(words->v[i], STR(".dll"));
}

/* dotnet publish -r linux-musl-x64 */
static void judge_target(struct split *sp)
{
    struct closure all = closure_of(sp->u, sp->s);
    VEC_EACH (s, &all.stages)
        if (unit_run_says(sp->u, *s, STR("linux-musl")))
            split_refuse(sp, "libc-mismatch", (*s)->from,
                         "is published for musl, and the image has glibc");
}

static void plan(struct split *sp)
{
    struct str tag = split_version(sp);
    struct strs start = {0};
    if (!is_runtime(sp) || !tag.n) {
        split_refuse(sp, "runtime-version", stage_root(sp->s)->from,
                     "does not build on an image of .NET whose tag is known");
        return;
    }
    bool web = str_ends(stage_root(sp->s)->image.repository, STR("/aspnet"));
    if (!split_image(sp, web ? "aspnet" : "runtime", tag))
        return;
    if (!is_plain(sp)) {
        split_refuse(sp, "start-not-plain", sp->at, "starts something else than `dotnet x.dll`");
        return;
    }
    judge_target(sp);
    bool clean = code_is_clean(sp, endings, marks);
    if (!clean)
        split_review(sp, "code-not-seen", sp->at,
                     STR("its code starts no other programs, a shell above all"),
                     "has code that is not seen");
    sp->no_children = judge_packages(sp) && clean;
    for (size_t i = 1; i < sp->words.n; i++)
        *vec_push(sp->u->arena, &start) = sp->words.v[i];
    runtime_start(sp, &start);
    runtime_environment(sp);
}

const struct shape shape_dotnet = {.name = "dotnet", .claims = claims, .plan = plan};
