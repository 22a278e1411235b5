/*
 * One table of fields says everything about the format: which keys there are, how each is read and
 * which member it fills. The same table merges layers, by copying the members whose key was there.
 */
#include "knowledge/facts_load.h"

#include "yaml/ydoc.h"

enum {
    ID_MAX = 2147483647, /* of uids and gids, as container engines take them */
    VARIANTS_MAX = 64,
};

static const char *const families[] = {"unknown", "debian", "alpine",  "redhat",     "suse",
                                       "arch",    "wolfi",  "busybox", "distroless", "scratch",
                                       "windows", "other",  NULL};
static const char *const package_managers[] = {"apt",    "apk",    "dnf",  "microdnf", "yum",
                                               "zypper", "pacman", "none", NULL};
static const char *const user_tools[] = {"unknown", "shadow", "busybox", "none", NULL};
static const char *const starts[] = {"unknown", "nothing", "shell", "interpreter",
                                     "tool",    "service", NULL};
static const char *const start_as[] = {"unknown", "any", "drops", "root", NULL};
static const char *const purposes[] = {"system", "app", "login", NULL};
static const char *const kinds[] = {"dir", "file", NULL};

/* ---- texts with a form ---- */

static bool is_name(struct str s)
{
    for (size_t i = 0; i < s.n; i++) {
        unsigned char c = (unsigned char)s.p[i];
        bool letter = (c | 32) >= 'a' && (c | 32) <= 'z';
        if (!letter && !(c >= '0' && c <= '9') && c != '_' && c != '.' && (c != '-' || i == 0))
            return false;
    }
    return s.n > 0 && s.n <= 64;
}

static bool is_variable(struct str s)
{
    for (size_t i = 0; i < s.n; i++) {
        unsigned char c = (unsigned char)s.p[i];
        bool letter = ((c | 32) >= 'a' && (c | 32) <= 'z') || c == '_';
        if (!letter && (i == 0 || c < '0' || c > '9'))
            return false;
    }
    return s.n > 0;
}

/* Absolute, on Linux or on Windows. */
static bool is_path(struct str s)
{
    for (size_t i = 0; i < s.n; i++)
        if ((unsigned char)s.p[i] < 0x20)
            return false;
    return str_starts(s, STR("/")) || (s.n > 2 && is_variable(str_sub(s, 0, 1)) && s.p[1] == ':');
}

static bool is_date(struct str s)
{
    for (size_t i = 0; i < s.n; i++)
        if (i == 4 || i == 7 ? s.p[i] != '-' : s.p[i] < '0' || s.p[i] > '9')
            return false;
    return s.n == 10;
}

static bool read_checked_text(struct ydoc *d, const struct ydoc_node *n, bool (*good)(struct str),
                              const char *wanted, struct str *to)
{
    struct str s;
    if (!ydoc_text(d, n, &s))
        return false;
    if (!good(s))
        return ydoc_fail(d, n, "%s is not %s", ydoc_quote(d, s), wanted);
    *to = s;
    return true;
}

static bool read_name(struct ydoc *d, const struct ydoc_node *n, const struct ydoc_field *f,
                      void *to)
{
    (void)f;
    return read_checked_text(d, n, is_name, "a user's or group's name", to);
}

static bool read_path(struct ydoc *d, const struct ydoc_node *n, const struct ydoc_field *f,
                      void *to)
{
    (void)f;
    return read_checked_text(d, n, is_path, "an absolute path", to);
}

static bool read_date(struct ydoc *d, const struct ydoc_node *n, const struct ydoc_field *f,
                      void *to)
{
    (void)f;
    return read_checked_text(d, n, is_date, "a date (YYYY-MM-DD)", to);
}

static bool read_paths(struct ydoc *d, const struct ydoc_node *n, const struct ydoc_field *f,
                       void *to)
{
    struct str path;
    if (!ydoc_read_texts(d, n, f, to))
        return false;
    YDOC_EACH (it, n)
        if (!read_path(d, it, f, &path))
            return false;
    return true;
}

/* A repository's name as image_parse() gives it, maybe with a '*' at the end. */
static bool is_repository(struct ydoc *d, const struct ydoc_node *n)
{
    struct image_ref ref;
    bool prefix = str_ends(n->text, STR("*"));
    struct str stem = str_sub(n->text, 0, n->text.n - prefix);
    struct str probe = prefix ? str_cat(d->arena, stem, STR("x")) : stem;
    if (!image_parse(d->arena, probe, &ref))
        return ydoc_fail(d, n, "%s is not the name of a repository", ydoc_quote(d, n->text));
    if (str_eq(ref.repository, probe))
        return true;
    struct str right = str_sub(ref.repository, 0, ref.repository.n - prefix);
    return ydoc_fail(d, n, "%s must be written '%.*s%s'", ydoc_quote(d, n->text), STR_ARG(right),
                     prefix ? "*" : "");
}

static bool read_images(struct ydoc *d, const struct ydoc_node *n, const struct ydoc_field *f,
                        void *to)
{
    if (!ydoc_read_texts(d, n, f, to))
        return false;
    if (!n->n)
        return ydoc_fail(d, n, "'images' must name at least one repository");
    YDOC_EACH (it, n)
        if (!is_repository(d, it))
            return false;
    return true;
}

static bool is_root(struct str s)
{
    return !s.n || str_is(s, "root") || str_is(s, "0");
}

/* user, uid, user:group, 1000:0 …; "" for root in group root, however it is written. */
static bool read_user(struct ydoc *d, const struct ydoc_node *n, const struct ydoc_field *f,
                      void *to)
{
    struct str s, rest, user = STR_NULL, group = STR_NULL;
    (void)f;
    if (!ydoc_text(d, n, &s))
        return false;
    rest = s;
    bool one = str_split(&rest, ':', &user);
    bool two = str_split(&rest, ':', &group);
    if (rest.p || (one && s.n && !is_name(user)) || (two && !is_name(group)))
        return ydoc_fail(d, n, "%s is not a user (name or uid, maybe :group)", ydoc_quote(d, s));
    *(struct str *)to = is_root(user) && is_root(group) ? STR("") : s;
    return true;
}

static bool read_shell(struct ydoc *d, const struct ydoc_node *n, const struct ydoc_field *f,
                       void *to)
{
    if (n->kind == YDOC_TEXT && str_is(n->text, "none")) {
        *(struct str *)to = STR("");
        return true;
    }
    return read_path(d, n, f, to);
}

static bool read_word(struct ydoc *d, const struct ydoc_node *n, const struct ydoc_field *f,
                      void *to)
{
    unsigned i;
    if (!ydoc_choice(d, n, f->words, &i))
        return false;
    *(struct str *)to = str_of(f->words[i]);
    return true;
}

static bool read_tag(struct ydoc *d, const struct ydoc_node *n, const struct ydoc_field *f,
                     void *to)
{
    char why[128];
    struct str s;
    (void)f;
    if (!ydoc_text(d, n, &s))
        return false;
    struct rx *rx = rx_compile(s.p, s.n, RX_USER | RX_SHORT, why, sizeof why);
    *(struct rx **)to = rx;
    return rx || ydoc_fail(d, n, "pattern %s: %s", ydoc_quote(d, s), why);
}

/* ---- lists of mappings ---- */

static const struct ydoc_field user_fields[] = {
    {YDOC_AT(struct facts_user, name), .key = "name", .read = read_name, .required = true},
    {YDOC_AT(struct facts_user, group), .key = "group", .read = read_name},
    {YDOC_AT(struct facts_user, home), .key = "home", .read = read_path},
    {YDOC_AT(struct facts_user, uid), .key = "uid", .read = ydoc_read_number, .max = ID_MAX,
     .required = true},
    {YDOC_AT(struct facts_user, gid), .key = "gid", .read = ydoc_read_number, .max = ID_MAX},
    {YDOC_AT(struct facts_user, purpose), .key = "purpose", .read = ydoc_read_choice,
     .words = purposes},
};

static bool read_users(struct ydoc *d, const struct ydoc_node *n, const struct ydoc_field *f,
                       void *to)
{
    VEC(struct facts_user) users = {0};
    (void)f;
    if (!ydoc_is_list(d, n))
        return false;
    YDOC_EACH (it, n) {
        struct facts_user *u = vec_push(d->arena, &users);
        *u = (struct facts_user){0};
        if (!ydoc_fields(d, it, user_fields, sizeof user_fields / sizeof *user_fields, u, NULL))
            return false;
        if (!ydoc_get(it, "gid"))
            u->gid = u->uid;
        if (!u->group.n)
            u->group = u->name;
    }
    users.cap = users.n; /* a push by whoever gets it copies */
    memcpy(to, &users, sizeof users);
    return true;
}

static bool read_kind(struct ydoc *d, const struct ydoc_node *n, const struct ydoc_field *f,
                      void *to)
{
    unsigned i;
    if (!ydoc_choice(d, n, f->words, &i))
        return false;
    *(bool *)to = i == 1;
    return true;
}

static const struct ydoc_field writable_fields[] = {
    {YDOC_AT(struct facts_writable, path), .key = "path", .read = read_path, .required = true},
    {YDOC_AT(struct facts_writable, file), .key = "kind", .read = read_kind, .words = kinds,
     .required = true},
};

static bool read_writable(struct ydoc *d, const struct ydoc_node *n, const struct ydoc_field *f,
                          void *to)
{
    VEC(struct facts_writable) paths = {0};
    (void)f;
    if (!ydoc_is_list(d, n))
        return false;
    YDOC_EACH (it, n)
        if (!ydoc_fields(d, it, writable_fields, sizeof writable_fields / sizeof *writable_fields,
                         vec_push(d->arena, &paths), NULL))
            return false;
    paths.cap = paths.n;
    memcpy(to, &paths, sizeof paths);
    return true;
}

static bool read_env(struct ydoc *d, const struct ydoc_node *n, const struct ydoc_field *f,
                     void *to)
{
    VEC(struct facts_env) env = {0};
    (void)f;
    if (!ydoc_is_map(d, n))
        return false;
    YDOC_EACH (it, n) {
        struct facts_env *e = vec_push(d->arena, &env);
        if (!read_checked_text(d, it->key, is_variable, "a variable's name", &e->name) ||
            !ydoc_text(d, it, &e->value))
            return false;
    }
    env.cap = env.n;
    memcpy(to, &env, sizeof env);
    return true;
}

static bool read_ports(struct ydoc *d, const struct ydoc_node *n, const struct ydoc_field *f,
                       void *to)
{
    VEC(uint32_t) ports = {0};
    (void)f;
    if (!ydoc_is_list(d, n))
        return false;
    YDOC_EACH (it, n) {
        uint64_t port;
        if (!ydoc_number(d, it, 1, 65535, &port))
            return false;
        *vec_push(d->arena, &ports) = (uint32_t)port;
    }
    ports.cap = ports.n;
    memcpy(to, &ports, sizeof ports);
    return true;
}

/* ---- the file ---- */

static bool read_variants(struct ydoc *d, const struct ydoc_node *n, const struct ydoc_field *f,
                          void *to);

enum field {
    FAMILY,
    PACKAGE_MANAGER,
    USER_TOOLS,
    SHELL,
    STARTS,
    START_AS,
    USER,
    WORKDIR,
    ONBUILD,
    SYSTEM_UID,
    USERS,
    ENV,
    ENTRYPOINT,
    CMD,
    VOLUMES,
    PORTS,
    WRITABLE,
    WRITES,
    NOTES,
    SOURCE,
    CHECKED,
    IMAGES,
    VARIANTS,
    TAG,
    FIELDS
};

#define FIELD(member, name, reader)                                                                \
    YDOC_AT(struct facts_layer, member), .key = (name), .read = (reader)

static const struct ydoc_field fields[FIELDS] = {
    [FAMILY] = {FIELD(facts.family, "family", ydoc_read_choice), .words = families},
    [PACKAGE_MANAGER] = {FIELD(facts.package_manager, "package_manager", read_word),
                         .words = package_managers},
    [USER_TOOLS] = {FIELD(facts.user_tools, "user_tools", ydoc_read_choice), .words = user_tools},
    [SHELL] = {FIELD(facts.shell, "shell", read_shell)},
    [STARTS] = {FIELD(facts.starts, "starts", ydoc_read_choice), .words = starts},
    [START_AS] = {FIELD(facts.start_as, "start_as", ydoc_read_choice), .words = start_as},
    [USER] = {FIELD(facts.user, "user", read_user)},
    [WORKDIR] = {FIELD(facts.workdir, "workdir", read_path)},
    [ONBUILD] = {FIELD(facts.onbuild, "onbuild", ydoc_read_bool)},
    [SYSTEM_UID] = {FIELD(facts.system_uid, "system_uid", ydoc_read_number), .max = 999},
    [USERS] = {FIELD(facts.users, "users", read_users)},
    [ENV] = {FIELD(facts.env, "env", read_env)},
    [ENTRYPOINT] = {FIELD(facts.entrypoint, "entrypoint", ydoc_read_texts)},
    [CMD] = {FIELD(facts.cmd, "cmd", ydoc_read_texts)},
    [VOLUMES] = {FIELD(facts.volumes, "volumes", read_paths)},
    [PORTS] = {FIELD(facts.ports, "ports", read_ports)},
    [WRITABLE] = {FIELD(facts.writable, "writable", read_writable)},
    [WRITES] = {FIELD(facts.writes, "writes", read_paths)},
    [NOTES] = {FIELD(facts.notes, "notes", ydoc_read_text)},
    [SOURCE] = {FIELD(facts.source, "source", ydoc_read_text)},
    [CHECKED] = {FIELD(facts.checked, "checked", read_date)},
    [IMAGES] = {FIELD(images, "images", read_images)},
    [VARIANTS] = {FIELD(variants, "variants", read_variants)},
    [TAG] = {FIELD(tag, "tag", read_tag)},
};

static bool has(const struct facts_layer *l, enum field f)
{
    return l->set >> f & 1;
}

static bool lacks(struct ydoc *d, const struct ydoc_node *map, const char *key, const char *where)
{
    const struct ydoc_node *n = ydoc_get(map, key);
    return !n || ydoc_fail(d, n->key, "the key '%s' does not belong %s", key, where);
}

static bool needs(struct ydoc *d, const struct ydoc_node *map, enum field f)
{
    return ydoc_get(map, fields[f].key) ||
           ydoc_fail(d, map, "the key '%s' is missing", fields[f].key);
}

static bool read_variants(struct ydoc *d, const struct ydoc_node *n, const struct ydoc_field *f,
                          void *to)
{
    VEC(struct facts_layer) list = {0};
    (void)f;
    if (!ydoc_is_list(d, n))
        return false;
    if (n->n > VARIANTS_MAX)
        return ydoc_fail(d, n, "more than %d variants", VARIANTS_MAX);
    list.v = arena_alloc(d->arena, n->n * sizeof *list.v);
    list.n = list.cap = n->n;
    memcpy(to, &list, sizeof list); /* before an error, so that patterns are freed */
    struct facts_layer *variant = list.v;
    YDOC_EACH (it, n) {
        if (!ydoc_is_map(d, it) || !needs(d, it, TAG) ||
            !lacks(d, it, "images", "into a variant") ||
            !lacks(d, it, "variants", "into a variant") ||
            !ydoc_fields(d, it, fields, FIELDS, variant, &variant->set))
            return false;
        variant++;
    }
    return true;
}

const char *facts_load(struct arena *a, const char *label, struct str yaml, bool builtin,
                       struct facts_layer *file)
{
    struct ydoc d;
    *file = (struct facts_layer){.facts.origin = str_of(label)};
    if (!ydoc_parse(&d, a, label, yaml) || !ydoc_is_map(&d, d.root) ||
        !lacks(&d, d.root, "tag", "outside of a variant") || !needs(&d, d.root, IMAGES) ||
        !ydoc_fields(&d, d.root, fields, FIELDS, file, &file->set))
        return d.error;
    if (builtin &&
        (!needs(&d, d.root, SOURCE) || !needs(&d, d.root, CHECKED) || !needs(&d, d.root, FAMILY)))
        return d.error;
    return NULL;
}

void facts_layer_free(struct facts_layer *file)
{
    VEC_EACH (v, &file->variants)
        rx_free(v->tag);
}

/* ---- layers ---- */

void facts_layer_merge(struct facts_layer *to, const struct facts_layer *over)
{
    if (has(over, FAMILY) && over->facts.family != to->facts.family)
        to->set &= ~(UINT64_C(1) << PACKAGE_MANAGER | UINT64_C(1) << USER_TOOLS |
                     UINT64_C(1) << SHELL | UINT64_C(1) << SYSTEM_UID);
    for (size_t i = 0; i < FIELDS; i++)
        if (over->set >> i & 1)
            memcpy((char *)to + fields[i].at, (const char *)over + fields[i].at, fields[i].size);
    to->set |= over->set;
}

/* What goes without saying for a family. */
static const struct {
    const char *package_manager, *shell;
    enum facts_user_tools tools;
} usual[] = {
    [FACTS_FAMILY_UNKNOWN] = {"", "/bin/sh", FACTS_TOOLS_UNKNOWN},
    [FACTS_DEBIAN] = {"apt", "/bin/sh", FACTS_TOOLS_SHADOW},
    [FACTS_ALPINE] = {"apk", "/bin/sh", FACTS_TOOLS_BUSYBOX},
    [FACTS_REDHAT] = {"dnf", "/bin/sh", FACTS_TOOLS_SHADOW},
    [FACTS_SUSE] = {"zypper", "/bin/sh", FACTS_TOOLS_SHADOW},
    [FACTS_ARCH] = {"pacman", "/bin/sh", FACTS_TOOLS_SHADOW},
    [FACTS_WOLFI] = {"apk", "/bin/sh", FACTS_TOOLS_BUSYBOX},
    [FACTS_BUSYBOX] = {"none", "/bin/sh", FACTS_TOOLS_BUSYBOX},
    [FACTS_DISTROLESS] = {"none", "", FACTS_TOOLS_NONE},
    [FACTS_SCRATCH] = {"none", "", FACTS_TOOLS_NONE},
    [FACTS_WINDOWS] = {"none", "", FACTS_TOOLS_NONE},
    [FACTS_OTHER] = {"", "/bin/sh", FACTS_TOOLS_UNKNOWN},
};

void facts_layer_settle(struct facts_layer *l)
{
    l->facts.writes_known = has(l, WRITES);
    struct facts *f = &l->facts;
    if (!has(l, PACKAGE_MANAGER))
        f->package_manager = str_of(usual[f->family].package_manager);
    if (!has(l, USER_TOOLS))
        f->user_tools = usual[f->family].tools;
    if (!has(l, SHELL))
        f->shell = str_of(usual[f->family].shell);
    f->has_shell = f->shell.n > 0;
    if (!has(l, SYSTEM_UID))
        f->system_uid = 0; /* a layer below may have said it for another family */
    if (!has(l, WORKDIR))
        f->workdir = STR("/");
    /* Something is started but nobody said what it is. */
    if (!has(l, STARTS))
        f->starts = f->entrypoint.n || f->cmd.n ? FACTS_STARTS_UNKNOWN : FACTS_STARTS_NOTHING;
    if (!has(l, START_AS))
        f->start_as = FACTS_AS_ANY;
}
