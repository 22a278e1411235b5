/* Which Dockerfile an image's name belongs to, from all kinds of files that build images. */
#include "tests/support/unit.h"

#include "base/buf.h"
#include "repo/images.h"

static struct arena arena;
static struct images im;

static int teardown(void **state)
{
    (void)state;
    arena_release(&arena);
    return 0;
}

static void begin(void)
{
    im = (struct images){.arena = &arena};
}

static void is_there(const char *path)
{
    images_add_dockerfile(&im, str_of(path));
}

static void says(const char *path, const char *text)
{
    struct str p = str_of(path);
    ptrdiff_t slash = str_rchr(p, '/');
    struct images_file f = {.root = STR(""), .path = p, .bytes = str_of(text)};
    f.kind = images_kind_of(str_sub(p, 0, (size_t)(slash + 1)), str_from(p, (size_t)(slash + 1)));
    assert_int_not_equal(f.kind, IMAGES_OTHER);
    images_read(&im, &f);
}

static void builds(const char *path, const char *yaml)
{
    struct builds *list = arena_new(&arena, struct builds);
    assert_null(builds_read(&arena, str_of(path), str_of(yaml), list));
    VEC_EACH (b, &list->list)
        images_add_build(&im, STR(""), b);
}

/* "" for none, "!" and why for none of several, else "Dockerfile[:target]", "~" in front of a
 * guess. */
static struct str ask_from(const char *image, const char *path)
{
    struct images_join j = images_find(&im, &arena, str_of(image), str_of(path));
    struct buf b = buf_in(&arena);
    if (j.how == IMAGES_NONE && j.why)
        buf_addf(&b, "!%s", j.why);
    if (j.how == IMAGES_GUESSED)
        buf_addc(&b, '~');
    if (j.how != IMAGES_NONE) {
        assert_non_null(j.claim);
        buf_add(&b, j.claim->dockerfile);
        if (!j.claim->target_known)
            buf_addz(&b, ":?");
        else if (j.claim->target.n)
            buf_addf(&b, ":%.*s", STR_ARG(j.claim->target));
    }
    return buf_str(&b);
}

static void is(const char *image, const char *want)
{
    EQ_STR(ask_from(image, "k8s/deploy.yaml"), str_of(want), image);
}

/* One file beside a few Dockerfiles: what an image becomes. */
static void one(const char *path, const char *text, const char *image, const char *want)
{
    begin();
    is_there("Dockerfile");
    is_there("web/Dockerfile");
    is_there("web/prod.Dockerfile");
    is_there("api/Dockerfile");
    says(path, text);
    images_finish(&im);
    EQ_STR(ask_from(image, "k8s/deploy.yaml"), str_of(want), text);
}

static void make(const char *text, const char *image, const char *want)
{
    one("Makefile", text, image, want);
}

static void lines_of_docker_build(void **state)
{
    (void)state;
    make("a:\n\tdocker build -t acme/x .\n", "acme/x:1.2", "Dockerfile");
    make("a:\n\tdocker build -t acme/x web\n", "docker.io/acme/x", "web/Dockerfile");
    make("a:\n\tdocker build --tag=acme/x:2 ./web/\n", "acme/x", "web/Dockerfile");
    make("a:\n\t@docker build . -t acme/x -f web/prod.Dockerfile\n", "acme/x",
         "web/prod.Dockerfile");
    make("a:\n\tdocker build --file web/prod.Dockerfile --target run -t acme/x .\n", "acme/x",
         "web/prod.Dockerfile:run");
    make("a:\n\tdocker build --target $(T) -t acme/x .\n", "acme/x", "Dockerfile:?");
    make("a:\n\tdocker buildx build --platform linux/amd64 --push -t acme/x web\n", "acme/x",
         "web/Dockerfile");
    make("a:\n\tdocker image build -t acme/x web\n", "acme/x", "web/Dockerfile");
    make("a:\n\tpodman build -t acme/x web\n", "acme/x", "web/Dockerfile");
    make("a:\n\tbuildah bud -t acme/x web\n", "acme/x", "web/Dockerfile");
    make("a:\n\t$(DOCKER) build -t acme/x web\n", "acme/x", "web/Dockerfile");
    make("a:\n\tcd web && docker build -t acme/x . && docker push acme/x\n", "acme/x",
         "web/Dockerfile");
    make("a:\n\tdocker build --no-cache \\\n\t  -t acme/x \\\n\t  web\n", "acme/x",
         "web/Dockerfile");
    make("a:\n\tdocker build -t acme/x -t other/y:1 web\n", "other/y", "web/Dockerfile");
    make("a:\n\tdocker build -t acme/x 'web'; echo\n", "acme/x", "web/Dockerfile");
    make("a:\n\tdocker build -t acme/x web>/dev/null\n", "acme/x", "web/Dockerfile");
    make("# docker build -t acme/x web\n", "acme/x", "");
    make("a:\n\tdocker build -t acme/x\n", "acme/x", "");
    make("a:\n\tdocker build web\n", "acme/x", "");
    make("a:\n\tdocker build -t acme/x nosuch\n", "acme/x", "");
    make("a:\n\tdocker build -t acme/x ../web\n", "acme/x", "");
    make("a:\n\tdocker build -t acme/x https://example.org/x.git\n", "acme/x", "");
    make("a:\n\tcd $(D) && docker build -t acme/x .\n", "acme/x", "");
    make("a:\n\tdocker build -t acme/x $(D)\n", "acme/x", "");
    make("a:\n\tgo build -t acme/x web\n", "acme/x", "");
    make("a:\n\tdocker rebuild -t acme/x web\n", "acme/x", "");
    make("a:\n\tdocker build", "acme/x", "");
    make("docker build -t", "acme/x", "");
    make("docker build -t \\\n", "acme/x", "");
    make("docker build -t \"acme/x web\n", "acme/x", "");
}

static void variables(void **state)
{
    (void)state;
    make("IMAGE ?= acme/x\nTAG := 1\na:\n\tdocker build -t $(IMAGE):$(TAG) web\n", "acme/x",
         "web/Dockerfile");
    make("R = reg.example.org\nIMAGE = ${R}/acme/x\na:\n\tdocker build -t $(IMAGE) web\n",
         "reg.example.org/acme/x", "web/Dockerfile");
    make("a:\n\tdocker build -t $(REGISTRY)/acme/x:$(TAG) web\n", "ghcr.io/acme/x:3",
         "~web/Dockerfile");
    make("a:\n\tdocker build -t $(REGISTRY)/acme/x:$(TAG) web\n", "ghcr.io/other/x:3", "");
    make("a:\n\tdocker build -t $(REGISTRY)/x web\n", "ghcr.io/other/x:3", "~web/Dockerfile");
    make("a:\n\tdocker build -t $(IMAGE) web\n", "acme/x", "");
    make("a:\n\tdocker build -t app-$(IMAGE) web\n", "acme/app-x", "");
    make("A = x\nA = y\na:\n\tdocker build -t acme/$(A) web\n", "acme/x", "");
    make("A = $(B)\nB = $(A)\na:\n\tdocker build -t $(A) web\n", "acme/x", "");
    one("build.sh", "IMG=${IMG:-acme/x}\ndocker build -t \"$IMG\" web\n", "acme/x",
        "web/Dockerfile");
    one("build.sh", "docker build -t \"${IMG:-acme/x}:$1\" web\n", "acme/x", "web/Dockerfile");
    one(".gitlab-ci.yml",
        "variables:\n  IMAGE: reg.example.org/acme/x\nbuild:\n  script:\n"
        "    - docker build -t $IMAGE:$CI_COMMIT_SHA -f web/Dockerfile .\n",
        "reg.example.org/acme/x:latest", "web/Dockerfile");
    one(".gitlab-ci.yml", "b:\n  script:\n    - docker build -t $CI_REGISTRY_IMAGE/web web\n",
        "reg.example.org/g/p/web", "~web/Dockerfile");
    one("package.json", "{\"scripts\": {\"d\": \"docker build -t acme/x . && echo\"}}\n", "acme/x",
        "Dockerfile");
    one("package.json", "{\"scripts\": {\"d\": \"docker build -t acme/x .\"}}\n", "acme/x",
        "Dockerfile");
    one("Jenkinsfile", "steps { sh 'docker build -t acme/x web' }\n", "acme/x", "web/Dockerfile");
}

static void where_scripts_run(void **state)
{
    (void)state;
    one("scripts/build.sh", "docker build -t acme/x web\n", "acme/x", "web/Dockerfile");
    one("web/build.sh", "docker build -t acme/x .\n", "acme/x", "web/Dockerfile");
    one("web/build.sh", "cd ..\ndocker build -t acme/x .\n", "acme/x", "");
    one("web/build.sh", "cd \"$(dirname \"$0\")\"\ndocker build -t acme/x .\n", "acme/x",
        "web/Dockerfile");
    one("web/build.sh", "cd \"$(dirname \"$0\")/..\"\ndocker build -t acme/x .\n", "acme/x",
        "Dockerfile");
    one("scripts/build.sh",
        "cd \"$(dirname \"${BASH_SOURCE[0]}\")/..\"\ndocker build -t acme/x .\n", "acme/x",
        "Dockerfile");
    one("web/Makefile", "a:\n\tdocker build -t acme/x -f prod.Dockerfile .\n", "acme/x",
        "web/prod.Dockerfile");
}

static void flow(const char *job, const char *image, const char *want)
{
    struct str text =
        str_fmt(&arena, "env:\n  REG: ghcr.io\njobs:\n  a:\n    env: {IMG: acme/x}\n%s", job);
    one(".github/workflows/ci.yml", text.p, image, want);
}

static void workflows(void **state)
{
    (void)state;
    flow("    steps:\n    - uses: docker/build-push-action@v6\n      with: {tags: acme/x:1}\n",
         "acme/x", "Dockerfile");
    flow("    steps:\n    - uses: docker/build-push-action@v6\n      with:\n        context: web\n"
         "        target: run\n        tags: |\n          acme/y:1\n          acme/x:1\n",
         "acme/x", "web/Dockerfile:run");
    flow("    steps:\n    - uses: docker/build-push-action@v6\n"
         "      with: {context: ., file: ./web/prod.Dockerfile, tags: 'a/b:1,acme/x:1'}\n",
         "acme/x", "web/prod.Dockerfile");
    flow("    steps:\n    - uses: docker/build-push-action@v6\n"
         "      with: {context: web, tags: '${{ env.REG }}/${{ env.IMG }}:${{ github.sha }}'}\n",
         "ghcr.io/acme/x", "web/Dockerfile");
    flow("    steps:\n    - uses: docker/build-push-action@v6\n"
         "      with: {context: web, tags: '${{ env.REG }}/${{ github.repository }}'}\n",
         "ghcr.io/acme/x", "");
    flow("    steps:\n    - id: m\n      uses: docker/metadata-action@v5\n"
         "      with:\n        images: |\n          name=ghcr.io/acme/x\n          acme/z\n"
         "    - uses: docker/build-push-action@v6\n"
         "      with: {context: web, tags: '${{ steps.m.outputs.tags }}'}\n",
         "acme/z:9", "web/Dockerfile");
    flow("    steps:\n    - run: docker build -t $REG/$IMG web\n", "ghcr.io/acme/x",
         "web/Dockerfile");
    flow("    steps:\n    - working-directory: web\n      run: |\n        set -e\n"
         "        docker build -t acme/x .\n",
         "acme/x", "web/Dockerfile");
    flow("    defaults: {run: {working-directory: api}}\n    steps:\n"
         "    - run: docker build -t acme/x .\n",
         "acme/x", "api/Dockerfile");
    flow("    steps:\n    - uses: actions/checkout@v4\n", "acme/x", "");
}

static void matrices(void **state)
{
    (void)state;
    static const char job[] =
        "    strategy:\n      matrix:\n%s"
        "    steps:\n    - uses: docker/build-push-action@v6\n      with:\n"
        "        context: ${{ matrix.svc }}\n        tags: acme/${{ matrix.svc }}:1\n";
    flow(str_fmt(&arena, job, "        svc: [web, api]\n").p, "acme/api", "api/Dockerfile");
    flow(str_fmt(&arena, job, "        os: [a, b]\n        svc: [web, api]\n").p, "acme/web",
         "web/Dockerfile");
    flow(str_fmt(&arena, job, "        include: [{svc: web}, {svc: api}]\n").p, "acme/web",
         "web/Dockerfile");
    flow(str_fmt(&arena, job, "        svc: [web]\n        include: [{svc: api}]\n").p, "acme/api",
         "api/Dockerfile");
    /* the folder's name is all that is left */
    flow(str_fmt(&arena, job, "        svc: ${{ fromJSON(needs.x.outputs.y) }}\n").p, "acme/api",
         "~api/Dockerfile");
    flow("    strategy: {matrix: {include: [{n: x, c: web}, {n: y, c: api}]}}\n    steps:\n"
         "    - run: docker build -t acme/${{ matrix.n }} ${{ matrix.c }}\n",
         "acme/y", "api/Dockerfile");
    flow("    strategy: {matrix: {i: [{n: x, c: web}, {n: y, c: api}]}}\n    steps:\n"
         "    - run: docker build -t acme/${{ matrix.i.n }} ${{ matrix.i.c }}\n",
         "acme/y", "api/Dockerfile");
}

static void tilt(void **state)
{
    (void)state;
    one("Tiltfile", "docker_build('acme/x', 'web')\n", "acme/x", "web/Dockerfile");
    one("Tiltfile", "docker_build(\n  \"acme/x\",  # why\n  \"./web\", target='run',\n)\n",
        "acme/x", "web/Dockerfile:run");
    one("Tiltfile",
        "docker_build('acme/x', '.', dockerfile='web/prod.Dockerfile',\n"
        "  live_update=[sync('a', 'b'), run('c')])\n",
        "acme/x", "web/prod.Dockerfile");
    one("Tiltfile", "docker_build(context='api', ref='acme/x')\n", "acme/x", "api/Dockerfile");
    one("Tiltfile", "docker_build(name, 'web')\n", "acme/x", "");
    one("Tiltfile", "docker_build('acme/x', 'web', dockerfile=d)\n", "acme/x", "");
    one("Tiltfile", "docker_build('acme/x', 'web', dockerfile_contents='FROM x')\n", "acme/x", "");
    one("Tiltfile", "docker_build('acme/' + n, 'web')\n", "acme/x", "");
    one("Tiltfile", "custom_docker_build('acme/x', 'web')\n", "acme/x", "");
    one("Tiltfile", "docker_build('acme/x'", "acme/x", "");
    one("Tiltfile", "docker_build('acme/x', 'web", "acme/x", "web/Dockerfile");
    one("web/Tiltfile", "docker_build('acme/x', '.')\n", "acme/x", "web/Dockerfile");
}

static void build_files(void **state)
{
    (void)state;
    begin();
    is_there("web/Dockerfile");
    is_there("api/Dockerfile");
    builds("skaffold.yaml", "apiVersion: skaffold/v4beta1\nkind: Config\nbuild:\n  artifacts:\n"
                            "  - image: acme/x\n    context: web\n");
    builds("compose.yaml", "services:\n  a: {build: {context: api, target: t}, image: 'acme/y:1'}\n"
                           "  b: {build: api}\n");
    says("k8s/base/kustomization.yaml",
         "images:\n- name: app\n  newName: reg.example.org/acme/z\n- name: x\n  newTag: '1'\n");
    says("Makefile", "a:\n\tdocker build -t reg.example.org/acme/z web\n");
    images_finish(&im);
    is("acme/x", "web/Dockerfile");
    is("acme/y", "api/Dockerfile:t");
    is("app", "web/Dockerfile");
    is("app:1", "web/Dockerfile");
    is("nginx", "");
    is("Not A Name", "");
    is("", "");
}

static void folders(void **state)
{
    (void)state;
    begin();
    is_there("Dockerfile");
    is_there("services/web/Dockerfile");
    is_there("api/docker/Dockerfile");
    is_there("jobs/Dockerfile.worker");
    is_there("jobs/Dockerfile.dev");
    is_there("mail/Dockerfile.prod");
    is_there("one/db/Dockerfile");
    is_there("two/db/Dockerfile");
    images_finish(&im);
    is("acme/web:1", "~services/web/Dockerfile");
    is("api", "~api/docker/Dockerfile");
    is("reg.example.org/acme/worker", "~jobs/Dockerfile.worker");
    is("dev", "");
    is("mail", "~mail/Dockerfile.prod");
    is("docker", "");
    is("db", "!'one/db/Dockerfile' and 'two/db/Dockerfile' may both be its Dockerfile");
    EQ_STR(ask_from("db", "two/k8s/db.yaml"), STR("~two/db/Dockerfile"), "the nearest one");
    is("acme/web@sha256:0123456789012345678901234567890123456789012345678901234567890123",
       "!the digest names an image that is there already, not the one that will be built");
}

static void at_odds(void **state)
{
    (void)state;
    begin();
    is_there("a/Dockerfile");
    is_there("b/Dockerfile");
    says("Makefile", "x:\n\tdocker build -t acme/x a\n\tdocker build -t acme/x b\n"
                     "y:\n\tdocker build -t acme/y --target p a\n\tdocker build -t acme/y a\n"
                     "z:\n\tdocker build -t acme/z a\n\tdocker build -t acme/z:2 a\n");
    builds("one/skaffold.yaml", "apiVersion: skaffold/v4beta1\nbuild:\n  artifacts:\n"
                                "  - {image: acme/s, context: .., docker: "
                                "{dockerfile: a/Dockerfile}}\n");
    builds("two/skaffold.yaml", "apiVersion: skaffold/v4beta1\nbuild:\n  artifacts:\n"
                                "  - {image: acme/s, context: .., docker: "
                                "{dockerfile: b/Dockerfile}}\n");
    assert_null(images_give(&im, STR(""), STR("acme/g=./b/Dockerfile")));
    assert_null(images_give(&im, STR(""), STR("acme/x=nosuch/Dockerfile")));
    images_finish(&im);
    is("acme/x", "nosuch/Dockerfile");
    is("acme/g", "b/Dockerfile");
    is("acme/y", "!two stages of 'a/Dockerfile' may be it (Makefile:5) (Makefile:6)");
    is("acme/z", "a/Dockerfile");
    is("acme/s", "!'a/Dockerfile' (one/skaffold.yaml:4) and 'b/Dockerfile' (two/skaffold.yaml:4) "
                 "may both be its Dockerfile");
    EQ_STR(ask_from("acme/s", "two/x.yaml"), STR("b/Dockerfile"), "said for that folder");
    assert_non_null(images_give(&im, STR(""), STR("acme/g")));
    assert_non_null(images_give(&im, STR(""), STR("=x")));
    assert_non_null(images_give(&im, STR(""), STR("A B=x")));
    assert_non_null(images_give(&im, STR(""), STR("a=")));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(lines_of_docker_build),
        cmocka_unit_test(variables),
        cmocka_unit_test(where_scripts_run),
        cmocka_unit_test(workflows),
        cmocka_unit_test(matrices),
        cmocka_unit_test(tilt),
        cmocka_unit_test(build_files),
        cmocka_unit_test(folders),
        cmocka_unit_test(at_odds),
    };
    return cmocka_run_group_tests(tests, NULL, teardown);
}
