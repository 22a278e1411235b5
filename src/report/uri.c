#include "report/uri.h"

#include "base/buf.h"

static bool is_plain(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
           (c && strchr("-._~/+=,@", c));
}

struct str uri_of_path(struct arena *a, struct str path)
{
    struct buf b = buf_in(a);
    if (str_starts(path, STR("/")))
        buf_addz(&b, "file://");
    for (size_t i = 0; i < path.n; i++)
        if (is_plain(path.p[i]))
            buf_addc(&b, path.p[i]);
        else
            buf_addf(&b, "%%%02X", (unsigned char)path.p[i]);
    return buf_str(&b);
}
