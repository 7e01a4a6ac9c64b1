/* Where a reader finds the beginning of TLS, and where it does not. */
#include "dissect/tls/reader.h"

#include "tests/dissect/tls/feed.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static void feed_text(struct feed *feed, const char *text)
{
    feed_chunk(feed, (struct bytes){(const uint8_t *)text, strlen(text)}, true);
}

static void finds_a_hello_that_begins_a_segment_after_plain_text(void **state)
{
    (void)state;
    struct wire *wire = wire_new();
    struct feed *feed = feed_new();

    feed_text(feed, "EHLO client\r\n");
    feed_text(feed, "STARTTLS\r\n");
    wire_client_hello_record(wire);
    wire_message_record(wire, 16, 0xcc, 33);
    feed_wire(feed, wire);
    assert_string_equal(feed->words, "client-hello client-kx");
    feed_free(feed);
    free(wire);
}

static void finds_a_server_hello_after_plain_text(void **state)
{
    (void)state;
    struct wire *wire = wire_new();
    struct feed *feed = feed_new();

    feed_text(feed, "HTTP/1.1 200 Connection established\r\n\r\n");
    wire_server_hello_record(wire);
    feed_wire(feed, wire);
    assert_string_equal(feed->words, "server-hello");
    feed_free(feed);
    free(wire);
}

/* ... however the segment with the hello is cut into chunks and segments. */
static void finds_a_hello_after_plain_text_in_any_pieces(void **state)
{
    (void)state;
    struct wire *wire = wire_new();

    wire_client_hello_record(wire);
    for (size_t cut = 1; cut < wire->len; cut++) {
        struct feed *feed = feed_new();
        feed_text(feed, "STARTTLS\r\n");
        feed_chunk(feed, (struct bytes){wire->data, cut}, true);
        feed_chunk(feed, (struct bytes){wire->data + cut, wire->len - cut}, cut % 2 == 0);
        assert_string_equal(feed->words, "client-hello");
        feed_free(feed);
    }
    struct feed *feed = feed_new();
    feed_text(feed, "STARTTLS\r\n");
    feed_byte_by_byte(feed, wire);
    assert_string_equal(feed->words, "client-hello");
    feed_free(feed);
    free(wire);
}

static void a_false_beginning_does_not_hide_the_true_one(void **state)
{
    (void)state;
    struct wire *wire = wire_new();
    struct feed *feed = feed_new();
    const uint8_t nearly[] = {0x16, 0x03, 0x01, 0x02, 0x00, 0x01, 0x00, 0x01};

    feed_text(feed, "STARTTLS\r\n");
    feed_chunk(feed, (struct bytes){nearly, sizeof(nearly)}, true);
    wire_client_hello_record(wire);
    feed_wire(feed, wire);
    assert_string_equal(feed->words, "client-hello");
    feed_free(feed);
    free(wire);
}

static void looks_only_where_a_segment_begins(void **state)
{
    (void)state;
    struct wire *wire = wire_new();

    wire_text(wire, "here is a capture: ");
    wire_client_hello_record(wire);
    feed_expect(wire, "");
    free(wire);
}

static void after_plain_text_other_records_begin_nothing(void **state)
{
    (void)state;
    struct wire *wire = wire_new();
    struct feed *feed = feed_new();

    feed_text(feed, "hello");
    wire_record(wire, 23, 0xee, 100);
    feed_wire(feed, wire);
    assert_string_equal(feed->words, "");
    feed_free(feed);
    free(wire);
}

static void gives_up_after_the_search_limit(void **state)
{
    (void)state;
    struct wire *wire = wire_new();
    struct feed *feed = feed_new();

    wire_fill(wire, 'x', 1024);
    for (unsigned i = 0; i < 63; i++) {
        feed_wire(feed, wire);
    }
    assert_string_equal(feed->words, "");
    feed_wire(feed, wire);
    assert_string_equal(feed->words, "not-tls");
    assert_int_equal(feed->reader.phase, READER_STOPPED);
    wire->len = 0;
    wire_client_hello_record(wire);
    feed_wire(feed, wire);
    assert_string_equal(feed->words, "not-tls");
    feed_free(feed);
    free(wire);
}

static void one_byte_before_the_limit_a_hello_is_still_found(void **state)
{
    (void)state;
    struct wire *wire = wire_new();
    struct feed *feed = feed_new();

    wire_fill(wire, 'x', READER_SEARCH_BYTES - 1);
    feed_wire(feed, wire);
    wire->len = 0;
    wire_client_hello_record(wire);
    feed_wire(feed, wire);
    assert_string_equal(feed->words, "client-hello");
    feed_free(feed);
    free(wire);
}

static void a_capture_may_begin_in_the_middle(void **state)
{
    (void)state;
    static const struct {
        unsigned type;
        uint8_t value;
        size_t len;
        const char *words;
    } cases[] = {
        {23, 0xee, 100, "data"}, {22, 0xee, 40, "encrypted"}, {21, 0xee, 26, "encrypted-alert"},
        {21, 2, 2, "alert"},     {20, 1, 1, "ccs"},           {24, 0xee, 60, "heartbeat"},
        {20, 0xee, 41, "ccs"},   {22, 0x00, 40, "encrypted"},
    };

    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        struct wire *wire = wire_new();
        wire_record(wire, cases[i].type, cases[i].value, cases[i].len);
        feed_expect(wire, cases[i].words);
        free(wire);
    }
}

static void a_capture_may_begin_among_clear_messages(void **state)
{
    (void)state;
    struct wire *wire = wire_new();

    wire_certificate_record(wire, 700);
    wire_message_record(wire, 12, 0xcc, 111);
    wire_message_record(wire, 14, 0, 0);
    wire_record(wire, 20, 1, 1);
    wire_record(wire, 22, 0xee, 40);
    feed_expect(wire, "certificate server-kx done ccs encrypted");
    free(wire);
}

/* Joined in the middle, after a ChangeCipherSpec nobody saw: no clear message is made up. */
static void encrypted_records_first_are_not_taken_for_messages(void **state)
{
    (void)state;
    struct wire *wire = wire_new();

    wire_record(wire, 22, 0x00, 40); /* an explicit nonce of zero, then one of one */
    const size_t record = wire_open_record(wire, 22);
    wire_hex(wire, "0000000000000001");
    wire_fill(wire, 0xee, 32);
    wire_close_record(wire, record);
    wire_record(wire, 23, 0xee, 100);
    feed_expect(wire, "encrypted encrypted data");
    free(wire);
}

static void an_alert_may_come_first(void **state)
{
    (void)state;
    struct wire *wire = wire_new();
    struct feed *feed = feed_new();

    wire_hex(wire, "15 0301 0002 02 28");
    feed_wire(feed, wire);
    assert_string_equal(feed->words, "alert");
    assert_int_equal(feed->last.alert_description, 40);
    assert_int_equal(feed->last.stream_bytes, 7);
    feed_free(feed);
    free(wire);
}

/* The same bytes whole, and cut in two at every place, both halves in one segment. */
static void expect_in_any_pieces(const struct wire *wire, const char *words)
{
    feed_expect(wire, words);
    for (size_t cut = 1; cut < wire->len; cut++) {
        struct feed *feed = feed_new();
        feed_chunk(feed, (struct bytes){wire->data, cut}, true);
        feed_chunk(feed, (struct bytes){wire->data + cut, wire->len - cut}, false);
        assert_string_equal(feed->words, words);
        feed_free(feed);
    }
}

static void passes_over_a_proxy_line(void **state)
{
    (void)state;
    struct wire *wire = wire_new();

    wire_text(wire, "PROXY TCP4 192.0.2.1 198.51.100.7 56324 443\r\n");
    wire_client_hello_record(wire);
    expect_in_any_pieces(wire, "client-hello");
    free(wire);
}

static void passes_over_a_binary_proxy_header(void **state)
{
    (void)state;
    struct wire *wire = wire_new();

    wire_hex(wire, "0d0a0d0a000d0a515549540a 21 11 000c c0000201 c6336407 dc04 01bb");
    wire_client_hello_record(wire);
    expect_in_any_pieces(wire, "client-hello");
    free(wire);
}

static void a_proxy_line_has_an_end(void **state)
{
    (void)state;
    struct wire *wire = wire_new();

    wire_text(wire, "PROXY ");
    wire_fill(wire, 'x', 102);
    wire_text(wire, "\r\n");
    wire_client_hello_record(wire);
    expect_in_any_pieces(wire, "");
    free(wire);
}

static void a_proxy_header_alone_in_its_segment_is_passed_over(void **state)
{
    (void)state;
    struct wire *wire = wire_new();
    struct feed *feed = feed_new();

    feed_text(feed, "PROXY UNKNOWN\r\n");
    wire_client_hello_record(wire);
    feed_wire(feed, wire);
    assert_string_equal(feed->words, "client-hello");
    feed_free(feed);
    free(wire);
}

/* RFC 5246, E.2: then ordinary records follow. */
static void an_ssl2_hello_begins_a_direction(void **state)
{
    (void)state;
    struct wire *wire = wire_new();

    wire_hex(wire, "8025 01 0303 000c 0000 0010"
                   "00002f 000035 010080 0000ff"
                   "c0c1c2c3c4c5c6c7c8c9cacbcccdcecf");
    wire_message_record(wire, 16, 0xcc, 33);
    wire_record(wire, 20, 1, 1);
    expect_in_any_pieces(wire, "client-hello client-kx ccs");

    struct feed *feed = feed_new();
    feed_chunk(feed, (struct bytes){wire->data, 39}, true);
    assert_int_equal(feed->last.kind, TLS_CLIENT_HELLO);
    assert_true(feed->last.is_parsed);
    assert_int_equal(feed->last.client_hello.highest_version, TLS_1_2);
    assert_int_equal(feed->last.record_version, SSL_2_0);
    assert_int_equal(feed->last.record_len, 37);
    assert_int_equal(feed->last.stream_bytes, 39);
    feed_free(feed);
    free(wire);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(finds_a_hello_that_begins_a_segment_after_plain_text),
        cmocka_unit_test(finds_a_server_hello_after_plain_text),
        cmocka_unit_test(finds_a_hello_after_plain_text_in_any_pieces),
        cmocka_unit_test(a_false_beginning_does_not_hide_the_true_one),
        cmocka_unit_test(looks_only_where_a_segment_begins),
        cmocka_unit_test(after_plain_text_other_records_begin_nothing),
        cmocka_unit_test(gives_up_after_the_search_limit),
        cmocka_unit_test(one_byte_before_the_limit_a_hello_is_still_found),
        cmocka_unit_test(a_capture_may_begin_in_the_middle),
        cmocka_unit_test(a_capture_may_begin_among_clear_messages),
        cmocka_unit_test(encrypted_records_first_are_not_taken_for_messages),
        cmocka_unit_test(an_alert_may_come_first),
        cmocka_unit_test(passes_over_a_proxy_line),
        cmocka_unit_test(passes_over_a_binary_proxy_header),
        cmocka_unit_test(a_proxy_line_has_an_end),
        cmocka_unit_test(a_proxy_header_alone_in_its_segment_is_passed_over),
        cmocka_unit_test(an_ssl2_hello_begins_a_direction),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
