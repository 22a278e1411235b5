/*
 * What a repository adds to the documents of --report is kept in the journal, so that a document
 * can be made of repositories that were done at different times. A part is a line of numbers, the
 * text and the reason.
 */
#include <stdlib.h>

#include "cli/migrate.h"
#include "engine/registry.h"

#define BODY "pull-request"

enum { NUMBERS = 8 };

bool migrate_is_record(const struct option_report *r)
{
    return strcmp(r->format, "json") == 0;
}

void migrate_parts_init(struct migrate_repository *m)
{
    size_t n = m->cli.options->reports.n;
    m->parts = arena_alloc(&m->arena, (n + 1) * sizeof *m->parts);
    for (size_t i = 0; i < n; i++)
        m->parts[i] = buf_in(&m->arena);
    m->body = buf_in(&m->arena);
}

static void put_part(struct buf *b, const struct writer_part *p)
{
    buf_addf(b, "%zu %zu %d %d %zu %d %d %d\n", p->text.n, p->reason.n, p->failed, p->changed,
             p->findings, (int)p->answer, (int)p->before, (int)p->after);
    buf_add(b, p->text);
    buf_add(b, p->reason);
}

void migrate_parts_add(struct migrate_repository *m, struct arena *scratch, const struct outcome *o)
{
    const struct options *options = m->cli.options;
    struct outcome own = *o;
    own.repo = str_of(m->place.name);
    for (size_t i = 0; i < options->reports.n; i++) {
        struct writer_part part;
        const struct option_report *r = &options->reports.v[i];
        if (migrate_is_record(r))
            continue;
        writer_part(report_find(str_of(r->format)), &own, scratch, &part);
        put_part(&m->parts[i], &part);
    }
    if (options->migrate.patch_dir) {
        struct writer_part part;
        own.repo = STR("");
        writer_part(report_find(STR(BODY)), &own, scratch, &part);
        put_part(&m->body, &part);
    }
}

void migrate_parts_put(struct migrate_repository *m)
{
    const struct options *o = m->cli.options;
    for (size_t i = 0; i < o->reports.n; i++)
        if (!migrate_is_record(&o->reports.v[i]))
            journal_put_part(m->run->journal, str_of(m->place.name), o->reports.v[i].format,
                             buf_str(&m->parts[i]));
}

bool migrate_parts_are_there(struct migrate_repository *m)
{
    const struct options *o = m->cli.options;
    struct str part;
    VEC_EACH (r, &o->reports)
        if (!migrate_is_record(r) &&
            !journal_get_part(m->run->journal, &m->arena, str_of(m->place.name), r->format, &part))
            return false;
    return true;
}

/* One part off the front. False when it is none. */
static bool next_part(struct str *parts, struct writer_part *p)
{
    struct str line = STR(""), word = STR("");
    uint64_t n[NUMBERS];
    if (!str_split(parts, '\n', &line))
        return false;
    for (size_t i = 0; i < NUMBERS; i++)
        if (!str_split(&line, ' ', &word) || !str_to_u64(word, SIZE_MAX / 4, &n[i]))
            return false;
    if (n[0] > parts->n || n[1] > parts->n - n[0] || n[5] > UR_REFUSED || n[6] >= OUTCOME_USERS ||
        n[7] >= OUTCOME_USERS)
        return false;
    p->text = str_sub(*parts, 0, n[0]);
    p->reason = str_sub(*parts, n[0], n[0] + n[1]);
    p->failed = n[2], p->changed = n[3], p->findings = n[4];
    p->answer = (enum ur_answer)n[5];
    p->before = (enum outcome_user)n[6], p->after = (enum outcome_user)n[7];
    *parts = str_from(*parts, n[0] + n[1]);
    return true;
}

static void add_text(void *ctx, struct str bytes)
{
    buf_add(ctx, bytes);
}

struct str migrate_parts_body(struct migrate_repository *m)
{
    struct buf text = buf_in(&m->arena);
    struct writer *w = writer_new(&m->arena, report_find(STR(BODY)), add_text, &text);
    migrate_parts_write(STR(""), buf_str(&m->body), &m->arena, w);
    writer_end(w, m->made.skipped);
    return buf_str(&text);
}

void migrate_parts_write(struct str name, struct str parts, struct arena *scratch,
                         struct writer *to)
{
    struct writer_part p = {.repo = str_dup(scratch, name)};
    while (parts.n && next_part(&parts, &p))
        writer_add(to, &p);
}
