/*
 * That each document says what was declared has been proven where its edits were made; here the
 * file as a whole is looked at: as many documents, the same bytes where nothing was to be changed,
 * and what a second run would do.
 */
#include "engine/manifest.h"

/* Documents without edits are as they were, to the byte. */
static const char *same_documents(const struct manifest *m, const struct manifest *after)
{
    if (m->tree.docs.n != after->tree.docs.n)
        return "the number of documents changed";
    size_t next = 0;
    for (size_t i = 0; i < m->tree.docs.n; i++) {
        const struct ytree_doc *was = &m->tree.docs.v[i], *now = &after->tree.docs.v[i];
        while (next < m->edits.n && m->edits.v[next].old.from < was->span.from)
            next++;
        bool has = next < m->edits.n && m->edits.v[next].old.from <= was->span.to;
        if (!has && !str_eq(str_sub(m->source, was->span.from, was->span.to),
                            str_sub(after->source, now->span.from, now->span.to)))
            return "a document changed for which nothing was declared";
    }
    return NULL;
}

const char *manifest_gate(struct manifest *m, struct str now)
{
    struct manifest again;
    if (!manifest_read(&again, m->arena, now, m->options, m->images, m->paths))
        return "the edited file could not be read any more";
    const char *why = same_documents(m, &again);
    if (why)
        return why;
    manifest_harden(&again);
    if (again.edits.n)
        return "a second run would change it again";
    return manifest_compare(m, &again);
}
