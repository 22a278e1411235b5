/* config_file: reads one .unroot.yaml; the inner half of config. */
#ifndef CLI_CONFIG_FILE_H
#define CLI_CONFIG_FILE_H

#include "cli/config.h"

enum { CONFIG_FILE_MAX = 256 << 10 };

/* Reads c->path and fills everything but the facts of the command line. Options that the command
 * line has, too, are left out. The engine's options are set on c->options. Sets c->error. */
void config_file_read(const struct cli *cli, struct config *c);
/* The same for a file that was read already. */
void config_file_parse(const struct cli *cli, struct config *c, struct str yaml);

#endif
