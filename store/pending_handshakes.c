#include "store/pending_handshakes.h"

#include "store/statements.h"
#include "store/text.h"

#include <stdlib.h>
#include <string.h>

static void give_value(const void *row, int column, sqlite3_context *out)
{
    const struct handshake_values *const values = row;
    const char *const text = column == ROW_CLIENT ? values->client : values->bytes;

    if (text[0] != '\0') {
        sqlite3_result_text(out, text, -1, SQLITE_STATIC);
    } else if (values->numbers[column] != HANDSHAKE_NULL) {
        sqlite3_result_int64(out, values->numbers[column]);
    }
}

bool pending_handshakes_open(struct pending_handshakes *pending, struct database *db,
                             struct error *error)
{
    *pending = (struct pending_handshakes){
        .db = db,
        .table = {.name = PENDING_HANDSHAKES,
                  .columns = HANDSHAKE_ROW_COLUMNS,
                  .others = UINT64_C(1) << ROW_CLIENT | UINT64_C(1) << ROW_BYTES,
                  .value = give_value,
                  .row_bytes = sizeof(*pending->rows)},
        .rows = calloc(PENDING_HANDSHAKES_MAX, sizeof(*pending->rows)),
    };
    pending->table.rows = pending->rows;
    if (pending->rows == NULL) {
        return error_set(error, "%s: no memory to open it", db->path);
    }
    if (!row_table_add(&pending->table, db, error)) {
        pending_handshakes_close(pending);
        return false;
    }
    return true;
}

void pending_handshakes_close(struct pending_handshakes *pending)
{
    free(pending->rows);
    *pending = (struct pending_handshakes){0};
}

void pending_handshakes_forget(struct pending_handshakes *pending)
{
    pending->table.count = 0;
    pending->is_loaded = false;
}

bool pending_handshakes_begin(struct pending_handshakes *pending, int64_t data_version,
                              struct error *error)
{
    if (pending->is_loaded && pending->data_version == data_version) {
        return true;
    }
    pending->is_loaded =
        database_next_id(pending->db, WRITE_LAST_HANDSHAKE, &pending->next_id, error);
    pending->data_version = data_version;
    return pending->is_loaded;
}

bool pending_handshakes_add(struct pending_handshakes *pending, const struct handshake_row *row,
                            int64_t *id, struct error *error)
{
    if (pending->table.count == PENDING_HANDSHAKES_MAX &&
        !pending_handshakes_flush(pending, error)) {
        return false;
    }
    *id = pending->next_id++;
    handshake_row_values(row, *id, &pending->rows[pending->table.count++]);
    return true;
}

bool pending_handshakes_flush(struct pending_handshakes *pending, struct error *error)
{
    const bool is_written =
        pending->table.count == 0 || database_run(pending->db, WRITE_ADD_HANDSHAKES, error);

    pending->table.count = 0;
    return is_written;
}
