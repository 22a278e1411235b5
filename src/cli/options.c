/*
 * getopt_long does the splitting, in order and without reporting errors itself. Two of its habits
 * are undone: it takes any unambiguous beginning of a name, which would break scripts on the day
 * when a new option is added, and its messages are not ours. Both need the word as it was written.
 */
#include "cli/options.h"

#include <getopt.h>

#include "base/buf.h"
#include "base/bug.h"
#include "base/utf8.h"
#include "cli/suggest.h"
#include "report/report.h"

enum { JOBS_MAX = 256, NUMBER_MAX = 1000000, LONG_BASE = 256 };

struct parser {
    struct arena *arena;
    unsigned groups;
    struct options *out;
    struct str word; /* the argument at hand */
};

static bool accepts(const struct parser *p, const struct option_spec *s)
{
    return s->group == GROUP_ALL || (p->groups & s->group);
}

static const char *safe(struct parser *p, struct str s)
{
    return utf8_safe(p->arena, s, 60).p;
}

/* ---- tables for getopt_long: its value is the row, twice, plus one for the negated form ---- */

static struct option *long_options(struct parser *p)
{
    struct options_table t = options_all();
    VEC(struct option) list = {0};
    for (size_t i = 0; i < t.n; i++) {
        int value = LONG_BASE + 2 * (int)i;
        if (!accepts(p, &t.v[i]))
            continue;
        *vec_push(p->arena, &list) = (struct option){
            t.v[i].name, t.v[i].value ? required_argument : no_argument, NULL, value};
        if (t.v[i].negatable)
            *vec_push(p->arena, &list) = (struct option){str_fmt(p->arena, "no-%s", t.v[i].name).p,
                                                         no_argument, NULL, value + 1};
    }
    *vec_push(p->arena, &list) = (struct option){0};
    return list.v;
}

/* "-" in front: operands come in their order; ":": a missing value is told apart. */
static const char *short_options(struct parser *p)
{
    struct options_table t = options_all();
    struct buf b = buf_in(p->arena);
    buf_addz(&b, "-:");
    VEC_EACH (s, &t)
        if (s->letter && accepts(p, s))
            buf_addf(&b, "%c%s", s->letter, s->value ? ":" : "");
    return buf_str(&b).p;
}

static const struct option_spec *spec_of_letter(char letter)
{
    struct options_table t = options_all();
    VEC_EACH (s, &t)
        if (s->letter == letter)
            return s;
    BUG("getopt found an option -%c that is not in the table", letter);
}

/* ---- what is wrong ---- */

static struct str word_name(struct parser *p)
{
    struct str name = str_from(p->word, 2), rest = name;
    str_split(&rest, '=', &name);
    return name;
}

static const char *unknown_long(struct parser *p)
{
    struct str name = word_name(p);
    struct suggest near = suggest_for(name);
    struct options_table t = options_all();
    VEC_EACH (s, &t)
        if (accepts(p, s)) {
            suggest_try(&near, s->name);
            if (s->negatable)
                suggest_try(&near, str_fmt(p->arena, "no-%s", s->name).p);
        }
    return str_fmt(p->arena, "unknown option '--%s'%s", safe(p, name),
                   suggest_text(&near, p->arena, "--"))
        .p;
}

static const char *unknown(struct parser *p, int letter)
{
    if (str_starts(p->word, STR("--"))) {
        struct str name = word_name(p);
        const struct option_spec *s = options_find(name);
        bool negated = !s && str_starts(name, STR("no-"));
        if (negated)
            s = options_find(str_from(name, 3));
        if (s && accepts(p, s) && (negated ? s->negatable : !s->value))
            return str_fmt(p->arena, "option '--%s' takes no value", safe(p, name)).p;
        return unknown_long(p);
    }
    char c = (char)letter;
    return str_fmt(p->arena, "unknown option '-%s'", safe(p, str_make(&c, 1))).p;
}

static const char *wrong_value(struct parser *p, const struct option_spec *s, const char *value,
                               const char *want)
{
    return str_fmt(p->arena, "option '--%s' takes %s, not '%s'", s->name, want,
                   safe(p, str_of(value)))
        .p;
}

/* ---- values ---- */

/* "a, b or c" of "a|b|c". */
static const char *spoken_list(struct parser *p, const char *choices)
{
    struct buf b = buf_in(p->arena);
    struct str rest = str_of(choices), part;
    while (str_split(&rest, '|', &part)) {
        if (b.n)
            buf_addz(&b, rest.p ? ", " : " or ");
        buf_add(&b, part);
    }
    return buf_str(&b).p;
}

/* The index of the value among the choices, -1 when it is none of them. */
static int choice(const char *choices, const char *value)
{
    struct str rest = str_of(choices), part;
    for (int i = 0; str_split(&rest, '|', &part); i++)
        if (str_is(part, value))
            return i;
    return -1;
}

static const char *set_jobs(struct parser *p, const struct option_spec *s, const char *value)
{
    uint64_t n;
    if (!str_to_u64(str_of(value), JOBS_MAX, &n) || !n)
        return wrong_value(p, s, value, "a number from 1 to 256");
    p->out->jobs = (unsigned)n;
    return NULL;
}

static const char *add_report(struct parser *p, const char *file)
{
    const struct report *r = report_of_file(str_of(file));
    if (!*file || strcmp(file, "-") == 0)
        return "option '--report' takes the name of a file; --format is for standard output";
    VEC_EACH (other, &p->out->reports)
        if (strcmp(other->file, file) == 0)
            return str_fmt(p->arena, "two reports can't go to '%s'", safe(p, str_of(file))).p;
    *vec_push(p->arena, &p->out->reports) = (struct option_report){file, r ? r->name : NULL};
    return NULL;
}

static void set_flag(struct options *o, enum option_id id)
{
    switch (id) {
    case OPTION_HELP:
        o->help = true;
        break;
    case OPTION_NO_PROGRESS:
        o->no_progress = true;
        break;
    case OPTION_NULL:
        o->null = true;
        break;
    case OPTION_PRINT:
        o->print = true;
        break;
    case OPTION_QUIET:
        o->quiet = true;
        break;
    case OPTION_VERBOSE:
        o->verbose = true;
        break;
    case OPTION_VERSION:
        o->version = true;
        break;
    case OPTION_COMMIT_PER_RULE:
        o->migrate.commit_per_rule = true;
        break;
    case OPTION_DRY_RUN:
        o->migrate.dry_run = true;
        break;
    case OPTION_IN_PLACE:
        o->migrate.in_place = true;
        break;
    default:
        break;
    }
}

static const char *set_number(struct parser *p, const struct option_spec *s, const char *value,
                              unsigned *out)
{
    uint64_t n;
    if (!str_to_u64(str_of(value), NUMBER_MAX, &n) || !n)
        return wrong_value(p, s, value, "a number from 1 to 1000000");
    *out = (unsigned)n;
    return NULL;
}

/* Where the text of an option of migrate goes. */
static const char **migrate_text(struct options_migrate *m, enum option_id id)
{
    switch (id) {
    case OPTION_AUTHOR:
        return &m->author;
    case OPTION_BRANCH:
        return &m->branch;
    case OPTION_CACHE_DIR:
        return &m->cache_dir;
    case OPTION_PATCH_DIR:
        return &m->patch_dir;
    case OPTION_PUSH:
        return &m->push;
    case OPTION_REPOS:
        return &m->repos;
    case OPTION_SHARD:
        return &m->shard;
    case OPTION_STATE:
        return &m->state;
    default:
        return &m->to_branch;
    }
}

static const char *set_value(struct parser *p, const struct option_spec *s, const char *value)
{
    struct options *o = p->out;
    const char *choices = options_choices(p->arena, s);
    int index = choices ? choice(choices, value) : 0;
    if (index < 0)
        return wrong_value(p, s, value, spoken_list(p, choices));
    switch (s->id) {
    case OPTION_JOBS:
        return set_jobs(p, s, value);
    case OPTION_ENGINE:
        *vec_push(p->arena, &o->engine) = (struct option_given){s, value};
        break;
    case OPTION_VERIFY:
        *vec_push(p->arena, &o->verify) = (struct option_given){s, value};
        break;
    case OPTION_FACTS:
        *vec_push(p->arena, &o->facts) = value;
        break;
    case OPTION_AS:
        o->as = value;
        break;
    case OPTION_COLOR:
        o->color = (enum options_color)index;
        break;
    case OPTION_FORMAT:
        o->format = index ? value : NULL;
        break;
    case OPTION_REPORT:
        return add_report(p, value);
    case OPTION_REPORT_FORMAT:
        if (!o->reports.n)
            return "option '--report-format' belongs behind a --report";
        o->reports.v[o->reports.n - 1].format = value;
        break;
    case OPTION_CONTEXT:
        o->context = value;
        break;
    case OPTION_FILES_FROM:
        o->files_from = value;
        break;
    case OPTION_OUTPUT:
        o->output = value;
        break;
    case OPTION_CLONE_RATE:
        return set_number(p, s, value, &o->migrate.clone_rate);
    case OPTION_TIMEOUT:
        return set_number(p, s, value, &o->migrate.timeout);
    default:
        if (s->id >= OPTION_AUTHOR)
            *migrate_text(&o->migrate, s->id) = value;
        break;
    }
    return NULL;
}

static const char *take(struct parser *p, const struct option_spec *s, bool negated,
                        const char *value)
{
    if (s->value)
        return set_value(p, s, value);
    if (s->id == OPTION_ENGINE)
        *vec_push(p->arena, &p->out->engine) = (struct option_given){s, negated ? "false" : "true"};
    else if (s->id == OPTION_VERIFY)
        *vec_push(p->arena, &p->out->verify) = (struct option_given){s, negated ? "false" : "true"};
    else
        set_flag(p->out, s->id);
    return NULL;
}

/* The option was written out in full. */
static bool is_exact(struct parser *p, const struct option_spec *s, bool negated)
{
    struct str name = word_name(p);
    if (negated)
        return str_starts(name, STR("no-")) && str_is(str_from(name, 3), s->name);
    return str_is(name, s->name);
}

static const char *take_found(struct parser *p, int found)
{
    if (found >= LONG_BASE) {
        const struct option_spec *s = &options_all().v[(found - LONG_BASE) / 2];
        bool negated = (found - LONG_BASE) % 2;
        return is_exact(p, s, negated) ? take(p, s, negated, optarg) : unknown_long(p);
    }
    return take(p, spec_of_letter((char)found), false, optarg);
}

static const char *missing_value(struct parser *p)
{
    bool is_long = str_starts(p->word, STR("--"));
    if (is_long && !options_find(word_name(p)))
        return unknown_long(p);
    struct str shown = is_long ? p->word : str_fmt(p->arena, "-%c", optopt);
    return str_fmt(p->arena, "option '%s' needs a value", safe(p, shown)).p;
}

static const char *check_reports(struct parser *p)
{
    const struct options *o = p->out;
    VEC_EACH (r, &o->reports) {
        if (!r->format)
            return str_fmt(p->arena,
                           "the name '%s' does not tell the format of the report: say it "
                           "with --report-format behind it",
                           safe(p, str_of(r->file)))
                .p;
        if (o->output && strcmp(o->output, r->file) == 0)
            return str_fmt(p->arena, "'%s' can't be the output and a report",
                           safe(p, str_of(r->file)))
                .p;
    }
    return NULL;
}

static const char *check_together(struct parser *p)
{
    const struct options *o = p->out;
    if (o->null && !o->files_from && !o->migrate.repos)
        return "option '-0' belongs to --files-from or --repos";
    if (o->quiet && o->verbose)
        return "options '-q' and '-v' contradict each other";
    return check_reports(p);
}

const char *options_parse(struct arena *a, unsigned groups, char **argv, struct options *out)
{
    struct parser p = {.arena = a, .groups = groups, .out = out};
    VEC(char *) args = {0};
    *vec_push(a, &args) = (char *)"unroot"; /* where getopt expects the program's name */
    for (; *argv; argv++)
        *vec_push(a, &args) = *argv;
    int argc = (int)args.n;
    *vec_push(a, &args) = NULL;
    struct option *longs = long_options(&p);
    const char *shorts = short_options(&p), *error = NULL;
    *out = (struct options){0};
    optind = 0; /* from the beginning, whoever parsed before */
    opterr = 0;
    while (!error) {
        size_t at = optind ? (size_t)optind : 1;
        p.word = str_of(at < (size_t)argc ? args.v[at] : "");
        int found = getopt_long(argc, args.v, shorts, longs, NULL);
        if (found == -1)
            break;
        if (found == 1)
            *vec_push(a, &out->operands) = optarg;
        else if (found == '?')
            error = unknown(&p, optopt);
        else if (found == ':')
            error = missing_value(&p);
        else
            error = take_found(&p, found);
    }
    for (int i = optind; !error && i < argc; i++)
        *vec_push(a, &out->operands) = args.v[i];
    return error ? error : check_together(&p);
}

bool options_has(const struct options *o, const struct option_spec *spec)
{
    VEC_EACH (g, &o->engine)
        if (g->spec == spec)
            return true;
    return false;
}
