/* The verdict: a pure fold over TLS events (SPEC 1 and 2). Knows no packets and no time.
 *
 *     verdict_init(&state);
 *     while (...) verdict_after(&state, &event);
 *     verdict_read(&state, ending, &reading);
 *
 * verdict_read may be asked at any time; what it says with certainty never changes later, except
 * that a handshake which was not done can still fail (rule 6). */
#ifndef REPRISE_DISSECT_TLS_VERDICT_H
#define REPRISE_DISSECT_TLS_VERDICT_H

#include "dissect/handshake.h"
#include "dissect/tls/event.h"

/* What the client offered: of the last ClientHello (rule 1), but early data of the first. */
struct verdict_offer {
    bool is_seen;
    bool is_parsed;
    bool may_invent_id; /* TLS 1.3 or its supported_versions: the ID may mean nothing (D.4) */
    bool has_ticket;
    bool has_psk;
    bool has_early_data;
    bool has_encrypted_hello;
    bool is_sslv2_format;
    uint16_t psk_count;
    uint32_t external_psks; /* 1u << identity, up to VERDICT_LAST_IDENTITY: its age is told as 0 */
    uint8_t id_len;         /* 0 also of an ID that is too long */
    uint8_t id[HELLO_SESSION_ID_MAX];
};

/* How the ServerHello's session ID stands to the client's. */
enum id_echo { ID_ECHO_NONE, ID_ECHO_EQUAL, ID_ECHO_OTHER, ID_ECHO_EXTENDED };

enum { VERDICT_LAST_IDENTITY = 31 }; /* later ones are not told apart */

struct verdict_answer {
    bool is_seen;
    bool is_parsed;
    bool has_psk;
    bool has_key_share;
    bool has_session_id_hit; /* SSL 2.0 */
    uint16_t selected_identity;
    uint8_t id_len; /* as above: also for a ClientHello that is seen later */
    uint8_t id[HELLO_SESSION_ID_MAX];
    enum id_echo echo;
    uint16_t family; /* tls_version_family() of the negotiated version */
    uint16_t cipher;
};

/* What one side has sent. */
struct verdict_side {
    bool is_heard;     /* anything at all */
    bool has_gap;      /* bytes lost, at any time before its ChangeCipherSpec */
    bool has_late_gap; /* server: ... after its ServerHello and before its ChangeCipherSpec */
    bool has_ccs;
    bool has_finished; /* <= 1.2: the record after ChangeCipherSpec; 1.3 client: its Finished */
    bool has_application_data; /* <= 1.2 */
    bool has_encrypted_alert;
    uint32_t encrypted_bytes; /* in records of application data, all versions */
};

struct verdict_state {
    struct verdict_offer offer;
    struct verdict_answer answer;
    struct verdict_side side[2]; /* by enum tls_side */
    bool has_server_evidence;    /* Certificate ... ServerHelloDone: full (rule 3) */
    bool has_client_evidence;    /* ClientKeyExchange, or the client's Certificate: full */
    bool has_ticket_message;     /* NewSessionTicket in clear */
    bool has_empty_ticket;       /* ... of length zero (row 19) */
    bool has_false_start;
    bool is_not_tls;
    bool is_early_data_wanted; /* the first ClientHello offered it */
    bool has_end_of_early_data;
    bool has_early_data_finished; /* client's Finished-sized record seen: early data is decided */
    bool has_reset;
    bool has_fatal_alert;
    bool renegotiates;
    uint8_t alert;
    uint8_t retries;
};

/* How the conversation ended, as far as the events do not say. */
enum verdict_ending {
    VERDICT_ENDING_OPEN,    /* it goes on */
    VERDICT_ENDING_CLOSED,  /* FIN or RST */
    VERDICT_ENDING_CUT,     /* the capture ended */
    VERDICT_ENDING_EVICTED, /* no room, or too long silent */
};

struct verdict_reading {
    enum verdict verdict;
    enum certainty certainty;
    enum reason reason;
    enum offer offered;
    enum outcome outcome;
    enum early_data early_data;
    uint32_t anomalies;     /* 1u << enum anomaly: those that events show */
    bool id_needs_sighting; /* an ID from a client that offers TLS 1.3, not accepted */
    bool is_resumed_kind;   /* abbreviated or PSK, whether or not it failed then */
};

void verdict_init(struct verdict_state *state);
void verdict_after(struct verdict_state *state, const struct tls_event *event);
void verdict_read(const struct verdict_state *state, enum verdict_ending ending,
                  struct verdict_reading *out);

/* The ServerHello has settled on TLS 1.3, or a draft of it. */
bool verdict_is_tls13(const struct verdict_state *state);

/* ... on SSL 2.0 (ssl2.h). */
bool verdict_is_ssl2(const struct verdict_state *state);

/* In TLS <= 1.2 the client has gone on to encrypt: a ClientHello that follows in its stream would
 * be another handshake's. */
bool verdict_is_past_hellos(const struct verdict_state *state);

/* Both sides are done (rule 6). Of SSL 2.0, where neither Finished can be told from data: what
 * decides was seen, the server's hello with a hit for the client's, or the CLIENT-MASTER-KEY. */
bool verdict_is_done(const struct verdict_state *state);

/* Done or failed, and no later event could add anything: buffers may be dropped. After a reset
 * that proves nothing it is not: what was under way may still arrive. */
bool verdict_is_final(const struct verdict_state *state);

/* DTLS 1.3's client Finished: its message header has eight bytes more (RFC 9147, 5.2). */
uint32_t dtls13_finished_len(uint16_t cipher);

/* Lengths of the record body that a TLS 1.3 client's EndOfEarlyData, Finished and alert have
 * (RFC 8446, 4.4.4, 4.5 and 5.2: message, content type, tag) under a cipher suite. */
uint32_t tls13_end_of_early_data_len(uint16_t cipher);
uint32_t tls13_finished_len(uint16_t cipher);
uint32_t tls13_alert_len(uint16_t cipher);

/* The client's records of type 23 after the ServerHello of TLS 1.3: is this one its Finished (or
 * the flight that ends with it)? */
bool verdict_is_client_finished(const struct verdict_state *state, uint32_t record_len);

#endif
