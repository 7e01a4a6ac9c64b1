/* A ClientHello that comes while a handshake on the same TCP connection is open: whose is it? */
#include "dissect/dissector.h"

#include "tests/dissect/wire.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

#define MS INT64_C(1000000)

enum { HELLO_BYTES = 50, SERVER_HELLO_BYTES = 79 };

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

static void begin(struct wire *wire, struct dissector *dissector)
{
    wire_init(wire, dissector, 40000);
    wire_connect(wire);
}

/* The server's Finished never came, or the capture has lost it. */
static void an_open_handshake_is_settled_when_another_begins(void **state)
{
    struct wire wire;

    begin(&wire, *state);
    wire_client_hello(&wire, 0x33, 32);
    wire_server_hello(&wire, 0x33, 32);
    wire_lose(&wire, 51, WIRE_SERVER);
    wire_finished(&wire, WIRE_CLIENT);
    wire_full(&wire, 0x44);
    const struct handshake first = next(*state);
    const struct handshake second = next(*state);
    assert_nothing_more(*state);

    assert_int_equal(first.verdict, VERDICT_RESUMED_ID);
    assert_int_equal(first.certainty, CERTAINTY_LIKELY);
    assert_int_equal(first.offered, OFFER_ID);
    assert_string_equal(first.messages, ">CH <SH >CCS >FIN <GAP");
    assert_int_equal(second.verdict, VERDICT_FULL);
    assert_int_equal(second.offered, OFFER_NONE);
}

static void a_false_start_may_be_followed_too(void **state)
{
    struct wire wire;

    begin(&wire, *state);
    wire_client_hello(&wire, 0x33, 32);
    wire_server_hello(&wire, 0x44, 32);
    wire_server_flight(&wire);
    wire_client_key_exchange(&wire);
    wire_finished(&wire, WIRE_CLIENT);
    wire_application_data(&wire, WIRE_CLIENT, 100);
    wire_resume(&wire, 0x44);
    const struct handshake first = next(*state);
    assert_int_equal(first.verdict, VERDICT_FULL);
    assert_int_equal(first.offered, OFFER_ID);
    assert_int_equal(first.outcome, OUTCOME_REFUSED);
    assert_int_equal(next(*state).verdict, VERDICT_RESUMED_ID);
    assert_nothing_more(*state);
}

/* Also where the other side was not captured. */
static void a_client_alone_tells_two_handshakes_apart(void **state)
{
    struct wire wire;

    begin(&wire, *state);
    for (int i = 0; i < 2; i++) {
        wire_client_hello(&wire, 0, 0);
        wire_client_key_exchange(&wire);
        wire_finished(&wire, WIRE_CLIENT);
    }
    dissector_finish(*state);
    for (int i = 0; i < 2; i++) {
        assert_int_equal(next(*state).verdict, VERDICT_FULL);
    }
    assert_nothing_more(*state);
}

/* A hello inside a segment is not looked for; but it does not become the offer of what was answered
 * before. */
static void a_hello_behind_the_finished_is_no_offer_of_the_handshake_before(void **state)
{
    struct wire wire;
    uint8_t segment[6 + 45 + 82] = {20, 3, 3, 0, 1, 1, 22, 3, 3, 0, 40};
    uint8_t *hello = segment + 6 + 45;
    const uint8_t start_of_hello[] = {22, 3, 3, 0, 77, 1, 0, 0, 73, 3, 3};

    memset(segment + 11, 0xe7, 40);
    memcpy(hello, start_of_hello, sizeof(start_of_hello));
    hello[43] = 32;
    memset(hello + 44, 0x44, 32);
    hello[77] = 2;
    hello[80] = 1;
    begin(&wire, *state);
    wire_client_hello(&wire, 0x33, 32);
    wire_server_hello(&wire, 0x33, 32);
    wire_lose(&wire, 51, WIRE_SERVER);
    wire_send(&wire, WIRE_CLIENT, TCP_ACK, segment, sizeof(segment));
    const struct handshake first = next(*state);
    assert_int_equal(first.verdict, VERDICT_RESUMED_ID);
    assert_int_equal(first.certainty, CERTAINTY_LIKELY);
    assert_string_equal(first.messages, ">CH <SH >CCS >FIN");
    assert_nothing_more(*state);
}

static void after_a_hello_retry_the_second_hello_is_the_same_handshakes(void **state)
{
    struct wire wire;
    /* TLS 1.3's HelloRetryRequest: its random, and supported_versions */
    static const uint8_t retry[] = {
        22,   3,    3,    0,    52,   2,    0,    0,    48,   3,    3,    0xcf, 0x21, 0xad, 0x74,
        0xe5, 0x9a, 0x61, 0x11, 0xbe, 0x1d, 0x8c, 0x02, 0x1e, 0x65, 0xb8, 0x91, 0xc2, 0xa2, 0x11,
        0x16, 0x7a, 0xbb, 0x8c, 0x5e, 0x07, 0x9e, 0x09, 0xe2, 0xc8, 0xa8, 0x33, 0x9c, 0,    0x13,
        0x01, 0,    0,    8,    0,    43,   0,    4,    3,    4,    0,    0};
    static const uint8_t ccs[] = {20, 3, 3, 0, 1, 1};

    begin(&wire, *state);
    wire_client_hello(&wire, 0x33, 32);
    wire_send(&wire, WIRE_SERVER, TCP_ACK, retry, sizeof(retry));
    wire_send(&wire, WIRE_CLIENT, TCP_ACK, ccs, sizeof(ccs));
    wire_client_hello(&wire, 0x33, 32);
    dissector_finish(*state);
    assert_string_equal(next(*state).messages, ">CH <HRR >CCS >CH");
    assert_nothing_more(*state);
}

/* A client that tries again sends the same random (RFC 8446, 4.1.2). */
static void a_hello_of_another_random_is_another_handshakes(void **state)
{
    struct wire wire;

    begin(&wire, *state);
    wire_client_hello(&wire, 0, 0);
    wire.random = 0x99;
    wire_full(&wire, 0x11);
    const struct handshake first = next(*state);
    assert_int_equal(first.verdict, VERDICT_UNKNOWN);
    assert_string_equal(first.messages, ">CH");
    assert_int_equal(next(*state).verdict, VERDICT_FULL);
    assert_nothing_more(*state);
}

static void one_of_the_same_random_is_not(void **state)
{
    struct wire wire;

    begin(&wire, *state);
    wire.random = 0x99;
    wire_client_hello(&wire, 0, 0);
    wire_full(&wire, 0x11);
    assert_string_equal(next(*state).messages, ">CH <SH <CERT <SHD >CKE >CCS >FIN <CCS <FIN");
    assert_nothing_more(*state);
}

/* The first hello is lost; the ServerHello was sent before the second could have been received. */
static void a_hello_that_comes_after_its_answer_is_another_handshakes(void **state)
{
    struct wire wire;

    begin(&wire, *state);
    wire_lose(&wire, HELLO_BYTES, WIRE_CLIENT);
    wire_server_hello(&wire, 0x33, 32);
    wire_finished(&wire, WIRE_SERVER);
    wire_lose(&wire, 51, WIRE_CLIENT);
    wire_full(&wire, 0x44);
    const struct handshake first = next(*state);
    assert_int_equal(first.verdict, VERDICT_UNKNOWN);
    assert_int_equal(first.offered, OFFER_UNKNOWN);
    assert_int_equal(next(*state).verdict, VERDICT_FULL);
    assert_nothing_more(*state);
}

/* Captured in the wrong order, it acknowledges the hello already. */
static void a_hello_that_its_answer_acknowledges_is_its_own(void **state)
{
    struct wire wire;
    struct wire late;

    begin(&wire, *state);
    late = wire;
    wire_lose(&wire, HELLO_BYTES + 32, WIRE_CLIENT);
    wire_server_hello(&wire, 0x33, 32);
    wire_client_hello(&late, 0x33, 32);
    wire_finished(&wire, WIRE_SERVER);
    wire_finished(&wire, WIRE_CLIENT);
    const struct handshake handshake = next(*state);
    assert_int_equal(handshake.verdict, VERDICT_RESUMED_ID);
    assert_int_equal(handshake.rtts_tcp, 1);
    assert_nothing_more(*state);
}

/* What waits behind the hole is read before the hello is looked at; and keeps its time. */
static void a_hole_that_was_acknowledged_does_not_hide_the_first_handshake(void **state)
{
    struct wire wire;

    begin(&wire, *state);
    wire_lose(&wire, HELLO_BYTES, WIRE_CLIENT);
    wire_lose(&wire, SERVER_HELLO_BYTES, WIRE_SERVER);
    const int64_t began_ns = wire.now_ns;
    wire_client_key_exchange(&wire);
    wire_finished(&wire, WIRE_CLIENT);
    wire.now_ns += 20 * MS;
    wire_finished(&wire, WIRE_SERVER);
    wire.now_ns += 500 * MS;
    wire_full(&wire, 0x44);
    const struct handshake first = next(*state);
    assert_int_equal(first.verdict, VERDICT_FULL);
    assert_int_equal(first.offered, OFFER_UNKNOWN);
    assert_true(first.time_ns == began_ns);
    const struct handshake second = next(*state);
    assert_int_equal(second.verdict, VERDICT_FULL);
    assert_string_equal(second.messages, ">CH <SH <CERT <SHD >CKE >CCS >FIN <CCS <FIN");
    assert_nothing_more(*state);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, start, stop)
    const struct CMUnitTest tests[] = {
        TEST(an_open_handshake_is_settled_when_another_begins),
        TEST(a_false_start_may_be_followed_too),
        TEST(a_client_alone_tells_two_handshakes_apart),
        TEST(a_hello_behind_the_finished_is_no_offer_of_the_handshake_before),
        TEST(after_a_hello_retry_the_second_hello_is_the_same_handshakes),
        TEST(a_hello_of_another_random_is_another_handshakes),
        TEST(one_of_the_same_random_is_not),
        TEST(a_hello_that_comes_after_its_answer_is_another_handshakes),
        TEST(a_hello_that_its_answer_acknowledges_is_its_own),
        TEST(a_hole_that_was_acknowledged_does_not_hide_the_first_handshake),
    };
#undef TEST

    return cmocka_run_group_tests(tests, NULL, NULL);
}
