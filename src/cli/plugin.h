/*
 * plugin: the program as a plugin of the docker command. Under the name docker-unroot it answers
 * what docker asks of plugins, and `docker unroot check` does what `unroot check` does.
 */
#ifndef CLI_PLUGIN_H
#define CLI_PLUGIN_H

#include "cli/command.h"

/* Was the program started under the plugin's name? */
bool plugin_is(const char *program);
/* What docker hands over, without its own options and the plugin's word: the words for us. */
char **plugin_words(char **args);
/* docker asks what this plugin is. */
bool plugin_asked(char **words);
/* The answer, on standard output. */
enum exit_code plugin_answer(void);

#endif
