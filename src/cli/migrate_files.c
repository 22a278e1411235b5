/*
 * What batch does for the files of a folder, for those of a tree: the same files, in the same
 * order, with the same build contexts and the same rule for two that want one file changed, so that
 * the patch is the one that `unroot diff` prints in a checkout.
 */
#include <jansson.h>
#include <stdlib.h>

#include "base/bug.h"
#include "base/utf8.h"
#include "cli/migrate_rules.h"
#include "cli/places.h"
#include "cli/writes.h"
#include "engine/result.h"

enum { FOUND_MAX = 200000, SKIPPED_MAX = 1000 };

struct found {
    struct str path;
    bool program;
};

struct work {
    struct migrate_repository *m;
    struct migrate_files *made;
    struct migrate_configs configs;
    struct trees trees;
    struct writes writes;
    VEC(struct found) found;
    struct arena scratch; /* for one file */
    struct migrate_rules rules;
    bool too_many;
};

/* ---- JSON ---- */

static void put_text(struct arena *a, struct buf *b, struct str text)
{
    struct str s = utf8_repair(a, text);
    json_t *value = json_stringn(s.p ? s.p : "", s.n);
    char *dump = json_dumps(value, JSON_ENCODE_ANY);
    if (!dump)
        BUG("a text could not be written as JSON");
    buf_addz(b, dump);
    free(dump);
    json_decref(value);
}

static void put_comma(struct buf *b)
{
    if (b->n)
        buf_addc(b, ',');
}

/* A file that could not be handled. */
static void note_error(struct work *w, struct str path, const char *why)
{
    struct buf *b = &w->made->json;
    w->made->errors++;
    put_comma(b);
    buf_addz(b, "{\"path\":");
    put_text(&w->scratch, b, path);
    buf_addz(b, ",\"kind\":\"dockerfile\",\"answer\":\"refused\",\"changed\":false,\"error\":");
    put_text(&w->scratch, b, str_of(why));
    buf_addz(b, ",\"stages\":[],\"findings\":[]}");
    struct outcome o = reports_failure(str_z(&w->scratch, path), why);
    migrate_parts_add(w->m, &w->scratch, &o);
}

static void note_skip(struct work *w, struct str path, const char *why)
{
    struct buf *b = &w->made->json_skipped;
    if (++w->made->skipped > SKIPPED_MAX)
        return;
    put_comma(b);
    buf_addz(b, "{\"path\":");
    put_text(&w->scratch, b, path);
    buf_addz(b, ",\"why\":");
    put_text(&w->scratch, b, str_of(why));
    buf_addc(b, '}');
}

/* The engine's own object, with the patch behind its last member. */
static void put_report(struct work *w, struct ur_result *r, struct str patch)
{
    struct buf *b = &w->made->json;
    size_t size = 0;
    const char *text = ur_result_report(r, "json", &size);
    struct str line = str_trim(str_make(text, text ? size : 0));
    if (!str_ends(line, STR("}")))
        BUG("a report is no object");
    put_comma(b);
    buf_add(b, str_sub(line, 0, line.n - 1));
    if (patch.n) {
        buf_addz(b, ",\"patch\":");
        put_text(&w->scratch, b, patch);
    }
    buf_addc(b, '}');
}

/* ---- one file ---- */

static void note_change(struct work *w, struct str path, bool program, struct str was,
                        struct str bytes)
{
    struct arena *a = &w->m->arena;
    *vec_push(a, &w->made->changes) =
        (struct migrate_change){str_dup(a, path), program, str_dup(a, was), str_dup(a, bytes)};
}

static void note_whys(struct work *w, struct str path, const struct ur_result *r)
{
    struct arena *a = &w->m->arena;
    for (size_t i = 0; i < ur_result_finding_count(r); i++) {
        const struct ur_finding *f = ur_result_finding(r, i);
        if (f->fixed)
            *vec_push(a, &w->made->whys) = (struct migrate_why){
                .path = path,
                .rule = str_dup(a, str_of(f->rule)),
                .line = f->line,
                .message = str_dup(a, str_of(f->message)),
                .assumption = str_dup(a, str_of(f->assumption ? f->assumption : "")),
            };
    }
}

static struct write_item files_of(struct work *w, const struct ur_result *r)
{
    struct write_item item = {0};
    for (size_t i = 0; i < ur_result_file_count(r); i++) {
        const struct ur_file *f = ur_result_file(r, i);
        *vec_push(&w->scratch, &item) =
            (struct write_file){.path = {f->name, 0},
                                .name = f->name,
                                .was = str_make(f->was, f->was_size),
                                .bytes = str_make(f->bytes, f->size),
                                .patch = str_make(f->patch, f->patch_size)};
    }
    return item;
}

static bool is_program(struct work *w, struct str path)
{
    const struct tree_entry *e;
    return tree_look(&w->m->tree, path, &e) == UR_ENTRY_FILE && e->mode == TREE_PROGRAM;
}

/* The patch of the Dockerfile and of what no file before it has changed. */
static struct str patch_of(struct work *w, const struct ur_result *r, const struct write_item *item,
                           const bool *fresh)
{
    size_t size;
    const char *p = ur_result_patch(r, &size);
    struct buf b = buf_in(&w->scratch);
    for (size_t i = 0; i < item->n; i++)
        size -= item->v[i].patch.n;
    buf_add(&b, str_make(p, size));
    for (size_t i = 0; i < item->n; i++)
        if (fresh[i])
            buf_add(&b, item->v[i].patch);
    return buf_str(&b);
}

static void take_result(struct work *w, const struct found *f, struct str was, struct ur_result *r)
{
    struct write_item item = files_of(w, r);
    bool *fresh = arena_alloc(&w->scratch, item.n + 1);
    const char *clash = writes_note(&w->writes, &item, fresh);
    if (clash) {
        note_error(w, f->path,
                   str_fmt(&w->scratch,
                           "it wants '%s' changed in another way than a file before it",
                           cli_quote(&w->scratch, clash))
                       .p);
        return;
    }
    struct str patch = patch_of(w, r, &item, fresh);
    w->made->files++;
    w->made->answers[ur_result_answer(r)]++;
    put_report(w, r, patch);
    migrate_parts_add(w->m, &w->scratch, result_outcome(r));
    if (!ur_result_changed(r))
        return;
    size_t size;
    const char *bytes = ur_result_bytes(r, &size);
    w->made->changed++;
    buf_add(&w->made->patch, patch);
    for (size_t i = 0; i < item.n; i++)
        if (fresh[i])
            note_change(w, str_of(item.v[i].name), is_program(w, str_of(item.v[i].name)),
                        item.v[i].was, item.v[i].bytes);
    if (!str_eq(was, str_make(bytes, size)))
        note_change(w, f->path, f->program, was, str_make(bytes, size));
    note_whys(w, f->path, r);
}

static struct walk_input input_of(const char *path)
{
    static const struct walk_place top = {"", NULL};
    return (struct walk_input){.path = path, .place = &top};
}

static void do_file(struct work *w, const struct found *f)
{
    struct walk_input in = input_of(f->path.p);
    struct migrate_config *c = migrate_configs_find(&w->configs, f->path);
    struct places places;
    struct str bytes;
    const char *why = c->config.error;
    if (!why && migrate_config_ignores(c, f->path)) {
        note_skip(w, f->path, str_fmt(&w->scratch, "ignored by '%s'", c->config.path).p);
        return;
    }
    if (!why)
        why = tree_read(&w->m->tree, &w->scratch, f->path, CLI_FILE_MAX, &bytes);
    if (why && strcmp(why, TREE_ELSEWHERE) == 0) {
        note_skip(w, f->path, why);
        return;
    }
    if (why) {
        note_error(w, f->path, why);
        return;
    }
    places_find(&places, &w->scratch, &w->m->cli, &w->trees, &in);
    struct ur_result *r =
        ur_rewrite_in(c->config.options, &places.build, in.path, bytes.p, bytes.n);
    if (ur_result_status(r) == UR_OK) {
        take_result(w, f, bytes, r);
        if (ur_result_changed(r) && w->m->cli.options->migrate.commit_per_rule)
            migrate_rules_note(&w->rules, &w->m->arena, f->path, bytes, c);
    } else {
        w->made->errors++;
        put_report(w, r, STR(""));
        migrate_parts_add(w->m, &w->scratch, result_outcome(r));
    }
    ur_result_free(r);
    places_release(&places);
}

/* ---- all files ---- */

static void found(void *ctx, struct str path, const struct tree_entry *e)
{
    struct work *w = ctx;
    enum walk_name name = walk_name_of(str_basename(path));
    bool file = e->mode == TREE_FILE || e->mode == TREE_PROGRAM;
    if (e->mode == 0160000)
        note_skip(w, path, "a submodule");
    else if (name == WALK_TEMPLATE)
        note_skip(w, path, "a template");
    else if (name == WALK_DOCKERFILE && !file)
        note_skip(w, path, "is a symbolic link");
    else if (name == WALK_DOCKERFILE && w->found.n >= FOUND_MAX)
        w->too_many = true;
    else if (name == WALK_DOCKERFILE)
        *vec_push(&w->m->arena, &w->found) =
            (struct found){str_dup(&w->m->arena, path), e->mode == TREE_PROGRAM};
    arena_reset(&w->scratch);
}

static int compare_found(const void *x, const void *y)
{
    return strcmp(((const struct found *)x)->path.p, ((const struct found *)y)->path.p);
}

static struct ur_context open_folder(void *source, struct arena *a, const char *folder)
{
    return tree_context(source, a, folder);
}

static void look_at_builds(struct work *w)
{
    VEC_EACH (f, &w->found) {
        struct walk_input in = input_of(f->path.p);
        trees_look(&w->trees, &in);
    }
    trees_finish(&w->trees);
}

static const char *do_files(struct work *w)
{
    struct migrate_repository *m = w->m;
    look_at_builds(w);
    VEC_EACH (f, &w->found) {
        if (m->objects.late || (m->deadline && child_now() >= m->deadline))
            return "the time limit was reached";
        do_file(w, f);
        arena_reset(&w->scratch);
        atomic_fetch_add(&m->run->files, 1);
    }
    return m->objects.late ? "the time limit was reached" : NULL;
}

/* Rereads the files under fewer rules: what they are after the first rules. */
static struct str reread(void *ctx, const struct migrate_rule_file *f, struct ur_options *options,
                         void (*other)(void *to, struct str path, struct str bytes), void *to)
{
    struct work *w = ctx;
    struct walk_input in = input_of(f->path.p);
    struct places places;
    size_t size;
    places_find(&places, &w->scratch, &w->m->cli, &w->trees, &in);
    struct ur_result *r = ur_rewrite_in(options, &places.build, in.path, f->bytes.p, f->bytes.n);
    struct str now = f->bytes;
    if (ur_result_status(r) == UR_OK) {
        const char *bytes = ur_result_bytes(r, &size);
        now = str_dup(&w->m->arena, str_make(bytes, size));
        for (size_t i = 0; i < ur_result_file_count(r); i++) {
            const struct ur_file *file = ur_result_file(r, i);
            other(to, str_of(file->name), str_dup(&w->m->arena, str_make(file->bytes, file->size)));
        }
    }
    ur_result_free(r);
    places_release(&places);
    arena_reset(&w->scratch);
    return now;
}

static const char *run(struct work *w)
{
    if (!tree_walk(&w->m->tree, found, w))
        return w->m->tree.wrong;
    if (w->too_many)
        return "it has too many Dockerfiles";
    if (w->found.n > 1)
        qsort(w->found.v, w->found.n, sizeof *w->found.v, compare_found);
    const char *wrong = do_files(w);
    if (!wrong && w->m->cli.options->migrate.commit_per_rule && w->made->changes.n)
        migrate_rules_steps(&w->rules, &w->configs, w->made, reread, w);
    return wrong;
}

const char *migrate_files_run(struct migrate_repository *m)
{
    struct work w = {
        .m = m,
        .made = &m->made,
        .writes = {.arena = &m->arena},
        .trees = {.cli = &m->cli, .arena = &m->arena, .open = open_folder, .source = &m->tree}};
    m->made = (struct migrate_files){
        .patch = buf_in(&m->arena), .json = buf_in(&m->arena), .json_skipped = buf_in(&m->arena)};
    migrate_configs_init(&w.configs, m);
    const char *wrong = run(&w);
    migrate_configs_release(&w.configs);
    arena_release(&w.scratch);
    return wrong;
}
