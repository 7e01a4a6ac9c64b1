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

bool query_begin_session_figures(struct query *query, const struct query_filter *filter,
                                 struct error *error)
{
    const bool is_all = query_is_of_all_times(filter);

    query->session_figures = is_all ? READ_SESSION_FIGURES : READ_SESSION_FIGURES_OF_PERIOD;
    return query_begin(query, query->session_figures, filter, error);
}

static void read_figures(sqlite3_stmt *from, struct session_figures *out)
{
    out->host_id = sqlite3_column_int64(from, 0);
    out->kind = sqlite3_column_int(from, 1) == SESSION_ID ? SESSION_ID : SESSION_TICKET;
    out->issued_ns = number_read(from, 2);
    out->lifetime_hint_s = number_read(from, 3);
    out->bytes = number_read(from, 4);
    out->largest_accepted_age_s = number_read(from, 5);
    text_read_string(from, 6, out->client, sizeof(out->client));
}

enum query_result query_next_session_figures(struct query *query, struct session_figures *out,
                                             struct error *error)
{
    const enum query_result result = query_next(query, query->session_figures, error);
    if (result == QUERY_ROW) {
        read_figures(query->db.statements[query->session_figures], out);
    }
    return result;
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
