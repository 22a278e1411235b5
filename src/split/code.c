/*
 * A mark is a text that hardly stands anywhere else: the name of a module, of a function. A line is
 * looked at by itself; what is behind a comment sign at its beginning does not count. What is
 * wrongly found costs a split, what is not found would break one.
 */
#include "split/code.h"

struct reading {
    struct split *sp;
    const struct code_mark *marks;
    bool found;
};

static bool in_list(struct str s, const char *const *list)
{
    for (; *list; list++)
        if (str_is(s, *list))
            return true;
    return false;
}

static bool has_any(struct str s, const char *const *list)
{
    for (; *list; list++)
        if (str_has(s, *list))
            return true;
    return false;
}

enum use { USE_NONE, USE_TOOL, USE_RUN };

/* Tests are not run; tools are run by people, most likely. What starts is, wherever it lies. */
static enum use use_of(const struct split *sp, struct str path)
{
    static const char *const tests[] = {
        "node_modules", "bower_components", "venv",     "__pycache__", "test",
        "tests",        "__tests__",        "spec",     "specs",       "e2e",
        "cypress",      "fixtures",         "examples", "benchmarks",  NULL};
    static const char *const tools[] = {"scripts", "tools", "docs", "build-tools", "hack", NULL};
    static const char *const test_names[] = {".test.", ".spec.", "conftest.py", ".d.ts", NULL};
    static const char *const tool_names[] = {".config.", "gulpfile",   "Gulpfile", "Gruntfile",
                                             "webpack.", "rollup.",    "setup.py", "noxfile.py",
                                             "tasks.py", "fabfile.py", NULL};
    struct str rest = path, part, name = str_basename(path);
    bool tool = has_any(name, tool_names);
    for (size_t i = 0; i < sp->words.n; i++)
        if (str_eq(str_basename(sp->words.v[i]), name))
            return USE_RUN;
    while (str_split(&rest, '/', &part)) {
        if (rest.n && in_list(part, tests))
            return USE_NONE;
        tool |= rest.n && in_list(part, tools);
    }
    if (has_any(name, test_names) || str_starts(name, STR("test_")))
        return USE_NONE;
    return tool ? USE_TOOL : USE_RUN;
}

static bool is_comment(struct str line)
{
    line = str_trim(line);
    return str_starts(line, STR("#")) || str_starts(line, STR("//")) || str_starts(line, STR("*"));
}

static void found(struct reading *r, const struct code_mark *m, enum use use, struct str path,
                  unsigned line)
{
    const char *file = split_text(r->sp, path);
    r->found = true;
    if (use == USE_RUN)
        split_refuse(r->sp, "program-needed", r->sp->at, "its code %s (%s, line %u)", m->what, file,
                     line);
    else
        split_review(r->sp, "program-needed", r->sp->at,
                     str_fmt(r->sp->u->arena, "the program does not use %s", file),
                     "has code that %s (%s, line %u)", m->what, file, line);
}

static void read_line(struct reading *r, enum use use, struct str path, struct str line,
                      unsigned number)
{
    for (const struct code_mark *m = r->marks; m->text; m++)
        if (str_has(line, m->text) && !(m->unless && str_has(line, m->unless)) &&
            !is_comment(line)) {
            found(r, m, use, path, number);
            return;
        }
}

static void read_file(void *ctx, struct str path, struct str text)
{
    struct reading *r = ctx;
    struct str line;
    enum use use = use_of(r->sp, path);
    for (unsigned n = 1; use != USE_NONE && str_split(&text, '\n', &line); n++)
        read_line(r, use, path, line, n);
}

bool code_is_clean(struct split *sp, const char *const *ends, const struct code_mark *marks)
{
    struct reading r = {sp, marks, false};
    bool all = split_sources(sp, ends, read_file, &r);
    return all && !r.found;
}

struct search {
    const char *text;
    bool found;
};

static void search_file(void *ctx, struct str path, struct str text)
{
    struct search *q = ctx;
    (void)path;
    q->found |= str_has(text, q->text);
}

bool code_says(struct split *sp, const char *const *ends, const char *text)
{
    struct search q = {text, false};
    split_sources(sp, ends, search_file, &q);
    return q.found;
}

/* ---- imports -------------------------------------------------------------------------------- */

enum { PACKAGES_MAX = 300, IMPORTS_MAX = 20000 };

struct imports {
    struct split *sp;
    const struct strs *packages;
    size_t n;
    bool found;
};

/* "@a/b" of "@a/b/c", "a" of "a/b" */
static struct str package_of(struct str name)
{
    size_t slashes = str_starts(name, STR("@")) ? 2 : 1;
    for (size_t i = 0; i < name.n; i++)
        if (name.p[i] == '/' && --slashes == 0)
            return str_sub(name, 0, i);
    return name;
}

static void judge_import(struct imports *m, struct str name)
{
    name = package_of(name);
    m->found |= ++m->n > IMPORTS_MAX;
    for (size_t i = 0; i < m->packages->n && !m->found; i++)
        m->found = str_eq(m->packages->v[i], name);
}

/* Every text in quotes behind one of these words. */
static void read_imports(void *ctx, struct str path, struct str text)
{
    static const char *const words[] = {"require", "import", "from", NULL};
    struct imports *m = ctx;
    if (use_of(m->sp, path) != USE_RUN)
        return;
    for (const char *const *w = words; *w; w++) {
        struct str rest = text;
        for (ptrdiff_t at; !m->found && (at = str_find(rest, str_of(*w))) >= 0;) {
            rest = str_from(rest, (size_t)at + strlen(*w));
            size_t i = 0;
            while (i < rest.n && (str_is_blank(rest.p[i]) || rest.p[i] == '(' ||
                                  str_starts(str_from(rest, i), STR(".resolve"))))
                i += rest.p[i] == '.' ? strlen(".resolve") : 1;
            if (i >= rest.n || !strchr("'\"`", rest.p[i]))
                continue;
            struct str name = str_from(rest, i + 1);
            ptrdiff_t end = str_chr(name, rest.p[i]);
            judge_import(m, str_sub(name, 0, end < 0 || end > 250 ? 0 : (size_t)end));
        }
    }
}

bool code_imports_none(struct split *sp, const char *const *ends, const struct strs *packages)
{
    struct imports m = {.sp = sp, .packages = packages};
    return packages->n <= PACKAGES_MAX && split_sources(sp, ends, read_imports, &m) && !m.found;
}
