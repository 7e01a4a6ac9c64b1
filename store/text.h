/* Bytes of unknown encoding in and out of SQLite, unchanged.
 *
 * Valid UTF-8 without NUL goes in as TEXT, anything else as BLOB: SQL functions would cut a TEXT
 * at a NUL, and programs that read the file refuse one that is not UTF-8. The same bytes always
 * take the same type, so that equality means equal bytes. */
#ifndef REPRISE_STORE_TEXT_H
#define REPRISE_STORE_TEXT_H

#include "base/attributes.h"

#include <sqlite3.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* RFC 3629, and no NUL. */
bool text_is_plain(const char *data, size_t len);

/* Binds without a copy: data must stay as it is until the statement is reset. */
void text_bind(sqlite3_stmt *statement, int index, const char *data, size_t len);

/* A number, with HANDSHAKE_NULL as NULL; and back. */
void number_bind(sqlite3_stmt *statement, int index, int64_t number);
int64_t number_read(sqlite3_stmt *statement, int column);
int64_t number_of(sqlite3_value *value);

/* Copies a column of either type, at most `size` bytes of it; returns how many. */
size_t text_read(sqlite3_stmt *statement, int column, char *out, size_t size);
/* The same into a terminated string of at most size - 1 bytes. */
void text_read_string(sqlite3_stmt *statement, int column, char *out, size_t size);
void text_string_of(sqlite3_value *value, char *out, size_t size);

#endif
