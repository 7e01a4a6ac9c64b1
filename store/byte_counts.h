/* The bytes that both sides of a handshake sent, as one value: a column costs a byte by itself.
 * PURE but for reading.
 *
 * Table `handshake` has the value, the view handshake_plain both numbers. */
#ifndef REPRISE_STORE_BYTE_COUNTS_H
#define REPRISE_STORE_BYTE_COUNTS_H

#include "base/attributes.h"

#include <sqlite3.h>
#include <stdbool.h>
#include <stdint.h>

enum { BYTE_COUNTS_TEXT_BYTES = 48 };

/* HANDSHAKE_NULL where one is not known. */
struct byte_counts {
    int64_t client;
    int64_t server;
};

/* Nearly always the value is a number: the server's above the client's lowest 16 bits, or
 * HANDSHAKE_NULL where neither is known. Where it has no place there (the client's is 65536 or
 * more, or only one is known) it is a text, both numbers with a space between, nothing for what is
 * not known. text: "" where the number holds. */
int64_t byte_counts_pack(const struct byte_counts *counts, char text[BYTE_COUNTS_TEXT_BYTES]);

/* The file may have been written by anybody: any value gives some. */
void byte_counts_read(sqlite3_value *from, struct byte_counts *out);

/* The same in SQL. Of a row of handshake: */
/* clang-format off */
#define BYTE_COUNTS_CLIENT                                                                         \
    "iif(typeof(bytes) = 'integer', bytes & 65535,"                                                \
    " CAST(nullif(substr(bytes, 1, instr(bytes, ' ') - 1), '') AS INTEGER))"
#define BYTE_COUNTS_SERVER                                                                         \
    "iif(typeof(bytes) = 'integer', bytes >> 16,"                                                  \
    " CAST(nullif(substr(bytes, instr(bytes, ' ') + 1), '') AS INTEGER))"

/* Of a row that has both numbers: */
#define BYTE_COUNTS_PACKED                                                                         \
    "iif(bytes_client BETWEEN 0 AND 65535 AND bytes_server BETWEEN 0 AND 2147483647,"              \
    " bytes_server << 16 | bytes_client, iif(coalesce(bytes_client, bytes_server) IS NULL, NULL,"  \
    " coalesce(bytes_client, '') || ' ' || coalesce(bytes_server, '')))"
/* clang-format on */

#endif
