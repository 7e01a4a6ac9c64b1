/* Rows in memory as a table that SQLite reads: one INSERT ... SELECT then writes all of them, where
 * a statement for each row would bind every value, and find its place in the table, anew.
 *
 * Nothing in a file can name such a table: it is for the statements of this program alone. */
#ifndef REPRISE_STORE_ROW_TABLE_H
#define REPRISE_STORE_ROW_TABLE_H

#include "store/database.h"

struct row_table {
    const char *name;    /* in SQL */
    const char *columns; /* of a CREATE TABLE */
    /* A row begins with an int64_t for each column; HANDSHAKE_NULL is NULL. */
    size_t row_bytes;
    const void *rows;
    size_t count; /* when a statement runs */
    /* Columns that are no numbers, as 1u << column: this gives their value, which may be borrowed
     * while the statement runs, or nothing for NULL. */
    uint64_t others;
    void (*value)(const void *row, int column, sqlite3_context *out);
};

/* To be called before the statements that read it are prepared. table: borrowed until the database
 * is closed, and to be filled at any time. */
MUST_CHECK bool row_table_add(struct row_table *table, struct database *db, struct error *error);

#endif
