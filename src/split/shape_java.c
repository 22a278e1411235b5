/*
 * Java. Archives run wherever there is a runtime of the same version; what else a program needs is
 * seen in its code, as far as that is in the build context.
 */
#include "split/marks.h"
#include "split/pom.h"
#include "split/shape.h"
#include "split/trace.h"
#include "unit/locate.h"
#include "unit/path.h"

static bool claims(struct split *sp)
{
    return distroless_lists(&sp->data.programs, str_basename(sp->words.v[0]));
}

/* ---- the command ---------------------------------------------------------------------------- */

struct command {
    struct strs options; /* in front of -jar or the class */
    struct strs paths;   /* archives and folders it names */
    struct strs rest;    /* from the archive or the class on */
    bool jar;            /* -jar ARCHIVE */
    bool by_class;       /* -cp PATHS CLASS */
    bool unknown;        /* a word that is not understood */
};

static void push(struct split *sp, struct strs *list, struct str s)
{
    *vec_push(sp->u->arena, list) = s;
}

/* lib/a.jar:lib/b.jar:config */
static void take_class_path(struct split *sp, struct command *c, struct str text)
{
    struct str part;
    while (str_split(&text, ':', &part))
        push(sp, &c->paths, part.n ? part : STR("."));
}

static bool takes_value(struct str option)
{
    static const char *const names[] = {"-cp",
                                        "-classpath",
                                        "--class-path",
                                        "-p",
                                        "--module-path",
                                        "--add-modules",
                                        "--add-opens",
                                        "--add-exports",
                                        "--add-reads",
                                        "--upgrade-module-path",
                                        NULL};
    for (const char *const *n = names; *n; n++)
        if (str_is(option, *n))
            return true;
    return false;
}

/* Files of options, modules, agents: more than is looked at. */
static bool is_strange(struct str option)
{
    return str_starts(option, STR("@")) || str_is(option, "-m") || str_is(option, "--module") ||
           str_starts(option, STR("--module=")) || str_starts(option, STR("-javaagent:")) ||
           str_starts(option, STR("-agent")) || str_starts(option, STR("-Xbootclasspath")) ||
           str_starts(option, STR("-XX:SharedArchiveFile")) || str_starts(option, STR("-XX:On"));
}

static void read_command(struct split *sp, struct command *c)
{
    size_t i = 1;
    *c = (struct command){0};
    for (; i < sp->words.n && str_starts(sp->words.v[i], STR("-")); i++) {
        struct str w = sp->words.v[i];
        c->unknown |= is_strange(w);
        if (str_is(w, "-jar"))
            c->jar = true;
        else
            push(sp, &c->options, w);
        bool path = str_is(w, "-cp") || str_is(w, "-classpath") || str_is(w, "--class-path") ||
                    str_is(w, "-p") || str_is(w, "--module-path");
        if (takes_value(w) && i + 1 < sp->words.n) {
            push(sp, &c->options, sp->words.v[++i]);
            if (path)
                take_class_path(sp, c, sp->words.v[i]);
            c->by_class |= path;
        }
    }
    for (; i < sp->words.n; i++)
        push(sp, &c->rest, sp->words.v[i]);
    if (c->jar && c->rest.n)
        push(sp, &c->paths, c->rest.v[0]);
    c->unknown |= !c->rest.n || (c->rest.n && str_starts(c->rest.v[0], STR("@")));
    if (!c->jar && !c->by_class)
        push(sp, &c->paths, STR(".")); /* the class path is the working directory */
}

/* ---- what is copied ------------------------------------------------------------------------- */

static void copy_paths(struct split *sp, const struct command *c)
{
    for (size_t i = 0; i < c->paths.n; i++) {
        struct str word = c->paths.v[i];
        if (str_ends(word, STR("/*")))
            word = str_sub(word, 0, word.n - 2);
        struct str path = split_path(sp, word);
        if (str_chr(word, '*') >= 0 || str_chr(word, '$') >= 0)
            split_refuse(sp, "path-not-known", sp->at, "names '%s', which nobody would expand",
                         split_text(sp, word));
        else if (!path_is_application(path) && !str_ends(path, STR(".jar")))
            split_refuse(sp, "files-not-seen", sp->at,
                         "has its classes in '%s', among files of the system",
                         split_text(sp, path));
        else
            split_copy(sp, path, false);
    }
}

/* ---- where it comes from -------------------------------------------------------------------- */

/* A build that works above the archive. */
static bool is_built(void *ctx, const struct trace_at *at, struct str path)
{
    static const char *const tools[] = {"mvn", "mvnw", "gradle", "gradlew", "jar", "javac",
                                        "sbt", "ant",  "lein",   "mill",    NULL};
    (void)ctx;
    for (const char *const *t = tools; *t; t++)
        if (str_is(str_basename(at->effect->program), *t))
            return !at->cwd.n || stage_inside(path, at->cwd);
    return false;
}

/* Is what starts built from the author's code, or lies among it? */
static bool is_own(struct split *sp, const struct command *c)
{
    struct trace_at at;
    for (size_t i = 0; i < c->paths.n; i++) {
        struct str path = split_path(sp, c->paths.v[i]);
        struct located file = locate_file(sp->u, sp->s, path);
        if (file.kind == LOCATED_CONTEXT || trace_find(sp, sp->s, path, is_built, NULL, &at))
            return true;
    }
    return false;
}

/* ---- what it does --------------------------------------------------------------------------- */

static void judge_code(struct split *sp, const struct command *c)
{
    struct arena *a = sp->u->arena;
    struct pom code;
    pom_read(sp, &code);
    if (code.seen && !is_own(sp, c)) {
        code.seen = false;
        code.unseen = "it is not seen how it is built";
    }
    sp->no_children = code.seen && !code.exec && !code.stranger.n && !code.refused.n;
    sp->knows_code = sp->no_children;
    sp->may_write = !(sp->no_children && !code.writes);
    if (code.exec || code.refused.n)
        split_refuse(sp, "program-needed", sp->at,
                     "starts other programs, or loads libraries of the system ('%s')",
                     split_text(sp, code.exec ? code.exec_at : code.refused));
    else if (!code.seen)
        split_review(sp, "code-not-seen", sp->at,
                     STR("the program starts no other programs, and needs no libraries and files "
                         "but those that are copied"),
                     "is built from code that was not read: %s", code.unseen);
    else if (code.stranger.n)
        split_review(sp, "code-not-seen", sp->at,
                     str_fmt(a,
                             "'%s' and what it uses start no other programs and need no libraries "
                             "of the system",
                             split_text(sp, code.stranger)),
                     "uses '%s', of which nothing is known", split_text(sp, code.stranger));
    if (code.system.n)
        split_review(sp, "code-not-seen", sp->at,
                     str_fmt(a, "it does without '%s'", split_text(sp, code.system)),
                     "names the path '%s', which may not be in the image",
                     split_text(sp, code.system));
    if (code.names_src)
        split_refuse(sp, "files-not-seen", sp->at,
                     "opens files below src/, which are not in its archive");
    if (code.draws)
        split_review(sp, "native-library", sp->at,
                     STR("it draws no text and nothing on a screen: the image has no fonts and a "
                         "headless runtime"),
                     "uses java.awt or javax.swing");
}

/* ---- what starts ---------------------------------------------------------------------------- */

static const struct stage_var *variable(const struct stage *s, struct str name)
{
    const struct stage_var *found = NULL;
    VEC_EACH (v, &s->vars)
        if (str_eq(v->name, name))
            found = v->env ? v : NULL;
    return found;
}

/* java $JAVA_OPTS: the runtime reads a variable of its own. */
static void plan_variables(struct split *sp)
{
    struct arena *a = sp->u->arena;
    struct str all = STR(""), names = STR("");
    for (size_t i = 0; i < sp->variables.n; i++) {
        const struct stage_var *v = variable(sp->s, sp->variables.v[i]);
        if (v && !v->value.known) {
            split_refuse(sp, "value-not-known", sp->at,
                         "starts with the options in %s, which are not known",
                         split_text(sp, sp->variables.v[i]));
            return;
        }
        if (v && v->value.text.n)
            all = str_fmt(a, "%.*s%s%.*s", STR_ARG(all), all.n ? " " : "", STR_ARG(v->value.text));
        names = str_fmt(a, "%.*s%s%.*s", STR_ARG(names), names.n ? ", " : "",
                        STR_ARG(sp->variables.v[i]));
    }
    if (!sp->variables.n)
        return;
    if (variable(sp->s, STR("JAVA_TOOL_OPTIONS"))) {
        split_refuse(sp, "start-needs-shell", sp->at,
                     "takes options from %s and from JAVA_TOOL_OPTIONS", split_text(sp, names));
        return;
    }
    split_review(sp, "start-needs-shell", sp->at,
                 str_fmt(a,
                         "whoever sets %.*s when the container starts sets JAVA_TOOL_OPTIONS "
                         "instead, which the runtime reads itself",
                         STR_ARG(names)),
                 "takes options from %s, which needs a shell", split_text(sp, names));
    if (all.n)
        split_env(sp, STR("JAVA_TOOL_OPTIONS"), all);
}

/* The image starts `java -jar`: CMD is the archive. An ENTRYPOINT of the author's stays one, for
 * what is given to the container stands behind it. */
static void plan_start(struct split *sp, const struct command *c)
{
    struct strs ep = {0}, cmd = {0};
    if (sp->entrypoint.n) {
        if (!str_is(sp->entrypoint.v[0], "java")) {
            sp->entrypoint.v[0] = STR("java");
            sp->reformed = true;
        }
        return;
    }
    if (sp->data.entrypoint.n && c->jar && !c->options.n) {
        split_start(sp, ep, c->rest);
        return;
    }
    push(sp, &ep, STR("java"));
    for (size_t i = 1; i < sp->words.n; i++)
        push(sp, &cmd, sp->words.v[i]);
    split_start(sp, ep, cmd);
}

static void plan(struct split *sp)
{
    struct command c;
    read_command(sp, &c);
    if (c.unknown) {
        split_refuse(sp, "unknown-shape", sp->at,
                     "starts java with options that are not understood here");
        return;
    }
    struct str version = split_version(sp);
    if (!version.n)
        split_refuse(sp, "no-runtime-image", stage_root(sp->s)->from,
                     "runs on a Java whose version is not known here");
    else
        split_image(sp, "", version);
    sp->picks = true;
    copy_paths(sp, &c);
    judge_code(sp, &c);
    plan_variables(sp);
    plan_start(sp, &c);
}

const struct shape shape_java = {
    .name = "java",
    .claims = claims,
    .plan = plan,
};
