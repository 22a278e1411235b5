/*
 * Only plain assignments count. Whatever else could set the variable (read, a loop, a file that is
 * sourced) leaves it unknown, or, where its name does not occur, is taken not to set it.
 */
#include "unit/variable.h"

static bool is_name(struct str s)
{
    for (size_t i = 0; i < s.n; i++) {
        char c = s.p[i];
        bool alpha = ((c | 0x20) >= 'a' && (c | 0x20) <= 'z') || c == '_';
        if (!alpha && !(i && c >= '0' && c <= '9'))
            return false;
    }
    return s.n > 0;
}

/* "uid" of "$uid" and "${uid}"; empty for anything else. */
static struct str name_of(struct str word)
{
    struct str name = STR("");
    if (str_starts(word, STR("${")) && str_ends(word, STR("}")))
        name = str_sub(word, 2, word.n - 1);
    else if (str_starts(word, STR("$")))
        name = str_from(word, 1);
    return is_name(name) ? name : STR("");
}

/* One more assignment: the last one counts, if it certainly happens and lasts. */
static void note(const struct shell_command *c, struct str text, bool literal,
                 enum variable_state *state, struct str *value)
{
    bool plain = literal && !c->conditional && !c->subshell && !c->background;
    *state = plain ? VARIABLE_KNOWN : VARIABLE_UNKNOWN;
    *value = text;
}

static bool declares(struct str program)
{
    return str_is(program, "export") || str_is(program, "readonly") || str_is(program, "declare") ||
           str_is(program, "typeset");
}

static void read_words(const struct shell_command *c, struct str name, enum variable_state *state,
                       struct str *value)
{
    bool here = declares(c->words.v[0].value);
    for (size_t i = 1; i < c->words.n; i++) {
        const struct shell_word *w = &c->words.v[i];
        ptrdiff_t eq = str_chr(w->value, '=');
        if (here && eq > 0 && str_eq(str_sub(w->value, 0, (size_t)eq), name))
            note(c, str_from(w->value, (size_t)eq + 1), w->literal, state, value);
        else if (str_eq(w->value, name))
            note(c, STR(""), false, state, value); /* read NAME, unset NAME */
    }
}

enum variable_state variable_find(const struct shell_script *script, size_t before, struct str word,
                                  struct str *value)
{
    enum variable_state state = VARIABLE_UNSET;
    struct str name = name_of(word);
    for (size_t i = 0; name.n && i < before && i < script->commands.n; i++) {
        const struct shell_command *c = &script->commands.v[i];
        if (c->words.n) {
            read_words(c, name, &state, value);
            continue; /* assignments in front of a program are for that program */
        }
        VEC_EACH (set, &c->assigns)
            if (str_eq(set->name, name))
                note(c, set->value.value, set->value.literal, &state, value);
    }
    VEC_EACH (w, &script->others)
        if (name.n && str_eq(w->value, name))
            state = VARIABLE_UNKNOWN; /* for NAME in … */
    return state;
}
