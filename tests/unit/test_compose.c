/* Compose files: what services of known images get, and what is left alone. */
#include "tests/support/unit.h"

#include "base/buf.h"
#include "kubernetes/compose.h"
#include "unroot.h"

static struct arena arena;
static struct ur_options *safe, *unsafe;

static struct ur_options *options(const char *unsafe_fixes)
{
    struct ur_options *o = ur_options_new();
    assert_int_equal(ur_options_set(o, "unsafe-fixes", unsafe_fixes), UR_OK);
    assert_int_equal(ur_options_seal(o), UR_OK);
    return o;
}

static int setup(void **state)
{
    (void)state;
    safe = options("false");
    unsafe = options("true");
    return 0;
}

static int teardown(void **state)
{
    (void)state;
    ur_options_free(safe);
    ur_options_free(unsafe);
    arena_release(&arena);
    return 0;
}

static const struct ur_image_path paths[] = {{.path = "/var/cache/web"},
                                             {.path = "/data", .volume = 1}};
static const struct ur_image_path filled[] = {{.path = "/srv/x", .filled = 1}};
static const struct ur_image_move moves[] = {{80, 8080}};

/* Images of these tests. */
static int find(void *ctx, const char *name, struct ur_image *out)
{
    struct str n = str_of(name);
    (void)ctx;
    *out = (struct ur_image){.source = "Dockerfile", .user = "1000:1000", .uid = 1000, .gid = 1000};
    if (str_is(n, ":root") || str_is(n, "root")) {
        out->user = "";
        out->uid = 0;
        return 1;
    }
    if (str_is(n, ":named"))
        out->user = "app";
    if (str_is(n, ":guess"))
        out->assumption = "it is that Dockerfile's";
    if (str_is(n, ":whole"))
        out->writable_whole = 1;
    if (str_is(n, ":web")) {
        out->writable = paths;
        out->writable_count = 2;
    }
    if (str_is(n, ":filled")) {
        out->writable = filled;
        out->writable_count = 1;
    }
    if (str_is(n, ":site")) {
        out->moves = moves;
        out->move_count = 1;
    }
    return n.p[0] == ':' || str_is(n, "acme/app");
}

static const char all[] = "    user: \"1000:1000\"\n    cap_drop:\n    - ALL\n"
                          "    security_opt:\n    - \"no-new-privileges:true\"\n";

static struct str change(const struct ur_options *o, const char *yaml, const char *path)
{
    struct ur_images images = {.find = find};
    struct ur_result *r = ur_harden_compose(o, &images, path, yaml, strlen(yaml));
    size_t n;
    if (ur_result_status(r) != UR_OK)
        print_error("%s\n", ur_result_error(r));
    assert_int_equal(ur_result_status(r), UR_OK);
    const char *bytes = ur_result_bytes(r, &n);
    struct str out = str_dup(&arena, str_make(bytes, n));
    ur_result_free(r);
    return out;
}

static void becomes(const struct ur_options *o, const char *yaml, const char *want)
{
    EQ_STR(change(o, yaml, "compose.yaml"), str_of(want), yaml);
}

/* A service `name` with these lines, and what stands behind them afterwards. */
static void service(const struct ur_options *o, const char *name, const char *lines,
                    const char *now, const char *more)
{
    struct str yaml = str_fmt(&arena, "services:\n  %s:\n%s", name, lines);
    struct str want = str_fmt(&arena, "services:\n  %s:\n%s%s", name, now ? now : lines, more);
    becomes(o, yaml.p, want.p);
}

static void what_is_safe(void **state)
{
    (void)state;
    service(safe, "app", "    build: .\n", NULL, all);
    service(safe, "x", "    image: acme/app\n", NULL, all);
    service(safe, "x", "    image: acme/other\n", NULL, "");
    service(safe, "x", "    image: acme/app:$TAG\n", NULL, "");
    service(safe, "root", "    build: .\n", NULL, "");
    service(safe, "guess", "    build: .\n", NULL, "");
    service(safe, "named", "    build: .\n", NULL,
            "    cap_drop:\n    - ALL\n    security_opt:\n    - \"no-new-privileges:true\"\n");
    service(safe, "app", "    build: .\n    privileged: true\n", NULL, "");
    service(safe, "app", "    build: .\n    user: root\n", NULL, "");
    service(safe, "app", "    build: .\n    user: '1234'\n    cap_drop: [ALL]\n", NULL,
            "    security_opt: [\"no-new-privileges:true\"]\n");
    service(safe, "app", "    build: .\n    user: ${UID}\n", NULL, "");
    service(safe, "root", "    build: .\n    user: 1000:1000\n    cap_drop: [ALL]\n", NULL,
            "    security_opt: [\"no-new-privileges:true\"]\n");
    service(safe, "app",
            "    build: .\n    user: 1000:1000\n    cap_drop: [NET_RAW]\n    security_opt:\n"
            "    - label:disable\n",
            "    build: .\n    user: 1000:1000\n    cap_drop: [NET_RAW, ALL]\n    security_opt:\n"
            "    - label:disable\n    - \"no-new-privileges:true\"\n",
            "");
    service(safe, "app",
            "    build: .\n    user: 1000:1000\n    cap_drop: [all]\n    security_opt:\n"
            "    - no-new-privileges\n",
            NULL, "");
    service(safe, "app",
            "    build: .\n    user: 1000:1000\n    cap_drop: [ALL]\n    cap_add: [NET_ADMIN]\n",
            NULL, "");
    service(safe, "whole", "    build: .\n", NULL,
            str_fmt(&arena, "%s    read_only: true\n    tmpfs:\n    - /tmp\n", all).p);
    service(safe, "whole", "    build: .\n    command: x\n", NULL, all);
}

static void read_only(void **state)
{
    (void)state;
    static const char done[] = "    build: .\n    user: 1000:1000\n    cap_drop: [ALL]\n"
                               "    security_opt: [no-new-privileges:true]\n";
    struct str with = str_fmt(&arena, "%s    volumes:\n      - ./x:/var/cache:ro\n", done);
    service(unsafe, "app", done, NULL, "    read_only: true\n    tmpfs: [/tmp]\n");
    service(unsafe, "web", done, NULL, "    read_only: true\n    tmpfs: [/tmp, /var/cache/web]\n");
    service(unsafe, "web", with.p, NULL, "    read_only: true\n    tmpfs: [/tmp]\n");
    service(unsafe, "filled", done, NULL, "");
    with = str_fmt(&arena, "%s    volumes:\n      - ${DIR}\n", done);
    service(unsafe, "app", with.p, NULL, "");
    with = str_fmt(&arena, "%s    volumes_from: [x]\n", done);
    service(unsafe, "app", with.p, NULL, "");
    with = str_fmt(&arena, "%s    read_only: false\n", done);
    service(unsafe, "app", with.p, NULL, "");
    with = str_fmt(&arena, "%s    tmpfs: /tmp\n", done);
    service(unsafe, "app", with.p, NULL, "");
    with = str_fmt(&arena, "%s    tmpfs: [/run]\n", done);
    service(unsafe, "app", with.p, str_fmt(&arena, "%s    tmpfs: [/run, /tmp]\n", done).p,
            "    read_only: true\n");
    with = str_fmt(&arena, "%s    volumes:\n      - {type: tmpfs, target: /tmp}\n", done);
    service(unsafe, "app", with.p, NULL, "    read_only: true\n");
}

static void roots_that_are_set(void **state)
{
    (void)state;
    service(unsafe, "app", "    build: .\n    read_only: false\n    user: root\n",
            "    build: .\n    read_only: false\n    user: \"1000:1000\"\n",
            "    cap_drop:\n    - ALL\n    security_opt:\n    - \"no-new-privileges:true\"\n");
    service(unsafe, "app", "    build: .\n    read_only: false\n    user: \"0:0\"\n",
            "    build: .\n    read_only: false\n    user: \"1000:1000\"\n",
            "    cap_drop:\n    - ALL\n    security_opt:\n    - \"no-new-privileges:true\"\n");
    service(unsafe, "named", "    build: .\n    user: root\n    read_only: false\n",
            "    build: .\n    read_only: false\n",
            "    cap_drop:\n    - ALL\n    security_opt:\n    - \"no-new-privileges:true\"\n");
    service(unsafe, "root", "    build: .\n    user: root\n", NULL, "");
}

static const char done_site[] = "    user: 1000:1000\n    cap_drop: [ALL]\n"
                                "    security_opt: [no-new-privileges:true]\n"
                                "    read_only: true\n";

/* One line of the service `site`, in another form. */
static void moved(const char *was, const char *now)
{
    struct str front = str_fmt(&arena, "services:\n  site:\n    build: .\n%s", done_site);
    becomes(safe, str_cat(&arena, front, str_of(was)).p, str_cat(&arena, front, str_of(now)).p);
}

static void ports(void **state)
{
    (void)state;
    moved("    ports: ['80:80']\n", "    ports: ['80:8080']\n");
    moved("    ports:\n      - 3000:80 # web\n      - 443:443\n",
          "    ports:\n      - \"3000:8080\" # web\n      - 443:443\n");
    moved("    ports: [\"127.0.0.1:80:80/tcp\"]\n", "    ports: [\"127.0.0.1:80:8080/tcp\"]\n");
    moved("    ports: [80, '80', 81]\n", "    ports: [8080, '8080', 81]\n");
    moved("    ports: ['${PORT:-80}:80']\n", "    ports: ['${PORT:-80}:8080']\n");
    moved("    ports: ['53:80/udp']\n", "    ports: ['53:80/udp']\n");
    moved("    ports:\n      - {target: 80, published: 80}\n",
          "    ports:\n      - {target: 8080, published: 80}\n");
    moved("    expose: ['80', 443]\n", "    expose: ['8080', 443]\n");
    moved("    healthcheck:\n      test: curl -f http://localhost/ || exit 1\n",
          "    healthcheck:\n      test: \"curl -f http://localhost:8080/ || exit 1\"\n");
    moved("    healthcheck:\n      test: [CMD, curl, 'http://127.0.0.1:80/x']\n",
          "    healthcheck:\n      test: [CMD, curl, 'http://127.0.0.1:8080/x']\n");
    moved("    labels:\n      traefik.http.services.x.loadbalancer.server.port: '80'\n",
          "    labels:\n      traefik.http.services.x.loadbalancer.server.port: '8080'\n");
    moved("    labels:\n      - traefik.http.services.x.loadbalancer.server.port=80\n",
          "    labels:\n      - \"traefik.http.services.x.loadbalancer.server.port=8080\"\n");
    moved("  proxy:\n    image: x\n    environment:\n      URL: http://site/api\n"
          "      B: site:80\n      C: site:800\n      D: site.example.org\n      E: site\n",
          "  proxy:\n    image: x\n    environment:\n      URL: \"http://site:8080/api\"\n"
          "      B: \"site:8080\"\n      C: site:800\n      D: site.example.org\n      E: site\n");
}

static void ports_that_stay(void **state)
{
    (void)state;
    moved("    ports: ['80-81:80-81']\n", "    ports: ['80-81:80-81']\n");
    moved("    ports: ['80:${P}', '80:80']\n", "    ports: ['80:${P}', '80:80']\n");
    moved("    network_mode: host\n    expose: [80]\n",
          "    network_mode: host\n    expose: [80]\n");
    moved("    command: x\n    ports: ['80:80']\n", "    command: x\n    ports: ['80:80']\n");
    moved("    ports: ['8080:8080']\n", "    ports: ['8080:8080']\n");
}

static void anchors(void **state)
{
    (void)state;
    becomes(safe,
            "x-base: &base\n  restart: always\nservices:\n  app:\n    <<: *base\n    build: .\n",
            str_fmt(&arena,
                    "x-base: &base\n  restart: always\nservices:\n  app:\n    <<: *base\n"
                    "    build: .\n%s",
                    all)
                .p);
    /* What `b` is made of would get it, too. */
    becomes(safe,
            "services:\n  a: &a\n    build: .\n  root:\n    <<: *a\n    user: root\n"
            "  c:\n    build: .\n",
            str_fmt(&arena,
                    "services:\n  a: &a\n    build: .\n  root:\n    <<: *a\n    user: root\n"
                    "  c:\n    build: .\n%s",
                    all)
                .p);
}

static void other_files(void **state)
{
    (void)state;
    struct ur_images images = {.find = find};
    static const char *const texts[] = {
        "", "a: b\n", "services: []\n", "services:\n", "- services\n", "services: {}\n"};
    for (size_t i = 0; i < COUNT(texts); i++)
        becomes(unsafe, texts[i], texts[i]);
    becomes(unsafe, "services:\n  a:\n  b: x\n  c: []\n  ? [d]\n  : {build: .}\n",
            "services:\n  a:\n  b: x\n  c: []\n  ? [d]\n  : {build: .}\n");
    struct ur_result *r = ur_harden_compose(safe, &images, "x", "a: [", 4);
    assert_int_equal(ur_result_status(r), UR_EINPUT);
    ur_result_free(r);
    becomes(safe, "{\"services\": {\"app\": {\"build\": \".\"}}}\n",
            "{\"services\": {\"app\": {\"build\": \".\", \"user\": \"1000:1000\", \"cap_drop\": "
            "[\"ALL\"], \"security_opt\": [\"no-new-privileges:true\"]}}}\n");
}

static void move(const char *text, const char *host, unsigned from, const char *want)
{
    struct str now = compose_move_text(&arena, str_of(text), str_of(host), from, 9000);
    EQ_STR(now.p ? now : STR("-"), str_of(want), text);
}

static void texts_that_move(void **state)
{
    (void)state;
    move("web:80", "web", 80, "web:9000");
    move("a web:80 b", "web", 80, "a web:9000 b");
    move("http://web", "web", 80, "http://web:9000");
    move("http://web/a?b", "web", 80, "http://web:9000/a?b");
    move("https://web/", "web", 443, "https://web:9000/");
    move("https://web/", "web", 80, "-");
    move("http://web:8080", "web", 80, "-");
    move("http://u:p@web/", "web", 80, "http://u:p@web:9000/");
    move("web", "web", 80, "-");
    move("myweb:80", "web", 80, "-");
    move("web.x:80", "web", 80, "-");
    move("web-1:80", "web", 80, "-");
    move("x.web:80", "web", 80, "-");
    move("web:800", "web", 80, "-");
    move("web:80,web:80", "web", 80, "web:9000,web:9000");
    move("", "web", 80, "-");
    move("web:80", "", 80, "-");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_is_safe),       cmocka_unit_test(read_only),
        cmocka_unit_test(roots_that_are_set), cmocka_unit_test(ports),
        cmocka_unit_test(ports_that_stay),    cmocka_unit_test(anchors),
        cmocka_unit_test(other_files),        cmocka_unit_test(texts_that_move),
    };
    return cmocka_run_group_tests(tests, setup, teardown);
}
