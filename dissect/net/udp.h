/* The UDP header: the end of the walk, or the beginning of a tunnel known by its port. */
#ifndef REPRISE_DISSECT_NET_UDP_H
#define REPRISE_DISSECT_NET_UDP_H

#include "dissect/net/layer.h"

enum layer udp_header(struct walk *walk);

#endif
