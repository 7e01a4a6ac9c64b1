#include "store/facts.h"

/* Where a field begins; it ends where the next one does. */
enum {
    AT_VERDICT = 0,
    AT_CERTAINTY = 3,
    AT_OFFERED = 4,
    AT_OUTCOME = 7,
    AT_EARLY_DATA = 10,
    AT_RENEWED = 12,
    AT_MISSED = 13,
    AT_TRANSPORT = 15,
    AT_SESSION_OFFERED = 17,
    AT_ISSUED_ID = 18,
    AT_ISSUED_TICKET = 19,
    AT_RTTS_TLS = 20,
    AT_RTTS_TCP = 28,
    AT_RTTS_STALLED = 36,
    AT_ENDING = 44,
    AT_HELLO_RETRIES = 53,
    AT_PLAIN_DURATIONS = 61,
};

_Static_assert(VERDICT_COUNT <= 8 && OFFER_COUNT <= 8 && OUTCOME_COUNT <= 8, "three bits each");
_Static_assert(EARLY_DATA_COUNT <= 4 && MISSED_COUNT <= 4 && TRANSPORT_COUNT <= 4, "two bits each");
_Static_assert(CERTAINTY_COUNT <= 2 && REASON_COUNT <= 256, "one bit, eight bits");
_Static_assert(HANDSHAKE_RTTS_NULL == -1, "one more than a count of round trips is its field");

static uint64_t at(unsigned value, unsigned shift)
{
    return (uint64_t)value << shift;
}

static unsigned field(uint64_t packed, unsigned shift, unsigned mask)
{
    return (unsigned)(packed >> shift) & mask;
}

static unsigned known(unsigned number, unsigned count)
{
    return number < count ? number : 0;
}

static int8_t rtts_of(unsigned number)
{
    if (number == 0 || number > INT8_MAX + 1) {
        return HANDSHAKE_RTTS_NULL;
    }
    return (int8_t)(number - 1);
}

static unsigned rtts_field(int8_t rtts)
{
    return rtts < 0 ? 0 : (unsigned)rtts + 1;
}

/* A fatal alert by its description, with this bit; else the reason. */
enum { ENDED_BY_ALERT = 0x100 };

static unsigned ending_field(const struct facts *facts)
{
    return facts->reason == REASON_ALERT ? ENDED_BY_ALERT | facts->alert : facts->reason;
}

static void read_ending(unsigned ending, struct facts *out)
{
    if ((ending & ENDED_BY_ALERT) != 0) {
        out->reason = REASON_ALERT;
        out->alert = (uint8_t)ending;
    } else {
        out->reason = known(ending, REASON_COUNT);
    }
}

struct facts facts_of_handshake(const struct handshake *handshake)
{
    return (struct facts){
        .verdict = handshake->verdict,
        .certainty = handshake->certainty,
        .offered = handshake->offered,
        .outcome = handshake->outcome,
        .early_data = handshake->early_data,
        .missed = MISSED_NOT,
        .transport = handshake->transport,
        .reason = handshake->reason,
        .renewed = handshake->renewed,
        .has_session_offered = handshake->session_offered.is_set,
        .has_issued_id = handshake->issued_id.is_set,
        .has_issued_ticket = handshake->issued_ticket.is_set,
        .rtts_tls = handshake->rtts_tls,
        .rtts_tcp = handshake->rtts_tcp,
        .rtts_stalled = handshake->rtts_stalled,
        .alert = handshake->reason == REASON_ALERT ? handshake->alert : 0,
        .hello_retries = handshake->hello_retries,
    };
}

int64_t facts_pack(const struct facts *facts)
{
    return (int64_t)(at(facts->verdict, AT_VERDICT) | at(facts->certainty, AT_CERTAINTY) |
                     at(facts->offered, AT_OFFERED) | at(facts->outcome, AT_OUTCOME) |
                     at(facts->early_data, AT_EARLY_DATA) | at(facts->renewed, AT_RENEWED) |
                     at(facts->missed, AT_MISSED) | at(facts->transport, AT_TRANSPORT) |
                     at(rtts_field(facts->rtts_tls), AT_RTTS_TLS) |
                     at(rtts_field(facts->rtts_tcp), AT_RTTS_TCP) |
                     at(rtts_field(facts->rtts_stalled), AT_RTTS_STALLED) |
                     at(facts->has_session_offered, AT_SESSION_OFFERED) |
                     at(facts->has_issued_id, AT_ISSUED_ID) |
                     at(facts->has_issued_ticket, AT_ISSUED_TICKET) |
                     at(ending_field(facts), AT_ENDING) |
                     at(facts->hello_retries, AT_HELLO_RETRIES) |
                     at(facts->has_plain_durations, AT_PLAIN_DURATIONS));
}

void facts_unpack(int64_t packed, struct facts *out)
{
    const uint64_t bits = (uint64_t)packed;

    *out = (struct facts){
        .verdict = known(field(bits, AT_VERDICT, 0x7), VERDICT_COUNT),
        .certainty = known(field(bits, AT_CERTAINTY, 0x1), CERTAINTY_COUNT),
        .offered = known(field(bits, AT_OFFERED, 0x7), OFFER_COUNT),
        .outcome = known(field(bits, AT_OUTCOME, 0x7), OUTCOME_COUNT),
        .early_data = known(field(bits, AT_EARLY_DATA, 0x3), EARLY_DATA_COUNT),
        .missed = known(field(bits, AT_MISSED, 0x3), MISSED_COUNT),
        .transport = known(field(bits, AT_TRANSPORT, 0x3), TRANSPORT_COUNT),
        .renewed = field(bits, AT_RENEWED, 0x1) != 0,
        .has_session_offered = field(bits, AT_SESSION_OFFERED, 0x1) != 0,
        .has_issued_id = field(bits, AT_ISSUED_ID, 0x1) != 0,
        .has_issued_ticket = field(bits, AT_ISSUED_TICKET, 0x1) != 0,
        .rtts_tls = rtts_of(field(bits, AT_RTTS_TLS, 0xff)),
        .rtts_tcp = rtts_of(field(bits, AT_RTTS_TCP, 0xff)),
        .rtts_stalled = rtts_of(field(bits, AT_RTTS_STALLED, 0xff)),
        .hello_retries = (uint8_t)field(bits, AT_HELLO_RETRIES, 0xff),
        .has_plain_durations = field(bits, AT_PLAIN_DURATIONS, 0x1) != 0,
    };
    read_ending(field(bits, AT_ENDING, 0x1ff), out);
}

int64_t facts_of_figures(int64_t packed)
{
    const uint64_t left_out = at(0x1, AT_SESSION_OFFERED) | at(0xff, AT_RTTS_TCP);

    return (int64_t)((uint64_t)packed & (at(1, AT_PLAIN_DURATIONS) - 1) & ~left_out);
}

enum verdict facts_verdict(int64_t packed)
{
    return known(field((uint64_t)packed, AT_VERDICT, 0x7), VERDICT_COUNT);
}

enum outcome facts_outcome(int64_t packed)
{
    return known(field((uint64_t)packed, AT_OUTCOME, 0x7), OUTCOME_COUNT);
}

enum missed facts_missed(int64_t packed)
{
    return known(field((uint64_t)packed, AT_MISSED, 0x3), MISSED_COUNT);
}

bool facts_has_issued_ticket(int64_t packed)
{
    return field((uint64_t)packed, AT_ISSUED_TICKET, 0x1) != 0;
}

bool facts_has_plain_durations(int64_t packed)
{
    return field((uint64_t)packed, AT_PLAIN_DURATIONS, 0x1) != 0;
}
