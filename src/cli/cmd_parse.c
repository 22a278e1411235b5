/*
 * parse: the instruction list as JSON, field for field what BuildKit's parser has in its nodes, so
 * that the two can be compared. Bytes that are not UTF-8 become U+FFFD, as in BuildKit's JSON.
 */
#include <jansson.h>

#include "base/buf.h"
#include "base/bug.h"
#include "base/utf8.h"
#include "cli/cli.h"
#include "dockerfile/list.h"

static json_t *text_json(struct arena *a, struct str s)
{
    struct str good = utf8_repair(a, s);
    json_t *json = json_stringn(good.n ? good.p : "", good.n);
    if (!json)
        bug_out_of_memory(good.n);
    return json;
}

static void set(json_t *object, const char *key, json_t *value)
{
    if (json_object_set_new(object, key, value))
        bug_out_of_memory(0);
}

static void append(json_t *array, json_t *value)
{
    if (json_array_append_new(array, value))
        bug_out_of_memory(0);
}

static void set_texts(struct arena *a, json_t *object, const char *key, const struct str *v,
                      size_t n)
{
    json_t *array = json_array();
    for (size_t i = 0; i < n; i++)
        append(array, text_json(a, v[i]));
    set(object, key, array);
}

static void set_flags(struct arena *a, json_t *object, const struct df_node *node)
{
    json_t *array = json_array();
    VEC_EACH (flag, &node->flags)
        append(array, text_json(a, flag->text));
    set(object, "flags", array);
}

static void set_heredocs(struct arena *a, json_t *object, const struct df_node *node)
{
    json_t *array = json_array();
    VEC_EACH (h, &node->heredocs) {
        json_t *one = json_object();
        set(one, "name", text_json(a, h->name));
        set(one, "fd", json_integer(h->fd));
        set(one, "expand", json_boolean(h->expand));
        set(one, "chomp", json_boolean(h->chomp));
        set(one, "content", text_json(a, h->content));
        append(array, one);
    }
    set(object, "heredocs", array);
}

/* `item` has what a node itself lacks; NULL for the trigger of ONBUILD. */
static json_t *node_json(struct arena *a, const struct df_node *node, const struct df_item *item)
{
    json_t *o = json_object();
    set(o, "cmd", text_json(a, str_lower(a, node->keyword)));
    set(o, "cmdRaw", text_json(a, node->keyword));
    set(o, "start", json_integer(item ? item->line : 0));
    set(o, "end", json_integer(item ? item->end_line : 0));
    if (node->flags.n)
        set_flags(a, o, node);
    set_texts(a, o, "args", node->args.v, node->args.n);
    if (node->json)
        set(o, "json", json_true());
    if (node->heredocs.n)
        set_heredocs(a, o, node);
    if (item && item->comments.n)
        set_texts(a, o, "prevComment", item->comments.v, item->comments.n);
    set(o, "original", text_json(a, node->original));
    return o;
}

/* Triggers within triggers hang below each other: a loop, so that their number does not matter. */
static json_t *instruction_json(struct arena *a, const struct df_item *item)
{
    json_t *top = node_json(a, &item->node, item), *at = top;
    for (const struct df_node *sub = item->node.sub; sub; sub = sub->sub) {
        json_t *below = node_json(a, sub, NULL);
        set(at, "sub", below);
        at = below;
    }
    return top;
}

static struct str list_json(struct arena *a, const struct df_list *list)
{
    json_t *top = json_object(), *array = json_array();
    set(top, "escape", text_json(a, str_make(&list->escape, 1)));
    for (struct df_item *item = df_first(list); item; item = df_next(item))
        append(array, instruction_json(a, item));
    set(top, "instructions", array);
    char *text = json_dumps(top, JSON_COMPACT | JSON_ENSURE_ASCII);
    if (!text)
        BUG("the instruction list does not become JSON");
    struct str line = str_fmt(a, "%s\n", text);
    free(text);
    json_decref(top);
    return line;
}

static enum exit_code run(struct cli *c)
{
    const char *path = c->options->operands.v[0];
    struct str source;
    struct df_list *list;
    struct df_error error;
    if (!cli_read(c, path, &source))
        return CODE_INPUT;
    if (df_parse(c->arena, source, &list, &error)) {
        bool print = c->options->print;
        return cli_write(c, print ? df_print(list, c->arena) : list_json(c->arena, list));
    }
    cli_raw(str_fmt(c->arena, "%s:%u:%u: %s\n", cli_quote(c->arena, path), error.line, error.column,
                    cli_quote(c->arena, error.message)));
    return CODE_INPUT;
}

const struct command command_parse = {
    .name = "parse",
    .rank = 4,
    .operands = "FILE",
    .summary = "print the instructions of a Dockerfile as JSON",
    .about = "Prints one JSON object with the instructions of FILE (- for standard input) as "
             "BuildKit's parser reads them. With --print the file itself is printed, put together "
             "from the instructions: byte for byte what was read.\n"
             "\n"
             "Exit status: 0, or 3 when FILE is not a Dockerfile.",
    .groups = GROUP_PARSE | GROUP_FILE,
    .max_operands = 1,
    .needs_operand = true,
    .run = run,
};
