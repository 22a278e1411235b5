/* Names of Python packages, and where steps install them. */
#include "tests/support/units.h"

#include "base/buf.h"
#include "split/pip.h"

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

static void test_names(void **state)
{
    (void)state;
    EQ(pip_name(&arena, STR("Flask")), "flask");
    EQ(pip_name(&arena, STR(" zope.interface>=5 ")), "zope-interface");
    EQ(pip_name(&arena, STR("ruamel._-yaml[jinja2]==0.18; python_version < '4'")), "ruamel-yaml");
    EQ(pip_name(&arena, STR("gunicorn==23.0 # server")), "gunicorn");
    EQ(pip_name(&arena, STR("requests ~= 2.0")), "requests");
    EQ(pip_name(&arena, STR("-e .")), "");
    EQ(pip_name(&arena, STR("./lib")), "");
    EQ(pip_name(&arena, STR("git+https://example.org/x.git")), "");
    EQ(pip_name(&arena, STR("name @ https://example.org/x.whl")), "");
    EQ(pip_name(&arena, STR("")), "");
}

/* What pip_read() finds, and the reason of each obstacle. */
static struct str show(const char *source)
{
    struct unit *u = units_new(&arena, options, source);
    struct stage *s = units_last_stage(u);
    struct split *sp = arena_new(&arena, struct split);
    *sp = (struct split){.u = u, .s = s, .o = {.unit = u, .stage = s}};
    *vec_push(&arena, &sp->data.libraries) = STR("flask");
    *vec_push(&arena, &sp->data.refused) = STR("psycopg2");
    struct pip p = pip_read(sp);
    struct buf b = buf_in(&arena);
    buf_addz(&b, p.installs ? "installs" : "nothing");
    buf_addz(&b, p.system ? " system" : "");
    buf_addz(&b, p.home ? " home" : "");
    for (size_t i = 0; i < p.venvs.n; i++)
        buf_addf(&b, " venv:%.*s", STR_ARG(p.venvs.v[i]));
    for (size_t i = 0; i < p.targets.n; i++)
        buf_addf(&b, " target:%.*s", STR_ARG(p.targets.v[i]));
    VEC_EACH (o, &sp->o.v)
        buf_addf(&b, " %s%s", o->refuse ? "-" : "?", o->reason);
    return buf_str(&b);
}

#define BASE "FROM python:3.13\nWORKDIR /app\n"

static void test_where(void **state)
{
    (void)state;
    EQ(show(BASE), "nothing");
    EQ(show(BASE "RUN pip install flask\n"), "installs system");
    EQ(show(BASE "RUN python3 -m pip --no-cache-dir install --user flask\n"), "installs home");
    EQ(show(BASE "RUN pip install -t lib flask && pip install --target=/x flask\n"),
       "installs target:/app/lib target:/x");
    EQ(show(BASE "RUN pip install --prefix=/usr/local flask\n"), "installs system");
    EQ(show(BASE "RUN pip install --prefix /y flask\n"), "installs -path-not-known");
    EQ(show(BASE "RUN pip install --target $SOMEWHERE flask\n"), "installs -path-not-known");
    EQ(show(BASE "RUN python -m venv /venv && /venv/bin/pip install flask\n"),
       "installs system venv:/venv");
    EQ(show(BASE "RUN cd /srv && python -m venv env\n"), "nothing venv:/srv/env");
    EQ(show(BASE "RUN python -m venv --system-site-packages /venv\n"),
       "nothing venv:/venv -files-not-seen");
    EQ(show(BASE "RUN uv sync --frozen\n"), "installs venv:/app/.venv ?code-not-seen");
    EQ(show(BASE "RUN pipenv install --system --deploy\n"), "installs system ?code-not-seen");
    EQ(show(BASE "RUN poetry install\n"), "installs -path-not-known ?code-not-seen");
    EQ(show(BASE "RUN poetry config virtualenvs.create false && poetry install\n"),
       "installs system ?code-not-seen");
    EQ(show(BASE "RUN python setup.py install\n"), "installs system ?code-not-seen");
}

static void test_packages(void **state)
{
    (void)state;
    EQ(show(BASE "RUN pip install --upgrade pip setuptools\n"), "nothing");
    EQ(show(BASE "RUN pip install psycopg2==2.9\n"), "installs system -program-needed");
    EQ(show(BASE "RUN pip install Flask==3 other\n"), "installs system ?code-not-seen");
    EQ(show(BASE "RUN pip install .\n"), "installs system ?code-not-seen");
    EQ(show(BASE "RUN pip install -r requirements.txt\n"), "installs system ?code-not-seen");
    EQ(show(BASE "RUN pip install -i https://example.org/simple --timeout 60 flask\n"),
       "installs system");
}

/* Of another stage only what is copied matters, but its packages count. */
static void test_stages(void **state)
{
    (void)state;
    EQ(show("FROM python:3.13 AS b\nRUN pip install --prefix=/i psycopg2\n"
            "FROM python:3.13\nCOPY --from=b /i /usr/local\n"),
       "installs -program-needed");
    EQ(show("FROM python:3.13 AS b\nRUN pip install other\nFROM python:3.13\n"), "nothing");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_names),
        cmocka_unit_test(test_where),
        cmocka_unit_test(test_packages),
        cmocka_unit_test(test_stages),
    };
    return cmocka_run_group_tests_name("pip", tests, setup, teardown);
}
