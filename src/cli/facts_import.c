/*
 * Only what the JSON says is taken; what a configuration can't tell (the family, who is in
 * /etc/passwd, whether the entrypoint works as another user) stays unknown. What our format can't
 * hold, as a variable with a blank in its name, is left out.
 */
#include "cli/facts_import.h"

#include <jansson.h>
#include <stdlib.h>

#include "base/utf8.h"

struct import {
    struct arena *arena;
    struct facts_import *out;
    json_t *image;  /* the object about the image */
    json_t *config; /* the object with User, Env, … in it; NULL when the image has none */
};

static struct str text_of(struct arena *a, const json_t *json)
{
    if (!json_is_string(json))
        return STR("");
    return str_dup(a, str_make(json_string_value(json), json_string_length(json)));
}

/* "User" in Docker's, "user" in nobody's, but "Config" and "config" both exist. */
static json_t *get(const json_t *object, const char *key, const char *other)
{
    json_t *value = json_object_get(object, key);
    return value ? value : json_object_get(object, other);
}

/* ---- names ---- */

static bool add_image(struct import *im, struct str name)
{
    struct image_ref ref;
    if (!image_parse(im->arena, name, &ref) || str_is(ref.repository, "<none>"))
        return false;
    VEC_EACH (have, &im->out->images)
        if (str_eq(*have, ref.repository))
            return true;
    *vec_push(im->arena, &im->out->images) = str_dup(im->arena, ref.repository);
    return true;
}

static void add_images(struct import *im, const char *key)
{
    size_t i;
    json_t *name;
    json_array_foreach(json_object_get(im->image, key), i, name)
        add_image(im, text_of(im->arena, name));
}

static const char *find_images(struct import *im, const char *as)
{
    if (as && !add_image(im, str_of(as)))
        return "--as takes the name of an image";
    if (!as) {
        add_images(im, "RepoTags");
        add_images(im, "RepoDigests");
        add_image(im, text_of(im->arena, json_object_get(im->image, "FromImage")));
    }
    return im->out->images.n ? NULL : "it does not name the image; name it with --as IMAGE";
}

/* "docker.io/x:1" as it was in the JSON, to say where the facts are from. */
static struct str source_of(struct import *im, const char *as)
{
    json_t *tag = json_array_get(json_object_get(im->image, "RepoTags"), 0);
    struct str name = as ? str_of(as) : text_of(im->arena, tag);
    struct str id = text_of(im->arena, json_object_get(im->image, "Id"));
    return str_fmt(im->arena, "image configuration%s%.*s%s%.*s", name.n ? " of " : "",
                   STR_ARG(name), id.n ? ", id " : "", STR_ARG(id));
}

/* ---- members ---- */

#define READ_TEXTS(im, key, to)                                                                    \
    do {                                                                                           \
        size_t index_;                                                                             \
        json_t *item_;                                                                             \
        json_array_foreach(json_object_get((im)->config, (key)), index_, item_) *                  \
            vec_push((im)->arena, (to)) = text_of((im)->arena, item_);                             \
    } while (0)

static bool is_variable(struct str s)
{
    for (size_t i = 0; i < s.n; i++) {
        char c = s.p[i];
        bool letter = ((c | 32) >= 'a' && (c | 32) <= 'z') || c == '_';
        if (!letter && (i == 0 || c < '0' || c > '9'))
            return false;
    }
    return s.n > 0;
}

static bool is_printable(struct str s)
{
    for (size_t i = 0; i < s.n; i++)
        if ((unsigned char)s.p[i] < 0x20)
            return false;
    return true;
}

static void read_env(struct import *im)
{
    size_t i;
    json_t *item;
    json_array_foreach(json_object_get(im->config, "Env"), i, item)
    {
        struct str value = text_of(im->arena, item), name = STR("");
        str_split(&value, '=', &name);
        if (is_variable(name) && value.p && is_printable(value))
            *vec_push(im->arena, &im->out->facts.env) = (struct facts_env){name, value};
    }
}

static int by_number(const void *x, const void *y)
{
    uint32_t a = *(const uint32_t *)x, b = *(const uint32_t *)y;
    return (a > b) - (a < b);
}

/* {"80/tcp": {}, "80/udp": {}} is 80. A range is not written there. */
static void read_ports(struct import *im)
{
    struct facts *f = &im->out->facts;
    const char *key;
    json_t *value;
    json_object_foreach(json_object_get(im->config, "ExposedPorts"), key, value)
    {
        struct str rest = str_of(key), number;
        uint64_t port;
        str_split(&rest, '/', &number);
        if (str_to_u64(number, 65535, &port) && port)
            *vec_push(im->arena, &f->ports) = (uint32_t)port;
    }
    if (f->ports.n)
        qsort(f->ports.v, f->ports.n, sizeof *f->ports.v, by_number);
    size_t n = 0;
    for (size_t i = 0; i < f->ports.n; i++)
        if (!n || f->ports.v[n - 1] != f->ports.v[i])
            f->ports.v[n++] = f->ports.v[i];
    f->ports.n = n;
}

static int by_text(const void *x, const void *y)
{
    return str_cmp(*(const struct str *)x, *(const struct str *)y);
}

static void read_volumes(struct import *im)
{
    struct facts *f = &im->out->facts;
    const char *key;
    json_t *value;
    json_object_foreach(json_object_get(im->config, "Volumes"), key, value)
    {
        struct str path = str_dup(im->arena, str_of(key));
        if (str_starts(path, STR("/")) && is_printable(path))
            *vec_push(im->arena, &f->volumes) = path;
    }
    if (f->volumes.n)
        qsort(f->volumes.v, f->volumes.n, sizeof *f->volumes.v, by_text);
}

static bool is_one_of(struct str name, const char *const *list)
{
    for (; *list; list++)
        if (str_is(name, *list))
            return true;
    return false;
}

/* What entrypoint and cmd together are, where their one word says it. */
static enum facts_starts starts_of(const struct facts *f)
{
    static const char *const shells[] = {"sh", "bash", "ash", "dash", "zsh", NULL};
    static const char *const interpreters[] = {"python", "python3", "node", "irb",
                                               "jshell", "ghci",    "iex",  NULL};
    if (f->entrypoint.n + f->cmd.n == 0)
        return FACTS_STARTS_NOTHING;
    if (f->entrypoint.n + f->cmd.n > 1)
        return FACTS_STARTS_UNKNOWN;
    struct str program = str_basename(f->cmd.n ? f->cmd.v[0] : f->entrypoint.v[0]);
    if (is_one_of(program, shells))
        return FACTS_STARTS_SHELL;
    return is_one_of(program, interpreters) ? FACTS_STARTS_INTERPRETER : FACTS_STARTS_UNKNOWN;
}

static void read_config(struct import *im)
{
    struct facts *f = &im->out->facts;
    struct str workdir = text_of(im->arena, json_object_get(im->config, "WorkingDir"));
    f->user = text_of(im->arena, json_object_get(im->config, "User"));
    f->workdir = str_starts(workdir, STR("/")) && is_printable(workdir) ? workdir : STR("/");
    READ_TEXTS(im, "Entrypoint", &f->entrypoint);
    READ_TEXTS(im, "Cmd", &f->cmd);
    read_env(im);
    read_ports(im);
    read_volumes(im);
    f->onbuild = json_array_size(json_object_get(im->config, "OnBuild")) > 0;
    f->starts = starts_of(f);
    f->start_as = f->starts == FACTS_STARTS_UNKNOWN ? FACTS_AS_UNKNOWN : FACTS_AS_ANY;
    if (str_is(text_of(im->arena, get(im->image, "Os", "os")), "windows"))
        f->family = FACTS_WINDOWS;
}

/* ---- the document ---- */

/* The one image that it is about. NULL, or what is wrong. */
static const char *find_image(struct import *im, json_t *top)
{
    if (json_array_size(top) > 1)
        return "it is about more than one image; import them one by one";
    im->image = json_is_array(top) ? json_array_get(top, 0) : top;
    json_t *oci = json_object_get(im->image, "OCIv1");
    if (oci)
        im->config = json_object_get(oci, "config");
    else
        im->config = get(im->image, "Config", "config");
    if (!json_is_object(im->image) ||
        (im->config && !json_is_object(im->config) && !json_is_null(im->config)))
        return "it is not about an image";
    bool described = im->config || oci || get(im->image, "RootFS", "rootfs");
    return described ? NULL : "it is not about an image: it has no Config";
}

const char *facts_import(struct arena *a, struct str json, const char *as, struct facts_import *out)
{
    struct import im = {.arena = a, .out = out};
    json_error_t error;
    *out = (struct facts_import){0};
    json_t *top = json_loadb(json.n ? json.p : "", json.n, 0, &error);
    if (!top)
        return str_fmt(a, "line %d, column %d: %s", error.line, error.column,
                       utf8_safe(a, str_of(error.text), 0).p)
            .p;
    const char *wrong = find_image(&im, top);
    if (!wrong)
        wrong = find_images(&im, as);
    if (!wrong) {
        read_config(&im);
        out->facts.source = source_of(&im, as);
    }
    json_decref(top);
    return wrong;
}
