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

    {.name = "kubernetes",
     .group = GROUP_DEPLOY,
     .value = "WHEN",
     .choices = "auto|on|off",
     .config = true,
     .help = "which manifests and Compose files of a folder count: auto: those that run an image "
             "whose Dockerfile is among the files; on: all, and - is a manifest; off: none"},
    {.name = "image",
     .group = GROUP_DEPLOY,
     .value = "NAME=DOCKERFILE",
     .config = true,
     .repeatable = true,
     .help = "a manifest that runs the image NAME runs what this Dockerfile makes"},
    {.name = "pss",
     .group = GROUP_DEPLOY,
     .value = "LEVEL",
     .choices = "baseline|restricted",
     .config = true,
     .help = "the level of the Pod Security Standards that pods have to satisfy (default: "
             "restricted)"},
    {.name = "read-only-root",
     .group = GROUP_DEPLOY,
     .config = true,
     .negatable = true,
     .help = "a read-only root file system, with a volume for each folder that the image writes to "
             "(default: yes)"},
    {.name = "no-service-account-token",
     .group = GROUP_DEPLOY,
     .config = true,
     .help = "pods get no token for the cluster's API, unless they say that they want it"},
    {.name = "namespace-labels",
     .group = GROUP_DEPLOY,
     .value = "LEVEL",
     .choices = "baseline|restricted",
     .config = true,
     .help = "Namespaces ask the admission controller to enforce, audit and warn at this level"},
    {.name = "pss-version",
     .group = GROUP_DEPLOY,
     .value = "VERSION",
     .config = true,
     .help = "the version in these labels: latest (default) or v1.31 and the like"},
    {.name = "pod-path",
     .group = GROUP_DEPLOY,
     .value = "KIND=PATH",
     .config = true,
     .repeatable = true,
     .help = "objects of this kind have a pod spec there: Rollout=spec.template.spec"},

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

    {.name = "format",
     .id = OPTION_FORMAT,
     .group = GROUP_FORMAT,
     .value = "FORMAT",
     .help = "a report in place of the patch or text; json: one object a file, on one line"},
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
    case GROUP_DEPLOY:
        return "Kubernetes manifests and Compose files";
    case GROUP_IDENTITY:
        return "Who the image runs as";
    case GROUP_FACTS:
    case GROUP_IMPORT:
        return "What is known of images";
    default:
        return "Output";
    }
}
