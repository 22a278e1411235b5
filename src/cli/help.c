/* Text is wrapped here, so that the tables hold sentences and no layout. */
#include "cli/help.h"

#include "base/buf.h"
#include "base/utf8.h"

enum { WIDTH = 80, SUMMARY_COLUMN = 14, OPTION_COLUMN = 26 };

void help_wrap(struct buf *b, size_t at, size_t indent, struct str text)
{
    struct str word;
    bool first = true;
    while (str_split(&text, ' ', &word)) {
        size_t n = utf8_count(word);
        if (!first && at + 1 + n > WIDTH) {
            buf_addf(b, "\n%*s", (int)indent, "");
            at = indent;
        } else if (!first) {
            buf_addc(b, ' ');
            at++;
        }
        buf_add(b, word);
        at += n;
        first = false;
    }
    buf_addc(b, '\n');
}

/* "  left    right", the right part wrapped in its column. */
static void entry(struct buf *b, struct str left, size_t column, const char *right)
{
    buf_addf(b, "  %.*s", STR_ARG(left));
    if (left.n + 3 > column)
        buf_addf(b, "\n%*s", (int)column, "");
    else
        buf_addf(b, "%*s", (int)(column - left.n - 2), "");
    help_wrap(b, column, column, str_of(right));
}

struct str help_program(struct arena *a)
{
    struct buf b = buf_in(a);
    const struct command **list = command_by_rank(a);
    buf_addz(&b, "usage: unroot [COMMAND] [OPTION...] [PATH...]\n\n");
    help_wrap(
        &b, 0, 0,
        STR("Rewrites Dockerfiles so that their images run as a numeric non-root user. Without a "
            "command it prints a patch (diff); without a path it works on the current folder."));
    buf_addz(&b, "\nCommands:\n");
    for (size_t i = 0; i < command_count; i++)
        entry(&b, str_of(list[i]->name), SUMMARY_COLUMN, list[i]->summary);
    buf_addz(&b, "\n`unroot COMMAND --help` explains a command and its options.\n"
                 "\nExit status:\n"
                 "  0, 1  as each command says\n"
                 "  2     wrong usage or configuration\n"
                 "  3     some input could not be handled; the others were\n"
                 "  70    a bug in unroot\n");
    return buf_str(&b);
}

static struct str option_left(struct arena *a, const struct option_spec *s)
{
    struct buf b = buf_in(a);
    if (s->letter)
        buf_addf(&b, "-%c, ", s->letter);
    else
        buf_addz(&b, "    ");
    buf_addf(&b, "--%s%s", s->negatable ? "[no-]" : "", s->name);
    const char *choices = options_choices(a, s);
    if (s->value)
        buf_addf(&b, " %s", choices && s->id != OPTION_REPORT_FORMAT ? choices : s->value);
    return buf_str(&b);
}

static void options_help(struct buf *b, const struct command *c)
{
    struct options_table t = options_all();
    const char *heading = "";
    VEC_EACH (s, &t) {
        if (s->group != GROUP_ALL && !(c->groups & s->group))
            continue;
        if (strcmp(heading, options_heading(s->group)) != 0) {
            heading = options_heading(s->group);
            buf_addf(b, "\n%s:\n", heading);
        }
        entry(b, option_left(b->arena, s), OPTION_COLUMN, s->help);
    }
}

struct str help_command(struct arena *a, const struct command *c)
{
    struct buf b = buf_in(a);
    struct str rest = str_of(c->about), paragraph;
    buf_addf(&b, "usage: unroot %s [OPTION...]%s%s\n\n", c->name, *c->operands ? " " : "",
             c->operands);
    while (str_split(&rest, '\n', &paragraph))
        help_wrap(&b, 0, 0, paragraph);
    options_help(&b, c);
    return buf_str(&b);
}
