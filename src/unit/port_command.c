/*
 * ENTRYPOINT and CMD: the words that tell a program its port, the scripts that are read because
 * they may do the same, and the files that could have a number of their own.
 */
#include "base/utf8.h"
#include "unit/locate.h"
#include "unit/port_find.h"

static const struct port_text *new_text(struct finder *f, struct df_item *item)
{
    struct port_text *t = arena_new(f->u->arena, struct port_text);
    *t = (struct port_text){.item = item, .text = item->node.rest};
    *vec_push(f->u->arena, &f->texts) = t;
    return t;
}

/* ---- scripts and other files ---------------------------------------------------------------- */

static bool is_script(struct str path, struct str text)
{
    struct str line;
    if (str_ends(path, STR(".sh")) || str_ends(path, STR(".bash")))
        return true;
    return str_starts(text, STR("#!")) && str_split(&text, '\n', &line) &&
           (str_ends(str_trim(line), STR("sh")) || str_has(line, "sh -"));
}

static bool is_path(struct str s)
{
    return s.n > 1 && s.p[0] != '-' && str_chr(s, ' ') < 0 && str_chr(s, '=') < 0 &&
           str_chr(s, ':') < 0 && (str_chr(s, '/') >= 0 || str_chr(s, '.') >= 0);
}

static void read_script(struct finder *f, const struct located *where, struct str path)
{
    struct port_text *t = arena_new(f->u->arena, struct port_text);
    *t = (struct port_text){.path = where->path, .text = where->text};
    if (where->kind != LOCATED_CONTEXT)
        t->fixed = "it stands in a heredoc";
    else if (where->edited)
        t->fixed = "a RUN step changes the script";
    VEC_EACH (old, &f->texts)
        if (!(*old)->item && str_eq((*old)->text, t->text))
            return;
    *vec_push(f->u->arena, &f->texts) = t;
    if (!port_shell_commands(f->u->arena, t, 0, &f->commands))
        port_stays(f, where->item, "the script '%s' was not understood",
                   utf8_safe(f->u->arena, path, 80).p);
}

static void look_at_file(struct finder *f, struct str word, bool started)
{
    if (f->files++ >= PORT_FILES_MAX) {
        port_stays(f, NULL, "the start command names more than %d files", PORT_FILES_MAX);
        return;
    }
    struct str dir = f->s->workdir.known ? f->s->workdir.path : STR("/");
    struct str path = stage_join(f->u->arena, dir, word);
    struct located where = locate_file(f->u, f->s, path);
    bool shell = str_ends(word, STR(".sh")) || str_ends(word, STR(".bash"));
    bool seen = where.kind == LOCATED_CONTEXT || where.kind == LOCATED_TEXT;
    if (seen && where.text.p && is_script(path, where.text))
        read_script(f, &where, path);
    else if (seen && where.text.p && str_chr(where.text, 0) < 0)
        *vec_push(f->u->arena, &f->sources) =
            (struct port_source){where.path, where.text, where.item};
    else if (shell && started)
        port_stays(f, where.item, "the script '%s' was not read",
                   utf8_safe(f->u->arena, word, 80).p);
}

/* npm start: the command stands in package.json. */
static void look_at_package(struct finder *f, struct str program)
{
    static const char *const managers[] = {"npm", "yarn", "pnpm", "yarnpkg", "bun", NULL};
    for (const char *const *m = managers; *m; m++)
        if (str_is(program, *m))
            look_at_file(f, STR("package.json"), false);
}

static void look_at_files(struct finder *f, const struct port_command *c)
{
    for (size_t i = 0; i < c->words.n && !f->out->stays; i++) {
        const struct port_word *w = &c->words.v[i];
        if (!i)
            look_at_package(f, str_basename(w->value));
        if (w->literal && is_path(w->value))
            look_at_file(f, w->value, true);
    }
    if (c->reads.n && is_path(c->reads))
        look_at_file(f, c->reads, false);
}

/* ---- words ---------------------------------------------------------------------------------- */

/* ${PORT:-80} where PORT is set: the number does not count. */
static bool is_unused_default(const struct finder *f, struct str v)
{
    ptrdiff_t at = str_find(v, STR("PORT:-"));
    ptrdiff_t open = at < 0 ? -1 : str_rchr(str_sub(v, 0, (size_t)at), '{');
    if (open < 0)
        return false;
    struct str name = str_sub(v, (size_t)open + 1, (size_t)at + 4);
    VEC_EACH (var, &f->s->vars)
        if (str_eq(var->name, name))
            return true;
    return false;
}

static void find_in_words(struct finder *f, const struct port_command *c)
{
    for (size_t i = 0; i < c->words.n && !f->out->stays; i++) {
        const struct port_word *w = &c->words.v[i];
        struct span number;
        uint32_t port;
        if (!port_in_word(&c->words, i, &number, &port) || is_unused_default(f, w->value))
            continue;
        port_add_site(f, PORT_LISTENS, port, w->in, port_word_place(w, number.from),
                      number.to - number.from);
    }
}

/* The words of an exec form are one command; CMD's come behind those of ENTRYPOINT. */
static void add_process(struct finder *f, struct stage_process *p, struct port_command *words)
{
    if (!p->set || !p->item)
        return;
    const struct port_text *t = new_text(f, p->item);
    if (p->json)
        port_exec_words(f->u->arena, t, 0, &words->words);
    else if (!port_shell_commands(f->u->arena, t, 0, &f->commands))
        port_stays(f, p->item, "the start command was not understood");
}

void port_find_commands(struct finder *f)
{
    struct stage_process *ep = &f->s->entrypoint, *cmd = &f->s->cmd;
    struct port_command words = {0};
    add_process(f, ep, &words);
    if (!(ep->set && ep->item && !ep->json)) /* the shell form takes no arguments */
        add_process(f, cmd, &words);
    if (words.words.n && !port_add_command(f->u->arena, &words, &f->commands))
        port_stays(f, cmd->item ? cmd->item : ep->item, "the start command was not understood");
    for (size_t i = 0; i < f->commands.n && !f->out->stays; i++) {
        struct port_command c = f->commands.v[i]; /* a script adds more of them */
        find_in_words(f, &c);
        look_at_files(f, &c);
    }
}
