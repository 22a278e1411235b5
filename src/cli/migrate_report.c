/*
 * The reports are what the journal has on the repositories of this run, by their names: the same
 * whether they were done now, by an earlier run, or by both. JSON is the journal's own lines, an
 * object a repository; the other formats have parts of their own there.
 */
#include <errno.h>
#include <stdio.h>
#include <unistd.h>

#include "cli/migrate.h"
#include "engine/registry.h"

struct document {
    const struct option_report *wanted;
    struct writer *writer; /* NULL: the records */
    FILE *to;
    const char *part;
};

struct migrate_documents {
    const struct cli *cli;
    VEC(struct document) list;
    bool ok;
};

static void sink(void *ctx, struct str bytes)
{
    fwrite(bytes.p, 1, bytes.n, ctx);
}

static bool failed(const struct cli *c, const struct document *d, int error)
{
    cli_error(c, "cannot write '%s': %s", cli_quote(c->arena, d->wanted->file), strerror(error));
    return false;
}

static bool open_document(struct migrate_documents *ds, const struct option_report *r)
{
    struct arena *a = ds->cli->arena;
    struct document d = {.wanted = r, .part = str_fmt(a, "%s.part", r->file).p};
    d.to = fopen(d.part, "we");
    if (!d.to)
        return failed(ds->cli, &d, errno);
    if (!migrate_is_record(r))
        d.writer = writer_new(a, report_find(str_of(r->format)), sink, d.to);
    *vec_push(a, &ds->list) = d;
    return true;
}

static bool close_document(struct migrate_documents *ds, struct document *d, size_t skipped)
{
    const char *wrong = d->writer ? writer_end(d->writer, skipped) : NULL;
    bool ok = !wrong && !ferror(d->to);
    if (wrong)
        cli_error(ds->cli, "a report is not complete: %s", wrong);
    errno = 0;
    ok = fclose(d->to) == 0 && ok && rename(d->part, d->wanted->file) == 0;
    if (ok)
        return true;
    int error = errno ? errno : EIO;
    unlink(d->part);
    return failed(ds->cli, d, error);
}

struct migrate_documents *migrate_documents_open(const struct cli *c)
{
    struct migrate_documents *ds = arena_new(c->arena, struct migrate_documents);
    *ds = (struct migrate_documents){.cli = c, .ok = true};
    VEC_EACH (r, &c->options->reports)
        ds->ok &= open_document(ds, r);
    return ds;
}

void migrate_documents_add(struct migrate_documents *ds, struct journal *j, struct str name,
                           struct str record)
{
    struct arena scratch = {0};
    struct str parts;
    VEC_EACH (d, &ds->list) {
        if (!d->writer) {
            fwrite(record.p, 1, record.n, d->to);
            fputc('\n', d->to);
        } else if (journal_get_part(j, &scratch, name, d->wanted->format, &parts)) {
            migrate_parts_write(name, parts, &scratch, d->writer);
        } else if (ds->ok) {
            cli_error(ds->cli,
                      "'%s': the journal has nothing on '%s' for this format; run migrate with the "
                      "same --report",
                      cli_quote(ds->cli->arena, d->wanted->file),
                      cli_quote(ds->cli->arena, str_z(ds->cli->arena, name)));
            ds->ok = false;
        }
    }
    arena_release(&scratch);
}

bool migrate_documents_close(struct migrate_documents *ds, size_t skipped)
{
    VEC_EACH (d, &ds->list)
        ds->ok &= close_document(ds, d, skipped);
    return ds->ok;
}

bool migrate_report(struct migration *run, struct migrate_sums *s)
{
    struct migrate_documents *ds = migrate_documents_open(run->cli);
    struct arena scratch = {0};
    VEC_EACH (name, &run->names.list) {
        struct str record = journal_get(run->journal, &scratch, name->shown).record;
        if (record.n) {
            migrate_sums_add(s, run->cli->arena, record);
            migrate_documents_add(ds, run->journal, name->shown, record);
        }
        arena_reset(&scratch);
    }
    arena_release(&scratch);
    return migrate_documents_close(ds, s->skipped);
}
