#include "store/database.h"

#include "store/database_file.h"

#include <assert.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static bool disk_is_full(const struct database *db, int code)
{
    return (code & 0xff) == SQLITE_FULL ||
           ((code & 0xff) == SQLITE_IOERR && sqlite3_system_errno(db->handle) == ENOSPC);
}

bool database_fail(const struct database *db, const char *what, struct error *error)
{
    const int code = sqlite3_extended_errcode(db->handle);
    const char *message = sqlite3_errmsg(db->handle);

    if (disk_is_full(db, code)) {
        return error_set(error, "%s: cannot %s: the disk is full", db->path, what);
    }
    switch (code & 0xff) {
    case SQLITE_BUSY:
    case SQLITE_LOCKED:
        return error_set(error, "%s: cannot %s: another program holds the lock", db->path, what);
    case SQLITE_READONLY:
    case SQLITE_PERM:
        return error_set(error, "%s: cannot %s: the file or its directory is read-only", db->path,
                         what);
    case SQLITE_CORRUPT:
    case SQLITE_NOTADB:
        return error_set(error, "%s: cannot %s: the database is damaged (%s)", db->path, what,
                         message);
    case SQLITE_IOERR:
    case SQLITE_CANTOPEN:
        return error_set(error, "%s: cannot %s: %s (%s)", db->path, what, message,
                         strerror(sqlite3_system_errno(db->handle)));
    default:
        return error_set(error, "%s: cannot %s: %s", db->path, what, message);
    }
}

/* Nothing in a file may change what its SQL means: no writable schema, no functions with side
 * effects from views or triggers, and cells are checked before they are used. */
static bool make_defensive(struct database *db, int busy_ms, struct error *error)
{
    (void)sqlite3_db_config(db->handle, SQLITE_DBCONFIG_DEFENSIVE, 1, NULL);
    (void)sqlite3_db_config(db->handle, SQLITE_DBCONFIG_TRUSTED_SCHEMA, 0, NULL);
    (void)sqlite3_db_config(db->handle, SQLITE_DBCONFIG_ENABLE_TRIGGER, 0, NULL);
    (void)sqlite3_busy_timeout(db->handle, busy_ms);
    return database_execute(db, "PRAGMA cell_size_check = ON", error);
}

/* A name that starts with "file:" or ':' means something else to SQLite unless it has a '/'. */
static char *plain_name(const char *path)
{
    const bool is_plain = path[0] == '/' || database_file_is_memory(path);
    const size_t bytes = strlen(path) + sizeof("./");
    char *name = malloc(bytes);

    if (name != NULL) {
        (void)snprintf(name, bytes, "%s%s", is_plain ? "" : "./", path);
    }
    return name;
}

static bool connect_to(struct database *db, int flags, struct error *error)
{
    char *name = plain_name(db->path);
    if (name == NULL) {
        return error_set(error, "%s: no memory to open it", db->path);
    }
    const int code = sqlite3_open_v2(name, &db->handle, flags, NULL);
    free(name);
    if (db->handle == NULL) {
        return error_set(error, "%s: no memory to open it", db->path);
    }
    return code == SQLITE_OK || database_fail(db, "open it", error);
}

/* Once in a process, before SQLite is first used; later it changes nothing. Counting what memory is
 * in use, which nobody asks for, takes a lock at each allocation. */
static void configure(void)
{
    (void)sqlite3_config(SQLITE_CONFIG_MEMSTATUS, 0);
}

bool database_open(struct database *db, const char *path, enum database_mode mode, int busy_ms,
                   struct error *error)
{
    const int flags = (mode == DATABASE_WRITE ? SQLITE_OPEN_READWRITE : SQLITE_OPEN_READONLY) |
                      SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_EXRESCODE |
                      (database_file_is_memory(path) ? SQLITE_OPEN_MEMORY : 0);

    configure();
    *db = (struct database){0};
    db->path = strdup(path);
    if (db->path == NULL) {
        return error_set(error, "%s: no memory to open it", path);
    }
    if (!connect_to(db, flags, error) || !make_defensive(db, busy_ms, error)) {
        database_close(db);
        return false;
    }
    return true;
}

void database_close(struct database *db)
{
    sqlite3 *handle = db->handle;
    database_unshare(db);
    (void)sqlite3_close(handle);
}

bool database_share(struct database *db, const struct database *owner, struct error *error)
{
    *db = (struct database){.handle = owner->handle, .path = strdup(owner->path)};
    return db->path != NULL || error_set(error, "%s: no memory to read it", owner->path);
}

void database_unshare(struct database *db)
{
    for (size_t i = 0; i < db->count; i++) {
        (void)sqlite3_finalize(db->statements[i]);
    }
    free(db->path);
    *db = (struct database){0};
}

void database_expect(struct database *db, const struct statement_text *texts, size_t count)
{
    assert(count <= DATABASE_STATEMENTS_MAX && db->count == 0);
    db->texts = texts;
    db->count = count;
}

bool database_ready(struct database *db, size_t statement, struct error *error)
{
    const struct statement_text *const text = &db->texts[statement];

    return db->statements[statement] != NULL ||
           sqlite3_prepare_v3(db->handle, text->sql, -1, SQLITE_PREPARE_PERSISTENT,
                              &db->statements[statement], NULL) == SQLITE_OK ||
           database_fail(db, text->name, error);
}

bool database_prepare(struct database *db, const struct statement_text *texts, size_t count,
                      struct error *error)
{
    database_expect(db, texts, count);
    for (size_t i = 0; i < count; i++) {
        if (!texts[i].is_rare && !database_ready(db, i, error)) {
            return false;
        }
    }
    return true;
}

bool database_execute(struct database *db, const char *sql, struct error *error)
{
    return sqlite3_exec(db->handle, sql, NULL, NULL, NULL) == SQLITE_OK ||
           database_fail(db, "open it", error);
}

bool database_pragma(struct database *db, const char *sql, int64_t *out, struct error *error)
{
    sqlite3_stmt *statement = NULL;
    const bool is_row = sqlite3_prepare_v2(db->handle, sql, -1, &statement, NULL) == SQLITE_OK &&
                        sqlite3_step(statement) == SQLITE_ROW;
    if (is_row) {
        *out = sqlite3_column_int64(statement, 0);
    } else {
        (void)database_fail(db, "open it", error);
    }
    (void)sqlite3_finalize(statement);
    return is_row;
}

enum database_step database_step(struct database *db, size_t statement, struct error *error)
{
    const int code = sqlite3_step(db->statements[statement]);
    if (code == SQLITE_ROW) {
        return DATABASE_ROW;
    }
    if (code != SQLITE_DONE) {
        (void)database_fail(db, db->texts[statement].name, error);
    }
    database_reset(db, statement);
    return code == SQLITE_DONE ? DATABASE_DONE : DATABASE_FAILED;
}

void database_reset(struct database *db, size_t statement)
{
    (void)sqlite3_reset(db->statements[statement]);
}

bool database_run(struct database *db, size_t statement, struct error *error)
{
    return database_step(db, statement, error) == DATABASE_DONE;
}

/* Ids are given one after the other: at the largest number there is, only a file that is not the
 * program's own can be. */
bool database_next_id(struct database *db, size_t statement, int64_t *out, struct error *error)
{
    if (database_step(db, statement, error) != DATABASE_ROW) {
        return false;
    }
    const int64_t last = sqlite3_column_int64(db->statements[statement], 0);
    database_reset(db, statement);
    if (last >= INT64_MAX / 2) {
        return error_set(error, "%s: cannot %s: the database is damaged (there are no ids left)",
                         db->path, db->texts[statement].name);
    }
    *out = last < 0 ? 1 : last + 1;
    return true;
}
