#include "dissect/net/tcp.h"

enum layer tcp_header(struct walk *walk)
{
    struct segment *out = &walk->out->segment;
    struct bytes header;

    if (!bytes_take(&walk->rest, TCP_FIXED_BYTES, &header)) {
        return walk_end(walk, PACKET_TRUNCATED);
    }
    const uint32_t header_len = tcp_header_len(header);
    if (header_len < TCP_FIXED_BYTES) {
        return walk_end(walk, PACKET_MALFORMED);
    }
    if (!bytes_skip(&walk->rest, header_len - TCP_FIXED_BYTES)) {
        return walk_end(walk, PACKET_TRUNCATED);
    }
    tcp_set_header(header, out);
    out->payload = walk->rest;
    out->payload_len = (uint32_t)walk->rest.len + walk->cut;
    return walk_end(walk, PACKET_TCP);
}
