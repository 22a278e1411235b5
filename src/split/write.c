/* The lines of the last stage, or the changes of the author's own. */
#include "base/buf.h"
#include "split/inplace.h"
#include "unit/account.h"
#include "unit/place.h"

/* A stage, one that another split makes, or an image that is copied from. */
/* FROM build AS production */
static bool names_stage(const struct split *sp, struct str name)
{
    for (size_t i = 0; i < sp->stages.n; i++) {
        struct str as = str_fmt(sp->u->arena, " AS %.*s", STR_ARG(name));
        if (str_starts(sp->stages.v[i], STR("FROM ")) && str_ends(sp->stages.v[i], as))
            return true;
    }
    return false;
}

static bool is_name_used(const struct split *sp, struct str name)
{
    const struct stage_graph *g = sp->u->graph;
    if (stage_named(g, name) || names_stage(sp, name))
        return true;
    for (size_t i = 0; i < g->stages.n; i++) {
        const struct split *other = sp->u->plans[i].split;
        if (other && (names_stage(other, name) || (other != sp && str_eq(other->name, name))))
            return true;
        VEC_EACH (step, &g->stages.v[i]->steps) {
            struct str flag;
            if (df_flag_get(&step->item->node, "from", &flag) && str_eq_nocase(flag, name))
                return true;
            if (df_flag_get(&step->item->node, "mount", &flag) && str_find(flag, name) >= 0)
                return true;
        }
    }
    return false;
}

struct str write_free_name(struct split *sp, const char *wanted)
{
    struct str name = str_of(wanted);
    for (unsigned n = 2; is_name_used(sp, name); n++)
        name = str_fmt(sp->u->arena, "%s-%u", wanted, n);
    return name;
}

static struct str instruction(struct split *sp, const char *keyword, const struct strs *words)
{
    return str_fmt(sp->u->arena, "%s %.*s", keyword, STR_ARG(carry_json(sp, words)));
}

static struct str comment(struct split *sp, const char *why)
{
    return unit_comment(sp->u, STR(""), why);
}

/* RUN mkdir /empty, behind the last step that makes files. */
static void make_empty(struct split *sp)
{
    struct stage *s = sp->donor;
    struct df_item *last = s ? s->from : NULL;
    if (!s)
        return;
    VEC_EACH (step, &s->steps) {
        enum df_cmd cmd = step->item->node.cmd;
        if (cmd == DF_RUN || cmd == DF_COPY || cmd == DF_ADD || cmd == DF_WORKDIR ||
            cmd == DF_USER || cmd == DF_ARG || cmd == DF_SHELL)
            last = step->item;
    }
    unit_insert_after(sp->u, last, comment(sp, "copied where a directory has to be the user's"),
                      STR("RUN mkdir " INPLACE_EMPTY));
}

static struct str empty_copy(struct split *sp, struct str from, struct str dir)
{
    return str_fmt(sp->u->arena, "COPY --from=%.*s --chown=%.*s " INPLACE_EMPTY " %.*s",
                   STR_ARG(from), STR_ARG(sp->data.user), STR_ARG(dir));
}

/* By which COPY --from names a stage. */
static struct str reference(struct split *sp, const struct stage *s)
{
    if (s == sp->s && !sp->in_place)
        return sp->name;
    return s->name.n ? s->name : str_fmt(sp->u->arena, "%u", s->index);
}

/* ---- a new last stage ----------------------------------------------------------------------- */

static bool has_blank(struct str s)
{
    for (size_t i = 0; i < s.n; i++)
        if (str_is_blank(s.p[i]) || s.p[i] == '"' || s.p[i] == '$' || s.p[i] == '[')
            return true;
    return false;
}

static struct str copy_line(struct split *sp, const struct split_copy *c)
{
    struct buf b = buf_in(sp->u->arena);
    struct strs paths = {0};
    *vec_push(sp->u->arena, &paths) = c->source;
    *vec_push(sp->u->arena, &paths) = c->dest;
    buf_addf(&b, "COPY --from=%.*s", STR_ARG(c->from.n ? c->from : sp->name));
    if (c->owned)
        buf_addf(&b, " --chown=%.*s", STR_ARG(sp->data.user));
    if (has_blank(c->source) || has_blank(c->dest))
        buf_addf(&b, " %.*s", STR_ARG(carry_json(sp, &paths)));
    else
        buf_addf(&b, " %.*s %.*s", STR_ARG(c->source), STR_ARG(c->dest));
    return buf_str(&b);
}

static void push(struct split *sp, struct strs *list, struct str s)
{
    *vec_push(sp->u->arena, list) = s;
}

static struct str from_line(struct split *sp)
{
    struct str platform, flag = STR("");
    const char *as = df_prefers_lower(sp->u->list) ? "as" : "AS";
    if (df_flag_get(&sp->s->from->node, "platform", &platform))
        flag = str_fmt(sp->u->arena, "--platform=%.*s ", STR_ARG(platform));
    if (!sp->new_name.n)
        return str_fmt(sp->u->arena, "FROM %.*s%.*s", STR_ARG(flag), STR_ARG(sp->image));
    return str_fmt(sp->u->arena, "FROM %.*s%.*s %s %.*s", STR_ARG(flag), STR_ARG(sp->image), as,
                   STR_ARG(sp->new_name));
}

static void put_start(struct split *sp, struct strs *out)
{
    const struct strs *ep = sp->starts_anew ? &sp->new_entrypoint : &sp->entrypoint;
    const struct strs *cmd = sp->starts_anew ? &sp->new_cmd : &sp->cmd;
    if (ep->n)
        push(sp, out, instruction(sp, "ENTRYPOINT", ep));
    if (cmd->n)
        push(sp, out, instruction(sp, "CMD", cmd));
}

/* Comes with a folder that is copied, too. */
static bool is_covered(const struct split *sp, const struct split_copy *c)
{
    VEC_EACH (other, &sp->copies)
        if (other != c && !c->from.n && !other->from.n && str_eq(c->source, c->dest) &&
            str_eq(other->source, other->dest) && !str_eq(c->dest, other->dest) &&
            stage_inside(c->dest, other->dest))
            return true;
    return false;
}

/* A folder that is copied makes those above it, and not all builders give these to the user: what
 * lies in a folder that comes with its content is made behind that. */
static void put_empties(struct split *sp, bool inside, struct strs *out)
{
    for (size_t i = 0; i < sp->empties.n; i++)
        if (split_covers(sp, sp->empties.v[i]) == inside)
            push(sp, out, empty_copy(sp, reference(sp, sp->donor), sp->empties.v[i]));
}

static void put_body(struct split *sp, struct strs *out)
{
    for (size_t i = 0; i < sp->early.n; i++)
        push(sp, out, sp->early.v[i]);
    for (size_t i = 0; i < sp->env.n; i++)
        push(sp, out, str_cat(sp->u->arena, STR("ENV "), sp->env.v[i]));
    put_empties(sp, false, out);
    VEC_EACH (c, &sp->copies)
        if (!is_covered(sp, c))
            push(sp, out, copy_line(sp, c));
    put_empties(sp, true, out);
    if (!str_is(sp->s->workdir.path, "/"))
        push(sp, out, str_cat(sp->u->arena, STR("WORKDIR "), sp->s->workdir.path));
    for (size_t i = 0; i < sp->late.n; i++)
        push(sp, out, sp->late.v[i]);
    push(sp, out, str_cat(sp->u->arena, STR("USER "), sp->data.user));
    put_start(sp, out);
}

/* FROM x → FROM x AS build */
static void name_stage(struct split *sp)
{
    const struct df_node *from = &sp->s->from->node;
    const char *as = from->keyword.p[0] >= 'a' ? "as" : "AS";
    struct str image = sp->rebase.n ? sp->rebase : from->args.v[0];
    if (str_eq(sp->name, sp->s->name) && !sp->rebase.n)
        return;
    unit_args_set(sp->u, sp->s->from,
                  str_fmt(sp->u->arena, "%.*s %s %.*s", STR_ARG(image), as, STR_ARG(sp->name)));
}

static unsigned count_stages(const struct strs *lines)
{
    unsigned n = 1;
    for (size_t i = 0; i < lines->n; i++)
        n += str_starts(lines->v[i], STR("FROM "));
    return n;
}

static void append(struct split *sp)
{
    struct strs lines = {0};
    struct unit *u = sp->u;
    struct df_item *at = sp->s->end;
    put_body(sp, &lines);
    name_stage(sp);
    make_empty(sp);
    for (size_t i = 0; i < sp->stages.n; i++) {
        if (str_starts(sp->stages.v[i], STR("FROM ")))
            df_blank_before(u->list, at);
        unit_insert_tight(u, at, STR(""), sp->stages.v[i]);
    }
    df_blank_before(u->list, at);
    unit_insert_tight(u, at, comment(sp, "what runs, and nothing else: no shell"), from_line(sp));
    for (size_t i = 0; i < lines.n; i++)
        unit_insert_tight(u, at, STR(""), lines.v[i]);
    if (at)
        df_blank_before(u->list, at);
    u->plans[sp->s->index].stages_behind = count_stages(&sp->stages);
}

/* ---- the author's own stage ----------------------------------------------------------------- */

/* Puts a text in the place of an instruction whose form changes. */
static void replace(struct split *sp, struct df_item *item, struct str text)
{
    unit_insert_before(sp->u, item, STR(""), text);
    unit_remove(sp->u, item);
}

/* ENTRYPOINT or CMD, where it is not what is wanted already. */
static void set_words(struct split *sp, const struct stage_process *p, const char *keyword,
                      const struct strs *words)
{
    struct df_item *item = p->set ? p->item : NULL;
    bool same = item && p->json && p->args.n == words->n;
    for (size_t i = 0; same && i < words->n; i++)
        same = str_eq(p->args.v[i], words->v[i]);
    if (!item || same)
        return;
    if (!words->n)
        unit_remove(sp->u, item);
    else if (p->json)
        unit_args_set(sp->u, item, carry_json(sp, words));
    else
        replace(sp, item, instruction(sp, keyword, words));
}

static void set_start(struct split *sp)
{
    const struct strs *ep = sp->starts_anew ? &sp->new_entrypoint : &sp->entrypoint;
    const struct strs *cmd = sp->starts_anew ? &sp->new_cmd : &sp->cmd;
    bool own = sp->s->entrypoint.set && sp->s->entrypoint.item;
    bool own_cmd = sp->s->cmd.set && sp->s->cmd.item;
    if (!sp->starts_anew && !sp->reformed)
        return;
    if (ep->n && !own && own_cmd)
        unit_insert_before(sp->u, sp->s->cmd.item, STR(""), instruction(sp, "ENTRYPOINT", ep));
    if (cmd->n && own && !own_cmd)
        unit_insert_before(sp->u, sp->s->entrypoint.item, STR(""), instruction(sp, "CMD", cmd));
    set_words(sp, &sp->s->entrypoint, "ENTRYPOINT", ep);
    set_words(sp, &sp->s->cmd, "CMD", cmd);
}

/* COPY of /etc/passwd: the image has its own, with the user in it. */
static bool is_accounts(const struct stage_step *step)
{
    enum df_cmd cmd = step->item->node.cmd;
    return (cmd == DF_COPY || cmd == DF_ADD) && step->dest.known && step->sources.n == 1 &&
           (str_is(step->dest.path, "/etc/passwd") || str_is(step->dest.path, "/etc/group"));
}

static void remove_steps(struct split *sp)
{
    VEC_EACH (step, &sp->s->steps) {
        enum df_cmd cmd = step->item->node.cmd;
        if (cmd == DF_RUN || cmd == DF_SHELL || is_accounts(step) ||
            (cmd == DF_USER && step->item != sp->s->user_item))
            unit_remove(sp->u, step->item);
    }
}

static void set_user(struct split *sp)
{
    struct place place = place_find(sp->s);
    place_user(sp->u, &place, comment(sp, "do not run as root"), sp->data.user);
    if (!place.change && sp->s->user_item && sp->s->user_stage == sp->s)
        unit_remove(sp->u, sp->s->user_item);
}

/* Owners by names that are not there any more. */
static void set_owners(struct split *sp)
{
    VEC_EACH (step, &sp->s->steps)
        if (step->has_chown && !account_is_root(step->chown.text) && !is_accounts(step))
            unit_flag_set(sp->u, step->item, "chown", sp->data.user);
}

static void change_base(struct split *sp)
{
    const struct df_node *from = &sp->s->from->node;
    make_empty(sp);
    unit_args_set(sp->u, sp->s->from,
                  str_cat(sp->u->arena, sp->image, str_from(from->rest, from->args.v[0].n)));
    remove_steps(sp);
    struct df_item *at = df_next(sp->s->from);
    for (size_t i = 0; i < sp->empties.n; i++)
        unit_insert_before(sp->u, at, STR(""),
                           empty_copy(sp, reference(sp, sp->donor), sp->empties.v[i]));
    set_owners(sp);
    set_user(sp);
    struct df_item *start =
        sp->s->entrypoint.set && sp->s->entrypoint.item ? sp->s->entrypoint.item : sp->s->cmd.item;
    for (size_t i = 0; i < sp->env.n; i++)
        unit_insert_before(sp->u, start, STR(""), str_cat(sp->u->arena, STR("ENV "), sp->env.v[i]));
    if (sp->health_anew)
        replace(sp, sp->s->healthcheck, sp->health);
    set_start(sp);
}

/* ---- both ----------------------------------------------------------------------------------- */

/* The name stays with what is shipped, unless it is one for building. */
void write_names(struct split *sp)
{
    static const char *const words[] = {"build", "base", "deps", "compile", NULL};
    struct str name = sp->s->name;
    bool building = false;
    for (const char *const *w = words; *w; w++)
        building |= str_has(name, *w);
    if (name.n && building) {
        sp->name = name;
        return;
    }
    sp->new_name = name;
    sp->name = write_free_name(sp, "build");
}

/* COPY --from=2 where a stage was put in front of number 2. A number in RUN --mount=from= names an
 * image, and FROM takes none. */
void write_numbers(struct unit *u)
{
    const struct stage_graph *g = u->graph;
    VEC_EACH (s, &g->stages)
        VEC_EACH (step, &(*s)->steps) {
            struct str flag;
            uint64_t old;
            size_t now = 0;
            if (!step->from || !df_flag_get(&step->item->node, "from", &flag) ||
                !str_to_u64(flag, STAGE_MAX, &old))
                continue;
            now = step->from->index;
            for (size_t k = 0; k < step->from->index; k++)
                now += u->plans[k].stages_behind;
            if (now != old)
                unit_flag_set(u, step->item, "from", str_fmt(u->arena, "%zu", now));
        }
}

void write_split(struct split *sp)
{
    if (sp->in_place)
        change_base(sp);
    else
        append(sp);
}
