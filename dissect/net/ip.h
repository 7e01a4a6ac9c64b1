/* IPv4, IPv6 and the headers between IP and what it carries. */
#ifndef REPRISE_DISSECT_NET_IP_H
#define REPRISE_DISSECT_NET_IP_H

#include "dissect/net/layer.h"

#include <string.h>

/* As an IPv6 address: ::ffff:a.b.c.d (RFC 4291, 2.5.5.2). */
static inline void ip_set_mapped(struct endpoint *endpoint, const uint8_t address[4])
{
    static const uint8_t prefix[12] = {[10] = 0xff, [11] = 0xff};

    memcpy(endpoint->address, prefix, sizeof(prefix));
    memcpy(endpoint->address + sizeof(prefix), address, 4);
}

enum layer ip_any(struct walk *walk);
enum layer ip_v4(struct walk *walk);
enum layer ip_v6(struct walk *walk);
enum layer ip_v6_options(struct walk *walk);
enum layer ip_v6_fragment(struct walk *walk);
enum layer ip_authentication(struct walk *walk);

#endif
