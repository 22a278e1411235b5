/* Looking commands up in the generated registry. */
#include "cli/command.h"

#include <stdlib.h>

#include "cli/suggest.h"

const struct command *command_find(struct str name)
{
    for (size_t i = 0; i < command_count; i++)
        if (str_is(name, command_registry[i]->name))
            return command_registry[i];
    return NULL;
}

const char *command_suggest(struct arena *a, struct str name)
{
    struct suggest near = suggest_for(name);
    for (size_t i = 0; i < command_count; i++)
        suggest_try(&near, command_registry[i]->name);
    return suggest_text(&near, a, "");
}

static int compare_rank(const void *x, const void *y)
{
    const struct command *a = *(const struct command *const *)x;
    const struct command *b = *(const struct command *const *)y;
    if (a->rank != b->rank)
        return a->rank < b->rank ? -1 : 1;
    return strcmp(a->name, b->name);
}

const struct command **command_by_rank(struct arena *a)
{
    const struct command **list = arena_alloc(a, command_count * sizeof *list);
    for (size_t i = 0; i < command_count; i++)
        list[i] = command_registry[i];
    qsort(list, command_count, sizeof *list, compare_rank);
    return list;
}
