/* What comes before TLS, as whole connections. */
#include "dissect/dissector.h"

#include "tests/dissect/wire.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

#define MS INT64_C(1000000)

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

static void assert_nothing(struct dissector *dissector)
{
    struct handshake handshake;

    assert_false(dissector_next(dissector, &handshake));
}

static void say(struct wire *wire, unsigned from, const char *words)
{
    wire->now_ns += 10 * MS;
    wire_send(wire, from, TCP_ACK | TCP_PSH, (const uint8_t *)words, strlen(words));
}

static void say_bytes(struct wire *wire, unsigned from, const uint8_t *bytes, size_t len)
{
    wire->now_ns += 10 * MS;
    wire_send(wire, from, TCP_ACK | TCP_PSH, bytes, len);
}

/* The same, and a hello right behind it in the same segment: a ClientHello from the client. */
static void say_and_begin_tls(struct wire *wire, unsigned from, const uint8_t *words, size_t len)
{
    /* version 3.3, random, no session ID; then one suite and null compression */
    static const uint8_t hello[2][53] = {
        {22, 3, 3, 0, 45, 1, 0, 0, 41, 3, 3, [43] = 0, 0, 2, 0xc0, 0x2f, 1, 0},
        {22, 3, 3, 0, 42, 2, 0, 0, 38, 3, 3, [44] = 0xc0, 0x2f, 0},
    };
    const size_t hello_len = from == WIRE_CLIENT ? 50 : 47;
    uint8_t segment[256];

    assert_true(len + hello_len <= sizeof(segment));
    memcpy(segment, words, len);
    memcpy(segment + len, hello[from], hello_len);
    say_bytes(wire, from, segment, len + hello_len);
}

static void begin(struct wire *wire, struct dissector *dissector, uint16_t client_port)
{
    wire_init(wire, dissector, client_port);
    wire_connect(wire);
}

/* Up to the agreement to begin TLS. */
static void smtp(struct wire *wire)
{
    say(wire, WIRE_SERVER, "220 mail.example ESMTP\r\n");
    say(wire, WIRE_CLIENT, "EHLO client.example\r\n");
    say(wire, WIRE_SERVER, "250-mail.example\r\n250-STARTTLS\r\n");
    say(wire, WIRE_SERVER, "250 HELP\r\n");
    say(wire, WIRE_CLIENT, "STARTTLS\r\n");
    say(wire, WIRE_SERVER, "220 2.0.0 go\r\n");
}

static void a_handshake_says_what_carried_it(void **state)
{
    struct wire wire;

    begin(&wire, *state, 40000);
    smtp(&wire);
    const int64_t began_ns = wire.now_ns;
    wire_full(&wire, 0x11);
    const struct handshake handshake = next(*state);
    assert_int_equal(handshake.carrier, CARRIER_SMTP);
    assert_int_equal(handshake.verdict, VERDICT_FULL);
    assert_true(handshake.time_ns == began_ns);
    assert_int_equal(handshake.rtts_tls, 2);
}

static void binary_carriers_are_told_too(void **state)
{
    static const uint8_t ssl_request[] = {0x00, 0x00, 0x00, 0x08, 0x04, 0xd2, 0x16, 0x2f};
    static const uint8_t greeting[] = {5, 1, 0};
    static const uint8_t method[] = {5, 0};
    static const uint8_t request[] = {5, 1, 0, 1, 198, 51, 100, 1, 0x01, 0xbb};
    static const uint8_t reply[] = {5, 0, 0, 1, 0, 0, 0, 0, 0, 0};
    struct wire wire;

    begin(&wire, *state, 40000);
    say_bytes(&wire, WIRE_CLIENT, ssl_request, sizeof(ssl_request));
    say(&wire, WIRE_SERVER, "S");
    wire_resume(&wire, 0x11);
    assert_int_equal(next(*state).carrier, CARRIER_POSTGRESQL);

    begin(&wire, *state, 40001);
    say_bytes(&wire, WIRE_CLIENT, greeting, sizeof(greeting));
    say_bytes(&wire, WIRE_SERVER, method, sizeof(method));
    say_bytes(&wire, WIRE_CLIENT, request, sizeof(request));
    say_bytes(&wire, WIRE_SERVER, reply, sizeof(reply));
    wire_full(&wire, 0x12);
    assert_int_equal(next(*state).carrier, CARRIER_SOCKS5);
}

static void what_begins_with_tls_has_no_carrier(void **state)
{
    struct wire wire;

    begin(&wire, *state, 40000);
    wire_full(&wire, 0x11);
    assert_int_equal(next(*state).carrier, CARRIER_NONE);
}

static void an_answer_that_is_not_tls_is_no_carrier(void **state)
{
    struct wire wire;

    begin(&wire, *state, 40000);
    wire_client_hello(&wire, 0, 0);
    say(&wire, WIRE_SERVER, "HTTP/1.1 400 Bad Request\r\n\r\n");
    wire_send(&wire, WIRE_SERVER, TCP_FIN | TCP_ACK, NULL, 0);
    wire_send(&wire, WIRE_CLIENT, TCP_FIN | TCP_ACK, NULL, 0);
    assert_int_equal(next(*state).carrier, CARRIER_NONE);
}

static void an_unknown_carrier_is_other(void **state)
{
    struct wire wire;

    begin(&wire, *state, 40000);
    say(&wire, WIRE_CLIENT, "HELLO\n");
    say(&wire, WIRE_SERVER, "WORLD\n");
    wire_full(&wire, 0x11);
    assert_int_equal(next(*state).carrier, CARRIER_OTHER);
    assert_nothing(*state);
}

/* Both hellos follow the carrier's last words at once; then a full handshake goes on. */
static void pipeline(struct wire *wire, const char *command, const char *reply)
{
    say_and_begin_tls(wire, WIRE_CLIENT, (const uint8_t *)command, strlen(command));
    say_and_begin_tls(wire, WIRE_SERVER, (const uint8_t *)reply, strlen(reply));
    wire_server_flight(wire);
    wire_client_key_exchange(wire);
    wire_finished(wire, WIRE_CLIENT);
    wire_finished(wire, WIRE_SERVER);
}

static void tls_may_follow_the_last_line_in_its_segment(void **state)
{
    struct wire wire;

    begin(&wire, *state, 40000);
    say(&wire, WIRE_SERVER, "220 mail.example ESMTP\r\n");
    say(&wire, WIRE_CLIENT, "EHLO client.example\r\n");
    say(&wire, WIRE_SERVER, "250 STARTTLS\r\n");
    pipeline(&wire, "STARTTLS\r\n", "220 go\r\n");
    const struct handshake handshake = next(*state);
    assert_int_equal(handshake.carrier, CARRIER_SMTP);
    assert_int_equal(handshake.verdict, VERDICT_FULL);
    assert_string_equal(handshake.messages, ">CH <SH <CERT <SHD >CKE >CCS >FIN <CCS <FIN");

    begin(&wire, *state, 40001);
    pipeline(&wire, "CONNECT a.example:443 HTTP/1.1\r\n\r\n", "HTTP/1.1 200 OK\r\n\r\n");
    assert_int_equal(next(*state).carrier, CARRIER_HTTP_CONNECT);
}

static void tls_may_follow_a_binary_message_in_its_segment(void **state)
{
    static const uint8_t rdp_request[] = {3, 0, 0, 19, 14, 0xe0, 0, 0, 0, 0,
                                          0, 1, 0, 8,  0,  11,   0, 0, 0};
    static const uint8_t rdp_confirm[] = {3, 0, 0,    19, 14, 0xd0, 0, 0, 0x12, 0x34,
                                          0, 2, 0x1f, 8,  0,  8,    0, 0, 0};
    static const uint8_t socks_request[] = {5, 1, 0, 5, 1, 0, 1, 198, 51, 100, 1, 0x01, 0xbb};
    static const uint8_t socks_reply[] = {5, 0, 5, 0, 0, 1, 0, 0, 0, 0, 0, 0};
    static const uint8_t ssl_request[] = {0x00, 0x00, 0x00, 0x08, 0x04, 0xd2, 0x16, 0x2f};
    static const struct {
        enum carrier carrier;
        const uint8_t *request;
        size_t request_len;
        const uint8_t *reply;
        size_t reply_len;
    } cases[] = {
        {CARRIER_RDP, rdp_request, sizeof(rdp_request), rdp_confirm, sizeof(rdp_confirm)},
        {CARRIER_SOCKS5, socks_request, sizeof(socks_request), socks_reply, sizeof(socks_reply)},
        {CARRIER_POSTGRESQL, ssl_request, sizeof(ssl_request), (const uint8_t *)"S", 1},
    };

    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        struct wire wire;
        begin(&wire, *state, (uint16_t)(40000 + i));
        say_and_begin_tls(&wire, WIRE_CLIENT, cases[i].request, cases[i].request_len);
        say_and_begin_tls(&wire, WIRE_SERVER, cases[i].reply, cases[i].reply_len);
        wire_server_flight(&wire);
        wire_client_key_exchange(&wire);
        wire_finished(&wire, WIRE_CLIENT);
        wire_finished(&wire, WIRE_SERVER);
        const struct handshake handshake = next(*state);
        assert_int_equal(handshake.carrier, cases[i].carrier);
        assert_int_equal(handshake.verdict, VERDICT_FULL);
    }
}

/* Mail may carry anything: only behind what a carrier says last does TLS begin inside a segment. */
static void a_hello_behind_any_other_line_is_text(void **state)
{
    struct wire wire;

    begin(&wire, *state, 40000);
    say(&wire, WIRE_SERVER, "READY\r\n");
    pipeline(&wire, "Some text\r\n", "More text\r\n");
    wire_send(&wire, WIRE_CLIENT, TCP_FIN | TCP_ACK, NULL, 0);
    wire_send(&wire, WIRE_SERVER, TCP_FIN | TCP_ACK, NULL, 0);
    assert_nothing(*state);
}

static void long_plain_text_is_given_up_after_a_fixed_number_of_bytes(void **state)
{
    const struct dissector_counters *counters = dissector_counters(*state);
    struct wire wire;
    char line[1001];

    memset(line, 'x', sizeof(line) - 1);
    line[sizeof(line) - 2] = '\n';
    line[sizeof(line) - 1] = '\0';
    begin(&wire, *state, 40000);
    for (int i = 0; i < 65; i++) {
        say(&wire, WIRE_SERVER, line);
    }
    assert_int_equal(counters->not_tls, 0);
    say(&wire, WIRE_SERVER, line);
    assert_int_equal(counters->not_tls, 1);
    say_and_begin_tls(&wire, WIRE_SERVER, (const uint8_t *)"+OK\r\n", 5);
    assert_nothing(*state);
    dissector_finish(*state);
    assert_nothing(*state);
}

/* That costs no search. */
static void after_that_a_client_hello_that_begins_a_segment_is_still_found(void **state)
{
    struct wire wire;
    char line[1001];

    memset(line, 'x', sizeof(line) - 1);
    line[sizeof(line) - 2] = '\n';
    line[sizeof(line) - 1] = '\0';
    begin(&wire, *state, 40000);
    for (int i = 0; i < 66; i++) {
        say(&wire, WIRE_SERVER, line);
    }
    assert_int_equal(dissector_counters(*state)->not_tls, 1);
    wire_full(&wire, 0x11);
    const struct handshake handshake = next(*state);
    assert_int_equal(handshake.verdict, VERDICT_FULL);
    assert_int_equal(handshake.carrier, CARRIER_OTHER);
    assert_nothing(*state);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, start, stop)
    const struct CMUnitTest tests[] = {
        TEST(a_handshake_says_what_carried_it),
        TEST(binary_carriers_are_told_too),
        TEST(what_begins_with_tls_has_no_carrier),
        TEST(an_answer_that_is_not_tls_is_no_carrier),
        TEST(an_unknown_carrier_is_other),
        TEST(tls_may_follow_the_last_line_in_its_segment),
        TEST(tls_may_follow_a_binary_message_in_its_segment),
        TEST(a_hello_behind_any_other_line_is_text),
        TEST(long_plain_text_is_given_up_after_a_fixed_number_of_bytes),
        TEST(after_that_a_client_hello_that_begins_a_segment_is_still_found),
    };
#undef TEST

    return cmocka_run_group_tests(tests, NULL, NULL);
}
