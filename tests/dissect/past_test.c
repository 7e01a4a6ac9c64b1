#include "dissect/past.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#define MS INT64_C(1000000)

static struct past packed_and_back(const struct past *past, int64_t now_ns)
{
    const struct past_packed packed = past_pack(past);

    return past_unpack(&packed, now_ns);
}

static struct past past_of(uint32_t first, uint32_t length)
{
    struct past past = {.rtt_ns = {12345678, 4000000000}, .carrier = CARRIER_OTHER};

    beginning_note(&past.beginning, 0, first);
    beginning_note_end(&past.beginning, 0, first + length);
    beginning_touch(&past.beginning, 5000 * MS);
    return past;
}

static void nothing_known_stays_nothing_known(void **state)
{
    const struct past nothing = {.carrier = CARRIER_NONE};
    const struct past_packed zeros = {.side_and_carrier = 0};

    (void)state;
    const struct past past = packed_and_back(&nothing, 5000 * MS);
    const struct past from_zeros = past_unpack(&zeros, 5000 * MS);
    for (unsigned direction = 0; direction < 2; direction++) {
        assert_false(past.beginning.is_known[direction]);
        assert_false(from_zeros.beginning.is_known[direction]);
        assert_int_equal(past.rtt_ns[direction], 0);
    }
    assert_int_equal(past.carrier, CARRIER_NONE);
}

static void what_is_exact_stays_exact(void **state)
{
    const struct past before = past_of(0xfffffff0, 2000);

    (void)state;
    const struct past past = packed_and_back(&before, 6000 * MS);
    assert_int_equal(past.beginning.next[0], before.beginning.next[0]);
    assert_int_equal(past.beginning.first[0], 0xfffffff0); /* below 2048 bytes */
    assert_true(past.beginning.is_known[0]);
    assert_false(past.beginning.is_known[1]);
    assert_int_equal(past.rtt_ns[0], 12345000); /* above 8 ms */
    assert_int_equal(past.rtt_ns[1], 4000000000);
    assert_int_equal(past.carrier, CARRIER_OTHER);
}

static void short_round_trips_are_exact_and_long_ones_in_microseconds(void **state)
{
    (void)state;
    for (uint64_t rtt_ns = 1; rtt_ns <= UINT32_MAX; rtt_ns = rtt_ns * 5 / 4 + 1) {
        const struct past before = {.rtt_ns = {(uint32_t)rtt_ns, 1}};
        const struct past past = packed_and_back(&before, 0);
        const uint64_t expected_ns = rtt_ns < 8388608 ? rtt_ns : rtt_ns / 1000 * 1000;
        assert_int_equal(past.rtt_ns[0], expected_ns);
        assert_int_equal(past.rtt_ns[1], 1);
    }
}

static struct past known_past(const bool is_known[2], uint8_t client)
{
    struct past past = {.client = client};

    for (unsigned direction = 0; direction < 2; direction++) {
        if (is_known[direction]) {
            beginning_note(&past.beginning, direction, 1000 + direction);
            beginning_note_end(&past.beginning, direction, 3000 + direction);
        }
    }
    return past;
}

/* A SYN, or a hello, of the other side would begin another connection, or handshake. */
static void the_client_s_beginning_is_kept_or_the_only_one(void **state)
{
    const struct {
        bool is_known[2];
        uint8_t client;
        unsigned kept;
    } cases[] = {
        {{true, true}, 0, 0},  {{true, true}, 1, 1},  {{true, false}, 0, 0},
        {{true, false}, 1, 0}, {{false, true}, 0, 1}, {{false, true}, 1, 1},
    };

    (void)state;
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        const unsigned kept = cases[i].kept;
        const struct past before = known_past(cases[i].is_known, cases[i].client);
        const struct past past = packed_and_back(&before, 0);
        assert_true(past.beginning.is_known[kept]);
        assert_false(past.beginning.is_known[1 - kept]);
        assert_int_equal(past.beginning.first[kept], 1000 + kept);
        assert_int_equal(past.beginning.next[kept], 3000 + kept);
    }
}

static void the_first_byte_is_kept_within_a_thousandth_of_what_was_read(void **state)
{
    (void)state;
    for (uint64_t length = 1; length <= UINT32_MAX; length = length * 3 + 1) {
        const struct past before = past_of(77, (uint32_t)length);
        const struct past past = packed_and_back(&before, 6000 * MS);
        const uint32_t beyond = past.beginning.first[0] - 77;
        assert_true(beyond <= length / 1000 + 1);
        assert_int_equal(past.beginning.next[0], 77 + (uint32_t)length);
    }
}

/* The SYN right before the first byte, within a second of the last look, after that, and before
 * it: the connection made of the same packets again. */
static void a_late_syn_is_still_known_by_its_time(void **state)
{
    struct past before = past_of(1000, 30000);
    struct segment syn = {.flags = TCP_SYN, .sequence = 999};
    const struct {
        int64_t late_ms;
        bool is_known;
    } cases[] = {{0, true},
                 {1, true},
                 {500, true},
                 {1000, true},
                 {1001, false},
                 {-1, false},
                 /* read once more */ {60000, false},
                 {600000, false},
                 {16000000, false}};

    (void)state;
    for (int64_t seen_ms = 5000; seen_ms < 5020; seen_ms++) {
        beginning_touch(&before.beginning, seen_ms * MS);
        for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
            syn.time_ns = (seen_ms + cases[i].late_ms) * MS;
            const struct past past = packed_and_back(&before, syn.time_ns);
            assert_int_equal(beginning_has_syn(&past.beginning, &syn, 0), cases[i].is_known);
        }
    }
}

static void bytes_sent_once_more_are_still_known(void **state)
{
    const struct past before = past_of(1000, 30000);
    const struct past past = packed_and_back(&before, 6000 * MS);
    struct segment again = {.sequence = 1000};

    (void)state;
    assert_true(beginning_has_read(&past.beginning, &again, 0));
    again.sequence = 30999;
    assert_true(beginning_has_read(&past.beginning, &again, 0));
    again.sequence = 31000;
    assert_false(beginning_has_read(&past.beginning, &again, 0));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(nothing_known_stays_nothing_known),
        cmocka_unit_test(what_is_exact_stays_exact),
        cmocka_unit_test(short_round_trips_are_exact_and_long_ones_in_microseconds),
        cmocka_unit_test(the_client_s_beginning_is_kept_or_the_only_one),
        cmocka_unit_test(the_first_byte_is_kept_within_a_thousandth_of_what_was_read),
        cmocka_unit_test(a_late_syn_is_still_known_by_its_time),
        cmocka_unit_test(bytes_sent_once_more_are_still_known),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
