#include "dissect/tls/contents.h"

#include "dissect/tls/ticket_layout.h"

#include <string.h>

static void copy_text(struct wire_text *out, struct bytes text)
{
    out->len = (uint8_t)(text.len < sizeof(out->text) ? text.len : sizeof(out->text));
    memcpy(out->text, text.data, out->len);
}

static void hash_session(struct keyed_hash *hash, enum session_kind kind, struct bytes session,
                         struct session_hash *out)
{
    out->is_set = session.len > 0;
    if (out->is_set) {
        keyed_hash_of(hash, (uint8_t)kind, session.data, session.len, out->bytes);
    }
}

static void note_damage(bool is_damaged, struct handshake *out)
{
    if (is_damaged) {
        out->anomalies |= 1u << ANOMALY_DAMAGED_EXTENSION;
    }
}

static void note_identities(struct contents *contents, struct keyed_hash *hash,
                            const struct client_hello *hello)
{
    memset(contents->psk, 0, sizeof(contents->psk));
    memset(contents->psk_shape, 0, sizeof(contents->psk_shape));
    for (uint16_t i = 0; i < hello->psk_count && i < CONTENTS_IDENTITIES; i++) {
        struct bytes identity;
        uint32_t obfuscated_age;
        if (!client_hello_identity(hello, i, &identity, &obfuscated_age)) {
            return;
        }
        hash_session(hash, SESSION_TICKET, identity, &contents->psk[i]);
        ticket_shape_of(identity, &contents->psk_shape[i]);
        contents->psk_len[i] = (uint32_t)identity.len;
    }
}

static void note_client_hello(struct contents *contents, struct keyed_hash *hash,
                              const struct client_hello *hello, struct handshake *out)
{
    if (hello->sni.len > 0) {
        copy_text(&out->sni, hello->sni);
    }
    if (hello->alpn.len > 0) {
        copy_text(&out->alpn, hello->alpn);
    }
    note_damage(hello->is_damaged, out);
    hash_session(hash, SESSION_ID, hello->session_id, &contents->id);
    contents->id_len = (uint32_t)hello->session_id.len;
    hash_session(hash, SESSION_TICKET, hello->ticket, &contents->ticket);
    ticket_shape_of(hello->ticket, &contents->ticket_shape);
    contents->ticket_len = (uint32_t)hello->ticket.len;
    note_identities(contents, hash, hello);
}

static void note_choice(const struct server_hello *hello, struct handshake *out)
{
    out->version = tls_version_shown(hello->version);
    out->cipher = hello->cipher;
    out->has_cipher = hello->version != SSL_2_0; /* there the client chooses, by other numbers */
}

/* A server that has the extension in its ServerHello answers a client that has it, too (RFC 7627,
 * 5.1); TLS 1.3 knows nothing else. */
static void note_master_secret(const struct server_hello *hello, struct handshake *out)
{
    if (tls_version_family(hello->version) >= TLS_1_3) {
        out->extended_master_secret = EXTENDED_MASTER_SECRET_UNKNOWN;
    } else if (hello->has_extended_master_secret) {
        out->extended_master_secret = EXTENDED_MASTER_SECRET_YES;
    } else {
        out->extended_master_secret = EXTENDED_MASTER_SECRET_NO;
    }
}

static void note_server_hello(struct contents *contents, struct keyed_hash *hash,
                              const struct server_hello *hello, struct handshake *out)
{
    note_choice(hello, out);
    if (hello->alpn.len > 0) {
        copy_text(&out->alpn, hello->alpn);
    }
    note_damage(hello->is_damaged, out);
    note_master_secret(hello, out);
    contents->selected_identity = hello->has_psk ? hello->selected_identity : 0;
    hash_session(hash, SESSION_ID, hello->session_id, &out->issued_id);
}

/* RFC 5077, 3.3: a ticket of length zero is none. */
static void note_ticket(struct keyed_hash *hash, const struct new_session_ticket *message,
                        struct handshake *out)
{
    if (message->ticket.len == 0) {
        return;
    }
    hash_session(hash, SESSION_TICKET, message->ticket, &out->issued_ticket);
    out->lifetime_hint_s = message->lifetime_hint_s;
    out->issued_ticket_bytes = (int64_t)message->ticket.len;
    ticket_shape_of(message->ticket, &out->issued_shape);
}

void contents_after(struct contents *contents, struct keyed_hash *hash,
                    const struct tls_event *event, struct handshake *out)
{
    if (!event->is_parsed) {
        return;
    }
    if (event->kind == TLS_CLIENT_HELLO) {
        note_client_hello(contents, hash, &event->client_hello, out);
    } else if (event->kind == TLS_SERVER_HELLO) {
        note_server_hello(contents, hash, &event->server_hello, out);
    } else if (event->kind == TLS_HELLO_RETRY_REQUEST) {
        note_choice(&event->server_hello, out);
    } else if (event->kind == TLS_NEW_SESSION_TICKET) {
        note_ticket(hash, &event->new_session_ticket, out);
    }
}

static void offer_psk(const struct contents *contents, struct handshake *out)
{
    if (contents->selected_identity < CONTENTS_IDENTITIES) {
        out->session_offered = contents->psk[contents->selected_identity];
        out->offered_bytes = contents->psk_len[contents->selected_identity];
        out->offered_shape = contents->psk_shape[contents->selected_identity];
    }
}

/* The session that was offered: what decided, else the strongest (SPEC 2). A TLS <= 1.2 server
 * looks at the ticket beside a PSK (row 48). */
static void settle_offer(const struct contents *contents, struct handshake *out)
{
    const bool is_tls12 = out->has_cipher && tls_version_family(out->version) < TLS_1_3;
    const bool has_psk = out->offered == OFFER_PSK;

    if (has_psk && !(is_tls12 && contents->ticket.is_set)) {
        offer_psk(contents, out);
    } else if (has_psk || out->offered == OFFER_TICKET) {
        out->session_offered = contents->ticket;
        out->offered_bytes = contents->ticket_len;
        out->offered_shape = contents->ticket_shape;
    } else if (out->offered == OFFER_ID || out->id_needs_sighting) {
        out->session_offered = contents->id;
        out->offered_bytes = contents->id_len;
    }
    if (!out->session_offered.is_set) {
        out->offered_bytes = HANDSHAKE_NULL;
    }
}

void contents_settle(const struct contents *contents, const struct verdict_state *verdict,
                     bool is_resumed_kind, struct handshake *out)
{
    const bool is_full = verdict->has_server_evidence || verdict->has_client_evidence;

    settle_offer(contents, out);
    /* A session ID is issued by a full handshake of TLS <= 1.2 whose server names a new one. */
    if (verdict_is_tls13(verdict) || !is_full || verdict->answer.echo == ID_ECHO_EQUAL) {
        out->issued_id.is_set = false;
    }
    out->renewed = out->issued_ticket.is_set && is_resumed_kind;
}
