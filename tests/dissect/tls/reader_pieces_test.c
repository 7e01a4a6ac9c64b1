/* The same bytes in all kinds of pieces must tell the same story: all fields but the times. */
#include "dissect/tls/reader.h"

#include "tests/dissect/tls/feed.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>

#include <cmocka.h>

static void tls12_server(struct wire *wire)
{
    const size_t record = wire_open_record(wire, 22);
    const size_t message = wire_open_message(wire, 2);
    wire_server_hello_start(wire, 0x0303);
    wire_close_message(wire, message);
    wire_message(wire, 11, 0xcc, 300);
    wire_message(wire, 12, 0xcc, 111);
    wire_message(wire, 14, 0, 0);
    wire_close_record(wire, record);
    const size_t ticket_record = wire_open_record(wire, 22);
    const size_t ticket = wire_open_message(wire, 4);
    wire_hex(wire, "00001c20 0020");
    wire_fill(wire, 0xab, 32);
    wire_close_message(wire, ticket);
    wire_close_record(wire, ticket_record);
    wire_record(wire, 20, 1, 1);
    wire_record(wire, 22, 0xee, 40);
    wire_record(wire, 23, 0xee, 0);
    wire_record(wire, 23, 0xee, 80);
    wire_record(wire, 21, 0xee, 26);
}

static void tls13_client(struct wire *wire)
{
    wire_client_hello_record(wire);
    wire_record(wire, 20, 1, 1);
    wire_client_hello_record(wire);
    wire_record(wire, 23, 0xee, 53);
    wire_record(wire, 22, 0x01, 60);
    wire_record(wire, 24, 0xee, 20);
}

static void tls13_server(struct wire *wire)
{
    wire_hello_retry_record(wire);
    wire_record(wire, 20, 1, 1);
    wire_server_hello_record(wire);
    wire_record(wire, 23, 0xee, 53);
    wire_record(wire, 21, 1, 2);
}

/* A ClientHello in records of seven bytes, an alert between them. */
static void crumbs(struct wire *wire)
{
    struct wire *whole = wire_new();

    wire_client_hello_record(whole);
    for (size_t at = 5; at < whole->len; at += 7) {
        const size_t record = wire_open_record(wire, 22);
        for (size_t i = at; i < at + 7 && i < whole->len; i++) {
            wire_u8(wire, whole->data[i]);
        }
        wire_close_record(wire, record);
        if (at == 5) {
            wire_record(wire, 21, 1, 2);
        }
    }
    free(whole);
}

static void middle(struct wire *wire)
{
    wire_record(wire, 22, 0, 40);
    wire_message_record(wire, 16, 0xcc, 33);
    wire_record(wire, 22, 0x10, 40);
    wire_record(wire, 20, 1, 1);
    wire_record(wire, 22, 0xee, 40);
}

static void ends_in_nonsense(struct wire *wire)
{
    wire_server_hello_record(wire);
    const size_t record = wire_open_record(wire, 22);
    wire_hex(wire, "0b 000400 0003fd");
    wire_close_record(wire, record);
    wire_text(wire, "nonsense");
}

static void plain_text(struct wire *wire)
{
    wire_text(wire, "SSH-2.0-OpenSSH_9.2\r\n");
    wire_fill(wire, 0x16, 40);
}

static void (*const stories[])(struct wire *wire) = {
    tls12_server, tls13_client, tls13_server, crumbs, middle, ends_in_nonsense, plain_text,
};

enum { STORY_COUNT = sizeof(stories) / sizeof(stories[0]) };

/* The story in chunks that end at `first`, and then every `step` bytes; one segment. */
static struct feed *told_in_pieces(const struct wire *wire, size_t first, size_t step)
{
    struct feed *feed = feed_new();
    size_t end = first;

    for (size_t at = 0; at < wire->len; at = end, end += step) {
        end = end < wire->len ? end : wire->len;
        feed_chunk(feed, (struct bytes){wire->data + at, end - at}, at == 0);
    }
    return feed;
}

static void expect_the_same(struct feed *feed, const struct feed *whole)
{
    assert_string_equal(feed->details, whole->details);
    feed_free(feed);
}

static void every_cut_in_two_tells_the_same(void **state)
{
    (void)state;

    for (size_t story = 0; story < STORY_COUNT; story++) {
        struct wire *wire = wire_new();
        stories[story](wire);
        struct feed *whole = told_in_pieces(wire, wire->len, 1);
        for (size_t cut = 1; cut < wire->len; cut++) {
            expect_the_same(told_in_pieces(wire, cut, wire->len), whole);
        }
        feed_free(whole);
        free(wire);
    }
}

static void every_size_of_pieces_tells_the_same(void **state)
{
    (void)state;

    for (size_t story = 0; story < STORY_COUNT; story++) {
        struct wire *wire = wire_new();
        stories[story](wire);
        struct feed *whole = told_in_pieces(wire, wire->len, 1);
        for (size_t size = 1; size < 100; size++) {
            expect_the_same(told_in_pieces(wire, size, size), whole);
            expect_the_same(told_in_pieces(wire, 1, size), whole);
        }
        feed_free(whole);
        free(wire);
    }
}

/* The start must not depend on luck either: with TLS from the first byte on, more beginnings of
 * segments change nothing. */
static void beginnings_of_segments_inside_tls_mean_nothing(void **state)
{
    (void)state;

    for (size_t story = 0; story < STORY_COUNT; story++) {
        struct wire *wire = wire_new();
        stories[story](wire);
        struct feed *whole = told_in_pieces(wire, wire->len, 1);
        struct feed *feed = feed_new();
        feed_byte_by_byte(feed, wire);
        expect_the_same(feed, whole);
        feed_free(whole);
        free(wire);
    }
}

/* Cut short it tells the beginning of the same story, and nothing else. */
static void every_truncation_tells_a_beginning(void **state)
{
    (void)state;

    for (size_t story = 0; story < STORY_COUNT; story++) {
        struct wire *wire = wire_new();
        stories[story](wire);
        struct feed *whole = told_in_pieces(wire, wire->len, 1);
        const size_t full_len = wire->len;
        for (size_t len = 0; len < full_len; len++) {
            wire->len = len;
            struct feed *feed = told_in_pieces(wire, len, 1);
            assert_true(feed->details_len <= whole->details_len);
            assert_memory_equal(feed->details, whole->details, feed->details_len);
            feed_free(feed);
        }
        feed_free(whole);
        free(wire);
    }
}

static void the_stories_are_what_they_should_be(void **state)
{
    (void)state;
    static const char *const words[STORY_COUNT] = {
        "server-hello certificate server-kx done ticket ccs encrypted data data encrypted-alert",
        "client-hello ccs client-hello data encrypted heartbeat",
        "hello-retry ccs server-hello data alert",
        "alert client-hello",
        "encrypted client-kx encrypted ccs encrypted",
        "server-hello not-tls",
        "",
    };

    for (size_t story = 0; story < STORY_COUNT; story++) {
        struct wire *wire = wire_new();
        stories[story](wire);
        feed_expect(wire, words[story]);
        free(wire);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_stories_are_what_they_should_be),
        cmocka_unit_test(every_cut_in_two_tells_the_same),
        cmocka_unit_test(every_size_of_pieces_tells_the_same),
        cmocka_unit_test(beginnings_of_segments_inside_tls_mean_nothing),
        cmocka_unit_test(every_truncation_tells_a_beginning),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
