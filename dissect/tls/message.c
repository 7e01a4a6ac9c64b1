#include "dissect/tls/message.h"

enum {
    SPLIT_RECORD_MIN = 256, /* no shorter record is taken for the first part of a message */
    MESSAGE_PLAUSIBLE_MAX = 128 * 1024,
    HELLO_FIXED_BYTES = 2 + HELLO_RANDOM_BYTES + 1,
};

enum { MESSAGE_TYPES = MESSAGE_CERTIFICATE_STATUS + 1 };

/* By type. */
static const struct row {
    bool is_known;
    bool is_wanted;
    bool ends_record; /* nothing follows it in its record */
    enum tls_event_kind kind;
    uint32_t min_len;
    uint32_t max_len;
} messages[MESSAGE_TYPES] = {
    [MESSAGE_HELLO_REQUEST] = {true, false, true, TLS_HELLO_REQUEST, 0, 0},
    [MESSAGE_CLIENT_HELLO] = {true, true, true, TLS_CLIENT_HELLO, 38, MESSAGE_PLAUSIBLE_MAX},
    [MESSAGE_SERVER_HELLO] = {true, true, false, TLS_SERVER_HELLO, 36, MESSAGE_PLAUSIBLE_MAX},
    [MESSAGE_HELLO_VERIFY_REQUEST] = {true, false, true, TLS_HELLO_VERIFY_REQUEST, 3, 258},
    [MESSAGE_NEW_SESSION_TICKET] = {true, true, false, TLS_NEW_SESSION_TICKET, 6, 6 + UINT16_MAX},
    [MESSAGE_HELLO_RETRY_REQUEST] = {true, true, true, TLS_HELLO_RETRY_REQUEST, 4, 6 + UINT16_MAX},
    [MESSAGE_CERTIFICATE] = {true, false, false, TLS_CERTIFICATE, 3, 0xffffff},
    [MESSAGE_SERVER_KEY_EXCHANGE] = {true, false, false, TLS_SERVER_KEY_EXCHANGE, 2,
                                     MESSAGE_PLAUSIBLE_MAX},
    [MESSAGE_CERTIFICATE_REQUEST] = {true, false, false, TLS_CERTIFICATE_REQUEST, 3,
                                     MESSAGE_PLAUSIBLE_MAX},
    [MESSAGE_SERVER_HELLO_DONE] = {true, false, true, TLS_SERVER_HELLO_DONE, 0, 0},
    [MESSAGE_CERTIFICATE_VERIFY] = {true, false, false, TLS_CERTIFICATE_VERIFY, 4, UINT16_MAX},
    [MESSAGE_CLIENT_KEY_EXCHANGE] = {true, false, false, TLS_CLIENT_KEY_EXCHANGE, 0, UINT16_MAX},
    [MESSAGE_CERTIFICATE_STATUS] = {true, false, false, TLS_CERTIFICATE_STATUS, 4, 0xffffff},
};

/* NULL for a type that is none of them. */
static const struct row *row_of(uint8_t type)
{
    return type < MESSAGE_TYPES && messages[type].is_known ? &messages[type] : NULL;
}

/* type u8, length u24. */
bool message_header_parse(struct bytes *b, struct message_header *out)
{
    struct bytes rest = *b;
    struct message_header header;

    if (!bytes_u8(&rest, &header.type) || !bytes_u24(&rest, &header.len)) {
        return false;
    }
    *b = rest;
    *out = header;
    return true;
}

bool message_is_wanted(uint8_t type)
{
    const struct row *row = row_of(type);

    return row != NULL && row->is_wanted;
}

enum tls_event_kind message_event_kind(uint8_t type)
{
    const struct row *row = row_of(type);

    return row != NULL ? row->kind : TLS_OTHER_MESSAGE;
}

void message_parse(uint8_t type, struct bytes body, struct tls_event *out)
{
    switch (type) {
    case MESSAGE_CLIENT_HELLO:
        out->is_parsed = client_hello_parse(body, &out->client_hello);
        break;
    case MESSAGE_SERVER_HELLO:
        out->is_parsed = server_hello_parse(body, &out->server_hello);
        if (out->is_parsed && out->server_hello.is_hello_retry_request) {
            out->kind = TLS_HELLO_RETRY_REQUEST;
        }
        break;
    case MESSAGE_HELLO_RETRY_REQUEST:
        out->is_parsed = hello_retry_request_parse(body, &out->server_hello);
        break;
    case MESSAGE_NEW_SESSION_TICKET:
        out->is_parsed = new_session_ticket_parse(body, &out->new_session_ticket);
        break;
    default:
        break;
    }
}

/* Whether a message of this kind and length can begin a record of record_len bytes: alone,
 * followed by another, or as the first part of a message over several records. */
static bool fits_record(const struct row *row, uint32_t len, uint16_t record_len)
{
    const uint64_t end = (uint64_t)MESSAGE_HEADER_BYTES + len;

    if (len < row->min_len || len > row->max_len) {
        return false;
    }
    if (end < record_len) {
        return !row->ends_record && record_len - end >= MESSAGE_HEADER_BYTES;
    }
    /* Hellos are cut into short records too, by middleboxes' foes and for tests. */
    return end == record_len || record_len >= SPLIT_RECORD_MIN || row->kind == TLS_CLIENT_HELLO ||
           row->kind == TLS_SERVER_HELLO;
}

/* The first bytes of a body where they are known: a hello's version, or the length of what fills
 * the rest of a Certificate (RFC 5246, 7.4.2). */
static enum message_look look_inside(uint8_t type, uint32_t len, struct bytes body)
{
    uint16_t version;
    uint32_t list_len;

    switch (type) {
    case MESSAGE_CLIENT_HELLO:
    case MESSAGE_SERVER_HELLO:
        if (!bytes_u16(&body, &version)) {
            return MESSAGE_LOOKS_MORE;
        }
        version = tls_version_family(version);
        return version >= SSL_3_0 && version <= TLS_1_3 ? MESSAGE_LOOKS_CLEAR : MESSAGE_LOOKS_NO;
    case MESSAGE_CERTIFICATE:
        if (!bytes_u24(&body, &list_len)) {
            return MESSAGE_LOOKS_MORE;
        }
        return list_len + 3 == len ? MESSAGE_LOOKS_CLEAR : MESSAGE_LOOKS_NO;
    default:
        return MESSAGE_LOOKS_CLEAR;
    }
}

enum message_look message_look(struct bytes prefix, uint16_t record_len)
{
    struct bytes body = prefix;
    const bool is_whole = prefix.len >= record_len;
    struct message_header header;
    uint8_t type;

    if (!bytes_peek_u8(&prefix, 0, &type)) {
        return is_whole ? MESSAGE_LOOKS_NO : MESSAGE_LOOKS_MORE;
    }
    const struct row *row = row_of(type);
    if (row == NULL) {
        return MESSAGE_LOOKS_NO;
    }
    if (!message_header_parse(&body, &header)) {
        /* No cipher makes a record of less than four bytes: a piece of a message header. */
        return is_whole ? MESSAGE_LOOKS_CLEAR : MESSAGE_LOOKS_MORE;
    }
    if (!fits_record(row, header.len, record_len)) {
        return MESSAGE_LOOKS_NO;
    }
    const enum message_look look = look_inside(type, header.len, body);
    return look == MESSAGE_LOOKS_MORE && is_whole ? MESSAGE_LOOKS_CLEAR : look;
}

/* The fixed part both hellos have: version u16, random[32], session_id<u8> of at most 32. */
static enum message_look look_at_fixed_part(struct bytes body)
{
    uint16_t version;
    uint8_t session_id_len;

    if (!bytes_peek_u16(&body, 0, &version)) {
        return MESSAGE_LOOKS_MORE;
    }
    if (version < SSL_3_0 || version > TLS_1_2) {
        return MESSAGE_LOOKS_NO;
    }
    if (!bytes_peek_u8(&body, HELLO_FIXED_BYTES - 1, &session_id_len)) {
        return MESSAGE_LOOKS_MORE;
    }
    return session_id_len <= HELLO_SESSION_ID_MAX ? MESSAGE_LOOKS_CLEAR : MESSAGE_LOOKS_NO;
}

bool message_is_mac_len(uint32_t len)
{
    return len == 16 || len == 20 || len == 32 || len == 48;
}

bool message_is_client_hello(struct bytes prefix, uint16_t record_len, struct hello_start *out)
{
    struct bytes body = prefix;
    struct message_header header;
    struct bytes random;

    if (!message_header_parse(&body, &header) || header.type != MESSAGE_CLIENT_HELLO ||
        header.len > MESSAGE_PLAUSIBLE_MAX || look_at_fixed_part(body) != MESSAGE_LOOKS_CLEAR ||
        !bytes_skip(&body, 2) || !bytes_take(&body, HELLO_RANDOM_BYTES, &random)) {
        return false;
    }
    const uint32_t end = MESSAGE_HEADER_BYTES + header.len;
    const uint32_t behind = end < record_len ? record_len - end : 0;
    if (behind > 0 ? !message_is_mac_len(behind)
                   : end > record_len && record_len < SPLIT_RECORD_MIN) {
        return false;
    }
    *out = (struct hello_start){random, (uint8_t)behind};
    return true;
}

enum message_look message_look_hello(struct bytes prefix, uint16_t record_len)
{
    struct bytes body = prefix;
    struct message_header header;
    uint8_t type;

    if (record_len < MESSAGE_LOOK_BYTES) {
        return MESSAGE_LOOKS_NO;
    }
    if (!bytes_peek_u8(&prefix, 0, &type)) {
        return MESSAGE_LOOKS_MORE;
    }
    if (type != MESSAGE_CLIENT_HELLO && type != MESSAGE_SERVER_HELLO) {
        return MESSAGE_LOOKS_NO;
    }
    if (!message_header_parse(&body, &header)) {
        return MESSAGE_LOOKS_MORE;
    }
    const uint32_t end = MESSAGE_HEADER_BYTES + header.len;
    if (end != record_len &&
        (end < record_len || record_len < SPLIT_RECORD_MIN || header.len > MESSAGE_PLAUSIBLE_MAX)) {
        return MESSAGE_LOOKS_NO;
    }
    return look_at_fixed_part(body);
}
