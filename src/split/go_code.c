/*
 * The packages that a program is made of, from the one that is built through its imports. Those of
 * its own module are read where the build context shows them; those of others are looked up in the
 * list of modules that are known to need nothing.
 *
 * Only the marks of what matters are looked for: starting programs, C, writing files. What is not
 * seen counts as there.
 */
#include "split/go.h"
#include "split/marks.h"
#include "unit/locate.h"

enum { PACKAGES_MAX = 400, FILES_MAX = 3000, IMPORTS_MAX = 300 };

/* A module whose packages lie in the build context. */
struct module {
    struct str path; /* "example.test/app" */
    struct str dir;  /* in the context; "" is its root */
};

struct reader {
    struct split *sp;
    struct go_code *out;
    VEC(struct module) modules;
    struct strs packages; /* folders of the context, read and to be read */
    size_t files;
};

static void unseen(struct reader *r, const char *why)
{
    if (r->out->seen)
        r->out->unseen = why;
    r->out->seen = false;
}

static struct str join(struct reader *r, struct str dir, struct str name)
{
    if (!dir.n || !name.n)
        return dir.n ? dir : context_clean(r->sp->u->arena, name);
    return context_clean(r->sp->u->arena,
                         str_fmt(r->sp->u->arena, "%.*s/%.*s", STR_ARG(dir), STR_ARG(name)));
}

/* ---- go.mod --------------------------------------------------------------------------------- */

static struct str word(struct str *line)
{
    *line = str_trim(*line);
    size_t n = 0;
    while (n < line->n && !str_is_blank(line->p[n]))
        n++;
    struct str w = str_sub(*line, 0, n);
    *line = str_from(*line, n);
    if (w.n > 1 && (w.p[0] == '"' || w.p[0] == '`'))
        w = str_sub(w, 1, w.n - 1);
    return w;
}

/* replace example.test/lib => ./lib */
static void read_replace(struct reader *r, struct str line, struct str dir)
{
    struct str from = word(&line), next = word(&line);
    if (!str_is(next, "=>"))
        next = word(&line); /* behind a version */
    struct str to = word(&line);
    if (str_is(next, "=>") && str_starts(to, STR(".")))
        *vec_push(r->sp->u->arena, &r->modules) = (struct module){from, join(r, dir, to)};
}

static void read_mod(struct reader *r, struct str text, struct str dir)
{
    struct str line;
    bool replaces = false;
    while (str_split(&text, '\n', &line)) {
        line = str_trim(line);
        struct str rest = line, first = word(&rest);
        if (str_is(first, "module"))
            *vec_push(r->sp->u->arena, &r->modules) = (struct module){word(&rest), dir};
        else if (str_is(first, "replace") && str_is(str_trim(rest), "("))
            replaces = true;
        else if (str_is(first, "replace"))
            read_replace(r, rest, dir);
        else if (str_starts(line, STR(")")))
            replaces = false;
        else if (replaces)
            read_replace(r, line, dir);
    }
}

/* ---- one file ------------------------------------------------------------------------------- */

/* Skips blanks and comments. */
static struct str skip(struct str s)
{
    for (;;) {
        size_t n = 0;
        while (n < s.n && (str_is_blank(s.p[n]) || s.p[n] == ';'))
            n++;
        s = str_from(s, n);
        ptrdiff_t end = -1;
        if (str_starts(s, STR("//")))
            end = str_chr(s, '\n');
        else if (str_starts(s, STR("/*")) && (end = str_find(s, STR("*/"))) >= 0)
            end++;
        else
            return s;
        s = end < 0 ? str_from(s, s.n) : str_from(s, (size_t)end + 1);
    }
}

static bool is_word(struct str s, const char *w)
{
    struct str text = str_of(w);
    return str_starts(s, text) &&
           (s.n == text.n || str_is_blank(s.p[text.n]) || strchr("(\"`/", s.p[text.n]));
}

/* The next import path: behind an optional name. False when there is none. */
static bool import_path(struct str *s, struct str *path)
{
    size_t n = 0;
    *s = skip(*s);
    while (n < s->n && s->p[n] != '"' && s->p[n] != '`' && s->p[n] != ')' && s->p[n] != '\n')
        n++;
    if (n >= s->n || s->p[n] == ')' || s->p[n] == '\n')
        return false;
    struct str rest = str_from(*s, n + 1);
    ptrdiff_t end = str_chr(rest, s->p[n]);
    if (end < 0)
        return false;
    *path = str_sub(rest, 0, (size_t)end);
    *s = str_from(rest, (size_t)end + 1);
    return true;
}

typedef void import_fn(struct reader *r, struct str path, struct str file);

/* The import declarations stand behind the package clause and in front of all others. */
static void each_import(struct reader *r, struct str text, struct str file, import_fn *fn)
{
    struct str s = skip(text), path;
    if (!is_word(s, "package")) {
        unseen(r, "a source file could not be read");
        return;
    }
    ptrdiff_t end = str_chr(s, '\n');
    s = skip(end < 0 ? STR("") : str_from(s, (size_t)end));
    for (size_t n = 0; is_word(s, "import") && n < IMPORTS_MAX; n++) {
        s = skip(str_from(s, strlen("import")));
        bool many = s.n && s.p[0] == '(';
        if (many)
            s = str_from(s, 1);
        while (import_path(&s, &path)) {
            fn(r, path, file);
            if (!many)
                break;
        }
        s = skip(s);
        if (many && s.n && s.p[0] == ')')
            s = skip(str_from(s, 1));
    }
}

/* #cgo LDFLAGS: -lm -lfoo */
static void read_link_flags(struct reader *r, struct str text)
{
    static const char *const there[] = {"-lm", "-ldl",     "-lpthread", "-lrt",
                                        "-lc", "-lresolv", "-lutil",    NULL};
    struct str line;
    while (str_split(&text, '\n', &line)) {
        ptrdiff_t at = str_find(line, STR("#cgo"));
        if (at < 0)
            continue;
        struct str rest = str_from(line, (size_t)at), w;
        bool config = str_find(rest, STR("pkg-config:")) >= 0;
        while ((w = word(&rest)).n) {
            bool known = false;
            for (const char *const *t = there; *t; t++)
                known |= str_is(w, *t);
            r->out->cxx |= str_is(w, "-lstdc++");
            if (config || (str_starts(w, STR("-l")) && !known && !str_is(w, "-lstdc++")))
                r->out->c_library = config ? STR("pkg-config") : w;
        }
    }
}

static void read_marks(struct reader *r, struct str text, struct str file)
{
    static const char *const starts[] = {"syscall.Exec(",
                                         "syscall.ForkExec(",
                                         "os.StartProcess(",
                                         "syscall.StartProcess(",
                                         "unix.Exec(",
                                         "godotenv.Exec(",
                                         NULL};
    static const char *const writes[] = {"os.Create(",
                                         "os.WriteFile(",
                                         "os.OpenFile(",
                                         "os.Mkdir",
                                         "os.Rename(",
                                         "os.Symlink(",
                                         "os.Link(",
                                         "os.Truncate(",
                                         "os.CreateTemp(",
                                         "os.OpenRoot(",
                                         "os.Remove",
                                         "ioutil.WriteFile(",
                                         "ioutil.Temp",
                                         "sql.Open",
                                         "syscall.Open(",
                                         "os.CopyFS(",
                                         "syscall.Mkdir(",
                                         "sqlite",
                                         "bbolt",
                                         "badger",
                                         "lumberjack",
                                         "pebble",
                                         NULL};
    static const char *const reads[] = {
        "os.Open",     "os.ReadFile", "os.ReadDir",   "os.DirFS",         "ioutil.Read",
        "ParseFiles(", "ParseGlob(",  "http.Dir(",    "filepath.",        "http.ServeFile",
        "LoadHTML",    "os.Stat",     "syscall.Open", "LoadX509KeyPair(", "os.Root",
        "Static(",     NULL};
    static const char *const in_c[] = {"system(", "popen(",      "execv", "execl",
                                       "dlopen(", "posix_spawn", NULL};
    bool c = str_find(text, STR("import \"C\"")) >= 0 && marks_any(text, in_c);
    r->out->reads |= marks_any(text, reads);
    if ((c || marks_any(text, starts)) && !r->out->exec) {
        r->out->exec = true;
        r->out->exec_at = file;
    }
    r->out->writes |= marks_any(text, writes);
    if (!r->out->system.n)
        r->out->system = marks_system_path(text);
}

/* ---- imports -------------------------------------------------------------------------------- */

static void add_package(struct reader *r, struct str dir)
{
    for (size_t i = 0; i < r->packages.n; i++)
        if (str_eq(r->packages.v[i], dir))
            return;
    if (r->packages.n >= PACKAGES_MAX)
        unseen(r, "it has more packages than are read");
    else
        *vec_push(r->sp->u->arena, &r->packages) = dir;
}

/* Is the import of this module? The longest wins. */
static const struct module *module_of(struct reader *r, struct str path)
{
    const struct module *best = NULL;
    VEC_EACH (m, &r->modules)
        if (stage_inside(path, m->path) && (!best || m->path.n > best->path.n))
            best = m;
    return best;
}

/* Packages of the standard library that call the C library where cgo is on. */
static bool uses_network(struct str path)
{
    static const char *const pure[] = {"net/url", "net/netip", "net/http/internal", NULL};
    static const char *const others[] = {"os/user",     "crypto/tls",     "crypto/x509",
                                         "expvar",      "log/syslog",     "archive/tar",
                                         "runtime/cgo", "mime/multipart", NULL};
    for (const char *const *p = pure; *p; p++)
        if (str_is(path, *p))
            return false;
    for (const char *const *o = others; *o; o++)
        if (str_is(path, *o))
            return true;
    return str_is(path, "net") || str_starts(path, STR("net/"));
}

static void from_standard(struct reader *r, struct str path, struct str file)
{
    bool exec = str_is(path, "os/exec") || str_is(path, "plugin");
    if (exec && !r->out->exec) {
        r->out->exec = true;
        r->out->exec_at = file;
    }
    r->out->c |= str_is(path, "C") || str_is(path, "runtime/cgo");
    r->out->network |= uses_network(path);
}

static void from_stranger(struct reader *r, struct str path)
{
    if (distroless_lists(&r->sp->data.refused, path)) {
        if (!r->out->refused.n)
            r->out->refused = path;
    } else if (!distroless_lists(&r->sp->data.libraries, path)) {
        if (!r->out->stranger.n)
            r->out->stranger = path;
    }
    r->out->network = true; /* it may */
}

static void take_import(struct reader *r, struct str path, struct str file)
{
    ptrdiff_t slash = str_chr(path, '/');
    struct str first = slash < 0 ? path : str_sub(path, 0, (size_t)slash);
    const struct module *m = module_of(r, path);
    if (m)
        add_package(r,
                    join(r, m->dir, path.n > m->path.n ? str_from(path, m->path.n + 1) : STR("")));
    else if (str_chr(first, '.') < 0)
        from_standard(r, path, file);
    else
        from_stranger(r, path);
}

/* ---- packages ------------------------------------------------------------------------------- */

/* Files of other systems, and tests. */
static bool is_left_out(struct str name)
{
    static const char *const ends[] = {"_test.go",    "_windows.go", "_darwin.go",  "_freebsd.go",
                                       "_openbsd.go", "_netbsd.go",  "_js.go",      "_plan9.go",
                                       "_wasm.go",    "_wasip1.go",  "_android.go", "_ios.go",
                                       NULL};
    for (const char *const *e = ends; *e; e++)
        if (str_ends(name, str_of(*e)))
            return true;
    return name.n && (name.p[0] == '_' || name.p[0] == '.');
}

/* //go:build ignore */
static bool is_ignored(struct str text)
{
    struct str line;
    while (str_split(&text, '\n', &line)) {
        line = str_trim(line);
        if (str_starts(line, STR("//go:build ignore")) || str_starts(line, STR("// +build ignore")))
            return true;
        if (line.n && !str_starts(line, STR("//")))
            break;
    }
    return false;
}

static void read_file(struct reader *r, struct str path)
{
    struct str text = context_read(r->sp->u->context, path);
    if (!text.p || ++r->files > FILES_MAX) {
        unseen(r, "a source file could not be read");
        return;
    }
    if (is_ignored(text))
        return;
    each_import(r, text, path, take_import);
    read_marks(r, text, path);
    if (str_find(text, STR("#cgo")) >= 0)
        read_link_flags(r, text);
}

/* C beside the Go: what it starts and loads counts as well. */
static void read_c(struct reader *r, struct str path)
{
    static const char *const marks[] = {"system(", "popen(",      "execv", "execl",
                                        "dlopen(", "posix_spawn", NULL};
    struct str text = context_read(r->sp->u->context, path);
    if (!text.p)
        unseen(r, "a source file could not be read");
    if (marks_any(text, marks) && !r->out->exec) {
        r->out->exec = true;
        r->out->exec_at = path;
    }
}

static void read_package(struct reader *r, struct str dir)
{
    static const char *const c_files[] = {".c",   ".h", ".cc", ".cpp", ".cxx",
                                          ".hpp", ".s", ".S",  NULL};
    static const char *const cxx[] = {".cc", ".cpp", ".cxx", ".c++", NULL};
    const struct context_folder *f = context_list(r->sp->u->context, dir);
    size_t files = 0;
    for (size_t i = 0; i < f->n; i++) {
        struct str name = f->names[i];
        for (const char *const *e = cxx; *e; e++)
            r->out->cxx |= str_ends(name, str_of(*e));
        if (marks_ends(name, c_files))
            read_c(r, join(r, dir, name));
        if (!str_ends(name, STR(".go")) || is_left_out(name))
            continue;
        files++;
        read_file(r, join(r, dir, name));
    }
    if (!f->complete || !files)
        unseen(r, "a package of its own is not in the build context");
}

/* ---- from where it starts ------------------------------------------------------------------- */

static struct str parent(struct str path)
{
    ptrdiff_t slash = str_rchr(path, '/');
    return slash <= 0 ? STR("") : str_sub(path, 0, (size_t)slash);
}

/* go.mod in the folder where it is built, or above. Sets the folder of the context that lies at
 * *image, a path of the stage. */
static bool find_module(struct reader *r, const struct go_build *b, struct str *image,
                        struct str *dir)
{
    for (struct str at = b->cwd;; at = parent(at)) {
        struct located mod =
            locate_file(r->sp->u, b->s, stage_join(r->sp->u->arena, at, STR("go.mod")));
        if (mod.kind == LOCATED_CONTEXT && mod.text.p && !mod.edited) {
            *image = at.n ? at : STR("/");
            *dir = parent(mod.path);
            read_mod(r, mod.text, *dir);
            return r->modules.n > 0;
        }
        if (at.n < 2)
            return false;
    }
}

/* "./cmd/app", "main.go": the folder of the context. */
static void add_start(struct reader *r, const struct go_build *b, struct str what, struct str image,
                      struct str dir)
{
    struct arena *a = r->sp->u->arena;
    const struct module *m = module_of(r, what);
    if (m && str_starts(what, m->path)) {
        add_package(r,
                    join(r, m->dir, what.n > m->path.n ? str_from(what, m->path.n + 1) : STR("")));
        return;
    }
    bool file = str_ends(what, STR(".go"));
    bool local = file || str_starts(what, STR(".")) || str_starts(what, STR("/"));
    struct str path = stage_join(a, b->cwd, what);
    if (file)
        path = parent(path).n ? parent(path) : STR("/");
    if (!local || str_ends(what, STR("...")) || !stage_inside(path, image)) {
        unseen(r, "what it builds is not in the build context");
        return;
    }
    struct str rest = str_is(image, "/") ? str_from(path, 1)
                      : path.n > image.n ? str_from(path, image.n + 1)
                                         : STR("");
    add_package(r, join(r, dir, rest));
}

void go_read_code(struct split *sp, const struct go_build *b, struct go_code *out)
{
    struct reader r = {.sp = sp, .out = out};
    struct str image, dir;
    *out = (struct go_code){.seen = true};
    if (!sp->u->context || !b->cwd.n) {
        unseen(&r, "the build context is not known");
        return;
    }
    if (!find_module(&r, b, &image, &dir)) {
        unseen(&r, "its go.mod is not in the build context");
        return;
    }
    for (size_t i = 0; i < b->what.n; i++)
        add_start(&r, b, b->what.v[i], image, dir);
    if (!b->what.n)
        add_start(&r, b, STR("."), image, dir);
    for (size_t i = 0; i < r.packages.n && out->seen; i++)
        read_package(&r, r.packages.v[i]);
}
