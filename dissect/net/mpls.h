/* MPLS label stacks, and the Ethernet pseudowires in them. */
#ifndef REPRISE_DISSECT_NET_MPLS_H
#define REPRISE_DISSECT_NET_MPLS_H

#include "dissect/net/layer.h"

enum layer mpls_stack(struct walk *walk);
enum layer mpls_pseudowire(struct walk *walk);

#endif
