/*
 * The table. A new option is a row here, and a case in options.c unless it is the engine's. The
 * formats are those for which there is a report.
 */
#include "base/buf.h"
#include "cli/options.h"
#include "engine/registry.h"

static const struct option_spec table[] = {
    {.name = "files-from",
     .id = OPTION_FILES_FROM,
     .group = GROUP_INPUT,
     .value = "FILE",
     .help = "take the paths from FILE (- for standard input), one a line"},
    {.name = "null",
     .letter = '0',
     .id = OPTION_NULL,
     .group = GROUP_INPUT,
     .help = "the paths of --files-from end with a NUL, not with a line"},
    {.name = "context",
     .id = OPTION_CONTEXT,
     .group = GROUP_INPUT,
     .value = "DIR",
     .help = "the build context; default: the folder of the file, or the nearest one above it that "
             "has what COPY names"},

    {.name = "select",
     .group = GROUP_RULES,
     .value = "RULE,...",
     .config = true,
     .repeatable = true,
     .help = "apply these rules only"},
    {.name = "ignore",
     .group = GROUP_RULES,
     .value = "RULE,...",
     .config = true,
     .repeatable = true,
     .config_key = "ignore-rules",
     .help = "don't apply these rules"},
    {.name = "unsafe-fixes",
     .group = GROUP_RULES,
     .config = true,
     .negatable = true,
     .help = "also make the rewrites that rest on a named assumption (answer: review)"},
    {.name = "profile",
     .group = GROUP_RULES,
     .value = "NAME",
     .choices = "default|strict",
     .config = true,
     .help = "strict: the user owns only the directories that must be writable"},
    {.name = "ports",
     .group = GROUP_RULES,
     .value = "WHAT",
     .choices = "move|keep",
     .config = true,
     .help = "what becomes of a port below 1024 that the program listens on: move it everywhere "
             "(80 to 8080), or keep it"},
    {.name = "target",
     .group = GROUP_RULES,
     .value = "STAGE",
     .config = true,
     .repeatable = true,
     .help = "STAGE is shipped, in place of the last one (repeatable)"},
    {.name = "comments",
     .group = GROUP_RULES,
     .config = true,
     .negatable = true,
     .help = "write above each change why it is there"},

    {.name = "user",
     .group = GROUP_IDENTITY,
     .value = "NAME",
     .config = true,
     .help = "the name of a user that is created"},
    {.name = "uid", .group = GROUP_IDENTITY, .value = "N", .config = true, .help = "its number"},
    {.name = "gid",
     .group = GROUP_IDENTITY,
     .value = "N",
     .config = true,
     .help = "the number of its group"},
    {.name = "create-user",
     .group = GROUP_IDENTITY,
     .config = true,
     .negatable = true,
     .help = "create a user even where the image has one for this purpose"},
    {.name = "id-style",
     .group = GROUP_IDENTITY,
     .value = "STYLE",
     .choices = "number|name",
     .config = true,
     .help = "how owners are written in --chown where the name is proven to exist"},

    {.name = "facts",
     .id = OPTION_FACTS,
     .group = GROUP_FACTS,
     .value = "PATH",
     .help = "more facts about images: a YAML file, or a folder of *.yaml (repeatable)"},

    {.name = "print",
     .id = OPTION_PRINT,
     .group = GROUP_PARSE,
     .help = "print the file back from its instructions, byte for byte"},
    {.name = "as",
     .id = OPTION_AS,
     .group = GROUP_IMPORT,
     .value = "IMAGE",
     .help = "import: the name of the image, when the JSON has none"},

    {.name = "yes-run-untrusted",
     .id = OPTION_VERIFY,
     .group = GROUP_VERIFY,
     .help =
         "build and run what the Dockerfile says, whoever wrote it; needed where nobody sits at "
         "a terminal"},
    {.name = "engine",
     .id = OPTION_VERIFY,
     .group = GROUP_VERIFY,
     .value = "NAME",
     .choices = "docker|podman|buildah",
     .help = "the container engine (default: docker or podman, whichever works)"},
    {.name = "rewritten",
     .id = OPTION_VERIFY,
     .group = GROUP_VERIFY,
     .value = "FILE",
     .help = "take FILE for the rewritten Dockerfile, in place of what unroot makes"},
    {.name = "build-option",
     .id = OPTION_VERIFY,
     .group = GROUP_VERIFY,
     .value = "OPTION",
     .help = "an option for the engine's build, as in --build-option=--secret=id=npm (repeatable)"},
    {.name = "run-option",
     .id = OPTION_VERIFY,
     .group = GROUP_VERIFY,
     .value = "OPTION",
     .help = "an option for the engine's run, as in --run-option=--env=DEBUG=1 (repeatable)"},
    {.name = "network",
     .id = OPTION_VERIFY,
     .group = GROUP_VERIFY,
     .value = "NAME",
     .help = "the network of the containers (default: none)"},
    {.name = "path",
     .id = OPTION_VERIFY,
     .group = GROUP_VERIFY,
     .value = "PATH",
     .help = "what is asked for over HTTP (default: /)"},
    {.name = "restricted",
     .id = OPTION_VERIFY,
     .group = GROUP_VERIFY,
     .negatable = true,
     .help = "also run the rewrite under the restricted policy (default)"},
    {.name = "writable",
     .id = OPTION_VERIFY,
     .group = GROUP_VERIFY,
     .value = "DIR",
     .help = "under that policy, also this directory of the image may be written to (repeatable)"},
    {.name = "low-ports",
     .id = OPTION_VERIFY,
     .group = GROUP_VERIFY,
     .value = "WHAT",
     .choices = "closed|open",
     .help = "under that policy, whether a user may listen below port 1024 (default: closed)"},
    {.name = "arbitrary-uid",
     .id = OPTION_VERIFY,
     .group = GROUP_VERIFY,
     .help = "under that policy, run as a user that the image does not know, as OpenShift does"},
    {.name = "wait",
     .id = OPTION_VERIFY,
     .group = GROUP_VERIFY,
     .value = "SECONDS",
     .help = "how long a container may take to listen, get healthy or end (default: 30)"},
    {.name = "timeout",
     .id = OPTION_VERIFY,
     .group = GROUP_VERIFY,
     .value = "SECONDS",
     .help = "how long a build may take (default: 1800)"},
    {.name = "memory",
     .id = OPTION_VERIFY,
     .group = GROUP_VERIFY,
     .value = "SIZE",
     .help = "how much memory a container may use (default: 2g)"},
    {.name = "pids",
     .id = OPTION_VERIFY,
     .group = GROUP_VERIFY,
     .value = "N",
     .help = "how many processes and threads a container may have (default: 1024)"},

    {.name = "format",
     .id = OPTION_FORMAT,
     .group = GROUP_FORMAT,
     .value = "FORMAT",
     .help = "a report in place of the patch or text; json: one object a file, on one line"},
    {.name = "format",
     .id = OPTION_VERIFY,
     .group = GROUP_VERIFY,
     .value = "FORMAT",
     .choices = "text|json|markdown",
     .help = "json: one object a file, on one line; markdown: for a pull request"},
    {.name = "color",
     .id = OPTION_COLOR,
     .group = GROUP_COLOR,
     .value = "WHEN",
     .choices = "auto|always|never",
     .help = "auto: on a terminal, unless NO_COLOR is set"},
    {.name = "output",
     .letter = 'o',
     .id = OPTION_OUTPUT,
     .group = GROUP_FILE,
     .value = "FILE",
     .help = "write to FILE, at once and at the end, in place of standard output"},

    {.name = "jobs",
     .letter = 'j',
     .id = OPTION_JOBS,
     .group = GROUP_BATCH,
     .value = "N",
     .help = "work on N files at a time (default: one a processor)"},
    {.name = "no-progress",
     .id = OPTION_NO_PROGRESS,
     .group = GROUP_BATCH,
     .help = "no live line on a terminal"},
    {.name = "quiet",
     .letter = 'q',
     .id = OPTION_QUIET,
     .group = GROUP_BATCH,
     .help = "errors only: no summary, no notes"},
    {.name = "verbose",
     .letter = 'v',
     .id = OPTION_VERBOSE,
     .group = GROUP_BATCH,
     .help = "also the findings of each file, and which files were skipped"},

    {.name = "help",
     .letter = 'h',
     .id = OPTION_HELP,
     .group = GROUP_ALL,
     .help = "print this and exit"},
    {.name = "version",
     .letter = 'V',
     .id = OPTION_VERSION,
     .group = GROUP_ALL,
     .help = "print the version and exit"},
};

struct options_table options_all(void)
{
    return (struct options_table){table, sizeof table / sizeof *table};
}

const struct option_spec *options_find(struct str name)
{
    for (size_t i = 0; i < sizeof table / sizeof *table; i++)
        if (str_is(name, table[i].name))
            return &table[i];
    return NULL;
}

const struct option_spec *options_find_key(struct str key)
{
    for (size_t i = 0; i < sizeof table / sizeof *table; i++) {
        const struct option_spec *s = &table[i];
        if (s->config && str_is(key, s->config_key ? s->config_key : s->name))
            return s;
    }
    return NULL;
}

const char *options_choices(struct arena *a, const struct option_spec *spec)
{
    if (spec->id != OPTION_FORMAT)
        return spec->choices;
    /* Text is what there is without the option, so it goes first. */
    struct buf b = buf_in(a);
    buf_addz(&b, "text");
    for (size_t i = 0; i < report_count; i++)
        if (strcmp(report_registry[i]->name, "text") != 0)
            buf_addf(&b, "|%s", report_registry[i]->name);
    return buf_str(&b).p;
}

const char *options_heading(enum option_group group)
{
    switch (group) {
    case GROUP_INPUT:
        return "Which files";
    case GROUP_RULES:
        return "What is rewritten";
    case GROUP_IDENTITY:
        return "Who the image runs as";
    case GROUP_FACTS:
    case GROUP_IMPORT:
        return "What is known of images";
    case GROUP_VERIFY:
        return "How it is verified";
    default:
        return "Output";
    }
}
