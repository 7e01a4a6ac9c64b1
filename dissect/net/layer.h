/* How packet.c walks from header to header: each layer has a function that consumes its header
 * from walk->rest and names the next layer, or ends the walk with a result. Adding a layer is one
 * constant here, one function, one row in packet.c and one test. */
#ifndef REPRISE_DISSECT_NET_LAYER_H
#define REPRISE_DISSECT_NET_LAYER_H

#include "dissect/net/packet.h"

#include <assert.h>

enum layer {
    LAYER_END, /* the walk is over: walk->result says how */
    LAYER_ETHERNET,
    LAYER_VLAN,
    LAYER_CISCO_METADATA,
    LAYER_LLC,
    LAYER_SLL,
    LAYER_SLL2,
    LAYER_NULL,
    LAYER_LOOP,
    LAYER_PKTAP,
    LAYER_NFLOG,
    LAYER_MPLS,
    LAYER_PSEUDOWIRE,
    LAYER_PPP,
    LAYER_HDLC,
    LAYER_PPPOE,
    LAYER_RADIOTAP,
    LAYER_PPI,
    LAYER_PRISM,
    LAYER_AVS,
    LAYER_WLAN,
    LAYER_WLAN_PADDED,
    LAYER_WLAN_CAPWAP,
    LAYER_IP, /* version 4 or 6, as its first four bits say */
    LAYER_IPV4,
    LAYER_IPV6,
    LAYER_IPV6_OPTIONS,
    LAYER_IPV6_FRAGMENT,
    LAYER_AUTHENTICATION,
    LAYER_UDP,
    LAYER_GRE,
    LAYER_ERSPAN_2,
    LAYER_ERSPAN_3,
    LAYER_VXLAN,
    LAYER_VXLAN_GPE,
    LAYER_GENEVE,
    LAYER_GTP_U,
    LAYER_CAPWAP,
    LAYER_TEREDO,
    LAYER_TCP,
    LAYER_COUNT,
};

struct walk {
    struct bytes rest;     /* what the headers so far have left */
    uint32_t cut;          /* bytes that followed rest on the wire but were not captured */
    uint8_t trailer_bytes; /* of rest: the check sequence of IEEE 802.11, until data begins */
    struct packet *out;
    enum packet_result result;
};

static inline enum layer walk_end(struct walk *walk, enum packet_result result)
{
    walk->result = result;
    return LAYER_END;
}

/* Ends the walk at what is not followed, and says at what. */
static inline enum layer walk_dead_end(struct walk *walk, enum packet_result result,
                                       enum dead_end_kind kind, uint32_t number)
{
    walk->out->dead_end = (struct dead_end){kind, number};
    return walk_end(walk, result);
}

/* A length field speaks: the header's payload has len bytes. What follows is padding or a trailer
 * and goes; what is not there was cut. */
static inline void walk_limit(struct walk *walk, size_t len)
{
    if (len <= walk->rest.len) {
        walk->rest.len = len;
        walk->cut = 0;
    } else {
        walk->cut = (uint32_t)(len - walk->rest.len);
    }
}

/* Fields of a header that bytes_take() split off as a whole: its length was checked there, once,
 * instead of at each field. The assertion stays on: a wrong offset is our own bug. */
static inline uint8_t field_u8(struct bytes header, size_t offset)
{
    assert(offset < header.len);
    return header.data[offset];
}

static inline uint16_t field_u16(struct bytes header, size_t offset)
{
    assert(offset + 1 < header.len);
    return (uint16_t)(header.data[offset] << 8 | header.data[offset + 1]);
}

static inline uint32_t field_u32(struct bytes header, size_t offset)
{
    assert(offset + 3 < header.len);
    return (uint32_t)header.data[offset] << 24 | (uint32_t)header.data[offset + 1] << 16 |
           (uint32_t)header.data[offset + 2] << 8 | header.data[offset + 3];
}

#endif
