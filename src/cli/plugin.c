/*
 * docker hands its whole command line over, its global options in front: `docker -D unroot check`
 * comes as "-D unroot check", and `docker help unroot` as "help unroot". Without the plugin's word
 * the program was called directly, and nothing is taken away.
 */
#include "cli/plugin.h"

#include <stdio.h>

#include "unroot.h"

static bool is_one_of(const char *word, const char *const *list)
{
    for (; *list; list++)
        if (strcmp(word, *list) == 0)
            return true;
    return false;
}

bool plugin_is(const char *program)
{
    return str_is(str_basename(str_of(program)), "docker-unroot");
}

/* Behind docker's global options. */
static char **skip_global(char **args)
{
    static const char *const with_value[] = {"--config",  "-c",       "--context",   "-H",
                                             "--host",    "-l",       "--log-level", "--tlscacert",
                                             "--tlscert", "--tlskey", NULL};
    while (*args && (*args)[0] == '-')
        args += is_one_of(*args, with_value) && args[1] ? 2 : 1;
    return args;
}

char **plugin_words(char **args)
{
    static char help[] = "--help";
    static char *only_help[] = {help, NULL};
    char **behind = skip_global(args);
    if (!*behind)
        return args;
    if (strcmp(*behind, "unroot") == 0)
        return behind + 1;
    if (strcmp(*behind, "help") == 0 && behind[1] && strcmp(behind[1], "unroot") == 0)
        return only_help;
    return args;
}

bool plugin_asked(char **words)
{
    return *words && strcmp(*words, "docker-cli-plugin-metadata") == 0;
}

enum exit_code plugin_answer(void)
{
    printf("{\"SchemaVersion\":\"0.1.0\",\"Vendor\":\"unroot\",\"Version\":\"%s\","
           "\"ShortDescription\":\"Take root away from the images that Dockerfiles make\"}\n",
           ur_version());
    return fflush(stdout) ? CODE_INPUT : CODE_OK;
}
