/*
 * explain: what a rule does and why, or what a reason code means and what a person should do. Rules
 * are the passes; reasons are templates; examples are the golden cases. They tell it themselves:
 * nothing is written here.
 */
#include "base/buf.h"
#include "cli/cli.h"
#include "cli/examples.h"
#include "cli/help.h"
#include "cli/suggest.h"
#include "engine/registry.h"
#include "knowledge/reason.h"
#include "knowledge/templates.h"
#include "kubernetes/rule.h"

enum { LIST_COLUMN = 26 };

static void add_paragraph(struct buf *b, const char *start, struct str text)
{
    if (!text.n)
        return;
    buf_addf(b, "\n%s", start);
    help_wrap(b, strlen(start), 0, str_trim(text));
}

static enum exit_code explain_rule(struct cli *c, const struct rule *rule)
{
    struct buf b = buf_in(c->arena);
    buf_addf(&b, "%s (rule): ", rule->id);
    help_wrap(&b, b.n, 0, str_of(rule->summary));
    add_paragraph(&b, "", str_of(rule->why));
    add_paragraph(&b, "Elsewhere: ", str_of(rule->refs));
    examples_of_rule(&b, rule->id);
    return cli_write(c, buf_str(&b));
}

/* Of a pass or of manifests. */
static bool find_rule(struct str id, struct rule *out)
{
    const struct pass *pass = pass_find(id);
    const struct rule *rule = rule_find(id);
    if (pass)
        *out = (struct rule){pass->id, pass->summary, pass->why, pass->refs};
    else if (rule)
        *out = *rule;
    return pass || rule;
}

static enum exit_code explain_reason(struct cli *c, const struct reason *r)
{
    struct buf b = buf_in(c->arena);
    buf_addf(&b, "%.*s (reason): ", STR_ARG(r->code));
    help_wrap(&b, b.n, 0, r->summary);
    add_paragraph(&b, "", r->why);
    add_paragraph(&b, "What to do: ", r->todo);
    examples_of_reason(&b, r->code);
    return cli_write(c, buf_str(&b));
}

/* ---- topics: a text each in templates/topics, its first line what it is about --------------- */

#define TOPICS "templates/topics/"

static struct str topic_name(const struct template *t)
{
    struct str name = str_from(str_of(t->path), strlen(TOPICS));
    return str_sub(name, 0, (size_t)str_rchr(name, '.'));
}

static struct str topic_summary(const struct template *t)
{
    struct str text = str_make(t->bytes, t->size), line;
    str_split(&text, '\n', &line);
    return line;
}

static enum exit_code explain_topic(struct cli *c, const struct template *t)
{
    struct str name = topic_name(t);
    return cli_write(c, str_fmt(c->arena, "%.*s (topic): %s", STR_ARG(name), t->bytes));
}

static const struct template *topic_find(const char *word)
{
    struct templates all = templates_each(STR(TOPICS));
    VEC_EACH (t, &all)
        if (str_is(topic_name(t), word))
            return t;
    return NULL;
}

/* ---- all ------------------------------------------------------------------------------------ */

static void add_entry(struct buf *b, struct str name, struct str summary)
{
    buf_addf(b, "  %.*s%*s ", STR_ARG(name),
             name.n + 3 < LIST_COLUMN ? (int)(LIST_COLUMN - 3 - name.n) : 0, "");
    help_wrap(b, LIST_COLUMN, LIST_COLUMN, summary);
}

static enum exit_code list_all(struct cli *c)
{
    struct buf b = buf_in(c->arena);
    const struct str *codes;
    size_t n = reason_codes(c->arena, &codes);
    buf_addz(&b, "Rules:\n");
    for (size_t i = 0; i < pass_count; i++)
        add_entry(&b, str_of(pass_registry[i]->id), str_of(pass_registry[i]->summary));
    buf_addz(&b, "\nRules for Kubernetes manifests:\n");
    for (size_t i = 0; i < rule_count; i++)
        add_entry(&b, str_of(rules[i].id), str_of(rules[i].summary));
    buf_addz(&b, "\nReasons for the answers review and refused:\n");
    for (size_t i = 0; i < n; i++) {
        struct reason r;
        if (reason_find(c->arena, codes[i], &r))
            add_entry(&b, codes[i], r.summary);
    }
    struct templates topics = templates_each(STR(TOPICS));
    buf_addz(&b, "\nTopics:\n");
    VEC_EACH (t, &topics)
        add_entry(&b, topic_name(t), topic_summary(t));
    return cli_write(c, buf_str(&b));
}

static enum exit_code unknown(struct cli *c, const char *word)
{
    struct suggest near = suggest_for(str_of(word));
    const struct str *codes;
    size_t n = reason_codes(c->arena, &codes);
    for (size_t i = 0; i < pass_count; i++)
        suggest_try(&near, pass_registry[i]->id);
    for (size_t i = 0; i < rule_count; i++)
        suggest_try(&near, rules[i].id);
    for (size_t i = 0; i < n; i++)
        suggest_try(&near, str_z(c->arena, codes[i]));
    cli_error(c, "there is no rule and no reason '%s'%s", cli_quote(c->arena, word),
              suggest_text(&near, c->arena, ""));
    return CODE_USAGE;
}

static enum exit_code run(struct cli *c)
{
    if (!c->options->operands.n)
        return list_all(c);
    const char *word = c->options->operands.v[0];
    struct rule rule;
    struct reason reason;
    if (find_rule(str_of(word), &rule))
        return explain_rule(c, &rule);
    if (reason_find(c->arena, str_of(word), &reason))
        return explain_reason(c, &reason);
    if (topic_find(word))
        return explain_topic(c, topic_find(word));
    return unknown(c, word);
}

static const char *words(struct arena *a)
{
    struct buf b = buf_in(a);
    const struct str *codes;
    size_t n = reason_codes(a, &codes);
    for (size_t i = 0; i < pass_count; i++)
        buf_addf(&b, "%s%s", b.n ? " " : "", pass_registry[i]->id);
    for (size_t i = 0; i < rule_count; i++)
        buf_addf(&b, " %s", rules[i].id);
    for (size_t i = 0; i < n; i++)
        buf_addf(&b, "%s%.*s", b.n ? " " : "", STR_ARG(codes[i]));
    struct templates topics = templates_each(STR(TOPICS));
    VEC_EACH (t, &topics)
        buf_addf(&b, " %.*s", STR_ARG(topic_name(t)));
    return buf_str(&b).p;
}

const struct command command_explain = {
    .name = "explain",
    .rank = 5,
    .operands = "[RULE | REASON | TOPIC]",
    .summary = "explain a rule, or the reason code of an answer",
    .about = "Explains what a rule does and why, with the names of the same rule in other tools; "
             "or what a reason code means and what a person should do about it; or a topic: "
             "pss shows how a cluster keeps to the Pod Security Standards. Without an operand all "
             "of them are listed.",
    .words = words,
    .groups = GROUP_FILE,
    .max_operands = 1,
    .run = run,
};
