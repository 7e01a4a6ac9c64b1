/* How long the record of a TLS 1.3 handshake is held back for what follows it. */
#include "tests/dissect/aftermath_story.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#define MS INT64_C(1000000)

static void a_second_of_silence_lets_it_go(void **state)
{
    struct wire wire;

    aftermath_finish_handshake(&wire, *state, 40000);
    const int64_t end_ns = wire.now_ns;
    aftermath_send_tickets(&wire, 1);
    dissector_tick(*state, end_ns + 999 * MS);
    aftermath_assert_nothing(*state);
    dissector_tick(*state, end_ns + 1000 * MS);

    const struct handshake handshake = aftermath_next(*state);
    aftermath_assert_estimate(&handshake, 1, 208);
    assert_int_equal(dissector_counters(*state)->evicted_handshakes, 0);
}

/* However many are held, and whoever's frame tells the time. */
static void what_comes_after_a_second_is_not_heard(void **state)
{
    struct wire wire[8];
    struct handshake handshake;

    for (uint16_t i = 0; i < 8; i++) {
        aftermath_finish_handshake(&wire[i], *state, (uint16_t)(40000 + i));
    }
    for (unsigned i = 0; i < 8; i++) {
        wire[i].now_ns += 1000 * MS;
        wire_application_data(&wire[i], WIRE_SERVER, STORY_TICKET);
        wire_application_data(&wire[i], WIRE_SERVER, STORY_TICKET);
    }
    for (unsigned i = 0; i < 8; i++) {
        handshake = aftermath_next(*state);
        aftermath_assert_estimate(&handshake, HANDSHAKE_NULL, HANDSHAKE_NULL);
    }
    aftermath_assert_nothing(*state);
}

/* Two hours back for one handshake and its first ticket; then the clock is where it was. */
static void a_clock_that_went_back_and_forth_is_no_wait(void **state)
{
    const int64_t noon_ns = 7200000 * MS;
    struct wire wire;

    dissector_tick(*state, noon_ns);
    aftermath_finish_handshake(&wire, *state, 40000);
    aftermath_send_tickets(&wire, 1);
    dissector_tick(*state, noon_ns - 500 * MS); /* of another interface, somewhat late */
    aftermath_assert_nothing(*state);
    wire.now_ns = noon_ns + 100 * MS;
    wire_application_data(&wire, WIRE_SERVER, STORY_TICKET);
    aftermath_assert_nothing(*state);
    wire.now_ns = noon_ns + 499 * MS;
    wire_application_data(&wire, WIRE_SERVER, STORY_ANSWER);

    const struct handshake handshake = aftermath_next(*state);
    aftermath_assert_estimate(&handshake, 2, 208);
}

/* From then on it is waited as ever. */
static void a_second_after_the_clock_came_back_lets_it_go(void **state)
{
    const int64_t noon_ns = 7200000 * MS;
    struct wire wire;

    dissector_tick(*state, noon_ns);
    aftermath_finish_handshake(&wire, *state, 40000);
    aftermath_send_tickets(&wire, 1);
    dissector_tick(*state, noon_ns);
    dissector_tick(*state, noon_ns + 999 * MS);
    aftermath_assert_nothing(*state);
    dissector_tick(*state, noon_ns + 1000 * MS);

    const struct handshake handshake = aftermath_next(*state);
    aftermath_assert_estimate(&handshake, 1, 208);
}

/* It is not cut: only whether one ticket is all is not known. */
static void the_end_of_the_capture_settles_it(void **state)
{
    struct wire one;
    struct wire two;

    aftermath_finish_handshake(&one, *state, 40000);
    aftermath_send_tickets(&one, 1);
    aftermath_finish_handshake(&two, *state, 40001);
    aftermath_send_tickets(&two, 2);
    aftermath_assert_nothing(*state);
    dissector_finish(*state);

    const struct handshake first = aftermath_next(*state);
    const struct handshake second = aftermath_next(*state);
    aftermath_assert_nothing(*state);
    aftermath_assert_estimate(&first, HANDSHAKE_NULL, HANDSHAKE_NULL);
    aftermath_assert_estimate(&second, 2, 208);
}

static void it_makes_room_for_a_handshake(void **state)
{
    struct dissector *narrow = aftermath_start_with(64, 1);
    struct wire held;
    struct wire other;

    (void)state;
    aftermath_finish_handshake(&held, narrow, 40000);
    aftermath_send_tickets(&held, 2);
    aftermath_assert_nothing(narrow);
    aftermath_finish_handshake(&other, narrow, 40001);

    const struct handshake handshake = aftermath_next(narrow);
    aftermath_assert_estimate(&handshake, 2, 208);
    assert_int_equal(dissector_counters(narrow)->evicted_handshakes, 0);
    dissector_free(narrow);
}

static void it_makes_room_for_a_connection(void **state)
{
    const uint16_t capacity = 64;
    struct dissector *narrow = aftermath_start_with(capacity, capacity);
    struct wire held;
    struct wire other;

    (void)state;
    aftermath_finish_handshake(&held, narrow, 40000);
    aftermath_send_tickets(&held, 2);
    for (uint16_t i = 1; i < capacity; i++) {
        aftermath_begin_handshake(&other, narrow, (uint16_t)(40000 + i));
    }
    aftermath_assert_nothing(narrow);
    wire_init(&other, narrow, 50000);
    wire_connect(&other);

    const struct handshake handshake = aftermath_next(narrow);
    aftermath_assert_estimate(&handshake, 2, 208);
    aftermath_assert_nothing(narrow);
    assert_int_equal(dissector_counters(narrow)->evicted_handshakes, 0);
    assert_int_equal(dissector_counters(narrow)->evicted_conversations, 1);
    dissector_free(narrow);
}

static void an_end_lets_it_go(void **state)
{
    const struct {
        unsigned from;
        uint8_t flags;
        int64_t tickets;
    } ends[] = {
        {WIRE_CLIENT, TCP_RST, HANDSHAKE_NULL},
        {WIRE_SERVER, TCP_RST | TCP_ACK, HANDSHAKE_NULL},
        {WIRE_CLIENT, TCP_FIN | TCP_ACK, HANDSHAKE_NULL},
        {WIRE_SERVER, TCP_FIN | TCP_ACK, 0}, /* it has said nothing since its Finished */
    };

    for (size_t i = 0; i < sizeof(ends) / sizeof(ends[0]); i++) {
        struct wire wire;
        aftermath_finish_handshake(&wire, *state, (uint16_t)(40000 + i));
        aftermath_assert_nothing(*state);
        wire_send(&wire, ends[i].from, ends[i].flags, NULL, 0);
        const struct handshake handshake = aftermath_next(*state);
        aftermath_assert_estimate(&handshake, ends[i].tickets, HANDSHAKE_NULL);
    }
}

static void a_reset_of_another_connection_does_not(void **state)
{
    struct wire wire;
    struct wire forged;

    aftermath_finish_handshake(&wire, *state, 40000);
    forged = wire;
    forged.next[WIRE_SERVER] += 1u << 30;
    wire_send(&forged, WIRE_SERVER, TCP_RST, NULL, 0);
    aftermath_assert_nothing(*state);
    aftermath_send_tickets(&wire, 2);
    wire_application_data(&wire, WIRE_SERVER, STORY_ANSWER);

    const struct handshake handshake = aftermath_next(*state);
    aftermath_assert_estimate(&handshake, 2, 208);
}

static void another_connection_on_the_same_ports_lets_it_go(void **state)
{
    struct wire wire;
    struct wire again;

    aftermath_finish_handshake(&wire, *state, 40000);
    aftermath_send_tickets(&wire, 2);
    wire_init(&again, *state, 40000);
    again.next[WIRE_CLIENT] = 0x70000000;
    again.now_ns = wire.now_ns;
    wire_connect(&again);

    const struct handshake handshake = aftermath_next(*state);
    aftermath_assert_estimate(&handshake, 2, 208);
    assert_int_equal(dissector_counters(*state)->conversations, 2);
}

static void another_handshake_on_the_connection_lets_it_go(void **state)
{
    struct wire wire;

    aftermath_finish_handshake(&wire, *state, 40000);
    aftermath_send_tickets(&wire, 2);
    wire_full(&wire, 0x11);

    const struct handshake first = aftermath_next(*state);
    const struct handshake second = aftermath_next(*state);
    aftermath_assert_nothing(*state);
    aftermath_assert_estimate(&first, 2, 208);
    assert_string_equal(second.messages, ">CH <SH <CERT <SHD >CKE >CCS >FIN <CCS <FIN");
}

/* It need not be there in full. */
static void the_header_of_a_long_answer_lets_it_go(void **state)
{
    const uint8_t header[] = {23, 3, 3, 0x40, 0x11};
    struct wire wire;

    aftermath_finish_handshake(&wire, *state, 40000);
    wire_application_data(&wire, WIRE_CLIENT, STORY_REQUEST);
    aftermath_send_tickets(&wire, 2);
    aftermath_assert_nothing(*state);
    wire_send(&wire, WIRE_SERVER, TCP_ACK, header, sizeof(header));

    const struct handshake handshake = aftermath_next(*state);
    aftermath_assert_estimate(&handshake, 2, 208);
}

/* RFC 8446, 5: a ChangeCipherSpec is passed over. There is an end to that, too: 16 384 bytes. */
static void dummies_are_not_heard_for_ever(void **state)
{
    enum { DUMMIES = 160, HEARD = 16384 };
    uint8_t *dummies = calloc(DUMMIES, 6);
    const uint8_t dummy[] = {20, 3, 3, 0, 1, 1};
    struct wire wire;

    assert_non_null(dummies);
    for (size_t i = 0; i < DUMMIES; i++) {
        memcpy(dummies + i * sizeof(dummy), dummy, sizeof(dummy));
    }
    aftermath_finish_handshake(&wire, *state, 40000);
    for (size_t heard = 0; heard < HEARD; heard += (size_t)DUMMIES * 6) {
        aftermath_assert_nothing(*state);
        wire_send(&wire, WIRE_SERVER, TCP_ACK, dummies, (size_t)DUMMIES * 6);
    }
    free(dummies);

    const struct handshake handshake = aftermath_next(*state);
    aftermath_assert_estimate(&handshake, HANDSHAKE_NULL, HANDSHAKE_NULL);
}

static void failed_handshakes_are_not_held(void **state)
{
    struct wire wire;

    aftermath_begin_handshake(&wire, *state, 40000);
    wire_alert(&wire, WIRE_CLIENT, 2, 48);

    const struct handshake handshake = aftermath_next(*state);
    assert_int_equal(handshake.verdict, VERDICT_FAILED);
    assert_true(handshake.estimated_tickets == HANDSHAKE_NULL);
}

/* In TLS <= 1.2 tickets are in clear. */
static void earlier_versions_are_not_held(void **state)
{
    struct wire wire;

    wire_init(&wire, *state, 40000);
    wire_connect(&wire);
    wire_full(&wire, 0x11);

    const struct handshake handshake = aftermath_next(*state);
    aftermath_assert_estimate(&handshake, HANDSHAKE_NULL, HANDSHAKE_NULL);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(a_second_of_silence_lets_it_go, aftermath_start,
                                        aftermath_stop),
        cmocka_unit_test_setup_teardown(what_comes_after_a_second_is_not_heard, aftermath_start,
                                        aftermath_stop),
        cmocka_unit_test_setup_teardown(a_clock_that_went_back_and_forth_is_no_wait,
                                        aftermath_start, aftermath_stop),
        cmocka_unit_test_setup_teardown(a_second_after_the_clock_came_back_lets_it_go,
                                        aftermath_start, aftermath_stop),
        cmocka_unit_test_setup_teardown(the_end_of_the_capture_settles_it, aftermath_start,
                                        aftermath_stop),
        cmocka_unit_test(it_makes_room_for_a_handshake),
        cmocka_unit_test(it_makes_room_for_a_connection),
        cmocka_unit_test_setup_teardown(an_end_lets_it_go, aftermath_start, aftermath_stop),
        cmocka_unit_test_setup_teardown(a_reset_of_another_connection_does_not, aftermath_start,
                                        aftermath_stop),
        cmocka_unit_test_setup_teardown(another_connection_on_the_same_ports_lets_it_go,
                                        aftermath_start, aftermath_stop),
        cmocka_unit_test_setup_teardown(another_handshake_on_the_connection_lets_it_go,
                                        aftermath_start, aftermath_stop),
        cmocka_unit_test_setup_teardown(the_header_of_a_long_answer_lets_it_go, aftermath_start,
                                        aftermath_stop),
        cmocka_unit_test_setup_teardown(dummies_are_not_heard_for_ever, aftermath_start,
                                        aftermath_stop),
        cmocka_unit_test_setup_teardown(failed_handshakes_are_not_held, aftermath_start,
                                        aftermath_stop),
        cmocka_unit_test_setup_teardown(earlier_versions_are_not_held, aftermath_start,
                                        aftermath_stop),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
