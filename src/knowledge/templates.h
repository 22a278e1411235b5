/*
 * Templates: the files of templates/ and others that are built into the program, by their path from
 * the project's root ("templates/images/node.yaml"). All is constant; nothing is parsed here.
 */
#ifndef KNOWLEDGE_TEMPLATES_H
#define KNOWLEDGE_TEMPLATES_H

#include "base/str.h"

struct template
{
    const char *path;
    size_t size;
    const char *bytes; /* a NUL follows that is not counted */
};

/* A name that a template says it is about: `images: [node]` in templates/images/node.yaml. */
struct template_name {
    const char *folder; /* "images" */
    const char *name;   /* "node"; for a prefix without its '*' */
    unsigned template;  /* index into templates_table */
};

struct templates {
    const struct template *v;
    size_t n;
};

struct template_names {
    const struct template_name *v;
    size_t n;
};

/* NULL when there is none. */
const struct template *templates_find(struct str path);

/* The templates whose path starts with `prefix`, sorted by path; for VEC_EACH. */
struct templates templates_each(struct str prefix);

/* The template of a folder ("images") that is about `name`: the one that has exactly this name,
 * else the one with the longest prefix of it. NULL when there is none. */
const struct template *templates_named(const char *folder, struct str name);

/* Exact names of a folder sorted by name; prefixes longest first. */
struct template_names templates_exact_names(const char *folder);
struct template_names templates_prefix_names(const char *folder);

/* Written by embed.sh: sorted by path, sorted by folder and name, by folder and length. */
extern const struct template templates_table[];
extern const size_t templates_count;
extern const struct template_name templates_exact[];
extern const size_t templates_exact_count;
extern const struct template_name templates_prefixes[];
extern const size_t templates_prefixes_count;

#endif
