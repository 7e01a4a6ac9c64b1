/* struct handshake: all that is learnt of one handshake, the dissector's product. One per
 * ClientHello/ServerHello pair, not per connection. Owns no memory: it can be copied and queued.
 *
 * The words are SPEC's; *_name() give them as printed, parse functions read them back. */
#ifndef REPRISE_DISSECT_HANDSHAKE_H
#define REPRISE_DISSECT_HANDSHAKE_H

#include "dissect/net/segment.h"

#include "base/attributes.h"

#include <stdbool.h>
#include <stdint.h>

enum transport { TRANSPORT_TCP, TRANSPORT_DTLS, TRANSPORT_QUIC, TRANSPORT_COUNT };

enum verdict {
    VERDICT_UNKNOWN,
    VERDICT_FULL,
    VERDICT_RESUMED_ID,
    VERDICT_RESUMED_TICKET,
    VERDICT_RESUMED_PSK,
    VERDICT_FAILED,
    VERDICT_COUNT,
};

enum certainty { CERTAINTY_CERTAIN, CERTAINTY_LIKELY, CERTAINTY_COUNT };

/* The strongest thing the client offered. */
enum offer {
    OFFER_UNKNOWN, /* the ClientHello was not seen; printed as null */
    OFFER_NONE,
    OFFER_ID,
    OFFER_TICKET,
    OFFER_PSK,
    OFFER_COUNT,
};

enum outcome {
    OUTCOME_UNKNOWN,
    OUTCOME_NONE, /* nothing was offered */
    OUTCOME_ACCEPTED,
    OUTCOME_REFUSED,        /* offered, same version family, full handshake */
    OUTCOME_NOT_APPLICABLE, /* the negotiated version cannot use the offer */
    OUTCOME_FAILED,
    OUTCOME_COUNT,
};

enum early_data {
    EARLY_DATA_NONE,
    EARLY_DATA_ACCEPTED,
    EARLY_DATA_REFUSED,
    EARLY_DATA_UNKNOWN,
    EARLY_DATA_COUNT,
};

/* Why a verdict is unknown or failed: a fixed vocabulary. REASON_NONE for all other verdicts. */
enum reason {
    REASON_NONE,
    REASON_NO_SERVER_HELLO, /* the connection ended without one */
    REASON_CLIENT_ONLY,     /* no packet of the server was captured */
    REASON_SERVER_ONLY,     /* no packet of the client was captured */
    REASON_GAP,             /* lost bytes hide what decides */
    REASON_CUT,             /* the capture ended before it was decided */
    REASON_ENDED,           /* the connection was closed before it was decided */
    REASON_EVICTED,         /* the flow table was full, or the conversation fell silent */
    REASON_DAMAGED_HELLO,   /* a hello could not be parsed */
    REASON_MID_STREAM,      /* the capture began inside the handshake */
    REASON_NOT_OFFERED,     /* abbreviated, yet nothing that was offered explains it */
    REASON_NOT_TLS,         /* what followed was not TLS */
    REASON_ALERT,           /* failed: a fatal alert; its description is in alert */
    REASON_ENCRYPTED_ALERT, /* failed: an encrypted record of an alert's size, then the end */
    REASON_RESET,           /* failed: RST before both sides were done */
    REASON_COUNT,
};

/* Bits of handshake.anomalies. */
enum anomaly {
    ANOMALY_ECHO_WITHOUT_RESUMPTION,   /* row 12 */
    ANOMALY_ABBREVIATED_WITHOUT_OFFER, /* rule 4, last sentence */
    ANOMALY_PLACEHOLDER_ID,            /* row 22: 32 zero bytes */
    ANOMALY_TICKETBLEED,               /* row 23, CVE-2016-9244 */
    ANOMALY_NO_FORWARD_SECRECY,        /* row 42: psk_ke */
    ANOMALY_EXTERNAL_PSK,              /* obfuscated age 0 */
    ANOMALY_PSK_NOT_OFFERED,           /* the ServerHello selects what nobody offered */
    ANOMALY_ENCRYPTED_CLIENT_HELLO,    /* row 50 */
    ANOMALY_ENCRYPTED_RENEGOTIATION,   /* rule 7 */
    ANOMALY_SEVERAL_RETRY_REQUESTS,    /* more than one HelloRetryRequest */
    ANOMALY_FALSE_START,               /* row 20 */
    ANOMALY_EMPTY_TICKET,              /* row 19 */
    ANOMALY_OVERLAP,                   /* retransmitted bytes differed: the first copy counted */
    ANOMALY_DAMAGED_EXTENSION,
    ANOMALY_TIME_WENT_BACK, /* capture times decrease inside the handshake */
    ANOMALY_SSLV2_HELLO,    /* row 21 */
    ANOMALY_COUNT,
};

/* What came before TLS on the connection. Stored by name: the order is free. */
enum carrier {
    CARRIER_NONE, /* TLS came first; printed as null */
    CARRIER_SMTP,
    CARRIER_IMAP,
    CARRIER_POP3,
    CARRIER_FTP,      /* its control connection */
    CARRIER_FTP_DATA, /* only the store can tell: nothing comes before TLS on these */
    CARRIER_XMPP,
    CARRIER_IRC,
    CARRIER_LDAP,
    CARRIER_NNTP,
    CARRIER_SIEVE,
    CARRIER_POSTGRESQL,
    CARRIER_MYSQL,
    CARRIER_RDP,
    CARRIER_HTTP_CONNECT,
    CARRIER_SOCKS4, /* 4a too */
    CARRIER_SOCKS5,
    CARRIER_PROXY_V1,
    CARRIER_PROXY_V2,
    CARRIER_OTHER, /* none of these */
    CARRIER_COUNT,
};

/* The first bytes that one side of an unknown carrier said. */
enum { CARRIER_SPEECH_BYTES = 48, CARRIER_GUESS_BYTES = 24 };
struct carrier_speech {
    uint8_t len;
    uint8_t bytes[CARRIER_SPEECH_BYTES];
};

/* Unknown number: printed as null, stored as NULL. */
#define HANDSHAKE_NULL INT64_MIN

/* Of two such figures that which is smaller or larger, HANDSHAKE_NULL only where both are. */
static inline int64_t handshake_smaller(int64_t a, int64_t b)
{
    if (a == HANDSHAKE_NULL || b == HANDSHAKE_NULL) {
        return a == HANDSHAKE_NULL ? b : a;
    }
    return a < b ? a : b;
}

static inline int64_t handshake_larger(int64_t a, int64_t b)
{
    return a > b ? a : b; /* HANDSHAKE_NULL is the smallest number */
}

/* Text from the wire: hostile until escaped, any byte value, not terminated. */
struct wire_text {
    uint8_t len; /* 0: none */
    char text[255];
};

/* The keyed hash (base/keyed_hash.h) that stands for a ticket, PSK identity or session ID. */
struct session_hash {
    bool is_set;
    uint8_t bytes[16];
};

/* Where known programs put the name of a ticket key: SPEC 4's table, in handshake.c. */
enum ticket_layout {
    TICKET_LAYOUT_OPENSSL,
    TICKET_LAYOUT_GNUTLS,
    TICKET_LAYOUT_MBEDTLS,
    TICKET_LAYOUT_WOLFSSL,
    TICKET_LAYOUT_NSS,
    TICKET_LAYOUT_S2N,
    TICKET_LAYOUT_GO,
    TICKET_LAYOUT_JAVA,
    TICKET_LAYOUT_RUSTLS,
    TICKET_LAYOUT_COUNT,
};

/* What is wrong with a ticket, or with the key it is under. */
enum ticket_warning {
    TICKET_WARNING_ZERO_NAME,       /* its key name is all zero */
    TICKET_WARNING_PLAINTEXT,       /* a long run of text, or of one byte: not encrypted */
    TICKET_WARNING_REPEATED_IV,     /* another ticket of the key has the same IV (the store's) */
    TICKET_WARNING_SEVERAL_CLIENTS, /* issued to two client addresses (the store's) */
    TICKET_WARNING_COUNT,
};

enum { TICKET_START_BYTES = 32 };

/* What a ticket or PSK identity shows to anybody (dissect/tls/ticket_layout.h). Its bytes stay in
 * memory: a database never gets them. */
struct ticket_shape {
    uint8_t len; /* bytes of `start`; 0: no ticket */
    uint8_t start[TICKET_START_BYTES];
    uint8_t warnings; /* 1u << enum ticket_warning: the first two */
    uint16_t layouts; /* 1u << enum ticket_layout: those it can have */
};

/* Whether a session's master secret is bound to its handshake (RFC 7627). */
enum extended_master_secret {
    EXTENDED_MASTER_SECRET_UNKNOWN, /* also TLS 1.3, where there is no other */
    EXTENDED_MASTER_SECRET_NO,
    EXTENDED_MASTER_SECRET_YES, /* in both hellos */
};

/* Why an offer was refused: the first that holds (SPEC 4). The dissector does not know; the store
 * does. Stored as numbers: the order is fixed. */
enum refusal_cause {
    REFUSAL_CAUSE_NONE,         /* not refused; printed as null */
    REFUSAL_CAUSE_EXPIRED,      /* older than its lifetime hint */
    REFUSAL_CAUSE_KEY_CHANGED,  /* the host's newer tickets are under another key */
    REFUSAL_CAUSE_OTHER_SERVER, /* issued at another server address of the host */
    REFUSAL_CAUSE_NAME_CHANGED, /* issued under another host name */
    REFUSAL_CAUSE_EMS_CHANGED,  /* extended master secret differs (RFC 7627, 5.3) */
    REFUSAL_CAUSE_NEVER_SEEN,   /* its issue was not seen */
    REFUSAL_CAUSE_UNEXPLAINED,
    REFUSAL_CAUSE_COUNT,
};

/* Why a client that held a session went through a full handshake. Stored as numbers, too. */
enum missed {
    MISSED_NOT, /* nothing was missed that is known of; printed as null */
    MISSED_NOT_OFFERED,
    MISSED_REFUSED,
    MISSED_COUNT,
};

/* Domains of the keyed hash: first byte hashed. */
enum session_kind {
    SESSION_ID = 1,
    SESSION_TICKET = 2, /* RFC 5077 tickets and TLS 1.3 PSK identities alike */
};

enum {
    HANDSHAKE_MESSAGES_BYTES = 240,
    HANDSHAKE_RTTS_NULL = -1, /* the rtts_ figures are small: -1 is their null */
};

struct handshake {
    int64_t time_ns; /* capture time of the ClientHello's first byte, else of what came first */
    enum transport transport;
    enum carrier carrier;
    struct endpoint client;
    struct endpoint server;

    uint16_t version; /* negotiated, as tls_version_shown() (tls/hello.h): never a draft, and
                         DTLS by its own numbers, which count down; 0: unknown */
    uint16_t cipher;  /* meaningful when has_cipher */
    bool has_cipher;

    enum verdict verdict;
    enum certainty certainty;
    enum reason reason;
    uint8_t alert;      /* description, with REASON_ALERT */
    uint32_t anomalies; /* 1u << enum anomaly */
    enum offer offered;
    enum outcome outcome;
    enum early_data early_data;
    uint8_t hello_retries; /* HelloRetryRequests seen */
    int8_t rtts_tcp; /* HANDSHAKE_RTTS_NULL where unknown; so of all but a connection's first */
    int8_t rtts_tls; /* HANDSHAKE_RTTS_NULL where unknown, as the next */
    int8_t rtts_stalled;
    int64_t rtt_client_ns; /* monitor to client and back; HANDSHAKE_NULL, as all below */
    int64_t rtt_server_ns;
    int64_t handshake_ns;
    int64_t setup_ns;
    int64_t server_think_ns;
    int64_t bytes_client;
    int64_t bytes_server;

    /* Sessions. What was offered and may be looked up: the ticket, the selected PSK identity (the
     * first one if none was selected), else the session ID. */
    struct session_hash session_offered;
    /* A session ID sent along by a client that also offers TLS 1.3, which is an offer only if it
     * was issued earlier (SPEC 2): known to the store, not to the dissector. */
    bool id_needs_sighting;
    struct session_hash issued_id;     /* full handshake <= 1.2 with a non-empty session ID */
    struct session_hash issued_ticket; /* NewSessionTicket in clear */
    int64_t lifetime_hint_s;           /* of issued_ticket; HANDSHAKE_NULL */
    int64_t issued_ticket_bytes;       /* HANDSHAKE_NULL */
    int64_t offered_bytes;             /* length of the ticket or identity offered */
    bool renewed;                      /* issued_ticket came inside a resumed handshake */
    struct ticket_shape offered_shape; /* where session_offered is no session ID */
    struct ticket_shape issued_shape;  /* of issued_ticket */
    enum extended_master_secret extended_master_secret;
    /* TLS 1.3 over TCP, whose tickets are encrypted: an estimate from the lengths of records of how
     * many the server sent right after the handshake (0: certain that none; HANDSHAKE_NULL: not
     * known), and of a ticket's length, within ticket_estimate_fits() (tls/ticket_estimate.h). */
    int64_t estimated_tickets;
    int64_t estimated_ticket_bytes; /* HANDSHAKE_NULL */

    /* Texts, most of a handshake's bytes, and most of them empty: handshake_copy() copies what
     * there is of them. */
    /* Order of everything seen in clear: '>' client, '<' server, then a word (docs/schema.md),
     * e.g. ">CH <SH <CERT <SKE <SHD >CKE >CCS >FIN <CCS <FIN"; "..." at the end if cut. */
    char messages[HANDSHAKE_MESSAGES_BYTES];
    struct wire_text sni;  /* as sent */
    struct wire_text alpn; /* the server's choice where in clear, else the client's first offer */
    /* With CARRIER_OTHER only: what client and server said first, not stored, and the name that a
     * library has for it ("vnc"), in place of "other"; "" while or where it has none. */
    struct carrier_speech carrier_client;
    struct carrier_speech carrier_server;
    char carrier_guess[CARRIER_GUESS_BYTES];
};

const char *transport_name(enum transport transport);
const char *verdict_name(enum verdict verdict);
const char *certainty_name(enum certainty certainty);
const char *offer_name(enum offer offer); /* NULL for OFFER_UNKNOWN */
const char *outcome_name(enum outcome outcome);
const char *early_data_name(enum early_data early_data);
const char *reason_name(enum reason reason); /* a few words; NULL for REASON_NONE */
const char *anomaly_name(enum anomaly anomaly);
const char *carrier_name(enum carrier carrier); /* NULL for CARRIER_NONE */
const char *ticket_layout_name(enum ticket_layout layout);
const char *ticket_warning_name(enum ticket_warning warning);
const char *refusal_cause_name(enum refusal_cause cause); /* NULL for REFUSAL_CAUSE_NONE */
const char *missed_name(enum missed missed);              /* NULL for MISSED_NOT */

/* CARRIER_NONE for what is no name of one. */
enum carrier carrier_parse(const char *name);

/* The carrier as printed: its name, or for CARRIER_OTHER the guess at one, if that is not "". NULL
 * for CARRIER_NONE. */
const char *carrier_shown(enum carrier carrier, const char *guess);

bool verdict_is_resumed(enum verdict verdict);

/* Bytes of the key name that a layout begins with. */
uint8_t ticket_layout_name_bytes(enum ticket_layout layout);

/* A handshake with everything unknown. */
void handshake_init(struct handshake *handshake);

/* As an assignment, but for what lies behind the ends of texts: on its way from the dissector to
 * the store a handshake is copied three times. */
void handshake_copy(struct handshake *out, const struct handshake *handshake);

#endif
