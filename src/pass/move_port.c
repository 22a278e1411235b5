/*
 * A port below 1024 that a stage listens on moves above, everywhere at once: in the command line,
 * the variables and the health check of the Dockerfile, in EXPOSE, in the configuration of a web
 * server that the build context has or the base image is known to have. Else it stays, and this
 * pass says because of which place.
 */
#include "pass/pass.h"
#include "unit/port.h"

static const char *list(struct unit *u, const struct ports *p)
{
    struct str s = STR("");
    VEC_EACH (m, &p->moves)
        s = str_fmt(u->arena, "%.*s%s%u becomes %u", STR_ARG(s), s.n ? ", " : "", m->from, m->to);
    return s.p;
}

static void move(struct unit *u, struct stage *s, struct plan *plan)
{
    bool write = plan->answer == UR_REVIEW && u->settings->unsafe_fixes;
    unit_find(u, UR_WARNING, s->from, "port %s, wherever it is written", list(u, plan->ports))
        ->fixed = write;
    if (!write)
        return;
    if (plan->swap || !plan->written)
        port_write_front(u, s, plan->ports, !plan->swap);
    port_write(u, plan->ports);
}

static void run(struct unit *u)
{
    VEC_EACH (it, &u->graph->stages) {
        struct stage *s = *it;
        struct plan *plan = &u->plans[s->index];
        if (!plan->ports || plan->answer == UR_REFUSED)
            continue;
        if (port_moves(plan->ports))
            move(u, s, plan);
        else
            unit_find(u, UR_NOTE, plan->ports->at ? plan->ports->at : s->from,
                      "its ports stay as they are: %s", plan->ports->stays);
    }
}

const struct pass pass_move_port = {
    .id = "move-port",
    .summary = "move a port below 1024 to one that any user may listen on",
    .why = "Docker lets every user of a container listen below 1024; containerd before 2.0 under "
           "Kubernetes and --network host do not, and NET_BIND_SERVICE does not help a user that "
           "is not root. 80 becomes 8080, 443 becomes 8443, others get 8000 more. All places move "
           "at once or none does. Whoever publishes the port must know, so the answer is review. "
           "--ports keep leaves ports alone.",
    .refs = "",
    .phase = PASS_OWNERS,
    .run = run,
};
