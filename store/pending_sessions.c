#include "store/pending_sessions.h"

#include "store/statements.h"
#include "store/text.h"

#include <stdlib.h>
#include <string.h>

bool pending_sessions_open(struct pending_sessions *pending, struct database *db,
                           struct error *error)
{
    *pending = (struct pending_sessions){
        .db = db,
        .table = {.name = PENDING_SESSIONS,
                  .columns = SESSION_ROW_COLUMNS("last_offered_ns"),
                  .others = UINT64_C(1) << SESSION_HASH | UINT64_C(1) << SESSION_CLIENT,
                  .value = session_row_value,
                  .row_bytes = sizeof(*pending->rows)},
        .rows = calloc(PENDING_SESSIONS_MAX, sizeof(*pending->rows)),
    };
    pending->table.rows = pending->rows;
    if (pending->rows == NULL) {
        return error_set(error, "%s: no memory to open it", db->path);
    }
    if (!session_offers_open(&pending->offers, db, error) ||
        !row_table_add(&pending->table, db, error)) {
        pending_sessions_close(pending);
        return false;
    }
    return true;
}

void pending_sessions_close(struct pending_sessions *pending)
{
    session_offers_close(&pending->offers);
    free(pending->rows);
    *pending = (struct pending_sessions){0};
}

void pending_sessions_forget(struct pending_sessions *pending)
{
    session_offers_forget(&pending->offers);
    pending->table.count = 0;
    pending->is_loaded = false;
}

bool pending_sessions_begin(struct pending_sessions *pending, int64_t data_version,
                            struct error *error)
{
    if (pending->is_loaded && pending->data_version == data_version) {
        return true;
    }
    pending->is_loaded =
        database_next_id(pending->db, WRITE_LAST_SESSION, &pending->first_id, error);
    pending->data_version = data_version;
    return pending->is_loaded;
}

static bool write_new(struct pending_sessions *pending, struct error *error)
{
    if (pending->table.count == 0) {
        return true;
    }
    if (!database_run(pending->db, WRITE_ADD_SESSIONS, error)) {
        return false;
    }
    pending->first_id += (int64_t)pending->table.count;
    pending->table.count = 0;
    return true;
}

bool pending_sessions_flush(struct pending_sessions *pending, struct error *error)
{
    return write_new(pending, error) && session_offers_flush(&pending->offers, error);
}

/* NULL: it is in the database. */
static struct session_values *find(const struct pending_sessions *pending, int64_t id)
{
    return id < pending->first_id ? NULL : &pending->rows[id - pending->first_id];
}

bool pending_sessions_add(struct pending_sessions *pending, const struct session_row *row,
                          int64_t *id, struct error *error)
{
    if (pending->table.count == PENDING_SESSIONS_MAX && !write_new(pending, error)) {
        return false;
    }
    *id = pending->first_id + (int64_t)pending->table.count;
    session_row_values(row, *id, &pending->rows[pending->table.count++]);
    return true;
}

bool pending_sessions_issue(struct pending_sessions *pending, int64_t id,
                            const struct session_row *row, struct error *error)
{
    struct session_values *const values = find(pending, id);

    if (values != NULL) {
        session_values_issue(values, row);
        return true;
    }
    /* The key of an earlier offer comes first. */
    return session_offers_flush(&pending->offers, error) &&
           session_row_issue(pending->db, id, row, error);
}

bool pending_sessions_offer(struct pending_sessions *pending, const struct session_offer *offer,
                            struct error *error)
{
    struct session_values *const values = find(pending, offer->id);

    if (values == NULL) {
        return session_offers_add(&pending->offers, offer, error);
    }
    session_values_offer(values, offer);
    return true;
}

bool pending_sessions_read(struct pending_sessions *pending, int64_t id, struct issued_session *out,
                           struct error *error)
{
    const struct session_values *const values = find(pending, id);

    if (values == NULL) {
        return session_row_read(pending->db, id, out, error);
    }
    session_values_read(values, out);
    return true;
}

bool pending_sessions_share(struct pending_sessions *pending, int64_t id, const uint8_t client[16],
                            bool *is_new, struct error *error)
{
    struct session_values *const values = find(pending, id);

    if (values == NULL) {
        return session_row_share(pending->db, id, client, is_new, error);
    }
    *is_new = session_values_share(values, client);
    return true;
}

bool pending_sessions_set_key(struct pending_sessions *pending, int64_t id, int64_t key, int64_t iv,
                              struct error *error)
{
    struct session_values *const values = find(pending, id);

    if (values == NULL) {
        return session_row_set_key(pending->db, id, key, iv, error);
    }
    values->numbers[SESSION_KEY] = key;
    values->numbers[SESSION_IV] = iv;
    return true;
}

bool pending_sessions_warn(struct pending_sessions *pending, int64_t id,
                           enum ticket_warning warning, struct error *error)
{
    struct session_values *const values = find(pending, id);

    if (values == NULL) {
        return session_row_warn(pending->db, id, warning, error);
    }
    session_values_warn(values, warning);
    return true;
}
