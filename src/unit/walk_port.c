/* Ports below 1024 in a start command: arguments, addresses, variables. */
#include "unit/port_text.h"
#include "unit/walk.h"

void walk_privileged_port(struct walk *w, struct str what)
{
    obstacle_review(w->o, "privileged-port", w->at, STR(OBSTACLE_LOW_PORT),
                    "listens on a port below 1024 ('%s')", walk_text(w, what));
}

static bool names_low_port(const port_words *words, size_t i)
{
    struct span number;
    uint32_t port;
    return port_in_word(words, i, &number, &port) && port > 0 && port < 1024;
}

bool walk_names_low_port(struct str s)
{
    struct port_word word = {.value = s};
    port_words words = {.v = &word, .n = 1};
    return names_low_port(&words, 0);
}

void walk_ports(struct walk *w, const struct shell_word *words, size_t n)
{
    port_words all = {0};
    for (size_t i = 0; i < n; i++)
        *vec_push(w->o->unit->arena, &all) = (struct port_word){.value = words[i].value};
    for (size_t i = 0; i < n; i++)
        if (names_low_port(&all, i))
            walk_privileged_port(w, words[i].value);
}
