/*
 * The state machine behind a stage: each instruction sees what the ones before it left. Follows
 * dockerfile2llb/convert.go.
 */
#include "dockerfile/eval.h"

#include "dockerfile/lex.h"

/* ---- variables ------------------------------------------------------------------------------ */

bool eval_overworked(struct stage_graph *g)
{
    g->too_large |= ++g->work > STAGE_WORK_MAX;
    return g->too_large;
}

static bool stage_var_lookup(void *ctx, struct str name, struct expand_value *out)
{
    struct stage *s = ctx;
    for (size_t i = s->vars.n; i-- > 0 && !eval_overworked(s->graph);) {
        if (str_eq(s->vars.v[i].name, name)) {
            *out = s->vars.v[i].value;
            return true;
        }
    }
    *out = (struct expand_value){0};
    /* an image that is not known may set anything; every image sets PATH */
    return !s->config.known || s->graph->too_large || str_is(name, "PATH");
}

static struct expand_env stage_env(struct stage *s)
{
    return (struct expand_env){.lookup = stage_var_lookup, .ctx = s, .budget = &s->graph->budget};
}

struct expanded stage_expand(struct stage *s, const struct stage_step *step, struct str word)
{
    size_t all = s->vars.n;
    s->vars.n = step->vars;
    struct expanded e = expand_word(s->graph->arena, word, s->graph->list->escape, stage_env(s));
    s->vars.n = all;
    return e;
}

static void set_var(struct stage_graph *g, struct stage *s, struct str name, struct expand_value v,
                    bool env)
{
    *vec_push(g->arena, &s->vars) = (struct stage_var){name, v, env};
}

static struct expand_value value_of(struct expanded e)
{
    return (struct expand_value){e.text, !e.unknown && !e.error, e.argument};
}

/* --build-arg NAME=VALUE */
static bool build_arg(const struct stage_graph *g, struct stage_var *var)
{
    for (size_t i = 0; g->args && i + 1 < g->args->n; i += 2)
        if (str_eq(g->args->v[i], var->name)) {
            var->value.text = g->args->v[i + 1];
            var->value.known = true;
            return true;
        }
    return false;
}

struct stage_var eval_arg(struct stage_graph *g, struct str word, struct expand_env env)
{
    ptrdiff_t eq = str_chr(word, '=');
    struct stage_var var = {.name = eq < 0 ? word : str_sub(word, 0, (size_t)eq)};
    var.value.argument = true;
    if (build_arg(g, &var) || eq < 0)
        return var;
    struct expanded e = expand_word(g->arena, str_from(word, (size_t)eq + 1), g->list->escape, env);
    var.value = value_of(e);
    var.value.argument = var.value.known; /* with an unknown default it is set all the same */
    return var;
}

static void eval_args(struct stage_graph *g, struct stage *s, const struct df_node *node)
{
    VEC_EACH (word, &node->args) {
        struct stage_var var = eval_arg(g, *word, stage_env(s));
        if (str_chr(*word, '=') < 0) {
            struct expand_value global;
            if (eval_global(g, var.name, &global))
                var.value = global;
        }
        set_var(g, s, var.name, var.value, false);
    }
}

/* All values see the environment before the instruction. */
static void eval_envs(struct stage_graph *g, struct stage *s, const struct df_node *node)
{
    size_t before = s->vars.n;
    for (size_t i = 0; i + 2 < node->args.n; i += 3) {
        size_t keep = s->vars.n;
        s->vars.n = before;
        struct expanded name =
            expand_word(g->arena, node->args.v[i], g->list->escape, stage_env(s));
        struct expanded v =
            expand_word(g->arena, node->args.v[i + 1], g->list->escape, stage_env(s));
        s->vars.n = keep;
        set_var(g, s, name.text, value_of(v), true);
    }
}

/* ---- identity, place, process --------------------------------------------------------------- */

static void eval_user(struct stage_graph *g, struct stage *s, struct stage_step *step)
{
    const struct df_node *node = &step->item->node;
    if (!node->args.n)
        return;
    step->value = expand_word(g->arena, node->args.v[0], g->list->escape, stage_env(s));
    s->user = step->value.text;
    s->user_known = !step->value.unknown && !step->value.error;
    s->user_argument = step->value.argument;
    s->user_item = step->item;
    s->user_stage = s;
}

static bool has_drive(struct str p)
{
    return p.n >= 2 && p.p[1] == ':';
}

static struct stage_path resolve(struct stage_graph *g, struct stage *s, struct expanded e)
{
    struct stage_path out = {0};
    bool absolute = e.text.n && e.text.p[0] == '/';
    out.known =
        !e.unknown && !e.error && !e.unset && !has_drive(e.text) && (absolute || s->workdir.known);
    if (out.known)
        out.path = stage_join(g->arena, s->workdir.path, e.text);
    return out;
}

static void eval_workdir(struct stage_graph *g, struct stage *s, struct stage_step *step)
{
    const struct df_node *node = &step->item->node;
    if (!node->args.n)
        return;
    step->value = expand_word(g->arena, node->args.v[0], g->list->escape, stage_env(s));
    s->workdir = resolve(g, s, step->value);
}

/* Keeps the first. */
static void refuse(struct stage_graph *g, const struct df_item *item, const char *message)
{
    if (g->wrong)
        return;
    g->wrong = item;
    g->message = message;
}

static void eval_copy(struct stage_graph *g, struct stage *s, struct stage_step *step)
{
    const struct df_node *node = &step->item->node;
    struct expand_env env = stage_env(s);
    struct str flag;
    size_t n = node->args.n;
    if (n < 2)
        return;
    step->sources_known = true;
    for (size_t i = 0; i + 1 < n; i++) {
        struct expanded e = expand_word(g->arena, node->args.v[i], g->list->escape, env);
        step->sources_known &= !e.unknown && !e.error && !e.unset;
        *vec_push(g->arena, &step->sources) = e.text;
    }
    struct expanded dest = expand_word(g->arena, node->args.v[n - 1], g->list->escape, env);
    step->dest = resolve(g, s, dest);
    step->dest_is_dir = n > 2 || str_ends(dest.text, STR("/")) || str_is(dest.text, ".") ||
                        str_ends(dest.text, STR("/."));
    step->has_chown = df_flag_get(node, "chown", &flag);
    if (step->has_chown)
        step->chown = expand_word(g->arena, flag, g->list->escape, env);
    step->from_context = !df_flag_get(node, "from", &flag);
    if (step->from_context)
        return;
    uint64_t index;
    bool number = str_to_u64(flag, UINT32_MAX, &index);
    if (number)
        step->from = index < g->stages.n ? g->stages.v[index] : NULL;
    else
        step->from = stage_named(g, flag);
    if (number && !step->from)
        refuse(g, step->item, str_fmt(g->arena, "invalid stage index %u", (unsigned)index).p);
    else if (step->from && step->from->index >= s->index)
        refuse(g, step->item,
               str_fmt(g->arena,
                       "cannot copy from stage \"%.*s\", it needs to be defined before the stage "
                       "that copies",
                       STR_ARG(flag))
                   .p);
}

static struct strs as_strs(const struct df_node *node)
{
    return (struct strs){node->args.v, node->args.n, node->args.n};
}

static void eval_process(struct stage *s, struct stage_step *step)
{
    const struct df_node *node = &step->item->node;
    struct stage_process p = {.json = node->json, .item = step->item, .args = as_strs(node)};
    p.set = node->args.n || !node->json;
    if (node->cmd == DF_CMD) {
        s->cmd = p;
        s->cmd_in_stage = true;
        return;
    }
    s->entrypoint = p;
    if (!s->cmd_in_stage)
        s->cmd = (struct stage_process){0};
}

/* [ip:][host:]port[-port][/proto] */
static void eval_port(struct stage_graph *g, struct stage *s, struct str text, struct df_item *item)
{
    struct str port = text, proto = STR("tcp");
    ptrdiff_t slash = str_chr(text, '/');
    if (slash >= 0) {
        port = str_sub(text, 0, (size_t)slash);
        proto = str_from(text, (size_t)slash + 1);
    }
    ptrdiff_t colon = str_rchr(port, ':');
    if (colon >= 0)
        port = str_from(port, (size_t)colon + 1);
    struct str low = port, high = port;
    ptrdiff_t dash = str_chr(port, '-');
    if (dash >= 0) {
        low = str_sub(port, 0, (size_t)dash);
        high = str_from(port, (size_t)dash + 1);
    }
    uint64_t from, to;
    if (str_to_u64(low, 65535, &from) && str_to_u64(high, 65535, &to) && from <= to)
        *vec_push(g->arena, &s->ports) = (struct stage_port){
            (uint32_t)from, (uint32_t)to, text, item, str_eq_nocase(proto, STR("udp"))};
}

static void eval_expose(struct stage_graph *g, struct stage *s, struct stage_step *step)
{
    VEC_EACH (arg, &step->item->node.args) {
        struct expand_words w = expand_words(g->arena, *arg, g->list->escape, stage_env(s));
        VEC_EACH (word, &w.words)
            eval_port(g, s, *word, step->item);
    }
}

static void eval_volume(struct stage_graph *g, struct stage *s, struct stage_step *step)
{
    VEC_EACH (arg, &step->item->node.args) {
        struct expanded e = expand_word(g->arena, *arg, g->list->escape, stage_env(s));
        struct stage_path p = resolve(g, s, e);
        *vec_push(g->arena, &s->volumes) =
            (struct stage_volume){p.known ? p.path : STR(""), step->item};
    }
}

static void eval_step(struct stage_graph *g, struct stage *s, struct stage_step *step)
{
    switch (step->item->node.cmd) {
    case DF_ARG:
        eval_args(g, s, &step->item->node);
        break;
    case DF_ENV:
        eval_envs(g, s, &step->item->node);
        break;
    case DF_USER:
        eval_user(g, s, step);
        break;
    case DF_WORKDIR:
        eval_workdir(g, s, step);
        break;
    case DF_COPY:
    case DF_ADD:
        eval_copy(g, s, step);
        break;
    case DF_CMD:
    case DF_ENTRYPOINT:
        eval_process(s, step);
        break;
    case DF_SHELL:
        s->shell = as_strs(&step->item->node);
        break;
    case DF_EXPOSE:
        eval_expose(g, s, step);
        break;
    case DF_VOLUME:
        eval_volume(g, s, step);
        break;
    case DF_HEALTHCHECK:
        s->healthcheck = step->item;
        break;
    case DF_ONBUILD:
        s->onbuild = true;
        break;
    default:
        break;
    }
}

/* ---- what a stage begins with --------------------------------------------------------------- */

static struct stage_process image_process(struct strs args)
{
    return (struct stage_process){.set = args.n > 0, .json = true, .args = args};
}

static void begin_with_image(struct stage_graph *g, struct stage *s)
{
    const struct stage_config *c = &s->config;
    for (size_t i = 0; i + 1 < c->env.n; i += 2)
        set_var(g, s, c->env.v[i], (struct expand_value){c->env.v[i + 1], true, false}, true);
    s->user = c->user;
    s->user_known = c->known;
    s->workdir = (struct stage_path){c->workdir.n ? c->workdir : STR("/"), c->known};
    s->entrypoint = image_process(c->entrypoint);
    s->cmd = image_process(c->cmd);
    VEC_EACH (v, &c->volumes)
        *vec_push(g->arena, &s->volumes) = (struct stage_volume){*v, NULL};
    VEC_EACH (p, &c->ports)
        *vec_push(g->arena, &s->ports) = (struct stage_port){.from = *p, .to = *p};
}

static void begin_with_stage(struct stage_graph *g, struct stage *s)
{
    const struct stage *p = s->parent;
    g->work += p->vars.n + p->volumes.n + p->ports.n;
    if (eval_overworked(g))
        return;
    VEC_EACH (v, &p->vars)
        *vec_push(g->arena, &s->vars) = *v;
    VEC_EACH (v, &p->volumes)
        *vec_push(g->arena, &s->volumes) = *v;
    VEC_EACH (port, &p->ports)
        *vec_push(g->arena, &s->ports) = *port;
    s->user = p->user;
    s->user_known = p->user_known;
    s->user_argument = p->user_argument;
    s->user_item = p->user_item;
    s->user_stage = p->user_stage;
    s->workdir = p->workdir;
    s->shell = p->shell;
    s->entrypoint = p->entrypoint;
    s->cmd = p->cmd;
    s->healthcheck = p->healthcheck;
}

void eval_stage(struct stage_graph *g, struct stage *s)
{
    if (s->parent)
        begin_with_stage(g, s);
    else
        begin_with_image(g, s);
    for (struct df_item *it = df_next(s->from); it && it != s->end; it = df_next(it)) {
        struct stage_step *step = vec_push(g->arena, &s->steps);
        *step = (struct stage_step){.item = it,
                                    .user = s->user,
                                    .user_known = s->user_known,
                                    .workdir = s->workdir,
                                    .vars = s->vars.n};
        eval_step(g, s, step);
    }
}
