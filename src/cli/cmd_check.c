/* check: findings and answers, for people and for gates in a pipeline. */
#include "cli/batch.h"

static void render(struct batch_item *item)
{
    const char *format = item->cli->options->format;
    if (format) {
        batch_report(item, &item->product, format);
        return;
    }
    struct buf text = buf_in(&item->arena);
    batch_report(item, &text, "text");
    buf_add(&item->product, color_findings(&item->arena, item->color, buf_str(&text)));
}

static enum exit_code run(struct cli *c)
{
    struct batch_totals totals;
    enum exit_code code = batch_run(c, render, "would change", &totals);
    if (code != CODE_OK)
        return code;
    return totals.findings ? CODE_FOUND : CODE_OK;
}

const struct command command_check = {
    .name = "check",
    .rank = 3,
    .operands = "[PATH...]",
    .summary = "list findings and the answer for each file, change nothing",
    .about =
        "Lists what was found, as `path:line:column: level: message [rule]`, and for each "
        "file the answer: already, safe, review or refused, with the reason.\n"
        "\n"
        "PATH is a file, a folder, or - for standard input; without one, the current folder. "
        "Of a Kubernetes manifest every violated check of the Pod Security Standards (--pss) is "
        "named with its field, and what the kubelet will say of each container.\n"
        "\n"
        "Exit status: 0 when there are no findings, 1 when there are.",
    .groups = GROUP_INPUT | GROUP_RULES | GROUP_DEPLOY | GROUP_IDENTITY | GROUP_FACTS |
              GROUP_FORMAT | GROUP_COLOR | GROUP_FILE | GROUP_BATCH,
    .run = run,
};
