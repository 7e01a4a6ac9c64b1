#include "dissect/net/prepare.h"

#include "base/attributes.h"

#include <assert.h>
#include <stddef.h>
#include <string.h>

static void set_segment(const struct flow_hash *hash, const struct segment *segment,
                        struct prepared *out)
{
    unsigned direction;

    out->hash = flow_hash_of(hash, segment, &direction);
    out->direction = (uint8_t)direction;
    out->flags = segment->flags;
    out->first = packet_first_byte(segment->payload);
    out->has_segment = true;
}

/* What is not plain walks from header to header, and from there on has all of a packet's room. */
static NOINLINE void prepare_walked(const struct flow_hash *hash, const struct frame *frame,
                                    struct prepared *out)
{
    struct packet packet;

    out->result = (uint8_t)packet_parse(frame, &packet);
    out->has_segment = false;
    if (out->result == PACKET_TCP || out->result == PACKET_UDP) {
        out->segment = packet.segment;
        set_segment(hash, &out->segment, out);
    }
}

static NOINLINE void prepare_whole(const struct flow_hash *hash, const struct frame *frame,
                                   struct prepared *out)
{
    if (packet_parse_plain(frame, &out->segment) == PACKET_PLAIN_NONE) {
        prepare_walked(hash, frame, out);
        return;
    }
    out->result = PACKET_TCP;
    set_segment(hash, &out->segment, out);
}

void prepare_frame(const struct flow_hash *hash, const struct frame *frame, struct prepared *out)
{
    struct packet_glance glance;

    out->hint = 0;
    out->passed = 0;
    if (!packet_glance(frame, &glance)) {
        prepare_whole(hash, frame, out);
        return;
    }
    const uint64_t source = flow_hash_ipv4_end(glance.addresses, glance.source_port);
    const uint64_t destination = flow_hash_ipv4_end(glance.addresses + 4, glance.destination_port);
    out->first = glance.first;
    out->flags = glance.flags;
    out->result = PACKET_TCP;
    out->direction = source > destination;
    out->has_segment = false;
    out->hash = flow_hash_of_ipv4(hash, source, destination, SEGMENT_TCP);
}

void prepare_segment(const struct flow_hash *hash, const struct segment *segment,
                     struct prepared *out)
{
    out->result = segment->transport == SEGMENT_TCP ? PACKET_TCP : PACKET_UDP;
    out->segment = *segment;
    out->hint = 0;
    out->passed = 0;
    set_segment(hash, segment, out);
}

const struct segment *prepared_segment(struct prepared *prepared, const struct frame *frame)
{
    if (!prepared->has_segment) {
        prepared->has_segment = packet_parse_plain(frame, &prepared->segment) != PACKET_PLAIN_NONE;
        assert(prepared->has_segment);
    }
    return &prepared->segment;
}

void prepared_copy(struct prepared *to, const struct prepared *from)
{
    memcpy(to, from, offsetof(struct prepared, segment));
    if (from->has_segment) {
        to->segment = from->segment;
    }
}
