#include "dissect/tls/extension.h"
#include "dissect/tls/hello.h"

enum { DRAFT_21 = 0x7f15, DRAFT_18 = 0x7f12, DRAFT_FIRST = 0x7f00 };

/* SHA-256 of "HelloRetryRequest" (RFC 8446, 4.1.3). */
static const uint8_t hello_retry_random[HELLO_RANDOM_BYTES] = {
    0xcf, 0x21, 0xad, 0x74, 0xe5, 0x9a, 0x61, 0x11, 0xbe, 0x1d, 0x8c, 0x02, 0x1e, 0x65, 0xb8, 0x91,
    0xc2, 0xa2, 0x11, 0x16, 0x7a, 0xbb, 0x8c, 0x5e, 0x07, 0x9e, 0x09, 0xe2, 0xc8, 0xa8, 0x33, 0x9c,
};

/* application_layer_protocol_negotiation (RFC 7301, 3.1): list<u16> of one name<u8>. */
static bool parse_alpn(struct bytes body, union extension_target out)
{
    struct bytes names;
    struct bytes name;

    if (!bytes_vec16(&body, &names) || !bytes_vec8(&names, &name) || name.len == 0) {
        return false;
    }
    out.server->alpn = name;
    return true;
}

/* extended_master_secret (RFC 7627, 5.1): empty. */
static bool parse_extended_master_secret(struct bytes body, union extension_target out)
{
    out.server->has_extended_master_secret = body.len == 0;
    return body.len == 0;
}

/* session_ticket (RFC 5077, 3.2): empty; a NewSessionTicket will follow. */
static bool parse_session_ticket(struct bytes body, union extension_target out)
{
    out.server->ticket_extension = body.len == 0 ? TICKET_EMPTY : TICKET_PRESENT;
    return body.len == 0;
}

/* pre_shared_key (RFC 8446, 4.2.11): selected_identity u16. */
static bool parse_pre_shared_key(struct bytes body, union extension_target out)
{
    uint16_t selected;

    if (!bytes_u16(&body, &selected) || body.len > 0) {
        return false;
    }
    out.server->has_psk = true;
    out.server->selected_identity = selected;
    return true;
}

/* supported_versions (RFC 8446, 4.2.1): selected_version u16. */
static bool parse_supported_versions(struct bytes body, union extension_target out)
{
    uint16_t version;

    if (!bytes_u16(&body, &version) || body.len > 0) {
        return false;
    }
    out.server->version = version;
    return true;
}

/* key_share (RFC 8446, 4.2.8): group u16, key_exchange<u16>; of a HelloRetryRequest: group u16. */
static bool parse_key_share(struct bytes body, union extension_target out)
{
    uint16_t group;
    struct bytes key;

    if (!bytes_u16(&body, &group) || (body.len > 0 && !bytes_vec16(&body, &key))) {
        return false;
    }
    out.server->has_key_share = true;
    return true;
}

/* connection_id (RFC 9146, 3): cid<u8>. */
static bool parse_connection_id(struct bytes body, union extension_target out)
{
    struct bytes id;

    if (!bytes_vec8(&body, &id) || body.len > 0) {
        return false;
    }
    out.server->has_connection_id = true;
    out.server->connection_id_len = (uint8_t)id.len;
    return true;
}

static const struct extension_table extensions = {
    .low =
        {
            [EXTENSION_ALPN] = parse_alpn,
            [EXTENSION_EXTENDED_MASTER_SECRET] = parse_extended_master_secret,
            [EXTENSION_SESSION_TICKET] = parse_session_ticket,
            [EXTENSION_PRE_SHARED_KEY] = parse_pre_shared_key,
            [EXTENSION_SUPPORTED_VERSIONS] = parse_supported_versions,
            [EXTENSION_KEY_SHARE] = parse_key_share,
            [EXTENSION_KEY_SHARE_DRAFT] = parse_key_share,
            [EXTENSION_CONNECTION_ID] = parse_connection_id,
        },
};

static bool parse_extensions(struct bytes body, struct server_hello *out)
{
    return extension_list_parse(body, &extensions, (union extension_target){.server = out},
                                &out->is_damaged);
}

static bool is_draft_up_to(uint16_t version, uint16_t draft)
{
    return version >= DRAFT_FIRST && version <= draft;
}

/* Drafts up to 21 put the negotiated version here: by their own number, or the earliest of them
 * by the one that was to come. RFC 8446 never does (4.1.3: 0x0303). */
static bool is_early_draft(uint16_t legacy_version)
{
    return legacy_version == TLS_1_3 || is_draft_up_to(legacy_version, DRAFT_21);
}

/* What follows the random: session_id<u8>, cipher_suite u16, compression_method u8. Drafts up to
 * 21 had only the cipher suite. */
static bool parse_choice(struct bytes *body, struct server_hello *out)
{
    uint8_t compression_method;

    if (is_early_draft(out->legacy_version)) {
        return bytes_u16(body, &out->cipher);
    }
    return bytes_vec8(body, &out->session_id) && bytes_u16(body, &out->cipher) &&
           bytes_u8(body, &compression_method);
}

/* legacy_version u16, random[32], the choice, extensions<u16> (RFC 8446, 4.1.3). */
bool server_hello_parse(struct bytes body, struct server_hello *out)
{
    const struct bytes retry_random = {hello_retry_random, sizeof(hello_retry_random)};
    struct server_hello hello = {0};

    if (!bytes_u16(&body, &hello.legacy_version) ||
        !bytes_take(&body, HELLO_RANDOM_BYTES, &hello.random) || !parse_choice(&body, &hello)) {
        return false;
    }
    hello.version = hello.legacy_version;
    hello.is_damaged = hello.session_id.len > HELLO_SESSION_ID_MAX;
    hello.is_hello_retry_request = bytes_equal(hello.random, retry_random);
    if (!parse_extensions(body, &hello)) {
        return false;
    }
    *out = hello;
    return true;
}

/* server_version u16, cipher_suite u16 (from draft 19 on), extensions<u16>. */
bool hello_retry_request_parse(struct bytes body, struct server_hello *out)
{
    struct server_hello hello = {.is_hello_retry_request = true};

    if (!bytes_u16(&body, &hello.legacy_version)) {
        return false;
    }
    if (!is_draft_up_to(hello.legacy_version, DRAFT_18) && !bytes_u16(&body, &hello.cipher)) {
        return false;
    }
    hello.version = hello.legacy_version;
    if (!parse_extensions(body, &hello)) {
        return false;
    }
    *out = hello;
    return true;
}

/* ticket_lifetime_hint u32, ticket<u16> (RFC 5077, 3.3). */
bool new_session_ticket_parse(struct bytes body, struct new_session_ticket *out)
{
    struct new_session_ticket ticket;

    if (!bytes_u32(&body, &ticket.lifetime_hint_s) || !bytes_vec16(&body, &ticket.ticket) ||
        body.len > 0) {
        return false;
    }
    *out = ticket;
    return true;
}
