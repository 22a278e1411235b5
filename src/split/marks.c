#include "split/marks.h"

bool marks_any(struct str text, const char *const *marks)
{
    for (; *marks; marks++)
        if (str_find(text, str_of(*marks)) >= 0)
            return true;
    return false;
}

bool marks_ends(struct str name, const char *const *ends)
{
    for (; *ends; ends++)
        if (str_ends(name, str_of(*ends)))
            return true;
    return false;
}

struct str marks_system_path(struct str text)
{
    static const char *const marks[] = {"\"/usr/", "\"/bin/", "\"/sbin/", "\"/lib",
                                        "`/usr/",  "`/bin/",  NULL};
    for (const char *const *m = marks; *m; m++) {
        ptrdiff_t at = str_find(text, str_of(*m));
        struct str path = at < 0 ? STR("") : str_from(text, (size_t)at + 1);
        size_t n = 0;
        while (n < path.n && n < 60 && path.p[n] != '"' && path.p[n] != '`' && path.p[n] != '\n')
            n++;
        if (n && !str_starts(path, STR("/usr/share/zoneinfo")))
            return str_sub(path, 0, n);
    }
    return STR("");
}
