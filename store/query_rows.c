/* Handshakes, whole or as figures. Of a period they are read block by block: store/time_spans.h. */
#include "store/query_parts.h"

#include "store/handshake_row.h"
#include "store/time_spans.h"

static enum read_statement blocks_of(enum read_statement rows)
{
    return rows == READ_HANDSHAKES ? READ_BLOCKS_OF_HANDSHAKES : READ_BLOCKS_OF_FIGURES;
}

static void set_ids(struct query *query, enum read_statement rows, int64_t first, int64_t end)
{
    (void)sqlite3_bind_int64(query->db.statements[rows], 4, first);
    (void)sqlite3_bind_int64(query->db.statements[rows], 5, end);
}

/* Of a period no row is there before next_row() has begun a block. */
static bool begin_rows(struct query *query, enum read_statement rows,
                       const struct query_filter *filter, struct error *error)
{
    const enum read_statement blocks = blocks_of(rows);

    database_reset(&query->db, blocks);
    query->is_open[blocks] = false;
    if (!query_begin(query, rows, filter, error)) {
        return false;
    }
    set_ids(query, rows, INT64_MIN, INT64_MAX);
    query->is_open[rows] = query_is_of_all_times(filter);
    return query->is_open[rows] || query_begin(query, blocks, filter, error);
}

/* The statement of the blocks stays open meanwhile: both see the same state. */
static enum query_result next_row(struct query *query, enum read_statement rows,
                                  struct error *error)
{
    const enum read_statement blocks = blocks_of(rows);
    enum query_result result;

    while ((result = query_next(query, rows, error)) == QUERY_DONE) {
        result = query_next(query, blocks, error);
        if (result != QUERY_ROW) {
            return result;
        }
        const uint64_t block = (uint64_t)sqlite3_column_int64(query->db.statements[blocks], 0);
        set_ids(query, rows, (int64_t)(block << TIME_SPANS_BLOCK_BITS),
                (int64_t)((block + 1) << TIME_SPANS_BLOCK_BITS));
        query->is_open[rows] = true;
    }
    return result;
}

bool query_begin_handshakes(struct query *query, const struct query_filter *filter,
                            struct error *error)
{
    return begin_rows(query, READ_HANDSHAKES, filter, error);
}

enum query_result query_next_handshake(struct query *query, struct record *out, struct error *error)
{
    const enum query_result result = next_row(query, READ_HANDSHAKES, error);
    if (result == QUERY_ROW) {
        handshake_row_read(query->db.statements[READ_HANDSHAKES], out);
    }
    return result;
}

bool query_begin_figures(struct query *query, const struct query_filter *filter,
                         struct error *error)
{
    query->figures = READ_FIGURES;
    host_names_forget(query->hosts);
    return begin_rows(query, READ_FIGURES, filter, error);
}

bool query_begin_estimates(struct query *query, const struct query_filter *filter,
                           struct error *error)
{
    query->figures = READ_ESTIMATES;
    host_names_forget(query->hosts);
    return begin_rows(query, READ_ESTIMATES, filter, error);
}

enum query_result query_next_figures(struct query *query, struct record *out, struct error *error)
{
    sqlite3_stmt *const row = query->db.statements[query->figures];
    const enum query_result result = next_row(query, query->figures, error);

    if (result != QUERY_ROW) {
        return result;
    }
    if (query->figures == READ_ESTIMATES) {
        handshake_row_read_estimates(row, out);
    } else {
        handshake_row_read_figures(row, out);
    }
    return host_names_fill(query->hosts, &query->db, READ_HOST, out, error) ? QUERY_ROW
                                                                            : QUERY_ERROR;
}
