/* JSON Lines: one object an input. Strings are repaired to valid UTF-8 first, or jansson refuses
 * them. */
#include <jansson.h>
#include <stdlib.h>

#include "base/bug.h"
#include "base/utf8.h"
#include "report/report.h"
#include "unit/port.h"

static json_t *text(struct arena *a, struct str s)
{
    s = utf8_repair(a, s);
    return json_stringn(s.p ? s.p : "", s.n);
}

static json_t *textz(struct arena *a, const char *z)
{
    return text(a, str_of(z));
}

static json_t *refs(struct arena *a, const char *list)
{
    json_t *array = json_array();
    struct str rest = str_of(list), word;
    while (str_split(&rest, ' ', &word))
        if (word.n)
            json_array_append_new(array, text(a, word));
    return array;
}

static const char *level_name(enum ur_level level)
{
    static const char *const names[] = {"note", "warning", "error"};
    return names[level];
}

static json_t *finding(struct arena *a, const struct ur_finding *f)
{
    json_t *o = json_object();
    json_object_set_new(o, "rule", textz(a, f->rule));
    json_object_set_new(o, "level", json_string(level_name(f->level)));
    json_object_set_new(o, "line", json_integer(f->line));
    json_object_set_new(o, "column", json_integer(f->column));
    json_object_set_new(o, "end_line", json_integer(f->end_line));
    json_object_set_new(o, "message", textz(a, f->message));
    if (f->assumption && *f->assumption)
        json_object_set_new(o, "assumption", textz(a, f->assumption));
    if (f->reason)
        json_object_set_new(o, "reason", textz(a, f->reason));
    json_object_set_new(o, "refs", refs(a, f->refs));
    json_object_set_new(o, "fixed", json_boolean(f->fixed));
    return o;
}

static void put_user(struct arena *a, json_t *o, const struct plan *p)
{
    if (p->user_before_known)
        json_object_set_new(o, "user_before", text(a, p->user_before));
    if (p->answer == UR_ALREADY)
        json_object_set_new(o, "user_after", text(a, p->user_before));
    else if (p->user_after.n)
        json_object_set_new(o, "user_after", text(a, p->user_after));
    if (p->user.uid)
        json_object_set_new(o, "uid", json_integer(p->user.uid));
    if (p->user.uid && p->user.gid_known)
        json_object_set_new(o, "gid", json_integer(p->user.gid));
}

static json_t *stage(struct arena *a, const struct stage *s, const struct plan *p)
{
    json_t *o = json_object();
    json_object_set_new(o, "index", json_integer(s->index));
    json_object_set_new(o, "name", text(a, s->name));
    json_object_set_new(o, "base", text(a, s->base.text));
    json_object_set_new(o, "shipped", json_boolean(p->shipped));
    if (!p->shipped)
        return o;
    put_user(a, o, p);
    json_object_set_new(o, "answer", json_string(ur_answer_name(p->answer)));
    if (p->reason)
        json_object_set_new(o, "reason", textz(a, p->reason));
    if (port_moves(p->ports) && p->answer == UR_REVIEW) {
        json_t *moves = json_array();
        VEC_EACH (m, &p->ports->moves)
            json_array_append_new(moves,
                                  json_pack("{s:i,s:i}", "from", (int)m->from, "to", (int)m->to));
        json_object_set_new(o, "ports", moves);
    }
    if (p->writable.n) {
        json_t *paths = json_array();
        VEC_EACH (w, &p->writable)
            json_array_append_new(paths, text(a, *w));
        json_object_set_new(o, "writable", paths);
    }
    return o;
}

static json_t *stages(struct arena *a, const struct unit *u)
{
    json_t *array = json_array();
    for (size_t i = 0; u && i < u->graph->stages.n; i++)
        json_array_append_new(array, stage(a, u->graph->stages.v[i], &u->plans[i]));
    return array;
}

/* ---- manifests ------------------------------------------------------------------------------ */

static json_t *container(struct arena *a, const struct manifest_container *c)
{
    static const char *const roles[] = {"container", "init", "ephemeral"};
    static const char *const verdicts[] = {"starts", "refuses", "unknown"};
    json_t *o = json_object();
    json_object_set_new(o, "name", text(a, c->in->name));
    json_object_set_new(o, "role", json_string(roles[c->in->role]));
    json_object_set_new(o, "image", text(a, c->in->image));
    if (c->user_known)
        json_object_set_new(o, "image_user", text(a, c->image_user));
    json_object_set_new(o, "kubelet", json_string(verdicts[c->kubelet.verdict]));
    if (c->kubelet.message.n)
        json_object_set_new(o, "message", text(a, c->kubelet.message));
    return o;
}

static json_t *object(struct arena *a, const struct manifest_doc *doc,
                      const struct manifest_object *m)
{
    json_t *o = json_object(), *containers = json_array();
    json_object_set_new(o, "kind", text(a, m->object->kind));
    json_object_set_new(o, "name", text(a, m->object->name));
    if (m->object->namespace.n)
        json_object_set_new(o, "namespace", text(a, m->object->namespace));
    json_object_set_new(o, "line", json_integer(m->line));
    json_object_set_new(o, "answer", json_string(ur_answer_name(m->answer)));
    if (m->reason)
        json_object_set_new(o, "reason", textz(a, m->reason));
    for (size_t i = 0; i < m->pod_count; i++)
        VEC_EACH (c, &doc->pods.v[m->first_pod + i].containers)
            json_array_append_new(containers, container(a, c));
    if (m->pod_count)
        json_object_set_new(o, "containers", containers);
    else
        json_decref(containers);
    return o;
}

static json_t *objects(struct arena *a, const struct manifest *m)
{
    json_t *array = json_array();
    VEC_EACH (doc, &m->docs)
        VEC_EACH (o, &doc->list)
            json_array_append_new(array, object(a, doc, o));
    return array;
}

static json_t *findings(struct arena *a, const struct outcome *o)
{
    json_t *array = json_array();
    for (size_t i = 0; i < o->finding_count; i++)
        json_array_append_new(array, finding(a, &o->findings[i]));
    return array;
}

static void print(const struct outcome *o, struct arena *a, struct buf *out)
{
    json_t *root = json_object();
    json_object_set_new(root, "path", text(a, o->path));
    static const char *const kinds[] = {"dockerfile", "manifest", "compose"};
    json_object_set_new(root, "kind", json_string(kinds[o->kind]));
    json_object_set_new(root, "answer", json_string(ur_answer_name(o->answer)));
    json_object_set_new(root, "changed", json_boolean(o->changed));
    if (o->unit && o->unit->context) {
        const char *prefix = o->unit->context->prefix;
        json_object_set_new(root, "context", textz(a, *prefix ? prefix : "."));
    }
    if (o->file_count) {
        json_t *names = json_array();
        for (size_t i = 0; i < o->file_count; i++)
            json_array_append_new(names, textz(a, o->files[i].name));
        json_object_set_new(root, "files", names);
    }
    if (o->reason)
        json_object_set_new(root, "reason", textz(a, o->reason));
    if (o->status != UR_OK)
        json_object_set_new(root, "error", textz(a, o->error));
    if (o->kind == OUTCOME_DOCKERFILE)
        json_object_set_new(root, "stages", stages(a, o->unit));
    else if (o->manifest)
        json_object_set_new(root, "objects", objects(a, o->manifest));
    json_object_set_new(root, "findings", findings(a, o));
    char *line = json_dumps(root, JSON_COMPACT);
    if (!line)
        BUG("a result could not be written as JSON");
    buf_addz(out, line);
    buf_addc(out, '\n');
    free(line);
    json_decref(root);
}

const struct report report_json = {
    .name = "json",
    .summary = "JSON Lines, one object an input",
    .print = print,
};
