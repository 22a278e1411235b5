/*
 * Build files and strangers' YAML, on any bytes: spans lie inside and in order, aliases make no
 * circle and nothing endless, and what is told of a build is what its header promises.
 */
#include <stdio.h>
#include <stdlib.h>

#include "repo/builds.h"
#include "yaml/ytree.h"

int LLVMFuzzerTestOneInput(const unsigned char *data, size_t size);

#define MUST(holds)                                                                                \
    do {                                                                                           \
        if (!(holds)) {                                                                            \
            fprintf(stderr, "%s:%d: does not hold: %s\n", __FILE__, __LINE__, #holds);             \
            abort();                                                                               \
        }                                                                                          \
    } while (0)

/* ---- trees ---- */

/* What a plain scalar has more of than its text: line ends, and the blanks around them. */
static bool is_folded(struct str bytes, struct str text)
{
    static const char blanks[] = " \t\r\n";
    for (size_t i = 0; i < sizeof blanks - 1; i++)
        if (str_chr(bytes, blanks[i]) >= 0 || str_chr(text, blanks[i]) >= 0)
            return true;
    return false;
}

static void check_span(const struct ytree_node *n, struct str yaml)
{
    MUST(n->from <= n->span.from && n->span.from <= n->span.to && n->span.to <= yaml.n);
    MUST(n->line && n->col);
    struct str bytes = str_sub(yaml, n->span.from, n->span.to);
    if (n->kind == YTREE_ALIAS)
        MUST(bytes.n == n->text.n + 1 && bytes.p[0] == '*');
    else if (n->style == YTREE_PLAIN && !is_folded(bytes, n->text))
        MUST(str_eq(bytes, n->text));
    else if (n->style == YTREE_SINGLE || n->style == YTREE_DOUBLE)
        MUST(bytes.n > 1 && bytes.p[0] == bytes.p[bytes.n - 1]);
    else if (n->style == YTREE_LITERAL || n->style == YTREE_FOLDED)
        MUST(bytes.n && (bytes.p[0] == '|' || bytes.p[0] == '>'));
}

static size_t check_node(const struct ytree_node *n, struct str yaml)
{
    size_t children = 0, expanded = 1;
    check_span(n, yaml);
    if (n->kind == YTREE_ALIAS) {
        MUST(n->of && n->of->kind != YTREE_ALIAS && str_eq(n->of->anchor, n->text));
        MUST(n->of->from < n->from && n->height == n->of->height);
        return n->of->expanded + 1;
    }
    YTREE_EACH (it, n) {
        MUST(it->parent == n && (it->key != NULL) == (n->kind == YTREE_MAPPING));
        MUST(it->height < n->height && it->span.from >= n->span.from);
        if (it->key)
            expanded += check_node(it->key, yaml);
        expanded += check_node(it, yaml);
        children++;
    }
    MUST(children == n->n && expanded == n->expanded && expanded <= YTREE_EXPANDED_MAX);
    return expanded;
}

static void check_tree(struct arena *a, struct str yaml)
{
    struct ytree t;
    if (!ytree_parse(&t, a, yaml)) {
        MUST(t.error.message && t.error.line && t.error.col && !t.docs.n);
        return;
    }
    VEC_EACH (doc, &t.docs) {
        MUST(doc->root && doc->span.from <= doc->span.to && doc->span.to <= yaml.n);
        check_node(doc->root, yaml);
        ytree_pairs all = ytree_all(a, doc->root);
        VEC_EACH (p, &all)
            MUST(p->value->kind != YTREE_ALIAS && p->key->kind == YTREE_SCALAR);
    }
}

/* ---- builds ---- */

static void check_text(struct build_text t)
{
    MUST(t.known || !t.text.n);
}

static void check_path(struct build_text t)
{
    struct str rest = t.text, part;
    check_text(t);
    while (rest.n && str_split(&rest, '/', &part))
        MUST(part.n && !str_is(part, ".") && !str_is(part, ".."));
}

static void check_build(const struct build *b)
{
    check_path(b->context);
    check_path(b->dockerfile);
    check_path(b->dockerfile_or);
    check_text(b->target);
    check_text(b->image);
    check_text(b->user);
    MUST(b->line && (!b->dockerfile.known || (b->context.known && b->dockerfile.text.n)));
    VEC_EACH (p, &b->args)
        check_text(p->value);
    VEC_EACH (p, &b->named)
        check_text(p->value);
    VEC_EACH (p, &b->ports)
        MUST(p->host <= p->host_to && p->container <= p->container_to && p->protocol.n);
    VEC_EACH (m, &b->mounts) {
        check_text(m->target);
        check_text(m->source);
        MUST(!m->target.known || str_starts(m->target.text, STR("/")));
        if (m->kind == BUILD_MOUNT_BIND)
            check_path(m->source);
    }
}

static void check_builds(struct arena *a, const char *path, struct str bytes)
{
    struct builds builds;
    const char *error = builds_read(a, str_of(path), bytes, &builds);
    MUST(!error || (*error && !builds.list.n));
    VEC_EACH (b, &builds.list)
        check_build(b);
}

int LLVMFuzzerTestOneInput(const unsigned char *data, size_t size)
{
    struct arena a = {0};
    struct str bytes = str_make((const char *)data, size);
    check_tree(&a, bytes);
    check_builds(&a, "a/compose.yaml", bytes);
    check_builds(&a, "a/docker-bake.hcl", bytes);
    check_builds(&a, "a/docker-bake.json", bytes);
    arena_release(&a);
    return 0;
}
