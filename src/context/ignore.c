/*
 * What glob_match() can't express is not guessed: the file is then marked as not complete.
 */
#include "context/ignore.h"

#include "base/glob.h"

enum { RULES_MAX = 300 };

/* "a/./b//c/" is "a/b/c"; false when ".." climbs out. */
static bool clean(struct arena *a, struct str in, struct str *out)
{
    struct str part;
    char *p = arena_bytes(a, in.n + 2);
    size_t n = 0;
    while (str_split(&in, '/', &part)) {
        if (!part.n || str_is(part, "."))
            continue;
        if (str_is(part, "..")) {
            if (!n)
                return false;
            while (n && p[--n] != '/')
                ;
            continue;
        }
        p[n++] = '/';
        memcpy(p + n, part.p, part.n);
        n += part.n;
    }
    *out = str_make(p, n);
    return true;
}

/* "a**b": there ** crosses folders, which glob_match() does not do. '[!' is no negation in Go. */
static bool is_odd(struct str pattern)
{
    struct str part;
    if (str_has(pattern, "[!"))
        return true;
    while (str_split(&pattern, '/', &part))
        if (str_has(part, "**") && !str_is(part, "**"))
            return true;
    return false;
}

struct ignore ignore_read(struct arena *a, struct str text)
{
    struct ignore out = {.complete = true};
    struct str line, pattern;
    if (str_starts(text, STR("\xef\xbb\xbf")))
        text = str_from(text, 3);
    while (str_split(&text, '\n', &line)) {
        if (str_starts(line, STR("#")))
            continue;
        line = str_trim(line);
        bool negated = str_starts(line, STR("!"));
        if (negated)
            line = str_trim(str_from(line, 1));
        if (!line.n)
            continue;
        if (out.rules.n >= RULES_MAX || !clean(a, line, &pattern) || is_odd(pattern) ||
            (pattern.n && glob_check(pattern))) {
            out.complete = false;
            continue;
        }
        if (pattern.n) /* "." and "/" match nothing below them */
            *vec_push(a, &out.rules) = (struct ignore_rule){pattern, negated};
    }
    return out;
}

bool ignore_has(const struct ignore *ig, struct str path)
{
    bool out = false;
    VEC_EACH (rule, &ig->rules)
        if (out == rule->negated && glob_match(rule->pattern, path))
            out = !rule->negated;
    return out;
}

bool ignore_has_children(const struct ignore *ig, struct str path)
{
    VEC_EACH (rule, &ig->rules) {
        struct str below = str_from(rule->pattern, 1);
        bool inside = str_starts(below, path) && below.n > path.n && below.p[path.n] == '/';
        bool any = str_chr(below, '*') >= 0 || str_chr(below, '?') >= 0 || str_chr(below, '[') >= 0;
        if (rule->negated && (inside || any))
            return true;
    }
    return false;
}
