#include "dissect/tls/start.h"

#include "dissect/tls/record.h"
#include "dissect/tls/ssl2.h"

enum {
    PROXY_HEADER_BYTES = 16,
    HELLO_LOOK_BYTES = 6, /* message header and version */
};

/* Whether prefix begins with magic, or may when there is more of it. */
static enum start look_for(struct bytes prefix, struct bytes magic, enum start found)
{
    if (prefix.len < magic.len) {
        magic.len = prefix.len;
        found = START_MORE;
    }
    prefix.len = magic.len;
    return bytes_equal(prefix, magic) ? found : START_NO;
}

/* "PROXY " and the rest of a line (PROXY protocol, 2.1). */
static enum start look_for_proxy_line(struct bytes prefix)
{
    static const uint8_t magic[] = {'P', 'R', 'O', 'X', 'Y', ' '};

    return look_for(prefix, (struct bytes){magic, sizeof(magic)}, START_PROXY_LINE);
}

/* signature[12], version and command u8, family u8, length u16 (PROXY protocol, 2.2). */
static enum start look_for_proxy_binary(struct bytes prefix)
{
    static const uint8_t magic[] = {0x0d, 0x0a, 0x0d, 0x0a, 0x00, 0x0d,
                                    0x0a, 0x51, 0x55, 0x49, 0x54, 0x0a};
    const enum start start =
        look_for(prefix, (struct bytes){magic, sizeof(magic)}, START_PROXY_BINARY);

    return start == START_PROXY_BINARY && prefix.len < PROXY_HEADER_BYTES ? START_MORE : start;
}

uint32_t start_proxy_bytes(struct bytes prefix)
{
    uint16_t len = 0;

    return bytes_peek_u16(&prefix, PROXY_HEADER_BYTES - 2, &len) ? PROXY_HEADER_BYTES + len : 0;
}

static enum start look_for_ssl2(struct bytes prefix)
{
    switch (ssl2_look(prefix)) {
    case MESSAGE_LOOKS_CLEAR:
        return START_SSL2;
    case MESSAGE_LOOKS_MORE:
        return START_MORE;
    case MESSAGE_LOOKS_NO:
        break;
    }
    return START_NO;
}

/* A first record that holds the beginning of a ClientHello or ServerHello. */
static enum start look_for_hello(struct bytes body, const struct record_header *record)
{
    uint8_t type;

    if (record->type != RECORD_HANDSHAKE || record->len < HELLO_LOOK_BYTES) {
        return START_NO;
    }
    if (!bytes_peek_u8(&body, 0, &type)) {
        return START_MORE;
    }
    if (type != MESSAGE_CLIENT_HELLO && type != MESSAGE_SERVER_HELLO) {
        return START_NO;
    }
    switch (message_look(body, record->len)) {
    case MESSAGE_LOOKS_NO:
        return START_NO;
    case MESSAGE_LOOKS_MORE:
        return START_MORE;
    case MESSAGE_LOOKS_CLEAR:
        return START_RECORD;
    }
    return START_NO;
}

static enum start look_for_record(struct bytes prefix, enum start_place place)
{
    struct bytes body = prefix;
    struct record_header record;
    uint8_t major;
    uint8_t minor;

    if (bytes_peek_u8(&prefix, 1, &major) && major != 3) {
        return START_NO;
    }
    if (bytes_peek_u8(&prefix, 2, &minor) && minor > 4) {
        return START_NO;
    }
    if (prefix.len < RECORD_HEADER_BYTES) {
        return START_MORE;
    }
    if (!record_header_parse(&body, &record)) {
        return START_NO;
    }
    return place == START_SEGMENT ? look_for_hello(body, &record) : START_RECORD;
}

bool start_is_client_hello(struct bytes segment, struct hello_start *out)
{
    struct record_header record;
    uint8_t first;

    return bytes_peek_u8(&segment, 0, &first) && first == RECORD_HANDSHAKE &&
           record_header_parse(&segment, &record) && record.version >> 8 == 3 &&
           (record.version & 0xff) <= 4 && message_is_client_hello(segment, record.len, out);
}

enum start start_look(struct bytes prefix, enum start_place place)
{
    uint8_t first;

    if (!bytes_peek_u8(&prefix, 0, &first)) {
        return START_MORE;
    }
    if (first >= RECORD_CHANGE_CIPHER_SPEC && first <= RECORD_HEARTBEAT) {
        return look_for_record(prefix, place);
    }
    if (place != START_FIRST) {
        return START_NO;
    }
    if ((first & 0x80) != 0) {
        return look_for_ssl2(prefix);
    }
    return first == 'P' ? look_for_proxy_line(prefix) : look_for_proxy_binary(prefix);
}
