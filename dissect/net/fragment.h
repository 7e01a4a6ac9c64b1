/* One fragment as packet_parse() finds it: which datagram it is of, and where it lies in it. */
#ifndef REPRISE_DISSECT_NET_FRAGMENT_H
#define REPRISE_DISSECT_NET_FRAGMENT_H

#include "dissect/net/segment.h"

#include <stdbool.h>

enum fragment_kind {
    FRAGMENT_IPV4,   /* RFC 791, 3.2 */
    FRAGMENT_IPV6,   /* RFC 8200, 4.5 */
    FRAGMENT_CAPWAP, /* RFC 5415, 4.3 */
    FRAGMENT_WLAN,   /* IEEE 802.11, 10.5 */
    FRAGMENT_KINDS,
};

struct fragment {
    int64_t time_ns;
    enum fragment_kind kind;
    /* Whose: of CAPWAP with ports; of IEEE 802.11 transmitter and receiver, a MAC address each. */
    struct endpoint source;
    struct endpoint destination;
    uint32_t identification;
    uint8_t protocol; /* of IP what it carries; else 0 */
    bool is_last;
    uint32_t offset;      /* in bytes; of IEEE 802.11 the number of the fragment */
    uint32_t len;         /* bytes it carried; > payload.len when the capture cut it */
    struct bytes payload; /* bytes seen, borrowed from the frame */
    int link_type;        /* what the whole is: a frame of this type */
};

#endif
