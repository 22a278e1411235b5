/* The text of an instruction is hashed word by word, so that indenting it or wrapping its lines is
 * no change; a backslash between words is layout, too. */
#include "report/problem.h"

#include <stdlib.h>

#include "base/sha256.h"
#include "base/utf8.h"
#include "knowledge/reason.h"
#include "text/lines.h"

enum { DIGEST_USED = 16 };

static bool has_reason(const struct outcome *o)
{
    for (size_t i = 0; i < o->finding_count; i++)
        if (o->findings[i].reason && strcmp(o->findings[i].reason, o->reason) == 0)
            return true;
    return false;
}

struct problems problems_of(struct arena *a, const struct outcome *o)
{
    size_t n = o->finding_count;
    if (o->status == UR_OK || !o->reason || has_reason(o))
        return (struct problems){o->findings, n};
    struct ur_finding *all = arena_alloc(a, (n + 1) * sizeof *all);
    if (n)
        memcpy(all, o->findings, n * sizeof *all);
    all[n] = (struct ur_finding){.rule = o->reason,
                                 .level = UR_ERROR,
                                 .line = o->error_line,
                                 .column = o->error_column,
                                 .end_line = o->error_line,
                                 .message = o->complaint ? o->complaint : "",
                                 .reason = o->reason,
                                 .refs = ""};
    return (struct problems){all, n + 1};
}

const char *problem_level(enum ur_level level)
{
    static const char *const names[] = {"note", "warning", "error"};
    return names[level];
}

struct str problem_path(struct arena *a, const struct outcome *o)
{
    if (!o->repo.n || !o->path.n)
        return o->repo.n ? o->repo : o->path;
    return str_fmt(a, "%.*s/%.*s", STR_ARG(o->repo), STR_ARG(o->path));
}

static void add_sentence(struct buf *b, const char *start, struct str text)
{
    text = str_trim(text);
    if (!text.n)
        return;
    buf_addf(b, "%s%s", b->n ? " " : "", start);
    buf_add(b, text);
    char last = text.p[text.n - 1];
    if (last != '.' && last != '!' && last != '?')
        buf_addc(b, '.');
}

struct str problem_text(struct arena *a, const struct outcome *o, const struct ur_finding *f)
{
    struct buf b = buf_in(a);
    struct reason reason;
    add_sentence(&b, "", str_of(f->message));
    if (f->assumption)
        add_sentence(&b, f->fixed ? "The fix rests on this: " : "A fix would rest on this: ",
                     str_of(f->assumption));
    if (f->reason && !f->fixed && reason_find(a, str_of(f->reason), &reason))
        add_sentence(&b, "", reason.todo);
    if (f->fixed && o->changed)
        add_sentence(&b, "", STR("unroot fixes it"));
    return buf_str(&b);
}

/* ---- fingerprints ---- */

struct print {
    unsigned char key[SHA256_SIZE];
    size_t index;
};

static void hash_field(struct sha256 *h, struct str text)
{
    sha256_add(h, text);
    sha256_add(h, STR("\0"));
}

static void hash_words(struct sha256 *h, struct str text)
{
    for (size_t i = 0; i < text.n;) {
        size_t from = i;
        while (i < text.n && !str_is_blank(text.p[i]))
            i++;
        struct str word = str_sub(text, from, i);
        if (word.n && !str_is(word, "\\"))
            hash_field(h, word);
        i += i < text.n;
    }
}

static void hash_problem(struct print *p, const struct ur_finding *f, const struct lines *lines,
                         struct str path)
{
    struct sha256 h;
    sha256_init(&h);
    hash_field(&h, path);
    hash_field(&h, str_of(f->rule));
    hash_field(&h, str_of(f->reason ? f->reason : ""));
    if (f->line)
        hash_words(&h, lines_text(lines, f->line, f->end_line));
    sha256_finish(&h, p->key);
}

static int by_key(const void *x, const void *y)
{
    const struct print *a = x, *b = y;
    int c = memcmp(a->key, b->key, sizeof a->key);
    return c ? c : a->index < b->index ? -1 : a->index > b->index;
}

/* The n-th of equal ones gets a fingerprint of its own; the first keeps what it has. */
static void number_print(struct print *p, size_t nth)
{
    struct sha256 h;
    if (!nth)
        return;
    sha256_init(&h);
    sha256_add(&h, str_make((const char *)p->key, sizeof p->key));
    for (; nth; nth /= 256)
        sha256_add(&h, str_make(&(char){(char)(nth % 256)}, 1));
    sha256_finish(&h, p->key);
}

const struct str *problem_fingerprints(struct arena *a, const struct outcome *o,
                                       const struct problems *list, struct str path)
{
    struct lines lines = lines_of(a, o->source);
    struct print *prints = arena_alloc(a, (list->n + 1) * sizeof *prints);
    struct str *out = arena_alloc(a, (list->n + 1) * sizeof *out);
    for (size_t i = 0; i < list->n; i++) {
        prints[i].index = i;
        hash_problem(&prints[i], &list->v[i], &lines, path);
    }
    qsort(prints, list->n, sizeof *prints, by_key);
    for (size_t i = 0, end; i < list->n; i = end) {
        for (end = i + 1; end < list->n && !memcmp(prints[i].key, prints[end].key, SHA256_SIZE);)
            end++;
        for (size_t j = i; j < end; j++) {
            number_print(&prints[j], j - i);
            out[prints[j].index] = sha256_hex(a, prints[j].key, DIGEST_USED);
        }
    }
    return out;
}
