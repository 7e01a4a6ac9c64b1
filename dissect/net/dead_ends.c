#include "dissect/net/dead_ends.h"

#include <assert.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define KEY(kind, number) ((uint32_t)(kind) << 24 | (uint32_t)(number))

/* In order of their keys. The names are the field's own: who reads them knows ARP. */
static const struct {
    uint32_t key;
    const char *name;
} known[] = {
    {KEY(DEAD_END_ETHERTYPE, 0x0806), "ARP"},
    {KEY(DEAD_END_ETHERTYPE, 0x0842), "Wake-on-LAN"},
    {KEY(DEAD_END_ETHERTYPE, 0x22f3), "TRILL"},
    {KEY(DEAD_END_ETHERTYPE, 0x6003), "DECnet"},
    {KEY(DEAD_END_ETHERTYPE, 0x8035), "RARP"},
    {KEY(DEAD_END_ETHERTYPE, 0x809b), "AppleTalk"},
    {KEY(DEAD_END_ETHERTYPE, 0x80f3), "AARP"},
    {KEY(DEAD_END_ETHERTYPE, 0x8137), "IPX"},
    {KEY(DEAD_END_ETHERTYPE, 0x8808), "Ethernet flow control"},
    {KEY(DEAD_END_ETHERTYPE, 0x8809), "slow protocols (LACP)"},
    {KEY(DEAD_END_ETHERTYPE, 0x8863), "PPPoE discovery"},
    {KEY(DEAD_END_ETHERTYPE, 0x887b), "HomePlug 1.0"},
    {KEY(DEAD_END_ETHERTYPE, 0x888e), "EAPOL"},
    {KEY(DEAD_END_ETHERTYPE, 0x8892), "PROFINET"},
    {KEY(DEAD_END_ETHERTYPE, 0x8899), "Realtek"},
    {KEY(DEAD_END_ETHERTYPE, 0x88a2), "ATA over Ethernet"},
    {KEY(DEAD_END_ETHERTYPE, 0x88a4), "EtherCAT"},
    {KEY(DEAD_END_ETHERTYPE, 0x88b8), "GOOSE"},
    {KEY(DEAD_END_ETHERTYPE, 0x88ba), "sampled values"},
    {KEY(DEAD_END_ETHERTYPE, 0x88c7), "802.11 preauthentication"},
    {KEY(DEAD_END_ETHERTYPE, 0x88cc), "LLDP"},
    {KEY(DEAD_END_ETHERTYPE, 0x88e1), "HomePlug AV"},
    {KEY(DEAD_END_ETHERTYPE, 0x88e5), "MACsec"},
    {KEY(DEAD_END_ETHERTYPE, 0x88e7), "802.1ah"},
    {KEY(DEAD_END_ETHERTYPE, 0x88f5), "MVRP"},
    {KEY(DEAD_END_ETHERTYPE, 0x88f7), "PTP"},
    {KEY(DEAD_END_ETHERTYPE, 0x8902), "CFM"},
    {KEY(DEAD_END_ETHERTYPE, 0x8906), "FCoE"},
    {KEY(DEAD_END_ETHERTYPE, 0x8914), "FIP"},
    {KEY(DEAD_END_ETHERTYPE, 0x8915), "RoCE"},
    {KEY(DEAD_END_ETHERTYPE, 0x893a), "IEEE 1905"},
    {KEY(DEAD_END_ETHERTYPE, 0x894f), "NSH"},
    {KEY(DEAD_END_ETHERTYPE, 0x9000), "Ethernet loopback"},
    {KEY(DEAD_END_IP_PROTOCOL, 1), "ICMP"},
    {KEY(DEAD_END_IP_PROTOCOL, 2), "IGMP"},
    {KEY(DEAD_END_IP_PROTOCOL, 8), "EGP"},
    {KEY(DEAD_END_IP_PROTOCOL, 9), "IGP"},
    {KEY(DEAD_END_IP_PROTOCOL, 33), "DCCP"},
    {KEY(DEAD_END_IP_PROTOCOL, 46), "RSVP"},
    {KEY(DEAD_END_IP_PROTOCOL, 50), "ESP"},
    {KEY(DEAD_END_IP_PROTOCOL, 58), "ICMPv6"},
    {KEY(DEAD_END_IP_PROTOCOL, 59), "IPv6 without payload"},
    {KEY(DEAD_END_IP_PROTOCOL, 88), "EIGRP"},
    {KEY(DEAD_END_IP_PROTOCOL, 89), "OSPF"},
    {KEY(DEAD_END_IP_PROTOCOL, 97), "EtherIP"},
    {KEY(DEAD_END_IP_PROTOCOL, 103), "PIM"},
    {KEY(DEAD_END_IP_PROTOCOL, 108), "IPComp"},
    {KEY(DEAD_END_IP_PROTOCOL, 112), "VRRP"},
    {KEY(DEAD_END_IP_PROTOCOL, 115), "L2TP"},
    {KEY(DEAD_END_IP_PROTOCOL, 124), "IS-IS over IP"},
    {KEY(DEAD_END_IP_PROTOCOL, 132), "SCTP"},
    {KEY(DEAD_END_IP_PROTOCOL, 135), "Mobile IPv6"},
    {KEY(DEAD_END_IP_PROTOCOL, 136), "UDP-Lite"},
    {KEY(DEAD_END_IP_PROTOCOL, 139), "HIP"},
    {KEY(DEAD_END_IP_PROTOCOL, 143), "Ethernet over SRv6"},
    {KEY(DEAD_END_PPP, 0x002d), "PPP compressed TCP"},
    {KEY(DEAD_END_PPP, 0x00fd), "PPP compressed"},
    {KEY(DEAD_END_PPP, 0x8021), "PPP IPCP"},
    {KEY(DEAD_END_PPP, 0x8057), "PPP IPV6CP"},
    {KEY(DEAD_END_PPP, 0x80fd), "PPP CCP"},
    {KEY(DEAD_END_PPP, 0xc021), "PPP LCP"},
    {KEY(DEAD_END_PPP, 0xc023), "PAP"},
    {KEY(DEAD_END_PPP, 0xc025), "PPP LQR"},
    {KEY(DEAD_END_PPP, 0xc223), "CHAP"},
    {KEY(DEAD_END_LLC, 0x42), "STP"},
    {KEY(DEAD_END_LLC, 0xaa), "SNAP"},
    {KEY(DEAD_END_LLC, 0xe0), "IPX over LLC"},
    {KEY(DEAD_END_LLC, 0xf0), "NetBIOS"},
    {KEY(DEAD_END_LLC, 0xfe), "OSI (IS-IS)"},
    {KEY(DEAD_END_CISCO, 0x010b), "PVST+"},
    {KEY(DEAD_END_CISCO, 0x0111), "UDLD"},
    {KEY(DEAD_END_CISCO, 0x2000), "CDP"},
    {KEY(DEAD_END_CISCO, 0x2003), "VTP"},
    {KEY(DEAD_END_CISCO, 0x2004), "DTP"},
    {KEY(DEAD_END_HDLC, 0x2000), "CDP over HDLC"},
    {KEY(DEAD_END_HDLC, 0x8035), "SLARP"},
    {KEY(DEAD_END_SLL, 0x0001), "raw IEEE 802.3"},
    {KEY(DEAD_END_SLL, 0x000c), "CAN"},
    {KEY(DEAD_END_SLL, 0x000d), "CAN FD"},
    {KEY(DEAD_END_OTHER, DEAD_END_WLAN_MANAGEMENT), "802.11 management"},
    {KEY(DEAD_END_OTHER, DEAD_END_WLAN_CONTROL), "802.11 control"},
    {KEY(DEAD_END_OTHER, DEAD_END_WLAN_EXTENSION), "802.11 extension"},
    {KEY(DEAD_END_OTHER, DEAD_END_WLAN_NO_DATA), "802.11 without data"},
    {KEY(DEAD_END_OTHER, DEAD_END_WLAN_ENCRYPTED), "802.11 encrypted"},
    {KEY(DEAD_END_OTHER, DEAD_END_IP_VERSION), "unknown IP version"},
    {KEY(DEAD_END_OTHER, DEAD_END_GRE), "GRE not followed"},
    {KEY(DEAD_END_OTHER, DEAD_END_PPPOE), "PPPoE outside a session"},
    {KEY(DEAD_END_OTHER, DEAD_END_NFLOG), "NFLOG without packet"},
    {KEY(DEAD_END_OTHER, DEAD_END_TOO_DEEP), "nested too deep"},
    {KEY(DEAD_END_OTHER, DEAD_END_FRAGMENT_ALONE), "fragments without the rest"},
    {KEY(DEAD_END_OTHER, DEAD_END_FRAGMENT_NO_ROOM), "fragments without room"},
    {KEY(DEAD_END_OTHER, DEAD_END_FRAGMENT_OVERLAP), "overlapping fragments"},
    {KEY(DEAD_END_OTHER, DEAD_END_FRAGMENT_MALFORMED), "malformed fragments"},
};

_Static_assert(sizeof(known) / sizeof(known[0]) == DEAD_ENDS_KNOWN, "a counter for each name");

/* How a number without a name is told, by enum dead_end_kind: in hex digits, or in decimal (0). */
static const struct {
    const char *words;
    unsigned hex_digits : 3;
} kinds[] = {
    [DEAD_END_ETHERTYPE] = {"ethertype", 4},
    [DEAD_END_IP_PROTOCOL] = {"ip protocol", 0},
    [DEAD_END_PPP] = {"ppp", 4},
    [DEAD_END_LLC] = {"llc", 2},
    [DEAD_END_CISCO] = {"cisco snap", 4},
    [DEAD_END_SNAP] = {"snap", 6},
    [DEAD_END_HDLC] = {"hdlc", 4},
    [DEAD_END_SLL] = {"cooked", 4},
    [DEAD_END_ADDRESS_FAMILY] = {"address family", 0},
    [DEAD_END_LINK_TYPE] = {"link type", 0},
    [DEAD_END_ERSPAN] = {"erspan frame type", 0},
    [DEAD_END_OTHER] = {"other", 0},
};

/* DEAD_ENDS_KNOWN when there is no name. */
static size_t find_known(uint32_t key)
{
    size_t low = 0;
    size_t high = DEAD_ENDS_KNOWN;

    while (low < high) {
        const size_t middle = (low + high) / 2;
        if (known[middle].key < key) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    return low < DEAD_ENDS_KNOWN && known[low].key == key ? low : DEAD_ENDS_KNOWN;
}

/* The counter of a number without a name; NULL when there is neither one nor room for it. */
static struct dead_ends_number *find_other(struct dead_ends *dead_ends, uint32_t key)
{
    for (size_t i = 0; i < DEAD_ENDS_OTHERS; i++) {
        struct dead_ends_number *other = &dead_ends->others[i];
        if (other->count == 0) {
            other->key = key;
        }
        if (other->key == key) {
            return other;
        }
    }
    return NULL;
}

static void add_other(struct dead_ends *dead_ends, uint32_t key, uint64_t count)
{
    struct dead_ends_number *other = find_other(dead_ends, key);

    if (other != NULL) {
        other->count += count;
    } else {
        dead_ends->rest += count;
    }
}

void dead_ends_add(struct dead_ends *dead_ends, struct dead_end dead_end, uint64_t count)
{
    const uint32_t key = KEY(dead_end.kind, dead_end.number);
    const size_t place = find_known(key);

    assert(dead_end.number >> 24 == 0);
    if (place < DEAD_ENDS_KNOWN) {
        dead_ends->known[place] += count;
    } else if (count > 0) {
        add_other(dead_ends, key, count);
    }
}

void dead_ends_merge(struct dead_ends *sum, const struct dead_ends *part)
{
    for (size_t i = 0; i < DEAD_ENDS_KNOWN; i++) {
        sum->known[i] += part->known[i];
    }
    for (size_t i = 0; i < DEAD_ENDS_OTHERS && part->others[i].count > 0; i++) {
        add_other(sum, part->others[i].key, part->others[i].count);
    }
    sum->rest += part->rest;
}

static uint64_t other_count(const struct dead_ends *dead_ends, uint32_t key)
{
    for (size_t i = 0; i < DEAD_ENDS_OTHERS && dead_ends->others[i].count > 0; i++) {
        if (dead_ends->others[i].key == key) {
            return dead_ends->others[i].count;
        }
    }
    return 0;
}

static void name_number(uint32_t key, char out[DEAD_ENDS_NAME_BYTES])
{
    const uint32_t number = key & 0xffffff;
    const char *const words = kinds[key >> 24].words;
    const int digits = (int)kinds[key >> 24].hex_digits;

    if (digits > 0) {
        (void)snprintf(out, DEAD_ENDS_NAME_BYTES, "%s 0x%0*" PRIx32, words, digits, number);
    } else {
        (void)snprintf(out, DEAD_ENDS_NAME_BYTES, "%s %" PRIu32, words, number);
    }
}

static int by_count(const void *left, const void *right)
{
    const struct dead_ends_row *a = left;
    const struct dead_ends_row *b = right;

    if (a->count != b->count) {
        return a->count > b->count ? -1 : 1;
    }
    return strcmp(a->name, b->name);
}

size_t dead_ends_list(const struct dead_ends *now, const struct dead_ends *before,
                      struct dead_ends_row out[DEAD_ENDS_ROWS])
{
    size_t rows = 0;

    /* A row that has counted nothing is written over by the next. */
    for (size_t i = 0; i < DEAD_ENDS_KNOWN; i++) {
        out[rows].count = now->known[i] - before->known[i];
        (void)snprintf(out[rows].name, sizeof(out[rows].name), "%s", known[i].name);
        rows += out[rows].count > 0 ? 1 : 0;
    }
    for (size_t i = 0; i < DEAD_ENDS_OTHERS && now->others[i].count > 0; i++) {
        const uint32_t key = now->others[i].key;
        out[rows].count = now->others[i].count - other_count(before, key);
        name_number(key, out[rows].name);
        rows += out[rows].count > 0 ? 1 : 0;
    }
    if (now->rest > before->rest) {
        out[rows].count = now->rest - before->rest;
        (void)snprintf(out[rows].name, sizeof(out[rows].name), "other");
        rows++;
    }
    qsort(out, rows, sizeof(out[0]), by_count);
    return rows;
}
