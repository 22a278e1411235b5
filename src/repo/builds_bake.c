/*
 * Bake files (buildx, bake/bake.go). A block "target" with a matrix is as many targets; blocks of
 * the same name are one target, the later ones laid over; a target inherits from others, in order,
 * and what it says itself comes last.
 */
#include "base/buf.h"
#include "repo/builds_reader.h"
#include "repo/hcl.h"

enum { BUDGET = 16 << 20, MATRIX_MAX = 256, INHERITS_MAX = 64 };

static const char *const block_types[] = {"target", "group", "variable", "function", NULL};

enum progress { TO_DO, BUSY, DONE };

/* A block, or one point of its matrix. */
struct piece {
    const struct hcl_expr *body;
    const struct hcl_scope *scope;
    struct piece *next; /* of the same target */
};

enum said { UNSAID, YES, NO };

/* What a target says, itself and by what it inherits. */
struct layer {
    struct build_draft draft;
    enum said image; /* its result is an image */
    enum said built; /* it is built, not only looked at */
};

struct target {
    struct str name;
    unsigned line;
    struct piece *first, *last;
    bool unnamed; /* its name can't be told: nothing inherits it, no other block is the same */
    bool inherited, grouped;
    enum progress progress;
    struct layer layer;
};

struct bake {
    struct builds_reader *r;
    struct hcl_file file;
    struct hcl_eval eval;
    VEC(struct target) targets;
    bool groups_unknown; /* a group may name anything */
};

/* ---- values ---- */

static struct hcl_value value_of(struct bake *b, const struct hcl_expr *e,
                                 const struct hcl_scope *scope)
{
    return hcl_eval(&b->eval, e, scope);
}

static struct build_text text_of(struct hcl_value v)
{
    bool known = v.kind == HCL_TEXT;
    return (struct build_text){
        .text = known ? v.text : STR(""), .line = v.line, .known = known, .assumed = v.assumed};
}

static void set_text(struct bake *b, const struct piece *p, const char *key, struct build_text *out)
{
    const struct hcl_expr *e = hcl_get(p->body, key);
    struct hcl_value v = value_of(b, e, p->scope);
    if (e && v.kind != HCL_NULL)
        *out = text_of(v);
}

/* null leaves what was there. */
static void set_pairs(struct bake *b, const struct piece *p, const char *key, build_pairs *pairs,
                      bool *whole)
{
    const struct hcl_expr *e = hcl_get(p->body, key);
    struct hcl_value all = value_of(b, e, p->scope);
    if (!e || all.kind == HCL_NULL)
        return;
    if (all.kind != HCL_OBJECT) {
        *whole = false;
        return;
    }
    HCL_EACH (it, all.expr) {
        struct hcl_value v = value_of(b, it, all.scope);
        v.assumed |= all.assumed;
        if (it->key_unknown)
            *whole = false;
        else if (v.kind != HCL_NULL)
            builds_set(b->r, pairs, whole, it->key, text_of(v));
    }
}

/* ---- what is no image ---- */

/* "type=local,dest=out", {type = "local"}, "out" */
static bool is_no_image(struct bake *b, struct hcl_value v)
{
    struct str type = STR(""), rest = v.text, part;
    if (v.kind == HCL_OBJECT) {
        type = value_of(b, hcl_get(v.expr, "type"), v.scope).text;
    } else if (v.kind == HCL_TEXT) {
        if (str_chr(rest, '=') < 0 && str_chr(rest, ',') < 0)
            return rest.n > 0;
        while (str_split(&rest, ',', &part))
            if (str_starts(part, STR("type=")))
                type = str_from(part, 5);
    }
    return str_is(type, "local") || str_is(type, "tar") || str_is(type, "cacheonly");
}

static void read_output(struct bake *b, const struct piece *p, struct layer *layer)
{
    const struct hcl_expr *e = hcl_get(p->body, "output");
    struct hcl_value all = value_of(b, e, p->scope);
    if (!e || all.kind == HCL_NULL)
        return;
    bool none = all.kind == HCL_LIST && all.expr->n;
    if (all.kind == HCL_LIST)
        HCL_EACH (it, all.expr)
            none = none && is_no_image(b, value_of(b, it, all.scope));
    layer->image = none ? NO : YES;
}

/* ---- one target ---- */

static void read_image(struct bake *b, const struct piece *p, struct build_text *image)
{
    const struct hcl_expr *e = hcl_get(p->body, "tags");
    struct hcl_value all = value_of(b, e, p->scope);
    if (!e || all.kind == HCL_NULL)
        return;
    struct hcl_value first = {.kind = HCL_OTHER, .text = STR(""), .line = e->line};
    if (all.kind == HCL_LIST && all.expr->n)
        first = value_of(b, all.expr->first, all.scope);
    else if (all.kind == HCL_LIST)
        first.kind = HCL_TEXT;
    *image = text_of(first);
}

static void read_piece(struct bake *b, const struct piece *p, struct layer *layer)
{
    struct build_draft *d = &layer->draft;
    struct build_text call = {.text = STR("")};
    const struct hcl_expr *inl = hcl_get(p->body, "dockerfile-inline");
    set_text(b, p, "context", &d->context);
    set_text(b, p, "dockerfile", &d->dockerfile);
    set_text(b, p, "target", &d->build.target);
    set_pairs(b, p, "args", &d->build.args, &d->build.args_whole);
    set_pairs(b, p, "contexts", &d->build.named, &d->build.named_whole);
    read_image(b, p, &d->build.image);
    read_output(b, p, layer);
    set_text(b, p, "call", &call);
    if (call.line)
        layer->built = call.known && call.text.n && !str_is(call.text, "build") ? NO : YES;
    if (inl && inl->kind != HCL_NULL)
        d->build.dockerfile_inline = true;
    if (!p->body)
        d->build.partial = true;
}

static struct target *target_named(struct bake *b, struct str name)
{
    VEC_EACH (t, &b->targets)
        if (!t->unnamed && str_eq(t->name, name))
            return t;
    return NULL;
}

static void overlay_texts(struct build_draft *to, const struct build_draft *from)
{
    const struct build_text *v[] = {&from->context, &from->dockerfile, &from->build.target,
                                    &from->build.image};
    struct build_text *w[] = {&to->context, &to->dockerfile, &to->build.target, &to->build.image};
    for (size_t i = 0; i < sizeof v / sizeof *v; i++)
        if (v[i]->line || from->build.partial)
            *w[i] = *v[i];
}

static void overlay(struct bake *b, struct layer *onto, const struct layer *layer)
{
    const struct build_draft *from = &layer->draft;
    struct build *t = &onto->draft.build;
    overlay_texts(&onto->draft, from);
    VEC_EACH (p, &from->build.args)
        builds_set(b->r, &t->args, &t->args_whole, p->name, p->value);
    VEC_EACH (p, &from->build.named)
        builds_set(b->r, &t->named, &t->named_whole, p->name, p->value);
    t->args_whole &= from->build.args_whole;
    t->named_whole &= from->build.named_whole;
    t->dockerfile_inline |= from->build.dockerfile_inline;
    t->partial |= from->build.partial;
    onto->image = layer->image ? layer->image : onto->image;
    onto->built = layer->built ? layer->built : onto->built;
}

/* ---- inheritance ---- */

static void resolve(struct bake *b, struct target *t, unsigned depth);

static void inherit(struct bake *b, struct target *t, struct hcl_value name, unsigned depth)
{
    struct target *base = name.kind == HCL_TEXT ? target_named(b, name.text) : NULL;
    if (!builds_count(b->r))
        return;
    if (base)
        base->inherited = true;
    if (base && base->progress == TO_DO && depth < INHERITS_MAX)
        resolve(b, base, depth + 1);
    if (base && base->progress == DONE)
        overlay(b, &t->layer, &base->layer);
    else
        t->layer.draft.build.partial = true;
}

static void inherit_all(struct bake *b, struct target *t, const struct piece *p, unsigned depth)
{
    const struct hcl_expr *e = hcl_get(p->body, "inherits");
    struct hcl_value names = value_of(b, e, p->scope);
    if (!e || names.kind == HCL_NULL)
        return;
    t->layer.draft.build.partial |= names.kind != HCL_LIST;
    if (names.kind == HCL_LIST)
        HCL_EACH (it, names.expr)
            inherit(b, t, value_of(b, it, names.scope), depth);
}

static void resolve(struct bake *b, struct target *t, unsigned depth)
{
    t->progress = BUSY;
    t->layer.draft = builds_draft(b->r, BUILD_BAKE);
    for (const struct piece *p = t->first; p; p = p->next)
        inherit_all(b, t, p, depth);
    for (const struct piece *p = t->first; p; p = p->next)
        read_piece(b, p, &t->layer);
    t->progress = DONE;
}

/* ---- blocks and matrices ---- */

static bool add_piece(struct bake *b, const struct hcl_block *block, struct str name, bool unnamed,
                      const struct hcl_expr *body, const struct hcl_scope *scope)
{
    struct target *t = unnamed ? NULL : target_named(b, name);
    struct piece *p = arena_new(b->r->arena, struct piece);
    *p = (struct piece){.body = body, .scope = scope};
    if (!builds_count(b->r))
        return false;
    if (!t) {
        if (b->targets.n == BUILDS_MAX)
            return builds_fail(b->r, block->line, 1, "too many targets");
        t = vec_push(b->r->arena, &b->targets);
        *t = (struct target){.name = name, .line = block->line, .unnamed = unnamed};
    }
    *(t->last ? &t->last->next : &t->first) = p;
    t->last = p;
    return true;
}

/* The number of points; 0 when that can't be told. An empty list makes no targets: *none. */
static size_t matrix_points(struct bake *b, struct hcl_value matrix, bool *none)
{
    size_t points = 1;
    if (matrix.kind != HCL_OBJECT)
        return 0;
    HCL_EACH (it, matrix.expr) {
        struct hcl_value list = value_of(b, it, matrix.scope);
        if (it->key_unknown || list.kind != HCL_LIST || list.expr->n > MATRIX_MAX)
            return 0;
        *none |= !list.expr->n;
        points *= list.expr->n ? list.expr->n : 1;
        if (points > MATRIX_MAX)
            return 0;
    }
    return points;
}

/* The names of the matrix as they are at one of its points. */
static const struct hcl_scope *matrix_scope(struct bake *b, struct hcl_value matrix, size_t point)
{
    const struct hcl_scope *scope = NULL;
    HCL_EACH (it, matrix.expr) {
        struct hcl_value list = value_of(b, it, matrix.scope);
        if (list.kind != HCL_LIST || !list.expr->n)
            return NULL;
        const struct hcl_expr *element = list.expr->first;
        for (size_t i = point % list.expr->n; i > 0; i--)
            element = element->next;
        point /= list.expr->n;
        struct hcl_scope *inner = arena_new(b->r->arena, struct hcl_scope);
        inner->outer = scope;
        inner->name = it->key;
        inner->value = value_of(b, element, list.scope);
        inner->value.assumed |= list.assumed || matrix.assumed;
        scope = inner;
    }
    return scope;
}

static bool add_target(struct bake *b, const struct hcl_block *block)
{
    const struct hcl_expr *e = hcl_get(block->body, "matrix"), *name = hcl_get(block->body, "name");
    struct hcl_value matrix = value_of(b, e, NULL);
    bool none = false;
    if (!e || matrix.kind == HCL_NULL)
        return add_piece(b, block, block->label, false, block->body, NULL);
    size_t points = matrix_points(b, matrix, &none);
    if (none)
        return true;
    if (!points) /* then no name in the block is what it seems */
        return add_piece(b, block, block->label, true, NULL, NULL);
    for (size_t i = 0; i < points; i++) {
        const struct hcl_scope *scope = matrix_scope(b, matrix, i);
        struct hcl_value v = value_of(b, name, scope);
        bool named = name && v.kind == HCL_TEXT;
        if (!add_piece(b, block, named ? v.text : block->label, !named, block->body, scope))
            return false;
    }
    return true;
}

static bool is_pattern(struct str s)
{
    return str_chr(s, '*') >= 0 || str_chr(s, '?') >= 0 || str_chr(s, '[') >= 0;
}

static void read_group(struct bake *b, const struct hcl_block *block)
{
    const struct hcl_expr *e = hcl_get(block->body, "targets");
    struct hcl_value all = value_of(b, e, NULL);
    b->groups_unknown |= e && all.kind != HCL_LIST && all.kind != HCL_NULL;
    if (!e || all.kind != HCL_LIST)
        return;
    HCL_EACH (it, all.expr) {
        struct hcl_value v = value_of(b, it, all.scope);
        if (v.kind != HCL_TEXT || is_pattern(v.text))
            b->groups_unknown = true;
        struct target *t = builds_count(b->r) ? target_named(b, v.text) : NULL;
        if (t)
            t->grouped = true;
    }
}

/* ---- files ---- */

static bool add_build(struct bake *b, const struct target *t)
{
    struct build_draft d = t->layer.draft;
    d.build.service = t->name;
    d.build.line = t->line;
    d.build.no_image = t->layer.image == NO || t->layer.built == NO;
    d.build.inherited =
        t->inherited && !t->grouped && !b->groups_unknown && !str_is(t->name, "default");
    if (d.context.known && !d.context.text.n)
        d.context.text = STR(".");
    /* The folder that Bake is called in, which only at the root is surely the one we take. */
    if (str_starts(d.context.text, STR("cwd://")) && !b->r->base.n)
        d.context.text = str_from(d.context.text, 6);
    return builds_add(b->r, &d);
}

static bool read_blocks(struct bake *b)
{
    VEC_EACH (block, &b->file.blocks)
        if (str_is(block->type, "target") && !add_target(b, block))
            return false;
    VEC_EACH (block, &b->file.blocks)
        if (str_is(block->type, "group"))
            read_group(b, block);
    VEC_EACH (t, &b->targets)
        if (t->progress == TO_DO && !b->r->error)
            resolve(b, t, 0);
    VEC_EACH (t, &b->targets)
        if (b->r->error || !add_build(b, t))
            return false;
    return true;
}

bool builds_read_bake(struct builds_reader *r, struct str bytes, bool json)
{
    struct bake *b = arena_new(r->arena, struct bake);
    b->r = r;
    bool ok = json ? hcl_read_json(r->arena, bytes, block_types, &b->file)
                   : hcl_read(r->arena, bytes, &b->file);
    if (!ok)
        return builds_fail(r, b->file.line, b->file.col, b->file.message);
    b->eval = (struct hcl_eval){.arena = r->arena, .file = &b->file, .budget = BUDGET};
    return read_blocks(b);
}
