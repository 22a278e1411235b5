/*
 * The script for fish: a list of rules. Without a command the options of diff hold, so a rule that
 * diff has says where it does not hold, and any other says where it does.
 */
#include "base/buf.h"
#include "cli/completion.h"

static void add_quoted(struct buf *b, const char *text)
{
    buf_addc(b, '\'');
    for (; *text; text++) {
        if (*text == '\'' || *text == '\\')
            buf_addc(b, '\\');
        buf_addc(b, *text);
    }
    buf_addc(b, '\'');
}

/* The commands that take the option, or those that don't. */
static struct str commands_that(struct arena *a, const struct option_spec *s, bool take)
{
    struct buf b = buf_in(a);
    const struct command **list = command_by_rank(a);
    for (size_t i = 0; i < command_count; i++)
        if (completion_accepts(list[i], s) == take)
            buf_addf(&b, " %s", list[i]->name);
    return buf_str(&b);
}

static void add_condition(struct buf *b, const struct option_spec *s)
{
    const struct command *diff = command_find(STR("diff"));
    bool by_default = diff && completion_accepts(diff, s);
    struct str list = commands_that(b->arena, s, !by_default);
    if (list.n)
        buf_addf(b, " -n '%s__fish_seen_subcommand_from%s'", by_default ? "not " : "", list.p);
}

static void add_value(struct buf *b, const struct option_spec *s)
{
    struct str rest, choice;
    switch (completion_value(b->arena, s)) {
    case COMPLETION_NONE:
        return;
    case COMPLETION_FILE:
        buf_addz(b, " -r -F");
        return;
    case COMPLETION_ANY:
        buf_addz(b, " -x");
        return;
    case COMPLETION_CHOICE:
        rest = str_of(options_choices(b->arena, s));
        buf_addz(b, " -x -a '");
        while (str_split(&rest, '|', &choice))
            buf_addf(b, "%.*s%s", STR_ARG(choice), rest.p ? " " : "");
        buf_addc(b, '\'');
        return;
    }
}

static void add_rule(struct buf *b, const struct option_spec *s, const char *prefix)
{
    buf_addz(b, "complete -c unroot");
    add_condition(b, s);
    buf_addf(b, " -l %s%s", prefix, s->name);
    if (s->letter)
        buf_addf(b, " -s %c", s->letter);
    add_value(b, s);
    buf_addz(b, " -d ");
    add_quoted(b, s->help);
    buf_addc(b, '\n');
}

static void add_command(struct buf *b, const struct command *c)
{
    buf_addf(b, "complete -c unroot -n __fish_use_subcommand -a %s -d ", c->name);
    add_quoted(b, c->summary);
    buf_addc(b, '\n');
    if (!c->words)
        return;
    buf_addf(b, "complete -c unroot -n '__fish_seen_subcommand_from %s' -f -a '%s'\n", c->name,
             c->words(b->arena));
}

struct str completion_fish(struct arena *a)
{
    struct buf b = buf_in(a);
    const struct command **list = command_by_rank(a);
    struct options_table t = options_all();
    buf_addz(&b, "# Completion of unroot for fish, written by `unroot completion fish`.\n");
    for (size_t i = 0; i < command_count; i++)
        add_command(&b, list[i]);
    VEC_EACH (s, &t) {
        add_rule(&b, s, "");
        if (s->negatable)
            add_rule(&b, s, "no-");
    }
    return buf_str(&b);
}
