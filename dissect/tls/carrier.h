/* Which protocol came before TLS on a connection, told by what its bytes are, never by a port:
 * a table with a row for each. */
#ifndef REPRISE_DISSECT_TLS_CARRIER_H
#define REPRISE_DISSECT_TLS_CARRIER_H

#include "dissect/handshake.h"
#include "dissect/tls/prefix.h"

/* What both sides said before TLS began; where one carrier lies inside another (STARTTLS through
 * a proxy), the inner one. CARRIER_NONE: both began with TLS. CARRIER_OTHER: none of the table. */
enum carrier carrier_of(const struct prefix *client, const struct prefix *server);

#endif
