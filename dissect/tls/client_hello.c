#include "dissect/tls/extension.h"
#include "dissect/tls/hello.h"

/* server_name (RFC 6066, 3): list<u16> of { name_type u8, name<u16> }; host_name is type 0. */
static bool parse_server_name(struct bytes body, union extension_target out)
{
    struct bytes names;

    if (!bytes_vec16(&body, &names) || names.len == 0) {
        return false;
    }
    while (names.len > 0) {
        uint8_t type;
        struct bytes name;
        if (!bytes_u8(&names, &type) || !bytes_vec16(&names, &name) || name.len == 0) {
            return false;
        }
        if (type == 0) {
            out.client->sni = name;
            return true;
        }
    }
    return true;
}

/* A protocol name made up by RFC 8701: two equal bytes 0x?a. */
static bool is_grease_protocol(struct bytes name)
{
    uint16_t value;

    return name.len == 2 && bytes_u16(&name, &value) && extension_value_is_grease(value);
}

/* application_layer_protocol_negotiation (RFC 7301, 3.1): list<u16> of name<u8>. */
static bool parse_alpn(struct bytes body, union extension_target out)
{
    struct bytes names;

    if (!bytes_vec16(&body, &names) || names.len == 0) {
        return false;
    }
    while (names.len > 0) {
        struct bytes name;
        if (!bytes_vec8(&names, &name) || name.len == 0) {
            return false;
        }
        if (!is_grease_protocol(name)) {
            out.client->alpn = name;
            return true;
        }
    }
    return true;
}

/* extended_master_secret (RFC 7627, 5.1): empty. */
static bool parse_extended_master_secret(struct bytes body, union extension_target out)
{
    out.client->has_extended_master_secret = body.len == 0;
    return body.len == 0;
}

/* session_ticket (RFC 5077, 3.2): the ticket fills the body. RFC 4507 had a length before it, and
 * clients that still send it are told by its value (RFC 5077, appendix A). */
static bool parse_session_ticket(struct bytes body, union extension_target out)
{
    struct bytes rest = body;
    struct bytes inner;

    if (bytes_vec16(&rest, &inner) && rest.len == 0) {
        body = inner;
    }
    out.client->ticket = body;
    out.client->ticket_extension = body.len > 0 ? TICKET_PRESENT : TICKET_EMPTY;
    return true;
}

/* PskIdentity (RFC 8446, 4.2.11): identity<u16>, obfuscated_ticket_age u32. */
static bool next_identity(struct bytes *list, struct bytes *identity, uint32_t *obfuscated_age)
{
    struct bytes rest = *list;

    if (!bytes_vec16(&rest, identity) || !bytes_u32(&rest, obfuscated_age)) {
        return false;
    }
    *list = rest;
    return true;
}

/* pre_shared_key (RFC 8446, 4.2.11): identities<u16>, binders<u16>. */
static bool parse_pre_shared_key(struct bytes body, union extension_target out)
{
    struct bytes identities;
    struct bytes binders;
    struct bytes identity;
    uint32_t first_age = 0;
    uint32_t age;
    uint16_t count = 0;

    if (!bytes_vec16(&body, &identities) || !bytes_vec16(&body, &binders)) {
        return false;
    }
    for (struct bytes rest = identities; rest.len > 0; count++) {
        if (!next_identity(&rest, &identity, &age)) {
            return false;
        }
        first_age = count == 0 ? age : first_age;
    }
    out.client->has_psk = count > 0;
    out.client->psk_count = count;
    out.client->psk_identities = identities;
    out.client->obfuscated_age = first_age;
    return count > 0;
}

/* early_data (RFC 8446, 4.2.10): empty in a ClientHello. */
static bool parse_early_data(struct bytes body, union extension_target out)
{
    out.client->has_early_data = body.len == 0;
    return body.len == 0;
}

/* supported_versions (RFC 8446, 4.2.1): versions<u8> of u16. */
static bool parse_supported_versions(struct bytes body, union extension_target out)
{
    struct bytes versions;
    uint16_t highest = TLS_VERSION_NONE;

    if (!bytes_vec8(&body, &versions) || versions.len == 0) {
        return false;
    }
    while (versions.len > 0) {
        uint16_t version;
        if (!bytes_u16(&versions, &version)) {
            return false;
        }
        version = tls_version_family(version);
        if (version > highest && version >= SSL_3_0 && version <= TLS_1_3) {
            highest = version;
        }
    }
    if (highest != TLS_VERSION_NONE) {
        out.client->highest_version = highest;
    }
    out.client->has_supported_versions = true;
    return true;
}

/* cookie (RFC 8446, 4.2.2): cookie<u16>. */
static bool parse_cookie(struct bytes body, union extension_target out)
{
    struct bytes cookie;

    if (!bytes_vec16(&body, &cookie) || cookie.len == 0) {
        return false;
    }
    out.client->has_cookie = true;
    return true;
}

/* psk_key_exchange_modes (RFC 8446, 4.2.9): modes<u8> of u8: 0 psk_ke, 1 psk_dhe_ke. */
static bool parse_psk_key_exchange_modes(struct bytes body, union extension_target out)
{
    struct bytes modes;
    uint8_t mode;

    if (!bytes_vec8(&body, &modes) || modes.len == 0) {
        return false;
    }
    while (bytes_u8(&modes, &mode)) {
        out.client->has_psk_ke = out.client->has_psk_ke || mode == 0;
        out.client->has_psk_dhe_ke = out.client->has_psk_dhe_ke || mode == 1;
    }
    return true;
}

/* encrypted_client_hello (RFC 9849, 5): type u8: 0 outer, with the rest; 1 inner. */
static bool parse_encrypted_client_hello(struct bytes body, union extension_target out)
{
    uint8_t type;

    if (!bytes_u8(&body, &type) || type > 1) {
        return false;
    }
    out.client->has_encrypted_client_hello = out.client->has_encrypted_client_hello || type == 0;
    return true;
}

/* encrypted_server_name (the drafts before encrypted_client_hello): its being there is enough. */
static bool parse_encrypted_server_name(struct bytes body, union extension_target out)
{
    out.client->has_encrypted_client_hello = out.client->has_encrypted_client_hello || body.len > 0;
    return body.len > 0;
}

/* connection_id (RFC 9146, 3): cid<u8>. */
static bool parse_connection_id(struct bytes body, union extension_target out)
{
    struct bytes id;

    if (!bytes_vec8(&body, &id) || body.len > 0) {
        return false;
    }
    out.client->has_connection_id = true;
    out.client->connection_id_len = (uint8_t)id.len;
    return true;
}

static const struct extension_table extensions = {
    .low =
        {
            [EXTENSION_SERVER_NAME] = parse_server_name,
            [EXTENSION_ALPN] = parse_alpn,
            [EXTENSION_EXTENDED_MASTER_SECRET] = parse_extended_master_secret,
            [EXTENSION_SESSION_TICKET] = parse_session_ticket,
            [EXTENSION_PRE_SHARED_KEY] = parse_pre_shared_key,
            [EXTENSION_EARLY_DATA] = parse_early_data,
            [EXTENSION_SUPPORTED_VERSIONS] = parse_supported_versions,
            [EXTENSION_COOKIE] = parse_cookie,
            [EXTENSION_PSK_KEY_EXCHANGE_MODES] = parse_psk_key_exchange_modes,
            [EXTENSION_CONNECTION_ID] = parse_connection_id,
        },
    .high =
        {
            {EXTENSION_ENCRYPTED_CLIENT_HELLO, parse_encrypted_client_hello},
            {EXTENSION_ENCRYPTED_SERVER_NAME, parse_encrypted_server_name},
        },
};

static bool parse_extensions(struct bytes body, struct client_hello *out)
{
    return extension_list_parse(body, &extensions, (union extension_target){.client = out},
                                &out->is_damaged);
}

/* legacy_version u16, random[32], session_id<u8>, [DTLS: cookie<u8>,] cipher_suites<u16>,
 * compression_methods<u8>, extensions<u16> (RFC 8446, 4.1.2; RFC 6347, 4.2.1). */
static bool parse_hello(struct bytes body, bool has_cookie_field, struct client_hello *out)
{
    struct client_hello hello = {0};
    struct bytes cookie = {NULL, 0};
    struct bytes cipher_suites;
    struct bytes compression_methods;

    if (!bytes_u16(&body, &hello.legacy_version) ||
        !bytes_take(&body, HELLO_RANDOM_BYTES, &hello.random) ||
        !bytes_vec8(&body, &hello.session_id) ||
        (has_cookie_field && !bytes_vec8(&body, &cookie)) || !bytes_vec16(&body, &cipher_suites) ||
        !bytes_vec8(&body, &compression_methods)) {
        return false;
    }
    hello.has_cookie = cookie.len > 0;
    hello.is_damaged = hello.session_id.len > HELLO_SESSION_ID_MAX;
    hello.highest_version = tls_version_family(hello.legacy_version);
    if (!parse_extensions(body, &hello)) {
        return false;
    }
    *out = hello;
    return true;
}

bool client_hello_parse(struct bytes body, struct client_hello *out)
{
    return parse_hello(body, false, out);
}

bool client_hello_parse_dtls(struct bytes body, struct client_hello *out)
{
    return parse_hello(body, true, out);
}

bool client_hello_identity(const struct client_hello *hello, uint16_t index, struct bytes *identity,
                           uint32_t *obfuscated_age)
{
    struct bytes rest = hello->psk_identities;
    struct bytes found;
    uint32_t age;

    do {
        if (!next_identity(&rest, &found, &age)) {
            return false;
        }
    } while (index-- > 0);
    *identity = found;
    *obfuscated_age = age;
    return true;
}
