/*
 * The cache has a bare repository for each URL. It is cloned beside its place and renamed, so what
 * is there is whole. That some blobs are missing on purpose is forgotten at once: git would go and
 * fetch each of them when it is asked for.
 *
 * A push out of a user's repository goes through an empty repository that borrows the objects: so
 * the configuration that decides is the user's own and not the repository's.
 */
#include "migrate/remote.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <ftw.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/hash.h"
#include "base/io.h"
#include "base/utf8.h"

#define FILTER "--filter=blob:limit=1m"

enum { ANSWER_MAX = 64 << 10 };

void remotes_init(struct remotes *c, const char *dir, unsigned rate)
{
    *c = (struct remotes){.dir = dir, .rate = rate};
    pthread_mutex_init(&c->mutex, NULL);
}

void remotes_release(struct remotes *c)
{
    pthread_mutex_destroy(&c->mutex);
}

/* ---- folders ---- */

static int remove_one(const char *path, const struct stat *st, int type, struct FTW *ftw)
{
    (void)st, (void)ftw;
    return type == FTW_DP || type == FTW_D ? rmdir(path) : unlink(path);
}

static void remove_folder(const char *path)
{
    nftw(path, remove_one, 16, FTW_DEPTH | FTW_PHYS);
}

/* With all folders above it. */
static const char *make_folder(struct arena *a, const char *path)
{
    char *copy = (char *)str_z(a, str_of(path));
    for (char *p = copy + 1; *p; p++)
        if (*p == '/') {
            *p = 0;
            mkdir(copy, 0777);
            *p = '/';
        }
    if (mkdir(copy, 0777) && errno != EEXIST)
        return str_fmt(a, "cannot make '%s': %s", utf8_safe(a, str_of(path), 0).p, strerror(errno))
            .p;
    return NULL;
}

static bool is_there(const char *path)
{
    struct stat st;
    return lstat(path, &st) == 0;
}

static const char *cache_folder(struct arena *a, const struct remotes *c, const char *url)
{
    struct buf b = buf_in(a);
    struct str base = str_basename(str_of(url));
    buf_addf(&b, "%s/", c->dir);
    for (size_t i = 0; i < base.n && i < 80; i++) {
        char ch = base.p[i];
        bool plain = (ch >= 'a' && ch <= 'z') || (ch >= 'A' && ch <= 'Z') ||
                     (ch >= '0' && ch <= '9') || ch == '-' || ch == '_';
        buf_addc(&b, plain ? ch : '_');
    }
    buf_addf(&b, "-%016llx.git", (unsigned long long)hash_of(str_of(url)));
    return buf_str(&b).p;
}

/* ---- calling git ---- */

/* Waits for its turn. False when the time would be over by then. */
static bool wait_turn(struct remotes *c, uint64_t deadline)
{
    if (!c->rate)
        return true;
    pthread_mutex_lock(&c->mutex);
    uint64_t now = child_now(), at = c->next > now ? c->next : now;
    c->next = at + 60000 / c->rate + 1;
    pthread_mutex_unlock(&c->mutex);
    if (deadline && at >= deadline)
        return false;
    while (child_now() < at)
        usleep((useconds_t)((at - child_now() + 1) * 1000));
    return true;
}

static bool collect(void *ctx, struct str bytes)
{
    struct buf *b = ctx;
    buf_add(b, bytes);
    return b->n < ANSWER_MAX;
}

/* Only the protocol of the URL itself may be used, whatever the other side says. */
static const char *allow(struct arena *a, const char *url)
{
    const char *p = repository_protocol(a, str_of(url));
    return str_fmt(a, "protocol.%s.allow=always", p ? p : "file").p;
}

static const char *failure(struct arena *a, const struct git_end *end, const char *what)
{
    struct str line = end->message, first = STR("");
    while (line.n && !first.n)
        str_split(&line, '\n', &first);
    return str_fmt(a, "%s: %.*s", what, STR_ARG(first)).p;
}

static const char *talk(struct arena *a, struct git_call *call, const char *url, const char *what,
                        struct buf *out)
{
    const char *const *more = call->settings;
    VEC(const char *) settings = {0};
    *vec_push(a, &settings) = allow(a, url);
    for (; more && *more; more++)
        *vec_push(a, &settings) = *more;
    *vec_push(a, &settings) = NULL;
    call->settings = settings.v;
    call->network = true;
    struct git_end end = git_call(a, call, collect, out);
    return end.ran && end.code == 0 ? NULL : failure(a, &end, what);
}

static void forget_promises(struct arena *a, const char *dir)
{
    static const char *const section[] = {"config", "--remove-section", "remote.origin", NULL};
    static const char *const extension[] = {"config", "--unset-all", "extensions.partialclone",
                                            NULL};
    struct git_call call = {.git_dir = dir, .args = section};
    git_call(a, &call, NULL, NULL);
    call.args = extension;
    git_call(a, &call, NULL, NULL);
}

/* ---- fetching ---- */

static const char *clone_to(struct arena *a, struct remotes *c, struct repository *r,
                            const char *dir, const char *branch, uint64_t deadline)
{
    const char *part = str_fmt(a, "%s.part", dir).p;
    VEC(const char *) args = {0};
    static const char *const begin[] = {"clone",           "-q",        "--bare",      "--depth=1",
                                        "--single-branch", "--no-tags", "--template=", FILTER};
    const char *wrong = make_folder(a, c->dir);
    if (wrong)
        return wrong;
    if (is_there(part))
        remove_folder(part);
    for (size_t i = 0; i < sizeof begin / sizeof *begin; i++)
        *vec_push(a, &args) = begin[i];
    if (branch)
        *vec_push(a, &args) = str_fmt(a, "--branch=%s", branch).p;
    *vec_push(a, &args) = "--";
    *vec_push(a, &args) = r->url;
    *vec_push(a, &args) = part;
    *vec_push(a, &args) = NULL;
    struct buf out = buf_in(a);
    struct git_call call = {.args = args.v, .deadline = deadline};
    if (!wait_turn(c, deadline))
        return "the time limit was reached before it could be cloned";
    wrong = talk(a, &call, r->url, "it can't be cloned", &out);
    if (!wrong) {
        forget_promises(a, part);
        if (rename(part, dir))
            wrong = str_fmt(a, "cannot rename the clone: %s", strerror(errno)).p;
    }
    if (wrong)
        remove_folder(part);
    return wrong;
}

/* What the other side has: the default branch, its commit, that of the branch we write. */
struct remote_heads {
    struct str branch, commit, written;
};

static const char *look(struct arena *a, const struct repository *r, const char *branch,
                        const char *written, uint64_t deadline, struct remote_heads *h)
{
    const char *want = branch ? str_fmt(a, "refs/heads/%s", branch).p : "HEAD";
    const char *ours = str_fmt(a, "refs/heads/%s", written).p;
    const char *args[] = {"ls-remote", "-q", "--symref", "--", r->url, want, ours, NULL};
    struct git_call call = {.args = args, .deadline = deadline};
    struct buf out = buf_in(a);
    const char *wrong = talk(a, &call, r->url, "it can't be looked at", &out);
    struct str rest = buf_str(&out), line, left;
    h->branch = str_of(branch ? branch : "");
    while (!wrong && str_split(&rest, '\n', &line)) {
        struct str name = line;
        str_split(&name, '\t', &left);
        if (str_starts(left, STR("ref: refs/heads/")) && str_is(name, "HEAD") && !branch)
            h->branch = str_from(left, 16);
        else if (str_is(name, want))
            h->commit = left;
        else if (str_is(name, ours))
            h->written = left;
    }
    return wrong;
}

/* A branch that moved is fetched, and HEAD made to name the default one. */
static const char *update(struct arena *a, struct repository *r, const struct remote_heads *h,
                          const char *written, bool ours, uint64_t deadline)
{
    VEC(const char *) args = {0};
    static const char *const begin[] = {"fetch",
                                        "-q",
                                        "--depth=1",
                                        "--no-tags",
                                        "--no-write-fetch-head",
                                        "--no-auto-gc",
                                        "--no-recurse-submodules",
                                        FILTER,
                                        "--",
                                        "origin"};
    const char *settings[] = {str_fmt(a, "remote.origin.url=%s", r->url).p,
                              "remote.origin.promisor=true", NULL};
    for (size_t i = 0; i < sizeof begin / sizeof *begin; i++)
        *vec_push(a, &args) = begin[i];
    if (h->commit.n)
        *vec_push(a, &args) =
            str_fmt(a, "+refs/heads/%.*s:refs/heads/%.*s", STR_ARG(h->branch), STR_ARG(h->branch))
                .p;
    if (ours)
        *vec_push(a, &args) = str_fmt(a, "refs/heads/%s:refs/heads/%s", written, written).p;
    *vec_push(a, &args) = NULL;
    struct git_call call = {
        .git_dir = r->git_dir, .settings = settings, .args = args.v, .deadline = deadline};
    struct buf out = buf_in(a);
    const char *wrong = talk(a, &call, r->url, "it can't be fetched", &out);
    forget_promises(a, r->git_dir);
    return wrong;
}

static bool has(struct arena *a, struct odb *o, struct str branch, struct str commit)
{
    struct str id;
    return repository_tip(a, o, str_z(a, branch), &id) && str_eq(id, commit);
}

const char *remote_fetch(struct arena *a, struct remotes *c, struct repository *r,
                         const char *branch, const char *written, uint64_t deadline)
{
    const char *dir = cache_folder(a, c, r->url);
    struct remote_heads h = {0};
    const char *wrong = NULL;
    bool fresh = !is_there(dir);
    if (fresh)
        wrong = clone_to(a, c, r, dir, branch, deadline);
    if (wrong)
        return wrong;
    repository_at(a, dir, r);
    if (fresh && !written)
        return NULL;
    if (!wait_turn(c, deadline))
        return "the time limit was reached before it could be fetched";
    wrong = look(a, r, branch, written ? written : "-", deadline, &h);
    if (wrong || !h.branch.n || !repository_is_branch(h.branch))
        return wrong;
    struct odb o = odb_of(a, dir, deadline);
    bool known = !h.commit.n || has(a, &o, h.branch, h.commit);
    bool ours = written && h.written.n && !has(a, &o, str_of(written), h.written);
    odb_close(&o);
    if (!known || ours)
        wrong = update(a, r, &h, written, ours, deadline);
    const char *args[] = {"symbolic-ref", "HEAD",
                          str_fmt(a, "refs/heads/%.*s", STR_ARG(h.branch)).p, NULL};
    struct git_call call = {.git_dir = dir, .args = args};
    if (!wrong && !branch)
        git_call(a, &call, NULL, NULL);
    return wrong;
}

/* ---- pushing ---- */

static struct str config_value(struct arena *a, const struct repository *r, const char *key)
{
    const char *args[] = {"config", "--get", key, NULL};
    struct git_call call = {.git_dir = r->git_dir, .args = args};
    struct buf out = buf_in(a);
    struct git_end end = git_call(a, &call, collect, &out);
    struct str value = buf_str(&out);
    return end.ran && end.code == 0 ? str_sub(value, 0, value.n - 1) : STR("");
}

const char *remote_url(struct arena *a, const struct repository *r, const char *remote,
                       const char **error)
{
    struct str name = str_of(remote);
    const char *protocol = repository_protocol(a, name);
    if (protocol && repository_is_protocol(str_of(protocol)))
        return remote;
    if (name.n && name.p[0] == '/')
        return remote;
    *error = str_fmt(a, "'%s' is no remote of it", utf8_safe(a, name, 200).p).p;
    if (protocol || !repository_is_branch(name))
        return NULL;
    if (r->kind == REPOSITORY_URL)
        return str_is(name, "origin") ? r->url : NULL;
    struct str url = config_value(a, r, str_fmt(a, "remote.%s.pushurl", remote).p);
    if (!url.n)
        url = config_value(a, r, str_fmt(a, "remote.%s.url", remote).p);
    protocol = repository_protocol(a, url);
    if (protocol && repository_is_protocol(str_of(protocol)) && !str_is(str_of(protocol), "file"))
        return str_z(a, url);
    if (url.n)
        *error =
            str_fmt(a,
                    "its remote '%s' is a path or a URL of an odd kind: a push there would run "
                    "that repository's hooks; name the URL",
                    remote)
                .p;
    return NULL;
}

static bool put_file(struct arena *a, const char *dir, const char *name, struct str text)
{
    int fd = open(str_fmt(a, "%s/%s", dir, name).p, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0666);
    bool ok = fd >= 0 && write(fd, text.p, text.n) == (ssize_t)text.n;
    if (fd >= 0)
        close(fd);
    return ok;
}

static const char *make_borrower(struct arena *a, struct remotes *c, const struct repository *r,
                                 bool sha256)
{
    const char *dir = str_fmt(a, "%s/push-%d-%016llx", c->dir, (int)getpid(),
                              (unsigned long long)hash_of(str_of(r->name)))
                          .p;
    struct str config = STR("[core]\n\trepositoryformatversion = 0\n\tbare = true\n");
    if (sha256)
        config = STR("[core]\n\trepositoryformatversion = 1\n\tbare = true\n"
                     "[extensions]\n\tobjectFormat = sha256\n");
    bool ok = !make_folder(a, str_fmt(a, "%s/objects", dir).p) &&
              !make_folder(a, str_fmt(a, "%s/refs", dir).p) &&
              put_file(a, dir, "HEAD", STR("ref: refs/heads/none\n")) &&
              put_file(a, dir, "config", config);
    struct io_file shallow;
    const char *list = str_fmt(a, "%s/shallow", r->common_dir).p;
    if (ok && !io_read(a, (struct io_path){list, strlen(list)}, 64 << 20, &shallow).message)
        ok = put_file(a, dir, "shallow", shallow.bytes);
    return ok ? dir : NULL;
}

/* Those of runs that are gone. */
static void remove_borrowers(struct arena *a, struct remotes *c)
{
    DIR *dir = opendir(c->dir);
    for (struct dirent *e; dir && (e = readdir(dir));) {
        struct str rest = str_of(e->d_name), pid = STR("");
        uint64_t n;
        if (!str_starts(rest, STR("push-")))
            continue;
        rest = str_from(rest, 5);
        str_split(&rest, '-', &pid);
        if (str_to_u64(pid, 1 << 30, &n) && kill((pid_t)n, 0) && errno == ESRCH)
            remove_folder(str_fmt(a, "%s/%s", c->dir, e->d_name).p);
    }
    if (dir)
        closedir(dir);
}

const char *remote_push(struct arena *a, struct remotes *c, const struct repository *r,
                        const char *url, const char *branch, struct str tip, uint64_t deadline)
{
    const char *refs = str_fmt(a, "%.*s:refs/heads/%s", STR_ARG(tip), branch).p;
    const char *args[] = {
        "push", "-q", "--no-verify", "--no-signed", "--recurse-submodules=no", "--no-follow-tags",
        "--",   url,  refs,          NULL};
    bool own = r->kind == REPOSITORY_URL;
    if (!own)
        remove_borrowers(a, c);
    const char *dir = own ? r->git_dir : make_borrower(a, c, r, tip.n == 64);
    char *real = realpath(str_fmt(a, "%s/objects", r->common_dir).p, NULL);
    const char *objects = real ? str_fmt(a, "GIT_OBJECT_DIRECTORY=%s", real).p : NULL;
    const char *environment[] = {objects, NULL};
    const char *wrong = "there is no room in the cache folder to push from";
    struct git_call call = {.git_dir = dir,
                            .args = args,
                            .environment = own ? NULL : environment,
                            .deadline = deadline};
    struct buf out = buf_in(a);
    free(real);
    if (dir && objects)
        wrong = talk(a, &call, url, "it can't be pushed", &out);
    if (!own && dir)
        remove_folder(dir);
    return wrong;
}
