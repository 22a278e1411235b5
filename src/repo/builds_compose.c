/*
 * Compose files (compose-go's loader, override and transform packages). A service may extend
 * another one, so each is put together once, after what it extends; then its own keys are laid
 * over. Only services with a `build:` are told.
 */
#include "repo/builds_reader.h"

enum { EXTENDS_MAX = 64 };

static const struct build_text own_folder = {.text = {".", 1}, .known = true};
static const struct build_text usual_file = {.text = {"Dockerfile", 10}, .known = true};
static const struct build_text nothing = {.text = {"", 0}, .known = true};

enum progress { TO_DO, BUSY, DONE };

struct service {
    struct ytree_pair pair;
    struct build_draft draft;
    bool builds;
    enum progress progress;
};

struct compose {
    struct builds_reader *r;
    struct service *v;
    size_t n;
};

/* ---- values ---- */

/* `!reset` takes a value away, `!override` replaces one in place of adding to it. */
static bool is_reset(const struct ytree_node *n)
{
    return n && str_is(n->tag, "!reset");
}

static bool starts_anew(const struct ytree_node *n)
{
    return is_reset(n) || (n && str_is(n->tag, "!override"));
}

static void set_text(struct compose *c, const struct ytree_node *map, const char *key,
                     struct build_text unset, struct build_text *out)
{
    const struct ytree_node *n = ytree_find(map, key);
    if (is_reset(n))
        *out = unset;
    else if (n && !ytree_is_null(n))
        *out = builds_compose_text(c->r->arena, n);
}

/* `command:` without a value takes back the one that is extended. */
static void set_flag(const struct ytree_node *map, const char *key, bool *out)
{
    const struct ytree_node *n = ytree_find(map, key);
    if (n)
        *out = !is_reset(n) && !ytree_is_null(n);
}

/* An entry NAME=value of a list; NAME alone takes its value from the environment. */
static void set_entry(struct compose *c, const struct ytree_node *n, build_pairs *pairs,
                      bool *whole)
{
    struct str raw, name;
    n = ytree_real(n);
    if (!ytree_text(n, &raw) || !builds_dollar_split(&raw, '=', &name) || str_chr(name, '$') >= 0) {
        *whole = false;
        return;
    }
    struct build_text value = {.text = STR(""), .line = n->line};
    if (raw.p)
        value = builds_dollar(c->r->arena, raw, n->line);
    builds_set(c->r, pairs, whole, name, value);
}

/* A list or a mapping. */
static void set_pairs(struct compose *c, const struct ytree_node *n, build_pairs *pairs,
                      bool *whole)
{
    if (starts_anew(n)) {
        *pairs = (build_pairs){0};
        *whole = true;
    }
    if (!n || is_reset(n) || ytree_is_null(n))
        return;
    if (n->kind == YTREE_SEQUENCE) {
        YTREE_EACH (it, n)
            set_entry(c, it, pairs, whole);
    } else if (n->kind == YTREE_MAPPING) {
        ytree_pairs all = ytree_all(c->r->arena, n);
        VEC_EACH (p, &all)
            builds_set(c->r, pairs, whole, p->key->text,
                       builds_compose_text(c->r->arena, p->value));
    } else {
        *whole = false;
    }
}

/* ---- build ---- */

static void reset_build(struct service *s)
{
    s->builds = false;
    s->draft.context = own_folder;
    s->draft.dockerfile = usual_file;
    s->draft.build.target = nothing;
    s->draft.build.dockerfile_inline = false;
    s->draft.build.args = s->draft.build.named = (build_pairs){0};
    s->draft.build.args_whole = s->draft.build.named_whole = true;
}

static void read_long_build(struct compose *c, struct service *s, const struct ytree_node *n)
{
    struct build *b = &s->draft.build;
    const struct ytree_node *inl = ytree_find(n, "dockerfile_inline");
    set_text(c, n, "context", own_folder, &s->draft.context);
    set_text(c, n, "dockerfile", usual_file, &s->draft.dockerfile);
    set_text(c, n, "target", nothing, &b->target);
    if (s->draft.dockerfile.known && !s->draft.dockerfile.text.n)
        s->draft.dockerfile.text = usual_file.text;
    if (inl)
        b->dockerfile_inline = !is_reset(inl) && !ytree_is_null(inl);
    set_pairs(c, ytree_find(n, "args"), &b->args, &b->args_whole);
    set_pairs(c, ytree_find(n, "additional_contexts"), &b->named, &b->named_whole);
}

static void read_build(struct compose *c, struct service *s, const struct ytree_node *n)
{
    if (starts_anew(n))
        reset_build(s);
    if (!n || is_reset(n) || ytree_is_null(n))
        return;
    s->builds = true;
    if (n->kind == YTREE_MAPPING)
        read_long_build(c, s, n);
    else
        s->draft.context = builds_compose_text(c->r->arena, n);
    /* "" is no folder that Compose can take. */
    s->draft.context.known &= s->draft.context.text.n > 0;
}

/* ---- the rest of a service ---- */

static void read_ports(struct compose *c, struct build *b, const struct ytree_node *n)
{
    if (starts_anew(n)) {
        b->ports = (build_ports){0};
        b->ports_whole = true;
    }
    if (!n || is_reset(n) || ytree_is_null(n))
        return;
    b->ports_whole &= n->kind == YTREE_SEQUENCE;
    if (n->kind == YTREE_SEQUENCE)
        YTREE_EACH (it, n)
            builds_add_port(c->r, b, it);
}

static void read_mounts(struct compose *c, struct build *b, const struct ytree_node *n,
                        void (*add)(struct builds_reader *, struct build *,
                                    const struct ytree_node *))
{
    if (!n || is_reset(n) || ytree_is_null(n))
        return;
    if (n->kind == YTREE_SEQUENCE)
        YTREE_EACH (it, n)
            add(c->r, b, it);
    else if (n->kind == YTREE_SCALAR && add == builds_add_tmpfs)
        add(c->r, b, n);
    else
        b->mounts_whole = false;
}

static void read_volumes(struct compose *c, struct build *b, const struct ytree_node *map)
{
    const struct ytree_node *volumes = ytree_find(map, "volumes");
    if (starts_anew(volumes)) {
        b->mounts = (build_mounts){0};
        b->mounts_whole = true;
    }
    read_mounts(c, b, volumes, builds_add_mount);
    read_mounts(c, b, ytree_find(map, "tmpfs"), builds_add_tmpfs);
    if (ytree_find(map, "volumes_from"))
        b->mounts_whole = false;
}

static struct str first_profile(struct compose *c, const struct ytree_node *map)
{
    const struct ytree_node *n = ytree_find(map, "profiles");
    bool some = n && n->kind == YTREE_SEQUENCE && n->first;
    return some ? builds_compose_text(c->r->arena, n->first).text : STR("");
}

static void read_own(struct compose *c, struct service *s)
{
    const struct ytree_node *map = s->pair.value;
    struct build *b = &s->draft.build;
    read_build(c, s, ytree_find(map, "build"));
    set_text(c, map, "image", nothing, &b->image);
    set_text(c, map, "user", nothing, &b->user);
    set_flag(map, "command", &b->command);
    set_flag(map, "entrypoint", &b->entrypoint);
    read_ports(c, b, ytree_find(map, "ports"));
    read_volumes(c, b, map);
    if (ytree_find(map, "profiles"))
        b->profile = first_profile(c, map);
}

/* ---- extends ---- */

static struct service *service_named(struct compose *c, struct str name)
{
    for (size_t i = 0; i < c->n; i++)
        if (str_eq(c->v[i].pair.key->text, name))
            return &c->v[i];
    return NULL;
}

/* The name of what it extends in this file. False: it is in another one, or can't be told. */
static bool extended_name(struct compose *c, const struct ytree_node *extends, struct str *name)
{
    const struct ytree_node *file = ytree_find(extends, "file");
    const struct ytree_node *service = ytree_find(extends, "service");
    struct str path;
    struct build_text t =
        builds_compose_text(c->r->arena, extends->kind == YTREE_MAPPING ? service : extends);
    *name = t.text;
    if (!file || ytree_is_null(file))
        return t.known;
    struct build_text other = builds_compose_text(c->r->arena, file);
    return t.known && other.known && builds_join(c->r->arena, c->r->base, other.text, &path) &&
           str_eq(path, c->r->file);
}

static void resolve(struct compose *c, struct service *s, unsigned depth);

static void inherit(struct compose *c, struct service *s, const struct ytree_node *extends,
                    unsigned depth)
{
    struct str name;
    struct service *base = extended_name(c, extends, &name) ? service_named(c, name) : NULL;
    if (base && base->progress == TO_DO && depth < EXTENDS_MAX)
        resolve(c, base, depth + 1);
    if (base && base->progress == DONE && builds_copy(c->r, &base->draft, &s->draft))
        s->builds = base->builds;
    else
        s->draft.build.partial = true;
}

static void resolve(struct compose *c, struct service *s, unsigned depth)
{
    const struct ytree_node *extends = ytree_find(s->pair.value, "extends");
    s->progress = BUSY;
    s->draft = builds_draft(c->r, BUILD_COMPOSE);
    if (extends && !is_reset(extends) && !ytree_is_null(extends))
        inherit(c, s, extends, depth);
    s->draft.build.service = s->pair.key->text;
    s->draft.build.line = s->pair.key->line;
    read_own(c, s);
    s->progress = DONE;
}

bool builds_read_compose(struct builds_reader *r, const struct ytree_node *root)
{
    const struct ytree_node *services = ytree_find(root, "services");
    ytree_pairs all = ytree_all(r->arena, services);
    struct compose c = {.r = r, .n = all.n};
    if (services && services->kind != YTREE_MAPPING && !ytree_is_null(services))
        return builds_fail(r, services->line, services->col, "'services' is no mapping");
    if (c.n > BUILDS_MAX)
        return builds_fail(r, services->line, services->col, "too many services");
    c.v = arena_alloc(r->arena, c.n * sizeof *c.v);
    for (size_t i = 0; i < c.n; i++)
        c.v[i].pair = all.v[i];
    for (size_t i = 0; i < c.n && !r->error; i++) {
        struct service *s = &c.v[i];
        if (s->progress == TO_DO)
            resolve(&c, s, 0);
        if (s->builds && !builds_add(r, &s->draft))
            return false;
    }
    return !r->error;
}
