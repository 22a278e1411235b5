/* Few files, each read when a stage of its shape is looked at. What is wrong in one is a bug: they
 * are built in. */
#include "knowledge/distroless.h"

#include "base/bug.h"
#include "knowledge/templates.h"
#include "yaml/ydoc.h"

/* ---- reading -------------------------------------------------------------------------------- */

static const struct ydoc_field image_fields[] = {
    {YDOC_AT(struct distroless_image, release), .key = "release", .read = ydoc_read_text},
    {YDOC_AT(struct distroless_image, variant), .key = "variant", .read = ydoc_read_text},
    {YDOC_AT(struct distroless_image, version), .key = "version", .read = ydoc_read_text},
    {YDOC_AT(struct distroless_image, image), .key = "image", .read = ydoc_read_text,
     .required = true},
};

static bool read_images(struct ydoc *d, const struct ydoc_node *n, const struct ydoc_field *f,
                        void *to)
{
    struct distroless *record = to;
    (void)f;
    if (!ydoc_is_list(d, n))
        return false;
    YDOC_EACH (it, n) {
        struct distroless_image image = {0};
        if (!ydoc_fields(d, it, image_fields, sizeof image_fields / sizeof *image_fields, &image,
                         NULL))
            return false;
        *vec_push(d->arena, &record->images) = image;
    }
    return true;
}

static const struct ydoc_field origin_fields[] = {
    {YDOC_AT(struct distroless_origin, images), .key = "images", .read = ydoc_read_texts},
    {YDOC_AT(struct distroless_origin, packages), .key = "packages", .read = ydoc_read_texts},
    {YDOC_AT(struct distroless_origin, version), .key = "version", .read = ydoc_read_text,
     .required = true},
    {YDOC_AT(struct distroless_origin, latest), .key = "latest", .read = ydoc_read_text},
};

static bool read_origins(struct ydoc *d, const struct ydoc_node *n, const struct ydoc_field *f,
                         void *to)
{
    struct distroless *record = to;
    (void)f;
    if (!ydoc_is_list(d, n))
        return false;
    YDOC_EACH (it, n) {
        struct distroless_origin origin = {0};
        if (!ydoc_fields(d, it, origin_fields, sizeof origin_fields / sizeof *origin_fields,
                         &origin, NULL))
            return false;
        *vec_push(d->arena, &record->origins) = origin;
    }
    return true;
}

static const struct ydoc_field fields[] = {
    {YDOC_AT(struct distroless, names), .key = "distroless", .read = ydoc_read_texts,
     .required = true},
    {YDOC_AT(struct distroless, source), .key = "source", .read = ydoc_read_text, .required = true},
    {YDOC_AT(struct distroless, checked), .key = "checked", .read = ydoc_read_text,
     .required = true},
    {.key = "images", .read = read_images},
    {.key = "origins", .read = read_origins},
    {YDOC_AT(struct distroless, user), .key = "user", .read = ydoc_read_text},
    {YDOC_AT(struct distroless, entrypoint), .key = "entrypoint", .read = ydoc_read_texts},
    {YDOC_AT(struct distroless, programs), .key = "programs", .read = ydoc_read_texts},
    {YDOC_AT(struct distroless, interpreters), .key = "interpreters", .read = ydoc_read_texts},
    {YDOC_AT(struct distroless, builders), .key = "builders", .read = ydoc_read_texts},
    {YDOC_AT(struct distroless, packages), .key = "packages", .read = ydoc_read_texts},
    {YDOC_AT(struct distroless, there), .key = "there", .read = ydoc_read_texts},
    {YDOC_AT(struct distroless, sources), .key = "sources", .read = ydoc_read_texts},
    {YDOC_AT(struct distroless, build_env), .key = "build_env", .read = ydoc_read_texts},
    {YDOC_AT(struct distroless, libraries), .key = "libraries", .read = ydoc_read_texts},
    {YDOC_AT(struct distroless, refused), .key = "refused", .read = ydoc_read_texts},
};

static void load(struct arena *a, const struct template *t, struct distroless *out)
{
    struct ydoc d = {0};
    *out = (struct distroless){.user = STR("65532:65532")};
    if (!ydoc_parse(&d, a, t->path, str_make(t->bytes, t->size)) ||
        !ydoc_fields(&d, d.root, fields, sizeof fields / sizeof *fields, out, NULL))
        BUG("%s", d.error);
}

bool distroless_find(struct arena *a, struct str name, struct distroless *out)
{
    const struct template *t = templates_named("distroless", name);
    if (t)
        load(a, t, out);
    return t != NULL;
}

/* ---- asking --------------------------------------------------------------------------------- */

const struct distroless_image *distroless_image(const struct distroless *d, struct str release,
                                                struct str variant, struct str version)
{
    VEC_EACH (it, &d->images)
        if ((!it->release.n || str_eq(it->release, release)) && str_eq(it->variant, variant) &&
            str_eq(it->version, version))
            return it;
    return NULL;
}

bool distroless_has_release(struct arena *a, struct str release)
{
    struct templates all = templates_each(STR("templates/distroless/"));
    VEC_EACH (t, &all) {
        struct distroless d;
        load(a, t, &d);
        VEC_EACH (it, &d.images)
            if (release.n && str_eq(it->release, release))
                return true;
    }
    return false;
}

bool distroless_lists(const distroless_list *list, struct str name)
{
    VEC_EACH (it, list) {
        bool prefix = str_ends(*it, STR("*")), suffix = str_starts(*it, STR("*"));
        if (prefix   ? str_starts(name, str_sub(*it, 0, it->n - 1))
            : suffix ? str_ends(name, str_from(*it, 1))
                     : str_eq(name, *it))
            return true;
    }
    return false;
}
