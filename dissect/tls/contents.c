#include "dissect/tls/contents.h"

#include "dissect/tls/ticket_layout.h"

#include <string.h>

void contents_init(struct contents *contents)
{
    contents->has_ticket = false;
    contents->psk_count = 0;
    contents->selected_identity = 0;
}

static void copy_text(struct wire_text *out, struct bytes text)
{
    out->len = (uint8_t)(text.len < sizeof(out->text) ? text.len : sizeof(out->text));
    memcpy(out->text, text.data, out->len);
}

static void hash_session(const struct keyed_hash *hash, enum session_kind kind,
                         struct bytes session, struct session_hash *out)
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

static void note_offer(const struct keyed_hash *hash, struct bytes ticket,
                       struct contents_offer *out)
{
    hash_session(hash, SESSION_TICKET, ticket, &out->hash);
    ticket_shape_of(ticket, &out->shape);
    out->len = (uint32_t)ticket.len;
}

static void note_identities(struct contents *contents, const struct keyed_hash *hash,
                            const struct client_hello *hello)
{
    contents->psk_count = 0;
    for (uint16_t i = 0; i < hello->psk_count && i < CONTENTS_IDENTITIES; i++) {
        struct bytes identity;
        uint32_t obfuscated_age;
        if (!client_hello_identity(hello, i, &identity, &obfuscated_age)) {
            return;
        }
        note_offer(hash, identity, &contents->psk[i]);
        contents->psk_count++;
    }
}

static void note_client_hello(struct contents *contents, const struct keyed_hash *hash,
                              const struct client_hello *hello, struct handshake *out)
{
    if (hello->sni.len > 0) {
        copy_text(&out->sni, hello->sni);
    }
    if (hello->alpn.len > 0) {
        copy_text(&out->alpn, hello->alpn);
    }
    note_damage(hello->is_damaged, out);
    contents->has_ticket = hello->ticket.len > 0;
    if (contents->has_ticket) {
        note_offer(hash, hello->ticket, &contents->ticket);
    }
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

static void note_server_hello(struct contents *contents, const struct keyed_hash *hash,
                              const struct server_hello *hello, struct handshake *out)
{
    note_choice(hello, out);
    if (hello->alpn.len > 0) {
        copy_text(&out->alpn, hello->alpn);
    }
    note_damage(hello->is_damaged, out);
    note_master_secret(hello, out);
    contents->selected_identity = hello->has_psk ? hello->selected_identity : 0;
    out->issued_id.is_set = false;
    if (hello->session_id.len >
        HELLO_SESSION_ID_MAX) { /* damage, which the verdict does not keep */
        hash_session(hash, SESSION_ID, hello->session_id, &out->issued_id);
    }
}

/* RFC 5077, 3.3: a ticket of length zero is none. */
static void note_ticket(const struct keyed_hash *hash, const struct new_session_ticket *message,
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

void contents_after(struct contents *contents, const struct keyed_hash *hash,
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

static void offer(const struct contents_offer *offered, struct handshake *out)
{
    if (offered->hash.is_set) {
        out->session_offered = offered->hash;
        out->offered_bytes = offered->len;
    }
    out->offered_shape = offered->shape;
}

static void offer_id(const struct keyed_hash *hash, const struct verdict_offer *offered,
                     struct handshake *out)
{
    hash_session(hash, SESSION_ID, (struct bytes){offered->id, offered->id_len},
                 &out->session_offered);
    if (out->session_offered.is_set) {
        out->offered_bytes = offered->id_len;
    }
}

/* The session that was offered: what decided, else the strongest (SPEC 2). A TLS <= 1.2 server
 * looks at the ticket beside a PSK (row 48). */
static void settle_offer(const struct contents *contents, const struct keyed_hash *hash,
                         const struct verdict_state *verdict, struct handshake *out)
{
    const bool is_tls12 = out->has_cipher && tls_version_family(out->version) < TLS_1_3;
    const bool has_psk = out->offered == OFFER_PSK;

    if (has_psk && !(is_tls12 && contents->has_ticket)) {
        if (contents->selected_identity < contents->psk_count) {
            offer(&contents->psk[contents->selected_identity], out);
        }
    } else if (has_psk || out->offered == OFFER_TICKET) {
        if (contents->has_ticket) {
            offer(&contents->ticket, out);
        }
    } else if (out->offered == OFFER_ID || out->id_needs_sighting) {
        offer_id(hash, &verdict->offer, out);
    }
}

/* A session ID is issued by a full handshake of TLS <= 1.2 whose server names a new one. */
static bool issues_id(const struct verdict_state *verdict)
{
    const bool is_full = verdict->has_server_evidence || verdict->has_client_evidence;

    return is_full && !verdict_is_tls13(verdict) && verdict->answer.echo != ID_ECHO_EQUAL;
}

void contents_settle(const struct contents *contents, const struct keyed_hash *hash,
                     const struct verdict_state *verdict, bool is_resumed_kind,
                     struct handshake *out)
{
    const struct verdict_answer *answer = &verdict->answer;

    settle_offer(contents, hash, verdict, out);
    if (!issues_id(verdict)) {
        out->issued_id.is_set = false;
    } else if (answer->id_len > 0) {
        hash_session(hash, SESSION_ID, (struct bytes){answer->id, answer->id_len}, &out->issued_id);
    }
    out->renewed = out->issued_ticket.is_set && is_resumed_kind;
}
