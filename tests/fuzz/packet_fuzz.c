/* The first byte chooses the link type, the second how much of the frame the capture cut; the
 * rest is the frame. Whatever it says, a segment lies inside the frame. */
#include "dissect/net/packet.h"

#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static const int link_types[] = {1,   0,   9,   12,  14,  50,  51,  101, 104, 105,
                                 108, 113, 127, 228, 229, 239, 258, 276, 147};

static void check(bool holds)
{
    if (!holds) {
        abort();
    }
}

static void check_segment(const struct frame *frame, const struct segment *segment)
{
    const uint8_t *end = frame->data + frame->captured_len;

    check(segment->payload.len <= segment->payload_len);
    check(segment->payload.data >= frame->data);
    check(segment->payload.data + segment->payload.len <= end);
    check(segment->time_ns == frame->time_ns);
}

static void parse_exactly(int link_type, const uint8_t *data, size_t len, uint32_t wire_len)
{
    uint8_t *exact = malloc(len > 0 ? len : 1);
    struct segment segment;

    if (exact == NULL) {
        return;
    }
    if (len > 0) {
        memcpy(exact, data, len);
    }
    const struct frame frame = {
        .time_ns = 77,
        .captured_len = (uint32_t)len,
        .wire_len = wire_len,
        .link_type = link_type,
        .data = exact,
    };
    const enum packet_result result = packet_parse(&frame, &segment);
    check(result < PACKET_RESULT_COUNT && packet_result_name(result) != NULL);
    check((result == PACKET_UNKNOWN_LINK && link_type != 258) == !packet_knows_link(link_type));
    if (result == PACKET_TCP || result == PACKET_UDP) {
        check(segment.transport == (result == PACKET_TCP ? SEGMENT_TCP : SEGMENT_UDP));
        check_segment(&frame, &segment);
    }
    free(exact);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    if (size < 2) {
        return 0;
    }
    const int link_type = link_types[data[0] % (sizeof(link_types) / sizeof(link_types[0]))];
    const size_t whole = size - 2;
    const size_t cut = data[1] < whole ? data[1] : whole;

    parse_exactly(link_type, data + 2, whole, (uint32_t)whole);
    parse_exactly(link_type, data + 2, whole - cut, (uint32_t)whole);
    parse_exactly(link_type, data + 2, whole, UINT32_MAX); /* a record header that lies */
    return 0;
}
