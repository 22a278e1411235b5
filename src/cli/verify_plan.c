/*
 * What the engine found out of a stage is taken from its JSON report: that is what it tells
 * anybody.
 */
#include "cli/verify_plan.h"

#include <jansson.h>

#include "base/utf8.h"

enum { WAIT = 30, TIMEOUT = 1800, PIDS = 1024, SECONDS_MAX = 86400, PIDS_MAX = 4000000 };

/* ---- options -------------------------------------------------------------------------------- */

const char *verify_plan_option(const struct options *o, const char *name)
{
    const char *value = NULL;
    VEC_EACH (given, &o->verify)
        if (strcmp(given->spec->name, name) == 0)
            value = given->value;
    return value;
}

static bool number(const struct options *o, const char *name, unsigned otherwise, unsigned max,
                   unsigned *out)
{
    const char *value = verify_plan_option(o, name);
    uint64_t n = otherwise;
    bool good = !value || (str_to_u64(str_of(value), max, &n) && n);
    *out = (unsigned)n;
    return good;
}

static const char *check_numbers(struct arena *a, const struct options *o)
{
    static const struct {
        const char *name;
        unsigned max;
    } all[] = {{"wait", SECONDS_MAX}, {"timeout", SECONDS_MAX}, {"pids", PIDS_MAX}};
    unsigned n;
    for (size_t i = 0; i < sizeof all / sizeof *all; i++)
        if (!number(o, all[i].name, 1, all[i].max, &n))
            return str_fmt(a, "option '--%s' takes a number from 1 to %u", all[i].name, all[i].max)
                .p;
    return NULL;
}

/* Digits and a unit, as the engines take it. */
static bool is_size(const char *text)
{
    size_t n = strspn(text, "0123456789");
    return n && n < 16 && (!text[n] || (strchr("bkmgBKMG", text[n]) && !text[n + 1]));
}

static bool is_http_path(const char *text)
{
    if (*text != '/' || strlen(text) > 2000)
        return false;
    for (; *text; text++)
        if (*text <= ' ' || *text > '~')
            return false;
    return true;
}

static const char *check_value(struct arena *a, const struct option_given *given)
{
    const char *name = given->spec->name, *value = given->value;
    if (strcmp(name, "writable") == 0 && !policy_clean(a, str_of(value)).n)
        return "option '--writable' takes an absolute directory of the image";
    if (strcmp(name, "memory") == 0 && !is_size(value))
        return "option '--memory' takes a size like 512m or 2g";
    if (strcmp(name, "path") == 0 && !is_http_path(value))
        return "option '--path' takes what stands in a request: it begins with '/' and has no "
               "blanks";
    if ((strcmp(name, "build-option") == 0 || strcmp(name, "run-option") == 0) &&
        (value[0] != '-' || value[1] == 0))
        return str_fmt(a,
                       "option '--%s' takes one option of the engine's, in one word: "
                       "--%s=--name=value",
                       name, name)
            .p;
    if (strcmp(name, "network") == 0 && (!*value || *value == '-'))
        return "option '--network' takes the name of a network";
    return NULL;
}

const char *verify_plan_check(struct arena *a, const struct options *o)
{
    VEC_EACH (given, &o->verify) {
        const char *wrong = check_value(a, given);
        if (wrong)
            return wrong;
    }
    return check_numbers(a, o);
}

static json_t *read_report(struct batch_item *item)
{
    size_t size;
    const char *text = ur_result_report(item->result, "json", &size);
    return json_loadb(text, size, 0, NULL);
}

/* ---- the stage ------------------------------------------------------------------------------ */

/* What the engine itself takes for shipped: the last stage, the one of --target, or what Compose
 * and its like build. */
struct strs_z verify_plan_targets(struct batch_item *item)
{
    struct strs_z list = {0};
    struct arena *a = &item->arena;
    json_t *report = read_report(item), *stages = json_object_get(report, "stages"), *stage;
    size_t i, n = json_array_size(stages);
    json_array_foreach(stages, i, stage)
    {
        const char *name = json_string_value(json_object_get(stage, "name"));
        if (!json_is_true(json_object_get(stage, "shipped")))
            continue;
        *vec_push(a, &list) = i + 1 == n      ? ""
                              : name && *name ? str_dup(a, str_of(name)).p
                                              : str_fmt(a, "%zu", i).p;
    }
    json_decref(report);
    if (!list.n)
        *vec_push(a, &list) = "";
    return list;
}

/* The stage of this name or number, the last one for "". */
static json_t *find_stage(const json_t *report, const char *target)
{
    json_t *stages = json_object_get(report, "stages"), *stage, *found = NULL;
    size_t i;
    uint64_t index;
    bool numbered = str_to_u64(str_of(target), 1 << 20, &index);
    json_array_foreach(stages, i, stage)
    {
        const char *name = json_string_value(json_object_get(stage, "name"));
        if (!*target || (name && str_eq_nocase(str_of(name), str_of(target))) ||
            (numbered && index == i))
            found = stage;
    }
    return found;
}

static void take_stage(struct arena *a, const json_t *stage, struct verify_plan *out)
{
    json_t *list = json_object_get(stage, "writable"), *one;
    size_t i;
    json_array_foreach(list, i, one)
    {
        struct str path = str_of(json_string_value(one));
        if (path.n)
            *vec_push(a, &out->reported) = str_dup(a, path);
    }
    list = json_object_get(stage, "ports");
    json_array_foreach(list, i, one)
    {
        json_int_t from = json_integer_value(json_object_get(one, "from"));
        json_int_t to = json_integer_value(json_object_get(one, "to"));
        *vec_push(a, &out->moves) = (struct port_move){(unsigned)from, (unsigned)to};
    }
}

static void take_report(struct batch_item *item, const char *target, struct verify_plan *out)
{
    json_t *report = read_report(item);
    take_stage(&item->arena, find_stage(report, target), out);
    json_decref(report);
}

/* ---- the files ------------------------------------------------------------------------------ */

/* The engine's own choice; where it took none, the one that was named, else the file's folder. */
static void take_context(struct batch_item *item, struct verify_plan *out)
{
    const struct places *p = item->places;
    int chosen = ur_result_context(item->result);
    if (chosen < 0 && !p->build.context_count) {
        out->context = "";
        return;
    }
    const struct folder *f = &p->folders[chosen < 0 ? 0 : chosen];
    out->context = f->path;
    out->context_trusted = f->trusted;
    /* the engine's command line must not take it for an option */
    if (f->path[0] == '-')
        out->context = str_fmt(&item->arena, "./%s", f->path).p;
}

static void take_rewrite(struct batch_item *item, const struct str *rewritten,
                         struct verify_plan *out)
{
    size_t n;
    const char *bytes = ur_result_bytes(item->result, &n);
    out->rewritten = rewritten ? *rewritten : str_make(bytes, n);
    out->unchanged = !rewritten && !item->changed;
    for (size_t i = 0; !rewritten && i < ur_result_file_count(item->result); i++) {
        const struct ur_file *f = ur_result_file(item->result, i);
        *vec_push(&item->arena, &out->files) =
            (struct verify_file){f->path, str_make(f->bytes, f->size)};
    }
}

static void take_options(struct batch_item *item, struct verify_plan *out)
{
    const struct options *o = item->cli->options;
    const char *network = verify_plan_option(o, "network"), *path = verify_plan_option(o, "path");
    const char *memory = verify_plan_option(o, "memory");
    const char *restricted = verify_plan_option(o, "restricted");
    out->network = network ? network : "none";
    out->http_path = path ? path : "/";
    out->memory = memory ? memory : "2g";
    out->restricted = !restricted || strcmp(restricted, "true") == 0;
    const char *low = verify_plan_option(o, "low-ports");
    out->low_ports_open = low && strcmp(low, "open") == 0;
    out->arbitrary_user = verify_plan_option(o, "arbitrary-uid") != NULL;
    number(o, "wait", WAIT, SECONDS_MAX, &out->wait);
    number(o, "timeout", TIMEOUT, SECONDS_MAX, &out->timeout);
    number(o, "pids", PIDS, PIDS_MAX, &out->pids);
    for (size_t i = 0; i < item->places->build.arg_count; i++) {
        const struct ur_build_arg *arg = &item->places->build.args[i];
        *vec_push(&item->arena, &out->build_options) =
            str_fmt(&item->arena, "--build-arg=%s=%s", arg->name, arg->value).p;
    }
    VEC_EACH (given, &o->verify) {
        const char *name = given->spec->name;
        if (strcmp(name, "build-option") == 0)
            *vec_push(&item->arena, &out->build_options) = given->value;
        else if (strcmp(name, "run-option") == 0)
            *vec_push(&item->arena, &out->run_options) = given->value;
        else if (strcmp(name, "writable") == 0)
            *vec_push(&item->arena, &out->writable) = given->value;
    }
}

const char *verify_plan_make(struct batch_item *item, const char *target,
                             const struct str *rewritten, struct verify_plan *out)
{
    *out = (struct verify_plan){
        .path = item->input->path, .dockerfile = item->input->path, .target = target};
    if (item->input->standard_input)
        return "verify needs a file: the builder has to find it and its build context";
    take_report(item, target, out);
    take_context(item, out);
    take_rewrite(item, rewritten, out);
    take_options(item, out);
    return NULL;
}
