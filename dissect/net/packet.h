/* From a frame to a TCP segment or UDP datagram: link layer, tunnels, IP, transport, in that order.
 */
#ifndef REPRISE_DISSECT_NET_PACKET_H
#define REPRISE_DISSECT_NET_PACKET_H

#include "dissect/net/dead_ends.h"
#include "dissect/net/fragment.h"
#include "dissect/net/frame.h"
#include "dissect/net/segment.h"

/* What a frame led to, or why to nothing. Each has a name (packet_result_name) and is counted. */
enum packet_result {
    PACKET_TCP,             /* a segment */
    PACKET_UDP,             /* endpoints, time and payload; no tunnel we open */
    PACKET_NOT_IP,          /* ARP, STP, LLDP, ...: a link-layer payload that is not IP */
    PACKET_OTHER_TRANSPORT, /* IP, but neither TCP, UDP nor a tunnel we open */
    PACKET_UNKNOWN_LINK,    /* link type without a parser */
    PACKET_UNKNOWN_TUNNEL,  /* nested deeper than PACKET_MAX_LAYERS */
    PACKET_FRAGMENT,        /* a part of something: of an IP datagram, ... */
    PACKET_AGGREGATE,       /* several frames in one of IEEE 802.11 (A-MSDU) */
    PACKET_TRUNCATED,       /* a header is cut by the capture or by its own length field */
    PACKET_MALFORMED,       /* a header that contradicts itself */
    PACKET_RESULT_COUNT,
};

/* Headers in front of TCP or UDP that are followed before giving up. */
enum { PACKET_MAX_LAYERS = 16 };

/* What lies one behind the other in a frame: see dissect/net/wlan.h. */
struct aggregate {
    int64_t time_ns;
    struct bytes rest; /* borrowed from the frame */
    uint32_t cut;      /* bytes that followed rest on the wire but were not captured */
};

/* What a frame led to. One member is filled, by the result; the others are unspecified. */
struct packet {
    struct segment segment;     /* PACKET_TCP, PACKET_UDP */
    struct fragment fragment;   /* PACKET_FRAGMENT */
    struct aggregate aggregate; /* PACKET_AGGREGATE */
    struct dead_end dead_end;   /* PACKET_NOT_IP to PACKET_UNKNOWN_LINK: what ended the walk */
};

/* Parses one frame. What *out borrows it borrows from the frame. Never reads beyond
 * frame->captured_len. Checksums are not looked at: offloading makes them wrong in most captures
 * taken on an endpoint. */
enum packet_result packet_parse(const struct frame *frame, struct packet *out);

/* The same for what most frames are: Ethernet, IPv4 or IPv6, and TCP, with nothing between them and
 * no options of IPv4. Fills *out as packet_parse() fills its segment, or says NONE, whatever the
 * frame is, and leaves *out unspecified. */
enum packet_plain {
    PACKET_PLAIN_NONE,
    PACKET_PLAIN_IPV4,
    PACKET_PLAIN_IPV6,
};
enum packet_plain packet_parse_plain(const struct frame *frame, struct segment *out);

/* Of a plain frame of IPv4, what tells which flow it is of, and whether that flow cares once its
 * handshake is over. */
struct packet_glance {
    const uint8_t *addresses; /* source, destination: 4 bytes each, borrowed from the frame */
    uint16_t source_port;
    uint16_t destination_port;
    uint8_t flags;  /* TCP_ */
    uint16_t first; /* of the payload, or PACKET_NO_BYTE */
};

enum { PACKET_NO_BYTE = 0x100 };

/* True where packet_parse_plain() would say IPV4: then *out says a part of what it would. */
MUST_CHECK bool packet_glance(const struct frame *frame, struct packet_glance *out);

/* The first byte of a payload, or PACKET_NO_BYTE. */
uint16_t packet_first_byte(struct bytes payload);

/* Whether there is a parser for a link type: asked once per capture, so that the user hears. */
bool packet_knows_link(int link_type);

/* "not-ip", "fragment", ...: stable names for counters. */
const char *packet_result_name(enum packet_result result);

#endif
