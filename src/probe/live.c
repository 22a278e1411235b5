/*
 * /proc is all that is read. Where the network is not the container's own, the sockets of others
 * are told apart by who holds them: only those count that a process in our process table has open.
 */
#include "probe/live.h"

#include <linux/fcntl.h>

#include "probe/folder.h"
#include "probe/http.h"
#include "probe/text.h"

enum {
    PORTS = 64,
    SOCKETS = 4096,
    TABLE = 1 << 20,
    STEP_MS = 50,
    SETTLE_MS = 400,
    HTTP_MS = 10000
};

struct port {
    unsigned number;
    int loopback; /* it can't be reached from outside */
    int v6;       /* only over IPv6 */
    int udp;
};

struct ports {
    struct port v[PORTS];
    unsigned n;
};

/* Sockets that processes hold; none when nobody lets us look. */
struct sockets {
    uint64_t inode[SOCKETS];
    unsigned n;
};

static struct sockets sockets;
static char table[TABLE];
static char status[8192];

/* ---- processes ------------------------------------------------------------------------------ */

static void each_process(void (*act)(const char *pid))
{
    struct folder f;
    const char *name;
    if (folder_open(&f, "/proc"))
        return;
    while ((name = folder_next(&f)))
        if (*name >= '1' && *name <= '9')
            act(name);
    folder_close(&f);
}

static int is_self(const char *pid)
{
    return text_number(pid, 10) == (uint64_t)SYS(__NR_getpid, 0, 0, 0, 0);
}

/* The value of "Name:\t…" up to the end of the line, with blanks put in one each. */
static void put_field(const char *name)
{
    const char *at = status, *value = NULL;
    while (*at && !value) {
        value = text_after(at, name);
        while (*at && *at++ != '\n')
            ;
    }
    for (; value && *value && *value != '\n'; value++) {
        char one[2] = {*value == '\t' ? ' ' : *value, 0};
        put(one);
    }
}

static int read_process(const char *pid, const char *file)
{
    char folder[64], path[96];
    return text_path(folder, sizeof folder, "/proc", pid) &&
           text_path(path, sizeof path, folder, file) &&
           text_of_file(path, status, sizeof status) > 0;
}

static void put_process(const char *pid)
{
    if (is_self(pid) || !read_process(pid, "status"))
        return;
    put("process ");
    put(pid);
    put(" uid");
    put_field("Uid:");
    put(" gid");
    put_field("Gid:");
    put(" groups");
    put_field("Groups:");
    put(" caps");
    put_field("CapEff:");
    put(" bounding");
    put_field("CapBnd:");
    put(" nnp");
    put_field("NoNewPrivs:");
    put(" name ");
    if (read_process(pid, "comm")) {
        size_t n = text_length(status);
        if (n && status[n - 1] == '\n')
            status[n - 1] = 0;
        put_name(status);
    }
    put("\n");
}

/* ---- sockets -------------------------------------------------------------------------------- */

static void note_sockets(const char *pid)
{
    char folder[64], fds[80], path[128], to[64];
    struct folder f;
    const char *name;
    if (is_self(pid) || !text_path(folder, sizeof folder, "/proc", pid) ||
        !text_path(fds, sizeof fds, folder, "fd") || folder_open(&f, fds))
        return;
    while ((name = folder_next(&f))) {
        if (!text_path(path, sizeof path, fds, name))
            continue;
        long n = SYS(__NR_readlinkat, AT_FDCWD, path, to, sizeof to - 1);
        to[n > 0 ? n : 0] = 0;
        const char *inode = text_after(to, "socket:[");
        if (inode && sockets.n < SOCKETS)
            sockets.inode[sockets.n++] = text_number(inode, 10);
    }
    folder_close(&f);
}

static int is_theirs(uint64_t inode)
{
    for (unsigned i = 0; i < sockets.n; i++)
        if (sockets.inode[i] == inode)
            return 1;
    return !sockets.n;
}

static void add_port(struct ports *all, struct port p)
{
    for (unsigned i = 0; i < all->n; i++) {
        struct port *known = &all->v[i];
        if (known->number == p.number && known->udp == p.udp) {
            known->loopback &= p.loopback;
            known->v6 &= p.v6;
            return;
        }
    }
    if (all->n < PORTS)
        all->v[all->n++] = p;
}

static const char *skip_words(const char *line, unsigned n)
{
    while (*line == ' ')
        line++;
    while (n--) {
        while (*line && *line != ' ')
            line++;
        while (*line == ' ')
            line++;
    }
    return line;
}

/* "  0: 0100007F:1F90 00000000:0000 0A …": number, address and port, peer, state, …, inode. */
static void read_line(struct ports *all, const char *line, int v6, int udp)
{
    const char *address = skip_words(line, 1), *port = address;
    while (*port && *port != ':' && *port != ' ')
        port++;
    if (*port != ':' || text_number(skip_words(line, 3), 16) != (udp ? 7u : 10u))
        return;
    if (!is_theirs(text_number(skip_words(line, 9), 10)))
        return;
    int local = v6 ? text_after(address, "00000000000000000000000001000000:") != NULL
                   : text_after(address, "0100007F:") != NULL;
    int mapped = v6 && text_after(address, "0000000000000000FFFF0000") != NULL;
    int any = text_after(address, "00000000000000000000000000000000:") != NULL;
    /* what listens on all addresses of IPv6 is reached over IPv4, too, but for an option */
    add_port(all,
             (struct port){(unsigned)text_number(port + 1, 16), local, v6 && !mapped && !any, udp});
}

static void read_table(struct ports *all, const char *path, int v6, int udp)
{
    const char *line = table;
    if (text_of_file(path, table, sizeof table) < 0)
        return;
    while (*line) {
        while (*line && *line++ != '\n')
            ;
        if (*line)
            read_line(all, line, v6, udp);
    }
}

static void find_ports(struct ports *all)
{
    all->n = 0;
    sockets.n = 0;
    each_process(note_sockets);
    read_table(all, "/proc/net/tcp", 0, 0);
    read_table(all, "/proc/net/tcp6", 1, 0);
    read_table(all, "/proc/net/udp", 0, 1);
    read_table(all, "/proc/net/udp6", 1, 1);
}

/* ---- waiting -------------------------------------------------------------------------------- */

static int listens(const struct ports *all, unsigned number)
{
    for (unsigned i = 0; i < all->n; i++)
        if (all->v[i].number == number)
            return 1;
    return 0;
}

static int enough(const struct ports *all, const struct live_question *q)
{
    unsigned tcp = 0;
    for (unsigned i = 0; i < q->port_count; i++)
        if (!listens(all, q->ports[i]))
            return 0;
    for (unsigned i = 0; i < all->n; i++)
        tcp += !all->v[i].udp;
    return q->port_count || tcp;
}

static void nap(unsigned ms)
{
    struct pause {
        long long seconds, nanoseconds;
    } t = {ms / 1000, (long long)(ms % 1000) * 1000000};
    SYS(__NR_nanosleep, &t, 0, 0, 0);
}

/* Goes on when what is wanted listens and nothing was added for a moment. */
static void wait_for_ports(const struct live_question *q, struct ports *all)
{
    uint64_t until = http_now() + q->wait_ms;
    unsigned last = 0, quiet = 0;
    for (;;) {
        find_ports(all);
        quiet = all->n == last ? quiet + STEP_MS : 0;
        last = all->n;
        if ((enough(all, q) && quiet >= SETTLE_MS) || http_now() >= until)
            return;
        nap(STEP_MS);
    }
}

/* ---- the answers ---------------------------------------------------------------------------- */

static void put_sum(const struct http_answer *answer)
{
    put(" ");
    put_number(answer->size, 10, 1);
    put(" ");
    for (int i = 0; i < 8; i++)
        put_number(answer->sum[i], 16, 8);
}

/* Twice, so that a body that changes by itself is not taken for a change of ours. */
static void ask(const struct port *p, const char *path)
{
    struct http_answer answer;
    put("http ");
    put_number(p->number, 10, 1);
    for (int i = 0; i < 2; i++) {
        int failed = http_get(p->number, p->v6, path, HTTP_MS, &answer);
        put(" ");
        put_number(failed ? 0 : answer.status, 10, 1);
        put_sum(&answer);
    }
    put("\n");
    put_flush();
}

static void put_port(const struct port *p)
{
    put(p->udp ? "listen udp " : "listen tcp ");
    put_number(p->number, 10, 1);
    put(p->loopback ? " loopback\n" : " any\n");
}

void live_look(const struct live_question *q)
{
    static struct ports all;
    wait_for_ports(q, &all);
    each_process(put_process);
    for (unsigned i = 0; i < all.n; i++)
        put_port(&all.v[i]);
    put_flush();
    for (unsigned i = 0; i < all.n; i++)
        if (!all.v[i].udp)
            ask(&all.v[i], q->path);
}
