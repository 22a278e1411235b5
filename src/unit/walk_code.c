/*
 * The program's own code, where the build context shows it: a port below 1024 that is written down
 * there. Only the file that is started is read, and main.go, main.rs and their neighbours of what
 * is compiled. Nothing found says nothing.
 */
#include "unit/locate.h"
#include "unit/walk.h"

/* A start script may start the same a thousand times. */
enum { SOURCE_MAX = 256 << 10, SOURCE_NAMES_MAX = 200, SOURCE_FILES_MAX = 60 };

/* What stands in front of the number of a port that is listened on. */
static const char *const marks[] = {
    ".listen(",      "PORT ||",         "PORT||",      "PORT ??",     "PORT\", ",
    "PORT', ",       "'0.0.0.0:",       "\"0.0.0.0:",  "\"[::]:",     "\":",
    "'0.0.0.0', ",   "\"0.0.0.0\", ",   "('', ",       "(\"\", ",     "const port = ",
    "const PORT = ", "let port = ",     "var port = ", "let PORT = ", "var PORT = ",
    "set :port, ",   "([0, 0, 0, 0], ", NULL};

static size_t digits_at(struct str s, size_t at)
{
    size_t end = at;
    while (end < s.n && s.p[end] >= '0' && s.p[end] <= '9')
        end++;
    return end;
}

/* The number at the place; 0 when there is none, or it goes on as something else. */
static unsigned number_at(struct str line, size_t at, bool quoted)
{
    uint64_t port;
    while (at < line.n && (line.p[at] == ' ' || (!quoted && strchr("'\"", line.p[at]))))
        at++;
    size_t end = digits_at(line, at);
    char next = end < line.n ? line.p[end] : ' ';
    bool whole = quoted ? next == '"' || next == '\''
                        : !strchr("._:/", next) && !((next | 0x20) >= 'a' && (next | 0x20) <= 'z');
    return whole && str_to_u64(str_sub(line, at, end), 1023, &port) ? (unsigned)port : 0;
}

/* host + ":443" is somebody else's. */
static bool is_joined(struct str line, size_t at)
{
    while (at > 0 && line.p[at - 1] == ' ')
        at--;
    return at > 0 && line.p[at - 1] == '+';
}

/* run(host="0.0.0.0", port=80), listen({port: 80}) */
static unsigned named_port(struct str line)
{
    static const char *const names[] = {"port=", "port =", "port:", NULL};
    ptrdiff_t call = str_find(line, STR("run("));
    if (call < 0)
        call = str_find(line, STR(".listen("));
    struct str rest = call < 0 ? STR("") : str_from(line, (size_t)call);
    for (const char *const *n = names; *n; n++) {
        ptrdiff_t at = str_find(rest, str_of(*n));
        unsigned port = at < 0 ? 0 : number_at(rest, (size_t)at + strlen(*n), false);
        if (port)
            return port;
    }
    return 0;
}

static bool has_digit(struct str line)
{
    for (size_t i = 0; i < line.n; i++)
        if (line.p[i] >= '1' && line.p[i] <= '9')
            return true;
    return false;
}

/* `set`: the image sets PORT, so that the default of the code does not count. */
static unsigned port_in(struct str line, bool set)
{
    struct str text = str_trim(line);
    if (line.n > 1000 || !has_digit(line) || text.p[0] == '#' || str_starts(text, STR("//")) ||
        str_starts(text, STR("*")))
        return 0;
    for (const char *const *m = marks; *m; m++) {
        if (set && str_starts(str_of(*m), STR("PORT")))
            continue;
        ptrdiff_t at = str_find(line, str_of(*m));
        bool quoted = str_ends(str_of(*m), STR(":"));
        unsigned port = at < 0 || is_joined(line, (size_t)at)
                            ? 0
                            : number_at(line, (size_t)at + strlen(*m), quoted);
        if (port)
            return port;
    }
    return named_port(line);
}

static bool sets_port(const struct stage *s)
{
    for (; s; s = s->parent)
        VEC_EACH (step, &s->steps) {
            const struct df_node *node = &step->item->node;
            for (size_t i = 0; node->cmd == DF_ENV && i + 2 < node->args.n; i += 3)
                if (str_is(node->args.v[i], "PORT"))
                    return true;
        }
    return false;
}

static void read_text(struct walk *w, struct str path, struct str text)
{
    struct str rest = text, line;
    bool set = sets_port(w->o->stage);
    for (unsigned n = 1; text.n <= SOURCE_MAX && str_split(&rest, '\n', &line); n++) {
        unsigned port = port_in(line, set);
        if (!port)
            continue;
        obstacle_review(w->o, "privileged-port", w->at,
                        STR("whatever runs the container lets a non-root user listen below 1024"),
                        "listens on port %u in its own code (%s, line %u)", port,
                        walk_text(w, path), n);
        return;
    }
}

void walk_code(struct walk *w, struct str path)
{
    if (w->code_files >= SOURCE_FILES_MAX)
        return;
    w->code_files++;
    struct located file = locate_file(w->o->unit, w->o->stage, path);
    if (file.kind == LOCATED_CONTEXT && file.text.p)
        read_text(w, file.path, file.text);
}

/* All of main.go, server.go … of one folder: a Go program has a folder to itself. */
static void read_folder(struct walk *w, struct str dir)
{
    struct context *c = w->o->unit->context;
    const struct context_folder *folder = context_list(c, dir);
    for (size_t i = 0; i < folder->n && i < SOURCE_NAMES_MAX; i++) {
        struct str name = folder->names[i];
        bool source = str_ends(name, STR(".go")) && !str_ends(name, STR("_test.go"));
        if (w->code_files >= SOURCE_FILES_MAX || (!source && !str_is(name, "main.rs")))
            continue;
        struct str path =
            dir.n ? str_fmt(w->o->unit->arena, "%.*s/%.*s", STR_ARG(dir), STR_ARG(name)) : name;
        read_text(w, path, context_read(c, path));
        w->code_files++;
    }
}

void walk_compiled(struct walk *w, struct str name)
{
    if (!w->o->unit->context || w->code_files >= SOURCE_FILES_MAX)
        return;
    read_folder(w, STR(""));
    read_folder(w, STR("src"));
    if (name.n && str_chr(name, '/') < 0 && !str_is(name, "..") && !str_is(name, "."))
        read_folder(w, str_cat(w->o->unit->arena, STR("cmd/"), name));
}
