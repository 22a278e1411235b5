/*
 * Workflows of GitHub: docker/build-push-action and its like, and "docker build" in what `run:`
 * says. Expressions are names only: `env.NAME`, `matrix.NAME`, `steps.ID.outputs.tags` of a
 * docker/metadata-action; all others are holes. A step of a job with a matrix is read once for each
 * of its combinations.
 */
#include "base/buf.h"
#include "repo/images_reader.h"
#include "repo/images_words.h"

enum { PAIRS_MAX = 32, NESTED_MAX = 4 };

struct pair {
    struct str name;
    const struct ytree_node *value;
};

struct combination {
    struct pair v[PAIRS_MAX];
    size_t n;
};

struct workflow {
    struct images *images;
    const struct images_file *file;
    const struct ytree_node *root, *job, *step;
    VEC(struct combination) matrix;
    const struct combination *now;
    unsigned depth;
};

static const char hole[] = {IMAGES_HOLE, 0};

/* ---- expressions ---------------------------------------------------------------------------- */

static struct str value_of(void *ctx, struct str name);

/* The text with its expressions put in; p is NULL for no text. */
static struct str resolved(struct workflow *w, const struct ytree_node *n)
{
    struct buf b = buf_in(w->images->arena);
    struct str text;
    if (!ytree_text(n, &text))
        return STR_NULL;
    while (text.n) {
        ptrdiff_t at = str_find(text, STR("${{"));
        ptrdiff_t end = at < 0 ? -1 : str_find(text, STR("}}"));
        if (at < 0 || end < at) {
            buf_add(&b, text);
            break;
        }
        struct str v = value_of(w, str_trim(str_sub(text, (size_t)at + 3, (size_t)end)));
        buf_add(&b, str_sub(text, 0, (size_t)at));
        buf_add(&b, v.p ? v : str_make(hole, 1));
        text = str_from(text, (size_t)end + 2);
    }
    struct str all = buf_str(&b);
    return all.p ? all : STR("");
}

static const struct ytree_node *key_of(const struct ytree_node *map, struct str key)
{
    char name[64];
    if (!map || map->kind != YTREE_MAPPING || !key.n || key.n >= sizeof name)
        return NULL;
    memcpy(name, key.p, key.n);
    name[key.n] = 0;
    return ytree_find(map, name);
}

static const struct ytree_node *in_matrix(const struct workflow *w, struct str path)
{
    struct str name;
    const struct ytree_node *n = NULL;
    str_split(&path, '.', &name);
    for (size_t i = 0; w->now && i < w->now->n; i++)
        if (str_eq(w->now->v[i].name, name))
            n = w->now->v[i].value;
    while (n && path.p && str_split(&path, '.', &name))
        n = key_of(n, name);
    return n;
}

static const struct ytree_node *in_env(const struct workflow *w, struct str name)
{
    const struct ytree_node *maps[] = {w->step, w->job, w->root};
    for (size_t i = 0; i < 3; i++) {
        const struct ytree_node *n = key_of(ytree_find(maps[i], "env"), name);
        if (n)
            return n;
    }
    return NULL;
}

/* The image names of the step with that id, one a line. */
static const struct ytree_node *metadata_images(const struct workflow *w, struct str id)
{
    struct str text;
    const struct ytree_node *steps = ytree_find(w->job, "steps");
    if (!steps || steps->kind != YTREE_SEQUENCE)
        return NULL;
    YTREE_EACH (it, steps) {
        const struct ytree_node *step = ytree_real(it);
        if (ytree_text(ytree_find(step, "id"), &text) && str_eq(text, id) &&
            ytree_text(ytree_find(step, "uses"), &text) &&
            str_starts(text, STR("docker/metadata-action@")))
            return ytree_find(ytree_find(step, "with"), "images");
    }
    return NULL;
}

static struct str value_of(void *ctx, struct str name)
{
    struct workflow *w = ctx;
    const struct ytree_node *n = NULL;
    struct str id, rest;
    /* A shell variable has the name alone. */
    if (str_starts(name, STR("matrix.")))
        n = in_matrix(w, str_from(name, 7));
    else if (str_starts(name, STR("env.")))
        n = in_env(w, str_from(name, 4));
    else if (str_starts(name, STR("steps."))) {
        rest = str_from(name, 6);
        str_split(&rest, '.', &id);
        if (str_is(rest, "outputs.tags"))
            n = metadata_images(w, id);
    } else if (str_chr(name, '.') < 0) {
        n = in_env(w, name);
    }
    if (!n || w->depth >= NESTED_MAX)
        return STR_NULL;
    w->depth++;
    struct str v = resolved(w, n);
    w->depth--;
    return v;
}

/* ---- steps ---------------------------------------------------------------------------------- */

/* Actions that build, and what their inputs are called. */
static const struct action {
    const char *name, *images, *file, *context;
} actions[] = {
    {"docker/build-push-action@", "tags", "file", "context"},
    {"redhat-actions/buildah-build@", "image", "containerfiles", "context"},
    {"elgohr/publish-docker-github-action@", "name", "dockerfile", "context"},
    {"mr-smithers-excellent/docker-build-push@", "image", "dockerfile", "directory"},
    {"macbre/push-to-ghcr@", "image_name", "dockerfile", "context"},
};

static void add_images(struct workflow *w, struct images_step step, struct str images)
{
    struct str line, name;
    while (str_split(&images, '\n', &line))
        while (str_split(&line, ',', &name)) {
            name = str_trim(name);
            /* "type=…" lines of metadata, "name=…" of images */
            if (str_starts(name, STR("name=")))
                name = str_from(name, 5);
            step.image = name;
            if (name.n && str_chr(name, '=') < 0)
                images_add_step(w->images, w->file, &step);
        }
}

static struct str input(struct workflow *w, const struct ytree_node *with, const char *name)
{
    struct str text = resolved(w, ytree_find(with, name));
    return text.p ? str_trim(text) : STR("");
}

static void read_action(struct workflow *w, const struct action *action)
{
    const struct ytree_node *with = ytree_find(w->step, "with");
    struct images_step step = {.context = input(w, with, action->context),
                               .dockerfile = input(w, with, action->file),
                               .target = input(w, with, "target"),
                               .base = STR(""),
                               .line = w->step->line};
    if (str_starts(step.context, STR("{{defaultContext}}:")))
        step.context = str_from(step.context, 19);
    add_images(w, step, input(w, with, action->images));
}

static struct str folder_of(struct workflow *w)
{
    const struct ytree_node *maps[] = {w->job, w->root};
    const struct ytree_node *n = ytree_find(w->step, "working-directory");
    for (size_t i = 0; i < 2 && !n; i++)
        n = ytree_find(ytree_find(ytree_find(maps[i], "defaults"), "run"), "working-directory");
    struct str text = resolved(w, n);
    return text.p ? text : STR("");
}

static void read_run(struct workflow *w, const struct ytree_node *run)
{
    struct str text, base;
    struct arena *a = w->images->arena;
    if (!ytree_text(run, &text) || !str_has(text, "build"))
        return;
    if (!builds_join(a, STR(""), folder_of(w), &base))
        return;
    struct images_scan s = {.images = w->images,
                            .file = w->file,
                            .base = base,
                            .line = run->line + (run->style == YTREE_LITERAL),
                            .value = value_of,
                            .ctx = w};
    images_scan(&s, text);
}

static void read_step(struct workflow *w)
{
    struct str uses;
    const struct ytree_node *run = ytree_find(w->step, "run");
    if (run)
        read_run(w, run);
    if (!ytree_text(ytree_find(w->step, "uses"), &uses))
        return;
    for (size_t i = 0; i < sizeof actions / sizeof *actions; i++)
        if (str_eq_nocase(str_sub(uses, 0, strlen(actions[i].name)), str_of(actions[i].name)))
            read_action(w, &actions[i]);
}

/* ---- the matrix ----------------------------------------------------------------------------- */

static const struct ytree_node *get(const struct combination *c, struct str name)
{
    for (size_t i = 0; i < c->n; i++)
        if (str_eq(c->v[i].name, name))
            return c->v[i].value;
    return NULL;
}

static void put(struct combination *c, struct str name, const struct ytree_node *value)
{
    if (!get(c, name) && c->n < PAIRS_MAX)
        c->v[c->n++] = (struct pair){name, value};
}

/* Each combination once for every value of the list. */
static void multiply(struct workflow *w, struct str name, const struct ytree_node *list)
{
    size_t n = w->matrix.n;
    if (!n || n * list->n > IMAGES_MATRIX_MAX || !list->n)
        return;
    struct combination *old = w->matrix.v;
    w->matrix.v = NULL;
    w->matrix.n = w->matrix.cap = 0;
    for (size_t i = 0; i < n; i++)
        YTREE_EACH (it, list) {
            struct combination *c = vec_push(w->images->arena, &w->matrix);
            *c = old[i];
            put(c, name, ytree_real(it));
        }
}

static bool agrees(const struct combination *c, const ytree_pairs *entry)
{
    struct str x, y;
    VEC_EACH (p, entry) {
        const struct ytree_node *mine = get(c, p->key->text);
        if (mine && !(ytree_text(mine, &x) && ytree_text(p->value, &y) && str_eq(x, y)))
            return false;
    }
    return true;
}

/* It adds to those that it agrees with, or is one of its own. */
static void include(struct workflow *w, const struct ytree_node *entry, size_t listed)
{
    ytree_pairs pairs = ytree_all(w->images->arena, entry);
    bool fits = false;
    for (size_t i = 0; i < listed; i++)
        if (agrees(&w->matrix.v[i], &pairs)) {
            fits = true;
            VEC_EACH (p, &pairs)
                put(&w->matrix.v[i], p->key->text, p->value);
        }
    if (fits || w->matrix.n >= IMAGES_MATRIX_MAX)
        return;
    struct combination *c = vec_push(w->images->arena, &w->matrix);
    *c = (struct combination){0};
    VEC_EACH (p, &pairs)
        put(c, p->key->text, p->value);
}

static void read_matrix(struct workflow *w, const struct ytree_node *matrix)
{
    ytree_pairs keys = ytree_all(w->images->arena, matrix);
    const struct ytree_node *more = ytree_find(matrix, "include");
    w->matrix.n = 0;
    *vec_push(w->images->arena, &w->matrix) = (struct combination){0};
    VEC_EACH (p, &keys)
        if (p->value->kind == YTREE_SEQUENCE && !str_is(p->key->text, "include") &&
            !str_is(p->key->text, "exclude"))
            multiply(w, p->key->text, p->value);
    if (!more || more->kind != YTREE_SEQUENCE)
        return;
    /* The empty combination is none when there are entries. */
    size_t listed = w->matrix.v[0].n ? w->matrix.n : 0;
    w->matrix.n = listed;
    YTREE_EACH (it, more)
        include(w, ytree_real(it), listed);
}

/* ---- the file ------------------------------------------------------------------------------- */

static void read_job(struct workflow *w)
{
    const struct ytree_node *steps = ytree_find(w->job, "steps");
    if (!steps || steps->kind != YTREE_SEQUENCE)
        return;
    read_matrix(w, ytree_find(ytree_find(w->job, "strategy"), "matrix"));
    VEC_EACH (c, &w->matrix) {
        w->now = c;
        YTREE_EACH (it, steps) {
            w->step = ytree_real(it);
            read_step(w);
        }
    }
}

void images_read_workflow(struct images *im, const struct images_file *f)
{
    struct ytree t;
    if (!str_has(f->bytes, "build") || !ytree_parse(&t, im->arena, f->bytes) || !t.docs.n)
        return;
    struct workflow w = {.images = im, .file = f, .root = t.docs.v[0].root};
    ytree_pairs jobs = ytree_all(im->arena, ytree_find(w.root, "jobs"));
    VEC_EACH (p, &jobs) {
        w.job = p->value;
        read_job(&w);
    }
}
