/* A framework is there when a file by which it is known lies in the stage's working directory. */
#include "unit/framework.h"

#include "knowledge/runtime.h"
#include "unit/locate.h"
#include "unit/path.h"

static bool is_there(struct unit *u, struct stage *s, const struct runtime *r)
{
    VEC_EACH (file, &r->detect) {
        struct str path = stage_join(u->arena, s->workdir.path, *file);
        if (locate_file(u, s, path).kind == LOCATED_CONTEXT)
            return true;
    }
    return false;
}

struct strs framework_writable(struct unit *u, struct stage *s)
{
    struct strs out = {0};
    if (!u->context || !s->workdir.known || !path_is_workdir(s->workdir.path))
        return out;
    struct runtimes all = runtime_all(u->settings->runtimes);
    VEC_EACH (r, &all)
        if (is_there(u, s, r))
            VEC_EACH (dir, &r->writable)
                *vec_push(u->arena, &out) = stage_join(u->arena, s->workdir.path, *dir);
    return out;
}
