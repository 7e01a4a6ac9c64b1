/* One frame can finish any number of handshakes: a frame of IEEE 802.11 that holds many others. */
#include "dissect/dissector.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

enum {
    CONNECTIONS = 100,
    LINK_WLAN = 105,
    WLAN_BYTES = 26,                /* QoS data */
    SUBFRAME_BYTES = 6 + 6 + 2 + 8, /* addresses, length u16, LLC/SNAP */
    PACKET_BYTES = 20 + 20,         /* IPv4, TCP */
    SEGMENT_BYTES = SUBFRAME_BYTES + PACKET_BYTES,
    HELLO_BYTES = 5 + 4 + 2 + 32 + 1 + 4 + 2,
    FIRST_PORT = 10000,
    SYN = 0x02,
    PUSH_ACK = 0x18,
};

/* TLS 1.2, no session ID, one cipher suite, no extensions. */
static const uint8_t hello[HELLO_BYTES] = {
    0x16, 3, 1, 0, HELLO_BYTES - 5, 1, 0, 0, HELLO_BYTES - 9, 3, 3, [45] = 2, 0xc0, 0x2f, 1, 0};

/* fatal, handshake_failure */
static const uint8_t alert[] = {0x15, 3, 3, 0, 2, 2, 40};

struct payload {
    const uint8_t *data;
    size_t len;
    uint32_t sequence;
    uint8_t flags;
};

static void put_u16(uint8_t *out, size_t value)
{
    out[0] = (uint8_t)(value >> 8);
    out[1] = (uint8_t)value;
}

/* One MSDU: 10.0.0.1:port to 10.0.0.2:443. */
static void put_segment(uint8_t *out, uint16_t port, const struct payload *payload)
{
    static const uint8_t snap[8] = {0xaa, 0xaa, 3, 0, 0, 0, 8, 0};
    uint8_t *packet = out + SUBFRAME_BYTES;

    put_u16(out + 12, 8 + PACKET_BYTES + payload->len);
    memcpy(out + 14, snap, sizeof(snap));
    packet[0] = 0x45;
    put_u16(packet + 2, PACKET_BYTES + payload->len);
    packet[9] = 6;
    memcpy(packet + 12, (const uint8_t[8]){10, 0, 0, 1, 10, 0, 0, 2}, 8);
    put_u16(packet + 20, port);
    put_u16(packet + 22, 443);
    put_u16(packet + 26, payload->sequence);
    packet[31] = 1; /* acknowledges the server's SYN */
    packet[32] = 0x50;
    packet[33] = payload->flags;
    if (payload->len > 0) {
        memcpy(packet + PACKET_BYTES, payload->data, payload->len);
    }
}

/* The same from every client, each MSDU but the last padded to a multiple of four bytes; returns
 * how many handshakes were finished, and that they are of so many clients. */
static size_t feed_all(struct dissector *dissector, const struct payload *payload)
{
    const size_t padded = (SEGMENT_BYTES + payload->len + 3) / 4 * 4;
    const size_t len = WLAN_BYTES + (CONNECTIONS - 1) * padded + SEGMENT_BYTES + payload->len;
    uint8_t *data = calloc(1, len);
    uint8_t is_seen[CONNECTIONS] = {0};
    struct handshake handshake;
    size_t count = 0;

    assert_non_null(data);
    data[0] = 0x88;  /* QoS data */
    data[1] = 0x01;  /* to the distribution system */
    data[24] = 0x80; /* A-MSDU */
    for (size_t i = 0; i < CONNECTIONS; i++) {
        put_segment(data + WLAN_BYTES + i * padded, (uint16_t)(FIRST_PORT + i), payload);
    }
    const struct frame frame = {.link_type = LINK_WLAN,
                                .time_ns = 1,
                                .wire_len = (uint32_t)len,
                                .captured_len = (uint32_t)len,
                                .data = data};
    dissector_feed(dissector, &frame);
    while (dissector_next(dissector, &handshake)) {
        assert_int_equal(handshake.verdict, VERDICT_FAILED);
        assert_in_range(handshake.client.port, FIRST_PORT, FIRST_PORT + CONNECTIONS - 1);
        is_seen[handshake.client.port - FIRST_PORT]++;
        count++;
    }
    free(data);
    for (size_t i = 0; i < CONNECTIONS; i++) {
        assert_int_equal(is_seen[i], count > 0);
    }
    return count;
}

static void one_frame_finishes_as_many_handshakes_as_it_can(void **state)
{
    (void)state;
    const struct payload syns = {NULL, 0, 0, SYN};
    const struct payload hellos = {hello, sizeof(hello), 1, PUSH_ACK};
    const struct payload alerts = {alert, sizeof(alert), 1 + sizeof(hello), PUSH_ACK};
    struct dissector_options options;
    struct error error = {""};

    dissector_options_init(&options);
    struct dissector *dissector = dissector_new(&options, &error);
    assert_non_null(dissector);
    assert_int_equal(feed_all(dissector, &syns), 0);
    assert_int_equal(feed_all(dissector, &hellos), 0);
    assert_int_equal(feed_all(dissector, &alerts), CONNECTIONS);
    assert_int_equal(dissector_counters(dissector)->frames, 3);
    dissector_free(dissector);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(one_frame_finishes_as_many_handshakes_as_it_can),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
