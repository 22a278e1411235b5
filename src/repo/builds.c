/*
 * Names tell which files are worth reading, the end of the name which language one is in, and in
 * YAML the document itself which format it is. A reader makes drafts with paths as they are
 * written; they are resolved here, in one place, when a draft is done.
 */
#include "repo/builds.h"

#include "base/buf.h"
#include "base/utf8.h"
#include "repo/builds_reader.h"

enum { PATH_BYTES_MAX = 4096 };

/* ---- names ---- */

static bool is_joint(char c)
{
    return c == '.' || c == '-' || c == '_';
}

/* "compose" is a word of "docker-compose.prod", not of "decompose". */
static bool has_word(struct str name, const char *word)
{
    size_t n = strlen(word);
    for (size_t i = 0; i + n <= name.n; i++) {
        bool begins = i == 0 || is_joint(name.p[i - 1]);
        bool ends = i + n == name.n || is_joint(name.p[i + n]);
        if (begins && ends && memcmp(name.p + i, word, n) == 0)
            return true;
    }
    return false;
}

bool builds_is_name(struct str basename)
{
    ptrdiff_t dot = str_rchr(basename, '.');
    if (dot <= 0)
        return false;
    struct str stem = str_sub(basename, 0, (size_t)dot), end = str_from(basename, (size_t)dot + 1);
    if (str_is(end, "yaml") || str_is(end, "yml"))
        return has_word(stem, "compose") || has_word(stem, "skaffold");
    if (str_is(end, "hcl") || str_is(end, "json"))
        return has_word(stem, "bake");
    return false;
}

/* ---- paths ---- */

bool builds_is_remote(struct str context)
{
    static const char *const begins[] = {
        "git@", "github.com/", "target:", "docker-image:", "service:", "oci-layout:"};
    if (str_has(context, "://") || str_is(context, "-"))
        return true;
    for (size_t i = 0; i < sizeof begins / sizeof *begins; i++)
        if (str_starts(context, str_of(begins[i])))
            return true;
    /* user@host:path */
    ptrdiff_t at = str_chr(context, '@'), colon = str_chr(context, ':'),
              slash = str_chr(context, '/');
    return at >= 0 && at < colon && (slash < 0 || colon < slash);
}

static bool push_parts(struct buf *b, struct str path)
{
    struct str part;
    while (str_split(&path, '/', &part)) {
        if (!part.n || str_is(part, "."))
            continue;
        if (str_is(part, "..")) {
            ptrdiff_t slash = str_rchr(str_make(b->p, b->n), '/');
            if (!b->n)
                return false;
            b->n = slash < 0 ? 0 : (size_t)slash;
            continue;
        }
        if (b->n)
            buf_addc(b, '/');
        buf_add(b, part);
    }
    return true;
}

/* Absolute on this system or another, the home directory, or nothing one would type. */
static bool is_odd(struct str path)
{
    for (size_t i = 0; i < path.n; i++)
        if ((unsigned char)path.p[i] < 0x20 || path.p[i] == 0x7F || path.p[i] == '\\')
            return true;
    bool drive = path.n > 1 && path.p[1] == ':';
    return drive || path.n > PATH_BYTES_MAX || str_starts(path, STR("/")) ||
           str_starts(path, STR("~"));
}

bool builds_join(struct arena *a, struct str folder, struct str path, struct str *out)
{
    struct buf b = buf_in(a);
    if (is_odd(path) || !push_parts(&b, folder) || !push_parts(&b, path) || b.n > PATH_BYTES_MAX)
        return false;
    *out = buf_str(&b);
    return true;
}

/* ---- drafts ---- */

bool builds_fail(struct builds_reader *r, unsigned line, unsigned col, const char *message)
{
    if (!r->error)
        r->error = str_fmt(r->arena, "%u:%u: %s", line, col, message).p;
    return false;
}

struct build_draft builds_draft(const struct builds_reader *r, enum build_format format)
{
    struct build_text none = {.text = STR(""), .known = true};
    return (struct build_draft){
        .build = {.format = format,
                  .file = r->file,
                  .service = STR(""),
                  .profile = STR(""),
                  .dockerfile_or = {.text = STR("")},
                  .target = none,
                  .image = none,
                  .user = none,
                  .args_whole = true,
                  .named_whole = true,
                  .ports_whole = true,
                  .mounts_whole = true},
        .context = {.text = STR("."), .known = true},
        .dockerfile = {.text = STR("Dockerfile"), .known = true},
    };
}

bool builds_count(struct builds_reader *r)
{
    if (r->items == BUILDS_ITEMS_MAX)
        return builds_fail(r, 1, 1, "too many arguments, ports and volumes");
    r->items++;
    return true;
}

bool builds_room(size_t n, bool *whole)
{
    *whole &= n < BUILDS_LIST_MAX;
    return n < BUILDS_LIST_MAX;
}

void builds_set(struct builds_reader *r, build_pairs *pairs, bool *whole, struct str name,
                struct build_text value)
{
    if (!builds_count(r))
        return;
    VEC_EACH (p, pairs)
        if (str_eq(p->name, name)) {
            p->value = value;
            return;
        }
    if (builds_room(pairs->n, whole))
        *vec_push(r->arena, pairs) = (struct build_pair){name, value};
}

#define COPY_LIST(r, list)                                                                         \
    do {                                                                                           \
        (list).v = copy_bytes((r), (list).v, (list).n, (list).n * sizeof *(list).v);               \
        (list).cap = (list).n;                                                                     \
    } while (0)

static void *copy_bytes(struct builds_reader *r, const void *v, size_t n, size_t bytes)
{
    r->items += n;
    if (!n)
        return NULL;
    void *copy = arena_alloc(r->arena, bytes);
    memcpy(copy, v, bytes);
    return copy;
}

bool builds_copy(struct builds_reader *r, const struct build_draft *from, struct build_draft *to)
{
    const struct build *b = &from->build;
    size_t n = b->args.n + b->named.n + b->ports.n + b->mounts.n;
    if (r->items + n > BUILDS_ITEMS_MAX)
        return builds_fail(r, 1, 1, "too many arguments, ports and volumes");
    *to = *from;
    COPY_LIST(r, to->build.args);
    COPY_LIST(r, to->build.named);
    COPY_LIST(r, to->build.ports);
    COPY_LIST(r, to->build.mounts);
    return true;
}

static void forget(struct build_text *t)
{
    t->text = STR("");
    t->known = false;
}

static void forget_unsaid(struct build_draft *d)
{
    struct build_text *texts[] = {&d->context, &d->dockerfile, &d->build.target, &d->build.image};
    bool run = d->build.format == BUILD_COMPOSE; /* the others do not say how it is run */
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++)
        if (!texts[i]->line)
            forget(texts[i]);
    d->build.args_whole = d->build.named_whole = false;
    if (run && !d->build.user.line)
        forget(&d->build.user);
    if (run)
        d->build.ports_whole = d->build.mounts_whole = false;
}

static struct build_text resolved(struct arena *a, struct build_text folder, struct build_text path)
{
    struct build_text t = path;
    t.known = folder.known && path.known && builds_join(a, folder.text, path.text, &t.text);
    t.assumed = folder.assumed || path.assumed;
    if (!t.known)
        t.text = STR("");
    return t;
}

bool builds_add(struct builds_reader *r, const struct build_draft *draft)
{
    struct build_draft d = *draft;
    struct build_text base = {.text = r->base, .known = true};
    if (r->out->list.n == BUILDS_MAX)
        return builds_fail(r, d.build.line, 1, "too many services");
    if (d.build.partial)
        forget_unsaid(&d);
    if (builds_is_remote(d.context.text))
        forget(&d.context);
    if (d.build.dockerfile_inline || !d.dockerfile.text.n || builds_is_remote(d.dockerfile.text))
        forget(&d.dockerfile);
    d.build.context = resolved(r->arena, base, d.context);
    d.build.dockerfile = resolved(r->arena, d.build.context, d.dockerfile);
    if (str_eq(d.build.dockerfile.text, d.build.context.text))
        forget(&d.build.dockerfile); /* a folder is no file */
    if (d.build.format == BUILD_SKAFFOLD && d.build.dockerfile.known)
        d.build.dockerfile_or = resolved(r->arena, base, d.dockerfile);
    if (str_eq(d.build.dockerfile_or.text, d.build.dockerfile.text))
        forget(&d.build.dockerfile_or);
    *vec_push(r->arena, &r->out->list) = d.build;
    return true;
}

/* ---- files ---- */

static bool read_document(struct builds_reader *r, const struct ytree_node *root)
{
    struct str version = STR("");
    ytree_text(ytree_find(root, "apiVersion"), &version);
    if (str_starts(version, STR("skaffold/")))
        return builds_read_skaffold(r, root);
    return builds_read_compose(r, root);
}

static bool read_yaml(struct builds_reader *r, struct str bytes)
{
    struct ytree t;
    if (!ytree_parse(&t, r->arena, bytes))
        return builds_fail(r, t.error.line, t.error.col, t.error.message);
    if (t.repeated) {
        const struct ytree_node *key = ytree_real(t.repeated);
        struct str name = utf8_safe(r->arena, key->text, 60);
        struct str message = str_fmt(r->arena, "the key '%.*s' is given twice", STR_ARG(name));
        return builds_fail(r, t.repeated->line, t.repeated->col, message.p);
    }
    VEC_EACH (doc, &t.docs)
        if (!read_document(r, doc->root))
            return false;
    return !r->error;
}

const char *builds_read_from(struct arena *a, struct str path, struct str base, struct str bytes,
                             struct builds *out)
{
    struct builds_reader r = {.arena = a, .file = path, .base = base, .out = out};
    bool json = str_ends(path, STR(".json")), hcl = str_ends(path, STR(".hcl"));
    *out = (struct builds){0};
    if (bytes.n > BUILDS_SIZE_MAX)
        builds_fail(&r, 1, 1, "too large");
    else if (json || hcl)
        builds_read_bake(&r, bytes, json);
    else
        read_yaml(&r, bytes);
    if (r.error)
        *out = (struct builds){0};
    return r.error;
}

const char *builds_read(struct arena *a, struct str path, struct str bytes, struct builds *out)
{
    ptrdiff_t slash = str_rchr(path, '/');
    return builds_read_from(a, path, str_sub(path, 0, slash < 0 ? 0 : (size_t)slash), bytes, out);
}
