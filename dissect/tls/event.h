/* What the TLS reader tells: one event for each thing on the wire that verdict or timing can use,
 * in the order of one direction. Folds over these events need no capture to be tested. */
#ifndef REPRISE_DISSECT_TLS_EVENT_H
#define REPRISE_DISSECT_TLS_EVENT_H

#include "dissect/tls/hello.h"

enum tls_side { TLS_CLIENT, TLS_SERVER };

enum tls_event_kind {
    TLS_CLIENT_HELLO,         /* client_hello is set; is_parsed false: it could not be parsed */
    TLS_SERVER_HELLO,         /* server_hello is set */
    TLS_HELLO_RETRY_REQUEST,  /* server_hello is set */
    TLS_HELLO_VERIFY_REQUEST, /* DTLS (RFC 6347, 4.2.1) */
    TLS_HELLO_REQUEST,        /* type 0: asks for a renegotiation */
    TLS_NEW_SESSION_TICKET,   /* new_session_ticket is set; only the clear one of <= 1.2 */
    TLS_CERTIFICATE,
    TLS_SERVER_KEY_EXCHANGE,
    TLS_CERTIFICATE_REQUEST,
    TLS_SERVER_HELLO_DONE,
    TLS_CERTIFICATE_VERIFY,
    TLS_CLIENT_KEY_EXCHANGE,
    TLS_CERTIFICATE_STATUS, /* type 22, RFC 6066, 8 */
    TLS_OTHER_MESSAGE,      /* another clear handshake message: message_type */
    TLS_CHANGE_CIPHER_SPEC,
    TLS_ENCRYPTED_HANDSHAKE, /* record of type 22 that is not clear: Finished and what follows */
    TLS_APPLICATION_DATA,    /* record of type 23: in TLS 1.3 also the rest of the handshake */
    TLS_ALERT,               /* in clear: alert is set */
    TLS_ENCRYPTED_ALERT,     /* record of type 21 that is not clear */
    TLS_HEARTBEAT,           /* record of type 24 */
    TLS_GAP,                 /* bytes of this direction are lost: missing */
    TLS_NOT_TLS,             /* what follows in this direction cannot be TLS; the reader stops */
    TLS_FIN,                 /* end of this direction's stream */
    TLS_RESET,               /* RST */
    TLS_EVENT_KIND_COUNT,
};

/* RFC 9147, 6.1; 4 and up begin with the first KeyUpdate. */
enum dtls13_epoch {
    DTLS13_EPOCH_EARLY_DATA = 1,
    DTLS13_EPOCH_HANDSHAKE = 2,
    DTLS13_EPOCH_APPLICATION = 3,
};

struct tls_event {
    enum tls_event_kind kind;
    enum tls_side from;
    int64_t start_ns;        /* capture time of the segment with the first byte of it */
    int64_t time_ns;         /* ... of the segment with its last byte */
    uint32_t record_len;     /* records: body length (without the 5-byte header) */
    uint32_t stream_bytes;   /* bytes of this direction up to and with the end of this event,
                                counted from its first TLS record */
    uint16_t record_version; /* version field of the record header */
    bool is_parsed;          /* hello and ticket events: the body could be parsed */
    uint8_t message_type;    /* TLS_OTHER_MESSAGE */
    uint8_t dtls13_epoch;    /* encrypted records of DTLS 1.3 (enum dtls13_epoch), else 0 */
    uint8_t alert_level;     /* 1 warning, 2 fatal */
    uint8_t alert_description;
    uint32_t missing; /* TLS_GAP: bytes lost; of DTLS 0: how many is not known */
    union {           /* borrowed until the reader is called again */
        struct client_hello client_hello;
        struct server_hello server_hello;
        struct new_session_ticket new_session_ticket;
    };
};

#endif
