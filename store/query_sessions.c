#include "store/query_parts.h"

#include "store/address.h"
#include "store/text.h"

#include <string.h>

bool query_begin_sessions(struct query *query, const struct query_filter *filter,
                          struct error *error)
{
    const bool is_all = query_is_of_all_times(filter);

    query->sessions = is_all ? READ_SESSIONS : READ_SESSIONS_OF_PERIOD;
    return query_begin(query, query->sessions, filter, error);
}

static void read_session(sqlite3_stmt *from, struct session_record *out)
{
    char address[ADDRESS_TEXT_BYTES];

    memset(out, 0, sizeof(*out));
    out->hash.is_set = true;
    (void)text_read(from, 0, (char *)out->hash.bytes, sizeof(out->hash.bytes));
    out->kind = sqlite3_column_int(from, 1) == SESSION_ID ? SESSION_ID : SESSION_TICKET;
    out->host.len = (uint8_t)text_read(from, 2, out->host.text, sizeof(out->host.text));
    text_read_string(from, 3, address, sizeof(address));
    (void)address_parse(address, out->server.address);
    out->server.port = (uint16_t)sqlite3_column_int(from, 4);
    out->issued_ns = number_read(from, 5);
    out->lifetime_hint_s = number_read(from, 6);
    out->bytes = number_read(from, 7);
    out->is_renewal = sqlite3_column_int(from, 8) != 0;
    out->offered_count = sqlite3_column_int64(from, 9);
    out->accepted_count = sqlite3_column_int64(from, 10);
    out->refused_count = sqlite3_column_int64(from, 11);
    out->largest_accepted_age_s = number_read(from, 12);
    out->smallest_refused_age_s = number_read(from, 13);
    out->first_offered_ns = number_read(from, 14);
    out->last_offered_ns = number_read(from, 15);
    text_read_string(from, 16, out->client, sizeof(out->client));
    text_read_string(from, 17, out->key_name, sizeof(out->key_name));
    out->chain_length = sqlite3_column_int64(from, 18);
    out->warnings = (uint8_t)sqlite3_column_int(from, 19);
    out->chain_start_ns = number_read(from, 20);
    out->is_renewed = sqlite3_column_int(from, 21) != 0;
}

enum query_result query_next_session(struct query *query, struct session_record *out,
                                     struct error *error)
{
    const enum query_result result = query_next(query, query->sessions, error);
    if (result == QUERY_ROW) {
        read_session(query->db.statements[query->sessions], out);
    }
    return result;
}

/* ---- Figures ---- */

static enum session_kind kind_of(int stored)
{
    return stored == SESSION_ID ? SESSION_ID : SESSION_TICKET;
}

static void set_client(struct session_figures *session, sqlite3_value *client)
{
    session->client_number = HANDSHAKE_NULL;
    session->client[0] = '\0';
    if (sqlite3_value_type(client) == SQLITE_INTEGER) {
        session->client_number = sqlite3_value_int64(client);
    } else {
        text_string_of(client, session->client, sizeof(session->client));
    }
}

static void take_sessions(sqlite3_context *context, int count, sqlite3_value **values)
{
    struct taking_sessions *const taking = sqlite3_user_data(context);
    struct session_figures session;

    (void)count;
    session.host_id = sqlite3_value_int64(values[0]);
    session.kind = kind_of(sqlite3_value_int(values[1]));
    session.issued_ns = number_of(values[2]);
    session.lifetime_hint_s = number_of(values[3]);
    session.bytes = number_of(values[4]);
    session.largest_accepted_age_s = number_of(values[5]);
    set_client(&session, values[6]);
    if (!taking->taker->take(taking->taker->context, &session)) {
        taking->is_stopped = true;
        sqlite3_result_error(context, "stopped", -1);
    }
}

static void end_taking(sqlite3_context *context)
{
    sqlite3_result_null(context);
}

bool query_hosts_have(const struct query_hosts *hosts, int64_t id)
{
    size_t low = 0;
    size_t high = hosts->count;

    while (low < high) {
        const size_t middle = low + (high - low) / 2;
        if (hosts->ids[middle] < id) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    return low < hosts->count && hosts->ids[low] == id;
}

static void is_of_hosts(sqlite3_context *context, int count, sqlite3_value **values)
{
    const struct taking_sessions *const taking = sqlite3_user_data(context);

    (void)count;
    sqlite3_result_int(context,
                       taking->hosts == NULL ||
                           query_hosts_have(taking->hosts, sqlite3_value_int64(values[0])));
}

bool query_sessions_prepare(struct query *query, struct error *error)
{
    enum { COLUMNS = 7, FLAGS = SQLITE_UTF8 | SQLITE_DIRECTONLY };
    sqlite3 *const handle = query->db.handle;
    struct taking_sessions *const taking = &query->taking_sessions;

    return (sqlite3_create_function_v2(handle, "take_sessions", COLUMNS, FLAGS, taking, NULL,
                                       take_sessions, end_taking, NULL) == SQLITE_OK &&
            sqlite3_create_function_v2(handle, "is_of_hosts", 1, FLAGS, taking, is_of_hosts, NULL,
                                       NULL, NULL) == SQLITE_OK) ||
           database_fail(&query->db, "open it", error);
}

enum query_result query_session_figures(struct query *query, const struct query_filter *filter,
                                        const struct query_hosts *hosts,
                                        const struct session_taker *taker, struct error *error)
{
    const enum read_statement which =
        query_is_of_all_times(filter) ? READ_SESSION_FIGURES : READ_SESSION_FIGURES_OF_PERIOD;
    struct taking_sessions *const taking = &query->taking_sessions;

    *taking = (struct taking_sessions){hosts, taker, false};
    if (!query_begin(query, which, filter, error)) {
        return QUERY_ERROR;
    }
    const enum query_result result = query_next(query, which, error);
    database_reset(&query->db, which);
    query->is_open[which] = false;
    if (taking->is_stopped) {
        return QUERY_ROW;
    }
    return result == QUERY_ROW ? QUERY_DONE : result; /* the row of the aggregate: nothing */
}

bool query_begin_hosts(struct query *query, const struct query_filter *filter, struct error *error)
{
    return query_begin(query, READ_HOSTS, filter, error);
}

enum query_result query_next_host(struct query *query, struct host_record *out, struct error *error)
{
    const enum query_result result = query_next(query, READ_HOSTS, error);

    if (result == QUERY_ROW) {
        sqlite3_stmt *const row = query->db.statements[READ_HOSTS];
        out->id = sqlite3_column_int64(row, 0);
        out->name.len = (uint8_t)text_read(row, 1, out->name.text, sizeof(out->name.text));
    }
    return result;
}
