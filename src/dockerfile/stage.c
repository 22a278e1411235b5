/*
 * Two passes: the first finds the stages and what they build on, in file order, because FROM can
 * only name a stage above it; the second, `stage_eval`, runs through the instructions of each.
 */
#include "dockerfile/stage.h"

#include "base/buf.h"
#include "dockerfile/eval.h"
#include "dockerfile/lex.h"

/* ---- paths ---------------------------------------------------------------------------------- */

struct str stage_join(struct arena *a, struct str workdir, struct str path)
{
    struct buf b = buf_in(a);
    struct str all = path.n && path.p[0] == '/'
                         ? path
                         : str_fmt(a, "%.*s/%.*s", STR_ARG(workdir), STR_ARG(path));
    struct str part;
    while (str_split(&all, '/', &part)) {
        if (!part.n || str_is(part, "."))
            continue;
        if (str_is(part, "..")) {
            while (b.n && b.p[--b.n] != '/')
                ;
            continue;
        }
        buf_addc(&b, '/');
        buf_add(&b, part);
    }
    if (!b.n)
        buf_addc(&b, '/');
    return buf_str(&b);
}

bool stage_inside(struct str path, struct str dir)
{
    if (str_is(dir, "/"))
        return true;
    return str_starts(path, dir) && (path.n == dir.n || path.p[dir.n] == '/');
}

/* ---- stages --------------------------------------------------------------------------------- */

struct stage *stage_named(const struct stage_graph *g, struct str name)
{
    for (size_t i = g->stages.n; i-- > 0;)
        if (g->stages.v[i]->name.n && str_eq_nocase(g->stages.v[i]->name, name))
            return g->stages.v[i];
    return NULL;
}

struct stage *stage_root(struct stage *s)
{
    while (s->parent)
        s = s->parent;
    return s;
}

/* Variables that BuildKit sets by itself in the global scope: set, but not to what. */
static bool is_platform_arg(struct str name)
{
    static const char *const suffixes[] = {"PLATFORM", "OS", "OSVERSION", "ARCH", "VARIANT"};
    if (str_is(name, "TARGETSTAGE"))
        return true;
    bool build = str_starts(name, STR("BUILD")), target = str_starts(name, STR("TARGET"));
    if (!build && !target)
        return false;
    struct str rest = str_from(name, build ? 5 : 6);
    for (size_t i = 0; i < sizeof suffixes / sizeof *suffixes; i++)
        if (str_is(rest, suffixes[i]))
            return true;
    return false;
}

bool eval_global(void *ctx, struct str name, struct expand_value *out)
{
    struct stage_graph *g = ctx;
    for (size_t i = g->globals.n; i-- > 0 && !eval_overworked(g);) {
        if (str_eq(g->globals.v[i].name, name)) {
            *out = g->globals.v[i].value;
            return true;
        }
    }
    *out = (struct expand_value){0};
    return is_platform_arg(name);
}

static void global_args(struct stage_graph *g, struct df_item *item)
{
    struct expand_env env = {.lookup = eval_global, .ctx = g, .budget = &g->budget};
    VEC_EACH (arg, &item->node.args)
        *vec_push(g->arena, &g->globals) = eval_arg(g, *arg, env);
}

/* FROM's image: an earlier stage of exactly that name, scratch, or an image. */
static void find_base(struct stage_graph *g, struct stage *s)
{
    for (size_t i = g->stages.n; i-- > 0 && !eval_overworked(g);) {
        struct stage *earlier = g->stages.v[i];
        if (earlier->name.n && str_eq(earlier->name, s->base.text)) {
            s->base_kind = STAGE_ON_STAGE;
            s->parent = earlier;
            return;
        }
    }
    if (str_is(s->base.text, "scratch"))
        s->base_kind = STAGE_ON_SCRATCH;
    else if (!s->base.unknown && !s->base.error && !s->base.unset &&
             image_parse(g->arena, s->base.text, &s->image))
        s->base_kind = STAGE_ON_IMAGE;
    else
        s->base_kind = STAGE_ON_UNKNOWN;
}

static bool platform_is_windows(struct stage_graph *g, const struct df_node *node)
{
    struct str platform;
    struct expand_env env = {.lookup = eval_global, .ctx = g, .budget = &g->budget};
    if (!df_flag_get(node, "platform", &platform))
        return false;
    struct expanded e = expand_word(g->arena, platform, g->list->escape, env);
    return str_starts(e.text, STR("windows"));
}

static struct stage *new_stage(struct stage_graph *g, struct df_item *item)
{
    struct stage *s = arena_new(g->arena, struct stage);
    struct expand_env env = {.lookup = eval_global, .ctx = g, .budget = &g->budget};
    s->index = (unsigned)g->stages.n;
    s->graph = g;
    s->from = item;
    if (item->node.args.n == 3)
        s->name = str_lower(g->arena, item->node.args.v[2]);
    if (item->node.args.n)
        s->base = expand_word(g->arena, item->node.args.v[0], g->list->escape, env);
    find_base(g, s);
    if (s->base_kind == STAGE_ON_IMAGE && g->lookup)
        s->config.known = g->lookup(g->ctx, g->arena, &s->image, &s->config);
    if (s->base_kind == STAGE_ON_SCRATCH)
        s->config.known = true;
    if (s->parent)
        s->config = s->parent->config;
    s->config.windows |= platform_is_windows(g, &item->node);
    *vec_push(g->arena, &g->stages) = s;
    return s;
}

struct stage_graph *stage_graph_new(struct arena *a, struct df_list *list, const struct strs *args,
                                    stage_lookup *lookup, void *ctx)
{
    struct stage_graph *g = arena_new(a, struct stage_graph);
    *g = (struct stage_graph){.arena = a, .list = list, .lookup = lookup, .ctx = ctx};
    g->budget = STAGE_EXPAND_MAX;
    g->args = args;
    struct stage *s = NULL;
    for (struct df_item *it = df_first(list); it; it = df_next(it)) {
        if (it->node.cmd == DF_FROM) {
            g->too_large |= g->stages.n >= STAGE_MAX;
            if (g->too_large)
                return g;
            if (s)
                s->end = it;
            s = new_stage(g, it);
        } else if (!s && it->node.cmd == DF_ARG) {
            global_args(g, it);
        }
    }
    VEC_EACH (stage, &g->stages)
        eval_stage(g, *stage);
    return g;
}

/* ---- RUN ------------------------------------------------------------------------------------ */

/* <<-: leading tabs of every line go. */
static struct str chomped(struct arena *a, struct str body)
{
    struct buf b = buf_in(a);
    bool start = true;
    for (size_t i = 0; i < body.n; i++) {
        if (start && body.p[i] == '\t')
            continue;
        start = body.p[i] == '\n';
        buf_addc(&b, body.p[i]);
    }
    return buf_str(&b);
}

/* Is the text nothing but one heredoc word? Then the body is the script. */
static bool only_heredoc(const struct df_node *node)
{
    struct str t = node->rest;
    if (node->heredocs.n != 1 || !str_starts(t, STR("<<")))
        return false;
    for (size_t i = 0; i < t.n; i++)
        if (str_is_blank(t.p[i]) || t.p[i] == '|' || t.p[i] == '>' || t.p[i] == ';' ||
            t.p[i] == '&')
            return false;
    return true;
}

/* A #! line of something that is not a shell makes the body opaque: it is left as a comment. */
static bool foreign_shebang(struct str script)
{
    struct str line;
    if (!str_starts(script, STR("#!")) || !str_split(&script, '\n', &line))
        return false;
    line = str_trim(line);
    return !str_ends(line, STR("sh")) && !str_has(line, "sh ");
}

struct str stage_script(struct arena *a, const struct df_node *node)
{
    if (!node->heredocs.n)
        return node->rest;
    if (only_heredoc(node)) {
        const struct df_heredoc *doc = &node->heredocs.v[0];
        struct str body = doc->chomp ? chomped(a, doc->content) : doc->content;
        return foreign_shebang(body) ? STR("/dev/pipes/script") : body;
    }
    struct buf b = buf_in(a);
    buf_add(&b, node->rest);
    VEC_EACH (doc, &node->heredocs) {
        buf_addc(&b, '\n');
        buf_add(&b, doc->content);
        buf_add(&b, doc->name);
    }
    buf_addc(&b, '\n');
    return buf_str(&b);
}

static void cap_effects(struct stage_graph *g, struct run_effects *run)
{
    size_t room = STAGE_EFFECTS_MAX - g->effects;
    if (run->effects.n > room) {
        run->effects.n = room;
        run->complete = false;
    }
    g->effects += run->effects.n;
}

const struct run_effects *stage_run(struct stage_graph *g, struct stage_step *step)
{
    const struct df_node *node = &step->item->node;
    if (node->cmd != DF_RUN)
        return NULL;
    if (!step->run) {
        step->run = arena_new(g->arena, struct run_effects);
        *step->run = node->json ? run_read_exec(g->arena, node->args.v, node->args.n)
                                : run_read(g->arena, stage_script(g->arena, node));
        cap_effects(g, step->run);
    }
    return step->run;
}
