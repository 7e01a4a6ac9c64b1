#include "dissect/net/udp.h"

static const struct {
    uint16_t port;
    enum layer layer;
} ports[] = {
    {4789, LAYER_VXLAN},     {8472, LAYER_VXLAN}, /* Linux's number from before there was one */
    {4790, LAYER_VXLAN_GPE}, {6081, LAYER_GENEVE}, {2152, LAYER_GTP_U},
    {5247, LAYER_CAPWAP},    {3544, LAYER_TEREDO},
};

static enum layer tunnel_of_port(uint16_t port)
{
    for (size_t i = 0; i < sizeof(ports) / sizeof(ports[0]); i++) {
        if (ports[i].port == port) {
            return ports[i].layer;
        }
    }
    return LAYER_END;
}

/* RFC 768: source port(2), destination port(2), length with this header(2), checksum(2). The length
 * is 0 in jumbograms (RFC 2675, 4) and before segmentation offload. */
enum layer udp_header(struct walk *walk)
{
    enum { HEADER_BYTES = 8 };
    struct segment *out = &walk->out->segment;
    struct bytes header;

    if (!bytes_take(&walk->rest, HEADER_BYTES, &header)) {
        return walk_end(walk, PACKET_TRUNCATED);
    }
    const size_t len = field_u16(header, 4);
    if (len != 0 && len < HEADER_BYTES) {
        return walk_end(walk, PACKET_MALFORMED);
    }
    if (len != 0 && len - HEADER_BYTES < walk->rest.len + walk->cut) {
        walk_limit(walk, len - HEADER_BYTES);
    }
    out->transport = SEGMENT_UDP;
    out->source.port = field_u16(header, 0);
    out->destination.port = field_u16(header, 2);
    out->sequence = 0;
    out->acknowledgement = 0;
    out->flags = 0;
    out->payload = walk->rest;
    out->payload_len = (uint32_t)walk->rest.len + walk->cut;
    enum layer layer = tunnel_of_port(out->destination.port);
    if (layer == LAYER_END) {
        layer = tunnel_of_port(out->source.port);
    }
    return layer == LAYER_END ? walk_end(walk, PACKET_UDP) : layer;
}
