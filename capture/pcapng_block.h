/* The blocks of a pcapng file (draft-ietf-opsawg-pcapng), one at a time: pure, bytes to structs.
 * A body is what lies between the two lengths of a block. */
#ifndef REPRISE_CAPTURE_PCAPNG_BLOCK_H
#define REPRISE_CAPTURE_PCAPNG_BLOCK_H

#include "base/attributes.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum {
    PCAPNG_INTERFACE = 1,       /* Interface Description Block */
    PCAPNG_PACKET = 2,          /* obsolete Packet Block */
    PCAPNG_SIMPLE_PACKET = 3,   /* Simple Packet Block */
    PCAPNG_ENHANCED_PACKET = 6, /* Enhanced Packet Block */
    PCAPNG_SECTION = 0x0a0d0d0a,
    PCAPNG_SNAPLEN = 262144, /* no packet may claim more: libpcap's own bound */
};

/* A borrowed run of bytes in the byte order of its section, consumed from the front. */
struct pcapng_bytes {
    const uint8_t *data;
    size_t len;
    bool is_big_endian;
};

/* Store and advance, or return false and change nothing. */
MUST_CHECK bool pcapng_u16(struct pcapng_bytes *b, uint16_t *out);
MUST_CHECK bool pcapng_u32(struct pcapng_bytes *b, uint32_t *out);

struct pcapng_interface {
    int link_type;    /* LINKTYPE_ */
    uint32_t snaplen; /* 0: no limit */
    uint64_t units;   /* of a time, in a second; at least 1 */
    int64_t offset_s; /* added to each time */
};

/* False: cut short, or an option of an impossible length or value. */
MUST_CHECK bool pcapng_parse_interface(struct pcapng_bytes body, struct pcapng_interface *out);

struct pcapng_packet {
    uint32_t interface;
    uint64_t time; /* in the interface's units */
    uint32_t captured_len;
    uint32_t wire_len;
    const uint8_t *data; /* borrowed: captured_len bytes of the body */
};

/* False: a length beyond the body or PCAPNG_SNAPLEN. */
MUST_CHECK bool pcapng_parse_enhanced(struct pcapng_bytes body, struct pcapng_packet *out);
MUST_CHECK bool pcapng_parse_obsolete(struct pcapng_bytes body, struct pcapng_packet *out);

/* It has no time (0), and no captured length but what the first interface allows. */
MUST_CHECK bool pcapng_parse_simple(struct pcapng_bytes body, uint32_t snaplen,
                                    struct pcapng_packet *out);

/* Nanoseconds since the epoch; what does not fit is clamped. */
int64_t pcapng_time_ns(const struct pcapng_interface *interface, uint64_t time);

#endif
