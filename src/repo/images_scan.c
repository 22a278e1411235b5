/*
 * "docker build" in whatever stands around it. A line is looked through for the word "build" behind
 * the name of a builder; from there on it is read word by word. The folder is the one that the
 * nearest "cd" in front of it on the line goes to.
 */
#include "repo/images_reader.h"
#include "repo/images_words.h"

enum { TAGS_MAX = 16, COMMANDS_MAX = 1000, COMMAND_BYTES_MAX = 8 << 10 };

/* ---- finding it ----------------------------------------------------------------------------- */

static bool is_word_char(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' ||
           c == '-' || c == '.' || c == '/' || c == '$' || c == '{' || c == '}' || c == '(' ||
           c == ')';
}

/* The word that ends at `end`, blanks before it skipped; `*from` is where it begins. */
static struct str word_before(struct str line, size_t end, size_t *from)
{
    while (end > 0 && (line.p[end - 1] == ' ' || line.p[end - 1] == '\t'))
        end--;
    size_t at = end;
    while (at > 0 && is_word_char(line.p[at - 1]))
        at--;
    *from = at;
    return str_sub(line, at, end);
}

/* "docker", "/usr/bin/podman", "$(DOCKER)", "${CONTAINER_TOOL}"; "buildx" and "image" come behind
 * one. */
static bool is_builder(struct str word)
{
    static const char *const names[] = {"docker",  "podman", "buildah",
                                        "nerdctl", "buildx", "image"};
    struct str base = str_basename(word);
    if (str_chr(word, '$') >= 0)
        return str_has(word, "DOCKER") || str_has(word, "CONTAINER") || str_has(word, "PODMAN");
    while (base.n && (base.p[0] == '(' || base.p[0] == '{')) /* "(docker build" */
        base = str_from(base, 1);
    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        if (str_is(base, names[i]))
            return true;
    return false;
}

/* The number of bytes of "build" or "bud" at `at`, as a word of its own; else 0. */
static size_t build_word(struct str line, size_t at)
{
    static const char *const words[] = {"build", "bud"};
    for (size_t i = 0; i < 2; i++) {
        size_t n = strlen(words[i]);
        bool here = at + n < line.n && memcmp(line.p + at, words[i], n) == 0;
        if (here && (line.p[at + n] == ' ' || line.p[at + n] == '\t' || line.p[at + n] == '\\') &&
            (line.p[at - 1] == ' ' || line.p[at - 1] == '\t'))
            return n;
    }
    return 0;
}

/* The quote that is open at `at`. */
static char open_quote(struct str line, size_t at)
{
    char quote = 0;
    for (size_t i = 0; i < at; i++) {
        char c = line.p[i];
        if (c == '\\')
            i++;
        else if (quote ? c == quote : c == '"' || c == '\'')
            quote = quote ? 0 : c;
    }
    return quote;
}

/* ---- where it runs -------------------------------------------------------------------------- */

static struct images_words words_at(const struct images_scan *s, struct str text, size_t at)
{
    return (struct images_words){
        .arena = s->images->arena, .text = text, .at = at, .value = s->value, .ctx = s->ctx};
}

static const char hole[] = {IMAGES_HOLE, 0};

/* The folder behind every "cd" of the line, up to the command. */
static struct str folder_at(const struct images_scan *s, struct str line, size_t end)
{
    struct str base = s->base, dir;
    for (size_t i = 0; i + 3 < end; i++) {
        if (memcmp(line.p + i, "cd ", 3) != 0 || (i && is_word_char(line.p[i - 1])))
            continue;
        struct images_words w = words_at(s, str_sub(line, 0, end), i + 3);
        bool told = images_words_next(&w, &dir) && str_chr(dir, IMAGES_HOLE) < 0 &&
                    builds_join(s->images->arena, base, dir, &base);
        if (!told)
            return str_make(hole, 1);
    }
    return base;
}

/* ---- reading it ----------------------------------------------------------------------------- */

struct command {
    struct images_step step;
    struct str tags[TAGS_MAX];
    size_t n;
    bool has_context;
};

static bool takes_value(struct str flag)
{
    static const char *const flags[] = {"--build-arg",
                                        "--platform",
                                        "--cache-from",
                                        "--cache-to",
                                        "--label",
                                        "--network",
                                        "--secret",
                                        "--ssh",
                                        "--output",
                                        "-o",
                                        "--progress",
                                        "--builder",
                                        "--add-host",
                                        "--iidfile",
                                        "--metadata-file",
                                        "--memory",
                                        "-m",
                                        "--ulimit",
                                        "--shm-size",
                                        "--isolation",
                                        "--build-context",
                                        "--annotation",
                                        "--attest",
                                        "--volume",
                                        "-v",
                                        "--format",
                                        "--security-opt",
                                        "--no-cache-filter",
                                        "--allow",
                                        "--authfile",
                                        "--cgroup-parent",
                                        "--cpuset-cpus",
                                        "--ignorefile",
                                        "--arch",
                                        "--os",
                                        "--creds"};
    for (size_t i = 0; i < sizeof flags / sizeof *flags; i++)
        if (str_is(flag, flags[i]))
            return true;
    return false;
}

/* Where the value of a flag goes; NULL: to nobody. */
static struct str *slot_of(struct command *c, struct str flag)
{
    if (str_is(flag, "-t") || str_is(flag, "--tag"))
        return c->n < TAGS_MAX ? &c->tags[c->n++] : NULL;
    if (str_is(flag, "-f") || str_is(flag, "--file"))
        return &c->step.dockerfile;
    return str_is(flag, "--target") ? &c->step.target : NULL;
}

static void take_flag(struct command *c, struct images_words *w, struct str word)
{
    struct str rest = word, flag, value = STR("");
    str_split(&rest, '=', &flag);
    bool wanted = str_is(flag, "-t") || str_is(flag, "--tag") || str_is(flag, "-f") ||
                  str_is(flag, "--file") || str_is(flag, "--target");
    bool has = rest.p != NULL;
    if (has)
        value = rest;
    else if (wanted || takes_value(flag))
        has = images_words_next(w, &value);
    struct str *slot = has && wanted ? slot_of(c, flag) : NULL;
    if (slot)
        *slot = value;
}

static void read_command(const struct images_scan *s, struct str text, size_t at,
                         struct images_step step, char quote)
{
    struct command c = {.step = step};
    struct images_words w = words_at(s, text, at);
    struct str word;
    w.outer = quote;
    while (images_words_next(&w, &word)) {
        if (str_starts(word, STR("-")) && word.n > 1) {
            take_flag(&c, &w, word);
        } else if (!c.has_context && word.n) {
            c.step.context = word;
            c.has_context = true;
        }
    }
    for (size_t i = 0; c.has_context && i < c.n; i++) {
        c.step.image = c.tags[i];
        images_add_step(s->images, s->file, &c.step);
    }
}

/* The line from `from` on; the command may go on behind its end. */
static bool scan_line(const struct images_scan *s, struct str text, size_t from, size_t to,
                      unsigned number)
{
    struct str line = str_sub(text, from, to);
    for (size_t i = 1, n; i < line.n; i++) {
        size_t begin;
        n = line.p[i] == 'b' ? build_word(line, i) : 0;
        if (!n || !is_builder(word_before(line, i, &begin)))
            continue;
        struct images_step step = {.image = STR(""),
                                   .context = STR(""),
                                   .dockerfile = STR(""),
                                   .target = STR(""),
                                   .base = folder_at(s, line, begin),
                                   .line = number};
        read_command(s, str_sub(text, from, to + COMMAND_BYTES_MAX), i + n, step,
                     open_quote(line, begin));
        return true;
    }
    return false;
}

void images_scan(const struct images_scan *s, struct str text)
{
    unsigned number = s->line;
    size_t commands = 0;
    for (size_t from = 0; from < text.n && commands < COMMANDS_MAX; number++) {
        const char *end = memchr(text.p + from, '\n', text.n - from);
        size_t to = end ? (size_t)(end - text.p) : text.n;
        struct str trimmed = str_trim(str_sub(text, from, to));
        if (!str_starts(trimmed, STR("#")) && !str_starts(trimmed, STR("//")))
            commands += scan_line(s, text, from, to, number);
        from = to + 1;
    }
}
