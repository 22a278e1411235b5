/*
 * verify: proves a rewrite with real containers. Files are done one after another, on the calling
 * thread, so that there is one place where a signal is waited for: everything that was made until
 * then is removed before it ends the program.
 */
#include <unistd.h>

#include "base/utf8.h"
#include "cli/verify_plan.h"
#include "verify/show.h"

/* ---- one file ------------------------------------------------------------------------------- */

static void say(void *ctx, const char *text)
{
    const struct batch_item *item = ctx;
    cli_note(item->cli, "%s: %s", utf8_safe(item->cli->arena, str_of(item->input->path), 0).p,
             text);
}

/* By --format. */
static const struct format {
    const char *name;
    void (*show)(struct buf *out, const struct verify_report *r);
    void (*show_left)(struct buf *out, const struct show_left *left);
} formats[] = {
    {"text", show_text, show_left_text},
    {"json", show_json, show_left_json},
    {"markdown", show_markdown, show_left_markdown},
};

static const struct format *format_of(const struct options *o)
{
    const char *name = verify_plan_option(o, "format");
    for (size_t i = 1; name && i < sizeof formats / sizeof *formats; i++)
        if (strcmp(formats[i].name, name) == 0)
            return &formats[i];
    return &formats[0];
}

static void count(struct batch_item *item, const struct verify_report *report)
{
    item->findings = report->verdict != VERIFY_SAME;
    if (report->verdict == VERIFY_NO_ANSWER || report->verdict == VERIFY_INTERRUPTED)
        batch_fail(item, str_fmt(&item->arena, "'%s': %s",
                                 utf8_safe(&item->arena, str_of(item->input->path), 0).p,
                                 report->problem ? report->problem : "nothing is known")
                             .p);
}

/* From the first thing that is made to the last that is removed no signal ends the program. */
static void verify_one(struct batch_item *item, const struct verify_plan *plan)
{
    struct verify_report report;
    struct engine engine;
    struct stop stop;
    const char *wanted = verify_plan_option(item->cli->options, "engine");
    stop_watch(&stop);
    const char *wrong = engine_find(&engine, &item->arena, &stop, wanted);
    if (wrong) {
        batch_fail(item, wrong);
        item->findings = 1;
    } else {
        verify_run(&engine, plan, say, item, &report);
        const char *left = engine_release(&engine);
        if (left)
            batch_note(item, "%s", left);
        if (stop.signal)
            cli_note(item->cli, "interrupted; what was made until then %s",
                     left ? "is not all removed" : "is removed");
        format_of(item->cli->options)->show(&item->product, &report);
        count(item, &report);
    }
    stop_end(&stop); /* may end the program */
}

/* Nothing is proposed: there is nothing to compare, and root is still root. */
static bool is_left_alone(struct batch_item *item, const struct str *rewritten)
{
    if (rewritten || item->changed || item->answer == UR_ALREADY)
        return false;
    struct show_left left = {item->input->path, ur_answer_name(item->answer),
                             ur_result_reason(item->result)};
    format_of(item->cli->options)->show_left(&item->product, &left);
    item->findings = 1;
    return true;
}

static bool read_rewritten(struct batch_item *item, const char *path, struct str *out)
{
    struct io_file file;
    struct io_error e = io_read(&item->arena, io_path_of(path), CLI_FILE_MAX, &file);
    *out = file.bytes;
    if (e.message)
        batch_fail(item, e.message);
    return !e.message;
}

static void render(struct batch_item *item)
{
    const char *given = verify_plan_option(item->cli->options, "rewritten");
    struct str bytes, *rewritten = given ? &bytes : NULL;
    struct verify_plan plan;
    size_t findings = 0;
    if (given && !read_rewritten(item, given, &bytes))
        return;
    if (is_left_alone(item, rewritten))
        return;
    struct strs_z targets = verify_plan_targets(item);
    for (size_t i = 0; i < targets.n && item->done; i++) {
        const char *wrong = verify_plan_make(item, targets.v[i], rewritten, &plan);
        if (wrong)
            batch_fail(item, wrong);
        else
            verify_one(item, &plan);
        findings += item->findings;
    }
    item->findings = findings;
}

/* ---- the command ---------------------------------------------------------------------------- */

static const char *wrong_use(struct cli *c)
{
    const struct options *o = c->options;
    const char *wrong = verify_plan_check(c->arena, o);
    if (wrong)
        return wrong;
    if (o->jobs)
        return "verify does one file at a time: it takes no -j";
    if (verify_plan_option(o, "rewritten") && o->operands.n != 1)
        return "--rewritten goes with one Dockerfile";
    if (!verify_plan_option(o, "yes-run-untrusted") && !(isatty(0) && isatty(2)))
        return "verify builds and runs what the Dockerfile says, whoever wrote it: without a "
               "terminal it needs --yes-run-untrusted";
    return NULL;
}

static enum exit_code run(struct cli *c)
{
    struct options own = *c->options;
    struct batch_totals totals;
    const char *wrong = wrong_use(c);
    if (wrong) {
        cli_error(c, "%s", wrong);
        return CODE_USAGE;
    }
    own.jobs = 1;
    own.no_progress = true;
    c->options = &own;
    if (!verify_plan_option(&own, "yes-run-untrusted"))
        cli_note(c, "this builds and runs code of whoever wrote the Dockerfile and what it uses");
    enum exit_code code = batch_run(c, render, "rewritten", &totals);
    if (code != CODE_OK)
        return code;
    return totals.findings ? CODE_FOUND : CODE_OK;
}

const struct command command_verify = {
    .name = "verify",
    .rank = 4,
    .operands = "[PATH...]",
    .summary = "build and run an image as it was and as it is rewritten, and compare",
    .about =
        "Builds the original and the rewritten Dockerfile with docker, podman or buildah, runs "
        "both without a network, waits until they listen, are healthy or end, and compares: "
        "who runs, with which capabilities, on which ports, what is answered over HTTP, exit "
        "codes, permission errors in the log, set-user-ID files, shell, size. Then it runs "
        "the rewrite under the restricted policy: read-only root, no capabilities, no new "
        "privileges, ports below 1024 closed.\n"
        "\n"
        "This runs other people's code, in containers with limits for memory, processes and "
        "time. A build has the engine's usual network. The build context is only read. "
        "Whatever is made is removed in the end, but for the builder's cache.\n"
        "\n"
        "Exit status: 0 when it behaves as before, as a numeric non-root user; 1 when it does "
        "not, or is not rewritten; 3 when the original can't be built or run here, or there "
        "is no engine.",
    .groups = GROUP_INPUT | GROUP_RULES | GROUP_IDENTITY | GROUP_FACTS | GROUP_VERIFY | GROUP_FILE |
              GROUP_BATCH,
    .run = run,
};
