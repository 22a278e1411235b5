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
     .group = GROUP_INPUT | GROUP_REPOSITORIES,
     .help = "what the list names ends with a NUL, not with a line"},
    {.name = "context",
     .id = OPTION_CONTEXT,
     .group = GROUP_INPUT,
     .value = "DIR",
     .help = "the build context; default: the folder of the file, or the nearest one above it that "
             "has what COPY names"},

    {.name = "repos",
     .id = OPTION_REPOS,
     .group = GROUP_REPOSITORIES,
     .value = "FILE",
     .help = "take the repositories from FILE (- for standard input), one a line; lines that begin "
             "with # are remarks"},
    {.name = "shard",
     .id = OPTION_SHARD,
     .group = GROUP_REPOSITORIES,
     .value = "K/N",
     .help = "only the K-th of N parts of the list, by the names of the repositories; N alone: K "
             "comes from JOB_COMPLETION_INDEX, which counts from 0"},
    {.name = "branch",
     .id = OPTION_BRANCH,
     .group = GROUP_REPOSITORIES,
     .value = "NAME",
     .help = "read this branch in place of the default one"},
    {.name = "cache-dir",
     .id = OPTION_CACHE_DIR,
     .group = GROUP_REPOSITORIES,
     .value = "DIR",
     .help = "where URLs are cloned to (default: unroot in XDG_CACHE_HOME or ~/.cache)"},
    {.name = "clone-rate",
     .id = OPTION_CLONE_RATE,
     .group = GROUP_REPOSITORIES,
     .value = "N",
     .help = "begin at most N clones and fetches a minute"},
    {.name = "timeout",
     .id = OPTION_TIMEOUT,
     .group = GROUP_REPOSITORIES,
     .value = "SECONDS",
     .help = "give up a repository after this time (default: 600)"},

    {.name = "to-branch",
     .id = OPTION_TO_BRANCH,
     .group = GROUP_COMMIT,
     .value = "NAME",
     .help = "the branch that is written (default: unroot/harden)"},
    {.name = "author",
     .id = OPTION_AUTHOR,
     .group = GROUP_COMMIT,
     .value = "'NAME <MAIL>'",
     .help = "whose commits they are (default: as your git is configured)"},
    {.name = "commit-per-rule",
     .id = OPTION_COMMIT_PER_RULE,
     .group = GROUP_COMMIT,
     .help = "a commit for each rule in place of one for all"},
    {.name = "push",
     .id = OPTION_PUSH,
     .group = GROUP_COMMIT,
     .value = "REMOTE",
     .help = "push the branch to this remote or URL; never by force"},
    {.name = "patch-dir",
     .id = OPTION_PATCH_DIR,
     .group = GROUP_COMMIT,
     .value = "DIR",
     .help =
         "write for each repository to DIR: a patch for git am --keep-cr, and the text of a pull "
         "request (.md)"},
    {.name = "in-place",
     .id = OPTION_IN_PLACE,
     .group = GROUP_COMMIT,
     .help = "change the files of work trees in place of writing a branch; none that has changes"},
    {.name = "dry-run",
     .id = OPTION_DRY_RUN,
     .group = GROUP_COMMIT,
     .help = "write no branch and no file of a repository, only report and patches"},
    {.name = "state",
     .id = OPTION_STATE,
     .group = GROUP_JOURNAL,
     .value = "FILE",
     .help = "a journal, so that a run can be ended and go on, and a second one does only what is "
             "new"},

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
    {.name = "split",
     .group = GROUP_RULES,
     .config = true,
     .negatable = true,
     .help = "ship a distroless image, without a shell, where it is proven that nothing else is "
             "needed; elsewhere say why not, and go on as without it"},
    {.name = "distroless-release",
     .group = GROUP_RULES,
     .value = "RELEASE",
     .config = true,
     .help = "the release of those images: debian12 or debian13 (default)"},
    {.name = "distroless-registry",
     .group = GROUP_RULES,
     .value = "PREFIX",
     .config = true,
     .help = "where they are, for mirrors (default: gcr.io/distroless)"},
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
    {.name = "report",
     .id = OPTION_REPORT,
     .group = GROUP_REPORT,
     .value = "FILE",
     .help = "also write a report to FILE, in the format that the ending of its name tells: .html, "
             ".md, .sarif, .json (repeatable)"},
    {.name = "report-format",
     .id = OPTION_REPORT_FORMAT,
     .group = GROUP_REPORT,
     .value = "FORMAT",
     .help = "the format of the --report in front of it, in place of what its name tells"},
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
    if (spec->id != OPTION_FORMAT && spec->id != OPTION_REPORT_FORMAT)
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
    if (group & GROUP_INPUT)
        return "Which files";
    switch (group) {
    case GROUP_REPOSITORIES:
        return "Which repositories";
    case GROUP_COMMIT:
        return "What is written";
    case GROUP_JOURNAL:
        return "What is remembered";
    case GROUP_RULES:
        return "What is rewritten";
    case GROUP_DEPLOY:
        return "Kubernetes manifests and Compose files";
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
