#include "store/handshake_row.h"

#include "store/durations.h"
#include "store/facts.h"
#include "store/text.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* With an IPv4 address it is a number: half as long as its text, and quicker to read. */
static void set_client(struct handshake_values *to, const struct endpoint *client)
{
    to->client[0] = '\0';
    if (!address_is_ipv4(client->address)) {
        const size_t len = address_format(client->address, to->client);
        (void)snprintf(to->client + len, sizeof(to->client) - len, " %u", (unsigned)client->port);
        return;
    }
    to->numbers[ROW_CLIENT] = endpoint_number(client);
}

static struct durations durations_of(const struct handshake *handshake)
{
    return (struct durations){
        .rtt_client_ns = handshake->rtt_client_ns,
        .rtt_server_ns = handshake->rtt_server_ns,
        .server_think_ns = handshake->server_think_ns,
        .handshake_ns = handshake->handshake_ns,
        .setup_ns = handshake->setup_ns,
    };
}

/* What becomes of sessions is known better here than on the wire. */
int64_t handshake_row_facts(const struct handshake *handshake, const struct session_links *links)
{
    const struct durations durations = durations_of(handshake);
    struct facts facts = facts_of_handshake(handshake);

    facts.has_plain_durations = durations_are_plain(&durations);
    facts.offered = links->offered;
    facts.outcome = links->outcome;
    facts.missed = links->missed;
    facts.has_session_offered = links->session_offered != HANDSHAKE_NULL;
    facts.has_issued_id = links->issued_id != HANDSHAKE_NULL;
    facts.has_issued_ticket = links->issued_ticket != HANDSHAKE_NULL;
    return facts_pack(&facts);
}

static void set_durations(int64_t *to, const struct handshake *handshake)
{
    const struct durations durations = durations_of(handshake);
    struct packed_durations packed;

    durations_pack(&durations, &packed);
    to[ROW_RTT_CLIENT] = packed.rtt_client;
    to[ROW_RTT_SERVER] = packed.rtt_server;
    to[ROW_SERVER_THINK] = packed.server_think;
    to[ROW_HANDSHAKE_REST] = packed.handshake_rest;
    to[ROW_SETUP_REST] = packed.setup_rest;
}

/* Tickets are seen, or their number and length guessed, hardly both. Seen alone: -1 less the
 * length. Else how many, the length of each above, and above that one more than the length of what
 * was seen, if anything: docs/schema.md. */
enum {
    ESTIMATE_COUNT_BITS = 10,
    ESTIMATE_COUNT_MAX = (1 << ESTIMATE_COUNT_BITS) - 1,
    ESTIMATE_BITS = 42,
};
static const int64_t estimate_mask = (INT64_C(1) << ESTIMATE_BITS) - 1;

static int64_t pack_estimate(const struct handshake *handshake)
{
    const int64_t count = handshake->estimated_tickets;
    const int64_t bytes = handshake->estimated_ticket_bytes;

    if (count == HANDSHAKE_NULL || bytes == HANDSHAKE_NULL) {
        return count == HANDSHAKE_NULL ? HANDSHAKE_NULL : 0;
    }
    return bytes << ESTIMATE_COUNT_BITS | (count < ESTIMATE_COUNT_MAX ? count : ESTIMATE_COUNT_MAX);
}

static int64_t pack_tickets(const struct handshake *handshake)
{
    const int64_t estimate = pack_estimate(handshake);
    const int64_t seen = handshake->issued_ticket_bytes;

    if (seen == HANDSHAKE_NULL) {
        return estimate;
    }
    return estimate == HANDSHAKE_NULL ? -1 - seen : (seen + 1) << ESTIMATE_BITS | estimate;
}

static void set_bytes(struct handshake_values *to, const struct handshake *handshake)
{
    const struct byte_counts counts = {handshake->bytes_client, handshake->bytes_server};

    to->numbers[ROW_BYTES] = byte_counts_pack(&counts, to->bytes);
}

static void set_figures(int64_t *to, const struct handshake *handshake)
{
    to[ROW_TIME_NS] = handshake->time_ns;
    to[ROW_TICKETS] = pack_tickets(handshake);
    to[ROW_LIFETIME_HINT_S] = handshake->lifetime_hint_s;
}

static void set_rows(int64_t *to, const struct handshake_row *row)
{
    to[ROW_RUN] = row->run;
    to[ROW_SERVER_LESS_HOST] = row->server - row->host;
    to[ROW_HOST] = row->host;
    to[ROW_SNI] = row->sni;
    to[ROW_KIND] = row->kind;
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
    set_client(out, &row->handshake->client);
    set_durations(out->numbers, row->handshake);
    set_bytes(out, row->handshake);
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

static void read_client(sqlite3_value *from, struct endpoint *out)
{
    char text[ENDPOINT_TEXT_BYTES];

    if (sqlite3_value_type(from) == SQLITE_INTEGER) {
        endpoint_of_number(sqlite3_value_int64(from), out);
        return;
    }
    text_string_of(from, text, sizeof(text));
    char *const space = strchr(text, ' ');
    if (space != NULL) {
        const long port = strtol(space + 1, NULL, 10);
        *space = '\0';
        out->port = (uint16_t)(port >= 0 && port <= UINT16_MAX ? port : 0);
    }
    (void)address_parse(text, out->address);
}

static void read_server(sqlite3_stmt *from, struct endpoint *out)
{
    char text[ADDRESS_TEXT_BYTES];

    text_read_string(from, GIVEN_SERVER, text, sizeof(text));
    (void)address_parse(text, out->address);
    out->port = (uint16_t)read_within(from, GIVEN_SERVER_PORT, UINT16_MAX, 0);
}

static void read_hash(sqlite3_stmt *from, int column, struct session_hash *out)
{
    out->is_set = sqlite3_column_bytes(from, column) == (int)sizeof(out->bytes);
    if (out->is_set) {
        memcpy(out->bytes, sqlite3_column_blob(from, column), sizeof(out->bytes));
    }
}

static void set_facts(const struct facts *facts, struct record *out)
{
    struct handshake *handshake = &out->handshake;

    handshake->verdict = facts->verdict;
    handshake->certainty = facts->certainty;
    handshake->offered = facts->offered;
    handshake->outcome = facts->outcome;
    handshake->early_data = facts->early_data;
    handshake->transport = facts->transport;
    handshake->reason = facts->reason;
    handshake->renewed = facts->renewed;
    handshake->rtts_tls = facts->rtts_tls;
    handshake->rtts_tcp = facts->rtts_tcp;
    handshake->rtts_stalled = facts->rtts_stalled;
    handshake->alert = facts->alert;
    handshake->hello_retries = facts->hello_retries;
    handshake->session_offered.is_set = facts->has_session_offered;
    handshake->issued_id.is_set = facts->has_issued_id;
    handshake->issued_ticket.is_set = facts->has_issued_ticket;
    out->missed = facts->missed;
}

static int64_t within(sqlite3_value *value, int64_t largest)
{
    const int64_t number = number_of(value);
    return number >= 0 && number <= largest ? number : 0;
}

/* setup_ns is known by the rest of it, which figures are not made of. */
static void read_durations(sqlite3_value *const *from, int64_t setup_rest, bool are_plain,
                           struct handshake *out)
{
    const struct packed_durations packed = {
        .rtt_client = number_of(from[GIVEN_RTT_CLIENT]),
        .rtt_server = number_of(from[GIVEN_RTT_SERVER]),
        .server_think = number_of(from[GIVEN_SERVER_THINK]),
        .handshake_rest = number_of(from[GIVEN_HANDSHAKE_REST]),
        .setup_rest = setup_rest,
    };
    struct durations durations;

    durations_unpack(&packed, are_plain, &durations);
    out->rtt_client_ns = durations.rtt_client_ns;
    out->rtt_server_ns = durations.rtt_server_ns;
    out->server_think_ns = durations.server_think_ns;
    out->handshake_ns = durations.handshake_ns;
    out->setup_ns = durations.setup_ns;
}

static void read_bytes(sqlite3_value *from, struct handshake *out)
{
    struct byte_counts counts;

    byte_counts_read(from, &counts);
    out->bytes_client = counts.client;
    out->bytes_server = counts.server;
}

void handshake_row_read_figures(sqlite3_value *const *from, struct record *out)
{
    struct handshake *handshake = &out->handshake;
    struct facts facts;

    facts_unpack(sqlite3_value_int64(from[GIVEN_FACTS]), &facts);
    set_facts(&facts, out);
    out->id = sqlite3_value_int64(from[GIVEN_ID]);
    out->host_id = sqlite3_value_int64(from[GIVEN_HOST_ID]);
    out->age_s = number_of(from[GIVEN_AGE_S]);
    out->refusal_cause =
        (enum refusal_cause)within(from[GIVEN_REFUSAL_CAUSE], REFUSAL_CAUSE_COUNT - 1);
    read_client(from[GIVEN_CLIENT], &handshake->client);
    read_durations(from, HANDSHAKE_NULL, facts.has_plain_durations, handshake);
    handshake->time_ns = sqlite3_value_int64(from[GIVEN_TIME_NS]);
    handshake->version = (uint16_t)within(from[GIVEN_VERSION], UINT16_MAX);
    read_bytes(from[GIVEN_BYTES], handshake);
    handshake->anomalies = (uint32_t)within(from[GIVEN_ANOMALIES], UINT32_MAX);
    handshake->lifetime_hint_s = number_of(from[GIVEN_LIFETIME_HINT_S]);
    handshake->offered_bytes = number_of(from[GIVEN_OFFERED_BYTES]);
}

static void read_estimate(int64_t packed, struct handshake *out)
{
    out->estimated_tickets = HANDSHAKE_NULL;
    out->estimated_ticket_bytes = HANDSHAKE_NULL;
    if (packed >= 0) {
        out->estimated_tickets = packed & ESTIMATE_COUNT_MAX;
    }
    if (packed >= 0 && (packed & estimate_mask) != 0) {
        out->estimated_ticket_bytes = (packed & estimate_mask) >> ESTIMATE_COUNT_BITS;
    }
}

static int64_t ticket_bytes_of(int64_t packed)
{
    if (packed == HANDSHAKE_NULL || (packed >= 0 && packed <= estimate_mask)) {
        return HANDSHAKE_NULL;
    }
    return packed < 0 ? -1 - packed : (packed >> ESTIMATE_BITS) - 1;
}

void handshake_row_read_estimates(sqlite3_value *const *from, struct record *out)
{
    handshake_row_read_figures(from, out);
    read_estimate(number_of(from[GIVEN_TICKETS]), &out->handshake);
}

/* Of a connection without mutexes a column's value is as good as any other: that it is
 * "unprotected" concerns threads that share a connection. */
static void read_shared(sqlite3_stmt *from, struct record *out)
{
    sqlite3_value *values[GIVEN_ESTIMATES_END];

    for (int column = 0; column < GIVEN_ESTIMATES_END; column++) {
        values[column] = sqlite3_column_value(from, column);
    }
    handshake_row_read_estimates(values, out);
    const int64_t facts = sqlite3_column_int64(from, GIVEN_FACTS);
    read_durations(values, number_read(from, GIVEN_SETUP_REST), facts_has_plain_durations(facts),
                   &out->handshake);
}

static void read_carrier(sqlite3_stmt *from, struct handshake *out)
{
    char *const name = out->carrier_guess;

    text_read_string(from, GIVEN_CARRIER, name, sizeof(out->carrier_guess));
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
    out->run = sqlite3_column_int64(statement, GIVEN_RUN);
    read_text(statement, GIVEN_HOST_NAME, &out->host);
    text_read_string(statement, GIVEN_APP, out->app, sizeof(out->app));
    read_server(statement, &handshake->server);
    handshake->has_cipher = is_there(statement, GIVEN_CIPHER);
    handshake->cipher = (uint16_t)read_within(statement, GIVEN_CIPHER, UINT16_MAX, 0);
    handshake->issued_ticket_bytes = ticket_bytes_of(number_read(statement, GIVEN_TICKETS));
    read_text(statement, GIVEN_SNI, &handshake->sni);
    read_text(statement, GIVEN_ALPN, &handshake->alpn);
    text_read_string(statement, GIVEN_MESSAGES, handshake->messages, sizeof(handshake->messages));
    read_hash(statement, GIVEN_SESSION_OFFERED, &handshake->session_offered);
    read_hash(statement, GIVEN_ISSUED_ID, &handshake->issued_id);
    read_hash(statement, GIVEN_ISSUED_TICKET, &handshake->issued_ticket);
    read_carrier(statement, handshake);
    text_read_string(statement, GIVEN_KEY_NAME, out->key_name, sizeof(out->key_name));
}
