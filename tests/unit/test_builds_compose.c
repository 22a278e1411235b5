/* Compose files: what is built, from where, with what, and how it is run. */
#include "tests/unit/builds_show.h"

static void check(const char *yaml, const char *want)
{
    EQ_STR(show("compose.yaml", yaml), str_of(want), yaml);
}

/* A service `a` on one line of flow YAML. */
static void service(const char *flow, const char *want)
{
    struct str yaml = str_fmt(&arena, "services:\n a: %s\n", flow);
    struct str line = want[0] ? str_fmt(&arena, "a@2 %s\n", want) : STR("");
    EQ_STR(show("compose.yaml", yaml.p), line, flow);
}

static void forms_of_build(void **state)
{
    (void)state;
    service("{build: ./web}", "in=web file=web/Dockerfile");
    service("{build: {context: web}}", "in=web file=web/Dockerfile");
    service("{build: {}}", "in= file=Dockerfile");
    service("{build: {context: }}", "in= file=Dockerfile");
    service("{build: {context: web, dockerfile: docker/prod.Dockerfile, target: prod}}",
            "in=web file=web/docker/prod.Dockerfile target=prod");
    service("{build: {dockerfile: }}", "in= file=Dockerfile");
    service("{build: {dockerfile: ''}}", "in= file=Dockerfile");
    service("{build: {target: ''}}", "in= file=Dockerfile target=");
    service("{build: {dockerfile_inline: FROM x}}", "in= file=? inline");
    service("{build: {dockerfile_inline: }}", "in= file=Dockerfile");
    service("{build: {context: web, dockerfile_inline: FROM x}}", "in=web file=? inline");
    service("{image: x}", "");
    service("{build: }", "");
    service("{build: ~, image: x}", "");
    service("", "");
    service("text", "");
    service("[build]", "");
    service("{build: ''}", "in=? file=?");
    service("{build: {context: ''}}", "in=? file=?");
    service("{build: [a]}", "in=? file=?");
    service("{build: {context: [a]}}", "in=? file=?");
    service("{build: {context: {a: b}, dockerfile: [x]}}", "in=? file=?");
    service("{build: {dockerfile: [x], target: {}}}", "in= file=? target=?");
}

static void what_is_run(void **state)
{
    (void)state;
    service("{build: ., image: x/y, user: '1000:1000', command: x, entrypoint: [x]}",
            "in= file=Dockerfile image=x/y user=1000:1000 cmd entry");
    service("{build: ., user: 0}", "in= file=Dockerfile user=0");
    service("{build: ., user: root}", "in= file=Dockerfile user=root");
    service("{build: ., user: '${UID}:${GID}'}", "in= file=Dockerfile user=?");
    service("{build: ., user: '${UID:-1000}:0'}", "in= file=Dockerfile user=1000:0~");
    service("{build: ., command: , entrypoint: ~}", "in= file=Dockerfile");
    service("{build: ., command: '', entrypoint: []}", "in= file=Dockerfile cmd entry");
    service("{build: ., profiles: [dev, x]}", "profile=dev in= file=Dockerfile");
    service("{build: ., profiles: []}", "in= file=Dockerfile");
    service("{build: ., develop: {watch: [{path: x}]}, deploy: {}}", "in= file=Dockerfile");
}

static void arguments(void **state)
{
    (void)state;
    service("{build: {args: {A: x, B: , C: '', D: 1, E: true}}}",
            "in= file=Dockerfile A=x B=? C= D=1 E=true");
    service("{build: {args: [A=x, B, C=, D=a=b, 'E=${X}', 'F=${X:-y}', A=z]}}",
            "in= file=Dockerfile A=z B=? C= D=a=b E=? F=y~");
    service("{build: {args: ['${N}=x', 7, {a: b}, B=c]}}", "in= file=Dockerfile 7=? B=c …");
    service("{build: {args: ['${N:-A=B}']}}", "in= file=Dockerfile …");
    service("{build: {args: text}}", "in= file=Dockerfile …");
    service("{build: {args: }}", "in= file=Dockerfile");
    service("{build: {additional_contexts: {base: 'service:b', x: ../y}}}",
            "in= file=Dockerfile +base=service:b +x=../y");
    service("{build: {additional_contexts: [a=docker-image://b, c=./d]}}",
            "in= file=Dockerfile +a=docker-image://b +c=./d");
}

/* What YAML makes another text of when it reads a number. */
static void numbers(void **state)
{
    (void)state;
    static const char *const same[] = {"0",    "8080", "-1",  "3.11",  "20.04", "1.2.3", "v1.0",
                                       "true", "yes",  "1.x", "2024",  "1a2b",  "12-13", "e3",
                                       "1:30", "+x",   "-",   "1.2-3", "a_1",   ".a",    "1e"};
    static const char *const other[] = {
        "3.10",    "1.0",  "010",   "0x10", "0o7",        "1e3",
        "1_0",     "+1",   ".5",    "1.",   "1E+2",       "True",
        "FALSE",   ".inf", "-.Inf", ".NaN", "2024-01-31", "12345678901234567890",
        "0.00001", "0b1",  "-0x1"};
    for (size_t i = 0; i < COUNT(same); i++) {
        struct str yaml = str_fmt(&arena, "{build: {args: {A: %s}}}", same[i]);
        service(yaml.p, str_fmt(&arena, "in= file=Dockerfile A=%s", same[i]).p);
    }
    for (size_t i = 0; i < COUNT(other); i++) {
        struct str yaml = str_fmt(&arena, "{build: {args: {A: %s}}}", other[i]);
        service(yaml.p, "in= file=Dockerfile A=?");
        yaml = str_fmt(&arena, "{build: {args: {A: '%s', B: !!str %s}}}", other[i], other[i]);
        service(yaml.p, str_fmt(&arena, "in= file=Dockerfile A=%s B=%s", other[i], other[i]).p);
        yaml = str_fmt(&arena, "{build: {args: [A=%s]}}", other[i]);
        service(yaml.p, str_fmt(&arena, "in= file=Dockerfile A=%s", other[i]).p);
    }
    service("{build: {args: {A: !!int 1, B: !x 1}}}", "in= file=Dockerfile A=? B=?");
}

static void variables(void **state)
{
    (void)state;
    static const struct {
        const char *text, *want;
    } rows[] = {
        {"a", "a"},
        {"$$a", "$a"},
        {"$${A}", "${A}"},
        {"$$$$", "$$"},
        {"$A", "?"},
        {"x$A/y", "?"},
        {"${A}", "?"},
        {"${A:-b}", "b~"},
        {"${A-b}", "b~"},
        {"${A:-}", "~"},
        {"x${A:-b}y${C-d}z", "xbydz~"},
        {"${A:-b$${c}}", "b${c}~"},
        {"${A:-${B:-c}}", "c~"},
        {"${A:-${B}}", "?~"},
        {"${A:-$B}", "?~"},
        {"${A:?why}", "?"},
        {"${A?why}", "?"},
        {"${A:+b}", "?"},
        {"${A+b}", "?"},
        {"${A:-b:-c}", "b:-c~"},
        {"${A:-{b}}", "{b}~"},
        {"${}", "?"},
        {"${1}", "?"},
        {"${A", "?"},
        {"${A:-b", "?"},
        {"${A:b}", "?"},
        {"${A.b}", "?"},
        {"$", "$"},
        {"a$", "a$"},
        {"$1", "$1"},
        {"$(a)", "$(a)"},
        {"$.a", "$.a"},
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        struct str yaml = str_fmt(&arena, "{build: {target: '%s'}}", rows[i].text);
        service(yaml.p, str_fmt(&arena, "in= file=Dockerfile target=%s", rows[i].want).p);
    }
    service("{build: '${DIR:-web}'}", "in=web~ file=web/Dockerfile~");
    service("{build: {context: '${DIR}', dockerfile: x}}", "in=? file=?");
    service("{build: {context: web, dockerfile: '${F:-x}'}}", "in=web file=web/x~");
    service("{build: {context: web, dockerfile: '${F}'}}", "in=web file=?");
    struct buf deep = buf_in(&arena);
    buf_addz(&deep, "{build: '");
    for (int i = 0; i < 40; i++)
        buf_addz(&deep, "${A:-");
    for (int i = 0; i < 40; i++)
        buf_addz(&deep, "}");
    buf_addz(&deep, "'}");
    service(buf_str(&deep).p, "in=?~ file=?~");
}

static void ports(void **state)
{
    (void)state;
    static const struct {
        const char *port, *want;
    } rows[] = {
        {"80", "0:80/tcp"},
        {"'80'", "0:80/tcp"},
        {"'8080:80'", "8080:80/tcp"},
        {"8080:80", "8080:80/tcp"},
        {"22:22", "22:22/tcp"},
        {"'53:53/udp'", "53:53/udp"},
        {"'53:53/UDP'", "53:53/udp"},
        {"'3000-3005'", "0:3000-3005/tcp"},
        {"3000-3005", "0:3000-3005/tcp"},
        {"'9090-9091:8080-8081'", "9090-9091:8080-8081/tcp"},
        {"'8000-9000:80'", "8000-9000:80/tcp"},
        {"'127.0.0.1:8001:81'", "127.0.0.1:8001:81/tcp"},
        {"'127.0.0.1::81'", "127.0.0.1:0:81/tcp"},
        {"'[::1]:6001:61'", "[::1]:6001:61/tcp"},
        {"'::1:6001:61'", "::1:6001:61/tcp"},
        {"'${PORT}:80'", "?:80/tcp"},
        {"'${PORT:-8080}:80'", "8080:80/tcp~"},
        {"'${IP:-0.0.0.0}:${PORT:-8080}:80'", "0.0.0.0:8080:80/tcp~"},
        {"'${IP}:8080:80'", "?:80/tcp"},
        {"'80:${PORT}'", "80:?/tcp"},
        {"'${PORT}'", "0:?/tcp"},
        {"$PORT:80", "?:80/tcp"},
        {"'80/${PROTO}'", "0:?/tcp"},
        {"'80/${PROTO:-udp}'", "0:80/udp"},
        {"''", "0:?/tcp"},
        {"'x:80'", "?:80/tcp"},
        {"'80:x'", "80:?/tcp"},
        {"'99999:80'", "?:80/tcp"},
        {"'80:99999'", "80:?/tcp"},
        {"'81-80'", "0:?/tcp"},
        {"0x50", "?:?/tcp"},
        {"[80]", "?:?/tcp"},
        {"", "?:?/tcp"},
        {"{target: 80}", "0:80/tcp"},
        {"{target: 80, published: 8080}", "8080:80/tcp"},
        {"{target: 80, published: '8080-8090', protocol: udp, host_ip: 127.0.0.1, mode: host}",
         "127.0.0.1:8080-8090:80/udp"},
        {"{target: '${P}', published: '${Q}'}", "?:?/tcp"},
        {"{target: '${P:-80}', published: '${Q:-81}'}", "81:80/tcp~"},
        {"{published: 80}", "80:?/tcp"},
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        struct str yaml = str_fmt(&arena, "{build: ., ports: [x, %s]}", rows[i].port);
        if (!rows[i].port[0])
            yaml = STR("{build: ., ports: [x, ~]}");
        struct str want = str_fmt(&arena, "in= file=Dockerfile 0:?/tcp %s", rows[i].want);
        service(yaml.p, want.p);
    }
    service("{build: ., ports: ['80:80', '80:80', '81:80']}",
            "in= file=Dockerfile 80:80/tcp 81:80/tcp");
    service("{build: ., ports: }", "in= file=Dockerfile");
    service("{build: ., ports: '80:80'}", "in= file=Dockerfile ports…");
    service("{build: ., ports: '${PORTS}'}", "in= file=Dockerfile ports…");
}

static void mounts(void **state)
{
    (void)state;
    static const struct {
        const char *mount, *want;
    } rows[] = {
        {"/data", "anonymous:/data"},
        {"data:/var/lib/x", "volume:data:/var/lib/x"},
        {"'./src:/app/src/'", "bind:src:/app/src"},
        {"'.:/app'", "bind::/app"},
        {"./src:/app:ro", "bind:src:/app:ro"},
        {"'./src:/app:ro,z'", "bind:src:/app:ro"},
        {"'./src:/app:rw'", "bind:src:/app"},
        {"'./src:/app:z,rprivate'", "bind:src:/app"},
        {"/etc/x:/etc/x:ro", "bind:?:/etc/x:ro"},
        {"~/x:/x", "bind:?:/x"},
        {"../x:/x", "bind:?:/x"},
        {"'${PWD}:/app'", "unknown:/app"},
        {"'${PWD}/x:/app'", "unknown:/app"},
        {"'${D:-./d}:/app'", "bind:d~:/app"},
        {"'${V:-v}:${T:-/app}'", "volume:v~:/app~"},
        {"'vol:${T}'", "volume:vol:?"},
        {"'${X}'", "unknown:?"},
        {"'${X:-/x}'", "anonymous:/x~"},
        {"'C:\\a:/app'", "bind:?:/app"},
        {"'c:/a:/app:ro'", "bind:?:/app:ro"},
        {"'aa:bb:cc:dd'", "unknown:?"},
        {"vol:relative", "volume:vol:?"},
        {"v:/x", "unknown:?"},
        {"//a/../b//c", "anonymous:/b/c"},
        {"[x]", "unknown:?"},
        {"{type: bind, source: ./a, target: /b, read_only: true}", "bind:a:/b:ro"},
        {"{type: bind, target: /b}", "bind:?:/b"},
        {"{type: volume, source: a, target: /b, read_only: false}", "volume:a:/b"},
        {"{type: volume, target: /b}", "anonymous:/b"},
        {"{type: volume, source: '${V}', target: /b}", "unknown:/b"},
        {"{type: tmpfs, target: /b, tmpfs: {size: 1}}", "tmpfs:/b"},
        {"{type: npipe, source: a, target: /b}", "unknown:/b"},
        {"{target: /b}", "unknown:/b"},
        {"{type: bind, source: a}", "bind:a:?"},
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        struct str yaml = str_fmt(&arena, "{build: ., volumes: [%s]}", rows[i].mount);
        service(yaml.p, str_fmt(&arena, "in= file=Dockerfile %s", rows[i].want).p);
    }
    service("{build: ., volumes: [aa:/x, bb:/y, ./c:/x/]}",
            "in= file=Dockerfile bind:c:/x volume:bb:/y");
    service("{build: ., tmpfs: /run}", "in= file=Dockerfile tmpfs:/run");
    service("{build: ., tmpfs: ['/run:size=1', /tmp, '${X}']}",
            "in= file=Dockerfile tmpfs:/run tmpfs:/tmp tmpfs:?");
    service("{build: ., volumes: }", "in= file=Dockerfile");
    service("{build: ., volumes: {a: b}}", "in= file=Dockerfile mounts…");
    service("{build: ., volumes_from: [b]}", "in= file=Dockerfile mounts…");
}

static void anchors_and_merge_keys(void **state)
{
    (void)state;
    check("x-app: &app\n"
          "  build: &build {context: app, args: &args {A: 1, B: 2}}\n"
          "  user: app\n"
          "services:\n"
          "  web: *app\n"
          "  worker:\n"
          "    <<: *app\n"
          "    command: work\n"
          "  dev:\n"
          "    <<: *app\n"
          "    build:\n"
          "      <<: *build\n"
          "      target: dev\n"
          "      args: {<<: *args, B: 3, C: 4}\n"
          "  other: {build: {args: *args}}\n"
          "  both: {<<: [{user: x}, *app]}\n",
          "web@5 in=app file=app/Dockerfile user=app A=1 B=2\n"
          "worker@6 in=app file=app/Dockerfile user=app A=1 B=2 cmd\n"
          "dev@9 in=app file=app/Dockerfile target=dev user=app B=3 C=4 A=1\n"
          "other@15 in= file=Dockerfile A=1 B=2\n"
          "both@16 in=app file=app/Dockerfile user=x A=1 B=2\n");
    check("x: &x {a: {build: a}, b: {build: b}}\nservices: {<<: *x, b: {build: c}}\n",
          "b@2 in=c file=c/Dockerfile\na@1 in=a file=a/Dockerfile\n");
}

static void extends(void **state)
{
    (void)state;
    check(
        "services:\n"
        "  base:\n"
        "    build: {context: app, dockerfile: D, target: t, args: {A: 1, B: 2}}\n"
        "    user: u\n"
        "    command: c\n"
        "    ports: ['80:80']\n"
        "    volumes: ['va:/a', 'vb:/b']\n"
        "  web:\n"
        "    extends: base\n"
        "    build: {target: web, args: [B=3, C=4]}\n"
        "    ports: ['81:81', '80:80']\n"
        "    volumes: ['./c:/b']\n"
        "  short: {extends: {service: base}, build: other, command: }\n"
        "  same: {extends: {file: ./compose.yaml, service: web}}\n",
        "base@2 in=app file=app/D target=t user=u A=1 B=2 80:80/tcp volume:va:/a volume:vb:/b cmd\n"
        "web@8 in=app file=app/D target=web user=u A=1 B=3 C=4 80:80/tcp 81:81/tcp volume:va:/a "
        "bind:c:/b cmd\n"
        "short@13 in=other file=other/D target=t user=u A=1 B=2 80:80/tcp volume:va:/a "
        "volume:vb:/b\n"
        "same@14 in=app file=app/D target=web user=u A=1 B=3 C=4 80:80/tcp 81:81/tcp volume:va:/a "
        "bind:c:/b cmd\n");
}

static void extends_what_is_not_here(void **state)
{
    (void)state;
    check("services:\n"
          "  a: {extends: {file: common.yml, service: x}, build: {target: t}, user: u}\n"
          "  b: {extends: {file: common.yml, service: x}}\n"
          "  c: {extends: nobody, build: web}\n"
          "  d: {extends: a}\n"
          "  e: {extends: '${X}', build: web}\n"
          "  f: {extends: {file: '${X}', service: a}, build: {context: web, dockerfile: D}}\n"
          "  g: {extends: [a], build: web}\n",
          "a@2 in=? file=? target=t image=? user=u … +… ports… mounts… partial\n"
          "c@4 in=web file=? target=? image=? user=? … +… ports… mounts… partial\n"
          "d@5 in=? file=? target=t image=? user=u … +… ports… mounts… partial\n"
          "e@6 in=web file=? target=? image=? user=? … +… ports… mounts… partial\n"
          "f@7 in=web file=web/D target=? image=? user=? … +… ports… mounts… partial\n"
          "g@8 in=web file=? target=? image=? user=? … +… ports… mounts… partial\n");
    /* Circles are nothing that Compose would take. */
    check("services:\n"
          "  a: {extends: b, build: {context: web, dockerfile: D}}\n"
          "  b: {extends: a}\n"
          "  c: {extends: c, build: web}\n",
          "a@2 in=web file=web/D target=? image=? user=? … +… ports… mounts… partial\n"
          "c@4 in=web file=? target=? image=? user=? … +… ports… mounts… partial\n");
}

static void extending_does_not_change_the_other(void **state)
{
    (void)state;
    struct buf b = buf_in(&arena);
    buf_addz(&b, "services:\n  a: {build: {args: [A=1]}, ports: ['1:1'], volumes: ['vol:/v']}\n");
    for (int i = 0; i < 3; i++)
        buf_addf(&b, "  e%d: {extends: a, build: {args: [A=e%d, B=%d]}, ports: ['9%d:1']}\n", i, i,
                 i, i);
    check(buf_str(&b).p, "a@2 in= file=Dockerfile A=1 1:1/tcp volume:vol:/v\n"
                         "e0@3 in= file=Dockerfile A=e0 B=0 1:1/tcp 90:1/tcp volume:vol:/v\n"
                         "e1@4 in= file=Dockerfile A=e1 B=1 1:1/tcp 91:1/tcp volume:vol:/v\n"
                         "e2@5 in= file=Dockerfile A=e2 B=2 1:1/tcp 92:1/tcp volume:vol:/v\n");
}

static void reset_and_override(void **state)
{
    (void)state;
    check("services:\n"
          "  a: {build: {context: x, target: t, args: [A=1]}, user: u, command: c, ports: ['1:1'],"
          " volumes: ['vol:/v']}\n"
          "  b: {extends: a, build: !reset null}\n"
          "  c: {extends: a, user: !reset null, command: !reset null, ports: !reset [],"
          " volumes: !reset []}\n"
          "  d: {extends: a, build: !override {dockerfile: D}, ports: !override ['2:2'],"
          " volumes: !override []}\n"
          "  e: {extends: a, build: {args: !override [B=2], target: !reset x}}\n"
          "  f: {extends: !reset x, build: y}\n",
          "a@2 in=x file=x/Dockerfile target=t user=u A=1 1:1/tcp volume:vol:/v cmd\n"
          "c@4 in=x file=x/Dockerfile target=t A=1\n"
          "d@5 in= file=D user=u 2:2/tcp cmd\n"
          "e@6 in=x file=x/Dockerfile user=u B=2 1:1/tcp volume:vol:/v cmd\n"
          "f@7 in=y file=y/Dockerfile\n");
}

static void long_chains_end(void **state)
{
    (void)state;
    struct buf b = buf_in(&arena);
    struct builds builds;
    buf_addz(&b, "services:\n");
    for (int i = 0; i < 200; i++)
        buf_addf(&b, "  s%d: {extends: s%d}\n", i, i + 1);
    buf_addz(&b, "  s200: {build: x}\n");
    assert_null(builds_read(&arena, STR("compose.yaml"), buf_str(&b), &builds));
    /* What is beyond its limit is not followed; that of a later one begins further down. */
    assert_int_equal(builds.list.n, 6);
    VEC_EACH (x, &builds.list)
        EQ(x->dockerfile.text, "x/Dockerfile");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(forms_of_build),
        cmocka_unit_test(what_is_run),
        cmocka_unit_test(arguments),
        cmocka_unit_test(numbers),
        cmocka_unit_test(variables),
        cmocka_unit_test(ports),
        cmocka_unit_test(mounts),
        cmocka_unit_test(anchors_and_merge_keys),
        cmocka_unit_test(extends),
        cmocka_unit_test(extends_what_is_not_here),
        cmocka_unit_test(extending_does_not_change_the_other),
        cmocka_unit_test(reset_and_override),
        cmocka_unit_test(long_chains_end),
    };
    return cmocka_run_group_tests_name("builds_compose", tests, NULL, teardown);
}
