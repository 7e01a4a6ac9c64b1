/* The tickets of TLS 1.3 are encrypted; what the lengths of their records say of them (RFC 8446,
 * 4.6.1). Arithmetic only: a record is its body's length, without the five-byte header, under a
 * tag of 16 bytes. An estimate: the nonce and the extensions inside vary from server to server. */
#ifndef REPRISE_DISSECT_TLS_TICKET_ESTIMATE_H
#define REPRISE_DISSECT_TLS_TICKET_ESTIMATE_H

#include <stdbool.h>
#include <stdint.h>

/* Records of other lengths than these are not taken for tickets. */
enum { TICKET_RECORD_MIN_BYTES = 60, TICKET_RECORD_MAX_BYTES = 4096 };

/* Length of the ticket in a record of one NewSessionTicket, if its nonce has 8 bytes and nothing
 * extends it, as OpenSSL sends it; and back. */
int64_t ticket_estimate_bytes(int64_t record_bytes);
int64_t ticket_estimate_record_bytes(int64_t ticket_bytes);

/* How much longer, and shorter, than ticket_estimate_bytes() the ticket can be: with a nonce of 0
 * to 32 bytes, with or without early_data. */
enum { TICKET_ESTIMATE_LONGER_BYTES = 8, TICKET_ESTIMATE_SHORTER_BYTES = 32 };

/* Whether a PSK identity of this length can be the ticket in a record of that length, which is
 * within these bounds. */
bool ticket_estimate_fits(int64_t record_bytes, int64_t identity_len);

#endif
