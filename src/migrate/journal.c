/*
 * One connection behind a mutex: a row is written in a moment, compared with what it stands for.
 * Write-ahead log: whatever ends the program, a row is there or it is not. The exclusive lock keeps
 * a second run out and goes with the process.
 */
#include "migrate/journal.h"

#include <pthread.h>
#include <sqlite3.h>

#include "base/utf8.h"

enum { FORMAT = 1 };

/* "unrt", as a number and in SQL */
#define APPLICATION_ID 0x756e7274
#define APPLICATION_ID_SQL "0x756e7274"

struct journal {
    struct arena *arena; /* for the error; guarded by the mutex */
    const char *path;
    sqlite3 *db;
    sqlite3_stmt *get, *put, *all, *get_part, *put_part, *all_parts;
    const char *error;
    pthread_mutex_t mutex;
};

static void fail(struct journal *j, const char *why)
{
    if (!j->error)
        j->error = str_fmt(j->arena, "the journal '%s' can't be used: %s",
                           j->path ? utf8_safe(j->arena, str_of(j->path), 0).p : "(temporary)", why)
                       .p;
}

static bool run(struct journal *j, const char *sql)
{
    int code = j->error ? SQLITE_ERROR : sqlite3_exec(j->db, sql, NULL, NULL, NULL);
    if (code == SQLITE_BUSY)
        fail(j, "another run is using it");
    else if (code != SQLITE_OK)
        fail(j, sqlite3_errmsg(j->db));
    return code == SQLITE_OK;
}

static sqlite3_stmt *prepare(struct journal *j, const char *sql)
{
    sqlite3_stmt *s = NULL;
    if (!j->error && sqlite3_prepare_v2(j->db, sql, -1, &s, NULL) != SQLITE_OK)
        fail(j, sqlite3_errmsg(j->db));
    return s;
}

static int number(struct journal *j, const char *sql)
{
    sqlite3_stmt *s = prepare(j, sql);
    int code = s ? sqlite3_step(s) : SQLITE_ERROR;
    int n = code == SQLITE_ROW ? sqlite3_column_int(s, 0) : -1;
    if (code == SQLITE_BUSY)
        fail(j, "another run is using it");
    else if (n < 0)
        fail(j, sqlite3_errmsg(j->db));
    sqlite3_finalize(s);
    return n;
}

/* A database of somebody else's must stay as it is. */
static void check_format(struct journal *j)
{
    int id = number(j, "PRAGMA application_id"), tables = 0;
    if (id == 0)
        tables = number(j, "SELECT count(*) FROM sqlite_schema");
    if (j->error)
        return;
    if ((id != 0 && id != APPLICATION_ID) || tables > 0)
        fail(j, "it is a database of another program");
    else if (id && number(j, "PRAGMA user_version") > FORMAT)
        fail(j, "a newer unroot has made it");
}

static void open_database(struct journal *j)
{
    int flags = SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE | SQLITE_OPEN_NOMUTEX;
    if (sqlite3_open_v2(j->path ? j->path : "", &j->db, flags, NULL) != SQLITE_OK) {
        fail(j, j->db ? sqlite3_errmsg(j->db) : "out of memory");
        return;
    }
    sqlite3_busy_timeout(j->db, 2000);
    run(j, "PRAGMA locking_mode = EXCLUSIVE");
    check_format(j);
    run(j, "PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL;"
           "BEGIN EXCLUSIVE;"
           "PRAGMA application_id = " APPLICATION_ID_SQL "; PRAGMA user_version = 1;"
           "CREATE TABLE IF NOT EXISTS repository ("
           " name BLOB PRIMARY KEY, version BLOB, options BLOB, base BLOB, tip BLOB,"
           " state INTEGER, time INTEGER, record BLOB) WITHOUT ROWID;"
           "CREATE TABLE IF NOT EXISTS part ("
           " name BLOB, format TEXT, part BLOB, PRIMARY KEY (name, format)) WITHOUT ROWID;"
           "COMMIT");
    j->get = prepare(j, "SELECT name, version, options, base, tip, state, time, record"
                        " FROM repository WHERE name = ?1");
    j->all = prepare(j, "SELECT name, version, options, base, tip, state, time, record"
                        " FROM repository ORDER BY name");
    j->get_part = prepare(j, "SELECT part FROM part WHERE name = ?1 AND format = ?2");
    j->all_parts = prepare(j, "SELECT name, format, part FROM part ORDER BY name, format");
    j->put_part = prepare(j, "INSERT OR REPLACE INTO part VALUES (?1, ?2, ?3)");
    j->put = prepare(j, "INSERT INTO repository VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)"
                        " ON CONFLICT (name) DO UPDATE SET version = ?2, options = ?3, base = ?4,"
                        " tip = ?5, state = ?6, time = ?7, record = ?8");
}

struct journal *journal_open(struct arena *a, const char *path, const char **error)
{
    struct journal *j = arena_new(a, struct journal);
    j->arena = a;
    j->path = path;
    pthread_mutex_init(&j->mutex, NULL);
    open_database(j);
    *error = j->error;
    if (!j->error)
        return j;
    journal_close(j);
    return NULL;
}

void journal_close(struct journal *j)
{
    sqlite3_finalize(j->get);
    sqlite3_finalize(j->put);
    sqlite3_finalize(j->all);
    sqlite3_finalize(j->get_part);
    sqlite3_finalize(j->put_part);
    sqlite3_finalize(j->all_parts);
    sqlite3_close(j->db);
    pthread_mutex_destroy(&j->mutex);
}

const char *journal_error(struct journal *j)
{
    pthread_mutex_lock(&j->mutex);
    const char *error = j->error;
    pthread_mutex_unlock(&j->mutex);
    return error;
}

/* ---- rows ---- */

/* Names of repositories are any bytes, so all goes in as it is. */
static void bind(sqlite3_stmt *s, int at, struct str text)
{
    sqlite3_bind_blob64(s, at, text.p ? text.p : "", text.n, SQLITE_STATIC);
}

static struct str column(sqlite3_stmt *s, int at)
{
    const char *p = sqlite3_column_blob(s, at);
    return str_make(p ? p : "", p ? (size_t)sqlite3_column_bytes(s, at) : 0);
}

static struct journal_row row_of(sqlite3_stmt *s)
{
    struct journal_row r = {.name = column(s, 0),
                            .version = column(s, 1),
                            .options = column(s, 2),
                            .base = column(s, 3),
                            .tip = column(s, 4),
                            .state = (enum journal_state)sqlite3_column_int(s, 5),
                            .time = sqlite3_column_int64(s, 6),
                            .record = column(s, 7)};
    return r;
}

static struct journal_row copy(struct arena *a, struct journal_row r)
{
    struct str *texts[] = {&r.name, &r.version, &r.options, &r.base, &r.tip, &r.record};
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++)
        *texts[i] = str_dup(a, *texts[i]);
    return r;
}

struct journal_row journal_get(struct journal *j, struct arena *a, struct str name)
{
    struct journal_row row = {.name = name, .state = JOURNAL_NONE};
    pthread_mutex_lock(&j->mutex);
    if (!j->error) {
        bind(j->get, 1, name);
        int code = sqlite3_step(j->get);
        if (code == SQLITE_ROW)
            row = copy(a, row_of(j->get));
        else if (code != SQLITE_DONE)
            fail(j, sqlite3_errmsg(j->db));
        sqlite3_reset(j->get);
    }
    pthread_mutex_unlock(&j->mutex);
    return row;
}

void journal_put(struct journal *j, const struct journal_row *r)
{
    pthread_mutex_lock(&j->mutex);
    if (!j->error) {
        const struct str texts[] = {r->name, r->version, r->options, r->base, r->tip};
        for (int i = 0; i < 5; i++)
            bind(j->put, i + 1, texts[i]);
        sqlite3_bind_int(j->put, 6, (int)r->state);
        sqlite3_bind_int64(j->put, 7, r->time);
        bind(j->put, 8, r->record);
        if (sqlite3_step(j->put) != SQLITE_DONE)
            fail(j, sqlite3_errmsg(j->db));
        sqlite3_reset(j->put);
    }
    pthread_mutex_unlock(&j->mutex);
}

void journal_put_part(struct journal *j, struct str name, const char *format, struct str part)
{
    pthread_mutex_lock(&j->mutex);
    if (!j->error) {
        bind(j->put_part, 1, name);
        sqlite3_bind_text(j->put_part, 2, format, -1, SQLITE_STATIC);
        bind(j->put_part, 3, part);
        if (sqlite3_step(j->put_part) != SQLITE_DONE)
            fail(j, sqlite3_errmsg(j->db));
        sqlite3_reset(j->put_part);
    }
    pthread_mutex_unlock(&j->mutex);
}

bool journal_get_part(struct journal *j, struct arena *a, struct str name, const char *format,
                      struct str *part)
{
    int code = SQLITE_ERROR;
    pthread_mutex_lock(&j->mutex);
    if (!j->error) {
        bind(j->get_part, 1, name);
        sqlite3_bind_text(j->get_part, 2, format, -1, SQLITE_STATIC);
        code = sqlite3_step(j->get_part);
        if (code == SQLITE_ROW)
            *part = str_dup(a, column(j->get_part, 0));
        else if (code != SQLITE_DONE)
            fail(j, sqlite3_errmsg(j->db));
        sqlite3_reset(j->get_part);
    }
    pthread_mutex_unlock(&j->mutex);
    return code == SQLITE_ROW;
}

void journal_each(struct journal *j, void (*each)(void *ctx, const struct journal_row *row),
                  void *ctx)
{
    int code = SQLITE_ERROR;
    while (!j->error && (code = sqlite3_step(j->all)) == SQLITE_ROW) {
        struct journal_row row = row_of(j->all);
        each(ctx, &row);
    }
    if (!j->error && code != SQLITE_DONE)
        fail(j, sqlite3_errmsg(j->db));
    sqlite3_reset(j->all);
}

void journal_each_part(struct journal *j,
                       void (*each)(void *ctx, struct str name, const char *format,
                                    struct str part),
                       void *ctx)
{
    int code = SQLITE_ERROR;
    while (!j->error && (code = sqlite3_step(j->all_parts)) == SQLITE_ROW) {
        const char *format = (const char *)sqlite3_column_text(j->all_parts, 1);
        each(ctx, column(j->all_parts, 0), format ? format : "", column(j->all_parts, 2));
    }
    if (!j->error && code != SQLITE_DONE)
        fail(j, sqlite3_errmsg(j->db));
    sqlite3_reset(j->all_parts);
}

void journal_together(struct journal *j, bool begin)
{
    run(j, begin ? "BEGIN" : "COMMIT");
}

bool journal_is(struct str bytes)
{
    return str_starts(bytes, STR("SQLite format 3"));
}
