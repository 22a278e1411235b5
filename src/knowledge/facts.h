/*
 * Facts about base images: who they run as, which users they ship, how users are made on them, what
 * they start and what that needs. Format: docs/facts.md. The built-in ones are templates/images.
 */
#ifndef KNOWLEDGE_FACTS_H
#define KNOWLEDGE_FACTS_H

#include "base/str.h"
#include "base/vec.h"
#include "dockerfile/image.h"

enum facts_family {
    FACTS_FAMILY_UNKNOWN,
    FACTS_DEBIAN,
    FACTS_ALPINE,
    FACTS_REDHAT,
    FACTS_SUSE,
    FACTS_ARCH,
    FACTS_WOLFI,
    FACTS_BUSYBOX,
    FACTS_DISTROLESS,
    FACTS_SCRATCH,
    FACTS_WINDOWS,
    FACTS_OTHER,
};

/* How a user is made. */
enum facts_user_tools {
    FACTS_TOOLS_UNKNOWN,
    FACTS_TOOLS_SHADOW,
    FACTS_TOOLS_BUSYBOX,
    FACTS_TOOLS_NONE
};

/* What entrypoint and cmd of the image are, when a Dockerfile adds none. */
enum facts_starts {
    FACTS_STARTS_UNKNOWN,
    FACTS_STARTS_NOTHING,
    FACTS_STARTS_SHELL,
    FACTS_STARTS_INTERPRETER,
    FACTS_STARTS_TOOL,
    FACTS_STARTS_SERVICE
};

/* As whom the image's own entrypoint can start. */
enum facts_start_as { FACTS_AS_UNKNOWN, FACTS_AS_ANY, FACTS_AS_DROPS, FACTS_AS_ROOT };

enum facts_purpose { FACTS_USER_SYSTEM, FACTS_USER_APP, FACTS_USER_LOGIN };

struct facts_user {
    struct str name, group, home;
    uint32_t uid, gid;
    enum facts_purpose purpose;
};

struct facts_writable {
    struct str path;
    bool file; /* else a directory */
};

struct facts_env {
    struct str name, value;
};

/* All that is known of one image (repository and tag). Strings and lists belong to the database. */
struct facts {
    struct str origin;  /* the template's path or the label of added facts */
    struct str source;  /* what the facts were read from */
    struct str checked; /* when: a date; "" when unknown */
    /* The image is given by a digest without a tag and has variants: what is said here is true for
     * the tag "latest", which may not be the one meant. */
    bool tag_guessed;
    enum facts_family family;
    enum facts_user_tools user_tools;
    enum facts_starts starts;
    enum facts_start_as start_as;
    struct str package_manager; /* "none"; "" when unknown */
    struct str shell;           /* "" when the image has none */
    bool has_shell;
    struct str user;    /* Config.User; "" is root, however the config says it */
    struct str workdir; /* "/" by default */
    bool onbuild;
    /* What useradd -r, or busybox' adduser -S, gives to the first system account; 0: not known. */
    uint32_t system_uid;
    VEC(struct facts_user) users;
    VEC(struct facts_env) env;
    VEC(struct str) entrypoint, cmd, volumes;
    VEC(uint32_t) ports;
    VEC(struct facts_writable) writable;
    VEC(struct str)
    writes; /* all folders that its own process writes to, besides the volumes and
               /tmp, whoever owns them; when writes_known */
    bool writes_known;
    struct str notes;
};

struct facts_db;

/* The built-in facts. A template is parsed when first asked for; safe to use from many threads. */
struct facts_db *facts_db_new(void);
void facts_db_free(struct facts_db *db);

/* Adds a file's worth of facts; later additions win over earlier ones and over built-in ones: facts
 * of one file are taken for an image, not mixed from several. Label and text are copied. Returns
 * NULL, or "label:line:col: message" (owned by the db) with nothing added. Not thread-safe. */
const char *facts_db_add(struct facts_db *db, const char *label, struct str yaml);

/* Looks an image up and merges its tag variants into *out; what is new is allocated in `a`, lists
 * are shared and must not be written to. Among added facts and among built-in ones an exact name
 * beats a prefix and a longer prefix a shorter one. False when the image is unknown, or when a
 * pattern of a variant took too many steps to tell. Safe to use from many threads. */
bool facts_find(struct facts_db *db, struct arena *a, const struct image_ref *image,
                struct facts *out);

/* Looks a user up; NULL when the image is not known to ship it. root (0) is there unless the image
 * is scratch or Windows. */
const struct facts_user *facts_user_named(const struct facts *f, struct str name);
const struct facts_user *facts_user_with(const struct facts *f, uint32_t uid);

/* Names of all repositories known, sorted, prefixes with their '*'; for `unroot facts list`. */
size_t facts_db_names(struct facts_db *db, struct arena *a, const struct str **names);

#endif
