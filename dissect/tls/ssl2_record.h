/* The records of SSL 2.0, as steps of the reader: each holds one message (draft-hickman, 1.1).
 * After any but the CLIENT-HELLO nothing more is in clear, and the reader stops. */
#ifndef REPRISE_DISSECT_TLS_SSL2_RECORD_H
#define REPRISE_DISSECT_TLS_SSL2_RECORD_H

#include "dissect/tls/turn.h"

/* How many bytes a header and the message type behind it have, as far as reader->header tells. */
size_t ssl2_record_header_bytes(const struct tls_reader *reader);

/* reader->header is complete: the message comes next. */
void ssl2_record_begin(const struct turn *turn);

/* The message is over; body is NULL when it could not be read. False when it is told as nothing:
 * unread, only a hello that begins the direction is known to be none of the encrypted ones. */
MUST_CHECK bool ssl2_record_end(const struct turn *turn, const struct bytes *body);

#endif
