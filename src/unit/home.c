/*
 * Root's home: /root is closed to everybody else (mode 0700), and HOME changes with the user. What
 * the program needs from there at run time stops the rewrite; what only a build step uses does not.
 */
#include "unit/account.h"
#include "unit/obstacle.h"

static const struct str root_dir = {"/root", 5};

static bool mentions_root(struct str s)
{
    for (ptrdiff_t at; (at = str_find(s, root_dir)) >= 0;
         s = str_from(s, (size_t)at + root_dir.n)) {
        char before = at ? s.p[at - 1] : ' ';
        char after = (size_t)at + root_dir.n < s.n ? s.p[(size_t)at + root_dir.n] : ' ';
        bool starts = before == ' ' || before == '=' || before == ':' || before == '"' ||
                      before == '\'' || before == '\t' || before == '>';
        bool ends =
            !((after | 0x20) >= 'a' && (after | 0x20) <= 'z') && after != '_' && after != '-';
        if (starts && ends)
            return true;
    }
    return false;
}

/* Variables that matter only while building. */
static bool is_build_only(struct str name)
{
    static const char *const names[] = {"DEBIAN_FRONTEND", "BUILD", NULL};
    for (const char *const *n = names; *n; n++)
        if (str_is(name, *n))
            return true;
    return str_has(name, "CACHE") && !str_has(name, "HOME");
}

static void root_home_env(struct obstacles *o, const struct stage_step *step)
{
    const struct df_node *node = &step->item->node;
    for (size_t i = 0; i + 2 < node->args.n; i += 3)
        if (mentions_root(node->args.v[i + 1]) && !is_build_only(node->args.v[i]))
            obstacle_refuse(o, "root-home", step->item,
                            "sets %s to a path in /root, which only root may enter",
                            obstacle_text(o, node->args.v[i]));
}

static bool has_variable(const struct stage *s, const char *name)
{
    for (size_t i = 0; i < s->vars.n; i++)
        if (str_is(s->vars.v[i].name, name))
            return true;
    return false;
}

/* Installers that put what they install into the home of whoever runs them. */
static bool installs_into_home(const struct stage *s, struct str text)
{
    static const char *const marks[] = {"nvm install",
                                        "pyenv install",
                                        "get-poetry",
                                        "install-poetry",
                                        "install.python-poetry.org",
                                        "sdkman",
                                        "get.sdkman.io",
                                        "rbenv install",
                                        "bun.sh/install",
                                        "deno.land/install",
                                        "astral.sh/uv/install",
                                        "get.rvm.io",
                                        "conda-init",
                                        "ghcup",
                                        "get.haskellstack",
                                        "sh.rustup.rs",
                                        "stack install",
                                        "cabal install",
                                        "fnm install",
                                        "playwright install",
                                        "puppeteer",
                                        "nltk.download",
                                        "from_pretrained",
                                        "torch.hub",
                                        "huggingface",
                                        "sentence_transformers",
                                        "composer global",
                                        "corepack prepare",
                                        "mix local.",
                                        "opam init",
                                        "pipx install",
                                        "dotnet tool install -g",
                                        "dotnet tool install --global",
                                        "uv tool install",
                                        "uv python install",
                                        "helm repo add",
                                        "helm plugin",
                                        "git config --global",
                                        "whisper",
                                        "kubectl krew",
                                        "gcloud components",
                                        "ollama pull",
                                        "notebook password",
                                        "server password",
                                        "--generate-config",
                                        "nbextension install",
                                        "nbextension enable",
                                        "ipython profile",
                                        NULL};
    if ((str_has(text, "cargo install") || str_has(text, "rustup")) &&
        !has_variable(s, "CARGO_HOME"))
        return true;
    for (const char *const *m = marks; *m; m++)
        if (str_has(text, *m))
            return true;
    return false;
}

/* Tools that keep the program's dependencies in the home unless they are told otherwise. */
static bool keeps_environment_in_home(struct obstacles *o, struct str text)
{
    bool poetry = str_has(text, "poetry install") && !str_has(text, "virtualenvs.create") &&
                  !str_has(text, "virtualenvs.in-project");
    bool pipenv = (str_has(text, "pipenv install") || str_has(text, "pipenv sync")) &&
                  !str_has(text, "--system");
    return (poetry || pipenv) && !str_has(o->unit->list->source, "POETRY_VIRTUALENVS") &&
           !str_has(o->unit->list->source, "virtualenvs.") &&
           !str_has(o->unit->list->source, "PIPENV_VENV_IN_PROJECT");
}

static bool mentions_home(struct str word)
{
    return mentions_root(word) || str_starts(word, STR("~")) || str_has(word, "$HOME") ||
           str_has(word, "${HOME}") || str_has(word, "${HOME:") || str_has(word, "=~/") ||
           str_has(word, ":~/");
}

static bool cleans(const struct shell_command *c)
{
    struct str name = c->words.n ? str_basename(c->words.v[0].value) : STR("");
    return str_is(name, "rm") || str_is(name, "rmdir");
}

/* Does a command that does not just clean up name a path in root's home? */
static bool uses_home(const struct run_effects *run)
{
    VEC_EACH (c, &run->script.commands) {
        if (cleans(c))
            continue;
        VEC_EACH (w, &c->words)
            if (mentions_home(w->value))
                return true;
        VEC_EACH (r, &c->redirects)
            if (mentions_home(r->target.value))
                return true;
        VEC_EACH (v, &c->assigns)
            if (mentions_home(v->value.value))
                return true;
    }
    return !run->complete && mentions_home(run->script.text);
}

/* pip install … --user, in any order. */
static bool installs_for_user(const struct run_effects *run)
{
    VEC_EACH (c, &run->script.commands) {
        bool pip = false, user = false;
        VEC_EACH (w, &c->words) {
            pip |= str_starts(str_basename(w->value), STR("pip")) ||
                   str_is(str_basename(w->value), "gem");
            user |= str_is(w->value, "--user") || str_is(w->value, "--user-install");
        }
        if (pip && user)
            return true;
    }
    return false;
}

static void root_home_run(struct obstacles *o, struct stage_step *step)
{
    const struct run_effects *run = stage_run(o->unit->graph, step);
    struct str text = run->script.text;
    if (keeps_environment_in_home(o, text))
        obstacle_refuse(o, "root-home", step->item,
                        "installs what it needs into a virtual environment in root's home");
    else if (installs_for_user(run))
        obstacle_refuse(o, "root-home", step->item,
                        "installs what it needs into root's home (--user)");
    else if (uses_home(run) || installs_into_home(o->stage, text))
        obstacle_review(
            o, "root-home", step->item,
            STR("nothing that this step puts into root's home is used when the container runs"),
            "%s",
            uses_home(run) ? "uses root's home in a RUN step"
                           : "installs into root's home in a RUN step");
}

void home_survey(struct obstacles *o)
{
    struct stage *s = o->stage;
    if (s->workdir.known && stage_inside(s->workdir.path, root_dir))
        obstacle_refuse(o, "root-home", s->cmd.item ? s->cmd.item : s->from,
                        "runs in '%s', which only root may enter",
                        obstacle_text(o, s->workdir.path));
    for (struct stage *p = s; p; p = p->parent) {
        VEC_EACH (step, &p->steps) {
            enum df_cmd cmd = step->item->node.cmd;
            if (cmd == DF_ENV)
                root_home_env(o, step);
            else if (cmd == DF_RUN && !account_is_numeric_nonroot(step->user))
                root_home_run(o, step);
            else if ((cmd == DF_COPY || cmd == DF_ADD) && step->dest.known &&
                     stage_inside(step->dest.path, root_dir))
                obstacle_refuse(o, "root-home", step->item,
                                "puts files into '%s', which only root may enter",
                                obstacle_text(o, step->dest.path));
        }
    }
}
