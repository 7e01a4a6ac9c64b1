/* Handshakes, whole or as figures. Of a period they are read block by block: store/time_spans.h. */
#include "store/query_parts.h"

#include "store/handshake_row.h"
#include "store/time_spans.h"

static const char pointer_type[] = "struct query";

/* ---- What both share ---- */

static enum read_statement blocks_of(enum read_statement rows)
{
    return rows == READ_HANDSHAKES ? READ_BLOCKS_OF_HANDSHAKES : READ_BLOCKS_OF_FIGURES;
}

static void set_ids(struct query *query, enum read_statement rows, int64_t first, int64_t end)
{
    (void)sqlite3_bind_int64(query->db.statements[rows], 4, first);
    (void)sqlite3_bind_int64(query->db.statements[rows], 5, end);
}

/* Of a period no row is there before next_block(). */
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

enum query_result query_next_block(struct query *query, struct id_range *out, struct error *error)
{
    const enum query_result result = query_next(query, READ_BLOCKS_OF_FIGURES, error);

    if (result == QUERY_ROW) {
        const uint64_t block =
            (uint64_t)sqlite3_column_int64(query->db.statements[READ_BLOCKS_OF_FIGURES], 0);
        out->first = (int64_t)(block << TIME_SPANS_BLOCK_BITS);
        out->end = (int64_t)((block + 1) << TIME_SPANS_BLOCK_BITS);
    }
    return result;
}

/* QUERY_ROW: the statement of the rows begins anew, with those of the next block. That of the
 * blocks stays open meanwhile: both see the same state. */
static enum query_result next_block(struct query *query, enum read_statement rows,
                                    struct error *error)
{
    const enum read_statement blocks = blocks_of(rows);
    const enum query_result result = query_next(query, blocks, error);

    if (result == QUERY_ROW) {
        const uint64_t block = (uint64_t)sqlite3_column_int64(query->db.statements[blocks], 0);
        set_ids(query, rows, (int64_t)(block << TIME_SPANS_BLOCK_BITS),
                (int64_t)((block + 1) << TIME_SPANS_BLOCK_BITS));
        query->is_open[rows] = true;
    }
    return result;
}

/* ---- Whole handshakes ---- */

bool query_begin_handshakes(struct query *query, const struct query_filter *filter,
                            struct error *error)
{
    return begin_rows(query, READ_HANDSHAKES, filter, error);
}

enum query_result query_next_handshake(struct query *query, struct record *out, struct error *error)
{
    enum query_result result;

    while ((result = query_next(query, READ_HANDSHAKES, error)) == QUERY_DONE) {
        result = next_block(query, READ_HANDSHAKES, error);
        if (result != QUERY_ROW) {
            return result;
        }
    }
    if (result == QUERY_ROW) {
        handshake_row_read(query->db.statements[READ_HANDSHAKES], out);
    }
    return result;
}

/* ---- Figures ---- */

/* The first value points to the query, the others are the row. An error ends the statement: its
 * words are nobody's to see. */
static void take_row(sqlite3_context *context, sqlite3_value **values,
                     void (*read)(sqlite3_value *const *from, struct record *out))
{
    struct query *const query = sqlite3_value_pointer(values[0], pointer_type);
    struct taking *const taking = &query->taking;

    read(values + 1, &taking->record);
    if (!host_names_fill(query->hosts, &query->db, READ_HOST, &taking->record, &taking->error)) {
        taking->result = QUERY_ERROR;
    } else if (!taking->take(taking->context, &taking->record)) {
        taking->result = QUERY_ROW;
    } else {
        return;
    }
    sqlite3_result_error(context, "stopped", -1);
}

static void take_figures(sqlite3_context *context, int count, sqlite3_value **values)
{
    (void)count;
    take_row(context, values, handshake_row_read_figures);
}

static void take_estimates(sqlite3_context *context, int count, sqlite3_value **values)
{
    (void)count;
    take_row(context, values, handshake_row_read_estimates);
}

static void end_taking(sqlite3_context *context)
{
    sqlite3_result_null(context);
}

bool query_rows_prepare(struct query *query, struct error *error)
{
    static const struct {
        const char *name;
        int columns;
        void (*step)(sqlite3_context *context, int count, sqlite3_value **values);
    } functions[] = {
        {"take_figures", GIVEN_FIGURES_END, take_figures},
        {"take_estimates", GIVEN_ESTIMATES_END, take_estimates},
    };

    for (size_t i = 0; i < sizeof(functions) / sizeof(functions[0]); i++) {
        if (sqlite3_create_function_v2(query->db.handle, functions[i].name,
                                       functions[i].columns + 1, SQLITE_UTF8 | SQLITE_DIRECTONLY,
                                       NULL, NULL, functions[i].step, end_taking,
                                       NULL) != SQLITE_OK) {
            return database_fail(&query->db, "open it", error);
        }
    }
    return true;
}

/* Those of a block, or all: QUERY_DONE when each was taken. */
static enum query_result take_rows(struct query *query, enum read_statement rows,
                                   struct error *error)
{
    enum query_result result = query_next(query, rows, error);

    if (query->taking.result == QUERY_ERROR) {
        *error = query->taking.error;
    }
    if (query->taking.result != QUERY_DONE) {
        result = query->taking.result;
    } else if (result == QUERY_ROW) {
        result = QUERY_DONE; /* the row of the aggregate: nothing */
    }
    database_reset(&query->db, rows);
    query->is_open[rows] = false;
    return result;
}

static enum query_result take_blocks(struct query *query, enum read_statement rows,
                                     struct error *error)
{
    enum query_result result;

    while ((result = next_block(query, rows, error)) == QUERY_ROW) {
        result = take_rows(query, rows, error);
        if (result != QUERY_DONE) {
            database_reset(&query->db, blocks_of(rows));
            return result;
        }
    }
    return result;
}

static bool bind_taking(struct query *query, enum read_statement rows, struct error *error)
{
    return sqlite3_bind_pointer(query->db.statements[rows], 6, query, pointer_type, NULL) ==
               SQLITE_OK ||
           database_fail(&query->db, query_statement_name(rows), error);
}

static enum query_result take_all(struct query *query, enum read_statement rows,
                                  const struct query_filter *filter, struct error *error)
{
    if (!begin_rows(query, rows, filter, error) || !bind_taking(query, rows, error)) {
        return QUERY_ERROR;
    }
    return query->is_open[rows] ? take_rows(query, rows, error) : take_blocks(query, rows, error);
}

static void set_taker(struct query *query, query_taker *take, void *context)
{
    query->taking = (struct taking){.take = take, .context = context, .result = QUERY_DONE};
    handshake_init(&query->taking.record.handshake);
}

static void begin_taking(struct query *query, query_taker *take, void *context)
{
    set_taker(query, take, context);
    host_names_forget(query->hosts);
}

enum query_result query_figures(struct query *query, const struct query_filter *filter,
                                query_taker *take, void *context, struct error *error)
{
    const bool is_all = query_is_of_all_times(filter) && filter->host_glob == NULL;

    begin_taking(query, take, context);
    return take_all(query, is_all ? READ_ALL_FIGURES : READ_FIGURES, filter, error);
}

enum query_result query_figures_of_ids(struct query *query, const struct query_filter *filter,
                                       const struct id_range *ids, const struct taker *taker,
                                       struct error *error)
{
    set_taker(query, taker->take, taker->context);
    if (!query_begin(query, READ_FIGURES, filter, error)) {
        return QUERY_ERROR;
    }
    set_ids(query, READ_FIGURES, ids->first, ids->end);
    return bind_taking(query, READ_FIGURES, error) ? take_rows(query, READ_FIGURES, error)
                                                   : QUERY_ERROR;
}

enum query_result query_estimates(struct query *query, const struct query_filter *filter,
                                  query_taker *take, void *context, struct error *error)
{
    begin_taking(query, take, context);
    return take_all(query, READ_ESTIMATES, filter, error);
}
