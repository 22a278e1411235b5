/*
 * The code of a Java project and the dependencies that its build files name, by their group. What
 * those need in turn is vouched for by the list they are looked up in. Dependencies for tests, and
 * plugins of the build, do not come along; where they can't be told apart they count.
 */
#include "split/pom.h"

#include <stdio.h>

#include "split/marks.h"

struct reader {
    struct split *sp;
    struct pom *out;
    bool code, build; /* there are some */
};

static void unseen(struct pom *out, const char *why)
{
    if (out->seen)
        out->unseen = why;
    out->seen = false;
}

static void take(struct reader *r, struct str group, struct str name)
{
    struct str both = str_fmt(r->sp->u->arena, "%.*s:%.*s", STR_ARG(group), STR_ARG(name));
    if (str_chr(both, '$') >= 0 && !str_starts(group, STR("${project.")))
        r->out->stranger = both;
    else if (distroless_lists(&r->sp->data.refused, both))
        r->out->refused = both;
    else if (!str_starts(group, STR("${project.")) &&
             !distroless_lists(&r->sp->data.libraries, both) && !r->out->stranger.n)
        r->out->stranger = both;
}

/* ---- pom.xml -------------------------------------------------------------------------------- */

/* The text of the first <tag> in `in`. */
static struct str element(struct str in, const char *tag)
{
    char open[40], close[40];
    snprintf(open, sizeof open, "<%s>", tag);
    snprintf(close, sizeof close, "</%s>", tag);
    ptrdiff_t from = str_find(in, str_of(open));
    if (from < 0)
        return STR("");
    struct str rest = str_from(in, (size_t)from + strlen(open));
    ptrdiff_t to = str_find(rest, str_of(close));
    return to < 0 ? STR("") : str_trim(str_sub(rest, 0, (size_t)to));
}

/* The parent's group is that of a framework or the project's own. */
static void read_xml(struct reader *r, struct str text)
{
    r->build = true;
    struct str own = element(text, "groupId");
    for (ptrdiff_t at; (at = str_find(text, STR("<dependency>"))) >= 0;) {
        text = str_from(text, (size_t)at + strlen("<dependency>"));
        ptrdiff_t end = str_find(text, STR("</dependency>"));
        if (end < 0) {
            unseen(r->out, "its pom.xml could not be read");
            return;
        }
        struct str one = str_sub(text, 0, (size_t)end);
        struct str scope = element(one, "scope"), group = element(one, "groupId");
        if (!str_is(scope, "test") && !str_is(scope, "import") && !str_eq(group, own))
            take(r, group, element(one, "artifactId"));
    }
}

/* ---- build.gradle --------------------------------------------------------------------------- */

static bool starts_with_any(struct str line, const char *const *words)
{
    for (; *words; words++)
        if (str_starts(line, str_of(*words)))
            return true;
    return false;
}

/* implementation 'group:name:version', implementation("group:name") */
static void read_gradle(struct reader *r, struct str text)
{
    static const char *const kinds[] = {"implementation", "api",     "runtimeOnly",
                                        "compile",        "runtime", NULL};
    static const char *const others[] = {
        "compileOnly", "runtimeClasspath", "compileJava", "compileKotlin",
        "compileTest", "apiVersion",       NULL};
    struct str line;
    r->build = true;
    while (str_split(&text, '\n', &line)) {
        line = str_trim(line);
        if (!starts_with_any(line, kinds) || starts_with_any(line, others))
            continue;
        size_t n = 0;
        while (n < line.n && line.p[n] != '\'' && line.p[n] != '"')
            n++;
        struct str rest = str_from(line, n + (n < line.n)), group, name;
        ptrdiff_t end = n < line.n ? str_chr(rest, line.p[n]) : -1;
        rest = end < 0 ? STR("") : str_sub(rest, 0, (size_t)end);
        if (str_split(&rest, ':', &group) && str_split(&rest, ':', &name) && group.n && name.n)
            take(r, group, name);
        else if (!str_has(line, "project(") && !str_has(line, "platform(") && line.n > 14 &&
                 !r->out->stranger.n)
            r->out->stranger = line;
    }
}

/* ---- the code ------------------------------------------------------------------------------- */

static void read_code(struct reader *r, struct str path, struct str text)
{
    static const char *const starts[] = {
        "ProcessBuilder", "getRuntime().exec", "Runtime.exec", "System.loadLibrary", "System.load(",
        "sys.process",    "jdk.jshell",        "com.sun.jna",  "ToolProvider",       NULL};
    static const char *const writes[] = {"FileOutputStream",
                                         "FileWriter",
                                         "Files.write",
                                         "Files.create",
                                         "Files.copy",
                                         "Files.move",
                                         "RandomAccessFile",
                                         "mkdir",
                                         "createNewFile",
                                         "FileAppender",
                                         "FileHandler",
                                         "jdbc:h2:",
                                         "jdbc:sqlite",
                                         "PrintWriter(",
                                         "newBufferedWriter",
                                         "newOutputStream",
                                         "transferTo(",
                                         "writeText",
                                         "logging.file",
                                         "FileChannel.open",
                                         "multipart.location",
                                         "Files.delete",
                                         "jdbc:hsqldb:file",
                                         "jdbc:derby",
                                         NULL};
    static const char *const draws[] = {"java.awt", "javax.swing", "javafx.", NULL};
    bool source = !str_ends(path, STR(".properties")) && !str_ends(path, STR(".yml")) &&
                  !str_ends(path, STR(".yaml")) && !str_ends(path, STR(".xml"));
    r->code |= source;
    if (source && marks_any(text, starts) && !r->out->exec) {
        r->out->exec = true;
        r->out->exec_at = path;
    }
    r->out->writes |= marks_any(text, writes);
    r->out->names_src |= source && str_find(text, STR("\"src/")) >= 0;
    r->out->draws |= source && marks_any(text, draws);
    if (source && !r->out->system.n)
        r->out->system = marks_system_path(text);
}

static bool is_for_tests(struct str path)
{
    return str_starts(path, STR("src/test/")) || str_has(path, "/src/test/") ||
           str_has(path, "/androidTest/");
}

static void read_file(void *ctx, struct str path, struct str text)
{
    struct reader *r = ctx;
    struct str name = str_basename(path);
    if (is_for_tests(path) || str_starts(path, STR("buildSrc/")))
        return;
    if (str_is(name, "pom.xml"))
        read_xml(r, text);
    else if (str_is(name, "build.gradle") || str_is(name, "build.gradle.kts"))
        read_gradle(r, text);
    else if (!str_starts(name, STR("settings.gradle")))
        read_code(r, path, text);
}

void pom_read(struct split *sp, struct pom *out)
{
    static const char *const ends[] = {".java",
                                       ".kt",
                                       ".scala",
                                       ".groovy",
                                       "pom.xml",
                                       "build.gradle",
                                       "build.gradle.kts",
                                       ".properties",
                                       "application.yml",
                                       "application.yaml",
                                       "logback.xml",
                                       "logback-spring.xml",
                                       "log4j2.xml",
                                       NULL};
    struct reader r = {.sp = sp, .out = out};
    *out = (struct pom){.seen = true};
    if (!split_sources(sp, ends, read_file, &r))
        unseen(out, "the build context is not known, or not all of it");
    if (!r.code)
        unseen(out, "its code is not in the build context");
}
