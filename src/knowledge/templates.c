/*
 * The tables come sorted from embed.sh, so everything about them is a binary search: for a path,
 * for where a prefix or a folder begins and ends. Prefix names are few and stand longest first, so
 * the first that fits is the answer.
 */
#include "knowledge/templates.h"

/* The first index in [from, to) for which `before` no longer holds. */
#define LOWER_BOUND(from, to, before)                                                              \
    while (from < to) {                                                                            \
        size_t mid = from + (to - from) / 2;                                                       \
        if (before)                                                                                \
            from = mid + 1;                                                                        \
        else                                                                                       \
            to = mid;                                                                              \
    }

static size_t first_not_below(struct str path)
{
    size_t from = 0, to = templates_count;
    LOWER_BOUND(from, to, str_cmp(str_of(templates_table[mid].path), path) < 0);
    return from;
}

const struct template *templates_find(struct str path)
{
    size_t i = first_not_below(path);
    return i < templates_count && str_eq(str_of(templates_table[i].path), path)
               ? &templates_table[i]
               : NULL;
}

struct templates templates_each(struct str prefix)
{
    size_t first = first_not_below(prefix), from = first, to = templates_count;
    LOWER_BOUND(from, to, str_starts(str_of(templates_table[mid].path), prefix));
    return (struct templates){templates_table + first, from - first};
}

static struct template_names in_folder(const struct template_name *v, size_t n, const char *folder)
{
    size_t from = 0, to = n;
    LOWER_BOUND(from, to, strcmp(v[mid].folder, folder) < 0);
    size_t first = from;
    to = n;
    LOWER_BOUND(from, to, strcmp(v[mid].folder, folder) == 0);
    return (struct template_names){v + first, from - first};
}

struct template_names templates_exact_names(const char *folder)
{
    return in_folder(templates_exact, templates_exact_count, folder);
}

struct template_names templates_prefix_names(const char *folder)
{
    return in_folder(templates_prefixes, templates_prefixes_count, folder);
}

const struct template *templates_named(const char *folder, struct str name)
{
    struct template_names names = templates_exact_names(folder);
    size_t from = 0, to = names.n;
    LOWER_BOUND(from, to, str_cmp(str_of(names.v[mid].name), name) < 0);
    if (from < names.n && str_is(name, names.v[from].name))
        return &templates_table[names.v[from].template];
    names = templates_prefix_names(folder);
    for (size_t i = 0; i < names.n; i++)
        if (str_starts(name, str_of(names.v[i].name)))
            return &templates_table[names.v[i].template];
    return NULL;
}
