/* The TCP header: the end of the walk. */
#ifndef REPRISE_DISSECT_NET_TCP_H
#define REPRISE_DISSECT_NET_TCP_H

#include "dissect/net/layer.h"

enum layer tcp_header(struct walk *walk);

#endif
