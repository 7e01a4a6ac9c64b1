#include "store/row_table.h"

#include "dissect/handshake.h"

#include <stdio.h>
#include <stdlib.h>

/* What SQLite is given begins with what it knows. */
struct table {
    sqlite3_vtab base;
    const struct row_table *rows;
};

struct cursor {
    sqlite3_vtab_cursor base;
    const struct row_table *rows;
    const char *row;
    const char *end;
};

enum { ROWS_EXPECTED = 250, DECLARATION_BYTES = 2048 };

static struct cursor *cursor_of(sqlite3_vtab_cursor *cursor)
{
    void *ours = cursor;
    return ours;
}

/* DIRECTONLY: no view or trigger of a file can read it. */
/* The signature is SQLite's. */
// NOLINTNEXTLINE(readability-function-size)
static int connect(sqlite3 *handle, void *rows, int argc, const char *const *argv,
                   sqlite3_vtab **out, char **error)
{
    const struct row_table *const shape = rows;
    struct table *table = calloc(1, sizeof(*table));
    char declaration[DECLARATION_BYTES];

    (void)argc;
    (void)argv;
    (void)error;
    if (table == NULL) {
        return SQLITE_NOMEM;
    }
    (void)snprintf(declaration, sizeof(declaration), "CREATE TABLE x (%s)", shape->columns);
    const int code = sqlite3_declare_vtab(handle, declaration);
    if (code != SQLITE_OK) {
        free(table);
        return code;
    }
    (void)sqlite3_vtab_config(handle, SQLITE_VTAB_DIRECTONLY);
    table->rows = shape;
    *out = &table->base;
    return SQLITE_OK;
}

static int disconnect(sqlite3_vtab *table)
{
    free(table);
    return SQLITE_OK;
}

/* There is one way to read it: all of it, in order. */
static int plan(sqlite3_vtab *table, sqlite3_index_info *info)
{
    (void)table;
    info->estimatedCost = ROWS_EXPECTED;
    info->estimatedRows = ROWS_EXPECTED;
    return SQLITE_OK;
}

static int open_cursor(sqlite3_vtab *table, sqlite3_vtab_cursor **out)
{
    struct cursor *cursor = calloc(1, sizeof(*cursor));

    if (cursor == NULL) {
        return SQLITE_NOMEM;
    }
    const void *ours = table;
    cursor->rows = ((const struct table *)ours)->rows;
    *out = &cursor->base;
    return SQLITE_OK;
}

static int close_cursor(sqlite3_vtab_cursor *cursor)
{
    free(cursor_of(cursor));
    return SQLITE_OK;
}

static int begin(sqlite3_vtab_cursor *cursor, int number, const char *text, int argc,
                 sqlite3_value **argv)
{
    (void)number;
    (void)text;
    (void)argc;
    (void)argv;
    struct cursor *const ours = cursor_of(cursor);
    ours->row = ours->rows->rows;
    ours->end = ours->row + ours->rows->count * ours->rows->row_bytes;
    return SQLITE_OK;
}

static int next(sqlite3_vtab_cursor *cursor)
{
    struct cursor *const ours = cursor_of(cursor);

    ours->row += ours->rows->row_bytes;
    return SQLITE_OK;
}

static int is_over(sqlite3_vtab_cursor *cursor)
{
    return cursor_of(cursor)->row == cursor_of(cursor)->end;
}

static int value(sqlite3_vtab_cursor *cursor, sqlite3_context *out, int column)
{
    const struct cursor *const ours = cursor_of(cursor);
    const void *const row = ours->row;

    if ((ours->rows->others >> column & 1) != 0) {
        ours->rows->value(row, column, out);
        return SQLITE_OK;
    }
    const int64_t number = ((const int64_t *)row)[column];
    if (number != HANDSHAKE_NULL) {
        sqlite3_result_int64(out, number);
    }
    return SQLITE_OK;
}

static int row_number(sqlite3_vtab_cursor *cursor, sqlite3_int64 *out)
{
    const struct cursor *const ours = cursor_of(cursor);

    *out = (ours->end - ours->row) / (ptrdiff_t)ours->rows->row_bytes;
    return SQLITE_OK;
}

/* Without xCreate it needs no CREATE VIRTUAL TABLE, and nobody can make another one of it. */
static const sqlite3_module module = {
    .xConnect = connect,
    .xBestIndex = plan,
    .xDisconnect = disconnect,
    .xOpen = open_cursor,
    .xClose = close_cursor,
    .xFilter = begin,
    .xNext = next,
    .xEof = is_over,
    .xColumn = value,
    .xRowid = row_number,
};

bool row_table_add(struct row_table *table, struct database *db, struct error *error)
{
    return sqlite3_create_module_v2(db->handle, table->name, &module, table, NULL) == SQLITE_OK ||
           database_fail(db, "open it", error);
}
