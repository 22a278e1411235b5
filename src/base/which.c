#include "base/which.h"

#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/str.h"

static bool is_program(const char *path)
{
    struct stat st;
    return stat(path, &st) == 0 && S_ISREG(st.st_mode) && access(path, X_OK) == 0;
}

const char *which_find(struct arena *a, const char *name)
{
    const char *path = getenv("PATH");
    struct str rest = str_of(path ? path : "/usr/local/bin:/usr/bin:/bin"), dir;
    while (str_split(&rest, ':', &dir)) {
        if (!str_starts(dir, STR("/")))
            continue;
        const char *file = str_fmt(a, "%.*s/%s", STR_ARG(dir), name).p;
        if (is_program(file))
            return file;
    }
    return NULL;
}
