/* Ports below 1024 in a start command: arguments, addresses, variables. */
#include "unit/walk.h"

void walk_privileged_port(struct walk *w, struct str what)
{
    obstacle_review(w->o, "privileged-port", w->at, STR(OBSTACLE_LOW_PORT),
                    "listens on a port below 1024 ('%s')", walk_text(w, what));
}

/* ":80", "0.0.0.0:80", "--port=80" and "--port 80": a port below 1024. */
static bool low_port(struct str s)
{
    uint64_t v;
    ptrdiff_t at = str_rchr(s, ':');
    if (at < 0)
        at = str_rchr(s, '=');
    return str_to_u64(str_from(s, (size_t)(at + 1)), 1023, &v) && v > 0 && (at >= 0 || s.n <= 4);
}

static bool port_option(struct str s)
{
    static const char *const names[] = {
        "--port", "-p", "-port",         "--http-port", "--bind", "-b",     "--listen",
        "-l",     "-P", "--server.port", "--addr",      "-addr",  "--http", NULL};
    for (const char *const *n = names; *n; n++)
        if (str_is(s, *n) ||
            (str_starts(s, str_of(*n)) && str_chr(s, '=') == (ptrdiff_t)strlen(*n)))
            return true;
    return false;
}

/* PORT=80, -Dserver.port=80, ${PORT:-80} */
bool walk_names_low_port(struct str s)
{
    static const char *const marks[] = {"PORT=", "port=", "Port=", "PORT:-", NULL};
    for (const char *const *m = marks; *m; m++) {
        ptrdiff_t at = str_find(s, str_of(*m));
        struct str rest = at < 0 ? STR("") : str_from(s, (size_t)at + strlen(*m));
        size_t digits = 0;
        while (digits < rest.n && rest.p[digits] >= '0' && rest.p[digits] <= '9')
            digits++;
        uint64_t port;
        if (str_to_u64(str_sub(rest, 0, digits), 1023, &port) && port > 0)
            return true;
    }
    return false;
}

void walk_ports(struct walk *w, const struct shell_word *words, size_t n)
{
    for (size_t i = 0; i < n; i++)
        if (walk_names_low_port(words[i].value))
            walk_privileged_port(w, words[i].value);
    for (size_t i = 1; i < n; i++) {
        struct str v = words[i].value;
        bool behind = i > 1 && port_option(words[i - 1].value);
        bool address =
            str_has(v, "0.0.0.0:") || str_starts(v, STR(":")) || str_starts(v, STR("[::]:"));
        bool port = behind || (port_option(v) && str_chr(v, '=') > 0) || address ||
                    (i > 1 && str_is(words[i - 1].value, "http.server"));
        if (port && low_port(v))
            walk_privileged_port(w, v);
    }
}
