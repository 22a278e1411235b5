/* What was not seen is called so: an empty cell means that the question makes no sense there. */
#include "verify/table.h"

#include <inttypes.h>

#include "base/buf.h"
#include "kubernetes/kubelet.h"

/* By number, as in the kernel's capability.h. */
static const char *const capabilities[] = {
    "chown",
    "dac_override",
    "dac_read_search",
    "fowner",
    "fsetid",
    "kill",
    "setgid",
    "setuid",
    "setpcap",
    "linux_immutable",
    "net_bind",
    "net_broadcast",
    "net_admin",
    "net_raw",
    "ipc_lock",
    "ipc_owner",
    "sys_module",
    "sys_rawio",
    "sys_chroot",
    "sys_ptrace",
    "sys_pacct",
    "sys_admin",
    "sys_boot",
    "sys_nice",
    "sys_resource",
    "sys_time",
    "sys_tty_config",
    "mknod",
    "lease",
    "audit_write",
    "audit_control",
    "setfcap",
    "mac_override",
    "mac_admin",
    "syslog",
    "wake_alarm",
    "block_suspend",
    "audit_read",
    "perfmon",
    "bpf",
    "checkpoint_restore",
};

enum { CAPABILITIES = sizeof capabilities / sizeof *capabilities };

struct str table_capabilities(struct arena *a, uint64_t set)
{
    struct buf b = buf_in(a);
    for (unsigned i = 0; i < CAPABILITIES; i++)
        if (set >> i & 1)
            buf_addf(&b, "%s%s", b.n ? " " : "", capabilities[i]);
    return b.n ? buf_str(&b) : STR("none");
}

static unsigned count_bits(uint64_t set)
{
    unsigned n = 0;
    for (; set; set &= set - 1)
        n++;
    return n;
}

/* ---- cells of an image ---------------------------------------------------------------------- */

struct str table_kubelet(struct arena *a, const struct image *image, bool whole)
{
    const struct kubelet_context context = {.run_as_non_root = true};
    if (!image->known)
        return STR("not known");
    struct kubelet_answer k = kubelet_ask(a, &context, &image->user);
    if (k.verdict == KUBELET_STARTS)
        return STR("accepted");
    if (whole)
        return k.message;
    return k.reason == KUBELET_IMAGE_IS_ROOT   ? STR("refused: image will run as root")
           : k.reason == KUBELET_IMAGE_IS_NAME ? STR("refused: image has non-numeric user")
                                               : STR("refused: image has an invalid user id");
}

static struct str user_cell(struct arena *a, const struct image *image)
{
    if (!image->known)
        return STR("not known");
    return image->user.n ? str_fmt(a, "%.*s", STR_ARG(image->user)) : STR("(none: root)");
}

static struct str size_cell(struct arena *a, const struct image *image)
{
    if (!image->known)
        return STR("not known");
    return str_fmt(a, "%.1f MB", (double)image->size / 1e6);
}

static struct str setid_cell(struct arena *a, const struct probe *still)
{
    return still->whole ? str_fmt(a, "%zu", still->setid.n) : STR("not known");
}

static struct str shell_cell(const struct probe *still)
{
    if (!still->whole)
        return STR("not known");
    return still->shells.n ? still->shells.v[0] : STR("none");
}

/* ---- cells of a run ------------------------------------------------------------------------- */

static struct str first_cell(struct arena *a, const struct trial *t)
{
    const struct probe_process *p = trial_first(t);
    if (!p)
        return STR("not seen");
    return str_fmt(a, "uid %" PRIu64 " gid %" PRIu64 "%s%.*s", p->uid[1], p->gid[1],
                   p->groups.n ? " groups " : "", STR_ARG(p->groups));
}

static bool is_listed(const struct trial *t, const struct probe_process *upto, uint64_t uid)
{
    VEC_EACH (p, &t->probe.processes) {
        if (p == upto)
            return false;
        if (p->uid[1] == uid)
            return true;
    }
    return false;
}

static struct str uids_cell(struct arena *a, const struct trial *t)
{
    struct buf b = buf_in(a);
    VEC_EACH (p, &t->probe.processes)
        if (!is_listed(t, p, p->uid[1]))
            buf_addf(&b, "%s%" PRIu64, b.n ? " " : "", p->uid[1]);
    return b.n ? buf_str(&b) : STR("not seen");
}

static struct str capabilities_cell(struct arena *a, const struct trial *t)
{
    const struct probe_process *p = t->probe.processes.n ? trial_first(t) : NULL;
    if (!p)
        return STR("not seen");
    unsigned n = count_bits(p->caps);
    return n > 5 ? str_fmt(a, "%u", n) : table_capabilities(a, p->caps);
}

static struct str health_cell(const struct trial *t)
{
    return t->state.health ? str_of(image_health_name(t->state.health)) : STR("");
}

static struct str ports_cell(struct arena *a, const struct side *side, const struct trial *t)
{
    struct buf b = buf_in(a);
    VEC_EACH (p, &t->probe.ports)
        if (!compare_is_random(&side->image, p))
            buf_addf(&b, "%s%u%s%s", b.n ? " " : "", p->number, p->udp ? "/udp" : "",
                     p->loopback ? " (loopback)" : "");
    if (t->end != TRIAL_RUNNING)
        return STR("");
    return b.n ? buf_str(&b) : t->probe.whole ? STR("none") : STR("not seen");
}

static struct str http_cell(struct arena *a, const struct probe_port *p)
{
    if (!p->asked || (!p->status[0] && !p->size[0]))
        return STR("no answer");
    if (!p->status[0])
        return STR("not HTTP");
    return str_fmt(a, "%u, %" PRIu64 " bytes, %.*s", p->status[0], p->size[0],
                   STR_ARG(str_sub(p->sum[0], 0, 8)));
}

static struct str log_cell(struct arena *a, const struct trial *t)
{
    return t->smells.all ? str_fmt(a, "%zu", t->smells.all) : STR("none");
}

/* ---- rows ----------------------------------------------------------------------------------- */

static struct table_row *add(struct table *t, const char *what)
{
    struct table_row *row = vec_push(t->arena, &t->rows);
    *row = (struct table_row){.what = what};
    return row;
}

static void image_rows(struct table *t, const struct verify_report *r)
{
    const struct side *sides[] = {&r->before, &r->after};
    struct table_row *user = add(t, "user of the image");
    for (int i = 0; i < 2; i++)
        user->cell[i] = user_cell(t->arena, &sides[i]->image);
    if (r->restricted_user)
        user->cell[TABLE_RESTRICTED] = str_of(r->restricted_user);
    struct table_row *kubelet = add(t, "runAsNonRoot: true");
    for (int i = 0; i < 2; i++)
        kubelet->cell[i] = table_kubelet(t->arena, &sides[i]->image, false);
}

static void content_rows(struct table *t, const struct verify_report *r)
{
    const struct side *sides[] = {&r->before, &r->after};
    struct table_row *setid = add(t, "set-user-ID files");
    for (int i = 0; i < 2; i++)
        setid->cell[i] = setid_cell(t->arena, &sides[i]->still);
    struct table_row *shell = add(t, "shell");
    for (int i = 0; i < 2; i++)
        shell->cell[i] = shell_cell(&sides[i]->still);
    struct table_row *size = add(t, "size");
    for (int i = 0; i < 2; i++)
        size->cell[i] = size_cell(t->arena, &sides[i]->image);
}

typedef struct str cell_of(struct arena *a, const struct trial *t);

static struct str end_of(struct arena *a, const struct trial *t)
{
    return compare_end(a, t);
}

static struct str health_of(struct arena *a, const struct trial *t)
{
    (void)a;
    return health_cell(t);
}

static void run_row(struct table *t, const struct verify_report *r, const char *what, cell_of *cell)
{
    const struct trial *trials[] = {&r->before.trial, &r->after.trial, &r->restricted_trial};
    struct table_row *row = add(t, what);
    bool any = false;
    for (int i = 0; i < TABLE_COLUMNS; i++)
        if (trials[i]->done) {
            row->cell[i] = cell(t->arena, trials[i]);
            any |= row->cell[i].n != 0;
        }
    if (!any)
        t->rows.n--;
}

static void port_rows(struct table *t, const struct verify_report *r)
{
    struct table_row *row = add(t, "listens on");
    row->cell[TABLE_BEFORE] = ports_cell(t->arena, &r->before, &r->before.trial);
    row->cell[TABLE_AFTER] = ports_cell(t->arena, &r->after, &r->after.trial);
    row->cell[TABLE_RESTRICTED] = ports_cell(t->arena, &r->after, &r->restricted_trial);
    if (!row->cell[TABLE_BEFORE].n && !row->cell[TABLE_AFTER].n && !row->cell[TABLE_RESTRICTED].n)
        t->rows.n--;
}

static const struct probe_port *port_of(const struct trial *t, unsigned number)
{
    VEC_EACH (p, &t->probe.ports)
        if (p->number == number && !p->udp)
            return p;
    return NULL;
}

/* One row for each port of the original, wherever it is afterwards. */
static void http_rows(struct table *t, const struct verify_report *r)
{
    VEC_EACH (p, &r->before.trial.probe.ports) {
        if (p->udp || compare_is_random(&r->before.image, p))
            continue;
        unsigned now = compare_moved(&r->compare, p->number);
        const struct probe_port *found[] = {p, port_of(&r->after.trial, now),
                                            port_of(&r->restricted_trial, now)};
        const char *what =
            now == p->number
                ? str_fmt(t->arena, "GET %s on %u", r->plan->http_path, p->number).p
                : str_fmt(t->arena, "GET %s on %u, now %u", r->plan->http_path, p->number, now).p;
        struct table_row *row = add(t, what);
        for (int i = 0; i < TABLE_COLUMNS; i++)
            if (found[i])
                row->cell[i] = http_cell(t->arena, found[i]);
    }
}

struct table table_make(struct arena *a, const struct verify_report *r)
{
    struct table t = {.arena = a, .restricted = r->restricted_trial.done};
    if (!r->before.built)
        return t;
    image_rows(&t, r);
    run_row(&t, r, "process 1", first_cell);
    run_row(&t, r, "uids of all processes", uids_cell);
    run_row(&t, r, "capabilities", capabilities_cell);
    run_row(&t, r, "state", end_of);
    run_row(&t, r, "health check", health_of);
    port_rows(&t, r);
    http_rows(&t, r);
    run_row(&t, r, "log: permission errors", log_cell);
    content_rows(&t, r);
    return t;
}

/* ---- sentences ------------------------------------------------------------------------------ */

struct str table_verdict(const struct verify_report *r)
{
    switch (r->verdict) {
    case VERIFY_SAME:
        return r->plan->unchanged ? STR("runs as non-root; nothing was to be rewritten")
                                  : STR("behaves as before, as non-root");
    case VERIFY_DIFFERS:
        if (r->problem)
            return str_of(r->problem);
        return r->differences.list.n ? STR("does not behave as it should")
                                     : STR("behaves as before, as non-root, but not under the "
                                           "restricted policy");
    default:
        return str_of(r->problem ? r->problem : "nothing is known");
    }
}

static void list_found(struct buf *b, const struct verify_report *r)
{
    if (r->needs_low_ports)
        buf_addz(b, " --low-ports open");
    VEC_EACH (m, &r->mounts.list)
        if (m->why == MOUNT_FOUND)
            buf_addf(b, " --writable %.*s", STR_ARG(m->path));
}

struct str table_restricted(struct arena *a, const struct verify_report *r)
{
    struct buf b = buf_in(a);
    switch (r->restricted) {
    case RESTRICTED_OFF:
        return STR("");
    case RESTRICTED_OK:
        return STR("works");
    case RESTRICTED_NEEDS:
        buf_addz(&b, "works with");
        list_found(&b, r);
        return buf_str(&b);
    default:
        return STR("does not work");
    }
}
