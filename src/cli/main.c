/*
 * main: which command, which options, and the state a program should start from: descriptors 0 to 2
 * open, a closed pipe an error and not the end, temporary files removed on a signal.
 */
#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/bug.h"
#include "base/sys.h"
#include "base/temp.h"
#include "cli/cli.h"
#include "cli/help.h"
#include "cli/plugin.h"
#include "unroot.h"

/* A descriptor that the caller closed must not become one of our files. What stands in for it can't
 * be written to, so that lost output is noticed. */
static void fill_descriptors(void)
{
    for (int fd = 0; fd < 3; fd++)
        if (fcntl(fd, F_GETFD) < 0 && open("/dev/null", fd ? O_RDONLY : O_WRONLY) != fd)
            _Exit(CODE_INPUT);
}

static enum exit_code usage(struct cli *c, const char *wrong)
{
    const char *name = c->command ? c->command->name : NULL;
    cli_error(c, "%s", wrong);
    cli_note(c, "see unroot %s%s--help", name ? name : "", name ? " " : "");
    return CODE_USAGE;
}

static const char *wrong_operands(struct cli *c)
{
    size_t n = c->options->operands.n;
    const struct command *cmd = c->command;
    if (cmd->needs_operand && !n)
        return str_fmt(c->arena, "%s needs %s", cmd->name, cmd->operands).p;
    if (cmd->max_operands && n > cmd->max_operands)
        return str_fmt(c->arena, "%s does not take '%s'", cmd->name,
                       cli_quote(c->arena, c->options->operands.v[cmd->max_operands]))
            .p;
    return NULL;
}

static enum exit_code run(struct cli *c, char **args, bool named)
{
    struct options options = {0};
    c->options = &options;
    const char *wrong = options_parse(c->arena, c->command->groups, args, &options);
    if (wrong)
        return usage(c, wrong);
    if (options.help) {
        options.output = NULL;
        return cli_write(c, named ? help_command(c->arena, c->command) : help_program(c->arena));
    }
    if (options.version) {
        options.output = NULL;
        return cli_write(c, str_fmt(c->arena, "unroot %s\n", ur_version()));
    }
    wrong = wrong_operands(c);
    return wrong ? usage(c, wrong) : c->command->run(c);
}

int main(int argc, char **argv)
{
    struct arena arena = {0};
    struct cli c = {.arena = &arena};
    fill_descriptors();
    signal(SIGPIPE, SIG_IGN);
    temp_catch_signals();
#ifdef UR_FAULTS
    sys_fault_from_env();
#endif
    char **args = argv + (argc > 0);
    if (argc > 0 && plugin_is(argv[0])) {
        args = plugin_words(args);
        if (plugin_asked(args))
            return (int)plugin_answer();
    }
    c.command = *args ? command_find(str_of(*args)) : NULL;
    bool named = c.command != NULL;
    if (!named)
        c.command = command_find(STR("diff"));
    if (!c.command)
        BUG("no diff");
    enum exit_code code = run(&c, args + named, named);
    arena_release(&arena);
    return (int)code;
}
