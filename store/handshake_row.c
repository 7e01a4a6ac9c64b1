#include "store/handshake_row.h"

#include "store/address.h"
#include "store/statements.h"
#include "store/text.h"

#include <string.h>

static int64_t rtts_to_number(int8_t rtts)
{
    return rtts == HANDSHAKE_RTTS_NULL ? HANDSHAKE_NULL : rtts;
}

static void bind_parties(sqlite3_stmt *to, const struct handshake_row *row)
{
    const struct handshake *handshake = row->handshake;

    number_bind(to, ROW_RUN, row->run);
    number_bind(to, ROW_TIME_NS, handshake->time_ns);
    number_bind(to, ROW_TRANSPORT, handshake->transport);
    (void)sqlite3_bind_text(to, ROW_CLIENT, row->client, -1, SQLITE_STATIC);
    number_bind(to, ROW_CLIENT_PORT, handshake->client.port);
    number_bind(to, ROW_SERVER, row->server);
    number_bind(to, ROW_HOST, row->host);
    number_bind(to, ROW_SNI, row->sni);
    number_bind(to, ROW_ALPN, row->alpn);
    number_bind(to, ROW_VERSION, handshake->version > 0 ? handshake->version : HANDSHAKE_NULL);
    number_bind(to, ROW_CIPHER, handshake->has_cipher ? handshake->cipher : HANDSHAKE_NULL);
}

static void bind_verdict(sqlite3_stmt *to, const struct handshake_row *row)
{
    const struct handshake *handshake = row->handshake;

    number_bind(to, ROW_VERDICT, handshake->verdict);
    number_bind(to, ROW_CERTAINTY, handshake->certainty);
    number_bind(to, ROW_REASON, handshake->reason);
    number_bind(to, ROW_ALERT,
                handshake->reason == REASON_ALERT ? handshake->alert : HANDSHAKE_NULL);
    number_bind(to, ROW_MESSAGES, row->messages);
    number_bind(to, ROW_ANOMALIES, handshake->anomalies);
    number_bind(to, ROW_OFFERED, row->links->offered);
    number_bind(to, ROW_OUTCOME, row->links->outcome);
    number_bind(to, ROW_EARLY_DATA, handshake->early_data);
    number_bind(to, ROW_HELLO_RETRY, handshake->hello_retries);
}

static void bind_figures(sqlite3_stmt *to, const struct handshake *handshake)
{
    number_bind(to, ROW_RTTS_TCP, rtts_to_number(handshake->rtts_tcp));
    number_bind(to, ROW_RTTS_TLS, rtts_to_number(handshake->rtts_tls));
    number_bind(to, ROW_RTTS_STALLED, rtts_to_number(handshake->rtts_stalled));
    number_bind(to, ROW_RTT_CLIENT_NS, handshake->rtt_client_ns);
    number_bind(to, ROW_RTT_SERVER_NS, handshake->rtt_server_ns);
    number_bind(to, ROW_HANDSHAKE_NS, handshake->handshake_ns);
    number_bind(to, ROW_SETUP_NS, handshake->setup_ns);
    number_bind(to, ROW_SERVER_THINK_NS, handshake->server_think_ns);
    number_bind(to, ROW_BYTES_CLIENT, handshake->bytes_client);
    number_bind(to, ROW_BYTES_SERVER, handshake->bytes_server);
}

/* Enums whose zero is nothing. */
static int64_t null_or_number(unsigned number)
{
    return number == 0 ? HANDSHAKE_NULL : number;
}

static void bind_sessions(sqlite3_stmt *to, const struct handshake_row *row)
{
    const struct session_links *links = row->links;

    number_bind(to, ROW_SESSION_OFFERED, links->session_offered);
    number_bind(to, ROW_OFFERED_BYTES, links->offered_bytes);
    number_bind(to, ROW_AGE_S, links->age_s);
    number_bind(to, ROW_ISSUED_ID, links->issued_id);
    number_bind(to, ROW_ISSUED_TICKET, links->issued_ticket);
    number_bind(to, ROW_LIFETIME_HINT_S, row->handshake->lifetime_hint_s);
    number_bind(to, ROW_TICKET_BYTES, row->handshake->issued_ticket_bytes);
    number_bind(to, ROW_RENEWED, row->handshake->renewed);
    number_bind(to, ROW_CARRIER, row->carrier);
    number_bind(to, ROW_REFUSAL_CAUSE, null_or_number(links->refusal_cause));
    number_bind(to, ROW_MISSED, null_or_number(links->missed));
    number_bind(to, ROW_CAUSE_WITHOUT_KEY, null_or_number(links->cause_without_key));
    number_bind(to, ROW_ESTIMATED_TICKETS, row->handshake->estimated_tickets);
    number_bind(to, ROW_ESTIMATED_TICKET_BYTES, row->handshake->estimated_ticket_bytes);
}

bool handshake_row_add(struct database *db, const struct handshake_row *row, int64_t *id,
                       struct error *error)
{
    sqlite3_stmt *add = db->statements[WRITE_ADD_HANDSHAKE];

    bind_parties(add, row);
    bind_verdict(add, row);
    bind_figures(add, row->handshake);
    bind_sessions(add, row);
    if (!database_run(db, WRITE_ADD_HANDSHAKE, error)) {
        return false;
    }
    *id = sqlite3_last_insert_rowid(db->handle);
    return true;
}

/* Numbers of small types: what does not fit becomes `otherwise`. */
static int64_t read_within(sqlite3_stmt *from, int column, int64_t largest, int64_t otherwise)
{
    const int64_t number = number_read(from, column);
    return number >= 0 && number <= largest ? number : otherwise;
}

static unsigned read_enum(sqlite3_stmt *from, int column, unsigned count)
{
    return (unsigned)read_within(from, column, (int64_t)count - 1, 0);
}

static int8_t read_rtts(sqlite3_stmt *from, int column)
{
    return (int8_t)read_within(from, column, INT8_MAX, HANDSHAKE_RTTS_NULL);
}

static void read_text(sqlite3_stmt *from, int column, struct wire_text *out)
{
    out->len = (uint8_t)text_read(from, column, out->text, sizeof(out->text));
}

static void read_endpoint(sqlite3_stmt *from, int address, int port, struct endpoint *out)
{
    char text[ADDRESS_TEXT_BYTES];

    text_read_string(from, address, text, sizeof(text));
    (void)address_parse(text, out->address);
    out->port = (uint16_t)read_within(from, port, UINT16_MAX, 0);
}

static void read_hash(sqlite3_stmt *from, int column, struct session_hash *out)
{
    out->is_set = sqlite3_column_bytes(from, column) == (int)sizeof(out->bytes);
    if (out->is_set) {
        memcpy(out->bytes, sqlite3_column_blob(from, column), sizeof(out->bytes));
    }
}

static void read_parties(sqlite3_stmt *from, struct handshake *out)
{
    out->time_ns = sqlite3_column_int64(from, ROW_TIME_NS);
    out->transport = read_enum(from, ROW_TRANSPORT, TRANSPORT_COUNT);
    read_endpoint(from, ROW_CLIENT, ROW_CLIENT_PORT, &out->client);
    read_endpoint(from, ROW_SERVER, ROW_SERVER_PORT, &out->server);
    out->version = (uint16_t)read_within(from, ROW_VERSION, UINT16_MAX, 0);
    out->has_cipher = sqlite3_column_type(from, ROW_CIPHER) != SQLITE_NULL;
    out->cipher = (uint16_t)read_within(from, ROW_CIPHER, UINT16_MAX, 0);
}

static void read_verdict(sqlite3_stmt *from, struct handshake *out)
{
    out->verdict = read_enum(from, ROW_VERDICT, VERDICT_COUNT);
    out->certainty = read_enum(from, ROW_CERTAINTY, CERTAINTY_COUNT);
    out->reason = read_enum(from, ROW_REASON, REASON_COUNT);
    out->alert = (uint8_t)read_within(from, ROW_ALERT, UINT8_MAX, 0);
    out->anomalies = (uint32_t)read_within(from, ROW_ANOMALIES, UINT32_MAX, 0);
    out->offered = read_enum(from, ROW_OFFERED, OFFER_COUNT);
    out->outcome = read_enum(from, ROW_OUTCOME, OUTCOME_COUNT);
    out->early_data = read_enum(from, ROW_EARLY_DATA, EARLY_DATA_COUNT);
    out->hello_retries = (uint8_t)read_within(from, ROW_HELLO_RETRY, UINT8_MAX, 0);
}

static void read_figures(sqlite3_stmt *from, struct handshake *out)
{
    out->rtts_tcp = read_rtts(from, ROW_RTTS_TCP);
    out->rtts_tls = read_rtts(from, ROW_RTTS_TLS);
    out->rtts_stalled = read_rtts(from, ROW_RTTS_STALLED);
    out->rtt_client_ns = number_read(from, ROW_RTT_CLIENT_NS);
    out->rtt_server_ns = number_read(from, ROW_RTT_SERVER_NS);
    out->handshake_ns = number_read(from, ROW_HANDSHAKE_NS);
    out->setup_ns = number_read(from, ROW_SETUP_NS);
    out->server_think_ns = number_read(from, ROW_SERVER_THINK_NS);
    out->bytes_client = number_read(from, ROW_BYTES_CLIENT);
    out->bytes_server = number_read(from, ROW_BYTES_SERVER);
}

static void read_session_figures(sqlite3_stmt *from, struct handshake *out)
{
    out->offered_bytes = number_read(from, ROW_OFFERED_BYTES);
    out->lifetime_hint_s = number_read(from, ROW_LIFETIME_HINT_S);
    out->issued_ticket_bytes = number_read(from, ROW_TICKET_BYTES);
    out->renewed = sqlite3_column_int(from, ROW_RENEWED) != 0;
    out->estimated_tickets = number_read(from, ROW_ESTIMATED_TICKETS);
    out->estimated_ticket_bytes = number_read(from, ROW_ESTIMATED_TICKET_BYTES);
}

static void read_carrier(sqlite3_stmt *from, struct handshake *out)
{
    char *const name = out->carrier_guess;

    text_read_string(from, ROW_CARRIER, name, sizeof(out->carrier_guess));
    out->carrier = carrier_parse(name);
    if (out->carrier == CARRIER_NONE && name[0] != '\0') {
        out->carrier = CARRIER_OTHER; /* the name is a guess */
    } else {
        name[0] = '\0';
    }
}

/* What both readings share. */
static void read_row(sqlite3_stmt *statement, struct record *out)
{
    memset(out, 0, sizeof(*out));
    out->id = sqlite3_column_int64(statement, ROW_ID);
    out->run = sqlite3_column_int64(statement, ROW_RUN);
    read_text(statement, ROW_HOST, &out->host);
    text_read_string(statement, ROW_APP, out->app, sizeof(out->app));
    out->age_s = number_read(statement, ROW_AGE_S);
    out->refusal_cause = read_enum(statement, ROW_REFUSAL_CAUSE, REFUSAL_CAUSE_COUNT);
    out->missed = read_enum(statement, ROW_MISSED, MISSED_COUNT);
    read_parties(statement, &out->handshake);
    read_verdict(statement, &out->handshake);
    read_figures(statement, &out->handshake);
    read_session_figures(statement, &out->handshake);
}

void handshake_row_read(sqlite3_stmt *statement, struct record *out)
{
    struct handshake *handshake = &out->handshake;

    read_row(statement, out);
    read_text(statement, ROW_SNI, &handshake->sni);
    read_text(statement, ROW_ALPN, &handshake->alpn);
    text_read_string(statement, ROW_MESSAGES, handshake->messages, sizeof(handshake->messages));
    read_hash(statement, ROW_SESSION_OFFERED, &handshake->session_offered);
    read_hash(statement, ROW_ISSUED_ID, &handshake->issued_id);
    read_hash(statement, ROW_ISSUED_TICKET, &handshake->issued_ticket);
    read_carrier(statement, handshake);
    text_read_string(statement, ROW_KEY_NAME, out->key_name, sizeof(out->key_name));
}

static bool is_there(sqlite3_stmt *statement, int column)
{
    return sqlite3_column_type(statement, column) != SQLITE_NULL;
}

void handshake_row_read_figures(sqlite3_stmt *statement, struct record *out)
{
    struct handshake *handshake = &out->handshake;

    read_row(statement, out);
    handshake->session_offered.is_set = is_there(statement, ROW_SESSION_OFFERED);
    handshake->issued_id.is_set = is_there(statement, ROW_ISSUED_ID);
    handshake->issued_ticket.is_set = is_there(statement, ROW_ISSUED_TICKET);
}
