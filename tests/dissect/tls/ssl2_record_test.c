/* SSL 2.0 as the reader tells it: what is in clear, and nothing of what is not. */
#include "tests/dissect/tls/feed.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>

#include <cmocka.h>

static const char pure_hello[] = "802e 01 0002 0015 0000 0010"
                                 "0700c0 050080 030080 010080 060040 040080 020080"
                                 "c0c1c2c3c4c5c6c7c8c9cacbcccdcecf";
static const char hello_with_id[] = "802c 01 0002 0003 0010 0010 0700c0"
                                    "d0d1d2d3d4d5d6d7d8d9dadbdcdddedf"
                                    "c0c1c2c3c4c5c6c7c8c9cacbcccdcecf";
static const char hello_for_both[] = "801c 01 0301 0003 0000 0010 00002f"
                                     "c0c1c2c3c4c5c6c7c8c9cacbcccdcecf";
static const char master_key[] = "8010 02 0700c0 0000 0004 0002 a1a2a3a4 b1b2";
static const char master_key_padded[] = "0012 02 02 0700c0 0000 0004 0002 a1a2a3a4 b1b2 0000";
static const char server_hello_hit[] = "801b 04 01 00 0002 0000 0000 0010"
                                       "e0e1e2e3e4e5e6e7e8e9eaebecedeeef";
/* Ciphertext may begin with any byte: here as a message in clear would. */
static const char encrypted[] = "8014 02 99999999999999999999999999999999999999"
                                "0018 07 01 9999999999999999999999999999999999999999999999";

static void server_hello_full(struct wire *wire)
{
    wire_hex(wire, "815d 04 00 01 0002 013f 0003 0010");
    wire_fill(wire, 0xcc, 319);
    wire_hex(wire, "0700c0 e0e1e2e3e4e5e6e7e8e9eaebecedeeef");
}

static void the_client_of_a_full_handshake(struct wire *wire)
{
    wire_hex(wire, pure_hello);
    wire_hex(wire, master_key);
    wire_hex(wire, encrypted);
}

static void the_client_with_headers_of_three_bytes(struct wire *wire)
{
    wire_hex(wire, pure_hello);
    wire_hex(wire, master_key_padded);
    wire_hex(wire, encrypted);
}

static void the_client_of_a_hit(struct wire *wire)
{
    wire_hex(wire, hello_with_id);
    wire_hex(wire, encrypted);
}

static void the_client_that_refuses_the_certificate(struct wire *wire)
{
    wire_hex(wire, pure_hello);
    wire_hex(wire, "8003 00 0004");
}

static void a_client_of_both_worlds_in_ssl2(struct wire *wire)
{
    wire_hex(wire, hello_for_both);
    wire_hex(wire, master_key);
    wire_hex(wire, encrypted);
}

static void a_client_of_both_worlds_in_tls(struct wire *wire)
{
    wire_hex(wire, hello_for_both);
    wire_message_record(wire, 16, 0xcc, 33);
    wire_record(wire, 20, 1, 1);
    wire_record(wire, 22, 0xee, 40);
}

static void the_server_of_a_full_handshake(struct wire *wire)
{
    server_hello_full(wire);
    wire_hex(wire, encrypted);
}

static void the_server_of_a_hit(struct wire *wire)
{
    wire_hex(wire, server_hello_hit);
    wire_hex(wire, encrypted);
}

static void the_server_without_a_common_cipher(struct wire *wire)
{
    wire_hex(wire, "8003 00 0001");
}

static const struct {
    void (*write)(struct wire *wire);
    const char *words;
} stories[] = {
    {the_client_of_a_full_handshake, "client-hello client-kx"},
    {the_client_with_headers_of_three_bytes, "client-hello client-kx"},
    {the_client_of_a_hit, "client-hello"},
    {the_client_that_refuses_the_certificate, "client-hello alert"},
    {a_client_of_both_worlds_in_ssl2, "client-hello client-kx"},
    {a_client_of_both_worlds_in_tls, "client-hello client-kx ccs encrypted"},
    {the_server_of_a_full_handshake, "server-hello"},
    {the_server_of_a_hit, "server-hello"},
    {the_server_without_a_common_cipher, "alert"},
};

enum { STORY_COUNT = sizeof(stories) / sizeof(stories[0]) };

static void tells_what_is_in_clear_and_no_more(void **state)
{
    (void)state;

    for (size_t i = 0; i < STORY_COUNT; i++) {
        struct wire *wire = wire_new();
        stories[i].write(wire);
        feed_expect(wire, stories[i].words);
        free(wire);
    }
}

static void tells_the_same_in_all_kinds_of_pieces(void **state)
{
    (void)state;

    for (size_t i = 0; i < STORY_COUNT; i++) {
        struct wire *wire = wire_new();
        stories[i].write(wire);
        struct feed *whole = feed_new();
        struct feed *bytes = feed_new();
        feed_wire(whole, wire);
        feed_byte_by_byte(bytes, wire);
        assert_string_equal(bytes->details, whole->details);
        feed_free(bytes);
        for (size_t cut = 1; cut < wire->len; cut++) {
            struct feed *feed = feed_new();
            feed_chunk(feed, (struct bytes){wire->data, cut}, true);
            feed_chunk(feed, (struct bytes){wire->data + cut, wire->len - cut}, true);
            assert_string_equal(feed->details, whole->details);
            feed_free(feed);
        }
        feed_free(whole);
        free(wire);
    }
}

static void every_truncation_tells_a_beginning(void **state)
{
    (void)state;

    for (size_t i = 0; i < STORY_COUNT; i++) {
        struct wire *wire = wire_new();
        stories[i].write(wire);
        struct feed *whole = feed_new();
        feed_wire(whole, wire);
        const size_t len = wire->len;
        for (wire->len = 0; wire->len < len; wire->len++) {
            struct feed *feed = feed_new();
            feed_wire(feed, wire);
            assert_true(feed->details_len <= whole->details_len);
            assert_memory_equal(feed->details, whole->details, feed->details_len);
            feed_free(feed);
        }
        feed_free(whole);
        free(wire);
    }
}

static void hellos_are_parsed(void **state)
{
    (void)state;
    struct wire *wire = wire_new();
    struct feed *feed = feed_new();

    wire_hex(wire, hello_with_id);
    feed_wire(feed, wire);
    assert_true(feed->last.is_parsed);
    assert_int_equal(feed->last.client_hello.highest_version, SSL_2_0);
    assert_int_equal(feed->last.client_hello.session_id.len, 16);
    assert_int_equal(feed->last.record_version, SSL_2_0);
    assert_int_equal(feed->last.record_len, 44);
    assert_int_equal(feed->last.stream_bytes, 46);
    feed_free(feed);

    feed = feed_new();
    wire->len = 0;
    wire_hex(wire, server_hello_hit);
    feed_wire(feed, wire);
    assert_true(feed->last.is_parsed);
    assert_int_equal(feed->last.server_hello.version, SSL_2_0);
    assert_true(feed->last.server_hello.has_session_id_hit);
    feed_free(feed);
    free(wire);
}

/* What is lost is never made up: a hello with a hole is there but unread, a key exchange with a
 * hole may be ciphertext, and behind a hole nothing tells where a record begins. */
static void holes_only_take_away(void **state)
{
    (void)state;
    struct wire *wire = wire_new();
    struct feed *feed = feed_new();

    server_hello_full(wire);
    feed_chunk(feed, (struct bytes){wire->data, 100}, true);
    feed_hole(feed, 50);
    feed_chunk(feed, (struct bytes){wire->data + 150, wire->len - 150}, true);
    assert_string_equal(feed->words, "gap server-hello!");
    feed_free(feed);

    feed = feed_new();
    wire->len = 0;
    the_client_of_a_full_handshake(wire);
    feed_chunk(feed, (struct bytes){wire->data, 55}, true);
    feed_hole(feed, 2);
    feed_chunk(feed, (struct bytes){wire->data + 57, wire->len - 57}, true);
    assert_string_equal(feed->words, "client-hello gap");
    feed_free(feed);

    feed = feed_new();
    feed_chunk(feed, (struct bytes){wire->data, 48}, true);
    feed_hole(feed, 18);
    feed_chunk(feed, (struct bytes){wire->data + 66, wire->len - 66}, true);
    wire->len = 0;
    wire_client_hello_record(wire);
    feed_wire(feed, wire);
    assert_string_equal(feed->words, "client-hello gap");
    feed_free(feed);
    free(wire);
}

static void a_hello_that_broke_off_can_be_asked_for(void **state)
{
    (void)state;
    struct wire *wire = wire_new();
    struct feed *feed = feed_new();
    struct tls_event event;

    wire_hex(wire, pure_hello);
    wire->len = 30;
    feed_wire(feed, wire);
    assert_true(tls_reader_partial_hello(&feed->reader, &event));
    assert_int_equal(event.kind, TLS_CLIENT_HELLO);
    feed_free(feed);
    feed = feed_new();
    wire->len = 0;
    wire_hex(wire, server_hello_hit);
    wire->len = 20;
    feed_wire(feed, wire);
    assert_false(tls_reader_partial_hello(&feed->reader, &event));
    feed_free(feed);
    free(wire);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(tells_what_is_in_clear_and_no_more),
        cmocka_unit_test(tells_the_same_in_all_kinds_of_pieces),
        cmocka_unit_test(every_truncation_tells_a_beginning),
        cmocka_unit_test(hellos_are_parsed),
        cmocka_unit_test(holes_only_take_away),
        cmocka_unit_test(a_hello_that_broke_off_can_be_asked_for),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
