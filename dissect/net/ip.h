/* IPv4, IPv6 and the headers between IP and what it carries. */
#ifndef REPRISE_DISSECT_NET_IP_H
#define REPRISE_DISSECT_NET_IP_H

#include "dissect/net/layer.h"

enum layer ip_any(struct walk *walk);
enum layer ip_v4(struct walk *walk);
enum layer ip_v6(struct walk *walk);
enum layer ip_v6_options(struct walk *walk);
enum layer ip_v6_fragment(struct walk *walk);
enum layer ip_authentication(struct walk *walk);

#endif
