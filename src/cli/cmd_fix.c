/*
 * fix: rewrites in place. With standard input it is a filter: the rewritten file, or the file as it
 * was, goes to standard output.
 */
#include "cli/batch.h"

static void replace(struct batch_item *item)
{
    unsigned notes = 0;
    size_t size;
    const char *bytes = ur_result_bytes(item->result, &size);
    if (item->files.n || item->defer || item->follows) {
        item->write = true;
        item->rewritten = str_dup(&item->arena, str_make(bytes, size));
        return;
    }
    struct io_error e = io_replace(&item->arena, walk_io_path(item->input), &item->file,
                                   str_make(bytes, size), &notes);
    if (e.message)
        batch_fail(item, e.message);
    else if (notes & IO_NOTE_LINKS)
        batch_note(item, "'%s' had other hard links: they keep the old content",
                   cli_quote(&item->arena, item->input->path));
}

static void render(struct batch_item *item)
{
    const struct options *o = item->cli->options;
    size_t size;
    if (item->input->standard_input && item->files.n) {
        batch_fail(item,
                   "the rewrite changes files of the build context, too, which a filter can't "
                   "do: name the file");
        buf_add(&item->product, item->file.bytes);
    } else if (item->input->standard_input) {
        const char *bytes = ur_result_bytes(item->result, &size);
        buf_add(&item->product, str_make(bytes, size));
    } else if (item->changed) {
        replace(item);
    }
    if (o->format && item->done)
        batch_report(item, &item->product, o->format);
    if (o->verbose)
        batch_report(item, &item->log, "text");
}

/* With "-", standard output is the file: nothing else may go there. */
static const char *wrong_use(const struct options *o)
{
    bool standard_input = false;
    VEC_EACH (path, &o->operands)
        standard_input |= strcmp(*path, "-") == 0;
    if (standard_input && (o->operands.n > 1 || o->files_from))
        return "'-' goes alone: its rewritten file is what is printed";
    if (standard_input && o->format)
        return "--format and '-' both want standard output";
    if (!standard_input && o->output && !o->format)
        return "-o is for the output of '-' or of --format: files are rewritten in place";
    return NULL;
}

static enum exit_code run(struct cli *c)
{
    struct batch_totals totals;
    const char *wrong = wrong_use(c->options);
    if (!wrong)
        return batch_run(c, render, "changed", &totals);
    cli_error(c, "%s", wrong);
    return CODE_USAGE;
}

const struct command command_fix = {
    .name = "fix",
    .rank = 2,
    .operands = "[PATH...]",
    .summary = "rewrite files in place",
    .about = "Rewrites files in place, each at once and whole: its mode, owner and access list "
             "stay, and a file that somebody else changes meanwhile is left alone. There are no "
             "backups.\n"
             "\n"
             "PATH is a file or a folder; without one, the current folder. With - the file is read "
             "from standard input and the rewritten one written to standard output, changed or "
             "not.\n"
             "\n"
             "Exit status: 0, whether something was changed or not.",
    .groups = GROUP_INPUT | GROUP_RULES | GROUP_DEPLOY | GROUP_IDENTITY | GROUP_FACTS |
              GROUP_FORMAT | GROUP_FILE | GROUP_BATCH,
    .run = run,
};
