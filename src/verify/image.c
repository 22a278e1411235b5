/* Both engines print an array of one object; podman's names differ here and there. */
#include "verify/image.h"

#include <jansson.h>

#include "base/utf8.h"

static struct str text(struct arena *a, const json_t *value)
{
    if (!json_is_string(value))
        return STR("");
    struct str s = str_make(json_string_value(value), json_string_length(value));
    return utf8_safe(a, str_dup(a, s), 0);
}

/* The first object of the array. The whole is to be released. */
static json_t *read_first(struct str json, json_t **whole)
{
    *whole = json_loadb(json.p ? json.p : "", json.n, JSON_REJECT_DUPLICATES, NULL);
    json_t *first = json_array_get(*whole, 0);
    return json_is_object(first) ? first : NULL;
}

/* "8080/tcp" */
static void take_ports(struct image *image, json_t *ports)
{
    const char *name;
    json_t *value;
    json_object_foreach(ports, name, value)
    {
        struct str rest = str_of(name), number;
        uint64_t n;
        str_split(&rest, '/', &number);
        if (str_to_u64(number, 65535, &n) && n && image->exposed_count < IMAGE_PORTS)
            image->exposed[image->exposed_count++] = (unsigned)n;
    }
}

static void take_volumes(struct arena *a, struct image *image, json_t *volumes)
{
    const char *path;
    json_t *value;
    json_object_foreach(volumes, path, value) * vec_push(a, &image->volumes) =
        utf8_safe(a, str_dup(a, str_of(path)), 0);
}

static bool has_health(const json_t *config)
{
    json_t *test = json_object_get(json_object_get(config, "Healthcheck"), "Test");
    const char *first = json_string_value(json_array_get(test, 0));
    return first && *first && strcmp(first, "NONE") != 0;
}

struct image image_read(struct arena *a, struct str json)
{
    json_t *whole, *first = read_first(json, &whole);
    struct image image = {.known = first != NULL};
    json_t *config = json_object_get(first, "Config");
    json_t *check = json_object_get(first, "Healthcheck"); /* podman has it beside the rest, too */
    image.user = text(a, json_object_get(config, "User"));
    image.health = has_health(config) || (json_is_object(check) && has_health(first));
    take_ports(&image, json_object_get(config, "ExposedPorts"));
    take_volumes(a, &image, json_object_get(config, "Volumes"));
    image.size = (uint64_t)json_integer_value(json_object_get(first, "Size"));
    json_decref(whole);
    return image;
}

static enum container_health health_of(const json_t *state)
{
    json_t *health = json_object_get(state, "Health");
    if (!health)
        health = json_object_get(state, "Healthcheck");
    struct str status = str_of(json_string_value(json_object_get(health, "Status")));
    return str_is(status, "starting")    ? HEALTH_STARTING
           : str_is(status, "healthy")   ? HEALTH_HEALTHY
           : str_is(status, "unhealthy") ? HEALTH_UNHEALTHY
                                         : HEALTH_NONE;
}

struct container_state image_read_state(struct arena *a, struct str json)
{
    json_t *whole, *first = read_first(json, &whole);
    json_t *state = json_object_get(first, "State");
    struct container_state s = {.known = json_is_object(state)};
    s.running = json_is_true(json_object_get(state, "Running"));
    s.out_of_memory = json_is_true(json_object_get(state, "OOMKilled"));
    s.exit_code = (int)json_integer_value(json_object_get(state, "ExitCode"));
    s.error = text(a, json_object_get(state, "Error"));
    s.health = health_of(state);
    json_decref(whole);
    return s;
}

static struct str inspect(struct engine *e, const char *kind, const char *name)
{
    struct args words = args_in(e->arena);
    args_add(&words, kind, "inspect", name, NULL);
    return engine_ask(e, &words);
}

struct image image_inspect(struct engine *e, const char *name)
{
    return image_read(e->arena, inspect(e, "image", name));
}

struct container_state image_state(struct engine *e, const char *container)
{
    return image_read_state(e->arena, inspect(e, "container", container));
}

const char *image_health_name(enum container_health health)
{
    static const char *const names[] = {"", "starting", "healthy", "unhealthy"};
    return names[health];
}
