#include "dissect/tls/ssl2.h"

enum {
    CHALLENGE_MIN = 16,
    CHALLENGE_MAX = 32,
    CONNECTION_ID_MIN = 16,
    CONNECTION_ID_MAX = 32,
    CIPHER_SPEC_BYTES = 3,
    ERROR_BYTES = 3,
    LONG_HEADER_LEN_MASK = 0x3f,
    SHORT_HEADER = 0x80,
    SECURITY_ESCAPE = 0x40,
};

/* Errors (draft-hickman, C.4), and the alerts that took their place in SSL 3.0 (RFC 6101, 5.4.2).
 * Only the client's lack of a certificate need not be the end (draft-hickman, 3). */
static const struct {
    uint16_t error;
    uint8_t alert_level;
    uint8_t alert_description;
} errors[] = {
    {0x0001, 2, 40}, /* NO-CIPHER: handshake_failure */
    {0x0002, 1, 41}, /* NO-CERTIFICATE: no_certificate */
    {0x0004, 2, 42}, /* BAD-CERTIFICATE: bad_certificate */
    {0x0006, 2, 43}, /* UNSUPPORTED-CERTIFICATE-TYPE: unsupported_certificate */
};

enum { ERROR_COUNT = sizeof(errors) / sizeof(errors[0]) };

/* Its row, or ERROR_COUNT. */
static size_t row_of_error(uint16_t error)
{
    size_t row = 0;

    while (row < ERROR_COUNT && errors[row].error != error) {
        row++;
    }
    return row;
}

/* Two bytes: 1, length in 15 bits. Three: 0, security escape, length in 14 bits, padding u8.
 * Then the message, its type u8 first (draft-hickman, 1.1). */
bool ssl2_header_parse(struct bytes *b, struct ssl2_header *out)
{
    struct bytes rest = *b;
    struct ssl2_header header = {0};
    uint8_t high;
    uint8_t low;

    if (!bytes_u8(&rest, &high) || !bytes_u8(&rest, &low)) {
        return false;
    }
    const bool is_short = (high & SHORT_HEADER) != 0;
    const uint8_t mask = is_short ? SHORT_HEADER - 1 : LONG_HEADER_LEN_MASK;
    if ((!is_short && !bytes_u8(&rest, &header.padding)) || !bytes_u8(&rest, &header.msg_type)) {
        return false;
    }
    header.len = (uint16_t)((high & mask) << 8 | low);
    header.has_escape = !is_short && (high & SECURITY_ESCAPE) != 0;
    if (header.len <= header.padding) {
        return false;
    }
    *b = rest;
    *out = header;
    return true;
}

/* ---- CLIENT-HELLO ---- */

struct client_lengths {
    uint16_t version;
    uint16_t cipher_specs;
    uint16_t session_id;
    uint16_t challenge;
};

/* version u16, cipher_spec_length u16, session_id_length u16, challenge_length u16. */
static bool read_client_lengths(struct bytes *b, struct client_lengths *out)
{
    return bytes_u16(b, &out->version) && bytes_u16(b, &out->cipher_specs) &&
           bytes_u16(b, &out->session_id) && bytes_u16(b, &out->challenge);
}

static bool is_client_version(uint16_t version)
{
    return version == SSL_2_0 || version >> 8 == 3;
}

/* RFC 5246, E.2, and draft-hickman, 2.5: 0 or 16 bytes of session ID, 16 to 32 of challenge. */
static bool are_client_lengths(const struct client_lengths *lengths)
{
    return lengths->cipher_specs > 0 && lengths->cipher_specs % CIPHER_SPEC_BYTES == 0 &&
           (lengths->session_id == 0 || lengths->session_id == SSL2_SESSION_ID_BYTES) &&
           lengths->challenge >= CHALLENGE_MIN && lengths->challenge <= CHALLENGE_MAX;
}

/* The lengths, then the three; the challenge stands for the random. */
bool ssl2_client_hello_parse(struct bytes body, struct client_hello *out)
{
    struct client_hello hello = {0};
    struct client_lengths lengths;

    if (!read_client_lengths(&body, &lengths) || !is_client_version(lengths.version) ||
        !are_client_lengths(&lengths) || !bytes_skip(&body, lengths.cipher_specs) ||
        !bytes_take(&body, lengths.session_id, &hello.session_id) ||
        !bytes_take(&body, lengths.challenge, &hello.random) || body.len > 0) {
        return false;
    }
    hello.legacy_version = lengths.version;
    hello.highest_version = tls_version_family(lengths.version);
    *out = hello;
    return true;
}

static enum message_look look_for_client_hello(struct bytes body, uint16_t record_len)
{
    struct bytes rest = body;
    struct client_lengths lengths;
    uint16_t version;

    if (bytes_peek_u16(&body, 0, &version) && !is_client_version(version)) {
        return MESSAGE_LOOKS_NO;
    }
    if (!read_client_lengths(&rest, &lengths)) {
        return MESSAGE_LOOKS_MORE;
    }
    const uint32_t sum = 1u + 4 * 2 + lengths.cipher_specs + lengths.session_id + lengths.challenge;
    return are_client_lengths(&lengths) && sum == record_len ? MESSAGE_LOOKS_CLEAR
                                                             : MESSAGE_LOOKS_NO;
}

/* ---- SERVER-HELLO ---- */

struct server_lengths {
    uint8_t session_id_hit;
    uint8_t certificate_type;
    uint16_t version;
    uint16_t certificate;
    uint16_t cipher_specs;
    uint16_t connection_id;
};

/* session_id_hit u8, certificate_type u8, version u16, then three lengths u16. */
static bool read_server_lengths(struct bytes *b, struct server_lengths *out)
{
    return bytes_u8(b, &out->session_id_hit) && bytes_u8(b, &out->certificate_type) &&
           bytes_u16(b, &out->version) && bytes_u16(b, &out->certificate) &&
           bytes_u16(b, &out->cipher_specs) && bytes_u16(b, &out->connection_id);
}

/* draft-hickman, 2.6: a hit comes without certificate and ciphers, all else has a certificate. */
static bool are_server_lengths(const struct server_lengths *lengths)
{
    const bool is_hit = lengths->session_id_hit != 0;

    return lengths->session_id_hit <= 1 && lengths->version == SSL_2_0 &&
           (lengths->certificate == 0) == is_hit &&
           lengths->cipher_specs % CIPHER_SPEC_BYTES == 0 &&
           lengths->connection_id >= CONNECTION_ID_MIN &&
           lengths->connection_id <= CONNECTION_ID_MAX;
}

/* The lengths, then certificate, cipher_specs, connection_id: nothing of these is wanted. */
bool ssl2_server_hello_parse(struct bytes body, struct server_hello *out)
{
    struct server_lengths lengths;

    if (!read_server_lengths(&body, &lengths) || !are_server_lengths(&lengths) ||
        !bytes_skip(&body, lengths.certificate) || !bytes_skip(&body, lengths.cipher_specs) ||
        !bytes_skip(&body, lengths.connection_id) || body.len > 0) {
        return false;
    }
    *out = (struct server_hello){
        .legacy_version = SSL_2_0,
        .version = SSL_2_0,
        .has_session_id_hit = lengths.session_id_hit != 0,
    };
    return true;
}

static enum message_look look_for_server_hello(struct bytes body, uint16_t record_len)
{
    struct bytes rest = body;
    struct server_lengths lengths;
    uint16_t version;

    if (bytes_peek_u16(&body, 2, &version) && version != SSL_2_0) {
        return MESSAGE_LOOKS_NO;
    }
    if (!read_server_lengths(&rest, &lengths)) {
        return MESSAGE_LOOKS_MORE;
    }
    const uint32_t sum =
        1u + 2 + 4 * 2 + lengths.certificate + lengths.cipher_specs + lengths.connection_id;
    return are_server_lengths(&lengths) && sum == record_len ? MESSAGE_LOOKS_CLEAR
                                                             : MESSAGE_LOOKS_NO;
}

/* ---- CLIENT-MASTER-KEY and ERROR ---- */

/* cipher_kind u24, then three lengths u16, then clear key, encrypted key and key argument, which
 * fill the message (draft-hickman, 2.5). */
static bool is_client_master_key(struct bytes body)
{
    uint32_t cipher_kind;
    uint16_t clear_key;
    uint16_t encrypted_key;
    uint16_t key_argument;

    return bytes_u24(&body, &cipher_kind) && bytes_u16(&body, &clear_key) &&
           bytes_u16(&body, &encrypted_key) && bytes_u16(&body, &key_argument) &&
           encrypted_key > 0 && (size_t)clear_key + encrypted_key + key_argument == body.len;
}

/* error_code u16. */
static bool parse_error(struct bytes body, struct tls_event *out)
{
    uint16_t error;

    if (!bytes_u16(&body, &error) || body.len > 0) {
        return false;
    }
    const size_t row = row_of_error(error);
    if (row == ERROR_COUNT) {
        return false;
    }
    out->alert_level = errors[row].alert_level;
    out->alert_description = errors[row].alert_description;
    return true;
}

static enum message_look look_for_error(struct bytes body, uint16_t record_len)
{
    uint16_t error;

    if (record_len != ERROR_BYTES) {
        return MESSAGE_LOOKS_NO;
    }
    if (!bytes_u16(&body, &error)) {
        return MESSAGE_LOOKS_MORE;
    }
    return row_of_error(error) < ERROR_COUNT ? MESSAGE_LOOKS_CLEAR : MESSAGE_LOOKS_NO;
}

/* ---- Any of them ---- */

enum message_look ssl2_look(struct bytes prefix)
{
    struct bytes body = prefix;
    struct ssl2_header header;
    uint8_t first;

    if (bytes_peek_u8(&prefix, 0, &first) && (first & SHORT_HEADER) == 0) {
        return MESSAGE_LOOKS_NO;
    }
    if (!ssl2_header_parse(&body, &header)) {
        return prefix.len < 3 ? MESSAGE_LOOKS_MORE : MESSAGE_LOOKS_NO;
    }
    switch (header.msg_type) {
    case SSL2_CLIENT_HELLO:
        return look_for_client_hello(body, header.len);
    case SSL2_SERVER_HELLO:
        return look_for_server_hello(body, header.len);
    case SSL2_ERROR:
        return look_for_error(body, header.len);
    default:
        return MESSAGE_LOOKS_NO;
    }
}

enum tls_event_kind ssl2_event_kind(uint8_t msg_type)
{
    switch (msg_type) {
    case SSL2_ERROR:
        return TLS_ALERT;
    case SSL2_CLIENT_HELLO:
        return TLS_CLIENT_HELLO;
    case SSL2_CLIENT_MASTER_KEY:
        return TLS_CLIENT_KEY_EXCHANGE;
    case SSL2_SERVER_HELLO:
        return TLS_SERVER_HELLO;
    default:
        return TLS_EVENT_KIND_COUNT;
    }
}

bool ssl2_message_parse(uint8_t msg_type, struct bytes body, struct tls_event *out)
{
    switch (msg_type) {
    case SSL2_ERROR:
        return parse_error(body, out);
    case SSL2_CLIENT_HELLO:
        out->is_parsed = ssl2_client_hello_parse(body, &out->client_hello);
        return out->is_parsed;
    case SSL2_CLIENT_MASTER_KEY:
        return is_client_master_key(body);
    case SSL2_SERVER_HELLO:
        out->is_parsed = ssl2_server_hello_parse(body, &out->server_hello);
        return out->is_parsed;
    default:
        return false;
    }
}
