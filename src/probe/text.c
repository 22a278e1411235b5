/* No globals but one buffer for the output: the probe has one thread and lives for a moment. */
#include "probe/text.h"

#include <linux/fcntl.h>

enum { ROOM = 16384 };

static char pending[ROOM];
static size_t pending_n;

void *memcpy(void *to, const void *from, size_t n)
{
    volatile char *t = to;
    const char *f = from;
    for (size_t i = 0; i < n; i++)
        t[i] = f[i];
    return to;
}

void *memset(void *to, int byte, size_t n)
{
    volatile char *t = to;
    for (size_t i = 0; i < n; i++)
        t[i] = (char)byte;
    return to;
}

size_t text_length(const char *z)
{
    size_t n = 0;
    while (z[n])
        n++;
    return n;
}

const char *text_after(const char *z, const char *front)
{
    while (*front)
        if (*z++ != *front++)
            return NULL;
    return z;
}

static int digit(char c)
{
    if (c >= '0' && c <= '9')
        return c - '0';
    if (c >= 'a' && c <= 'f')
        return c - 'a' + 10;
    if (c >= 'A' && c <= 'F')
        return c - 'A' + 10;
    return 99;
}

uint64_t text_number(const char *z, unsigned base)
{
    uint64_t n = 0;
    for (; digit(*z) < (int)base; z++)
        n = n * base + (uint64_t)digit(*z);
    return n;
}

void put_flush(void)
{
    size_t at = 0;
    while (at < pending_n) {
        long done = SYS(__NR_write, 1, pending + at, pending_n - at, 0);
        if (done <= 0)
            sys_exit(1);
        at += (size_t)done;
    }
    pending_n = 0;
}

static void put_char(char c)
{
    if (pending_n == ROOM)
        put_flush();
    pending[pending_n++] = c;
}

void put(const char *z)
{
    while (*z)
        put_char(*z++);
}

void put_number(uint64_t n, unsigned base, unsigned digits)
{
    char text[24];
    size_t at = sizeof text;
    do {
        text[--at] = "0123456789abcdef"[n % base];
        n /= base;
    } while ((n || sizeof text - at < digits) && at);
    while (at < sizeof text)
        put_char(text[at++]);
}

/* As in C strings: a blank is \040. */
void put_name(const char *z)
{
    for (; *z; z++) {
        unsigned char c = (unsigned char)*z;
        if (c > ' ' && c != '\\' && c != 127) {
            put_char(*z);
        } else {
            put_char('\\');
            put_number(c, 8, 3);
        }
    }
}

long text_of_file(const char *path, char *to, size_t cap)
{
    long fd = SYS(__NR_openat, AT_FDCWD, path, O_RDONLY | O_CLOEXEC, 0);
    size_t n = 0;
    if (fd < 0)
        return -1;
    while (n + 1 < cap) {
        long got = SYS(__NR_read, fd, to + n, cap - 1 - n, 0);
        if (got <= 0)
            break;
        n += (size_t)got;
    }
    SYS(__NR_close, fd, 0, 0, 0);
    to[n] = 0;
    return (long)n;
}

int text_path(char *to, size_t cap, const char *folder, const char *name)
{
    size_t n = text_length(folder), m = text_length(name);
    if (n + m + 2 > cap)
        return 0;
    memcpy(to, folder, n);
    if (n && to[n - 1] != '/')
        to[n++] = '/';
    memcpy(to + n, name, m + 1);
    return 1;
}
