/* What the records of other programs call a connection, for one handshake: made of its time,
 * transport and endpoints, and of nothing else, so that the same handshake is called the same in
 * every output and from every database. Two handshakes of one connection are called differently:
 * a record does not say which connection it came on. Pure. */
#ifndef REPRISE_REPORT_IDENTITY_H
#define REPRISE_REPORT_IDENTITY_H

#include "dissect/handshake.h"

enum { IDENTITY_UID_BYTES = 19 };

/* Like Zeek's: "C" and 17 digits of base 62, that is 96 bits. Returns out. */
const char *identity_uid(const struct handshake *handshake, char out[IDENTITY_UID_BYTES]);

/* Like Suricata's: 51 bits, which every reader of JSON keeps exactly. */
uint64_t identity_flow(const struct handshake *handshake);

#endif
