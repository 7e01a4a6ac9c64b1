/* A DTLS reader fed with datagrams.
 *
 * Input: options u8, then datagrams of { length u8 (times 8), bytes }. Options: 1 the pools have no
 * blocks, 2 connection IDs of 3 bytes, 4 given up in the middle, 8 epoch 1 is in clear with MACs.
 *
 * What an event borrows can be read, bytes never count down, and afterwards the pools are full. */
#include "dissect/tls/dtls_reader.h"

#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

enum { OPTION_NO_BLOCKS = 1, OPTION_CID = 2, OPTION_GIVE_UP = 4, OPTION_MAC = 8, MAC_BYTES = 20 };

static void must(bool is_so)
{
    if (!is_so) {
        abort();
    }
}

/* Reads each byte: the sanitizer knows where it may lie. */
static void touch(struct bytes bytes)
{
    volatile uint8_t sum = 0;

    for (size_t i = 0; i < bytes.len; i++) {
        sum = (uint8_t)(sum + bytes.data[i]);
    }
}

static void check(const struct tls_event *event, uint32_t *last_bytes)
{
    must(event->kind < TLS_EVENT_KIND_COUNT);
    must(event->start_ns <= event->time_ns);
    must(event->stream_bytes >= *last_bytes);
    *last_bytes = event->stream_bytes;
    if (event->is_parsed && event->kind == TLS_CLIENT_HELLO) {
        touch(event->client_hello.session_id);
        touch(event->client_hello.sni);
        touch(event->client_hello.ticket);
        touch(event->client_hello.psk_identities);
    } else if (event->is_parsed && event->kind == TLS_NEW_SESSION_TICKET) {
        touch(event->new_session_ticket.ticket);
    } else if (event->is_parsed) {
        touch(event->server_hello.session_id);
        touch(event->server_hello.alpn);
    }
}

/* One datagram, in a block of its own size. */
static void feed(struct dtls_reader *reader, const struct reader_pools *pools,
                 struct bytes datagram, uint32_t *last_bytes)
{
    uint8_t *copy = malloc(datagram.len > 0 ? datagram.len : 1);
    struct dtls_input input;
    struct tls_event event;
    struct dtls_hello_start hello;
    static const int64_t now_ns = 1000;

    must(copy != NULL);
    memcpy(copy, datagram.data, datagram.len);
    (void)dtls_message_begins((struct bytes){copy, datagram.len});
    if (dtls_message_is_first_hello((struct bytes){copy, datagram.len}, &hello)) {
        touch(hello.random);
    }
    dtls_input_init(&input, (struct bytes){copy, datagram.len}, now_ns);
    while (dtls_reader_next(reader, pools, &input, &event)) {
        check(&event, last_bytes);
    }
    free(copy);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct bytes rest = {data, size};
    struct dtls_reader reader;
    uint32_t last_bytes = 0;
    uint8_t options = 0;
    uint8_t eighths;

    (void)!bytes_u8(&rest, &options);
    const size_t blocks = (options & OPTION_NO_BLOCKS) != 0 ? 0 : 4;
    const struct reader_pools pools = {pool_new(READER_SMALL_BYTES, blocks),
                                       pool_new(READER_LARGE_BYTES, blocks)};
    must(pools.small != NULL && pools.large != NULL);
    dtls_reader_init(&reader);
    reader.cid_len = (options & OPTION_CID) != 0 ? 3 : DTLS_CID_UNKNOWN;
    reader.clear_epoch = (options & OPTION_MAC) != 0 ? 1 : 0;
    reader.mac_len = (options & OPTION_MAC) != 0 ? MAC_BYTES : 0;
    while (bytes_u8(&rest, &eighths)) {
        const size_t wanted = (size_t)eighths * 8;
        const size_t len = wanted < rest.len ? wanted : rest.len;
        feed(&reader, &pools, (struct bytes){rest.data, len}, &last_bytes);
        must(bytes_skip(&rest, len));
        if ((options & OPTION_GIVE_UP) != 0) {
            dtls_reader_give_up(&reader);
        }
    }
    dtls_reader_give_up(&reader);
    feed(&reader, &pools, (struct bytes){data, 0}, &last_bytes);
    dtls_reader_clear(&reader, &pools);
    must(pool_taken(pools.small) == 0 && pool_taken(pools.large) == 0);
    pool_free(pools.small);
    pool_free(pools.large);
    return 0;
}
