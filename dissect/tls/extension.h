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

struct client_hello;
struct server_hello;

/* The hello that is being filled. */
union extension_target {
    struct client_hello *client;
    struct server_hello *server;
};

/* How the body of an extension is read: false when that breaks its own layout. */
typedef bool extension_parser(struct bytes body, union extension_target out);

enum { EXTENSION_LOW_TYPES = 64, EXTENSION_HIGH_ROWS = 2 };

/* The extensions that a hello has: nearly all types are small numbers. */
struct extension_table {
    extension_parser *low[EXTENSION_LOW_TYPES]; /* by type; NULL where it is not read */
    struct extension_row {
        uint16_t type; /* not below EXTENSION_LOW_TYPES */
        extension_parser *parse;
    } high[EXTENSION_HIGH_ROWS]; /* NULL where there is none */
};

/* Reads what ends a hello, extensions<u16> or nothing at all (RFC 5246, 7.4.1.2 and 7.4.1.3), each
 * extension by its row. There must not be two of a type (RFC 8446, 4.2): the first one counts.
 * False when the list breaks off; a single broken extension only sets *is_damaged. */
MUST_CHECK bool extension_list_parse(struct bytes body, const struct extension_table *table,
                                     union extension_target out, bool *is_damaged);

/* Values reserved to keep peers tolerant (RFC 8701): 0x0a0a, 0x1a1a, ... 0xfafa. */
bool extension_value_is_grease(uint16_t value);

#endif
