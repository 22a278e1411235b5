/*
 * A repository's line of the report. There is no time, host or absolute path in it but what the
 * user named, so that the same repositories give the same report.
 */
#include <jansson.h>
#include <stdlib.h>

#include "base/bug.h"
#include "base/utf8.h"
#include "cli/migrate.h"

const char *migrate_status_name(enum migrate_status s)
{
    static const char *const names[] = {"hardened", "refused", "clean", "none", "empty", "error"};
    return names[s];
}

static void set(struct arena *a, json_t *o, const char *key, struct str text)
{
    struct str s = utf8_repair(a, text);
    if (s.n)
        json_object_set_new(o, key, json_stringn(s.p, s.n));
}

static const char *kind_name(enum repository_kind k)
{
    return k == REPOSITORY_WORK_TREE ? "work-tree"
           : k == REPOSITORY_BARE    ? "bare"
           : k == REPOSITORY_URL     ? "url"
                                     : "";
}

static json_t *counts(const struct migrate_files *f)
{
    json_t *o = json_object();
    json_object_set_new(o, "files", json_integer((json_int_t)(f->files + f->errors)));
    json_object_set_new(o, "changed", json_integer((json_int_t)f->changed));
    for (int i = 0; i < 4; i++)
        json_object_set_new(o, ur_answer_name((enum ur_answer)i),
                            json_integer((json_int_t)f->answers[i]));
    json_object_set_new(o, "errors", json_integer((json_int_t)f->errors));
    json_object_set_new(o, "skipped", json_integer((json_int_t)f->skipped));
    return o;
}

struct str migrate_record(struct migrate_repository *m)
{
    struct arena *a = &m->arena;
    struct buf b = buf_in(a);
    json_t *o = json_object();
    set(a, o, "repository", str_of(m->place.name));
    set(a, o, "kind", str_of(kind_name(m->place.kind)));
    set(a, o, "status", str_of(migrate_status_name(m->status)));
    set(a, o, "error", str_of(m->error));
    set(a, o, "branch", m->base.branch);
    set(a, o, "commit", m->base.id);
    if (m->tip.n && m->status == MIGRATE_HARDENED) {
        set(a, o, "to_branch", str_of(m->run->branch));
        set(a, o, "to_commit", m->tip);
    }
    set(a, o, "pushed", str_of(m->pushed));
    set(a, o, "patch_file", str_of(m->patch_file));
    set(a, o, "version", str_of(ur_version()));
    json_object_set_new(o, "counts", counts(&m->made));
    char *line = json_dumps(o, JSON_COMPACT);
    if (!line)
        BUG("a record could not be written as JSON");
    buf_add(&b, str_sub(str_of(line), 0, strlen(line) - 1));
    buf_addf(&b, ",\"skipped\":[%.*s]", STR_ARG(buf_str(&m->made.json_skipped)));
    buf_addz(&b, ",\"files\":[");
    buf_add(&b, buf_str(&m->made.json));
    buf_addz(&b, "]}");
    free(line);
    json_decref(o);
    return buf_str(&b);
}
