#include "knowledge/package.h"

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
    {.key = "packages", .read = skip, .required = true},
    {YDOC_AT(struct package, writes), .key = "writes", .read = ydoc_read_texts, .required = true},
};

bool package_find(struct arena *a, struct str name, struct package *out)
{
    const struct template *t = templates_named("packages", name);
    struct ydoc d = {0};
    if (!t)
        return false;
    *out = (struct package){0};
    if (!ydoc_parse(&d, a, t->path, str_make(t->bytes, t->size)) ||
        !ydoc_fields(&d, d.root, fields, sizeof fields / sizeof *fields, out, NULL))
        BUG("%s", d.error);
    return true;
}
