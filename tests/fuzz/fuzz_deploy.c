/*
 * Compose files as they are changed, and everything that tells of images, on any bytes: the
 * properties of a change hold, and a claim names a path that lies in the tree.
 */
#include <stdio.h>
#include <stdlib.h>

#include "repo/images.h"
#include "tests/support/manifests.h"

int LLVMFuzzerTestOneInput(const unsigned char *data, size_t size);

#define MUST(holds)                                                                                \
    do {                                                                                           \
        if (!(holds)) {                                                                            \
            fprintf(stderr, "%s:%d: does not hold: %s\n", __FILE__, __LINE__, #holds);             \
            abort();                                                                               \
        }                                                                                          \
    } while (0)

/* ---- Compose -------------------------------------------------------------------------------- */

/* Every image is known, and moves a port. */
static int find(void *ctx, const char *name, struct ur_image *out)
{
    static const struct ur_image_path paths[] = {{.path = "/data"}};
    static const struct ur_image_move moves[] = {{80, 8080}};
    (void)ctx;
    *out = (struct ur_image){.source = "Dockerfile",
                             .user = name[0] == 'n' ? "" : "1000:1000",
                             .uid = 1000,
                             .gid = 1000,
                             .writable = paths,
                             .writable_count = 1,
                             .moves = moves,
                             .move_count = 1};
    return name[0] != 'x';
}

static struct ur_options *options_with(const char *unsafe)
{
    struct ur_options *o = ur_options_new();
    if (ur_options_set(o, "unsafe-fixes", unsafe) != UR_OK || ur_options_seal(o) != UR_OK)
        abort();
    return o;
}

static void check_compose(const char *bytes, size_t size)
{
    static struct ur_options *options[2];
    static const struct ur_images images = {.find = find};
    if (!options[0]) {
        options[0] = options_with("false");
        options[1] = options_with("true");
    }
    for (int unsafe = 0; unsafe < 2; unsafe++) {
        const char *wrong =
            manifests_check(ur_harden_compose, options[unsafe], &images, unsafe, bytes, size);
        if (wrong) {
            fprintf(stderr, "%s: %s\n", unsafe ? "unsafe" : "safe", wrong);
            abort();
        }
    }
}

/* ---- images --------------------------------------------------------------------------------- */

static bool leads_out(struct str path)
{
    struct str part;
    if (!path.n || path.p[0] == '/')
        return true;
    while (str_split(&path, '/', &part))
        if (str_is(part, "..") || memchr(part.p ? part.p : "", IMAGES_HOLE, part.n))
            return true;
    return false;
}

static void check_images(struct str bytes)
{
    static const char *const files[] = {
        "Tiltfile",       "k8s/kustomization.yaml", "Makefile",       ".github/workflows/ci.yaml",
        ".gitlab-ci.yml", "scripts/build.sh",       "cloudbuild.yaml"};
    struct arena a = {0};
    struct images im = {.arena = &a};
    for (size_t i = 0; i < sizeof files / sizeof *files; i++) {
        struct str path = str_of(files[i]);
        ptrdiff_t slash = str_rchr(path, '/');
        struct images_file f = {.root = STR(""), .path = path, .bytes = bytes};
        f.kind = images_kind_of(str_sub(path, 0, (size_t)(slash + 1)),
                                str_from(path, (size_t)(slash + 1)));
        images_read(&im, &f);
    }
    VEC_EACH (c, &im.claims) {
        MUST(!leads_out(c->dockerfile) && c->name.n && c->line);
        images_add_dockerfile(&im, c->dockerfile);
    }
    images_finish(&im);
    VEC_EACH (c, &im.claims) {
        struct images_join j = images_find(&im, &a, c->name, STR("k8s/x.yaml"));
        MUST((j.how == IMAGES_NONE) == (j.claim == NULL));
        MUST(j.how != IMAGES_GUESSED || j.guess);
        if (c - im.claims.v > 100)
            break;
    }
    images_find(&im, &a, bytes, STR("k8s/x.yaml"));
    arena_release(&a);
}

int LLVMFuzzerTestOneInput(const unsigned char *data, size_t size)
{
    check_compose((const char *)data, size);
    check_images(str_make((const char *)data, size));
    return 0;
}
