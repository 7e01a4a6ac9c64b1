/* The first byte chooses the link type, the second how much of the frame the capture cut; the
 * rest is the frame. Whatever it says, a segment lies inside the frame. The same bytes in pieces,
 * each a frame, go through the stage that looks inside frames: what comes out lies inside too. */
#include "dissect/net/inner_frames.h"

#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static const int link_types[] = {1,   0,   9,   12,  14,  50,  51,  101, 104, 105, 108,
                                 113, 127, 228, 229, 239, 258, 276, 147, 119, 163, 192};

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

/* PKTAP and PPI name the link type of what they carry. */
static bool has_inner_type(int link_type)
{
    return link_type == 258 || link_type == 192;
}

static bool is_same_endpoint(const struct endpoint *a, const struct endpoint *b)
{
    return memcmp(a->address, b->address, sizeof(a->address)) == 0 && a->port == b->port;
}

/* A glance sees what is there, or nothing: just where the straight way is one of IPv4. */
static void check_glance(const struct frame *frame, enum packet_plain plain,
                         const struct segment *segment)
{
    struct packet_glance glance;

    check(packet_glance(frame, &glance) == (plain == PACKET_PLAIN_IPV4));
    if (plain != PACKET_PLAIN_IPV4) {
        return;
    }
    check(memcmp(glance.addresses, segment->source.address + 12, 4) == 0);
    check(memcmp(glance.addresses + 4, segment->destination.address + 12, 4) == 0);
    check(glance.source_port == segment->source.port);
    check(glance.destination_port == segment->destination.port);
    check(glance.flags == segment->flags);
    check(glance.first == packet_first_byte(segment->payload));
}

/* The straight way leads where the walk leads, or nowhere. */
static void check_plain(const struct frame *frame, enum packet_result result,
                        const struct segment *walked)
{
    struct segment plain;
    const enum packet_plain found = packet_parse_plain(frame, &plain);

    check_glance(frame, found, &plain);
    if (found == PACKET_PLAIN_NONE) {
        return;
    }
    check(result == PACKET_TCP && plain.transport == walked->transport);
    check(plain.time_ns == walked->time_ns && plain.flags == walked->flags);
    check(is_same_endpoint(&plain.source, &walked->source));
    check(is_same_endpoint(&plain.destination, &walked->destination));
    check(plain.sequence == walked->sequence);
    check(plain.acknowledgement == walked->acknowledgement);
    check(plain.payload_len == walked->payload_len);
    check(plain.payload.data == walked->payload.data && plain.payload.len == walked->payload.len);
}

static void parse_exactly(int link_type, const uint8_t *data, size_t len, uint32_t wire_len)
{
    uint8_t *exact = malloc(len > 0 ? len : 1);
    struct packet packet;

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
    const enum packet_result result = packet_parse(&frame, &packet);
    check(result < PACKET_RESULT_COUNT && packet_result_name(result) != NULL);
    check(result != PACKET_UNKNOWN_LINK || !packet_knows_link(link_type) ||
          has_inner_type(link_type));
    check(packet_knows_link(link_type) || result == PACKET_UNKNOWN_LINK);
    if (result == PACKET_TCP || result == PACKET_UDP) {
        check(packet.segment.transport == (result == PACKET_TCP ? SEGMENT_TCP : SEGMENT_UDP));
        check_segment(&frame, &packet.segment);
    }
    check_plain(&frame, result, &packet.segment);
    free(exact);
}

static void look_inside(struct inner_frames *inner, const struct frame *frame)
{
    struct packet packet;
    struct frame found;
    struct segment segment;
    const enum packet_result result = packet_parse(frame, &packet);

    inner_frames_add(inner, result, &packet);
    while (inner_frames_next(inner, &found, &segment)) {
        check(found.time_ns == frame->time_ns && found.captured_len <= found.wire_len);
        check_segment(&found, &segment);
    }
}

/* { length(1) in units of 4, frame } until the end: fragments that meet each other. */
static void look_inside_pieces(int link_type, const uint8_t *data, size_t len)
{
    static const uint8_t key[16] = {1};
    struct fragments_counters counters = {.datagrams = 0};
    struct inner_frames *inner = inner_frames_new(262144, key, &counters);
    struct bytes rest = {data, len};
    uint8_t units;

    check(inner != NULL);
    while (bytes_u8(&rest, &units)) {
        const size_t wanted = (size_t)units * 4;
        struct bytes piece;
        if (!bytes_take(&rest, wanted < rest.len ? wanted : rest.len, &piece)) {
            break;
        }
        uint8_t *exact = malloc(piece.len > 0 ? piece.len : 1);
        check(exact != NULL);
        memcpy(exact, piece.data, piece.len);
        look_inside(
            inner, &(struct frame){77, (uint32_t)piece.len, (uint32_t)piece.len, link_type, exact});
        free(exact);
    }
    inner_frames_finish(inner);
    inner_frames_free(inner);
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
    look_inside_pieces(link_type, data + 2, whole);
    return 0;
}
