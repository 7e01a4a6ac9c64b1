#include "store/rollups.h"

#include "store/query_parts.h"
#include "store/query_share.h"
#include "store/rollup_block.h"
#include "store/rollup_offers.h"
#include "store/rollup_table.h"
#include "store/statements.h"

#include <stdlib.h>
#include <string.h>

_Static_assert(ROLLUPS_BLOCK_BITS + ROLLUPS_JOIN_BITS <= 20, "the triggers look no further");

/* One of those that follow each other in a block will do. */
static void note_changed(struct rollups *rollups, int64_t id)
{
    const size_t count = rollups->changed_count;

    if (count > 0 &&
        rollups->changed[count - 1] >> rollups->block_bits == id >> rollups->block_bits) {
        return;
    }
    if (count == rollups->changed_capacity) {
        const size_t wanted = count * 2 + 64;
        int64_t *moved = reallocarray(rollups->changed, wanted, sizeof(*moved));
        if (moved == NULL) {
            rollups->is_all_changed = true;
            return;
        }
        rollups->changed = moved;
        rollups->changed_capacity = wanted;
    }
    rollups->changed[rollups->changed_count++] = id;
}

/* SQLite tells of every row; it must not be asked anything here. */
static void see_change(void *context, int operation, const char *database, const char *table,
                       sqlite3_int64 id)
{
    (void)database;
    if (operation != SQLITE_INSERT && strcmp(table, "handshake") == 0) {
        note_changed(context, id);
    }
}

void rollups_open(struct rollups *rollups, struct database *db)
{
    *rollups = (struct rollups){
        .db = db, .block_bits = ROLLUPS_BLOCK_BITS, .last_session = -1, .blocks = -1};
    (void)sqlite3_update_hook(db->handle, see_change, rollups);
}

void rollups_close(struct rollups *rollups)
{
    (void)sqlite3_update_hook(rollups->db->handle, NULL, NULL);
    query_close(rollups->query);
    free(rollups->rows);
    free(rollups->changed);
    rollups->query = NULL;
    rollups->rows = NULL;
    rollups->changed = NULL;
}

void rollups_forget(struct rollups *rollups)
{
    rollups->last_id = 0;
    rollups->last_session = -1;
    rollups->blocks = -1;
    rollups->count = 0;
    rollups->changed_count = 0;
    rollups->is_all_changed = false;
}

/* ---- Rows in memory ---- */

/* Of the newest block, and of what the batch that ends it has of the next one. */
static bool has_room(struct rollups *rollups)
{
    if (rollups->count < rollups->capacity) {
        return true;
    }
    const size_t wanted = rollups->capacity * 2 + 1024;
    struct rollup_row *moved = reallocarray(rollups->rows, wanted, sizeof(*moved));
    if (moved != NULL) {
        rollups->rows = moved;
        rollups->capacity = wanted;
    }
    return moved != NULL;
}

/* What is not kept is read when its block is summed up: so is what another program stored between
 * two rows of this one. */
void rollups_note(struct rollups *rollups, const struct handshake_row *row, int64_t id)
{
    const struct session_links *links = row->links;
    const struct rollup_links of_row = {
        .id = id,
        .host = row->host,
        .facts = row->facts,
        .age_s = links->age_s,
        .offered_bytes = links->offered_bytes,
        .refusal_cause = links->refusal_cause,
    };

    if (rollups->last_session < 0) {
        rollups->last_session = rollup_offers_last_session(rollups->db);
    }
    if (rollups->last_id != id - 1 || !has_room(rollups)) {
        rollups->count = 0;
    }
    rollups->last_id = id;
    if (has_room(rollups)) {
        struct rollup_row *kept = &rollups->rows[rollups->count++];
        rollup_row_of(row->handshake, &of_row, kept);
        kept->is_doubtful = links->cause_without_key != REFUSAL_CAUSE_NONE;
    }
}

/* Drops those of blocks that are whole. */
static void keep_newer(struct rollups *rollups, int64_t first)
{
    size_t dropped = 0;

    while (dropped < rollups->count && rollups->rows[dropped].id < first) {
        dropped++;
    }
    memmove(rollups->rows, rollups->rows + dropped,
            (rollups->count - dropped) * sizeof(*rollups->rows));
    rollups->count -= dropped;
}

static bool read_cause(struct rollups *rollups, struct rollup_row *row, struct error *error)
{
    sqlite3_stmt *read = rollups->db->statements[WRITE_READ_CAUSE];

    (void)sqlite3_bind_int64(read, 1, row->id);
    const enum database_step step = database_step(rollups->db, WRITE_READ_CAUSE, error);
    if (step == DATABASE_ROW) {
        row->refusal_cause = (uint8_t)sqlite3_column_int(read, 0);
        database_reset(rollups->db, WRITE_READ_CAUSE);
    }
    return step != DATABASE_FAILED;
}

static bool no_memory(const struct rollups *rollups, struct error *error)
{
    return error_set(error, "%s: not enough memory to sum up what is stored", rollups->db->path);
}

/* ---- One block ---- */

struct gathered {
    struct rollup_row *rows;
    size_t count;
    size_t capacity;
};

static bool gather(void *context, const struct record *record)
{
    struct gathered *gathered = context;

    if (gathered->count == gathered->capacity) {
        return false;
    }
    rollup_row_of_record(record, &gathered->rows[gathered->count++]);
    return true;
}

static bool open_query(struct rollups *rollups, struct error *error)
{
    if (rollups->query == NULL) {
        rollups->query = query_share(rollups->db, error);
    }
    return rollups->query != NULL;
}

static void find_span(const struct gathered *gathered, struct rollup_place *row)
{
    for (size_t i = 0; i < gathered->count; i++) {
        const int64_t time_ns = gathered->rows[i].time_ns;
        row->first_ns = i == 0 || time_ns < row->first_ns ? time_ns : row->first_ns;
        row->last_ns = i == 0 || time_ns > row->last_ns ? time_ns : row->last_ns;
    }
}

static bool read_rows(struct rollups *rollups, const struct id_range *ids,
                      struct gathered *gathered, struct error *error)
{
    static const struct query_filter all = {HANDSHAKE_NULL, HANDSHAKE_NULL, NULL};
    const struct taker taker = {gather, gathered};

    return ids->first >= ids->end ||
           (open_query(rollups, error) &&
            query_figures_of_ids(rollups->query, &all, ids, &taker, error) == QUERY_DONE);
}

/* Those in memory that belong to the block. */
static bool take_rows(struct rollups *rollups, const struct id_range *ids,
                      struct gathered *gathered, struct error *error)
{
    for (size_t i = 0; i < rollups->count; i++) {
        struct rollup_row *row = &rollups->rows[i];
        if (row->id < ids->first || row->id >= ids->end) {
            continue;
        }
        if (row->is_doubtful && !read_cause(rollups, row, error)) {
            return false;
        }
        gathered->rows[gathered->count++] = *row;
    }
    return true;
}

/* The first of them, or all, where they do not go on to the end of the block. */
static struct id_range not_in_memory(const struct rollups *rollups, int64_t first, int64_t end)
{
    const bool goes_on = rollups->count > 0 && rollups->last_id >= end - 1;
    const int64_t from = goes_on ? rollups->rows[0].id : end;

    if (from <= first) {
        return (struct id_range){first, first};
    }
    return (struct id_range){first, from < end ? from : end};
}

static bool gather_block(struct rollups *rollups, struct gathered *gathered,
                         const struct rollup_place *row, struct error *error)
{
    const int64_t end = row->first + row->ids;
    const struct id_range unread = not_in_memory(rollups, row->first, end);
    const struct id_range rest = {unread.end, end};

    return read_rows(rollups, &unread, gathered, error) &&
           take_rows(rollups, &rest, gathered, error);
}

static bool build(struct rollups *rollups, struct gathered *gathered, struct rollup_place *row,
                  struct error *error)
{
    const struct id_range ids = {row->first, row->first + row->ids};
    struct rollup_contents contents = {.has_no_offers = false};

    if (!gather_block(rollups, gathered, row, error)) {
        return false;
    }
    find_span(gathered, row);
    const bool has_offers = open_query(rollups, error) &&
                            rollup_offers_pack(rollups->query, &ids, &contents.offers, error);
    const bool is_done =
        has_offers && (rollup_block_build(gathered->rows, gathered->count, &contents.packed)
                           ? rollup_table_write(rollups->db, row, &contents, error)
                           : no_memory(rollups, error));
    free(contents.packed.data);
    free(contents.offers.data);
    return is_done;
}

static bool sum_up(struct rollups *rollups, int64_t block, struct error *error)
{
    const size_t ids = (size_t)1 << rollups->block_bits;
    struct rollup_place row = {.first = block << rollups->block_bits, .ids = (int64_t)ids};
    struct gathered gathered = {calloc(ids, sizeof(*gathered.rows)), 0, ids};

    if (gathered.rows == NULL) {
        return no_memory(rollups, error);
    }
    const bool is_done = build(rollups, &gathered, &row, error);
    free(gathered.rows);
    return is_done;
}

/* ---- Several ---- */

static bool join(struct rollups *rollups, int64_t block, struct error *error)
{
    const unsigned bits = rollups->block_bits + ROLLUPS_JOIN_BITS;
    const struct rollup_place place = {
        .first = block >> ROLLUPS_JOIN_BITS << bits,
        .ids = INT64_C(1) << bits,
    };

    return rollup_table_join(rollups->db, &place, INT64_C(1) << rollups->block_bits, error);
}

/* ---- Which ---- */

/* The newest block below `blocks` without a row; -1: there is none. */
static bool find_missing(struct rollups *rollups, int64_t blocks, int64_t *out, struct error *error)
{
    sqlite3_stmt *covered = rollups->db->statements[WRITE_ROLLED_UP];
    enum database_step step;
    int64_t below = blocks;

    *out = -1;
    while ((step = database_step(rollups->db, WRITE_ROLLED_UP, error)) == DATABASE_ROW) {
        const int64_t first = sqlite3_column_int64(covered, 0);
        const int64_t end = first + sqlite3_column_int64(covered, 1);
        if (below <= 0 || end < below << rollups->block_bits) {
            database_reset(rollups->db, WRITE_ROLLED_UP);
            break;
        }
        const int64_t from = first >> rollups->block_bits;
        below = from < below ? from : below;
    }
    *out = below - 1;
    return step != DATABASE_FAILED;
}

enum { BLOCKS_EACH = 2 }; /* the one that has ended, and one that is missing */

static bool drop_block_of(struct rollups *rollups, int64_t id, struct error *error)
{
    (void)sqlite3_bind_int64(rollups->db->statements[WRITE_DROP_ROLLUP_OF], 1, id);
    return database_run(rollups->db, WRITE_DROP_ROLLUP_OF, error);
}

static bool drop_changed(struct rollups *rollups, struct error *error)
{
    if (rollups->is_all_changed && !rollup_table_drop(rollups->db, 0, INT64_MAX, error)) {
        return false;
    }
    for (size_t i = 0; i < rollups->changed_count; i++) {
        if (!drop_block_of(rollups, rollups->changed[i], error)) {
            return false;
        }
    }
    rollups->changed_count = 0;
    rollups->is_all_changed = false;
    return true;
}

/* Since the last flush. */
static bool note_replaced(struct rollups *rollups, struct error *error)
{
    enum database_step step;
    int64_t id;

    rollup_offers_begin_replaced(rollups->db, rollups->last_session);
    while ((step = rollup_offers_next_replaced(rollups->db, &id, error)) == DATABASE_ROW) {
        note_changed(rollups, id);
    }
    rollups->last_session = rollup_offers_last_session(rollups->db);
    return step == DATABASE_DONE;
}

bool rollups_flush(struct rollups *rollups, struct error *error)
{
    const int64_t blocks = (rollups->last_id + 1) >> rollups->block_bits;

    if ((rollups->last_session >= 0 && !note_replaced(rollups, error)) ||
        !drop_changed(rollups, error)) {
        return false;
    }
    if (blocks <= rollups->blocks || blocks <= 0) {
        return true;
    }
    for (int i = 0; i < BLOCKS_EACH; i++) {
        int64_t block;
        if (!find_missing(rollups, blocks, &block, error)) {
            return false;
        }
        if (block < 0) {
            break;
        }
        if (!sum_up(rollups, block, error) || !join(rollups, block, error)) {
            return false;
        }
    }
    rollups->blocks = blocks;
    keep_newer(rollups, blocks << rollups->block_bits);
    return true;
}
