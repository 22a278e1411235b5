/*
 * Which files a batch works on: what the command line names, searched and sorted, without what a
 * configuration leaves out.
 */
#include <stdlib.h>

#include "cli/batch_run.h"
#include "engine/options.h"

static bool add_listed(struct batch *b, const char *from)
{
    struct cli *c = b->cli;
    struct io_file list;
    struct io_error e;
    if (strcmp(from, "-") == 0)
        e = io_read_fd(c->arena, 0, "-", CLI_LIST_MAX, &list.bytes);
    else
        e = io_read(c->arena, io_path_of(from), CLI_LIST_MAX, &list);
    if (e.message)
        cli_error(c, "%s", e.message);
    else
        walk_add_list(&b->walk, list.bytes, c->options->null ? 0 : '\n');
    return !e.message;
}

static bool names_standard_input(const struct options *o)
{
    VEC_EACH (path, &o->operands)
        if (strcmp(*path, "-") == 0)
            return true;
    return false;
}

/* A command behind its options is taken for a file: say what is meant. */
static void hint_at_command(struct batch *b, const char *word)
{
    struct cli *c = b->cli;
    struct stat st;
    if (lstat(word, &st) == 0)
        return;
    if (command_find(str_of(word)))
        cli_error(c, "'%s' is no file; a command comes first: unroot %s [OPTION...]", word, word);
    else if (*command_suggest(c->arena, str_of(word)))
        cli_error(c, "'%s' is no command and no file%s", cli_quote(c->arena, word),
                  command_suggest(c->arena, str_of(word)));
}

bool batch_find(struct batch *b)
{
    const struct options *o = b->cli->options;
    if (o->files_from && strcmp(o->files_from, "-") == 0 && names_standard_input(o)) {
        cli_error(b->cli, "standard input can't be both the list and a file");
        return false;
    }
    b->walk.wants_deploys = b->configs.base.options->settings.deploys != DEPLOYS_OFF;
    b->walk.input_is_deploy = b->configs.base.options->settings.deploys == DEPLOYS_ON;
    if (o->operands.n)
        hint_at_command(b, o->operands.v[0]);
    VEC_EACH (path, &o->operands)
        walk_add(&b->walk, *path);
    if (o->files_from && !add_listed(b, o->files_from))
        return false;
    if (!o->operands.n && !o->files_from)
        walk_add(&b->walk, ".");
    walk_finish(&b->walk);
    return true;
}

/* An input under a configuration that is wrong is not handled; the reason is said once. */
static void refuse(struct batch *b, struct config *config)
{
    b->totals->errors++;
    b->totals->config_error = true;
    if (!config->reported)
        cli_error(b->cli, "%s", config->error);
    config->reported = true;
}

/* The configuration that holds for an input; NULL when it is left out. */
static struct config *config_of(struct batch *b, const struct walk_input *in)
{
    struct config *config = configs_find(&b->configs, in);
    if (config->error) {
        refuse(b, config);
        return NULL;
    }
    if (!config_ignores(&b->configs, config, in))
        return config;
    b->totals->skipped++;
    cli_detail(b->cli, "skipped '%s': ignored by '%s'", cli_quote(b->cli->arena, in->path),
               cli_quote(b->cli->arena, config->path));
    return NULL;
}

static void choose_dockerfiles(struct batch *b)
{
    VEC_EACH (in, &b->walk.inputs) {
        struct config *config = config_of(b, in);
        if (!config)
            continue;
        *vec_push(b->cli->arena, &b->inputs) = in;
        *vec_push(b->cli->arena, &b->config) = config;
        if (!in->standard_input)
            images_add_dockerfile(&b->trees.images, str_of(in->path));
        trees_look(&b->trees, in);
    }
}

/* What --image and the configuration say, once for each of these. */
static const char *give_images(struct batch *b, struct config *config)
{
    const struct settings *s = &config->options->settings;
    const struct option_spec *spec = options_find(STR("image"));
    struct str folder = STR("");
    if (config->images_given)
        return NULL;
    config->images_given = true;
    if (config->path && !options_has(b->cli->options, spec))
        folder = str_sub(str_of(config->path), 0, strlen(config->path) - strlen(CONFIG_NAME));
    for (size_t i = 0; i < s->images.n; i++) {
        const char *wrong = images_give(&b->trees.images, folder, s->images.v[i]);
        if (wrong)
            return wrong;
    }
    return NULL;
}

static bool choose_deploys(struct batch *b)
{
    VEC_EACH (in, &b->walk.deploys) {
        struct config *config = config_of(b, in);
        if (!config || (!in->named && config->options->settings.deploys == DEPLOYS_OFF))
            continue;
        const char *wrong = give_images(b, config);
        if (wrong) {
            cli_error(b->cli, "%s", wrong);
            return false;
        }
        *vec_push(b->cli->arena, &b->deploy_inputs) = in;
        *vec_push(b->cli->arena, &b->deploy_config) = config;
        trees_look(&b->trees, in);
    }
    return true;
}

bool batch_choose(struct batch *b)
{
    b->trees.wants_images = b->walk.deploys.n > 0;
    choose_dockerfiles(b);
    if (!choose_deploys(b))
        return false;
    trees_finish(&b->trees);
    b->deploys.trees = &b->trees;
    return true;
}
