/*
 * What the build files of the tree (Compose) say about the container. They often build another
 * stage than the one that is shipped, for development: what is mounted there is of no concern.
 */
#include "unit/obstacle.h"

static const struct stage *stage_of(const struct obstacles *o, struct str name)
{
    const struct stage_graph *graph = o->unit->graph;
    if (!name.n)
        return graph->stages.v[graph->stages.n - 1];
    VEC_EACH (s, &graph->stages)
        if ((*s)->name.n && str_eq_nocase((*s)->name, name))
            return *s;
    return NULL;
}

/* A stage that is not in the file concerns every one: better to be asked about it. */
static bool concerns(const struct obstacles *o, const char *target)
{
    const struct stage *s = target ? stage_of(o, str_of(target)) : NULL;
    return !s || s == o->stage;
}

/* A folder of the host over the working directory is how people develop: nothing is kept there. A
 * path with a suffix is a file, which is there to be read. */
static bool keeps_data(const struct obstacles *o, const struct ur_build_mount *m, struct str path)
{
    const struct stage_path *workdir = &o->stage->workdir;
    if (m->read_only || stage_inside(path, STR("/tmp")) ||
        stage_inside(path, STR("/var/run/docker.sock")) || str_is(path, "/"))
        return false;
    return !m->bind || !((workdir->known && stage_inside(workdir->path, path)) ||
                         str_chr(str_basename(path), '.') > 0);
}

/* Nobody else may enter /root, and the user looks for it in a home of its own. */
static void mounted_in_root(struct obstacles *o, const struct ur_build_mount *m, struct str path)
{
    obstacle_review(o, "root-home", NULL,
                    str_fmt(o->unit->arena,
                            "what is mounted at '%.*s' is not used, or is mounted into the home of "
                            "the new user from now on",
                            STR_ARG(path)),
                    "finds '%s', which '%s' mounts, in a folder that only root may enter",
                    obstacle_text(o, path), obstacle_text(o, str_of(m->file)));
}

static void one_mount(struct obstacles *o, const struct ur_build_mount *m)
{
    struct str path = stage_join(o->unit->arena, STR("/"), str_of(m->path));
    if (str_has(path, "docker.sock")) /* read-only or not, only root and its group may connect */
        obstacle_refuse(o, "needs-capability", NULL, "is given the Docker socket by '%s'",
                        obstacle_text(o, str_of(m->file)));
    if (stage_inside(path, STR("/root"))) {
        mounted_in_root(o, m, path);
        return;
    }
    if (!keeps_data(o, m, path))
        return;
    const char *what = m->bind ? "folder" : "volume";
    *vec_push(o->unit->arena, &o->mounted) = path;
    obstacle_review(o, "data-volume", NULL,
                    str_fmt(o->unit->arena,
                            "data that is in '%.*s' already is given to the new user once "
                            "(chown, or fsGroup in Kubernetes)",
                            STR_ARG(path)),
                    "keeps data in '%s', where '%s' mounts a %s", obstacle_text(o, path),
                    obstacle_text(o, str_of(m->file)), what);
}

/* Of the base image's own service the port is known, or its configuration says it. */
static bool is_service(const struct obstacles *o)
{
    const struct facts *f = unit_facts(o->unit, o->stage);
    return f && f->starts == FACTS_STARTS_SERVICE;
}

static void one_port(struct obstacles *o, const struct ur_build_port *p)
{
    if (p->first < 1024 && !is_service(o))
        obstacle_review(o, "privileged-port", NULL, STR(OBSTACLE_LOW_PORT),
                        "listens on port %u, which is published (%s, line %u)", p->first,
                        obstacle_text(o, str_of(p->file)), p->line);
}

void deploy_survey(struct obstacles *o)
{
    const struct ur_build *build = o->unit->build;
    for (size_t i = 0; build && i < build->mount_count; i++)
        if (concerns(o, build->mounts[i].target))
            one_mount(o, &build->mounts[i]);
    for (size_t i = 0; build && i < build->port_count; i++)
        if (concerns(o, build->ports[i].target))
            one_port(o, &build->ports[i]);
}
