/* Everything that was seen, and not only what differs: who reads this has questions of their own.
 */
#include <jansson.h>
#include <stdlib.h>

#include "base/bug.h"
#include "base/utf8.h"
#include "kubernetes/kubelet.h"
#include "verify/show.h"
#include "verify/table.h"

enum { LOG = 8000 }; /* bytes of what a builder said */

static json_t *text(struct arena *a, struct str s)
{
    s = utf8_repair(a, s);
    return json_stringn(s.p ? s.p : "", s.n);
}

static void put(json_t *o, const char *key, json_t *value)
{
    json_object_set_new(o, key, value);
}

static json_t *strings(struct arena *a, const struct str *v, size_t n)
{
    json_t *array = json_array();
    for (size_t i = 0; i < n; i++)
        json_array_append_new(array, text(a, v[i]));
    return array;
}

/* ---- a run ---------------------------------------------------------------------------------- */

static json_t *process(struct arena *a, const struct probe_process *p)
{
    json_t *o = json_object();
    put(o, "pid", json_integer((json_int_t)p->pid));
    put(o, "uid", json_integer((json_int_t)p->uid[1]));
    put(o, "gid", json_integer((json_int_t)p->gid[1]));
    put(o, "groups", text(a, p->groups));
    put(o, "capabilities", text(a, table_capabilities(a, p->caps)));
    put(o, "no_new_privileges", json_boolean(p->no_new_privileges));
    put(o, "name", text(a, p->name));
    return o;
}

static json_t *port(struct arena *a, const struct probe_port *p)
{
    json_t *o = json_object();
    put(o, "port", json_integer(p->number));
    put(o, "protocol", json_string(p->udp ? "udp" : "tcp"));
    put(o, "loopback", json_boolean(p->loopback));
    if (!p->asked || !p->status[0])
        return o;
    put(o, "status", json_integer(p->status[0]));
    put(o, "size", json_integer((json_int_t)p->size[0]));
    put(o, "sha256", text(a, p->sum[0]));
    return o;
}

static const char *end_name(const struct trial *t)
{
    static const char *const names[] = {"not-started", "running", "exited", "unknown"};
    return names[t->end];
}

static json_t *run(struct arena *a, const struct trial *t)
{
    json_t *o = json_object(), *processes = json_array(), *ports = json_array();
    json_t *log = json_array();
    put(o, "state", json_string(end_name(t)));
    if (t->end == TRIAL_EXITED)
        put(o, "exit_code", json_integer(t->state.exit_code));
    if (t->state.health)
        put(o, "health", json_string(image_health_name(t->state.health)));
    if (t->error.n)
        put(o, "error", text(a, t->error));
    VEC_EACH (p, &t->probe.processes)
        json_array_append_new(processes, process(a, p));
    VEC_EACH (p, &t->probe.ports)
        json_array_append_new(ports, port(a, p));
    for (size_t i = 0; i < t->smells.n; i++)
        json_array_append_new(log, text(a, t->smells.v[i].line));
    const struct probe_process *first = trial_first(t);
    if (first)
        put(o, "process_1", process(a, first));
    put(o, "processes", processes);
    put(o, "ports", ports);
    put(o, "permission_errors", log);
    return o;
}

/* ---- an image ------------------------------------------------------------------------------- */

static json_t *kubelet(struct arena *a, const struct image *image)
{
    const struct kubelet_context context = {.run_as_non_root = true};
    struct kubelet_answer k = kubelet_ask(a, &context, &image->user);
    json_t *o = json_object();
    put(o, "starts", json_boolean(k.verdict == KUBELET_STARTS));
    if (k.verdict == KUBELET_STARTS)
        return o;
    put(o, "status", json_string(KUBELET_WAITING));
    put(o, "message", text(a, k.message));
    return o;
}

static json_t *side(struct arena *a, const struct side *s)
{
    json_t *o = json_object();
    put(o, "built", json_boolean(s->built));
    if (s->image.known) {
        put(o, "user", text(a, s->image.user));
        put(o, "size", json_integer((json_int_t)s->image.size));
        put(o, "run_as_non_root", kubelet(a, &s->image));
    }
    if (s->still.whole) {
        json_t *setid = json_array();
        VEC_EACH (one, &s->still.setid)
            json_array_append_new(setid, text(a, one->path));
        put(o, "setid", setid);
        put(o, "shells", strings(a, s->still.shells.v, s->still.shells.n));
    }
    if (s->trial.done)
        put(o, "run", run(a, &s->trial));
    return o;
}

/* ---- the whole ------------------------------------------------------------------------------ */

static json_t *differences(struct arena *a, const struct differences *d)
{
    json_t *array = json_array();
    VEC_EACH (one, &d->list) {
        json_t *o = json_object();
        put(o, "what", json_string(one->what));
        put(o, "text", text(a, one->text));
        json_array_append_new(array, o);
    }
    return array;
}

static json_t *mounts(struct arena *a, const struct mounts *m)
{
    static const char *const why[] = {"always", "reported", "given", "found"};
    json_t *array = json_array();
    VEC_EACH (one, &m->list) {
        json_t *o = json_object();
        put(o, "path", text(a, one->path));
        put(o, "why", json_string(why[one->why]));
        put(o, "filled", json_boolean(one->filled));
        json_array_append_new(array, o);
    }
    return array;
}

static json_t *restricted(struct arena *a, const struct verify_report *r)
{
    static const char *const names[] = {"off", "ok", "needs", "fails"};
    json_t *o = json_object(), *missing = json_array();
    put(o, "result", json_string(names[r->restricted]));
    if (r->restricted_user)
        put(o, "user", json_string(r->restricted_user));
    put(o, "writable", mounts(a, &r->mounts));
    VEC_EACH (m, &r->mounts.list)
        if (m->why == MOUNT_FOUND)
            json_array_append_new(missing, text(a, m->path));
    put(o, "missing", missing);
    put(o, "low_ports", json_boolean(r->needs_low_ports));
    put(o, "differences", differences(a, &r->restricted_differences));
    put(o, "run", run(a, &r->restricted_trial));
    return o;
}

static json_t *report(struct arena *a, const struct verify_report *r)
{
    static const char *const verdicts[] = {"same", "differs", "no-answer", "interrupted"};
    json_t *o = json_object(), *notes = json_array();
    put(o, "path", text(a, str_of(r->plan->path)));
    put(o, "kind", json_string("verify"));
    put(o, "verdict", json_string(verdicts[r->verdict]));
    put(o, "engine", json_string(r->engine));
    if (*r->plan->target)
        put(o, "target", text(a, str_of(r->plan->target)));
    if (r->problem)
        put(o, "problem", text(a, str_of(r->problem)));
    if (r->build_log.n)
        put(o, "build_log",
            text(a, str_from(r->build_log, r->build_log.n > LOG ? r->build_log.n - LOG : 0)));
    put(o, "before", side(a, &r->before));
    put(o, "after", side(a, &r->after));
    put(o, "differences", differences(a, &r->differences));
    if (r->restricted_trial.done)
        put(o, "restricted", restricted(a, r));
    VEC_EACH (one, &r->notes)
        json_array_append_new(notes, text(a, str_of(*one)));
    put(o, "notes", notes);
    return o;
}

static void print(struct buf *out, json_t *root)
{
    char *line = json_dumps(root, JSON_COMPACT);
    if (!line)
        BUG("a report could not be written as JSON");
    buf_addf(out, "%s\n", line);
    free(line);
    json_decref(root);
}

void show_json(struct buf *out, const struct verify_report *r)
{
    print(out, report(out->arena, r));
}

void show_left_json(struct buf *out, const struct show_left *left)
{
    json_t *o = json_object();
    put(o, "path", text(out->arena, str_of(left->path)));
    put(o, "kind", json_string("verify"));
    put(o, "verdict", json_string("not-rewritten"));
    put(o, "answer", json_string(left->answer));
    if (left->reason)
        put(o, "reason", json_string(left->reason));
    print(out, o);
}
