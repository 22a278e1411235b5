/*
 * One page that needs nothing else. What comes from the inputs is JSON in elements that are no
 * script, where '<' can't occur; the page's own style and script are the only ones that its
 * Content-Security-Policy lets through, by their hashes, and it may load nothing.
 *
 * Two lines a file: what lists and charts need as a short list, then the rest, see page.js. There
 * are many such elements, because browsers are slow to put a large one together.
 */
#include "base/bug.h"
#include "base/sha256.h"
#include "knowledge/reason.h"
#include "knowledge/templates.h"
#include "report/problem.h"
#include "report/report.h"
#include "text/jout.h"

#define DATA "<script type=\"text/plain\" class=\"data\">\n"

static struct str part(const char *name)
{
    const struct template *t = templates_find(str_of(name));
    if (!t)
        BUG("%s is not built in", name);
    return str_make(t->bytes, t->size);
}

static struct str hash_of(struct arena *a, struct str text)
{
    struct sha256 h;
    unsigned char digest[SHA256_SIZE];
    sha256_init(&h);
    sha256_add(&h, text);
    sha256_finish(&h, digest);
    return sha256_base64(a, digest);
}

static void begin(const struct report_run *run, struct buf *out)
{
    struct str style = part("templates/report/page.css");
    struct str script_hash = hash_of(out->arena, part("templates/report/page.js"));
    struct str style_hash = hash_of(out->arena, style);
    (void)run;
    buf_addf(out,
             "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n"
             "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; "
             "style-src 'sha256-%.*s'; script-src 'sha256-%.*s'; base-uri 'none'; "
             "form-action 'none'\">\n"
             "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n"
             "<meta name=\"referrer\" content=\"no-referrer\">\n"
             "<title>unroot: who the images run as</title>\n<style>",
             STR_ARG(style_hash), STR_ARG(script_hash));
    buf_add(out, style);
    buf_addz(out, "</style>\n</head>\n<body>\n");
    buf_add(out, part("templates/report/page.html"));
    buf_addz(out, DATA);
}

/* ---- one input ---- */

static void put_rules(struct jout *j, const struct problems *list)
{
    jout_open(j, NULL, '[');
    for (size_t i = 0; i < list->n; i++) {
        bool known = false;
        for (size_t k = 0; k < i && !known; k++)
            known = strcmp(list->v[k].rule, list->v[i].rule) == 0;
        if (!known)
            jout_textz(j, NULL, list->v[i].rule);
    }
    jout_close(j, ']');
}

static void put_short(struct jout *j, const struct outcome *o, const struct problems *list)
{
    enum { ANSWER_ERROR = UR_REFUSED + 1 };
    jout_open(j, NULL, '[');
    jout_text(j, NULL, o->path);
    jout_text(j, NULL, o->repo);
    jout_number(j, NULL, o->status == UR_OK ? o->answer : ANSWER_ERROR);
    jout_textz(j, NULL, o->reason);
    jout_number(j, NULL, o->before);
    jout_number(j, NULL, o->after);
    jout_open(j, NULL, '[');
    VEC_EACH (image, &o->images)
        jout_text(j, NULL, *image);
    jout_close(j, ']');
    put_rules(j, list);
    jout_number(j, NULL, list->n);
    jout_close(j, ']');
}

static void put_finding(struct jout *j, const struct ur_finding *f)
{
    jout_open(j, NULL, '[');
    jout_number(j, NULL, f->level);
    jout_number(j, NULL, f->line);
    jout_textz(j, NULL, f->rule);
    jout_textz(j, NULL, f->message);
    jout_textz(j, NULL, f->assumption);
    jout_bool(j, NULL, f->fixed);
    jout_close(j, ']');
}

static void put_detail(struct jout *j, const struct outcome *o)
{
    jout_open(j, NULL, '{');
    jout_textz(j, "error", o->error);
    jout_open(j, "findings", '[');
    for (size_t i = 0; i < o->finding_count; i++)
        put_finding(j, &o->findings[i]);
    jout_close(j, ']');
    jout_text(j, "patch", o->patch);
    jout_close(j, '}');
}

static void input(const struct outcome *o, struct buf *out)
{
    struct jout brief = jout_to(out), detail = jout_to(out);
    struct problems list = problems_of(out->arena, o);
    put_short(&brief, o, &list);
    buf_addc(out, '\n');
    put_detail(&detail, o);
    buf_addc(out, '\n');
}

/* ---- the end ---- */

static void put_reason(struct jout *j, struct str code)
{
    struct reason r;
    if (!reason_find(j->out->arena, code, &r))
        return;
    jout_open(j, str_z(j->out->arena, code), '{');
    jout_text(j, "summary", r.summary);
    jout_text(j, "todo", str_trim(r.todo));
    jout_close(j, '}');
}

static void end(const struct report_run *run, struct buf *out)
{
    struct jout j = jout_to(out);
    buf_addz(out, "</script>\n<script type=\"application/json\" id=\"about\">");
    jout_open(&j, NULL, '{');
    jout_textz(&j, "version", ur_version());
    jout_number(&j, "skipped", run->sums.skipped);
    jout_number(&j, "repos", run->sums.repos);
    jout_open(&j, "reasons", '{');
    VEC_EACH (r, &run->reasons)
        put_reason(&j, r->code);
    jout_close(&j, '}');
    jout_close(&j, '}');
    buf_addz(out, "</script>\n<script>");
    buf_add(out, part("templates/report/page.js"));
    buf_addz(out, "</script>\n</body>\n</html>\n");
}

const struct report report_html = {
    .name = "html",
    .summary = "one page with charts, search and the patch of each file",
    .endings = ".html .htm",
    .page_break = "</script>\n" DATA,
    .page = 256 << 10,
    .begin = begin,
    .input = input,
    .end = end,
};
