/*
 * Users made without a tool: lines written into /etc/passwd and /etc/group. A line that can be read
 * is a user or a group; whatever else happens to these files is RUN_USER_MOD without a name, which
 * says that nothing is known of the users any more.
 */
#include "dockerfile/run_reader.h"

#include "base/buf.h"

enum { FIELDS = 7 };

static bool is_account_file(struct shell_word file, bool *group)
{
    *group = str_is(file.value, "/etc/group");
    return *group || str_is(file.value, "/etc/passwd");
}

/* Splits "name:x:1000:…" at its colons; the number of fields, FIELDS + 1 for too many. */
static size_t split_fields(struct str line, struct str fields[FIELDS])
{
    size_t n = 0;
    struct str before, rest = line;
    while (n < FIELDS && run_split(rest, ':', &before, &rest))
        fields[n++] = before;
    if (n == FIELDS)
        return FIELDS + 1;
    fields[n++] = rest;
    return n;
}

static int64_t number(struct str s)
{
    return run_number((struct shell_word){.value = s, .literal = true});
}

static void add_modified(struct run_reader *r, struct run_words w, struct shell_word file)
{
    struct run_effect *e = run_add(r, RUN_USER_MOD, w);
    *vec_push(r->arena, &e->operands) = file;
}

/* One line of the file. False when it is not one. */
static bool read_line(struct run_reader *r, struct run_words w, struct str line, bool group)
{
    struct str f[FIELDS] = {{0}};
    size_t n = split_fields(line, f);
    if (n != (group ? 4 : FIELDS) || !f[0].n || str_chr(line, '`') >= 0)
        return false;
    struct run_effect *e = run_add(r, group ? RUN_GROUP_ADD : RUN_USER_ADD, w);
    e->name = f[0];
    e->id = number(f[2]);
    e->id_text = f[2];
    if (!group) {
        e->group = f[3];
        e->gid = number(f[3]);
        e->home = f[5];
        e->shell = f[6];
    }
    return true;
}

/* The words of echo or printf as one text, with \n made a new line. False when it is not known. */
static bool printed_text(struct run_reader *r, struct run_words w, struct str *text)
{
    bool format = str_is(run_basename(w.v[0]), "printf");
    struct buf b = buf_in(r->arena);
    size_t i = 1;
    while (!format && i < w.n && w.v[i].value.n > 1 && w.v[i].value.p[0] == '-')
        i++; /* -n, -e */
    if (format && (w.n != 2 || str_chr(w.v[1].value, '%') >= 0))
        return false;
    for (; i < w.n; i++) {
        struct str s = w.v[i].value;
        for (size_t k = 0; k < s.n; k++) {
            bool newline = s.p[k] == '\\' && k + 1 < s.n && s.p[k + 1] == 'n';
            buf_addc(&b, newline ? '\n' : s.p[k]);
            k += newline;
        }
        if (i + 1 < w.n)
            buf_addc(&b, ' ');
    }
    *text = buf_str(&b);
    return true;
}

static bool read_lines(struct run_reader *r, struct run_words w, struct str text, bool group)
{
    struct str line;
    bool any = false, all = true;
    while (str_split(&text, '\n', &line)) {
        if (!str_trim(line).n)
            continue;
        any = true;
        all &= read_line(r, w, line, group);
    }
    return any && all;
}

void run_account_file(struct run_reader *r, struct run_words w, struct shell_word file, bool append,
                      struct str heredoc)
{
    bool group;
    if (!is_account_file(file, &group))
        return;
    if (!append)
        add_modified(r, w, file); /* those before are gone */
    struct str program = w.n ? run_basename(w.v[0]) : STR_NULL, text = heredoc;
    bool known = str_is(program, "cat") && w.n == 1 && heredoc.n;
    if (str_is(program, "echo") || str_is(program, "printf"))
        known = printed_text(r, w, &text);
    known = known && read_lines(r, w, text, group);
    if (!known && append)
        add_modified(r, w, file);
}

static const struct run_long sed_longs[] = {
    {"in-place", 'i', false}, {"expression", 'e', true}, {"file", 'f', true}, {NULL, 0, false}};

void run_sed(struct run_reader *r, struct run_words w)
{
    bool in_place = false, group;
    struct run_options o = run_options_of(w, "nrEsuzi?e:f:l:", sed_longs);
    run_other(r, w);
    for (int c; (c = run_option_next(&o)) != RUN_END;) {
        in_place |= c == 'i';
        if (c == RUN_OPERAND && in_place && is_account_file(o.word, &group))
            add_modified(r, w, o.word);
    }
}
