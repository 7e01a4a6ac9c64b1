/* What a file is, told by its first 100 bytes (sqlite.org/fileformat.html, 1.3), before SQLite sees
 * it: opening a stranger's file could already roll it back or checkpoint it. */
#ifndef REPRISE_STORE_DATABASE_FILE_H
#define REPRISE_STORE_DATABASE_FILE_H

#include "base/error.h"

#include <stdint.h>

/* "RePr", at offset 68 of every database of ours. */
#define DATABASE_APPLICATION_ID 0x52655072

/* ":memory:", which is no file. */
bool database_file_is_memory(const char *path);

/* Whether the file may be opened for writing: it is ours, of a schema up to `newest`, or empty; a
 * missing one is made, empty, mode 0640. */
MUST_CHECK bool database_file_for_writing(const char *path, int64_t newest, struct error *error);

/* Whether it may be opened for reading: it is ours. */
MUST_CHECK bool database_file_for_reading(const char *path, int64_t newest, struct error *error);

/* The sentence about a schema that this program does not know; returns false. */
bool database_file_too_new(const char *path, int64_t found, int64_t newest, struct error *error);

#endif
