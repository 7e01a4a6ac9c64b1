/* Link layers: from the first byte of a frame to the first IP header. */
#ifndef REPRISE_DISSECT_NET_LINK_H
#define REPRISE_DISSECT_NET_LINK_H

#include "dissect/net/layer.h"

/* Link types that we build frames of. The first three are pcap's; the others are ours alone: no
 * capture can have them, its numbers have 16 bits. */
enum {
    LINK_ETHERNET = 1,
    LINK_IPV4 = 228,
    LINK_IPV6 = 229,
    LINK_LLC = 0x10000,
    LINK_WLAN_CAPWAP,
};

/* The layer a link type (pcap-linktype(7)) begins with; LAYER_END for one we do not know. */
enum layer link_first_layer(int link_type);

/* The layer of an EtherType; ends the walk as PACKET_NOT_IP for one that leads to no IP. */
enum layer link_ethertype(struct walk *walk, uint16_t type);

enum layer link_ethernet(struct walk *walk);
enum layer link_vlan(struct walk *walk);
enum layer link_cisco_metadata(struct walk *walk);
enum layer link_llc(struct walk *walk);
enum layer link_sll(struct walk *walk);
enum layer link_sll2(struct walk *walk);
enum layer link_null(struct walk *walk);
enum layer link_loop(struct walk *walk);
enum layer link_pktap(struct walk *walk);
enum layer link_nflog(struct walk *walk);
enum layer link_ppp(struct walk *walk);
enum layer link_hdlc(struct walk *walk);
enum layer link_pppoe(struct walk *walk);

#endif
