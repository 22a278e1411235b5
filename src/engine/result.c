/* Results: making them, failing, and what callers ask of them. */
#include "engine/result.h"

#include <stdlib.h>

#include "base/bug.h"
#include "base/utf8.h"
#include "engine/options.h"
#include "engine/registry.h"

struct ur_result *result_new(const struct ur_options *options, const char *path, const void *bytes,
                             size_t size)
{
    struct ur_result *r = calloc(1, sizeof *r);
    if (!r)
        bug_out_of_memory(sizeof *r);
    if (!options->sealed)
        BUG("a file is given to the engine before ur_options_seal()");
    r->settings = &options->settings;
    r->outcome.path = str_dup(&r->arena, str_of(path));
    r->outcome.error = "";
    r->source = r->bytes = str_make(size ? bytes : "", size);
    r->patch = STR("");
    r->context = -1;
    return r;
}

void result_fail(struct ur_result *r, enum ur_status status, const char *reason, unsigned line,
                 unsigned column, const char *message)
{
    struct arena *a = &r->arena;
    const char *path = utf8_safe(a, r->outcome.path, 0).p;
    r->outcome.status = status;
    r->outcome.answer = UR_REFUSED;
    r->outcome.reason = reason;
    r->outcome.changed = false;
    r->bytes = r->source;
    r->patch = STR("");
    r->files.n = 0;
    if (line)
        r->outcome.error = str_fmt(a, "%s:%u:%u: %s", path, line, column, message).p;
    else
        r->outcome.error = str_fmt(a, "%s: %s", path, message).p;
}

void ur_result_free(struct ur_result *r)
{
    if (!r)
        return;
    arena_release(&r->arena);
    free(r);
}

/* ---- accessors ------------------------------------------------------------------------------ */

enum ur_status ur_result_status(const struct ur_result *r)
{
    return r->outcome.status;
}

const char *ur_result_error(const struct ur_result *r)
{
    return r->outcome.error;
}

enum ur_answer ur_result_answer(const struct ur_result *r)
{
    return r->outcome.answer;
}

const char *ur_result_reason(const struct ur_result *r)
{
    return r->outcome.reason;
}

int ur_result_changed(const struct ur_result *r)
{
    return r->outcome.changed;
}

const char *ur_result_bytes(const struct ur_result *r, size_t *size)
{
    *size = r->bytes.n;
    return r->bytes.p;
}

const char *ur_result_patch(const struct ur_result *r, size_t *size)
{
    *size = r->patch.n;
    return r->patch.p;
}

int ur_result_context(const struct ur_result *r)
{
    return r->context;
}

size_t ur_result_moved_count(const struct ur_result *r)
{
    return r->moved_count;
}

const struct ur_moved *ur_result_moved(const struct ur_result *r, size_t i)
{
    return i < r->moved_count ? &r->moved[i] : NULL;
}

size_t ur_result_file_count(const struct ur_result *r)
{
    return r->files.n;
}

const struct ur_file *ur_result_file(const struct ur_result *r, size_t i)
{
    return i < r->files.n ? &r->files.v[i] : NULL;
}

const struct ur_image *ur_result_image(const struct ur_result *r, const char *stage)
{
    return export_image(&r->images, str_of(stage));
}

size_t ur_result_finding_count(const struct ur_result *r)
{
    return r->outcome.finding_count;
}

const struct ur_finding *ur_result_finding(const struct ur_result *r, size_t i)
{
    return i < r->outcome.finding_count ? &r->outcome.findings[i] : NULL;
}

const char *ur_result_report(struct ur_result *r, const char *format, size_t *size)
{
    const struct report *report = report_find(str_of(format));
    struct buf b = buf_in(&r->arena);
    *size = 0;
    if (!report)
        return NULL;
    report->print(&r->outcome, &r->arena, &b);
    struct str text = buf_str(&b);
    *size = text.n;
    return text.p;
}

const char *ur_answer_name(enum ur_answer answer)
{
    static const char *const names[] = {"already", "safe", "review", "refused"};
    return answer <= UR_REFUSED ? names[answer] : "";
}

const char *ur_version(void)
{
    return UNROOT_VERSION;
}
