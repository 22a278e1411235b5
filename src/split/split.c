/*
 * The way of a stage: what starts is read, a shape claims it and proves what it needs, every step
 * is looked at, what is carried over is collected. Whatever stands in the way is an obstacle, like
 * those of the common survey; the first that refuses is the answer.
 */
#include "split/split.h"

#include <stdarg.h>
#include <stdio.h>

#include "base/bug.h"
#include "base/utf8.h"
#include "knowledge/templates.h"
#include "split/inplace.h"
#include "split/shape.h"
#include "split/site.h"
#include "split/steps.h"
#include "unit/account.h"
#include "unit/suppress.h"

/* ---- saying no ------------------------------------------------------------------------------ */

static const char *format(struct split *sp, const char *fmt, va_list ap)
{
    char text[600];
    vsnprintf(text, sizeof text, fmt, ap);
    return str_dup(sp->u->arena, str_of(text)).p;
}

void split_refuse(struct split *sp, const char *reason, const struct df_item *at, const char *fmt,
                  ...)
{
    va_list ap;
    va_start(ap, fmt);
    obstacle_refuse(&sp->o, reason, at, "%s", format(sp, fmt, ap));
    va_end(ap);
}

void split_review(struct split *sp, const char *reason, const struct df_item *at,
                  struct str assumption, const char *fmt, ...)
{
    va_list ap;
    va_start(ap, fmt);
    obstacle_review(&sp->o, reason, at, assumption, "%s", format(sp, fmt, ap));
    va_end(ap);
}

void split_forgive(struct split *sp, const char *reason)
{
    size_t kept = 0;
    for (size_t i = 0; i < sp->o.v.n; i++)
        if (!str_is(str_of(sp->o.v.v[i].reason), reason))
            sp->o.v.v[kept++] = sp->o.v.v[i];
    sp->o.v.n = kept;
}

static bool is_refused(const struct split *sp)
{
    const struct obstacle *why = obstacle_deciding(&sp->o);
    return why && why->refuse;
}

const char *split_text(struct split *sp, struct str s)
{
    return utf8_safe(sp->u->arena, s, 80).p;
}

/* ---- what shapes say ------------------------------------------------------------------------ */

/* "gcr.io/distroless/static-debian13" */
static struct str full_name(struct unit *u, struct str image)
{
    if (str_chr(image, '/') >= 0)
        return image;
    return str_fmt(u->arena, "%.*s/%.*s", STR_ARG(u->settings->registry), STR_ARG(image));
}

bool split_image(struct split *sp, const char *variant, struct str version)
{
    struct str release = sp->u->settings->release;
    const struct distroless_image *image =
        distroless_image(&sp->data, release, str_of(variant), version);
    if (!image && sp->data.images.n && !sp->data.images.v[0].release.n) {
        split_refuse(sp, "no-runtime-image", sp->s->from,
                     "builds on version %s of %s, of which no image without a shell is known",
                     split_text(sp, version), sp->shape->name);
        return false;
    }
    if (!image) {
        split_refuse(sp, "no-runtime-image", sp->s->from,
                     "needs %s%s%s, of which there is no image in the release %.*s",
                     sp->shape->name, version.n ? " " : "", split_text(sp, version),
                     STR_ARG(release));
        return false;
    }
    sp->image = full_name(sp->u, image->image);
    return true;
}

bool split_covers(const struct split *sp, struct str path)
{
    VEC_EACH (c, &sp->copies)
        if (stage_inside(path, c->dest))
            return true;
    return false;
}

void split_copy_from(struct split *sp, struct split_copy copy)
{
    VEC_EACH (c, &sp->copies)
        if (str_eq(c->dest, copy.dest) && str_eq(c->source, copy.source) &&
            str_eq(c->from, copy.from))
            return;
    *vec_push(sp->u->arena, &sp->copies) = copy;
}

void split_copy(struct split *sp, struct str path, bool owned)
{
    split_copy_from(sp, (struct split_copy){.source = path, .dest = path, .owned = owned});
}

static void add(struct split *sp, struct strs *list, struct str s)
{
    *vec_push(sp->u->arena, list) = s;
}

void split_own(struct split *sp, struct str dir)
{
    for (size_t i = 0; i < sp->dirs.n; i++)
        if (str_eq(sp->dirs.v[i], dir))
            return;
    add(sp, &sp->dirs, dir);
}

void split_start(struct split *sp, struct strs entrypoint, struct strs cmd)
{
    sp->starts_anew = true;
    sp->new_entrypoint = entrypoint;
    sp->new_cmd = cmd;
}

void split_stage_line(struct split *sp, struct str instruction)
{
    add(sp, &sp->stages, instruction);
}

void split_rebase(struct split *sp, struct str image)
{
    sp->rebase = image;
}

void split_env(struct split *sp, struct str name, struct str value)
{
    struct str text;
    if (carry_quoted(sp, value, &text))
        add(sp, &sp->env, str_fmt(sp->u->arena, "%.*s=%.*s", STR_ARG(name), STR_ARG(text)));
    else
        split_refuse(sp, "value-not-known", sp->at, "sets %s to something of several lines",
                     split_text(sp, name));
}

struct str split_path(const struct split *sp, struct str word)
{
    struct str workdir = sp->s->workdir.known ? sp->s->workdir.path : STR("/");
    return stage_join(sp->u->arena, workdir, word);
}

/* ---- whether -------------------------------------------------------------------------------- */

static bool starts_with_prefix(struct str text, struct str prefix)
{
    return str_starts(text, prefix) && text.n > prefix.n && text.p[prefix.n] == '/';
}

/* An image that a split would build on: one of any shape's. */
static bool is_result(struct unit *u, struct str text)
{
    if (starts_with_prefix(text, u->settings->registry))
        return true;
    struct templates all = templates_each(STR("templates/distroless/"));
    VEC_EACH (t, &all) {
        struct distroless d;
        struct str name = str_basename(str_of(t->path));
        if (!distroless_find(u->arena, str_sub(name, 0, name.n - strlen(".yaml")), &d))
            continue;
        VEC_EACH (image, &d.images)
            if (str_eq(full_name(u, image->image), text))
                return true;
    }
    return false;
}

/* There is no shell in it already. */
static bool is_bare(struct unit *u, struct stage *s)
{
    const struct stage *root = stage_root(s);
    const struct facts *f = unit_facts(u, s);
    if (root->base_kind == STAGE_ON_IMAGE && is_result(u, root->image.text))
        return true;
    return f && f->family != FACTS_SCRATCH && !f->has_shell && f->family != FACTS_WINDOWS;
}

static const struct shape *find_shape(struct split *sp)
{
    distroless_find(sp->u->arena, STR("common"), &sp->common);
    for (size_t i = 0; i < shape_count; i++) {
        const struct shape *shape = shape_registry[i];
        if (!distroless_find(sp->u->arena, str_of(shape->name), &sp->data))
            BUG("there is no templates/distroless/%s.yaml", shape->name);
        if (shape->claims(sp))
            return shape;
    }
    return NULL;
}

/* Others would get the stage that has less in it. */
static void judge_users(struct split *sp)
{
    VEC_EACH (it, &sp->u->graph->stages) {
        bool uses = (*it)->parent == sp->s;
        VEC_EACH (step, &(*it)->steps)
            uses |= step->from == sp->s;
        if (uses)
            split_refuse(sp, "base-image-for-others", (*it)->from,
                         "other stages of the file build on it, or copy from it");
    }
}

/* What the survey does not know of a program whose code was read. */
static void forgive_known(struct split *sp)
{
    if (sp->no_children && sp->knows_code)
        split_forgive(sp, "unknown-program");
    if (!sp->may_write)
        split_forgive(sp, "no-workdir");
    if (sp->s->user_known && !account_is_root(sp->s->user))
        split_forgive(sp, "explicit-root");
}

static void plan(struct split *sp)
{
    split_forgive(sp, "unknown-base-user"); /* of an image that is left behind */
    if (!start_read(sp))
        return;
    sp->shape = find_shape(sp);
    if (!sp->shape) {
        split_refuse(sp, "unknown-shape", sp->at,
                     "starts '%s', and it is not seen how that is built and what it needs",
                     split_text(sp, sp->words.n ? sp->words.v[0] : STR("")));
        return;
    }
    sp->may_write = true;
    write_names(sp);
    sp->shape->plan(sp);
    if (is_refused(sp))
        return;
    forgive_known(sp);
    if (sp->had_init && !sp->no_children)
        split_review(sp, "start-needs-init", sp->at,
                     STR("it starts no programs that would have to be waited for"),
                     "starts an init program first, which is not in the image");
    judge_users(sp);
    if (stage_root(sp->s)->base.argument)
        split_review(sp, "variable-base", stage_root(sp->s)->from,
                     STR("nobody chooses another base image with --build-arg"),
                     "builds on an image that --build-arg may change");
    if (!sp->s->workdir.known)
        split_refuse(sp, "path-not-known", sp->s->from,
                     "runs in a directory that is only known when it is built");
    steps_find_zone(sp);
    sp->in_place = inplace_is_possible(sp);
    steps_judge(sp);
    carry_all(sp);
    inplace_own(sp);
}

/* ---- the answer ----------------------------------------------------------------------------- */

static void tell_refused(struct split *sp)
{
    VEC_EACH (o, &sp->o.v)
        if (o->refuse)
            unit_find(sp->u, UR_WARNING, o->at ? o->at : sp->s->from, "is not split: %s",
                      o->message)
                ->reason = o->reason;
}

static const char *assumptions(struct split *sp)
{
    struct str all = STR("");
    VEC_EACH (o, &sp->o.v)
        if (o->assumption)
            all = str_fmt(sp->u->arena, "%.*s%s%s", STR_ARG(all), all.n ? "; " : "", o->assumption);
    return all.p;
}

static struct identity user_of(const struct split *sp)
{
    struct identity id = {.name = STR(""), .group = STR(""), .home = STR("/home/nonroot")};
    ptrdiff_t colon = str_chr(sp->data.user, ':');
    uint64_t uid = 0, gid = 0;
    str_to_u64(colon < 0 ? sp->data.user : str_sub(sp->data.user, 0, (size_t)colon), UINT32_MAX,
               &uid);
    id.gid_known =
        colon > 0 && str_to_u64(str_from(sp->data.user, (size_t)colon + 1), UINT32_MAX, &gid);
    id.uid = (uint32_t)uid;
    id.gid = id.gid_known ? (uint32_t)gid : id.uid;
    return id;
}

static void take_over(struct split *sp, const struct obstacle *why)
{
    struct plan *p = &sp->u->plans[sp->s->index];
    p->split = sp;
    p->answer = why ? UR_REVIEW : UR_SAFE;
    p->reason = why ? why->reason : NULL;
    p->decided = p->written = true;
    p->user_before = sp->s->user;
    p->user_before_known = sp->s->user_known;
    p->user = user_of(sp);
    p->user_after = sp->data.user;
    for (size_t i = 0; i < sp->empties.n; i++)
        add(sp, &p->writable, sp->empties.v[i]);
    VEC_EACH (c, &sp->copies)
        if (c->owned)
            add(sp, &p->writable, c->dest);
}

static void finish(struct split *sp)
{
    const struct obstacle *why = obstacle_deciding(&sp->o);
    bool write = !why || sp->u->settings->unsafe_fixes;
    struct ur_finding *f =
        unit_find(sp->u, UR_WARNING, why && why->at ? why->at : sp->s->from,
                  "needs no more than %.*s and what runs: no shell, no package manager%s%s",
                  STR_ARG(sp->image), why ? ", but it " : "", why ? why->message : "");
    f->fixed = write;
    if (why) {
        f->reason = why->reason;
        f->assumption = assumptions(sp);
    }
    if (!write)
        return;
    take_over(sp, why);
    write_split(sp);
}

void split_stage(struct unit *u, struct stage *s)
{
    unsigned line;
    if (is_bare(u, s) || suppress_has(u, &line))
        return;
    struct split *sp = arena_new(u->arena, struct split);
    struct context *context = u->context;
    if (context) /* what is asked here is not to be at the cost of those who come later */
        u->context = context_again(u->arena, context);
    *sp = (struct split){.u = u, .s = s, .o = obstacle_survey(u, s)};
    if (!site_tell(sp))
        plan(sp);
    if (is_refused(sp))
        tell_refused(sp);
    else
        finish(sp);
    u->context = context;
}
