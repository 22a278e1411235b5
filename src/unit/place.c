#include "unit/place.h"

static bool makes_files(const struct df_item *it)
{
    enum df_cmd c = it->node.cmd;
    return c == DF_RUN || c == DF_COPY || c == DF_ADD || c == DF_WORKDIR || c == DF_VOLUME;
}

static struct df_item *line_to_change(const struct stage *s)
{
    if (!s->user_item || s->user_stage != s)
        return NULL;
    for (struct df_item *it = df_next(s->user_item); it && it != s->end; it = df_next(it))
        if (makes_files(it))
            return NULL;
    return s->user_item;
}

struct place place_find(const struct stage *s)
{
    struct place p = {.after = s->from};
    for (struct df_item *it = df_next(s->from); it && it != s->end; it = df_next(it)) {
        if (makes_files(it) || it->node.cmd == DF_USER)
            p.before = NULL;
        else if (!p.before && (it->node.cmd == DF_ENTRYPOINT || it->node.cmd == DF_CMD))
            p.before = it;
        p.after = it;
    }
    p.change = line_to_change(s);
    return p;
}

void place_insert(struct unit *u, struct place *p, struct str comment, struct str text)
{
    if (p->change)
        unit_insert_before(u, p->change, comment, text);
    else if (p->before)
        unit_insert_before(u, p->before, comment, text);
    else
        p->after = unit_insert_after(u, p->after, comment, text);
}

void place_user(struct unit *u, struct place *p, struct str comment, struct str user)
{
    if (p->change)
        unit_user_set(u, p->change, comment, user);
    else
        place_insert(u, p, comment, str_cat(u->arena, STR("USER "), user));
}
