/* The script for zsh: one call of _arguments for each command. */
#include "base/buf.h"
#include "cli/completion.h"

/* In single quotes, with what _arguments and _describe take for themselves escaped. */
static void add_quoted(struct buf *b, const char *text)
{
    for (; *text; text++) {
        if (*text == '\'')
            buf_addz(b, "'\\''");
        else if (strchr(":[]\\", *text))
            buf_addf(b, "\\%c", *text);
        else
            buf_addc(b, *text);
    }
}

static void add_value(struct buf *b, const struct option_spec *s)
{
    struct str rest, choice;
    switch (completion_value(b->arena, s)) {
    case COMPLETION_NONE:
        return;
    case COMPLETION_FILE:
        buf_addf(b, ":%s:_files", s->value);
        return;
    case COMPLETION_ANY:
        buf_addf(b, ":%s: ", s->value);
        return;
    case COMPLETION_CHOICE:
        rest = str_of(options_choices(b->arena, s));
        buf_addf(b, ":%s:(", s->value);
        while (str_split(&rest, '|', &choice))
            buf_addf(b, "%.*s%s", STR_ARG(choice), rest.p ? " " : "");
        buf_addc(b, ')');
        return;
    }
}

static void add_form(struct buf *b, const struct option_spec *s, struct str form)
{
    buf_addf(b, "            '*%.*s[", STR_ARG(form));
    add_quoted(b, s->help);
    buf_addc(b, ']');
    add_value(b, s);
    buf_addz(b, "' \\\n");
}

/* `--name=` lets both `--name x` and `--name=x` stand. */
static void add_option(struct buf *b, const struct option_spec *s)
{
    add_form(b, s, str_fmt(b->arena, "--%s%s", s->name, s->value ? "=" : ""));
    if (s->negatable)
        add_form(b, s, str_fmt(b->arena, "--no-%s", s->name));
    if (s->letter)
        add_form(b, s, str_fmt(b->arena, "-%c%s", s->letter, s->value ? "+" : ""));
}

static void add_command(struct buf *b, const struct command *c)
{
    struct options_table t = options_all();
    buf_addf(b, "    %s)\n        _arguments -s -S \\\n", c->name);
    VEC_EACH (s, &t)
        if (completion_accepts(c, s))
            add_option(b, s);
    if (c->words)
        buf_addf(b, "            '*:operand:(%s)'\n", c->words(b->arena));
    else
        buf_addz(b, "            '*:path:_files'\n");
    buf_addz(b, "        ;;\n");
}

struct str completion_zsh(struct arena *a)
{
    struct buf b = buf_in(a);
    const struct command **list = command_by_rank(a);
    buf_addz(&b, "#compdef unroot\n"
                 "# Completion of unroot for zsh, written by `unroot completion zsh`.\n"
                 "_unroot() {\n"
                 "    local command=diff\n"
                 "    local -a commands\n"
                 "    commands=(\n");
    for (size_t i = 0; i < command_count; i++) {
        buf_addf(&b, "        '%s:", list[i]->name);
        add_quoted(&b, list[i]->summary);
        buf_addz(&b, "'\n");
    }
    buf_addz(&b, "    )\n"
                 "    if (( CURRENT == 2 )) && [[ $words[2] != -* ]]; then\n"
                 "        _describe command commands\n"
                 "        _files\n"
                 "        return\n"
                 "    fi\n"
                 "    if (( CURRENT > 2 && ${+commands[(r)$words[2]:*]} )); then\n"
                 "        command=$words[2]\n"
                 "        shift words\n"
                 "        (( CURRENT-- ))\n"
                 "    fi\n"
                 "    case $command in\n");
    for (size_t i = 0; i < command_count; i++)
        add_command(&b, list[i]);
    buf_addz(&b, "    esac\n"
                 "}\n"
                 "if [[ $funcstack[1] == _unroot ]]; then\n"
                 "    _unroot \"$@\"\n"
                 "else\n"
                 "    compdef _unroot unroot\n"
                 "fi\n");
    return buf_str(&b);
}
