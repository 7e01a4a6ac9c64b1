/* What rollups keep of numbers. */
#include "store/rollup.h"

#include "store/address.h"

enum { KEPT_BITS = 8, CODES_EACH = 1 << (KEPT_BITS - 1), EXACT = 1 << KEPT_BITS };

_Static_assert(ROLLUP_CODES == (64 - KEPT_BITS + 1) * CODES_EACH + 1, "2^63 has the last code");

uint32_t rollup_code(int64_t value)
{
    const uint64_t number = value < 0 ? 0 : (uint64_t)value;

    if (number < EXACT) {
        return (uint32_t)number;
    }
    const unsigned dropped = 64 - KEPT_BITS - (unsigned)__builtin_clzll(number);
    const uint64_t kept = (number + (UINT64_C(1) << (dropped - 1))) >> dropped;
    return dropped * CODES_EACH + (uint32_t)kept; /* also where rounding made one bit more */
}

int64_t rollup_value(uint64_t code)
{
    if (code < EXACT) {
        return (int64_t)code;
    }
    if (code >= ROLLUP_CODES - 1) {
        return INT64_MAX;
    }
    const unsigned dropped = (unsigned)(code / CODES_EACH) - 1;
    return (int64_t)((code - (uint64_t)dropped * CODES_EACH) << dropped);
}

static const int64_t second_ns = 1000000000;
static const uint64_t sign_bit = UINT64_C(1) << 63; /* flipped, numbers are in order as unsigned */

/* As multiples of the step. */
static int64_t floor_of(int64_t number, int64_t step)
{
    return number / step - (number % step < 0);
}

uint64_t rollup_slot_code(int64_t begin_s)
{
    return (uint64_t)begin_s ^ sign_bit;
}

int64_t rollup_slot_s(uint64_t code)
{
    return (int64_t)(code ^ sign_bit);
}

int64_t rollup_slot_of(int64_t time_ns, int64_t slot_s)
{
    return floor_of(floor_of(time_ns, second_ns), slot_s) * slot_s;
}

uint64_t rollup_network(const uint8_t address[16])
{
    const bool is_ipv4 = address_is_ipv4(address);
    const uint8_t *prefix = is_ipv4 ? address + 12 : address;
    uint64_t network = 0;

    for (int i = 0; i < (is_ipv4 ? 3 : 6); i++) {
        network = network << 8 | prefix[i];
    }
    return network << 1 | is_ipv4;
}

static const int64_t largest = INT64_MAX / 4;

int64_t rollup_sane(int64_t value)
{
    if (value == HANDSHAKE_NULL) {
        return value;
    }
    if (value < -largest) {
        return -largest;
    }
    return value > largest ? largest : value;
}

int64_t rollup_sane_sum(int64_t a, int64_t b)
{
    if (a == HANDSHAKE_NULL || b == HANDSHAKE_NULL) {
        return HANDSHAKE_NULL;
    }
    return rollup_sane(rollup_sane(a) + rollup_sane(b));
}

int64_t rollup_sane_age(int64_t age_s)
{
    if (age_s == HANDSHAKE_NULL) {
        return age_s;
    }
    if (age_s < -INT32_MAX) {
        return -INT32_MAX;
    }
    return age_s > INT32_MAX ? INT32_MAX : age_s;
}

static uint64_t widened(uint64_t code, int64_t slot_s)
{
    const int64_t slot = floor_of(rollup_slot_s(code), slot_s);
    int64_t begin_s;

    if (__builtin_mul_overflow(slot, slot_s, &begin_s)) {
        begin_s = INT64_MIN / slot_s * slot_s;
    }
    return rollup_slot_code(begin_s);
}

void rollup_widen_slots(struct rollup *rollup, int64_t slot_s)
{
    for (size_t i = 0; i < rollup->tally_count; i++) {
        struct rollup_tally *tally = &rollup->tallies[i];
        if (rollup_head_kind(tally->head) == ROLLUP_SLOTS) {
            tally->code = widened(tally->code, slot_s);
        }
    }
}
