#include "store/durations.h"

#include "dissect/handshake.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include <string.h>

static const struct durations unknown = {HANDSHAKE_NULL, HANDSHAKE_NULL, HANDSHAKE_NULL,
                                         HANDSHAKE_NULL, HANDSHAKE_NULL};

static void assert_comes_back(const struct durations *durations)
{
    struct packed_durations packed;
    struct durations out;

    durations_pack(durations, &packed);
    durations_unpack(&packed, durations_are_plain(durations), &out);
    assert_int_equal(out.rtt_client_ns, durations->rtt_client_ns);
    assert_int_equal(out.rtt_server_ns, durations->rtt_server_ns);
    assert_int_equal(out.server_think_ns, durations->server_think_ns);
    assert_int_equal(out.handshake_ns, durations->handshake_ns);
    assert_int_equal(out.setup_ns, durations->setup_ns);
}

static void whole_microseconds_are_stored_as_such(void **state)
{
    (void)state;
    /* 3 + 7 ms of path, 1 ms of thinking: 11 ms; from the SYN 10 ms more. 20 us are the client's.
     */
    const struct durations durations = {3000000, 7000000, 1000000, 11020000, 21050000};
    struct packed_durations packed;

    durations_pack(&durations, &packed);
    assert_int_equal(packed.rtt_client, 2 * 3000);
    assert_int_equal(packed.rtt_server, 2 * 7000);
    assert_int_equal(packed.server_think, 2 * 1000);
    assert_int_equal(packed.handshake_rest, 2 * 20);
    assert_int_equal(packed.setup_rest, 2 * 30);
    assert_comes_back(&durations);
}

static void nanoseconds_are_not_lost(void **state)
{
    (void)state;
    const struct durations durations = {3000001, 7000999, 1, 11020003, -21050007};
    struct packed_durations packed;

    durations_pack(&durations, &packed);
    assert_int_equal(packed.rtt_client, 2 * 3000001 + 1);
    assert_int_equal(packed.server_think, 3);
    assert_comes_back(&durations);
}

/* Each of them known or not, whatever the others are. */
static void what_is_not_known_stays_unknown(void **state)
{
    (void)state;

    for (unsigned known = 0; known < 32; known++) {
        struct durations durations = unknown;
        durations.rtt_client_ns = (known & 1) != 0 ? -5000 : HANDSHAKE_NULL;
        durations.rtt_server_ns = (known & 2) != 0 ? 70 : HANDSHAKE_NULL;
        durations.server_think_ns = (known & 4) != 0 ? 0 : HANDSHAKE_NULL;
        durations.handshake_ns = (known & 8) != 0 ? 123456789 : HANDSHAKE_NULL;
        durations.setup_ns = (known & 16) != 0 ? INT64_C(9876543210) : HANDSHAKE_NULL;
        assert_comes_back(&durations);
    }
}

static void what_is_longer_than_nine_years_is_stored_as_it_is(void **state)
{
    (void)state;
    const int64_t longest = INT64_C(1) << 58;
    const int64_t numbers[] = {longest + 1, -longest - 1, INT64_MAX, INT64_MIN + 1};
    const struct durations just = {longest, -longest, -longest, longest, -longest};

    assert_false(durations_are_plain(&just));
    assert_comes_back(&just);
    for (size_t i = 0; i < sizeof(numbers) / sizeof(numbers[0]); i++) {
        struct durations durations[] = {just, just, just, just, just};
        durations[0].rtt_client_ns = numbers[i];
        durations[1].rtt_server_ns = numbers[i];
        durations[2].server_think_ns = numbers[i];
        durations[3].handshake_ns = numbers[i];
        durations[4].setup_ns = numbers[i];
        for (size_t which = 0; which < 5; which++) {
            assert_true(durations_are_plain(&durations[which]));
            assert_comes_back(&durations[which]);
        }
    }
}

static void any_numbers_give_some(void **state)
{
    (void)state;
    const int64_t numbers[] = {INT64_MIN, INT64_MAX, INT64_MAX - 1, 0, -1};

    for (size_t i = 0; i < sizeof(numbers) / sizeof(numbers[0]); i++) {
        const struct packed_durations packed = {numbers[i], numbers[i], numbers[i], numbers[i],
                                                numbers[i]};
        struct durations out;
        memset(&out, 7, sizeof(out));
        durations_unpack(&packed, false, &out);
        assert_true(i != 3 || out.setup_ns == 0);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(whole_microseconds_are_stored_as_such),
        cmocka_unit_test(nanoseconds_are_not_lost),
        cmocka_unit_test(what_is_not_known_stays_unknown),
        cmocka_unit_test(what_is_longer_than_nine_years_is_stored_as_it_is),
        cmocka_unit_test(any_numbers_give_some),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
