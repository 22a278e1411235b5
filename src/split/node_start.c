/*
 * npm-run-script(1), `yarn run`, `pnpm run`: a script "x" has "prex" and "postx" around it and is
 * given to a shell. Only one plain command can do without one.
 */
#include "split/node_start.h"

#include "split/project.h"

enum { NEST_MAX = 8 };

struct reading {
    struct split *sp;
    struct node_start *out;
    unsigned depth;
};

static bool read_words(struct reading *r, const struct str *words, size_t n);

static bool in_list(struct str s, const char *const *list)
{
    for (; *list; list++)
        if (str_is(s, *list))
            return true;
    return false;
}

static bool is_node(struct str word)
{
    struct str name = str_basename(word);
    return str_is(name, "node") || str_is(name, "nodejs");
}

static bool is_manager(struct str word)
{
    static const char *const names[] = {"npm", "yarn", "yarnpkg", "pnpm", NULL};
    return in_list(word, names);
}

static bool is_option(struct str s)
{
    return s.n > 1 && s.p[0] == '-';
}

/* The image's entrypoint gives to node what is an option, or no program. */
static bool is_for_node(const struct split *sp, struct str word)
{
    const struct stage *root = stage_root(sp->s);
    bool image = root->base_kind == STAGE_ON_IMAGE && str_is(root->image.repository, "node") &&
                 !(sp->s->entrypoint.set && sp->s->entrypoint.item);
    return image && str_chr(word, ' ') < 0 &&
           (is_option(word) || str_ends(word, STR(".js")) || str_ends(word, STR(".mjs")) ||
            str_ends(word, STR(".cjs")));
}

bool node_start_is(const struct split *sp)
{
    struct str first = sp->words.v[0];
    return is_node(first) || is_manager(first) || is_for_node(sp, first);
}

static bool not_node(struct reading *r, struct str what)
{
    split_refuse(r->sp, "start-not-plain", r->sp->at,
                 "starts '%s', which does not come to node with one file", split_text(r->sp, what));
    return false;
}

/* ---- node ----------------------------------------------------------------------------------- */

static bool takes_value(struct str option)
{
    static const char *const names[] = {"-r",
                                        "--require",
                                        "--import",
                                        "--loader",
                                        "-C",
                                        "--conditions",
                                        "--env-file",
                                        "--title",
                                        "--experimental-loader",
                                        "--icu-data-dir",
                                        NULL};
    return in_list(option, names);
}

static bool take_node(struct reading *r, const struct str *words, size_t n)
{
    static const char *const evals[] = {"-e", "--eval", "-p", "--print", "-pe", NULL};
    bool evaluates = false;
    size_t i = 0;
    for (; i < n && is_option(words[i]); i++) {
        evaluates |= in_list(words[i], evals);
        i += takes_value(words[i]) || in_list(words[i], evals);
    }
    if (i >= n && !evaluates)
        return not_node(r, STR("node"));
    for (size_t k = 0; k < n; k++)
        *vec_push(r->sp->u->arena, &r->out->arguments) = words[k];
    r->out->file = i < n && !evaluates ? words[i] : STR("");
    return true;
}

/* ---- npm, yarn, pnpm ------------------------------------------------------------------------ */

/* ENV takes it as it is. */
static bool is_plain_value(struct str value)
{
    for (size_t i = 0; i < value.n; i++) {
        unsigned char c = (unsigned char)value.p[i];
        if (!((c >= '0' && c <= '9') || ((c | 0x20) >= 'a' && (c | 0x20) <= 'z') ||
              strchr("/._-+@:,%=*", c)))
            return false;
    }
    return value.n > 0;
}

static bool set_variable(struct reading *r, struct str name, struct str value)
{
    if (!is_plain_value(value) || str_is(name, "PATH"))
        return not_node(r, name);
    *vec_push(r->sp->u->arena, &r->out->set) = name;
    *vec_push(r->sp->u->arena, &r->out->set) = value;
    return true;
}

static bool is_assign(struct str word)
{
    return str_chr(word, '=') > 0;
}

static bool take_assign(struct reading *r, struct str word)
{
    size_t eq = (size_t)str_chr(word, '=');
    return set_variable(r, str_sub(word, 0, eq), str_from(word, eq + 1));
}

/* One plain command, perhaps with variables in front. */
static bool read_text(struct reading *r, struct str text)
{
    struct arena *a = r->sp->u->arena;
    struct shell_script script = shell_read(a, text);
    const struct shell_command *c = script.commands.v;
    struct strs words = {0};
    if (!script.complete || script.commands.n != 1 || !c->words.n || c->redirects.n ||
        c->background || c->negated || c->depth || r->depth > NEST_MAX)
        return not_node(r, text);
    VEC_EACH (set, &c->assigns) {
        if (!set->value.literal || !set_variable(r, set->name, set->value.value))
            return not_node(r, text);
    }
    VEC_EACH (w, &c->words) {
        if (!w->literal)
            return not_node(r, text);
        *vec_push(a, &words) = w->value;
    }
    size_t first = 0;
    if (str_is(words.v[0], "cross-env") || str_is(words.v[0], "env") || str_is(words.v[0], "exec"))
        for (first = 1; first < words.n && is_assign(words.v[first]); first++)
            if (!take_assign(r, words.v[first]))
                return false;
    return first < words.n ? read_words(r, words.v + first, words.n - first) : not_node(r, text);
}

static bool read_script(struct reading *r, struct str tool, struct str name, const struct str *rest,
                        size_t n)
{
    struct split *sp = r->sp;
    struct arena *a = sp->u->arena;
    struct project m = project_read(sp->u, sp->s, sp->s->workdir.path);
    if (!m.seen) {
        split_refuse(sp, "start-not-plain", sp->at, "starts '%s %s', and package.json is not seen",
                     split_text(sp, tool), split_text(sp, name));
        return false;
    }
    struct str text = project_script(&m, name);
    if (!text.p && str_is(tool, "npm") && str_is(name, "start"))
        text = STR("node server.js");
    bool around = project_script(&m, str_cat(a, STR("pre"), name)).p ||
                  project_script(&m, str_cat(a, STR("post"), name)).p;
    if (!text.p)
        return not_node(r, name);
    if (around) {
        split_refuse(sp, "start-not-plain", sp->at,
                     "has scripts of package.json around '%s', which start programs of their own",
                     split_text(sp, name));
        return false;
    }
    for (size_t i = 0; i < n; i++) /* npm start -- --port 8080 */
        text = str_fmt(a, "%.*s '%.*s'", STR_ARG(text), STR_ARG(rest[i]));
    r->out->package = true;
    return read_text(r, text);
}

/* npm start, npm run x, yarn x, yarn run x. Options that lead to another folder are not read. */
static bool read_manager(struct reading *r, const struct str *words, size_t n)
{
    static const char *const quiet[] = {"--silent", "-s", "--quiet", "-q", NULL};
    bool npm = str_is(words[0], "npm");
    size_t i = 1;
    while (i < n && in_list(words[i], quiet))
        i++;
    bool run = i < n && (str_is(words[i], "run") || (npm && str_is(words[i], "run-script")));
    i += run;
    while (i < n && in_list(words[i], quiet))
        i++;
    if (i >= n || is_option(words[i]) || (npm && !run && !str_is(words[i], "start")))
        return not_node(r, words[0]);
    struct str name = words[i++];
    if (!npm && !run && (str_is(name, "node") || str_is(name, "exec")))
        return not_node(r, name);
    if (i < n && str_is(words[i], "--"))
        i++;
    else if (npm && i < n)
        return not_node(r, words[i]); /* npm keeps options that are not behind -- */
    for (size_t k = i; k < n; k++)
        if (str_chr(words[k], '\'') >= 0)
            return not_node(r, words[k]);
    return read_script(r, words[0], name, words + i, n - i);
}

static bool read_words(struct reading *r, const struct str *words, size_t n)
{
    if (++r->depth > NEST_MAX)
        return not_node(r, words[0]);
    if (is_node(words[0]))
        return take_node(r, words + 1, n - 1);
    if (is_manager(words[0]))
        return read_manager(r, words, n);
    return not_node(r, words[0]);
}

bool node_start_read(struct split *sp, struct node_start *out)
{
    struct reading r = {.sp = sp, .out = out};
    *out = (struct node_start){0};
    if (is_for_node(sp, sp->words.v[0]))
        return take_node(&r, sp->words.v, sp->words.n);
    return read_words(&r, sp->words.v, sp->words.n);
}
