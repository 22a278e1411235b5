/*
 * Manifests, and edits of any YAML: the properties of tests/support must hold of whatever bytes are
 * taken for a manifest, with images that are known and with none; and an edit of a mapping or
 * sequence somewhere in a document is refused, or it adds just what it should.
 */
#include <stdio.h>
#include <stdlib.h>

#include "tests/support/manifests.h"
#include "yaml/yedit.h"

int LLVMFuzzerTestOneInput(const unsigned char *data, size_t size);

enum { NODES_MAX = 24 };

#define MUST(holds)                                                                                \
    do {                                                                                           \
        if (!(holds)) {                                                                            \
            fprintf(stderr, "%s:%d: does not hold: %s\n", __FILE__, __LINE__, #holds);             \
            abort();                                                                               \
        }                                                                                          \
    } while (0)

/* ---- edits ---- */

static bool is_within(struct str was, struct str now)
{
    size_t at = 0;
    for (size_t i = 0; i < now.n && at < was.n; i++)
        at += now.p[i] == was.p[at];
    return at == was.n;
}

static struct yvalue *some_value(struct arena *a)
{
    struct yvalue *map = yvalue_map(a), *list = yvalue_list(a);
    yvalue_put(map, STR("word"), yvalue_bool(a, true));
    yvalue_put(map, STR("text"), yvalue_text(a, STR("a: \"b\" # c")));
    yvalue_add(list, yvalue_text(a, STR("80")));
    yvalue_put(map, STR("list"), list);
    return map;
}

/* Changes one place; the proof is a part of yedit_end(). */
static void edit_place(struct arena *a, struct str yaml, const struct ytree *t, size_t doc,
                       struct yedit *e, struct yplace *p, bool remove)
{
    bool empty = !yplace_count(p);
    if (remove)
        yplace_remove(p);
    else if (yplace_is_map(p) && !yplace_get_any(p, "fuzz"))
        yplace_put(p, "fuzz", some_value(a));
    else if (yplace_is_list(p))
        yplace_add(p, some_value(a));
    else
        return;
    if (!yedit_end(e)) {
        MUST(e->wrong && e->wrong_line && !e->edits.n);
        return;
    }
    struct str now = patch_apply(a, yaml, e->edits.v, e->edits.n);
    struct ytree after;
    MUST(remove || empty || is_within(yaml, now));
    MUST(!remove || is_within(now, yaml) || now.n <= yaml.n + 3);
    MUST(ytree_parse(&after, a, now) && after.docs.n == t->docs.n && doc < after.docs.n);
}

static struct yplace *place_of(struct yplace *up, const struct ytree_node *n, size_t index)
{
    const struct ytree_node *key = n->key ? ytree_real(n->key) : NULL;
    if (!n->key)
        return yplace_element(up, n, index);
    if (key->kind != YTREE_SCALAR || memchr(key->text.p, 0, key->text.n))
        return NULL;
    return yplace_get_any(up, key->text.p);
}

/* Walks to the `left`th place below and edits it there. */
static bool edit_below(struct arena *a, struct str yaml, const struct ytree *t, size_t doc,
                       struct yedit *e, struct yplace *p, size_t *left, bool remove)
{
    size_t index = 0;
    if ((*left)-- == 0) {
        if (!remove || p->up)
            edit_place(a, yaml, t, doc, e, p, remove);
        return true;
    }
    YTREE_EACH (it, p->node) {
        struct yplace *child = place_of(p, it, index++);
        if (child && edit_below(a, yaml, t, doc, e, child, left, remove))
            return true;
        if (*left == (size_t)-1)
            return true;
    }
    return false;
}

static void check_edits(struct str yaml)
{
    struct arena a = {0};
    struct ytree t;
    if (ytree_parse(&t, &a, yaml))
        for (size_t doc = 0; doc < t.docs.n && doc < 3; doc++)
            for (size_t i = 0; i < NODES_MAX; i++) {
                size_t left = i / 2;
                struct yedit *e = yedit_begin(&a, yaml, &t, doc);
                if (!edit_below(&a, yaml, &t, doc, e, yedit_root(e), &left, i & 1))
                    break;
            }
    arena_release(&a);
}

/* ---- manifests ---- */

static int find(void *ctx, const char *name, struct ur_image *out)
{
    static const struct ur_image_path paths[] = {{"/var/cache/app", 0, 0}, {"/run", 0, 0}};
    static const struct ur_image_move moves[] = {{80, 8080}};
    (void)ctx;
    *out = (struct ur_image){.source = "Dockerfile",
                             .user = "1000",
                             .uid = 1000,
                             .gid = 1000,
                             .writable = paths,
                             .writable_count = 2,
                             .writable_whole = 1,
                             .moves = moves,
                             .move_count = 1};
    return name[0] != 'u'; /* so that some are unknown */
}

static struct ur_options *options_with(const char *unsafe)
{
    struct ur_options *o = ur_options_new();
    if (ur_options_set(o, "unsafe-fixes", unsafe) != UR_OK ||
        ur_options_set(o, "namespace-labels", "restricted") != UR_OK ||
        ur_options_set(o, "no-service-account-token", "true") != UR_OK ||
        ur_options_set(o, "pod-path", "Farm=spec.pools[].podSpec") != UR_OK ||
        ur_options_seal(o) != UR_OK)
        abort();
    return o;
}

int LLVMFuzzerTestOneInput(const unsigned char *data, size_t size)
{
    static struct ur_options *options[2];
    static const struct ur_images none = {0}, some = {.find = find};
    if (!options[0]) {
        options[0] = options_with("false");
        options[1] = options_with("true");
    }
    for (int unsafe = 0; unsafe < 2; unsafe++)
        for (int known = 0; known < 2; known++) {
            const char *wrong =
                manifests_check(ur_harden_manifest, options[unsafe], known ? &some : &none, unsafe,
                                (const char *)data, size);
            if (wrong) {
                fprintf(stderr, "%s, %s: %s\n", unsafe ? "unsafe" : "safe",
                        known ? "known" : "unknown", wrong);
                abort();
            }
        }
    check_edits(str_make((const char *)data, size));
    return 0;
}
