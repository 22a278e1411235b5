/*
 * report merge: what several runs of migrate have reported or remembered, made one. Everything goes
 * into a journal first (that of --state, or one that nobody sees), which sorts it and keeps the
 * newest of two; the outputs are made of that.
 */
#include <fcntl.h>
#include <jansson.h>
#include <unistd.h>

#include "cli/migrate.h"

struct merge {
    const struct cli *cli;
    struct journal *to;
    struct migrate_documents *documents;
    struct out *out; /* NULL: nobody wants it */
    size_t skipped;
};

/* ---- inputs ---- */

static void put_row(void *ctx, const struct journal_row *row)
{
    struct merge *m = ctx;
    journal_put(m->to, row);
}

static void put_part(void *ctx, struct str name, const char *format, struct str part)
{
    struct merge *m = ctx;
    journal_put_part(m->to, name, format, part);
}

static bool add_journal(struct merge *m, const char *path)
{
    const char *error;
    struct journal *from = journal_open(m->cli->arena, path, &error);
    if (from) {
        journal_each(from, put_row, m);
        journal_each_part(from, put_part, m);
        error = journal_error(from);
        journal_close(from);
    }
    if (error)
        cli_error(m->cli, "%s", error);
    return !error;
}

static bool add_line(struct merge *m, struct arena *a, struct str line)
{
    json_t *o = json_loadb(line.p, line.n, JSON_ALLOW_NUL, NULL);
    json_t *name = json_object_get(o, "repository");
    bool ok = json_is_string(name);
    if (ok) {
        struct journal_row row = {.name =
                                      str_make(json_string_value(name), json_string_length(name)),
                                  .version = STR(""),
                                  .options = STR(""),
                                  .base = STR(""),
                                  .tip = STR(""),
                                  .state = JOURNAL_FAILED,
                                  .record = str_dup(a, line)};
        journal_put(m->to, &row);
    }
    json_decref(o);
    return ok;
}

static bool add_lines(struct merge *m, const char *path, struct str bytes)
{
    struct arena scratch = {0};
    struct str line;
    bool ok = true;
    for (size_t number = 1; ok && str_split(&bytes, '\n', &line); number++) {
        ok = !line.n || add_line(m, &scratch, line);
        if (!ok)
            cli_error(m->cli, "%s:%zu: no line of a report of migrate",
                      cli_quote(m->cli->arena, path), number);
        arena_reset(&scratch);
    }
    arena_release(&scratch);
    return ok;
}

static bool is_journal(const char *path)
{
    char begin[16];
    int fd = open(path, O_RDONLY | O_NONBLOCK | O_CLOEXEC);
    ssize_t n = fd < 0 ? -1 : read(fd, begin, sizeof begin);
    if (fd >= 0)
        close(fd);
    return n > 0 && journal_is(str_make(begin, (size_t)n));
}

static bool add_input(struct merge *m, const char *path)
{
    struct arena scratch = {0};
    struct io_file file;
    if (is_journal(path))
        return add_journal(m, path);
    struct io_error e = io_read(&scratch, io_path_of(path), SIZE_MAX / 4, &file);
    bool ok = !e.message && !m->cli->options->migrate.state;
    if (e.message)
        cli_error(m->cli, "%s", e.message);
    else if (!ok)
        cli_error(m->cli, "'%s' is no journal: --state merges journals only",
                  cli_quote(m->cli->arena, path));
    else
        ok = add_lines(m, path, file.bytes);
    arena_release(&scratch);
    return ok;
}

/* ---- outputs ---- */

static void write_row(void *ctx, const struct journal_row *row)
{
    struct merge *m = ctx;
    struct migrate_sums sums = {0};
    if (!row->record.n)
        return;
    migrate_sums_add(&sums, m->cli->arena, row->record);
    m->skipped += sums.skipped;
    migrate_documents_add(m->documents, m->to, row->name, row->record);
    if (m->out) {
        out_write(m->out, row->record);
        out_write(m->out, STR("\n"));
    }
}

static bool write_all(struct merge *m)
{
    const struct options *o = m->cli->options;
    bool wanted = o->output || (!o->reports.n && !o->migrate.state);
    m->out = wanted ? out_open(m->cli) : NULL;
    if (wanted && !m->out)
        return false;
    m->documents = migrate_documents_open(m->cli);
    journal_each(m->to, write_row, m);
    bool ok = migrate_documents_close(m->documents, m->skipped);
    return (!m->out || out_close(m->out)) && ok;
}

static bool merge(struct merge *m)
{
    const struct options *o = m->cli->options;
    journal_together(m->to, true);
    for (size_t i = 1; i < o->operands.n; i++)
        if (!add_input(m, o->operands.v[i]))
            return false;
    journal_together(m->to, false);
    bool ok = write_all(m);
    const char *error = journal_error(m->to);
    if (error)
        cli_error(m->cli, "%s", error);
    return ok && !error;
}

static enum exit_code run(struct cli *c)
{
    struct merge m = {.cli = c};
    const struct options *o = c->options;
    const char *error;
    if (strcmp(o->operands.v[0], "merge") != 0 || o->operands.n < 2) {
        cli_error(c, "report needs 'merge' and files: report merge FILE...");
        return CODE_USAGE;
    }
    m.to = journal_open(c->arena, o->migrate.state, &error);
    if (!m.to) {
        cli_error(c, "%s", error);
        return CODE_INPUT;
    }
    bool ok = merge(&m);
    journal_close(m.to);
    return ok ? CODE_OK : CODE_INPUT;
}

static const char *words(struct arena *a)
{
    (void)a;
    return "merge";
}

const struct command command_report = {
    .name = "report",
    .rank = 5,
    .operands = "merge FILE...",
    .summary = "make one of the reports and journals of migrate",
    .about =
        "Merges what several runs of `unroot migrate` have written, for instance those of --shard: "
        "reports in JSON Lines, and journals (--state), which hold the same and more.\n"
        "\n"
        "Prints a report in JSON Lines, sorted by repository; of two lines about the same one, that "
        "of the later FILE stays. --report writes other formats out of journals of runs that had "
        "the same format; --state writes one journal out of several.",
    .words = words,
    .groups = GROUP_FILE | GROUP_JOURNAL | GROUP_REPORT,
    .needs_operand = true,
    .run = run,
};
