/* facts_yaml: image facts as YAML in the format of docs/facts.md. */
#ifndef CLI_FACTS_YAML_H
#define CLI_FACTS_YAML_H

#include "knowledge/facts.h"

/* A facts file about these repositories. What has its default value is left out. */
struct str facts_yaml(struct arena *a, const struct str *images, size_t n, const struct facts *f);

#endif
