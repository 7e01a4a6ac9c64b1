/* The tunnels: GRE, and those known by their UDP port: udp.c names them, and what does not
 * look like one ends the walk as the plain datagram that udp_header() made of it. */
#ifndef REPRISE_DISSECT_NET_TUNNEL_H
#define REPRISE_DISSECT_NET_TUNNEL_H

#include "dissect/net/layer.h"

enum layer tunnel_gre(struct walk *walk);
enum layer tunnel_erspan_2(struct walk *walk);
enum layer tunnel_erspan_3(struct walk *walk);
enum layer tunnel_vxlan(struct walk *walk);
enum layer tunnel_vxlan_gpe(struct walk *walk);
enum layer tunnel_geneve(struct walk *walk);
enum layer tunnel_gtp_u(struct walk *walk);
enum layer tunnel_capwap(struct walk *walk);
enum layer tunnel_teredo(struct walk *walk);

#endif
