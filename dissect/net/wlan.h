/* IEEE 802.11 data frames, bare, behind radiotap, or in CAPWAP. */
#ifndef REPRISE_DISSECT_NET_WLAN_H
#define REPRISE_DISSECT_NET_WLAN_H

#include "dissect/net/layer.h"

enum layer wlan_radiotap(struct walk *walk);
enum layer wlan_frame(struct walk *walk);
enum layer wlan_padded_frame(struct walk *walk);
enum layer wlan_capwap_frame(struct walk *walk);

#endif
