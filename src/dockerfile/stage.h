/*
 * The stage graph and what the instructions mean: which stage builds on which, and for every
 * instruction the user, working directory, shell and variables in force when it runs.
 *
 * Follows BuildKit (frontend/dockerfile/dockerfile2llb). What is set by an image that we do not
 * know is marked as unknown, never guessed. What cannot be known because a --build-arg may change
 * it is taken at its default and marked `argument`.
 */
#ifndef DOCKERFILE_STAGE_H
#define DOCKERFILE_STAGE_H

#include "dockerfile/expand.h"
#include "dockerfile/image.h"
#include "dockerfile/list.h"
#include "dockerfile/run.h"

struct strs {
    struct str *v;
    size_t n, cap;
};

/* The image configuration that a base brings along, as far as it is known. */
struct stage_config {
    bool known;
    bool windows;
    bool onbuild;
    const void *facts; /* whatever the lookup wants to find again */
    struct str user, workdir;
    struct strs entrypoint, cmd, volumes, env; /* env: name, value in turns */
    VEC(uint32_t) ports;
};

/* Fills *out (zeroed) with what is known of an image; false when nothing is. */
typedef bool stage_lookup(void *ctx, struct arena *a, const struct image_ref *image,
                          struct stage_config *out);

struct stage_var {
    struct str name;
    struct expand_value value;
    bool env; /* the container has it: not just an ARG */
};

/* ENTRYPOINT or CMD in force. */
struct stage_process {
    bool set;
    bool json;
    struct df_item *item; /* NULL: the base image's */
    struct strs args;     /* exec form's words; shell form: one, the text */
};

struct stage_port {
    uint32_t from, to;
    struct str text;
    struct df_item *item; /* NULL: the base image's */
    bool udp;
};

struct stage_volume {
    struct str path;      /* absolute where it is written so; "" when unknown */
    struct df_item *item; /* NULL: the base image's */
};

/* A path in the image; `known` is false when variables hide it. */
struct stage_path {
    struct str path; /* absolute, cleaned */
    bool known;
};

/* One instruction of a stage with what was in force before it. */
struct stage_step {
    struct df_item *item;
    struct str user; /* as Config.User: "" is root */
    bool user_known;
    struct stage_path workdir;
    struct expanded value; /* USER, WORKDIR: the expanded argument */
    /* COPY and ADD */
    struct strs sources;
    bool sources_known; /* no variable hides one */
    struct stage_path dest;
    bool dest_is_dir; /* written with a slash at the end, or several sources */
    bool has_chown;
    struct expanded chown;
    struct stage *from;      /* --from names this stage */
    bool from_context;       /* no --from */
    struct run_effects *run; /* filled in by stage_run() */
    size_t vars;             /* how many of the stage's variables are set before it */
};

enum stage_base { STAGE_ON_IMAGE, STAGE_ON_STAGE, STAGE_ON_SCRATCH, STAGE_ON_UNKNOWN };

struct stage {
    unsigned index;
    struct str name;      /* lower-cased, "" when it has none */
    struct df_item *from; /* its FROM */
    struct df_item *end;  /* the first item of the next stage; NULL for the last */
    enum stage_base base_kind;
    struct stage *parent;       /* for STAGE_ON_STAGE */
    struct expanded base;       /* the image's name after expansion */
    struct image_ref image;     /* for STAGE_ON_IMAGE */
    struct stage_config config; /* of the base image or of the parent's root image */
    VEC(struct stage_step) steps;
    /* what the finished stage has */
    VEC(struct stage_var) vars; /* oldest first; the last of a name counts */
    struct str user;
    bool user_known;
    bool user_argument; /* an ARG took part: --build-arg may change it */
    struct df_item
        *user_item; /* the USER that set it, also in a parent stage; NULL: the base image */
    struct stage *user_stage; /* the stage of user_item */
    struct stage_path workdir;
    struct strs shell; /* empty: the default /bin/sh -c */
    struct stage_process entrypoint, cmd;
    struct df_item *healthcheck;
    VEC(struct stage_port) ports;
    VEC(struct stage_volume) volumes;
    bool onbuild; /* has ONBUILD instructions of its own */
    bool cmd_in_stage;
    struct stage_graph *graph;
};

/* Looking variables up is linear; a hostile file could make it quadratic. When this many were
 * looked at, everything is unknown and the graph is marked too_large. */
enum { STAGE_WORK_MAX = 20 * 1000 * 1000, STAGE_MAX = 1000 };

/* The effects of RUN steps that are kept in one file; steps behind them count as not understood. */
enum { STAGE_EFFECTS_MAX = 5000, STAGE_EXPAND_MAX = 128 << 20 };

struct stage_graph {
    struct arena *arena;
    const struct strs *args; /* --build-arg: name, value in turns; may be NULL */
    struct df_list *list;
    stage_lookup *lookup;
    void *ctx;
    VEC(struct stage_var) globals;
    VEC(struct stage *) stages;
    const struct df_item *wrong; /* an instruction that BuildKit refuses when it builds the graph */
    const char *message;         /* its words for that */
    size_t work;
    size_t effects;
    size_t budget; /* of all expansions, see expand.h */
    bool too_large;
};

/* Builds the graph of a list that df_check() has accepted. `lookup` may be NULL, and so may `args`,
 * the build arguments that are known to be given: name, value in turns. */
struct stage_graph *stage_graph_new(struct arena *a, struct df_list *list, const struct strs *args,
                                    stage_lookup *lookup, void *ctx);

/* By name (any case), the last definition wins; NULL when there is none. */
struct stage *stage_named(const struct stage_graph *g, struct str name);
/* The image-based or scratch stage at the root of a FROM chain. */
struct stage *stage_root(struct stage *s);
/* What a RUN step does; read when first asked for. NULL for other instructions. */
const struct run_effects *stage_run(struct stage_graph *g, struct stage_step *step);
/* The script that a RUN or shell-form text stands for, with its heredocs. */
struct str stage_script(struct arena *a, const struct df_node *node);
/* "/a/b" from a working directory and a path, with . and .. and double slashes removed. */
struct str stage_join(struct arena *a, struct str workdir, struct str path);
/* Does `path` lie in `dir`, or is it `dir`? Both absolute and cleaned. */
bool stage_inside(struct str path, struct str dir);
/* Expands a word with the variables that were in force before the step. */
struct expanded stage_expand(struct stage *s, const struct stage_step *step, struct str word);

#endif
