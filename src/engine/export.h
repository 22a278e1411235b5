/* The images of a Dockerfile's stages as they will be, for ur_result_image(). */
#ifndef ENGINE_EXPORT_H
#define ENGINE_EXPORT_H

#include "engine/options.h"
#include "unit/unit.h"

struct exported_image {
    struct str stage; /* its name, "" when it has none */
    bool last;
    struct ur_image image;
};

struct exported {
    struct exported_image *v;
    size_t n, cap;
};

/* `before` is the unit that was rewritten, `after` the one over the new bytes; the same when
 * nothing was changed. */
void export_images(struct unit *before, struct unit *after, struct exported *out);
/* By the name of the stage, "" for the last one; NULL when it is not shipped. */
const struct ur_image *export_image(const struct exported *images, struct str target);

/* An image by the facts of the options; false when there are none. What it points to is in `a`. */
bool export_facts(struct arena *a, const struct ur_options *o, struct str name,
                  struct ur_image *out);

#endif
