#include "report/columns.h"

#include <assert.h>
#include <string.h>

static const struct handshake *of(const struct columns_row *row)
{
    return &row->record->handshake;
}

static void get_id(const struct columns_row *row, struct value *out)
{
    value_set_integer(out, row->record->id);
}

static void get_run(const struct columns_row *row, struct value *out)
{
    value_set_integer(out, row->record->run);
}

static void get_time(const struct columns_row *row, struct value *out)
{
    value_set_time(out, of(row)->time_ns);
}

static void get_transport(const struct columns_row *row, struct value *out)
{
    value_set_words(out, transport_name(of(row)->transport));
}

static void get_client(const struct columns_row *row, struct value *out)
{
    value_set_address(out, &of(row)->client);
}

static void get_client_port(const struct columns_row *row, struct value *out)
{
    value_set_integer(out, of(row)->client.port);
}

static void get_server(const struct columns_row *row, struct value *out)
{
    value_set_address(out, &of(row)->server);
}

static void get_server_port(const struct columns_row *row, struct value *out)
{
    value_set_integer(out, of(row)->server.port);
}

static void get_host(const struct columns_row *row, struct value *out)
{
    value_set_text(out, row->record->host.text, row->record->host.len);
}

static void get_sni(const struct columns_row *row, struct value *out)
{
    value_set_text(out, of(row)->sni.text, of(row)->sni.len);
}

static void get_alpn(const struct columns_row *row, struct value *out)
{
    value_set_text(out, of(row)->alpn.text, of(row)->alpn.len);
}

static void get_app(const struct columns_row *row, struct value *out)
{
    value_set_words(out, row->record->app);
}

static void get_version(const struct columns_row *row, struct value *out)
{
    value_set_words(out, format_version(of(row)->version, out->own));
}

static void get_cipher(const struct columns_row *row, struct value *out)
{
    value_set_words(out, of(row)->has_cipher ? format_cipher(of(row)->cipher, out->own) : NULL);
}

static void get_verdict(const struct columns_row *row, struct value *out)
{
    value_set_words(out, verdict_name(of(row)->verdict));
}

static void get_certainty(const struct columns_row *row, struct value *out)
{
    value_set_words(out, certainty_name(of(row)->certainty));
}

static void get_reason(const struct columns_row *row, struct value *out)
{
    value_set_words(out, format_reason(of(row)->reason, of(row)->alert, out->own));
}

static void get_messages(const struct columns_row *row, struct value *out)
{
    const char *messages = of(row)->messages;
    value_set_text(out, messages, strnlen(messages, HANDSHAKE_MESSAGES_BYTES));
}

static void get_anomalies(const struct columns_row *row, struct value *out)
{
    value_set_anomalies(out, of(row)->anomalies);
}

static void get_carrier(const struct columns_row *row, struct value *out)
{
    value_set_words(out, carrier_shown(of(row)->carrier, of(row)->carrier_guess));
}

static void get_refusal_cause(const struct columns_row *row, struct value *out)
{
    value_set_words(out, refusal_cause_name(row->record->refusal_cause));
}

static void get_key_name(const struct columns_row *row, struct value *out)
{
    value_set_text(out, row->record->key_name, strnlen(row->record->key_name, 33));
}

static void get_offered(const struct columns_row *row, struct value *out)
{
    value_set_words(out, offer_name(of(row)->offered));
}

static void get_outcome(const struct columns_row *row, struct value *out)
{
    value_set_words(out, outcome_name(of(row)->outcome));
}

static void get_early_data(const struct columns_row *row, struct value *out)
{
    value_set_words(out, early_data_name(of(row)->early_data));
}

static void get_hello_retry(const struct columns_row *row, struct value *out)
{
    value_set_integer(out, of(row)->hello_retries);
}

static void set_rtts(struct value *out, int8_t rtts)
{
    value_set_integer(out, rtts == HANDSHAKE_RTTS_NULL ? HANDSHAKE_NULL : rtts);
}

static void get_rtts_tcp(const struct columns_row *row, struct value *out)
{
    set_rtts(out, of(row)->rtts_tcp);
}

static void get_rtts_tls(const struct columns_row *row, struct value *out)
{
    set_rtts(out, of(row)->rtts_tls);
}

static void get_rtts_stalled(const struct columns_row *row, struct value *out)
{
    set_rtts(out, of(row)->rtts_stalled);
}

static void get_rtts_saved(const struct columns_row *row, struct value *out)
{
    value_set_integer(out, row->rtts_saved);
}

static void get_rtt_us(const struct columns_row *row, struct value *out)
{
    int64_t client_ns = of(row)->rtt_client_ns;
    int64_t server_ns = of(row)->rtt_server_ns;
    bool is_known = client_ns != HANDSHAKE_NULL && server_ns != HANDSHAKE_NULL;
    int64_t sum_ns;

    if (is_known && !__builtin_add_overflow(client_ns, server_ns, &sum_ns)) {
        value_set_us(out, sum_ns);
    } else {
        value_set_null(out);
    }
}

static void get_rtt_client_us(const struct columns_row *row, struct value *out)
{
    value_set_us(out, of(row)->rtt_client_ns);
}

static void get_rtt_server_us(const struct columns_row *row, struct value *out)
{
    value_set_us(out, of(row)->rtt_server_ns);
}

static void get_handshake_us(const struct columns_row *row, struct value *out)
{
    value_set_us(out, of(row)->handshake_ns);
}

static void get_setup_us(const struct columns_row *row, struct value *out)
{
    value_set_us(out, of(row)->setup_ns);
}

static void get_server_think_us(const struct columns_row *row, struct value *out)
{
    value_set_us(out, of(row)->server_think_ns);
}

static void get_bytes_client(const struct columns_row *row, struct value *out)
{
    value_set_integer(out, of(row)->bytes_client);
}

static void get_bytes_server(const struct columns_row *row, struct value *out)
{
    value_set_integer(out, of(row)->bytes_server);
}

static void get_session_offered(const struct columns_row *row, struct value *out)
{
    value_set_hash(out, &of(row)->session_offered);
}

/* A ticket is what the client will offer, even if an ID came with it (RFC 5077, 3.4). */
static void get_session_issued(const struct columns_row *row, struct value *out)
{
    bool has_ticket = of(row)->issued_ticket.is_set;
    value_set_hash(out, has_ticket ? &of(row)->issued_ticket : &of(row)->issued_id);
}

static void get_issued_kind(const struct columns_row *row, struct value *out)
{
    if (of(row)->issued_ticket.is_set) {
        value_set_words(out, offer_name(OFFER_TICKET));
    } else {
        value_set_words(out, of(row)->issued_id.is_set ? offer_name(OFFER_ID) : NULL);
    }
}

static void get_age_s(const struct columns_row *row, struct value *out)
{
    value_set_integer(out, row->record->age_s);
}

static void get_lifetime_hint_s(const struct columns_row *row, struct value *out)
{
    value_set_integer(out, of(row)->lifetime_hint_s);
}

static void get_ticket_bytes(const struct columns_row *row, struct value *out)
{
    value_set_integer(out, of(row)->issued_ticket_bytes);
}

static void get_renewed(const struct columns_row *row, struct value *out)
{
    value_set_bool(out, of(row)->renewed);
}

static const struct {
    const char *name;
    void (*get)(const struct columns_row *row, struct value *out);
} columns[] = {
    {"id", get_id},
    {"run", get_run},
    {"time", get_time},
    {"transport", get_transport},
    {"client", get_client},
    {"client_port", get_client_port},
    {"server", get_server},
    {"server_port", get_server_port},
    {"host", get_host},
    {"sni", get_sni},
    {"alpn", get_alpn},
    {"app", get_app},
    {"version", get_version},
    {"cipher", get_cipher},
    {"verdict", get_verdict},
    {"certainty", get_certainty},
    {"reason", get_reason},
    {"messages", get_messages},
    {"anomalies", get_anomalies},
    {"carrier", get_carrier},
    {"offered", get_offered},
    {"outcome", get_outcome},
    {"refusal_cause", get_refusal_cause},
    {"early_data", get_early_data},
    {"hello_retry", get_hello_retry},
    {"rtts_tcp", get_rtts_tcp},
    {"rtts_tls", get_rtts_tls},
    {"rtts_stalled", get_rtts_stalled},
    {"rtts_saved", get_rtts_saved},
    {"rtt_us", get_rtt_us},
    {"rtt_client_us", get_rtt_client_us},
    {"rtt_server_us", get_rtt_server_us},
    {"handshake_us", get_handshake_us},
    {"setup_us", get_setup_us},
    {"server_think_us", get_server_think_us},
    {"bytes_client", get_bytes_client},
    {"bytes_server", get_bytes_server},
    {"session_offered", get_session_offered},
    {"session_issued", get_session_issued},
    {"issued_kind", get_issued_kind},
    {"age_s", get_age_s},
    {"lifetime_hint_s", get_lifetime_hint_s},
    {"ticket_bytes", get_ticket_bytes},
    {"key_name", get_key_name},
    {"renewed", get_renewed},
};

size_t columns_count(void)
{
    return sizeof(columns) / sizeof(columns[0]);
}

const char *columns_name(size_t column)
{
    return columns[column].name;
}

size_t columns_find(const char *name)
{
    size_t column = 0;

    while (strcmp(columns[column].name, name) != 0) {
        column++;
        assert(column < columns_count()); /* our own names */
    }
    return column;
}

void columns_value(size_t column, const struct columns_row *row, struct value *out)
{
    columns[column].get(row, out);
}
