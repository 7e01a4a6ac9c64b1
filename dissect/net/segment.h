/* What a frame came down to: one TCP segment or UDP datagram between two endpoints. */
#ifndef REPRISE_DISSECT_NET_SEGMENT_H
#define REPRISE_DISSECT_NET_SEGMENT_H

#include "dissect/bytes.h"

#include <stdint.h>

/* IPv4 addresses are kept as ::ffff:a.b.c.d (RFC 4291, 2.5.5.2), so that there is one kind. */
struct endpoint {
    uint8_t address[16];
    uint16_t port;
};

/* TCP flags, RFC 9293, 3.1. */
enum {
    TCP_FIN = 0x01,
    TCP_SYN = 0x02,
    TCP_RST = 0x04,
    TCP_PSH = 0x08,
    TCP_ACK = 0x10,
    TCP_URG = 0x20,
};

/* Protocol numbers of IP. */
enum {
    SEGMENT_TCP = 6,
    SEGMENT_UDP = 17,
};

/* Of a UDP datagram, sequence, acknowledgement and flags are 0. */
struct segment {
    int64_t time_ns;
    struct endpoint source;
    struct endpoint destination;
    uint32_t sequence;        /* of the SYN, if there is one, else of the first payload byte */
    uint32_t acknowledgement; /* meaningless without TCP_ACK */
    uint8_t transport;
    uint8_t flags;
    uint32_t payload_len; /* bytes the segment carried; > payload.len when the capture cut it */
    struct bytes payload; /* bytes seen, borrowed from the frame */
};

#endif
