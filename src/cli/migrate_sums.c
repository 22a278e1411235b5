/* The table at the end: made of the report's lines, those of earlier runs included. */
#include <jansson.h>
#include <stdlib.h>

#include "cli/migrate.h"

enum { REASONS_SHOWN = 10 };

static size_t number(const json_t *o, const char *key)
{
    json_int_t n = json_integer_value(json_object_get(o, key));
    return n > 0 ? (size_t)n : 0;
}

static void count_reason(struct migrate_sums *s, struct arena *a, const char *code)
{
    VEC_EACH (r, &s->reasons)
        if (strcmp(r->code, code) == 0) {
            r->n++;
            return;
        }
    *vec_push(a, &s->reasons) = (struct migrate_reason){str_dup(a, str_of(code)).p, 1};
}

static void count_files(struct migrate_sums *s, struct arena *a, const json_t *files)
{
    size_t i;
    json_t *file;
    json_array_foreach(files, i, file)
    {
        const char *code = json_string_value(json_object_get(file, "reason"));
        if (code && !json_is_true(json_object_get(file, "changed")))
            count_reason(s, a, code);
    }
}

void migrate_sums_add(struct migrate_sums *s, struct arena *a, struct str record)
{
    json_t *o = json_loadb(record.p, record.n, JSON_ALLOW_NUL, NULL);
    const char *status = json_string_value(json_object_get(o, "status"));
    const json_t *counts = json_object_get(o, "counts");
    for (int i = 0; status && i < MIGRATE_STATUSES; i++)
        s->status[i] += strcmp(status, migrate_status_name((enum migrate_status)i)) == 0;
    for (int i = 0; i < 4; i++)
        s->answers[i] += number(counts, ur_answer_name((enum ur_answer)i));
    s->files += number(counts, "files");
    s->changed += number(counts, "changed");
    s->file_errors += number(counts, "errors");
    s->skipped += number(counts, "skipped");
    count_files(s, a, json_object_get(o, "files"));
    json_decref(o);
}

/* ---- printing ---- */

static int compare(const void *x, const void *y)
{
    const struct migrate_reason *a = x, *b = y;
    return a->n != b->n ? (a->n < b->n ? 1 : -1) : strcmp(a->code, b->code);
}

static void row(struct buf *b, const char *name, size_t n, const char *text)
{
    buf_addf(b, "  %-24s %9zu%s%s\n", name, n, *text ? "  " : "", text);
}

static void put_repositories(struct buf *b, const struct migrate_sums *s,
                             const struct migration *run)
{
    bool dry = run->cli->options->migrate.dry_run, in_place = run->cli->options->migrate.in_place;
    size_t all = 0;
    for (int i = 0; i < MIGRATE_STATUSES; i++)
        all += s->status[i];
    row(b, "repositories", all, "");
    row(b, "  hardened", s->status[MIGRATE_HARDENED],
        dry        ? "would be changed"
        : in_place ? "changed in place"
                   : run->branch);
    row(b, "  refused", s->status[MIGRATE_REFUSED], "nothing could be rewritten");
    row(b, "  clean", s->status[MIGRATE_CLEAN], "nothing had to be");
    row(b, "  without Dockerfile", s->status[MIGRATE_NONE], "");
    row(b, "  empty", s->status[MIGRATE_EMPTY], "");
    row(b, "  errors", s->status[MIGRATE_ERROR], "");
}

static void put_files(struct buf *b, const struct migrate_sums *s)
{
    row(b, "Dockerfiles", s->files, "");
    row(b, "  changed", s->changed, "");
    for (int i = 0; i < 4; i++)
        row(b, str_fmt(b->arena, "  %s", ur_answer_name((enum ur_answer)i)).p, s->answers[i], "");
    row(b, "  errors", s->file_errors, "");
}

void migrate_sums_print(struct migrate_sums *s, struct migration *run, uint64_t milliseconds)
{
    struct buf b = buf_in(run->cli->arena);
    size_t files = run->files, kept = run->kept, done = run->done;
    put_repositories(&b, s, run);
    put_files(&b, s);
    if (s->reasons.n) {
        qsort(s->reasons.v, s->reasons.n, sizeof *s->reasons.v, compare);
        buf_addz(&b, "  why not (unroot explain REASON)\n");
    }
    for (size_t i = 0; i < s->reasons.n && i < REASONS_SHOWN; i++)
        row(&b, str_fmt(b.arena, "    %s", s->reasons.v[i].code).p, s->reasons.v[i].n, "");
    buf_addf(&b, "  %zu done now, %zu as before; %zu files in %llu.%llu s\n", done - kept, kept,
             files, (unsigned long long)milliseconds / 1000,
             (unsigned long long)milliseconds / 100 % 10);
    cli_raw(buf_str(&b));
}
