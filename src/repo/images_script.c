/*
 * Scripts, Makefiles and the configurations of CI services whose steps are shell text. They are all
 * read line by line. A variable has a value when the file gives it one, and only one.
 */
#include <stdlib.h>

#include "base/buf.h"
#include "repo/images_reader.h"
#include "repo/images_words.h"

enum { VARIABLES_MAX = 200, NESTED_MAX = 8, VALUE_MAX = 512 };

struct variable {
    struct str name, value; /* the value as it is written */
    bool twice;             /* it has two values */
};

struct variables {
    struct arena *arena;
    VEC(struct variable) v;
    unsigned depth;
};

/* ---- variables ------------------------------------------------------------------------------ */

static struct variable *find(struct variables *vs, struct str name)
{
    VEC_EACH (v, &vs->v)
        if (str_eq(v->name, name))
            return v;
    return NULL;
}

static void set(struct variables *vs, struct str name, struct str value)
{
    struct variable *old = find(vs, name);
    if (old)
        old->twice |= !str_eq(old->value, value);
    else if (vs->v.n < VARIABLES_MAX && value.n <= VALUE_MAX)
        *vec_push(vs->arena, &vs->v) = (struct variable){name, value, false};
}

static struct str value_of(void *ctx, struct str name)
{
    struct variables *vs = ctx;
    struct str word = STR("");
    /* "$(shell …)" and "${{ env.X }}" */
    if (str_starts(name, STR("env.")))
        name = str_from(name, 4);
    struct variable *v = find(vs, name);
    if (!v || v->twice || vs->depth >= NESTED_MAX)
        return STR_NULL;
    struct images_words w = {.arena = vs->arena, .text = v->value, .value = value_of, .ctx = vs};
    vs->depth++;
    bool told = images_words_next(&w, &word);
    vs->depth--;
    return told ? word : STR("");
}

static bool is_name(struct str s)
{
    for (size_t i = 0; i < s.n; i++) {
        char c = s.p[i];
        if (c != '_' && !(c >= 'a' && c <= 'z') && !(c >= 'A' && c <= 'Z') &&
            !(c >= '0' && c <= '9'))
            return false;
    }
    return s.n > 0 && !(s.p[0] >= '0' && s.p[0] <= '9');
}

/* "NAME=value", "export NAME=value", "NAME ?= value", "NAME: value". */
static void take_assignment(struct variables *vs, struct str line, bool yaml)
{
    static const char *const fronts[] = {"export ",   "- export ", "- ",
                                         "readonly ", "local ",    "override "};
    line = str_trim(line);
    for (size_t i = 0; i < sizeof fronts / sizeof *fronts; i++)
        if (str_starts(line, str_of(fronts[i])))
            line = str_trim(str_from(line, strlen(fronts[i])));
    ptrdiff_t at = str_chr(line, '=');
    if (yaml && (at < 0 || (str_chr(line, ':') >= 0 && str_chr(line, ':') < at)))
        at = str_chr(line, ':');
    if (at <= 0)
        return;
    size_t end = (size_t)at;
    while (end && (line.p[end - 1] == ':' || line.p[end - 1] == '?' || line.p[end - 1] == ' ' ||
                   line.p[end - 1] == '\t'))
        end--;
    struct str name = str_sub(line, 0, end);
    if (is_name(name))
        set(vs, name, str_trim(str_from(line, (size_t)at + 1)));
}

static void take_assignments(struct variables *vs, struct str text, bool yaml)
{
    struct str line;
    while (str_split(&text, '\n', &line))
        take_assignment(vs, line, yaml);
}

/* ---- where a script runs -------------------------------------------------------------------- */

static bool is_folder_of_scripts(struct str folder)
{
    static const char *const names[] = {"scripts", "script", "hack",      "ci",
                                        ".ci",     "build",  "bin",       "tools",
                                        "tool",    "utils",  ".circleci", "deploy"};
    struct str last = str_basename(folder);
    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        if (str_is(last, names[i]))
            return true;
    return false;
}

/* The first line that goes to another folder for good; 0: none does. "cd "$(dirname "$0")/.."" goes
 * to the folder above that of the script. */
static struct str start_folder(struct arena *a, struct str folder, struct str text, bool *unknown)
{
    struct str line, base = is_folder_of_scripts(folder) ? images_folder(folder) : folder;
    while (str_split(&text, '\n', &line)) {
        line = str_trim(line);
        bool goes = str_starts(line, STR("cd ")) || str_starts(line, STR("pushd "));
        if (!goes || str_has(line, "docker"))
            continue;
        bool own =
            str_has(line, "dirname") && (str_has(line, "$0") || str_has(line, "BASH_SOURCE"));
        ptrdiff_t up = str_find(line, STR("/.."));
        if (!own || *unknown ||
            (up >= 0 && str_find(str_from(line, (size_t)up + 3), STR("/..")) >= 0)) {
            *unknown = true;
            return base;
        }
        base = folder;
        if (up >= 0 && !builds_join(a, folder, STR(".."), &base))
            *unknown = true;
    }
    return base;
}

void images_read_script(struct images *im, const struct images_file *f)
{
    struct arena *a = im->arena;
    struct variables vs = {.arena = a};
    struct str folder = images_folder(f->path), base = str_basename(f->path);
    bool yaml = str_ends(base, STR(".yml")) || str_ends(base, STR(".yaml")), unknown = false;
    bool shell = str_ends(base, STR(".sh"));
    if (!str_has(f->bytes, "build") && !str_has(f->bytes, "bud"))
        return;
    if (shell)
        folder = start_folder(a, folder, f->bytes, &unknown);
    else if (is_folder_of_scripts(folder))
        folder = images_folder(folder);
    if (unknown)
        return;
    take_assignments(&vs, f->bytes, yaml);
    struct images_scan s = {
        .images = im, .file = f, .base = folder, .line = 1, .value = value_of, .ctx = &vs};
    images_scan(&s, f->bytes);
}
