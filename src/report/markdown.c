/* GitHub and GitLab link what looks like a name, an issue or an address, escaped or not. An empty
 * comment in the middle keeps them from seeing it. */
#include "report/markdown.h"

#include <stdlib.h>

#include "base/utf8.h"
#include "knowledge/reason.h"
#include "report/problem.h"

#define APART "<!-- -->"

static void put_text(struct buf *out, struct str text)
{
    struct str safe = utf8_safe(out->arena, text, 0);
    for (size_t i = 0; i < safe.n; i++) {
        char c = safe.p[i];
        if (c == '<' || c == '>' || c == '&')
            buf_addz(out, c == '<' ? "&lt;" : c == '>' ? "&gt;" : "&amp;");
        else if (c == '@' || c == '#')
            buf_addf(out, "%c" APART, c);
        else if (c == ':' && str_starts(str_from(safe, i), STR("://")))
            buf_addz(out, ":" APART);
        else if (strchr("\\`*_[]|~$", c))
            buf_addf(out, "\\%c", c);
        else
            buf_addc(out, c);
    }
}

/* Within <code>, where Markdown still counts. */
static void put_code(struct buf *out, struct str text)
{
    buf_addz(out, "<code>");
    put_text(out, text);
    buf_addz(out, "</code>");
}

/* ---- the beginning ---- */

static const char *user_title(enum outcome_user user)
{
    static const char *const titles[] = {"not known", "root", "a user by name",
                                         "a numeric non-root user"};
    return titles[user];
}

static const char *plural(size_t n)
{
    return n == 1 ? "" : "s";
}

static void put_users(struct buf *out, const struct report_sums *s)
{
    static const enum outcome_user order[] = {OUTCOME_USER_NUMERIC, OUTCOME_USER_NAMED,
                                              OUTCOME_USER_ROOT, OUTCOME_USER_UNKNOWN};
    buf_addz(out, "\n| runs as | before | after |\n| --- | ---: | ---: |\n");
    for (size_t i = 0; i < OUTCOME_USERS; i++)
        if (s->before[order[i]] || s->after[order[i]])
            buf_addf(out, "| %s | %zu | %zu |\n", user_title(order[i]), s->before[order[i]],
                     s->after[order[i]]);
}

static int by_number(const void *x, const void *y)
{
    const struct report_reason *a = x, *b = y;
    if (a->n != b->n)
        return a->n > b->n ? -1 : 1;
    return str_cmp(a->code, b->code);
}

static void put_reasons(struct buf *out, const struct report_run *run)
{
    size_t n = run->reasons.n;
    struct report_reason *sorted = arena_alloc(out->arena, (n + 1) * sizeof *sorted);
    if (!n)
        return;
    memcpy(sorted, run->reasons.v, n * sizeof *sorted);
    qsort(sorted, n, sizeof *sorted, by_number);
    buf_addz(out,
             "\n| reason for review or refusal | files | what to do |\n| --- | ---: | --- |\n");
    for (size_t i = 0; i < n; i++) {
        struct reason r = {0};
        reason_find(out->arena, sorted[i].code, &r);
        buf_addf(out, "| `%.*s` | %zu | ", STR_ARG(sorted[i].code), sorted[i].n);
        put_text(out, str_trim(r.todo));
        buf_addz(out, " |\n");
    }
}

void markdown_begin(const struct report_run *run, struct buf *out)
{
    const struct report_sums *s = &run->sums;
    buf_addf(out, "**%zu file%s", s->files, plural(s->files));
    if (s->repos)
        buf_addf(out, " in %zu repositor%s", s->repos, s->repos == 1 ? "y" : "ies");
    buf_addf(out, ": %zu change%s.** %zu safe, %zu review, %zu refused, %zu already", s->changed,
             s->changed == 1 ? "s" : "", s->answers[UR_SAFE], s->answers[UR_REVIEW],
             s->answers[UR_REFUSED], s->answers[UR_ALREADY]);
    if (s->errors)
        buf_addf(out, "; %zu error%s", s->errors, plural(s->errors));
    if (s->skipped)
        buf_addf(out, "; %zu skipped", s->skipped);
    buf_addz(out, ".\n");
    if (s->files)
        put_users(out, s);
    put_reasons(out, run);
}

/* ---- one input ---- */

static void put_problem(struct buf *out, const struct outcome *o, const struct ur_finding *f)
{
    buf_addz(out, "- ");
    if (f->line)
        buf_addf(out, "line %u, ", f->line);
    buf_addf(out, "%s, `%s`: ", problem_level(f->level), f->rule);
    put_text(out, problem_text(out->arena, o, f));
    buf_addc(out, '\n');
}

/* A fence that nothing in the text can end. */
static void put_patch(struct buf *out, struct str patch)
{
    size_t longest = 2, run = 0;
    struct str text = utf8_repair(out->arena, patch);
    for (size_t i = 0; i < text.n; i++) {
        run = text.p[i] == '`' ? run + 1 : 0;
        longest = run > longest ? run : longest;
    }
    struct buf fence = buf_in(out->arena);
    for (size_t i = 0; i <= longest; i++)
        buf_addc(&fence, '`');
    buf_addf(out, "\n%sdiff\n", buf_str(&fence).p);
    buf_add(out, text);
    buf_addf(out, "%s%s\n", str_ends(text, STR("\n")) ? "" : "\n", buf_str(&fence).p);
}

void markdown_input(const struct outcome *o, struct buf *out)
{
    struct problems list = problems_of(out->arena, o);
    struct str path = problem_path(out->arena, o);
    if (!list.n && !o->patch.n)
        return;
    buf_addz(out, "\n<details><summary>");
    put_code(out, path.n ? path : STR("-"));
    buf_addf(out, " %s", o->status == UR_OK ? ur_answer_name(o->answer) : "error");
    if (o->reason)
        buf_addf(out, " (%s)", o->reason);
    buf_addz(out, "</summary>\n\n");
    VEC_EACH (f, &list)
        put_problem(out, o, f);
    if (o->patch.n)
        put_patch(out, o->patch);
    buf_addz(out, "\n</details>\n");
}

/* ---- the end ---- */

void markdown_end(const struct report_run *run, struct buf *out)
{
    size_t n = run->sums.left_out;
    if (n)
        buf_addf(out, "\n%zu more file%s not shown: the text would be too long.\n", n,
                 n == 1 ? " is" : "s are");
    buf_addf(out, "\nunroot %s\n", ur_version());
}
