#include "tests/bench/hello.h"

#include "tests/bench/certificate.h"

#include <string.h>

enum { VERSION_12 = 0x0303, ID_BYTES = 32, RANDOM_BYTES = 32 };

enum extension {
    EXTENSION_SERVER_NAME = 0,
    EXTENSION_STATUS_REQUEST = 5,
    EXTENSION_GROUPS = 10,
    EXTENSION_POINT_FORMATS = 11,
    EXTENSION_SIGNATURES = 13,
    EXTENSION_ALPN = 16,
    EXTENSION_EXTENDED_MASTER_SECRET = 23,
    EXTENSION_TICKET = 35,
    EXTENSION_PSK = 41,
    EXTENSION_EARLY_DATA = 42,
    EXTENSION_VERSIONS = 43,
    EXTENSION_PSK_MODES = 45,
    EXTENSION_KEY_SHARE = 51,
    EXTENSION_RENEGOTIATION = 0xff01,
};

enum { GROUP_P256 = 0x0017, GROUP_X25519 = 0x001d, P256_BYTES = 65, X25519_BYTES = 32 };

struct hello_message hello_message_begin(struct wire *out, uint8_t type)
{
    struct hello_message message;

    wire_uint(out, TLS_RECORD_HANDSHAKE, 1);
    wire_uint(out, VERSION_12, 2);
    message.record = wire_begin(out, 2);
    wire_uint(out, type, 1);
    message.body = wire_begin(out, 3);
    return message;
}

void hello_message_end(struct wire *out, struct hello_message message)
{
    wire_end(out, message.body, 3);
    wire_end(out, message.record, 2);
}

static bool negotiates_13(const struct plan *plan)
{
    const char *version = plan_traits(plan->kind)->version;

    return version != NULL && strcmp(version, "TLSv1.3") == 0;
}

static bool deals_in_ids(const struct plan *plan)
{
    return plan->kind == PLAN_12_FULL_ID || plan->kind == PLAN_12_ID ||
           plan->kind == PLAN_12_ID_REFUSED;
}

/* Clients that offer TLS 1.3 too, and so send a session ID of no meaning (RFC 8446, D.4). The
 * clients of session IDs are older ones: from others an ID would not be an offer. */
static bool is_modern(const struct plan *plan)
{
    struct random coin = random_of(plan->seed, PLAN_TAG_CHOICES);

    return negotiates_13(plan) || (!deals_in_ids(plan) && random_below(&coin, 2) == 0);
}

static void put_random_of(struct wire *out, uint64_t seed, enum plan_tag tag, size_t len)
{
    struct random random = random_of(seed, tag);
    wire_random(out, &random, len);
}

/* The client's session ID with its length: one that was issued; or invented, by modern clients
 * and (RFC 5077, 3.4) some that offer a ticket; or none. */
static void put_client_id(const struct plan *plan, struct wire *out)
{
    const enum plan_session offers = plan_traits(plan->kind)->offers;

    if (offers == PLAN_SESSION_ID) {
        wire_uint(out, ID_BYTES, 1);
        put_random_of(out, plan->offered, PLAN_TAG_SESSION_ID, ID_BYTES);
    } else if (is_modern(plan) || (offers == PLAN_SESSION_TICKET && plan->seed % 2 == 0)) {
        wire_uint(out, ID_BYTES, 1);
        put_random_of(out, plan->seed, PLAN_TAG_CLIENT_ID, ID_BYTES);
    } else {
        wire_uint(out, 0, 1);
    }
}

/* As OpenSSL lays tickets out: key name 16, IV 16, blocks of 16, HMAC 32. */
void hello_put_ticket(struct wire *out, uint64_t seed, uint32_t host)
{
    put_random_of(out, host, PLAN_TAG_TICKET_KEY, 16);
    put_random_of(out, seed, PLAN_TAG_TICKET, 16 + 16 * (8 + seed % 4) + 32);
}

static size_t extension_begin(struct wire *out, enum extension extension)
{
    wire_uint(out, extension, 2);
    return wire_begin(out, 2);
}

/* An extension whose body is the same in every hello. */
static void put_extension(struct wire *out, enum extension extension, const void *body, size_t len)
{
    const size_t begun = extension_begin(out, extension);

    wire_bytes(out, body, len);
    wire_end(out, begun, 2);
}

/* server_name_list of one host_name (RFC 6066, 3). */
static void put_server_name(const struct plan *plan, struct wire *out)
{
    char name[64];
    const size_t len = certificate_host_name(plan->host, name);
    const size_t begun = extension_begin(out, EXTENSION_SERVER_NAME);
    const size_t list = wire_begin(out, 2);

    wire_uint(out, 0, 1);
    wire_uint(out, len, 2);
    wire_bytes(out, name, len);
    wire_end(out, list, 2);
    wire_end(out, begun, 2);
}

/* What clients have sent for a decade, in TLS 1.2 and 1.3 alike. */
static void put_common_extensions(struct wire *out)
{
    static const uint8_t groups[] = {0, 8, 0, 0x1d, 0, 0x17, 0, 0x18, 0, 0x19};
    static const uint8_t formats[] = {1, 0};
    static const uint8_t alpn[] = "\x00\x0c\x02h2\x08http/1.1";
    static const uint8_t status[] = {1, 0, 0, 0, 0};
    static const uint8_t signatures[] = {0,    16,   0x04, 0x03, 0x08, 0x04, 0x04, 0x01, 0x05,
                                         0x03, 0x08, 0x05, 0x05, 0x01, 0x08, 0x06, 0x06, 0x01};
    static const uint8_t renegotiation[] = {0};

    put_extension(out, EXTENSION_EXTENDED_MASTER_SECRET, "", 0);
    put_extension(out, EXTENSION_RENEGOTIATION, renegotiation, sizeof(renegotiation));
    put_extension(out, EXTENSION_GROUPS, groups, sizeof(groups));
    put_extension(out, EXTENSION_POINT_FORMATS, formats, sizeof(formats));
    put_extension(out, EXTENSION_ALPN, alpn, sizeof(alpn) - 1);
    put_extension(out, EXTENSION_STATUS_REQUEST, status, sizeof(status));
    put_extension(out, EXTENSION_SIGNATURES, signatures, sizeof(signatures));
}

static void put_key_share_entry(const struct plan *plan, struct wire *out, uint16_t group)
{
    const size_t len = group == GROUP_P256 ? P256_BYTES : X25519_BYTES;

    wire_uint(out, group, 2);
    wire_uint(out, len, 2);
    put_random_of(out, plan->seed, PLAN_TAG_CLIENT, len);
}

/* key_share, psk_key_exchange_modes (psk_dhe_ke), supported_versions (1.3, 1.2). */
static void put_modern_extensions(const struct plan *plan, struct wire *out, uint16_t group)
{
    static const uint8_t modes[] = {1, 1};
    static const uint8_t versions[] = {4, 0x03, 0x04, 0x03, 0x03};
    const size_t begun = extension_begin(out, EXTENSION_KEY_SHARE);
    const size_t shares = wire_begin(out, 2);

    put_key_share_entry(plan, out, group);
    wire_end(out, shares, 2);
    wire_end(out, begun, 2);
    put_extension(out, EXTENSION_PSK_MODES, modes, sizeof(modes));
    put_extension(out, EXTENSION_VERSIONS, versions, sizeof(versions));
    if (plan->kind == PLAN_13_EARLY_DATA) {
        put_extension(out, EXTENSION_EARLY_DATA, "", 0);
    }
}

/* One identity and its binder; must be the last extension (RFC 8446, 4.2.11). */
static void put_psk(const struct plan *plan, struct wire *out)
{
    const size_t begun = extension_begin(out, EXTENSION_PSK);
    const size_t identities = wire_begin(out, 2);
    const size_t identity = wire_begin(out, 2);

    hello_put_ticket(out, plan->offered, plan->host);
    wire_end(out, identity, 2);
    put_random_of(out, plan->seed, PLAN_TAG_PSK, 4); /* obfuscated_ticket_age */
    wire_end(out, identities, 2);
    const size_t binders = wire_begin(out, 2);
    wire_uint(out, 32, 1);
    put_random_of(out, plan->seed, PLAN_TAG_PSK, 32);
    wire_end(out, binders, 2);
    wire_end(out, begun, 2);
}

static void put_client_ticket(const struct plan *plan, struct wire *out)
{
    if (deals_in_ids(plan)) {
        return;
    }
    const size_t begun = extension_begin(out, EXTENSION_TICKET);
    if (plan_traits(plan->kind)->offers == PLAN_SESSION_TICKET) {
        hello_put_ticket(out, plan->offered, plan->host);
    }
    wire_end(out, begun, 2);
}

static void put_client_hello(const struct plan *plan, struct wire *out, uint16_t group)
{
    static const uint8_t ciphers[] = {0,    28,   0x13, 0x01, 0x13, 0x02, 0x13, 0x03, 0xc0, 0x2b,
                                      0xc0, 0x2f, 0xc0, 0x2c, 0xc0, 0x30, 0xcc, 0xa9, 0xcc, 0xa8,
                                      0xc0, 0x13, 0xc0, 0x14, 0x00, 0x9c, 0x00, 0x9d, 0x00, 0x2f};
    const struct hello_message message = hello_message_begin(out, 1);

    wire_uint(out, VERSION_12, 2);
    put_random_of(out, plan->seed, PLAN_TAG_CLIENT, RANDOM_BYTES);
    put_client_id(plan, out);
    wire_bytes(out, ciphers, sizeof(ciphers));
    wire_uint(out, 0x0100, 2); /* one compression method, null */
    const size_t extensions = wire_begin(out, 2);
    put_server_name(plan, out);
    put_common_extensions(out);
    put_client_ticket(plan, out);
    if (is_modern(plan)) {
        put_modern_extensions(plan, out, group);
    }
    if (plan_traits(plan->kind)->offers == PLAN_SESSION_PSK) {
        put_psk(plan, out);
    }
    wire_end(out, extensions, 2);
    hello_message_end(out, message);
}

void hello_client(const struct plan *plan, struct wire *out)
{
    put_client_hello(plan, out, GROUP_X25519);
}

void hello_client_again(const struct plan *plan, struct wire *out)
{
    put_client_hello(plan, out, GROUP_P256);
}

static void put_selected_13(const struct plan *plan, struct wire *out)
{
    static const uint8_t version[] = {0x03, 0x04};
    static const uint8_t first_identity[] = {0, 0};
    const size_t begun = extension_begin(out, EXTENSION_KEY_SHARE);

    put_key_share_entry(plan, out, plan->kind == PLAN_13_RETRY ? GROUP_P256 : GROUP_X25519);
    wire_end(out, begun, 2);
    put_extension(out, EXTENSION_VERSIONS, version, sizeof(version));
    if (plan->kind == PLAN_13_PSK || plan->kind == PLAN_13_EARLY_DATA) {
        put_extension(out, EXTENSION_PSK, first_identity, sizeof(first_identity));
    }
}

static void put_selected_12(const struct plan *plan, struct wire *out)
{
    static const uint8_t renegotiation[] = {0};
    static const uint8_t alpn[] = "\x00\x03\x02h2";

    put_extension(out, EXTENSION_RENEGOTIATION, renegotiation, sizeof(renegotiation));
    put_extension(out, EXTENSION_EXTENDED_MASTER_SECRET, "", 0);
    if (plan_traits(plan->kind)->issues == PLAN_SESSION_TICKET) {
        put_extension(out, EXTENSION_TICKET, "", 0);
    }
    put_extension(out, EXTENSION_ALPN, alpn, sizeof(alpn) - 1);
}

/* Issued, echoed or (full handshakes that issue a ticket) empty. */
static void put_server_id(const struct plan *plan, struct wire *out)
{
    if (plan_traits(plan->kind)->issues == PLAN_SESSION_ID) {
        wire_uint(out, ID_BYTES, 1);
        put_random_of(out, plan->seed, PLAN_TAG_SESSION_ID, ID_BYTES);
    } else if (plan->kind == PLAN_12_FULL_TICKET || plan->kind == PLAN_12_TICKET_REFUSED) {
        wire_uint(out, 0, 1);
    } else {
        put_client_id(plan, out);
    }
}

void hello_server(const struct plan *plan, struct wire *out)
{
    const struct hello_message message = hello_message_begin(out, 2);

    wire_uint(out, VERSION_12, 2);
    put_random_of(out, plan->seed, PLAN_TAG_SERVER, RANDOM_BYTES);
    put_server_id(plan, out);
    wire_uint(out, negotiates_13(plan) ? 0x1301 : 0xc02f, 2);
    wire_uint(out, 0, 1);
    const size_t extensions = wire_begin(out, 2);
    if (negotiates_13(plan)) {
        put_selected_13(plan, out);
    } else {
        put_selected_12(plan, out);
    }
    wire_end(out, extensions, 2);
    hello_message_end(out, message);
}

/* A ServerHello with this random (RFC 8446, 4.1.3), which asks for a share of P-256. */
void hello_retry_request(const struct plan *plan, struct wire *out)
{
    static const uint8_t retry_random[] = {0xcf, 0x21, 0xad, 0x74, 0xe5, 0x9a, 0x61, 0x11,
                                           0xbe, 0x1d, 0x8c, 0x02, 0x1e, 0x65, 0xb8, 0x91,
                                           0xc2, 0xa2, 0x11, 0x16, 0x7a, 0xbb, 0x8c, 0x5e,
                                           0x07, 0x9e, 0x09, 0xe2, 0xc8, 0xa8, 0x33, 0x9c};
    static const uint8_t extensions[] = {0,    12,   0x00, 0x2b, 0, 2,    0x03,
                                         0x04, 0x00, 0x33, 0,    2, 0x00, 0x17};
    const struct hello_message message = hello_message_begin(out, 2);

    wire_uint(out, VERSION_12, 2);
    wire_bytes(out, retry_random, sizeof(retry_random));
    put_client_id(plan, out);
    wire_uint(out, 0x1301, 2);
    wire_uint(out, 0, 1);
    wire_bytes(out, extensions, sizeof(extensions));
    hello_message_end(out, message);
}
