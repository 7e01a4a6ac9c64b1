/* Which protocol came before TLS on a connection, told by what its bytes are, never by a port:
 * a table with a row for each. */
#ifndef REPRISE_DISSECT_TLS_CARRIER_H
#define REPRISE_DISSECT_TLS_CARRIER_H

#include "dissect/handshake.h"
#include "dissect/tls/prefix.h"

/* What both sides said before TLS began; where one carrier lies inside another (STARTTLS through
 * a proxy), the inner one. CARRIER_NONE: both began with TLS. CARRIER_OTHER: none of the table. */
enum carrier carrier_of(const struct prefix *client, const struct prefix *server);

/* Whether TLS may begin right behind this inside a segment: it ends as the last words of a carrier
 * do, of either side. */
bool carrier_may_end(const struct prefix *prefix);

/* A carrier's message in binary that begins bytes: its length. 0: there is none, or nothing is
 * left behind it. */
size_t carrier_message_len(struct bytes bytes);

/* Up to the end of the first line, or XML tag, that a TLS record seems to follow; 0: of none. */
size_t carrier_line_len(struct bytes bytes);

#endif
