/*
 * manifest_corpus FILE… (-: one a line from standard input): runs the properties over many
 * manifests and prints a table of answers and reasons: with nothing known of any image, and with
 * the same known of all; without and with unsafe-fixes. Exits 1 when a property does not hold for
 * some file.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "tests/support/manifests.h"

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

static int find(void *ctx, const char *name, struct ur_image *out)
{
    static const struct ur_image_path paths[] = {{.path = "/var/cache/app"}, {.path = "/run"}};
    static const struct ur_image_move moves[] = {{80, 8080}, {443, 8443}};
    (void)ctx;
    (void)name;
    *out = (struct ur_image){.source = "Dockerfile",
                             .user = "1000:1000",
                             .uid = 1000,
                             .gid = 1000,
                             .writable = paths,
                             .writable_count = 2,
                             .writable_whole = 1,
                             .moves = moves,
                             .move_count = 2};
    return 1;
}

static void count_one(const struct ur_options *o, const struct ur_images *images,
                      struct count *table, const char *bytes, size_t size)
{
    char key[80];
    struct ur_result *r = ur_harden_manifest(o, images, "manifest.yaml", bytes, size);
    const char *reason = ur_result_reason(r);
    snprintf(key, sizeof key, "%-8s %s%s", ur_answer_name(ur_result_answer(r)),
             reason ? reason : "", ur_result_changed(r) ? " (changed)" : "");
    add(table, key);
    ur_result_free(r);
}

static unsigned run_one(const struct ur_options *o, const struct ur_images *images, int unsafe,
                        struct count *table, const char *path)
{
    size_t size;
    char *bytes = read_file(path, &size);
    if (!bytes)
        return 0;
    clock_t from = clock();
    const char *wrong = manifests_check(ur_harden_manifest, o, images, unsafe, bytes, size);
    if (!wrong && (clock() - from) / CLOCKS_PER_SEC > 2)
        wrong = "takes too long";
    if (wrong)
        printf("FAIL %s: %s\n", path, wrong);
    count_one(o, images, table, bytes, size);
    free(bytes);
    return wrong != NULL;
}

static unsigned run(int known, int unsafe, int n, char **paths)
{
    struct count *table = calloc(REASONS, sizeof *table);
    struct ur_options *o = ur_options_new();
    struct ur_images images = {.find = known ? find : NULL};
    unsigned failures = 0;
    ur_options_set(o, "unsafe-fixes", unsafe ? "true" : "false");
    ur_options_seal(o);
    for (int i = 0; i < n; i++)
        failures += run_one(o, &images, unsafe, table, paths[i]);
    printf("\n%d files, %s images%s:\n", n, known ? "known" : "unknown",
           unsafe ? ", with unsafe-fixes" : "");
    qsort(table, REASONS, sizeof *table, by_count);
    for (size_t i = 0; i < REASONS && table[i].n; i++)
        printf("  %6u  %s\n", table[i].n, table[i].key);
    free(table);
    ur_options_free(o);
    return failures;
}

static int from_stdin(char ***paths)
{
    int n = 0, cap = 0;
    char *line = NULL;
    size_t size = 0;
    ssize_t len;
    while ((len = getline(&line, &size, stdin)) > 0) {
        if (line[len - 1] == '\n')
            line[len - 1] = 0;
        if (n == cap)
            *paths = realloc(*paths, (size_t)(cap = cap * 2 + 64) * sizeof **paths);
        if (!*paths)
            abort();
        (*paths)[n++] = strdup(line);
    }
    free(line);
    return n;
}

int main(int argc, char **argv)
{
    char **paths = argv + 1;
    int n = argc - 1;
    unsigned failures = 0;
    if (n == 1 && strcmp(paths[0], "-") == 0) {
        paths = NULL;
        n = from_stdin(&paths);
    }
    for (int i = 0; i < 4; i++)
        failures += run(i >> 1, i & 1, n, paths);
    return failures != 0;
}
