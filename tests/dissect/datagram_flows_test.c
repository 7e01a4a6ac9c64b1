#include "dissect/datagram_flows.h"

#include "tests/dissect/datagram_feed.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static const uint8_t client_hello[] = {
    22,   0xfe, 0xfd, 0,  0, 0, 0, 0, 0, 0, 0, 0,  54, /* record */
    1,    0,    0,    42, 0, 0, 0, 0, 0, 0, 0, 42,     /* message 0, whole */
    0xfe, 0xfd, 7,    7,  7, 7, 7, 7, 7, 7, 7, 7,  7,  7, 7, 7, 7, 7,    7,    7, 7,
    7,    7,    7,    7,  7, 7, 7, 7, 7, 7, 7, 7,  7,  0, 0, 0, 2, 0xc0, 0x2f, 1, 0};

struct desk {
    struct reader_pools pools;
    struct keyed_hash *hash;
    struct datagram_flows *flows;
    uint64_t begun;
    uint64_t evicted;
    struct finished finished;
    bool has_finished;
    bool is_busy;
};

static int set_up(void **state)
{
    static const uint8_t key[16];
    struct desk *desk = calloc(1, sizeof(*desk));
    struct error error;

    if (desk == NULL) {
        return -1;
    }
    desk->pools.small = pool_new(READER_SMALL_BYTES, 4);
    desk->pools.large = pool_new(READER_LARGE_BYTES, 4);
    desk->hash = keyed_hash_new(key, &error);
    desk->finished.has_any = &desk->has_finished;
    const struct datagram_flows_options options = {.max_flows = 2,
                                                   .idle_timeout_ns = 1000,
                                                   .pools = &desk->pools,
                                                   .session_hash = desk->hash,
                                                   .finished = &desk->finished,
                                                   .begun = &desk->begun,
                                                   .evicted = &desk->evicted,
                                                   .is_busy = &desk->is_busy};
    desk->flows = datagram_flows_new(&options);
    *state = desk;
    return desk->flows == NULL;
}

static int tear_down(void **state)
{
    struct desk *desk = *state;

    datagram_flows_free(desk->flows);
    keyed_hash_free(desk->hash);
    pool_free(desk->pools.small);
    pool_free(desk->pools.large);
    free(desk);
    return 0;
}

static void feed(struct desk *desk, uint16_t port, const uint8_t *data, size_t len, int64_t now_ns)
{
    const struct segment segment = {.time_ns = now_ns,
                                    .source = {.address = {10}, .port = port},
                                    .destination = {.address = {20}, .port = 443},
                                    .transport = SEGMENT_UDP,
                                    .payload_len = (uint32_t)len,
                                    .payload = {data, len}};

    datagram_feed(desk->flows, &segment);
}

static void follows_only_what_begins_a_handshake(void **state)
{
    struct desk *desk = *state;
    uint8_t other[sizeof(client_hello)];

    for (unsigned first = 0; first < 256; first++) {
        memcpy(other, client_hello, sizeof(other));
        other[0] = (uint8_t)first;
        if (first != client_hello[0]) {
            feed(desk, 1, other, sizeof(other), 1);
        }
    }
    for (size_t len = 0; len < 25; len++) {
        feed(desk, 1, client_hello, len, 1);
    }
    assert_int_equal(desk->begun, 0);
    feed(desk, 1, client_hello, sizeof(client_hello), 1);
    assert_int_equal(desk->begun, 1);
}

static void silence_and_want_of_room_end_a_flow(void **state)
{
    struct desk *desk = *state;
    struct handshake handshake;

    for (uint16_t port = 1; port <= 3; port++) {
        feed(desk, port, client_hello, sizeof(client_hello), port);
    }
    assert_int_equal(desk->evicted, 1);
    datagram_flows_tick(desk->flows, 5000);
    assert_int_equal(desk->evicted, 3);
    for (unsigned i = 0; i < 3; i++) {
        assert_true(datagram_next(desk->flows, &desk->finished, false, &handshake));
        assert_int_equal(handshake.transport, TRANSPORT_DTLS);
        assert_int_equal(handshake.verdict, VERDICT_UNKNOWN);
    }
    assert_false(datagram_next(desk->flows, &desk->finished, true, &handshake));
}

/* So that nobody needs to tick or ask while there is nothing to do. */
static void says_whether_it_is_busy(void **state)
{
    struct desk *desk = *state;
    struct handshake handshake;

    feed(desk, 1, client_hello, 20, 1);
    assert_false(desk->is_busy);
    feed(desk, 1, client_hello, sizeof(client_hello), 1);
    assert_true(desk->is_busy);
    assert_false(datagram_next(desk->flows, &desk->finished, false, &handshake));
    assert_true(desk->is_busy); /* a flow is open */
    datagram_flows_tick(desk->flows, 5000);
    assert_false(desk->is_busy);
    assert_true(desk->has_finished); /* its handshake waits */
    assert_true(datagram_next(desk->flows, &desk->finished, false, &handshake));
    assert_false(datagram_next(desk->flows, &desk->finished, false, &handshake));
}

static void a_capwap_header_may_come_before_the_record(void **state)
{
    struct desk *desk = *state;
    uint8_t wrapped[4 + sizeof(client_hello)] = {1};
    struct handshake handshake;

    memcpy(wrapped + 4, client_hello, sizeof(client_hello));
    feed(desk, 1, wrapped, sizeof(wrapped), 1);
    assert_false(datagram_next(desk->flows, &desk->finished, false, &handshake));
    assert_true(datagram_next(desk->flows, &desk->finished, true, &handshake));
    assert_string_equal(handshake.messages, ">CH");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(follows_only_what_begins_a_handshake, set_up, tear_down),
        cmocka_unit_test_setup_teardown(silence_and_want_of_room_end_a_flow, set_up, tear_down),
        cmocka_unit_test_setup_teardown(says_whether_it_is_busy, set_up, tear_down),
        cmocka_unit_test_setup_teardown(a_capwap_header_may_come_before_the_record, set_up,
                                        tear_down),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
