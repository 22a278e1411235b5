/*
 * One row an option: the command line's flag without its dashes, and how its value is read.
 */
#include "engine/options.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/bug.h"
#include "base/utf8.h"
#include "engine/registry.h"
#include "knowledge/program.h"
#include "knowledge/runtime.h"
#include "kubernetes/rule.h"

static enum ur_status fail(struct ur_options *o, const char *fmt, ...)
    __attribute__((format(printf, 2, 3)));
static enum ur_status fail(struct ur_options *o, const char *fmt, ...)
{
    va_list ap;
    va_start(ap, fmt);
    vsnprintf(o->error, sizeof o->error, fmt, ap);
    va_end(ap);
    return UR_EUSAGE;
}

struct ur_options *ur_options_new(void)
{
    struct ur_options *o = calloc(1, sizeof *o);
    if (!o)
        bug_out_of_memory(sizeof *o);
    o->settings.user = STR("appuser");
    o->settings.uid = o->settings.gid = SETTINGS_UID;
    o->settings.pss = PSS_RESTRICTED;
    o->settings.version = "latest";
    o->settings.facts = facts_db_new();
    o->settings.programs = program_db_new();
    o->settings.runtimes = runtime_db_new();
    return o;
}

void ur_options_free(struct ur_options *o)
{
    if (!o)
        return;
    facts_db_free(o->settings.facts);
    program_db_free(o->settings.programs);
    runtime_db_free(o->settings.runtimes);
    arena_release(&o->arena);
    free(o);
}

/* ---- values --------------------------------------------------------------------------------- */

static enum ur_status set_bool(struct ur_options *o, const char *name, struct str v, bool *to)
{
    *to = str_is(v, "true");
    if (!*to && !str_is(v, "false"))
        return fail(o, "--%s takes true or false, not '%s'", name, utf8_safe(&o->arena, v, 60).p);
    return UR_OK;
}

static enum ur_status set_id(struct ur_options *o, const char *name, struct str v, uint32_t *to,
                             bool *set)
{
    uint64_t n;
    if (!str_to_u64(v, 2147483647, &n) || n == 0)
        return fail(o, "--%s takes a number from 1 to 2147483647, not '%s'", name,
                    utf8_safe(&o->arena, v, 60).p);
    *to = (uint32_t)n;
    *set = true;
    return UR_OK;
}

/* What useradd, adduser and /etc/passwd all take. */
static enum ur_status set_user(struct ur_options *o, struct str v)
{
    for (size_t i = 0; i < v.n; i++) {
        char c = v.p[i];
        bool alpha = (c >= 'a' && c <= 'z') || c == '_';
        if (!alpha && !(i && ((c >= '0' && c <= '9') || c == '-')))
            v.n = 0;
    }
    if (!v.n || v.n > 32)
        return fail(o, "--user takes a name of a-z, 0-9, '-' and '_', at most 32 long");
    if (str_is(v, "root"))
        return fail(o, "--user root is what this program is there to undo");
    o->settings.user = str_dup(&o->arena, v);
    o->settings.user_set = true;
    return UR_OK;
}

static enum ur_status add_rules(struct ur_options *o, const char *name, struct str v,
                                struct strs *to)
{
    struct str id;
    while (str_split(&v, ',', &id)) {
        if (!pass_find(id) && !rule_find(id))
            return fail(o, "--%s: there is no rule '%s' (see `unroot explain`)", name,
                        utf8_safe(&o->arena, id, 60).p);
        *vec_push(&o->arena, to) = str_dup(&o->arena, id);
    }
    return UR_OK;
}

static enum ur_status choose(struct ur_options *o, const char *name, struct str v,
                             const char *first, const char *second, bool *is_second)
{
    *is_second = str_is(v, second);
    if (!*is_second && !str_is(v, first))
        return fail(o, "--%s takes %s or %s, not '%s'", name, first, second,
                    utf8_safe(&o->arena, v, 60).p);
    return UR_OK;
}

static enum ur_status add_image(struct ur_options *o, struct str v)
{
    ptrdiff_t at = str_chr(v, '=');
    if (at <= 0 || (size_t)at + 1 == v.n)
        return fail(o, "--image takes NAME=DOCKERFILE, not '%s'", utf8_safe(&o->arena, v, 60).p);
    *vec_push(&o->arena, &o->settings.images) = str_dup(&o->arena, v);
    return UR_OK;
}

static enum ur_status set_deploys(struct ur_options *o, struct str v)
{
    static const char *const names[] = {"auto", "on", "off"};
    for (size_t i = 0; i < 3; i++)
        if (str_is(v, names[i])) {
            o->settings.deploys = (enum settings_deploys)i;
            return UR_OK;
        }
    return fail(o, "--kubernetes takes auto, on or off, not '%s'", utf8_safe(&o->arena, v, 60).p);
}

static enum ur_status add_target(struct ur_options *o, struct str v)
{
    if (!v.n)
        return fail(o, "--target takes the name of a stage");
    *vec_push(&o->arena, &o->settings.targets) = str_dup(&o->arena, v);
    return UR_OK;
}

static enum ur_status set_level(struct ur_options *o, const char *name, struct str v,
                                enum pss_level *to)
{
    if (!pss_level_of(v, to))
        return fail(o, "--%s takes baseline or restricted, not '%s'", name,
                    utf8_safe(&o->arena, v, 60).p);
    return UR_OK;
}

/* "latest" or "v1.31". */
static enum ur_status set_version(struct ur_options *o, struct str v)
{
    uint64_t minor;
    if (!str_is(v, "latest") &&
        !(str_starts(v, STR("v1.")) && str_to_u64(str_from(v, 3), 999, &minor)))
        return fail(o, "--pss-version takes latest or v1.N, not '%s'",
                    utf8_safe(&o->arena, v, 60).p);
    o->settings.version = str_z(&o->arena, v);
    return UR_OK;
}

/* KIND=path.to.spec */
static enum ur_status add_pod_path(struct ur_options *o, struct str v)
{
    ptrdiff_t eq = str_chr(v, '=');
    struct str path = str_from(v, (size_t)(eq + 1));
    if (eq <= 0 || !path.n || path.p[0] == '.' || path.p[path.n - 1] == '.' ||
        str_find(path, STR("..")) >= 0)
        return fail(o, "--pod-path takes KIND=path.to.spec, not '%s'",
                    utf8_safe(&o->arena, v, 60).p);
    *vec_push(&o->arena, &o->settings.pod_paths) = (struct workload_path){
        str_dup(&o->arena, str_sub(v, 0, (size_t)eq)), str_dup(&o->arena, path)};
    return UR_OK;
}

static enum ur_status set_of_manifests(struct ur_options *o, const char *name, struct str v)
{
    struct settings *s = &o->settings;
    struct str n = str_of(name);
    enum pss_level level;
    enum ur_status status;
    bool read_only;
    if (str_is(n, "pss"))
        return set_level(o, name, v, &s->pss);
    if (str_is(n, "no-service-account-token"))
        return set_bool(o, name, v, &s->no_token);
    if (str_is(n, "pss-version"))
        return set_version(o, v);
    if (str_is(n, "pod-path"))
        return add_pod_path(o, v);
    if (str_is(n, "read-only-root")) {
        status = set_bool(o, name, v, &read_only);
        s->writable_root = status == UR_OK && !read_only;
        return status;
    }
    if (str_is(n, "namespace-labels")) {
        status = set_level(o, name, v, &level);
        if (status == UR_OK)
            s->labels = pss_level_name(level);
        return status;
    }
    return fail(o, "there is no option '%s'", utf8_safe(&o->arena, n, 60).p);
}

enum ur_status ur_options_set(struct ur_options *o, const char *name, const char *value)
{
    struct settings *s = &o->settings;
    struct str v = str_of(value), n = str_of(name);
    bool second = false;
    enum ur_status status;
    if (o->sealed)
        return fail(o, "options are sealed");
    if (str_is(n, "unsafe-fixes"))
        return set_bool(o, name, v, &s->unsafe_fixes);
    if (str_is(n, "create-user"))
        return set_bool(o, name, v, &s->create_user);
    if (str_is(n, "comments"))
        return set_bool(o, name, v, &s->comments);
    if (str_is(n, "uid"))
        return set_id(o, name, v, &s->uid, &s->uid_set);
    if (str_is(n, "gid"))
        return set_id(o, name, v, &s->gid, &s->gid_set);
    if (str_is(n, "user"))
        return set_user(o, v);
    if (str_is(n, "select"))
        return add_rules(o, name, v, &s->select);
    if (str_is(n, "ignore"))
        return add_rules(o, name, v, &s->ignore);
    if (str_is(n, "target"))
        return add_target(o, v);
    if (str_is(n, "image"))
        return add_image(o, v);
    if (str_is(n, "kubernetes"))
        return set_deploys(o, v);
    if (str_is(n, "id-style"))
        return choose(o, name, v, "number", "name", &s->id_names);
    if (str_is(n, "ports"))
        return choose(o, name, v, "move", "keep", &s->keep_ports);
    if (str_is(n, "profile")) {
        status = choose(o, name, v, "default", "strict", &second);
        s->profile = second ? PROFILE_STRICT : PROFILE_DEFAULT;
        return status;
    }
    return set_of_manifests(o, name, v);
}

enum ur_status ur_options_add_facts(struct ur_options *o, const char *label, const void *yaml,
                                    size_t size)
{
    if (o->sealed)
        return fail(o, "options are sealed");
    const char *error = facts_db_add(o->settings.facts, label, str_make(yaml, size));
    return error ? fail(o, "%s", error) : UR_OK;
}

enum ur_status ur_options_seal(struct ur_options *o)
{
    struct settings *s = &o->settings;
    if (s->uid_set && !s->gid_set)
        s->gid = s->uid;
    o->sealed = true;
    return UR_OK;
}

const char *ur_options_error(const struct ur_options *o)
{
    return o->error;
}
