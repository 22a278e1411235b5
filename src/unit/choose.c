/*
 * Reuse before create: the user that the file makes and never uses, then the one that the image
 * ships for its application. Nobody's other account is taken.
 */
#include "unit/choose.h"

static bool names_owner(const struct obstacles *o, const struct account *acc)
{
    uint64_t n;
    VEC_EACH (owner, &o->owners)
        if (str_eq(owner->name, acc->name) ||
            (acc->uid_known && str_to_u64(owner->name, UINT32_MAX, &n) && n == acc->uid))
            return true;
    return false;
}

/* A number can be put behind the program's name only where the step's text is the instruction's. */
static bool can_insert(const struct stage_step *step, const struct run_effect *e)
{
    if (!step || step->item->node.json || step->item->node.heredocs.n)
        return false;
    const struct shell_command *c = &step->run->script.commands.v[e->command];
    return c->words.n > 0 && str_eq(str_basename(c->words.v[0].value), e->program);
}

bool choose_can_pin(const struct account *acc)
{
    return can_insert(acc->step, acc->effect);
}

bool choose_can_pin_group(const struct account_group *group)
{
    return group->effect && !group->gid_known && !group->numbered && group->effect->certain &&
           can_insert(group->step, group->effect);
}

/* Nobody relies on the number of a system account that never ran: a high one is better. */
static bool is_numberless(const struct account *acc)
{
    return !acc->uid_known || (acc->predicted && acc->system);
}

static bool usable(const struct account *acc)
{
    if (!acc->from_file || !acc->certain || acc->argument || is_numberless(acc) || !acc->uid)
        return false;
    return !acc->predicted || choose_can_pin(acc);
}

/* The account that the file makes for the application: the one it gives files to, else the last. */
static const struct account *own_account(const struct accounts *all, const struct obstacles *o)
{
    const struct account *best = NULL;
    VEC_EACH (acc, &all->v)
        if (usable(acc) && (!best || names_owner(o, acc) || !names_owner(o, best)))
            best = acc;
    return best;
}

/* Made without a number that could be told, and never run as: it can be given one. */
static bool can_be_numbered(const struct account *acc)
{
    return acc->from_file && acc->certain && !acc->argument && is_numberless(acc) &&
           !acc->effect->id_text.n && choose_can_pin(acc);
}

static const struct account *numberless_account(const struct accounts *all,
                                                const struct obstacles *o)
{
    const struct account *best = NULL;
    VEC_EACH (acc, &all->v)
        if (can_be_numbered(acc) && (!best || names_owner(o, acc) || !names_owner(o, best)))
            best = acc;
    return best;
}

/* One that build arguments name or number, and that the file gives files to: nobody else would do.
 */
static const struct account *argument_account(const struct accounts *all, const struct obstacles *o)
{
    const struct account *best = NULL;
    VEC_EACH (acc, &all->v)
        if (acc->from_file && acc->certain && acc->argument && acc->uid_known && acc->uid &&
            !acc->predicted && names_owner(o, acc))
            best = acc;
    return best;
}

static const struct account *shipped_account(const struct accounts *all)
{
    VEC_EACH (acc, &all->v)
        if (acc->app && acc->uid_known && acc->certain && acc->uid)
            return acc;
    return NULL;
}

static struct identity identity_of(const struct account *acc)
{
    return (struct identity){acc->name, acc->group, acc->home, acc->uid, acc->gid, acc->gid_known};
}

/* ---- how users are made here ---------------------------------------------------------------- */

/* What the file itself uses tells the family of an image that is not known. */
static enum facts_user_tools guess_tools(struct unit *u, struct stage *s)
{
    enum facts_user_tools tools = FACTS_TOOLS_UNKNOWN;
    for (struct stage *p = s; p; p = p->parent) {
        VEC_EACH (step, &p->steps) {
            const struct run_effects *run = stage_run(u->graph, step);
            if (!run)
                continue;
            VEC_EACH (e, &run->effects) {
                if (e->manager == RUN_APK)
                    return FACTS_TOOLS_BUSYBOX;
                if (e->manager == RUN_APT || (e->kind == RUN_USER_ADD && e->shadow))
                    tools = FACTS_TOOLS_SHADOW;
            }
        }
    }
    return tools;
}

static bool runs_posix_shell(const struct stage *s)
{
    static const char *const shells[] = {"sh", "bash", "ash", "dash", "zsh", "ksh"};
    if (!s->shell.n)
        return true;
    for (size_t i = 0; i < sizeof shells / sizeof *shells; i++)
        if (str_is(str_basename(s->shell.v[0]), shells[i]))
            return true;
    return false;
}

/* RUN starts /bin/sh unless SHELL says otherwise; an image may have its shell elsewhere. */
static bool has_default_shell(const struct facts *f)
{
    return !f || str_starts(f->shell, STR("/bin/")) || str_starts(f->shell, STR("/usr/bin/"));
}

static void find_tools(struct unit *u, struct stage *s, struct choice *c)
{
    const struct facts *f = unit_facts(u, s);
    c->can_run =
        (!f || f->has_shell) && runs_posix_shell(s) && (s->shell.n || has_default_shell(f));
    c->tools = f ? f->user_tools : guess_tools(u, s);
    c->sbin = "";
    for (size_t i = 0; i < s->vars.n; i++)
        if (str_is(s->vars.v[i].name, "PATH") && s->vars.v[i].value.known)
            c->sbin = str_has(s->vars.v[i].value.text, "/usr/sbin") ? "" : "/usr/sbin/";
}

static bool group_has(const struct accounts *all, uint32_t gid)
{
    VEC_EACH (g, &all->groups)
        if (g->gid_known && g->gid == gid)
            return true;
    return false;
}

uint32_t choose_free_uid(const struct accounts *all, uint32_t from)
{
    while (account_with_uid(all, from) || group_has(all, from))
        from++;
    return from;
}

static bool name_is_taken(const struct accounts *all, struct str name)
{
    VEC_EACH (g, &all->groups)
        if (str_eq(g->name, name))
            return true;
    return account_named(all, name) != NULL;
}

/* "appuser", or the first of appuser2, appuser3 … that is free. */
static struct str free_name(struct unit *u, const struct accounts *all)
{
    struct str name = u->settings->user;
    for (unsigned i = 2; name_is_taken(all, name) && i < 1000; i++)
        name = str_fmt(u->arena, "%.*s%u", STR_ARG(u->settings->user), i);
    return name;
}

/* A free name and number, from what the user of unroot asked for. */
static struct identity new_identity(struct unit *u, const struct accounts *all)
{
    const struct settings *set = u->settings;
    struct identity id = {set->user, set->user, STR(""), set->uid, set->gid, true};
    const struct account *same = account_named(all, id.name);
    if (same && same->uid_known && same->gid_known && same->certain)
        return identity_of(same);
    const struct account *number = set->uid_set ? account_with_uid(all, set->uid) : NULL;
    if (number && number->gid_known && number->certain)
        return identity_of(number);
    if (!set->uid_set)
        id.uid = id.gid = choose_free_uid(all, id.uid);
    id.name = id.group = free_name(u, all);
    id.home = str_fmt(u->arena, "/home/%.*s", STR_ARG(id.name));
    return id;
}

static bool asked_for(const struct settings *set)
{
    return set->create_user || set->user_set || set->uid_set || set->gid_set;
}

static void check_owners(struct obstacles *o, const struct choice *c)
{
    VEC_EACH (owner, &o->owners) {
        uint64_t n;
        bool number = str_to_u64(owner->name, UINT32_MAX, &n);
        if (number ? n == c->user.uid : str_eq(owner->name, c->user.name))
            continue;
        obstacle_review(o, "mixed-owners", owner->at,
                        str_fmt(o->unit->arena, "what belongs to '%.*s' is not written by uid %u",
                                STR_ARG(owner->name), c->user.uid),
                        "gives files to '%.*s', not to uid %u", STR_ARG(owner->name), c->user.uid);
    }
}

struct choice choose_user(struct unit *u, struct stage *s, const struct accounts *all,
                          struct obstacles *o)
{
    struct choice c = {0};
    find_tools(u, s, &c);
    const struct account *acc = asked_for(u->settings) ? NULL : own_account(all, o);
    const struct account *numberless =
        acc || asked_for(u->settings) ? NULL : numberless_account(all, o);
    if (!acc && !numberless && !asked_for(u->settings)) {
        acc = argument_account(all, o);
        if (acc)
            obstacle_review(o, "variable-user", acc->step->item,
                            STR("nobody sets this user with --build-arg"),
                            "has a user of its own, '%s', which build arguments name or number",
                            obstacle_text(o, acc->name));
    }
    if (!acc && !asked_for(u->settings))
        acc = shipped_account(all);
    if (numberless) {
        c.how = CHOICE_PIN;
        c.account = numberless;
        c.user = identity_of(numberless);
        c.user.uid = c.user.gid = choose_free_uid(all, u->settings->uid);
        c.user.gid_known = false; /* its group has a number of its own */
    } else if (acc) {
        c.how = acc->predicted ? CHOICE_PIN : CHOICE_REUSE;
        c.account = acc;
        c.user = identity_of(acc);
        if (!acc->gid_known)
            c.user.gid = c.user.uid; /* its group has a number of its own, which is not known */
    } else {
        c.user = new_identity(u, all);
        const struct account *same = account_with_uid(all, c.user.uid);
        c.how = same && str_eq(same->name, c.user.name) ? CHOICE_REUSE
                : c.can_run                             ? CHOICE_CREATE
                                                        : CHOICE_NUMBER;
    }
    if (c.how == CHOICE_NUMBER)
        c.user.name = c.user.group = STR("");
    check_owners(o, &c);
    return c;
}

/* ---- commands ------------------------------------------------------------------------------- */

static void push(struct unit *u, struct strs *out, struct str s)
{
    *vec_push(u->arena, out) = s;
}

void choose_commands(struct unit *u, const struct choice *c, struct strs *out)
{
    struct arena *a = u->arena;
    const struct identity *id = &c->user;
    if (c->how != CHOICE_CREATE)
        return;
    const char *sbin = c->sbin;
    if (c->tools == FACTS_TOOLS_SHADOW) {
        push(u, out, str_fmt(a, "%sgroupadd --gid %u %.*s", sbin, id->gid, STR_ARG(id->group)));
        push(u, out,
             str_fmt(a,
                     "%suseradd --uid %u --gid %u --no-log-init --create-home "
                     "--shell /usr/sbin/nologin %.*s",
                     sbin, id->uid, id->gid, STR_ARG(id->name)));
    } else if (c->tools == FACTS_TOOLS_BUSYBOX) {
        push(u, out, str_fmt(a, "%saddgroup -S -g %u %.*s", sbin, id->gid, STR_ARG(id->group)));
        push(u, out,
             str_fmt(a, "%sadduser -S -D -u %u -G %.*s -s /sbin/nologin %.*s", sbin, id->uid,
                     STR_ARG(id->group), STR_ARG(id->name)));
    } else {
        push(u, out, str_fmt(a, "echo '%.*s:x:%u:' >> /etc/group", STR_ARG(id->group), id->gid));
        push(u, out,
             str_fmt(a, "echo '%.*s:x:%u:%u::%.*s:/sbin/nologin' >> /etc/passwd", STR_ARG(id->name),
                     id->uid, id->gid, STR_ARG(id->home)));
    }
}

/* Behind the program's name: groupadd and useradd read long options, busybox's tools short ones. */
static void insert_number(struct unit *u, struct stage_step *step, const struct run_effect *e,
                          const char *option, uint32_t number)
{
    const struct shell_command *cmd = &step->run->script.commands.v[e->command];
    unit_word_insert(u, step->item, cmd->words.v[0].raw.to,
                     str_fmt(u->arena, " %s %u", option, number));
}

void choose_pin(struct unit *u, const struct choice *c)
{
    const struct run_effect *e = c->account->effect;
    bool busybox = !e->shadow && c->tools == FACTS_TOOLS_BUSYBOX;
    insert_number(u, c->account->step, e, busybox ? "-u" : "--uid", c->user.uid);
}

void choose_pin_group(struct unit *u, const struct account_group *group,
                      enum facts_user_tools tools, uint32_t gid)
{
    bool busybox = !group->effect->shadow && tools == FACTS_TOOLS_BUSYBOX;
    insert_number(u, group->step, group->effect, busybox ? "-g" : "--gid", gid);
}
