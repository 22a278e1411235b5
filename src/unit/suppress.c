/*
 *     # unroot: ignore=nonroot-user reason
 *     # hadolint ignore=DL3002        # hadolint global ignore=DL3002
 *     # trivy:ignore:DS002            # checkov:skip=CKV_DOCKER_3:reason
 *     # nosemgrep: rule               # tally ignore=rule;reason=…
 *     # check=skip=Rule
 *
 * A comment counts for the whole file: who runs the image is a property of the whole file, and the
 * other tools disagree about how far theirs reach.
 */
#include "unit/suppress.h"

#include "base/utf8.h"
#include "dockerfile/lex.h"

static const char *const marks[] = {"unroot: ignore=",
                                    "unroot:ignore=",
                                    "hadolint ignore=",
                                    "hadolint global ignore=",
                                    "trivy:ignore:",
                                    "checkov:skip=",
                                    "nosemgrep:",
                                    "tally ignore=",
                                    "tally global ignore=",
                                    "check=skip=",
                                    NULL};

static bool is_word_end(char c)
{
    return str_is_blank(c) || c == ',' || c == ';' || c == ':' || c == '=';
}

/* Is `word` among the comma-separated ids of the pass? Ids of others may carry a dotted prefix. */
static bool is_id(const char *rule, const char *ids, struct str word)
{
    struct str refs = str_of(ids), ref;
    if (str_is(word, rule))
        return true;
    while (str_split(&refs, ' ', &ref))
        if (ref.n && (str_eq_nocase(ref, word) ||
                      (str_ends(word, ref) && word.n > ref.n &&
                       (word.p[word.n - ref.n - 1] == '.' || word.p[word.n - ref.n - 1] == '/'))))
            return true;
    return false;
}

static bool names_rule(const char *rule, const char *refs, struct str list)
{
    size_t from = 0;
    for (size_t i = 0; i <= list.n; i++) {
        if (i < list.n && !is_word_end(list.p[i]))
            continue;
        if (i > from && is_id(rule, refs, str_sub(list, from, i)))
            return true;
        from = i + 1;
    }
    return false;
}

bool suppress_says(struct str comment, const char *rule, const char *refs)
{
    for (const char *const *m = marks; *m; m++) {
        ptrdiff_t at = str_find(comment, str_of(*m));
        if (at >= 0 && names_rule(rule, refs, str_from(comment, (size_t)at + strlen(*m))))
            return true;
    }
    return false;
}

bool suppress_has(const struct unit *u, unsigned *line)
{
    LIST_EACH (it, u->list) {
        struct str rest = it->bytes, text;
        unsigned n = it->line;
        if ((it->kind != DF_GAP && it->node.heredocs.n) || str_chr(rest, '#') < 0)
            continue;
        for (; str_split(&rest, '\n', &text); n++) {
            if (!lex_is_comment(text) || !suppress_says(text, u->rule, u->refs))
                continue;
            *line = n;
            return true;
        }
    }
    return false;
}
