/* The figures of a key's use in and out of SQLite: the columns that tables ticket_key_use and
 * ticket_beginning have in common, from first_seen_ns to refused_count. */
#ifndef REPRISE_STORE_KEY_USE_ROW_H
#define REPRISE_STORE_KEY_USE_ROW_H

#include "store/key_use.h"

#include <sqlite3.h>

enum { KEY_USE_VALUES = 11 };

/* Values `first` and on. */
void key_use_bind(sqlite3_stmt *statement, int first, const struct key_use *use);

/* Columns `first` and on. A count that no handshakes can have come to is read as 0: sums of what is
 * read stay far from the largest number. */
void key_use_read(sqlite3_stmt *statement, int first, struct key_use *out);

#endif
