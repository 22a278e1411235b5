/*
 * Every format about any bytes, under any path (what is in front of the first NUL): what is JSON
 * can be read, a line of GitHub's is a command, the page's data holds no markup, and the edits that
 * SARIF has, made where they say, give the bytes of the rewrite.
 */
#include <stdio.h>
#include <stdlib.h>

#include <jansson.h>

#include "base/utf8.h"
#include "engine/registry.h"
#include "engine/result.h"
#include "report/edit.h"

int LLVMFuzzerTestOneInput(const unsigned char *data, size_t size);

static void wrong(const char *what)
{
    fprintf(stderr, "%s\n", what);
    abort();
}

static void check_json(struct str text)
{
    json_error_t error;
    json_t *v = json_loadb(text.p, text.n, 0, &error);
    if (!v)
        wrong(error.text);
    json_decref(v);
}

static void check_github(struct str text)
{
    struct str line;
    while (str_split(&text, '\n', &line))
        if (line.n && !str_starts(line, STR("::error title=unroot")) &&
            !str_starts(line, STR("::warning title=unroot")) &&
            !str_starts(line, STR("::notice title=unroot")))
            wrong("github: a line that is no command");
    if (str_chr(text, '\r') >= 0)
        wrong("github: a CR");
}

static void check_html(struct str text)
{
    struct str mark = STR("class=\"data\">\n");
    struct str rest = str_from(text, (size_t)str_find(text, mark) + mark.n);
    rest = str_sub(rest, 0,
                   (size_t)str_find(rest, STR("</script>\n<script type=\"application/json\"")));
    if (str_chr(rest, '<') >= 0)
        wrong("html: markup within the data");
}

static void check_formats(struct ur_result *r)
{
    for (size_t i = 0; i < report_count; i++) {
        struct str name = str_of(report_registry[i]->name), text;
        text.p = ur_result_report(r, name.p, &text.n);
        if (str_is(name, "json") || str_is(name, "sarif") || str_is(name, "gitlab"))
            check_json(text);
        else if (str_is(name, "github"))
            check_github(text);
        else if (str_is(name, "html"))
            check_html(text);
    }
}

/* As whoever reads the log finds a place: lines end in '\n', a column is a code point, a byte order
 * mark is none. */
static size_t offset_of(struct str text, struct lines_place p)
{
    size_t at = 0, len;
    for (size_t line = 1; line < p.line; line++)
        at += (size_t)str_chr(str_from(text, at), '\n') + 1;
    if (p.line == 1 && str_starts(text, STR("\xEF\xBB\xBF")))
        at += 3;
    for (size_t column = 1; column < p.column; column++, at += len)
        utf8_at(text, at, &len);
    return at;
}

static void check_edits(const struct ur_result *r, const struct outcome *o)
{
    struct arena a = {0};
    struct buf b = buf_in(&a);
    size_t at = 0;
    if (!o->change_count)
        return;
    const struct outcome_change *own = &o->changes[0];
    struct edits all = edits_of(&a, own);
    VEC_EACH (e, &all) {
        size_t from = offset_of(own->was, e->from);
        if (from < at)
            wrong("edits overlap");
        buf_add(&b, str_sub(own->was, at, from));
        buf_add(&b, e->with);
        at = offset_of(own->was, e->to);
    }
    buf_add(&b, str_from(own->was, at));
    struct str want;
    want.p = ur_result_bytes(r, &want.n);
    if (all.n && !str_eq(want, buf_str(&b)))
        wrong("the edits do not give the rewrite");
    if (!all.n && utf8_valid(own->was) && utf8_valid(want))
        wrong("a change without edits");
    arena_release(&a);
}

int LLVMFuzzerTestOneInput(const unsigned char *data, size_t size)
{
    static struct ur_options *options;
    struct arena a = {0};
    struct str bytes = str_make((const char *)data, size);
    ptrdiff_t end = size ? str_chr(bytes, 0) : -1;
    const char *path = end > 0 ? str_z(&a, str_sub(bytes, 0, (size_t)end)) : "Dockerfile";
    if (!options) {
        options = ur_options_new();
        ur_options_set(options, "unsafe-fixes", "true");
        ur_options_seal(options);
    }
    if (end > 0)
        bytes = str_from(bytes, (size_t)end + 1);
    struct ur_result *r = ur_rewrite(options, path, bytes.p, bytes.n);
    check_formats(r);
    check_edits(r, result_outcome(r));
    ur_result_free(r);
    arena_release(&a);
    return 0;
}
