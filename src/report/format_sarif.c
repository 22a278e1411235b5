/*
 * SARIF 2.1.0, one run. The rules go first, because they are known; results follow as they come;
 * whether all went well stands at the end.
 *
 * A rewrite holds as a whole, so all its replacements are one fix, and it belongs to one result of
 * the file: whoever applies every fix of the log makes each change once.
 */
#include "report/edit.h"
#include "report/problem.h"
#include "report/report.h"
#include "report/ruleset.h"
#include "report/uri.h"
#include "text/jout.h"

#define SCHEMA                                                                                     \
    "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"
#define ROOT "%SRCROOT%"

static void put_message(struct jout *j, const char *key, struct str text)
{
    jout_open(j, key, '{');
    jout_text(j, "text", text);
    jout_close(j, '}');
}

/* ---- the beginning ---- */

static struct str sentence(struct arena *a, struct str text)
{
    struct buf b = buf_in(a);
    buf_add(&b, text);
    if (b.n && b.p[0] >= 'a' && b.p[0] <= 'z')
        b.p[0] -= 'a' - 'A';
    if (!str_ends(text, STR(".")))
        buf_addc(&b, '.');
    return buf_str(&b);
}

static void put_help(struct jout *j, const struct ruleset_rule *r)
{
    struct buf text = buf_in(j->out->arena);
    buf_add(&text, str_trim(r->why));
    if (r->todo.n)
        buf_addf(&text, "\n\nWhat to do: %.*s", STR_ARG(str_trim(r->todo)));
    if (r->refs.n)
        buf_addf(&text, "\n\nElsewhere: %.*s", STR_ARG(r->refs));
    buf_addf(&text, "\n\nMore, with examples: unroot explain %.*s", STR_ARG(r->id));
    put_message(j, "help", buf_str(&text));
}

static void put_rule(struct jout *j, const struct ruleset_rule *r)
{
    struct arena *a = j->out->arena;
    struct str rest = r->refs, ref;
    jout_open(j, NULL, '{');
    jout_text(j, "id", r->id);
    put_message(j, "shortDescription", sentence(a, r->summary));
    put_message(j, "fullDescription", str_trim(r->why));
    put_help(j, r);
    jout_open(j, "defaultConfiguration", '{');
    jout_textz(j, "level", r->input ? "error" : "warning");
    jout_close(j, '}');
    jout_open(j, "properties", '{');
    jout_open(j, "tags", '[');
    jout_textz(j, NULL, "containers");
    jout_textz(j, NULL, r->input ? "input" : "security");
    while (str_split(&rest, ' ', &ref))
        if (ref.n)
            jout_text(j, NULL, ref);
    jout_close(j, ']');
    jout_textz(j, "precision", "high");
    jout_textz(j, "problem.severity", r->input ? "error" : "warning");
    jout_close(j, '}');
    jout_close(j, '}');
}

static void put_tool(struct jout *j)
{
    struct ruleset rules = ruleset_all(j->out->arena);
    jout_open(j, "tool", '{');
    jout_open(j, "driver", '{');
    jout_textz(j, "name", "unroot");
    jout_textz(j, "semanticVersion", ur_version());
    jout_open(j, "rules", '[');
    VEC_EACH (r, &rules)
        put_rule(j, r);
    jout_close(j, ']');
    jout_close(j, '}');
    jout_close(j, '}');
}

static void begin(const struct report_run *run, struct buf *out)
{
    struct jout j = jout_to(out);
    (void)run;
    jout_open(&j, NULL, '{');
    jout_textz(&j, "$schema", SCHEMA);
    jout_textz(&j, "version", "2.1.0");
    jout_open(&j, "runs", '[');
    jout_open(&j, NULL, '{');
    put_tool(&j);
    jout_textz(&j, "columnKind", "unicodeCodePoints");
    jout_open(&j, "originalUriBaseIds", '{');
    jout_open(&j, ROOT, '{');
    put_message(&j, "description", STR("The directory in which unroot was run."));
    jout_close(&j, '}');
    jout_close(&j, '}');
    jout_open(&j, "results", '[');
    buf_addz(out, "\n");
}

/* ---- results ---- */

static struct str full_path(struct arena *a, const struct outcome *o, struct str path)
{
    struct outcome other = {.repo = o->repo, .path = path};
    return problem_path(a, &other);
}

static void put_artifact(struct jout *j, const struct outcome *o, struct str path)
{
    struct arena *a = j->out->arena;
    struct str full = full_path(a, o, path);
    jout_open(j, "artifactLocation", '{');
    jout_text(j, "uri", uri_of_path(a, full));
    if (!str_starts(full, STR("/")))
        jout_textz(j, "uriBaseId", ROOT);
    jout_close(j, '}');
}

static void put_location(struct jout *j, const struct outcome *o, const struct ur_finding *f)
{
    jout_open(j, "locations", '[');
    if (o->path.n || o->repo.n) {
        jout_open(j, NULL, '{');
        jout_open(j, "physicalLocation", '{');
        put_artifact(j, o, o->path);
        if (f->line) {
            jout_open(j, "region", '{');
            jout_number(j, "startLine", f->line);
            if (f->column)
                jout_number(j, "startColumn", f->column);
            if (f->end_line > f->line)
                jout_number(j, "endLine", f->end_line);
            jout_close(j, '}');
        }
        jout_close(j, '}');
        jout_close(j, '}');
    }
    jout_close(j, ']');
}

static void put_replacement(struct jout *j, const struct edit *e)
{
    jout_open(j, NULL, '{');
    jout_open(j, "deletedRegion", '{');
    jout_number(j, "startLine", e->from.line);
    jout_number(j, "startColumn", e->from.column);
    jout_number(j, "endLine", e->to.line);
    jout_number(j, "endColumn", e->to.column);
    jout_close(j, '}');
    if (e->with.n)
        put_message(j, "insertedContent", e->with);
    jout_close(j, '}');
}

/* False when the change can't be told as replacements of text. */
static bool put_change(struct jout *j, const struct outcome *o, const struct outcome_change *c)
{
    struct edits edits = edits_of(j->out->arena, c);
    if (!edits.n)
        return false;
    jout_open(j, NULL, '{');
    put_artifact(j, o, c->name);
    jout_open(j, "replacements", '[');
    VEC_EACH (e, &edits)
        put_replacement(j, e);
    jout_close(j, ']');
    jout_close(j, '}');
    return true;
}

/* All changes or none. */
static void put_fix(struct jout *j, const struct outcome *o)
{
    struct buf own = buf_in(j->out->arena);
    struct jout changes = jout_to(&own);
    for (size_t i = 0; i < o->change_count; i++)
        if (!put_change(&changes, o, &o->changes[i]))
            return;
    jout_open(j, "fixes", '[');
    jout_open(j, NULL, '{');
    put_message(j, "description", STR("The whole rewrite: it holds only together."));
    jout_open(j, "artifactChanges", '[');
    buf_add(j->out, buf_str(&own));
    jout_close(j, ']');
    jout_close(j, '}');
    jout_close(j, ']');
}

static void put_properties(struct jout *j, const struct outcome *o, const struct ur_finding *f)
{
    jout_open(j, "properties", '{');
    jout_textz(j, "answer", ur_answer_name(o->answer));
    if (f->reason)
        jout_textz(j, "reason", f->reason);
    if (f->assumption && *f->assumption)
        jout_textz(j, "assumption", f->assumption);
    if (o->repo.n)
        jout_text(j, "repository", o->repo);
    jout_bool(j, "fixed", f->fixed);
    jout_close(j, '}');
}

static void put_result(struct jout *j, const struct outcome *o, const struct ur_finding *f,
                       struct str fingerprint, bool fix)
{
    struct arena *a = j->out->arena;
    ptrdiff_t index = ruleset_index(a, str_of(f->rule));
    jout_open(j, NULL, '{');
    jout_textz(j, "ruleId", f->rule);
    if (index >= 0)
        jout_number(j, "ruleIndex", (size_t)index);
    jout_textz(j, "level", problem_level(f->level));
    put_message(j, "message", problem_text(a, o, f));
    put_location(j, o, f);
    jout_open(j, "partialFingerprints", '{');
    jout_text(j, "instruction/v1", fingerprint);
    jout_close(j, '}');
    if (fix)
        put_fix(j, o);
    put_properties(j, o, f);
    jout_close(j, '}');
}

/* Which problem the rewrite is shown at: the first that it fixes, else the first. */
static size_t fix_at(const struct outcome *o, const struct problems *list)
{
    for (size_t i = 0; i < list->n; i++)
        if (list->v[i].fixed)
            return i;
    return o->change_count ? 0 : list->n;
}

static void input(const struct outcome *o, struct buf *out)
{
    struct arena *a = out->arena;
    struct problems list = problems_of(a, o);
    const struct str *prints = problem_fingerprints(a, o, &list, STR(""));
    size_t fix = o->changed ? fix_at(o, &list) : list.n;
    for (size_t i = 0; i < list.n; i++) {
        struct jout j = jout_to(out);
        if (i)
            buf_addz(out, ",\n");
        put_result(&j, o, &list.v[i], prints[i], i == fix);
    }
}

/* ---- the end ---- */

static void put_sums(struct jout *j, const struct report_sums *s)
{
    jout_open(j, "properties", '{');
    jout_number(j, "files", s->files);
    jout_number(j, "changed", s->changed);
    jout_number(j, "errors", s->errors);
    for (size_t i = 0; i <= UR_REFUSED; i++)
        jout_number(j, ur_answer_name((enum ur_answer)i), s->answers[i]);
    jout_close(j, '}');
}

static void end(const struct report_run *run, struct buf *out)
{
    struct jout j = {.out = out, .comma = true};
    buf_addz(out, "\n");
    jout_close(&j, ']');
    jout_open(&j, "invocations", '[');
    jout_open(&j, NULL, '{');
    jout_bool(&j, "executionSuccessful", !run->sums.errors);
    jout_close(&j, '}');
    jout_close(&j, ']');
    put_sums(&j, &run->sums);
    jout_close(&j, '}');
    jout_close(&j, ']');
    jout_close(&j, '}');
    buf_addz(out, "\n");
}

const struct report report_sarif = {
    .name = "sarif",
    .summary = "SARIF 2.1.0 with rules, fixes and fingerprints, for code scanning",
    .endings = ".sarif .sarif.json",
    .between = ",\n",
    .begin = begin,
    .input = input,
    .end = end,
};
