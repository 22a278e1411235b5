/*
 * yscalar: what a scalar is read as: text, number, boolean, null. As the YAML 1.1 readers do that
 * Kubernetes and Compose use; where 1.1 and 1.2 differ (yes, 0o17, 017) it is never a text.
 */
#ifndef YAML_YSCALAR_H
#define YAML_YSCALAR_H

#include "yaml/ytree.h"

enum yscalar_type { YSCALAR_TEXT, YSCALAR_NULL, YSCALAR_BOOL, YSCALAR_NUMBER, YSCALAR_OTHER };

/* Of what stands there without quotes. OTHER: dates and the like, which readers disagree on. */
enum yscalar_type yscalar_of_plain(struct str text);
/* Of a node, aliases followed; OTHER for collections and tags that are not understood. */
enum yscalar_type yscalar_type(const struct ytree_node *n);

/* True for a boolean, and its value. */
bool yscalar_bool(const struct ytree_node *n, bool *value);
/* True for an integer that fits, and its value. */
bool yscalar_int(const struct ytree_node *n, int64_t *value);
/* True for what a field of the type string takes: a text. */
bool yscalar_string(const struct ytree_node *n, struct str *value);

#endif
