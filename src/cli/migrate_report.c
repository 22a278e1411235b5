/*
 * The report is what the journal has on the repositories of this run, by their names: the same
 * whether they were done now, by an earlier run, or by both.
 */
#include <errno.h>
#include <stdio.h>
#include <unistd.h>

#include "cli/migrate.h"

struct report_file {
    FILE *to;
    const char *path, *part;
};

static bool open_report(struct report_file *f, const struct cli *c)
{
    const char *path = c->options->migrate.report;
    *f = (struct report_file){.path = path};
    if (!path)
        return true;
    if (strcmp(path, "-") == 0) {
        f->to = stdout;
        return true;
    }
    f->part = str_fmt(c->arena, "%s.part", path).p;
    f->to = fopen(f->part, "we");
    if (!f->to)
        cli_error(c, "cannot write '%s': %s", cli_quote(c->arena, path), strerror(errno));
    return f->to != NULL;
}

static bool close_report(struct report_file *f, const struct cli *c)
{
    if (!f->to)
        return true;
    bool ok = !ferror(f->to) && fflush(f->to) == 0;
    int error = errno;
    if (f->part) {
        ok = fclose(f->to) == 0 && ok;
        error = ok && rename(f->part, f->path) == 0 ? 0 : errno ? errno : error;
        ok = ok && !error;
        if (!ok)
            unlink(f->part);
    }
    if (!ok)
        cli_error(c, "cannot write '%s': %s", cli_quote(c->arena, f->path), strerror(error));
    return ok;
}

bool migrate_report(struct migration *run, struct migrate_sums *s)
{
    struct report_file f;
    struct arena scratch = {0};
    if (!open_report(&f, run->cli))
        return false;
    VEC_EACH (name, &run->names.list) {
        struct str record = journal_get(run->journal, &scratch, name->shown).record;
        if (record.n)
            migrate_sums_add(s, run->cli->arena, record);
        if (record.n && f.to) {
            fwrite(record.p, 1, record.n, f.to);
            fputc('\n', f.to);
        }
        arena_reset(&scratch);
    }
    arena_release(&scratch);
    return close_report(&f, run->cli);
}
