/*
 * ENTRYPOINT and CMD as words. Without a shell only the exec form starts anything; a shell form of
 * one plain command is turned into it, so is an `sh -c` with one. Init programs that only pass
 * signals on are left out: where there are no other processes there is nothing for them to do.
 */
#include "split/split.h"

#include "base/utf8.h"

static void push(struct split *sp, struct strs *list, struct str s)
{
    *vec_push(sp->u->arena, list) = s;
}

/* ---- shell text ----------------------------------------------------------------------------- */

/* One command, every word literal, nothing that needs a shell. */
bool start_plain_words(struct split *sp, struct str text, struct strs *out)
{
    struct shell_script script = shell_read(sp->u->arena, text);
    const struct shell_command *c = script.commands.v;
    if (!script.complete || script.commands.n != 1 || !c->words.n)
        return false;
    if (str_is(c->words.v[0].value, "exec") && c->words.n > 1)
        return start_plain_words(sp, str_from(text, c->words.v[1].raw.from), out);
    if (script.uses_features || c->assigns.n || c->redirects.n)
        return false;
    VEC_EACH (w, &c->words) {
        if (!w->literal)
            return false;
        push(sp, out, w->value);
    }
    return true;
}

/* $NAME, ${NAME} */
static bool is_variable(struct str word, struct str *name)
{
    if (word.n < 2 || word.p[0] != '$')
        return false;
    bool braces = word.p[1] == '{';
    if (braces && word.p[word.n - 1] != '}')
        return false;
    *name = braces ? str_sub(word, 2, word.n - 1) : str_from(word, 1);
    for (size_t i = 0; i < name->n; i++) {
        char c = name->p[i];
        if (!(c == '_' || (c >= 'A' && c <= 'Z') || (i && c >= '0' && c <= '9')))
            return false;
    }
    return name->n > 0;
}

/* java $JAVA_OPTS -jar app.jar: options that a variable holds. They are left out, and the shape has
 * to see to them. */
static bool java_words(struct split *sp, struct str text, struct strs *out)
{
    struct shell_script script = shell_read(sp->u->arena, text);
    const struct shell_command *c = script.commands.v;
    bool jar = false;
    struct str name;
    if (!script.complete || script.commands.n != 1 || c->assigns.n || c->redirects.n)
        return false;
    if (c->words.n > 1 && str_is(c->words.v[0].value, "exec"))
        return java_words(sp, str_from(text, c->words.v[1].raw.from), out);
    if (!c->words.n || !str_is(str_basename(c->words.v[0].value), "java"))
        return false;
    VEC_EACH (w, &c->words) {
        if (w->literal)
            push(sp, out, w->value);
        else if (!jar && is_variable(w->value, &name))
            push(sp, &sp->variables, name);
        else
            return false;
        jar |= str_is(w->value, "-jar") || str_is(w->value, "-cp");
    }
    return true;
}

static bool text_words(struct split *sp, struct str text, struct strs *out)
{
    struct strs plain = {0}, java = {0};
    if (start_plain_words(sp, text, &plain))
        *out = plain;
    else if (java_words(sp, text, &java))
        *out = java;
    else
        return false;
    return true;
}

static bool is_shell(struct str word)
{
    static const char *const names[] = {"sh", "bash", "ash", "dash", NULL};
    for (const char *const *n = names; *n; n++)
        if (str_is(str_basename(word), *n))
            return true;
    return false;
}

/* sh -c TEXT */
static bool unwrap_shell(struct split *sp, struct strs *words)
{
    struct strs inner = {0};
    if (words->n != 3 || !is_shell(words->v[0]) || !str_is(words->v[1], "-c"))
        return words->n == 0 || !is_shell(words->v[0]);
    if (!text_words(sp, words->v[2], &inner))
        return false;
    *words = inner;
    sp->reformed = true;
    return true;
}

/* tini -- PROGRAM, dumb-init PROGRAM */
static void unwrap_init(struct split *sp, struct strs *words)
{
    static const char *const names[] = {"tini", "dumb-init", "tini-static", NULL};
    bool init = false;
    for (const char *const *n = names; words->n && *n; n++)
        init |= str_is(str_basename(words->v[0]), *n);
    size_t at = 1;
    while (init && at < words->n && str_starts(words->v[at], STR("-")))
        if (str_is(words->v[at++], "--"))
            break;
    if (!init)
        return;
    words->v += at;
    words->n -= at;
    words->cap = words->n;
    sp->reformed = sp->had_init = true;
}

static bool read_process(struct split *sp, const struct stage_process *p, struct strs *out)
{
    for (size_t i = 0; p->json && i < p->args.n; i++)
        push(sp, out, p->args.v[i]);
    if (!p->json) {
        sp->reformed = true;
        if (!p->args.n || !text_words(sp, p->args.v[0], out))
            return false;
    }
    return unwrap_shell(sp, out);
}

static bool is_script(struct str word)
{
    return str_ends(word, STR(".sh")) || str_ends(word, STR(".bash")) || is_shell(word);
}

/* ---- the image's own entrypoint ------------------------------------------------------------- */

/* One that starts whatever program it is given. */
static bool runs_anything(const struct facts *f)
{
    bool kind = f->starts == FACTS_STARTS_SHELL || f->starts == FACTS_STARTS_INTERPRETER ||
                f->starts == FACTS_STARTS_TOOL || f->starts == FACTS_STARTS_NOTHING;
    return kind && f->start_as == FACTS_AS_ANY;
}

static bool judge_base(struct split *sp)
{
    const struct stage *s = sp->s;
    const struct facts *f = unit_facts(sp->u, s);
    if (!f)
        split_review(sp, "unknown-base-user", stage_root(sp->s)->from,
                     str_fmt(sp->u->arena,
                             "base image '%.*s' has no ENTRYPOINT, VOLUME or variable that the "
                             "program needs",
                             STR_ARG(stage_root(sp->s)->image.text)),
                     "builds on '%s', of which nothing is known",
                     split_text(sp, stage_root(sp->s)->image.text));
    else if (s->entrypoint.set && !s->entrypoint.item && !runs_anything(f)) {
        split_refuse(sp, "unknown-shape", s->from,
                     "starts what the entrypoint of its base image makes of CMD");
        return false;
    }
    return true;
}

/* ---- both ----------------------------------------------------------------------------------- */

bool start_read(struct split *sp)
{
    const struct stage_process *ep = &sp->s->entrypoint, *cmd = &sp->s->cmd;
    bool own_ep = ep->set && ep->item, own_cmd = cmd->set && cmd->item;
    sp->at = own_ep ? ep->item : own_cmd ? cmd->item : NULL;
    if (!sp->at) {
        split_refuse(sp, "unknown-shape", sp->s->from,
                     "starts what its base image starts, of which it is not known what it needs");
        return false;
    }
    if (!judge_base(sp))
        return false;
    bool read = !own_ep || read_process(sp, ep, &sp->entrypoint);
    if (read && own_cmd && !(own_ep && !ep->json))
        read = (cmd->json || !own_ep) && read_process(sp, cmd, &sp->cmd);
    if (!read) {
        split_refuse(sp, "start-needs-shell", sp->at,
                     "starts with a shell, for a script, a variable or more than one command");
        return false;
    }
    unwrap_init(sp, own_ep ? &sp->entrypoint : &sp->cmd);
    for (size_t i = 0; i < sp->entrypoint.n; i++)
        push(sp, &sp->words, sp->entrypoint.v[i]);
    for (size_t i = 0; i < sp->cmd.n; i++)
        push(sp, &sp->words, sp->cmd.v[i]);
    if (sp->words.n && is_script(sp->words.v[0])) {
        split_refuse(sp, "start-needs-shell", sp->at, "starts the script '%s'",
                     split_text(sp, sp->words.v[0]));
        return false;
    }
    if (!sp->words.n)
        split_refuse(sp, "unknown-shape", sp->at, "starts nothing");
    return sp->words.n > 0;
}
