/* Where TLS begins in a direction that may begin with something else. */
#ifndef REPRISE_DISSECT_TLS_START_H
#define REPRISE_DISSECT_TLS_START_H

#include "dissect/tls/message.h"

enum { START_LOOK_BYTES = 16 }; /* no look needs more */

/* What is known of the place looked at: how much has to speak for TLS there. */
enum start_place {
    START_FIRST,   /* first bytes of the direction: any record, SSLv2 hello or PROXY header */
    START_SEGMENT, /* first bytes of a segment after other bytes: only a hello */
    START_RESYNC,  /* first bytes of a segment after a gap: any record */
};

enum start {
    START_NO,
    START_MORE,         /* more bytes are needed; never said of START_LOOK_BYTES bytes */
    START_RECORD,       /* a record begins here */
    START_SSL2,         /* a message of SSL 2.0, or a ClientHello in its format (ssl2.h) */
    START_PROXY_LINE,   /* PROXY protocol 1: a line, then perhaps TLS */
    START_PROXY_BINARY, /* PROXY protocol 2: a header of start_proxy_bytes(), then perhaps TLS */
};

enum start start_look(struct bytes prefix, enum start_place place);

/* Whether bytes that begin a segment can only begin a ClientHello in clear: one on a connection
 * that had a handshake before. Says no to most others at their first byte. */
MUST_CHECK bool start_is_client_hello(struct bytes segment, struct hello_start *out);

enum { START_PROXY_LINE_MAX = 107 }; /* with its CRLF (PROXY protocol, 2.1) */

/* Length of the PROXY header where START_PROXY_BINARY was said of prefix. */
uint32_t start_proxy_bytes(struct bytes prefix);

#endif
