#include "knowledge/base.h"

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
    {.key = "bases", .read = skip, .required = true},
    {YDOC_AT(struct base, to), .key = "to", .read = ydoc_read_text, .required = true},
    {YDOC_AT(struct base, user), .key = "user", .read = ydoc_read_text, .required = true},
    {YDOC_AT(struct base, source), .key = "source", .read = ydoc_read_text, .required = true},
    {YDOC_AT(struct base, checked), .key = "checked", .read = ydoc_read_text, .required = true},
    {YDOC_AT(struct base, tags), .key = "tags", .read = ydoc_read_texts, .required = true},
};

bool base_find(struct arena *a, struct str repository, struct base *out)
{
    const struct template *t = templates_named("bases", repository);
    struct ydoc d = {0};
    if (!t)
        return false;
    *out = (struct base){0};
    if (!ydoc_parse(&d, a, t->path, str_make(t->bytes, t->size)) ||
        !ydoc_fields(&d, d.root, fields, sizeof fields / sizeof *fields, out, NULL))
        BUG("%s", d.error);
    return true;
}

bool base_has_tag(const struct base *b, struct str tag)
{
    VEC_EACH (t, &b->tags)
        if (str_eq(*t, tag))
            return true;
    return false;
}
