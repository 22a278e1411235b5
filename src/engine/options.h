/* The options object behind include/unroot.h. */
#ifndef ENGINE_OPTIONS_H
#define ENGINE_OPTIONS_H

#include "unit/settings.h"
#include "unroot.h"

struct ur_options {
    struct arena arena;
    struct settings settings;
    char error[512];
    bool sealed;
};

#endif
