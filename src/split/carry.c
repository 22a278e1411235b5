/*
 * What the last stage takes over from the author's. Text without variables is taken as it is
 * written. A variable that --build-arg sets comes along with its ARG; any other is replaced by what
 * it holds, for the new base image may have another one of that name.
 */
#include "base/buf.h"
#include "split/runtime.h"

struct carry {
    struct split *sp;
    struct stage *s;               /* the one that is being read */
    const struct stage_step *step; /* the instruction */
    struct strs arguments;         /* names of ARGs that came along */
};

static void push(struct split *sp, struct strs *list, struct str s)
{
    *vec_push(sp->u->arena, list) = s;
}

/* ---- variables ------------------------------------------------------------------------------ */

static bool is_name_char(char c, bool first)
{
    return c == '_' || ((c | 0x20) >= 'a' && (c | 0x20) <= 'z') || (!first && c >= '0' && c <= '9');
}

/* Takes the name of the next variable off the front of *text. */
static bool next_name(struct str *text, struct str *name)
{
    for (ptrdiff_t at; (at = str_chr(*text, '$')) >= 0;) {
        struct str rest = str_from(*text, (size_t)at + 1);
        if (rest.n && rest.p[0] == '{')
            rest = str_from(rest, 1);
        size_t n = 0;
        while (n < rest.n && is_name_char(rest.p[n], n == 0))
            n++;
        *name = str_sub(rest, 0, n);
        *text = str_from(rest, n);
        if (n)
            return true;
    }
    return false;
}

static bool is_build_only(const struct split *sp, struct str name)
{
    return distroless_lists(&sp->data.build_env, name) ||
           distroless_lists(&sp->common.build_env, name);
}

/* The instruction of the stage that sets the name before the step, or of one that it builds on. */
static const struct df_item *setter_of(struct stage *s, const struct stage_step *end,
                                       struct str name)
{
    const struct df_item *found = NULL;
    for (const struct stage_step *step = s->steps.v; step < end; step++) {
        const struct df_node *node = &step->item->node;
        size_t stride = node->cmd == DF_ENV ? 3 : 1;
        if (node->cmd != DF_ARG && node->cmd != DF_ENV)
            continue;
        for (size_t i = 0; i < node->args.n; i += stride) {
            ptrdiff_t eq = node->cmd == DF_ARG ? str_chr(node->args.v[i], '=') : -1;
            struct str set = eq < 0 ? node->args.v[i] : str_sub(node->args.v[i], 0, (size_t)eq);
            if (str_eq(set, name))
                found = step->item;
        }
    }
    if (found || !s->parent)
        return found;
    found = setter_of(s->parent, s->parent->steps.v + s->parent->steps.n, name);
    return found && found->node.cmd == DF_ENV ? found : NULL; /* an ARG ends with its stage */
}

static bool has_come(const struct carry *c, struct str name)
{
    for (size_t i = 0; i < c->arguments.n; i++)
        if (str_eq(c->arguments.v[i], name))
            return true;
    return false;
}

/* ARG lines of the variables in the text; those of ENV have come already. False when one of them is
 * neither, or hangs on another. */
static bool bring_arguments(struct carry *c, struct str text)
{
    struct str name;
    while (next_name(&text, &name)) {
        const struct df_item *set = setter_of(c->s, c->step, name);
        if (set && set->node.cmd == DF_ENV && !is_build_only(c->sp, name))
            continue;
        if (!set || set->node.cmd == DF_ENV || str_chr(set->node.rest, '$') >= 0)
            return false;
        if (has_come(c, name))
            continue;
        VEC_EACH (word, &set->node.args) {
            ptrdiff_t eq = str_chr(*word, '=');
            push(c->sp, &c->arguments, eq < 0 ? *word : str_sub(*word, 0, (size_t)eq));
        }
        push(c->sp, &c->sp->early, str_cat(c->sp->u->arena, STR("ARG "), set->node.rest));
    }
    return true;
}

/* "text" in quotes, for ENV and LABEL. False when it can't stand on one line. */
bool carry_quoted(struct split *sp, struct str text, struct str *out)
{
    struct buf b = buf_in(sp->u->arena);
    char escape = sp->u->list->escape;
    bool plain = text.n > 0;
    for (size_t i = 0; i < text.n; i++) {
        char k = text.p[i];
        if ((unsigned char)k < ' ')
            return false;
        plain &= is_name_char(k, false) || strchr("/.:-+,%@=", k) != NULL;
        if (k == '"' || k == '$' || k == escape)
            buf_addc(&b, escape);
        buf_addc(&b, k);
    }
    *out = plain ? text : str_fmt(sp->u->arena, "\"%.*s\"", STR_ARG(buf_str(&b)));
    return true;
}

/* "/venv/bin" for VIRTUAL_ENV; false when it is not known, or needs quotes. */
static bool known_value(struct carry *c, struct str name, struct str *out)
{
    struct expanded e =
        stage_expand(c->s, c->step, str_fmt(c->sp->u->arena, "${%.*s}", STR_ARG(name)));
    *out = e.text;
    for (size_t i = 0; i < e.text.n; i++)
        if (!is_name_char(e.text.p[i], false) && !strchr("/.:-+,", e.text.p[i]))
            return false;
    return !e.unknown && !e.argument && !e.error;
}

/* Only PATH, which every image has, is not known: the other variables are replaced. */
static bool hangs_on_path(struct carry *c, struct str word, struct str *out)
{
    struct buf b = buf_in(c->sp->u->arena);
    struct str rest = word, name, value;
    bool path = false;
    for (ptrdiff_t at; (at = str_chr(rest, '$')) >= 0;) {
        struct str next = str_from(rest, (size_t)at);
        if (!next_name(&next, &name))
            return false;
        size_t end = (size_t)(name.p - rest.p) + name.n;
        if (name.p[-1] == '{' && !(end < rest.n && rest.p[end++] == '}'))
            return false; /* ${NAME:-x} */
        bool is_path = str_is(name, "PATH");
        path |= is_path;
        if (!is_path && !known_value(c, name, &value))
            return false;
        buf_add(&b, str_sub(rest, 0, (size_t)at));
        buf_add(&b, is_path ? str_sub(rest, (size_t)at, end) : value);
        rest = str_from(rest, end);
    }
    buf_add(&b, rest);
    if (path)
        *out = buf_str(&b);
    return path;
}

/* A word of the instruction as the last stage writes it. `value`: behind NAME=, where quotes are
 * needed. */
static bool carry_word(struct carry *c, struct str word, bool legacy, struct str *out)
{
    *out = word;
    bool special = str_chr(word, '"') >= 0 || str_chr(word, '\'') >= 0 ||
                   str_chr(word, c->sp->u->list->escape) >= 0;
    if (str_chr(word, '$') < 0)
        return legacy ? !special && carry_quoted(c->sp, word, out) : str_chr(word, '\n') < 0;
    struct expanded e = stage_expand(c->s, c->step, word);
    if (e.error)
        return false;
    if (!e.unknown && !e.argument)
        return carry_quoted(c->sp, e.text, out);
    if (legacy && (special || str_chr(word, ' ') >= 0))
        return false;
    return hangs_on_path(c, word, out) || bring_arguments(c, word);
}

static void cannot(struct carry *c)
{
    split_refuse(c->sp, "value-not-known", c->step->item,
                 "sets a value that is only known when it is built");
}

/* ---- ENV and LABEL -------------------------------------------------------------------------- */

static void carry_pairs(struct carry *c)
{
    const struct df_node *node = &c->step->item->node;
    bool env = node->cmd == DF_ENV;
    struct buf b = buf_in(c->sp->u->arena);
    buf_addz(&b, env ? "ENV" : "LABEL");
    size_t bare = b.n;
    for (size_t i = 0; i + 2 < node->args.n; i += 3) {
        bool legacy = !node->args.v[i + 2].n;
        struct str name, value;
        if (env && is_build_only(c->sp, node->args.v[i]))
            continue;
        if (!carry_word(c, node->args.v[i], false, &name) ||
            !carry_word(c, node->args.v[i + 1], legacy, &value)) {
            cannot(c);
            return;
        }
        buf_addf(&b, " %.*s=%.*s", STR_ARG(name), STR_ARG(value));
    }
    if (b.n > bare)
        push(c->sp, env ? &c->sp->early : &c->sp->late, buf_str(&b));
}

/* ---- the rest ------------------------------------------------------------------------------- */

static void carry_words(struct carry *c)
{
    const struct df_node *node = &c->step->item->node;
    struct buf b = buf_in(c->sp->u->arena);
    buf_addz(&b, df_cmd_name(node->cmd));
    VEC_EACH (arg, &node->args) {
        struct str word;
        if (!carry_word(c, *arg, false, &word)) {
            cannot(c);
            return;
        }
        buf_addf(&b, " %.*s", STR_ARG(word));
    }
    push(c->sp, &c->sp->late, buf_str(&b));
}

/* ["a", "b"] */
struct str carry_json(struct split *sp, const struct strs *words)
{
    struct buf b = buf_in(sp->u->arena);
    buf_addc(&b, '[');
    for (size_t i = 0; i < words->n; i++) {
        buf_addz(&b, i ? ", \"" : "\"");
        for (size_t k = 0; k < words->v[i].n; k++) {
            unsigned char ch = (unsigned char)words->v[i].p[k];
            if (ch < ' ')
                buf_addf(&b, "\\u%04x", ch);
            else if (ch == '"' || ch == '\\')
                buf_addf(&b, "\\%c", ch);
            else
                buf_addc(&b, (char)ch);
        }
        buf_addc(&b, '"');
    }
    buf_addc(&b, ']');
    return buf_str(&b);
}

static void carry_volumes(struct carry *c)
{
    struct strs paths = {0};
    VEC_EACH (v, &c->sp->s->volumes)
        if (v->item == c->step->item) {
            if (!v->path.n) {
                cannot(c);
                return;
            }
            push(c->sp, &paths, v->path);
        }
    push(c->sp, &c->sp->late, str_cat(c->sp->u->arena, STR("VOLUME "), carry_json(c->sp, &paths)));
}

static void carry_maintainer(struct carry *c)
{
    struct str value;
    if (carry_quoted(c->sp, c->step->item->node.rest, &value))
        push(c->sp, &c->sp->late, str_cat(c->sp->u->arena, STR("LABEL maintainer="), value));
}

static void carry_step(struct carry *c)
{
    switch (c->step->item->node.cmd) {
    case DF_ENV:
    case DF_LABEL:
        carry_pairs(c);
        break;
    case DF_EXPOSE:
    case DF_STOPSIGNAL:
        carry_words(c);
        break;
    case DF_VOLUME:
        carry_volumes(c);
        break;
    case DF_MAINTAINER:
        carry_maintainer(c);
        break;
    default:
        break;
    }
}

static void carry_stage(struct carry *c, struct stage *s)
{
    if (s->parent)
        carry_stage(c, s->parent);
    c->s = s;
    c->arguments.n = 0;
    VEC_EACH (step, &s->steps) {
        c->step = step;
        carry_step(c);
    }
}

/* ---- HEALTHCHECK ---------------------------------------------------------------------------- */

static struct str flags_of(struct split *sp, const struct df_node *node)
{
    struct buf b = buf_in(sp->u->arena);
    VEC_EACH (f, &node->flags)
        buf_addf(&b, " %.*s", STR_ARG(f->text));
    return buf_str(&b);
}

/* Is the program one that is in the last stage: the very one that starts? */
static bool is_there(struct split *sp, struct str program)
{
    struct str started = sp->words.v[0];
    if (str_eq(program, started))
        return true;
    return str_chr(program, '/') >= 0 &&
           (str_chr(started, '/') >= 0 ? str_eq(split_path(sp, program), split_path(sp, started))
                                       : split_covers(sp, split_path(sp, program)) && sp->compiled);
}

/* Docker takes any exit status but 0 as unhealthy. */
static struct str without_exit(struct str text)
{
    static const struct str tail = {"|| exit 1", 9};
    text = str_trim(text);
    return str_ends(text, tail) ? str_sub(text, 0, text.n - tail.n) : text;
}

static void carry_health(struct split *sp)
{
    struct df_item *item = sp->s->healthcheck;
    struct strs words = {0};
    if (!item || !item->node.args.n)
        return;
    const struct df_node *node = &item->node;
    if (str_eq_nocase(node->args.v[0], STR("NONE"))) {
        push(sp, &sp->late, STR("HEALTHCHECK NONE"));
        return;
    }
    bool plain = true;
    if (node->json)
        for (size_t i = 1; i < node->args.n; i++)
            push(sp, &words, node->args.v[i]);
    else
        plain = node->args.n == 2 && start_plain_words(sp, without_exit(node->args.v[1]), &words);
    bool runtime = plain && words.n && runtime_replace(sp, &words);
    if (!plain || !words.n || (!runtime && !is_there(sp, words.v[0]))) {
        const char *program = plain && words.n ? split_text(sp, words.v[0]) : NULL;
        split_refuse(sp, "healthcheck-needs-program", item,
                     "has a HEALTHCHECK that needs %s%s, which is not in the image",
                     program ? "the program " : "a shell", program ? program : "");
        return;
    }
    sp->health_anew = !node->json || runtime;
    sp->health = str_fmt(sp->u->arena, "HEALTHCHECK%.*s CMD %.*s", STR_ARG(flags_of(sp, node)),
                         STR_ARG(carry_json(sp, &words)));
    push(sp, &sp->late, sp->health);
}

void carry_all(struct split *sp)
{
    struct carry c = {.sp = sp};
    if (!sp->in_place)
        carry_stage(&c, sp->s);
    carry_health(sp);
}
