#include "knowledge/reason.h"

#include "base/bug.h"
#include "knowledge/templates.h"
#include "yaml/ydoc.h"

static bool skip(struct ydoc *d, const struct ydoc_node *n, const struct ydoc_field *f, void *to)
{
    (void)f;
    (void)to;
    return ydoc_is_list(d, n);
}

static const struct ydoc_field fields[] = {
    {.key = "reasons", .read = skip, .required = true},
    {YDOC_AT(struct reason, summary), .key = "summary", .read = ydoc_read_text, .required = true},
    {YDOC_AT(struct reason, why), .key = "why", .read = ydoc_read_text, .required = true},
    {YDOC_AT(struct reason, input), .key = "input", .read = ydoc_read_bool},
    {YDOC_AT(struct reason, todo), .key = "do", .read = ydoc_read_text, .required = true},
};

bool reason_find(struct arena *a, struct str code, struct reason *out)
{
    const struct template *t = templates_named("reasons", code);
    struct ydoc d = {0};
    if (!t)
        return false;
    *out = (struct reason){.code = code};
    if (!ydoc_parse(&d, a, t->path, str_make(t->bytes, t->size)) ||
        !ydoc_fields(&d, d.root, fields, sizeof fields / sizeof *fields, out, NULL))
        BUG("%s", d.error);
    return true;
}

size_t reason_codes(struct arena *a, const struct str **codes)
{
    struct template_names names = templates_exact_names("reasons");
    struct str *list = arena_alloc(a, names.n * sizeof *list);
    for (size_t i = 0; i < names.n; i++)
        list[i] = str_of(names.v[i].name);
    *codes = list;
    return names.n;
}
