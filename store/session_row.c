#include "store/session_row.h"

#include "store/statements.h"
#include "store/text.h"

#include <string.h>

static int64_t number_or_null(int64_t number, int64_t nothing)
{
    return number == nothing ? HANDSHAKE_NULL : number;
}

/* ---- In memory ---- */

/* What an issue tells. */
static void set_issue(int64_t *to, const struct session_row *row)
{
    to[SESSION_HOST] = row->host;
    to[SESSION_SERVER] = row->server;
    to[SESSION_ISSUED_NS] = row->time_ns;
    to[SESSION_LIFETIME_HINT_S] = row->lifetime_hint_s;
    to[SESSION_IS_RENEWAL] = row->is_renewal;
    to[SESSION_EXTENDED_MASTER_SECRET] =
        number_or_null(row->extended_master_secret, EXTENDED_MASTER_SECRET_UNKNOWN);
    to[SESSION_PARENT] = row->parent;
    to[SESSION_CHAIN_LENGTH] = row->chain_length;
    to[SESSION_CHAIN_START_NS] = row->chain_start_ns;
}

static void set_client(struct session_values *values, const char *client)
{
    const size_t len = client == NULL ? 0 : strnlen(client, sizeof(values->client) - 1);

    memcpy(values->client, client == NULL ? "" : client, len);
    values->client[len] = '\0';
}

void session_row_values(const struct session_row *row, int64_t id, struct session_values *out)
{
    out->numbers[SESSION_ROW_ID] = id;
    memcpy(out->hash, row->hash->bytes, sizeof(out->hash));
    out->numbers[SESSION_KIND] = row->kind;
    set_issue(out->numbers, row);
    out->numbers[SESSION_BYTES] = row->bytes;
    session_figures_init(&out->numbers[SESSION_OFFERS]);
    set_client(out, row->client);
    out->numbers[SESSION_KEY] = row->key;
    out->numbers[SESSION_WARNINGS] = number_or_null(row->warnings, 0);
    out->numbers[SESSION_IV] = row->iv;
}

void session_row_value(const void *values, int column, sqlite3_context *out)
{
    const struct session_values *const from = values;

    if (column == SESSION_HASH) {
        sqlite3_result_blob(out, from->hash, sizeof(from->hash), SQLITE_STATIC);
    } else if (from->client[0] != '\0') {
        sqlite3_result_text(out, from->client, -1, SQLITE_STATIC);
    }
}

static void set_if_null(int64_t *known, int64_t number)
{
    if (*known == HANDSHAKE_NULL) {
        *known = number;
    }
}

void session_values_issue(struct session_values *values, const struct session_row *row)
{
    int64_t *const to = values->numbers;

    set_issue(to, row);
    set_client(values, row->client);
    if (row->bytes != HANDSHAKE_NULL) {
        to[SESSION_BYTES] = row->bytes;
    }
    set_if_null(&to[SESSION_KEY], row->key);
    set_if_null(&to[SESSION_WARNINGS], number_or_null(row->warnings, 0));
}

void session_values_offer(struct session_values *values, const struct session_offer *offer)
{
    session_figures_add(&values->numbers[SESSION_OFFERS], offer);
    set_if_null(&values->numbers[SESSION_KEY], offer->key);
}

static int64_t number_or(int64_t number, int64_t otherwise)
{
    return number == HANDSHAKE_NULL ? otherwise : number;
}

void session_values_read(const struct session_values *values, struct issued_session *out)
{
    const int64_t *const from = values->numbers;

    *out = (struct issued_session){
        .lifetime_hint_s = from[SESSION_LIFETIME_HINT_S],
        .host = from[SESSION_HOST],
        .server = from[SESSION_SERVER],
        .extended_master_secret =
            number_or(from[SESSION_EXTENDED_MASTER_SECRET], EXTENDED_MASTER_SECRET_UNKNOWN),
        .chain_length = number_or(from[SESSION_CHAIN_LENGTH], 1),
        .chain_start_ns = number_or(from[SESSION_CHAIN_START_NS], from[SESSION_ISSUED_NS]),
    };
}

void session_values_warn(struct session_values *values, enum ticket_warning warning)
{
    int64_t *const warnings = &values->numbers[SESSION_WARNINGS];

    *warnings = number_or(*warnings, 0) | INT64_C(1) << warning;
}

bool session_values_share(struct session_values *values, const char *client)
{
    const int64_t warnings = number_or(values->numbers[SESSION_WARNINGS], 0);

    if (values->client[0] == '\0' || strcmp(values->client, client) == 0 ||
        (warnings >> TICKET_WARNING_SEVERAL_CLIENTS & 1) != 0) {
        return false;
    }
    session_values_warn(values, TICKET_WARNING_SEVERAL_CLIENTS);
    return true;
}

/* ---- In the database ---- */

bool session_row_issue(struct database *db, int64_t id, const struct session_row *row,
                       struct error *error)
{
    sqlite3_stmt *statement = db->statements[WRITE_ISSUE_SESSION];

    number_bind(statement, 1, id);
    number_bind(statement, 2, row->host);
    number_bind(statement, 3, row->server);
    number_bind(statement, 4, row->time_ns);
    number_bind(statement, 5, row->lifetime_hint_s);
    number_bind(statement, 6, row->bytes);
    number_bind(statement, 7, row->is_renewal);
    number_bind(statement, 8, row->key);
    number_bind(statement, 9, number_or_null(row->warnings, 0));
    (void)sqlite3_bind_text(statement, 10, row->client, -1, SQLITE_STATIC);
    number_bind(statement, 11,
                number_or_null(row->extended_master_secret, EXTENDED_MASTER_SECRET_UNKNOWN));
    number_bind(statement, 12, row->parent);
    number_bind(statement, 13, row->chain_length);
    number_bind(statement, 14, row->chain_start_ns);
    return database_run(db, WRITE_ISSUE_SESSION, error);
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

bool session_row_set_key(struct database *db, int64_t id, int64_t key, int64_t iv,
                         struct error *error)
{
    sqlite3_stmt *statement = db->statements[WRITE_KEY_SESSION];

    number_bind(statement, 1, id);
    number_bind(statement, 2, key);
    number_bind(statement, 3, iv);
    return database_run(db, WRITE_KEY_SESSION, error);
}

bool session_row_warn(struct database *db, int64_t id, enum ticket_warning warning,
                      struct error *error)
{
    sqlite3_stmt *statement = db->statements[WRITE_WARN_SESSION];

    number_bind(statement, 1, id);
    number_bind(statement, 2, INT64_C(1) << warning);
    return database_run(db, WRITE_WARN_SESSION, error);
}
