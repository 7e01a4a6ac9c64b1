#include "dissect/net/prepare.h"

#include "base/attributes.h"

/* What is not plain walks from header to header, and from there on has all of a packet's room. */
static NOINLINE void prepare_walked(const struct flow_hash *hash, const struct frame *frame,
                                    struct prepared *out)
{
    struct packet packet;

    out->result = packet_parse(frame, &packet);
    if (out->result == PACKET_TCP || out->result == PACKET_UDP) {
        out->segment = packet.segment;
        out->hash = flow_hash_of(hash, &out->segment, &out->direction);
    }
}

void prepare_frame(const struct flow_hash *hash, const struct frame *frame, struct prepared *out)
{
    out->hint = 0;
    out->result = PACKET_TCP;
    switch (packet_parse_plain(frame, &out->segment)) {
    case PACKET_PLAIN_IPV4:
        out->hash = flow_hash_of_ipv4(hash, &out->segment, &out->direction);
        return;
    case PACKET_PLAIN_IPV6:
        out->hash = flow_hash_of(hash, &out->segment, &out->direction);
        return;
    case PACKET_PLAIN_NONE:
        prepare_walked(hash, frame, out);
        return;
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
