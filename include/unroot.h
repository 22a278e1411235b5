/*
 * unroot: takes root away from containers.
 *
 * The engine takes the bytes of a Dockerfile and gives back the rewritten bytes, a unified patch
 * and findings. It does no I/O: it opens no file, writes none and prints nothing. It sees the build
 * context through callbacks of the caller's, when there are any. What it needs to know of base
 * images is built in; more can be added with ur_options_add_facts().
 *
 * Threads: an options object may be shared by any number of threads once ur_options_seal() has
 * succeeded; a result belongs to the thread that made it.
 */
#ifndef UNROOT_H
#define UNROOT_H

#include <stddef.h>

#ifdef __cplusplus
extern "C" {
#endif

#if defined(__GNUC__)
#define UR_API __attribute__((visibility("default")))
#else
#define UR_API
#endif

/* What became of an operation. Anything but UR_OK comes with a message, made where it failed. */
enum ur_status {
    UR_OK = 0,
    UR_EUSAGE = 2,  /* an option's name or value is wrong */
    UR_EINPUT = 3,  /* the input is not a Dockerfile that BuildKit would take */
    UR_ETOOBIG = 4, /* the input is larger than the engine accepts */
    UR_EIO = 5,     /* a file could not be read or written */
    UR_EGATE = 6,   /* the rewrite did not pass the gate: nothing was changed */
};

/* The answer for a stage, and for a file (the worst of its shipped stages). */
enum ur_answer {
    UR_ALREADY, /* runs as a numeric non-root user, proven */
    UR_SAFE,    /* a rewrite that holds by what the file and the image facts prove */
    UR_REVIEW,  /* a rewrite that rests on a named assumption; made with unsafe-fixes only */
    UR_REFUSED, /* no rewrite: a reason code says why and what a person should do */
};

/* How much a finding matters. */
enum ur_level { UR_NOTE, UR_WARNING, UR_ERROR };

struct ur_options;
struct ur_result;

/* What lies at a path of a build context. */
enum ur_entry {
    UR_ENTRY_NONE,   /* nothing */
    UR_ENTRY_FILE,   /* a regular file */
    UR_ENTRY_FOLDER, /* a directory */
    UR_ENTRY_LINK,   /* a symbolic link; it is not followed */
    UR_ENTRY_OTHER,  /* anything else */
    UR_ENTRY_UNKNOWN /* it can't be told */
};

/*
 * The build context of a Dockerfile, for the engine to look into: start scripts, package.json, the
 * configuration of servers. Paths are NUL-terminated, relative to the context's root, with '/',
 * without "." and ".."; "" is the root. The callbacks are called from within ur_rewrite_in() only,
 * by its thread; .dockerignore is applied by the engine.
 */
struct ur_context {
    void *ctx;
    /* How the context's root is called where the Dockerfile's path comes from: "" or "web/". */
    const char *prefix;
    /* What is there; sets *mode (permission bits) and *size for a file. */
    enum ur_entry (*look)(void *ctx, const char *path, unsigned *mode, size_t *size);
    /* Reads a regular file of at most `cap` bytes. 0, or -1 when it can't be read. The bytes need
     * to live until the next call only. */
    int (*read)(void *ctx, const char *path, size_t cap, const char **bytes, size_t *size);
    /* Calls each() with every name in a folder but "." and "..". 0, or -1. */
    int (*list)(void *ctx, const char *path, void (*each)(void *each_ctx, const char *name),
                void *each_ctx);
};

struct ur_build_arg {
    const char *name, *value;
};

/* Something that build files of the tree mount into its containers. */
struct ur_build_mount {
    const char *path; /* in the container, absolute */
    const char *file; /* which file says so */
    const char
        *target; /* the stage whose containers get it, "" for the last one; NULL: not known */
    int bind;    /* a folder or file of the host; else a volume */
    int read_only;
};

/* A port that build files of the tree publish. */
struct ur_build_port {
    const char *file;   /* which file says so, and in which line */
    const char *target; /* as above */
    unsigned line;
    unsigned first, last; /* in the container */
};

/*
 * What is known of how a Dockerfile is built. Where it is not sure which folder the build context
 * is, several may be given: the first that has what the file's COPY instructions name is taken,
 * none when none has. All is borrowed for the call only.
 */
struct ur_build {
    const struct ur_context *contexts;
    size_t context_count;
    /* Stages that build files of the tree (Compose, Bake, Skaffold) name as their target, "" for
     * the last one. None: nothing is known. The option "target" comes before it. */
    const char *const *targets;
    size_t target_count;
    const struct ur_build_arg *args; /* build arguments that are given whenever it is built */
    size_t arg_count;
    const struct ur_build_mount *mounts;
    size_t mount_count;
    const struct ur_build_port *ports;
    size_t port_count;
    int images; /* ur_result_image() will be asked */
};

/* A file of the build context that the rewrite changes, too. Lives as long as the result. */
struct ur_file {
    const char *path; /* in the context */
    const char *name; /* the same with the context's prefix in front, as in the patch */
    const char *was;  /* the bytes that were read */
    size_t was_size;
    const char *bytes; /* its new bytes */
    size_t size;
    const char *patch; /* its part of the patch, which stands behind the Dockerfile's */
    size_t patch_size;
};

/* A folder that the program of an image writes to. */
struct ur_image_path {
    const char *path; /* absolute */
    int filled;       /* the image has files there: an empty volume would hide them */
    int volume;       /* the image says itself that it is a volume */
};

/* A port that an image's Dockerfile was changed to listen on in place of another. */
struct ur_image_move {
    unsigned from, to;
};

/* What is known of an image that a container of a manifest runs, as it will be: with its Dockerfile
 * rewritten, where that is in the same tree. */
struct ur_image {
    const char *source; /* where this is from, for messages: "web/Dockerfile", "facts"; not NULL */
    const char *user;   /* who it runs as, as in its configuration: "", "1000:1000", "node"; NULL:
                           not known */
    long uid, gid;      /* the numbers of that user; -1: not known */
    const char *assumption; /* what all this rests on; NULL: it is proven */
    const struct ur_image_path
        *writable; /* /tmp is taken for granted, and need not be among them */
    size_t writable_count;
    int writable_whole;   /* the program is known to write nowhere else */
    int writable_unknown; /* nothing is known of where it writes */
    const struct ur_image_move *moves;
    size_t move_count;
};

/* A port of pods that moved: Services in other files have to follow. */
struct ur_moved {
    const char *space;         /* the namespace; "" when the manifest does not say */
    const char *const *labels; /* of the pods: name, value, name, value… */
    size_t label_count;        /* pairs */
    unsigned from, to;
};

/* What a caller knows of the images that manifests name. All is borrowed for the call only. */
struct ur_images {
    void *ctx;
    /* 1 and *out when something is known of an image, named as the manifest does; else 0. Called
     * from within ur_harden_manifest() only, by its thread. May be NULL. */
    int (*find)(void *ctx, const char *name, struct ur_image *out);
    const struct ur_moved *moved; /* what moved in other files of the tree */
    size_t moved_count;
};

/* One finding about the input. Strings are NUL-terminated, UTF-8, and live as long as the result;
 * those that do not apply are NULL. */
struct ur_finding {
    const char *rule; /* a pass's id, see `unroot explain` */
    enum ur_level level;
    unsigned line, column; /* 1-based; the column counts code points; 0 when there is no place */
    unsigned end_line;
    const char *message;
    const char *assumption; /* what a review rests on */
    const char *reason;     /* reason code of a review or refusal */
    const char *refs;       /* ids of the same rule elsewhere, blank-separated */
    int fixed;              /* the rewrite contains its fix */
};

/* New options with the defaults of the command line. The caller frees them. */
UR_API struct ur_options *ur_options_new(void);
UR_API void ur_options_free(struct ur_options *);

/*
 * Sets one option by the name of its command-line flag, without the dashes: "unsafe-fixes",
 * "select", "ignore", "target", "profile", "ports", "user", "uid", "gid", "create-user",
 * "id-style", "comments"; for manifests "pss", "pss-version", "read-only-root",
 * "no-service-account-token", "namespace-labels", "pod-path". A flag without a value takes "true"
 * or "false". Repeatable ones add up. Returns UR_OK or UR_EUSAGE, with a message for
 * ur_options_error().
 */
UR_API enum ur_status ur_options_set(struct ur_options *, const char *name, const char *value);

/* Adds image facts (YAML, as in templates/images); later ones win. `label` is for messages. The
 * bytes are copied. Returns UR_OK, or UR_EUSAGE with label:line:col in ur_options_error(). */
UR_API enum ur_status ur_options_add_facts(struct ur_options *, const char *label, const void *yaml,
                                           size_t size);

/* Checks the options against each other and makes them read-only. Must be called before use. */
UR_API enum ur_status ur_options_seal(struct ur_options *);

/* The message of the last call that failed; lives until the next call or free. */
UR_API const char *ur_options_error(const struct ur_options *);

/*
 * Reads one Dockerfile and rewrites it. `path` names it in the patch, in messages and nowhere else;
 * it should be relative, with '/'. The bytes are borrowed until ur_result_free().
 * Never returns NULL; ask ur_result_status().
 */
UR_API struct ur_result *ur_rewrite(const struct ur_options *, const char *path, const void *bytes,
                                    size_t size);
/* The same with the build context at hand. `build` may be NULL. */
UR_API struct ur_result *ur_rewrite_in(const struct ur_options *, const struct ur_build *build,
                                       const char *path, const void *bytes, size_t size);

/*
 * Reads one Kubernetes manifest (YAML or JSON, any number of documents) and changes it so that its
 * pods satisfy the Pod Security Standards, as far as that is proven to be safe; with "unsafe-fixes"
 * also what is not. Every byte outside of the declared changes stays. `images` may be NULL. What is
 * no manifest, and templates and patches of others, are left alone: the answer is UR_REFUSED, with
 * a reason. Never returns NULL.
 */
UR_API struct ur_result *ur_harden_manifest(const struct ur_options *,
                                            const struct ur_images *images, const char *path,
                                            const void *bytes, size_t size);
/*
 * The same for a Compose file: services of which the image is known, and known to run as another
 * user than root, get what they lack, and ports that moved. A service that the file builds is asked
 * for by its name with a ':' in front, any other by its image.
 */
UR_API struct ur_result *ur_harden_compose(const struct ur_options *,
                                           const struct ur_images *images, const char *path,
                                           const void *bytes, size_t size);
/* Ports of the manifest's pods that moved; for the other files of a tree. */
UR_API size_t ur_result_moved_count(const struct ur_result *);
UR_API const struct ur_moved *ur_result_moved(const struct ur_result *, size_t i);

UR_API void ur_result_free(struct ur_result *);

UR_API enum ur_status ur_result_status(const struct ur_result *);
/* "path:line:col: what is wrong, what to do"; "" when the status is UR_OK. */
UR_API const char *ur_result_error(const struct ur_result *);

UR_API enum ur_answer ur_result_answer(const struct ur_result *);
/* The reason code of a review or refusal, else NULL. */
UR_API const char *ur_result_reason(const struct ur_result *);
/* 1 when the rewritten bytes differ from the input, or a file of the context is changed. */
UR_API int ur_result_changed(const struct ur_result *);
/* The rewritten file; the input itself when nothing changed. */
UR_API const char *ur_result_bytes(const struct ur_result *, size_t *size);
/* The change as `git apply` and `patch -p1` take it, changed files of the context included; empty
 * when nothing changed. */
UR_API const char *ur_result_patch(const struct ur_result *, size_t *size);
/* The files of the context that have to be changed together with the Dockerfile. */
/* The number of the context that was taken, -1 for none. */
UR_API int ur_result_context(const struct ur_result *);
UR_API size_t ur_result_file_count(const struct ur_result *);
UR_API const struct ur_file *ur_result_file(const struct ur_result *, size_t i);

/* The image of a stage ("" or NULL: the last one) as the rewrite makes it; NULL when it is none
 * that is shipped, or `images` of struct ur_build was not set. Lives as long as the result. */
UR_API const struct ur_image *ur_result_image(const struct ur_result *, const char *stage);

UR_API size_t ur_result_finding_count(const struct ur_result *);
UR_API const struct ur_finding *ur_result_finding(const struct ur_result *, size_t i);

/* The result in one of the report formats ("text", "json"); NULL for an unknown one. */
UR_API const char *ur_result_report(struct ur_result *, const char *format, size_t *size);

/* "already", "safe", "review", "refused". */
UR_API const char *ur_answer_name(enum ur_answer);
UR_API const char *ur_version(void);

#ifdef __cplusplus
}
#endif
#endif
