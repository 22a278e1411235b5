/*
 * The script for bash, and what the three have in common. Each script is one function with a case
 * for the command and one for the option in front of the cursor.
 */
#include "cli/completion.h"

#include "base/buf.h"

enum completion_value completion_value(struct arena *a, const struct option_spec *s)
{
    if (!s->value)
        return COMPLETION_NONE;
    if (options_choices(a, s))
        return COMPLETION_CHOICE;
    if (strcmp(s->value, "FILE") == 0 || strcmp(s->value, "PATH") == 0)
        return COMPLETION_FILE;
    return COMPLETION_ANY;
}

bool completion_accepts(const struct command *c, const struct option_spec *s)
{
    return s->group == GROUP_ALL || (c->groups & s->group);
}

/* "--name|-n" for a case. */
static void add_pattern(struct buf *b, const struct option_spec *s, const char *separator)
{
    buf_addf(b, "%s--%s", separator, s->name);
    if (s->letter)
        buf_addf(b, "|-%c", s->letter);
}

static void add_values(struct buf *b, enum completion_value kind, const char *action)
{
    struct options_table t = options_all();
    const char *separator = "    ";
    VEC_EACH (s, &t)
        if (completion_value(b->arena, s) == kind) {
            add_pattern(b, s, separator);
            separator = "|";
        }
    buf_addf(b, ")\n        %s\n        return ;;\n", action);
}

static struct str spaced(struct arena *a, const char *choices)
{
    struct str copy = str_dup(a, str_of(choices));
    for (size_t i = 0; i < copy.n; i++)
        if (copy.p[i] == '|')
            ((char *)copy.p)[i] = ' ';
    return copy;
}

static void add_choices(struct buf *b)
{
    struct options_table t = options_all();
    VEC_EACH (s, &t)
        if (completion_value(b->arena, s) == COMPLETION_CHOICE) {
            add_pattern(b, s, "    ");
            buf_addf(b,
                     ")\n        mapfile -t COMPREPLY < <(compgen -W '%s' -- \"$cur\")\n"
                     "        return ;;\n",
                     spaced(b->arena, options_choices(b->arena, s)).p);
        }
}

static void add_command(struct buf *b, const struct command *c)
{
    struct options_table t = options_all();
    buf_addf(b, "    %s)\n        options='", c->name);
    VEC_EACH (s, &t)
        if (completion_accepts(c, s)) {
            buf_addf(b, "--%s ", s->name);
            if (s->negatable)
                buf_addf(b, "--no-%s ", s->name);
            if (s->letter)
                buf_addf(b, "-%c ", s->letter);
        }
    b->n--;
    buf_addf(b, "'\n        words='%s' ;;\n", c->words ? c->words(b->arena) : "");
}

static void add_names(struct buf *b, const char *separator)
{
    const struct command **list = command_by_rank(b->arena);
    for (size_t i = 0; i < command_count; i++)
        buf_addf(b, "%s%s", i ? separator : "", list[i]->name);
}

struct str completion_bash(struct arena *a)
{
    struct buf b = buf_in(a);
    const struct command **list = command_by_rank(a);
    buf_addz(&b, "# Completion of unroot for bash, written by `unroot completion bash`.\n"
                 "_unroot() {\n"
                 "    local cur=${COMP_WORDS[COMP_CWORD]} prev=${COMP_WORDS[COMP_CWORD-1]}\n"
                 "    local command=diff options words\n"
                 "    [[ $prev == = ]] && prev=${COMP_WORDS[COMP_CWORD-2]}\n"
                 "    [[ $cur == = ]] && cur=\n"
                 "    COMPREPLY=()\n"
                 "    if ((COMP_CWORD > 1)); then\n"
                 "        case ${COMP_WORDS[1]} in\n"
                 "        ");
    add_names(&b, "|");
    buf_addz(&b, ") command=${COMP_WORDS[1]} ;;\n"
                 "        esac\n"
                 "    fi\n"
                 "    case $prev in\n");
    add_choices(&b);
    add_values(&b, COMPLETION_FILE,
               "compopt -o filenames\n        mapfile -t COMPREPLY < <(compgen -f -- \"$cur\")");
    add_values(&b, COMPLETION_ANY, ":");
    buf_addz(&b, "    esac\n"
                 "    case $command in\n");
    for (size_t i = 0; i < command_count; i++)
        add_command(&b, list[i]);
    buf_addz(&b, "    esac\n"
                 "    if [[ $cur == -* ]]; then\n"
                 "        mapfile -t COMPREPLY < <(compgen -W \"$options\" -- \"$cur\")\n"
                 "    elif [[ -n $words ]]; then\n"
                 "        mapfile -t COMPREPLY < <(compgen -W \"$words\" -- \"$cur\")\n"
                 "    else\n"
                 "        compopt -o filenames\n"
                 "        mapfile -t COMPREPLY < <(compgen -f -- \"$cur\")\n"
                 "        ((COMP_CWORD == 1)) &&\n"
                 "            mapfile -t -O ${#COMPREPLY[@]} COMPREPLY < <(compgen -W '");
    add_names(&b, " ");
    buf_addz(&b, "' -- \"$cur\")\n"
                 "    fi\n"
                 "    return 0\n"
                 "}\n"
                 "complete -F _unroot unroot\n");
    return buf_str(&b);
}
