/* Rollups of a period: of blocks that lie in it as they are stored, of all other handshakes made
 * here. */
#include "store/query_parts.h"

#include "store/glob.h"
#include "store/rollup_block.h"

#include <stdlib.h>
#include <string.h>

enum { ROWS_EACH = 1 << 16 };

/* Where handshakes are that no stored rollup tells of. */
struct gaps {
    struct id_range *ranges;
    size_t count;
    size_t capacity;
    int64_t covered; /* ids below are in a rollup, or in a range, or outside the period */
};

struct rolled_reading {
    struct query *query;
    const struct query_filter *filter;
    struct gaps gaps;
    struct packing_writer *parts; /* blocks */
    struct rollup_cursor *cursors;
    size_t count;
    size_t capacity;
    size_t stored; /* of the parts: those that were */
    struct rollup_row *rows;
    size_t row_count;
    struct error *error;
};

static const char damaged[] = "the database is damaged (what it sums up)";

static bool fail(const struct rolled_reading *reading, const char *why)
{
    return error_set(reading->error, "%s: %s", reading->query->db.path, why);
}

static bool no_memory(const struct rolled_reading *reading)
{
    return fail(reading, "not enough memory for the report");
}

/* ---- Blocks ---- */

static bool add_part(struct rolled_reading *reading, struct packing_writer *part)
{
    const size_t wanted = reading->count + 1;

    if (wanted > reading->capacity) {
        const size_t capacity = wanted * 2;
        struct packing_writer *parts =
            reallocarray(reading->parts, capacity, sizeof(*reading->parts));
        reading->parts = parts != NULL ? parts : reading->parts;
        struct rollup_cursor *cursors =
            reallocarray(reading->cursors, capacity, sizeof(*reading->cursors));
        reading->cursors = cursors != NULL ? cursors : reading->cursors;
        if (parts == NULL || cursors == NULL) {
            return false;
        }
        reading->capacity = capacity;
    }
    reading->parts[reading->count] = *part;
    *part = (struct packing_writer){.data = NULL};
    reading->count++;
    return true;
}

static bool take_block(struct rolled_reading *reading, sqlite3_stmt *row)
{
    struct packing_writer part = {.data = NULL};

    packing_write_bytes(&part, sqlite3_column_blob(row, 4), (size_t)sqlite3_column_bytes(row, 4));
    const bool is_taken = !part.has_failed && add_part(reading, &part);
    free(part.data);
    return is_taken || no_memory(reading);
}

static bool add_gap(struct rolled_reading *reading, int64_t first, int64_t end)
{
    struct gaps *gaps = &reading->gaps;

    if (first >= end) {
        return true;
    }
    if (gaps->count > 0 && gaps->ranges[gaps->count - 1].end == first) {
        gaps->ranges[gaps->count - 1].end = end;
        return true;
    }
    if (gaps->count == gaps->capacity) {
        struct id_range *moved =
            reallocarray(gaps->ranges, gaps->capacity * 2 + 8, sizeof(*gaps->ranges));
        if (moved == NULL) {
            return no_memory(reading);
        }
        gaps->ranges = moved;
        gaps->capacity = gaps->capacity * 2 + 8;
    }
    gaps->ranges[gaps->count++] = (struct id_range){first, end};
    return true;
}

/* A row of READ_ROLLUPS. */
static bool see_block(struct rolled_reading *reading, sqlite3_stmt *row)
{
    const int64_t first = sqlite3_column_int64(row, 0);
    const int64_t first_ns = sqlite3_column_int64(row, 2);
    const int64_t last_ns = sqlite3_column_int64(row, 3);
    const int64_t since_ns = reading->filter->since_ns; /* HANDSHAKE_NULL: the smallest */
    const int64_t until_ns = reading->filter->until_ns;
    const bool has_end = until_ns != HANDSHAKE_NULL;
    int64_t end;

    if (first < reading->gaps.covered ||
        __builtin_add_overflow(first, sqlite3_column_int64(row, 1), &end) || end <= first) {
        return true; /* no block of ours: what it may be of is read by handshakes */
    }
    const bool is_outside = last_ns < since_ns || (has_end && first_ns >= until_ns);
    const bool is_inside = first_ns >= since_ns && (!has_end || last_ns < until_ns);
    if (!add_gap(reading, reading->gaps.covered, first) ||
        (!is_outside && !is_inside && !add_gap(reading, first, end))) {
        return false;
    }
    reading->gaps.covered = end;
    return is_outside || !is_inside || take_block(reading, row);
}

static bool see_blocks(struct rolled_reading *reading)
{
    static const struct query_filter all = {HANDSHAKE_NULL, HANDSHAKE_NULL, NULL};
    struct query *query = reading->query;
    enum query_result result;

    reading->gaps.covered = INT64_MIN;
    if (!query_begin(query, READ_ROLLUPS, &all, reading->error)) {
        return false;
    }
    while ((result = query_next(query, READ_ROLLUPS, reading->error)) == QUERY_ROW) {
        if (!see_block(reading, query->db.statements[READ_ROLLUPS])) {
            return false;
        }
    }
    reading->stored = reading->count;
    return result == QUERY_DONE && add_gap(reading, reading->gaps.covered, INT64_MAX);
}

/* ---- Handshakes ---- */

static bool flush_rows(struct rolled_reading *reading)
{
    struct packing_writer part = {.data = NULL};

    if (reading->row_count == 0) {
        return true;
    }
    const bool is_done =
        rollup_block_build(reading->rows, reading->row_count, &part) && add_part(reading, &part);
    free(part.data);
    reading->row_count = 0;
    return is_done;
}

static bool take_row(void *context, const struct record *record)
{
    struct rolled_reading *reading = context;

    rollup_row_of_record(record, &reading->rows[reading->row_count++]);
    return reading->row_count < ROWS_EACH || flush_rows(reading);
}

static bool read_range(struct rolled_reading *reading, int64_t first, int64_t end)
{
    const struct id_range ids = {first, end};
    const struct taker taker = {take_row, reading};

    if (first >= end) {
        return true;
    }
    switch (query_figures_of_ids(reading->query, reading->filter, &ids, &taker, reading->error)) {
    case QUERY_ROW:
        return no_memory(reading);
    case QUERY_ERROR:
        return false;
    case QUERY_DONE:
        break;
    }
    return true;
}

static int64_t later(int64_t a, int64_t b)
{
    return a > b ? a : b;
}

static int64_t earlier(int64_t a, int64_t b)
{
    return a < b ? a : b;
}

/* What gaps have of these ids: *gap is the first that may have any, as both come in order. */
static bool read_ids(struct rolled_reading *reading, const struct id_range *ids, size_t *gap)
{
    const struct gaps *gaps = &reading->gaps;

    while (*gap < gaps->count && gaps->ranges[*gap].end <= ids->first) {
        (*gap)++;
    }
    for (size_t i = *gap; i < gaps->count && gaps->ranges[i].first < ids->end; i++) {
        if (!read_range(reading, later(gaps->ranges[i].first, ids->first),
                        earlier(gaps->ranges[i].end, ids->end))) {
            return false;
        }
    }
    return true;
}

/* Of a period only blocks of ids that may hold some of it (store/time_spans.h). */
static bool read_period(struct rolled_reading *reading)
{
    struct query *query = reading->query;
    size_t gap = 0;
    enum query_result result;
    struct id_range ids;

    if (!query_begin(query, READ_BLOCKS_OF_FIGURES, reading->filter, reading->error)) {
        return false;
    }
    while ((result = query_next_block(query, &ids, reading->error)) == QUERY_ROW) {
        if (!read_ids(reading, &ids, &gap)) {
            return false;
        }
    }
    return result == QUERY_DONE;
}

static bool read_gaps(struct rolled_reading *reading)
{
    reading->rows = calloc(ROWS_EACH, sizeof(*reading->rows));
    if (reading->rows == NULL) {
        return no_memory(reading);
    }
    if (!query_is_of_all_times(reading->filter)) {
        return read_period(reading) && (flush_rows(reading) || no_memory(reading));
    }
    for (size_t i = 0; i < reading->gaps.count; i++) {
        if (!read_range(reading, reading->gaps.ranges[i].first, reading->gaps.ranges[i].end)) {
            return false;
        }
    }
    return flush_rows(reading) || no_memory(reading);
}

/* ---- Hosts ---- */

static bool is_asked_for(const struct query_filter *filter, const struct wire_text *host)
{
    return filter->host_glob == NULL ||
           glob_matches(filter->host_glob, strlen(filter->host_glob), host->text, host->len);
}

static bool begin_parts(struct rolled_reading *reading)
{
    for (size_t i = 0; i < reading->count; i++) {
        if (!rollup_cursor_begin(&reading->cursors[i], reading->parts[i].data,
                                 reading->parts[i].len)) {
            return false;
        }
    }
    return true;
}

static enum query_result take_host(struct rolled_reading *reading, struct query_rolled_host *host,
                                   const struct rolled_taker *taker)
{
    struct query *query = reading->query;
    struct record record;

    record.host_id = host->host_id;
    if (!host_names_fill(query->hosts, &query->db, READ_HOST, &record, reading->error)) {
        return QUERY_ERROR;
    }
    if (!is_asked_for(reading->filter, &record.host)) {
        return QUERY_DONE;
    }
    host->host = record.host;
    return taker->take(taker->context, host) ? QUERY_DONE : QUERY_ROW;
}

static enum query_result take_every(struct rolled_reading *reading, struct rollup_merge *merge,
                                    const struct rolled_taker *taker)
{
    struct rollup rollup = {.first_ns = 0};
    struct query_rolled_host host = {.slot_s = merge->slot_s, .rollup = &rollup};
    enum query_result result = QUERY_DONE;

    while (result == QUERY_DONE && rollup_merge_next(merge, &host.host_id, &rollup)) {
        result = take_host(reading, &host, taker);
    }
    rollup_free(&rollup);
    return result;
}

static enum query_result take_these(struct rolled_reading *reading, struct rollup_merge *merge,
                                    const struct query_hosts *hosts,
                                    const struct rolled_taker *taker)
{
    struct rollup rollup = {.first_ns = 0};
    struct query_rolled_host host = {.slot_s = merge->slot_s, .rollup = &rollup};
    enum query_result result = QUERY_DONE;

    for (size_t i = 0; result == QUERY_DONE && i < hosts->count; i++) {
        host.host_id = hosts->ids[i];
        if (!rollup_merge_find(merge, host.host_id, &rollup)) {
            break;
        }
        result = take_host(reading, &host, taker);
    }
    rollup_free(&rollup);
    return result;
}

/* hosts NULL: all. */
static enum query_result take_hosts(struct rolled_reading *reading, const struct query_hosts *hosts,
                                    const struct rolled_taker *taker)
{
    struct rollup_merge merge = {.cursors = reading->cursors, .count = reading->count};

    if (!begin_parts(reading)) {
        (void)fail(reading, damaged);
        return QUERY_ERROR;
    }
    rollup_merge_begin(&merge);
    const enum query_result result = hosts == NULL ? take_every(reading, &merge, taker)
                                                   : take_these(reading, &merge, hosts, taker);
    if (merge.is_damaged) {
        (void)fail(reading, damaged);
    }
    if (merge.has_no_memory) {
        (void)no_memory(reading);
    }
    return merge.is_damaged || merge.has_no_memory ? QUERY_ERROR : result;
}

/* ---- All ---- */

void query_end_rollups(struct query *query)
{
    struct rolled_reading *reading = query->rolled;

    if (reading == NULL) {
        return;
    }
    for (size_t i = 0; i < reading->count; i++) {
        free(reading->parts[i].data);
    }
    free(reading->parts);
    free(reading->cursors);
    free(reading->rows);
    free(reading->gaps.ranges);
    free(reading);
    query->rolled = NULL;
    database_reset(&query->db, READ_ROLLUPS);
    database_reset(&query->db, READ_BLOCKS_OF_FIGURES);
    database_reset(&query->db, READ_SNAPSHOT);
}

/* A statement that is not at its end keeps the state that all others see. */
static bool begin_snapshot(struct rolled_reading *reading)
{
    return query_begin(reading->query, READ_SNAPSHOT, reading->filter, reading->error) &&
           query_next(reading->query, READ_SNAPSHOT, reading->error) != QUERY_ERROR;
}

static bool read_parts(struct rolled_reading *reading, bool *is_used)
{
    *is_used = false;
    if (!begin_snapshot(reading) || !see_blocks(reading)) {
        return false;
    }
    *is_used = reading->stored > 0;
    const bool is_read = !*is_used || read_gaps(reading);
    free(reading->rows);
    reading->rows = NULL;
    return is_read;
}

static bool new_reading(struct query *query, struct error *error)
{
    query_end_rollups(query);
    query->rolled = calloc(1, sizeof(*query->rolled));
    return query->rolled != NULL ||
           error_set(error, "%s: not enough memory for the report", query->db.path);
}

enum query_result query_rollups(struct query *query, const struct query_filter *filter,
                                const struct rolled_taker *taker, bool *is_used,
                                struct error *error)
{
    enum query_result result = QUERY_ERROR;

    *is_used = false;
    if (!new_reading(query, error)) {
        return QUERY_ERROR;
    }
    *query->rolled = (struct rolled_reading){.query = query, .filter = filter, .error = error};
    host_names_forget(query->hosts);
    if (read_parts(query->rolled, is_used)) {
        result = *is_used ? take_hosts(query->rolled, NULL, taker) : QUERY_DONE;
    }
    if (result != QUERY_DONE || !*is_used) {
        query_end_rollups(query);
    }
    return result;
}

enum query_result query_rollups_of(struct query *query, const struct query_hosts *hosts,
                                   const struct rolled_taker *taker, struct error *error)
{
    static const struct query_filter all = {HANDSHAKE_NULL, HANDSHAKE_NULL, NULL};

    query->rolled->filter = &all;
    query->rolled->error = error;
    return take_hosts(query->rolled, hosts, taker);
}
