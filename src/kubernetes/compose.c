/*
 * A service at a time. Who it runs as is told by `user:`, else by its image; all else rests on
 * that.
 */
#include "kubernetes/compose.h"

#include "base/utf8.h"

static const char user_rule[] = "compose-user", capabilities[] = "compose-capabilities",
                  privileges[] = "compose-no-new-privileges";

/* ---- notes ---------------------------------------------------------------------------------- */

struct harden_note *compose_note(struct compose *c, const char *rule, const struct yplace *at,
                                 struct str message)
{
    struct harden_note *n = vec_push(c->arena, &c->notes);
    *n = (struct harden_note){
        .rule = rule, .level = UR_WARNING, .at = at, .message = message, .possible = true};
    return n;
}

bool compose_may(struct compose_service *s, const char *rule, const struct yplace *at,
                 const char *assumption, const char *reason, struct str message)
{
    const struct harden_options *o = s->compose->options;
    if (!o->wanted(o->ctx, rule))
        return false;
    struct harden_note *n = compose_note(s->compose, rule, at, message);
    n->assumption = assumption;
    n->reason = assumption ? reason : NULL;
    n->written = !assumption || o->unsafe;
    return n->written;
}

void compose_cannot(struct compose *c, const char *rule, const struct yplace *at,
                    const char *reason, struct str message)
{
    if (!c->options->wanted(c->options->ctx, rule))
        return;
    struct harden_note *n = compose_note(c, rule, at, message);
    n->reason = reason;
    n->possible = false;
}

bool compose_text(const struct yplace *p, struct str *text)
{
    return p && p->node && !p->fresh && ytree_text(p->node, text);
}

static struct str say(struct compose_service *s, const char *what)
{
    return str_fmt(s->compose->arena, "service '%s' %s",
                   utf8_safe(s->compose->arena, s->name, 60).p, what);
}

/* ---- who it runs as ------------------------------------------------------------------------- */

static bool is_set(struct yplace *p, const char *key)
{
    bool value = false;
    yplace_bool(yplace_get(p, key), &value);
    return value;
}

static bool is_plain(struct str text)
{
    return str_chr(text, '$') < 0;
}

static void find_image(struct compose_service *s)
{
    const struct ur_images *images = s->compose->images;
    struct arena *a = s->compose->arena;
    struct str name = STR("");
    if (yplace_get(s->place, "build"))
        name = str_fmt(a, ":%.*s", STR_ARG(s->name));
    else if (!compose_text(yplace_get(s->place, "image"), &name) || !is_plain(name))
        return;
    if (images && images->find)
        s->known = images->find(images->ctx, str_z(a, name), &s->image) != 0;
    if (!s->known)
        s->image = (struct ur_image){.uid = -1, .gid = -1};
}

/* "0", "root", "0:0". */
static bool is_root(struct str user)
{
    struct str rest = user, name;
    str_split(&rest, ':', &name);
    return str_is(name, "root") || str_is(name, "0") || !name.n;
}

static bool is_number(struct str user)
{
    struct str rest = user, part;
    uint64_t n;
    while (str_split(&rest, ':', &part))
        if (!str_to_u64(part, INT32_MAX, &n))
            return false;
    return user.n > 0;
}

/* An image that begins as root, and need not, has numbers that are not those of its user. */
static struct str own_user(const struct compose_service *s)
{
    struct str own = str_of(s->image.user);
    if (s->image.user && is_root(own) && s->image.uid > 0)
        return str_fmt(s->compose->arena, "%ld:%ld", s->image.uid,
                       s->image.gid > 0 ? s->image.gid : s->image.uid);
    return own;
}

/* `user:` says root, which the image does not need any more. */
static bool replace_root(struct compose_service *s, struct yplace *user)
{
    struct str own = own_user(s);
    if (!harden_is_settable(user) || user->shared ||
        !compose_may(s, user_rule, user, "it works without the root that is set here",
                     "set-on-purpose", say(s, "is told to run as root")))
        return false;
    if (is_number(own))
        yplace_set(user, yvalue_text(s->compose->arena, own));
    else
        yplace_remove(user);
    return true;
}

/* The number that the image has: nobody else's image can change it. */
static void put_user(struct compose_service *s)
{
    struct str own = own_user(s);
    if (is_number(own) && compose_may(s, user_rule, s->place, s->assumption, "unknown-image",
                                      say(s, "does not say who it runs as")))
        yplace_put(s->place, "user", yvalue_text(s->compose->arena, own));
}

/* Does it run as somebody else than root, or would it? */
static bool settle_user(struct compose_service *s)
{
    struct yplace *user = yplace_get(s->place, "user");
    struct str text = STR("");
    s->assumption = s->image.assumption;
    if (s->image.uid <=
        0) /* only `user:` could make it one, and the image may not be fit for that */
        return user && compose_text(user, &text) && is_number(text) && !is_root(text);
    if (!user) {
        put_user(s);
        return true;
    }
    s->user_set = true;
    if (!compose_text(user, &text))
        return false;
    if (is_plain(text) && is_root(text))
        return replace_root(s, user);
    if (!is_number(text))
        s->assumption = "its user is not root";
    return true;
}

/* ---- capabilities and privileges ------------------------------------------------------------ */

static bool has_text(struct yplace *list, const char *wanted)
{
    struct yplace_walk w = yplace_walk(list);
    struct str text;
    for (struct yplace *p; (p = yplace_next(&w));)
        if (compose_text(p, &text) && str_eq_nocase(text, str_of(wanted)))
            return true;
    return false;
}

static bool is_open(const struct yplace *list)
{
    return !list || (yplace_is_list(list) && !list->shared);
}

static void drop_capabilities(struct compose_service *s)
{
    struct yplace *drop = yplace_get(s->place, "cap_drop");
    if (has_text(drop, "ALL") || has_text(drop, "CAP_ALL") || !is_open(drop) ||
        !compose_may(s, capabilities, s->place, s->assumption, "unknown-image",
                     say(s, "keeps capabilities that a user without privileges has no use for")))
        return;
    struct yplace *list = yplace_list(s->place, "cap_drop");
    if (list)
        yplace_add(list, yvalue_text(s->compose->arena, STR("ALL")));
}

static bool is_forbidden(struct yplace *list)
{
    return has_text(list, "no-new-privileges") || has_text(list, "no-new-privileges:true") ||
           has_text(list, "no-new-privileges=true");
}

static void forbid_privileges(struct compose_service *s)
{
    struct yplace *list = yplace_get(s->place, "security_opt");
    const char *rests = s->assumption;
    if (is_forbidden(list) || has_text(list, "no-new-privileges:false") || !is_open(list))
        return;
    const char *reason = "unknown-image";
    if (!rests && yplace_count(yplace_get(s->place, "cap_add"))) {
        rests = "no program in it gets its capabilities from its file";
        reason = "set-on-purpose";
    }
    if (!compose_may(s, privileges, s->place, rests, reason,
                     say(s, "may get privileges by setuid programs")))
        return;
    list = yplace_list(s->place, "security_opt");
    if (list)
        yplace_add(list, yvalue_text(s->compose->arena, STR("no-new-privileges:true")));
}

/* ---- services ------------------------------------------------------------------------------- */

static void one_service(struct compose *c, struct str name, struct yplace *place)
{
    struct compose_service s = {.compose = c, .name = name, .place = place};
    s.image = (struct ur_image){.uid = -1, .gid = -1};
    s.replaces = yplace_get(place, "command") || yplace_get(place, "entrypoint");
    find_image(&s);
    if (!s.known)
        return;
    if (c->skip_shared && place->shared) {
        c->skipped = name;
        return;
    }
    compose_ports(&s);
    if (is_set(place, "privileged")) {
        compose_cannot(c, privileges, yplace_get(place, "privileged"), "set-on-purpose",
                       say(&s, "is privileged, and is left alone"));
        return;
    }
    if (!settle_user(&s))
        return;
    drop_capabilities(&s);
    forbid_privileges(&s);
    compose_writes(&s);
}

bool compose_is(const struct ytree_node *root)
{
    const struct ytree_node *services = ytree_find(root, "services");
    return services && services->kind == YTREE_MAPPING && !ytree_find(root, "apiVersion") &&
           !ytree_find(root, "kind");
}

void compose_harden(struct compose *c)
{
    struct yplace *services = yplace_get(c->root, "services");
    ytree_pairs all = ytree_all(c->arena, services ? services->node : NULL);
    VEC_EACH (p, &all) {
        struct yplace *place = yplace_get(services, str_z(c->arena, p->key->text));
        if (yplace_is_map(place) && !p->key->tag.n)
            one_service(c, p->key->text, place);
    }
}
