/*
 * HEAD and the file .git of a linked work tree are read here and not by git: that is a process less
 * for each of thousands of repositories. What is in them is documented (gitrepository-layout).
 * Where references are kept in another way, HEAD says "refs/heads/.invalid", and git is asked.
 */
#include "migrate/repository.h"

#include <dirent.h>
#include <sys/stat.h>

#include "base/buf.h"
#include "base/io.h"
#include "base/utf8.h"
#include "repo/walk.h"

enum { SMALL_MAX = 64 << 10, COMMIT_MAX = 16 << 20, NAME_MAX_BYTES = 1000 };

/* ---- names ---- */

static bool is_scheme(struct str s)
{
    for (size_t i = 0; i < s.n; i++)
        if (!((s.p[i] >= 'a' && s.p[i] <= 'z') || s.p[i] == '+' || s.p[i] == '-'))
            return false;
    return s.n > 0;
}

const char *repository_protocol(struct arena *a, struct str text)
{
    ptrdiff_t at = str_find(text, STR("://"));
    if (at > 0 && is_scheme(str_sub(text, 0, (size_t)at)))
        return str_z(a, str_sub(text, 0, (size_t)at));
    /* user@host:path, as git takes it: no slash in front of the colon */
    ptrdiff_t colon = str_chr(text, ':'), slash = str_chr(text, '/');
    if (colon > 0 && (slash < 0 || colon < slash)) {
        if (text.n > (size_t)colon + 1 && text.p[colon + 1] == ':')
            return str_z(a, str_sub(text, 0, (size_t)colon)); /* helper::address */
        return "ssh";
    }
    return NULL;
}

bool repository_is_protocol(struct str p)
{
    return str_is(p, "https") || str_is(p, "ssh") || str_is(p, "http") || str_is(p, "git") ||
           str_is(p, "file");
}

struct str repository_public(struct arena *a, struct str url)
{
    ptrdiff_t at = str_find(url, STR("://"));
    if (at < 0)
        return url;
    struct str scheme = str_sub(url, 0, (size_t)at + 3), rest = str_from(url, (size_t)at + 3);
    ptrdiff_t slash = str_chr(rest, '/');
    struct str host = str_sub(rest, 0, slash < 0 ? rest.n : (size_t)slash);
    ptrdiff_t user = str_rchr(host, '@');
    return user < 0 ? url : str_cat(a, scheme, str_from(rest, (size_t)user + 1));
}

bool repository_is_branch(struct str s)
{
    if (!s.n || s.n > NAME_MAX_BYTES || s.p[0] == '-' || s.p[0] == '/' || str_ends(s, STR("/")) ||
        str_ends(s, STR(".lock")) || str_ends(s, STR(".")) || str_has(s, "..") ||
        str_has(s, "//") || str_has(s, "@{") || str_has(s, "/.") || str_has(s, ".lock/") ||
        s.p[0] == '.' || str_is(s, "@") || str_is(s, "HEAD") || str_starts(s, STR("refs/")))
        return false;
    for (size_t i = 0; i < s.n; i++)
        if ((unsigned char)s.p[i] <= ' ' || s.p[i] == 0x7f || strchr("~^:?*[\\", s.p[i]))
            return false;
    return utf8_valid(s);
}

/* ---- folders ---- */

static bool is_folder(struct arena *a, const char *dir, const char *name)
{
    struct stat st;
    return stat(str_fmt(a, "%s/%s", dir, name).p, &st) == 0 && S_ISDIR(st.st_mode);
}

static bool is_there(struct arena *a, const char *dir, const char *name)
{
    struct stat st;
    return lstat(str_fmt(a, "%s/%s", dir, name).p, &st) == 0;
}

/* The first line of a small file; p is NULL when there is none. */
static struct str first_line(struct arena *a, const char *dir, const char *name)
{
    struct io_file file;
    struct str path = str_fmt(a, "%s/%s", dir, name);
    if (io_read(a, (struct io_path){path.p, path.n}, SMALL_MAX, &file).message)
        return STR_NULL;
    struct str rest = file.bytes, line = STR("");
    str_split(&rest, '\n', &line);
    if (str_ends(line, STR("\r")))
        line.n--;
    return line.n && memchr(line.p, 0, line.n) ? STR_NULL : line;
}

static const char *below(struct arena *a, const char *dir, struct str path)
{
    return str_starts(path, STR("/")) ? str_z(a, path)
                                      : str_fmt(a, "%s/%.*s", dir, STR_ARG(path)).p;
}

void repository_at(struct arena *a, const char *git_dir, struct repository *r)
{
    r->git_dir = r->own_dir = git_dir;
    struct str common = first_line(a, git_dir, "commondir");
    r->common_dir = common.n ? below(a, git_dir, common) : git_dir;
}

static const char *open_work_tree(struct arena *a, const char *dir, struct repository *r)
{
    const char *dot_git = str_fmt(a, "%s/.git", dir).p;
    r->kind = REPOSITORY_WORK_TREE;
    r->work_tree = dir;
    if (is_folder(a, dir, ".git")) {
        repository_at(a, dot_git, r);
        return NULL;
    }
    struct str line = first_line(a, dir, ".git");
    if (!str_starts(line, STR("gitdir: ")))
        return "its .git is no git repository";
    repository_at(a, below(a, dir, str_from(line, 8)), r);
    r->git_dir = dot_git;
    return NULL;
}

static const char *open_url(struct arena *a, struct str text, const char *protocol,
                            struct repository *r)
{
    r->kind = REPOSITORY_URL;
    r->url = str_z(a, text);
    r->name = str_z(a, repository_public(a, text));
    if (!repository_is_protocol(str_of(protocol)))
        return "URLs of that kind are not taken: https, ssh, http, git and file are";
    for (size_t i = 0; i < text.n; i++)
        if ((unsigned char)text.p[i] <= ' ' || text.p[i] == 0x7f)
            return "a URL has no blanks";
    return text.p[0] == '-' ? "this is no URL" : NULL;
}

const char *repository_find(struct arena *a, const char *text, struct repository *out)
{
    struct stat st;
    struct str s = str_of(text);
    const char *protocol = repository_protocol(a, s);
    *out = (struct repository){.name = text};
    bool exists = *text && stat(text, &st) == 0;
    if (protocol && !exists)
        return open_url(a, s, protocol, out);
    const char *dir = out->name = walk_clean(a, text, NULL);
    if (!exists)
        return *text ? "there is nothing of that name" : "an empty name";
    if (!S_ISDIR(st.st_mode))
        return "it is no folder";
    if (is_there(a, dir, ".git"))
        return open_work_tree(a, dir, out);
    if (is_there(a, dir, "HEAD") && is_folder(a, dir, "objects") && is_folder(a, dir, "refs")) {
        out->kind = REPOSITORY_BARE;
        repository_at(a, dir, out);
        return NULL;
    }
    return "it is no git repository";
}

/* ---- which commit ---- */

static bool collect(void *ctx, struct str bytes)
{
    struct buf *b = ctx;
    buf_add(b, bytes);
    return b->n < SMALL_MAX;
}

static struct str ask(struct arena *a, const struct repository *r, const char *const *args,
                      struct git_end *end)
{
    struct buf out = buf_in(a);
    struct git_call call = {.git_dir = r->git_dir, .args = args, .deadline = child_now() + 60000};
    *end = git_call(a, &call, collect, &out);
    return end->ran && end->code == 0 ? str_trim(buf_str(&out)) : STR("");
}

/* What a symbolic reference in a file names: "refs/heads/main", else "". */
static struct str symbolic(struct arena *a, const struct repository *r, const char *dir,
                           const char *name)
{
    struct str line = first_line(a, dir, name);
    if (!str_starts(line, STR("ref:")))
        return STR("");
    struct str ref = str_trim(str_from(line, 4));
    if (str_is(ref, "refs/heads/.invalid")) {
        const char *args[] = {"symbolic-ref", "-q", name, NULL};
        struct git_end end;
        ref = ask(a, r, args, &end);
    }
    return ref;
}

struct choice {
    struct str ref;
    struct str branch;
};

/* "refs/remotes/origin/main" is main; a branch of that name here comes first. */
static struct choice of_origin(struct arena *a, const struct repository *r)
{
    struct str ref = symbolic(a, r, r->common_dir, "refs/remotes/origin/HEAD");
    struct str begin = STR("refs/remotes/origin/");
    if (!str_starts(ref, begin) || !repository_is_branch(str_from(ref, begin.n)))
        return (struct choice){STR(""), STR("")};
    return (struct choice){ref, str_from(ref, begin.n)};
}

static struct choice of_head(struct arena *a, const struct repository *r)
{
    struct str ref = symbolic(a, r, r->own_dir, "HEAD"), begin = STR("refs/heads/");
    if (str_starts(ref, begin) && repository_is_branch(str_from(ref, begin.n)))
        return (struct choice){ref, str_from(ref, begin.n)};
    return (struct choice){STR("HEAD"), STR("")};
}

/* "committer NAME <MAIL> TIME ZONE" gives "TIME ZONE"; "0 +0000" for what is no date. */
static struct str date_of(struct arena *a, struct str line)
{
    ptrdiff_t end = str_rchr(line, '>');
    struct str rest = str_trim(str_from(line, (size_t)(end + 1))), time = STR(""), zone = rest;
    uint64_t seconds, digits;
    str_split(&zone, ' ', &time);
    bool ok = end > 0 && str_to_u64(time, UINT64_C(1) << 40, &seconds) && zone.n == 5 &&
              (zone.p[0] == '+' || zone.p[0] == '-') &&
              str_to_u64(str_from(zone, 1), 1400, &digits);
    return ok ? str_dup(a, rest) : STR("0 +0000");
}

static const char *read_commit(struct arena *a, const struct odb_object *o,
                               struct repository_base *out)
{
    struct str rest = o->bytes, line;
    if (o->kind != ODB_COMMIT || !o->bytes.p)
        return "its commit can't be read";
    out->id = o->id;
    out->date = STR("0 +0000");
    while (str_split(&rest, '\n', &line) && line.n) {
        if (str_starts(line, STR("tree ")))
            out->tree = str_dup(a, str_from(line, 5));
        if (str_starts(line, STR("committer ")))
            out->date = date_of(a, line);
    }
    return out->tree.n == out->id.n ? NULL : "its commit can't be read";
}

/* NULL and a commit, NULL and none, or what is wrong. */
static const char *try_ref(struct arena *a, struct odb *o, struct choice c,
                           struct repository_base *out)
{
    struct odb_object commit;
    if (!odb_read(o, a, str_fmt(a, "%.*s^{commit}", STR_ARG(c.ref)).p, COMMIT_MAX, &commit))
        return o->late ? "the time limit was reached" : "git does not answer";
    if (commit.kind == ODB_MISSING)
        return NULL;
    out->branch = c.branch;
    out->ref = c.ref;
    return read_commit(a, &commit, out);
}

static struct choice of_name(struct arena *a, struct str name)
{
    return (struct choice){str_cat(a, STR("refs/heads/"), name), name};
}

/* There is no such commit: why? */
static const char *explain(struct arena *a, const struct repository *r, const char *branch,
                           struct choice head, struct repository_base *out)
{
    static const char *const any[] = {"for-each-ref", "--count=1", "--format=x", NULL};
    static const char *const look[] = {"rev-parse", "--git-dir", NULL};
    struct git_end end;
    ask(a, r, look, &end);
    if (!end.ran || end.code)
        return git_refusal(a, &end);
    bool refs = ask(a, r, any, &end).n > 0;
    if (branch && refs)
        return str_fmt(a, "there is no branch '%s'", branch).p;
    if (refs && head.branch.n)
        return str_fmt(a, "its HEAD names the branch '%.*s', which is not there: say --branch",
                       STR_ARG(utf8_safe(a, head.branch, 0)))
            .p;
    if (refs || !head.branch.n)
        return "its HEAD names no commit";
    out->empty = true;
    out->branch = head.branch;
    return NULL;
}

const char *repository_base(struct arena *a, const struct repository *r, struct odb *o,
                            const char *branch, struct repository_base *out)
{
    struct choice tries[3] = {0}, head = of_head(a, r), origin = {0};
    size_t n = 0;
    bool checked_out = branch && strcmp(branch, "HEAD") == 0;
    if (checked_out)
        branch = NULL;
    if (branch)
        tries[n++] = of_name(a, str_of(branch));
    else if (r->kind == REPOSITORY_WORK_TREE && !checked_out)
        origin = of_origin(a, r);
    if (origin.ref.n) {
        tries[n++] = of_name(a, origin.branch);
        tries[n++] = origin;
    }
    if (!branch)
        tries[n++] = head;
    for (size_t i = 0; i < n; i++) {
        *out = (struct repository_base){0};
        const char *wrong = try_ref(a, o, tries[i], out);
        if (wrong || out->id.n)
            return wrong;
    }
    return explain(a, r, branch, head, out);
}

bool repository_tip(struct arena *a, struct odb *o, const char *branch, struct str *id)
{
    struct odb_object commit;
    *id = STR("");
    if (!odb_read(o, a, str_fmt(a, "refs/heads/%s^{commit}", branch).p, COMMIT_MAX, &commit))
        return false;
    *id = commit.kind == ODB_COMMIT ? commit.id : STR("");
    return true;
}

bool repository_is_in_use(struct arena *a, const struct repository *r, const char *branch)
{
    struct str ref = str_fmt(a, "refs/heads/%s", branch);
    if (str_eq(symbolic(a, r, r->common_dir, "HEAD"), ref) && r->kind == REPOSITORY_WORK_TREE)
        return true;
    const char *all = str_fmt(a, "%s/worktrees", r->common_dir).p;
    DIR *dir = opendir(all);
    bool used = false;
    for (struct dirent *e; dir && !used && (e = readdir(dir));)
        if (e->d_name[0] != '.')
            used = str_eq(symbolic(a, r, str_fmt(a, "%s/%s", all, e->d_name).p, "HEAD"), ref);
    if (dir)
        closedir(dir);
    return used;
}
