#include "tests/dissect/evasion_cases.h"

static void nothing(struct evasion_script *script, size_t at)
{
    (void)script;
    (void)at;
}

/* ---- Whole handshakes, by what is done at each packet with data ---- */

typedef void bend_one(struct evasion_script *script, size_t at);

/* Later packets first, so that what is inserted is not bent again. */
static void bend_data(struct evasion_script *script, bend_one *bend)
{
    for (size_t i = script->count; i-- > 0;) {
        if (evasion_has_data(script, i)) {
            bend(script, i);
        }
    }
}

static void bend_flights(struct evasion_script *script,
                         void (*bend)(struct evasion_script *, size_t, size_t))
{
    for (size_t i = 0; i < script->count; i++) {
        if (evasion_has_data(script, i)) {
            const size_t end = evasion_flight_end(script, i);
            bend(script, i, end);
            i = end - 1;
        }
    }
}

static void add_again(struct evasion_script *script, size_t at)
{
    evasion_insert(script, at + 1, &script->packets[at]);
}

static void add_first_half(struct evasion_script *script, size_t at)
{
    const struct evasion_packet *packet = &script->packets[at];
    const struct evasion_packet half = evasion_part(packet, 0, packet->len / 2);

    evasion_insert(script, at + 1, &half);
}

static void add_last_half(struct evasion_script *script, size_t at)
{
    const struct evasion_packet *packet = &script->packets[at];
    const uint16_t len = packet->len / 2;
    const struct evasion_packet half = evasion_part(packet, packet->len - len, len);

    evasion_insert(script, at + 1, &half);
}

static void add_last_half_before(struct evasion_script *script, size_t at)
{
    const struct evasion_packet *packet = &script->packets[at];
    const uint16_t len = packet->len / 2;
    const struct evasion_packet half = evasion_part(packet, packet->len - len, len);

    evasion_insert(script, at, &half);
}

static void add_first_half_before(struct evasion_script *script, size_t at)
{
    const struct evasion_packet *packet = &script->packets[at];
    const struct evasion_packet half = evasion_part(packet, 0, packet->len / 2);

    evasion_insert(script, at, &half);
}

static void add_garbled(struct evasion_script *script, size_t at)
{
    const struct evasion_packet garbled = evasion_garbled(&script->packets[at]);

    evasion_insert(script, at + 1, &garbled);
}

static void add_garbled_before(struct evasion_script *script, size_t at)
{
    const struct evasion_packet garbled = evasion_garbled(&script->packets[at]);

    evasion_insert(script, at, &garbled);
}

/* Cut in two, the second part first, then that again with other bytes, then the first part. */
static void conflict_while_waiting(struct evasion_script *script, size_t at)
{
    const struct evasion_packet whole = script->packets[at];
    const uint16_t len = whole.len / 2;
    const struct evasion_packet first = evasion_part(&whole, 0, len);
    const struct evasion_packet second = evasion_part(&whole, len, whole.len - len);
    const struct evasion_packet garbled = evasion_garbled(&second);

    script->packets[at] = second;
    evasion_insert(script, at + 1, &garbled);
    evasion_insert(script, at + 2, &first);
}

static void cut(struct evasion_script *script, size_t at, uint16_t step, bool is_reversed)
{
    const struct evasion_packet whole = script->packets[at];

    evasion_remove(script, at);
    size_t place = at;
    for (uint16_t from = 0; from < whole.len; from += step) {
        const uint16_t left = whole.len - from;
        const struct evasion_packet part = evasion_part(&whole, from, left < step ? left : step);
        evasion_insert(script, place, &part);
        place += is_reversed ? 0 : 1;
    }
}

static void cut_in_ones(struct evasion_script *script, size_t at)
{
    cut(script, at, 1, false);
}

static void cut_in_sevens(struct evasion_script *script, size_t at)
{
    cut(script, at, 7, false);
}

static void cut_in_halves_reversed(struct evasion_script *script, size_t at)
{
    cut(script, at, (uint16_t)(script->packets[at].len / 2 + 1), true);
}

/* The packet takes some of the next one's bytes too. */
static void reach_into_next(struct evasion_script *script, size_t at, bool is_garbled)
{
    struct evasion_packet *packet = &script->packets[at];
    const struct evasion_packet *next = packet + 1;

    if (!evasion_has_data(script, at + 1) || next->from != packet->from) {
        return;
    }
    for (uint16_t i = 0; i < next->len / 2; i++) {
        packet->payload[packet->len++] = is_garbled ? next->payload[i] ^ 0xff : next->payload[i];
    }
}

static void overlap_same(struct evasion_script *script, size_t at)
{
    reach_into_next(script, at, false);
}

static void overlap_different(struct evasion_script *script, size_t at)
{
    reach_into_next(script, at, true);
}

/* ---- Flights ---- */

static void swap_neighbours(struct evasion_script *script, size_t begin, size_t end)
{
    for (; begin + 1 < end; begin += 2) {
        evasion_swap(script, begin, begin + 1);
    }
}

static void put_last_first(struct evasion_script *script, size_t begin, size_t end)
{
    const struct evasion_packet last = script->packets[end - 1];

    evasion_remove(script, end - 1);
    evasion_insert(script, begin, &last);
}

static void join(struct evasion_script *script, size_t begin, size_t end)
{
    struct evasion_packet *first = &script->packets[begin];

    for (size_t i = begin + 1; i < end; i++) {
        const struct evasion_packet *next = &script->packets[begin + 1];
        for (uint16_t k = 0; k < next->len; k++) {
            first->payload[first->len++] = next->payload[k];
        }
        evasion_remove(script, begin + 1);
    }
}

/* ---- Everything ---- */

static void see_twice_at_once(struct evasion_script *script, size_t at)
{
    (void)at;
    for (size_t i = script->count; i-- > 0;) {
        add_again(script, i);
    }
}

/* The second tap is so many packets, and milliseconds, behind. */
static void see_twice_later(struct evasion_script *script, size_t packets, bool is_reordered)
{
    const size_t count = script->count;

    for (size_t i = count; i-- > 0;) {
        const struct evasion_packet copy = script->packets[i];
        const size_t later = is_reordered && i % 2 == 0 ? packets + 2 : packets;
        const size_t place = i + later;
        evasion_insert(script, place < script->count ? place : script->count, &copy);
    }
}

static void see_twice_a_millisecond_apart(struct evasion_script *script, size_t at)
{
    (void)at;
    see_twice_later(script, 2, false);
}

static void see_twice_reordered(struct evasion_script *script, size_t at)
{
    (void)at;
    see_twice_later(script, 2, true);
}

static void see_all_again_afterwards(struct evasion_script *script, size_t at)
{
    (void)at;
    const size_t count = script->count;

    for (size_t i = 0; i < count; i++) {
        evasion_insert(script, script->count, &script->packets[i]);
    }
}

static void reverse_pairs(struct evasion_script *script, size_t at)
{
    (void)at;
    for (size_t i = 0; i + 1 < script->count; i += 2) {
        evasion_swap(script, i, i + 1);
    }
}

static void reverse_all(struct evasion_script *script, size_t at)
{
    (void)at;
    evasion_reverse(script, 0, script->count);
}

static void swap_with_next(struct evasion_script *script, size_t at)
{
    if (at + 1 < script->count) {
        evasion_swap(script, at, at + 1);
    }
}

/* ---- Adapters: one name for each row ---- */

#define BEND_DATA(name, one)                                                                       \
    static void name(struct evasion_script *script, size_t at)                                     \
    {                                                                                              \
        (void)at;                                                                                  \
        bend_data(script, one);                                                                    \
    }
#define BEND_FLIGHTS(name, one)                                                                    \
    static void name(struct evasion_script *script, size_t at)                                     \
    {                                                                                              \
        (void)at;                                                                                  \
        bend_flights(script, one);                                                                 \
    }

BEND_DATA(all_again, add_again)
BEND_DATA(all_first_halves, add_first_half)
BEND_DATA(all_last_halves, add_last_half)
BEND_DATA(all_last_halves_before, add_last_half_before)
BEND_DATA(all_first_halves_before, add_first_half_before)
BEND_DATA(all_garbled, add_garbled)
BEND_DATA(all_garbled_before, add_garbled_before)
BEND_DATA(all_conflicting, conflict_while_waiting)
BEND_DATA(all_in_ones, cut_in_ones)
BEND_DATA(all_in_sevens, cut_in_sevens)
BEND_DATA(all_halves_reversed, cut_in_halves_reversed)
BEND_DATA(all_overlapping, overlap_same)
BEND_DATA(all_overlapping_garbled, overlap_different)
BEND_FLIGHTS(flights_swapped, swap_neighbours)
BEND_FLIGHTS(flights_reversed, evasion_reverse)
BEND_FLIGHTS(flights_last_first, put_last_first)
BEND_FLIGHTS(flights_joined, join)

const struct evasion_case evasion_order_cases[] = {
    {"nothing is done", EVASION_SAME, false, nothing},
    {"each segment retransmitted", EVASION_SAME, false, all_again},
    {"one segment retransmitted", EVASION_SAME, true, add_again},
    {"first halves retransmitted", EVASION_SAME, false, all_first_halves},
    {"last halves retransmitted", EVASION_SAME, false, all_last_halves},
    {"last halves first, then the whole", EVASION_SAME, false, all_last_halves_before},
    {"first halves first, then the whole", EVASION_SAME, false, all_first_halves_before},
    {"retransmitted with other bytes", EVASION_SAME, false, all_garbled},
    {"other bytes first", EVASION_LESS, false, all_garbled_before},
    {"other bytes first, one segment", EVASION_LESS, true, add_garbled_before},
    {"other bytes while the first wait", EVASION_SAME, false, all_conflicting},
    {"one byte a segment", EVASION_SAME, false, all_in_ones},
    {"seven bytes a segment", EVASION_SAME, false, all_in_sevens},
    {"halves in reverse", EVASION_SAME, false, all_halves_reversed},
    {"overlapping the next, same bytes", EVASION_SAME, false, all_overlapping},
    {"overlapping the next, other bytes", EVASION_LESS, false, all_overlapping_garbled},
    {"neighbours of a flight swapped", EVASION_SAME, false, flights_swapped},
    {"flights in reverse", EVASION_SAME, false, flights_reversed},
    {"last of a flight first", EVASION_SAME, false, flights_last_first},
    {"flights in one segment", EVASION_SAME, false, flights_joined},
    {"two taps, at once", EVASION_SAME, false, see_twice_at_once},
    {"two taps, a millisecond apart", EVASION_SAME, false, see_twice_a_millisecond_apart},
    {"two taps, the second reordered", EVASION_SAME, false, see_twice_reordered},
    {"two taps, the second after the end", EVASION_SAME, false, see_all_again_afterwards},
    {"each two packets swapped", EVASION_SAME, false, reverse_pairs},
    {"any two packets swapped", EVASION_SAME, true, swap_with_next},
    {"everything in reverse", EVASION_LESS, false, reverse_all},
};

const size_t evasion_order_case_count =
    sizeof(evasion_order_cases) / sizeof(evasion_order_cases[0]);
