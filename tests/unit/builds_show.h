/* For tests of builds: what was read as one line for each build, so that a test states it beside
 * the file. Only what differs from a service that says nothing is shown; '?' is not known, '~'
 * assumed.
 *
 *     web@2 in= file=Dockerfile target=dev A=1 80:8080/tcp volume:data:/data cmd
 */
#ifndef TESTS_BUILDS_SHOW_H
#define TESTS_BUILDS_SHOW_H

#include "tests/support/unit.h"

#include "base/buf.h"
#include "repo/builds.h"

static struct arena arena;

static inline int teardown(void **state)
{
    (void)state;
    arena_release(&arena);
    return 0;
}

static inline void show_value(struct buf *b, struct build_text t)
{
    buf_addf(b, "%.*s%s%s", STR_ARG(t.text), t.known ? "" : "?", t.assumed ? "~" : "");
    if (!t.known)
        assert_int_equal(t.text.n, 0);
}

/* What is neither written nor unknown is not shown. */
static inline void show_text(struct buf *b, const char *name, struct build_text t)
{
    if (!t.line && t.known && !t.text.n)
        return;
    buf_addf(b, " %s=", name);
    show_value(b, t);
}

static inline void show_pairs(struct buf *b, const char *mark, const build_pairs *pairs, bool whole)
{
    VEC_EACH (p, pairs) {
        buf_addf(b, " %s%.*s=", mark, STR_ARG(p->name));
        show_value(b, p->value);
    }
    if (!whole)
        buf_addf(b, " %s…", mark);
}

static inline void show_range(struct buf *b, unsigned from, unsigned to)
{
    buf_addf(b, from == to ? "%u" : "%u-%u", from, to);
}

static inline void show_port(struct buf *b, const struct build_port *p)
{
    buf_addc(b, ' ');
    if (p->host_ip.n)
        buf_addf(b, "%.*s:", STR_ARG(p->host_ip));
    if (p->host_known)
        show_range(b, p->host, p->host_to);
    else
        buf_addc(b, '?');
    buf_addc(b, ':');
    if (p->container)
        show_range(b, p->container, p->container_to);
    else
        buf_addc(b, '?');
    buf_addf(b, "/%.*s%s", STR_ARG(p->protocol), p->assumed ? "~" : "");
}

static inline void show_mount(struct buf *b, const struct build_mount *m)
{
    static const char *const kinds[] = {"unknown", "anonymous", "volume", "bind", "tmpfs"};
    buf_addf(b, " %s:", kinds[m->kind]);
    if (m->kind == BUILD_MOUNT_VOLUME || m->kind == BUILD_MOUNT_BIND) {
        show_value(b, m->source);
        buf_addc(b, ':');
    }
    show_value(b, m->target);
    if (m->read_only)
        buf_addz(b, ":ro");
}

static inline void show_lists(struct buf *b, const struct build *x)
{
    show_pairs(b, "", &x->args, x->args_whole);
    show_pairs(b, "+", &x->named, x->named_whole);
    VEC_EACH (p, &x->ports)
        show_port(b, p);
    if (!x->ports_whole)
        buf_addz(b, " ports…");
    VEC_EACH (m, &x->mounts)
        show_mount(b, m);
    if (!x->mounts_whole)
        buf_addz(b, " mounts…");
}

static inline void show_build(struct buf *b, const struct build *x)
{
    buf_addf(b, "%.*s@%u", STR_ARG(x->service), x->line);
    if (x->profile.n)
        buf_addf(b, " profile=%.*s", STR_ARG(x->profile));
    buf_addz(b, " in=");
    show_value(b, x->context);
    show_text(b, "file", x->dockerfile);
    if (x->dockerfile_or.known)
        show_text(b, "or", x->dockerfile_or);
    show_text(b, "target", x->target);
    show_text(b, "image", x->image);
    show_text(b, "user", x->user);
    show_lists(b, x);
    buf_addz(b, x->dockerfile_inline ? " inline" : "");
    buf_addz(b, x->command ? " cmd" : "");
    buf_addz(b, x->entrypoint ? " entry" : "");
    buf_addz(b, x->no_image ? " no-image" : "");
    buf_addz(b, x->inherited ? " inherited" : "");
    buf_addz(b, x->partial ? " partial" : "");
    buf_addc(b, '\n');
}

static inline struct str show_from(const char *path, const char *base, struct str bytes)
{
    struct builds builds;
    struct buf b = buf_in(&arena);
    const char *error = base ? builds_read_from(&arena, str_of(path), str_of(base), bytes, &builds)
                             : builds_read(&arena, str_of(path), bytes, &builds);
    if (error) {
        assert_int_equal(builds.list.n, 0);
        return str_fmt(&arena, "! %s", error);
    }
    VEC_EACH (x, &builds.list) {
        EQ_STR(x->file, str_of(path), "the file");
        show_build(&b, x);
    }
    return buf_str(&b);
}

static inline struct str show(const char *path, const char *bytes)
{
    return show_from(path, NULL, str_of(bytes));
}

#endif
