#include "tests/report/random_handshakes.h"

#include "tests/report/records.h"

#include <stdio.h>

enum { HOSTS = 6, CLIENTS = 40 };

/* SplitMix64. */
static uint64_t next_number(uint64_t *seed)
{
    uint64_t value = *seed += 0x9e3779b97f4a7c15;

    value = (value ^ (value >> 30)) * 0xbf58476d1ce4e5b9;
    value = (value ^ (value >> 27)) * 0x94d049bb133111eb;
    return value ^ (value >> 31);
}

int64_t random_handshakes_below(uint64_t *seed, uint64_t end)
{
    return (int64_t)(next_number(seed) % end);
}

static struct session_hash hash_of(int64_t host, int64_t client)
{
    struct session_hash hash = {.is_set = true, .bytes = {(uint8_t)host, (uint8_t)client, 1}};
    return hash;
}

/* What the client was issued, the host takes or refuses; or it takes it, and issues another one. */
static void offer(struct handshake *handshake, uint64_t *seed, int64_t host, int64_t client)
{
    const bool is_accepted = random_handshakes_below(seed, 4) != 0;

    handshake->offered = OFFER_TICKET;
    handshake->session_offered = hash_of(host, client);
    handshake->offered_bytes = 180;
    handshake->outcome = is_accepted ? OUTCOME_ACCEPTED : OUTCOME_REFUSED;
    handshake->verdict = is_accepted ? VERDICT_RESUMED_TICKET : VERDICT_FULL;
    handshake->rtts_tls = is_accepted ? 1 : 2;
    if (is_accepted && random_handshakes_below(seed, 40) == 0) {
        handshake->renewed = true;
        handshake->issued_ticket = hash_of(host, client);
        handshake->issued_ticket.bytes[3] = (uint8_t)(1 + random_handshakes_below(seed, 200));
        handshake->issued_ticket_bytes = 190;
        handshake->lifetime_hint_s = 300;
    }
}

struct handshake random_handshakes_one(uint64_t *seed, int64_t number)
{
    static const uint16_t versions[] = {0x0303, 0x0304};
    const int64_t host = random_handshakes_below(seed, HOSTS);
    const int64_t client = random_handshakes_below(seed, CLIENTS);
    struct handshake handshake;

    handshake_init(&handshake);
    handshake.time_ns =
        records_start_ns + number * 7 * records_s + random_handshakes_below(seed, 20) * records_s;
    handshake.client = records_endpoint("192.0.2.7", 50000);
    handshake.client.address[14] = (uint8_t)(client % 5);
    handshake.client.address[15] = (uint8_t)client;
    handshake.server = records_endpoint("198.51.100.1", 443);
    handshake.sni.len = (uint8_t)snprintf(handshake.sni.text, sizeof(handshake.sni.text),
                                          "host-%d.example", (int)host);
    handshake.version = versions[host % 2];
    handshake.verdict = random_handshakes_below(seed, 12) == 0 ? VERDICT_UNKNOWN : VERDICT_FULL;
    handshake.reason = handshake.verdict == VERDICT_UNKNOWN ? REASON_GAP : REASON_NONE;
    handshake.certainty =
        random_handshakes_below(seed, 9) == 0 ? CERTAINTY_LIKELY : CERTAINTY_CERTAIN;
    handshake.offered = OFFER_NONE;
    handshake.outcome = OUTCOME_NONE;
    handshake.rtts_tls = 2;
    handshake.rtts_stalled = (int8_t)random_handshakes_below(seed, 2);
    handshake.anomalies =
        random_handshakes_below(seed, 30) == 0 ? 1U << ANOMALY_ECHO_WITHOUT_RESUMPTION : 0;
    handshake.hello_retries = (uint8_t)(random_handshakes_below(seed, 20) == 0);
    if (handshake.verdict == VERDICT_FULL && random_handshakes_below(seed, 2) == 0) {
        offer(&handshake, seed, host, client);
    } else if (handshake.verdict == VERDICT_FULL) {
        handshake.issued_ticket = hash_of(host, client);
        handshake.issued_ticket_bytes = 180;
        handshake.lifetime_hint_s = 300 * (1 + random_handshakes_below(seed, 3));
    }
    if (random_handshakes_below(seed, 10) != 0) {
        handshake.rtt_client_ns = random_handshakes_below(seed, 30) * records_ms;
        handshake.rtt_server_ns = (20 + host) * records_ms;
        handshake.handshake_ns =
            handshake.rtts_tls * (60 * records_ms + random_handshakes_below(seed, 9999999));
        handshake.bytes_client = 300 + random_handshakes_below(seed, 200);
        handshake.bytes_server = handshake.rtts_tls * (1000 + random_handshakes_below(seed, 90));
    }
    return handshake;
}
