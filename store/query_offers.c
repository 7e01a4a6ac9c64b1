/* Offers that did not go as was promised, in order of id: of blocks that lie in the period whole as
 * they are stored with their rollups, of all other handshakes by SQL. */
#include "store/query_parts.h"

#include "store/glob.h"
#include "store/ledger_row.h"

#include <stdlib.h>
#include <string.h>

void query_end_offers(struct query *query)
{
    free(query->reading_offers.host_glob);
    query->reading_offers = (struct reading_offers){.host_glob = NULL};
}

static bool begin_reading(struct query *query, const struct query_filter *filter,
                          struct error *error)
{
    struct reading_offers *reading = &query->reading_offers;

    query_end_offers(query);
    reading->filter = *filter;
    reading->filter.host_glob = NULL;
    reading->statement = query_is_of_all_times(filter) ? READ_OFFERS : READ_OFFERS_OF_PERIOD;
    if (filter->host_glob != NULL) {
        reading->host_glob = strdup(filter->host_glob);
        reading->filter.host_glob = reading->host_glob;
    }
    return (filter->host_glob == NULL) == (reading->host_glob == NULL) ||
           error_set(error, "%s: not enough memory to read offers", query->db.path);
}

/* Those of these ids come next. */
static bool begin_rows(struct query *query, int64_t first, int64_t end, struct error *error)
{
    struct reading_offers *reading = &query->reading_offers;

    if (first >= end) {
        return true;
    }
    if (!query_begin(query, reading->statement, &reading->filter, error)) {
        return false;
    }
    sqlite3_stmt *const statement = query->db.statements[reading->statement];
    (void)sqlite3_bind_int64(statement, 4, first);
    (void)sqlite3_bind_int64(statement, 5, end);
    reading->is_in_rows = true;
    return true;
}

bool query_begin_offers(struct query *query, const struct query_filter *filter, struct error *error)
{
    static const struct query_filter all = {HANDSHAKE_NULL, HANDSHAKE_NULL, NULL};

    host_names_forget(query->hosts);
    if (!begin_reading(query, filter, error) ||
        !query_begin(query, READ_PACKED_OFFERS, &all, error)) {
        return false;
    }
    query->reading_offers.next_id = INT64_MIN;
    query->reading_offers.has_blocks = true;
    return true;
}

bool query_begin_offers_of_ids(struct query *query, const struct id_range *ids, struct error *error)
{
    static const struct query_filter all = {HANDSHAKE_NULL, HANDSHAKE_NULL, NULL};

    return begin_reading(query, &all, error) && begin_rows(query, ids->first, ids->end, error);
}

/* ---- Blocks ---- */

/* A row of READ_PACKED_OFFERS. What is before it, or of no use here, is read by rows. */
static bool see_block(struct query *query, sqlite3_stmt *row, struct error *error)
{
    struct reading_offers *reading = &query->reading_offers;
    const struct query_filter *filter = &reading->filter;
    const bool has_end = filter->until_ns != HANDSHAKE_NULL;
    const int64_t first = sqlite3_column_int64(row, 0);
    const int64_t first_ns = sqlite3_column_int64(row, 2);
    const int64_t last_ns = sqlite3_column_int64(row, 3);
    int64_t end;

    if (first < reading->next_id ||
        __builtin_add_overflow(first, sqlite3_column_int64(row, 1), &end) || end <= first) {
        return true; /* no block of ours */
    }
    const bool is_outside = last_ns < filter->since_ns || (has_end && first_ns >= filter->until_ns);
    const bool is_inside = first_ns >= filter->since_ns && (!has_end || last_ns < filter->until_ns);
    if (!is_outside && !is_inside) {
        return true;
    }
    if (is_inside) {
        packed_offers_begin(&reading->packed, sqlite3_column_blob(row, 4),
                            (size_t)sqlite3_column_bytes(row, 4));
    }
    const int64_t before = reading->next_id;
    reading->next_id = end;
    return begin_rows(query, before, first, error);
}

static bool next_block(struct query *query, struct error *error)
{
    struct reading_offers *reading = &query->reading_offers;

    switch (query_next(query, READ_PACKED_OFFERS, error)) {
    case QUERY_ROW:
        return see_block(query, query->db.statements[READ_PACKED_OFFERS], error);
    case QUERY_DONE:
        reading->has_blocks = false;
        return begin_rows(query, reading->next_id, INT64_MAX, error);
    case QUERY_ERROR:
        break;
    }
    return false;
}

/* ---- One offer ---- */

static enum query_result name_host(struct query *query, struct offer_record *out,
                                   struct error *error)
{
    struct record record;

    record.host_id = out->host_id;
    if (!host_names_fill(query->hosts, &query->db, READ_HOST, &record, error)) {
        return QUERY_ERROR;
    }
    out->host = record.host;
    return QUERY_ROW;
}

static enum query_result next_row(struct query *query, struct offer_record *out,
                                  struct error *error)
{
    struct reading_offers *reading = &query->reading_offers;
    const enum query_result result = query_next(query, reading->statement, error);

    if (result == QUERY_ROW) {
        ledger_row_read_offer(query->db.statements[reading->statement], out);
        return name_host(query, out, error);
    }
    reading->is_in_rows = false;
    return result;
}

static bool is_asked_for(const struct reading_offers *reading, const struct wire_text *host)
{
    const char *const glob = reading->host_glob;

    return glob == NULL || glob_matches(glob, strlen(glob), host->text, host->len);
}

static enum query_result next_packed(struct query *query, struct offer_record *out,
                                     struct error *error)
{
    struct reading_offers *reading = &query->reading_offers;

    while (packed_offers_next(&reading->packed, out)) {
        const enum query_result result = name_host(query, out, error);
        if (result != QUERY_ROW || is_asked_for(reading, &out->host)) {
            return result;
        }
    }
    if (reading->packed.is_damaged) {
        (void)error_set(error, "%s: the database is damaged (what it sums up)", query->db.path);
        return QUERY_ERROR;
    }
    return QUERY_DONE;
}

enum query_result query_next_offer(struct query *query, struct offer_record *out,
                                   struct error *error)
{
    struct reading_offers *reading = &query->reading_offers;
    enum query_result result = QUERY_DONE;

    for (;;) {
        result = reading->is_in_rows ? next_row(query, out, error) : QUERY_DONE;
        if (result == QUERY_DONE) {
            result = next_packed(query, out, error);
        }
        if (result != QUERY_DONE || !reading->has_blocks) {
            return result;
        }
        if (!next_block(query, error)) {
            return QUERY_ERROR;
        }
    }
}
