#include "dissect/handshake.h"

#include <stddef.h>
#include <string.h>

const char *transport_name(enum transport transport)
{
    static const char *const names[TRANSPORT_COUNT] = {"tcp", "dtls", "quic"};

    return names[transport];
}

const char *verdict_name(enum verdict verdict)
{
    static const char *const names[VERDICT_COUNT] = {
        [VERDICT_UNKNOWN] = "unknown",         [VERDICT_FULL] = "full",
        [VERDICT_RESUMED_ID] = "resumed-id",   [VERDICT_RESUMED_TICKET] = "resumed-ticket",
        [VERDICT_RESUMED_PSK] = "resumed-psk", [VERDICT_FAILED] = "failed",
    };

    return names[verdict];
}

const char *certainty_name(enum certainty certainty)
{
    static const char *const names[CERTAINTY_COUNT] = {"certain", "likely"};

    return names[certainty];
}

const char *offer_name(enum offer offer)
{
    static const char *const names[OFFER_COUNT] = {NULL, "none", "id", "ticket", "psk"};

    return names[offer];
}

const char *outcome_name(enum outcome outcome)
{
    static const char *const names[OUTCOME_COUNT] = {
        [OUTCOME_UNKNOWN] = "unknown",
        [OUTCOME_NONE] = "none",
        [OUTCOME_ACCEPTED] = "accepted",
        [OUTCOME_REFUSED] = "refused",
        [OUTCOME_NOT_APPLICABLE] = "not-applicable",
        [OUTCOME_FAILED] = "failed",
    };

    return names[outcome];
}

const char *early_data_name(enum early_data early_data)
{
    static const char *const names[EARLY_DATA_COUNT] = {"none", "accepted", "refused", "unknown"};

    return names[early_data];
}

const char *reason_name(enum reason reason)
{
    static const char *const names[REASON_COUNT] = {
        [REASON_NONE] = NULL,
        [REASON_NO_SERVER_HELLO] = "no ServerHello",
        [REASON_CLIENT_ONLY] = "only the client was captured",
        [REASON_SERVER_ONLY] = "only the server was captured",
        [REASON_GAP] = "bytes are missing from the capture",
        [REASON_CUT] = "the capture ended first",
        [REASON_ENDED] = "closed before it was decided",
        [REASON_EVICTED] = "given up: no room, or silent for too long",
        [REASON_DAMAGED_HELLO] = "a hello could not be parsed",
        [REASON_MID_STREAM] = "the capture began inside the handshake",
        [REASON_NOT_OFFERED] = "resumed what was not offered",
        [REASON_NOT_TLS] = "what followed was not TLS",
        [REASON_ALERT] = "alert",
        [REASON_ENCRYPTED_ALERT] = "encrypted alert",
        [REASON_RESET] = "connection reset",
    };

    return names[reason];
}

const char *anomaly_name(enum anomaly anomaly)
{
    static const char *const names[ANOMALY_COUNT] = {
        [ANOMALY_ECHO_WITHOUT_RESUMPTION] = "echo-without-resumption",
        [ANOMALY_ABBREVIATED_WITHOUT_OFFER] = "abbreviated-without-offer",
        [ANOMALY_PLACEHOLDER_ID] = "placeholder-id",
        [ANOMALY_TICKETBLEED] = "ticketbleed",
        [ANOMALY_NO_FORWARD_SECRECY] = "no-forward-secrecy",
        [ANOMALY_EXTERNAL_PSK] = "external-psk",
        [ANOMALY_PSK_NOT_OFFERED] = "psk-not-offered",
        [ANOMALY_ENCRYPTED_CLIENT_HELLO] = "encrypted-client-hello",
        [ANOMALY_ENCRYPTED_RENEGOTIATION] = "encrypted-renegotiation",
        [ANOMALY_SEVERAL_RETRY_REQUESTS] = "several-retry-requests",
        [ANOMALY_FALSE_START] = "false-start",
        [ANOMALY_EMPTY_TICKET] = "empty-ticket",
        [ANOMALY_OVERLAP] = "overlap",
        [ANOMALY_DAMAGED_EXTENSION] = "damaged-extension",
        [ANOMALY_TIME_WENT_BACK] = "time-went-back",
        [ANOMALY_SSLV2_HELLO] = "sslv2-hello",
    };

    return names[anomaly];
}

const char *carrier_name(enum carrier carrier)
{
    static const char *const names[CARRIER_COUNT] = {
        [CARRIER_NONE] = NULL,
        [CARRIER_SMTP] = "smtp",
        [CARRIER_IMAP] = "imap",
        [CARRIER_POP3] = "pop3",
        [CARRIER_FTP] = "ftp",
        [CARRIER_FTP_DATA] = "ftp-data",
        [CARRIER_XMPP] = "xmpp",
        [CARRIER_IRC] = "irc",
        [CARRIER_LDAP] = "ldap",
        [CARRIER_NNTP] = "nntp",
        [CARRIER_SIEVE] = "sieve",
        [CARRIER_POSTGRESQL] = "postgresql",
        [CARRIER_MYSQL] = "mysql",
        [CARRIER_RDP] = "rdp",
        [CARRIER_HTTP_CONNECT] = "http-connect",
        [CARRIER_SOCKS4] = "socks4",
        [CARRIER_SOCKS5] = "socks5",
        [CARRIER_PROXY_V1] = "proxy-v1",
        [CARRIER_PROXY_V2] = "proxy-v2",
        [CARRIER_OTHER] = "other",
    };

    return names[carrier];
}

const char *ticket_layout_name(enum ticket_layout layout)
{
    static const char *const names[TICKET_LAYOUT_COUNT] = {
        [TICKET_LAYOUT_OPENSSL] = "openssl", [TICKET_LAYOUT_GNUTLS] = "gnutls",
        [TICKET_LAYOUT_MBEDTLS] = "mbedtls", [TICKET_LAYOUT_WOLFSSL] = "wolfssl",
        [TICKET_LAYOUT_NSS] = "nss",         [TICKET_LAYOUT_S2N] = "s2n",
        [TICKET_LAYOUT_GO] = "go",           [TICKET_LAYOUT_JAVA] = "java",
        [TICKET_LAYOUT_RUSTLS] = "rustls",
    };

    return names[layout];
}

uint8_t ticket_layout_name_bytes(enum ticket_layout layout)
{
    return layout == TICKET_LAYOUT_MBEDTLS || layout == TICKET_LAYOUT_JAVA ? 4 : 16;
}

const char *ticket_warning_name(enum ticket_warning warning)
{
    static const char *const names[TICKET_WARNING_COUNT] = {
        [TICKET_WARNING_ZERO_NAME] = "zero-name",
        [TICKET_WARNING_PLAINTEXT] = "plaintext",
        [TICKET_WARNING_REPEATED_IV] = "repeated-iv",
        [TICKET_WARNING_SEVERAL_CLIENTS] = "several-clients",
    };

    return names[warning];
}

const char *refusal_cause_name(enum refusal_cause cause)
{
    static const char *const names[REFUSAL_CAUSE_COUNT] = {
        [REFUSAL_CAUSE_NONE] = NULL,
        [REFUSAL_CAUSE_EXPIRED] = "expired",
        [REFUSAL_CAUSE_KEY_CHANGED] = "key-changed",
        [REFUSAL_CAUSE_OTHER_SERVER] = "other-server",
        [REFUSAL_CAUSE_NAME_CHANGED] = "name-changed",
        [REFUSAL_CAUSE_EMS_CHANGED] = "ems-changed",
        [REFUSAL_CAUSE_NEVER_SEEN] = "never-seen",
        [REFUSAL_CAUSE_UNEXPLAINED] = "unexplained",
    };

    return names[cause];
}

const char *missed_name(enum missed missed)
{
    static const char *const names[MISSED_COUNT] = {
        [MISSED_NOT] = NULL,
        [MISSED_NOT_OFFERED] = "not-offered",
        [MISSED_REFUSED] = "refused",
    };

    return names[missed];
}

enum carrier carrier_parse(const char *name)
{
    for (unsigned carrier = CARRIER_NONE + 1; carrier < CARRIER_COUNT; carrier++) {
        if (strcmp(carrier_name((enum carrier)carrier), name) == 0) {
            return (enum carrier)carrier;
        }
    }
    return CARRIER_NONE;
}

const char *carrier_shown(enum carrier carrier, const char *guess)
{
    return carrier == CARRIER_OTHER && guess[0] != '\0' ? guess : carrier_name(carrier);
}

bool verdict_is_resumed(enum verdict verdict)
{
    return verdict == VERDICT_RESUMED_ID || verdict == VERDICT_RESUMED_TICKET ||
           verdict == VERDICT_RESUMED_PSK;
}

void handshake_init(struct handshake *handshake)
{
    memset(handshake, 0, offsetof(struct handshake, messages));
    handshake->messages[0] = '\0';
    handshake->sni.len = 0;
    handshake->alpn.len = 0;
    handshake->carrier_client.len = 0;
    handshake->carrier_server.len = 0;
    handshake->carrier_guess[0] = '\0';
    handshake->rtts_tcp = HANDSHAKE_RTTS_NULL;
    handshake->rtts_tls = HANDSHAKE_RTTS_NULL;
    handshake->rtts_stalled = HANDSHAKE_RTTS_NULL;
    handshake->rtt_client_ns = HANDSHAKE_NULL;
    handshake->rtt_server_ns = HANDSHAKE_NULL;
    handshake->handshake_ns = HANDSHAKE_NULL;
    handshake->setup_ns = HANDSHAKE_NULL;
    handshake->server_think_ns = HANDSHAKE_NULL;
    handshake->bytes_client = HANDSHAKE_NULL;
    handshake->bytes_server = HANDSHAKE_NULL;
    handshake->lifetime_hint_s = HANDSHAKE_NULL;
    handshake->issued_ticket_bytes = HANDSHAKE_NULL;
    handshake->offered_bytes = HANDSHAKE_NULL;
    handshake->estimated_tickets = HANDSHAKE_NULL;
    handshake->estimated_ticket_bytes = HANDSHAKE_NULL;
}

static void copy_text(struct wire_text *out, const struct wire_text *text)
{
    out->len = text->len;
    memcpy(out->text, text->text, text->len);
}

void handshake_copy(struct handshake *out, const struct handshake *handshake)
{
    const size_t len = strnlen(handshake->messages, sizeof(handshake->messages) - 1);

    memcpy(out, handshake, offsetof(struct handshake, messages));
    memcpy(out->messages, handshake->messages, len);
    out->messages[len] = '\0';
    copy_text(&out->sni, &handshake->sni);
    copy_text(&out->alpn, &handshake->alpn);
    if (handshake->carrier == CARRIER_OTHER) {
        out->carrier_client = handshake->carrier_client;
        out->carrier_server = handshake->carrier_server;
        memcpy(out->carrier_guess, handshake->carrier_guess, sizeof(out->carrier_guess));
    } else {
        out->carrier_client.len = 0;
        out->carrier_server.len = 0;
        out->carrier_guess[0] = '\0';
    }
}
