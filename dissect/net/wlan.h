/* IEEE 802.11 data frames, bare, behind radiotap and its like, or in CAPWAP; and what lies in one
 * that holds several (A-MSDU). */
#ifndef REPRISE_DISSECT_NET_WLAN_H
#define REPRISE_DISSECT_NET_WLAN_H

#include "dissect/net/layer.h"

enum layer wlan_radiotap(struct walk *walk);
enum layer wlan_ppi(struct walk *walk);
enum layer wlan_prism(struct walk *walk);
enum layer wlan_avs(struct walk *walk);
enum layer wlan_frame(struct walk *walk);
enum layer wlan_padded_frame(struct walk *walk);
enum layer wlan_capwap_frame(struct walk *walk);

/* Splits off the next frame of an aggregate; false when there is none left. */
MUST_CHECK bool wlan_next_of_aggregate(struct aggregate *aggregate, struct frame *out);

#endif
