/*
 * Images are few and asked for often: those of the run are searched by the path of their
 * Dockerfile. One that is not in the run (a manifest alone was named) is read as it stands.
 */
#include "cli/deploys.h"

#include "base/utf8.h"
#include "cli/places.h"
#include "engine/export.h"
#include "engine/registry.h"

enum { TARGETS_MAX = 16, NOTES_MAX = 20 };

/* ---- copies --------------------------------------------------------------------------------- */

static const char *copy_text(struct arena *a, const char *z)
{
    return z ? str_dup(a, str_of(z)).p : NULL;
}

static struct ur_image copy_image(struct arena *a, const struct ur_image *from)
{
    struct ur_image to = *from;
    struct ur_image_path *paths = arena_alloc(a, (from->writable_count + 1) * sizeof *paths);
    struct ur_image_move *moves = arena_alloc(a, (from->move_count + 1) * sizeof *moves);
    for (size_t i = 0; i < from->writable_count; i++) {
        paths[i] = from->writable[i];
        paths[i].path = copy_text(a, from->writable[i].path);
    }
    for (size_t i = 0; i < from->move_count; i++)
        moves[i] = from->moves[i];
    to.source = copy_text(a, from->source);
    to.user = copy_text(a, from->user);
    to.assumption = copy_text(a, from->assumption);
    to.writable = paths;
    to.moves = moves;
    return to;
}

static struct ur_moved copy_moved(struct arena *a, const struct ur_moved *from)
{
    struct ur_moved to = *from;
    const char **labels = arena_alloc(a, (2 * from->label_count + 1) * sizeof *labels);
    for (size_t i = 0; i < 2 * from->label_count; i++)
        labels[i] = copy_text(a, from->labels[i]);
    to.space = copy_text(a, from->space);
    to.labels = labels;
    return to;
}

/* ---- collecting ----------------------------------------------------------------------------- */

static void collect_target(struct arena *a, const struct ur_result *r, const char *path,
                           struct str target, deploy_images *out)
{
    VEC_EACH (i, out)
        if (str_eq(i->target, target))
            return;
    const struct ur_image *image = ur_result_image(r, str_z(a, target));
    if (image && out->n < TARGETS_MAX)
        *vec_push(a, out) =
            (struct deploy_image){str_of(path), str_dup(a, target), copy_image(a, image)};
}

void deploys_collect(const struct deploys *d, struct arena *a, const struct ur_result *r,
                     const struct walk_input *in, deploy_images *out)
{
    struct strs targets = trees_targets(d->trees, a, in);
    collect_target(a, r, in->path, STR(""), out);
    for (size_t i = 0; i < targets.n; i++)
        collect_target(a, r, in->path, targets.v[i], out);
}

void deploys_take(struct deploys *d, const deploy_images *images)
{
    VEC_EACH (i, images) {
        d->moves |= i->image.move_count > 0;
        *vec_push(d->arena, &d->images) =
            (struct deploy_image){str_dup(d->arena, i->dockerfile), str_dup(d->arena, i->target),
                                  copy_image(d->arena, &i->image)};
    }
}

void deploys_collect_moved(struct arena *a, const struct ur_result *r, deploy_moved *out)
{
    size_t n = ur_result_moved_count(r);
    for (size_t i = 0; i < n; i++)
        *vec_push(a, out) = copy_moved(a, ur_result_moved(r, i));
}

void deploys_take_moved(struct deploys *d, const deploy_moved *moved)
{
    VEC_EACH (m, moved)
        *vec_push(d->arena, &d->moved) = copy_moved(d->arena, m);
}

bool deploys_block(struct deploys *d, struct str dockerfile, const char *manifest, const char *why)
{
    if (deploys_blocked(d, dockerfile))
        return false;
    *vec_push(d->arena, &d->blocks) = (struct deploy_block){
        str_dup(d->arena, dockerfile), copy_text(d->arena, manifest), copy_text(d->arena, why)};
    return true;
}

const struct deploy_block *deploys_blocked(const struct deploys *d, struct str dockerfile)
{
    VEC_EACH (b, &d->blocks)
        if (str_eq(b->dockerfile, dockerfile))
            return b;
    return NULL;
}

/* ---- a Dockerfile that is not in the run ---------------------------------------------------- */

/* The engine with all rules off tells what is there. */
static struct ur_options *options_as_is(const struct config *config)
{
    struct ur_options *o = ur_options_new();
    bool good = true;
    VEC_EACH (f, &config->own_facts.files)
        good &= !ur_options_add_facts(o, f->label, f->yaml.p, f->yaml.n);
    for (size_t i = 0; i < pass_count; i++)
        good &= !ur_options_set(o, "ignore", pass_registry[i]->id);
    if (good && !ur_options_seal(o))
        return o;
    ur_options_free(o);
    return NULL;
}

static bool read_as_is(struct deploy_asker *k, struct str dockerfile, struct str target,
                       struct ur_image *out)
{
    const struct deploys *d = k->deploys;
    struct walk_input in = *k->input;
    struct io_file file;
    struct places places;
    in.path = str_z(k->arena, dockerfile);
    in.trusted = in.trusted < dockerfile.n ? in.trusted : 0;
    in.standard_input = false;
    if (io_read(k->arena, walk_io_path(&in), CLI_FILE_MAX, &file).message)
        return false;
    struct ur_options *o = options_as_is(k->config);
    if (!o)
        return false;
    places_find(&places, k->arena, d->cli, d->trees, &in);
    places.build.images = 1;
    struct ur_result *r = ur_rewrite_in(o, &places.build, in.path, file.bytes.p, file.bytes.n);
    const struct ur_image *image = ur_result_image(r, str_z(k->arena, target));
    if (image)
        *out = copy_image(k->arena, image);
    ur_result_free(r);
    places_release(&places);
    ur_options_free(o);
    return image != NULL;
}

/* ---- asking --------------------------------------------------------------------------------- */

static const struct deploy_image *in_run(const struct deploys *d, struct str dockerfile,
                                         struct str target)
{
    size_t low = 0, high = d->images.n;
    while (low < high) {
        size_t mid = low + (high - low) / 2;
        if (str_cmp(d->images.v[mid].dockerfile, dockerfile) < 0)
            low = mid + 1;
        else
            high = mid;
    }
    for (; low < d->images.n && str_eq(d->images.v[low].dockerfile, dockerfile); low++)
        if (str_eq_nocase(d->images.v[low].target, target))
            return &d->images.v[low];
    return NULL;
}

static void note(struct deploy_asker *k, const char *text)
{
    VEC_EACH (n, &k->notes)
        if (strcmp(*n, text) == 0)
            return;
    if (k->notes.n < NOTES_MAX)
        *vec_push(k->arena, &k->notes) = text;
}

static void join(struct deploy_asker *k, struct str dockerfile, bool moves)
{
    *vec_push(k->arena, &k->joined) = dockerfile;
    if (moves)
        *vec_push(k->arena, &k->moving) = dockerfile;
}

bool deploys_built(struct deploy_asker *k, struct str dockerfile, struct str target,
                   struct ur_image *out)
{
    const struct deploys *d = k->deploys;
    const struct deploy_image *i = in_run(d, dockerfile, target);
    if (deploys_blocked(d, dockerfile))
        return false;
    if (i)
        *out = copy_image(k->arena, &i->image);
    else if (!read_as_is(k, dockerfile, target, out))
        return false;
    if (k->only.p && !str_eq(k->only, dockerfile))
        out->move_count = 0;
    join(k, dockerfile, out->move_count > 0);
    return true;
}

/* What the Compose file that asks builds for one of its services. */
static bool find_built(struct deploy_asker *k, struct str service, struct ur_image *out)
{
    const struct tree_build *t = trees_service(k->deploys->trees, str_of(k->input->path), service);
    return t && t->build->target.known &&
           deploys_built(k, t->dockerfile, t->build->target.text, out);
}

static int find(void *ctx, const char *name, struct ur_image *out)
{
    struct deploy_asker *k = ctx;
    struct arena *a = k->arena;
    if (*name == ':')
        return find_built(k, str_of(name + 1), out);
    struct str image = str_of(name);
    struct images_join j =
        images_find(&k->deploys->trees->images, a, image, str_of(k->input->path));
    bool facts = export_facts(a, k->config->options, image, out);
    /* A name that the whole world has is not that of a folder here. */
    if ((j.how == IMAGES_GUESSED || j.guesses) && facts)
        return 1;
    if (j.why)
        note(k, str_fmt(a, "image '%s': %s", utf8_safe(a, image, 0).p, j.why).p);
    if (j.how == IMAGES_NONE)
        return facts && !j.why;
    if (!j.claim->target_known || !deploys_built(k, j.claim->dockerfile, j.claim->target, out))
        return 0;
    if (j.guess)
        out->assumption =
            out->assumption ? str_fmt(a, "%s; %s", j.guess, out->assumption).p : j.guess;
    return 1;
}

void deploys_ask(struct deploy_asker *k)
{
    k->images = (struct ur_images){
        .ctx = k, .find = find, .moved = k->deploys->moved.v, .moved_count = k->deploys->moved.n};
}
