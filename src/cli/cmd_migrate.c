/* migrate: what one branch in each of many repositories would need, made, remembered, reported. */
#include <errno.h>
#include <stdlib.h>
#include <sys/stat.h>

#include "base/hash.h"
#include "base/pool.h"
#include "cli/migrate.h"

enum { TIMEOUT_SECONDS = 600 };

#define BRANCH "unroot/harden"

/* ---- options ---- */

static const char *wrong_use(const struct options *o)
{
    const struct options_migrate *m = &o->migrate;
    if (!o->operands.n && !m->repos)
        return "migrate needs repositories: REPO..., or --repos FILE";
    if (m->in_place && (m->push || m->to_branch || m->commit_per_rule))
        return "--in-place writes no commit: it goes without --push, --to-branch and "
               "--commit-per-rule";
    if (m->dry_run && m->push)
        return "--dry-run writes no branch that --push could push";
    if (m->dry_run && m->patch_dir && m->commit_per_rule)
        return "--commit-per-rule needs the commits to make patches of them: not with --dry-run";
    if (m->branch && !repository_is_branch(str_of(m->branch)))
        return "--branch is no name of a branch";
    if (m->to_branch && !repository_is_branch(str_of(m->to_branch)))
        return "--to-branch is no name of a branch";
    if (m->branch && m->to_branch && strcmp(m->branch, m->to_branch) == 0)
        return "--branch and --to-branch are the same: a branch of yours is not written to";
    return NULL;
}

static uint64_t hash_facts(const struct facts_files *f)
{
    uint64_t hash = HASH_START;
    VEC_EACH (file, &f->files)
        hash = hash_add(hash_add(hash, file->yaml), STR_NULL);
    return hash;
}

static void put(struct buf *b, const char *name, const char *value)
{
    if (value)
        buf_addf(b, "%s=%s\n", name, value);
}

/* What decides about the result, and nothing else: not the number of threads, not the report. */
static struct str fingerprint(struct migration *run)
{
    const struct options *o = run->cli->options;
    struct buf b = buf_in(run->cli->arena);
    VEC_EACH (g, &o->engine)
        put(&b, g->spec->name, g->value);
    if (run->configs.facts.files.n)
        buf_addf(&b, "facts=%016llx\n", (unsigned long long)hash_facts(&run->configs.facts));
    put(&b, "branch", o->migrate.branch);
    put(&b, "to-branch", o->migrate.to_branch);
    put(&b, "author", o->migrate.author);
    put(&b, "push", o->migrate.push);
    put(&b, "patch-dir", o->migrate.patch_dir);
    put(&b, "commit-per-rule", o->migrate.commit_per_rule ? "true" : NULL);
    put(&b, "in-place", o->migrate.in_place ? "true" : NULL);
    put(&b, "dry-run", o->migrate.dry_run ? "true" : NULL);
    return buf_str(&b);
}

static const char *cache_dir(struct arena *a, const char *given)
{
    const char *cache = getenv("XDG_CACHE_HOME"), *home = getenv("HOME");
    if (given)
        return given;
    if (cache && cache[0] == '/')
        return str_fmt(a, "%s/unroot", cache).p;
    return home && *home ? str_fmt(a, "%s/.cache/unroot", home).p : ".unroot-cache";
}

static bool make_patch_dir(const struct cli *c)
{
    const char *dir = c->options->migrate.patch_dir;
    if (!dir || mkdir(dir, 0777) == 0 || errno == EEXIST)
        return true;
    cli_error(c, "cannot make '%s': %s", cli_quote(c->arena, dir), strerror(errno));
    return false;
}

/* ---- the threads ---- */

static void work(void *ctx, void *worker, size_t index, void *slot)
{
    struct migration *run = ctx;
    (void)worker, (void)index, (void)slot;
    for (;;) {
        size_t i = atomic_fetch_add(&run->next, 1);
        if (i >= run->names.list.n || journal_error(run->journal))
            return;
        migrate_one(run, run->names.list.v[i].name);
    }
}

static bool emit(void *ctx, size_t index, void *slot)
{
    (void)ctx, (void)index, (void)slot;
    return true;
}

/* One job a thread, which takes repositories as long as there are any: a slow one holds up none. */
static void run_all(struct migration *run)
{
    unsigned jobs = run->cli->options->jobs;
    size_t threads = jobs ? jobs : pool_processors();
    if (threads > run->names.list.n)
        threads = run->names.list.n;
    struct pool_plan plan = {
        .jobs = threads, .threads = (unsigned)threads, .ctx = run, .work = work, .emit = emit};
    run->live = migrate_live_start(run);
    pool_run(&plan);
    migrate_live_end(run->live);
}

static enum exit_code run_journal(struct migration *run)
{
    struct migrate_sums sums = {0};
    uint64_t start = child_now();
    run_all(run);
    bool ok = migrate_report(run, &sums);
    const char *error = journal_error(run->journal);
    if (error)
        cli_error(run->cli, "%s", error);
    if (!run->cli->options->quiet)
        migrate_sums_print(&sums, run, child_now() - start);
    return ok && !error && !sums.status[MIGRATE_ERROR] && !sums.file_errors ? CODE_OK : CODE_INPUT;
}

static enum exit_code run_configured(struct migration *run)
{
    const struct options_migrate *o = &run->cli->options->migrate;
    const char *error;
    bool commits = (!o->dry_run && !o->in_place) || o->patch_dir;
    if (commits && !migrate_people(run))
        return CODE_USAGE;
    if (!migrate_names_read(&run->names, run->cli) || !make_patch_dir(run->cli))
        return CODE_USAGE;
    run->branch = o->to_branch ? o->to_branch : BRANCH;
    run->fingerprint = fingerprint(run);
    run->timeout = (o->timeout ? o->timeout : TIMEOUT_SECONDS) * UINT64_C(1000);
    run->journal = journal_open(run->cli->arena, o->state, &error);
    if (!run->journal) {
        cli_error(run->cli, "%s", error);
        return CODE_USAGE;
    }
    remotes_init(&run->remotes, cache_dir(run->cli->arena, o->cache_dir), o->clone_rate);
    enum exit_code code = run_journal(run);
    remotes_release(&run->remotes);
    journal_close(run->journal);
    return code;
}

static enum exit_code run(struct cli *c)
{
    struct migration run = {.cli = c};
    const char *wrong = wrong_use(c->options);
    enum exit_code code = CODE_USAGE;
    if (!wrong)
        wrong = configs_init(&run.configs, c);
    if (wrong) {
        cli_error(c, "%s", wrong);
        return code;
    }
    code = run_configured(&run);
    configs_release(&run.configs);
    return code;
}

const struct command command_migrate = {
    .name = "migrate",
    .rank = 4,
    .operands = "[REPO...]",
    .summary = "harden many repositories, each on a branch of its own",
    .about =
        "Reads the default branch of each REPO, rewrites its Dockerfiles without a checkout, and "
        "commits the result on the branch " BRANCH ". REPO is a work tree, a bare repository, or a "
        "URL that git can clone.\n"
        "\n"
        "No other branch is touched and no history rewritten: a branch that has commits of "
        "somebody else is left alone. Hooks, filters and the repository's own configuration of git "
        "are not used; its .unroot.yaml is. Commits have the date of the commit that was read (or "
        "GIT_AUTHOR_DATE and GIT_COMMITTER_DATE), so that the same repository gives the same "
        "commit.\n"
        "\n"
        "With --state a run can be ended at any moment and go on; a repository is done again when "
        "its commit, the options or the version are others, or when it failed. The report has all "
        "repositories of the run, also those that were done before.\n"
        "\n"
        "Exit status: 0; 3 when a repository or a file could not be handled.",
    .groups = GROUP_REPOSITORIES | GROUP_COMMIT | GROUP_JOURNAL | GROUP_REPORT | GROUP_RULES |
              GROUP_IDENTITY | GROUP_FACTS | GROUP_BATCH,
    .run = run,
};
