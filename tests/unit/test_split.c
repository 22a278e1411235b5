/*
 * What a split is made of, or why there is none: a Dockerfile over a build context in memory, and
 * the image that it comes to lie on, or the reason. Whole results are in golden/distroless-split.
 */
#include "tests/support/tree.h"
#include "tests/support/unit.h"

#define MAIN(imports, body) "package main\n\n" imports "\nfunc main() { " body " }\n"

static const struct tree_file tree[] = {
    {"c/main.go", MAIN("import \"C\"\n", ""), 0, 0},
    {"ccc/main.go", MAIN("// #include <stdlib.h>\nimport \"C\"\n", "C.system(nil)"), 0, 0},
    {"cmd/app/main.go", MAIN("import (\n\t// x \"os/exec\"\n\t_ \"m/lib\"\n)\n", ""), 0, 0},
    {"exec/main.go", MAIN("import (\n\tex \"os/exec\"\n)\n", ""), 0, 0},
    {"go.mod", "module m // the module\n\ngo 1.22\n\nreplace example.org/near => ./near\n", 0, 0},
    {"gone/main.go", MAIN("import \"m/nowhere\"\n", ""), 0, 0},
    {"lib/lib.go", "package lib\n\nimport `fmt`\n\nvar _ = fmt.Sprint(`import \"os/exec\"`)\n", 0,
     0},
    {"lib/lib_test.go", "package lib\n\nimport \"os/exec\"\n", 0, 0},
    {"local/main.go", MAIN("import \"example.org/near/x\"\n", ""), 0, 0},
    {"main.go", MAIN("import \"fmt\"\n", "fmt.Println()"), 0, 0},
    {"near/x/x.go", "package x\n\nimport \"os/exec\"\n", 0, 0},
    {"net/main.go", MAIN("import \"net/http\"\n", "http.ListenAndServe(\"\", nil)"), 0, 0},
    {"odd/main.go", "import \"fmt\"\n", 0, 0},
    {"start/main.go", MAIN("import \"syscall\"\n", "syscall.Exec(\"\", nil, nil)"), 0, 0},
    {"stranger/main.go", MAIN("import \"example.org/x\"\n", ""), 0, 0},
    {"system/main.go", MAIN("import \"os\"\n", "os.Open(\"/usr/share/dict/words\")"), 0, 0},
    {"zones/main.go", MAIN("import \"os\"\n", "os.Open(\"/usr/share/zoneinfo/UTC\")"), 0, 0},
    {NULL, NULL, 0, 0},
};

#define GO "FROM golang:1.22\nWORKDIR /a\nCOPY . .\n"
#define OFF GO "ENV CGO_ENABLED=0\n"
#define ALPINE "FROM golang:1.22-alpine AS b\nWORKDIR /a\nCOPY . .\n"

static const struct {
    const char *source, *want; /* the end of the image's name, or a reason; "-": no finding */
} rows[] = {
    /* the program is found where it is made */
    {OFF "RUN go build -o x .\nCMD [\"./x\"]\n", "static-debian13"},
    {OFF "RUN go build -o /out/ ./cmd/app\nCMD [\"/out/app\"]\n", "static-debian13"},
    {OFF "RUN go build -o=/x\nCMD [\"/x\"]\n", "static-debian13"},
    {OFF "RUN go build\nCMD [\"./m\"]\n", "static-debian13"},
    {OFF "RUN go build main.go\nCMD [\"./main\"]\n", "static-debian13"},
    {OFF "RUN cd cmd/app && go build -o ../../x\nCMD [\"./x\"]\n", "static-debian13"},
    {OFF "RUN go install ./cmd/app\nCMD [\"app\"]\n", "static-debian13"},
    {OFF "RUN go build -o x . && mv x /usr/local/bin/y\nCMD [\"y\"]\n", "static-debian13"},
    {OFF "RUN go build -o x .\nRUN cp x /srv/y\nCMD [\"/srv/y\"]\n", "static-debian13"},
    {OFF "RUN go build -o x .\nCMD [\"./y\"]\n", "unknown-shape"},
    {OFF "RUN go build -o x .\nCOPY x ./x\nCMD [\"./x\"]\n", "unknown-shape"},
    {OFF "RUN go build -C cmd/app -o x .\nCMD [\"./x\"]\n", "unknown-shape"},
    {OFF "RUN GOOS=windows go build -o x .\nCMD [\"./x\"]\n", "unknown-shape"},
    {OFF "RUN go build -buildmode=c-shared -o x .\nCMD [\"./x\"]\n", "unknown-shape"},
    /* what it is linked with */
    {GO "RUN go build -o x .\nCMD [\"./x\"]\n", "static-debian13"},
    {GO "RUN go build -o x ./net\nCMD [\"./x\"]\n", "base-debian13"},
    {GO "RUN CGO_ENABLED=0 go build -o x ./net\nCMD [\"./x\"]\n", "static-debian13"},
    {GO "RUN env CGO_ENABLED=0 go build -o x ./net\nCMD [\"./x\"]\n", "static-debian13"},
    {GO "RUN export CGO_ENABLED=0 && go build -o x ./net\nCMD [\"./x\"]\n", "static-debian13"},
    {GO "ARG CGO_ENABLED=0\nRUN go build -o x ./net\nCMD [\"./x\"]\n", "base-debian13"},
    {GO "RUN go build -o x ./c\nCMD [\"./x\"]\n", "base-debian13"},
    {GO "RUN go build -race -o x .\nCMD [\"./x\"]\n", "base-debian13"},
    {ALPINE "RUN go build -o x ./net\nCMD [\"./x\"]\n", "static-debian13"},
    {ALPINE "RUN CGO_ENABLED=1 go build -o x ./net\nCMD [\"./x\"]\n", "libc-mismatch"},
    {"FROM golang:alpine3.7\nWORKDIR /a\nCOPY . .\nRUN go build -o x ./net\nCMD [\"./x\"]\n",
     "libc-mismatch"},
    {"FROM example.org/go\nWORKDIR /a\nCOPY . .\nRUN go build -o x ./net\nCMD [\"./x\"]\n",
     "libc-mismatch"},
    /* what its code does */
    {OFF "RUN go build -o x ./exec\nCMD [\"./x\"]\n", "program-needed"},
    {OFF "RUN go build -o x ./start\nCMD [\"./x\"]\n", "program-needed"},
    {OFF "RUN go build -o x ./local\nCMD [\"./x\"]\n", "program-needed"},
    {GO "RUN go build -o x ./ccc\nCMD [\"./x\"]\n", "program-needed"},
    {OFF "RUN go build -o x ./stranger\nCMD [\"./x\"]\n", "code-not-seen"},
    {OFF "RUN go build -o x ./gone\nCMD [\"./x\"]\n", "code-not-seen"},
    {OFF "RUN go build -o x ./odd\nCMD [\"./x\"]\n", "code-not-seen"},
    {OFF "RUN go build -o x ./system\nCMD [\"./x\"]\n", "code-not-seen"},
    {OFF "RUN go build -o x ./zones\nCMD [\"./x\"]\n", "static-debian13"},
    {OFF "RUN go install example.org/x@latest\nCMD [\"x\"]\n", "code-not-seen"},
    /* how it starts */
    {OFF "RUN go build -o x .\nCMD ./x\n", "static-debian13"},
    {OFF "RUN go build -o x .\nCMD exec ./x -a\n", "static-debian13"},
    {OFF "RUN go build -o x .\nCMD [\"sh\", \"-c\", \"exec ./x\"]\n", "static-debian13"},
    {OFF "RUN go build -o x .\nCMD ./x | cat\n", "start-needs-shell"},
    {OFF "RUN go build -o x .\nCMD ./x > log\n", "start-needs-shell"},
    {OFF "RUN go build -o x .\nCMD ./x $PORT\n", "start-needs-shell"},
    {OFF "RUN go build -o x .\nENTRYPOINT [\"/a/x\"]\nCMD b\n", "start-needs-shell"},
    {OFF "RUN go build -o x .\nENTRYPOINT [\"sh\", \"/a/run.sh\"]\n", "entrypoint-opaque"},
    {OFF "RUN go build -o x .\n", "base-image-for-others"},
    /* what else steps make */
    {OFF "RUN go build -o x .\nRUN curl -o /opt/d https://x.test\nCMD [\"./x\"]\n",
     "files-not-seen"},
    {OFF "RUN go build -o x .\nRUN curl -o /tmp/d https://x.test\nCMD [\"./x\"]\n",
     "static-debian13"},
    {OFF "RUN go build -o x .\nRUN echo a > /etc/x.conf\nCMD [\"./x\"]\n", "files-not-seen"},
    {OFF "RUN go build -o x .\nRUN npm run build\nCMD [\"./x\"]\n", "files-not-seen"},
    {OFF "RUN go build -o x .\nRUN apt-get install -y ffmpeg\nCMD [\"./x\"]\n", "package-needed"},
    {OFF "RUN go build -o x .\nRUN apt-get install -y curl\nCMD [\"./x\"]\n", "static-debian13"},
    {OFF "RUN go build -o x .\nCOPY rootfs/ /\nCMD [\"./x\"]\n", "files-not-seen"},
    {"FROM scratch\nCOPY --from=x.test/y /lib /lib\nCOPY x /x\nCMD [\"/x\"]\n", "files-not-seen"},
    /* nothing to do */
    {"FROM gcr.io/distroless/static-debian12\nCOPY x /x\nCMD [\"/x\"]\n", "-"},
    {"FROM cgr.dev/chainguard/static\nCOPY x /x\nCMD [\"/x\"]\n", "-"},
};

/* The first finding of the split, as a row has it. */
static const char *split_of(struct ur_result *r, char *out, size_t size)
{
    snprintf(out, size, "-");
    for (size_t i = 0; i < ur_result_finding_count(r); i++) {
        const struct ur_finding *f = ur_result_finding(r, i);
        if (strcmp(f->rule, "distroless-split") != 0)
            continue;
        const char *image = strstr(f->message, "distroless/");
        if (f->reason)
            snprintf(out, size, "%s", f->reason);
        else if (image)
            snprintf(out, size, "%.*s", (int)strcspn(image + 11, " "), image + 11);
        break;
    }
    return out;
}

static struct ur_options *options_with(const char *name, const char *value)
{
    struct ur_options *o = ur_options_new();
    assert_int_equal(ur_options_set(o, "split", "true"), UR_OK);
    if (name)
        assert_int_equal(ur_options_set(o, name, value), UR_OK);
    assert_int_equal(ur_options_seal(o), UR_OK);
    return o;
}

static struct ur_result *rewrite(const struct ur_options *o, const char *source)
{
    struct ur_context context = tree_context(tree);
    struct ur_build build = {.contexts = &context, .context_count = 1};
    return ur_rewrite_in(o, &build, "Dockerfile", source, strlen(source));
}

static void test_rows(void **state)
{
    (void)state;
    struct ur_options *o = options_with(NULL, NULL);
    unsigned wrong = 0;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        char have[100];
        struct ur_result *r = rewrite(o, rows[i].source);
        if (ur_result_status(r) != UR_OK)
            print_error("%s\n%s\n", rows[i].source, ur_result_error(r));
        wrong += ur_result_status(r) != UR_OK;
        if (strcmp(split_of(r, have, sizeof have), rows[i].want) != 0) {
            print_error("%s-> %s, wanted %s\n", rows[i].source, have, rows[i].want);
            wrong++;
        }
        ur_result_free(r);
    }
    ur_options_free(o);
    assert_int_equal(wrong, 0);
}

/* What can't be split is rewritten just as if nobody had asked for it. */
static void test_the_rest_is_as_without(void **state)
{
    (void)state;
    struct ur_options *plain = ur_options_new(), *split = options_with(NULL, NULL);
    ur_options_seal(plain);
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct ur_result *x = rewrite(plain, rows[i].source), *y = rewrite(split, rows[i].source);
        size_t xn, yn;
        const char *a = ur_result_bytes(x, &xn), *b = ur_result_bytes(y, &yn);
        bool done = strstr(rows[i].want, "-debian13") != NULL;
        bool same = xn == yn && memcmp(a, b, xn) == 0;
        if (same == done)
            fail_msg("%s%s", rows[i].source, same ? "was not split" : "is another rewrite");
        ur_result_free(x);
        ur_result_free(y);
    }
    ur_options_free(plain);
    ur_options_free(split);
}

static void test_options(void **state)
{
    (void)state;
    struct ur_options *o = ur_options_new();
    assert_int_equal(ur_options_set(o, "split", "yes"), UR_EUSAGE);
    assert_int_equal(ur_options_set(o, "distroless-release", "debian11"), UR_EUSAGE);
    assert_int_equal(ur_options_set(o, "distroless-release", ""), UR_EUSAGE);
    assert_int_equal(ur_options_set(o, "distroless-registry", "a b"), UR_EUSAGE);
    assert_int_equal(ur_options_set(o, "distroless-registry", ""), UR_EUSAGE);
    assert_int_equal(ur_options_set(o, "distroless-registry", "x.test/y:1"), UR_EUSAGE);
    assert_int_equal(ur_options_set(o, "distroless-registry", "x.test:5000/y/"), UR_OK);
    ur_options_free(o);
    o = options_with("distroless-registry", "x.test:5000/distroless");
    struct ur_result *r = rewrite(o, OFF "RUN go build -o x .\nCMD [\"./x\"]\n");
    size_t n;
    assert_non_null(
        strstr(ur_result_bytes(r, &n), "FROM x.test:5000/distroless/static-debian13\n"));
    ur_result_free(r);
    ur_options_free(o);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_rows),
        cmocka_unit_test(test_the_rest_is_as_without),
        cmocka_unit_test(test_options),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
