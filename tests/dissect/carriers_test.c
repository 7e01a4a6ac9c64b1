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

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, start, stop)
    const struct CMUnitTest tests[] = {
        TEST(a_handshake_says_what_carried_it),    TEST(binary_carriers_are_told_too),
        TEST(what_begins_with_tls_has_no_carrier), TEST(an_answer_that_is_not_tls_is_no_carrier),
        TEST(an_unknown_carrier_is_other),
    };
#undef TEST

    return cmocka_run_group_tests(tests, NULL, NULL);
}
