/*
 * A start script's steps are put together from what the walk found out (script_flow.c). It is
 * walked twice, once for a run with arguments and once for one without, because exec "$@" ends the
 * script in the one and does nothing in the other.
 */
#include "dockerfile/script.h"

#include "dockerfile/script_reader.h"

/* ---- the interpreter ------------------------------------------------------------------------ */

/* What stands behind #!. */
static struct str first_line(struct str text)
{
    struct str line;
    if (!str_starts(text, STR("#!")))
        return STR_NULL;
    text = str_from(text, 2);
    str_split(&text, '\n', &line);
    return line;
}

/* The next word of it. */
static struct str take_word(struct str *s)
{
    *s = str_trim(*s);
    size_t n = 0;
    while (n < s->n && !str_is_blank(s->p[n]))
        n++;
    struct str word = str_sub(*s, 0, n);
    *s = str_from(*s, n);
    return word;
}

static bool is_shell(struct str name)
{
    static const char *const names[] = {"sh", "ash", "bash", "dash", "ksh", "mksh", "zsh"};
    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        if (str_is(name, names[i]))
            return true;
    return false;
}

/* Programs that a #! may name before the shell. */
static bool runs_a_shell(struct str name)
{
    static const char *const names[] = {"env", "busybox", "with-contenv", "dumb-init", "tini",
                                        "-S",  "--"};
    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        if (str_is(name, names[i]))
            return true;
    return false;
}

/* -e, -eu, -o errexit, -eo pipefail behind the shell. */
static void read_switches(struct script_reader *r, struct str rest)
{
    struct str word, last = STR_NULL;
    while ((word = take_word(&rest)).n) {
        bool letters = word.n > 1 && word.p[0] == '-' && word.p[1] != '-';
        r->errexit |= letters && str_chr(word, 'e') > 0;
        if (str_ends(last, STR("o"))) {
            r->errexit |= str_is(word, "errexit");
            r->pipefail |= str_is(word, "pipefail");
        }
        last = word;
    }
    r->errexit_ever = r->errexit_sure = r->errexit;
}

static struct str read_interpreter(struct script_reader *r, struct str line)
{
    struct str rest = line, name = str_basename(take_word(&rest));
    while (name.n && runs_a_shell(name))
        name = str_basename(take_word(&rest));
    if (!line.n)
        name = STR("sh");
    if (!is_shell(name))
        return STR_NULL;
    r->bash = str_is(name, "bash") || str_is(name, "zsh");
    read_switches(r, rest);
    return name;
}

/* ---- steps ---------------------------------------------------------------------------------- */

static enum script_reach reach_of(const struct script_fact *f)
{
    if (!(f->possible & SCRIPT_USER))
        return f->possible ? SCRIPT_ROOT_ONLY : SCRIPT_NEVER;
    if (!(f->certain & SCRIPT_USER))
        return SCRIPT_MAYBE;
    return f->possible & SCRIPT_ROOT ? SCRIPT_ALWAYS : SCRIPT_NONROOT_ONLY;
}

static void add_step(struct script_reader *r, struct script *s, size_t i, size_t line,
                     const struct script_fact *bare)
{
    const struct shell_command *c = &s->shell.commands.v[i];
    const struct script_fact *f = &r->facts[i];
    struct script_step *step = vec_push(r->arena, &s->steps);
    *step = (struct script_step){
        .command = c,
        .index = i,
        .line = line,
        .reach = reach_of(f),
        .reach_bare = reach_of(bare),
        .tolerated = !f->fatal,
        .replaces = c->words.n && str_is(c->words.v[0].value, "exec") && !c->subshell &&
                    script_exec_program(c) < c->words.n,
    };
    uint32_t function = r->function_of ? r->function_of[i] : 0;
    if (function) {
        step->in_function = true;
        step->function = s->shell.others.v[s->shell.nodes.v[function].words_end - 1].value;
    }
    if (f->own)
        step->arguments = script_arguments(r, c, &step->arguments_at);
    s->changes_arguments |=
        c->words.n && (str_is(c->words.v[0].value, "shift") ||
                       (str_is(c->words.v[0].value, "set") && script_switches(c).arguments));
}

static void add_steps(struct script_reader *r, struct script *s, const struct script_fact *bare)
{
    size_t line = 1, at = 0;
    for (size_t i = 0; i < s->shell.commands.n; i++) {
        size_t from = s->shell.commands.v[i].raw.from;
        for (; at < from && at < s->shell.text.n; at++)
            line += s->shell.text.p[at] == '\n';
        add_step(r, s, i, line, &bare[i]);
    }
}

/* ---- all of it ------------------------------------------------------------------------------ */

static void walk(struct script_reader *r)
{
    VEC_EACH (f, &r->functions) {
        f->defined = f->active = false;
        f->memos.n = 0;
    }
    r->facts = arena_alloc(r->arena, (r->shell->commands.n + 1) * sizeof *r->facts);
    script_walk(r);
}

/* Nothing can be told: anybody may come anywhere. */
static struct script_fact *blind(struct script_reader *r)
{
    size_t n = r->shell->commands.n;
    struct script_fact *facts = arena_alloc(r->arena, (n + 1) * sizeof *facts);
    for (size_t i = 0; i < n; i++)
        facts[i] = (struct script_fact){.possible = SCRIPT_BOTH, .fatal = true, .own = true};
    return facts;
}

static void sum_up(struct script_reader *r, struct script *s)
{
    s->errexit = r->errexit_sure;
    VEC_EACH (step, &s->steps) {
        if (step->reach == SCRIPT_NEVER || step->reach == SCRIPT_ROOT_ONLY)
            continue;
        if (step->arguments > s->arguments)
            s->arguments = step->arguments;
        s->ends_in_arguments |= step->arguments == SCRIPT_ARGUMENTS_RUN && step->replaces &&
                                step->reach != SCRIPT_MAYBE;
    }
    s->refusal = r->refusal;
    if (s->refusal != SCRIPT_TAKES_NONROOT)
        s->refusal_line = s->steps.v[r->refusal_at].line;
}

/* The text is not what a shell would be given: a BOM, CRLF behind #!, not a text at all. */
static bool is_odd(struct str text, struct str line)
{
    return str_starts(text, STR("\xEF\xBB\xBF")) || str_chr(text, '\0') >= 0 ||
           str_chr(line, '\r') >= 0;
}

static struct script read_script(struct arena *a, struct str text, struct str line)
{
    struct script s = {.interpreter = str_trim(line)};
    struct script_reader r = {.arena = a, .shell = &s.shell};
    s.name = read_interpreter(&r, line);
    if (!s.name.n) {
        s.shell.text = text;
        return s;
    }
    s.shell = shell_read(a, text);
    s.complete = s.shell.complete && !is_odd(text, line) && script_scan(&r);
    struct script_reader bare = r;
    if (s.complete) {
        bare.bare = true;
        walk(&bare);
        walk(&r);
        s.complete = !r.lost && !bare.lost;
    }
    if (!s.complete) {
        r.refusal = SCRIPT_TAKES_NONROOT;
        r.facts = bare.facts = blind(&r);
    }
    add_steps(&r, &s, bare.facts);
    script_find_drops(&r, &s);
    sum_up(&r, &s);
    return s;
}

struct script script_read(struct arena *a, struct str text)
{
    return read_script(a, text, first_line(text));
}

struct script script_read_by(struct arena *a, struct str text, struct str interpreter)
{
    return read_script(a, text, interpreter);
}
