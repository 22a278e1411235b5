#include "unit/settings.h"

static bool listed(const struct strs *list, const char *id)
{
    for (size_t i = 0; i < list->n; i++)
        if (str_is(list->v[i], id))
            return true;
    return false;
}

bool settings_selected(const struct settings *s, const char *pass)
{
    return !listed(&s->ignore, pass) && (!s->select.n || listed(&s->select, pass));
}
