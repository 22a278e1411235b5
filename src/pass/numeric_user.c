/*
 * USER by name becomes USER by number where the number is proven: Kubernetes' runAsNonRoot never
 * reads /etc/passwd and refuses an image whose user is a name, even if that name is not root's.
 *
 * The text keeps its shape: `USER app` becomes `USER 1000`, which still has the supplementary
 * groups of that account; `USER app:app`, which drops them, becomes `USER 1000:1000`.
 */
#include "base/utf8.h"
#include "pass/pass.h"
#include "unit/choose.h"
#include "unit/place.h"
#include "unit/suppress.h"

static struct str numeric(struct unit *u, const struct whom *w)
{
    if (!w->has_group)
        return str_fmt(u->arena, "%u", w->uid);
    return str_fmt(u->arena, "%u:%u", w->uid, w->gid);
}

static void refuse(struct unit *u, struct stage *s, struct plan *plan, const char *reason,
                   const char *message)
{
    plan->answer = UR_REFUSED;
    plan->reason = reason;
    if (message)
        unit_find(u, UR_WARNING, s->user_item ? s->user_item : s->from, "%s", message)->reason =
            reason;
}

/* Of two accounts with one number the first line of /etc/passwd gives home and groups. */
static bool is_second(const struct accounts *all, const struct account *acc)
{
    for (size_t i = 0; acc && i < all->v.n && &all->v.v[i] != acc; i++)
        if (all->v.v[i].uid_known && all->v.v[i].uid == acc->uid &&
            !str_eq(all->v.v[i].name, acc->name))
            return true;
    return false;
}

/* Why the name cannot become a number; NULL when it can. */
static const char *obstacle(const struct stage *s, const struct accounts *all, const struct whom *w)
{
    if (w->account && w->account->uid_known && is_second(all, w->account))
        return "another account has the same number, and would lend its home and groups to it";
    if (w->has_group && !w->gid_known)
        return "the number of its group is not known here";
    if (w->account && w->account->predicted && !choose_can_pin(w->account))
        return "its number is chosen when the image is built: give it a fixed one where it is made";
    if (s->user_item && s->user_item->node.flags.n)
        return "the USER line has flags";
    return NULL;
}

/* What has to be written down where the account and its group are made. */
struct pins {
    bool user;
    const struct account_group *group;
};

static void write_pins(struct unit *u, struct stage *s, const struct whom *w,
                       const struct pins *pins)
{
    const struct facts *f = unit_facts(u, s);
    enum facts_user_tools tools = f ? f->user_tools : FACTS_TOOLS_UNKNOWN;
    struct choice user = {
        .how = CHOICE_PIN, .account = w->account, .user.uid = w->uid, .tools = tools};
    bool user_last = pins->user && pins->group && pins->group->step == w->account->step &&
                     pins->group->effect->command < w->account->effect->command;
    if (pins->user && user_last)
        choose_pin(u, &user);
    if (pins->group)
        choose_pin_group(u, pins->group, tools, w->gid);
    if (pins->user && !user_last)
        choose_pin(u, &user);
}

static void write(struct unit *u, struct stage *s, const struct whom *w, struct str text,
                  const struct pins *pins)
{
    struct str comment = unit_comment(u, w->user, "a number, for runAsNonRoot");
    write_pins(u, s, w, pins);
    if (s->user_item) {
        unit_user_set(u, s->user_item, comment, text);
    } else {
        struct place place = place_find(s);
        place_user(u, &place, comment, text);
    }
}

/* An account that the file makes without a number, and whose number cannot be told: it can be given
 * one, if nobody relies on the number that it has had. */
static bool choose_number(struct unit *u, const struct accounts *all, struct whom *w)
{
    const struct account *acc = w->account;
    if (w->uid_known || !acc || !acc->certain || acc->argument || !acc->effect ||
        acc->effect->id_text.n || !choose_can_pin(acc))
        return false;
    w->uid = choose_free_uid(all, u->settings->uid);
    w->uid_known = true;
    return true;
}

/* The same for the group that USER names. */
static const struct account_group *choose_group(struct unit *u, const struct accounts *all,
                                                struct whom *w)
{
    const struct account_group *group = account_group_named(all, w->group);
    if (!w->has_group || w->gid_known || !group || !choose_can_pin_group(group))
        return NULL;
    w->gid = choose_free_uid(all, u->settings->gid);
    w->gid_known = true;
    return group;
}

static const char *assumption(const struct stage *s, bool chosen)
{
    if (chosen)
        return "no data outside of the image belongs to the number that this account has had so "
               "far";
    return s->user_argument ? "nobody sets this user with --build-arg" : NULL;
}

/* Only the line in which the identity of a shipped stage is written. */
static void make_numeric(struct unit *u, struct stage *s, struct plan *plan)
{
    struct accounts all = account_all(u, s);
    struct whom w = account_resolve(&all, s->user, s->user_known);
    unsigned line;
    if (w.who != WHO_NAME)
        return;
    const struct account *acc = w.account;
    if (acc && acc->predicted && acc->system && w.has_group && !w.gid_known)
        w.uid_known = false; /* when its group gets another number, it may as well */
    bool chosen = choose_number(u, &all, &w);
    struct pins pins = {.user = chosen || (w.account && w.account->predicted),
                        .group = choose_group(u, &all, &w)};
    chosen |= pins.group != NULL;
    const char *name = utf8_safe(u->arena, w.user, 60).p, *why = obstacle(s, &all, &w);
    if (!w.uid_known) {
        if (w.account && w.account->from_file)
            refuse(u, s, plan, "unproven-uid",
                   str_fmt(u->arena,
                           "runs as '%s': its number is not known here; give it a fixed one where "
                           "it is made",
                           name)
                       .p);
        return;
    }
    if (suppress_has(u, &line)) {
        refuse(u, s, plan, "suppressed",
               str_fmt(u->arena, "runs as '%s', and a comment in line %u says to leave it so", name,
                       line)
                   .p);
        return;
    }
    if (why) {
        refuse(u, s, plan, "unproven-uid", str_fmt(u->arena, "runs as '%s': %s", name, why).p);
        return;
    }
    bool argument = s->user_argument || (w.account && w.account->argument);
    const char *rests_on = assumption(s, chosen);
    if (argument && !rests_on)
        rests_on = "nobody sets this user with --build-arg";
    bool fix = !rests_on || u->settings->unsafe_fixes;
    struct str text = numeric(u, &w);
    struct ur_finding *f =
        unit_find(u, UR_WARNING, s->user_item ? s->user_item : s->from,
                  "USER '%s' is a name, which runAsNonRoot refuses; its number is %.*s%s", name,
                  STR_ARG(text),
                  !pins.user && !pins.group ? ""
                  : fix                     ? ", which is now written down where it is made"
                                            : ", which would be written down where it is made");
    f->fixed = fix;
    plan->answer = rests_on ? UR_REVIEW : UR_SAFE;
    plan->reason = !rests_on ? NULL : chosen ? "unproven-uid" : "variable-user";
    plan->user = account_identity(&w);
    plan->user_after = text;
    f->reason = plan->reason;
    f->assumption = rests_on;
    if (fix)
        write(u, s, &w, text, &pins);
}

static void run(struct unit *u)
{
    VEC_EACH (s, &u->graph->stages)
        if (u->plans[(*s)->index].shipped && !u->plans[(*s)->index].written)
            make_numeric(u, *s, &u->plans[(*s)->index]);
}

const struct pass pass_numeric_user = {
    .id = "numeric-user",
    .summary = "write the user of a shipped stage as a number",
    .why =
        "The kubelet takes the text before the colon of the image's user. If it is not a number, a "
        "pod with "
        "runAsNonRoot: true gets CreateContainerConfigError: image has non-numeric user, cannot "
        "verify "
        "user is non-root. The number must be proven: by the image's facts, or by the --uid of the "
        "step that makes the account. An account that is made without a number gets its number "
        "written down where it is made, so that the build fails rather than the meaning changes.",
    .refs = "DL3066 named-identity-in-passwdless-stage",
    .phase = PASS_OWNERS,
    .run = run,
};
