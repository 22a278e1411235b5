/* diff: what fix would do, as a patch. */
#include "cli/batch.h"

static void render(struct batch_item *item)
{
    const struct options *o = item->cli->options;
    size_t size;
    if (o->format) {
        batch_report(item, &item->product, o->format);
    } else {
        const char *patch = ur_result_patch(item->result, &size);
        for (size_t i = 0; i < item->files.n; i++)
            size -= item->files.v[i].patch.n; /* they come behind, where no earlier one has them */
        item->patches = true;
        buf_add(&item->product, color_patch(&item->arena, item->color, str_make(patch, size)));
    }
    if (o->verbose)
        batch_report(item, &item->log, "text");
}

static enum exit_code run(struct cli *c)
{
    struct batch_totals totals;
    enum exit_code code = batch_run(c, render, "would change", &totals);
    if (code != CODE_OK)
        return code;
    return totals.changed ? CODE_FOUND : CODE_OK;
}

const struct command command_diff = {
    .name = "diff",
    .rank = 1,
    .operands = "[PATH...]",
    .summary = "print the rewrite as a patch; the default command",
    .about = "Prints a unified patch that `git apply` and `patch -p1` take, and changes nothing.\n"
             "\n"
             "PATH is a file, a folder, or - for standard input; without one, the current folder. "
             "In a folder the files count that are named Dockerfile, Containerfile, Dockerfile.*, "
             "*.Dockerfile, *.dockerfile or *.Containerfile; in a git work tree, those that git "
             "does not ignore. Symbolic links are not followed. Kubernetes manifests and Compose "
             "files (YAML, JSON) that run an image whose Dockerfile is among the files are changed "
             "with it; one that is named always counts (--kubernetes).\n"
             "\n"
             "Exit status: 0 when nothing is to be changed, 1 when something is.",
    .groups = GROUP_INPUT | GROUP_RULES | GROUP_DEPLOY | GROUP_IDENTITY | GROUP_FACTS |
              GROUP_FORMAT | GROUP_COLOR | GROUP_FILE | GROUP_BATCH,
    .run = run,
};
