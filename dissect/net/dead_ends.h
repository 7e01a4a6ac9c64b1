/* What is not analysed, by name: a frame that leads to neither TCP nor UDP ends at a header that
 * has a number (an EtherType, an IP protocol, ...) or a name of ours.
 *
 * Memory is fixed: a counter for each name known, some for numbers without a name in the order
 * they came, one for all the rest. */
#ifndef REPRISE_DISSECT_NET_DEAD_ENDS_H
#define REPRISE_DISSECT_NET_DEAD_ENDS_H

#include <stddef.h>
#include <stdint.h>

/* What the number of a dead end is. */
enum dead_end_kind {
    DEAD_END_ETHERTYPE,
    DEAD_END_IP_PROTOCOL,
    DEAD_END_PPP,
    DEAD_END_LLC,   /* destination service access point */
    DEAD_END_CISCO, /* protocol of Cisco's in SNAP */
    DEAD_END_SNAP,  /* another organisation of SNAP */
    DEAD_END_HDLC,  /* protocol of Cisco HDLC alone */
    DEAD_END_SLL,   /* protocol of cooked captures that is no EtherType */
    DEAD_END_ADDRESS_FAMILY,
    DEAD_END_LINK_TYPE,
    DEAD_END_ERSPAN, /* frame type */
    DEAD_END_OTHER,  /* enum dead_end_other */
};

enum dead_end_other {
    DEAD_END_WLAN_MANAGEMENT,
    DEAD_END_WLAN_CONTROL,
    DEAD_END_WLAN_EXTENSION,
    DEAD_END_WLAN_NO_DATA,
    DEAD_END_WLAN_ENCRYPTED,
    DEAD_END_IP_VERSION, /* neither 4 nor 6 */
    DEAD_END_GRE,        /* of a version or with routing that is not followed */
    DEAD_END_PPPOE,      /* outside a session */
    DEAD_END_NFLOG,      /* without a packet */
    DEAD_END_TOO_DEEP,
    /* Fragments of what never became whole. */
    DEAD_END_FRAGMENT_ALONE,
    DEAD_END_FRAGMENT_NO_ROOM,
    DEAD_END_FRAGMENT_OVERLAP,
    DEAD_END_FRAGMENT_MALFORMED,
};

struct dead_end {
    enum dead_end_kind kind;
    uint32_t number; /* at most 24 bits */
};

enum {
    DEAD_ENDS_KNOWN = 93,
    DEAD_ENDS_OTHERS = 32,
    DEAD_ENDS_ROWS = DEAD_ENDS_KNOWN + DEAD_ENDS_OTHERS + 1,
    DEAD_ENDS_NAME_BYTES = 32,
};

struct dead_ends_number {
    uint64_t count; /* 0: free, as all that follow */
    uint32_t key;
};

/* Zero-initialised: nothing counted. */
struct dead_ends {
    uint64_t known[DEAD_ENDS_KNOWN];
    struct dead_ends_number others[DEAD_ENDS_OTHERS];
    uint64_t rest;
};

void dead_ends_add(struct dead_ends *dead_ends, struct dead_end dead_end, uint64_t count);

/* Adds one set of counters to a sum. */
void dead_ends_merge(struct dead_ends *sum, const struct dead_ends *part);

struct dead_ends_row {
    char name[DEAD_ENDS_NAME_BYTES]; /* "ARP", "ethertype 0x9999", "other" */
    uint64_t count;
};

/* What has been counted since `before`, an earlier state of the same counters: the most frequent
 * first, of equals in order of their names. Returns how many rows there are. */
size_t dead_ends_list(const struct dead_ends *now, const struct dead_ends *before,
                      struct dead_ends_row out[DEAD_ENDS_ROWS]);

#endif
