/* Where in table `handshake` the handshakes of a period are, without an index of every row's time:
 * table `handshake_span` has a row for each block of ids and stretch of time that meet. Handshakes
 * are stored nearly in order of their time, so that there are few: one for a thousand of them, or
 * one for some minutes. An index of time_ns would take 17 bytes a handshake, this takes 0.03.
 *
 * A span says only that the block may hold something of the stretch: readers look at each row's own
 * time. Rows of handshakes without a span are not found by their time. */
#ifndef REPRISE_STORE_TIME_SPANS_H
#define REPRISE_STORE_TIME_SPANS_H

#include "store/database.h"

/* A stretch is 2^39 ns, 9 minutes and 10 seconds; a block 2^10 ids. */
#define TIME_SPANS_SLOT(time_ns) "((" time_ns ") >> 39)"
#define TIME_SPANS_BLOCK(id) "((" id ") >> 10)"
enum { TIME_SPANS_SLOT_BITS = 39, TIME_SPANS_BLOCK_BITS = 10 };

/* The blocks that may hold something of the time from ?1 up to ?2, exclusive. */
#define TIME_SPANS_BLOCKS                                                                          \
    "SELECT DISTINCT block FROM handshake_span WHERE slot BETWEEN " TIME_SPANS_SLOT(               \
        "?1") " AND " TIME_SPANS_SLOT("?2 - 1")

/* The rows of a table of handshakes, named h, in these blocks, in any order. */
#define TIME_SPANS_ROWS(table)                                                                     \
    "(" TIME_SPANS_BLOCKS ") AS span CROSS JOIN " table " AS h"                                    \
    " ON h.id >= span.block << 10 AND h.id < span.block + 1 << 10"

#define TIME_SPANS_ADD "INSERT OR IGNORE INTO handshake_span (slot, block) VALUES (?1, ?2)"

enum { TIME_SPANS_KEPT = 64 };

/* Spans that are in the database, so that most handshakes cost no statement. */
struct time_spans {
    struct {
        bool is_used;
        int64_t slot;
        int64_t block;
    } kept[TIME_SPANS_KEPT]; /* all zero to begin with */
};

/* After a rollback. */
void time_spans_forget(struct time_spans *spans);

/* Inside the transaction that gave the handshake its row: WRITE_ADD_SPAN is its statement. */
MUST_CHECK bool time_spans_note(struct time_spans *spans, struct database *db, int64_t handshake,
                                int64_t time_ns, struct error *error);

#endif
