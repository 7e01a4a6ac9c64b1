#include "store/session_row.h"

#include "store/statements.h"
#include "store/text.h"

#include <string.h>

/* ---- In memory ---- */

static int64_t traits_of(enum session_kind kind, const struct session_row *row)
{
    return (int64_t)kind | (int64_t)row->is_renewal << SESSION_TRAITS_RENEWAL |
           (int64_t)row->extended_master_secret << SESSION_TRAITS_SECRET |
           (int64_t)row->warnings << SESSION_TRAITS_WARNINGS;
}

/* An IPv4 address is a number. */
static void set_client(struct session_values *values, const uint8_t *client)
{
    values->client[0] = '\0';
    if (client == NULL) {
        values->numbers[SESSION_CLIENT] = HANDSHAKE_NULL;
    } else if (address_is_ipv4(client)) {
        values->numbers[SESSION_CLIENT] = address_number(client);
    } else {
        values->numbers[SESSION_CLIENT] = 0;
        (void)address_format(client, values->client);
    }
}

/* What an issue tells, but for traits. */
static void set_issue(struct session_values *values, const struct session_row *row)
{
    int64_t *const to = values->numbers;

    to[SESSION_HOST] = row->host;
    to[SESSION_SERVER_LESS_HOST] = row->server - row->host;
    set_client(values, row->client);
    to[SESSION_ISSUED_NS] = row->time_ns;
    to[SESSION_LIFETIME_HINT_S] = row->lifetime_hint_s;
    to[SESSION_PARENT] = row->parent;
    to[SESSION_CHAIN_LENGTH] = row->chain_length;
    to[SESSION_CHAIN_START_NS] = row->chain_start_ns;
}

void session_row_values(const struct session_row *row, int64_t id, struct session_values *out)
{
    out->numbers[SESSION_ROW_ID] = id;
    memcpy(out->hash, row->hash->bytes, sizeof(out->hash));
    out->numbers[SESSION_TRAITS] = traits_of(row->kind, row);
    set_issue(out, row);
    out->numbers[SESSION_BYTES] = row->bytes;
    session_figures_init(&out->numbers[SESSION_OFFERS]);
    out->numbers[SESSION_KEY] = row->key;
    out->numbers[SESSION_IV] = row->iv;
}

void session_row_value(const void *values, int column, sqlite3_context *out)
{
    const struct session_values *const from = values;

    if (column == SESSION_HASH) {
        sqlite3_result_blob(out, from->hash, sizeof(from->hash), SQLITE_STATIC);
    } else if (from->client[0] != '\0') {
        sqlite3_result_text(out, from->client, -1, SQLITE_STATIC);
    } else if (from->numbers[SESSION_CLIENT] != HANDSHAKE_NULL) {
        sqlite3_result_int64(out, from->numbers[SESSION_CLIENT]);
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
    const int64_t warnings = to[SESSION_TRAITS] >> SESSION_TRAITS_WARNINGS;
    const int64_t kind = to[SESSION_TRAITS] & ((1 << SESSION_TRAITS_RENEWAL) - 1);

    set_issue(values, row);
    to[SESSION_TRAITS] = traits_of((enum session_kind)kind, row);
    if (warnings != 0) {
        to[SESSION_TRAITS] &= (1 << SESSION_TRAITS_WARNINGS) - 1;
        to[SESSION_TRAITS] |= warnings << SESSION_TRAITS_WARNINGS;
    }
    if (row->bytes != HANDSHAKE_NULL) {
        to[SESSION_BYTES] = row->bytes;
    }
    set_if_null(&to[SESSION_KEY], row->key);
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
        .server = from[SESSION_HOST] + from[SESSION_SERVER_LESS_HOST],
        .extended_master_secret = from[SESSION_TRAITS] >> SESSION_TRAITS_SECRET & 3,
        .chain_length = number_or(from[SESSION_CHAIN_LENGTH], 1),
        .chain_start_ns = number_or(from[SESSION_CHAIN_START_NS], from[SESSION_ISSUED_NS]),
    };
}

static int64_t warning_bit(enum ticket_warning warning)
{
    return INT64_C(1) << (SESSION_TRAITS_WARNINGS + (int)warning);
}

void session_values_warn(struct session_values *values, enum ticket_warning warning)
{
    values->numbers[SESSION_TRAITS] |= warning_bit(warning);
}

bool session_values_share(struct session_values *values, const uint8_t client[16])
{
    struct session_values other;

    set_client(&other, client);
    if (values->numbers[SESSION_CLIENT] == HANDSHAKE_NULL ||
        (values->numbers[SESSION_CLIENT] == other.numbers[SESSION_CLIENT] &&
         strcmp(values->client, other.client) == 0) ||
        (values->numbers[SESSION_TRAITS] & warning_bit(TICKET_WARNING_SEVERAL_CLIENTS)) != 0) {
        return false;
    }
    session_values_warn(values, TICKET_WARNING_SEVERAL_CLIENTS);
    return true;
}

/* ---- In the database ---- */

/* Text is borrowed until the statement is reset. */
static void bind_client(sqlite3_stmt *statement, int index, const uint8_t client[16],
                        char text[ADDRESS_TEXT_BYTES])
{
    if (address_is_ipv4(client)) {
        (void)sqlite3_bind_int64(statement, index, address_number(client));
    } else {
        (void)sqlite3_bind_text(statement, index, text, (int)address_format(client, text),
                                SQLITE_STATIC);
    }
}

bool session_row_read_client(sqlite3_stmt *statement, int column, uint8_t out[16])
{
    char text[ADDRESS_TEXT_BYTES];

    if (sqlite3_column_type(statement, column) == SQLITE_INTEGER) {
        address_of_number(sqlite3_column_int64(statement, column), out);
        return true;
    }
    text_read_string(statement, column, text, sizeof(text));
    return address_parse(text, out);
}

bool session_row_issue(struct database *db, int64_t id, const struct session_row *row,
                       struct error *error)
{
    sqlite3_stmt *statement = db->statements[WRITE_ISSUE_SESSION];
    const int64_t traits = traits_of((enum session_kind)0, row);
    char client[ADDRESS_TEXT_BYTES];

    number_bind(statement, 1, id);
    number_bind(statement, 2, row->host);
    number_bind(statement, 3, row->server - row->host);
    number_bind(statement, 4, row->time_ns);
    number_bind(statement, 5, row->lifetime_hint_s);
    number_bind(statement, 6, row->bytes);
    number_bind(statement, 7, traits);
    number_bind(statement, 8, row->key);
    bind_client(statement, 9, row->client, client);
    number_bind(statement, 10, row->parent);
    number_bind(statement, 11, row->chain_length);
    number_bind(statement, 12, row->chain_start_ns);
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

bool session_row_share(struct database *db, int64_t id, const uint8_t client[16], bool *is_new,
                       struct error *error)
{
    sqlite3_stmt *statement = db->statements[WRITE_WARN_SHARED];
    char text[ADDRESS_TEXT_BYTES];

    number_bind(statement, 1, id);
    bind_client(statement, 2, client, text);
    number_bind(statement, 3, warning_bit(TICKET_WARNING_SEVERAL_CLIENTS));
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
    number_bind(statement, 2, warning_bit(warning));
    return database_run(db, WRITE_WARN_SESSION, error);
}
