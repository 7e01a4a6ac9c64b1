/* What the bytes of a ticket or PSK identity show without any key. Tickets are the server's own
 * affair (RFC 5077, 4), but most begin with the name of the key they are under, and programs lay
 * them out in a few known ways. PURE. */
#ifndef REPRISE_DISSECT_TLS_TICKET_LAYOUT_H
#define REPRISE_DISSECT_TLS_TICKET_LAYOUT_H

#include "dissect/bytes.h"
#include "dissect/handshake.h"

/* The first bytes, the layouts that fit, and the warnings that a ticket alone can give:
 * TICKET_WARNING_ZERO_NAME (16 zero bytes where a name would be) and TICKET_WARNING_PLAINTEXT (24
 * printable or 24 equal bytes in a row beyond the longest name). An empty ticket is none. */
void ticket_shape_of(struct bytes ticket, struct ticket_shape *out);

#endif
