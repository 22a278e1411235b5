/* What a move of ports asks of those who run the image. */
#include "base/buf.h"
#include "base/utf8.h"
#include "unit/port.h"

/* "port 80", "ports 80 and 443" */
static void put_ports(struct buf *b, const struct ports *p, bool to)
{
    size_t n = p->moves.n;
    for (size_t i = 0; i < n; i++)
        buf_addf(b, "%s%u",
                 !i           ? ""
                 : i + 1 == n ? " and "
                              : ", ",
                 to ? p->moves.v[i].to : p->moves.v[i].from);
}

static const char *assumption(struct arena *a, const struct ports *p)
{
    struct buf b = buf_in(a);
    buf_addf(&b, "whoever publishes port%s ", p->moves.n > 1 ? "s" : "");
    put_ports(&b, p, false);
    buf_addz(&b, " of this image publishes ");
    put_ports(&b, p, true);
    buf_addf(&b, " from now on (docker run -p %u:%u, compose ports, Service targetPort)",
             p->moves.v[0].from, p->moves.v[0].to);
    if (p->variable.n)
        buf_addf(&b, "; the program listens where %.*s says", STR_ARG(p->variable));
    if (p->key.n)
        buf_addf(&b, "; the user may read '%s'", utf8_safe(a, p->key, 80).p);
    if (p->shows_port)
        buf_addf(&b, "; nobody minds that the server's own redirects name port %u",
                 p->moves.v[0].to);
    return buf_str(&b).p;
}

static const char *message(struct arena *a, const struct ports *p)
{
    struct buf b = buf_in(a);
    buf_addf(&b, "listens on port%s ", p->moves.n > 1 ? "s" : "");
    put_ports(&b, p, false);
    buf_addf(&b, ", which become%s ", p->moves.n > 1 ? "" : "s");
    put_ports(&b, p, true);
    return buf_str(&b).p;
}

static bool is_low_port(const struct obstacle *o)
{
    return !o->refuse && o->assumption && str_is(str_of(o->assumption), OBSTACLE_LOW_PORT);
}

bool port_is_asked(const struct obstacles *o)
{
    VEC_EACH (it, &o->v)
        if (is_low_port(it))
            return true;
    return false;
}

void port_explain(struct obstacles *o, const struct ports *p)
{
    VEC_EACH (it, &o->v) {
        if (!p || !is_low_port(it))
            continue;
        if (port_moves(p)) {
            it->message = message(o->unit->arena, p);
            it->assumption = assumption(o->unit->arena, p);
        } else if (p->none_low) {
            it->message = "exposes a port below 1024, on which it does not listen";
            it->assumption = "nobody publishes that port";
        }
    }
}
