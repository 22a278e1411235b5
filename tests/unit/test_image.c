#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdio.h>
#include <stdlib.h>

#include "dockerfile/image.h"

#define HEX32 "0123456789abcdef0123456789abcdef"
#define HEX64 HEX32 HEX32
#define SHA256 "sha256:" HEX64

static bool parses(const char *text)
{
    struct arena a = {0};
    struct image_ref ref;
    bool ok = image_parse(&a, str_of(text), &ref);
    arena_release(&a);
    return ok;
}

static void is(const char *text, const char *repository, const char *tag, const char *digest)
{
    struct arena a = {0};
    struct image_ref r;
    if (!image_parse(&a, str_of(text), &r))
        fail_msg("'%s' does not parse", text);
    if (!str_is(r.text, text) || !str_is(r.repository, repository) || !str_is(r.tag, tag) ||
        !str_is(r.digest, digest))
        fail_msg("'%s' gives '%.*s' '%.*s' '%.*s'", text, STR_ARG(r.repository), STR_ARG(r.tag),
                 STR_ARG(r.digest));
    arena_release(&a);
}

static void refused(const char *const *texts, size_t n)
{
    for (size_t i = 0; i < n; i++)
        if (parses(texts[i]))
            fail_msg("'%s' parses", texts[i]);
}

#define REFUSED(...)                                                                               \
    refused((const char *const[]){__VA_ARGS__},                                                    \
            sizeof((const char *const[]){__VA_ARGS__}) / sizeof(char *))

static void names_of_docker_hub_are_normalised(void **state)
{
    (void)state;
    static const char *const same[] = {
        "node",
        "library/node",
        "docker.io/node",
        "docker.io/library/node",
        "Docker.IO/library/node",
        "index.docker.io/node",
        "index.docker.io/library/node",
        "registry-1.docker.io/library/node",
        "registry.hub.docker.com/library/node",
        "public.ecr.aws/docker/library/node",
        "mirror.gcr.io/library/node",
        "mirror.gcr.io/node",
        "mcr.microsoft.com/mirror/docker/library/node",
    };
    for (size_t i = 0; i < sizeof same / sizeof *same; i++)
        is(same[i], "node", "", "");
    is("docker.io/bitnami/redis", "bitnami/redis", "", "");
    is("bitnami/redis", "bitnami/redis", "", "");
    is("mirror.gcr.io/bitnami/redis:7", "bitnami/redis", "7", "");
}

static void only_an_official_name_loses_library(void **state)
{
    (void)state;
    is("library/a/b", "library/a/b", "", "");
    is("docker.io/library/a/b", "library/a/b", "", "");
    is("libraryx/node", "libraryx/node", "", "");
    is("library", "library", "", "");
    is("quay.io/library/node", "quay.io/library/node", "", "");
    is("public.ecr.aws/library/node", "public.ecr.aws/library/node", "", "");
    is("public.ecr.aws/docker/node", "public.ecr.aws/docker/node", "", "");
    is("docker.io:443/library/node", "docker.io:443/library/node", "", "");
    is("mcr.microsoft.com/dotnet/aspnet:8.0", "mcr.microsoft.com/dotnet/aspnet", "8.0", "");
}

static void other_hosts_stay(void **state)
{
    (void)state;
    is("quay.io/x/y", "quay.io/x/y", "", "");
    is("gcr.io/distroless/static:nonroot", "gcr.io/distroless/static", "nonroot", "");
    is("localhost/x", "localhost/x", "", "");
    is("localhost:5000/x:1", "localhost:5000/x", "1", "");
    is("reg:5000/x/y/z:1", "reg:5000/x/y/z", "1", "");
    is("127.0.0.1:80/x", "127.0.0.1:80/x", "", "");
    is("[2001:db8::1]:5000/x:1", "[2001:db8::1]:5000/x", "1", "");
    is("[::1]/x", "[::1]/x", "", "");
    is("Reg/x", "Reg/x", "", "");
    is("Z/x", "Z/x", "", "");
    is("a-b.Z-0/x", "a-b.Z-0/x", "", "");
    is("[FE80::f]/x", "[FE80::f]/x", "", "");
}

static void a_host_needs_a_slash(void **state)
{
    (void)state;
    is("localhost:5000", "localhost", "5000", "");
    is("gcr.io", "gcr.io", "", "");
    is("example.com:80", "example.com", "80", "");
    is("my_host.x/app", "my_host.x/app", "", "");
    is("foo/bar:1", "foo/bar", "1", "");
}

static void tags(void **state)
{
    (void)state;
    char text[140] = "x:";
    is("node:20-alpine3.19", "node", "20-alpine3.19", "");
    is("node:_A.b-C", "node", "_A.b-C", "");
    memset(text + 2, 't', 128);
    assert_true(parses(text));
    text[130] = 't';
    assert_false(parses(text));
    REFUSED("node:", "node:.1", "node:-1", "node:a+b", "node:a b", "node:1:2", "node:a/b",
            "node:\xC3\xA9", ":1");
}

static void digests(void **state)
{
    (void)state;
    is("node@" SHA256, "node", "", SHA256);
    is("docker.io/library/node:20@" SHA256, "node", "20", SHA256);
    is("gcr.io/x/y@" SHA256, "gcr.io/x/y", "", SHA256);
    is("x@sha512:" HEX64 HEX64, "x", "", "sha512:" HEX64 HEX64);
    is("x@sha384:" HEX64 HEX32, "x", "", "sha384:" HEX64 HEX32);
    is("x@md5:" HEX32, "x", "", "md5:" HEX32);
    is("x@other:AF" HEX32, "x", "", "other:AF" HEX32);
    is("x@other+b.c:" HEX32, "x", "", "other+b.c:" HEX32);
    REFUSED("x@", "x@sha256", "x@sha256:", "x@sha256:" HEX32, "x@" SHA256 "0", "x@SHA256:" HEX64,
            "x@sha256:0123456789ABCDEF" HEX32 "0123456789abcdef", "x@sha256:g" HEX64,
            "x@other:0123456789abcdef0123456789abcde", "x@a..b:" HEX32, "x@a.:" HEX32,
            "x@1a:" HEX32, "x@:" HEX32, "x@" SHA256 ":1", "x@" SHA256 "@" SHA256, "@" SHA256);
}

static void components(void **state)
{
    (void)state;
    is("a.b_c__d-e---f/0", "a.b_c__d-e---f/0", "", "");
    REFUSED("", "/", "a/", "/a", "a//b", "a..b", "a___b", "a._b", "a-_b", "-a", "a-", "_a", "a_",
            ".a", "a.", "a b", " a", "a\n", "caf\xC3\xA9", "\xFF");
}

static void upper_case_is_refused(void **state)
{
    (void)state;
    REFUSED("UPPER", "Node", "a/B", "docker.io/Node", "gcr.io/X/y", "A", "a/b/C:1");
}

static void bad_hosts_are_refused(void **state)
{
    (void)state;
    REFUSED("h:/x", "h:p/x", ":80/x", "-h.x/a", "h-.x/a", "h.-x/a", "h.x-/A", "[::1/x", "[]/x",
            "[::g]/x", "[::1]x/x", "[::1]:p/x", "h..x/a", "Foo_/x", "https://docker.io/node",
            "docker.io//node", "docker.io/");
}

static void an_image_id_is_no_name(void **state)
{
    (void)state;
    REFUSED(HEX64);
    is(HEX64 ":1", HEX64, "1", "");
    is("x/" HEX64, "x/" HEX64, "", "");
    is(HEX64 "0", HEX64 "0", "", "");
}

static void scratch_is_a_repository(void **state)
{
    (void)state;
    is("scratch", "scratch", "", "");
}

/* 255 bytes of path, the host not counted but Docker Hub's "library/" counted. */
static void long_names(void **state)
{
    (void)state;
    static const struct {
        const char *prefix;
        int max;
    } limits[] = {{"", 247}, {"docker.io/", 247}, {"gcr.io/", 255}, {"u/", 253}, {"a_b.c/", 249}};
    for (size_t i = 0; i < sizeof limits / sizeof *limits; i++) {
        char text[300];
        snprintf(text, sizeof text, "%s%0*d", limits[i].prefix, limits[i].max, 0);
        if (!parses(text))
            fail_msg("%s: %d is too long", limits[i].prefix, limits[i].max);
        snprintf(text, sizeof text, "%s%0*d", limits[i].prefix, limits[i].max + 1, 0);
        if (parses(text))
            fail_msg("%s: %d is not too long", limits[i].prefix, limits[i].max + 1);
    }
}

static void an_embedded_nul_is_refused(void **state)
{
    (void)state;
    struct arena a = {0};
    struct image_ref r;
    assert_false(image_parse(&a, STR("no\0de"), &r));
    assert_false(image_parse(&a, STR("node:2\0"), &r));
    assert_false(image_parse(&a, STR_NULL, &r));
    arena_release(&a);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(names_of_docker_hub_are_normalised),
        cmocka_unit_test(only_an_official_name_loses_library),
        cmocka_unit_test(other_hosts_stay),
        cmocka_unit_test(a_host_needs_a_slash),
        cmocka_unit_test(tags),
        cmocka_unit_test(digests),
        cmocka_unit_test(components),
        cmocka_unit_test(upper_case_is_refused),
        cmocka_unit_test(bad_hosts_are_refused),
        cmocka_unit_test(an_image_id_is_no_name),
        cmocka_unit_test(scratch_is_a_repository),
        cmocka_unit_test(long_names),
        cmocka_unit_test(an_embedded_nul_is_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
