/* Several handshakes on one TCP connection: each in clear has a record of its own. */
#include "dissect/dissector.h"

#include "tests/dissect/wire.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

#define MS INT64_C(1000000)

enum { FATAL = 2, HANDSHAKE_FAILURE = 40, SHA1_BYTES = 20 };

static int start(void **state)
{
    struct dissector_options options;
    struct error error = {""};

    dissector_options_init(&options);
    options.max_conversations = 64;
    options.max_handshakes = 16;
    *state = dissector_new(&options, &error);
    assert_non_null(*state);
    return 0;
}

static int stop(void **state)
{
    dissector_free(*state);
    return 0;
}

static struct handshake next(struct dissector *dissector)
{
    struct handshake handshake;

    assert_true(dissector_next(dissector, &handshake));
    return handshake;
}

/* Also when the capture ends here. */
static void assert_nothing_more(struct dissector *dissector)
{
    struct handshake handshake;

    assert_false(dissector_next(dissector, &handshake));
    dissector_finish(dissector);
    assert_false(dissector_next(dissector, &handshake));
}

static void say(struct wire *wire, unsigned from, const char *words)
{
    wire->now_ns += 10 * MS;
    wire_send(wire, from, TCP_ACK | TCP_PSH, (const uint8_t *)words, strlen(words));
}

static void begin(struct wire *wire, struct dissector *dissector)
{
    wire_init(wire, dissector, 40000);
    wire_connect(wire);
}

/* FTP's CCC (RFC 4217, 12), and AUTH TLS again. */
static void tls_ended_and_begun_again_is_another_handshake(void **state)
{
    struct wire wire;

    begin(&wire, *state);
    say(&wire, WIRE_SERVER, "220 ready\r\n");
    say(&wire, WIRE_CLIENT, "AUTH TLS\r\n");
    say(&wire, WIRE_SERVER, "234 go on\r\n");
    wire_full(&wire, 0x11);
    const struct handshake first = next(*state);
    wire_application_data(&wire, WIRE_CLIENT, 30);
    wire_application_data(&wire, WIRE_SERVER, 60);
    say(&wire, WIRE_CLIENT, "AUTH TLS\r\n");
    say(&wire, WIRE_SERVER, "234 go on\r\n");
    const int64_t began_ns = wire.now_ns;
    wire_resume(&wire, 0x11);
    const struct handshake second = next(*state);
    assert_nothing_more(*state);

    assert_int_equal(first.verdict, VERDICT_FULL);
    assert_int_equal(second.verdict, VERDICT_RESUMED_ID);
    assert_memory_equal(second.session_offered.bytes, first.issued_id.bytes, 16);
    assert_string_equal(second.messages, ">CH <SH <CCS <FIN >CCS >FIN");
    assert_true(second.time_ns == began_ns);
    assert_int_equal(first.carrier, CARRIER_FTP);
    assert_int_equal(second.carrier, CARRIER_FTP);
    assert_int_equal(dissector_counters(*state)->conversations, 1);
}

/* There is no SYN to count from; but the path is the same. */
static void the_path_is_known_from_the_first_handshake(void **state)
{
    struct wire wire;

    begin(&wire, *state);
    wire_full(&wire, 0x11);
    const struct handshake first = next(*state);
    wire.now_ns += 1000 * MS;
    wire_full(&wire, 0x22);
    const struct handshake second = next(*state);

    assert_int_equal(first.rtts_tcp, 1);
    assert_int_equal(second.rtts_tcp, HANDSHAKE_RTTS_NULL);
    assert_int_equal(second.rtts_tls, 2);
    assert_int_equal(second.rtt_client_ns, 10 * MS);
    assert_int_equal(second.rtt_server_ns, 20 * MS);
    assert_int_equal(second.handshake_ns, first.handshake_ns);
    assert_true(second.setup_ns == HANDSHAKE_NULL);
    assert_int_equal(second.bytes_client, first.bytes_client);
    assert_int_equal(second.bytes_server, first.bytes_server);
    assert_int_equal(second.carrier, CARRIER_NONE);
}

static void a_failed_handshake_may_be_tried_again(void **state)
{
    struct wire wire;

    begin(&wire, *state);
    wire_client_hello(&wire, 0, 0);
    wire_alert(&wire, WIRE_SERVER, FATAL, HANDSHAKE_FAILURE);
    assert_int_equal(next(*state).verdict, VERDICT_FAILED);
    say(&wire, WIRE_CLIENT, "STARTTLS\r\n");
    say(&wire, WIRE_SERVER, "220 go on\r\n");
    wire_full(&wire, 0x11);
    assert_int_equal(next(*state).verdict, VERDICT_FULL);
    assert_nothing_more(*state);
}

static void bytes_that_were_read_begin_nothing_when_they_come_again(void **state)
{
    struct wire wire;
    struct wire again;

    begin(&wire, *state);
    say(&wire, WIRE_CLIENT, "STARTTLS\r\n");
    again = wire;
    wire_full(&wire, 0x11);
    (void)next(*state);
    again.now_ns = wire.now_ns + 5000 * MS;
    wire_full(&again, 0x11);
    wire.now_ns = again.now_ns;
    again.next[WIRE_CLIENT] = wire.next[WIRE_CLIENT];
    again.next[WIRE_SERVER] = wire.next[WIRE_SERVER];
    wire_full(&wire, 0x22);
    (void)next(*state);
    again.now_ns = wire.now_ns;
    wire_full(&again, 0x22);
    assert_nothing_more(*state);
}

/* Its segment was late, and the capture began behind it. */
static void nor_does_a_hello_a_little_before_the_first_byte_seen(void **state)
{
    struct wire wire;
    struct wire late;

    wire_init(&wire, *state, 40000);
    late = wire;
    wire_lose(&wire, 51, WIRE_CLIENT);
    wire_server_hello(&wire, 0x11, 32);
    wire_server_flight(&wire);
    wire_client_key_exchange(&wire);
    wire_finished(&wire, WIRE_CLIENT);
    wire_finished(&wire, WIRE_SERVER);
    assert_int_equal(next(*state).verdict, VERDICT_FULL);
    wire_client_hello(&late, 0, 0);
    assert_nothing_more(*state);
}

static void sequence_numbers_may_wrap_between_two_handshakes(void **state)
{
    struct wire wire;

    wire_init(&wire, *state, 40000);
    wire.next[WIRE_CLIENT] = UINT32_MAX - 100;
    wire.next[WIRE_SERVER] = UINT32_MAX - 3;
    wire_connect(&wire);
    for (uint8_t i = 1; i <= 4; i++) {
        wire_full(&wire, i);
        assert_int_equal(next(*state).verdict, VERDICT_FULL);
        wire.next[WIRE_CLIENT] += 3 * (UINT32_MAX / 8);
        wire.next[WIRE_SERVER] += UINT32_MAX / 2;
    }
    assert_nothing_more(*state);
}

static void a_hello_may_come_in_several_segments(void **state)
{
    struct wire wire;
    uint8_t record[600] = {22, 3, 1, 0x02, 0x53, 1, 0, 0x02, 0x4f, 3, 3};

    /* session ID, 260 suites, null compression */
    record[43] = 32;
    memset(record + 44, 0x77, 32);
    record[76] = 0x02;
    record[77] = 0x08;
    record[598] = 1;
    begin(&wire, *state);
    wire_full(&wire, 0x11);
    (void)next(*state);
    wire_send(&wire, WIRE_CLIENT, TCP_ACK, record, 300);
    wire_application_data(&wire, WIRE_SERVER, 100);
    wire_send(&wire, WIRE_CLIENT, TCP_ACK, record + 300, 300);
    wire_server_hello(&wire, 0x77, 32);
    wire_finished(&wire, WIRE_SERVER);
    wire_finished(&wire, WIRE_CLIENT);
    assert_int_equal(next(*state).verdict, VERDICT_RESUMED_ID);
    assert_nothing_more(*state);
}

/* RFC 5246, 6.2.3.1: a cipher suite without encryption. */
static void a_renegotiation_in_clear_has_a_record_of_its_own(void **state)
{
    struct wire wire;
    static const uint8_t mac_lens[] = {16, 20, 32, 48};

    begin(&wire, *state);
    wire_full(&wire, 0x11);
    (void)next(*state);
    for (size_t i = 0; i < sizeof(mac_lens); i++) {
        wire.mac_len = mac_lens[i];
        wire_application_data(&wire, WIRE_SERVER, 200);
        wire_full(&wire, 0x22);
        const struct handshake full = next(*state);
        assert_int_equal(full.verdict, VERDICT_FULL);
        assert_int_equal(full.anomalies, 0);
        assert_true(full.issued_id.is_set);
        assert_int_equal(full.rtts_tls, 2);
        assert_string_equal(full.messages, ">CH <SH <CERT <SHD >CKE >CCS >FIN <CCS <FIN");
        wire_resume(&wire, 0x22);
        assert_int_equal(next(*state).verdict, VERDICT_RESUMED_ID);
    }
    assert_nothing_more(*state);
}

/* Both sides may send until they change the cipher. */
static void data_of_the_old_keys_ends_no_renegotiation(void **state)
{
    struct wire wire;

    begin(&wire, *state);
    wire_full(&wire, 0x11);
    (void)next(*state);
    wire.mac_len = SHA1_BYTES;
    wire_client_hello(&wire, 0, 0);
    wire_application_data(&wire, WIRE_SERVER, 300);
    wire_application_data(&wire, WIRE_CLIENT, 300);
    wire_server_hello(&wire, 0x22, 32);
    wire_application_data(&wire, WIRE_SERVER, 300);
    wire_application_data(&wire, WIRE_CLIENT, 300);
    wire_server_flight(&wire);
    wire_client_key_exchange(&wire);
    wire_finished(&wire, WIRE_CLIENT);
    wire_finished(&wire, WIRE_SERVER);
    const struct handshake second = next(*state);
    assert_int_equal(second.verdict, VERDICT_FULL);
    assert_string_equal(second.messages, ">CH <SH <CERT <SHD >CKE >CCS >FIN <CCS <FIN");
    assert_nothing_more(*state);
}

static void a_reset_or_fin_does_not_hide_what_comes_after(void **state)
{
    struct wire wire;

    begin(&wire, *state);
    wire_full(&wire, 0x11);
    (void)next(*state);
    wire_send(&wire, WIRE_SERVER, TCP_RST, NULL, 0);
    wire_full(&wire, 0x22);
    assert_int_equal(next(*state).verdict, VERDICT_FULL);
    wire_send(&wire, WIRE_CLIENT, TCP_FIN | TCP_ACK, NULL, 0);
    wire_send(&wire, WIRE_SERVER, TCP_FIN | TCP_ACK, NULL, 0);
    wire_full(&wire, 0x33);
    assert_int_equal(next(*state).verdict, VERDICT_FULL);
    assert_nothing_more(*state);
}

/* The capture has lost the SYN. */
static void the_same_ports_again_without_a_syn_are_found(void **state)
{
    struct wire wire;

    begin(&wire, *state);
    wire_full(&wire, 0x11);
    (void)next(*state);
    wire.next[WIRE_CLIENT] += 1500000000;
    wire.next[WIRE_SERVER] -= 1500000000;
    wire_full(&wire, 0x22);
    assert_int_equal(next(*state).verdict, VERDICT_FULL);
    assert_nothing_more(*state);
}

static void an_encrypted_renegotiation_is_no_record(void **state)
{
    struct wire wire;
    uint8_t record[5 + 200] = {22, 3, 3, 0, 200};

    memset(record + 5, 0xe7, 200);
    begin(&wire, *state);
    wire_full(&wire, 0x11);
    (void)next(*state);
    wire_send(&wire, WIRE_CLIENT, TCP_ACK, record, sizeof(record));
    wire_send(&wire, WIRE_SERVER, TCP_ACK, record, sizeof(record));
    wire_finished(&wire, WIRE_CLIENT);
    wire_finished(&wire, WIRE_SERVER);
    assert_nothing_more(*state);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, start, stop)
    const struct CMUnitTest tests[] = {
        TEST(tls_ended_and_begun_again_is_another_handshake),
        TEST(the_path_is_known_from_the_first_handshake),
        TEST(a_failed_handshake_may_be_tried_again),
        TEST(bytes_that_were_read_begin_nothing_when_they_come_again),
        TEST(nor_does_a_hello_a_little_before_the_first_byte_seen),
        TEST(sequence_numbers_may_wrap_between_two_handshakes),
        TEST(a_hello_may_come_in_several_segments),
        TEST(a_renegotiation_in_clear_has_a_record_of_its_own),
        TEST(data_of_the_old_keys_ends_no_renegotiation),
        TEST(a_reset_or_fin_does_not_hide_what_comes_after),
        TEST(the_same_ports_again_without_a_syn_are_found),
        TEST(an_encrypted_renegotiation_is_no_record),
    };
#undef TEST

    return cmocka_run_group_tests(tests, NULL, NULL);
}
