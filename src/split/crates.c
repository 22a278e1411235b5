/*
 * Cargo.lock names every crate that a program is made of, and where it comes from. Crates that are
 * linked with a C library end in "-sys": those that bring its source are listed. A crate that
 * starts programs is listed as refused; one that comes from no registry is code that nobody has
 * seen.
 */
#include "split/crates.h"

#include "split/marks.h"

struct reader {
    struct split *sp;
    struct crates *out;
    bool locked, rust; /* Cargo.lock, *.rs: there are some */
};

static void unseen(struct crates *out, const char *why)
{
    if (out->seen)
        out->unseen = why;
    out->seen = false;
}

/* ---- Cargo.lock ----------------------------------------------------------------------------- */

/* "x" of `name = "x"` */
static bool value_of(struct str line, const char *key, struct str *out)
{
    struct str k = str_of(key);
    if (!str_starts(line, k))
        return false;
    line = str_trim(str_from(line, k.n));
    if (!str_starts(line, STR("=")))
        return false;
    line = str_trim(str_from(line, 1));
    if (line.n < 2 || line.p[0] != '"' || line.p[line.n - 1] != '"')
        return false;
    *out = str_sub(line, 1, line.n - 1);
    return true;
}

static void take_crate(struct reader *r, struct str name)
{
    struct crates *out = r->out;
    bool fine = distroless_lists(&r->sp->data.libraries, name);
    out->openssl |= str_is(name, "openssl-sys");
    if (distroless_lists(&r->sp->data.refused, name) && !out->refused.n)
        out->refused = name;
    if (str_ends(name, STR("-sys")) && !fine && !str_is(name, "openssl-sys") && !out->native.n)
        out->native = name;
}

static void read_lock(struct reader *r, struct str text)
{
    struct str line, name = STR(""), value;
    r->locked = true;
    while (str_split(&text, '\n', &line)) {
        line = str_trim(line);
        if (value_of(line, "name", &name))
            take_crate(r, name);
        else if (value_of(line, "source", &value) && !str_starts(value, STR("registry+")) &&
                 !r->out->stranger.n)
            r->out->stranger = name;
    }
}

/* ---- Cargo.toml ----------------------------------------------------------------------------- */

/* [dependencies], [target.'cfg(unix)'.dependencies], [workspace.dependencies]: crates it is made
 * of.
 */
static bool is_list(struct str heading)
{
    return str_is(heading, "dependencies") || str_ends(heading, STR(".dependencies"));
}

/* [dependencies.NAME] */
static struct str one_of(struct str heading)
{
    static const struct str mark = {"dependencies.", 13};
    ptrdiff_t at = str_find(heading, mark);
    bool runs = at == 0 || (at > 0 && heading.p[at - 1] == '.');
    return runs ? str_from(heading, (size_t)at + mark.n) : STR("");
}

/* Used directly: what it needs in turn, it answers for. */
static void take_direct(struct reader *r, struct str name, struct str rest)
{
    bool own =
        str_has(rest, "path =") || str_has(rest, "path=") || str_has(rest, "workspace = true");
    if (str_has(rest, "package"))
        name = STR("renamed");
    if (!own && name.n && !distroless_lists(&r->sp->data.libraries, name) && !r->out->unknown.n)
        r->out->unknown = name;
}

static void read_manifest(struct reader *r, struct str text)
{
    struct str line;
    bool list = false;
    while (str_split(&text, '\n', &line)) {
        line = str_trim(line);
        if (str_starts(line, STR("["))) {
            ptrdiff_t end = str_rchr(line, ']');
            struct str heading = str_sub(line, 1, end < 0 ? line.n : (size_t)end);
            list = is_list(heading);
            take_direct(r, one_of(heading), STR(""));
            continue;
        }
        size_t n = 0;
        while (n < line.n && !strchr(" .=\t", line.p[n]))
            n++;
        if (list && n && line.p[0] != '#')
            take_direct(r, str_sub(line, 0, n), str_from(line, n));
    }
}

/* ---- the code ------------------------------------------------------------------------------- */

static void read_code(struct reader *r, struct str path, struct str text)
{
    static const char *const starts[] = {"process::Command", "process::{",   "process::*",
                                         "libc::exec",       "unistd::exec", "CommandExt",
                                         "posix_spawn",      "libc::system", NULL};
    static const char *const writes[] = {
        "File::create",  "OpenOptions", "fs::write", "create_dir", "fs::rename",  "rusqlite",
        "sqlite",        "sled::",      "rolling::", "fs::copy",   "tempfile_in", "rocksdb",
        "File::options", "fs::remove",  "symlink",   NULL};
    r->rust = true;
    if (marks_any(text, starts) && !r->out->exec) {
        r->out->exec = true;
        r->out->exec_at = path;
    }
    r->out->writes |= marks_any(text, writes);
    if (!r->out->system.n)
        r->out->system = marks_system_path(text);
}

static void read_file(void *ctx, struct str path, struct str text)
{
    struct reader *r = ctx;
    if (str_is(str_basename(path), "Cargo.lock"))
        read_lock(r, text);
    else if (str_is(str_basename(path), "Cargo.toml"))
        read_manifest(r, text);
    else if (str_ends(path, STR(".rs")) && !str_starts(path, STR("tests/")) &&
             !str_has(path, "/tests/") && !str_has(path, "benches/") && !str_has(path, "build.rs"))
        read_code(r, path, text);
}

void crates_read(struct split *sp, struct crates *out)
{
    static const char *const ends[] = {"Cargo.lock", "Cargo.toml", ".rs", NULL};
    struct reader r = {.sp = sp, .out = out};
    *out = (struct crates){.seen = true};
    if (!split_sources(sp, ends, read_file, &r))
        unseen(out, "the build context is not known, or not all of it");
    if (!r.rust)
        unseen(out, "its code is not in the build context");
    if (!r.locked)
        unseen(out, "its Cargo.lock is not in the build context");
}
