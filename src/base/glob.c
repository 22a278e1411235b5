/*
 * Matching goes part by part. Inside a part, a star takes as little as it can and is widened when
 * the rest fails; going back to an earlier star can't help, so only the last one is remembered. The
 * same holds one level up for "**".
 */
#include "base/glob.h"

enum { PATTERN_MAX = 1024 };

/* The end of the set that opens at pat[at], or 0 when it never closes. A ']' in front is a member.
 */
static size_t set_end(struct str pat, size_t at)
{
    size_t i = at + 1;
    if (i < pat.n && (pat.p[i] == '!' || pat.p[i] == '^'))
        i++;
    if (i < pat.n && pat.p[i] == ']')
        i++;
    while (i < pat.n && pat.p[i] != ']' && pat.p[i] != '/')
        i++;
    return i < pat.n && pat.p[i] == ']' ? i : 0;
}

static bool in_set(struct str set, char c)
{
    bool negated = set.n && (set.p[0] == '!' || set.p[0] == '^'), hit = false;
    unsigned char u = (unsigned char)c;
    for (size_t i = negated; i < set.n; i++) {
        unsigned char lo = (unsigned char)set.p[i], hi = lo;
        if (i + 2 < set.n && set.p[i + 1] == '-') {
            hi = (unsigned char)set.p[i + 2];
            i += 2;
        }
        hit |= lo <= u && u <= hi;
    }
    return hit != negated;
}

/* Matches one character; *len is how much of the pattern that took. */
static bool one(struct str pat, size_t at, char c, size_t *len)
{
    size_t end = pat.p[at] == '[' ? set_end(pat, at) : 0;
    *len = 1;
    if (end) {
        *len = end + 1 - at;
        return in_set(str_sub(pat, at + 1, end), c);
    }
    if (pat.p[at] == '\\' && at + 1 < pat.n) {
        *len = 2;
        return pat.p[at + 1] == c;
    }
    return pat.p[at] == '?' || pat.p[at] == c;
}

static bool match_part(struct str pat, struct str name)
{
    size_t p = 0, n = 0, star = SIZE_MAX, from = 0, len;
    while (n < name.n) {
        if (p < pat.n && pat.p[p] == '*') {
            star = ++p;
            from = n;
        } else if (p < pat.n && one(pat, p, name.p[n], &len)) {
            p += len;
            n++;
        } else if (star != SIZE_MAX) {
            p = star;
            n = ++from;
        } else {
            return false;
        }
    }
    while (p < pat.n && pat.p[p] == '*')
        p++;
    return p == pat.n;
}

/* Matches from the top; what is left of the path when the pattern is used up lies in a folder that
 * matched. */
static bool match_path(struct str pattern, struct str path)
{
    struct str pat = pattern, rest = path, after_star = STR_NULL, from = STR_NULL, part, name;
    bool starred = false;
    for (;;) {
        if (!str_split(&pat, '/', &part))
            return true;
        if (str_is(part, "**")) {
            if (!pat.p)
                return rest.p != NULL;
            starred = true;
            after_star = pat;
            from = rest;
            continue;
        }
        if (str_split(&rest, '/', &name) && match_part(part, name))
            continue;
        if (!starred || !str_split(&from, '/', &name) || !from.p)
            return false;
        pat = after_star;
        rest = from;
    }
}

static bool match_any_part(struct str pattern, struct str path)
{
    struct str name;
    while (str_split(&path, '/', &name))
        if (match_part(pattern, name))
            return true;
    return false;
}

static struct str without_slash_at_end(struct str pattern)
{
    while (pattern.n > 1 && pattern.p[pattern.n - 1] == '/')
        pattern.n--;
    return pattern;
}

bool glob_match(struct str pattern, struct str path)
{
    bool folder_only = str_ends(pattern, STR("/"));
    pattern = without_slash_at_end(pattern);
    if (folder_only) {
        /* The last part is the file: it is no folder. */
        ptrdiff_t slash = str_rchr(path, '/');
        if (slash < 0)
            return false;
        path = str_sub(path, 0, (size_t)slash);
    }
    if (str_chr(pattern, '/') < 0 && !str_is(pattern, "**"))
        return match_any_part(pattern, path);
    return match_path(str_starts(pattern, STR("/")) ? str_from(pattern, 1) : pattern, path);
}

static bool has_open_set(struct str pat)
{
    for (size_t i = 0; i < pat.n; i++) {
        if (pat.p[i] == '\\')
            i++;
        else if (pat.p[i] == '[' && !(i = set_end(pat, i)))
            return true;
    }
    return false;
}

const char *glob_check(struct str pattern)
{
    if (!pattern.n)
        return "an empty pattern";
    if (pattern.n > PATTERN_MAX)
        return "a pattern that is too long";
    if (pattern.p[0] == '!')
        return "a pattern can't be negated";
    if (memchr(pattern.p, 0, pattern.n))
        return "a NUL in a pattern";
    if (has_open_set(pattern))
        return "a [ without ] in a pattern";
    if (str_is(pattern, ".") || str_is(pattern, "..") || str_starts(pattern, STR("./")) ||
        str_starts(pattern, STR("../")) || str_has(pattern, "/../") || str_has(pattern, "/./"))
        return "a pattern is for paths below the folder of this file, without . and ..";
    return NULL;
}
