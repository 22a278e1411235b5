/*
 * A document that begins with sums is written twice as it were: the texts of its inputs into a
 * spool, and at the end beginning, spool and end to where they belong.
 */
#include "report/writer.h"

#include <string.h>

#include "base/spool.h"

struct writer {
    struct arena *arena;
    const struct report *report;
    writer_sink *sink;
    void *ctx;
    struct spool *spool; /* NULL: nothing has to wait */
    struct report_run run;
    struct str repo; /* of the last part */
    size_t written;  /* bytes of inputs */
    size_t on_page;  /* the same since the last page break */
};

static void hand_on(struct writer *w, struct str bytes)
{
    if (!bytes.n)
        return;
    if (w->spool)
        spool_add(w->spool, bytes);
    else
        w->sink(w->ctx, bytes);
}

/* begin() and end() are short, so their memory may stay until the writer's goes. */
static void say(struct writer *w, void (*speak)(const struct report_run *, struct buf *))
{
    struct buf b = buf_in(w->arena);
    if (!speak)
        return;
    speak(&w->run, &b);
    hand_on(w, buf_str(&b));
}

struct writer *writer_new(struct arena *a, const struct report *r, writer_sink *sink, void *ctx)
{
    struct writer *w = arena_new(a, struct writer);
    *w = (struct writer){.arena = a, .report = r, .sink = sink, .ctx = ctx};
    if (r->sums_first)
        w->spool = spool_new(a);
    else
        say(w, r->begin);
    return w;
}

void writer_part(const struct report *r, const struct outcome *o, struct arena *a,
                 struct writer_part *out)
{
    struct buf b = buf_in(a);
    r->input(o, &b);
    *out = (struct writer_part){.text = buf_str(&b),
                                .repo = str_dup(a, o->repo),
                                .reason = str_dup(a, str_of(o->reason ? o->reason : "")),
                                .failed = o->status != UR_OK,
                                .changed = o->changed,
                                .findings = o->finding_count,
                                .answer = o->answer,
                                .before = o->before,
                                .after = o->after};
}

static void count_reason(struct writer *w, struct str code)
{
    VEC_EACH (r, &w->run.reasons)
        if (str_eq(r->code, code)) {
            r->n++;
            return;
        }
    *vec_push(w->arena, &w->run.reasons) =
        (struct report_reason){.code = str_dup(w->arena, code), .n = 1};
}

static void count(struct writer *w, const struct writer_part *p)
{
    struct report_sums *s = &w->run.sums;
    if (p->repo.n && !str_eq(p->repo, w->repo)) {
        s->repos++;
        w->repo = str_dup(w->arena, p->repo);
    }
    s->findings += p->findings;
    if (p->reason.n)
        count_reason(w, p->reason);
    if (p->failed) {
        s->errors++;
        return;
    }
    s->files++;
    s->changed += p->changed;
    s->answers[p->answer]++;
    s->before[p->before]++;
    s->after[p->after]++;
}

/* Between two inputs. */
static void separate(struct writer *w)
{
    const struct report *r = w->report;
    if (r->page && w->on_page >= r->page) {
        hand_on(w, str_of(r->page_break));
        w->on_page = 0;
    } else if (w->written && r->between) {
        hand_on(w, str_of(r->between));
    }
}

void writer_add(struct writer *w, const struct writer_part *part)
{
    size_t limit = w->report->limit;
    count(w, part);
    if (!part->text.n)
        return;
    if (limit && (w->written > limit || part->text.n > limit - w->written)) {
        w->run.sums.left_out++;
        return;
    }
    separate(w);
    hand_on(w, part->text);
    w->written += part->text.n;
    w->on_page += part->text.n;
}

const char *writer_end(struct writer *w, size_t skipped)
{
    struct spool *spool = w->spool;
    int error = 0;
    w->run.sums.skipped = skipped;
    if (spool) {
        w->spool = NULL;
        say(w, w->report->begin);
        error = spool_replay(spool, w->sink, w->ctx);
        spool_free(spool);
    }
    say(w, w->report->end);
    return error ? str_fmt(w->arena, "its temporary file: %s", strerror(error)).p : NULL;
}

void writer_drop(struct writer *w)
{
    if (w->spool)
        spool_free(w->spool);
    w->spool = NULL;
}

/* ---- one format, one input ---- */

const struct report *report_of_file(struct str name)
{
    const struct report *best = NULL;
    size_t longest = 0;
    for (size_t i = 0; i < report_count; i++) {
        struct str rest = str_of(report_registry[i]->endings), ending;
        while (str_split(&rest, ' ', &ending)) {
            if (ending.n <= longest || !str_ends(name, ending))
                continue;
            best = report_registry[i];
            longest = ending.n;
        }
    }
    return best;
}

static void add_to_buf(void *ctx, struct str bytes)
{
    buf_add(ctx, bytes);
}

void report_one(const struct report *r, const struct outcome *o, struct buf *out)
{
    struct writer *w = writer_new(out->arena, r, add_to_buf, out);
    struct writer_part part;
    writer_part(r, o, out->arena, &part);
    writer_add(w, &part);
    writer_end(w, 0);
}
