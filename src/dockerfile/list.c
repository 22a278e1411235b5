/*
 * Walking and printing the list. Printing copies bytes; that is what makes the parser lossless.
 */
#include "dockerfile/list.h"

#include "base/buf.h"
#include "dockerfile/lex.h"

struct df_item *df_first(const struct df_list *list)
{
    struct df_item *it = list->first;
    while (it && it->kind != DF_INSTRUCTION)
        it = it->next;
    return it;
}

struct df_item *df_next(const struct df_item *item)
{
    struct df_item *it = item->next;
    while (it && it->kind != DF_INSTRUCTION)
        it = it->next;
    return it;
}

struct df_item *df_prev(const struct df_item *item)
{
    struct df_item *it = item->prev;
    while (it && it->kind != DF_INSTRUCTION)
        it = it->prev;
    return it;
}

struct str df_print(const struct df_list *list, struct arena *a)
{
    struct buf b = buf_in(a);
    buf_reserve(&b, list->source.n + 512);
    LIST_EACH (it, list)
        buf_add(&b, it->bytes);
    return buf_str(&b);
}

size_t df_rest_raw(const struct df_item *item, size_t at)
{
    struct lex_logical l = {0};
    l.pieces.v = item->node.pieces;
    l.pieces.n = item->node.piece_count;
    return lex_raw(&l, item->node.rest_at + at, false);
}

bool df_flag_get(const struct df_node *node, const char *name, struct str *value)
{
    VEC_EACH (f, &node->flags) {
        struct str rest = str_from(f->text, 2), want = str_of(name);
        if (!str_starts(rest, want))
            continue;
        rest = str_from(rest, want.n);
        if (rest.n && rest.p[0] != '=')
            continue;
        *value = str_from(rest, 1);
        return true;
    }
    return false;
}
