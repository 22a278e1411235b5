/*
 * The answer is read as it comes: the head until its empty line, then the body into the sum. A
 * server that talks without end is left when the time is over or the body is large.
 */
#include "probe/http.h"

#include <linux/fcntl.h>
#include <linux/in.h>
#include <linux/in6.h>
#include <linux/poll.h>
#include <linux/time.h>

#include "probe/text.h"

enum { BODY_MAX = 16 << 20, HEAD_MAX = 64 << 10, STREAM = 1, FAMILY_4 = 2, FAMILY_6 = 10 };

struct reader {
    struct http_answer *out;
    struct sha256 sum;
    char head[16];     /* its first bytes, with the status */
    size_t head_n;     /* all its bytes so far */
    unsigned newlines; /* one after another */
    int in_body;
};

uint64_t http_now(void)
{
    struct __kernel_timespec t = {0};
    SYS(__NR_clock_gettime, CLOCK_MONOTONIC, &t, 0, 0);
    return (uint64_t)t.tv_sec * 1000 + (uint64_t)t.tv_nsec / 1000000;
}

/* Waits for the descriptor. False when the time is over. */
static int wait_for(int fd, short events, uint64_t until)
{
    uint64_t now = http_now();
    struct pollfd p = {fd, events, 0};
    if (now >= until)
        return 0;
    struct __kernel_timespec t = {(long long)((until - now) / 1000),
                                  (long long)((until - now) % 1000) * 1000000};
    return SYS(__NR_ppoll, &p, 1, &t, 0) > 0;
}

static int open_socket(unsigned port, int v6)
{
    struct sockaddr_in6 six = {0};
    struct sockaddr_in four = {0};
    unsigned short order = (unsigned short)(port >> 8 | port << 8);
    long fd = SYS(__NR_socket, v6 ? FAMILY_6 : FAMILY_4, STREAM | O_NONBLOCK | O_CLOEXEC, 0, 0);
    if (fd < 0)
        return -1;
    six.sin6_family = FAMILY_6;
    six.sin6_port = order;
    six.sin6_addr.s6_addr[15] = 1;
    four.sin_family = FAMILY_4;
    four.sin_port = order;
    four.sin_addr.s_addr = 0x0100007f;
    /* Not connected yet is as good as connected: the first write tells. */
    SYS(__NR_connect, fd, v6 ? (void *)&six : (void *)&four, v6 ? sizeof six : sizeof four, 0);
    return (int)fd;
}

static int send_all(int fd, const char *text, uint64_t until)
{
    size_t n = text_length(text), at = 0;
    while (at < n) {
        if (!wait_for(fd, POLLOUT, until))
            return 0;
        long done = sys_6(__NR_sendto, fd, (long)(text + at), (long)(n - at), 0x4000, 0, 0);
        if (done <= 0)
            return 0;
        at += (size_t)done;
    }
    return 1;
}

static size_t read_head(struct reader *r, const char *p, size_t n)
{
    size_t i = 0;
    for (; i < n && !r->in_body; i++) {
        if (r->head_n < sizeof r->head - 1)
            r->head[r->head_n] = p[i];
        r->head_n++;
        if (p[i] == '\n')
            r->newlines++;
        else if (p[i] != '\r')
            r->newlines = 0;
        r->in_body = r->newlines == 2;
    }
    return i;
}

static void read_some(struct reader *r, const char *p, size_t n)
{
    size_t used = r->in_body ? 0 : read_head(r, p, n);
    sha256_add(&r->sum, p + used, n - used);
    r->out->size += n - used;
}

static int read_answer(int fd, struct reader *r, uint64_t until)
{
    char block[4096];
    while (r->out->size < BODY_MAX && (r->in_body || r->head_n < HEAD_MAX)) {
        if (!wait_for(fd, POLLIN, until))
            break;
        long got = SYS(__NR_read, fd, block, sizeof block, 0);
        if (got <= 0)
            break;
        read_some(r, block, (size_t)got);
    }
    return r->head_n != 0;
}

int http_get(unsigned port, int v6, const char *path, unsigned wait_ms, struct http_answer *out)
{
    struct reader r = {.out = out};
    uint64_t until = http_now() + wait_ms;
    int fd = open_socket(port, v6);
    *out = (struct http_answer){0};
    if (fd < 0)
        return -1;
    sha256_begin(&r.sum);
    int answered =
        send_all(fd, "GET ", until) && send_all(fd, path, until) &&
        send_all(fd, " HTTP/1.0\r\nHost: localhost\r\nUser-Agent: unroot\r\nAccept: */*\r\n\r\n",
                 until) &&
        read_answer(fd, &r, until);
    SYS(__NR_close, fd, 0, 0, 0);
    const char *version = text_after(r.head, "HTTP/1.");
    if (version && version[0] && version[1] == ' ')
        out->status = (unsigned)text_number(version + 2, 10);
    sha256_end(&r.sum);
    for (int i = 0; i < 8; i++)
        out->sum[i] = r.sum.state[i];
    return answered ? 0 : -1;
}
