/*
 * The unit owns nothing but its place in the arena. Edits go through here so that each one is
 * written down before it is made.
 */
#include "unit/unit.h"

#include <stdarg.h>
#include <stdio.h>

#include "base/buf.h"
#include "base/utf8.h"

struct lookup {
    struct unit *unit;
    const struct facts *last;
};

static struct strs env_pairs(struct arena *a, const struct facts *f)
{
    struct strs out = {0};
    VEC_EACH (e, &f->env) {
        *vec_push(a, &out) = e->name;
        *vec_push(a, &out) = e->value;
    }
    return out;
}

static bool look_up(void *ctx, struct arena *a, const struct image_ref *image,
                    struct stage_config *out)
{
    struct lookup *l = ctx;
    struct facts *f = arena_new(a, struct facts);
    if (!facts_find(l->unit->settings->facts, a, image, f))
        return false;
    out->windows = f->family == FACTS_WINDOWS;
    out->onbuild = f->onbuild;
    out->user = f->user;
    out->workdir = f->workdir;
    out->entrypoint = (struct strs){f->entrypoint.v, f->entrypoint.n, f->entrypoint.n};
    out->cmd = (struct strs){f->cmd.v, f->cmd.n, f->cmd.n};
    out->volumes = (struct strs){f->volumes.v, f->volumes.n, f->volumes.n};
    out->env = env_pairs(a, f);
    VEC_EACH (p, &f->ports)
        *vec_push(a, &out->ports) = *p;
    out->known = true;
    out->facts = f;
    return true;
}

static struct strs *build_args(struct arena *a, const struct ur_build *build)
{
    struct strs *out = arena_new(a, struct strs);
    for (size_t i = 0; build && i < build->arg_count; i++) {
        *vec_push(a, out) = str_dup(a, str_of(build->args[i].name));
        *vec_push(a, out) = str_dup(a, str_of(build->args[i].value));
    }
    return out;
}

struct unit *unit_new(struct arena *a, const struct settings *s, struct str path,
                      struct df_list *list, const struct ur_build *build)
{
    struct unit *u = arena_new(a, struct unit);
    *u = (struct unit){.arena = a, .settings = s, .path = path, .list = list, .build = build};
    struct lookup *l = arena_new(a, struct lookup);
    l->unit = u;
    u->graph = stage_graph_new(a, list, build_args(a, build), look_up, l);
    u->plans = arena_alloc(a, u->graph->stages.n * sizeof *u->plans);
    return u;
}

const struct facts *unit_facts(const struct unit *u, const struct stage *s)
{
    static const struct facts scratch = {.family = FACTS_SCRATCH,
                                         .user_tools = FACTS_TOOLS_NONE,
                                         .starts = FACTS_STARTS_NOTHING,
                                         .start_as = FACTS_AS_ANY};
    (void)u;
    while (s->parent)
        s = s->parent;
    return s->base_kind == STAGE_ON_SCRATCH ? &scratch : s->config.facts;
}

struct str unit_identity(const struct unit *u, const struct identity *id)
{
    return id->gid_known ? str_fmt(u->arena, "%u:%u", id->uid, id->gid)
                         : str_fmt(u->arena, "%u", id->uid);
}

bool unit_run_says(struct unit *u, struct stage *s, struct str text)
{
    for (; s; s = s->parent)
        VEC_EACH (step, &s->steps) {
            const struct run_effects *run = stage_run(u->graph, step);
            if (run && str_find(run->script.text, text) >= 0)
                return true;
        }
    return false;
}

/* ---- findings ------------------------------------------------------------------------------- */

struct ur_finding *unit_find(struct unit *u, enum ur_level level, const struct df_item *at,
                             const char *fmt, ...)
{
    va_list ap, again;
    struct ur_finding *f = vec_push(u->arena, &u->findings);
    *f = (struct ur_finding){.rule = u->rule, .level = level, .refs = u->refs};
    va_start(ap, fmt);
    va_copy(again, ap);
    int n = vsnprintf(NULL, 0, fmt, ap);
    va_end(ap);
    char *text = arena_bytes(u->arena, (size_t)(n < 0 ? 0 : n) + 1);
    vsnprintf(text, (size_t)n + 1, fmt, again);
    va_end(again);
    f->message = utf8_safe(u->arena, str_of(text), 1000).p;
    if (at) {
        f->line = at->line;
        f->end_line = at->end_line;
        f->column = (unsigned)utf8_count(str_sub(at->bytes, 0, at->node.keyword_raw.from)) + 1;
    }
    return f;
}

/* ---- edits ---------------------------------------------------------------------------------- */

static struct delta *declare(struct unit *u, enum delta_kind kind, long ordinal, struct str text)
{
    struct delta *d = vec_push(u->arena, &u->deltas);
    *d = (struct delta){.kind = kind, .rule = u->rule, .ordinal = ordinal, .text = text};
    return d;
}

/* The number of the last original instruction in front of `at` (NULL: the end). */
static long ordinal_before(const struct unit *u, const struct df_item *at)
{
    const struct df_item *it = at ? at->prev : u->list->last;
    while (it && (it->kind != DF_INSTRUCTION || it->change == DF_INSERTED))
        it = it->prev;
    return it ? (long)it->ordinal : -1;
}

struct df_item *unit_insert_before(struct unit *u, struct df_item *at, struct str comment,
                                   struct str text)
{
    declare(u, DELTA_INSERT, ordinal_before(u, at), text)->comment = comment;
    return df_insert_before(u->list, at, comment, text);
}

struct df_item *unit_insert_tight(struct unit *u, struct df_item *at, struct str comment,
                                  struct str text)
{
    declare(u, DELTA_INSERT, ordinal_before(u, at), text)->comment = comment;
    return df_insert_tight(u->list, at, comment, text);
}

struct df_item *unit_insert_after(struct unit *u, struct df_item *at, struct str comment,
                                  struct str text)
{
    long ordinal = at->change == DF_INSERTED ? ordinal_before(u, at) : (long)at->ordinal;
    declare(u, DELTA_INSERT, ordinal, text)->comment = comment;
    return df_insert_after(u->list, at, comment, text);
}

void unit_flag_set(struct unit *u, struct df_item *item, const char *name, struct str value)
{
    declare(u, DELTA_FLAG, (long)item->ordinal, value)->name = name;
    df_flag_set(u->list, item, name, value);
}

void unit_args_set(struct unit *u, struct df_item *item, struct str text)
{
    declare(u, DELTA_ARGS, (long)item->ordinal, text);
    df_args_set(u->list, item, text);
}

void unit_remove(struct unit *u, struct df_item *item)
{
    struct delta *d = declare(u, DELTA_REMOVE, (long)item->ordinal, STR(""));
    d->text = df_remove_whole(u->list, item);
}

void unit_user_set(struct unit *u, struct df_item *item, struct str comment, struct str text)
{
    struct str line = str_fmt(u->arena, "# %.*s", STR_ARG(comment));
    if (item->prev && item->prev->kind == DF_GAP && str_ends(str_trim(item->prev->bytes), line))
        comment = STR(""); /* it says so already */
    declare(u, DELTA_ARGS, (long)item->ordinal, text)->comment = comment;
    if (comment.n)
        df_comment_before(u->list, item, comment);
    df_args_set(u->list, item, text);
}

void unit_file_edit(struct unit *u, struct str path, struct span old, struct str with)
{
    *vec_push(u->arena, &u->file_edits) =
        (struct file_edit){.rule = u->rule, .path = path, .old = old, .with = with};
}

void unit_word_insert(struct unit *u, struct df_item *item, size_t at, struct str text)
{
    declare(u, DELTA_WORD, (long)item->ordinal, text)->at = at;
    size_t raw = df_rest_raw(item, at);
    df_splice(u->list, item, span_make(raw, raw), text);
}

void unit_port_set(struct unit *u, struct df_item *item, size_t at, struct str old, struct str text)
{
    size_t raw = df_rest_raw(item, at);
    struct delta *d = declare(u, DELTA_PORT, (long)item->ordinal, text);
    d->at = at;
    d->old = old;
    df_splice(u->list, item, span_make(raw, raw + old.n), text);
}

/* ---- style ---------------------------------------------------------------------------------- */

/* Do the file's own RUN steps end their lines in "&& \" rather than begin them with "&&"? */
static bool trailing_and(const struct unit *u)
{
    size_t trailing = 0, leading = 0;
    LIST_EACH (it, u->list) {
        if (it->kind != DF_INSTRUCTION || it->node.cmd != DF_RUN || it->change == DF_INSERTED)
            continue;
        struct str rest = it->bytes, line;
        while (str_split(&rest, '\n', &line)) {
            line = str_trim(line);
            leading += str_starts(line, STR("&&"));
            if (line.n && line.p[line.n - 1] == u->list->escape)
                trailing += str_ends(str_trim(str_sub(line, 0, line.n - 1)), STR("&&"));
        }
    }
    return trailing > leading;
}

/* How the file's own RUN steps indent their further lines; four blanks when they have none. */
static struct str own_indent(const struct unit *u)
{
    LIST_EACH (it, u->list) {
        struct str rest = it->bytes, line;
        if (it->kind != DF_INSTRUCTION || it->node.cmd != DF_RUN || it->change == DF_INSERTED ||
            it->node.heredocs.n)
            continue;
        str_split(&rest, '\n', &line);
        while (str_split(&rest, '\n', &line)) {
            size_t n = 0;
            while (n < line.n && (line.p[n] == ' ' || line.p[n] == '\t'))
                n++;
            if (n && n <= 8 && n < line.n && line.p[n] != '#' && line.p[n] != '\r')
                return str_sub(line, 0, n);
        }
    }
    return STR("    ");
}

struct str unit_join_commands(struct unit *u, const struct strs *commands)
{
    struct buf b = buf_in(u->arena);
    bool trailing = trailing_and(u);
    struct str indent = own_indent(u);
    for (size_t i = 0; i < commands->n; i++) {
        if (i && trailing)
            buf_addf(&b, " && %c\n%.*s", u->list->escape, STR_ARG(indent));
        else if (i)
            buf_addf(&b, " %c\n%.*s&& ", u->list->escape, STR_ARG(indent));
        buf_add(&b, commands->v[i]);
    }
    return buf_str(&b);
}

struct str unit_comment(struct unit *u, struct str text, const char *why)
{
    if (!u->settings->comments)
        return text;
    if (!text.n)
        return str_of(why);
    return str_fmt(u->arena, "%.*s: %s", STR_ARG(text), why);
}
