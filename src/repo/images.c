/*
 * Claims are kept as they come, then sorted by name, so that a question costs a search. What is
 * said of Dockerfiles that are not there is thrown away first: a script may say it of a folder that
 * it goes to, or of another repository.
 *
 * Two claims are at odds when they name different Dockerfiles or stages. One that is said for the
 * folder that the manifest is in comes before those of other folders; besides that there is no
 * order among them, because nothing tells which one is deployed.
 */
#include "repo/images.h"

#include <stdlib.h>

#include "base/buf.h"
#include "base/utf8.h"
#include "dockerfile/image.h"
#include "repo/images_reader.h"

enum { NAME_BYTES_MAX = 512 };

struct str images_folder(struct str path)
{
    ptrdiff_t slash = str_rchr(path, '/');
    return str_sub(path, 0, slash < 0 ? 0 : (size_t)slash);
}

static struct str shown_folder(struct str path)
{
    return str_sub(path, 0, (size_t)(str_rchr(path, '/') + 1));
}

/* ---- names ---------------------------------------------------------------------------------- */

/* A tag stands behind the last slash; a digest holds a colon, too. */
static struct str without_tag(struct str image)
{
    ptrdiff_t at = str_chr(image, '@');
    if (at >= 0)
        image = str_sub(image, 0, (size_t)at);
    ptrdiff_t slash = str_rchr(image, '/');
    struct str last = str_from(image, (size_t)(slash + 1));
    ptrdiff_t colon = str_chr(last, ':');
    return colon < 0 ? image : str_sub(image, 0, (size_t)(slash + 1 + colon));
}

bool images_name(struct arena *a, struct str image, struct str *name, bool *open)
{
    struct image_ref ref;
    struct str bare = without_tag(str_trim(image));
    ptrdiff_t hole = str_rchr(bare, IMAGES_HOLE);
    *open = hole >= 0;
    if (bare.n > NAME_BYTES_MAX)
        return false;
    if (*open) {
        /* "?/app" and "?/acme/app" tell something, "app-?" and "?app" nothing. */
        bare = str_from(bare, (size_t)hole + 1);
        if (!str_starts(bare, STR("/")) || bare.n < 2)
            return false;
        bare = str_from(bare, 1);
    }
    if (!image_parse(a, bare, &ref))
        return false;
    *name = *open ? bare : ref.repository;
    return true;
}

/* ---- taking claims -------------------------------------------------------------------------- */

static void add_claim(struct images *im, struct images_claim claim)
{
    if (im->claims.n < IMAGES_CLAIMS_MAX)
        *vec_push(im->arena, &im->claims) = claim;
}

/* The Dockerfile from the root. */
static bool dockerfile_of(struct arena *a, const struct images_step *s, struct str *out)
{
    struct str context = STR(""), file = s->dockerfile;
    bool remote = builds_is_remote(s->context) || str_chr(s->context, IMAGES_HOLE) >= 0;
    bool seen = !remote && builds_join(a, s->base, s->context, &context);
    bool needs = !file.n || s->from_context;
    bool unknown = str_chr(file, IMAGES_HOLE) >= 0 || str_chr(s->base, IMAGES_HOLE) >= 0;
    if (unknown || (needs && !seen))
        return false;
    if (!file.n)
        return builds_join(a, context, STR("Dockerfile"), out);
    return builds_join(a, s->from_context ? context : s->base, file, out);
}

void images_add_step(struct images *im, const struct images_file *f, const struct images_step *s)
{
    struct arena *a = im->arena;
    struct images_claim claim = {.line = s->line, .target = s->target};
    struct str path;
    if (!images_name(a, s->image, &claim.name, &claim.open) || !dockerfile_of(a, s, &path))
        return;
    claim.name = str_dup(a, claim.name);
    claim.target_known = str_chr(s->target, IMAGES_HOLE) < 0;
    claim.target = claim.target_known ? str_dup(a, s->target) : STR("");
    claim.dockerfile = str_cat(a, f->root, path);
    claim.file = str_cat(a, f->root, f->path);
    /* What a workflow says is said for the whole tree. */
    claim.scope = f->kind == IMAGES_TILT ? shown_folder(claim.file) : str_dup(a, f->root);
    add_claim(im, claim);
}

void images_add_build(struct images *im, struct str root, const struct build *b)
{
    struct arena *a = im->arena;
    struct images_claim claim = {.line = b->line, .target = b->target.text};
    if (!b->image.known || !b->image.text.n || b->no_image || b->dockerfile_inline ||
        !images_name(a, b->image.text, &claim.name, &claim.open))
        return;
    claim.target_known = b->target.known;
    claim.file = str_cat(a, root, b->file);
    claim.scope = shown_folder(claim.file);
    const struct build_text *files[] = {&b->dockerfile, &b->dockerfile_or};
    for (size_t i = 0; i < 2; i++)
        if (files[i]->known && files[i]->text.n) {
            claim.dockerfile = str_cat(a, root, files[i]->text);
            add_claim(im, claim);
        }
}

const char *images_give(struct images *im, struct str folder, struct str text)
{
    struct arena *a = im->arena;
    struct str path = text, name;
    struct images_claim claim = {
        .given = true, .target = STR(""), .target_known = true, .file = STR(""), .scope = folder};
    bool both = str_split(&path, '=', &name) && path.p && path.n;
    if (!both || !images_name(a, name, &claim.name, &claim.open) || claim.open)
        return str_fmt(a, "--image takes NAME=DOCKERFILE, not '%s'", utf8_safe(a, text, 60).p).p;
    while (str_starts(path, STR("./")))
        path = str_from(path, 2);
    claim.name = str_dup(a, claim.name);
    claim.dockerfile = str_cat(a, folder, path);
    images_add_dockerfile(im, claim.dockerfile); /* whether it is there or not */
    add_claim(im, claim);
    return NULL;
}

void images_add_dockerfile(struct images *im, struct str path)
{
    *vec_push(im->arena, &im->dockerfiles) = path;
}

/* ---- guesses -------------------------------------------------------------------------------- */

static bool is_word(struct str s, const char *const *words)
{
    for (; *words; words++)
        if (str_eq_nocase(s, str_of(*words)))
            return true;
    return false;
}

/* "web" of web/Dockerfile, web/docker/Dockerfile; "" at the root. */
static struct str folder_name(struct str folder)
{
    static const char *const housings[] = {"docker",    ".docker", "dockerfiles", "build",
                                           "deploy",    "src",     "app",         "image",
                                           "container", "package", NULL};
    struct str all = folder, last;
    while (folder.n) {
        last = str_basename(folder);
        folder = images_folder(str_sub(folder, 0, (size_t)(last.p - folder.p) + last.n));
        if (!is_word(last, housings))
            return last;
    }
    return str_basename(all);
}

/* What the file's own name adds: "worker" of Dockerfile.worker and worker.Dockerfile. */
static struct str own_name(struct str base)
{
    static const char *const begins[] = {"Dockerfile.", "Containerfile."};
    static const char *const ends[] = {".Dockerfile", ".dockerfile", ".Containerfile"};
    for (size_t i = 0; i < sizeof begins / sizeof *begins; i++)
        if (str_starts(base, str_of(begins[i])))
            return str_from(base, strlen(begins[i]));
    for (size_t i = 0; i < sizeof ends / sizeof *ends; i++)
        if (str_ends(base, str_of(ends[i])))
            return str_sub(base, 0, base.n - strlen(ends[i]));
    return STR("");
}

/* The name that an image of this Dockerfile would have; "" for none. */
static struct str guessed_name(struct str dockerfile)
{
    static const char *const shipped[] = {"prod", "production", "release",
                                          "k8s",  "kubernetes", NULL};
    static const char *const not_shipped[] = {"dev",   "devel",   "development", "test",
                                              "tests", "debug",   "local",       "ci",
                                              "base",  "builder", "build",       NULL};
    struct str own = own_name(str_basename(dockerfile));
    if (is_word(own, not_shipped))
        return STR("");
    if (own.n && !is_word(own, shipped))
        return own;
    return folder_name(images_folder(dockerfile));
}

static void add_guess(struct images *im, struct str dockerfile)
{
    struct str name = guessed_name(dockerfile);
    if (name.n)
        *vec_push(im->arena, &im->guesses) =
            (struct images_claim){.name = str_lower(im->arena, name),
                                  .dockerfile = dockerfile,
                                  .target = STR(""),
                                  .target_known = true,
                                  .file = STR(""),
                                  .scope = shown_folder(dockerfile)};
}

/* ---- sorting -------------------------------------------------------------------------------- */

static int compare_text(const void *x, const void *y)
{
    return str_cmp(*(const struct str *)x, *(const struct str *)y);
}

static int compare_claim(const void *x, const void *y)
{
    const struct images_claim *a = x, *b = y;
    if (a->open != b->open)
        return a->open - b->open;
    int c = str_cmp(a->name, b->name);
    if (!c)
        c = str_cmp(a->dockerfile, b->dockerfile);
    if (!c)
        c = str_cmp(a->file, b->file);
    return c ? c : (a->line > b->line) - (a->line < b->line);
}

bool images_has(const struct images *im, struct str path)
{
    return im->dockerfiles.n && bsearch(&path, im->dockerfiles.v, im->dockerfiles.n,
                                        sizeof *im->dockerfiles.v, compare_text);
}

void images_finish(struct images *im)
{
    size_t kept = 0;
    size_t n = 0;
    if (im->dockerfiles.n)
        qsort(im->dockerfiles.v, im->dockerfiles.n, sizeof *im->dockerfiles.v, compare_text);
    VEC_EACH (path, &im->dockerfiles)
        if (!n || !str_eq(im->dockerfiles.v[n - 1], *path))
            im->dockerfiles.v[n++] = *path;
    im->dockerfiles.n = n;
    VEC_EACH (c, &im->claims)
        if (images_has(im, c->dockerfile))
            im->claims.v[kept++] = *c;
    im->claims.n = kept;
    if (kept)
        qsort(im->claims.v, kept, sizeof *im->claims.v, compare_claim);
    for (im->open_from = 0; im->open_from < kept && !im->claims.v[im->open_from].open;)
        im->open_from++;
    VEC_EACH (path, &im->dockerfiles)
        add_guess(im, *path);
    if (im->guesses.n)
        qsort(im->guesses.v, im->guesses.n, sizeof *im->guesses.v, compare_claim);
}

/* ---- asking --------------------------------------------------------------------------------- */

/* The claims that answer one question. */
struct found {
    struct arena *arena;
    VEC(const struct images_claim *) v;
};

static size_t lower_bound(const struct images_claim *v, size_t n, struct str name)
{
    size_t low = 0, high = n;
    while (low < high) {
        size_t mid = low + (high - low) / 2;
        if (str_cmp(v[mid].name, name) < 0)
            low = mid + 1;
        else
            high = mid;
    }
    return low;
}

static void add_named(struct found *f, const struct images_claim *v, size_t n, struct str name)
{
    for (size_t i = n ? lower_bound(v, n, name) : 0; i < n && str_eq(v[i].name, name); i++)
        *vec_push(f->arena, &f->v) = &v[i];
}

/* Open claims are looked for by each end of the name: "host/acme/app", "acme/app", "app". The
 * longest one that somebody has is the best. */
static void add_open(const struct images *im, struct found *f, struct str name)
{
    size_t n = im->claims.n - im->open_from;
    const struct images_claim *v = n ? im->claims.v + im->open_from : NULL;
    while (n && !f->v.n && name.n) {
        add_named(f, v, n, name);
        ptrdiff_t slash = str_chr(name, '/');
        name = slash < 0 ? STR("") : str_from(name, (size_t)slash + 1);
    }
}

static void keep_given(struct found *f)
{
    size_t kept = 0;
    VEC_EACH (c, &f->v)
        if ((*c)->given)
            f->v.v[kept++] = *c;
    if (kept)
        f->v.n = kept;
}

static void keep_near(struct found *f, struct str path)
{
    size_t kept = 0;
    VEC_EACH (c, &f->v)
        if (str_starts(path, (*c)->scope))
            f->v.v[kept++] = *c;
    if (kept)
        f->v.n = kept;
}

/* How much of two paths are the same folders. */
static size_t common(struct str a, struct str b)
{
    size_t n = 0;
    for (size_t i = 0; i < a.n && i < b.n && a.p[i] == b.p[i]; i++)
        if (a.p[i] == '/')
            n = i + 1;
    return n;
}

static void keep_nearest(struct found *f, struct str path)
{
    size_t kept = 0, most = 0;
    VEC_EACH (c, &f->v)
        if (common((*c)->scope, path) > most)
            most = common((*c)->scope, path);
    VEC_EACH (c, &f->v)
        if (common((*c)->scope, path) == most)
            f->v.v[kept++] = *c;
    f->v.n = kept;
}

static const char *said_by(struct arena *a, const struct images_claim *c)
{
    if (c->file.n)
        return str_fmt(a, " (%s:%u)", utf8_safe(a, c->file, 0).p, c->line).p;
    return c->given ? " (--image)" : "";
}

static const char *at_odds(struct arena *a, const struct found *f)
{
    const struct images_claim *x = f->v.v[0];
    VEC_EACH (it, &f->v) {
        const struct images_claim *y = *it;
        const char *path = utf8_safe(a, y->dockerfile, 0).p;
        if (!str_eq(x->dockerfile, y->dockerfile))
            return str_fmt(a, "'%s'%s and '%s'%s may both be its Dockerfile",
                           utf8_safe(a, x->dockerfile, 0).p, said_by(a, x), path, said_by(a, y))
                .p;
        if (x->target_known != y->target_known || !str_eq(x->target, y->target))
            return str_fmt(a, "two stages of '%s' may be it%s%s", path, said_by(a, x),
                           said_by(a, y))
                .p;
    }
    return NULL;
}

static struct images_join join_of(struct arena *a, const struct found *f, enum images_how how,
                                  const char *guess)
{
    struct images_join j = {.how = how, .claim = f->v.v[0], .guess = guess};
    j.why = at_odds(a, f);
    if (j.why) {
        j.how = IMAGES_NONE;
        j.claim = NULL;
    } else if (f->v.v[0]->given) {
        j.how = IMAGES_GIVEN;
    }
    return j;
}

static struct images_join find_said(const struct images *im, struct arena *a, struct found *f,
                                    struct str name, struct str path)
{
    add_named(f, im->claims.v, im->open_from, name);
    VEC_EACH (alias, &im->aliases)
        if (str_eq(alias->name, name))
            add_named(f, im->claims.v, im->open_from, alias->other);
    if (!f->v.n)
        return (struct images_join){0};
    keep_given(f);
    keep_near(f, path);
    return join_of(a, f, IMAGES_SAID, NULL);
}

static struct images_join find_guess(const struct images *im, struct arena *a, struct found *f,
                                     struct str name, struct str path)
{
    add_open(im, f, name);
    if (!f->v.n) {
        add_named(f, im->guesses.v, im->guesses.n, str_basename(name));
        if (f->v.n)
            keep_nearest(f, path);
    }
    if (!f->v.n)
        return (struct images_join){0};
    struct images_join j =
        join_of(a, f, IMAGES_GUESSED,
                str_fmt(a, "'%s' is built from '%s'%s", utf8_safe(a, name, 0).p,
                        utf8_safe(a, f->v.v[0]->dockerfile, 0).p, said_by(a, f->v.v[0]))
                    .p);
    j.guesses = j.why != NULL;
    return j;
}

struct images_join images_find(const struct images *im, struct arena *a, struct str image,
                               struct str path)
{
    struct found f = {.arena = a};
    struct image_ref ref;
    if (!image_parse(a, image, &ref))
        return (struct images_join){0};
    struct images_join j = find_said(im, a, &f, ref.repository, path);
    if (j.how == IMAGES_NONE && !j.why)
        j = find_guess(im, a, &f, ref.repository, path);
    if (j.how != IMAGES_NONE && ref.digest.n)
        j = (struct images_join){
            .why =
                "the digest names an image that is there already, not the one that will be built"};
    return j;
}
