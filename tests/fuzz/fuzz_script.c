/*
 * The reader of start scripts on any bytes: there is a step for each command, in order; where not
 * all was understood nothing is said; a cut takes away what it said and nothing else, and what is
 * left has the same steps.
 */
#include <stdio.h>
#include <stdlib.h>

#include "dockerfile/script.h"

int LLVMFuzzerTestOneInput(const unsigned char *data, size_t size);

#define MUST(holds)                                                                                \
    do {                                                                                           \
        if (!(holds)) {                                                                            \
            fprintf(stderr, "%s:%d: does not hold: %s\n", __FILE__, __LINE__, #holds);             \
            abort();                                                                               \
        }                                                                                          \
    } while (0)

static void check_steps(const struct script *s)
{
    size_t line = 1;
    MUST(s->steps.n == s->shell.commands.n);
    for (size_t i = 0; i < s->steps.n; i++) {
        const struct script_step *step = &s->steps.v[i];
        MUST(step->command == &s->shell.commands.v[i] && step->index == i && step->line >= line);
        MUST(s->complete || (step->reach == SCRIPT_MAYBE && step->reach_bare == SCRIPT_MAYBE));
        MUST(s->complete || !step->tolerated);
        MUST(!step->arguments_at || step->arguments_at < step->command->words.n);
        MUST(!step->in_function || step->function.n);
        line = step->line;
    }
}

static void check_drops(struct arena *a, const struct script *s, struct str interpreter)
{
    VEC_EACH (d, &s->drops) {
        const struct shell_command *c = s->steps.v[d->step].command;
        struct str cut = script_cut_drop(a, s, d);
        MUST(d->cuttable == (d->why == NULL) && d->program_at < c->words.n);
        MUST(d->command_at < c->words.n && (!d->command_at || d->command_at > d->program_at));
        if (!cut.p)
            continue;
        struct script again = script_read_by(a, cut, interpreter);
        MUST(cut.n == s->shell.text.n - (d->cut.to - d->cut.from));
        MUST(again.steps.n == s->steps.n && again.drops.n == s->drops.n - 1);
    }
}

int LLVMFuzzerTestOneInput(const unsigned char *data, size_t size)
{
    const struct str interpreters[] = {STR("sh"), STR("bash -e")};
    struct arena a = {0};
    struct str text = str_make((const char *)data, size);
    struct script s = script_read(&a, text);
    check_steps(&s);
    for (size_t i = 0; i < sizeof interpreters / sizeof *interpreters; i++) {
        s = script_read_by(&a, text, interpreters[i]);
        check_steps(&s);
        check_drops(&a, &s, interpreters[i]);
    }
    arena_release(&a);
    return 0;
}
