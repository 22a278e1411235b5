/*
 * pss: the Pod Security Standards, as policy v1.37 of the admission controller has them: every
 * check of baseline and restricted, as a table. What violates one is told with its field and line.
 */
#ifndef KUBERNETES_PSS_H
#define KUBERNETES_PSS_H

#include "kubernetes/workload.h"

enum pss_level { PSS_BASELINE, PSS_RESTRICTED };

struct pss;

struct pss_check {
    const char *id; /* the standard's: "hostNamespaces" */
    enum pss_level level;
    const char *rule;      /* ours: "pod-host-namespaces" */
    const char *overrides; /* a check of baseline that restricted has in another form; or NULL */
    void (*run)(struct pss *s);
};

extern const struct pss_check pss_checks[];
extern const size_t pss_check_count;

struct pss_violation {
    const struct pss_check *check;
    const struct yplace *at; /* what is wrong, or what lacks something */
    struct str field;        /* "spec.containers[0].securityContext.privileged" */
    struct str message;      /* "must not be true" */
    size_t finding;          /* for those who report it: which one it is, from 1 */
};

typedef VEC(struct pss_violation) pss_violations;

/* All violations of a level by a pod, in the order of the table. */
pss_violations pss_evaluate(struct arena *a, const struct pod *pod, enum pss_level level);

/* "baseline", "restricted". */
const char *pss_level_name(enum pss_level level);
bool pss_level_of(struct str name, enum pss_level *level);

/* What restricted takes; for those who repair. */
bool pss_volume_allowed(struct str source);
bool pss_sysctl_allowed(struct str name);
bool pss_selinux_type_allowed(struct str type);
bool pss_apparmor_annotation_allowed(struct str value);
bool pss_capability_allowed(struct str name, enum pss_level level);

#define PSS_APPARMOR_ANNOTATION "container.apparmor.security.beta.kubernetes.io/"

#endif
