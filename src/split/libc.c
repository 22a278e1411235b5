/*
 * A program that is linked with glibc needs that of its builder or a newer one; one that is linked
 * with musl does not find its loader at all. Debian and Ubuntu keep the version of glibc for the
 * life of a release, so a release's name says it.
 */
#include "split/libc.h"

struct suite {
    const char *name; /* in the tag */
    unsigned minor;
};

/* glibc of Debian and Ubuntu: packages.debian.org, packages.ubuntu.com; checked 2026-11-25. */
static const struct suite suites[] = {
    {"stretch", 24}, {"buster", 28}, {"bullseye", 31}, {"bookworm", 36}, {"trixie", 41},
    {"xenial", 23},  {"bionic", 27}, {"focal", 31},    {"jammy", 35},    {"noble", 39},
    {"plucky", 41},  {"ubi8", 28},   {"ubi9", 34},     {NULL, 0},
};
static const struct suite debian[] = {{"9", 24},  {"10", 28}, {"11", 31},
                                      {"12", 36}, {"13", 41}, {NULL, 0}};
static const struct suite ubuntu[] = {{"16.04", 23}, {"18.04", 27}, {"20.04", 31}, {"22.04", 35},
                                      {"24.04", 39}, {"25.04", 41}, {NULL, 0}};

static unsigned find(const struct suite *list, struct str tag, bool exact)
{
    for (; list->name; list++) {
        struct str name = str_of(list->name);
        bool same = exact ? str_starts(tag, name) &&
                                (tag.n == name.n || strchr(".-", tag.p[name.n]) != NULL)
                          : str_find(tag, name) >= 0;
        if (same)
            return list->minor;
    }
    return 0;
}

/* Official images without a suite in their tag build on Debian's stable release: trixie at most, at
 * the date above. */
static bool is_official(struct str repository)
{
    static const char *const names[] = {"golang", "rust", "node", "python", "debian", "gcc", NULL};
    for (const char *const *n = names; *n; n++)
        if (str_is(repository, *n))
            return true;
    return false;
}

static bool is_rolling(struct str tag)
{
    return str_has(tag, "sid") || str_has(tag, "testing") || str_has(tag, "unstable") ||
           str_has(tag, "forky") || str_has(tag, "nightly");
}

struct libc libc_of(struct split *sp, struct stage *s)
{
    const struct stage *root = stage_root(s);
    const struct facts *f = unit_facts(sp->u, s);
    struct libc out = {LIBC_UNKNOWN, 0};
    if (!f || root->base_kind != STAGE_ON_IMAGE)
        return out;
    struct str tag = root->image.tag, repository = root->image.repository;
    if (f->family == FACTS_ALPINE)
        out.kind = LIBC_MUSL;
    if (f->family != FACTS_DEBIAN && f->family != FACTS_REDHAT)
        return out;
    out.kind = LIBC_GLIBC;
    out.minor = find(suites, tag, false);
    if (!out.minor && str_is(repository, "debian"))
        out.minor = find(debian, tag, true);
    if (!out.minor && str_is(repository, "ubuntu"))
        out.minor = find(ubuntu, tag, true);
    if (!out.minor && is_official(repository) && !is_rolling(tag))
        out.minor = 41;
    return out;
}

/* Of the release's images. */
static unsigned minor_of_release(struct str release)
{
    return str_starts(release, STR("debian")) ? find(debian, str_from(release, 6), true) : 0;
}

bool libc_is_older(struct split *sp, struct stage *s)
{
    struct libc l = libc_of(sp, s);
    unsigned there = minor_of_release(sp->u->settings->release);
    return l.kind == LIBC_GLIBC && l.minor && there && l.minor <= there;
}

bool libc_fits(struct split *sp, struct stage *s, struct str what)
{
    struct libc l = libc_of(sp, s);
    if (libc_is_older(sp, s))
        return true;
    if (l.kind == LIBC_MUSL)
        split_refuse(sp, "libc-mismatch", s->from,
                     "links '%s' with musl, and the images have glibc", split_text(sp, what));
    else
        split_refuse(sp, "libc-mismatch", s->from,
                     "links '%s' with a C library of which it is not known that it is not newer "
                     "than that of the image",
                     split_text(sp, what));
    return false;
}
