/* Under a cipher suite without encryption a renegotiation is in clear, each record with a MAC. */
#include "dissect/tls/reader.h"

#include "tests/dissect/tls/feed.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>

#include <cmocka.h>

enum { SHA1_BYTES = 20 };

/* Copies a wire of whole records, with a MAC in each. */
static void add_macs(struct wire *to, const struct wire *from, size_t mac_len)
{
    struct bytes rest = {from->data, from->len};
    struct record_header header = {.type = 0};
    struct bytes body = {NULL, 0};

    while (rest.len > 0) {
        assert_true(record_header_parse(&rest, &header));
        assert_true(bytes_take(&rest, header.len, &body));
        const size_t record = wire_open_record(to, header.type);
        for (size_t i = 0; i < body.len; i++) {
            wire_u8(to, body.data[i]);
        }
        wire_fill(to, 0xa9, mac_len);
        wire_close_record(to, record);
    }
}

static struct feed *feed_with_macs(size_t mac_len)
{
    struct feed *feed = feed_new();

    tls_reader_expect_mac(&feed->reader, (uint8_t)mac_len);
    return feed;
}

static void write_server_flight(struct wire *wire)
{
    wire_server_hello_record(wire);
    wire_certificate_record(wire, 700);
    wire_message_record(wire, 12, 0xcc, 111);
    wire_message_record(wire, 14, 0, 0);
    wire_record(wire, 21, 1, 2);
    wire_record(wire, 20, 1, 1);
}

static const char server_words[] = "server-hello certificate server-kx done alert ccs";

static void macs_behind_messages_are_no_messages(void **state)
{
    (void)state;
    static const size_t lengths[] = {16, 20, 32, 48};
    struct wire *plain = wire_new();

    write_server_flight(plain);
    for (size_t i = 0; i < sizeof(lengths) / sizeof(lengths[0]); i++) {
        struct wire *wire = wire_new();
        struct feed *feed = feed_with_macs(lengths[i]);
        struct feed *bytes = feed_with_macs(lengths[i]);
        add_macs(wire, plain, lengths[i]);
        feed_wire(feed, wire);
        feed_byte_by_byte(bytes, wire);
        assert_string_equal(feed->words, server_words);
        assert_string_equal(bytes->words, server_words);
        assert_int_equal(feed->last.stream_bytes, wire->len);
        feed_free(bytes);
        feed_free(feed);
        free(wire);
    }
    free(plain);
}

static void after_the_change_cipher_spec_no_more_are_expected(void **state)
{
    (void)state;
    struct wire *plain = wire_new();
    struct wire *wire = wire_new();
    struct feed *feed = feed_with_macs(SHA1_BYTES);

    wire_client_hello_record(plain);
    wire_message_record(plain, 16, 0xcc, 130);
    wire_record(plain, 20, 1, 1);
    add_macs(wire, plain, SHA1_BYTES);
    wire_record(wire, 22, 0xee, 40);
    wire_record(wire, 21, 2, 2);
    feed_wire(feed, wire);
    assert_string_equal(feed->words, "client-hello client-kx ccs encrypted alert");
    feed_free(feed);
    free(wire);
    free(plain);
}

/* Each part of it has its MAC. */
static void a_message_over_several_records_is_read(void **state)
{
    (void)state;
    struct wire *hello = wire_new();
    struct wire *parts = wire_new();
    struct wire *wire = wire_new();
    struct feed *feed = feed_with_macs(SHA1_BYTES);

    wire_server_hello_record(hello);
    for (size_t at = RECORD_HEADER_BYTES; at < hello->len; at += 30) {
        const size_t record = wire_open_record(parts, 22);
        for (size_t i = at; i < hello->len && i < at + 30; i++) {
            wire_u8(parts, hello->data[i]);
        }
        wire_close_record(parts, record);
    }
    add_macs(wire, parts, SHA1_BYTES);
    feed_wire(feed, wire);
    assert_string_equal(feed->words, "server-hello");
    assert_int_equal(feed->parsed_hellos, 1);
    feed_free(feed);
    free(wire);
    free(parts);
    free(hello);
}

static void a_hole_may_swallow_a_mac(void **state)
{
    (void)state;
    struct wire *plain = wire_new();
    struct wire *wire = wire_new();

    wire_server_hello_record(plain);
    add_macs(wire, plain, SHA1_BYTES);
    const size_t hello_len = wire->len;
    wire_record(wire, 20, 1, 1 + SHA1_BYTES);
    for (size_t lost = 1; lost <= SHA1_BYTES; lost++) {
        struct feed *feed = feed_with_macs(SHA1_BYTES);
        feed_chunk(feed, (struct bytes){wire->data, hello_len - lost}, true);
        feed_hole(feed, (uint32_t)lost);
        feed_chunk(feed, (struct bytes){wire->data + hello_len, wire->len - hello_len}, true);
        assert_string_equal(feed->words, "server-hello gap ccs");
        feed_free(feed);
    }
    free(wire);
    free(plain);
}

/* The answer to such a hello may be one in SSLv2's format all the same: as sent by nobody, but by
 * somebody who means harm. One byte at a time, as its bytes are collected then. */
static void a_hello_in_ssl2s_format_has_no_mac(void **state)
{
    (void)state;
    struct wire *wire = wire_new();
    struct feed *feed = feed_with_macs(SHA1_BYTES);

    /* length, type, version, cipher specs, session id, challenge: then these */
    wire_hex(wire, "801c 01 0301 0003 0000 0010 00002f");
    wire_fill(wire, 0xc5, 16);
    feed_byte_by_byte(feed, wire);
    assert_string_equal(feed->words, "client-hello");
    feed_free(feed);
    free(wire);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(macs_behind_messages_are_no_messages),
        cmocka_unit_test(after_the_change_cipher_spec_no_more_are_expected),
        cmocka_unit_test(a_message_over_several_records_is_read),
        cmocka_unit_test(a_hole_may_swallow_a_mac),
        cmocka_unit_test(a_hello_in_ssl2s_format_has_no_mac),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
