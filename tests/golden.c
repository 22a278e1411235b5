/*
 * golden [FILTER…]: runs the cases in golden/RULE/CASE/ through every property that a rewrite must
 * have. A case is a folder; nobody registers it:
 *
 *     about             a title on the first line, then as much explanation as it takes
 *     Dockerfile        the input, or
 *     manifest.yaml     one that is a Kubernetes manifest, or
 *     compose.yaml      one that is a Compose file
 *     want.Dockerfile   the rewritten file; absent when nothing changes
 *     want.manifest.yaml
 *     images            what is known of images, for a manifest: see tests/support/images.h
 *     want.json         what --format json prints
 *     options           name=value lines, as for ur_options_set(); facts=FILE is in the folder
 *     context/          the build context; without it none is known
 *     want/PATH         a file of the context as the rewrite leaves it, where it changes it
 *
 * Every case runs in a process of its own, so that a crash or an endless loop is a failure of that
 * case and not of the run. Patches are collected and applied by one `git apply`.
 *
 * A filter is a part of RULE/CASE. UPDATE=1 writes want.* instead of comparing them: review by eye.
 * GOLDEN names another folder than golden.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/pool.h"
#include "dockerfile/stage.h"
#include "repo/folder.h"
#include "tests/support/files.h"
#include "tests/support/images.h"
#include "tests/support/linediff.h"
#include "tests/support/manifests.h"
#include "tests/support/properties.h"

enum { TITLE_MAX = 70, SECONDS_MAX = 120, CUTS_MAX = 4096, CASE_FAILED = 9 };

struct golden {
    struct arena arena;
    const char *root, *temp;
    bool update;
    char **filters;
    int filter_count;
    struct strs cases; /* RULE/CASE, sorted */
    bool *failed;      /* one a case */
    unsigned failures;
};

/* One case being run, in its own process. */
struct run {
    struct golden *g;
    struct arena *a;
    const char *name; /* RULE/CASE */
    struct str source, want, want_json;
    struct ur_options *options;
    int unsafe;
    struct strs facts;    /* names of the facts files */
    struct folder folder; /* the build context */
    bool has_context;
    const char *input;        /* "Dockerfile", "manifest.yaml" */
    manifests_harden *harden; /* of a manifest or Compose file */
    struct ur_images *images; /* of a manifest; NULL: it is a Dockerfile */
    struct buf wrong;
};

/* ---- one case: what belongs to it ----------------------------------------------------------- */

#define wrong(r, ...) (buf_addf(&(r)->wrong, __VA_ARGS__), buf_addc(&(r)->wrong, '\n'))

static const char *in_case(struct run *r, const char *file)
{
    return str_fmt(r->a, "%s/%s/%s", r->g->root, r->name, file).p;
}

static void read_about(struct run *r)
{
    struct str about, title;
    if (!files_read(r->a, in_case(r, "about"), &about)) {
        wrong(r, "  about: missing");
        return;
    }
    if (!str_split(&about, '\n', &title) || !title.n || title.n > TITLE_MAX)
        wrong(r, "  about: the first line is a title of 1 to %d bytes, not of %zu", TITLE_MAX,
              title.n);
}

static void add_facts(struct run *r, struct str name)
{
    struct str yaml;
    const char *file = str_z(r->a, name);
    *vec_push(r->a, &r->facts) = name;
    if (str_chr(name, '/') >= 0 || !files_read(r->a, in_case(r, file), &yaml))
        wrong(r, "  options: facts=%s: no such file in the case's folder", file);
    else if (ur_options_add_facts(r->options, file, yaml.p, yaml.n) != UR_OK)
        wrong(r, "  %s", ur_options_error(r->options));
}

static void read_options(struct run *r)
{
    struct str text, line;
    r->options = ur_options_new();
    if (!files_read(r->a, in_case(r, "options"), &text))
        text = STR("");
    while (text.n && str_split(&text, '\n', &line)) {
        ptrdiff_t eq = str_chr(line, '=');
        if (eq <= 0) {
            wrong(r, "  options: '%.*s' is not name=value", STR_ARG(line));
            continue;
        }
        const char *name = str_z(r->a, str_sub(line, 0, (size_t)eq));
        const char *value = str_z(r->a, str_from(line, (size_t)eq + 1));
        if (strcmp(name, "facts") == 0)
            add_facts(r, str_of(value));
        else if (ur_options_set(r->options, name, value) != UR_OK)
            wrong(r, "  options: %s", ur_options_error(r->options));
        r->unsafe |= str_is(line, "unsafe-fixes=true");
    }
    if (ur_options_seal(r->options) != UR_OK)
        wrong(r, "  options: %s", ur_options_error(r->options));
}

static bool belongs(const struct run *r, struct str file)
{
    static const char *const files[] = {"about", "options", "want.json", "context", "want"};
    if (str_is(file, r->input) || (r->images && str_is(file, "images")) ||
        str_eq(file, str_fmt(r->a, "want.%s", r->input)))
        return true;
    for (size_t i = 0; i < sizeof files / sizeof *files; i++)
        if (str_is(file, files[i]))
            return true;
    for (size_t i = 0; i < r->facts.n; i++)
        if (str_eq(file, r->facts.v[i]))
            return true;
    return false;
}

static void read_images(struct run *r)
{
    struct str text;
    r->input = "Dockerfile";
    if (files_read(r->a, in_case(r, "manifest.yaml"), &r->source)) {
        r->input = "manifest.yaml";
        r->harden = ur_harden_manifest;
    } else if (files_read(r->a, in_case(r, "compose.yaml"), &r->source)) {
        r->input = "compose.yaml";
        r->harden = ur_harden_compose;
    } else {
        return;
    }
    if (!files_read(r->a, in_case(r, "images"), &text))
        text = STR("");
    const char *bad = image_lines_read(r->a, text, &r->images);
    if (bad)
        wrong(r, "  images: %s", bad);
}

static const char *want_file(struct run *r)
{
    return in_case(r, str_fmt(r->a, "want.%s", r->input).p);
}

static void load(struct run *r)
{
    struct strs files = {0};
    read_about(r);
    read_options(r);
    read_images(r);
    if (!files_read(r->a, in_case(r, r->input), &r->source))
        wrong(r, "  %s: missing", r->input);
    if (!files_read(r->a, in_case(r, "want.json"), &r->want_json) && !r->g->update)
        wrong(r, "  want.json: missing");
    if (!files_read(r->a, want_file(r), &r->want))
        r->want = r->source;
    else if (str_eq(r->want, r->source) && !r->g->update)
        wrong(r, "  want.%s: is the input; remove it", r->input);
    r->has_context = files_is_dir(in_case(r, "context"));
    r->folder = (struct folder){.path = in_case(r, "context/"), .prefix = ""};
    r->folder.trusted = strlen(r->folder.path);
    files_list(r->a, in_case(r, ""), &files);
    for (size_t i = 0; i < files.n; i++)
        if (!belongs(r, files.v[i]))
            wrong(r, "  %.*s: no file of this name belongs to a case", STR_ARG(files.v[i]));
}

/* ---- one case: the properties --------------------------------------------------------------- */

static void compare(struct run *r, const char *what, struct str want, struct str have)
{
    if (str_eq(want, have))
        return;
    wrong(r, "  %s differs (- wanted, + made)", what);
    linediff_add(&r->wrong, want, have);
}

static void update(struct run *r, struct str have, struct str json)
{
    const char *path = want_file(r);
    if (!str_eq(json, r->want_json) || !str_eq(have, r->want))
        printf("updated %s\n", r->name);
    if (str_eq(have, r->source))
        unlink(path);
    else
        files_write(path, have);
    files_write(in_case(r, "want.json"), json);
}

/* Files of the context that are changed; each has its like in want/. */
static void check_files(struct run *r, const struct ur_result *result)
{
    struct strs wanted = {0};
    size_t n = ur_result_file_count(result);
    if (r->g->update)
        files_remove_tree(in_case(r, "want"));
    else
        files_tree(r->a, in_case(r, "want"), &wanted);
    for (size_t i = 0; i < n; i++) {
        const struct ur_file *f = ur_result_file(result, i);
        const char *path = in_case(r, str_fmt(r->a, "want/%s", f->path).p);
        struct str want, have = str_make(f->bytes, f->size);
        if (r->g->update) {
            files_write_deep(r->a, path, have);
            continue;
        }
        if (!files_read(r->a, path, &want))
            wrong(r, "  want/%s: missing", f->path);
        compare(r, f->path, want, have);
    }
    if (wanted.n > n)
        wrong(r, "  want/: has files that are not changed");
}

static struct ur_result *rewrite(struct run *r, const char *path, const char *prefix)
{
    r->folder.prefix = prefix;
    struct ur_context context = folder_context(&r->folder);
    struct ur_build build = {.contexts = &context, .context_count = r->has_context};
    if (r->images)
        return r->harden(r->options, r->images, path, r->source.p, r->source.n);
    return ur_rewrite_in(r->options, &build, path, r->source.p, r->source.n);
}

static void check_rewrite(struct run *r)
{
    struct ur_result *result = rewrite(r, r->input, "");
    struct str have, json;
    have.p = ur_result_bytes(result, &have.n);
    json.p = ur_result_report(result, "json", &json.n);
    if (r->g->update) {
        update(r, have, json);
    } else {
        compare(r, r->input, r->want, have);
        compare(r, "the JSON", linediff_json_lines(r->a, r->want_json),
                linediff_json_lines(r->a, json));
    }
    check_files(r, result);
    ur_result_free(result);
}

/* A copy of exactly this size, so that a read behind its end is seen by the sanitizer. */
static const char *check_first(struct run *r, size_t size)
{
    char *copy = malloc(size ? size : 1);
    if (!copy)
        return "out of memory";
    memcpy(copy, r->source.p, size);
    r->folder.prefix = "";
    struct ur_context context = folder_context(&r->folder);
    const char *why = r->images
                          ? manifests_check(r->harden, r->options, r->images, r->unsafe, copy, size)
                          : properties_check_in(r->options, r->has_context ? &context : NULL,
                                                r->unsafe, "Dockerfile", copy, size);
    free(copy);
    return why;
}

/* The whole input, and the input cut at every byte; very long ones at every few. */
static void check_properties(struct run *r)
{
    size_t step = r->source.n / CUTS_MAX + 1;
    const char *why = check_first(r, r->source.n);
    if (why) {
        wrong(r, "  %s", why);
        return;
    }
    for (size_t n = 0; n < r->source.n; n += step) {
        why = check_first(r, n);
        if (!why)
            continue;
        wrong(r, "  cut after %zu bytes: %s", n, why);
        return;
    }
}

/* Leaves the input and the patch where git_apply() finds them. */
static void write_patch(struct run *r)
{
    const char *path = files_path(r->a, r->name, r->input);
    struct ur_result *result = rewrite(r, path, files_path(r->a, r->name, ""));
    struct str patch;
    patch.p = ur_result_patch(result, &patch.n);
    files_write(files_path(r->a, r->g->temp, path), r->source);
    for (size_t i = 0; i < ur_result_file_count(result); i++) {
        const struct ur_file *f = ur_result_file(result, i);
        files_write_deep(r->a, files_path(r->a, r->g->temp, f->name),
                         str_make(f->was, f->was_size));
    }
    files_write(str_fmt(r->a, "%s/%s.patch", r->g->temp, r->name).p, patch);
    ur_result_free(result);
}

static int run_case(struct golden *g, const char *name)
{
    struct arena a = {0};
    struct run r = {.g = g, .a = &a, .name = name, .wrong = buf_in(&a)};
    alarm(SECONDS_MAX);
    load(&r);
    if (!r.wrong.n) {
        check_rewrite(&r);
        write_patch(&r);
        check_properties(&r);
    }
    if (r.wrong.n)
        printf("FAIL %s\n%s", name, buf_str(&r.wrong).p);
    fflush(stdout);
    return r.wrong.n ? CASE_FAILED : 0;
}

/* ---- many cases ----------------------------------------------------------------------------- */

static void fail(struct golden *g, const char *what, const char *why)
{
    printf("FAIL %s\n  %s\n", what, why);
    g->failures++;
}

static bool wanted(const struct golden *g, struct str name)
{
    for (int i = 0; i < g->filter_count; i++)
        if (str_has(name, g->filters[i]))
            return true;
    return g->filter_count == 0;
}

/* A rule's id, or one of the folders for what concerns no single rule. */
static bool is_rule(struct str name)
{
    if (str_is(name, "lexical") || str_is(name, "gate") || str_is(name, "suppress") ||
        str_is(name, "yaml") || str_is(name, "workloads"))
        return true;
    struct arena a = {0};
    struct ur_options *o = ur_options_new();
    bool known = ur_options_set(o, "select", str_z(&a, name)) == UR_OK;
    ur_options_free(o);
    arena_release(&a);
    return known;
}

static void find_in_rule(struct golden *g, struct str rule)
{
    struct strs names = {0};
    files_list(&g->arena, files_path(&g->arena, g->root, rule.p), &names);
    for (size_t i = 0; i < names.n; i++) {
        struct str name = str_fmt(&g->arena, "%s/%s", rule.p, names.v[i].p);
        if (!files_is_dir(files_path(&g->arena, g->root, name.p)))
            fail(g, name.p, "is not the folder of a case");
        else if (wanted(g, name))
            *vec_push(&g->arena, &g->cases) = name;
    }
}

static void find_cases(struct golden *g)
{
    struct strs rules = {0};
    if (!files_list(&g->arena, g->root, &rules))
        fail(g, g->root, strerror(errno));
    for (size_t i = 0; i < rules.n; i++) {
        if (!is_rule(rules.v[i]) || !files_is_dir(files_path(&g->arena, g->root, rules.v[i].p)))
            fail(g, rules.v[i].p, "is not the folder of a rule");
        else
            find_in_rule(g, rules.v[i]);
    }
}

static pid_t start(struct golden *g, const char *name)
{
    struct str rule = str_of(name);
    rule.n = (size_t)str_chr(rule, '/');
    files_mkdir(files_path(&g->arena, g->temp, str_z(&g->arena, rule)));
    files_mkdir(files_path(&g->arena, g->temp, name));
    fflush(stdout);
    pid_t pid = fork();
    if (pid == 0)
        _exit(run_case(g, name));
    if (pid < 0) {
        perror("golden: fork");
        exit(2);
    }
    return pid;
}

static void wait_for_one(struct golden *g, pid_t *pids, size_t n)
{
    int status;
    pid_t pid = wait(&status);
    for (size_t i = 0; i < n; i++) {
        if (pids[i] != pid)
            continue;
        g->failed[i] = status != 0;
        if (WIFSIGNALED(status))
            fail(g, g->cases.v[i].p, strsignal(WTERMSIG(status)));
        else if (status && WEXITSTATUS(status) != CASE_FAILED)
            fail(g, g->cases.v[i].p, "ended by itself: a sanitizer, or a bug");
        else
            g->failures += status != 0;
    }
}

static void run_cases(struct golden *g)
{
    size_t n = g->cases.n, at_once = pool_processors(), running = 0;
    g->failed = arena_alloc(&g->arena, n + 1);
    pid_t *pids = arena_alloc(&g->arena, (n + 1) * sizeof *pids);
    for (size_t i = 0; i < n; i++) {
        if (running == at_once)
            wait_for_one(g, pids, i);
        else
            running++;
        pids[i] = start(g, g->cases.v[i].p);
    }
    for (; running; running--)
        wait_for_one(g, pids, n);
}

/* ---- git ------------------------------------------------------------------------------------ */

/* Applies a patch in the temporary folder, with no settings but git's own. */
static bool git_apply(const struct golden *g, struct str patch, bool quiet)
{
    int status = -1;
    struct arena a = {0};
    const char *file = files_path(&a, g->temp, "patch");
    files_write(file, patch);
    fflush(stdout);
    pid_t pid = fork();
    if (pid == 0) {
        if (quiet)
            dup2(open("/dev/null", O_WRONLY), 2);
        else
            dup2(1, 2);
        if (chdir(g->temp) == 0)
            execlp("git", "git", "apply", "patch", (char *)NULL);
        _exit(127);
    }
    arena_release(&a);
    return pid > 0 && waitpid(pid, &status, 0) == pid && WIFEXITED(status) &&
           WEXITSTATUS(status) == 0;
}

static struct str patch_of(struct golden *g, struct str name)
{
    struct str patch;
    files_read(&g->arena, str_fmt(&g->arena, "%s/%s.patch", g->temp, name.p).p, &patch);
    return patch;
}

/* All at once; when that fails, one by one to learn which. */
static void apply_patches(struct golden *g)
{
    struct buf all = buf_in(&g->arena);
    for (size_t i = 0; i < g->cases.n; i++)
        buf_add(&all, patch_of(g, g->cases.v[i]));
    if (!all.n || git_apply(g, buf_str(&all), true))
        return;
    for (size_t i = 0; i < g->cases.n; i++) {
        struct str patch = patch_of(g, g->cases.v[i]);
        if (patch.n && !git_apply(g, patch, false))
            fail(g, g->cases.v[i].p, "git apply does not take the patch");
    }
}

static void compare_one(struct golden *g, const char *name, const char *what, struct str want,
                        struct str have)
{
    struct arena a = {0};
    struct buf b = buf_in(&a);
    if (!str_eq(want, have)) {
        buf_addf(&b, "git apply makes another %s (- wanted, + made)\n", what);
        linediff_add(&b, want, have);
        fail(g, name, buf_str(&b).p);
    }
    arena_release(&a);
}

/* The same of the context's files. */
static void compare_applied_files(struct golden *g, struct arena *a, const char *name)
{
    struct strs files = {0};
    const char *folder = str_fmt(a, "%s/%s/want", g->root, name).p;
    files_tree(a, folder, &files);
    for (size_t i = 0; i < files.n; i++) {
        struct str want, have;
        files_read(a, files_path(a, folder, files.v[i].p), &want);
        files_read(a, str_fmt(a, "%s/%s/%s", g->temp, name, files.v[i].p).p, &have);
        compare_one(g, name, files.v[i].p, want, have);
    }
}

static const char *input_of(struct arena *a, const struct golden *g, const char *name)
{
    struct str text;
    const char *manifest = str_fmt(a, "%s/%s/manifest.yaml", g->root, name).p;
    return files_read(a, manifest, &text) ? "manifest.yaml" : "Dockerfile";
}

static void compare_applied(struct golden *g)
{
    for (size_t i = 0; i < g->cases.n; i++) {
        struct arena a = {0};
        const char *name = g->cases.v[i].p;
        struct str want, have;
        const char *input = input_of(&a, g, name);
        if (!files_read(&a, str_fmt(&a, "%s/%s/want.%s", g->root, name, input).p, &want))
            files_read(&a, str_fmt(&a, "%s/%s/%s", g->root, name, input).p, &want);
        bool ran = files_read(&a, str_fmt(&a, "%s/%s/%s", g->temp, name, input).p, &have);
        if (ran && !g->failed[i]) {
            compare_one(g, name, "file", want, have);
            compare_applied_files(g, &a, name);
        }
        arena_release(&a);
    }
}

int main(int argc, char **argv)
{
    char temp[] = "/tmp/unroot-golden-XXXXXX";
    const char *root = getenv("GOLDEN"), *flag = getenv("UPDATE");
    struct golden g = {.root = root ? root : "golden",
                       .temp = mkdtemp(temp),
                       .filters = argv + 1,
                       .filter_count = argc - 1,
                       .update = flag && *flag && strcmp(flag, "0") != 0};
    if (!g.temp) {
        perror("golden: mkdtemp");
        return 2;
    }
    setenv("GIT_CONFIG_GLOBAL", "/dev/null", 1);
    setenv("GIT_CONFIG_NOSYSTEM", "1", 1);
    setenv("GIT_CEILING_DIRECTORIES", "/tmp", 1);
    unsetenv("GIT_DIR");
    find_cases(&g);
    run_cases(&g);
    apply_patches(&g);
    compare_applied(&g);
    if (!g.cases.n)
        fail(&g, g.root, "no case matches");
    printf("%zu golden cases, %u failures\n", g.cases.n, g.failures);
    unsigned failures = g.failures;
    files_remove_tree(g.temp);
    arena_release(&g.arena);
    return failures != 0;
}
