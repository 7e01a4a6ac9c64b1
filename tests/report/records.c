#include "tests/report/records.h"

#include <arpa/inet.h>
#include <stdio.h>
#include <string.h>

struct endpoint records_endpoint(const char *address, uint16_t port)
{
    struct endpoint endpoint = {.address = {[10] = 0xff, [11] = 0xff}, .port = port};

    if (inet_pton(AF_INET, address, endpoint.address + 12) != 1) {
        (void)inet_pton(AF_INET6, address, endpoint.address);
    }
    return endpoint;
}

struct wire_text records_text(const char *text, size_t len)
{
    struct wire_text out = {.len = (uint8_t)len};
    memcpy(out.text, text, len);
    return out;
}

static int64_t ns_of(double ms)
{
    return ms < 0 ? HANDSHAKE_NULL : (int64_t)(ms * 1e6);
}

struct record records_make(const struct records_spec *spec)
{
    struct record record = {.id = 1, .run = 1, .age_s = HANDSHAKE_NULL};
    struct handshake *handshake = &record.handshake;

    handshake_init(handshake);
    record.host = records_text(spec->host, strlen(spec->host));
    handshake->sni = record.host;
    handshake->time_ns = records_start_ns;
    handshake->client = records_endpoint(spec->client, 50000);
    handshake->server = records_endpoint("198.51.100.1", 443);
    handshake->version = spec->version;
    handshake->verdict = spec->verdict;
    handshake->offered = spec->offered;
    handshake->outcome = spec->outcome;
    handshake->rtts_tcp = 1;
    handshake->rtts_tls = (int8_t)spec->rtts_tls;
    handshake->handshake_ns = ns_of(spec->handshake_ms);
    if (spec->rtt_ms >= 0) {
        handshake->rtt_client_ns = ns_of(spec->rtt_ms) / 4;
        handshake->rtt_server_ns = ns_of(spec->rtt_ms) - handshake->rtt_client_ns;
    }
    return record;
}

#define WWW "www.example.com"
#define API "api.example.com"
#define OLD "legacy.intranet.example"
#define LONG                                                                                       \
    "a-name-nobody-would-type.but-some-machine-made.and-put-into-its-certificate.cdn.example.net"
#define NONE OFFER_NONE, OUTCOME_NONE

/* What the spec leaves out, by index. */
enum extra { NOTHING, OUTER_HELLO, TICKET, RENEWED, ID, ALERT, GAP, EARLY, AGE, HOSTILE };

static const struct {
    struct records_spec spec;
    enum extra extra;
} golden[] = {
    /* Five full ones from one network: the others are measured against these. */
    {{WWW, "192.0.2.7", 0x0303, VERDICT_FULL, NONE, 2, 61.5, 30}, TICKET},
    {{WWW, "192.0.2.7", 0x0303, VERDICT_FULL, NONE, 2, 60.5, 30}, TICKET},
    {{WWW, "192.0.2.8", 0x0303, VERDICT_FULL, NONE, 2, 62.25, 30}, TICKET},
    {{WWW, "192.0.2.9", 0x0303, VERDICT_FULL, OFFER_TICKET, OUTCOME_REFUSED, 2, 64, 31}, AGE},
    {{WWW, "192.0.2.9", 0x0303, VERDICT_FULL, NONE, 2, 60, 30}, TICKET},
    {{WWW, "192.0.2.7", 0x0303, VERDICT_RESUMED_TICKET, OFFER_TICKET, OUTCOME_ACCEPTED, 1, 31, 30},
     AGE},
    {{WWW, "192.0.2.7", 0x0303, VERDICT_RESUMED_TICKET, OFFER_TICKET, OUTCOME_ACCEPTED, 1, 30.2,
      30},
     RENEWED},
    {{WWW, "192.0.2.8", 0x0303, VERDICT_RESUMED_TICKET, OFFER_TICKET, OUTCOME_ACCEPTED, 1, 33, 31},
     AGE},
    {{WWW, "192.0.2.9", 0x0303, VERDICT_RESUMED_TICKET, OFFER_TICKET, OUTCOME_ACCEPTED, 1, 29.9,
      30},
     AGE},
    {{WWW, "192.0.2.10", 0x0303, VERDICT_RESUMED_TICKET, OFFER_TICKET, OUTCOME_ACCEPTED, 1, 70, 30},
     NOTHING},
    {{WWW, "2001:db8:12:34:5678:9abc:def0:1234", 0x0303, VERDICT_FULL, NONE, 2, 180.75, 90},
     TICKET},
    /* TLS 1.3: nothing saved in round trips, but for early data. */
    {{API, "192.0.2.7", 0x0304, VERDICT_FULL, NONE, 1, 32, 30}, NOTHING},
    {{API, "192.0.2.7", 0x0304, VERDICT_RESUMED_PSK, OFFER_PSK, OUTCOME_ACCEPTED, 1, 31, 30},
     NOTHING},
    {{API, "192.0.2.7", 0x0304, VERDICT_RESUMED_PSK, OFFER_PSK, OUTCOME_ACCEPTED, 0, 0, 30}, EARLY},
    {{API, "192.0.2.7", 0x0304, VERDICT_FULL, OFFER_TICKET, OUTCOME_NOT_APPLICABLE, 1, 34, 30},
     OUTER_HELLO},
    /* Resumed only: modelled from the protocol's round trips. */
    {{OLD, "10.1.2.3", 0x0301, VERDICT_RESUMED_ID, OFFER_ID, OUTCOME_ACCEPTED, 1, 5.25, 5},
     NOTHING},
    {{OLD, "10.1.2.3", 0x0301, VERDICT_FAILED, OFFER_ID, OUTCOME_FAILED, -1, -1, 5}, ALERT},
    {{OLD, "10.1.2.3", 0, VERDICT_UNKNOWN, OFFER_UNKNOWN, OUTCOME_UNKNOWN, -1, -1, -1}, GAP},
    {{LONG, "10.1.2.3", 0x0303, VERDICT_FULL, NONE, 2, 2500.125, 1200}, ID},
    {{"=HYPERLINK(\"x\")\x1b[2J\xe2\x80\xae\xff,\\", "10.1.2.4", 0x0303, VERDICT_FULL, NONE, 1, 40,
      20},
     HOSTILE},
};

static void issue_ticket(struct handshake *handshake, size_t index, bool renewed)
{
    handshake->issued_ticket = (struct session_hash){true, {0xaa, (uint8_t)index}};
    handshake->lifetime_hint_s = index % 2 == 0 ? 7200 : 300;
    handshake->issued_ticket_bytes = 192;
    handshake->renewed = renewed;
}

static void set_age(struct record *record, size_t index)
{
    record->handshake.session_offered = (struct session_hash){true, {0xaa, (uint8_t)(index % 3)}};
    record->age_s = 60 * (int64_t)index;
}

static void set_hostile(struct handshake *handshake)
{
    handshake->alpn = records_text("\x00h2\"", 4);
    handshake->anomalies = 1U << ANOMALY_FALSE_START | 1U << ANOMALY_OVERLAP;
    handshake->certainty = CERTAINTY_LIKELY;
    handshake->hello_retries = 1;
}

static void set_extra(struct record *record, enum extra extra, size_t index)
{
    struct handshake *handshake = &record->handshake;

    switch (extra) {
    case NOTHING:
        break;
    case TICKET:
        issue_ticket(handshake, index, false);
        break;
    case RENEWED:
        issue_ticket(handshake, index, true);
        set_age(record, index);
        break;
    case ID:
        handshake->issued_id = (struct session_hash){true, {0x1d, (uint8_t)index}};
        break;
    case ALERT:
        handshake->reason = REASON_ALERT;
        handshake->alert = 40;
        break;
    case GAP:
        handshake->reason = REASON_GAP;
        break;
    case OUTER_HELLO:
        handshake->anomalies = 1U << ANOMALY_ENCRYPTED_CLIENT_HELLO;
        handshake->certainty = CERTAINTY_LIKELY;
        break;
    case EARLY:
        handshake->early_data = EARLY_DATA_ACCEPTED;
        break;
    case AGE:
        set_age(record, index);
        break;
    case HOSTILE:
        set_hostile(handshake);
        break;
    }
}

/* The tickets of TLS 1.3: two that the next handshake confirms, one of which the identity after it
 * is not, none for certain. */
static void set_tls13(struct handshake *handshake, size_t index)
{
    static const struct {
        size_t index;
        int64_t offered_bytes; /* 0: none */
        int64_t tickets;
        int64_t ticket_bytes;
    } told[] = {{11, 0, 2, 250}, {12, 245, 1, 250}, {13, 120, -1, 0}, {14, 0, 0, 0}};

    for (size_t i = 0; i < sizeof(told) / sizeof(told[0]); i++) {
        if (told[i].index == index) {
            handshake->offered_bytes =
                told[i].offered_bytes > 0 ? told[i].offered_bytes : HANDSHAKE_NULL;
            handshake->estimated_tickets = told[i].tickets < 0 ? HANDSHAKE_NULL : told[i].tickets;
            handshake->estimated_ticket_bytes =
                told[i].tickets > 0 ? told[i].ticket_bytes : HANDSHAKE_NULL;
        }
    }
}

size_t records_golden_count(void)
{
    return sizeof(golden) / sizeof(golden[0]);
}

struct record records_golden(size_t index)
{
    struct record record = records_make(&golden[index].spec);
    struct handshake *handshake = &record.handshake;
    bool is_full = handshake->verdict == VERDICT_FULL;

    record.id = (int64_t)index + 1;
    if (handshake->outcome == OUTCOME_REFUSED) {
        record.refusal_cause = REFUSAL_CAUSE_KEY_CHANGED;
        record.missed = MISSED_REFUSED;
        (void)strcpy(record.key_name, "26c1cf114d24fc4ccbc3cda1f37d9ddd");
    }
    record.missed = index == 4 ? MISSED_NOT_OFFERED : record.missed;
    handshake->time_ns += (int64_t)index * 3600 * records_s + 123456789;
    if (handshake->version != 0) {
        handshake->has_cipher = true;
        handshake->cipher = handshake->version == 0x0304 ? 0x1301 : 0xc02f;
    }
    if (is_full || verdict_is_resumed(handshake->verdict)) {
        handshake->bytes_client = is_full ? 600 : 550;
        handshake->bytes_server = is_full ? 4000 + (int64_t)index : 230;
    }
    (void)snprintf(handshake->messages, sizeof(handshake->messages), ">CH <SH %s",
                   is_full ? "<CERT" : "<CCS");
    (void)snprintf(record.app, sizeof(record.app), "%s", index % 2 == 0 ? "HTTP" : "");
    set_extra(&record, golden[index].extra, index);
    set_tls13(handshake, index);
    return record;
}

struct run_record records_golden_run(void)
{
    struct run_record run = {
        .id = 1,
        .started_ns = records_start_ns,
        .ended_ns = records_start_ns + 72000 * records_s,
        .first_frame_ns = records_start_ns,
        .last_frame_ns = records_start_ns + 72000 * records_s,
        .source = "read traffic.pcap",
        .packets_captured = 12345,
        .packets_received = 12340,
        .packets_dropped_kernel = HANDSHAKE_NULL,
        .packets_dropped_interface = 3,
        .packets_not_tcp = 100,
        .packets_undecodable = 1,
        .bytes = 9876543,
        .conversations = 60,
        .not_tls = 38,
        .mid_stream_tls = 2,
        .evicted_handshakes = 0,
        .evicted_conversations = 4,
        .not_reassembled_bytes = 1460,
        .damaged_files = 1,
        .unreadable_files = 0,
        .not_analysed_count = 4,
        .not_analysed = {{"ARP", 1204}, {"ICMPv6", 310}, {"ethertype 0x9999", 12}, {"ESP", 11}},
    };
    return run;
}

static const struct {
    const char *host;
    enum session_kind kind;
    int64_t issued_s; /* after the start; -1: not seen */
    int64_t hint_s;   /* -1: unknown */
    int64_t counts[3];
    int64_t ages[2]; /* -1: none */
} golden_sessions[] = {
    {WWW, SESSION_TICKET, 0, 7200, {2, 2, 0}, {7300, -1}},
    {WWW, SESSION_TICKET, 10, 300, {3, 1, 2}, {20, 100}},
    {WWW, SESSION_TICKET, 20, 0, {0, 0, 0}, {-1, -1}},
    {OLD, SESSION_ID, 5, -1, {1, 1, 0}, {30, -1}},
    {OLD, SESSION_TICKET, -1, -1, {1, 0, 1}, {-1, -1}},
    {LONG, SESSION_ID, 7, -1, {0, 0, 0}, {-1, -1}},
};

size_t records_golden_sessions(void)
{
    return sizeof(golden_sessions) / sizeof(golden_sessions[0]);
}

static int64_t or_null(int64_t value)
{
    return value < 0 ? HANDSHAKE_NULL : value;
}

struct session_record records_golden_session(size_t index)
{
    const char *host = golden_sessions[index].host;
    int64_t issued_s = golden_sessions[index].issued_s;
    bool was_offered = golden_sessions[index].counts[0] > 0;
    int64_t offered_ns = records_start_ns + 100 * records_s;

    return (struct session_record){
        .hash = {true, {0xaa, (uint8_t)index}},
        .kind = golden_sessions[index].kind,
        .host = records_text(host, strlen(host)),
        .server = records_endpoint("198.51.100.1", 443),
        .issued_ns = issued_s < 0 ? HANDSHAKE_NULL : records_start_ns + issued_s * records_s,
        .lifetime_hint_s = or_null(golden_sessions[index].hint_s),
        .bytes = golden_sessions[index].kind == SESSION_ID ? HANDSHAKE_NULL : 192,
        .is_renewal = index == 2,
        .offered_count = golden_sessions[index].counts[0],
        .accepted_count = golden_sessions[index].counts[1],
        .refused_count = golden_sessions[index].counts[2],
        .largest_accepted_age_s = or_null(golden_sessions[index].ages[0]),
        .smallest_refused_age_s = or_null(golden_sessions[index].ages[1]),
        .first_offered_ns = was_offered ? offered_ns : HANDSHAKE_NULL,
        .last_offered_ns = was_offered ? offered_ns : HANDSHAKE_NULL,
        .client = "192.0.2.7",
        .key_name = "26c1cf114d24fc4ccbc3cda1f37d9ddd",
        .chain_length = index == 2 ? 4 : 1,
        .chain_start_ns = issued_s < 0
                              ? HANDSHAKE_NULL
                              : records_start_ns + (issued_s - (index == 2 ? 900 : 0)) * records_s,
    };
}

static const struct {
    int64_t key;
    const char *name;
    const char *host;
    const char *server;
    int64_t seen_h[2]; /* hours after the start: first, last */
    int format;
    uint8_t warnings;
} golden_keys[] = {
    {1, "26c1cf114d24fc4ccbc3cda1f37d9ddd", WWW, "198.51.100.1", {0, 25}, TICKET_LAYOUT_OPENSSL, 0},
    {2,
     "80912c1609df5bafb51bdb1e3a3bcf1c",
     WWW,
     "198.51.100.1",
     {24, 49},
     TICKET_LAYOUT_OPENSSL,
     1U << TICKET_WARNING_REPEATED_IV},
    {3, "c0b46752a5cada997a28d7ebe7a17e31", WWW, "198.51.100.1", {48, 50}, -1, 0},
    {1, "26c1cf114d24fc4ccbc3cda1f37d9ddd", WWW, "198.51.100.2", {2, 20}, TICKET_LAYOUT_OPENSSL, 0},
    {4,
     "00000000",
     OLD,
     "198.51.100.3",
     {1, 1},
     TICKET_LAYOUT_JAVA,
     1U << TICKET_WARNING_ZERO_NAME | 1U << TICKET_WARNING_PLAINTEXT |
         1U << TICKET_WARNING_SEVERAL_CLIENTS},
    {1,
     "26c1cf114d24fc4ccbc3cda1f37d9ddd",
     "=HYPERLINK(\"x\")\x1b[2J\xe2\x80\xae\xff,\\",
     "198.51.100.1",
     {3, 4},
     TICKET_LAYOUT_OPENSSL,
     0},
};

size_t records_golden_keys(void)
{
    return sizeof(golden_keys) / sizeof(golden_keys[0]);
}

struct key_use_record records_golden_key(size_t index)
{
    const char *host = golden_keys[index].host;
    struct key_use_record use = {
        .key = golden_keys[index].key,
        .format = golden_keys[index].format,
        .warnings = golden_keys[index].warnings,
        .host = records_text(host, strlen(host)),
        .server = records_endpoint(golden_keys[index].server, 443),
        .first_seen_ns = records_start_ns + golden_keys[index].seen_h[0] * 3600 * records_s,
        .last_seen_ns = records_start_ns + golden_keys[index].seen_h[1] * 3600 * records_s,
        .issued_count = 10 * (int64_t)index + 3,
        .offered_count = 7 * (int64_t)index + 2,
        .accepted_count = 6 * (int64_t)index + 1,
        .refused_count = (int64_t)index,
    };

    (void)snprintf(use.name, sizeof(use.name), "%s", golden_keys[index].name);
    return use;
}
