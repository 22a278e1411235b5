/*
 * Regular users get numbers from 1000 on: the next one behind the highest from useradd, the first
 * free one from both programs called adduser. System accounts are counted down from 999 by
 * `useradd -r` and up from 100 by busybox' `adduser -S`; where an image has such accounts already
 * the outcome depends on all of them, so that the facts of an image must say with which number it
 * begins.
 */
#include "unit/predict.h"

enum {
    FIRST_SYSTEM = 100, /* busybox; 101 for useradd */
    LAST_SYSTEM = 999,
    FIRST_REGULAR = 1000,
    LAST_REGULAR = 59999,
};

static bool is_taken(const struct accounts *all, uint32_t uid)
{
    VEC_EACH (acc, &all->v)
        if (acc->uid == uid)
            return true;
    return false;
}

static bool all_known(const struct accounts *all)
{
    VEC_EACH (acc, &all->v)
        if (!acc->uid_known)
            return false;
    return true;
}

static uint32_t behind_the_highest(const struct accounts *all)
{
    uint32_t next = FIRST_REGULAR;
    VEC_EACH (acc, &all->v)
        if (acc->uid >= next && acc->uid <= LAST_REGULAR)
            next = acc->uid + 1;
    return next;
}

/* With a gap, or with a group of that number, it matters which adduser it is: busybox takes the
 * first number that is free as both, Red Hat's is useradd. */
static bool regular(const struct accounts *all, const struct run_effect *e, uint32_t *uid)
{
    *uid = behind_the_highest(all);
    if (e->shadow)
        return true;
    for (uint32_t below = FIRST_REGULAR; below < *uid; below++)
        if (!is_taken(all, below))
            return false;
    VEC_EACH (group, &all->groups)
        if (!e->group.n && (!group->gid_known || group->gid == *uid))
            return false;
    return true;
}

/* Numbers between the next one and the other end of the range would lead useradd elsewhere. */
static bool nothing_below(const struct accounts *all, uint32_t next)
{
    VEC_EACH (acc, &all->v)
        if (acc->uid > FIRST_SYSTEM && acc->uid < next)
            return false;
    return true;
}

static bool system_account(const struct accounts *all, const struct facts *f,
                           const struct run_effect *e, uint32_t *uid)
{
    uint32_t next = f->system_uid;
    bool down = f->user_tools == FACTS_TOOLS_SHADOW;
    if (!next || all->strangers || e->shadow != down ||
        (!down && f->user_tools != FACTS_TOOLS_BUSYBOX))
        return false;
    while (next >= (uint32_t)FIRST_SYSTEM && next <= (uint32_t)LAST_SYSTEM && is_taken(all, next))
        next = down ? next - 1 : next + 1;
    *uid = next;
    return next >= (uint32_t)(FIRST_SYSTEM + down) && next <= LAST_SYSTEM &&
           (!down || nothing_below(all, next));
}

bool predict_uid(const struct accounts *all, const struct facts *f, const struct run_effect *e,
                 uint32_t *uid)
{
    if (!f || all->opaque || f->family == FACTS_OTHER || !all_known(all))
        return false;
    return e->system ? system_account(all, f, e, uid) : regular(all, e, uid);
}

/* ---- strangers ------------------------------------------------------------------------------ */

/* Packages that make no accounts and need none that do, on Debian, Ubuntu and Alpine. */
static bool is_plain_package(struct str name)
{
    static const char plain[] =
        "apt-transport-https apt-utils autoconf automake bash binutils bison build-base "
        "build-essential busybox bzip2 bzip2-dev ca-certificates clang cmake coreutils cpp "
        "curl curl-dev default-libmysqlclient-dev diffutils dumb-init ed expat file "
        "findutils flex fontconfig freetype freetype-dev g++ gawk gcc gettext gettext-base "
        "git gmp-dev gnupg gnupg2 gosu grep gzip jpeg-dev jq less libbz2-dev libc-dev "
        "libc6-compat libc6-dev libcurl4-openssl-dev libffi libffi-dev libgcc libjpeg-dev "
        "libldap2-dev liblzma-dev libncurses-dev libncurses5-dev libpng-dev libpq-dev "
        "libpq5 libreadline-dev libressl-dev libsasl2-dev libsqlite3-dev libssl-dev "
        "libstdc++ libtool libxml2 libxml2-dev libxslt libxslt-dev libxslt1-dev libyaml-dev "
        "linux-headers locales m4 make musl musl-dev nano ncurses ncurses-dev "
        "netcat-openbsd nodejs npm openjdk11 openjdk11-jre openjdk17 openjdk17-jre openjdk8 "
        "openjdk8-jre openjdk8-jre-base openssh-client openssl openssl-dev patch pcre-dev "
        "perl pkg-config pkgconf pkgconfig procps py-pip py-setuptools py2-pip py3-pip "
        "py3-setuptools py3-wheel python python-dev python-pip python-setuptools "
        "python-virtualenv python2 python2-dev python3 python3-dev python3-pip "
        "python3-setuptools python3-venv python3-wheel readline readline-dev ruby "
        "ruby-bundler ruby-dev ruby-io-console ruby-irb ruby-json ruby-rdoc sed sqlite "
        "sqlite-dev sqlite3 su-exec sudo tar tini tzdata unzip util-linux vim wget "
        "xmlstarlet xz xz-dev xz-utils yaml-dev yarn zip zlib zlib-dev zlib1g zlib1g-dev";
    struct str rest = str_of(plain), one;
    ptrdiff_t version = str_chr(name, '=');
    if (version > 0)
        name = str_sub(name, 0, (size_t)version);
    while (str_split(&rest, ' ', &one))
        if (str_eq(one, name))
            return true;
    return false;
}

static bool is_strange_package(const struct run_effect *e)
{
    if (e->manager != RUN_APT && e->manager != RUN_APK)
        return true;
    VEC_EACH (name, &e->operands)
        if (!name->literal || !is_plain_package(name->value))
            return true;
    return false;
}

/* Programs that run whatever they are given. */
static bool is_installer(struct str program)
{
    static const char *const names[] = {"sh",     "bash",      "ash",
                                        "dash",   "make",      "dpkg",
                                        "rpm",    "gdebi",     "ansible-playbook",
                                        "puppet", "chef-solo", "salt-call",
                                        "source", ".",         NULL};
    for (const char *const *n = names; *n; n++)
        if (str_is(program, *n))
            return true;
    return str_ends(program, STR(".sh")) || str_ends(program, STR(".bin")) ||
           str_ends(program, STR(".run")) || str_chr(program, '$') >= 0;
}

bool predict_is_stranger(const struct run_effect *e)
{
    if (e->kind == RUN_PACKAGES)
        return is_strange_package(e);
    return e->kind == RUN_OTHER && is_installer(e->program);
}
