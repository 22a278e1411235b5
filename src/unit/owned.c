/*
 * A directory is given to the user when the file itself shows that it is meant for the application:
 * WORKDIR, mkdir, VOLUME. Its contents are not touched; files that COPY brings get --chown, and a
 * recursive chown would store every file twice.
 */
#include "unit/owned.h"

#include "unit/account.h"
#include "unit/operand.h"
#include "unit/path.h"

/* ---- collecting ----------------------------------------------------------------------------- */

struct collect {
    struct unit *u;
    struct stage *s;
    struct owned *out;
    const struct identity *user; /* NULL: not decided yet */
    VEC(struct str) given;       /* what the file itself gives to that user */
    bool shaky;                  /* a step may have removed something without saying what */
    bool bash;                   /* RUN steps are read by bash, which expands braces */
};

static struct owned_dir *find(struct owned *o, struct str path)
{
    VEC_EACH (d, &o->dirs)
        if (str_eq(d->path, path))
            return d;
    return NULL;
}

static void add(struct collect *c, struct str path, bool exists, bool file, struct df_item *before)
{
    struct owned_dir *old = find(c->out, path);
    if (!old && c->out->dirs.n >= OWNED_MAX) {
        c->out->too_many = true;
        return;
    }
    if (!old) {
        *vec_push(c->u->arena, &c->out->dirs) =
            (struct owned_dir){.path = path, .exists = exists, .file = file, .before = before};
        return;
    }
    old->exists |= exists;
    if (!old->before)
        old->before = before;
}

/* A directory that mkdir makes, and with -p those above it, as far as they are the application's.
 */
static void add_made(struct collect *c, struct str path, bool parents)
{
    const struct stage_path *workdir = &c->s->workdir;
    add(c, path, true, false, NULL);
    if (!parents || !workdir->known || !path_is_workdir(workdir->path))
        return;
    for (;;) {
        path = stage_join(c->u->arena, path, STR(".."));
        if (!stage_inside(path, workdir->path) || str_eq(path, workdir->path))
            break;
        add(c, path, true, false, NULL);
    }
}

static void add_file(struct collect *c, struct str path)
{
    add(c, path, true, true, NULL);
    struct owned_dir *d = find(c->out, path);
    if (d && d->file)
        d->made = true;
}

static void drop_below(struct collect *c, struct str path)
{
    size_t kept = 0;
    for (size_t i = 0; i < c->out->dirs.n; i++)
        if (!stage_inside(c->out->dirs.v[i].path, path))
            c->out->dirs.v[kept++] = c->out->dirs.v[i];
    c->out->dirs.n = kept;
}

static bool sets_workdir(const struct stage *s)
{
    for (const struct stage *p = s; p; p = p->parent)
        VEC_EACH (step, &p->steps)
            if (step->item->node.cmd == DF_WORKDIR && step->value.text.n)
                return true;
    return false;
}

/* A file that a step makes where the application works: touch, > file, tee. */
static bool is_written(const struct run_effect *e)
{
    return e->kind == RUN_WRITE && e->certain;
}

/* In a directory that a step has made for the application, or in the working directory. */
static bool lies_in_made(struct collect *c, struct str path)
{
    VEC_EACH (d, &c->out->dirs)
        if (!d->file && stage_inside(path, d->path))
            return true;
    return c->s->workdir.known && path_is_workdir(c->s->workdir.path) &&
           stage_inside(path, c->s->workdir.path);
}

static bool gives_to_user(const struct collect *c, const struct run_effect *e)
{
    uint64_t n;
    if (!c->user)
        return false;
    return str_to_u64(e->name, UINT32_MAX, &n) ? n == c->user->uid
                                               : c->user->name.n && str_eq(e->name, c->user->name);
}

/* Where cp and mv put things: each source below a directory that is known to be one, else the last
 * operand itself. */
static void from_copy(struct collect *c, const struct stage_step *step,
                      const struct run_effects *run, const struct run_effect *e, struct str workdir)
{
    const struct shell_command *cmd = &run->script.commands.v[e->command];
    struct str dest, name;
    size_t n = cmd->words.n, first = 1;
    if (!e->certain || e->inner || n < 3 || !operand_path(c->s, step, &cmd->words.v[n - 1], &dest))
        return;
    bool slash = str_ends(dest, STR("/")) || str_is(dest, ".");
    dest = stage_join(c->u->arena, workdir, dest);
    while (first < n && str_starts(cmd->words.v[first].value, STR("-")))
        first++;
    bool folder = slash || n - first > 2 || find(c->out, dest) ||
                  (c->s->workdir.known && str_eq(dest, c->s->workdir.path));
    if (!folder && lies_in_made(c, dest)) {
        owned_whole(c->u, c->out, dest);
        return;
    }
    for (size_t i = first; folder && i + 1 < n; i++)
        if (operand_path(c->s, step, &cmd->words.v[i], &name)) {
            struct str path = stage_join(c->u->arena, dest, str_basename(name));
            if (lies_in_made(c, path))
                owned_whole(c->u, c->out, path);
        }
}

/* Made whenever the step runs; braces count where bash expands them. */
static bool is_made_for_sure(const struct collect *c, const struct run_effects *run,
                             const struct run_effect *e)
{
    const struct shell_command *cmd = &run->script.commands.v[e->command];
    if (cmd->subshell || cmd->tolerated || e->inner)
        return false;
    return e->certain || (c->bash && !cmd->conditional);
}

/* Where relative paths of a step lie, as far as its cd commands can be followed. */
struct place_at {
    struct str path;
    bool known;
};

/* In a subshell only an absolute cd is followed: where another subshell before it ended is not
 * known. */
static void follow_cd(struct collect *c, const struct run_effect *e, bool inside,
                      struct place_at *at)
{
    bool told = e->operands.n == 1 && e->operands.v[0].literal && !e->inner;
    bool absolute = told && str_starts(e->operands.v[0].value, STR("/"));
    at->known = told && e->certain && (absolute || (!inside && at->known));
    if (at->known)
        at->path = stage_join(c->u->arena, at->path, e->operands.v[0].value);
}

/* What a step does to one path. */
static void one_path(struct collect *c, const struct run_effects *run, const struct run_effect *e,
                     struct str path)
{
    if (is_written(e)) {
        if (lies_in_made(c, path))
            add_file(c, path);
    } else if (e->kind == RUN_MKDIR) {
        if (!path_is_application(path) && !path_is_state(path))
            return;
        if (is_made_for_sure(c, run, e))
            add_made(c, path, e->recursive);
        else
            add(c, path, false, false, NULL); /* made or not: it is made in the end */
    } else {
        drop_below(c, path);
        if (e->kind == RUN_CHOWN)
            *vec_push(c->u->arena, &c->out->settled) = path;
        if (e->kind == RUN_CHOWN && e->certain && gives_to_user(c, e))
            *vec_push(c->u->arena, &c->given) = path;
    }
}

/* mkdir -p /data/$name: what is known is that it lies in /data. */
static void unknown_path(struct collect *c, const struct run_effect *e, struct str word)
{
    ptrdiff_t dollar = str_chr(word, '$');
    struct str known = dollar > 0 ? str_sub(word, 0, (size_t)dollar) : STR("");
    ptrdiff_t slash = str_rchr(known, '/');
    if (e->kind != RUN_MKDIR || slash <= 0)
        return;
    struct str dir = stage_join(c->u->arena, STR("/"), str_sub(known, 0, (size_t)slash));
    if (path_is_application(dir) && c->out->dirs.n < OWNED_MAX) {
        add(c, dir, false, false, NULL);
        struct owned_dir *d = find(c->out, dir);
        if (d)
            d->whole = true;
    }
}

static bool concerns_paths(const struct run_effect *e)
{
    return e->kind == RUN_MKDIR || e->kind == RUN_REMOVE || e->kind == RUN_CHOWN ||
           e->kind == RUN_LINK || is_written(e);
}

static void from_run(struct collect *c, struct stage_step *step, const struct run_effects *run)
{
    struct place_at outer = {step->workdir.path, step->workdir.known}, inner = outer, at;
    VEC_EACH (e, &run->effects) {
        bool inside = run->script.commands.v[e->command].subshell;
        if (!inside)
            inner = outer;
        if (e->kind == RUN_CD)
            follow_cd(c, e, inside, inside ? &inner : &outer);
        at = inside ? inner : outer;
        if ((str_is(e->program, "cp") || str_is(e->program, "mv")) && at.known)
            from_copy(c, step, run, e, at.path);
        for (size_t i = 0; concerns_paths(e) && i < e->operands.n; i++) {
            struct str operand;
            if (e->kind == RUN_LINK && i + 1 < e->operands.n)
                continue; /* only the link itself is new */
            struct str word = e->operands.v[i].value;
            bool told = operand_path(c->s, step, &e->operands.v[i], &operand) ||
                        operand_assigned(c->u->arena, run, e, word, &operand);
            bool placed = told && (operand.p[0] == '/' || at.known);
            c->shaky |= e->kind == RUN_REMOVE && !placed;
            if (placed)
                one_path(c, run, e, stage_join(c->u->arena, at.path, operand));
            else
                unknown_path(c, e, word);
        }
    }
}

/* Does a step in front of the WORKDIR line make the home directory together with its user? */
static bool makes_home(const struct stage *s, struct str home)
{
    VEC_EACH (step, &s->steps) {
        if (step->item->node.cmd == DF_WORKDIR &&
            str_is(step->value.text, str_z(s->graph->arena, home)))
            return false;
        for (size_t i = 0; step->run && i < step->run->effects.n; i++) {
            const struct run_effect *e = &step->run->effects.v[i];
            if (e->kind == RUN_USER_ADD && e->certain && e->create_home && e->home.n &&
                str_eq(e->home, home))
                return true;
            bool standard = !e->home.n && str_eq(str_basename(home), e->name);
            bool makes = e->create_home || (!e->shadow && !e->system);
            if (e->kind == RUN_USER_ADD && e->certain && makes && standard)
                return true;
        }
    }
    return false;
}

static void from_workdir(struct collect *c)
{
    struct stage *s = c->s;
    if (c->u->settings->profile == PROFILE_STRICT || !s->workdir.known || !sets_workdir(s))
        return;
    VEC_EACH (given, &c->given)
        if (str_eq(*given, s->workdir.path))
            return;
    bool home = c->user && c->user->home.n && str_eq(c->user->home, s->workdir.path) &&
                makes_home(s, s->workdir.path);
    if (path_is_workdir(s->workdir.path) && !home)
        add(c, s->workdir.path, true, false, NULL);
}

static void from_volumes(struct collect *c)
{
    VEC_EACH (v, &c->s->volumes) {
        bool system = v->path.n && !path_is_application(v->path) && !path_is_state(v->path);
        if (v->item && v->path.n > 1 && !system)
            add(c, v->path, false, false, v->item);
    }
}

/* Does the name of a variable say that data is kept at the path it holds? */
static bool names_state(struct str name)
{
    static const char *const marks[] = {
        "DATA",     "SQLITE",    "UPLOAD",   "STORAGE", "LOG_DIR",    "LOGS",
        "LOG_PATH", "CACHE_DIR", "STATE",    "MEDIA",   "DB_PATH",    "DB_FILE",
        "DB_DIR",   "DATABASE",  "LOG_FILE", "LOGFILE", "CACHE_HOME", "CACHE_PATH",
        "TMPDIR",   "_LOG",      "TEMP_DIR", "TMP_DIR", NULL};
    if (str_is(name, "HOME"))
        return true;
    for (const char *const *m = marks; *m; m++)
        if (str_has(name, *m))
            return true;
    return false;
}

/* The path in "/data", "sqlite:////data/app.db", "file:/data/x.db": the directory of a file. */
static struct str state_dir(struct collect *c, struct str value)
{
    ptrdiff_t scheme = str_find(value, STR(":/"));
    if (value.n && value.p[0] != '/' && scheme > 0 &&
        (str_starts(value, STR("sqlite")) || str_starts(value, STR("file"))))
        value = str_from(value, (size_t)scheme + 1);
    if (value.n < 2 || value.p[0] != '/' || value.n > 200 || str_chr(value, ' ') >= 0 ||
        str_chr(value, ':') >= 0 || str_chr(value, '?') >= 0)
        return STR("");
    struct str path = stage_join(c->u->arena, STR("/"), value);
    struct str name = str_basename(path);
    return str_chr(name, '.') > 0 ? stage_join(c->u->arena, path, STR("..")) : path;
}

/* In the working directory the program makes its directories itself; what COPY or RUN put somewhere
 * is there, and may be a file; and where the file names an owner, that is its decision. */
static bool is_taken_care_of(struct collect *c, struct str path)
{
    const struct stage_path *workdir = &c->s->workdir;
    if (workdir->known && path_is_workdir(workdir->path) && stage_inside(path, workdir->path))
        return true;
    return !owned_is_free(c->u, c->out, c->s, path);
}

static void from_env(struct collect *c)
{
    for (size_t i = 0; i < c->s->vars.n; i++) {
        const struct stage_var *v = &c->s->vars.v[i];
        if (!v->value.known || !names_state(v->name))
            continue;
        struct str dir = state_dir(c, v->value.text),
                   file = stage_join(c->u->arena, STR("/"), v->value.text);
        if (str_is(dir, "/var/log") || str_is(dir, "/run") || str_is(dir, "/var/run"))
            add(c, file, false, true, NULL); /* the directory is the system's, the file is not */
        else if (dir.n > 1 && !is_taken_care_of(c, dir) &&
                 (path_is_application(dir) || path_is_state(dir)))
            add(c, dir, false, false, NULL);
    }
}

/* COPY into a directory of state: what is put there is there to be changed. */
static void from_copies(struct collect *c)
{
    VEC_EACH (step, &c->s->steps) {
        bool copy = step->item->node.cmd == DF_COPY || step->item->node.cmd == DF_ADD;
        if (copy && step->dest.known && path_is_state(step->dest.path) &&
            (step->dest_is_dir || str_chr(str_basename(step->dest.path), '.') < 0))
            add(c, step->dest.path, true, false, NULL);
    }
}

static void from_facts(struct collect *c, bool base_program)
{
    const struct facts *f = unit_facts(c->u, c->s);
    if (!f || !base_program)
        return;
    VEC_EACH (w, &f->writable)
        add(c, w->path, true, w->file, NULL);
}

/* The steps of the parent stages first. */
static void from_steps(struct collect *c, struct stage *s)
{
    if (s->parent)
        from_steps(c, s->parent);
    VEC_EACH (step, &s->steps) {
        const struct run_effects *run = stage_run(c->u->graph, step);
        if (run && account_is_root(step->user))
            from_run(c, step, run);
    }
}

/* What was made may be gone: directories are made again rather than missed; what cp and mv put
 * there cannot be. */
static void doubt(struct owned *o)
{
    size_t kept = 0;
    for (size_t i = 0; i < o->dirs.n; i++) {
        struct owned_dir d = o->dirs.v[i];
        d.exists = d.made = false;
        if (!d.whole)
            o->dirs.v[kept++] = d;
    }
    o->dirs.n = kept;
}

/* The classic builder throws away what is done to a volume behind its VOLUME line. */
static void put_before_volumes(struct collect *c)
{
    VEC_EACH (d, &c->out->dirs)
        VEC_EACH (v, &c->s->volumes)
            if (v->item && v->path.n > 1 && !d->before && stage_inside(d->path, v->path))
                d->before = v->item;
}

struct owned owned_dirs(struct unit *u, struct stage *s, bool base_program,
                        const struct identity *user)
{
    struct owned out = {0};
    struct collect c = {.u = u, .s = s, .out = &out, .user = user};
    c.bash = s->shell.n && str_is(str_basename(s->shell.v[0]), "bash");
    from_steps(&c, s);
    if (c.shaky)
        doubt(&out);
    from_volumes(&c);
    from_copies(&c);
    if (!s->parent && unit_facts(u, s) && unit_facts(u, s)->starts != FACTS_STARTS_SERVICE)
        from_env(&c);
    from_facts(&c, base_program);
    from_workdir(&c);
    put_before_volumes(&c);
    return out;
}

bool owned_is_free(struct unit *u, const struct owned *o, struct stage *s, struct str path)
{
    VEC_EACH (settled, &o->settled)
        if (stage_inside(path, *settled))
            return false;
    for (; s; s = s->parent) {
        VEC_EACH (step, &s->steps) {
            const struct df_node *node = &step->item->node;
            bool copy = node->cmd == DF_COPY || node->cmd == DF_ADD;
            if (copy && (!step->dest.known || stage_inside(path, step->dest.path) ||
                         stage_inside(step->dest.path, path)))
                return false;
            const struct run_effects *run = stage_run(u->graph, step);
            if (run && str_find(run->script.text, path) >= 0)
                return false;
        }
    }
    return true;
}

void owned_add(struct unit *u, struct owned *o, struct str path)
{
    if (!find(o, path) && o->dirs.n < OWNED_MAX)
        *vec_push(u->arena, &o->dirs) = (struct owned_dir){.path = path};
}

void owned_whole(struct unit *u, struct owned *o, struct str path)
{
    struct owned_dir *d = find(o, path);
    if (!d) {
        d = vec_push(u->arena, &o->dirs);
        *d = (struct owned_dir){.path = path, .exists = true};
    }
    d->whole = true;
    size_t kept = 0;
    for (size_t i = 0; i < o->dirs.n; i++) {
        struct owned_dir *other = &o->dirs.v[i];
        bool inside = !str_eq(other->path, path) && stage_inside(other->path, path);
        other->covered |= inside;
        if (!inside || other->before || !other->exists)
            o->dirs.v[kept++] = *other;
    }
    o->dirs.n = kept;
}
