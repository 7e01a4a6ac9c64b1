/* Handshake messages of DTLS: the fragments they come in (RFC 6347, 4.2.2), and their bodies. */
#ifndef REPRISE_DISSECT_TLS_DTLS_MESSAGE_H
#define REPRISE_DISSECT_TLS_DTLS_MESSAGE_H

#include "dissect/tls/message.h"

enum { DTLS_FRAGMENT_HEADER_BYTES = 12 };

struct dtls_fragment {
    struct message_header message; /* len: of the whole body */
    uint16_t message_seq;
    uint32_t offset;
    uint32_t len;
    struct bytes bytes; /* fewer than len when the capture cut them off */
};

/* Splits the next fragment off a record's body. False, with *body unchanged, when its header is
 * cut or contradicts itself. */
MUST_CHECK bool dtls_fragment_next(struct bytes *body, struct dtls_fragment *out);

/* As message_parse(): but a ClientHello of DTLS has a cookie. */
void dtls_message_parse(uint8_t type, struct bytes body, struct tls_event *out);

/* Whether a datagram plausibly begins a DTLS handshake: a record of epoch 0 with a ClientHello,
 * HelloVerifyRequest or ServerHello. Says no to other traffic at its first byte. */
bool dtls_message_begins(struct bytes datagram);

/* What the first ClientHello of a handshake tells in the first bytes of its datagram. */
struct dtls_hello_start {
    struct bytes random; /* borrowed; empty where it is not all there */
    uint16_t epoch;
    uint8_t mac_len; /* bytes of its record behind it: 0, or the length of a MAC */
};

/* Whether a datagram begins with one, where a handshake may have been before: message_seq 0; in an
 * epoch above 0 only under a cipher suite without encryption, whole, with a MAC behind it. */
MUST_CHECK bool dtls_message_is_first_hello(struct bytes datagram, struct dtls_hello_start *out);

#endif
