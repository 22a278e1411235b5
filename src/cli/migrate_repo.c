/*
 * One repository, from its name to its row in the journal:
 *
 *     find it (fetch it) ─► commit to read ─► done before? ─► files ─► commits ─► push, patch ─►
 * row
 *
 * What is written to a repository is decided by the commit that is read, the options and the
 * version alone. So a run that was ended between writing and taking note of it comes to the same
 * commit again, and finds it there.
 */
#include <time.h>

#include "base/utf8.h"
#include "cli/migrate.h"

static struct journal_row row_of(struct migrate_repository *m, enum journal_state state)
{
    return (struct journal_row){.name = str_of(m->place.name),
                                .version = str_of(ur_version()),
                                .options = m->run->fingerprint,
                                .base = m->base.id,
                                .tip = m->tip,
                                .state = state,
                                .time = (int64_t)time(NULL),
                                .record = STR("")};
}

/* From here on the repository is changed. */
static void begin(struct migrate_repository *m, const struct journal_row *old)
{
    struct journal_row row = row_of(m, JOURNAL_BEGUN);
    row.tip = old->tip;
    journal_put(m->run->journal, &row);
}

static bool is_done(struct migrate_repository *m, const struct journal_row *old)
{
    return old->state == JOURNAL_DONE && str_is(old->version, ur_version()) &&
           str_eq(old->options, m->run->fingerprint) && str_eq(old->base, m->base.id) &&
           migrate_parts_are_there(m);
}

/* ---- writing the branch ---- */

static void plan_one_step(struct migrate_repository *m)
{
    struct arena *a = &m->arena;
    struct commit_step step = {.message = migrate_message(a, &m->made, NULL)};
    VEC_EACH (c, &m->made.changes)
        *vec_push(a, &step.files) = (struct commit_file){c->path, c->program, c->bytes};
    *vec_push(a, &m->made.steps) = step;
}

static struct commit_plan plan_of(struct migrate_repository *m)
{
    struct migration *run = m->run;
    struct commit_plan p = {
        .repository = &m->place,
        .branch = run->branch,
        .author = run->author,
        .committer = run->committer,
        .author_date = run->author_date.n ? run->author_date : m->base.date,
        .committer_date = run->committer_date.n ? run->committer_date : m->base.date,
        .base = m->base.id,
        .base_tree = m->base.tree,
        .deadline = m->deadline,
    };
    p.steps.v = m->made.steps.v;
    p.steps.n = m->made.steps.n;
    return p;
}

static struct str tree_id(struct migrate_repository *m, struct str commit)
{
    struct odb_object o;
    struct str line = STR("");
    /* git looks for new packs when it does not know an id */
    if (!odb_read(&m->objects, &m->arena, str_z(&m->arena, commit), 1 << 20, &o) || !o.bytes.p)
        return STR("");
    str_split(&o.bytes, '\n', &line);
    return str_starts(line, STR("tree ")) ? str_from(line, 5) : STR("");
}

/* The branch that an earlier run has written has the same files for the same commit. */
static bool is_same(struct migrate_repository *m, struct str tip, struct str now)
{
    struct str x = tree_id(m, tip), y = tree_id(m, now);
    return x.n && str_eq(x, y) && commit_contains(&m->arena, &m->place, tip, m->base.id);
}

static const char *write_branch(struct migrate_repository *m, const struct journal_row *old)
{
    const char *message;
    struct str before, made;
    if (repository_is_in_use(&m->arena, &m->place, m->run->branch))
        return str_fmt(&m->arena, "its branch '%s' is checked out", m->run->branch).p;
    if (!repository_tip(&m->arena, &m->objects, m->run->branch, &before))
        return "the time limit was reached";
    if (!m->made.steps.n)
        plan_one_step(m);
    begin(m, old);
    struct commit_plan plan = plan_of(m);
    enum commit_result result = commit_write(&m->arena, &plan, &made, &message);
    if (result == COMMIT_BEHIND && old->tip.n) {
        if (str_eq(old->tip, before) && is_same(m, before, made)) {
            m->tip = before;
            m->made.steps.n = 0;
            return NULL;
        }
        plan.tip = old->tip;
        result = commit_write(&m->arena, &plan, &made, &message);
    }
    if (result == COMMIT_BEHIND)
        return str_fmt(&m->arena,
                       "its branch '%s' has commits that this journal does not know: left alone",
                       m->run->branch)
            .p;
    if (result == COMMIT_DONE)
        m->tip = made;
    return message;
}

static const char *push(struct migrate_repository *m)
{
    const char *error = NULL;
    struct migration *run = m->run;
    const char *url = remote_url(&m->arena, &m->place, m->cli.options->migrate.push, &error);
    if (!url)
        return error;
    m->pushed = str_z(&m->arena, repository_public(&m->arena, str_of(url)));
    return remote_push(&m->arena, &run->remotes, &m->place, url, run->branch, m->tip, m->deadline);
}

static const char *write_changes(struct migrate_repository *m, const struct journal_row *old)
{
    const struct options_migrate *o = &m->cli.options->migrate;
    const char *wrong = NULL;
    if (o->in_place && !o->dry_run) {
        begin(m, old);
        wrong = migrate_in_place(m, old->state == JOURNAL_BEGUN);
    } else if (!o->dry_run) {
        wrong = write_branch(m, old);
        if (!wrong && o->push)
            wrong = push(m);
    }
    return !wrong && o->patch_dir ? migrate_patch(m) : wrong;
}

/* ---- from the beginning ---- */

static enum migrate_status status_of(const struct migrate_files *f)
{
    if (f->changed)
        return MIGRATE_HARDENED;
    if (!f->files && !f->errors)
        return MIGRATE_NONE;
    return f->answers[UR_REFUSED] || f->answers[UR_REVIEW] || f->errors ? MIGRATE_REFUSED
                                                                        : MIGRATE_CLEAN;
}

static const char *open_place(struct migrate_repository *m)
{
    struct arena *a = &m->arena;
    const struct options_migrate *o = &m->cli.options->migrate;
    if (m->place.kind == REPOSITORY_URL) {
        if (o->in_place)
            return "--in-place is for work trees";
        const char *written = o->push && !o->dry_run ? m->run->branch : NULL;
        const char *wrong =
            remote_fetch(a, &m->run->remotes, &m->place, o->branch, written, m->deadline);
        if (wrong)
            return wrong;
    }
    if (o->in_place && m->place.kind != REPOSITORY_WORK_TREE)
        return "--in-place is for work trees";
    m->objects = odb_of(a, m->place.git_dir, m->deadline);
    const char *branch = o->in_place && !o->branch ? "HEAD" : o->branch;
    return repository_base(a, &m->place, &m->objects, branch, &m->base);
}

static const char *work(struct migrate_repository *m, const struct journal_row *old)
{
    if (str_is(m->base.branch, m->run->branch))
        return "the branch to write is the one to read";
    m->tree = tree_of(&m->arena, &m->objects, m->base.tree);
    const char *wrong = migrate_files_run(m);
    m->status = status_of(&m->made);
    if (!wrong && m->made.changes.n)
        wrong = write_changes(m, old);
    tree_release(&m->tree);
    return wrong;
}

/* A branch that we know of stays known. */
static void finish(struct migrate_repository *m, const struct journal_row *old, const char *wrong)
{
    struct migration *run = m->run;
    if (wrong) {
        m->status = MIGRATE_ERROR;
        m->error = wrong;
        migrate_live_say(run->live, &m->cli, cli_quote(&m->arena, m->place.name), wrong);
        struct outcome o = reports_failure("", wrong);
        migrate_parts_add(m, &m->arena, &o);
    }
    migrate_parts_put(m);
    struct journal_row row = row_of(m, wrong ? JOURNAL_FAILED : JOURNAL_DONE);
    if (!row.tip.n)
        row.tip = old->tip;
    row.record = migrate_record(m);
    journal_put(run->journal, &row);
    atomic_fetch_add(&run->status[m->status], 1);
}

static void migrate(struct migrate_repository *m, const char *name)
{
    struct migration *run = m->run;
    const char *wrong = repository_find(&m->arena, name, &m->place);
    struct journal_row old = journal_get(run->journal, &m->arena, str_of(m->place.name));
    if (!wrong)
        wrong = open_place(m);
    if (!wrong && old.state == JOURNAL_BEGUN && !m->cli.options->migrate.dry_run)
        commit_clean(&m->arena, &m->place, run->branch, old.time);
    if (!wrong && is_done(m, &old)) {
        atomic_fetch_add(&run->kept, 1);
        return;
    }
    if (!wrong && m->base.empty)
        m->status = MIGRATE_EMPTY;
    else if (!wrong)
        wrong = work(m, &old);
    finish(m, &old, wrong);
}

void migrate_one(struct migration *run, const char *name)
{
    struct migrate_repository m = {.run = run, .cli = *run->cli};
    m.cli.arena = &m.arena;
    m.deadline = child_now() + run->timeout;
    m.made.json = buf_in(&m.arena);
    m.made.json_skipped = buf_in(&m.arena);
    migrate_parts_init(&m);
    migrate(&m, name);
    odb_close(&m.objects);
    arena_release(&m.arena);
    atomic_fetch_add(&run->done, 1);
}
