/* What a reader tells when bytes are lost. */
#include "dissect/tls/reader.h"

#include "tests/dissect/tls/feed.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

/* The wire with `missing` bytes lost from `at` on; what comes after begins a segment. */
static void feed_with_hole(struct feed *feed, const struct wire *wire, size_t at, size_t missing)
{
    feed_chunk(feed, (struct bytes){wire->data, at}, true);
    feed_hole(feed, (uint32_t)missing);
    if (at + missing < wire->len) {
        feed_chunk(feed, (struct bytes){wire->data + at + missing, wire->len - at - missing}, true);
    }
}

static void expect_with_hole(const struct wire *wire, size_t at, size_t missing, const char *words)
{
    struct feed *feed = feed_new();

    feed_with_hole(feed, wire, at, missing);
    assert_string_equal(feed->words, words);
    feed_free(feed);
}

/* ServerHello record: 5 + 4 + 70 bytes; Certificate record: 5 + 4 + 1000; then the rest. */
enum {
    HELLO_END = 79,
    CERTIFICATE_BODY = HELLO_END + 9,
    CERTIFICATE_END = CERTIFICATE_BODY + 1000
};

static struct wire *server_flight(void)
{
    struct wire *wire = wire_new();

    wire_server_hello_record(wire);
    assert_int_equal(wire->len, HELLO_END);
    wire_certificate_record(wire, 1000);
    assert_int_equal(wire->len, CERTIFICATE_END);
    wire_message_record(wire, 12, 0xcc, 111);
    wire_message_record(wire, 14, 0, 0);
    wire_record(wire, 20, 1, 1);
    wire_record(wire, 22, 0xee, 40);
    return wire;
}

static void a_hole_inside_a_message_keeps_its_end(void **state)
{
    (void)state;
    struct wire *wire = server_flight();

    expect_with_hole(wire, CERTIFICATE_BODY, 1,
                     "server-hello gap certificate server-kx done ccs encrypted");
    expect_with_hole(wire, CERTIFICATE_BODY + 10, 500,
                     "server-hello gap certificate server-kx done ccs encrypted");
    expect_with_hole(wire, CERTIFICATE_BODY, 1000,
                     "server-hello gap certificate server-kx done ccs encrypted");
    free(wire);
}

static void a_wanted_message_with_a_hole_is_told_unparsed(void **state)
{
    (void)state;
    struct wire *wire = server_flight();

    for (size_t at = 9; at < HELLO_END; at++) {
        expect_with_hole(wire, at, 1, "gap server-hello! certificate server-kx done ccs encrypted");
    }
    free(wire);
}

static void a_hole_tells_how_much_is_missing(void **state)
{
    (void)state;
    struct wire *wire = server_flight();
    struct feed *feed = feed_new();

    feed_chunk(feed, (struct bytes){wire->data, CERTIFICATE_BODY}, true);
    feed_hole(feed, 400);
    assert_int_equal(feed->last.kind, TLS_GAP);
    assert_int_equal(feed->last.missing, 400);
    assert_int_equal(feed->last.stream_bytes, CERTIFICATE_BODY + 400);
    feed_chunk(
        feed,
        (struct bytes){wire->data + CERTIFICATE_BODY + 400, wire->len - CERTIFICATE_BODY - 400},
        true);
    assert_int_equal(feed->last.stream_bytes, wire->len);
    feed_free(feed);
    free(wire);
}

/* The Certificate was there, and its loss must not look like an abbreviated handshake. */
static void a_message_whose_end_is_lost_is_told_before_the_next(void **state)
{
    (void)state;
    struct wire *wire = server_flight();
    const size_t at = CERTIFICATE_BODY + 500;

    expect_with_hole(wire, at, CERTIFICATE_END + 5 + 4 + 111 - at,
                     "server-hello gap certificate done ccs encrypted");
    free(wire);
}

/* Over a record's end the next header has to be found again, where a segment begins. */
static void after_a_hole_over_records_any_record_begins_again(void **state)
{
    (void)state;
    struct wire *wire = server_flight();
    const size_t ccs = wire->len - 45 - 6;

    expect_with_hole(wire, HELLO_END + 2, ccs - HELLO_END - 2, "server-hello gap ccs encrypted");
    expect_with_hole(wire, HELLO_END, ccs - HELLO_END, "server-hello gap ccs encrypted");
    expect_with_hole(wire, HELLO_END, ccs + 6 - HELLO_END, "server-hello gap encrypted");
    free(wire);
}

static void what_begins_in_the_middle_of_a_record_is_passed_over(void **state)
{
    (void)state;
    struct wire *wire = server_flight();
    struct feed *feed = feed_new();
    const size_t ccs = wire->len - 45 - 6;

    feed_chunk(feed, (struct bytes){wire->data, HELLO_END}, true);
    feed_hole(feed, 200);
    feed_chunk(feed, (struct bytes){wire->data + HELLO_END + 200, ccs - HELLO_END - 200}, true);
    feed_chunk(feed, (struct bytes){wire->data + ccs, 51}, true);
    assert_string_equal(feed->words, "server-hello gap ccs encrypted");
    assert_int_equal(feed->last.stream_bytes, wire->len);
    feed_free(feed);
    free(wire);
}

/* A record whose body is not understood any more is skipped to its end, silently. */
static void a_hole_over_a_message_boundary_loses_the_rest_of_the_record(void **state)
{
    (void)state;
    struct wire *wire = wire_new();
    const size_t record = wire_open_record(wire, 22);
    const size_t message = wire_open_message(wire, 2);

    wire_server_hello_start(wire, 0x0303);
    wire_close_message(wire, message);
    wire_message(wire, 11, 0xcc, 1000);
    wire_message(wire, 12, 0xcc, 100);
    wire_close_record(wire, record);
    wire_message_record(wire, 14, 0, 0);
    wire_record(wire, 20, 1, 1);
    expect_with_hole(wire, HELLO_END + 500, 600, "server-hello gap certificate done ccs");
    expect_with_hole(wire, HELLO_END, 100, "server-hello gap done ccs");
    expect_with_hole(wire, HELLO_END + 2, 1, "server-hello gap certificate done ccs");
    free(wire);
}

static void a_hole_inside_application_data_costs_nothing_else(void **state)
{
    (void)state;
    struct wire *wire = wire_new();

    wire_client_hello_record(wire);
    const size_t data = wire->len;
    wire_record(wire, 23, 0xee, 1000);
    wire_record(wire, 23, 0xee, 50);
    expect_with_hole(wire, data + 5, 1000, "client-hello gap data data");
    expect_with_hole(wire, data + 500, 10, "client-hello gap data data");
    free(wire);
}

/* Its header was seen; only its one byte is lost. */
static void a_change_cipher_spec_whose_byte_is_lost_counts(void **state)
{
    (void)state;
    struct wire *wire = wire_new();

    wire_client_hello_record(wire);
    const size_t ccs = wire->len;
    wire_record(wire, 20, 1, 1);
    wire_record(wire, 22, 0xee, 40);
    expect_with_hole(wire, ccs + 5, 1, "client-hello gap ccs encrypted");
    free(wire);
}

static void an_alert_whose_bytes_are_lost_is_not_told(void **state)
{
    (void)state;
    struct wire *wire = wire_new();

    wire_client_hello_record(wire);
    const size_t alert = wire->len;
    wire_record(wire, 21, 2, 2);
    wire_record(wire, 23, 0xee, 40);
    expect_with_hole(wire, alert + 5, 1, "client-hello gap data");
    expect_with_hole(wire, alert + 6, 1, "client-hello gap data");
    free(wire);
}

/* A record after ChangeCipherSpec whose beginning is lost: encrypted. */
static void an_encrypted_record_with_a_hole_stays_one(void **state)
{
    (void)state;
    struct wire *wire = wire_new();

    wire_client_hello_record(wire);
    wire_record(wire, 20, 1, 1);
    const size_t finished = wire->len;
    wire_record(wire, 22, 0x01, 60);
    wire_record(wire, 23, 0xee, 40);
    expect_with_hole(wire, finished + 5, 10, "client-hello ccs gap encrypted data");
    expect_with_hole(wire, finished + 6, 10, "client-hello ccs gap encrypted data");
    expect_with_hole(wire, finished + 6, 59, "client-hello ccs gap encrypted data");
    free(wire);
}

static void a_direction_may_begin_with_a_hole(void **state)
{
    (void)state;
    struct wire *wire = server_flight();
    struct feed *feed = feed_new();

    feed_hole(feed, 1460);
    feed_chunk(feed, (struct bytes){wire->data + HELLO_END, 500}, false);
    feed_chunk(feed, (struct bytes){wire->data + wire->len - 51, 51}, true);
    assert_string_equal(feed->words, "gap ccs encrypted");
    feed_free(feed);
    free(wire);
}

/* Once bytes were lost, a record header that is none means: search again. */
static void nonsense_after_a_gap_is_searched_not_final(void **state)
{
    (void)state;
    struct wire *wire = wire_new();
    struct feed *feed = feed_new();
    struct wire *more = wire_new();

    wire_client_hello_record(wire);
    feed_wire(feed, wire);
    feed_hole(feed, 100);
    const uint8_t misleading[] = {0x17, 0x03, 0x03, 0x00, 0x10, 1, 2, 3};
    feed_chunk(feed, (struct bytes){misleading, sizeof(misleading)}, true);
    wire_fill(more, 'x', 100);
    feed_wire(feed, more);
    more->len = 0;
    wire_record(more, 23, 0xee, 40);
    feed_wire(feed, more);
    assert_string_equal(feed->words, "client-hello gap data data");
    more->len = 0;
    wire_fill(more, 'x', RECORD_HEADER_BYTES + READER_SEARCH_BYTES);
    feed_wire(feed, more);
    assert_string_equal(feed->words, "client-hello gap data data not-tls");
    feed_free(feed);
    free(wire);
    free(more);
}

static unsigned count_of(const char *words, const char *word)
{
    unsigned count = 0;

    for (const char *at = strstr(words, word); at != NULL; at = strstr(at + 1, word)) {
        count++;
    }
    return count;
}

/* Every hole in a whole conversation's bytes: no crash, exactly one gap, nothing that was not
 * there, and no hello parsed that has lost a byte. */
static void every_hole_only_takes_away(void **state)
{
    (void)state;
    struct wire *wire = wire_new();

    wire_client_hello_record(wire);
    const size_t first_end = wire->len;
    wire_record(wire, 20, 1, 1);
    const size_t second = wire->len;
    wire_client_hello_record(wire);
    const size_t second_end = wire->len;
    wire_message_record(wire, 20, 0x14, 12);
    wire_record(wire, 23, 0xee, 53);
    for (size_t at = 0; at < wire->len; at++) {
        for (size_t missing = 1; missing <= wire->len - at; missing += 1 + missing / 8) {
            const size_t end = at + missing;
            const bool has_first = at >= first_end;
            const bool has_second = at >= second_end || end <= second;
            struct feed *feed = feed_new();
            feed_with_hole(feed, wire, at, missing);
            assert_int_equal(count_of(feed->words, "gap"), 1);
            assert_int_equal(count_of(feed->words, "not-tls"), 0);
            assert_true(feed->parsed_hellos <= (has_first ? 1U : 0U) + (has_second ? 1U : 0U));
            assert_true(count_of(feed->words, "client-hello") <= 2);
            assert_int_equal(count_of(feed->words, "server-hello"), 0);
            assert_int_equal(count_of(feed->words, "certificate"), 0);
            feed_free(feed);
        }
    }
    free(wire);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_hole_inside_a_message_keeps_its_end),
        cmocka_unit_test(a_wanted_message_with_a_hole_is_told_unparsed),
        cmocka_unit_test(a_hole_tells_how_much_is_missing),
        cmocka_unit_test(a_message_whose_end_is_lost_is_told_before_the_next),
        cmocka_unit_test(after_a_hole_over_records_any_record_begins_again),
        cmocka_unit_test(what_begins_in_the_middle_of_a_record_is_passed_over),
        cmocka_unit_test(a_hole_over_a_message_boundary_loses_the_rest_of_the_record),
        cmocka_unit_test(a_hole_inside_application_data_costs_nothing_else),
        cmocka_unit_test(a_change_cipher_spec_whose_byte_is_lost_counts),
        cmocka_unit_test(an_alert_whose_bytes_are_lost_is_not_told),
        cmocka_unit_test(an_encrypted_record_with_a_hole_stays_one),
        cmocka_unit_test(a_direction_may_begin_with_a_hole),
        cmocka_unit_test(nonsense_after_a_gap_is_searched_not_final),
        cmocka_unit_test(every_hole_only_takes_away),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
