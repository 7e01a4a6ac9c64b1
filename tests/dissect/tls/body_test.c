#include "dissect/tls/body.h"

#include "tests/dissect/tls/feed.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static void several_messages_may_share_a_record(void **state)
{
    (void)state;
    struct wire *wire = wire_new();
    const size_t record = wire_open_record(wire, 22);
    const size_t message = wire_open_message(wire, 2);

    wire_server_hello_start(wire, 0x0303);
    wire_close_message(wire, message);
    wire_message(wire, 11, 0xcc, 700);
    wire_message(wire, 12, 0xcc, 111);
    wire_message(wire, 14, 0, 0);
    wire_close_record(wire, record);
    feed_expect(wire, "server-hello certificate server-kx done");
    free(wire);
}

/* The handshake of `whole`, one record, cut into records of `part` bytes. */
static void cut_into_records(struct wire *wire, const struct wire *whole, size_t part)
{
    for (size_t at = 5; at < whole->len; at += part) {
        const size_t left = whole->len - at;
        const size_t record = wire_open_record(wire, 22);
        for (size_t i = 0; i < part && i < left; i++) {
            wire_u8(wire, whole->data[at + i]);
        }
        wire_close_record(wire, record);
    }
}

static void a_message_may_go_over_any_number_of_records(void **state)
{
    (void)state;
    struct wire *whole = wire_new();

    wire_client_hello_record(whole);
    for (size_t part = 1; part < whole->len; part++) {
        struct wire *wire = wire_new();
        cut_into_records(wire, whole, part);
        wire_record(wire, 20, 1, 1);
        struct feed *feed = feed_new();
        feed_wire(feed, wire);
        assert_string_equal(feed->words, "client-hello ccs");
        feed_free(feed);
        free(wire);
    }
    free(whole);
}

static void an_alert_between_the_parts_of_a_message_does_no_harm(void **state)
{
    (void)state;
    struct wire *whole = wire_new();
    struct wire *wire = wire_new();

    wire_client_hello_record(whole);
    cut_into_records(wire, whole, 100);
    struct wire *mixed = wire_new();
    memcpy(mixed->data, wire->data, 105);
    mixed->len = 105;
    const size_t record = wire_open_record(mixed, 21);
    wire_hex(mixed, "01 70"); /* warning, unrecognized_name */
    wire_close_record(mixed, record);
    memcpy(mixed->data + mixed->len, wire->data + 105, wire->len - 105);
    mixed->len += wire->len - 105;
    feed_expect(mixed, "alert client-hello");
    free(mixed);
    free(wire);
    free(whole);
}

/* It was there, even if nobody will ever read its end: not telling would look like a resumption. */
static void a_message_cut_by_change_cipher_spec_is_told(void **state)
{
    (void)state;
    struct wire *wire = wire_new();

    wire_server_hello_record(wire);
    const size_t record = wire_open_record(wire, 22);
    wire_hex(wire, "0b 000400 0003fd");
    wire_close_record(wire, record);
    wire_record(wire, 20, 1, 1);
    wire_record(wire, 22, 0xee, 40);
    feed_expect(wire, "server-hello certificate ccs encrypted");
    free(wire);
}

static void alerts_are_clear_when_they_have_two_bytes(void **state)
{
    (void)state;
    struct wire *wire = wire_new();
    struct feed *feed = feed_new();

    wire_client_hello_record(wire);
    const size_t record = wire_open_record(wire, 21);
    wire_hex(wire, "02 28");
    wire_close_record(wire, record);
    feed_wire(feed, wire);
    assert_string_equal(feed->words, "client-hello alert");
    assert_int_equal(feed->last.alert_level, 2);
    assert_int_equal(feed->last.alert_description, 40);
    feed_free(feed);
    free(wire);
}

/* A TLS 1.3 peer that gives up after its compatibility ChangeCipherSpec, but before it has keys,
 * sends its alert in clear; no cipher suite makes two bytes out of two. */
static void a_clear_alert_may_follow_change_cipher_spec(void **state)
{
    (void)state;
    struct wire *wire = wire_new();

    wire_client_hello_record(wire);
    wire_record(wire, 20, 1, 1);
    wire_record(wire, 21, 2, 2);
    wire_record(wire, 21, 2, 26);
    wire_record(wire, 21, 0x77, 2); /* no alert level */
    feed_expect(wire, "client-hello ccs alert encrypted-alert encrypted-alert");
    free(wire);
}

/* RFC 8446, D.4: the second ClientHello may follow a compatibility ChangeCipherSpec. */
static void a_second_client_hello_is_clear_after_change_cipher_spec(void **state)
{
    (void)state;
    struct wire *wire = wire_new();

    wire_client_hello_record(wire);
    wire_record(wire, 20, 1, 1);
    wire_client_hello_record(wire);
    wire_record(wire, 22, 0xee, 40);
    wire_record(wire, 23, 0xee, 69);
    feed_expect(wire, "client-hello ccs client-hello encrypted data");
    free(wire);
}

static void a_server_hello_is_clear_after_a_retry_and_change_cipher_spec(void **state)
{
    (void)state;
    struct wire *wire = wire_new();

    wire_hello_retry_record(wire);
    wire_record(wire, 20, 1, 1);
    wire_server_hello_record(wire);
    wire_record(wire, 23, 0xee, 69);
    feed_expect(wire, "hello-retry ccs server-hello data");
    free(wire);
}

/* The explicit nonce of AES-GCM, and a Finished of a NULL cipher suite. */
static void finished_is_encrypted_whatever_it_begins_with(void **state)
{
    (void)state;
    struct wire *wire = wire_new();

    wire_server_hello_record(wire);
    wire_record(wire, 20, 1, 1);
    wire_record(wire, 22, 0x00, 40);
    wire_record(wire, 22, 0x01, 40);
    wire_record(wire, 22, 0x02, 0x0202 + 4);
    wire_message_record(wire, 20, 0, 12);
    wire_message_record(wire, 4, 0, 12);
    feed_expect(wire, "server-hello ccs encrypted encrypted encrypted encrypted encrypted");
    free(wire);
}

/* RFC 8446, 5: anything but the one byte 01 is no ChangeCipherSpec; a renegotiation under
 * encryption has long ones. */
static void only_a_true_change_cipher_spec_counts(void **state)
{
    (void)state;
    struct wire *wire = wire_new();

    wire_server_hello_record(wire);
    wire_record(wire, 20, 2, 1);
    wire_record(wire, 20, 1, 2);
    wire_message_record(wire, 11, 0xcc, 100);
    wire_record(wire, 20, 1, 1);
    wire_record(wire, 20, 0xee, 41);
    feed_expect(wire, "server-hello certificate ccs ccs");
    free(wire);
}

static void unknown_messages_are_told_with_their_type(void **state)
{
    (void)state;
    struct wire *wire = wire_new();
    struct feed *feed = feed_new();

    wire_client_hello_record(wire);
    wire_message_record(wire, 23, 0xcc, 30); /* supplemental_data, RFC 4680 */
    feed_wire(feed, wire);
    assert_string_equal(feed->words, "client-hello other");
    assert_int_equal(feed->last.message_type, 23);
    feed_free(feed);
    free(wire);
}

static void a_message_too_long_for_any_block_is_told_unparsed(void **state)
{
    (void)state;
    struct wire *wire = wire_new();
    struct feed *feed = feed_new();

    for (unsigned i = 0; i < 9; i++) {
        const size_t record = wire_open_record(wire, 22);
        if (i == 0) {
            wire_hex(wire, "01 023ffc 0303"); /* 9 * 0x4000 bytes with its header */
            wire_fill(wire, 0, 0x4000 - 6);
        } else {
            wire_fill(wire, 0, 0x4000);
        }
        wire_close_record(wire, record);
    }
    wire_record(wire, 20, 1, 1);
    tls_reader_clear(&feed->reader, &feed->pools);
    feed->reader.is_unsure = false; /* as after a hello before it */
    feed_wire(feed, wire);
    assert_string_equal(feed->words, "client-hello! ccs");
    feed_free(feed);
    free(wire);
}

static void a_hello_of_several_records_up_to_the_large_block_is_parsed(void **state)
{
    (void)state;
    struct wire *hello = wire_new();
    struct wire *wire = wire_new();

    /* a hello with 60000 bytes of padding (RFC 7685); its record would be too long */
    wire_fill(hello, 0, 5);
    const size_t message = wire_open_message(hello, 1);
    wire_client_hello_start(hello, 0x0303);
    const size_t extensions = wire_open(hello, 2);
    wire_u16(hello, 21);
    wire_u16(hello, 60000);
    wire_fill(hello, 0, 60000);
    wire_close(hello, extensions, 2);
    wire_close_message(hello, message);
    cut_into_records(wire, hello, 16000);
    feed_expect(wire, "client-hello");
    free(wire);
    free(hello);
}

/* X25519MLKEM768: a key_share of 1216 bytes. In two records, and two segments cut anywhere. */
static void a_post_quantum_hello_is_parsed_however_it_is_cut(void **state)
{
    (void)state;
    struct wire *message = wire_new();
    struct wire *wire = wire_new();
    const size_t body = wire_open_message(message, 1);

    wire_client_hello_start(message, 0x0303);
    const size_t extensions = wire_open(message, 2);
    wire_hex(message, "6a6a 0000 0033 04ef 04ed eaea 0001 00 11ec 04c0"); /* with GREASE */
    wire_fill(message, 0x9d, 1216);
    wire_hex(message, "001d 0020");
    wire_fill(message, 0x25, 32);
    wire_hex(message, "002b 0005 04 fafa 0304");
    wire_close(message, extensions, 2);
    wire_close_message(message, body);
    for (size_t from = 0; from < message->len; from += 700) {
        const size_t record = wire_open_record(wire, 22);
        for (size_t i = from; i < from + 700 && i < message->len; i++) {
            wire_u8(wire, message->data[i]);
        }
        wire_close_record(wire, record);
    }
    for (size_t cut = 1; cut < wire->len; cut++) {
        struct feed *feed = feed_new();
        feed_chunk(feed, (struct bytes){wire->data, cut}, true);
        feed_chunk(feed, (struct bytes){wire->data + cut, wire->len - cut}, true);
        assert_string_equal(feed->words, "client-hello");
        assert_true(feed->last.is_parsed);
        assert_false(feed->last.client_hello.is_damaged);
        assert_int_equal(feed->last.client_hello.highest_version, TLS_1_3);
        feed_free(feed);
    }
    free(wire);
    free(message);
}

static void without_a_block_a_hello_is_told_unparsed(void **state)
{
    (void)state;
    struct wire *wire = wire_new();
    struct feed *feed = feed_new();
    void *blocks[4];

    for (size_t i = 0; i < 4; i++) {
        blocks[i] = pool_take(feed->pools.small);
    }
    wire_client_hello_record(wire);
    feed_byte_by_byte(feed, wire);
    assert_string_equal(feed->words, "client-hello!");
    for (size_t i = 0; i < 4; i++) {
        pool_give(feed->pools.small, blocks[i]);
    }
    feed_byte_by_byte(feed, wire);
    assert_string_equal(feed->words, "client-hello! client-hello");
    feed_free(feed);
    free(wire);
}

/* Certificates, application data and the like take no block however they are cut. */
static void only_wanted_messages_are_collected(void **state)
{
    (void)state;
    struct wire *wire = wire_new();
    struct feed *feed = feed_new();

    wire_server_hello_record(wire);
    feed_wire(feed, wire);
    wire->len = 0;
    wire_message_record(wire, 11, 0xcc, 3000);
    for (size_t i = 0; i < wire->len; i++) {
        feed_chunk(feed, (struct bytes){wire->data + i, 1}, true);
        assert_int_equal(pool_taken(feed->pools.small), 0);
    }
    assert_string_equal(feed->words, "server-hello certificate");
    feed_free(feed);
    free(wire);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(several_messages_may_share_a_record),
        cmocka_unit_test(a_message_may_go_over_any_number_of_records),
        cmocka_unit_test(an_alert_between_the_parts_of_a_message_does_no_harm),
        cmocka_unit_test(a_message_cut_by_change_cipher_spec_is_told),
        cmocka_unit_test(alerts_are_clear_when_they_have_two_bytes),
        cmocka_unit_test(a_clear_alert_may_follow_change_cipher_spec),
        cmocka_unit_test(a_second_client_hello_is_clear_after_change_cipher_spec),
        cmocka_unit_test(a_server_hello_is_clear_after_a_retry_and_change_cipher_spec),
        cmocka_unit_test(finished_is_encrypted_whatever_it_begins_with),
        cmocka_unit_test(only_a_true_change_cipher_spec_counts),
        cmocka_unit_test(unknown_messages_are_told_with_their_type),
        cmocka_unit_test(a_message_too_long_for_any_block_is_told_unparsed),
        cmocka_unit_test(a_hello_of_several_records_up_to_the_large_block_is_parsed),
        cmocka_unit_test(a_post_quantum_hello_is_parsed_however_it_is_cut),
        cmocka_unit_test(without_a_block_a_hello_is_told_unparsed),
        cmocka_unit_test(only_wanted_messages_are_collected),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
