/*
 * Users and groups. There are three programs called adduser: Debian's (long options), busybox's
 * (-S -D -H -h -G) and the other name of useradd on Red Hat systems (-r -m -M -d). The same letters
 * mean different things to them, so all options are collected first and the letters that only one
 * of them has decide.
 */
#include "dockerfile/run_reader.h"

static void set_group(struct run_effect *e, struct shell_word w)
{
    e->group = w.value;
    e->gid = run_number(w);
}

static void set_id(struct run_effect *e, struct shell_word w)
{
    e->id_text = w.value;
    e->id = run_number(w);
}

/* Adds the names of "a,b" as operands. */
static void add_list(struct run_reader *r, struct run_effect *e, struct shell_word w)
{
    struct str name, rest = w.value;
    while (run_split(rest, ',', &name, &rest)) {
        w.value = name;
        *vec_push(r->arena, &e->operands) = w;
    }
    w.value = rest;
    *vec_push(r->arena, &e->operands) = w;
}

/* The operand that names the user or group. With more than one, some word was not what it seemed.
 */
static void set_name(struct run_effect *e, struct shell_word w)
{
    if (e->name.n)
        e->certain = false;
    e->name = w.value;
}

static const struct run_long useradd_longs[] = {
    {"badname", 'x', false},
    {"badnames", 'x', false},
    {"base-dir", 'b', true},
    {"btrfs-subvolume-home", 'x', false},
    {"comment", 'c', true},
    {"home-dir", 'd', true},
    {"defaults", 'D', false},
    {"expiredate", 'e', true},
    {"inactive", 'f', true},
    {"gid", 'g', true},
    {"groups", 'G', true},
    {"skel", 'k', true},
    {"key", 'K', true},
    {"no-log-init", 'l', false},
    {"create-home", 'm', false},
    {"no-create-home", 'M', false},
    {"no-user-group", 'N', false},
    {"non-unique", 'o', false},
    {"password", 'p', true},
    {"prefix", 'P', true},
    {"system", 'r', false},
    {"root", 'R', true},
    {"shell", 's', true},
    {"selinux-user", 'Z', true},
    {"selinux-range", 'x', true},
    {"uid", 'u', true},
    {"user-group", 'U', false},
    {NULL, 0, false},
};

static void read_useradd_option(struct run_reader *r, struct run_effect *e, int c,
                                struct shell_word w)
{
    if (c == 'u')
        set_id(e, w);
    else if (c == 'g')
        set_group(e, w);
    else if (c == 'd')
        e->home = w.value;
    else if (c == 's')
        e->shell = w.value;
    else if (c == 'r')
        e->system = true;
    else if (c == 'm')
        e->create_home = true;
    else if (c == 'M')
        e->create_home = false;
    else if (c == 'G')
        add_list(r, e, w);
    else if (c == RUN_OPERAND)
        set_name(e, w);
}

void run_useradd(struct run_reader *r, struct run_words w)
{
    struct run_effect *e = run_add(r, RUN_USER_ADD, w);
    struct run_options o =
        run_options_of(w, "b:c:d:De:f:Fg:G:hk:K:lmMNop:P:rR:s:u:UZ:", useradd_longs);
    e->shadow = true;
    for (int c; (c = run_option_next(&o)) != RUN_END;)
        read_useradd_option(r, e, c, o.word);
    if (!e->name.n)
        e->kind = RUN_OTHER; /* useradd -D */
}

static const struct run_long groupadd_longs[] = {
    {"force", 'f', false},      {"gid", 'g', true},      {"key", 'K', true},
    {"non-unique", 'o', false}, {"password", 'p', true}, {"system", 'r', false},
    {"root", 'R', true},        {"prefix", 'P', true},   {"users", 'U', true},
    {NULL, 0, false},
};

void run_groupadd(struct run_reader *r, struct run_words w)
{
    struct run_effect *e = run_add(r, RUN_GROUP_ADD, w);
    struct run_options o = run_options_of(w, "fg:hK:op:P:rR:U:", groupadd_longs);
    e->shadow = true;
    for (int c; (c = run_option_next(&o)) != RUN_END;) {
        if (c == 'g')
            set_id(e, o.word);
        else if (c == 'r')
            e->system = true;
        else if (c == 'U')
            add_list(r, e, o.word);
        else if (c == RUN_OPERAND)
            set_name(e, o.word);
    }
}

/* All that an adduser can be told. */
struct adduser {
    struct shell_word uid, group, home, shell, names[2];
    struct shell_word small_g, big_g; /* -g and -G, which differ */
    size_t name_count;
    bool busybox, useradd; /* a letter was seen that only this one has */
    bool system, long_system, only_group, make_home, no_home;
};

/* Long options, which mean the same to all of them. */
enum adduser_long {
    ADDUSER_UID = 3,
    ADDUSER_INGROUP,
    ADDUSER_HOME,
    ADDUSER_SHELL,
    ADDUSER_SYSTEM,
    ADDUSER_GROUP,
    ADDUSER_NO_HOME,
    ADDUSER_MAKE_HOME,
    ADDUSER_IGNORED,
};

static const struct run_long adduser_longs[] = {
    {"uid", ADDUSER_UID, true},
    {"gid", ADDUSER_INGROUP, true},
    {"ingroup", ADDUSER_INGROUP, true},
    {"home", ADDUSER_HOME, true},
    {"home-dir", ADDUSER_HOME, true},
    {"shell", ADDUSER_SHELL, true},
    {"system", ADDUSER_SYSTEM, false},
    {"group", ADDUSER_GROUP, false},
    {"no-create-home", ADDUSER_NO_HOME, false},
    {"create-home", ADDUSER_MAKE_HOME, false},
    {"gecos", ADDUSER_IGNORED, true},
    {"comment", ADDUSER_IGNORED, true},
    {"groups", ADDUSER_IGNORED, true},
    {"password", ADDUSER_IGNORED, true},
    {"skel", ADDUSER_IGNORED, true},
    {"conf", ADDUSER_IGNORED, true},
    {"firstuid", ADDUSER_IGNORED, true},
    {"lastuid", ADDUSER_IGNORED, true},
    {"firstgid", ADDUSER_IGNORED, true},
    {"lastgid", ADDUSER_IGNORED, true},
    {"disabled-password", ADDUSER_IGNORED, false},
    {"disabled-login", ADDUSER_IGNORED, false},
    {"empty-password", ADDUSER_IGNORED, false},
    {NULL, 0, false},
};

static void note_flavour(struct adduser *a, int c)
{
    if (c < ' ')
        return;
    a->busybox |= strchr("SDHhk", c) != NULL;
    a->useradd |= strchr("rmMdcNUloefbKp", c) != NULL;
}

static void read_adduser_option(struct adduser *a, int c, struct shell_word w)
{
    note_flavour(a, c);
    if (c == 'u' || c == ADDUSER_UID)
        a->uid = w;
    else if (c == 'g')
        a->small_g = w;
    else if (c == 'G')
        a->big_g = w;
    else if (c == ADDUSER_INGROUP)
        a->group = w;
    else if (c == 'h' || c == 'd' || c == ADDUSER_HOME)
        a->home = w;
    else if (c == 's' || c == ADDUSER_SHELL)
        a->shell = w;
    else if (c == 'S' || c == 'r')
        a->system = true;
    else if (c == ADDUSER_SYSTEM)
        a->system = a->long_system = true;
    else if (c == ADDUSER_GROUP)
        a->only_group = true;
    else if (c == 'm' || c == ADDUSER_MAKE_HOME)
        a->make_home = true;
    else if (c == 'M' || c == 'H' || c == ADDUSER_NO_HOME)
        a->no_home = true;
    else if (c == RUN_OPERAND && a->name_count++ < 2)
        a->names[a->name_count - 1] = w;
}

static struct adduser read_adduser(struct run_words w)
{
    struct adduser a = {0};
    struct run_options o = run_options_of(w, "b:c:d:De:f:g:G:h:Hk:K:lmMNop:rSs:u:U", adduser_longs);
    for (int c; (c = run_option_next(&o)) != RUN_END;)
        read_adduser_option(&a, c, o.word);
    return a;
}

/* With neither program's own letters, a -g that looks like a group is useradd's, and else the
 * full name that busybox takes. */
static bool is_useradd(const struct adduser *a)
{
    struct str g = a->small_g.value;
    return a->useradd || (!a->busybox && g.n && str_chr(g, ' ') < 0 && str_chr(g, ',') < 0);
}

/* Whether it is sure that a home is made. */
static bool makes_home(const struct adduser *a)
{
    if (a->no_home)
        return false;
    return a->make_home || !a->system || (a->busybox && !a->useradd) ||
           (a->long_system && a->home.value.n);
}

static void add_member(struct run_reader *r, struct run_words w, struct shell_word user,
                       struct shell_word group)
{
    struct run_effect *e = run_add(r, RUN_GROUP_JOIN, w);
    e->name = user.value;
    *vec_push(r->arena, &e->operands) = group;
}

void run_adduser(struct run_reader *r, struct run_words w)
{
    struct adduser a = read_adduser(w);
    if (a.name_count == 2) {
        add_member(r, w, a.names[0], a.names[1]);
        return;
    }
    bool is_group = a.only_group && !a.system;
    struct run_effect *e = run_add(r, is_group ? RUN_GROUP_ADD : RUN_USER_ADD, w);
    bool as_useradd = is_useradd(&a);
    e->name = a.names[0].value;
    e->certain &= a.name_count == 1;
    set_id(e, a.uid);
    e->system = a.system;
    if (is_group) {
        set_id(e, a.group);
        return;
    }
    e->home = a.home.value;
    e->shell = a.shell.value;
    e->create_home = makes_home(&a);
    if (a.only_group)
        e->group = e->name;
    if (as_useradd && a.big_g.value.n)
        add_list(r, e, a.big_g);
    struct shell_word group = as_useradd ? a.small_g : a.big_g;
    if (a.group.value.n)
        group = a.group;
    if (group.value.n)
        set_group(e, group);
}

static const struct run_long addgroup_longs[] = {
    {"gid", 'g', true}, {"system", 'S', false}, {"conf", 'x', true}, {NULL, 0, false}};

void run_addgroup(struct run_reader *r, struct run_words w)
{
    struct shell_word first = {0}, second = {0}, gid = {0};
    size_t n = 0;
    bool system = false;
    struct run_options o = run_options_of(w, "g:S", addgroup_longs);
    for (int c; (c = run_option_next(&o)) != RUN_END;) {
        if (c == 'g')
            gid = o.word;
        else if (c == 'S')
            system = true;
        else if (c == RUN_OPERAND && n++ == 0)
            first = o.word;
        else if (c == RUN_OPERAND)
            second = o.word;
    }
    if (n == 2) {
        add_member(r, w, first, second);
        return;
    }
    struct run_effect *e = run_add(r, RUN_GROUP_ADD, w);
    e->name = first.value;
    e->certain &= n == 1;
    set_id(e, gid);
    e->system = system;
}

static const struct run_long usermod_longs[] = {
    {"append", 'a', false},     {"comment", 'c', true},      {"home", 'd', true},
    {"expiredate", 'e', true},  {"inactive", 'f', true},     {"gid", 'g', true},
    {"groups", 'G', true},      {"login", 'l', true},        {"lock", 'L', false},
    {"move-home", 'm', false},  {"non-unique", 'o', false},  {"password", 'p', true},
    {"remove", 'x', false},     {"root", 'R', true},         {"prefix", 'P', true},
    {"shell", 's', true},       {"uid", 'u', true},          {"unlock", 'U', false},
    {"add-subuids", 'v', true}, {"del-subuids", 'V', true},  {"add-subgids", 'w', true},
    {"del-subgids", 'W', true}, {"selinux-user", 'Z', true}, {NULL, 0, false},
};

/* One call can both change a user and add it to groups: two effects. */
void run_usermod(struct run_reader *r, struct run_words w)
{
    struct run_effect change = {.id = -1, .gid = -1};
    struct shell_word groups = {0};
    bool changed = false;
    struct run_options o =
        run_options_of(w, "ac:d:e:f:g:G:l:Lmop:rR:P:s:u:Uv:V:w:W:Z:", usermod_longs);
    for (int c; (c = run_option_next(&o)) != RUN_END;) {
        changed |= c > RUN_UNKNOWN && c != 'a' && c != 'G';
        if (c == 'G')
            groups = o.word;
        else if (c == 'l')
            change.text = o.word.value;
        else
            read_useradd_option(r, &change, c, o.word);
    }
    if (groups.value.n) {
        struct run_effect *e = run_add(r, RUN_GROUP_JOIN, w);
        e->name = change.name;
        add_list(r, e, groups);
    }
    if (changed || !groups.value.n) {
        struct run_effect *e = run_add(r, RUN_USER_MOD, w);
        e->name = change.name;
        e->group = change.group;
        e->home = change.home;
        e->shell = change.shell;
        e->text = change.text;
        e->id = change.id;
        e->id_text = change.id_text;
        e->gid = change.gid;
    }
}

static const struct run_long groupmod_longs[] = {
    {"gid", 'g', true},      {"new-name", 'n', true}, {"non-unique", 'o', false},
    {"password", 'p', true}, {"root", 'R', true},     {"prefix", 'P', true},
    {NULL, 0, false},
};

void run_groupmod(struct run_reader *r, struct run_words w)
{
    struct run_effect *e = run_add(r, RUN_USER_MOD, w);
    struct run_options o = run_options_of(w, "g:n:op:R:P:aU:", groupmod_longs);
    for (int c; (c = run_option_next(&o)) != RUN_END;) {
        if (c == 'g')
            set_id(e, o.word);
        else if (c == 'n')
            e->text = o.word.value;
        else if (c == RUN_OPERAND)
            set_name(e, o.word);
    }
}

static const struct run_long userdel_longs[] = {{"root", 'R', true},
                                                {"prefix", 'P', true},
                                                {"conf", 'x', true},
                                                {"backup-to", 'b', true},
                                                {NULL, 0, false}};

/* deluser USER GROUP takes the user out of the group, which is then the operand. */
void run_userdel(struct run_reader *r, struct run_words w)
{
    struct run_effect *e = run_add(r, RUN_USER_MOD, w);
    struct run_options o = run_options_of(w, "frR:P:Z", userdel_longs);
    for (int c; (c = run_option_next(&o)) != RUN_END;) {
        if (c == RUN_OPERAND && e->name.n)
            *vec_push(r->arena, &e->operands) = o.word;
        else if (c == RUN_OPERAND)
            e->name = o.word.value;
    }
}

static const struct run_long gpasswd_longs[] = {
    {"add", 'a', true},     {"delete", 'd', true},
    {"members", 'M', true}, {"administrators", 'A', true},
    {"root", 'Q', true},    {NULL, 0, false}};

void run_gpasswd(struct run_reader *r, struct run_words w)
{
    struct run_effect *e = run_add(r, RUN_USER_MOD, w);
    struct run_options o = run_options_of(w, "a:d:M:A:rRQ:", gpasswd_longs);
    for (int c; (c = run_option_next(&o)) != RUN_END;) {
        if (c == 'a')
            e->kind = RUN_GROUP_JOIN;
        if (c == 'a' || c == 'd')
            e->name = o.word.value;
        else if (c == RUN_OPERAND)
            *vec_push(r->arena, &e->operands) = o.word;
    }
}

/* passwd USER; chpasswd and newusers read theirs from standard input. */
void run_passwd(struct run_reader *r, struct run_words w)
{
    struct run_effect *e = run_add(r, RUN_USER_MOD, w);
    struct run_options o = run_options_of(w, "n:x:w:i:R:", NULL);
    bool named = str_is(e->program, "passwd");
    for (int c; (c = run_option_next(&o)) != RUN_END;)
        if (c == RUN_OPERAND && named)
            e->name = o.word.value;
}

void run_chsh(struct run_reader *r, struct run_words w)
{
    struct run_effect *e = run_add(r, RUN_USER_MOD, w);
    struct run_options o = run_options_of(w, "s:R:", useradd_longs);
    for (int c; (c = run_option_next(&o)) != RUN_END;) {
        if (c == 's')
            e->shell = o.word.value;
        else if (c == RUN_OPERAND)
            e->name = o.word.value;
    }
}
