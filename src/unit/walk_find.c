/*
 * find, xargs and interpreters that edit files: what they are told to do to files is judged like
 * the command itself.
 */
#include "unit/walk.h"

bool walk_edits_in_place(const struct shell_word *words, size_t n)
{
    for (size_t i = 1; i < n; i++)
        if (str_starts(words[i].value, STR("--in-place")) ||
            (str_starts(words[i].value, STR("-")) && !str_starts(words[i].value, STR("--")) &&
             str_chr(words[i].value, 'i') > 0))
            return true;
    return false;
}

static void doubt(struct walk *w, struct str name)
{
    obstacle_review(w->o, "writes-at-start", w->at,
                    STR("what it writes lies in the working directory itself, its home or /tmp"),
                    "starts '%s', which writes files when the container starts",
                    walk_text(w, name));
}

/* ---- find ----------------------------------------------------------------------------------- */

enum action { ACTION_NONE, ACTION_RUN, ACTION_WRITE, ACTION_REMOVE };

static enum action action_of(struct str s)
{
    if (str_is(s, "-exec") || str_is(s, "-execdir") || str_is(s, "-ok") || str_is(s, "-okdir"))
        return ACTION_RUN;
    if (str_is(s, "-delete"))
        return ACTION_REMOVE;
    return str_starts(s, STR("-fprint")) || str_is(s, "-fls") ? ACTION_WRITE : ACTION_NONE;
}

/* Where the places end that it begins at. */
static size_t starts_end(const struct shell_word *words, size_t n)
{
    size_t i = 1;
    while (i < n && words[i].value.n && str_chr(STR("-(!"), words[i].value.p[0]) < 0)
        i++;
    return i;
}

/* -exec sed -i … {} +: the same as sed -i … DIR. Returns where it ends. */
static size_t run_action(struct walk *w, const struct shell_word *words, size_t n, size_t at,
                         size_t starts)
{
    static const struct shell_word here = {.value = {".", 1}, .literal = true};
    VEC(struct shell_word) inner = {0};
    for (; at < n && !str_is(words[at].value, ";") && !str_is(words[at].value, "+"); at++) {
        if (!str_is(words[at].value, "{}")) {
            *vec_push(w->o->unit->arena, &inner) = words[at];
            continue;
        }
        if (starts == 1)
            *vec_push(w->o->unit->arena, &inner) = here;
        for (size_t i = 1; i < starts; i++)
            *vec_push(w->o->unit->arena, &inner) = words[i];
    }
    walk_words(w, inner.v, inner.n);
    return at;
}

static void walk_actions(struct walk *w, const struct shell_word *words, size_t n)
{
    size_t starts = starts_end(words, n);
    for (size_t i = starts; i < n; i++) {
        enum action action = action_of(words[i].value);
        bool own = starts > 1 && walk_writes_own(w, words, starts);
        if (action == ACTION_RUN)
            i = run_action(w, words, n, i + 1, starts);
        else if (action == ACTION_WRITE || (action == ACTION_REMOVE && !own))
            doubt(w, STR("find"));
    }
}

/* ---- xargs ---------------------------------------------------------------------------------- */

/* What it hands on is not known. */
static void walk_xargs(struct walk *w, const struct shell_word *words, size_t n)
{
    static const char *const with_value[] = {"-I", "-n", "-P", "-L", "-d", "-a", "-s", "-E", NULL};
    VEC(struct shell_word) inner = {0};
    size_t at = 1;
    for (; at < n && walk_is_option(words[at].value); at++)
        for (const char *const *o = with_value; *o; o++)
            if (str_is(words[at].value, *o)) {
                at++;
                break;
            }
    for (size_t i = at; i < n; i++)
        *vec_push(w->o->unit->arena, &inner) = words[i];
    *vec_push(w->o->unit->arena, &inner) = (struct shell_word){.value = STR("$@")};
    if (at < n)
        walk_words(w, inner.v, inner.n);
}

/* ---- downloads ------------------------------------------------------------------------------ */

/* curl -o FILE, wget -O FILE, wget -P DIR; without one, in the place where it is. */
static bool saves_elsewhere(struct walk *w, const struct shell_word *words, size_t n)
{
    static const char *const curl[] = {"-o", "--output", "--output-dir", "-D", NULL};
    static const char *const wget[] = {"-O", "-P", "--output-document", "--directory-prefix",
                                       "-o", NULL};
    const char *const *options = str_is(str_basename(words[0].value), "curl") ? curl : wget;
    for (size_t i = 1; i < n; i++)
        for (const char *const *o = options; *o; o++) {
            struct shell_word file = words[i];
            if (str_is(file.value, *o) && i + 1 < n)
                file = words[i + 1];
            else if (str_starts(file.value, str_of(*o)) && str_chr(file.value, '=') > 0)
                file.value = str_from(file.value, (size_t)str_chr(file.value, '=') + 1);
            else
                continue;
            struct str path, place = STR("");
            if (!str_is(file.value, "-") && walk_resolve(w, &file, &path))
                place = walk_place(w, path);
            bool none = str_is(file.value, "-") || stage_inside(place, STR("/dev"));
            if (!none && !(place.n && walk_is_own(w, place)))
                return true;
        }
    return false;
}

/* ---- all of them ---------------------------------------------------------------------------- */

/* perl -pi -e 's/a/b/' FILE */
static bool edits_by_option(const struct shell_word *words, size_t n)
{
    static const char *const starts[] = {"-i", "-pi", "-ni", "-0pi", NULL};
    for (size_t i = 1; i < n && walk_is_option(words[i].value); i++)
        for (const char *const *s = starts; *s; s++)
            if (str_starts(words[i].value, str_of(*s)))
                return true;
    return false;
}

bool walk_find(struct walk *w, const struct shell_word *words, size_t n)
{
    struct str name = str_basename(words[0].value);
    if (str_is(name, "find"))
        walk_actions(w, words, n);
    else if (str_is(name, "xargs"))
        walk_xargs(w, words, n);
    else if ((str_is(name, "curl") || str_is(name, "wget")) && saves_elsewhere(w, words, n))
        doubt(w, name);
    else if ((str_is(name, "perl") || str_is(name, "ruby")) && edits_by_option(words, n))
        doubt(w, name);
    else
        return false;
    return true;
}
