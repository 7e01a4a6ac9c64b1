/* The bodies of records: handshake messages in clear, ChangeCipherSpec, alerts; the rest is
 * skipped by count. */
#ifndef REPRISE_DISSECT_TLS_BODY_H
#define REPRISE_DISSECT_TLS_BODY_H

#include "dissect/tls/turn.h"

/* reader->record was just read: its body comes next. */
void body_begin(struct tls_reader *reader);

/* One step in the body; after its end the reader's phase is READER_HEADER. */
MUST_CHECK bool body_read(const struct turn *turn);

/* The rest of the message that has begun will not come: tells it as it is. Always true. */
MUST_CHECK bool body_abandon_message(const struct turn *turn);

#endif
