#include "engine/registry.h"

const struct pass *pass_find(struct str id)
{
    for (size_t i = 0; i < pass_count; i++)
        if (str_is(id, pass_registry[i]->id))
            return pass_registry[i];
    return NULL;
}

const struct report *report_find(struct str name)
{
    for (size_t i = 0; i < report_count; i++)
        if (str_is(name, report_registry[i]->name))
            return report_registry[i];
    return NULL;
}
