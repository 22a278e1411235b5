/*
 * Package managers: which packages are installed. Other verbs (update, clean, remove) are
 * RUN_OTHER, with the manager, because they too say which family of system this is.
 */
#include "dockerfile/run_reader.h"

/* How the options and verbs of one manager look. */
struct manager {
    enum run_manager id;
    const char *shorts;
    const struct run_long *longs;
    const char *const *verbs;  /* those that install */
    const char *const *groups; /* words in front of a verb, "group" in "group install"; or NULL */
};

static bool is_one_of(struct str s, const char *const *list)
{
    for (; list && *list; list++)
        if (str_is(s, *list))
            return true;
    return false;
}

static void add_other(struct run_reader *r, struct run_words w, enum run_manager id)
{
    struct run_effect *e = run_add(r, RUN_OTHER, w);
    e->manager = id;
    run_operands(r, e, run_words_from(w, 1));
}

static void read_manager(struct run_reader *r, struct run_words w, const struct manager *m)
{
    struct run_options o = run_options_of(w, m->shorts, m->longs);
    int c;
    while ((c = run_option_next(&o)) != RUN_END)
        if (c == RUN_OPERAND && !is_one_of(o.word.value, m->groups))
            break;
    if (c == RUN_END || !is_one_of(o.word.value, m->verbs)) {
        add_other(r, w, m->id);
        return;
    }
    struct run_effect *e = run_add(r, RUN_PACKAGES, w);
    e->manager = m->id;
    while ((c = run_option_next(&o)) != RUN_END)
        if (c == RUN_OPERAND)
            run_operand(r, e, o.word);
}

static const struct run_long apt_longs[] = {
    {"option", 'o', true},
    {"config-file", 'c', true},
    {"target-release", 't', true},
    {"default-release", 't', true},
    {"host-architecture", 'a', true},
    {"build-profiles", 'P', true},
    {NULL, 0, false},
};
static const char *const apt_verbs[] = {"install", "reinstall", NULL};
static const struct manager apt = {RUN_APT, "o:c:t:a:", apt_longs, apt_verbs, NULL};

void run_apt(struct run_reader *r, struct run_words w)
{
    read_manager(r, w, &apt);
}

/* The helper of some slim images: all its operands are packages. */
void run_install_packages(struct run_reader *r, struct run_words w)
{
    struct run_effect *e = run_add(r, RUN_PACKAGES, w);
    e->manager = RUN_APT;
    struct run_options o = run_options_of(w, "", NULL);
    for (int c; (c = run_option_next(&o)) != RUN_END;)
        if (c == RUN_OPERAND)
            run_operand(r, e, o.word);
}

static const struct run_long apk_longs[] = {
    {"root", 'p', true},      {"repository", 'X', true},    {"virtual", 't', true},
    {"arch", 'x', true},      {"keys-dir", 'x', true},      {"repositories-file", 'x', true},
    {"cache-dir", 'x', true}, {"cache-max-age", 'x', true}, {"cache-packages", 'y', false},
    {"wait", 'x', true},      {"timeout", 'x', true},       {"progress-fd", 'x', true},
    {NULL, 0, false},
};
static const char *const apk_verbs[] = {"add", NULL};
static const struct manager apk = {RUN_APK, "p:X:t:", apk_longs, apk_verbs, NULL};

void run_apk(struct run_reader *r, struct run_words w)
{
    read_manager(r, w, &apk);
}

static const struct run_long yum_longs[] = {
    {"config", 'c', true},
    {"exclude", 'x', true},
    {"enablerepo", 'x', true},
    {"disablerepo", 'x', true},
    {"installroot", 'x', true},
    {"setopt", 'x', true},
    {"releasever", 'x', true},
    {"forcearch", 'x', true},
    {"repo", 'x', true},
    {"repoid", 'x', true},
    {"repofrompath", 'x', true},
    {"disableexcludes", 'x', true},
    {"disableplugin", 'x', true},
    {"enableplugin", 'x', true},
    {"rpmverbosity", 'x', true},
    {"downloaddir", 'x', true},
    {"destdir", 'x', true},
    {"comment", 'x', true},
    {"advisory", 'x', true},
    {"errorlevel", 'e', true},
    {"debuglevel", 'd', true},
    {"color", 'x', true},
    {NULL, 0, false},
};
static const char *const yum_verbs[] = {
    "install",       "localinstall", "reinstall",     "groupinstall",
    "group-install", "install-n",    "install-nevra", NULL};
static const char *const yum_groups[] = {"group", "groups", "module", "environment", NULL};

void run_yum(struct run_reader *r, struct run_words w)
{
    struct str name = run_basename(w.v[0]);
    enum run_manager id = str_is(name, "yum")        ? RUN_YUM
                          : str_is(name, "microdnf") ? RUN_MICRODNF
                                                     : RUN_DNF;
    struct manager m = {id, "c:d:e:R:x:", yum_longs, yum_verbs, yum_groups};
    read_manager(r, w, &m);
}

static const struct run_long zypper_longs[] = {
    {"type", 't', true},       {"repo", 'r', true},        {"from", 'x', true},
    {"root", 'R', true},       {"installroot", 'x', true}, {"config", 'c', true},
    {"plus-repo", 'p', true},  {"reposd-dir", 'x', true},  {"cache-dir", 'x', true},
    {"releasever", 'x', true}, {"download", 'x', true},    {NULL, 0, false},
};
static const char *const zypper_verbs[] = {"install", "in", NULL};
static const struct manager zypper = {RUN_ZYPPER, "t:r:R:p:c:", zypper_longs, zypper_verbs, NULL};

void run_zypper(struct run_reader *r, struct run_words w)
{
    read_manager(r, w, &zypper);
}

static const struct run_long pacman_longs[] = {
    {"sync", 'S', false},        {"upgrade", 'U', false},    {"dbpath", 'b', true},
    {"root", 'r', true},         {"arch", 'x', true},        {"cachedir", 'x', true},
    {"color", 'x', true},        {"config", 'x', true},      {"gpgdir", 'x', true},
    {"hookdir", 'x', true},      {"logfile", 'x', true},     {"assume-installed", 'x', true},
    {"ignore", 'x', true},       {"ignoregroup", 'x', true}, {"overwrite", 'x', true},
    {"print-format", 'x', true}, {NULL, 0, false},
};

/* -S and -U install, unless the letters beside it only ask or clean. */
void run_pacman(struct run_reader *r, struct run_words w)
{
    bool installs = false, asks = false;
    struct run_options o = run_options_of(w, "SUyusicglwpQRDTFVqvr:b:", pacman_longs);
    size_t at = r->out->effects.n;
    struct run_effect *e = run_add(r, RUN_PACKAGES, w);
    e->manager = RUN_PACMAN;
    for (int c; (c = run_option_next(&o)) != RUN_END;) {
        if (c == RUN_OPERAND)
            run_operand(r, e, o.word);
        else if (c == 'S' || c == 'U')
            installs = true;
        else if (c > RUN_UNKNOWN && strchr("sicglwpQRDTFV", c))
            asks = true;
    }
    if (installs && !asks && e->operands.n)
        return;
    r->out->effects.n = at;
    add_other(r, w, RUN_PACMAN);
}

static const struct run_long dpkg_longs[] = {{"install", 'i', false},
                                             {"unpack", 'i', false},
                                             {"root", 'x', true},
                                             {"admindir", 'x', true},
                                             {NULL, 0, false}};
static const struct run_long rpm_longs[] = {
    {"install", 'i', false},    {"upgrade", 'U', false},  {"freshen", 'F', false},
    {"query", 'q', false},      {"verify", 'V', false},   {"erase", 'e', false},
    {"import", 'q', false},     {"checksig", 'q', false}, {"eval", 'q', true},
    {"define", 'D', true},      {"undefine", 'x', true},  {"root", 'x', true},
    {"dbpath", 'x', true},      {"prefix", 'x', true},    {"relocate", 'x', true},
    {"excludepath", 'x', true}, {NULL, 0, false}};

/* dpkg and rpm: `installs` and `asks` are the letters that do. */
static void read_low(struct run_reader *r, struct run_words w, struct run_options o,
                     const char *installs, const char *asks)
{
    bool install = false, ask = false;
    size_t at = r->out->effects.n;
    struct run_effect *e = run_add(r, RUN_PACKAGES, w);
    e->manager = RUN_DPKG_RPM;
    for (int c; (c = run_option_next(&o)) != RUN_END;) {
        if (c == RUN_OPERAND)
            run_operand(r, e, o.word);
        else if (c > RUN_UNKNOWN) {
            install |= strchr(installs, c) != NULL;
            ask |= strchr(asks, c) != NULL;
        }
    }
    if (install && !ask)
        return;
    r->out->effects.n = at;
    add_other(r, w, RUN_DPKG_RPM);
}

void run_dpkg(struct run_reader *r, struct run_words w)
{
    read_low(r, w, run_options_of(w, "iAlLsSprPCc", dpkg_longs), "i", "lLsSprPCc");
}

void run_rpm(struct run_reader *r, struct run_words w)
{
    read_low(r, w, run_options_of(w, "iUFqVeKvhD:E:r:", rpm_longs), "iUF", "qVeKE");
}
