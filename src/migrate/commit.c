/*
 * A stream of fast-import: the commit, its files by path, the question for its id. Dates come from
 * the commit that is read, so that the same input gives the same commit on every machine.
 */
#include "migrate/commit.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/utf8.h"

enum { ANSWER_MAX = 4096, GRACE_MS = 60000 };

static const char *const settings[] = {
    "fastimport.unpackLimit=0",
    "core.filesRefLockTimeout=10000",
    "core.logAllRefUpdates=false",
    "gc.auto=0",
    NULL,
};

/* ---- the stream ---- */

static void put_data(struct buf *b, struct str bytes)
{
    buf_addf(b, "data %zu\n", bytes.n);
    buf_add(b, bytes);
    buf_addc(b, '\n');
}

/* In C's quotes every byte can be written. */
static void put_path(struct buf *b, struct str path)
{
    buf_addc(b, '"');
    for (size_t i = 0; i < path.n; i++) {
        unsigned char c = (unsigned char)path.p[i];
        if (c == '"' || c == '\\')
            buf_addf(b, "\\%c", c);
        else if (c < ' ' || c >= 0x7f)
            buf_addf(b, "\\%03o", c);
        else
            buf_addc(b, (char)c);
    }
    buf_addc(b, '"');
}

static void put_parents(struct buf *b, const struct commit_plan *p, size_t i)
{
    if (i) {
        buf_addf(b, "from :%zu\n", i);
    } else if (p->tip.n) {
        buf_addf(b, "from %.*s\nmerge %.*s\n", STR_ARG(p->tip), STR_ARG(p->base));
        buf_addf(b, "M 040000 %.*s \n", STR_ARG(p->base_tree));
    } else {
        buf_addf(b, "from %.*s\n", STR_ARG(p->base));
    }
}

static void put_step(struct buf *b, const struct commit_plan *p, size_t i)
{
    const struct commit_step *s = &p->steps.v[i];
    buf_addf(b, "commit refs/heads/%s\nmark :%zu\n", p->branch, i + 1);
    buf_addf(b, "author %.*s %.*s\n", STR_ARG(p->author), STR_ARG(p->author_date));
    buf_addf(b, "committer %.*s %.*s\n", STR_ARG(p->committer), STR_ARG(p->committer_date));
    put_data(b, s->message);
    put_parents(b, p, i);
    VEC_EACH (f, &s->files) {
        buf_addf(b, "M %s inline ", f->program ? "100755" : "100644");
        put_path(b, f->path);
        buf_addc(b, '\n');
        put_data(b, f->bytes);
    }
    buf_addc(b, '\n');
}

static struct str stream_of(struct arena *a, const struct commit_plan *p)
{
    struct buf b = buf_in(a);
    for (size_t i = 0; i < p->steps.n; i++)
        put_step(&b, p, i);
    buf_addf(&b, "get-mark :%zu\ndone\n", p->steps.n);
    return buf_str(&b);
}

/* A file without a name. -1 when there is none to be had. */
static int as_file(struct str bytes)
{
    int fd = memfd_create("unroot", MFD_CLOEXEC);
    while (fd >= 0 && bytes.n) {
        ssize_t n = write(fd, bytes.p, bytes.n);
        if (n < 0 && errno == EINTR)
            continue;
        if (n <= 0) {
            close(fd);
            return -1;
        }
        bytes = str_from(bytes, (size_t)n);
    }
    if (fd >= 0)
        lseek(fd, 0, SEEK_SET);
    return fd;
}

/* ---- running it ---- */

static bool collect(void *ctx, struct str bytes)
{
    struct buf *b = ctx;
    buf_add(b, bytes);
    return b->n < ANSWER_MAX;
}

enum commit_result commit_write(struct arena *a, const struct commit_plan *p, struct str *tip,
                                const char **message)
{
    static const char *const args[] = {"fast-import", "--quiet", "--done", "--date-format=raw",
                                       NULL};
    struct buf answer = buf_in(a);
    int fd = as_file(stream_of(a, p));
    *message = NULL;
    if (fd < 0) {
        *message = str_fmt(a, "no room for the commit: %s", strerror(errno)).p;
        return COMMIT_FAILED;
    }
    struct git_call call = {.git_dir = p->repository->git_dir,
                            .settings = settings,
                            .args = args,
                            .in = fd,
                            .deadline = p->deadline ? p->deadline + GRACE_MS : 0};
    struct git_end end = git_call(a, &call, collect, &answer);
    close(fd);
    *tip = str_trim(buf_str(&answer));
    if (end.ran && end.code == 0 && tip->n == p->base.n)
        return COMMIT_DONE;
    if (end.ran && tip->n == p->base.n && str_has(end.message, "does not contain"))
        return COMMIT_BEHIND;
    *message = str_fmt(a, "the commit can't be written: %.*s", STR_ARG(end.message)).p;
    return COMMIT_FAILED;
}

bool commit_contains(struct arena *a, const struct repository *r, struct str newer,
                     struct str older)
{
    const char *args[] = {"merge-base", "--is-ancestor", str_z(a, older), str_z(a, newer), NULL};
    struct git_call call = {
        .git_dir = r->git_dir, .args = args, .deadline = child_now() + GRACE_MS};
    struct git_end end = git_call(a, &call, NULL, NULL);
    return end.ran && end.code == 0;
}

/* ---- what was left behind ---- */

/* Nobody has it open: a lease for writing is given only then. */
static bool is_abandoned(int dir, const char *name, int64_t since)
{
    struct stat st;
    int fd = openat(dir, name, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC);
    if (fd < 0)
        return false;
    bool ours = fstat(fd, &st) == 0 && S_ISREG(st.st_mode) && st.st_uid == geteuid() &&
                st.st_mtime >= since && fcntl(fd, F_SETLEASE, F_WRLCK) == 0;
    if (ours)
        fcntl(fd, F_SETLEASE, F_UNLCK);
    close(fd);
    return ours;
}

static bool is_unfinished(const char *name)
{
    return str_starts(str_of(name), STR("tmp_pack_")) || str_starts(str_of(name), STR("tmp_idx_"));
}

static bool exists(const char *path)
{
    struct stat st;
    return lstat(path, &st) == 0;
}

/* A writer that lost us comes to its end within a moment. */
static void wait_for_writer(const char *lock)
{
    for (int i = 0; i < 40 && exists(lock); i++)
        usleep(50000);
}

void commit_clean(struct arena *a, const struct repository *r, const char *branch, int64_t since)
{
    const char *lock = str_fmt(a, "%s/refs/heads/%s.lock", r->common_dir, branch).p;
    const char *packs = str_fmt(a, "%s/objects/pack", r->common_dir).p;
    wait_for_writer(lock);
    if (is_abandoned(AT_FDCWD, lock, since))
        unlink(lock);
    DIR *dir = opendir(packs);
    for (struct dirent *e; dir && (e = readdir(dir));)
        if (is_unfinished(e->d_name) && is_abandoned(dirfd(dir), e->d_name, since))
            unlinkat(dirfd(dir), e->d_name, 0);
    if (dir)
        closedir(dir);
}

/* ---- people ---- */

bool commit_is_person(struct str s)
{
    ptrdiff_t open = str_chr(s, '<');
    if (open <= 1 || !str_ends(s, STR(">")) || s.p[open - 1] != ' ' || !utf8_valid(s))
        return false;
    for (size_t i = 0; i < s.n; i++) {
        bool inside = i > (size_t)open && i + 1 < s.n;
        if ((unsigned char)s.p[i] < ' ' || s.p[i] == 0x7f ||
            (i != (size_t)open && i + 1 < s.n && (s.p[i] == '<' || s.p[i] == '>')) ||
            (inside && s.p[i] == ' '))
            return false;
    }
    return s.n > (size_t)open + 2;
}
