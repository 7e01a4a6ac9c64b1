#include "dissect/net/prepare.h"

static void add_flow(const struct flow_hash *hash, struct prepared *out)
{
    out->key = flow_key_of(&out->segment, &out->direction);
    out->hash = flow_hash_of(hash, &out->key);
}

void prepare_frame(const struct flow_hash *hash, const struct frame *frame, struct prepared *out)
{
    struct packet packet;

    out->result = packet_parse(frame, &packet);
    if (out->result == PACKET_TCP || out->result == PACKET_UDP) {
        out->segment = packet.segment;
        add_flow(hash, out);
    }
}

void prepare_segment(const struct flow_hash *hash, const struct segment *segment,
                     struct prepared *out)
{
    out->result = segment->transport == SEGMENT_TCP ? PACKET_TCP : PACKET_UDP;
    out->segment = *segment;
    add_flow(hash, out);
}
