#include "tests/dissect/tls/feed.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static const char *const kind_words[TLS_EVENT_KIND_COUNT] = {
    [TLS_CLIENT_HELLO] = "client-hello",
    [TLS_SERVER_HELLO] = "server-hello",
    [TLS_HELLO_RETRY_REQUEST] = "hello-retry",
    [TLS_HELLO_VERIFY_REQUEST] = "verify",
    [TLS_HELLO_REQUEST] = "hello-request",
    [TLS_NEW_SESSION_TICKET] = "ticket",
    [TLS_CERTIFICATE] = "certificate",
    [TLS_SERVER_KEY_EXCHANGE] = "server-kx",
    [TLS_CERTIFICATE_REQUEST] = "cert-request",
    [TLS_SERVER_HELLO_DONE] = "done",
    [TLS_CERTIFICATE_VERIFY] = "cert-verify",
    [TLS_CLIENT_KEY_EXCHANGE] = "client-kx",
    [TLS_CERTIFICATE_STATUS] = "status",
    [TLS_OTHER_MESSAGE] = "other",
    [TLS_CHANGE_CIPHER_SPEC] = "ccs",
    [TLS_ENCRYPTED_HANDSHAKE] = "encrypted",
    [TLS_APPLICATION_DATA] = "data",
    [TLS_ALERT] = "alert",
    [TLS_ENCRYPTED_ALERT] = "encrypted-alert",
    [TLS_HEARTBEAT] = "heartbeat",
    [TLS_GAP] = "gap",
    [TLS_NOT_TLS] = "not-tls",
    [TLS_FIN] = "fin",
    [TLS_RESET] = "reset",
};

struct feed *feed_new(void)
{
    struct feed *feed = calloc(1, sizeof(*feed));

    assert_non_null(feed);
    feed->pools.small = pool_new(READER_SMALL_BYTES, 4);
    feed->pools.large = pool_new(READER_LARGE_BYTES, 4);
    assert_non_null(feed->pools.small);
    assert_non_null(feed->pools.large);
    tls_reader_init(&feed->reader);
    return feed;
}

void feed_free(struct feed *feed)
{
    tls_reader_clear(&feed->reader, &feed->pools);
    assert_int_equal(pool_taken(feed->pools.small), 0);
    assert_int_equal(pool_taken(feed->pools.large), 0);
    pool_free(feed->pools.small);
    pool_free(feed->pools.large);
    free(feed);
}

/* Reads every byte that the event borrows, so that a sanitizer sees a wrong one. */
static unsigned sum_of(struct bytes bytes)
{
    unsigned sum = 0;

    for (size_t i = 0; i < bytes.len; i++) {
        sum = sum * 31 + bytes.data[i];
    }
    return sum;
}

static unsigned contents_of(const struct tls_event *event)
{
    const struct client_hello *client = &event->client_hello;
    const struct server_hello *server = &event->server_hello;

    if (!event->is_parsed) {
        return 0;
    }
    if (event->kind == TLS_CLIENT_HELLO) {
        return sum_of(client->random) + 3 * sum_of(client->session_id) + 5 * sum_of(client->sni) +
               7 * sum_of(client->alpn) + 11 * sum_of(client->ticket) +
               13 * sum_of(client->psk_identities) + client->highest_version;
    }
    if (event->kind == TLS_SERVER_HELLO || event->kind == TLS_HELLO_RETRY_REQUEST) {
        return sum_of(server->random) + 3 * sum_of(server->session_id) + 5 * sum_of(server->alpn) +
               server->cipher + server->version;
    }
    return sum_of(event->new_session_ticket.ticket) + event->new_session_ticket.lifetime_hint_s;
}

static bool is_hello(const struct tls_event *event)
{
    return event->kind == TLS_CLIENT_HELLO || event->kind == TLS_SERVER_HELLO ||
           event->kind == TLS_HELLO_RETRY_REQUEST;
}

static bool has_contents(const struct tls_event *event)
{
    return is_hello(event) || event->kind == TLS_NEW_SESSION_TICKET;
}

static void write_down(struct feed *feed, const struct tls_event *event)
{
    const char *mark = has_contents(event) && !event->is_parsed ? "!" : "";
    const char *space = feed->words_len > 0 ? " " : "";
    const int words = snprintf(feed->words + feed->words_len, sizeof(feed->words) - feed->words_len,
                               "%s%s%s", space, kind_words[event->kind], mark);
    const int details =
        snprintf(feed->details + feed->details_len, sizeof(feed->details) - feed->details_len,
                 "%s%s record %u at %u version %04x type %u alert %u %u missing %u contents %08x\n",
                 kind_words[event->kind], mark, event->record_len, event->stream_bytes,
                 event->record_version, event->message_type, event->alert_level,
                 event->alert_description, event->missing, contents_of(event));

    assert_true(words > 0 && (size_t)words < sizeof(feed->words) - feed->words_len);
    assert_true(details > 0 && (size_t)details < sizeof(feed->details) - feed->details_len);
    feed->words_len += (size_t)words;
    feed->details_len += (size_t)details;
    feed->parsed_hellos += is_hello(event) && event->is_parsed;
    feed->last = *event;
}

static void drain(struct feed *feed, struct reader_input *input)
{
    struct tls_event event;

    while (tls_reader_next(&feed->reader, &feed->pools, input, &event)) {
        assert_int_equal(event.time_ns, feed->now_ns);
        assert_true(event.start_ns <= event.time_ns);
        write_down(feed, &event);
    }
    assert_int_equal(input->data.len, 0);
    assert_int_equal(input->missing, 0);
    feed->now_ns++;
}

void feed_chunk(struct feed *feed, struct bytes data, bool starts_segment)
{
    const struct bytes copy = wire_exact(data.data, data.len);
    struct reader_input input = {
        .data = copy, .time_ns = feed->now_ns, .starts_segment = starts_segment};

    drain(feed, &input);
    wire_free_exact(copy);
}

void feed_hole(struct feed *feed, uint32_t missing)
{
    struct reader_input input = {.missing = missing, .time_ns = feed->now_ns};

    drain(feed, &input);
}

void feed_wire(struct feed *feed, const struct wire *wire)
{
    feed_chunk(feed, (struct bytes){wire->data, wire->len}, true);
}

void feed_byte_by_byte(struct feed *feed, const struct wire *wire)
{
    for (size_t i = 0; i < wire->len; i++) {
        feed_chunk(feed, (struct bytes){wire->data + i, 1}, true);
    }
}

void feed_expect(const struct wire *wire, const char *words)
{
    struct feed *feed = feed_new();

    feed_wire(feed, wire);
    assert_string_equal(feed->words, words);
    feed_free(feed);
}
