/*
 * What a worker does with a file, from reading to rendering, ends in two texts in the item's own
 * arena; the calling thread only writes them out. So the output is the same for any number of
 * threads, and the engine's result never leaves the thread that made it.
 */
#include "cli/batch.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/io.h"
#include "base/pool.h"
#include "base/utf8.h"
#include "cli/progress.h"

struct batch {
    struct cli *cli;
    batch_render *render;
    struct walk walk;
    struct configs configs;
    VEC(const struct walk_input *) inputs; /* those that are worked on */
    VEC(struct config *) config;           /* of each */
    struct out *out;
    struct color color;
    struct progress progress;
    struct batch_totals *totals;
    struct writes writes;
    struct trees trees;
};

/* ---- in a worker ---- */

void batch_fail(struct batch_item *item, const char *message)
{
    item->done = false;
    buf_addf(&item->log, "unroot: %s\n", message);
}

void batch_note(struct batch_item *item, const char *fmt, ...)
{
    char line[1024];
    va_list ap;
    if (item->cli->options->quiet)
        return;
    va_start(ap, fmt);
    vsnprintf(line, sizeof line, fmt, ap);
    va_end(ap);
    buf_addf(&item->log, "unroot: %s\n", line);
}

void batch_report(struct batch_item *item, struct buf *to, const char *format)
{
    size_t size = 0;
    const char *text = ur_result_report(item->result, format, &size);
    if (text)
        buf_add(to, str_make(text, size));
}

static struct io_error read_input(struct batch_item *item)
{
    const struct walk_input *in = item->input;
    if (in->standard_input)
        return io_read_fd(&item->arena, 0, "-", CLI_FILE_MAX, &item->file.bytes);
    return io_read(&item->arena, walk_io_path(in), CLI_FILE_MAX, &item->file);
}

/* A file that the engine can't take has a place in the report all the same. */
static void render_failure(struct batch_item *item)
{
    item->done = false;
    buf_addf(&item->log, "%s\n", ur_result_error(item->result));
    if (item->cli->options->format)
        batch_report(item, &item->product, item->cli->options->format);
}

/* Takes note of what is changed besides the Dockerfile. */
static void take_files(struct batch_item *item, const struct places *places)
{
    size_t n = ur_result_file_count(item->result);
    for (size_t i = 0; i < n; i++) {
        const struct ur_file *f = ur_result_file(item->result, i);
        const struct folder *folder = &places->folders[ur_result_context(item->result)];
        *vec_push(&item->arena, &item->files) =
            (struct write_file){.path = folder_file(&item->arena, folder, f->path),
                                .name = str_dup(&item->arena, str_of(f->name)).p,
                                .was = str_dup(&item->arena, str_make(f->was, f->was_size)),
                                .bytes = str_dup(&item->arena, str_make(f->bytes, f->size)),
                                .patch = str_dup(&item->arena, str_make(f->patch, f->patch_size))};
    }
}

static void rewrite(struct batch *b, struct batch_item *item, const struct config *config)
{
    struct str bytes = item->file.bytes;
    struct places places;
    places_find(&places, &item->arena, item->cli, &b->trees, item->input);
    item->result =
        ur_rewrite_in(config->options, &places.build, item->input->path, bytes.p, bytes.n);
    item->done = ur_result_status(item->result) == UR_OK;
    item->places = &places;
    take_files(item, &places);
    if (item->done && item->cli->options->context && ur_result_context(item->result) < 0)
        batch_note(item,
                   "'%s' is not taken for the build context of '%s': it has not all that COPY "
                   "names",
                   cli_quote(&item->arena, item->cli->options->context),
                   cli_quote(&item->arena, item->input->path));
    if (item->done) {
        item->answer = ur_result_answer(item->result);
        item->changed = ur_result_changed(item->result);
        item->findings = ur_result_finding_count(item->result);
        b->render(item);
    } else {
        render_failure(item);
    }
    ur_result_free(item->result);
    item->result = NULL;
    item->places = NULL;
    places_release(&places);
}

static void work(void *ctx, void *worker, size_t index, void *slot)
{
    struct batch *b = ctx;
    struct batch_item *item = slot;
    struct arena arena = item->arena;
    (void)worker;
    arena_reset(&arena);
    *item = (struct batch_item){
        .arena = arena, .cli = b->cli, .input = b->inputs.v[index], .color = b->color};
    item->product = buf_in(&item->arena);
    item->log = buf_in(&item->arena);
    struct io_error e = read_input(item);
    if (e.message)
        batch_fail(item, e.message);
    else
        rewrite(b, item, b->config.v[index]);
}

/* ---- on the calling thread ---- */

static void add_up(struct batch_totals *t, const struct batch_item *item)
{
    if (!item->done) {
        t->errors++;
        return;
    }
    t->files++;
    t->changed += item->changed;
    t->findings += item->findings;
    t->answers[item->answer]++;
}

/* Two Dockerfiles may share a file that both have changed. */
static void share(struct batch *b, struct batch_item *item)
{
    bool *fresh = arena_alloc(&item->arena, item->files.n + 1);
    const char *clash = writes_note(&b->writes, &item->files, fresh);
    if (clash) {
        item->product.n = 0;
        batch_fail(item, str_fmt(&item->arena,
                                 "'%s' wants '%s' changed in another way than a file before it: "
                                 "left alone; do them one by one",
                                 cli_quote(&item->arena, item->input->path),
                                 cli_quote(&item->arena, clash))
                             .p);
        return;
    }
    for (size_t i = 0; item->patches && i < item->files.n; i++)
        if (fresh[i])
            buf_add(&item->product, color_patch(&item->arena, item->color, item->files.v[i].patch));
    if (!item->write)
        return;
    *vec_push(&item->arena, &item->files) = (struct write_file){
        .path = walk_io_path(item->input),
        .name = item->input->path,
        .was = item->file.bytes,
        .bytes = item->rewritten,
    };
    writes_add(&b->writes, &item->files);
}

static void write_failed(void *ctx, const char *message)
{
    struct batch *b = ctx;
    b->totals->errors++;
    b->totals->files--;
    b->totals->changed--;
    cli_error(b->cli, "%s", message);
}

static bool emit(void *ctx, size_t index, void *slot)
{
    struct batch *b = ctx;
    struct batch_item *item = slot;
    if (item->done && item->files.n)
        share(b, item);
    add_up(b->totals, item);
    if (item->log.n || (item->product.n && out_is_terminal(b->out)))
        progress_hide(&b->progress);
    out_write(b->out, buf_str(&item->product));
    if (item->log.n) {
        out_flush(b->out);
        cli_raw(buf_str(&item->log));
    }
    progress_show(&b->progress, index + 1);
    return !out_failed(b->out);
}

static void slot_free(void *slot)
{
    arena_release(&((struct batch_item *)slot)->arena);
}

static void run_pool(struct batch *b)
{
    unsigned jobs = b->cli->options->jobs;
    struct pool_plan plan = {.jobs = b->inputs.n,
                             .threads = jobs ? jobs : pool_processors(),
                             .slot_size = sizeof(struct batch_item),
                             .ctx = b,
                             .work = work,
                             .emit = emit,
                             .slot_free = slot_free};
    b->progress = progress_for(b->cli, b->inputs.n);
    pool_run(&plan);
    progress_hide(&b->progress);
    writes_finish(&b->writes, write_failed, b);
}

/* ---- which inputs ---- */

static bool add_listed(struct batch *b, const char *from)
{
    struct cli *c = b->cli;
    struct io_file list;
    struct io_error e;
    if (strcmp(from, "-") == 0)
        e = io_read_fd(c->arena, 0, "-", CLI_LIST_MAX, &list.bytes);
    else
        e = io_read(c->arena, io_path_of(from), CLI_LIST_MAX, &list);
    if (e.message)
        cli_error(c, "%s", e.message);
    else
        walk_add_list(&b->walk, list.bytes, c->options->null ? 0 : '\n');
    return !e.message;
}

static bool names_standard_input(const struct options *o)
{
    VEC_EACH (path, &o->operands)
        if (strcmp(*path, "-") == 0)
            return true;
    return false;
}

/* A command behind its options is taken for a file: say what is meant. */
static void hint_at_command(struct batch *b, const char *word)
{
    struct cli *c = b->cli;
    struct stat st;
    if (lstat(word, &st) == 0)
        return;
    if (command_find(str_of(word)))
        cli_error(c, "'%s' is no file; a command comes first: unroot %s [OPTION...]", word, word);
    else if (*command_suggest(c->arena, str_of(word)))
        cli_error(c, "'%s' is no command and no file%s", cli_quote(c->arena, word),
                  command_suggest(c->arena, str_of(word)));
}

static bool find_inputs(struct batch *b)
{
    const struct options *o = b->cli->options;
    if (o->files_from && strcmp(o->files_from, "-") == 0 && names_standard_input(o)) {
        cli_error(b->cli, "standard input can't be both the list and a file");
        return false;
    }
    if (o->operands.n)
        hint_at_command(b, o->operands.v[0]);
    VEC_EACH (path, &o->operands)
        walk_add(&b->walk, *path);
    if (o->files_from && !add_listed(b, o->files_from))
        return false;
    if (!o->operands.n && !o->files_from)
        walk_add(&b->walk, ".");
    walk_finish(&b->walk);
    return true;
}

/* An input under a configuration that is wrong is not handled; the reason is said once. */
static void refuse(struct batch *b, struct config *config)
{
    b->totals->errors++;
    b->totals->config_error = true;
    if (!config->reported)
        cli_error(b->cli, "%s", config->error);
    config->reported = true;
}

static void choose_inputs(struct batch *b)
{
    VEC_EACH (in, &b->walk.inputs) {
        struct config *config = configs_find(&b->configs, in);
        if (config->error) {
            refuse(b, config);
        } else if (config_ignores(&b->configs, config, in)) {
            b->totals->skipped++;
            cli_detail(b->cli, "skipped '%s': ignored by '%s'", cli_quote(b->cli->arena, in->path),
                       cli_quote(b->cli->arena, config->path));
        } else {
            *vec_push(b->cli->arena, &b->inputs) = in;
            *vec_push(b->cli->arena, &b->config) = config;
            trees_look(&b->trees, in);
        }
    }
    trees_finish(&b->trees);
}

static void say_walk(struct batch *b)
{
    VEC_EACH (e, &b->walk.errors)
        cli_error(b->cli, "%s", *e);
    VEC_EACH (n, &b->walk.notes)
        cli_note(b->cli, "%s", *n);
    VEC_EACH (s, &b->walk.skipped)
        cli_detail(b->cli, "skipped '%s': %s", cli_quote(b->cli->arena, s->path), s->why);
    b->totals->errors += b->walk.errors.n;
    b->totals->skipped += b->walk.skipped.n;
}

/* ---- the whole ---- */

static const char *plural(size_t n)
{
    return n == 1 ? "" : "s";
}

static void say_summary(struct batch *b, const char *verb)
{
    const struct batch_totals *t = b->totals;
    struct buf s = buf_in(b->cli->arena);
    buf_addf(&s, "%zu file%s", t->files, plural(t->files));
    if (t->files)
        buf_addf(&s, ": %zu %s; %zu safe, %zu review, %zu refused, %zu already", t->changed, verb,
                 t->answers[UR_SAFE], t->answers[UR_REVIEW], t->answers[UR_REFUSED],
                 t->answers[UR_ALREADY]);
    if (t->errors)
        buf_addf(&s, "; %zu error%s", t->errors, plural(t->errors));
    if (t->skipped)
        buf_addf(&s, "; %zu skipped", t->skipped);
    cli_note(b->cli, "%s", buf_str(&s).p);
}

static enum exit_code code_of(const struct batch_totals *t)
{
    if (t->config_error && !t->files)
        return CODE_USAGE;
    return t->errors || t->output_error ? CODE_INPUT : CODE_OK;
}

static enum exit_code run(struct batch *b, const char *verb)
{
    if (!find_inputs(b))
        return CODE_USAGE;
    say_walk(b);
    choose_inputs(b);
    b->out = out_open(b->cli);
    if (!b->out)
        return CODE_INPUT;
    b->color = color_for(b->cli, b->out);
    run_pool(b);
    b->totals->output_error = !out_close(b->out);
    say_summary(b, verb);
    return code_of(b->totals);
}

enum exit_code batch_run(struct cli *c, batch_render *render, const char *verb,
                         struct batch_totals *totals)
{
    struct batch b = {.cli = c,
                      .render = render,
                      .totals = totals,
                      .walk = {.arena = c->arena},
                      .writes = {.arena = c->arena},
                      .trees = {.cli = c, .arena = c->arena}};
    *totals = (struct batch_totals){0};
    const char *error = configs_init(&b.configs, c);
    enum exit_code code = CODE_USAGE;
    if (error)
        cli_error(c, "%s", error);
    else
        code = run(&b, verb);
    configs_release(&b.configs);
    return code;
}
