/*
 * Asks each survey in turn; the order is the order in which a person would want to hear of them.
 */
#include "unit/obstacle.h"

#include <stdarg.h>
#include <stdio.h>

#include "base/utf8.h"
#include "unit/account.h"
#include "unit/children.h"
#include "unit/path.h"

/* Nobody reads more of them; a hostile file could have a hundred thousand. */
enum { OBSTACLES_MAX = 100 };

/* ---- the list ------------------------------------------------------------------------------- */

static void add(struct obstacles *o, bool refuse, const char *reason, const struct df_item *at,
                struct str assumption, const char *fmt, va_list ap)
{
    char text[600];
    int n = vsnprintf(text, sizeof text, fmt, ap);
    if (o->where.n && n > 0 && (size_t)n < sizeof text)
        snprintf(text + n, sizeof text - (size_t)n, " (%.*s)", STR_ARG(o->where));
    const char *kept = assumption.n ? utf8_safe(o->unit->arena, assumption, 400).p : NULL;
    VEC_EACH (old, &o->v)
        if (str_is(str_of(old->reason), reason) && old->refuse == refuse &&
            (!kept || str_is(str_of(old->assumption), kept)))
            return;
    if (o->v.n >= (size_t)OBSTACLES_MAX + refuse) /* there is always room for a first refusal */
        return;
    *vec_push(o->unit->arena, &o->v) =
        (struct obstacle){refuse, reason, at, utf8_safe(o->unit->arena, str_of(text), 0).p, kept};
}

void obstacle_refuse(struct obstacles *o, const char *reason, const struct df_item *at,
                     const char *fmt, ...)
{
    va_list ap;
    va_start(ap, fmt);
    add(o, true, reason, at, STR(""), fmt, ap);
    va_end(ap);
}

void obstacle_review(struct obstacles *o, const char *reason, const struct df_item *at,
                     struct str assumption, const char *fmt, ...)
{
    va_list ap;
    va_start(ap, fmt);
    add(o, false, reason, at, assumption, fmt, ap);
    va_end(ap);
}

const struct obstacle *obstacle_deciding(const struct obstacles *o)
{
    VEC_EACH (it, &o->v)
        if (it->refuse)
            return it;
    return o->v.n ? o->v.v : NULL;
}

const char *obstacle_text(struct obstacles *o, struct str s)
{
    return utf8_safe(o->unit->arena, s, 120).p;
}

/* ---- the base image ------------------------------------------------------------------------- */

static bool is_windows(const struct obstacles *o)
{
    const struct stage *s = o->stage;
    if (s->config.windows || unit_facts(o->unit, s))
        return s->config.windows;
    if (o->unit->list->escape == '`')
        return true;
    return s->shell.n && (str_has(s->shell.v[0], "powershell") || str_is(s->shell.v[0], "cmd") ||
                          str_has(s->shell.v[0], "pwsh"));
}

/* Nothing can be written behind a line that is still continued where the file ends. */
static void survey_end(struct obstacles *o)
{
    for (struct df_item *it = df_next(o->stage->from); it && it != o->stage->end; it = df_next(it))
        if (it->open)
            obstacle_refuse(o, "unfinished-line", it,
                            "ends in a line that is continued, but nothing follows");
}

static void survey_base(struct obstacles *o)
{
    struct stage *s = o->stage, *root = stage_root(s);
    struct arena *a = o->unit->arena;
    if (is_windows(o))
        obstacle_refuse(o, "windows", s->from, "a Windows image, whose users have no numbers");
    if (root->base_kind == STAGE_ON_UNKNOWN && !root->base.unknown && !root->base.unset &&
        !root->base.error)
        obstacle_refuse(o, "invalid-base", root->from, "builds on '%s', which is no image name",
                        obstacle_text(o, root->base.text));
    else if (root->base_kind == STAGE_ON_UNKNOWN)
        obstacle_refuse(
            o, "variable-base", root->from, "builds on '%s', which is only known when it is built",
            root->from->node.args.n ? obstacle_text(o, root->from->node.args.v[0]) : "");
    else if (!unit_facts(o->unit, s))
        obstacle_review(o, "unknown-base-user", root->from,
                        str_fmt(a,
                                "base image '%.*s' runs as root, has a shell and the usual tools, "
                                "and its own entrypoint needs no root",
                                STR_ARG(root->image.text)),
                        "builds on '%s', of which nothing is known",
                        obstacle_text(o, root->image.text));
    for (struct stage *p = s->parent; p; p = p->parent)
        if (p->onbuild)
            obstacle_refuse(o, "base-image-for-others", s->from,
                            "builds on a stage with ONBUILD instructions, which run in this one");
    if (s->onbuild)
        obstacle_refuse(o, "base-image-for-others", s->from,
                        "has ONBUILD instructions: other images build on it and expect root");
    if (root->config.onbuild)
        obstacle_refuse(o, "base-image-for-others", root->from,
                        "builds on an image with ONBUILD instructions, which are not seen here");
}

/* ---- ports and volumes ---------------------------------------------------------------------- */

/* PORT=80, ASPNETCORE_URLS=http://+:80 */
static bool sets_low_port(const struct stage_var *v)
{
    uint64_t port;
    struct str text = v->value.text;
    bool url = str_ends(v->name, STR("URLS")) || str_ends(v->name, STR("_ADDR")) ||
               str_ends(v->name, STR("_ADDRESS")) || str_ends(v->name, STR("LISTEN")) ||
               str_ends(v->name, STR("BIND"));
    if (!v->value.known ||
        (!url && !str_ends(v->name, STR("PORT")) && !str_ends(v->name, STR("PORTS"))))
        return false;
    ptrdiff_t colon = str_rchr(text, ':');
    if (url && colon < 0)
        return false;
    text = str_from(text, (size_t)(colon + 1));
    return str_to_u64(text, 1023, &port) && port > 0 && port != 22 && port != 25 && port != 587;
}

static void survey_port_variables(struct obstacles *o)
{
    static const char *const others[] = {
        "DB_", "MYSQL",  "POSTGRES", "REDIS",   "SMTP",  "MAIL",    "MONGO",  "LDAP",
        "SSH", "REMOTE", "UPSTREAM", "BACKEND", "PROXY", "ELASTIC", "RABBIT", NULL};
    for (size_t i = 0; i < o->stage->vars.n; i++) {
        const struct stage_var *v = &o->stage->vars.v[i];
        bool other = false;
        for (const char *const *n = others; *n; n++)
            other |= str_has(v->name, *n); /* where somebody else listens */
        if (!other && sets_low_port(v))
            obstacle_review(o, "privileged-port", NULL, STR(OBSTACLE_LOW_PORT),
                            "listens on the port in %s=%s", obstacle_text(o, v->name),
                            obstacle_text(o, v->value.text));
    }
}

static void survey_ports(struct obstacles *o)
{
    survey_port_variables(o);
    VEC_EACH (p, &o->stage->ports) {
        if (p->from == 22 && p->item)
            obstacle_review(o, "needs-capability", p->item,
                            STR("nothing in it logs users in over ssh"), "exposes port 22");
        else if (p->from < 1024 && (p->item || o->base_process))
            obstacle_review(o, "privileged-port", p->item, STR(OBSTACLE_LOW_PORT),
                            "listens on port %u", p->from);
    }
}

/* Does what the image's own service keeps belong to root so far? */
static bool is_roots(const struct obstacles *o)
{
    const struct facts *f = unit_facts(o->unit, o->stage);
    if (!f || !o->base_program || f->start_as != FACTS_AS_ANY || !account_is_root(f->user))
        return false;
    VEC_EACH (user, &f->users)
        if (user->purpose == FACTS_USER_APP)
            return false;
    return true;
}

static void survey_volumes(struct obstacles *o)
{
    VEC_EACH (v, &o->stage->volumes) {
        if (v->path.n &&
            (stage_inside(v->path, STR("/tmp")) || stage_inside(v->path, STR("/var/tmp"))))
            continue; /* everybody may write there, and a volume keeps that */
        if (v->path.n && stage_inside(v->path, STR("/var/run/docker.sock")))
            obstacle_refuse(o, "needs-capability", v->item, "wants the Docker socket");
        else if (!v->item && !is_roots(o))
            continue; /* the image's own: its user owns it */
        else if (!v->path.n)
            obstacle_refuse(o, "data-volume", v->item, "has a VOLUME whose path is not known");
        else
            obstacle_review(o, "data-volume", v->item,
                            str_fmt(o->unit->arena,
                                    "data that is in '%.*s' already is given to the new user once "
                                    "(chown, or fsGroup in Kubernetes)",
                                    STR_ARG(v->path)),
                            "keeps data in the volume '%s'", obstacle_text(o, v->path));
    }
}

/* ---- the author's intention ----------------------------------------------------------------- */

/* USER root with nothing behind it that would need root: it was meant. */
static void survey_intention(struct obstacles *o)
{
    struct df_item *user = o->stage->user_item;
    if (!user || o->stage->user_stage != o->stage)
        return;
    for (struct df_item *it = df_next(user); it && it != o->stage->end; it = df_next(it))
        if (it->node.cmd == DF_RUN || it->node.cmd == DF_COPY || it->node.cmd == DF_ADD)
            return;
    if (!o->stage->user.n)
        return; /* USER $UNSET: not meant */
    obstacle_review(
        o, "explicit-root", user, STR("the author's USER root is a leftover, not a need"),
        "says USER %s, with nothing to do for root behind it", obstacle_text(o, o->stage->user));
}

/* Does the start command go somewhere that is not given to the user? */
static bool goes_elsewhere(const struct obstacles *o)
{
    const struct str place = o->moved, own = o->stage->workdir.path;
    return place.n && !stage_inside(place, STR("/tmp")) &&
           !(o->stage->workdir.known && path_is_workdir(own) && stage_inside(place, own));
}

/* A program that was started in / could make files there as root. */
static void survey_place(struct obstacles *o)
{
    const struct stage *s = o->stage;
    bool own = (s->entrypoint.set && s->entrypoint.item) || (s->cmd.set && s->cmd.item);
    own = own && !o->base_program;
    bool odd = s->workdir.known && !str_is(s->workdir.path, "/") &&
               !path_is_workdir(s->workdir.path) && !stage_inside(s->workdir.path, STR("/root")) &&
               !str_is(s->workdir.path, "/tmp");
    if (own && !o->compiled && goes_elsewhere(o))
        obstacle_review(o, "no-workdir", s->from,
                        str_fmt(o->unit->arena, "it makes no files in '%.*s'", STR_ARG(o->moved)),
                        "goes to '%s' first, which stays root's", obstacle_text(o, o->moved));
    if (own && !o->compiled && o->lost.n)
        obstacle_review(
            o, "no-workdir", s->from,
            str_fmt(o->unit->arena, "it makes no files in '%s'", obstacle_text(o, o->lost)),
            "goes to '%s' first, and which directory that is is not known",
            obstacle_text(o, o->lost));
    if (own && odd && !o->compiled && unit_facts(o->unit, o->stage) &&
        !str_eq(s->workdir.path, stage_root(o->stage)->config.workdir))
        obstacle_review(
            o, "no-workdir", s->from,
            str_fmt(o->unit->arena, "it makes no files in '%.*s'", STR_ARG(s->workdir.path)),
            "runs in '%s', which stays root's", obstacle_text(o, s->workdir.path));
    if (own && !o->compiled && s->workdir.known && str_is(s->workdir.path, "/"))
        obstacle_review(o, "no-workdir", s->from,
                        STR("it makes no files relative to /, where only root may"),
                        "runs in /, for want of a WORKDIR");
    else if (own && !o->compiled && !s->workdir.known && unit_facts(o->unit, o->stage))
        obstacle_review(o, "no-workdir", s->from, STR("it makes no files in its working directory"),
                        "runs in a directory that is only known when it is built");
}

struct obstacles obstacle_survey(struct unit *u, struct stage *s)
{
    struct obstacles o = {.unit = u, .stage = s};
    survey_base(&o);
    children_survey(&o);
    survey_end(&o);
    process_survey(&o);
    home_survey(&o);
    survey_intention(&o);
    survey_volumes(&o);
    deploy_survey(&o);
    survey_ports(&o);
    modes_survey(&o);
    privileged_survey(&o);
    modes_context_survey(&o);
    survey_place(&o);
    return o;
}
