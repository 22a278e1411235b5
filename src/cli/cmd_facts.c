/*
 * facts: what is known of an image, which images are known, and new knowledge out of a tool's JSON.
 * What is shown and what is imported is written by the same printer, in the format that --facts
 * reads; an import is read back before it is printed.
 */
#include "base/buf.h"
#include "cli/cli.h"
#include "cli/config.h"
#include "cli/facts_import.h"
#include "cli/facts_yaml.h"
#include "knowledge/facts.h"

/* The facts of --facts and of a .unroot.yaml here. False after a message. */
static bool add_facts(struct cli *c, struct facts_db *db)
{
    struct configs cs;
    struct walk walk = {.arena = c->arena};
    const char *error = configs_init(&cs, c);
    walk_add(&walk, "-");
    struct config *here = error ? NULL : configs_find(&cs, &walk.inputs.v[0]);
    error = error ? error : here->error;
    if (!error)
        VEC_EACH (file, &here->own_facts.files)
            error = error ? error : facts_db_add(db, file->label, file->yaml);
    if (!error)
        VEC_EACH (file, &cs.facts.files)
            error = error ? error : facts_db_add(db, file->label, file->yaml);
    if (error)
        cli_error(c, "%s", error);
    configs_release(&cs);
    return !error;
}

static enum exit_code list(struct cli *c, struct facts_db *db)
{
    const struct str *names;
    struct buf b = buf_in(c->arena);
    size_t n = facts_db_names(db, c->arena, &names);
    for (size_t i = 0; i < n; i++)
        buf_addf(&b, "%.*s\n", STR_ARG(names[i]));
    return cli_write(c, buf_str(&b));
}

/* The facts hold for one tag; a comment says which, and where they are from. */
static struct str shown(struct cli *c, const char *name, const struct image_ref *image,
                        const struct facts *facts)
{
    struct buf b = buf_in(c->arena);
    buf_addf(&b, "# %s, from %.*s\n", cli_quote(c->arena, name), STR_ARG(facts->origin));
    if (facts->tag_guessed)
        buf_addz(&b, "# The digest does not tell the tag: this holds for the tag latest.\n");
    buf_add(&b, facts_yaml(c->arena, &image->repository, 1, facts));
    return buf_str(&b);
}

static enum exit_code show(struct cli *c, struct facts_db *db, const char *name)
{
    struct image_ref image;
    struct facts facts;
    if (!image_parse(c->arena, str_of(name), &image)) {
        cli_error(c, "'%s' is not the name of an image", cli_quote(c->arena, name));
        return CODE_USAGE;
    }
    if (facts_find(db, c->arena, &image, &facts))
        return cli_write(c, shown(c, name, &image, &facts));
    cli_error(c, "nothing is known of '%s'", cli_quote(c->arena, name));
    return CODE_FOUND;
}

static enum exit_code with_db(struct cli *c, const char *word)
{
    struct facts_db *db = facts_db_new();
    enum exit_code code = CODE_USAGE;
    if (add_facts(c, db))
        code = strcmp(word, "list") == 0 ? list(c, db) : show(c, db, word);
    facts_db_free(db);
    return code;
}

/* NULL when our own reader takes it. */
static const char *read_back(struct cli *c, struct str yaml)
{
    struct facts_db *db = facts_db_new();
    const char *error = facts_db_add(db, "import", yaml);
    if (error)
        error = str_dup(c->arena, str_of(error)).p;
    facts_db_free(db);
    return error;
}

static enum exit_code import(struct cli *c, const char *path)
{
    struct facts_import found;
    struct str json;
    if (!cli_read(c, path, &json))
        return CODE_INPUT;
    const char *wrong = facts_import(c->arena, json, c->options->as, &found);
    struct str yaml = STR("");
    if (!wrong) {
        yaml = facts_yaml(c->arena, found.images.v, found.images.n, &found.facts);
        wrong = read_back(c, yaml);
    }
    if (!wrong)
        return cli_write(c, yaml);
    cli_error(c, "cannot import '%s': %s", cli_quote(c->arena, path), cli_quote(c->arena, wrong));
    return CODE_INPUT;
}

static enum exit_code run(struct cli *c)
{
    const char *word = c->options->operands.v[0];
    bool importing = strcmp(word, "import") == 0;
    size_t n = c->options->operands.n;
    if (n > (importing ? 2 : 1)) {
        cli_error(c, "facts does not take '%s'",
                  cli_quote(c->arena, c->options->operands.v[importing ? 2 : 1]));
        return CODE_USAGE;
    }
    if (!importing && c->options->as) {
        cli_error(c, "option '--as' belongs to import");
        return CODE_USAGE;
    }
    return importing ? import(c, n > 1 ? c->options->operands.v[1] : "-") : with_db(c, word);
}

static const char *words(struct arena *a)
{
    (void)a;
    return "list import";
}

const struct command command_facts = {
    .name = "facts",
    .rank = 6,
    .operands = "IMAGE | list | import [FILE]",
    .summary = "what is known of a base image; import from an image's JSON",
    .about = "facts IMAGE prints what is known of an image, as YAML: who it runs as, its users, "
             "what it starts. facts list prints the names of all known images.\n"
             "\n"
             "facts import reads the output of `docker image inspect`, or an OCI image "
             "configuration, from FILE or standard input, and prints a facts file for --facts or "
             "for the facts: of a .unroot.yaml. No network is used.\n"
             "\n"
             "Exit status: 0; 1 when nothing is known of IMAGE; 3 when the JSON can't be used.",
    .words = words,
    .groups = GROUP_FACTS | GROUP_IMPORT | GROUP_FILE,
    .needs_operand = true,
    .run = run,
};
