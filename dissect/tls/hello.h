/* ClientHello and ServerHello, parsed: what they offer and what they answer. Both borrow from
 * the message they were parsed from, and are valid as long as it. */
#ifndef REPRISE_DISSECT_TLS_HELLO_H
#define REPRISE_DISSECT_TLS_HELLO_H

#include "dissect/bytes.h"

/* Protocol versions as on the wire (RFC 8446, 4.1.2 and 4.2.1). Drafts of TLS 1.3 (0x7fNN) and
 * the private numbers of its experiments are mapped to TLS_1_3 by tls_version_family(). */
enum tls_version {
    TLS_VERSION_NONE = 0,
    SSL_2_0 = 0x0002,
    SSL_3_0 = 0x0300,
    TLS_1_0 = 0x0301,
    TLS_1_1 = 0x0302,
    TLS_1_2 = 0x0303,
    TLS_1_3 = 0x0304,
    DTLS_1_0_OPENSSL = 0x0100, /* OpenSSL before 0.9.8f */
    DTLS_1_0 = 0xfeff,         /* DTLS counts down; there is no 1.1 */
    DTLS_1_2 = 0xfefd,
    DTLS_1_3 = 0xfefc,
};

/* The version whose rules apply, to be compared with TLS_...: TLS_1_3 for its drafts and
 * experiments (0x7f0e.., 0x7e01.., 0xfb17..), for DTLS the version of TLS it is made from
 * (TLS_1_1, TLS_1_2, TLS_1_3), else the version itself. */
uint16_t tls_version_family(uint16_t version);

/* The version a record shows: as tls_version_family(), but DTLS keeps its own number. */
uint16_t tls_version_shown(uint16_t version);

enum { HELLO_SESSION_ID_MAX = 32, HELLO_RANDOM_BYTES = 32 };

/* How the SessionTicket extension (35, RFC 5077, 3.2) came. */
enum ticket_extension { TICKET_ABSENT, TICKET_EMPTY, TICKET_PRESENT };

struct client_hello {
    uint16_t legacy_version;
    struct bytes random;
    struct bytes session_id;     /* at most 255 bytes: more than 32 are damage */
    uint16_t highest_version;    /* family; from supported_versions without GREASE, else legacy */
    bool has_supported_versions; /* 43: the client knows RFC 8446, whatever versions it names */
    struct bytes sni;            /* server_name of type host_name (RFC 6066, 3); len 0: none */
    struct bytes alpn; /* first protocol offered that is not GREASE (RFC 7301); len 0: none */
    enum ticket_extension ticket_extension;
    struct bytes ticket; /* the ticket, without RFC 4507's inner length */
    bool has_psk;        /* pre_shared_key (41, RFC 8446, 4.2.11) with at least one identity */
    uint16_t psk_count;
    struct bytes psk_identities;     /* the list, for client_hello_identity() */
    uint32_t obfuscated_age;         /* of the first identity */
    bool has_psk_ke;                 /* psk_key_exchange_modes names psk_ke (0) */
    bool has_psk_dhe_ke;             /* ... psk_dhe_ke (1) */
    bool has_early_data;             /* early_data (42) */
    bool has_extended_master_secret; /* 23, RFC 7627 */
    bool has_encrypted_client_hello; /* encrypted_client_hello (0xfe0d) of type outer, or ESNI */
    bool has_cookie; /* cookie (44), or DTLS's field: the second hello after a retry or verify */
    bool has_connection_id;    /* 54, RFC 9146: the server's records may carry one ... */
    uint8_t connection_id_len; /* ... of so many bytes */
    bool is_damaged; /* an extension's body broke its own length, or the session ID is longer than
                        RFC 8446, 4.1.2 allows; the rest was read */
};

/* Parses the body of a ClientHello (without the 4-byte message header). False when the fixed
 * part or the list of extensions breaks off; a single broken extension only sets is_damaged. */
MUST_CHECK bool client_hello_parse(struct bytes body, struct client_hello *out);

/* A ClientHello of DTLS: with a cookie after the session ID (RFC 6347, 4.2.1). */
MUST_CHECK bool client_hello_parse_dtls(struct bytes body, struct client_hello *out);

/* Identity number `index` of the pre_shared_key extension. */
MUST_CHECK bool client_hello_identity(const struct client_hello *hello, uint16_t index,
                                      struct bytes *identity, uint32_t *obfuscated_age);

struct server_hello {
    uint16_t legacy_version;
    uint16_t version; /* as negotiated: supported_versions, else legacy_version; not mapped */
    struct bytes random;
    struct bytes session_id;
    uint16_t cipher;
    bool is_hello_retry_request; /* by its random (RFC 8446, 4.1.3), or message type 6 of drafts */
    enum ticket_extension ticket_extension;
    bool has_psk; /* pre_shared_key */
    uint16_t selected_identity;
    bool has_key_share; /* key_share (51; 40 in drafts up to 22) */
    bool has_extended_master_secret;
    bool has_connection_id; /* the client's records may carry one */
    uint8_t connection_id_len;
    struct bytes alpn;       /* chosen protocol, where it is in clear (<= 1.2); len 0: none */
    bool has_session_id_hit; /* SSL 2.0, which echoes no session ID: the one offered is accepted */
    bool is_damaged;
};

/* Parses the body of a ServerHello. TLS 1.3 drafts up to 21 have no session_id and
 * compression fields (RFC 8446 drafts): told by their version number. */
MUST_CHECK bool server_hello_parse(struct bytes body, struct server_hello *out);

/* HelloRetryRequest as a message of its own (type 6), TLS 1.3 drafts up to 21. */
MUST_CHECK bool hello_retry_request_parse(struct bytes body, struct server_hello *out);

/* NewSessionTicket of TLS <= 1.2 (RFC 5077, 3.3). */
struct new_session_ticket {
    uint32_t lifetime_hint_s; /* 0: left open by the server */
    struct bytes ticket;      /* len 0: no ticket after all */
};
MUST_CHECK bool new_session_ticket_parse(struct bytes body, struct new_session_ticket *out);

#endif
