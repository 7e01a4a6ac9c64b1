/* Handshake messages (RFC 8446, 4; RFC 5246, 7.4): which there are, which are parsed, and whether
 * the beginning of a record reads like one in clear. */
#ifndef REPRISE_DISSECT_TLS_MESSAGE_H
#define REPRISE_DISSECT_TLS_MESSAGE_H

#include "dissect/tls/event.h"

/* IANA TLS HandshakeType, as far as they come in clear. */
enum message_type {
    MESSAGE_HELLO_REQUEST = 0,
    MESSAGE_CLIENT_HELLO = 1,
    MESSAGE_SERVER_HELLO = 2,
    MESSAGE_HELLO_VERIFY_REQUEST = 3,
    MESSAGE_NEW_SESSION_TICKET = 4,
    MESSAGE_HELLO_RETRY_REQUEST = 6, /* TLS 1.3 drafts up to 21 */
    MESSAGE_CERTIFICATE = 11,
    MESSAGE_SERVER_KEY_EXCHANGE = 12,
    MESSAGE_CERTIFICATE_REQUEST = 13,
    MESSAGE_SERVER_HELLO_DONE = 14,
    MESSAGE_CERTIFICATE_VERIFY = 15,
    MESSAGE_CLIENT_KEY_EXCHANGE = 16,
    MESSAGE_CERTIFICATE_STATUS = 22,
};

enum {
    MESSAGE_HEADER_BYTES = 4,
    MESSAGE_LOOK_BYTES = 39, /* no look needs more of a record */
};

struct message_header {
    uint8_t type;
    uint32_t len; /* of the body: 24 bits */
};

MUST_CHECK bool message_header_parse(struct bytes *b, struct message_header *out);

/* Whether the body is parsed: hellos and NewSessionTicket. */
bool message_is_wanted(uint8_t type);

enum tls_event_kind message_event_kind(uint8_t type);

/* Parses the body of a wanted message into the event: sets is_parsed, the union's member, and the
 * kind where the body decides it (a ServerHello may be a HelloRetryRequest). */
void message_parse(uint8_t type, struct bytes body, struct tls_event *out);

/* Whether a record may have so many bytes behind a message: the length of an HMAC by MD5, SHA-1,
 * SHA-256 or SHA-384 (RFC 5246, 6.2.3.1 and C; RFC 5289, 3). */
bool message_is_mac_len(uint32_t len);

enum message_look {
    MESSAGE_LOOKS_NO,
    MESSAGE_LOOKS_CLEAR,
    MESSAGE_LOOKS_MORE, /* more bytes are needed; never said of MESSAGE_LOOK_BYTES bytes, nor of
                           record_len bytes */
};

/* Whether a handshake record of record_len bytes that begins with `prefix` holds clear messages,
 * when it is not known whether the direction is encrypted already: type and length must fit each
 * other and the record. */
enum message_look message_look(struct bytes prefix, uint16_t record_len);

/* The same after a ChangeCipherSpec: only a hello can be clear there (RFC 8446, D.4, after a
 * HelloRetryRequest), and ciphertext must practically never be taken for one. */
enum message_look message_look_hello(struct bytes prefix, uint16_t record_len);

/* What the first bytes of a ClientHello tell. */
struct hello_start {
    struct bytes random; /* HELLO_RANDOM_BYTES, borrowed */
    uint8_t mac_len;     /* bytes of its record behind it: 0, or the length of a MAC */
};

/* Whether the record can only hold a ClientHello in clear, wherever it comes: alone, or its first
 * part. Needs MESSAGE_LOOK_BYTES of it. A cipher suite without encryption leaves messages in clear,
 * and authenticates each record (RFC 5246, 6.2.3.1). */
MUST_CHECK bool message_is_client_hello(struct bytes prefix, uint16_t record_len,
                                        struct hello_start *out);

#endif
