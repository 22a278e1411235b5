/*
 * Splits a logical line into keyword, flags and arguments with the argument parser that BuildKit
 * has for each instruction (parser/split_command.go, parser/line_parsers.go). Oddities are kept:
 * flags are read byte by byte as Latin-1, an exec form that is not valid JSON silently is shell
 * form.
 */
#include "dockerfile/node.h"

#include "base/buf.h"
#include "base/utf8.h"
#include "dockerfile/expand.h"
#include "dockerfile/json.h"
#include "dockerfile/lex.h"

enum { ONBUILD_DEPTH = 8 };

static const char not_strings[] =
    "when using JSON array syntax, arrays must be comprised of strings only";

static const struct {
    enum df_cmd cmd;
    const char *name;
} commands[] = {
    {DF_ADD, "ADD"},
    {DF_ARG, "ARG"},
    {DF_CMD, "CMD"},
    {DF_COPY, "COPY"},
    {DF_ENTRYPOINT, "ENTRYPOINT"},
    {DF_ENV, "ENV"},
    {DF_EXPOSE, "EXPOSE"},
    {DF_FROM, "FROM"},
    {DF_HEALTHCHECK, "HEALTHCHECK"},
    {DF_LABEL, "LABEL"},
    {DF_MAINTAINER, "MAINTAINER"},
    {DF_ONBUILD, "ONBUILD"},
    {DF_RUN, "RUN"},
    {DF_SHELL, "SHELL"},
    {DF_STOPSIGNAL, "STOPSIGNAL"},
    {DF_USER, "USER"},
    {DF_VOLUME, "VOLUME"},
    {DF_WORKDIR, "WORKDIR"},
};

const char *df_cmd_name(enum df_cmd cmd)
{
    for (size_t i = 0; i < sizeof commands / sizeof *commands; i++)
        if (commands[i].cmd == cmd)
            return commands[i].name;
    return "";
}

enum df_cmd df_cmd_find(struct str word)
{
    for (size_t i = 0; i < sizeof commands / sizeof *commands; i++)
        if (str_eq_nocase(word, str_of(commands[i].name)))
            return commands[i].cmd;
    return DF_NONE;
}

/* reWhitespace: [\t\v\f\r ] */
static bool is_separator(char c)
{
    return str_is_blank(c) && c != '\n';
}

/* unicode.IsSpace of a byte taken as a code point. */
static bool is_latin_space(char c)
{
    return utf8_is_space((unsigned char)c);
}

/* ---- flags ---------------------------------------------------------------------------------- */

/* Appends a byte as WriteRune(rune(b)) would: bytes over 0x7F become two. */
static void put_latin(struct buf *b, char c)
{
    char out[4];
    buf_add(b, str_make(out, utf8_put((unsigned char)c, out)));
}

/* Reads one flag word at `at`; returns the offset behind it. */
static size_t flag_word(struct str s, size_t at, char escape, struct buf *word, bool *blank_ok)
{
    char quote = 0;
    for (; at < s.n; at++) {
        char c = s.p[at];
        if (!quote && is_latin_space(c))
            break;
        if (!quote && (c == '\'' || c == '"')) {
            quote = c;
            *blank_ok = true;
            continue;
        }
        if (quote && c == quote) {
            quote = 0;
            continue;
        }
        if (c == escape) {
            if (at + 1 == s.n)
                continue;
            c = s.p[++at];
        }
        put_latin(word, c);
    }
    return at;
}

/* Takes the flags off the front of text[from..]; returns the offset where the rest begins. */
static size_t read_flags(struct arena *a, struct str text, size_t from, char escape,
                         struct df_node *out)
{
    size_t at = from;
    for (;;) {
        while (at < text.n && is_latin_space(text.p[at]))
            at++;
        if (at + 1 >= text.n || text.p[at] != '-' || text.p[at + 1] != '-')
            return at;
        struct buf word = buf_in(a);
        bool blank_ok = false;
        size_t end = flag_word(text, at, escape, &word, &blank_ok);
        struct str flag = buf_str(&word);
        if (str_is(flag, "--"))
            return end;
        if (blank_ok || flag.n)
            *vec_push(a, &out->flags) = (struct df_flag){flag, span_make(at, end)};
        at = end;
    }
}

/* ---- arguments ------------------------------------------------------------------------------ */

static void push(struct arena *a, struct df_node *out, struct str word)
{
    *vec_push(a, &out->args) = word;
}

/* reWhitespace.Split(rest, -1) of trimmed text. */
static void split_list(struct arena *a, struct str rest, struct df_node *out)
{
    size_t from = 0;
    if (!rest.n)
        return;
    for (size_t i = 0; i < rest.n; i++) {
        if (!is_separator(rest.p[i]))
            continue;
        push(a, out, str_sub(rest, from, i));
        while (i + 1 < rest.n && is_separator(rest.p[i + 1]))
            i++;
        from = i + 1;
    }
    push(a, out, str_from(rest, from));
}

/* A word of parseWords: quotes and escapes stay in it. Appends to `word`; returns the end. */
static size_t quoted_word(struct str s, size_t at, char escape, struct buf *word)
{
    char quote = 0;
    size_t len;
    while (at < s.n) {
        uint32_t cp = utf8_at(s, at, &len);
        char c = s.p[at];
        if (!quote && utf8_is_space(cp))
            break;
        if (!quote && (c == '\'' || c == '"'))
            quote = c;
        else if (quote && c == quote)
            quote = 0;
        if (c == escape && quote != '\'') {
            if (at + 1 == s.n)
                return s.n; /* an escape at the very end is dropped */
            buf_addc(word, c);
            at++;
            cp = utf8_at(s, at, &len);
        }
        char out[4];
        buf_add(word, str_make(out, utf8_put(cp, out)));
        at += len;
    }
    return at;
}

typedef VEC(struct str) words_vec;

static void parse_words(struct arena *a, struct str s, char escape, words_vec *out)
{
    size_t at = 0, len;
    while (at < s.n) {
        if (utf8_is_space(utf8_at(s, at, &len))) {
            at += len;
            continue;
        }
        struct buf word = buf_in(a);
        at = quoted_word(s, at, escape, &word);
        if (word.n)
            *vec_push(a, out) = buf_str(&word);
    }
}

static const char *key_values(struct arena *a, struct str rest, char escape, struct df_node *out)
{
    const char *name = df_cmd_name(out->cmd);
    words_vec words = {0};
    parse_words(a, rest, escape, &words);
    if (!words.n)
        return NULL;
    if (str_chr(words.v[0], '=') < 0) {
        size_t at = 0, value;
        while (at < rest.n && !is_separator(rest.p[at]))
            at++;
        for (value = at; value < rest.n && is_separator(rest.p[value]);)
            value++;
        if (at == rest.n)
            return str_fmt(a, "%s must have two arguments", name).p;
        push(a, out, str_sub(rest, 0, at));
        push(a, out, str_from(rest, value));
        push(a, out, STR(""));
        return NULL;
    }
    VEC_EACH (w, &words) {
        ptrdiff_t eq = str_chr(*w, '=');
        if (eq < 0)
            return str_fmt(a, "Syntax error - can't find = in %s. Must be of the form: name=value",
                           json_quote(a, utf8_safe(a, *w, 200)).p)
                .p;
        push(a, out, str_sub(*w, 0, (size_t)eq));
        push(a, out, str_from(*w, (size_t)eq + 1));
        push(a, out, STR("="));
    }
    return NULL;
}

/* Exec form into args. *is_json says whether it was one. */
static const char *maybe_json(struct arena *a, struct str rest, struct df_node *out, bool *is_json)
{
    json_strings strings = {0};
    struct str text = lex_trim_left(rest);
    enum json_array kind = JSON_NOT_ARRAY;
    if (text.n && text.p[0] == '[')
        kind = json_read_array(a, text, &strings);
    if (kind == JSON_NOT_STRINGS)
        return not_strings;
    *is_json = kind == JSON_STRINGS;
    if (*is_json) {
        out->json = true;
        VEC_EACH (s, &strings)
            push(a, out, *s);
    }
    return NULL;
}

static const char *json_or_text(struct arena *a, struct str rest, struct df_node *out)
{
    bool is_json;
    if (!rest.n)
        return NULL;
    const char *error = maybe_json(a, rest, out, &is_json);
    if (!error && !is_json)
        push(a, out, rest);
    return error;
}

static const char *json_or_list(struct arena *a, struct str rest, struct df_node *out)
{
    bool is_json;
    const char *error = maybe_json(a, rest, out, &is_json);
    if (!error && !is_json)
        split_list(a, rest, out);
    return error;
}

static const char *health(struct arena *a, struct str rest, struct df_node *out)
{
    size_t end = 0, next;
    while (end < rest.n && !is_latin_space(rest.p[end]))
        end++;
    for (next = end; next < rest.n && is_latin_space(rest.p[next]);)
        next++;
    if (!end)
        return NULL;
    push(a, out, str_sub(rest, 0, end));
    return json_or_text(a, str_from(rest, next), out);
}

static const char *read_node(struct arena *a, struct str text, char escape, struct df_node *out,
                             unsigned depth);

static const char *trigger(struct arena *a, struct str rest, char escape, struct df_node *out,
                           unsigned depth)
{
    if (!rest.n)
        return NULL;
    if (depth >= ONBUILD_DEPTH)
        return "ONBUILD is nested too deeply";
    out->sub = arena_new(a, struct df_node);
    return read_node(a, rest, escape, out->sub, depth + 1);
}

static const char *read_args(struct arena *a, struct str rest, char escape, struct df_node *out,
                             unsigned depth)
{
    switch (out->cmd) {
    case DF_FROM:
    case DF_EXPOSE:
        split_list(a, rest, out);
        return NULL;
    case DF_ADD:
    case DF_COPY:
    case DF_VOLUME:
        return json_or_list(a, rest, out);
    case DF_RUN:
    case DF_CMD:
    case DF_ENTRYPOINT:
    case DF_SHELL:
        return json_or_text(a, rest, out);
    case DF_USER:
    case DF_WORKDIR:
    case DF_STOPSIGNAL:
    case DF_MAINTAINER:
        if (rest.n)
            push(a, out, rest);
        return NULL;
    case DF_ENV:
    case DF_LABEL:
        return key_values(a, rest, escape, out);
    case DF_ARG: {
        words_vec words = {0};
        parse_words(a, rest, escape, &words);
        VEC_EACH (w, &words)
            push(a, out, *w);
        return NULL;
    }
    case DF_HEALTHCHECK:
        return health(a, rest, out);
    case DF_ONBUILD:
        return trigger(a, rest, escape, out, depth);
    case DF_NONE:
        break;
    }
    push(a, out, STR("")); /* parseIgnore's empty node */
    return NULL;
}

static const char *read_node(struct arena *a, struct str text, char escape, struct df_node *out,
                             unsigned depth)
{
    struct str line = lex_trim(text);
    size_t begin = line.n ? (size_t)(line.p - text.p) : text.n, word = 0, at;
    while (word < line.n && !is_separator(line.p[word]))
        word++;
    for (at = word; at < line.n && is_separator(line.p[at]);)
        at++;
    out->original = text;
    out->keyword = str_sub(line, 0, word);
    out->keyword_raw = span_make(begin, begin + word);
    out->cmd = df_cmd_find(out->keyword);
    at = read_flags(a, line, at, escape, out);
    VEC_EACH (f, &out->flags)
        f->raw = span_make(f->raw.from + begin, f->raw.to + begin);
    struct str rest = lex_trim(str_from(line, at));
    size_t from = rest.n ? (size_t)(rest.p - text.p) : begin + line.n;
    out->rest = rest;
    out->rest_raw = span_make(from, from + rest.n);
    return read_args(a, rest, escape, out, depth);
}

const char *node_read(struct arena *a, struct str text, char escape, struct df_node *out)
{
    return read_node(a, text, escape, out, 0);
}

/* ---- heredocs ------------------------------------------------------------------------------- */

bool node_takes_heredocs(const struct df_node *node)
{
    if (node->cmd == DF_ONBUILD && node->sub)
        node = node->sub;
    return (node->cmd == DF_ADD || node->cmd == DF_COPY || node->cmd == DF_RUN) && !node->json;
}

static size_t count_quotes(struct str s)
{
    size_t n = 0;
    for (size_t i = 0; i < s.n; i++)
        n += s.p[i] == '\'' || s.p[i] == '"';
    return n;
}

/* ^(\d*)<<(-?)\s*([^<]*)$ */
bool node_heredoc_word(struct arena *a, struct str word, struct df_heredoc *out)
{
    size_t at = 0;
    uint64_t fd = 0;
    while (at < word.n && word.p[at] >= '0' && word.p[at] <= '9')
        at++;
    str_to_u64(str_sub(word, 0, at), UINT32_MAX, &fd);
    if (!str_starts(str_from(word, at), STR("<<")))
        return false;
    at += 2;
    bool chomp = at < word.n && word.p[at] == '-';
    at += chomp;
    while (at < word.n && str_is_blank(word.p[at]) && word.p[at] != '\v')
        at++;
    struct str rest = str_from(word, at);
    if (!rest.n || str_chr(rest, '<') >= 0)
        return false;
    struct expand_env env = {.keep_unset = true};
    struct expand_words plain = expand_words(a, rest, '\\', env);
    if (plain.whole.error || plain.words.n != 1)
        return false;
    *out = (struct df_heredoc){.name = plain.words.v[0], .fd = (unsigned)fd, .chomp = chomp};
    out->expand = count_quotes(out->name) == count_quotes(rest);
    return true;
}

struct node_heredocs node_heredocs(struct arena *a, struct str text)
{
    struct node_heredocs out = {0};
    struct expand_words words = {0};
    struct df_heredoc doc;
    if (!str_has(text, "<<") || !expand_split_raw(a, text, '\\', &words))
        return out;
    VEC_EACH (w, &words.words)
        if (node_heredoc_word(a, *w, &doc))
            *vec_push(a, &out.list) = doc;
    return out;
}
