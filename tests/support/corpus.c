/*
 * corpus FILE… (-: one a line from standard input): runs the properties over many Dockerfiles and
 * prints a table of answers and reasons, without and with unsafe-fixes. Exits 1 when a property
 * does not hold for some file.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tests/support/properties.h"

enum { REASONS = 200 };

struct count {
    char key[80];
    unsigned n;
};

static void add(struct count *table, const char *key)
{
    for (size_t i = 0; i < REASONS; i++) {
        if (!table[i].n || strcmp(table[i].key, key) == 0) {
            snprintf(table[i].key, sizeof table[i].key, "%s", key);
            table[i].n++;
            return;
        }
    }
}

static int by_count(const void *x, const void *y)
{
    const struct count *a = x, *b = y;
    return a->n != b->n ? (a->n < b->n) - (a->n > b->n) : strcmp(a->key, b->key);
}

static char *read_file(const char *path, size_t *size)
{
    FILE *f = fopen(path, "rb");
    if (!f)
        return NULL;
    fseek(f, 0, SEEK_END);
    long n = ftell(f);
    rewind(f);
    char *p = malloc(n > 0 ? (size_t)n : 1);
    *size = p ? fread(p, 1, (size_t)n, f) : 0;
    fclose(f);
    return p;
}

static void count_one(const struct ur_options *o, struct count *table, const char *path,
                      const char *bytes, size_t size)
{
    char key[80];
    struct ur_result *r = ur_rewrite(o, path, bytes, size);
    const char *reason = ur_result_reason(r);
    snprintf(key, sizeof key, "%-8s %s%s", ur_answer_name(ur_result_answer(r)),
             reason ? reason : "", ur_result_changed(r) ? " (changed)" : "");
    add(table, key);
    ur_result_free(r);
}

static unsigned run(int unsafe, int split, int n, char **paths)
{
    struct count *table = calloc(REASONS, sizeof *table);
    struct ur_options *o = ur_options_new();
    unsigned failures = 0;
    ur_options_set(o, "unsafe-fixes", unsafe ? "true" : "false");
    ur_options_set(o, "split", split ? "true" : "false");
    ur_options_seal(o);
    for (int i = 0; i < n; i++) {
        size_t size;
        char *bytes = read_file(paths[i], &size);
        if (!bytes)
            continue;
        const char *wrong = properties_check(o, unsafe, paths[i], bytes, size);
        if (wrong) {
            printf("FAIL %s: %s\n", paths[i], wrong);
            failures++;
        }
        count_one(o, table, paths[i], bytes, size);
        free(bytes);
    }
    qsort(table, REASONS, sizeof *table, by_count);
    printf("%s\n", split    ? "--- with --split --unsafe-fixes"
                   : unsafe ? "--- with --unsafe-fixes"
                            : "--- default");
    for (size_t i = 0; i < REASONS && table[i].n; i++)
        printf("%6u  %s\n", table[i].n, table[i].key);
    printf("%6d  files, %u failures\n", n, failures);
    ur_options_free(o);
    free(table);
    return failures;
}

/* The lines of standard input; they live as long as the program. */
static char **read_paths(int *n)
{
    char **paths = NULL, *line = NULL;
    size_t size = 0;
    for (ssize_t len; (len = getline(&line, &size, stdin)) > 0;) {
        if (line[len - 1] == '\n')
            line[len - 1] = '\0';
        paths = realloc(paths, (size_t)(*n + 1) * sizeof *paths);
        if (!paths)
            abort();
        paths[(*n)++] = strdup(line);
    }
    free(line);
    return paths;
}

int main(int argc, char **argv)
{
    int n = argc - 1;
    char **paths = argv + 1;
    if (n == 1 && strcmp(paths[0], "-") == 0) {
        n = 0;
        paths = read_paths(&n);
    }
    unsigned failures = run(0, 0, n, paths);
    failures += run(1, 0, n, paths);
    failures += run(1, 1, n, paths);
    return n == 0 || failures != 0;
}
