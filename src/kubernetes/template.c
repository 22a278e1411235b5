/*
 * Templates that become manifests only when something has filled them in. Most can't be read as
 * YAML. Of those that can, {{ x }} without quotes is a mapping with a mapping as its key, and in
 * quotes it has words of Helm in it, or stands where a manifest names itself.
 */
#include "kubernetes/manifest.h"

bool template_in_text(struct str source)
{
    return (str_has(source, "{{") && str_has(source, "}}")) ||
           (str_has(source, "{%") && str_has(source, "%}"));
}

static bool has_words(struct str text)
{
    static const char *const words[] = {".Values",    ".Release", ".Chart",      ".Capabilities",
                                        "include \"", "toYaml",   "template \"", NULL};
    if (!str_has(text, "{{"))
        return false;
    for (const char *const *w = words; *w; w++)
        if (str_has(text, *w))
            return true;
    return false;
}

/* {{ … }} in flow style. */
static bool is_hole(const struct ytree_node *n)
{
    return n->kind == YTREE_MAPPING && n->style == YTREE_FLOW && n->first &&
           n->first->key->kind == YTREE_MAPPING && n->first->key->style == YTREE_FLOW &&
           n->first->key->span.from == n->span.from + 1;
}

static bool names_itself(const struct ytree_node *n)
{
    static const char *const keys[] = {"apiVersion", "kind", "name", "namespace", "image", NULL};
    if (!n->key || n->key->kind != YTREE_SCALAR)
        return false;
    for (const char *const *k = keys; *k; k++)
        if (str_is(n->key->text, *k))
            return true;
    return false;
}

static bool is_block_text(const struct ytree_node *n)
{
    return n->style == YTREE_LITERAL || n->style == YTREE_FOLDED;
}

/* Texts in several lines are somebody's files, with templates of their own. */
bool template_in_doc(const struct ytree_node *n)
{
    if (n->kind == YTREE_SCALAR)
        return !is_block_text(n) &&
               (has_words(n->text) || (names_itself(n) && str_has(n->text, "{{")));
    if (is_hole(n))
        return true;
    YTREE_EACH (it, n)
        if (template_in_doc(it) || (it->key && template_in_doc(it->key)))
            return true;
    return false;
}
