#include "store/rollup_table.h"

#include "store/rollup_block.h"
#include "store/statements.h"

#include <stdlib.h>

static bool no_memory(const struct database *db, struct error *error)
{
    return error_set(error, "%s: not enough memory to sum up what is stored", db->path);
}

/* ---- Rows in ---- */

bool rollup_table_write(struct database *db, const struct rollup_place *row,
                        const struct rollup_contents *contents, struct error *error)
{
    sqlite3_stmt *add = db->statements[WRITE_ADD_ROLLUP];

    (void)sqlite3_bind_int64(add, 1, row->first);
    (void)sqlite3_bind_int64(add, 2, row->ids);
    (void)sqlite3_bind_int64(add, 3, row->first_ns);
    (void)sqlite3_bind_int64(add, 4, row->last_ns);
    (void)sqlite3_bind_blob64(add, 5, contents->packed.data, contents->packed.len, SQLITE_STATIC);
    (void)sqlite3_bind_null(add, 6);
    if (!contents->has_no_offers && !contents->offers.has_failed) {
        (void)sqlite3_bind_blob64(add, 6, contents->offers.data, contents->offers.len,
                                  SQLITE_STATIC);
    }
    return database_run(db, WRITE_ADD_ROLLUP, error);
}

bool rollup_table_drop(struct database *db, int64_t first, int64_t end, struct error *error)
{
    sqlite3_stmt *drop = db->statements[WRITE_DROP_ROLLUPS];

    (void)sqlite3_bind_int64(drop, 1, first);
    (void)sqlite3_bind_int64(drop, 2, end);
    return database_run(db, WRITE_DROP_ROLLUPS, error);
}

/* ---- Several ---- */

struct joining {
    struct rollup_cursor cursors[ROLLUP_TABLE_JOINED];
    uint8_t *packed[ROLLUP_TABLE_JOINED];
    size_t count;
    struct rollup_place row; /* of all */
    struct rollup_contents contents;
    bool is_damaged;
};

/* Lists that follow each other are one. */
static void take_offers(struct joining *joining, sqlite3_stmt *row)
{
    const bool is_known = sqlite3_column_type(row, 3) == SQLITE_BLOB;
    const size_t len = is_known ? (size_t)sqlite3_column_bytes(row, 3) : 0;

    joining->contents.has_no_offers |= !is_known;
    if (len > 0) {
        packing_write_bytes(&joining->contents.offers, sqlite3_column_blob(row, 3), len);
    }
}

static bool take_part(struct joining *joining, sqlite3_stmt *row)
{
    const size_t len = (size_t)sqlite3_column_bytes(row, 2);
    const int64_t first_ns = sqlite3_column_int64(row, 0);
    const int64_t last_ns = sqlite3_column_int64(row, 1);
    const size_t part = joining->count;
    struct packing_writer copy = {.data = NULL};

    packing_write_bytes(&copy, sqlite3_column_blob(row, 2), len);
    if (copy.has_failed) {
        free(copy.data);
        return false;
    }
    joining->packed[joining->count++] = copy.data;
    joining->row.first_ns =
        part == 0 || first_ns < joining->row.first_ns ? first_ns : joining->row.first_ns;
    joining->row.last_ns =
        part == 0 || last_ns > joining->row.last_ns ? last_ns : joining->row.last_ns;
    joining->is_damaged |= !rollup_cursor_begin(&joining->cursors[part], copy.data, copy.len);
    take_offers(joining, row);
    return true;
}

/* Blocks of single length from this one on, as many as become one. */
static bool read_parts(struct database *db, struct joining *joining, int64_t ids_each,
                       struct error *error)
{
    sqlite3_stmt *find = db->statements[WRITE_FIND_ROLLUPS];
    enum database_step step;

    (void)sqlite3_bind_int64(find, 1, joining->row.first);
    (void)sqlite3_bind_int64(find, 2, joining->row.first + joining->row.ids);
    (void)sqlite3_bind_int64(find, 3, ids_each);
    while ((step = database_step(db, WRITE_FIND_ROLLUPS, error)) == DATABASE_ROW) {
        if (joining->count == ROLLUP_TABLE_JOINED || !take_part(joining, find)) {
            database_reset(db, WRITE_FIND_ROLLUPS);
            return no_memory(db, error);
        }
    }
    return step == DATABASE_DONE;
}

/* Parts that are damaged are dropped: they are summed up anew. */
static bool write_joined(struct database *db, struct joining *joining, struct error *error)
{
    const struct rollup_place *row = &joining->row;
    struct rollup_merge merge = {.cursors = joining->cursors, .count = joining->count};

    const bool is_joined =
        !joining->is_damaged &&
        rollup_block_join(&merge, rollup_block_slot_s(row->first_ns, row->last_ns),
                          &joining->contents.packed);
    return rollup_table_drop(db, row->first, row->first + row->ids, error) &&
           (!is_joined || rollup_table_write(db, row, &joining->contents, error));
}

bool rollup_table_join(struct database *db, const struct rollup_place *place, int64_t ids_each,
                       struct error *error)
{
    struct joining joining = {.row = *place};

    const bool is_done = read_parts(db, &joining, ids_each, error) &&
                         (joining.count < ROLLUP_TABLE_JOINED || write_joined(db, &joining, error));
    for (size_t i = 0; i < joining.count; i++) {
        free(joining.packed[i]);
    }
    free(joining.contents.packed.data);
    free(joining.contents.offers.data);
    return is_done;
}
