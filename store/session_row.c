#include "store/session_row.h"

#include "store/statements.h"
#include "store/text.h"

static int64_t number_or_null(int64_t number, int64_t nothing)
{
    return number == nothing ? HANDSHAKE_NULL : number;
}

/* Values 3 to 15 of both statements. */
static void bind_row(sqlite3_stmt *to, const struct session_row *row)
{
    number_bind(to, 3, row->host);
    number_bind(to, 4, row->server);
    number_bind(to, 5, row->time_ns);
    number_bind(to, 6, row->lifetime_hint_s);
    number_bind(to, 7, row->bytes);
    number_bind(to, 8, row->is_renewal);
    number_bind(to, 9, row->key);
    number_bind(to, 10, number_or_null(row->warnings, 0));
    (void)sqlite3_bind_text(to, 11, row->client, -1, SQLITE_STATIC);
    number_bind(to, 12,
                number_or_null(row->extended_master_secret, EXTENDED_MASTER_SECRET_UNKNOWN));
    number_bind(to, 13, row->parent);
    number_bind(to, 14, row->chain_length);
    number_bind(to, 15, row->chain_start_ns);
}

bool session_row_add(struct database *db, const struct session_row *row, int64_t *id,
                     struct error *error)
{
    sqlite3_stmt *statement = db->statements[WRITE_ADD_SESSION];

    (void)sqlite3_bind_blob(statement, 1, row->hash->bytes, sizeof(row->hash->bytes),
                            SQLITE_STATIC);
    number_bind(statement, 2, row->kind);
    bind_row(statement, row);
    number_bind(statement, 16, row->iv);
    if (!database_run(db, WRITE_ADD_SESSION, error)) {
        return false;
    }
    *id = sqlite3_last_insert_rowid(db->handle);
    return true;
}

bool session_row_issue(struct database *db, int64_t id, const struct session_row *row,
                       struct error *error)
{
    number_bind(db->statements[WRITE_ISSUE_SESSION], 1, id);
    bind_row(db->statements[WRITE_ISSUE_SESSION], row);
    return database_run(db, WRITE_ISSUE_SESSION, error);
}

bool session_row_offer(struct database *db, const struct session_offer *offer, struct error *error)
{
    sqlite3_stmt *statement = db->statements[WRITE_OFFER_SESSION];
    const bool is_accepted = offer->outcome == OUTCOME_ACCEPTED;
    const bool is_refused = offer->outcome == OUTCOME_REFUSED;

    number_bind(statement, 1, offer->id);
    number_bind(statement, 2, is_accepted);
    number_bind(statement, 3, is_refused);
    number_bind(statement, 4, is_accepted ? offer->age_s : HANDSHAKE_NULL);
    number_bind(statement, 5, is_refused ? offer->age_s : HANDSHAKE_NULL);
    number_bind(statement, 6, offer->time_ns);
    number_bind(statement, 7, offer->key);
    return database_run(db, WRITE_OFFER_SESSION, error);
}

bool session_row_read(struct database *db, int64_t id, struct issued_session *out,
                      struct error *error)
{
    sqlite3_stmt *statement = db->statements[WRITE_READ_SESSION];

    number_bind(statement, 1, id);
    const enum database_step step = database_step(db, WRITE_READ_SESSION, error);
    if (step == DATABASE_DONE) {
        return error_set(error, "%s: the database is damaged (a session is gone)", db->path);
    }
    if (step == DATABASE_FAILED) {
        return false;
    }
    *out = (struct issued_session){
        .lifetime_hint_s = number_read(statement, 0),
        .host = sqlite3_column_int64(statement, 1),
        .server = sqlite3_column_int64(statement, 2),
        .extended_master_secret = sqlite3_column_int64(statement, 3),
        .chain_length = sqlite3_column_int64(statement, 4),
        .chain_start_ns = number_read(statement, 5),
    };
    database_reset(db, WRITE_READ_SESSION);
    return true;
}

bool session_row_share(struct database *db, int64_t id, const char *client, bool *is_new,
                       struct error *error)
{
    sqlite3_stmt *statement = db->statements[WRITE_WARN_SHARED];

    number_bind(statement, 1, id);
    (void)sqlite3_bind_text(statement, 2, client, -1, SQLITE_STATIC);
    number_bind(statement, 3, 1 << TICKET_WARNING_SEVERAL_CLIENTS);
    if (!database_run(db, WRITE_WARN_SHARED, error)) {
        return false;
    }
    *is_new = sqlite3_changes(db->handle) > 0;
    return true;
}
