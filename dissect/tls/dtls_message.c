#include "dissect/tls/dtls_message.h"

#include "dissect/tls/dtls_record.h"

enum {
    FIRST_MESSAGES = 4,       /* message_seq of a hello: HelloRetryRequests may come before */
    PLAUSIBLE_HELLO_MIN = 36, /* version, random, session ID, ... */
    PLAUSIBLE_HELLO_MAX = 1 << 16,
    PLAUSIBLE_VERIFY_MIN = 3, /* version, cookie<u8> */
    PLAUSIBLE_VERIFY_MAX = 2 + 1 + UINT8_MAX,
};

/* msg_type u8, length u24, message_seq u16, fragment_offset u24, fragment_length u24. */
bool dtls_fragment_next(struct bytes *body, struct dtls_fragment *out)
{
    struct bytes rest = *body;
    struct dtls_fragment fragment;

    if (!message_header_parse(&rest, &fragment.message) ||
        !bytes_u16(&rest, &fragment.message_seq) || !bytes_u24(&rest, &fragment.offset) ||
        !bytes_u24(&rest, &fragment.len)) {
        return false;
    }
    if (fragment.offset > fragment.message.len ||
        fragment.len > fragment.message.len - fragment.offset) {
        return false;
    }
    const size_t there = fragment.len < rest.len ? fragment.len : rest.len;
    fragment.bytes = (struct bytes){rest.data, there};
    *body = (struct bytes){rest.data + there, rest.len - there};
    *out = fragment;
    return true;
}

void dtls_message_parse(uint8_t type, struct bytes body, struct tls_event *out)
{
    if (type == MESSAGE_CLIENT_HELLO) {
        out->is_parsed = client_hello_parse_dtls(body, &out->client_hello);
    } else {
        message_parse(type, body, out);
    }
}

/* All three begin with a version. */
static bool has_hello_version(const struct dtls_fragment *fragment)
{
    struct bytes body = fragment->bytes;
    uint16_t version;

    return fragment->offset > 0 || !bytes_u16(&body, &version) || dtls_record_is_version(version);
}

static bool is_hello(const struct dtls_fragment *fragment)
{
    const uint32_t len = fragment->message.len;

    switch (fragment->message.type) {
    case MESSAGE_CLIENT_HELLO:
    case MESSAGE_SERVER_HELLO:
        return len >= PLAUSIBLE_HELLO_MIN && len <= PLAUSIBLE_HELLO_MAX;
    case MESSAGE_HELLO_VERIFY_REQUEST:
        return len >= PLAUSIBLE_VERIFY_MIN && len <= PLAUSIBLE_VERIFY_MAX;
    default:
        return false;
    }
}

bool dtls_message_begins(struct bytes datagram)
{
    struct dtls_record record;
    struct dtls_fragment fragment;
    uint8_t first;

    if (!bytes_peek_u8(&datagram, 0, &first) || first != RECORD_HANDSHAKE ||
        !dtls_record_next(&datagram, DTLS_CID_UNKNOWN, &record) || record.epoch != 0 ||
        !dtls_fragment_next(&record.body, &fragment)) {
        return false;
    }
    return is_hello(&fragment) && has_hello_version(&fragment) && fragment.len > 0 &&
           fragment.message_seq < FIRST_MESSAGES &&
           fragment.len <= record.body_len - DTLS_FRAGMENT_HEADER_BYTES;
}

/* version u16, random[32]. */
static struct bytes random_of(struct bytes body)
{
    struct bytes random = {NULL, 0};

    if (bytes_skip(&body, 2)) {
        (void)!bytes_take(&body, HELLO_RANDOM_BYTES, &random);
    }
    return random;
}

/* Ciphertext must practically never be taken for one. */
static bool is_clear_under_mac(const struct dtls_record *record,
                               const struct dtls_fragment *fragment)
{
    const uint32_t end = DTLS_FRAGMENT_HEADER_BYTES + fragment->len;
    uint16_t version;
    uint8_t session_id_len;

    return fragment->len == fragment->message.len && record->body_len > end &&
           message_is_mac_len(record->body_len - end) &&
           bytes_peek_u16(&fragment->bytes, 0, &version) && dtls_record_is_version(version) &&
           bytes_peek_u8(&fragment->bytes, 2 + HELLO_RANDOM_BYTES, &session_id_len) &&
           session_id_len <= HELLO_SESSION_ID_MAX;
}

bool dtls_message_is_first_hello(struct bytes datagram, struct dtls_hello_start *out)
{
    const bool begins = dtls_message_begins(datagram);
    struct dtls_record record;
    struct dtls_fragment fragment;
    uint8_t first;

    if (!bytes_peek_u8(&datagram, 0, &first) || first != RECORD_HANDSHAKE ||
        !dtls_record_next(&datagram, DTLS_CID_UNKNOWN, &record) || (record.epoch == 0 && !begins)) {
        return false;
    }
    struct bytes body = record.body;
    if (!dtls_fragment_next(&body, &fragment) || fragment.message.type != MESSAGE_CLIENT_HELLO ||
        fragment.message_seq != 0 || fragment.offset != 0) {
        return false;
    }
    if (record.epoch > 0 && !is_clear_under_mac(&record, &fragment)) {
        return false;
    }
    const uint32_t mac_len =
        record.epoch > 0 ? record.body_len - DTLS_FRAGMENT_HEADER_BYTES - fragment.len : 0;
    *out = (struct dtls_hello_start){random_of(fragment.bytes), record.epoch, (uint8_t)mac_len};
    return true;
}
