/* What the extension blocks of both hellos share (RFC 8446, 4.2). */
#ifndef REPRISE_DISSECT_TLS_EXTENSION_H
#define REPRISE_DISSECT_TLS_EXTENSION_H

#include "dissect/bytes.h"

/* IANA TLS ExtensionType values that are read. */
enum extension_type {
    EXTENSION_SERVER_NAME = 0,
    EXTENSION_ALPN = 16,
    EXTENSION_EXTENDED_MASTER_SECRET = 23,
    EXTENSION_SESSION_TICKET = 35,
    EXTENSION_KEY_SHARE_DRAFT = 40, /* TLS 1.3 drafts up to 22 */
    EXTENSION_PRE_SHARED_KEY = 41,
    EXTENSION_EARLY_DATA = 42,
    EXTENSION_SUPPORTED_VERSIONS = 43,
    EXTENSION_COOKIE = 44,
    EXTENSION_PSK_KEY_EXCHANGE_MODES = 45,
    EXTENSION_KEY_SHARE = 51,
    EXTENSION_CONNECTION_ID = 54,
    EXTENSION_ENCRYPTED_CLIENT_HELLO = 0xfe0d,
    EXTENSION_ENCRYPTED_SERVER_NAME = 0xffce,
};

struct extension {
    uint16_t type;
    struct bytes body;
};

/* The next extension of a list; false, with *list unchanged, when it breaks off. */
MUST_CHECK bool extension_next(struct bytes *list, struct extension *out);

/* Values reserved to keep peers tolerant (RFC 8701): 0x0a0a, 0x1a1a, ... 0xfafa. */
bool extension_value_is_grease(uint16_t value);

#endif
