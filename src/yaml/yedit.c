/*
 * Places are made when they are asked for and found again by a hash of parent and key, so that a
 * place is one thing however often it is looked at. Changes are kept at their places until
 * yedit_end(), which leaves the text to yedit_text.c and the proof to yedit_proof.c.
 */
#include "yaml/yedit.h"

#include "base/buf.h"
#include "base/bug.h"
#include "yaml/yedit_internal.h"
#include "yaml/yscalar.h"

enum { HASH_MIN = 64, WORK_MIN = 1 << 17, WORK_PER_BYTE = 128 };

struct yedit *yedit_begin(struct arena *a, struct str source, const struct ytree *tree, size_t doc)
{
    struct yedit *e = arena_new(a, struct yedit);
    *e = (struct yedit){.arena = a, .source = source, .tree = tree, .doc = doc};
    e->hash_size = HASH_MIN;
    e->hash = arena_alloc(a, e->hash_size * sizeof *e->hash);
    e->root = arena_new(a, struct yplace);
    e->root->edit = e;
    e->root->written = tree->docs.v[doc].root;
    e->root->node = ytree_real(e->root->written);
    e->root->shared = e->root->node->anchor.n > 0;
    return e;
}

struct yplace *yedit_root(struct yedit *e)
{
    return e->root;
}

bool yedit_is_empty(const struct yedit *e)
{
    return !e->changed;
}

bool yedit_is_exhausted(const struct yedit *e)
{
    const struct ytree_doc *doc = &e->tree->docs.v[e->doc];
    return e->places == YEDIT_PLACES_MAX ||
           e->work > WORK_MIN + (uint64_t)(doc->span.to - doc->span.from) * WORK_PER_BYTE;
}

/* ---- places --------------------------------------------------------------------------------- */

static size_t hash_of(const struct yplace *up, struct str key, size_t index)
{
    size_t h = ((size_t)up >> 4) * 31 + index;
    for (size_t i = 0; i < key.n; i++)
        h = (h ^ (unsigned char)key.p[i]) * 16777619u;
    return h ^ h >> 15;
}

static void grow(struct yedit *e)
{
    size_t size = e->hash_size * 4;
    struct yplace **table = arena_alloc(e->arena, size * sizeof *table);
    for (size_t i = 0; i < e->hash_size; i++)
        for (struct yplace *p = e->hash[i], *next; p; p = next) {
            next = p->next;
            size_t at = hash_of(p->up, p->key, p->index) % size;
            p->next = table[at];
            table[at] = p;
        }
    e->hash = table;
    e->hash_size = size;
}

struct yplace *yedit_known(const struct yplace *up, struct str key, size_t index)
{
    const struct yedit *e = up->edit;
    for (struct yplace *p = e->hash[hash_of(up, key, index) % e->hash_size]; p; p = p->next)
        if (p->up == up && p->index == index && str_eq(p->key, key))
            return p;
    return NULL;
}

/* NULL when there are too many. */
static struct yplace *add_place(struct yplace *up, struct str key, size_t index)
{
    struct yedit *e = up->edit;
    if (e->places == YEDIT_PLACES_MAX)
        return NULL;
    if (++e->places > e->hash_size)
        grow(e);
    struct yplace *p = arena_new(e->arena, struct yplace);
    size_t at = hash_of(up, key, index) % e->hash_size;
    *p = (struct yplace){.edit = e, .up = up, .key = key, .index = index, .next = e->hash[at]};
    e->hash[at] = p;
    return p;
}

static struct yplace *add_fresh(struct yplace *up, struct str key, struct yvalue *fresh)
{
    struct yplace *p = add_place(up, key, 0);
    if (p)
        p->fresh = fresh;
    return p;
}

/* Is the value one of the mapping's own, and not merged into it? */
static bool is_own(const struct ytree_node *map, const struct ytree_node *written)
{
    return written && written->parent == map;
}

static struct yplace *add_written(struct yplace *up, struct str key, size_t index,
                                  const struct ytree_node *written)
{
    struct yplace *p = add_place(up, key, index);
    if (!p)
        return NULL;
    p->written = written;
    p->node = ytree_real(written);
    p->in_list = up->node->kind == YTREE_SEQUENCE;
    p->shared = up->shared || written->kind == YTREE_ALIAS || p->node->anchor.n ||
                !is_own(up->node, written);
    return p;
}

/* What stands at the key: its own value as it is written, else a merged one. */
static const struct ytree_node *find(const struct ytree_node *map, const char *key)
{
    const struct ytree_node *own = ytree_get(map, key);
    return own ? own : ytree_find(map, key);
}

static struct yvalue *put_at(const struct yplace *p, const char *key)
{
    if (p->fresh)
        return yvalue_get(p->fresh, key);
    VEC_EACH (v, &p->puts)
        if (str_is((*v)->key, key))
            return *v;
    return NULL;
}

/* Also one that is null or removed. */
static struct yplace *lookup(struct yplace *p, const char *key)
{
    if (!p)
        return NULL;
    struct yplace *known = yedit_known(p, str_of(key), 0);
    if (known)
        return known;
    struct yvalue *fresh = put_at(p, key);
    if (fresh)
        return add_fresh(p, fresh->key, fresh);
    if (p->fresh || !p->node || p->node->kind != YTREE_MAPPING || yedit_is_exhausted(p->edit))
        return NULL;
    p->edit->work += p->node->n + 1;
    const struct ytree_node *written = find(p->node, key);
    return written ? add_written(p, str_dup(p->edit->arena, str_of(key)), 0, written) : NULL;
}

static bool is_null(const struct yplace *p)
{
    return !p->fresh && ytree_is_null(p->node);
}

struct yplace *yplace_get_any(struct yplace *p, const char *key)
{
    struct yplace *found = lookup(p, key);
    bool gone = found && (found->change == YPLACE_REMOVED || found->change == YPLACE_BECOME);
    return gone ? NULL : found;
}

struct yplace *yplace_get(struct yplace *p, const char *key)
{
    struct yplace *found = yplace_get_any(p, key);
    return found && !is_null(found) ? found : NULL;
}

struct yplace *yplace_element(struct yplace *p, const struct ytree_node *element, size_t index)
{
    if (!p || !element)
        return NULL;
    struct yplace *known = yedit_known(p, STR(""), index);
    return known ? known : add_written(p, STR(""), index, element);
}

struct yplace_walk yplace_walk(struct yplace *list)
{
    struct yplace_walk w = {list, NULL, 0};
    if (yplace_is_list(list) && list->node)
        w.node = list->node->first;
    return w;
}

struct yplace *yplace_next(struct yplace_walk *w)
{
    struct yplace *p;
    do {
        if (!w->node)
            return NULL;
        p = yplace_element(w->list, w->node, w->index++);
        w->node = w->node->next;
    } while (p && p->change == YPLACE_REMOVED);
    return p;
}

/* ---- what is there -------------------------------------------------------------------------- */

bool yplace_is_map(const struct yplace *p)
{
    if (!p)
        return false;
    return p->fresh ? p->fresh->kind == YVALUE_MAP : p->node->kind == YTREE_MAPPING;
}

bool yplace_is_list(const struct yplace *p)
{
    if (!p)
        return false;
    return p->fresh ? p->fresh->kind == YVALUE_LIST : p->node->kind == YTREE_SEQUENCE;
}

bool yplace_string(const struct yplace *p, struct str *value)
{
    if (!p)
        return false;
    if (!p->fresh)
        return yscalar_string(p->node, value);
    *value = p->fresh->text;
    return p->fresh->kind == YVALUE_TEXT;
}

/* A fresh word as a node, so that it is read by the same rules. */
static struct ytree_node word_node(const struct yplace *p)
{
    return (struct ytree_node){.kind = p->fresh->kind == YVALUE_WORD ? YTREE_SCALAR : YTREE_MAPPING,
                               .text = p->fresh->text};
}

bool yplace_bool(const struct yplace *p, bool *value)
{
    if (!p)
        return false;
    if (!p->fresh)
        return yscalar_bool(p->node, value);
    struct ytree_node n = word_node(p);
    return yscalar_bool(&n, value);
}

bool yplace_int(const struct yplace *p, int64_t *value)
{
    if (!p)
        return false;
    if (!p->fresh)
        return yscalar_int(p->node, value);
    struct ytree_node n = word_node(p);
    return yscalar_int(&n, value);
}

size_t yplace_count(const struct yplace *p)
{
    return p && p->node && p->node->kind != YTREE_SCALAR ? p->node->n : 0;
}

/* ---- where it is ---------------------------------------------------------------------------- */

static bool is_simple(struct str key)
{
    for (size_t i = 0; i < key.n; i++) {
        char c = key.p[i];
        if (!((c | 32) >= 'a' && (c | 32) <= 'z') && !(c >= '0' && c <= '9') && c != '_' &&
            c != '-')
            return false;
    }
    return key.n > 0;
}

static void add_path(struct buf *b, const struct yplace *p)
{
    if (!p->up)
        return;
    add_path(b, p->up);
    if (p->in_list)
        buf_addf(b, "[%zu]", p->index);
    else if (is_simple(p->key))
        buf_addf(b, "%s%.*s", b->n ? "." : "", STR_ARG(p->key));
    else
        buf_addf(b, "[\"%.*s\"]", STR_ARG(p->key));
}

struct str yplace_path(struct arena *a, const struct yplace *p)
{
    struct buf b = buf_in(a);
    add_path(&b, p);
    return buf_str(&b);
}

static const struct ytree_node *nearest(const struct yplace *p)
{
    while (!p->written)
        p = p->up;
    return p->written->key && p->up ? p->written->key : p->written;
}

unsigned yplace_line(const struct yplace *p)
{
    return nearest(p)->line;
}

unsigned yplace_column(const struct yplace *p)
{
    return nearest(p)->col;
}

/* ---- changes -------------------------------------------------------------------------------- */

static void note_change(struct yplace *p)
{
    struct yedit *e = p->edit;
    if (p->changed)
        return;
    p->changed = true;
    *(e->last_changed ? &e->last_changed->next_changed : &e->changed) = p;
    e->last_changed = p;
}

static void change(struct yplace *p, enum yplace_change change, struct yvalue *value)
{
    if (!p->written || p->change != YPLACE_KEPT || p->puts.n)
        BUG("a place is changed twice: %.*s", STR_ARG(yplace_path(p->edit->arena, p)));
    p->change = change;
    p->fresh = value;
    note_change(p);
}

void yplace_set(struct yplace *p, struct yvalue *value)
{
    change(p, YPLACE_SET, value);
}

void yplace_become(struct yplace *p, const char *key, struct yvalue *value)
{
    p->new_key = str_dup(p->edit->arena, str_of(key));
    change(p, YPLACE_BECOME, value);
}

void yplace_remove(struct yplace *p)
{
    change(p, YPLACE_REMOVED, NULL);
}

void yplace_put(struct yplace *p, const char *key, struct yvalue *value)
{
    struct yplace *there = yplace_get_any(p, key);
    if (there && !is_null(there))
        BUG("'%s' is there already: %.*s", key, STR_ARG(yplace_path(p->edit->arena, p)));
    if (there) {
        yplace_set(there, value);
        return;
    }
    value->key = str_dup(p->edit->arena, str_of(key));
    if (p->fresh) {
        yvalue_add(p->fresh, value);
        return;
    }
    *vec_push(p->edit->arena, &p->puts) = value;
    note_change(p);
}

void yplace_add(struct yplace *p, struct yvalue *value)
{
    if (p->fresh) {
        yvalue_add(p->fresh, value);
        return;
    }
    *vec_push(p->edit->arena, &p->puts) = value;
    note_change(p);
}

static struct yplace *collection(struct yplace *p, const char *key, enum yvalue_kind kind)
{
    struct yplace *there = yplace_get_any(p, key);
    if (there && !is_null(there))
        return (kind == YVALUE_MAP ? yplace_is_map(there) : yplace_is_list(there)) ? there : NULL;
    if (!p)
        return NULL;
    struct yvalue *v =
        kind == YVALUE_MAP ? yvalue_map(p->edit->arena) : yvalue_list(p->edit->arena);
    v->lazy = true;
    yplace_put(p, key, v);
    return yplace_get_any(p, key);
}

struct yplace *yplace_map(struct yplace *p, const char *key)
{
    return collection(p, key, YVALUE_MAP);
}

struct yplace *yplace_list(struct yplace *p, const char *key)
{
    return collection(p, key, YVALUE_LIST);
}

/* ---- the end -------------------------------------------------------------------------------- */

bool yedit_refuse(struct yedit *e, unsigned line, const char *why)
{
    if (!e->wrong) {
        e->wrong = why;
        e->wrong_line = line;
    }
    e->edits.n = 0;
    return false;
}

bool yedit_refuse_shared(struct yedit *e, unsigned line, const char *why)
{
    e->wrong_shared |= !e->wrong;
    return yedit_refuse(e, line, why);
}

/* Collections that nothing was put into are not wanted. */
static void drop_lazy(struct yvalue *v)
{
    struct yvalue **to = &v->first;
    v->last = NULL;
    for (struct yvalue *it = v->first, *next; it; it = next) {
        next = it->next;
        drop_lazy(it);
        if (it->lazy && !it->first)
            continue;
        *to = v->last = it;
        to = &it->next;
    }
    *to = NULL;
}

static void drop_lazy_puts(struct yplace *p)
{
    size_t n = 0;
    for (size_t i = 0; i < p->puts.n; i++) {
        drop_lazy(p->puts.v[i]);
        if (!p->puts.v[i]->lazy || p->puts.v[i]->first)
            p->puts.v[n++] = p->puts.v[i];
    }
    p->puts.n = n;
}

static void drop_unwanted(struct yedit *e)
{
    for (struct yplace *p = e->changed; p; p = p->next_changed) {
        drop_lazy_puts(p);
        if (p->fresh)
            drop_lazy(p->fresh);
        if (p->change == YPLACE_SET && p->fresh->lazy && !p->fresh->first) {
            p->change = YPLACE_KEPT;
            p->fresh = NULL;
        }
    }
}

bool yedit_end(struct yedit *e)
{
    if (yedit_is_exhausted(e))
        return yedit_refuse(e, e->root->written->line, "aliases multiply what is in it too often");
    drop_unwanted(e);
    return yedit_write(e) && yedit_prove(e);
}
