#include "tests/support/properties.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "dockerfile/list.h"

static const char *identity(const char *bytes, size_t size)
{
    struct arena a = {0};
    struct df_list *list;
    struct df_error error;
    const char *wrong = NULL;
    struct str source = str_make(bytes, size);
    if (df_parse(&a, source, &list, &error) && !str_eq(df_print(list, &a), source))
        wrong = "print(parse(x)) is not x";
    arena_release(&a);
    return wrong;
}

/* Does the line name a user? */
static bool is_user(struct str text, struct str *who)
{
    *who = str_trim(str_from(text, text.n < 5 ? text.n : 5));
    return str_eq_nocase(str_sub(text, 0, text.n < 5 ? text.n : 5), STR("USER "));
}

/* Lines that the patch adds: every USER among them names a number. But it is root around steps that
 * were written for root, where one with a number follows, and 0 where a stage that is not shipped
 * goes on as root: at once behind its FROM. */
static const char *users_are_numbers(const struct ur_result *r)
{
    size_t n;
    const char *p = ur_result_patch(r, &n);
    struct str rest = str_make(p, n), line, who;
    bool behind_from = false, root = false;
    while (str_split(&rest, '\n', &line)) {
        struct str text = str_trim(str_from(line, line.n > 0));
        bool added = line.n && line.p[0] == '+' && !str_starts(line, STR("+++"));
        if (!text.n || text.p[0] == '#')
            continue;
        if (added && is_user(text, &who) && !(str_is(who, "0") && behind_from)) {
            root = str_is(who, "root");
            if (!root && (!who.n || who.p[0] < '1' || who.p[0] > '9'))
                return "a USER was written that is no number";
        }
        behind_from = str_eq_nocase(str_sub(text, 0, text.n < 5 ? text.n : 5), STR("FROM "));
    }
    return root ? "USER root was written, and no other user behind it" : NULL;
}

/* A context in which the files of a result have been changed. */
struct changed {
    const struct ur_context *was;
    const struct ur_result *result;
};

static enum ur_entry changed_look(void *ctx, const char *path, unsigned *mode, size_t *size)
{
    const struct changed *c = ctx;
    enum ur_entry kind = c->was->look(c->was->ctx, path, mode, size);
    for (size_t i = 0; i < ur_result_file_count(c->result); i++)
        if (strcmp(ur_result_file(c->result, i)->path, path) == 0)
            *size = ur_result_file(c->result, i)->size;
    return kind;
}

static int changed_read(void *ctx, const char *path, size_t cap, const char **bytes, size_t *size)
{
    const struct changed *c = ctx;
    for (size_t i = 0; i < ur_result_file_count(c->result); i++) {
        const struct ur_file *f = ur_result_file(c->result, i);
        if (strcmp(f->path, path) != 0)
            continue;
        *bytes = f->bytes;
        *size = f->size;
        return 0;
    }
    return c->was->read(c->was->ctx, path, cap, bytes, size);
}

static int changed_list(void *ctx, const char *path, void (*each)(void *each_ctx, const char *name),
                        void *each_ctx)
{
    const struct changed *c = ctx;
    return c->was->list(c->was->ctx, path, each, each_ctx);
}

static const char *stable(const struct ur_options *options, const struct ur_context *context,
                          const char *path, const struct ur_result *r)
{
    size_t n, again_n;
    const char *now = ur_result_bytes(r, &n);
    struct changed changed = {context, r};
    struct ur_context after = {&changed, context ? context->prefix : "", changed_look, changed_read,
                               changed_list};
    struct ur_build build = {.contexts = &after, .context_count = context != NULL};
    struct ur_result *again = ur_rewrite_in(options, &build, path, now, n);
    const char *bytes = ur_result_bytes(again, &again_n), *wrong = NULL;
    if (ur_result_status(again) != UR_OK)
        wrong = "the rewritten file is refused";
    else if (again_n != n || memcmp(bytes, now, n) != 0)
        wrong = "a second rewrite changes the file again";
    else if (ur_result_file_count(again))
        wrong = "a second rewrite changes a file of the context again";
    ur_result_free(again);
    return wrong;
}

/* A rewrite that only unsafe-fixes may make. */
static const char *nothing_unproven(const struct ur_result *r)
{
    const char *reason = ur_result_reason(r);
    bool unproven = ur_result_answer(r) == UR_REVIEW || ur_result_answer(r) == UR_REFUSED;
    if (!unproven || !ur_result_changed(r))
        return NULL;
    size_t n;
    const char *patch = ur_result_patch(r, &n);
    if (str_has(str_make(patch, n), "\n+USER"))
        return reason ? "a USER was written although the answer is not safe"
                      : "review without a reason";
    return NULL;
}

const char *properties_check(const struct ur_options *options, int unsafe, const char *path,
                             const char *bytes, size_t size)
{
    return properties_check_in(options, NULL, unsafe, path, bytes, size);
}

const char *properties_check_in(const struct ur_options *options, const struct ur_context *context,
                                int unsafe, const char *path, const char *bytes, size_t size)
{
    const char *wrong = identity(bytes, size);
    struct ur_build build = {.contexts = context, .context_count = context != NULL};
    struct ur_result *r = ur_rewrite_in(options, &build, path, bytes, size);
    if (!wrong && ur_result_status(r) == UR_EGATE)
        wrong = strdup(ur_result_error(r));
    if (!wrong && ur_result_status(r) == UR_OK) {
        wrong = stable(options, context, path, r);
        if (!wrong)
            wrong = users_are_numbers(r);
        if (!wrong && !unsafe)
            wrong = nothing_unproven(r);
        if (!wrong && ur_result_answer(r) >= UR_REVIEW && !ur_result_reason(r))
            wrong = "review or refused without a reason";
    }
    ur_result_free(r);
    return wrong;
}
