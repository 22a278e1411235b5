/* Which files are worth reading, and those formats that take a few lines: Tilt, kustomize. */
#include "base/buf.h"
#include "repo/images_reader.h"
#include "repo/images_words.h"

enum { ALIASES_MAX = 1000 };

static bool is_yaml(struct str base)
{
    return str_ends(base, STR(".yml")) || str_ends(base, STR(".yaml"));
}

static bool is_script(struct str base)
{
    static const char *const names[] = {
        "Makefile",       "makefile",     "GNUmakefile",     "Jenkinsfile",
        "justfile",       "Justfile",     "package.json",    ".gitlab-ci.yml",
        ".travis.yml",    ".drone.yml",   ".woodpecker.yml", "buildspec.yml",
        "buildspec.yaml", "Taskfile.yml", "Taskfile.yaml",   "bitbucket-pipelines.yml"};
    static const char *const begins[] = {"azure-pipelines", "cloudbuild", "Jenkinsfile."};
    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        if (str_is(base, names[i]))
            return true;
    for (size_t i = 0; i < sizeof begins / sizeof *begins; i++)
        if (str_starts(base, str_of(begins[i])))
            return true;
    return str_ends(base, STR(".sh")) || str_ends(base, STR(".mk"));
}

enum images_kind images_kind_of(struct str folder, struct str base)
{
    if (str_is(base, "Tiltfile") || str_ends(base, STR(".tiltfile")))
        return IMAGES_TILT;
    if (str_is(base, "kustomization.yaml") || str_is(base, "kustomization.yml") ||
        str_is(base, "Kustomization"))
        return IMAGES_KUSTOMIZE;
    if (str_ends(folder, STR(".github/workflows/")))
        return is_yaml(base) ? IMAGES_WORKFLOW : IMAGES_OTHER;
    if (str_ends(folder, STR(".circleci/")) && is_yaml(base))
        return IMAGES_SCRIPT;
    return is_script(base) ? IMAGES_SCRIPT : IMAGES_OTHER;
}

/* ---- kustomize ------------------------------------------------------------------------------ */

void images_read_kustomize(struct images *im, const struct images_file *f)
{
    struct ytree t;
    struct str name, other;
    bool open;
    if (!str_has(f->bytes, "newName") || !ytree_parse(&t, im->arena, f->bytes) || !t.docs.n)
        return;
    const struct ytree_node *list = ytree_find(t.docs.v[0].root, "images");
    if (!list || list->kind != YTREE_SEQUENCE)
        return;
    YTREE_EACH (it, list) {
        const struct ytree_node *n = ytree_real(it);
        if (im->aliases.n < ALIASES_MAX && ytree_text(ytree_find(n, "name"), &name) &&
            ytree_text(ytree_find(n, "newName"), &other) &&
            images_name(im->arena, name, &name, &open) && !open &&
            images_name(im->arena, other, &other, &open) && !open)
            *vec_push(im->arena, &im->aliases) = (struct images_alias){name, other};
    }
}

/* ---- Tilt ----------------------------------------------------------------------------------- */

/* A call in Starlark, read as far as its arguments are texts. */
struct call {
    struct str text;
    size_t at;
    struct str positional[2]; /* p is NULL when it is no text */
    size_t n;
    struct str dockerfile, target;
    bool odd; /* one that matters is not a text */
};

static void skip_space(struct call *c)
{
    while (c->at < c->text.n && (str_is_blank(c->text.p[c->at]) || c->text.p[c->at] == '#')) {
        if (c->text.p[c->at] == '#')
            while (c->at < c->text.n && c->text.p[c->at] != '\n')
                c->at++;
        else
            c->at++;
    }
}

/* A text in quotes; false and nothing taken when there is none. */
static bool take_text(struct call *c, struct str *out)
{
    char quote = c->at < c->text.n ? c->text.p[c->at] : 0;
    if (quote != '"' && quote != '\'')
        return false;
    size_t end = c->at + 1;
    while (end < c->text.n && c->text.p[end] != quote && c->text.p[end] != '\n')
        end++;
    *out = str_sub(c->text, c->at + 1, end);
    c->at = end + (end < c->text.n);
    return true;
}

/* To the ',' or ')' that ends the argument. False when something stood there. */
static bool skip_rest(struct call *c)
{
    int depth = 0;
    bool clean = true;
    struct str ignored;
    for (skip_space(c); c->at < c->text.n; skip_space(c)) {
        char ch = c->text.p[c->at];
        if (!depth && (ch == ',' || ch == ')'))
            break;
        clean = false;
        if (take_text(c, &ignored))
            continue;
        depth += ch == '(' || ch == '[' || ch == '{';
        depth -= ch == ')' || ch == ']' || ch == '}';
        c->at++;
    }
    return clean;
}

static bool is_letter(char c)
{
    return (c | 32) >= 'a' && (c | 32) <= 'z';
}

static struct str take_name(struct call *c)
{
    size_t at = c->at;
    while (at < c->text.n && (c->text.p[at] == '_' || is_letter(c->text.p[at])))
        at++;
    struct str name = str_sub(c->text, c->at, at);
    size_t eq = at;
    while (eq < c->text.n && str_is_blank(c->text.p[eq]))
        eq++;
    if (!name.n || eq + 1 >= c->text.n || c->text.p[eq] != '=' || c->text.p[eq + 1] == '=')
        return STR("");
    c->at = eq + 1;
    return name;
}

static void take_argument(struct call *c)
{
    struct str name = take_name(c), text = STR_NULL;
    skip_space(c);
    bool told = take_text(c, &text);
    if (!skip_rest(c) || !told)
        text = STR_NULL;
    if (!name.n) {
        if (c->n < 2)
            c->positional[c->n++] = text;
    } else if (str_is(name, "ref")) {
        c->positional[0] = text;
    } else if (str_is(name, "context")) {
        c->positional[1] = text;
    } else if (str_is(name, "dockerfile")) {
        c->dockerfile = text;
        c->odd |= !text.p;
    } else if (str_is(name, "target")) {
        c->target = text;
        c->odd |= !text.p;
    } else if (str_is(name, "dockerfile_contents")) {
        c->odd = true;
    }
}

static void read_call(struct images *im, const struct images_file *f, size_t at, unsigned line)
{
    struct call c = {.text = f->bytes, .at = at, .dockerfile = STR(""), .target = STR("")};
    struct images_step step = {.base = images_folder(f->path), .line = line};
    for (skip_space(&c); c.at < c.text.n && c.text.p[c.at] != ')'; skip_space(&c)) {
        take_argument(&c);
        c.at += c.at < c.text.n && c.text.p[c.at] == ',';
    }
    if (c.odd || !c.positional[0].p || !c.positional[1].p)
        return;
    step.image = c.positional[0];
    step.context = c.positional[1];
    step.dockerfile = c.dockerfile;
    step.target = c.target;
    images_add_step(im, f, &step);
}

/* docker_build(), and the one of the extension "restart_process". */
void images_read_tilt(struct images *im, const struct images_file *f)
{
    static const char *const calls[] = {"docker_build(", "docker_build_with_restart("};
    unsigned line = 1;
    for (size_t at = 0; at < f->bytes.n; at++) {
        bool begins = !at || str_is_blank(f->bytes.p[at - 1]);
        line += f->bytes.p[at] == '\n';
        for (size_t i = 0; begins && i < sizeof calls / sizeof *calls; i++)
            if (str_starts(str_from(f->bytes, at), str_of(calls[i])))
                read_call(im, f, at + strlen(calls[i]), line);
    }
}

/* ---- all ------------------------------------------------------------------------------------ */

void images_read(struct images *im, const struct images_file *f)
{
    if (f->bytes.n > IMAGES_SIZE_MAX || memchr(f->bytes.p ? f->bytes.p : "", 0, f->bytes.n))
        return;
    switch (f->kind) {
    case IMAGES_TILT:
        images_read_tilt(im, f);
        break;
    case IMAGES_KUSTOMIZE:
        images_read_kustomize(im, f);
        break;
    case IMAGES_WORKFLOW:
        images_read_workflow(im, f);
        break;
    case IMAGES_SCRIPT:
        images_read_script(im, f);
        break;
    case IMAGES_OTHER:
        break;
    }
}
