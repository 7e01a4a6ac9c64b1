#include "report/sample.h"

#include <string.h>

/* The memory of a report (report/summary.h). */
_Static_assert(sizeof(struct sample) == 64, "a sample has grown");

/* Times and sizes made up by a hostile capture are kept where sums and differences are safe. */
static const int64_t largest = INT64_MAX / 4;

static int64_t within_reason(int64_t value)
{
    if (value == HANDSHAKE_NULL) {
        return value;
    }
    if (value < -largest) {
        return -largest;
    }
    return value > largest ? largest : value;
}

static int64_t sum_of(int64_t a, int64_t b)
{
    if (a == HANDSHAKE_NULL || b == HANDSHAKE_NULL) {
        return HANDSHAKE_NULL;
    }
    return within_reason(within_reason(a) + within_reason(b));
}

/* In seconds: 68 years, so long nobody keeps a session. */
static int32_t age_of(const struct record *record)
{
    if (record->age_s == HANDSHAKE_NULL) {
        return 0;
    }
    if (record->age_s < -INT32_MAX) {
        return -INT32_MAX;
    }
    return record->age_s > INT32_MAX ? INT32_MAX : (int32_t)record->age_s;
}

/* A hint has 32 bits on the wire (RFC 5077, 3.3). */
static bool has_hint(const struct handshake *handshake)
{
    return handshake->issued_ticket.is_set && handshake->lifetime_hint_s >= 0 &&
           handshake->lifetime_hint_s <= UINT32_MAX;
}

static uint64_t network_of(const uint8_t address[16])
{
    static const uint8_t ipv4_mapped[12] = {[10] = 0xff, [11] = 0xff}; /* RFC 4291, 2.5.5.2 */
    bool is_ipv4 = memcmp(address, ipv4_mapped, sizeof(ipv4_mapped)) == 0;
    const uint8_t *prefix = is_ipv4 ? address + sizeof(ipv4_mapped) : address;
    uint64_t network = 0;

    for (int i = 0; i < (is_ipv4 ? 3 : 6); i++) {
        network = network << 8 | prefix[i];
    }
    return is_ipv4 ? network | (uint64_t)1 << 63 : network;
}

void sample_of(const struct record *record, struct sample *out)
{
    const struct handshake *handshake = &record->handshake;

    *out = (struct sample){
        .network = network_of(handshake->client.address),
        .time_ns = handshake->time_ns,
        .handshake_ns = within_reason(handshake->handshake_ns),
        .rtt_ns = sum_of(handshake->rtt_client_ns, handshake->rtt_server_ns),
        .bytes = sum_of(handshake->bytes_client, handshake->bytes_server),
        .age_s = age_of(record),
        .hint_s = has_hint(handshake) ? (uint32_t)handshake->lifetime_hint_s : 0,
        .cell = -1,
        .rtts_tls = handshake->rtts_tls,
        .rtts_stalled = handshake->rtts_stalled,
        .verdict = (uint8_t)(handshake->verdict & 0x07),
        .outcome = (uint8_t)(handshake->outcome & 0x07),
        .missed = (uint8_t)(record->missed & 0x03),
        .early_data = (uint8_t)(handshake->early_data & 0x07),
        .has_ticket = handshake->issued_ticket.is_set,
        .has_id = handshake->issued_id.is_set,
        .is_renewed = handshake->issued_ticket.is_set && handshake->renewed,
        .has_hint = has_hint(handshake),
        .has_age = record->age_s != HANDSHAKE_NULL,
    };
}
