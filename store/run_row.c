#include "store/run_row.h"

#include "store/text.h"

#include <stddef.h>
#include <string.h>

/* Where each number of a run lies: value n + 1 of the statement, column n of the row. Values 5
 * and 6 are texts. */
static const size_t numbers[] = {
    offsetof(struct run_record, started_ns),
    offsetof(struct run_record, ended_ns),
    offsetof(struct run_record, first_frame_ns),
    offsetof(struct run_record, last_frame_ns),
    0, /* source */
    0, /* filter */
    offsetof(struct run_record, packets_captured),
    offsetof(struct run_record, packets_received),
    offsetof(struct run_record, packets_dropped_kernel),
    offsetof(struct run_record, packets_dropped_interface),
    offsetof(struct run_record, packets_not_tcp),
    offsetof(struct run_record, packets_undecodable),
    offsetof(struct run_record, bytes),
    offsetof(struct run_record, conversations),
    offsetof(struct run_record, not_tls),
    offsetof(struct run_record, mid_stream_tls),
    offsetof(struct run_record, evicted_handshakes),
    offsetof(struct run_record, evicted_conversations),
    offsetof(struct run_record, not_reassembled_bytes),
    offsetof(struct run_record, damaged_files),
    offsetof(struct run_record, unreadable_files),
};

enum { SOURCE_COLUMN = 4, FILTER_COLUMN = 5 };

_Static_assert(sizeof(numbers) / sizeof(numbers[0]) == RUN_ROW_VALUES, "one place for each value");

static bool is_number(int column)
{
    return column != SOURCE_COLUMN && column != FILTER_COLUMN;
}

void run_row_bind(sqlite3_stmt *statement, const struct run_record *run)
{
    for (int column = 0; column < RUN_ROW_VALUES; column++) {
        if (is_number(column)) {
            int64_t number;
            memcpy(&number, (const char *)run + numbers[column], sizeof(number));
            number_bind(statement, column + 1, number);
        }
    }
    text_bind(statement, SOURCE_COLUMN + 1, run->source, strnlen(run->source, sizeof(run->source)));
    text_bind(statement, FILTER_COLUMN + 1, run->filter, strnlen(run->filter, sizeof(run->filter)));
}

void run_row_read(sqlite3_stmt *statement, struct run_record *out)
{
    memset(out, 0, sizeof(*out));
    for (int column = 0; column < RUN_ROW_VALUES; column++) {
        if (is_number(column)) {
            const int64_t number = number_read(statement, column);
            memcpy((char *)out + numbers[column], &number, sizeof(number));
        }
    }
    text_read_string(statement, SOURCE_COLUMN, out->source, sizeof(out->source));
    text_read_string(statement, FILTER_COLUMN, out->filter, sizeof(out->filter));
    out->id = sqlite3_column_int64(statement, RUN_ROW_VALUES);
}
