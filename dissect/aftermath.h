/* What follows a TLS 1.3 handshake on its TCP connection, heard for a short while because only the
 * lengths of its records tell of tickets (tls/ticket_flight.h). A coordinator like conversation.h,
 * whose handshake is over and whose record is filled: but for the two estimates nothing of the
 * record changes any more, whatever comes. */
#ifndef REPRISE_DISSECT_AFTERMATH_H
#define REPRISE_DISSECT_AFTERMATH_H

#include "dissect/conversation.h"

/* So long after the client's Finished tickets may come: longer than any path's round trip. */
#define AFTERMATH_NS INT64_C(1000000000)

enum { AFTERMATH_SERVER_BYTES = 16 * 1024 }; /* heard of the server at most, and a record's rest */

/* Right after conversation_add() has returned CONVERSATION_HANDSHAKE, while its segment lasts:
 * reads what that still holds. Whether anything is to be heard; if not, settle at once. */
MUST_CHECK bool aftermath_begin(struct conversation *conversation,
                                const struct conversation_means *means, unsigned direction);

/* Takes in the next segment. False: enough was heard. */
MUST_CHECK bool aftermath_add(struct conversation *conversation,
                              const struct conversation_means *means, const struct segment *segment,
                              unsigned direction);

/* Puts the estimate into the record, at any time after its handshake. is_waited_out: AFTERMATH_NS
 * have passed. */
void aftermath_settle(struct conversation *conversation, bool is_waited_out);

#endif
