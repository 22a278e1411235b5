/* completion: prints the script for a shell. */
#include "cli/cli.h"
#include "cli/completion.h"

static enum exit_code run(struct cli *c)
{
    const char *shell = c->options->operands.v[0];
    if (strcmp(shell, "bash") == 0)
        return cli_write(c, completion_bash(c->arena));
    if (strcmp(shell, "zsh") == 0)
        return cli_write(c, completion_zsh(c->arena));
    if (strcmp(shell, "fish") == 0)
        return cli_write(c, completion_fish(c->arena));
    cli_error(c, "completion takes bash, zsh or fish, not '%s'", cli_quote(c->arena, shell));
    return CODE_USAGE;
}

static const char *words(struct arena *a)
{
    (void)a;
    return "bash zsh fish";
}

const struct command command_completion = {
    .name = "completion",
    .rank = 7,
    .operands = "bash | zsh | fish",
    .summary = "print the completion script for a shell",
    .about = "Prints a script that completes commands and options. To use it:\n"
             "\n"
             "bash: source <(unroot completion bash)\n"
             "zsh: unroot completion zsh > a file _unroot in a folder of $fpath\n"
             "fish: unroot completion fish | source",
    .words = words,
    .groups = GROUP_FILE,
    .max_operands = 1,
    .needs_operand = true,
    .run = run,
};
