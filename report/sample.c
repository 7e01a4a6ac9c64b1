#include "report/sample.h"

/* The memory of a report (report/summary.h). */
_Static_assert(sizeof(struct sample) == 64, "a sample has grown");

/* A hint has 32 bits on the wire (RFC 5077, 3.3). */
static bool has_hint(const struct handshake *handshake)
{
    return handshake->issued_ticket.is_set && handshake->lifetime_hint_s >= 0 &&
           handshake->lifetime_hint_s <= UINT32_MAX;
}

void sample_of(const struct record *record, struct sample *out)
{
    const struct handshake *handshake = &record->handshake;

    *out = (struct sample){
        .network = rollup_network(handshake->client.address),
        .time_ns = handshake->time_ns,
        .handshake_ns = rollup_sane(handshake->handshake_ns),
        .rtt_ns = rollup_sane_sum(handshake->rtt_client_ns, handshake->rtt_server_ns),
        .bytes = rollup_sane_sum(handshake->bytes_client, handshake->bytes_server),
        .age_s = record->age_s == HANDSHAKE_NULL ? 0 : (int32_t)rollup_sane_age(record->age_s),
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
