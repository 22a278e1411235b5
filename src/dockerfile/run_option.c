/*
 * Options as getopt reads them: -a -b value -bvalue -ab, --long value --long=value, long ones
 * shortened at will, operands between them, -- before what are operands in any case. A word that is
 * expanded at run time and does not begin with - counts as an operand.
 */
#include "dockerfile/run_reader.h"

struct run_options run_options_of(struct run_words w, const char *shorts,
                                  const struct run_long *longs)
{
    return (struct run_options){.words = run_words_from(w, 1), .shorts = shorts, .longs = longs};
}

struct run_words run_options_rest(const struct run_options *o)
{
    return run_words_from(o->words, o->at ? o->at - 1 : 0);
}

static struct shell_word next_word(struct run_options *o)
{
    if (o->at < o->words.n)
        return o->words.v[o->at++];
    return (struct shell_word){0};
}

static int read_letter(struct run_options *o)
{
    char c = o->cluster.p[0];
    o->cluster = str_from(o->cluster, 1);
    if (c == '$' || c == '`' || c == '=') {
        o->cluster = STR_NULL; /* the rest is known at run time only */
        return RUN_UNKNOWN;
    }
    const char *known = c != ':' && c != '?' && c ? strchr(o->shorts, c) : NULL;
    if (!known)
        return RUN_UNKNOWN;
    if (known[1] == '?' || (known[1] == ':' && o->cluster.n)) {
        o->word.value = o->cluster;
        o->cluster = STR_NULL;
    } else if (known[1] == ':') {
        o->word = next_word(o);
    }
    return c;
}

/* The long option of that name, or the first one that it shortens. */
static const struct run_long *find_long(const struct run_long *longs, struct str name)
{
    const struct run_long *found = NULL;
    for (; longs && longs->name; longs++) {
        if (str_is(name, longs->name))
            return longs;
        if (!found && name.n && str_starts(str_of(longs->name), name))
            found = longs;
    }
    return found;
}

static int read_long(struct run_options *o)
{
    struct str name = str_from(o->word.value, 2), value;
    bool attached = run_split(name, '=', &name, &value);
    const struct run_long *known = find_long(o->longs, name);
    if (attached)
        o->word.value = value;
    if (!known)
        return RUN_UNKNOWN;
    if (known->argument && !attached)
        o->word = next_word(o);
    else if (!attached)
        o->word.value = STR_NULL;
    return known->letter;
}

int run_option_next(struct run_options *o)
{
    if (o->cluster.n)
        return read_letter(o);
    if (o->at >= o->words.n)
        return RUN_END;
    o->word = next_word(o);
    struct str s = o->word.value;
    if (o->plain || s.n < 2 || s.p[0] != '-')
        return RUN_OPERAND;
    if (str_is(s, "--")) {
        o->plain = true;
        return run_option_next(o);
    }
    if (s.p[1] == '-')
        return read_long(o);
    o->cluster = str_from(s, 1);
    return read_letter(o);
}
