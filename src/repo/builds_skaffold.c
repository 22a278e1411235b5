/*
 * Skaffold (v1alpha3 to v4): `build.artifacts`, and those of profiles, which take their place.
 * Patches of profiles are left out. Only what is made from a Dockerfile counts: docker, kaniko, and
 * custom builds that name one.
 */
#include "repo/builds_reader.h"

/* Values may be Go templates, and are read into texts as they are written. */
static struct build_text text_of(const struct ytree_node *n)
{
    struct build_text t = {.text = STR(""), .line = n ? n->line : 0};
    if (ytree_text(n, &t.text))
        t.known = !str_has(t.text, "{{");
    if (!t.known)
        t.text = STR("");
    return t;
}

static void set_text(const struct ytree_node *map, const char *key, struct build_text *out)
{
    const struct ytree_node *n = ytree_find(map, key);
    if (n && !ytree_is_null(n))
        *out = text_of(n);
}

/* An argument without value takes it from the environment. */
static void read_args(struct builds_reader *r, struct build *b, const struct ytree_node *map)
{
    ytree_pairs all = ytree_all(r->arena, map);
    VEC_EACH (p, &all)
        builds_set(r, &b->args, &b->args_whole, p->key->text, text_of(p->value));
    b->args_whole &= !map || map->kind == YTREE_MAPPING || ytree_is_null(map);
}

/* The images that this one needs come as arguments. */
static void read_required(struct builds_reader *r, struct build *b, const struct ytree_node *list)
{
    if (!list || list->kind != YTREE_SEQUENCE)
        return;
    YTREE_EACH (it, list) {
        struct build_text name = {.text = STR("")};
        set_text(ytree_real(it), "image", &name);
        set_text(ytree_real(it), "alias", &name);
        struct build_text value = {.text = STR(""), .line = it->line};
        if (name.known)
            builds_set(r, &b->args, &b->args_whole, name.text, value);
        else
            b->args_whole = false;
    }
}

static void read_docker(struct builds_reader *r, struct build_draft *d, const struct ytree_node *n)
{
    struct build *b = &d->build;
    struct build_text below = {.text = STR("")};
    set_text(n, "dockerfile", &d->dockerfile);
    set_text(n, "target", &b->target);
    if (d->dockerfile.known && !d->dockerfile.text.n)
        d->dockerfile.text = STR("Dockerfile");
    read_args(r, b, ytree_find(n, "buildArgs"));
    set_text(n, "contextSubPath", &below); /* of kaniko */
    if (below.line)
        d->context.known = d->context.known && below.known &&
                           builds_join(r->arena, d->context.text, below.text, &d->context.text);
}

/* The script may build anything; the file is what it says to depend on. */
static bool read_custom(struct builds_reader *r, struct build_draft *d, const struct ytree_node *n)
{
    const struct ytree_node *file = ytree_find(ytree_find(n, "dependencies"), "dockerfile");
    if (!file || file->kind != YTREE_MAPPING)
        return false;
    set_text(file, "path", &d->dockerfile);
    read_args(r, &d->build, ytree_find(file, "buildArgs"));
    d->build.args_whole = d->build.named_whole = false;
    d->build.target = (struct build_text){.text = STR("")};
    return true;
}

/* False: it is not made from a Dockerfile. */
static bool read_builder(struct builds_reader *r, struct build_draft *d, const struct ytree_node *n)
{
    static const char *const others[] = {"bazel", "jib",        "jibMaven",  "jibGradle",
                                         "ko",    "buildpacks", "buildpack", NULL};
    const struct ytree_node *docker = ytree_find(n, "docker"), *kaniko = ytree_find(n, "kaniko"),
                            *custom = ytree_find(n, "custom");
    if (docker || kaniko) {
        read_docker(r, d, docker ? docker : kaniko);
        return true;
    }
    if (custom)
        return read_custom(r, d, custom);
    for (size_t i = 0; others[i]; i++)
        if (ytree_find(n, others[i]))
            return false;
    return true;
}

static bool read_artifact(struct builds_reader *r, const struct ytree_node *n, struct str profile)
{
    struct build_draft d = builds_draft(r, BUILD_SKAFFOLD);
    if (n->kind != YTREE_MAPPING)
        return true;
    d.build.line = n->line;
    d.build.profile = profile;
    set_text(n, "imageName", &d.build.image); /* its old name */
    set_text(n, "image", &d.build.image);
    set_text(n, "workspace", &d.context); /* its old name */
    set_text(n, "context", &d.context);
    d.build.service = d.build.image.text;
    if (!read_builder(r, &d, n))
        return true;
    read_required(r, &d.build, ytree_find(n, "requires"));
    return builds_add(r, &d);
}

static bool read_artifacts(struct builds_reader *r, const struct ytree_node *config,
                           struct str profile)
{
    const struct ytree_node *list = ytree_find(ytree_find(config, "build"), "artifacts");
    if (!list || list->kind != YTREE_SEQUENCE)
        return true;
    YTREE_EACH (it, list)
        if (!read_artifact(r, ytree_real(it), profile))
            return false;
    return !r->error;
}

bool builds_read_skaffold(struct builds_reader *r, const struct ytree_node *root)
{
    const struct ytree_node *profiles = ytree_find(root, "profiles");
    if (!read_artifacts(r, root, STR("")))
        return false;
    if (!profiles || profiles->kind != YTREE_SEQUENCE)
        return true;
    YTREE_EACH (it, profiles) {
        struct build_text name = text_of(ytree_find(ytree_real(it), "name"));
        if (!read_artifacts(r, ytree_real(it), name.text))
            return false;
    }
    return true;
}
