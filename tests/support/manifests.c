#include "tests/support/manifests.h"

#include <string.h>

#include "base/str.h"

/* How long what stands for nothing is, with the blanks before it: {} and the like may be filled. */
static size_t nothing_at(const char *p, size_t n)
{
    static const char *const nothing[] = {"{}", "[]", "[ ]", "{ }", "~", "null", "Null", "NULL"};
    size_t blanks = 0;
    while (blanks < n && p[blanks] == ' ')
        blanks++;
    for (size_t i = 0; i < sizeof nothing / sizeof *nothing; i++) {
        size_t len = strlen(nothing[i]);
        if (n - blanks >= len && memcmp(p + blanks, nothing[i], len) == 0)
            return blanks + len;
    }
    return 0;
}

/* Every byte that was there is there, in its order, but for values that were empty. */
static const char *only_added(const char *was, size_t was_size, const char *now, size_t now_size)
{
    size_t at = 0, i = 0;
    while (at < was_size) {
        at += nothing_at(was + at, was_size - at);
        while (at < was_size && i < now_size && now[i] != was[at])
            i++;
        if (at < was_size && i == now_size)
            return "bytes are gone without unsafe-fixes";
        at += at < was_size;
        i++;
    }
    return NULL;
}

/* Something that replaces values without unsafe-fixes. */
static int replaces(const struct ur_result *r)
{
    for (size_t i = 0; i < ur_result_finding_count(r); i++) {
        const struct ur_finding *f = ur_result_finding(r, i);
        if (f->fixed &&
            (strcmp(f->rule, "pod-ports") == 0 || strcmp(f->rule, "compose-ports") == 0 ||
             strcmp(f->rule, "namespace-labels") == 0))
            return 1;
    }
    return 0;
}

static const char *second_run(manifests_harden *harden, const struct ur_options *options,
                              const struct ur_images *images, const char *bytes, size_t size)
{
    const char *wrong = NULL;
    struct ur_result *again = harden(options, images, "manifest.yaml", bytes, size);
    if (ur_result_status(again) != UR_OK)
        wrong = "the changed file is refused";
    else if (ur_result_changed(again))
        wrong = "a second run changes the file again";
    ur_result_free(again);
    return wrong;
}

/* What is violated is fixed, or the finding says why it can't be. */
static const char *satisfied(const struct ur_result *r)
{
    if (ur_result_answer(r) == UR_REFUSED)
        return NULL;
    for (size_t i = 0; i < ur_result_finding_count(r); i++) {
        const struct ur_finding *f = ur_result_finding(r, i);
        if (!f->fixed && !f->reason && f->level == UR_WARNING)
            return strdup(f->message);
    }
    return NULL;
}

const char *manifests_check(manifests_harden *harden, const struct ur_options *options,
                            const struct ur_images *images, int unsafe, const char *bytes,
                            size_t size)
{
    const char *wrong = NULL;
    struct ur_result *r = harden(options, images, "manifest.yaml", bytes, size);
    size_t now_size;
    const char *now = ur_result_bytes(r, &now_size);
    if (ur_result_status(r) == UR_EGATE)
        wrong = strdup(ur_result_error(r));
    if (!wrong && ur_result_status(r) == UR_OK) {
        wrong = second_run(harden, options, images, now, now_size);
        if (!wrong && !unsafe && !replaces(r))
            wrong = only_added(bytes, size, now, now_size);
        if (!wrong && unsafe)
            wrong = satisfied(r);
        if (!wrong && ur_result_answer(r) >= UR_REVIEW && !ur_result_reason(r))
            wrong = "review or refused without a reason";
    }
    ur_result_free(r);
    return wrong;
}
