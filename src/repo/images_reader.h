/* What the readers of files that build images share. For images*.c only. */
#ifndef REPO_IMAGES_READER_H
#define REPO_IMAGES_READER_H

#include "repo/builds_reader.h"
#include "repo/images.h"
#include "yaml/ytree.h"

/* What one command or step builds. Texts may have holes; paths are seen from `base`. */
struct images_step {
    struct str image;
    struct str context;    /* "" is "." */
    struct str dockerfile; /* "" is the usual one in the context */
    struct str target;
    struct str base;   /* the folder it runs in, from the root */
    bool from_context; /* the Dockerfile is seen from the context, as Compose does */
    unsigned line;
};

/* Takes the step down, when its Dockerfile can be told. */
void images_add_step(struct images *im, const struct images_file *f, const struct images_step *s);
/* The folder that a file lies in, from the root. */
struct str images_folder(struct str path);
/* The name without tag and digest, normalised, and whether something unknown stands in front of it.
 * False when it can't be told. */
bool images_name(struct arena *a, struct str image, struct str *name, bool *open);

/* Finds "docker build …" in a text that begins in `line`. Each value of a variable comes from
 * `value`, which gives a text with holes. */
struct images_scan {
    struct images *images;
    const struct images_file *file;
    struct str base;
    unsigned line;
    /* The value of a variable of the file; a hole when there is none. */
    struct str (*value)(void *ctx, struct str name);
    void *ctx;
};
void images_scan(const struct images_scan *s, struct str text);

void images_read_script(struct images *im, const struct images_file *f);
void images_read_workflow(struct images *im, const struct images_file *f);
void images_read_tilt(struct images *im, const struct images_file *f);
void images_read_kustomize(struct images *im, const struct images_file *f);

#endif
