/*
 * The text is cut at its separators first, and each part is then held against the grammar. Whether
 * the part before the first slash is a host is decided as Docker does, by how it looks; one that
 * looks like a host but cannot be one ("my_host.x/app") is a path after all. The repository is a
 * slice of the text: normalising only ever takes something off its front.
 */
#include "dockerfile/image.h"

enum { PATH_MAX_BYTES = 255, TAG_MAX_BYTES = 128, DIGEST_MIN_HEX = 32, IDENTIFIER_HEX = 64 };

/* Where Docker Hub's images are to be had, and what stands there in front of their names. */
static const struct {
    const char *host, *prefix;
} hubs[] = {
    {"docker.io", ""},
    {"index.docker.io", ""},
    {"registry-1.docker.io", ""},
    {"registry.hub.docker.com", ""},
    {"mirror.gcr.io", ""},
    {"public.ecr.aws", "docker/library/"},
    {"mcr.microsoft.com", "mirror/docker/library/"},
};

/* Algorithms whose digests have a fixed length; the others must only be long enough. */
static const struct {
    const char *name;
    size_t hex;
} algorithms[] = {{"sha256", 64}, {"sha384", 96}, {"sha512", 128}};

static bool is_lower(char c)
{
    return c >= 'a' && c <= 'z';
}

static bool is_upper(char c)
{
    return c >= 'A' && c <= 'Z';
}

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

static bool is_alnum(char c)
{
    return is_lower(c) || is_upper(c) || is_digit(c);
}

static bool is_hex(char c)
{
    return is_digit(c) || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F');
}

static bool all(struct str s, bool (*is)(char))
{
    for (size_t i = 0; i < s.n; i++)
        if (!is(s.p[i]))
            return false;
    return s.n > 0;
}

static bool any(struct str s, bool (*is)(char))
{
    for (size_t i = 0; i < s.n; i++)
        if (is(s.p[i]))
            return true;
    return false;
}

/* The part before the first `c`; *rest is what follows it and has p == NULL when there is no `c`.
 */
static struct str cut(struct str s, char c, struct str *rest)
{
    ptrdiff_t at = str_chr(s, c);
    *rest = at < 0 ? STR_NULL : str_from(s, (size_t)at + 1);
    return at < 0 ? s : str_sub(s, 0, (size_t)at);
}

/* ---- the parts' grammar --------------------------------------------------------------------- */

/* The length of the separator at s[at]: one '.', one or two '_', any number of '-'. */
static size_t separator(struct str s, size_t at)
{
    size_t n = 0;
    while (at + n < s.n && s.p[at + n] == s.p[at])
        n++;
    size_t max = s.p[at] == '.' ? 1 : s.p[at] == '_' ? 2 : s.p[at] == '-' ? n : 0;
    return n <= max ? n : 0;
}

/* Lower-case letters and digits, with separators only between them. */
static bool is_component(struct str s)
{
    bool between = false;
    for (size_t i = 0; i < s.n;) {
        bool plain = is_lower(s.p[i]) || is_digit(s.p[i]);
        size_t n = plain ? 1 : between ? separator(s, i) : 0;
        if (!n)
            return false;
        between = plain;
        i += n;
    }
    return between;
}

static bool is_path(struct str s)
{
    struct str part;
    if (!s.n)
        return false;
    while (str_split(&s, '/', &part))
        if (!is_component(part))
            return false;
    return true;
}

static bool is_domain_component(struct str s)
{
    for (size_t i = 0; i < s.n; i++)
        if (!is_alnum(s.p[i]) && (s.p[i] != '-' || i == 0 || i + 1 == s.n))
            return false;
    return s.n > 0;
}

static bool is_address_char(char c)
{
    return is_hex(c) || c == ':';
}

/* name, name:port or [v6]:port */
static bool is_host(struct str s)
{
    struct str port, part;
    if (s.n && s.p[0] == '[') {
        struct str address = cut(str_from(s, 1), ']', &port);
        if (!port.p || !all(address, is_address_char) || (port.n && port.p[0] != ':'))
            return false;
        return !port.n || all(str_from(port, 1), is_digit);
    }
    s = cut(s, ':', &port);
    if (!s.n || (port.p && !all(port, is_digit)))
        return false;
    while (str_split(&s, '.', &part))
        if (!is_domain_component(part))
            return false;
    return true;
}

static bool is_tag(struct str s)
{
    for (size_t i = 0; i < s.n; i++)
        if (!is_alnum(s.p[i]) && s.p[i] != '_' && (i == 0 || (s.p[i] != '.' && s.p[i] != '-')))
            return false;
    return s.n > 0 && s.n <= TAG_MAX_BYTES;
}

/* Words of letters and digits that begin with a letter, one of "-_+." between them. Only lower
 * case: Docker's grammar has both, but no algorithm that it knows is written otherwise. */
static bool is_algorithm(struct str s)
{
    bool begins = true;
    for (size_t i = 0; i < s.n; i++) {
        bool mark = memchr("-_+.", s.p[i], 4);
        if (begins ? !is_lower(s.p[i]) : !mark && !is_lower(s.p[i]) && !is_digit(s.p[i]))
            return false;
        begins = mark;
    }
    return !begins;
}

static bool is_digest(struct str s)
{
    struct str hex, name = cut(s, ':', &hex);
    for (size_t i = 0; i < sizeof algorithms / sizeof *algorithms; i++)
        if (str_is(name, algorithms[i].name))
            return hex.n == algorithms[i].hex && all(hex, is_hex) && !any(hex, is_upper);
    return is_algorithm(name) && hex.n >= DIGEST_MIN_HEX && all(hex, is_hex);
}

/* ---- the whole ------------------------------------------------------------------------------ */

static bool looks_like_host(struct str s)
{
    return str_is(s, "localhost") || str_chr(s, '.') >= 0 || str_chr(s, ':') >= 0 ||
           any(s, is_upper);
}

/* Docker takes an image's id for an id, never for a name. */
static bool is_identifier(struct str s)
{
    return s.n == IDENTIFIER_HEX && all(s, is_hex) && !any(s, is_upper);
}

static struct str without_library(struct str path)
{
    struct str rest = str_from(path, sizeof "library/" - 1);
    bool official = str_starts(path, STR("library/")) && str_chr(rest, '/') < 0;
    return official ? rest : path;
}

/* `name` is host/path. */
static struct str normalised(struct str name, struct str host, struct str path)
{
    for (size_t i = 0; i < sizeof hubs / sizeof *hubs; i++) {
        struct str prefix = str_of(hubs[i].prefix);
        if (str_eq_nocase(host, str_of(hubs[i].host)) && str_starts(path, prefix))
            return without_library(str_from(path, prefix.n));
    }
    return name;
}

static size_t hub_length(struct str path)
{
    return path.n + (str_chr(path, '/') < 0 ? sizeof "library/" - 1 : 0);
}

/* A name without tag and digest. */
static bool read_name(struct str name, struct str *repository)
{
    struct str path, host = cut(name, '/', &path);
    if (!path.p || !looks_like_host(host)) {
        *repository = without_library(name);
        return is_path(name) && hub_length(name) <= PATH_MAX_BYTES;
    }
    if (!is_host(host)) {
        *repository = name;
        return is_path(name) && name.n <= PATH_MAX_BYTES;
    }
    *repository = normalised(name, host, path);
    bool hub = str_is(host, "docker.io") || str_is(host, "index.docker.io");
    return is_path(path) && (hub ? hub_length(path) : path.n) <= PATH_MAX_BYTES;
}

/* The name ends at the first ':' or '@' behind its host. */
static size_t name_end(struct str text)
{
    ptrdiff_t slash = str_chr(text, '/');
    size_t at = 0;
    if (slash >= 0 && looks_like_host(str_sub(text, 0, (size_t)slash)))
        at = (size_t)slash;
    while (at < text.n && text.p[at] != ':' && text.p[at] != '@')
        at++;
    return at;
}

bool image_parse(struct arena *a, struct str text, struct image_ref *out)
{
    (void)a; /* everything is a slice of the text */
    *out = (struct image_ref){.text = text, .tag = STR(""), .digest = STR("")};
    size_t end = name_end(text);
    struct str digest, tag = cut(str_from(text, end), '@', &digest);
    if (is_identifier(text) || !read_name(str_sub(text, 0, end), &out->repository))
        return false;
    if (tag.n) {
        out->tag = str_from(tag, 1);
        if (!is_tag(out->tag))
            return false;
    }
    if (digest.p)
        out->digest = digest;
    return !digest.p || is_digest(digest);
}
