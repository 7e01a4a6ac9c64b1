#include "store/key_use_row.h"

#include "store/text.h"

#include <stdbool.h>

static const int64_t most = INT64_C(1) << 56;

void key_use_bind(sqlite3_stmt *statement, int first, const struct key_use *use)
{
    number_bind(statement, first, use->first_seen_ns);
    number_bind(statement, first + 1, use->last_seen_ns);
    number_bind(statement, first + 2, use->first_issued_ns);
    number_bind(statement, first + 3, use->last_issued_ns);
    number_bind(statement, first + 4, use->first_accepted_ns);
    number_bind(statement, first + 5, use->last_accepted_ns);
    number_bind(statement, first + 6, use->first_refused_ns);
    number_bind(statement, first + 7, use->issued_count);
    number_bind(statement, first + 8, use->offered_count);
    number_bind(statement, first + 9, use->accepted_count);
    number_bind(statement, first + 10, use->refused_count);
}

static int64_t read_count(sqlite3_stmt *statement, int column)
{
    const int64_t count = sqlite3_column_int64(statement, column);
    return count >= 0 && count <= most ? count : 0;
}

void key_use_read(sqlite3_stmt *statement, int first, struct key_use *out)
{
    *out = (struct key_use){
        .first_seen_ns = number_read(statement, first),
        .last_seen_ns = number_read(statement, first + 1),
        .first_issued_ns = number_read(statement, first + 2),
        .last_issued_ns = number_read(statement, first + 3),
        .first_accepted_ns = number_read(statement, first + 4),
        .last_accepted_ns = number_read(statement, first + 5),
        .first_refused_ns = number_read(statement, first + 6),
        .issued_count = read_count(statement, first + 7),
        .offered_count = read_count(statement, first + 8),
        .accepted_count = read_count(statement, first + 9),
        .refused_count = read_count(statement, first + 10),
    };
}
