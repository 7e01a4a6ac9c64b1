#include "tests/dissect/net/fixture.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static unsigned digit_value(char digit)
{
    static const char digits[] = "0123456789abcdef";
    const char *found = strchr(digits, digit);

    assert_true(digit != '\0' && found != NULL);
    return (unsigned)(found - digits);
}

static void append_hex(struct fixture *fixture, const char *hex)
{
    while (*hex != '\0') {
        if (*hex == ' ') {
            hex++;
            continue;
        }
        fixture->data = realloc(fixture->data, fixture->len + 1);
        assert_non_null(fixture->data);
        fixture->data[fixture->len++] = (uint8_t)(digit_value(hex[0]) << 4 | digit_value(hex[1]));
        hex += 2;
    }
}

struct fixture fixture_hex(const char *hex, ...)
{
    struct fixture fixture = {NULL, 0};
    va_list pieces;

    va_start(pieces, hex);
    for (const char *piece = hex; piece != NULL; piece = va_arg(pieces, const char *)) {
        append_hex(&fixture, piece);
    }
    va_end(pieces);
    return fixture;
}

void fixture_free(struct fixture *fixture)
{
    free(fixture->data);
    *fixture = (struct fixture){NULL, 0};
}

enum packet_result fixture_parse(const struct fixture *fixture, size_t len, int link_type,
                                 struct segment *out)
{
    uint8_t *exact = malloc(len > 0 ? len : 1);

    assert_non_null(exact);
    assert_true(len <= fixture->len);
    if (len > 0) {
        memcpy(exact, fixture->data, len);
    }
    const struct frame frame = {
        .time_ns = 1234,
        .captured_len = (uint32_t)len,
        .wire_len = (uint32_t)fixture->len,
        .link_type = link_type,
        .data = exact,
    };
    struct packet packet;
    memset(&packet, 0xee, sizeof(packet));
    const enum packet_result result = packet_parse(&frame, &packet);
    *out = packet.segment;
    if (result == PACKET_TCP || result == PACKET_UDP) {
        assert_true(out->payload.len <= len);
        assert_true(out->payload.data >= exact &&
                    out->payload.data + out->payload.len <= exact + len);
        assert_true(out->payload_len >= out->payload.len);
    }
    free(exact);
    return result;
}

enum packet_result fixture_result(int link_type, const char *hex)
{
    struct fixture fixture = fixture_hex(hex, (const char *)NULL);
    struct segment segment;
    const enum packet_result result = fixture_parse(&fixture, fixture.len, link_type, &segment);

    fixture_free(&fixture);
    return result;
}

static const uint8_t source_ipv4[16] = {[10] = 0xff, 0xff, 192, 0, 2, 1};
static const uint8_t destination_ipv4[16] = {[10] = 0xff, 0xff, 198, 51, 100, 2};
static const uint8_t source_ipv6[16] = {0x20, 0x01, 0x0d, 0xb8, [15] = 1};
static const uint8_t destination_ipv6[16] = {0x20, 0x01, 0x0d, 0xb8, [15] = 2};

enum { PAYLOAD_BYTES = 4 };

static void check_tcp(const struct segment *segment)
{
    assert_int_equal(segment->transport, SEGMENT_TCP);
    assert_int_equal(segment->time_ns, 1234);
    assert_int_equal(segment->source.port, 40000);
    assert_int_equal(segment->destination.port, 443);
    assert_int_equal(segment->sequence, 0x01020304);
    assert_int_equal(segment->acknowledgement, 0x0a0b0c0d);
    assert_int_equal(segment->flags, TCP_PSH | TCP_ACK);
    assert_int_equal(segment->payload_len, PAYLOAD_BYTES);
}

static void check_all_lengths(const struct fixture *fixture, int link_type,
                              const uint8_t source[16], const uint8_t destination[16])
{
    struct segment segment;

    for (size_t len = 0; len <= fixture->len; len++) {
        memset(&segment, 0xee, sizeof(segment));
        const enum packet_result result = fixture_parse(fixture, len, link_type, &segment);
        if (len + PAYLOAD_BYTES < fixture->len) {
            assert_int_not_equal(result, PACKET_TCP);
            continue;
        }
        assert_int_equal(result, PACKET_TCP);
        check_tcp(&segment);
        assert_int_equal(segment.payload.len, len + PAYLOAD_BYTES - fixture->len);
        assert_memory_equal(segment.source.address, source, 16);
        assert_memory_equal(segment.destination.address, destination, 16);
    }
}

void fixture_leads_to_ipv4(int link_type, const char *prefix)
{
    struct fixture fixture = fixture_hex(prefix, FIXTURE_IPV4_TCP, (const char *)NULL);

    check_all_lengths(&fixture, link_type, source_ipv4, destination_ipv4);
    fixture_free(&fixture);
}

void fixture_leads_to_ipv6(int link_type, const char *prefix)
{
    struct fixture fixture = fixture_hex(prefix, FIXTURE_IPV6_TCP, (const char *)NULL);

    check_all_lengths(&fixture, link_type, source_ipv6, destination_ipv6);
    fixture_free(&fixture);
}
