/*
 * A value is worked out when somebody asks for it. Variables that stand for each other in a circle
 * or grow with every step run into the depth and the budget, and are unknown then.
 */
#include "base/buf.h"
#include "repo/hcl.h"

enum { EVAL_DEPTH_MAX = 32 };

static struct hcl_value unknown(const struct hcl_expr *expr)
{
    return (struct hcl_value){.kind = HCL_OTHER, .text = STR(""), .line = expr ? expr->line : 0};
}

static bool spend(struct hcl_eval *e, size_t n)
{
    bool enough = e->budget > n;
    e->budget = enough ? e->budget - n : 0;
    return enough;
}

const struct hcl_expr *hcl_get(const struct hcl_expr *object, const char *key)
{
    const struct hcl_expr *found = NULL;
    if (!object || object->kind != HCL_OBJECT)
        return NULL;
    HCL_EACH (it, object)
        if (!it->key_unknown && str_is(it->key, key))
            found = it;
    return found;
}

static const struct hcl_expr *member(struct hcl_eval *e, const struct hcl_expr *object,
                                     struct str key)
{
    const struct hcl_expr *found = NULL;
    if (!spend(e, object->n))
        return NULL;
    HCL_EACH (it, object) {
        if (it->key_unknown)
            return NULL;
        if (str_eq(it->key, key))
            found = it;
    }
    return found;
}

/* ---- names ---- */

/* Without default and type a variable is empty. */
static struct hcl_value variable(struct hcl_eval *e, const struct hcl_block *block,
                                 const struct hcl_expr *at)
{
    const struct hcl_expr *set = hcl_get(block->body, "default");
    struct hcl_value v = unknown(at);
    if (set)
        v = hcl_eval(e, set, NULL);
    else if (!hcl_get(block->body, "type"))
        v.kind = HCL_TEXT;
    v.assumed = true;
    return v;
}

static struct hcl_value lookup(struct hcl_eval *e, struct str name, const struct hcl_expr *at,
                               const struct hcl_scope *scope)
{
    for (; scope; scope = scope->outer)
        if (str_eq(scope->name, name))
            return scope->value;
    if (!spend(e, e->file->blocks.n))
        return unknown(at);
    const struct hcl_expr *attribute = member(e, e->file->attributes, name);
    if (attribute)
        return hcl_eval(e, attribute, NULL);
    for (size_t i = e->file->blocks.n; i-- > 0;) {
        const struct hcl_block *block = &e->file->blocks.v[i];
        if (str_is(block->type, "variable") && str_eq(block->label, name))
            return variable(e, block, at);
    }
    return unknown(at);
}

/* "item.version": the value of the first name, then its members. */
static struct hcl_value name_value(struct hcl_eval *e, const struct hcl_expr *expr,
                                   const struct hcl_scope *scope)
{
    struct str rest = expr->text, part;
    str_split(&rest, '.', &part);
    struct hcl_value v = lookup(e, part, expr, scope);
    bool assumed = v.assumed;
    while (str_split(&rest, '.', &part)) {
        const struct hcl_expr *next =
            v.kind == HCL_OBJECT && v.expr ? member(e, v.expr, part) : NULL;
        if (!next)
            return unknown(expr);
        v = hcl_eval(e, next, v.scope);
        assumed |= v.assumed;
    }
    v.assumed = assumed;
    v.line = expr->line;
    return v;
}

/* ---- texts ---- */

static bool is_plain_number(struct str s)
{
    for (size_t i = 0; i < s.n; i++)
        if (s.p[i] < '0' || s.p[i] > '9')
            return false;
    return s.n == 1 || (s.n && s.n <= 15 && s.p[0] != '0');
}

/* A number that would be written in another way (1.50) is not known. */
static struct hcl_value text_value(const struct hcl_expr *expr)
{
    struct hcl_value v = unknown(expr);
    bool word = str_is(expr->text, "true") || str_is(expr->text, "false");
    if (expr->bare && !word && !is_plain_number(expr->text))
        return v;
    v.kind = HCL_TEXT;
    v.text = expr->text;
    return v;
}

static struct hcl_value template_value(struct hcl_eval *e, const struct hcl_expr *expr,
                                       const struct hcl_scope *scope)
{
    struct buf b = buf_in(e->arena);
    struct hcl_value all = unknown(expr);
    if (expr->n == 1) /* "${x}" is x itself, a list, too */
        return hcl_eval(e, expr->first, scope);
    HCL_EACH (part, expr) {
        struct hcl_value v = hcl_eval(e, part, scope);
        if (v.kind != HCL_TEXT || !spend(e, v.text.n))
            return unknown(expr);
        all.assumed |= v.assumed;
        buf_add(&b, v.text);
    }
    all.kind = HCL_TEXT;
    all.text = buf_str(&b);
    return all;
}

struct hcl_value hcl_eval(struct hcl_eval *e, const struct hcl_expr *expr,
                          const struct hcl_scope *scope)
{
    struct hcl_value v = unknown(expr);
    if (!expr || !spend(e, 1) || e->depth == EVAL_DEPTH_MAX)
        return v;
    e->depth++;
    switch (expr->kind) {
    case HCL_TEXT:
        v = text_value(expr);
        break;
    case HCL_TEMPLATE:
        v = template_value(e, expr, scope);
        break;
    case HCL_NAME:
        v = name_value(e, expr, scope);
        break;
    case HCL_NULL:
        v.kind = HCL_NULL;
        break;
    case HCL_LIST:
    case HCL_OBJECT:
        v.kind = expr->kind;
        v.expr = expr;
        v.scope = scope;
        break;
    case HCL_OTHER:
        break;
    }
    e->depth--;
    return v;
}
