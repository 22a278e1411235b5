/*
 * Later definitions win, as in /etc/passwd after `usermod`. Numbers are proven when they are
 * written in the file or in the facts. For a user that is made without one, predict.h tells which
 * it gets.
 */
#include "unit/account.h"

#include "unit/predict.h"
#include "unit/variable.h"

enum { ID_MAX = 2147483647, ACCOUNTS_MAX = 200 };

static void from_facts(struct unit *u, const struct facts *f, struct accounts *out)
{
    if (!f)
        return;
    VEC_EACH (user, &f->users)
        *vec_push(u->arena, &out->v) = (struct account){.name = user->name,
                                                        .group = user->group,
                                                        .home = user->home,
                                                        .uid_known = true,
                                                        .gid_known = true,
                                                        .uid = user->uid,
                                                        .gid = user->gid,
                                                        .certain = true,
                                                        .app = user->purpose == FACTS_USER_APP};
}

/* The gid of a group that an earlier step or the image has made; false when it is not known. */
static bool group_id(const struct accounts *all, struct str name, uint32_t *gid)
{
    uint64_t number;
    if (str_to_u64(name, ID_MAX, &number)) {
        *gid = (uint32_t)number;
        return true;
    }
    for (size_t i = all->groups.n; i-- > 0;) {
        if (str_eq(all->groups.v[i].name, name)) {
            *gid = all->groups.v[i].gid;
            return all->groups.v[i].gid_known;
        }
    }
    for (size_t i = all->v.n; i-- > 0;) {
        if (str_eq(all->v.v[i].group, name) && all->v.v[i].gid_known) {
            *gid = all->v.v[i].gid;
            return true;
        }
    }
    *gid = 0;
    return str_is(name, "root");
}

struct str account_word(struct stage *s, const struct stage_step *step,
                        const struct run_effect *effect, struct str word, bool *argument)
{
    struct str value;
    if (str_chr(word, '$') < 0)
        return word;
    switch (variable_find(&step->run->script, effect->inner ? 0 : effect->command, word, &value)) {
    case VARIABLE_KNOWN:
        return value;
    case VARIABLE_UNKNOWN:
        return word;
    case VARIABLE_UNSET:
        break;
    }
    struct expanded e = stage_expand(s, step, word);
    if (e.error || e.unknown || e.unset)
        return word;
    *argument |= e.argument;
    return e.text;
}

static bool is_account_name(struct str s)
{
    for (size_t i = 0; i < s.n; i++) {
        char c = s.p[i];
        bool alpha = ((c | 0x20) >= 'a' && (c | 0x20) <= 'z') || c == '_';
        if (!alpha && !(i && ((c >= '0' && c <= '9') || c == '-' || c == '.' || c == '$')))
            return false;
    }
    return s.n > 0 && s.n <= 64;
}

static void add_group(struct unit *u, struct stage *s, struct stage_step *step,
                      const struct run_effect *e, struct accounts *out)
{
    bool argument = false;
    uint64_t gid = 0;
    struct account_group g = {
        .name = account_word(s, step, e, e->name, &argument), .step = step, .effect = e};
    g.numbered = e->id_text.n > 0;
    g.gid_known = str_to_u64(account_word(s, step, e, e->id_text, &argument), ID_MAX, &gid);
    g.gid = (uint32_t)gid;
    *vec_push(u->arena, &out->groups) = g;
}

/* useradd … || true */
static bool is_tolerated(const struct stage_step *step, const struct run_effect *e)
{
    return step->run->script.commands.v[e->command].tolerated;
}

static void add_user(struct unit *u, struct stage *s, struct stage_step *step,
                     const struct run_effect *e, struct accounts *out)
{
    if (out->v.n >= ACCOUNTS_MAX) {
        out->opaque = true;
        return;
    }
    struct account acc = {.from_file = true,
                          .certain = e->certain && !is_tolerated(step, e),
                          .system = e->system,
                          .step = step,
                          .effect = e};
    uint64_t uid;
    acc.name = account_word(s, step, e, e->name, &acc.argument);
    acc.home = account_word(s, step, e, e->home, &acc.argument);
    if (!acc.home.n && !e->system)
        acc.home = str_fmt(u->arena, "/home/%.*s", STR_ARG(acc.name));
    struct str group = account_word(s, step, e, e->group, &acc.argument);
    struct str id = account_word(s, step, e, e->id_text, &acc.argument);
    if (!is_account_name(acc.name)) {
        out->opaque = true; /* nothing that useradd would take: what it did is not known */
        return;
    }
    acc.group = group.n ? group : acc.name;
    if (str_to_u64(id, ID_MAX, &uid)) {
        acc.uid_known = true;
        acc.uid = (uint32_t)uid;
    } else if (!id.n && predict_uid(out, unit_facts(u, s), e, &acc.uid)) {
        acc.uid_known = acc.predicted = true;
    }
    if (e->gid >= 0 && e->gid <= ID_MAX) {
        acc.gid_known = true;
        acc.gid = (uint32_t)e->gid;
    } else if (group.n) {
        acc.gid_known = group_id(out, group, &acc.gid);
    } else if (acc.uid_known && !e->system && !(acc.predicted && out->groups.n)) {
        acc.gid_known = true; /* a group of its own, with the same number where that is free */
        acc.gid = acc.uid;
    }
    *vec_push(u->arena, &out->v) = acc;
}

/* usermod -g: the new primary group, by name or number. */
static void regroup(struct stage *s, const struct stage_step *step, const struct run_effect *e,
                    const struct accounts *all, struct account *acc)
{
    struct str group = account_word(s, step, e, e->group, &acc->argument);
    uint64_t number;
    if (!group.n)
        return;
    bool same = acc->gid_known && str_to_u64(group, ID_MAX, &number) && number == acc->gid;
    if (same)
        return;
    acc->gid_known = group_id(all, group, &acc->gid);
    acc->group = group;
}

/* A group of the image or of the file has got another number. */
static void renumber_group(struct accounts *all, struct str name, uint32_t gid)
{
    VEC_EACH (g, &all->groups)
        if (str_eq(g->name, name))
            g->gid = gid;
}

/* usermod -u N and groupmod -g N give a new number; after anything else (userdel, another name)
 * what was known of the account is not any more. */
static void modify(struct unit *u, struct stage *s, const struct stage_step *step,
                   const struct run_effect *e, struct accounts *all)
{
    bool user = str_is(e->program, "usermod"), group = str_is(e->program, "groupmod"),
         found = false, argument = false;
    uint64_t id = 0;
    bool renumbered = e->certain && !is_tolerated(step, e) && !e->text.n &&
                      str_to_u64(account_word(s, step, e, e->id_text, &argument), ID_MAX, &id);
    VEC_EACH (acc, &all->v) {
        bool is_user = str_eq(acc->name, e->name), is_group = str_eq(acc->group, e->name);
        if (!is_user && !is_group)
            continue;
        found = true;
        if (renumbered && group && is_group) {
            acc->gid = (uint32_t)id;
            acc->argument |= argument;
        } else if (renumbered && user && is_user) {
            acc->uid = (uint32_t)id;
            acc->predicted = false;
            acc->argument |= argument;
            regroup(s, step, e, all, acc);
        } else if (is_user || !user) {
            acc->uid_known = acc->gid_known = acc->certain = false;
        }
    }
    if (renumbered && group)
        renumber_group(all, e->name, (uint32_t)id);
    all->opaque |= !found;
    if (!found && renumbered && user && is_account_name(e->name))
        *vec_push(u->arena, &all->v) = (struct account){.name = e->name,
                                                        .group = e->name,
                                                        .uid_known = true,
                                                        .uid = (uint32_t)id,
                                                        .argument = argument,
                                                        .certain = true};
}

static void from_step(struct unit *u, struct stage *s, struct stage_step *step,
                      struct accounts *out)
{
    const struct run_effects *run = stage_run(u->graph, step);
    if (!run)
        return;
    for (size_t i = 0; i < run->effects.n; i++) {
        const struct run_effect *e = &run->effects.v[i];
        if (e->kind == RUN_USER_ADD)
            add_user(u, s, step, e, out);
        else if (e->kind == RUN_USER_MOD && !str_is(e->program, "passwd") &&
                 !str_is(e->program, "chpasswd") && !str_is(e->program, "chsh"))
            modify(u, s, step, e, out);
        else if (e->kind == RUN_GROUP_ADD)
            add_group(u, s, step, e, out);
        else if (e->kind == RUN_PACKAGES)
            out->packages = true;
        out->strangers |= predict_is_stranger(e);
    }
    out->opaque |= !run->complete;
}

struct accounts account_before(struct unit *u, struct stage *s, const struct stage_step *until)
{
    struct accounts out = {0};
    struct stage *chain[STAGE_MAX];
    size_t n = 0;
    for (struct stage *p = s; p && n < STAGE_MAX; p = p->parent)
        chain[n++] = p;
    from_facts(u, unit_facts(u, s), &out);
    while (n-- > 0) {
        VEC_EACH (step, &chain[n]->steps) {
            if (step == until)
                return out;
            from_step(u, chain[n], step, &out);
        }
    }
    return out;
}

struct accounts account_all(struct unit *u, struct stage *s)
{
    return account_before(u, s, NULL);
}

/* Accounts that every distribution has, which the facts do not list. */
static bool is_usual(const struct facts *f, struct str name)
{
    static const char *const usual[] = {
        "nobody",   "www-data", "daemon", "bin",  "mail", "games", "man",      "guest", "ftp",
        "operator", "backup",   "news",   "sys",  "adm",  "lp",    "postgres", "http",  "apache",
        "nginx",    "uucp",     "proxy",  "list", "irc",  "sync",  NULL};
    if (f->family == FACTS_SCRATCH)
        return false;
    if (f->family == FACTS_DISTROLESS)
        return str_is(name, "nobody") || str_is(name, "nonroot");
    for (const char *const *n = usual; *n; n++)
        if (str_is(name, *n))
            return true;
    return false;
}

bool account_is_missing(struct unit *u, struct stage *s, const struct stage_step *step,
                        struct str name)
{
    const struct facts *f = unit_facts(u, s);
    uint64_t number;
    if (!f || !name.n || account_is_root(name) || str_to_u64(name, UINT32_MAX, &number) ||
        is_usual(f, name))
        return false;
    struct accounts all = account_before(u, s, step);
    return !all.opaque && !all.packages && !account_named(&all, name);
}

const struct account *account_named(const struct accounts *all, struct str name)
{
    for (size_t i = all->v.n; i-- > 0;)
        if (str_eq(all->v.v[i].name, name))
            return &all->v.v[i];
    return NULL;
}

const struct account_group *account_group_named(const struct accounts *all, struct str name)
{
    for (size_t i = all->groups.n; i-- > 0;)
        if (str_eq(all->groups.v[i].name, name))
            return &all->groups.v[i];
    return NULL;
}

const struct account *account_with_uid(const struct accounts *all, uint32_t uid)
{
    for (size_t i = all->v.n; i-- > 0;)
        if (all->v.v[i].uid_known && all->v.v[i].uid == uid)
            return &all->v.v[i];
    return NULL;
}

/* What docker makes of digits: base 10, a leading '+' and zeros allowed. */
static bool number(struct str s, uint32_t *out)
{
    uint64_t v;
    if (s.n > 1 && s.p[0] == '+')
        s = str_from(s, 1);
    if (!str_to_u64(s, ID_MAX, &v))
        return false;
    *out = (uint32_t)v;
    return true;
}

struct whom account_resolve(const struct accounts *all, struct str user, bool known)
{
    struct whom w = {.who = WHO_UNKNOWN, .user = user};
    if (!known)
        return w;
    ptrdiff_t colon = str_chr(user, ':');
    if (colon >= 0) {
        w.user = str_sub(user, 0, (size_t)colon);
        w.group = str_from(user, (size_t)colon + 1);
        w.has_group = w.group.n > 0;
    }
    if (w.has_group)
        w.gid_known = group_id(all, w.group, &w.gid);
    if (number(w.user, &w.uid)) {
        w.who = w.uid ? WHO_NUMBER : WHO_ROOT;
        w.uid_known = true;
        w.account = account_with_uid(all, w.uid);
        return w;
    }
    w.account = account_named(all, w.user);
    if (!w.user.n || str_is(w.user, "root") ||
        (w.account && w.account->uid_known && !w.account->uid)) {
        w.who = WHO_ROOT;
        w.uid_known = true;
        return w;
    }
    w.who = WHO_NAME;
    if (w.account && w.account->uid_known && w.account->certain) {
        w.uid_known = true;
        w.uid = w.account->uid;
    }
    return w;
}

struct identity account_identity(const struct whom *w)
{
    struct identity id = {.uid = w->uid, .gid = w->gid, .gid_known = w->has_group && w->gid_known};
    if (w->account) {
        id.name = w->account->name;
        id.group = w->account->group;
        id.home = w->account->home;
        if (!w->has_group && w->account->gid_known) {
            id.gid = w->account->gid;
            id.gid_known = true;
        }
    }
    return id;
}

bool account_is_numeric_nonroot(struct str user)
{
    ptrdiff_t colon = str_chr(user, ':');
    uint64_t v;
    if (colon >= 0)
        user = str_sub(user, 0, (size_t)colon);
    return str_to_u64(user, ID_MAX, &v) && v > 0;
}

bool account_is_root(struct str user)
{
    return !user.n || str_is(user, "root") || str_is(user, "0") || str_starts(user, STR("0:")) ||
           str_starts(user, STR("root:"));
}
