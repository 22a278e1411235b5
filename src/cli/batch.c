/*
 * What a worker does with a file, from reading to rendering, ends in two texts in the item's own
 * arena; the calling thread only writes them out. So the output is the same for any number of
 * threads, and the engine's result never leaves the thread that made it.
 */
#include "cli/batch_run.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/io.h"
#include "base/pool.h"
#include "base/utf8.h"

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

bool batch_read(struct batch_item *item)
{
    const struct walk_input *in = item->input;
    struct io_error e;
    if (in->standard_input)
        e = io_read_fd(&item->arena, 0, "-", CLI_FILE_MAX, &item->file.bytes);
    else
        e = io_read(&item->arena, walk_io_path(in), CLI_FILE_MAX, &item->file);
    if (e.message)
        batch_fail(item, e.message);
    return !e.message;
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

void batch_finish(struct batch *b, struct batch_item *item)
{
    item->done = ur_result_status(item->result) == UR_OK;
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
}

/* Ports that move are for the manifests, too: then nothing is written before they are read. */
static void collect(struct batch *b, struct batch_item *item)
{
    if (!b->deploy_inputs.n)
        return;
    deploys_collect(&b->deploys, &item->arena, item->result, item->input, &item->images);
    VEC_EACH (i, &item->images)
        item->defer |= i->image.move_count > 0;
}

static void rewrite(struct batch *b, struct batch_item *item, const struct config *config)
{
    struct str bytes = item->file.bytes;
    struct places places;
    places_find(&places, &item->arena, item->cli, &b->trees, item->input);
    places.build.images = b->deploy_inputs.n > 0;
    item->result =
        ur_rewrite_in(config->options, &places.build, item->input->path, bytes.p, bytes.n);
    take_files(item, &places);
    collect(b, item);
    if (ur_result_status(item->result) == UR_OK && item->cli->options->context &&
        ur_result_context(item->result) < 0)
        batch_note(item,
                   "'%s' is not taken for the build context of '%s': it has not all that COPY "
                   "names",
                   cli_quote(&item->arena, item->cli->options->context),
                   cli_quote(&item->arena, item->input->path));
    batch_finish(b, item);
    places_release(&places);
}

void batch_begin(struct batch *b, struct batch_item *item, const struct walk_input *in)
{
    struct arena arena = item->arena;
    arena_reset(&arena);
    *item = (struct batch_item){.arena = arena, .cli = b->cli, .input = in, .color = b->color};
    item->product = buf_in(&item->arena);
    item->log = buf_in(&item->arena);
}

static void work(void *ctx, void *worker, size_t index, void *slot)
{
    struct batch *b = ctx;
    (void)worker;
    batch_begin(b, slot, b->inputs.v[index]);
    if (batch_read(slot))
        rewrite(b, slot, b->config.v[index]);
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
    if (item->defer || item->follows)
        writes_add_together(&b->writes, &item->files);
    else
        writes_add(&b->writes, &item->files);
}

static void write_failed(void *ctx, const char *message, size_t n)
{
    struct batch *b = ctx;
    b->totals->errors += n;
    b->totals->files -= n;
    b->totals->changed -= n;
    cli_error(b->cli, "%s", message);
}

bool batch_deliver(struct batch *b, struct batch_item *item)
{
    if (item->done && (item->files.n || item->write))
        share(b, item);
    add_up(b->totals, item);
    if (item->log.n || (item->product.n && out_is_terminal(b->out)))
        progress_hide(&b->progress);
    out_write(b->out, buf_str(&item->product));
    if (item->log.n) {
        out_flush(b->out);
        cli_raw(buf_str(&item->log));
    }
    return !out_failed(b->out);
}

/* Once one is held, those behind it are, too: the output stays in order. Its memory goes with it.
 */
static bool hold(struct batch *b, struct batch_item *item)
{
    struct batch_item *held = vec_push(b->cli->arena, &b->held);
    *held = *item;
    held->product.arena = held->log.arena = &held->arena;
    item->arena = (struct arena){0};
    return true;
}

static bool emit(void *ctx, size_t index, void *slot)
{
    struct batch *b = ctx;
    struct batch_item *item = slot;
    bool go;
    if (item->done)
        deploys_take(&b->deploys, &item->images);
    if (item->defer || b->held.n)
        go = hold(b, item);
    else
        go = batch_deliver(b, item);
    progress_show(&b->progress, index + 1);
    return go;
}

void batch_slot_free(void *slot)
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
                             .slot_free = batch_slot_free};
    b->progress = progress_for(b->cli, b->inputs.n);
    if (pool_run(&plan))
        batch_deploys(b);
    progress_hide(&b->progress);
    writes_finish(&b->writes, write_failed, b);
}

/* ---- what was found ---- */

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
    if (!batch_find(b))
        return CODE_USAGE;
    say_walk(b);
    if (!batch_choose(b))
        return CODE_USAGE;
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
                      .trees = {.cli = c, .arena = c->arena, .images = {.arena = c->arena}},
                      .deploys = {.cli = c, .arena = c->arena}};
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
