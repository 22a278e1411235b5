/*
 * Paths of an image by what they are for. An attacker must not be able to change programs and the
 * system's configuration; an application must be able to change what is its own.
 */
#include "unit/path.h"

#include "dockerfile/stage.h"

/* Deeper paths under a system directory that are the application's all the same. */
static const char *const app_dirs[] = {"/usr/src", "/usr/app", "/usr/local/src", "/usr/local/app",
                                       "/var/www", "/var/app", "/var/task",      "/var/lib/app",
                                       "/var/opt", NULL};
static const char *const system_dirs[] = {"/bin",
                                          "/boot",
                                          "/dev",
                                          "/etc",
                                          "/lib",
                                          "/lib32",
                                          "/lib64",
                                          "/libx32",
                                          "/nix",
                                          "/proc",
                                          "/root",
                                          "/run",
                                          "/sbin",
                                          "/sys",
                                          "/tmp",
                                          "/usr",
                                          "/var",
                                          "/busybox",
                                          "/kaniko",
                                          "/go",
                                          "/docker-entrypoint.d",
                                          "/docker-entrypoint-initdb.d",
                                          NULL};

static bool in_list(struct str path, const char *const *list)
{
    for (; *list; list++)
        if (stage_inside(path, str_of(*list)))
            return true;
    return false;
}

static bool is_in_list(struct str path, const char *const *list)
{
    for (; *list; list++)
        if (str_is(path, *list))
            return true;
    return false;
}

/* /opt/x/bin/y: programs, which an attacker must not be able to change. */
static bool holds_programs(struct str path)
{
    return str_has(path, "/bin/") || str_has(path, "/sbin/") || str_has(path, "/lib/") ||
           str_ends(path, STR("/bin")) || str_ends(path, STR("/sbin")) ||
           str_ends(path, STR("/lib"));
}

bool path_is_application(struct str path)
{
    if (path.n < 2 || path.p[0] != '/' || is_in_list(path, app_dirs))
        return path.n > 1 && is_in_list(path, app_dirs) && !str_is(path, "/usr/src") &&
               !str_is(path, "/usr/local/src");
    if (in_list(path, app_dirs))
        return true;
    if (in_list(path, system_dirs) || str_is(path, "/opt") || str_is(path, "/home") ||
        str_is(path, "/srv") || str_is(path, "/mnt") || str_is(path, "/media"))
        return str_starts(path, STR("/go/src/"));
    return !(stage_inside(path, STR("/opt")) && holds_programs(path));
}

bool path_is_workdir(struct str path)
{
    static const char *const roots[] = {"/srv",   "/opt",     "/home",          "/mnt",
                                        "/media", "/usr/src", "/usr/local/src", NULL};
    return path_is_application(path) || is_in_list(path, roots);
}

/* Directories that a RUN makes under a system directory so that a program can write there. */
bool path_is_state(struct str path)
{
    static const char *const dirs[] = {"/var/log/", "/var/lib/",   "/var/cache/", "/var/run/",
                                       "/run/",     "/var/spool/", "/var/tmp/",   "/var/data",
                                       "/var/opt/", NULL};
    static const char *const tools[] = {
        "/var/lib/apt",       "/var/cache/apt", "/var/lib/dpkg",     "/var/cache/apk",
        "/var/lib/apk",       "/var/cache/yum", "/var/cache/dnf",    "/var/lib/rpm",
        "/var/log/apt",       "/run/sshd",      "/var/run/sshd",     "/var/lib/pacman",
        "/var/cache/debconf", "/run/systemd",   "/var/cache/pacman", NULL};
    if (in_list(path, tools))
        return false;
    for (const char *const *d = dirs; *d; d++)
        if (str_starts(path, str_of(*d)))
            return true;
    return false;
}
