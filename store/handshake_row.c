#include "store/handshake_row.h"

#include "store/facts.h"
#include "store/text.h"

#include <string.h>

/* An IPv4 address is a number: half as long as its text, and quicker to read. */
static void set_client(struct handshake_values *to, const uint8_t address[16])
{
    to->client[0] = '\0';
    if (!address_is_ipv4(address)) {
        (void)address_format(address, to->client);
        return;
    }
    to->numbers[ROW_CLIENT] = address_number(address);
}

/* What becomes of sessions is known better here than on the wire. */
int64_t handshake_row_facts(const struct handshake *handshake, const struct session_links *links)
{
    struct facts facts = facts_of_handshake(handshake);

    facts.offered = links->offered;
    facts.outcome = links->outcome;
    facts.missed = links->missed;
    facts.has_session_offered = links->session_offered != HANDSHAKE_NULL;
    facts.has_issued_id = links->issued_id != HANDSHAKE_NULL;
    facts.has_issued_ticket = links->issued_ticket != HANDSHAKE_NULL;
    return facts_pack(&facts);
}

static void set_figures(int64_t *to, const struct handshake *handshake)
{
    to[ROW_TIME_NS] = handshake->time_ns;
    to[ROW_VERSION] = handshake->version > 0 ? handshake->version : HANDSHAKE_NULL;
    to[ROW_HANDSHAKE_NS] = handshake->handshake_ns;
    to[ROW_RTT_CLIENT_NS] = handshake->rtt_client_ns;
    to[ROW_RTT_SERVER_NS] = handshake->rtt_server_ns;
    to[ROW_BYTES_CLIENT] = handshake->bytes_client;
    to[ROW_BYTES_SERVER] = handshake->bytes_server;
    to[ROW_ESTIMATED_TICKETS] = handshake->estimated_tickets;
    to[ROW_ESTIMATED_TICKET_BYTES] = handshake->estimated_ticket_bytes;
    to[ROW_ANOMALIES] = handshake->anomalies;
    to[ROW_SETUP_NS] = handshake->setup_ns;
    to[ROW_SERVER_THINK_NS] = handshake->server_think_ns;
    to[ROW_CLIENT_PORT] = handshake->client.port;
    to[ROW_CIPHER] = handshake->has_cipher ? handshake->cipher : HANDSHAKE_NULL;
    to[ROW_LIFETIME_HINT_S] = handshake->lifetime_hint_s;
    to[ROW_TICKET_BYTES] = handshake->issued_ticket_bytes;
}

static void set_rows(int64_t *to, const struct handshake_row *row)
{
    to[ROW_RUN] = row->run;
    to[ROW_SERVER] = row->server;
    to[ROW_HOST] = row->host;
    to[ROW_SNI] = row->sni;
    to[ROW_ALPN] = row->alpn;
    to[ROW_MESSAGES] = row->messages;
    to[ROW_CARRIER] = row->carrier;
}

/* Enums whose zero is nothing. */
static int64_t null_or_number(unsigned number)
{
    return number == 0 ? HANDSHAKE_NULL : number;
}

static void set_sessions(int64_t *to, const struct session_links *links)
{
    to[ROW_SESSION_OFFERED] = links->session_offered;
    to[ROW_OFFERED_BYTES] = links->offered_bytes;
    to[ROW_AGE_S] = links->age_s;
    to[ROW_ISSUED_ID] = links->issued_id;
    to[ROW_ISSUED_TICKET] = links->issued_ticket;
    to[ROW_REFUSAL_CAUSE] = null_or_number(links->refusal_cause);
    to[ROW_CAUSE_WITHOUT_KEY] = null_or_number(links->cause_without_key);
}

void handshake_row_values(const struct handshake_row *row, int64_t id, struct handshake_values *out)
{
    out->numbers[ROW_ID] = id;
    out->numbers[ROW_FACTS] = row->facts;
    set_client(out, row->handshake->client.address);
    set_figures(out->numbers, row->handshake);
    set_rows(out->numbers, row);
    set_sessions(out->numbers, row->links);
}

static bool is_there(sqlite3_stmt *statement, int column)
{
    return sqlite3_column_type(statement, column) != SQLITE_NULL;
}

/* Numbers of small types: what does not fit becomes `otherwise`. */
static int64_t read_within(sqlite3_stmt *from, int column, int64_t largest, int64_t otherwise)
{
    const int64_t number = number_read(from, column);
    return number >= 0 && number <= largest ? number : otherwise;
}

static void read_text(sqlite3_stmt *from, int column, struct wire_text *out)
{
    out->len = (uint8_t)text_read(from, column, out->text, sizeof(out->text));
}

static void read_client(sqlite3_value *from, uint8_t out[16])
{
    char text[ADDRESS_TEXT_BYTES];

    if (sqlite3_value_type(from) != SQLITE_INTEGER) {
        text_string_of(from, text, sizeof(text));
        (void)address_parse(text, out);
        return;
    }
    address_of_number(sqlite3_value_int64(from), out);
}

static void read_server(sqlite3_stmt *from, struct endpoint *out)
{
    char text[ADDRESS_TEXT_BYTES];

    text_read_string(from, ROW_SERVER, text, sizeof(text));
    (void)address_parse(text, out->address);
    out->port = (uint16_t)read_within(from, ROW_SERVER_PORT, UINT16_MAX, 0);
}

static void read_hash(sqlite3_stmt *from, int column, struct session_hash *out)
{
    out->is_set = sqlite3_column_bytes(from, column) == (int)sizeof(out->bytes);
    if (out->is_set) {
        memcpy(out->bytes, sqlite3_column_blob(from, column), sizeof(out->bytes));
    }
}

static void read_facts(int64_t packed, struct record *out)
{
    struct handshake *handshake = &out->handshake;
    struct facts facts;

    facts_unpack(packed, &facts);
    handshake->verdict = facts.verdict;
    handshake->certainty = facts.certainty;
    handshake->offered = facts.offered;
    handshake->outcome = facts.outcome;
    handshake->early_data = facts.early_data;
    handshake->transport = facts.transport;
    handshake->reason = facts.reason;
    handshake->renewed = facts.renewed;
    handshake->rtts_tls = facts.rtts_tls;
    handshake->rtts_tcp = facts.rtts_tcp;
    handshake->rtts_stalled = facts.rtts_stalled;
    handshake->alert = facts.alert;
    handshake->hello_retries = facts.hello_retries;
    handshake->session_offered.is_set = facts.has_session_offered;
    handshake->issued_id.is_set = facts.has_issued_id;
    handshake->issued_ticket.is_set = facts.has_issued_ticket;
    out->missed = facts.missed;
}

static int64_t within(sqlite3_value *value, int64_t largest)
{
    const int64_t number = number_of(value);
    return number >= 0 && number <= largest ? number : 0;
}

void handshake_row_read_figures(sqlite3_value *const *from, struct record *out)
{
    struct handshake *handshake = &out->handshake;

    out->id = sqlite3_value_int64(from[ROW_ID]);
    out->host_id = sqlite3_value_int64(from[ROW_HOST]);
    out->age_s = number_of(from[ROW_AGE_S]);
    out->refusal_cause =
        (enum refusal_cause)within(from[ROW_REFUSAL_CAUSE], REFUSAL_CAUSE_COUNT - 1);
    read_facts(sqlite3_value_int64(from[ROW_FACTS]), out);
    read_client(from[ROW_CLIENT], handshake->client.address);
    handshake->time_ns = sqlite3_value_int64(from[ROW_TIME_NS]);
    handshake->version = (uint16_t)within(from[ROW_VERSION], UINT16_MAX);
    handshake->handshake_ns = number_of(from[ROW_HANDSHAKE_NS]);
    handshake->rtt_client_ns = number_of(from[ROW_RTT_CLIENT_NS]);
    handshake->rtt_server_ns = number_of(from[ROW_RTT_SERVER_NS]);
    handshake->bytes_client = number_of(from[ROW_BYTES_CLIENT]);
    handshake->bytes_server = number_of(from[ROW_BYTES_SERVER]);
    handshake->anomalies = (uint32_t)within(from[ROW_ANOMALIES], UINT32_MAX);
    handshake->lifetime_hint_s = number_of(from[ROW_LIFETIME_HINT_S]);
    handshake->offered_bytes = number_of(from[ROW_OFFERED_BYTES]);
}

void handshake_row_read_estimates(sqlite3_value *const *from, struct record *out)
{
    handshake_row_read_figures(from, out);
    out->handshake.estimated_tickets = number_of(from[ROW_ESTIMATED_TICKETS]);
    out->handshake.estimated_ticket_bytes = number_of(from[ROW_ESTIMATED_TICKET_BYTES]);
}

/* Of a connection without mutexes a column's value is as good as any other: that it is
 * "unprotected" concerns threads that share a connection. */
static void read_shared(sqlite3_stmt *from, struct record *out)
{
    sqlite3_value *values[ROW_ESTIMATED_TICKET_BYTES + 1];

    for (int column = 0; column <= ROW_ESTIMATED_TICKET_BYTES; column++) {
        values[column] = sqlite3_column_value(from, column);
    }
    handshake_row_read_estimates(values, out);
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

void handshake_row_read(sqlite3_stmt *statement, struct record *out)
{
    struct handshake *handshake = &out->handshake;

    memset(out, 0, sizeof(*out));
    handshake_init(handshake); /* not all of it is stored */
    read_shared(statement, out);
    out->run = sqlite3_column_int64(statement, ROW_RUN);
    read_text(statement, ROW_HOST_NAME, &out->host);
    text_read_string(statement, ROW_APP, out->app, sizeof(out->app));
    handshake->client.port = (uint16_t)read_within(statement, ROW_CLIENT_PORT, UINT16_MAX, 0);
    read_server(statement, &handshake->server);
    handshake->has_cipher = is_there(statement, ROW_CIPHER);
    handshake->cipher = (uint16_t)read_within(statement, ROW_CIPHER, UINT16_MAX, 0);
    handshake->setup_ns = number_read(statement, ROW_SETUP_NS);
    handshake->server_think_ns = number_read(statement, ROW_SERVER_THINK_NS);
    handshake->issued_ticket_bytes = number_read(statement, ROW_TICKET_BYTES);
    read_text(statement, ROW_SNI, &handshake->sni);
    read_text(statement, ROW_ALPN, &handshake->alpn);
    text_read_string(statement, ROW_MESSAGES, handshake->messages, sizeof(handshake->messages));
    read_hash(statement, ROW_SESSION_OFFERED, &handshake->session_offered);
    read_hash(statement, ROW_ISSUED_ID, &handshake->issued_id);
    read_hash(statement, ROW_ISSUED_TICKET, &handshake->issued_ticket);
    read_carrier(statement, handshake);
    text_read_string(statement, ROW_KEY_NAME, out->key_name, sizeof(out->key_name));
}
