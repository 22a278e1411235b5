/* In which folders npm 7 and 8 run scripts as the folder's owner. */
#include "tests/support/units.h"

#include "base/buf.h"
#include "unit/npm.h"

static struct arena arena;
static struct ur_options *options;

static int setup(void **state)
{
    (void)state;
    options = ur_options_new();
    return ur_options_seal(options);
}

static int teardown(void **state)
{
    (void)state;
    ur_options_free(options);
    arena_release(&arena);
    return 0;
}

/* Does any COPY or ADD of the file make a folder that npm follows? All copies may have folders. */
static bool follows(const char *source)
{
    struct unit *u = units_new(&arena, options, source);
    bool any = false;
    VEC_EACH (s, &u->graph->stages)
        VEC_EACH (step, &(*s)->steps) {
            enum df_cmd cmd = step->item->node.cmd;
            any |= (cmd == DF_COPY || cmd == DF_ADD) && npm_follows(u, *s, step, true);
        }
    return any;
}

struct row {
    const char *text;
    bool yes;
};

/* The rows' texts in the place of %s. */
static void judge(const char *source, const struct row *rows, size_t n)
{
    for (size_t i = 0; i < n; i++)
        if (follows(str_fmt(&arena, source, rows[i].text).p) != rows[i].yes)
            fail_msg("\"%s\" is %s", rows[i].text, rows[i].yes ? "false" : "true");
}

#define JUDGE(source, rows) judge(source, rows, sizeof rows / sizeof *rows)

static void test_images(void **state)
{
    (void)state;
    static const struct row rows[] = {
        {"node:14-slim", false},
        {"node:15", true},
        {"node:16.20.2-alpine", true},
        {"docker.io/library/node:17", true},
        {"node:18", true},
        {"node:18.13.0", true},
        {"node:18.14.0", false},
        {"node:18.20", false},
        {"node:18.x", true},
        {"node:19", true},
        {"node:20", false},
        {"node:22.1-slim", false},
        {"node", false},
        {"node:latest", false},
        {"node:lts-alpine", false},
        {"node:slim", false},
        {"node:boron", false},
        {"node:jod-slim", false},
        {"mhart/alpine-node:10", false},
        {"mhart/alpine-node:16", true},
        {"mhart/alpine-node", true},
        {"node:gallium", true},
        {"node:lts-alpine3.14", true},
        {"node:lts-buster", true},
        {"node:99999999999999999999", true},
        {"acme/node:20", true},
        {"debian:12", true},
        {"node@sha256:0123456789012345678901234567890123456789012345678901234567890123", true},
    };
    JUDGE("FROM %s\nWORKDIR /app\nCOPY web ./web\nRUN cd web && npm ci\n", rows);
}

static void test_versions(void **state)
{
    (void)state;
    static const struct row rows[] = {
        {"npm install -g npm@9", false},
        {"npm i --global npm@^10.2", false},
        {"npm install -g npm@latest", false},
        {"npm install -g npm", false},
        {"npm install -g npm@6", false},
        {"npm install -g npm@8.5", true},
        {"npm install -g npm@$V", true},
        {"npm install -g pnpm@9", true},
        {"npm install npm@9", true},
        {"true || npm install -g npm@9", true},
        {"curl -sL https://deb.example/setup_20.x | bash -", false},
        {"curl -sL https://deb.example/setup_16.x | bash -", true},
        {"curl -sL https://deb.example/setup_lts.x | bash -", false},
        {"curl -sL https://deb.example/setup_${V}.x | bash -", true},
    };
    JUDGE("FROM node:16\nWORKDIR /app\nRUN %s\nCOPY web ./web\nRUN cd web && npm ci\n", rows);
    assert_true(
        follows("FROM node:20\nRUN npm i -g npm@8\nWORKDIR /a\nCOPY w w\nRUN cd w; npm ci"));
}

static void test_commands(void **state)
{
    (void)state;
    static const struct row rows[] = {
        {"npm ci", false},
        {"cd /app && npm ci", false},
        {"cd web && npm ci", true},
        {"cd ./web/ && npm ci", true},
        {"cd /app/web && npm run build", true},
        {"cd other && npm ci", false},
        {"cd web/sub && npx tsc", true},
        {"cd web && npm ci --ignore-scripts", false},
        {"cd web && npm run build --ignore-scripts", true},
        {"cd web && npm install -g serve", false},
        {"cd web && npm config set x y", false},
        {"cd web && npm --version", false},
        {"cd web && yarn build", false},
        {"cd web && cd .. && npm ci", false},
        {"cd \"$FOLDER\" && npm ci", true},
        {"cd $NOWHERE && npm ci", true},
        {"for d in web x; do cd $d && npm ci; done", true},
        {"(cd web && npm ci)", true},
        {"(cd web && ls) && npm ci", false},
        {"(cd web && (cd sub && npm ci))", true},
        {"{ cd web; npm ci; }", true},
        {"(cd x && npm ci) && (cd web && npm ci)", true},
        {"(cd web && ls) && (cd /app && npm ci)", false},
        {"sh -c 'cd web && npm ci'", true},
        {"npm --prefix web ci", true},
        {"npm ci --prefix=./web", true},
        {"npm -C /app/web run build", true},
        {"npm --prefix x ci", false},
        {"npm ci -w web", true},
        {"npm run build --workspaces", true},
        {"if true; then cd web; fi; npm ci", true},
        {"cd ~ && npm ci", true},
    };
    JUDGE("FROM node:16\nENV FOLDER=web\nWORKDIR /app\nCOPY web ./web\nRUN %s\n", rows);
}

static void test_who_makes_the_folder(void **state)
{
    (void)state;
    static const struct row rows[] = {
        {"WORKDIR /app/web\nCOPY . /app", false},
        {"COPY . /app", true},
        {"COPY web /app/web", true},
        {"COPY web/package.json /app/web/package.json", true},
        {"COPY --chown=node web /app/web", false},
        {"ADD web /app/web/", true},
        {"RUN mkdir -p /app/web\nCOPY web /app/web", false},
        {"RUN test -d /x || mkdir -p /app/web\nCOPY web /app/web", true},
        {"COPY other /opt/other", false},
        {"COPY . $UNSET", false},
        {"WORKDIR /app\nCOPY web/src /app/web/src", true},
    };
    JUDGE("FROM node:16\n%s\nWORKDIR /app/web\nRUN npm ci\n", rows);
    assert_false(follows("FROM node:16\nWORKDIR /app\nCOPY . .\nRUN npm ci\n"));
    assert_false(follows("FROM node:16\nWORKDIR /app\nRUN cd w && npm ci\nCOPY w w\n"));
    assert_false(follows("FROM node:16\nWORKDIR /app\nCOPY w w\nUSER node\nRUN cd w && npm ci\n"));
}

static void test_stages(void **state)
{
    (void)state;
    assert_true(follows("FROM node:16 AS a\nWORKDIR /app\nCOPY w w\nFROM a\nRUN cd w && npm ci\n"));
    assert_true(follows("FROM node:16 AS a\nFROM a\nWORKDIR /app\nCOPY w w\nRUN cd w && npm ci\n"));
    assert_false(follows("FROM node:20 AS a\nWORKDIR /a\nCOPY w w\nFROM a\nRUN cd w && npm ci\n"));
    assert_false(follows("FROM node:16 AS a\nWORKDIR /a/w\nFROM a\nCOPY . /a\nRUN npm ci\n"));
    assert_false(
        follows("FROM node:16\nWORKDIR /a\nCOPY w w\nFROM node:16\nWORKDIR /a/w\nRUN npm ci"));
}

/* More folders than are told apart: any of them may be it. */
static void test_many_folders(void **state)
{
    (void)state;
    struct buf b = buf_in(&arena);
    buf_addz(&b, "FROM node:16\nWORKDIR /app\nCOPY web ./web\n");
    for (int i = 0; i < 100; i++)
        buf_addf(&b, "RUN cd x%d && npm ci\n", i);
    assert_true(follows(buf_str(&b).p));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_images),   cmocka_unit_test(test_versions),
        cmocka_unit_test(test_commands), cmocka_unit_test(test_who_makes_the_folder),
        cmocka_unit_test(test_stages),   cmocka_unit_test(test_many_folders),
    };
    return cmocka_run_group_tests(tests, setup, teardown);
}
