#include "dissect/net/prepare.h"

#include "base/attributes.h"

/* What is not plain walks from header to header, and from there on has all of a packet's room. */
static NOINLINE enum packet_result walk(const struct frame *frame, struct segment *out)
{
    struct packet packet;
    const enum packet_result result = packet_parse(frame, &packet);

    if (result == PACKET_TCP || result == PACKET_UDP) {
        *out = packet.segment;
    }
    return result;
}

void prepare_frame(const struct flow_hash *hash, const struct frame *frame, struct prepared *out)
{
    out->hint = 0;
    out->result =
        packet_parse_plain(frame, &out->segment) ? PACKET_TCP : walk(frame, &out->segment);
    if (out->result == PACKET_TCP || out->result == PACKET_UDP) {
        out->hash = flow_hash_of(hash, &out->segment, &out->direction);
    }
}

void prepare_segment(const struct flow_hash *hash, const struct segment *segment,
                     struct prepared *out)
{
    out->result = segment->transport == SEGMENT_TCP ? PACKET_TCP : PACKET_UDP;
    out->segment = *segment;
    out->hint = 0;
    out->hash = flow_hash_of(hash, segment, &out->direction);
}
