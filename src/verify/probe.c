/* What the probe prints stands in src/probe/main.c. It is our program, but it runs in a stranger's
 * container: its words are read as those of a stranger. */
#include "verify/probe.h"

#include "base/buf.h"
#include "base/utf8.h"

enum { LINES = 20000, LOOK_SECONDS = 120, INSIDE_SECONDS = 120 };

#define IN_IMAGE ".unroot-probe"

/* ---- a tar ---------------------------------------------------------------------------------- */

static void put_octal(char *to, size_t width, uint64_t n)
{
    for (size_t i = width - 1; i-- > 0; n >>= 3)
        to[i] = (char)('0' + (n & 7));
}

struct str probe_tar(struct arena *a, const char *name, struct str bytes)
{
    enum { BLOCK = 512, MODE = 100, UID = 108, GID = 116, SIZE = 124, TIME = 136, SUM = 148 };
    size_t padded = (bytes.n + BLOCK - 1) / BLOCK * BLOCK, all = BLOCK + padded + 2 * BLOCK;
    char *tar = arena_alloc(a, all);
    unsigned sum = 0;
    memcpy(tar, name, strlen(name));
    put_octal(tar + MODE, 8, 0555);
    put_octal(tar + UID, 8, 0);
    put_octal(tar + GID, 8, 0);
    put_octal(tar + SIZE, 12, bytes.n);
    put_octal(tar + TIME, 12, 0);
    tar[156] = '0';
    memcpy(tar + 257, "ustar\00000", 8);
    memset(tar + SUM, ' ', 8);
    for (size_t i = 0; i < BLOCK; i++)
        sum += (unsigned char)tar[i];
    put_octal(tar + SUM, 7, sum);
    if (bytes.n)
        memcpy(tar + BLOCK, bytes.p, bytes.n);
    return str_make(tar, all);
}

static struct str program_tar(struct engine *e)
{
    return probe_tar(e->arena, IN_IMAGE, str_make((const char *)probe_bytes, probe_size));
}

/* ---- reading -------------------------------------------------------------------------------- */

static struct str next_word(struct str *line)
{
    struct str word = STR("");
    while (line->n && line->p[0] == ' ')
        *line = str_from(*line, 1);
    str_split(line, ' ', &word);
    return word;
}

static uint64_t number(struct str word)
{
    uint64_t n = 0;
    return str_to_u64(word, UINT64_MAX, &n) ? n : UINT64_MAX;
}

static uint64_t hexadecimal(struct str word)
{
    uint64_t n = 0;
    for (size_t i = 0; i < word.n && i < 16; i++) {
        char c = word.p[i];
        n = n << 4 | (uint64_t)(c >= 'a' ? c - 'a' + 10 : c - '0');
    }
    return n;
}

static unsigned octal(struct str word)
{
    unsigned n = 0;
    for (size_t i = 0; i < word.n && i < 8; i++)
        n = n << 3 | (unsigned)((word.p[i] - '0') & 7);
    return n;
}

/* "\040" is a blank, as the probe writes it. What can't be printed becomes '?'. */
static struct str name_of(struct arena *a, struct str word)
{
    char *to = arena_bytes(a, word.n + 1);
    size_t n = 0;
    for (size_t i = 0; i < word.n; i++) {
        bool escaped = word.p[i] == '\\' && i + 3 < word.n;
        to[n++] = escaped ? (char)octal(str_sub(word, i + 1, i + 4)) : word.p[i];
        i += escaped ? 3 : 0;
    }
    return utf8_safe(a, str_make(to, n), 0);
}

static bool take_word(struct str *line, const char *word)
{
    return str_is(next_word(line), word);
}

/* " groups 1 2 caps": what stands up to the word. */
static struct str take_groups(struct arena *a, struct str *line, const char *end)
{
    struct buf b = buf_in(a);
    for (;;) {
        struct str word = next_word(line);
        if (!word.n || str_is(word, end))
            return buf_str(&b);
        buf_addf(&b, "%s%.*s", b.n ? " " : "", STR_ARG(word));
    }
}

static void read_process(struct arena *a, struct probe *p, struct str line)
{
    struct probe_process one = {.pid = number(next_word(&line))};
    bool good = take_word(&line, "uid");
    for (int i = 0; i < PROBE_IDS; i++)
        one.uid[i] = number(next_word(&line));
    good &= take_word(&line, "gid");
    for (int i = 0; i < PROBE_IDS; i++)
        one.gid[i] = number(next_word(&line));
    good &= take_word(&line, "groups");
    one.groups = take_groups(a, &line, "caps");
    one.caps = hexadecimal(next_word(&line));
    good &= take_word(&line, "bounding");
    one.bounding = hexadecimal(next_word(&line));
    good &= take_word(&line, "nnp");
    one.no_new_privileges = str_is(next_word(&line), "1");
    good &= take_word(&line, "name");
    one.name = name_of(a, next_word(&line));
    if (good && one.pid != UINT64_MAX && one.uid[3] != UINT64_MAX && one.gid[3] != UINT64_MAX)
        *vec_push(a, &p->processes) = one;
}

static void read_self(struct arena *a, struct probe *p, struct str line)
{
    struct probe_process one = {.pid = 1};
    bool good = take_word(&line, "uid");
    uint64_t uid = number(next_word(&line));
    good &= take_word(&line, "gid");
    uint64_t gid = number(next_word(&line));
    good &= take_word(&line, "groups");
    one.groups = take_groups(a, &line, "");
    for (int i = 0; i < PROBE_IDS; i++) {
        one.uid[i] = uid;
        one.gid[i] = gid;
    }
    p->self_known = good && uid != UINT64_MAX && gid != UINT64_MAX;
    p->self = one;
}

static void read_listen(struct arena *a, struct probe *p, struct str line)
{
    struct probe_port port = {.udp = str_is(next_word(&line), "udp")};
    uint64_t n = number(next_word(&line));
    port.number = n <= 65535 ? (unsigned)n : 0;
    port.loopback = str_is(next_word(&line), "loopback");
    if (port.number)
        *vec_push(a, &p->ports) = port;
}

static void read_http(struct probe *p, struct str line)
{
    uint64_t n = number(next_word(&line));
    VEC_EACH (port, &p->ports) {
        if (port->number != n || port->udp || port->asked)
            continue;
        port->asked = true;
        for (int i = 0; i < 2; i++) {
            uint64_t status = number(next_word(&line));
            port->status[i] = status < 1000 ? (unsigned)status : 0;
            port->size[i] = number(next_word(&line));
            port->sum[i] = next_word(&line);
        }
    }
}

static void read_setid(struct arena *a, struct probe *p, struct str line)
{
    struct probe_setid one = {.mode = octal(next_word(&line))};
    next_word(&line), next_word(&line);
    one.path = name_of(a, next_word(&line));
    if (!str_is(one.path, "/" IN_IMAGE))
        *vec_push(a, &p->setid) = one;
}

static void read_folder(struct arena *a, struct probe *p, struct str line)
{
    struct str kind = next_word(&line);
    struct probe_folder one = {.path = name_of(a, next_word(&line))};
    one.kind = str_is(kind, "none")    ? PROBE_NONE
               : str_is(kind, "empty") ? PROBE_EMPTY
               : str_is(kind, "full")  ? PROBE_FULL
               : str_is(kind, "file")  ? PROBE_FILE
                                       : PROBE_UNKNOWN;
    *vec_push(a, &p->folders) = one;
}

static void read_line(struct arena *a, struct probe *p, struct str line)
{
    struct str verb = next_word(&line);
    if (str_is(verb, "process"))
        read_process(a, p, line);
    else if (str_is(verb, "listen"))
        read_listen(a, p, line);
    else if (str_is(verb, "http"))
        read_http(p, line);
    else if (str_is(verb, "setid"))
        read_setid(a, p, line);
    else if (str_is(verb, "shell"))
        *vec_push(a, &p->shells) = utf8_safe(a, next_word(&line), 0);
    else if (str_is(verb, "folder"))
        read_folder(a, p, line);
    else if (str_is(verb, "self"))
        read_self(a, p, line);
}

struct probe probe_read(struct arena *a, struct str output)
{
    struct probe p = {0};
    struct str line;
    bool begun = false;
    for (size_t n = 0; n < LINES && !p.whole && str_split(&output, '\n', &line); n++) {
        if (!begun)
            begun = str_is(line, "unroot-probe 1");
        else if (str_is(line, "done"))
            p.whole = true;
        else
            read_line(a, &p, line);
    }
    if (!begun)
        p.problem = "it said nothing";
    return p;
}

/* ---- asking --------------------------------------------------------------------------------- */

static struct probe read_end(struct engine *e, const struct spawn_end *end)
{
    struct probe p = probe_read(e->arena, end->out);
    if (p.problem && !spawn_ok(end))
        p.problem = engine_complaint(e->arena, end);
    return p;
}

static struct probe nothing(const char *why)
{
    return (struct probe){.problem = why};
}

/* The image of the probe; NULL and the reason when there is none. */
static const char *own_image(struct engine *e, const char **why)
{
    if (e->probe)
        return e->probe;
    const char *image = engine_image(e, "probe");
    struct args words = args_in(e->arena);
    args_add(&words, "import", "-", image, NULL);
    struct spawn_end end = engine_call(e, &words, LOOK_SECONDS, program_tar(e), false);
    if (spawn_ok(&end))
        e->probe = image;
    else
        *why = engine_complaint(e->arena, &end);
    return e->probe;
}

static void live_words(struct engine *e, struct args *w, const char *name, const char *image,
                       const char *container, const struct probe_question *q)
{
    const char *there = str_fmt(e->arena, "container:%s", container).p;
    args_add(w, "run", "--rm", "--name", name, "--network", there, "--pid", there, "--cap-drop",
             "ALL", "--cap-add", "SYS_PTRACE", "--cap-add", "DAC_READ_SEARCH", "--user", "0:0",
             "--read-only", "--security-opt", "no-new-privileges", image, "/" IN_IMAGE, "live",
             NULL);
    args_number(w, "", (unsigned long long)q->seconds * 1000);
    args_add(w, q->path, NULL);
    for (size_t i = 0; i < q->port_count; i++)
        args_number(w, "", q->ports[i]);
}

struct probe probe_live(struct engine *e, const char *container, const struct probe_question *q)
{
    const char *why = NULL;
    if (!probe_size)
        return nothing("it could not be built for this processor");
    const char *image = own_image(e, &why);
    if (!image)
        return nothing(why);
    const char *name = engine_container(e, "look");
    struct args words = args_in(e->arena);
    live_words(e, &words, name, image, container, q);
    struct spawn_end end = engine_call(e, &words, q->seconds + LOOK_SECONDS, STR(""), false);
    if (end.why == SPAWN_ENDED) /* it was run with --rm */
        engine_forget(e, name);
    else
        engine_remove(e, name);
    return read_end(e, &end);
}

/* Puts it into a new container of the image and starts that. */
static struct probe inside(struct engine *e, const char *name, struct args *create)
{
    struct args copy = args_in(e->arena), begin = args_in(e->arena);
    struct spawn_end end = engine_call(e, create, INSIDE_SECONDS, STR(""), false);
    if (spawn_ok(&end)) {
        args_add(&copy, "cp", "-", str_fmt(e->arena, "%s:/", name).p, NULL);
        end = engine_call(e, &copy, INSIDE_SECONDS, program_tar(e), false);
    }
    if (spawn_ok(&end)) {
        args_add(&begin, "start", "-a", name, NULL);
        end = engine_call(e, &begin, INSIDE_SECONDS, STR(""), false);
    }
    engine_remove(e, name);
    return read_end(e, &end);
}

struct probe probe_still(struct engine *e, const char *image, const struct str *folders, size_t n)
{
    if (!probe_size)
        return nothing("it could not be built for this processor");
    const char *name = engine_container(e, "still");
    struct args create = args_in(e->arena);
    args_add(&create, "create", "--name", name, "--network", "none", "--user", "0:0", "--workdir",
             "/", "--no-healthcheck", "--entrypoint", "/" IN_IMAGE, image, "still", NULL);
    for (size_t i = 0; i < n; i++)
        args_add(&create, str_z(e->arena, folders[i]), NULL);
    return inside(e, name, &create);
}

struct probe probe_self(struct engine *e, const char *image, const char *user)
{
    if (!probe_size)
        return nothing("it could not be built for this processor");
    const char *name = engine_container(e, "self");
    struct args create = args_in(e->arena);
    args_add(&create, "create", "--name", name, "--network", "none", "--workdir", "/",
             "--no-healthcheck", "--entrypoint", "/" IN_IMAGE, NULL);
    if (user)
        args_add(&create, "--user", user, NULL);
    args_add(&create, image, "self", NULL);
    return inside(e, name, &create);
}
