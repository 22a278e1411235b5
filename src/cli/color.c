/*
 * A removed line "-- x" looks like a header "--- x". So the numbers behind "@@" are counted down:
 * what they cover is content, everything else is a header.
 */
#include "cli/color.h"

#include <stdlib.h>

#include "base/buf.h"
#include "base/utf8.h"

#define RED "\x1b[31m"
#define GREEN "\x1b[32m"
#define YELLOW "\x1b[33m"
#define CYAN "\x1b[36m"
#define BOLD "\x1b[1m"
#define RESET "\x1b[m"

struct color color_for(const struct cli *c, const struct out *o)
{
    bool terminal = out_is_terminal(o);
    const char *no_color = getenv("NO_COLOR"), *term = getenv("TERM");
    bool wanted = terminal && !(no_color && *no_color) && !(term && strcmp(term, "dumb") == 0);
    switch (c->options->color) {
    case COLOR_ALWAYS:
        wanted = true;
        break;
    case COLOR_NEVER:
        wanted = false;
        break;
    case COLOR_AUTO:
        break;
    }
    return (struct color){.on = wanted, .safe = terminal};
}

/* What a terminal would act on. Tabs are harmless. */
static bool is_control(uint32_t cp, size_t len)
{
    return (cp < 0x20 && cp != '\t') || (cp >= 0x7F && cp < 0xA0) ||
           (cp >= 0x202A && cp <= 0x202E) || (cp >= 0x2066 && cp <= 0x2069) ||
           (cp == UTF8_BAD && len == 1);
}

static void add_text(struct buf *b, struct color how, struct str text)
{
    size_t len;
    if (!how.safe) {
        buf_add(b, text);
        return;
    }
    for (size_t i = 0; i < text.n; i += len) {
        uint32_t cp = utf8_at(text, i, &len);
        buf_add(b, is_control(cp, len) ? STR("?") : str_sub(text, i, i + len));
    }
}

static void add_line(struct buf *b, struct color how, const char *start, struct str line)
{
    struct str end = STR("");
    if (str_ends(line, STR("\n")))
        end = str_from(line, line.n - (str_ends(line, STR("\r\n")) ? 2 : 1));
    if (start && how.on)
        buf_addz(b, start);
    add_text(b, how, str_sub(line, 0, line.n - end.n));
    if (start && how.on)
        buf_addz(b, RESET);
    buf_add(b, end);
}

/* Takes a line with its end off the front. */
static bool next_line(struct str *rest, struct str *line)
{
    if (!rest->n)
        return false;
    ptrdiff_t end = str_chr(*rest, '\n');
    size_t n = end < 0 ? rest->n : (size_t)end + 1;
    *line = str_sub(*rest, 0, n);
    *rest = str_from(*rest, n);
    return true;
}

/* ",12 " behind a number of "@@ -3,12 +3,14 @@"; 1 when it is left out. */
static size_t hunk_count(struct str line, char sign)
{
    ptrdiff_t at = str_chr(line, sign);
    uint64_t n = 1;
    if (at < 0)
        return 0;
    struct str part = str_from(line, (size_t)at + 1), number;
    str_split(&part, ' ', &number);
    ptrdiff_t comma = str_chr(number, ',');
    if (comma >= 0 && !str_to_u64(str_from(number, (size_t)comma + 1), SIZE_MAX / 2, &n))
        return 0;
    return (size_t)n;
}

struct hunk {
    size_t old, new; /* lines still to come */
};

static const char *patch_color(struct hunk *h, struct str line)
{
    char c = line.p[0];
    if (c == '\\')
        return NULL;
    if (!h->old && !h->new) {
        if (!str_starts(line, STR("@@ ")))
            return BOLD;
        *h = (struct hunk){hunk_count(line, '-'), hunk_count(line, '+')};
        return CYAN;
    }
    h->old -= h->old && c != '+';
    h->new -= h->new &&c != '-';
    return c == '-' ? RED : c == '+' ? GREEN : NULL;
}

struct str color_patch(struct arena *a, struct color how, struct str patch)
{
    struct buf b = buf_in(a);
    struct hunk h = {0};
    struct str line;
    if (!how.on && !how.safe)
        return patch;
    while (next_line(&patch, &line))
        add_line(&b, how, patch_color(&h, line), line);
    return buf_str(&b);
}

static void add_finding(struct buf *b, struct color how, struct str line)
{
    static const struct {
        const char *text, *start;
    } levels[] = {{": error: ", RED}, {": warning: ", YELLOW}, {": note: ", CYAN}};
    for (size_t i = 0; how.on && i < sizeof levels / sizeof *levels; i++) {
        struct str level = str_of(levels[i].text);
        ptrdiff_t at = str_find(line, level);
        if (at < 0)
            continue;
        size_t from = (size_t)at + 2, to = from + level.n - 4;
        add_line(b, how, NULL, str_sub(line, 0, from));
        add_line(b, how, levels[i].start, str_sub(line, from, to));
        add_line(b, how, NULL, str_from(line, to));
        return;
    }
    add_line(b, how, NULL, line);
}

struct str color_findings(struct arena *a, struct color how, struct str text)
{
    struct buf b = buf_in(a);
    struct str line;
    if (!how.on && !how.safe)
        return text;
    while (next_line(&text, &line))
        add_finding(&b, how, line);
    return buf_str(&b);
}
