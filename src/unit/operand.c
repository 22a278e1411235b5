/*
 * What an operand of a command in a RUN step comes to, as far as that can be told: literals,
 * variables of ARG and ENV, variables that the same script has set.
 */
#include "unit/operand.h"

/* The operand's path when it can be told: a literal, or variables that ARG and ENV set. */
bool operand_path(struct stage *s, const struct stage_step *step, const struct shell_word *w,
                  struct str *out)
{
    *out = w->value;
    if (!w->literal) {
        if (str_chr(w->value, '$') < 0 || str_has(w->value, "$(") || str_chr(w->value, '*') >= 0 ||
            str_chr(w->value, '{') !=
                str_find(w->value, STR("${")) + (str_has(w->value, "${") ? 1 : 0))
            return false;
        struct expanded e = stage_expand(s, step, w->value);
        if (e.error || e.unknown || e.unset || e.argument)
            return false;
        *out = e.text;
    }
    return out->n > 0 && out->n < 200;
}

/* "$Q/x" when a command in front of it in the same script says Q=/queue. */
bool operand_assigned(struct arena *a, const struct run_effects *run, const struct run_effect *e,
                      struct str word, struct str *out)
{
    size_t from = 1, to;
    if (word.n < 2 || word.p[0] != '$' || e->inner)
        return false;
    from += word.p[1] == '{';
    for (to = from; to < word.n && (word.p[to] == '_' || (word.p[to] >= '0' && word.p[to] <= '9') ||
                                    ((word.p[to] | 0x20) >= 'a' && (word.p[to] | 0x20) <= 'z'));)
        to++;
    struct str name = str_sub(word, from, to), rest = str_from(word, to);
    if (from == 2 && !str_starts(rest, STR("}")))
        return false;
    rest = str_from(rest, from == 2);
    for (size_t i = 0; i < e->command && str_chr(rest, '$') < 0; i++) {
        const struct shell_command *cmd = &run->script.commands.v[i];
        VEC_EACH (set, &cmd->assigns)
            if (!cmd->words.n && str_eq(set->name, name) && set->value.literal) {
                *out = str_cat(a, set->value.value, rest);
                return out->n > 0;
            }
    }
    return false;
}
