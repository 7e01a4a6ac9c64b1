/* One row of table `run`: the same order of columns going in and coming out. */
#ifndef REPRISE_STORE_RUN_ROW_H
#define REPRISE_STORE_RUN_ROW_H

#include "store/record.h"

#include <sqlite3.h>

/* The values of WRITE_ADD_RUN and WRITE_UPDATE_RUN, whose next value is the id. */
enum { RUN_ROW_VALUES = 21 };

/* Text is not copied: run must stay as it is until the statement is reset. */
void run_row_bind(sqlite3_stmt *statement, const struct run_record *run);

#define RUN_ROW_SELECT                                                                             \
    "SELECT started_ns, ended_ns, first_frame_ns, last_frame_ns, source, filter,"                  \
    " packets_captured, packets_received, packets_dropped_kernel, packets_dropped_interface,"      \
    " packets_not_tcp, packets_undecodable, bytes, conversations, not_tls, mid_stream_tls,"        \
    " evicted_handshakes, evicted_conversations, not_reassembled_bytes, damaged_files,"            \
    " unreadable_files, id FROM run"

void run_row_read(sqlite3_stmt *statement, struct run_record *out);

#endif
