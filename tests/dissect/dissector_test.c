#include "dissect/dissector.h"

#include "tests/dissect/wire.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>
#include <string.h>

#define MS INT64_C(1000000)

static struct dissector *new_dissector(uint32_t conversations, uint32_t handshakes)
{
    struct dissector_options options;
    struct error error = {""};

    dissector_options_init(&options);
    options.max_conversations = conversations;
    options.max_handshakes = handshakes;
    struct dissector *dissector = dissector_new(&options, &error);
    assert_non_null(dissector);
    return dissector;
}

static int start(void **state)
{
    *state = new_dissector(64, 16);
    return 0;
}

static int stop(void **state)
{
    dissector_free(*state);
    return 0;
}

static struct handshake only_one(struct dissector *dissector)
{
    struct handshake handshake;
    struct handshake other;

    assert_true(dissector_next(dissector, &handshake));
    assert_false(dissector_next(dissector, &other));
    return handshake;
}

static void assert_nothing(struct dissector *dissector)
{
    struct handshake handshake;

    assert_false(dissector_next(dissector, &handshake));
}

static void a_full_handshake_gives_its_record_with_its_last_byte(void **state)
{
    struct wire wire;
    wire_init(&wire, *state, 40000);
    wire_connect(&wire);
    const int64_t began_ns = wire.now_ns;
    wire_full(&wire, 0x11);
    const struct handshake handshake = only_one(*state);
    assert_int_equal(handshake.verdict, VERDICT_FULL);
    assert_int_equal(handshake.version, 0x0303);
    assert_int_equal(handshake.cipher, 0xc02f);
    assert_true(handshake.time_ns == began_ns);
    assert_int_equal(handshake.client.port, 40000);
    assert_int_equal(handshake.server.port, 443);
    assert_int_equal(handshake.rtts_tcp, 1);
    assert_int_equal(handshake.rtts_tls, 2);
    assert_int_equal(handshake.rtt_client_ns, 10 * MS);
    assert_int_equal(handshake.rtt_server_ns, 20 * MS);
    assert_int_equal(handshake.handshake_ns, 60 * MS);
    assert_int_equal(handshake.setup_ns, 90 * MS);
    assert_int_equal(handshake.server_think_ns, 0);
    assert_true(handshake.issued_id.is_set);
    assert_false(handshake.session_offered.is_set);
    assert_string_equal(handshake.messages, ">CH <SH <CERT <SHD >CKE >CCS >FIN <CCS <FIN");
}

static void a_resumed_id_is_the_hash_of_the_issued_one(void **state)
{
    struct wire wire;
    wire_init(&wire, *state, 40000);
    wire_connect(&wire);
    wire_full(&wire, 0x11);
    const struct handshake full = only_one(*state);
    wire_init(&wire, *state, 40001);
    wire_connect(&wire);
    wire_resume(&wire, 0x11);
    const struct handshake resumed = only_one(*state);
    assert_int_equal(resumed.verdict, VERDICT_RESUMED_ID);
    assert_int_equal(resumed.outcome, OUTCOME_ACCEPTED);
    assert_int_equal(resumed.rtts_tls, 1);
    assert_int_equal(resumed.handshake_ns, 30 * MS);
    assert_memory_equal(resumed.session_offered.bytes, full.issued_id.bytes, 16);
    assert_false(resumed.issued_id.is_set);
}

static void nothing_is_said_twice_about_a_conversation(void **state)
{
    struct wire wire;
    wire_init(&wire, *state, 40000);
    wire_connect(&wire);
    wire_full(&wire, 0x11);
    (void)only_one(*state);
    wire_application_data(&wire, WIRE_CLIENT, 500);
    wire_application_data(&wire, WIRE_SERVER, 900);
    wire_send(&wire, WIRE_CLIENT, TCP_FIN | TCP_ACK, NULL, 0);
    wire_send(&wire, WIRE_SERVER, TCP_FIN | TCP_ACK, NULL, 0);
    wire_send(&wire, WIRE_CLIENT, TCP_RST, NULL, 0);
    dissector_finish(*state);
    assert_nothing(*state);
    assert_int_equal(dissector_counters(*state)->conversations, 1);
}

static void the_same_ports_are_another_connection_after_another_syn(void **state)
{
    struct wire wire;
    wire_init(&wire, *state, 40000);
    for (int i = 0; i < 3; i++) {
        wire.next[WIRE_CLIENT] += 70000;
        wire.next[WIRE_SERVER] += 90000;
        wire_connect(&wire);
        wire_full(&wire, 0x11);
        assert_int_equal(only_one(*state).verdict, VERDICT_FULL);
    }
    assert_int_equal(dissector_counters(*state)->conversations, 3);
}

static void an_unfinished_handshake_is_reported_when_its_ports_are_reused(void **state)
{
    struct wire wire;
    wire_init(&wire, *state, 40000);
    wire_connect(&wire);
    wire_client_hello(&wire, 0, 0);
    wire.next[WIRE_CLIENT] += 70000;
    wire_connect(&wire);
    const struct handshake handshake = only_one(*state);
    assert_int_equal(handshake.verdict, VERDICT_UNKNOWN);
    wire_full(&wire, 0x22);
    assert_int_equal(only_one(*state).verdict, VERDICT_FULL);
}

static void the_end_of_the_capture_cuts_what_is_open(void **state)
{
    struct wire wire;
    wire_init(&wire, *state, 40000);
    wire_connect(&wire);
    wire_client_hello(&wire, 0x33, 32);
    wire_server_hello(&wire, 0x33, 32);
    assert_nothing(*state);
    dissector_finish(*state);
    const struct handshake handshake = only_one(*state);
    assert_int_equal(handshake.verdict, VERDICT_UNKNOWN);
    assert_int_equal(handshake.reason, REASON_CUT);
    assert_int_equal(handshake.offered, OFFER_ID);
}

static void a_closed_connection_ends_without_waiting(void **state)
{
    struct wire wire;
    wire_init(&wire, *state, 40000);
    wire_connect(&wire);
    wire_client_hello(&wire, 0x33, 32);
    wire_send(&wire, WIRE_SERVER, TCP_FIN | TCP_ACK, NULL, 0);
    assert_nothing(*state);
    wire_send(&wire, WIRE_CLIENT, TCP_FIN | TCP_ACK, NULL, 0);
    const struct handshake handshake = only_one(*state);
    assert_int_equal(handshake.verdict, VERDICT_UNKNOWN);
    assert_int_equal(handshake.reason, REASON_NO_SERVER_HELLO);
}

static void a_reset_in_the_handshake_is_a_failure(void **state)
{
    struct wire wire;
    wire_init(&wire, *state, 40000);
    wire_connect(&wire);
    wire_client_hello(&wire, 0x33, 32);
    wire_send(&wire, WIRE_SERVER, TCP_RST | TCP_ACK, NULL, 0);
    assert_nothing(*state);
    dissector_tick(*state, wire.now_ns + 2000 * MS);
    const struct handshake handshake = only_one(*state);
    assert_int_equal(dissector_counters(*state)->evicted_handshakes, 0);
    assert_int_equal(handshake.verdict, VERDICT_FAILED);
    assert_int_equal(handshake.reason, REASON_RESET);
}

static void what_was_under_way_at_a_reset_still_counts(void **state)
{
    struct wire wire;
    wire_init(&wire, *state, 40000);
    wire_connect(&wire);
    wire_client_hello(&wire, 0x33, 32);
    wire_send(&wire, WIRE_CLIENT, TCP_RST | TCP_ACK, NULL, 0);
    wire_server_hello(&wire, 0x44, 32);
    wire_server_flight(&wire);
    const struct handshake handshake = only_one(*state);
    assert_int_equal(handshake.verdict, VERDICT_FULL);
    assert_int_equal(handshake.outcome, OUTCOME_REFUSED);
}

static void a_reset_far_outside_the_stream_is_not_believed(void **state)
{
    struct wire wire;
    struct wire forged;
    wire_init(&wire, *state, 40000);
    wire_connect(&wire);
    wire_client_hello(&wire, 0, 0);
    forged = wire;
    forged.next[WIRE_CLIENT] += 500000000;
    wire_send(&forged, WIRE_CLIENT, TCP_RST, NULL, 0);
    assert_nothing(*state);
    dissector_finish(*state);
    assert_int_equal(only_one(*state).verdict, VERDICT_UNKNOWN);
}

static void silence_ends_a_handshake(void **state)
{
    struct wire wire;
    wire_init(&wire, *state, 40000);
    wire_connect(&wire);
    wire_client_hello(&wire, 0, 0);
    dissector_tick(*state, wire.now_ns + 60000 * MS);
    assert_nothing(*state);
    dissector_tick(*state, wire.now_ns + 121000 * MS);
    assert_int_equal(only_one(*state).reason, REASON_CLIENT_ONLY);
    assert_int_equal(dissector_counters(*state)->evicted_handshakes, 1);
}

static void a_clock_that_jumps_ahead_makes_no_handshake_of_weeks(void **state)
{
    struct wire wires[8];
    struct handshake handshake;
    unsigned count = 0;
    for (uint16_t i = 0; i < 8; i++) {
        wire_init(&wires[i], *state, (uint16_t)(40000 + i));
        wire_connect(&wires[i]);
        wire_client_hello(&wires[i], 0, 0);
    }
    wires[7].now_ns += INT64_C(31) * 86400 * 1000 * MS;
    wire_server_hello(&wires[7], 0x44, 32);
    wire_server_flight(&wires[7]);
    wire_client_key_exchange(&wires[7]);
    wire_finished(&wires[7], WIRE_CLIENT);
    wire_finished(&wires[7], WIRE_SERVER);
    while (dissector_next(*state, &handshake)) {
        assert_int_equal(handshake.verdict, VERDICT_UNKNOWN);
        assert_true(handshake.handshake_ns == HANDSHAKE_NULL);
        count++;
    }
    assert_int_equal(count, 8);
}

static void a_lost_server_flight_is_no_resumption(void **state)
{
    struct wire wire;
    wire_init(&wire, *state, 40000);
    wire_connect(&wire);
    wire_client_hello(&wire, 0x33, 32);
    wire_server_hello(&wire, 0x33, 32);
    wire_lose(&wire, 322, WIRE_SERVER); /* Certificate and ServerHelloDone */
    wire_client_key_exchange(&wire);
    wire_finished(&wire, WIRE_CLIENT);
    wire_finished(&wire, WIRE_SERVER);
    dissector_finish(*state);
    const struct handshake handshake = only_one(*state);
    assert_int_equal(handshake.verdict, VERDICT_FULL);
    assert_int_equal(handshake.outcome, OUTCOME_REFUSED);
    assert_int_equal(handshake.rtts_tls, HANDSHAKE_RTTS_NULL);
    assert_int_equal(dissector_counters(*state)->not_reassembled_bytes, 322);
}

static void a_capture_that_begins_at_the_key_exchange_is_full_with_offer_unknown(void **state)
{
    struct wire wire;
    wire_init(&wire, *state, 40000);
    wire_client_key_exchange(&wire);
    wire_finished(&wire, WIRE_CLIENT);
    wire_finished(&wire, WIRE_SERVER);
    const struct handshake handshake = only_one(*state);
    assert_int_equal(handshake.verdict, VERDICT_FULL);
    assert_int_equal(handshake.offered, OFFER_UNKNOWN);
    assert_int_equal(handshake.client.port, 40000);
    assert_int_equal(handshake.rtts_tcp, HANDSHAKE_RTTS_NULL);
}

static void a_capture_that_begins_after_the_handshake_is_counted_not_reported(void **state)
{
    struct wire wire;
    wire_init(&wire, *state, 40000);
    wire_application_data(&wire, WIRE_SERVER, 900);
    wire_application_data(&wire, WIRE_CLIENT, 100);
    dissector_finish(*state);
    assert_nothing(*state);
    assert_int_equal(dissector_counters(*state)->mid_stream_tls, 1);
}

static void another_protocol_is_counted_not_reported(void **state)
{
    static const uint8_t ssh[] = "SSH-2.0-OpenSSH_9.2p1 Debian-2\r\n";
    struct wire wire;
    wire_init(&wire, *state, 40000);
    wire_connect(&wire);
    wire_send(&wire, WIRE_SERVER, TCP_ACK | TCP_PSH, ssh, sizeof(ssh) - 1);
    wire_send(&wire, WIRE_CLIENT, TCP_ACK | TCP_PSH, ssh, sizeof(ssh) - 1);
    dissector_finish(*state);
    assert_nothing(*state);
    assert_int_equal(dissector_counters(*state)->not_tls, 1);
}

static void a_full_table_gives_up_syns_before_handshakes(void **state)
{
    (void)state;
    struct dissector *dissector = new_dissector(16, 8);
    struct wire real;
    wire_init(&real, dissector, 40000);
    wire_connect(&real);
    wire_client_hello(&real, 0, 0);
    for (uint16_t i = 0; i < 200; i++) {
        struct wire lone;
        wire_init(&lone, dissector, (uint16_t)(50000 + i));
        wire_send(&lone, WIRE_CLIENT, TCP_SYN, NULL, 0);
    }
    assert_nothing(dissector);
    assert_true(dissector_counters(dissector)->evicted_conversations > 150);
    wire_server_hello(&real, 0x44, 32);
    wire_server_flight(&real);
    wire_client_key_exchange(&real);
    wire_finished(&real, WIRE_CLIENT);
    wire_finished(&real, WIRE_SERVER);
    assert_int_equal(only_one(dissector).verdict, VERDICT_FULL);
    dissector_free(dissector);
}

static void more_handshakes_than_room_end_the_oldest_as_unknown(void **state)
{
    (void)state;
    struct dissector *dissector = new_dissector(64, 4);
    unsigned given_up = 0;
    for (uint16_t i = 0; i < 10; i++) {
        struct wire wire;
        struct handshake handshake;
        wire_init(&wire, dissector, (uint16_t)(50000 + i));
        wire_connect(&wire);
        wire_client_hello(&wire, 0, 0);
        while (dissector_next(dissector, &handshake)) {
            assert_int_equal(handshake.client.port, 50000 + given_up);
            assert_int_equal(handshake.verdict, VERDICT_UNKNOWN);
            given_up++;
        }
    }
    assert_int_equal(given_up, 6);
    assert_int_equal(dissector_counters(dissector)->evicted_handshakes, 6);
    dissector_free(dissector);
}

static void segments_out_of_order_change_nothing(void **state)
{
    struct wire wire;
    struct wire late;
    wire_init(&wire, *state, 40000);
    wire_connect(&wire);
    wire_client_hello(&wire, 0x33, 32);
    late = wire; /* the ServerHello overtakes nobody: it comes after the Finished */
    wire_lose(&wire, 9 + 70, WIRE_SERVER);
    wire_finished(&wire, WIRE_SERVER);
    assert_nothing(*state);
    wire_server_hello(&late, 0x33, 32);
    wire_finished(&wire, WIRE_CLIENT);
    const struct handshake handshake = only_one(*state);
    assert_int_equal(handshake.verdict, VERDICT_RESUMED_ID);
    assert_string_equal(handshake.messages, ">CH <SH <CCS <FIN >CCS >FIN");
}

static void bytes_one_by_one_change_nothing(void **state)
{
    struct wire wire;
    uint8_t hello[] = {22, 3, 1, 0, 45, 1, 0, 0, 41, 3, 3, 0, 0, 0,  0, 0, 0,
                       0,  0, 0, 0, 0,  0, 0, 0, 0,  0, 0, 0, 0, 0,  0, 0, 0,
                       0,  0, 0, 0, 0,  0, 0, 0, 0,  0, 0, 2, 0, 47, 1, 0};
    wire_init(&wire, *state, 40000);
    wire_connect(&wire);
    for (size_t i = 0; i < sizeof(hello); i++) {
        wire_send(&wire, WIRE_CLIENT, TCP_ACK, hello + i, 1);
    }
    wire_server_hello(&wire, 0x44, 32);
    wire_server_flight(&wire);
    wire_client_key_exchange(&wire);
    wire_finished(&wire, WIRE_CLIENT);
    wire_finished(&wire, WIRE_SERVER);
    assert_int_equal(only_one(*state).verdict, VERDICT_FULL);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, start, stop)
    const struct CMUnitTest tests[] = {
        TEST(a_full_handshake_gives_its_record_with_its_last_byte),
        TEST(a_resumed_id_is_the_hash_of_the_issued_one),
        TEST(nothing_is_said_twice_about_a_conversation),
        TEST(the_same_ports_are_another_connection_after_another_syn),
        TEST(an_unfinished_handshake_is_reported_when_its_ports_are_reused),
        TEST(the_end_of_the_capture_cuts_what_is_open),
        TEST(a_closed_connection_ends_without_waiting),
        TEST(a_reset_in_the_handshake_is_a_failure),
        TEST(what_was_under_way_at_a_reset_still_counts),
        TEST(a_reset_far_outside_the_stream_is_not_believed),
        TEST(silence_ends_a_handshake),
        TEST(a_clock_that_jumps_ahead_makes_no_handshake_of_weeks),
        TEST(a_lost_server_flight_is_no_resumption),
        TEST(a_capture_that_begins_at_the_key_exchange_is_full_with_offer_unknown),
        TEST(a_capture_that_begins_after_the_handshake_is_counted_not_reported),
        TEST(another_protocol_is_counted_not_reported),
        TEST(a_full_table_gives_up_syns_before_handshakes),
        TEST(more_handshakes_than_room_end_the_oldest_as_unknown),
        TEST(segments_out_of_order_change_nothing),
        TEST(bytes_one_by_one_change_nothing),
    };
#undef TEST

    return cmocka_run_group_tests(tests, NULL, NULL);
}
