/* color: when to colour, and the colours of a patch. */
#ifndef CLI_COLOR_H
#define CLI_COLOR_H

#include "cli/out.h"

/* What is to be done to text before it goes out. */
struct color {
    bool on;   /* colours */
    bool safe; /* control characters are replaced: it goes to a terminal */
};

struct color color_for(const struct cli *c, const struct out *o);

/* A patch with colours as asked for. The text itself when nothing is to be done. */
struct str color_patch(struct arena *a, struct color how, struct str patch);
/* Lines of "path:line:col: level: message": the level is coloured. */
struct str color_findings(struct arena *a, struct color how, struct str text);

#endif
