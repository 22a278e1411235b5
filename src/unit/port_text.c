/* Words keep the way back to the bytes they came from, through quotes and sh -c. */
#include "unit/port_text.h"

#include "dockerfile/json.h"

enum { COMMANDS_MAX = 400, NEST_MAX = 3 };

/* ---- places --------------------------------------------------------------------------------- */

/* Where the byte `at` of the value stands in `raw`, which has quotes and backslashes besides. */
static ptrdiff_t raw_offset(struct str raw, struct str value, size_t at)
{
    size_t i = 0, j = 0;
    ptrdiff_t found = -1;
    while (i < raw.n) {
        if (j < value.n && raw.p[i] == value.p[j]) {
            if (j == at)
                found = (ptrdiff_t)i;
            i++;
            j++;
        } else if (raw.p[i] == '"' || raw.p[i] == '\'' || raw.p[i] == '\\') {
            i++;
        } else {
            return -1;
        }
    }
    if (j == at && at == value.n)
        found = (ptrdiff_t)raw.n;
    return j == value.n ? found : -1;
}

ptrdiff_t port_word_place(const struct port_word *w, size_t at)
{
    ptrdiff_t place = raw_offset(w->raw, w->value, at);
    if (place < 0)
        return -1;
    place += (ptrdiff_t)w->raw_at;
    return w->outer ? port_word_place(w->outer, (size_t)place) : place;
}

/* ---- words ---------------------------------------------------------------------------------- */

void port_exec_words(struct arena *a, const struct port_text *in, size_t from, port_words *out)
{
    struct str text = str_from(in->text, from);
    json_strings strings = {0};
    size_t at = 0;
    if (json_read_array(a, text, &strings) != JSON_STRINGS)
        return;
    VEC_EACH (s, &strings) {
        while (at < text.n && text.p[at] != '"')
            at++;
        size_t begin = ++at;
        while (at < text.n && text.p[at] != '"')
            at += text.p[at] == '\\' ? 2 : 1;
        *vec_push(a, out) = (struct port_word){.value = *s,
                                               .literal = true,
                                               .in = in,
                                               .raw = str_sub(text, begin, at),
                                               .raw_at = from + begin};
        at++;
    }
}

struct reader {
    struct arena *arena;
    const struct port_text *in;
    port_commands *out;
    unsigned depth;
    bool complete;
};

static bool is_shell(struct str name)
{
    static const char *const names[] = {"sh", "bash", "ash", "dash", "ksh", "zsh", "busybox", NULL};
    for (const char *const *n = names; *n; n++)
        if (str_is(name, *n))
            return true;
    return false;
}

static void read_script(struct reader *r, struct str text, size_t base,
                        const struct port_word *outer);

/* Behind sh, bash and their like: the text behind -c. */
static void read_nested(struct reader *r, const struct port_command *c)
{
    for (size_t i = 0; i + 2 < c->words.n; i++) {
        struct str option = c->words.v[i + 1].value;
        if (!is_shell(str_basename(c->words.v[i].value)))
            continue;
        if (!option.n || option.p[0] != '-' || str_starts(option, STR("--")) ||
            !str_ends(option, STR("c")))
            continue;
        if (r->depth >= NEST_MAX) {
            r->complete = false;
            return;
        }
        struct port_word *outer = arena_new(r->arena, struct port_word);
        *outer = c->words.v[i + 2];
        r->depth++;
        read_script(r, outer->value, 0, outer);
        r->depth--;
        return;
    }
}

static void add_command(struct reader *r, const struct port_command *c)
{
    if (r->out->n >= COMMANDS_MAX) {
        r->complete = false;
        return;
    }
    *vec_push(r->arena, r->out) = *c;
    read_nested(r, c);
}

static void add_word(struct reader *r, struct port_command *c, struct str text, size_t base,
                     const struct port_word *outer, const struct span *raw,
                     const struct shell_word *w)
{
    *vec_push(r->arena, &c->words) = (struct port_word){.value = w->value,
                                                        .literal = w->literal,
                                                        .in = r->in,
                                                        .raw = str_sub(text, raw->from, raw->to),
                                                        .raw_at = base + raw->from,
                                                        .outer = outer};
}

/* `text` stands at `base` of the port text, or is the value of `outer`. */
static void read_script(struct reader *r, struct str text, size_t base,
                        const struct port_word *outer)
{
    struct shell_script script = shell_read(r->arena, text);
    VEC_EACH (s, &script.commands) {
        struct port_command c = {0};
        VEC_EACH (set, &s->assigns) {
            struct shell_word whole = {.literal = set->value.literal};
            whole.value =
                str_fmt(r->arena, "%.*s=%.*s", STR_ARG(set->name), STR_ARG(set->value.value));
            add_word(r, &c, text, base, outer, &set->raw, &whole);
        }
        VEC_EACH (w, &s->words)
            add_word(r, &c, text, base, outer, &w->raw, w);
        VEC_EACH (d, &s->redirects) {
            if (d->target.literal && str_is(d->op, "<"))
                c.reads = d->target.value;
            if (d->target.literal && str_starts(d->op, STR(">")))
                c.writes = d->target.value;
        }
        add_command(r, &c);
    }
    r->complete &= script.complete;
}

bool port_shell_commands(struct arena *a, const struct port_text *in, size_t from,
                         port_commands *out)
{
    struct reader r = {.arena = a, .in = in, .out = out, .complete = true};
    read_script(&r, str_from(in->text, from), from, NULL);
    return r.complete;
}

bool port_add_command(struct arena *a, const struct port_command *c, port_commands *out)
{
    struct reader r = {.arena = a, .out = out, .complete = true};
    r.in = c->words.n ? c->words.v[0].in : NULL;
    add_command(&r, c);
    return r.complete;
}

/* ---- numbers -------------------------------------------------------------------------------- */

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

/* What may not stand beside a number that stands alone. */
static bool sticks(char c)
{
    return is_digit(c) || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_' ||
           c == '.' || (unsigned char)c >= 0x80;
}

bool port_next_number(struct str s, size_t *at, struct span *number, uint32_t *value)
{
    for (size_t i = *at; i < s.n; i++) {
        if (!is_digit(s.p[i]) || (i && is_digit(s.p[i - 1])))
            continue;
        size_t end = i;
        while (end < s.n && is_digit(s.p[end]))
            end++;
        bool dot_ends = end < s.n && s.p[end] == '.' && (end + 1 == s.n || !sticks(s.p[end + 1]));
        uint64_t n;
        if ((i && sticks(s.p[i - 1])) || (end < s.n && sticks(s.p[end]) && !dot_ends) ||
            s.p[i] == '0' || !str_to_u64(str_sub(s, i, end), 65535, &n))
            continue;
        *number = span_make(i, end);
        *value = (uint32_t)n;
        *at = end;
        return true;
    }
    *at = s.n;
    return false;
}

bool port_occurs(struct str s, uint32_t port)
{
    struct span number;
    uint32_t value;
    size_t at = 0;
    while (port_next_number(s, &at, &number, &value))
        if (value == port)
            return true;
    return false;
}

/* The digits from `from` on, and nothing of a word or a fraction behind them. */
static bool digits_at(struct str s, size_t from, struct span *number, uint32_t *port)
{
    size_t at = from;
    return from < s.n && is_digit(s.p[from]) && port_next_number(s, &at, number, port) &&
           number->from == from;
}

/* ---- what listens --------------------------------------------------------------------------- */

static bool listed(struct str s, const char *const *list)
{
    for (; *list; list++)
        if (str_is(s, *list))
            return true;
    return false;
}

static const char *const options[] = {
    "--port",        "-p",     "-port", "--http-port", "--bind", "-b", "--listen",  "-l", "-P",
    "--server.port", "--addr", "-addr", "--http",      "--urls", "-S", "--address", NULL};

/* PORT=80, -Dserver.port=80, ${PORT:-80}: the number behind the mark. */
static bool behind_mark(struct str s, struct span *number, uint32_t *port)
{
    static const char *const marks[] = {"PORT=", "port=", "Port=", "PORT:-", NULL};
    for (const char *const *m = marks; *m; m++) {
        ptrdiff_t at = str_find(s, str_of(*m));
        if (at >= 0 && digits_at(s, (size_t)at + strlen(*m), number, port))
            return true;
    }
    return false;
}

/* ":80", "0.0.0.0:80", "http://+:80": addresses of every interface. */
static bool is_address(struct str s, size_t colon)
{
    static const char *const hosts[] = {"0.0.0.0", "[::]", "*", "+", NULL};
    struct str before = str_sub(s, 0, colon);
    if (!before.n)
        return true;
    for (const char *const *h = hosts; *h; h++)
        if (str_ends(before, str_of(*h)))
            return true;
    return false;
}

bool port_in_word(const port_words *words, size_t i, struct span *number, uint32_t *port)
{
    struct str v = words->v[i].value;
    if (behind_mark(v, number, port))
        return true;
    if (!i)
        return false;
    struct str before = words->v[i - 1].value;
    ptrdiff_t eq = str_chr(v, '='), colon = str_rchr(v, ':');
    bool own = eq > 0 && listed(str_sub(v, 0, (size_t)eq), options);
    bool behind = i > 1 && (listed(before, options) || str_is(before, "http.server"));
    if (colon >= 0 && (own || behind || is_address(v, (size_t)colon)))
        return digits_at(v, (size_t)colon + 1, number, port);
    if (own)
        return digits_at(v, (size_t)eq + 1, number, port);
    return behind && digits_at(v, 0, number, port) && number->to == v.n;
}

bool port_in_variable(struct str name, struct str value, size_t *at, struct span *number,
                      uint32_t *port)
{
    static const char *const addresses[] = {"URLS", "_ADDR", "_ADDRESS", "LISTEN", "BIND", NULL};
    static const char *const others[] = {
        "DB_",    "MYSQL",    "POSTGRES", "REDIS", "SMTP",    "MAIL",   "MONGO",  "LDAP", "SSH",
        "REMOTE", "UPSTREAM", "BACKEND",  "PROXY", "ELASTIC", "RABBIT", "CLIENT", NULL};
    for (const char *const *n = others; *n; n++)
        if (str_has(name, *n)) /* where somebody else listens */
            return false;
    bool address = false;
    for (const char *const *n = addresses; *n; n++)
        address |= str_ends(name, str_of(*n));
    if (str_ends(name, STR("PORT")) || str_ends(name, STR("PORTS")))
        return !*at && port_next_number(value, at, number, port) && !number->from &&
               number->to == value.n;
    while (address && port_next_number(value, at, number, port))
        if (number->from && value.p[number->from - 1] == ':')
            return true;
    return false;
}

/* ---- this machine --------------------------------------------------------------------------- */

/* Behind the host that stands at `at`; 0 when none of ours does. */
static size_t self_end(struct str s, size_t at)
{
    static const char *const hosts[] = {"localhost", "127.0.0.1", "0.0.0.0", "[::1]", NULL};
    if (at && (sticks(s.p[at - 1]) || s.p[at - 1] == '-'))
        return 0;
    for (const char *const *h = hosts; *h; h++) {
        size_t end = at + strlen(*h);
        if (str_starts(str_from(s, at), str_of(*h)) &&
            (end == s.n || !(sticks(s.p[end]) || s.p[end] == '-')))
            return end;
    }
    return 0;
}

bool port_next_self(struct str s, size_t *at, struct span *number, uint32_t *port)
{
    for (size_t i = *at; i < s.n; i++) {
        size_t end = self_end(s, i);
        if (!end)
            continue;
        *at = end;
        if (end < s.n && s.p[end] == ':' && digits_at(s, end + 1, number, port))
            return true;
        if (end < s.n && s.p[end] == ':')
            continue; /* a variable */
        size_t next = end;
        while (next < s.n && s.p[next] == ' ')
            next++;
        if (next > end && digits_at(s, next, number, port))
            return true; /* nc -z localhost 80 */
        *number = span_make(end, end);
        *port = str_ends(str_sub(s, 0, i), STR("https://")) ? 443 : 80;
        return true;
    }
    *at = s.n;
    return false;
}
