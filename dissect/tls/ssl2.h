/* SSL 2.0 (draft-hickman-netscape-ssl-00; RFC 6101, E): record headers, and the messages that come
 * in clear. These are enough for a verdict:
 *
 *   full     CLIENT-HELLO, SERVER-HELLO with a certificate, CLIENT-MASTER-KEY
 *   resumed  CLIENT-HELLO with a session ID, SERVER-HELLO with SESSION-ID-HIT
 *   failed   ERROR instead
 *
 * Everything behind them is encrypted, its message types too, and is not looked at. A session ID is
 * issued in the SERVER-FINISHED: it is never seen. */
#ifndef REPRISE_DISSECT_TLS_SSL2_H
#define REPRISE_DISSECT_TLS_SSL2_H

#include "dissect/tls/message.h"

/* MSG-ERROR ... MSG-SERVER-HELLO (draft-hickman, C.1), as far as they come in clear. */
enum ssl2_message_type {
    SSL2_ERROR = 0,
    SSL2_CLIENT_HELLO = 1,
    SSL2_CLIENT_MASTER_KEY = 2,
    SSL2_SERVER_HELLO = 4,
};

enum { SSL2_SESSION_ID_BYTES = 16 };

struct ssl2_header {
    uint16_t len;     /* of what follows the header: message and padding */
    uint8_t padding;  /* bytes at its end */
    bool has_escape;  /* security escape: none is defined, nobody sends it */
    uint8_t msg_type; /* first byte of the message */
};

/* Reads a record header, and the message type behind it. False, with *b unchanged, when there are
 * too few bytes, or the record has no room for a message. */
MUST_CHECK bool ssl2_header_parse(struct bytes *b, struct ssl2_header *out);

enum { SSL2_LOOK_BYTES = 13 }; /* no look needs more: MESSAGE_LOOKS_MORE is never said of them */

/* Whether a direction begins with SSL 2.0, or with the ClientHello in its format of a client that
 * also speaks SSL 3.0 or later (RFC 5246, E.2): a CLIENT-HELLO, a SERVER-HELLO or an ERROR. Only
 * with a header of two bytes, as all send them in clear: too little would tell the header of three
 * from the first bytes of any other protocol. */
enum message_look ssl2_look(struct bytes prefix);

/* A CLIENT-HELLO without its type. In the format of SSL 2.0 but of version 3.x it is the hello of a
 * client that also speaks SSL 3.0 or later. It has no extensions; its challenge is taken for the
 * random. False when lengths or version cannot be. */
MUST_CHECK bool ssl2_client_hello_parse(struct bytes body, struct client_hello *out);

/* A SERVER-HELLO without its type: its version, and whether the session ID was found. The cipher is
 * the client's choice, and the rest is not wanted. */
MUST_CHECK bool ssl2_server_hello_parse(struct bytes body, struct server_hello *out);

/* The kind of event that stands for a message of this type: CLIENT-MASTER-KEY is told as
 * TLS_CLIENT_KEY_EXCHANGE, ERROR as TLS_ALERT. TLS_EVENT_KIND_COUNT for what is not in clear. */
enum tls_event_kind ssl2_event_kind(uint8_t msg_type);

/* Parses a message without its type into the event: a hello, of which is_parsed tells the same, or
 * an alert. False when it breaks its own lengths: then it may be ciphertext. */
MUST_CHECK bool ssl2_message_parse(uint8_t msg_type, struct bytes body, struct tls_event *out);

#endif
