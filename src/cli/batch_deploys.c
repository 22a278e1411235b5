/*
 * The second half of a batch. When a Dockerfile moves a port, every manifest is read once before
 * anything is put out: which ports of pods move with it, and whether some manifest can't follow. A
 * Dockerfile that one can't follow is blocked, and as others may have followed it, they are asked
 * again. Then the Dockerfiles that were held are put out, and the manifests behind them.
 */
#include "base/pool.h"
#include "base/utf8.h"
#include "cli/batch_run.h"
#include "engine/options.h"

enum { ROUNDS_MAX = 8 };

/* ---- in a worker ---------------------------------------------------------------------------- */

/* A Compose file by its name; one that is named outright by what is in it. */
static bool is_compose(const struct batch_item *item)
{
    struct str base = str_basename(str_of(item->input->path));
    if (builds_is_name(base) && str_has(base, "compose"))
        return true;
    return item->input->named && !str_has(item->file.bytes, "apiVersion") &&
           str_has(item->file.bytes, "services");
}

/* What most YAML is not, at the price of a look. */
static bool may_count(const struct batch_item *item)
{
    struct str bytes = item->file.bytes;
    if (is_compose(item))
        return str_has(bytes, "services");
    return str_has(bytes, "apiVersion") && str_has(bytes, "kind");
}

/* Why a port can't move; NULL when it does, or nothing has to. */
static const char *stuck_at(struct arena *a, const struct ur_result *r)
{
    size_t n = ur_result_finding_count(r);
    if (ur_result_status(r) != UR_OK)
        return ur_result_error(r);
    for (size_t i = 0; i < n; i++) {
        const struct ur_finding *f = ur_result_finding(r, i);
        bool ports = strcmp(f->rule, "pod-ports") == 0 || strcmp(f->rule, "compose-ports") == 0;
        bool left = !ur_result_moved_count(r) && ur_result_answer(r) == UR_REFUSED &&
                    (strcmp(f->rule, "manifest") == 0 || strcmp(f->rule, "compose") == 0);
        if ((ports || left) && !f->fixed && f->reason)
            return str_fmt(a, "line %u: %s", f->line, f->message).p;
    }
    return NULL;
}

/* A file that was found in a folder has to be a manifest that runs something from here, unless all
 * were asked for. */
static bool is_wanted(const struct batch_item *item, const struct config *config,
                      const struct deploy_asker *k)
{
    const char *reason = ur_result_reason(item->result);
    bool left = ur_result_answer(item->result) == UR_REFUSED && reason &&
                (strcmp(reason, "not-kubernetes") == 0 || strcmp(reason, "not-compose") == 0);
    if (item->input->named)
        return true;
    if (config->options->settings.deploys == DEPLOYS_ON)
        return !left;
    return k->joined.n || item->follows;
}

static void harden(struct batch *b, struct batch_item *item, struct deploy_asker *k)
{
    struct str bytes = item->file.bytes;
    const char *path = item->input->path;
    (void)b;
    item->result = (is_compose(item) ? ur_harden_compose : ur_harden_manifest)(
        k->config->options, &k->images, path, bytes.p ? bytes.p : "", bytes.n);
}

/* Would it be the same if nothing had moved elsewhere? */
static bool follows_others(struct batch *b, struct batch_item *item, struct deploy_asker *k)
{
    size_t n, m;
    const struct ur_images all = k->images;
    struct ur_result *with = item->result;
    k->images.moved_count = 0;
    harden(b, item, k);
    const char *x = ur_result_bytes(with, &n), *y = ur_result_bytes(item->result, &m);
    bool same = str_eq(str_make(x, n), str_make(y, m));
    ur_result_free(item->result);
    item->result = with;
    k->images = all;
    return !same;
}

static void add_once(struct arena *a, struct strs *list, struct str s)
{
    for (size_t i = 0; i < list->n; i++)
        if (str_eq(list->v[i], s))
            return;
    *vec_push(a, list) = s;
}

/* Which of the Dockerfiles it is: each is tried alone. */
static void find_stuck(struct batch *b, struct batch_item *item, const struct deploy_asker *k)
{
    struct ur_result *all = item->result;
    item->stuck_why = stuck_at(&item->arena, all);
    for (size_t i = 0; item->moving.n > 1 && i < item->moving.n; i++) {
        struct deploy_asker one = {.deploys = k->deploys,
                                   .config = k->config,
                                   .input = k->input,
                                   .arena = k->arena,
                                   .only = item->moving.v[i]};
        deploys_ask(&one);
        harden(b, item, &one);
        if (stuck_at(&item->arena, item->result))
            *vec_push(&item->arena, &item->stuck) = item->moving.v[i];
        ur_result_free(item->result);
    }
    item->result = all;
    if (!item->stuck.n)
        item->stuck = item->moving;
}

static void ask(struct batch *b, struct batch_item *item, struct deploy_asker *k)
{
    deploys_ask(k);
    harden(b, item, k);
    VEC_EACH (path, &k->moving)
        add_once(&item->arena, &item->moving, *path);
    if (item->moving.n && stuck_at(&item->arena, item->result))
        find_stuck(b, item, k);
    item->follows = item->moving.n || (b->deploys.moved.n && follows_others(b, item, k));
}

static struct deploy_asker asker_of(struct batch *b, struct batch_item *item, size_t index)
{
    return (struct deploy_asker){.deploys = &b->deploys,
                                 .config = b->deploy_config.v[index],
                                 .input = item->input,
                                 .arena = &item->arena};
}

static bool begin(struct batch *b, struct batch_item *item, size_t index)
{
    batch_begin(b, item, b->deploy_inputs.v[index]);
    if (!batch_read(item))
        return false;
    item->ignored = !item->input->named && !may_count(item);
    return !item->ignored;
}

/* The first look: what moves. */
static void look(void *ctx, void *worker, size_t index, void *slot)
{
    struct batch *b = ctx;
    struct batch_item *item = slot;
    (void)worker;
    if (!begin(b, item, index))
        return;
    struct deploy_asker k = asker_of(b, item, index);
    ask(b, item, &k);
    deploys_collect_moved(&item->arena, item->result, &item->moved);
    ur_result_free(item->result);
    item->result = NULL;
}

static void work(void *ctx, void *worker, size_t index, void *slot)
{
    struct batch *b = ctx;
    struct batch_item *item = slot;
    (void)worker;
    if (!begin(b, item, index))
        return;
    struct deploy_asker k = asker_of(b, item, index);
    ask(b, item, &k);
    if (!is_wanted(item, k.config, &k)) {
        item->ignored = true;
        ur_result_free(item->result);
        item->result = NULL;
        return;
    }
    VEC_EACH (text, &k.notes)
        batch_note(item, "'%s': %s", cli_quote(&item->arena, item->input->path), *text);
    batch_finish(b, item);
}

/* ---- on the calling thread ------------------------------------------------------------------ */

static bool note_moves(void *ctx, size_t index, void *slot)
{
    struct batch *b = ctx;
    struct batch_item *item = slot;
    (void)index;
    if (item->ignored)
        return true;
    if (!item->stuck.n)
        deploys_take_moved(&b->deploys, &item->moved);
    for (size_t i = 0; i < item->stuck.n; i++)
        b->deploys.again |= deploys_block(&b->deploys, item->stuck.v[i], item->input->path,
                                          item->stuck_why ? item->stuck_why : "");
    return true;
}

static bool emit(void *ctx, size_t index, void *slot)
{
    struct batch *b = ctx;
    struct batch_item *item = slot;
    bool go = true;
    if (!item->ignored)
        go = batch_deliver(b, item);
    progress_show(&b->progress, b->inputs.n + index + 1);
    return go;
}

static bool run(struct batch *b, void (*worker)(void *, void *, size_t, void *),
                bool (*take)(void *, size_t, void *))
{
    unsigned jobs = b->cli->options->jobs;
    struct pool_plan plan = {.jobs = b->deploy_inputs.n,
                             .threads = jobs ? jobs : pool_processors(),
                             .slot_size = sizeof(struct batch_item),
                             .ctx = b,
                             .work = worker,
                             .emit = take,
                             .slot_free = batch_slot_free};
    return pool_run(&plan);
}

static void look_for_moves(struct batch *b)
{
    for (size_t round = 0; round < ROUNDS_MAX; round++) {
        b->deploys.moved.n = 0;
        b->deploys.again = false;
        run(b, look, note_moves);
        if (!b->deploys.again)
            return;
    }
    /* Too tangled: none moves. */
    VEC_EACH (i, &b->deploys.images)
        if (i->image.move_count)
            deploys_block(&b->deploys, i->dockerfile, "the manifests", "too many");
    b->deploys.moved.n = 0;
}

/* Both are left alone; a check tells what it has found all the same. */
static void tell_block(struct batch *b, struct batch_item *item, const struct deploy_block *block)
{
    struct arena *a = &item->arena;
    const char *path = cli_quote(a, item->input->path), *manifest = cli_quote(a, block->manifest);
    if (strcmp(b->cli->command->name, "check") == 0) {
        batch_note(item, "'%s' moves a port, and '%s' can't be changed with it (%s)", path,
                   manifest, block->why);
        return;
    }
    item->product.n = 0;
    batch_fail(item,
               str_fmt(a,
                       "'%s' moves a port, and '%s' can't be changed with it (%s): left alone "
                       "(--ports keep leaves ports as they are)",
                       path, manifest, block->why)
                   .p);
}

static bool put_out_held(struct batch *b)
{
    bool go = true;
    VEC_EACH (item, &b->held) {
        const struct deploy_block *block = deploys_blocked(&b->deploys, str_of(item->input->path));
        item->product.arena = item->log.arena = &item->arena;
        if (block && item->done)
            tell_block(b, item, block);
        go = go && batch_deliver(b, item);
    }
    return go;
}

void batch_deploys(struct batch *b)
{
    if (b->deploys.moves)
        look_for_moves(b);
    if (put_out_held(b) && b->deploy_inputs.n)
        run(b, work, emit);
    VEC_EACH (item, &b->held)
        arena_release(&item->arena);
}
