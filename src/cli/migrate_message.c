/*
 * Commit messages and patches for `git am`. What comes from a repository (paths, messages with
 * names in them) is made printable, and no line of it stands at the margin: there `git am` looks
 * for the end of the message.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <time.h>
#include <unistd.h>

#include "base/hash.h"
#include "base/utf8.h"
#include "cli/migrate.h"
#include "engine/registry.h"

enum { WIDTH = 72, MESSAGE_MAX = 64 << 10, TEXT_MAX = 600 };

/* ---- the message ---- */

/* Words in lines of at most WIDTH, each with a margin. */
static void put_wrapped(struct buf *b, size_t margin, struct str text)
{
    size_t at = margin;
    struct str word;
    bool first = true;
    while (str_split(&text, ' ', &word)) {
        size_t n = utf8_count(word);
        if (!first && at + 1 + n > WIDTH) {
            buf_addf(b, "\n%*s", (int)margin, "");
            at = margin;
        } else if (!first) {
            buf_addc(b, ' ');
            at++;
        }
        buf_add(b, word);
        at += n;
        first = false;
    }
    buf_addc(b, '\n');
}

static void put_why(struct buf *b, const struct migrate_why *w)
{
    struct arena *a = b->arena;
    struct str text = utf8_safe(a, w->message, TEXT_MAX);
    struct str place = w->line ? str_fmt(a, "line %u, ", w->line) : STR("");
    buf_addz(b, "  - ");
    put_wrapped(b, 4,
                str_fmt(a, "%.*s%.*s: %.*s", STR_ARG(place), STR_ARG(w->rule), STR_ARG(text)));
    if (w->assumption.n) {
        buf_addz(b, "    ");
        put_wrapped(
            b, 4, str_fmt(a, "This assumes: %.*s", STR_ARG(utf8_safe(a, w->assumption, TEXT_MAX))));
    }
}

static struct str subject_of(struct arena *a, const char *rule)
{
    const struct pass *p = rule ? pass_find(str_of(rule)) : NULL;
    if (!p)
        return STR("Run containers as a numeric non-root user");
    struct str s = str_dup(a, str_of(p->summary));
    if (s.n && s.p[0] >= 'a' && s.p[0] <= 'z')
        ((char *)s.p)[0] -= 'a' - 'A';
    return s;
}

static size_t put_whys(struct buf *b, const struct migrate_files *f, const char *rule)
{
    struct str path = STR("");
    size_t left_out = 0;
    VEC_EACH (w, &f->whys) {
        if (rule && !str_is(w->rule, rule))
            continue;
        if (b->n > MESSAGE_MAX) {
            left_out++;
            continue;
        }
        if (!str_eq(path, w->path))
            buf_addf(b, "\n* %.*s\n", STR_ARG(utf8_safe(b->arena, w->path, 0)));
        path = w->path;
        put_why(b, w);
    }
    return left_out;
}

struct str migrate_message(struct arena *a, const struct migrate_files *f, const char *rule)
{
    struct buf b = buf_in(a);
    struct str subject = subject_of(a, rule);
    buf_add(&b, subject);
    buf_addc(&b, '\n');
    size_t left_out = put_whys(&b, f, rule);
    if (left_out)
        buf_addf(&b, "\n  ... and %zu changes more\n", left_out);
    buf_addf(
        &b,
        "\nMade by unroot %s. `unroot explain RULE` tells more about a\nrule and how to switch "
        "it off.\n",
        ur_version());
    return buf_str(&b);
}

/* ---- a patch for git am ---- */

/* RFC 2047, so that no character of a name has a meaning. */
static void put_name(struct buf *b, struct str name)
{
    bool plain = true;
    for (size_t i = 0; i < name.n; i++) {
        char c = name.p[i];
        plain &= (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
                 c == ' ' || c == '-';
    }
    if (plain) {
        buf_add(b, name);
        return;
    }
    buf_addz(b, "=?UTF-8?q?");
    for (size_t i = 0; i < name.n; i++)
        buf_addf(b, "=%02X", (unsigned char)name.p[i]);
    buf_addz(b, "?=");
}

static struct str mail_date(struct arena *a, struct str date)
{
    char text[64] = "";
    uint64_t seconds;
    struct str zone = date, time = STR("");
    struct tm tm;
    str_split(&zone, ' ', &time);
    if (!str_to_u64(time, UINT64_C(1) << 40, &seconds) || zone.n != 5)
        return STR("Thu, 1 Jan 1970 00:00:00 +0000");
    int hours = (zone.p[1] - '0') * 10 + zone.p[2] - '0';
    int minutes = (zone.p[3] - '0') * 10 + zone.p[4] - '0';
    long offset = (hours * 60L + minutes) * 60 * (zone.p[0] == '-' ? -1 : 1);
    time_t there = (time_t)seconds + offset;
    if (!gmtime_r(&there, &tm) || !strftime(text, sizeof text, "%a, %d %b %Y %H:%M:%S", &tm))
        return STR("Thu, 1 Jan 1970 00:00:00 +0000");
    return str_fmt(a, "%s %.*s", text, STR_ARG(zone));
}

static void put_mail(struct buf *b, struct migrate_repository *m, struct str message,
                     struct str patch, size_t number, size_t of)
{
    struct migration *run = m->run;
    struct arena *a = &m->arena;
    struct str author = run->author, rest = message, subject = STR("");
    ptrdiff_t mail = str_chr(author, '<');
    str_split(&rest, '\n', &subject);
    buf_addf(b, "From %.*s Mon Sep 17 00:00:00 2001\nFrom: ", STR_ARG(m->base.id));
    put_name(b, str_trim(str_sub(author, 0, (size_t)mail)));
    buf_addf(b, " %.*s\nDate: %.*s\n", STR_ARG(str_from(author, (size_t)mail)),
             STR_ARG(mail_date(a, run->author_date.n ? run->author_date : m->base.date)));
    if (of > 1)
        buf_addf(b, "Subject: [PATCH %zu/%zu] %.*s\n", number, of, STR_ARG(subject));
    else
        buf_addf(b, "Subject: [PATCH] %.*s\n", STR_ARG(subject));
    buf_addz(b, "MIME-Version: 1.0\nContent-Type: text/plain; charset=UTF-8\n"
                "Content-Transfer-Encoding: 8bit\n");
    buf_add(b, rest);
    buf_addz(b, "---\n\n");
    buf_add(b, patch);
    buf_addf(b, "-- \nunroot %s\n\n", ur_version());
}

static bool collect(void *ctx, struct str bytes)
{
    buf_add(ctx, bytes);
    return true;
}

/* The patches of the commits behind base, oldest first: git makes them, from its objects alone. */
static const char *put_commits(struct buf *b, struct migrate_repository *m)
{
    struct arena *a = &m->arena;
    size_t n = m->made.steps.n;
    for (size_t i = 0; i < n; i++) {
        const char *commit = str_fmt(a, "%.*s~%zu", STR_ARG(m->tip), n - 1 - i).p;
        const char *before = i ? str_fmt(a, "%s~1", commit).p : m->base.id.p;
        const char *args[] = {"diff-tree",
                              "-p",
                              "--no-ext-diff",
                              "--no-textconv",
                              "--no-renames",
                              "--no-color",
                              "-U3",
                              "--full-index",
                              "--src-prefix=a/",
                              "--dst-prefix=b/",
                              before,
                              commit,
                              NULL};
        struct git_call call = {.git_dir = m->place.git_dir, .args = args, .deadline = m->deadline};
        struct buf patch = buf_in(a);
        struct git_end end = git_call(a, &call, collect, &patch);
        if (!end.ran || end.code)
            return str_fmt(a, "no patch can be made: %.*s", STR_ARG(end.message)).p;
        put_mail(b, m, m->made.steps.v[i].message, buf_str(&patch), i + 1, n);
    }
    return NULL;
}

/* The last part of the name, and what tells two with the same one apart. */
static struct str file_name(struct arena *a, struct str name)
{
    struct buf b = buf_in(a);
    struct str base = str_basename(name);
    for (size_t i = 0; i < base.n && i < 100; i++) {
        char c = base.p[i];
        bool plain = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
                     c == '-' || c == '_' || (c == '.' && i);
        buf_addc(&b, plain ? c : '_');
    }
    buf_addf(&b, "-%08x", (unsigned)(hash_of(name) >> 32 ^ hash_of(name)));
    return buf_str(&b);
}

const char *migrate_patch(struct migrate_repository *m)
{
    struct arena *a = &m->arena;
    struct buf b = buf_in(a);
    const char *dir = m->cli.options->migrate.patch_dir, *why = NULL;
    struct str name = file_name(a, str_of(m->place.name));
    m->patch_file = str_cat(a, name, STR(".patch")).p;
    if (m->made.steps.n > 1)
        why = put_commits(&b, m);
    else
        put_mail(&b, m,
                 m->made.steps.n ? m->made.steps.v[0].message : migrate_message(a, &m->made, NULL),
                 buf_str(&m->made.patch), 1, 1);
    if (!why)
        why =
            migrate_write(a, str_fmt(a, "%s/%.*s.md", dir, STR_ARG(name)).p, migrate_parts_body(m));
    return why ? why : migrate_write(a, str_fmt(a, "%s/%s", dir, m->patch_file).p, buf_str(&b));
}

/* ---- files ---- */

/* The name while it is written is always the same: the next run takes what an earlier one left. */
const char *migrate_write(struct arena *a, const char *path, struct str bytes)
{
    const char *part = str_fmt(a, "%s.part", path).p;
    int fd = open(part, O_WRONLY | O_CREAT | O_TRUNC | O_NOFOLLOW | O_CLOEXEC, 0666);
    bool ok = fd >= 0;
    while (ok && bytes.n) {
        ssize_t n = write(fd, bytes.p, bytes.n);
        if (n < 0 && errno == EINTR)
            continue;
        ok = n > 0;
        bytes = str_from(bytes, ok ? (size_t)n : 0);
    }
    if (fd >= 0 && close(fd))
        ok = false;
    if (ok && rename(part, path) == 0)
        return NULL;
    const char *why = strerror(errno);
    unlink(part);
    return str_fmt(a, "cannot write '%s': %s", cli_quote(a, path), why).p;
}
