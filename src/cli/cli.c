/* A message is put together first and written at once, so that it stays one line. */
#include "cli/cli.h"

#include <stdarg.h>
#include <stdio.h>

#include "base/io.h"
#include "base/utf8.h"
#include "cli/out.h"

static void say(const char *fmt, va_list ap)
{
    char line[4096];
    int n = vsnprintf(line, sizeof line, fmt, ap);
    fprintf(stderr, "unroot: %s%s\n", n < 0 ? "" : line, n >= (int)sizeof line ? "..." : "");
}

void cli_error(const struct cli *c, const char *fmt, ...)
{
    va_list ap;
    (void)c;
    va_start(ap, fmt);
    say(fmt, ap);
    va_end(ap);
}

void cli_note(const struct cli *c, const char *fmt, ...)
{
    va_list ap;
    va_start(ap, fmt);
    if (!c->options->quiet)
        say(fmt, ap);
    va_end(ap);
}

void cli_detail(const struct cli *c, const char *fmt, ...)
{
    va_list ap;
    va_start(ap, fmt);
    if (c->options->verbose)
        say(fmt, ap);
    va_end(ap);
}

void cli_raw(struct str lines)
{
    if (lines.n)
        fwrite(lines.p, 1, lines.n, stderr);
}

const char *cli_quote(struct arena *a, const char *text)
{
    return utf8_safe(a, str_of(text), 0).p;
}

bool cli_read(const struct cli *c, const char *path, struct str *out)
{
    struct io_error e;
    struct io_file file;
    if (strcmp(path, "-") == 0) {
        e = io_read_fd(c->arena, 0, "-", CLI_FILE_MAX, out);
    } else {
        e = io_read(c->arena, io_path_of(path), CLI_FILE_MAX, &file);
        *out = file.bytes;
    }
    if (e.message)
        cli_error(c, "%s", e.message);
    return !e.message;
}

enum exit_code cli_write(const struct cli *c, struct str product)
{
    struct out *out = out_open(c);
    if (!out)
        return CODE_INPUT;
    out_write(out, product);
    return out_close(out) ? CODE_OK : CODE_INPUT;
}
