#include "dissect/tls/reader.h"

#include "tests/dissect/tls/feed.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>

#include <cmocka.h>

static void tells_a_full_handshake_message_by_message(void **state)
{
    (void)state;
    struct wire *wire = wire_new();

    wire_server_hello_record(wire);
    wire_message_record(wire, 11, 0xcc, 700);
    wire_message_record(wire, 22, 0xcc, 50);
    wire_message_record(wire, 12, 0xcc, 111);
    wire_message_record(wire, 13, 0xcc, 20);
    wire_message_record(wire, 14, 0, 0);
    const size_t record = wire_open_record(wire, 22);
    const size_t message = wire_open_message(wire, 4);
    wire_hex(wire, "00001c20 0003 616263");
    wire_close_message(wire, message);
    wire_close_record(wire, record);
    wire_record(wire, 20, 1, 1);
    wire_record(wire, 22, 0xee, 40);
    wire_record(wire, 23, 0xee, 500);
    wire_record(wire, 21, 0xee, 26);
    feed_expect(wire, "server-hello certificate status server-kx cert-request done ticket ccs "
                      "encrypted data encrypted-alert");
    free(wire);
}

static void tells_the_clients_side_too(void **state)
{
    (void)state;
    struct wire *wire = wire_new();

    wire_client_hello_record(wire);
    wire_message_record(wire, 11, 0xcc, 700);
    wire_message_record(wire, 16, 0xcc, 33);
    wire_message_record(wire, 15, 0xcc, 70);
    wire_record(wire, 20, 1, 1);
    wire_record(wire, 22, 0xee, 40);
    wire_record(wire, 24, 0xee, 60);
    feed_expect(wire, "client-hello certificate client-kx cert-verify ccs encrypted heartbeat");
    free(wire);
}

static void an_empty_record_of_application_data_is_told(void **state)
{
    (void)state;
    struct wire *wire = wire_new();

    wire_client_hello_record(wire);
    wire_record(wire, 23, 0, 0);
    wire_record(wire, 23, 0, 0);
    feed_expect(wire, "client-hello data data");
    free(wire);
}

static void set_encrypted_stands_for_a_change_cipher_spec(void **state)
{
    (void)state;
    struct wire *hello = wire_new();
    struct wire *rest = wire_new();
    struct feed *feed = feed_new();

    wire_server_hello_record(hello);
    wire_message_record(rest, 11, 0, 100);
    feed_wire(feed, hello);
    tls_reader_set_encrypted(&feed->reader);
    feed_wire(feed, rest);
    assert_string_equal(feed->words, "server-hello encrypted");
    feed_free(feed);
    free(hello);
    free(rest);
}

static void an_implausible_header_ends_it_once(void **state)
{
    (void)state;
    struct wire *wire = wire_new();
    struct feed *feed = feed_new();

    wire_client_hello_record(wire);
    wire_text(wire, "GET / HTTP/1.1");
    feed_wire(feed, wire);
    feed_wire(feed, wire);
    feed_hole(feed, 100);
    assert_string_equal(feed->words, "client-hello not-tls");
    assert_int_equal(feed->reader.phase, READER_STOPPED);
    feed_free(feed);
    free(wire);
}

static void a_stopped_reader_tells_nothing_and_holds_nothing(void **state)
{
    (void)state;
    struct wire *wire = wire_new();
    struct feed *feed = feed_new();

    wire_client_hello_record(wire);
    feed_chunk(feed, (struct bytes){wire->data, 100}, true);
    assert_int_equal(pool_taken(feed->pools.small), 1);
    tls_reader_stop(&feed->reader, &feed->pools);
    assert_int_equal(pool_taken(feed->pools.small), 0);
    feed_wire(feed, wire);
    assert_string_equal(feed->words, "");
    feed_free(feed);
    free(wire);
}

static void events_carry_the_times_of_their_first_and_last_byte(void **state)
{
    (void)state;
    struct wire *wire = wire_new();
    struct feed *feed = feed_new();

    wire_server_hello_record(wire);
    feed->now_ns = 1000;
    feed_wire(feed, wire);
    assert_int_equal(feed->last.start_ns, 1000);
    assert_int_equal(feed->last.time_ns, 1000);

    wire->len = 0;
    wire_message_record(wire, 11, 0xcc, 3000);
    wire_record(wire, 23, 0xee, 100);
    feed->now_ns = 2000;
    feed_chunk(feed, (struct bytes){wire->data, 1000}, true);
    feed->now_ns = 3000;
    feed_chunk(feed, (struct bytes){wire->data + 1000, 1000}, true);
    feed->now_ns = 4000;
    feed_chunk(feed, (struct bytes){wire->data + 2000, 1009}, true);
    assert_int_equal(feed->last.kind, TLS_CERTIFICATE);
    assert_int_equal(feed->last.start_ns, 2000);
    assert_int_equal(feed->last.time_ns, 4000);

    feed->now_ns = 5000;
    feed_chunk(feed, (struct bytes){wire->data + 3009, 3}, true);
    feed->now_ns = 6000;
    feed_chunk(feed, (struct bytes){wire->data + 3012, 102}, true);
    assert_int_equal(feed->last.kind, TLS_APPLICATION_DATA);
    assert_int_equal(feed->last.start_ns, 5000);
    assert_int_equal(feed->last.time_ns, 6000);
    feed_free(feed);
    free(wire);
}

static void bytes_are_counted_from_the_first_record_on(void **state)
{
    (void)state;
    struct wire *wire = wire_new();
    struct feed *feed = feed_new();
    const uint8_t prefix[] = "EHLO client\r\n";

    feed_chunk(feed, (struct bytes){prefix, sizeof(prefix)}, true);
    wire_client_hello_record(wire);
    const size_t hello_bytes = wire->len;
    wire_record(wire, 20, 1, 1);
    wire_record(wire, 23, 0xee, 100);
    feed_chunk(feed, (struct bytes){wire->data, hello_bytes}, true);
    assert_int_equal(feed->last.stream_bytes, hello_bytes);
    assert_int_equal(feed->last.record_len, hello_bytes - 5);
    assert_int_equal(feed->last.record_version, 0x0303);
    feed_chunk(feed, (struct bytes){wire->data + hello_bytes, 6 + 105}, true);
    assert_int_equal(feed->last.stream_bytes, hello_bytes + 6 + 105);
    assert_int_equal(feed->last.record_len, 100);
    feed_free(feed);
    free(wire);
}

static void a_hello_that_broke_off_can_be_asked_for(void **state)
{
    (void)state;
    struct wire *wire = wire_new();
    struct feed *feed = feed_new();
    struct tls_event event;

    wire_client_hello_record(wire);
    assert_false(tls_reader_partial_hello(&feed->reader, &event));
    feed->now_ns = 1000;
    feed_chunk(feed, (struct bytes){wire->data, 60}, true);
    assert_true(tls_reader_partial_hello(&feed->reader, &event));
    assert_int_equal(event.kind, TLS_CLIENT_HELLO);
    assert_false(event.is_parsed);
    assert_int_equal(event.start_ns, 1000);
    assert_int_equal(event.stream_bytes, 60);
    feed_chunk(feed, (struct bytes){wire->data + 60, wire->len - 60}, true);
    assert_string_equal(feed->words, "client-hello");
    assert_false(tls_reader_partial_hello(&feed->reader, &event));
    feed_free(feed);
    free(wire);
}

/* It was there, whatever came instead of its rest. */
static void a_hello_before_what_is_no_record_is_told(void **state)
{
    (void)state;
    struct wire *wire = wire_new();
    const size_t record = wire_open_record(wire, 22);

    wire_hex(wire, "01 000064 0303"); /* 100 bytes are announced, 2 are there */
    wire_close_record(wire, record);
    wire_fill(wire, 0xff, 20);
    feed_expect(wire, "client-hello! not-tls");
    free(wire);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(tells_a_full_handshake_message_by_message),
        cmocka_unit_test(tells_the_clients_side_too),
        cmocka_unit_test(an_empty_record_of_application_data_is_told),
        cmocka_unit_test(set_encrypted_stands_for_a_change_cipher_spec),
        cmocka_unit_test(an_implausible_header_ends_it_once),
        cmocka_unit_test(a_stopped_reader_tells_nothing_and_holds_nothing),
        cmocka_unit_test(events_carry_the_times_of_their_first_and_last_byte),
        cmocka_unit_test(bytes_are_counted_from_the_first_record_on),
        cmocka_unit_test(a_hello_that_broke_off_can_be_asked_for),
        cmocka_unit_test(a_hello_before_what_is_no_record_is_told),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
